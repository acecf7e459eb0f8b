"""Instances are read as their sets mean them, everybody is judged by the check, and the table tells what counts."""

import csv
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fieldwright as fw
from fieldwright.peers.__main__ import main
from fieldwright.peers.days import DAY, draw, size
from fieldwright.peers.engines import ENGINES, Effort, Engine, vrpcli
from fieldwright.peers.files import Case, best_known, family, found, read
from fieldwright.peers.instance import Beyond, Instance, Verdict
from fieldwright.peers.report import markdown, picture
from fieldwright.peers.runs import OURS, Run, median, run

SOLOMON = """LINE

VEHICLE
NUMBER CAPACITY
2 10

CUSTOMER
CUST NO. XCOORD. YCOORD. DEMAND READY DUE SERVICE
0 0 0 0 0 230 0
1 3 4 6 0 200 10
2 6 8 6 10 50 10
"""
"""Two customers on a line, 5 and 10 from the depot; one car cannot carry both."""

PRIZES = """NAME : PRIZES
TYPE : PCVRPTW
DIMENSION : 3
VEHICLES : 2
CAPACITY : 10
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 60 80
DEMAND_SECTION
1 0
2 6
3 6
SERVICE_TIME_SECTION
1 0
2 10
3 10
TIME_WINDOW_SECTION
1 0 500
2 0 200
3 0 300
PRIZE_SECTION
1 0
2 30
3 90
DEPOT_SECTION
1
-1
EOF
"""
"""The first customer is worth his way, 30 against 10; the second is not, 90 against 200."""

SITES = """NAME : SITES
TYPE : SDVRPTW
DIMENSION : 3
VEHICLES : 2
VEHICLES_MAX_DURATION : 60
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 3 4
3 6 8
DEMAND_SECTION
1 0
2 6
3 6
SERVICE_TIME_SECTION
1 0
2 10
3 10
TIME_WINDOW_SECTION
1 0 230
2 0 200
3 100 150
CAPACITY_SECTION
1 20
2 20
VEHICLES_ALLOWED_CLIENTS_SECTION
1 2
2 2 3
DEPOT_SECTION
1
-1
EOF
"""
"""The second customer is for the second car only."""

DATA = Path(os.environ.get("FIELDWRIGHT_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Case]:
    """Writes an instance and reads it."""

    def write(name: str, text: str) -> Case:
        (tmp_path / name).write_text(text)
        return read(tmp_path / name)

    return write


def told(case: Case) -> Instance:
    """What the others are told."""
    assert isinstance(case.instance, Instance), case.instance
    return case.instance


def test_solomon_counts_in_tenths(written: Callable[[str, str], Case]) -> None:
    instance = told(written("LINE.txt", SOLOMON))
    assert instance.costs.tolist() == [[0, 50, 100], [50, 0, 50], [100, 50, 0]]
    assert instance.jobs[1].windows == ((100, 500),) and instance.jobs[1].service == 100
    assert instance.is_complete and not instance.is_priced
    assert list(instance.kinds.values()) == [[0, 1]]
    assert instance.judge({0: [0], 1: [1]}) == Verdict([0, 300], 0, [])


def test_prizes_are_weighed_against_the_way(written: Callable[[str, str], Case]) -> None:
    case = written("PRIZES.vrp", PRIZES)
    instance = told(case)
    assert instance.is_priced and not instance.is_complete
    assert [instance.price(job) for job in instance.jobs] == [300, 900]
    # Distance 100, and 900 for what is left out.
    assert instance.judge({0: [0]}) == Verdict([1_000], 1, [])
    (ours,) = run([case], [], seconds=0.2)
    assert ours.verdict == Verdict([1_000], 1, []) and ours.is_valid


def test_sites_and_durations_are_kept(written: Callable[[str, str], Case]) -> None:
    instance = told(written("SITES.vrp", SITES))
    assert [sorted(car.jobs) for car in instance.cars] == [[0], [0, 1]]
    assert instance.skills == ([1, 2], [{1}, {1, 2}])
    assert instance.judge({1: [0, 1]}) == Verdict([0, 20_000], 0, [])
    # The first car must not, and leaving out is told.
    assert instance.judge({0: [0, 1]}) == Verdict([1, 10_000], 1, ["visits that break a rule: 1"])


def test_nobodys_own_word_counts(written: Callable[[str, str], Case]) -> None:
    instance = told(written("LINE.txt", SOLOMON))
    assert instance.judge({0: [0, 1]}).faults == ["visits that break a rule: 1"]
    assert "twice" in instance.judge({0: [0, 0]}).faults[0]
    assert instance.judge({0: [0]}).left_out == 1


def test_windows_begin_with_the_first_shift_whatever_the_calendar() -> None:
    day = {"start": "2026-03-02T08:00:00+01:00", "end": "2026-03-02T16:00:00+01:00"}
    engineers = [{"id": "ada", "row": 0, **day}]
    times = [
        ("2026-03-02T07:00:00+01:00", "2026-03-02T09:00:00+01:00"),
        ("2026-03-03T08:00:00+01:00", "2026-03-03T09:00:00+01:00"),
    ]
    tickets = [
        {"id": str(n), "row": 1, "earliest": early, "latest": late} for n, (early, late) in enumerate(times)
    ]
    objective = [{"unserved": 1}, {"travel": 1}]
    travel = np.array([[0, 600], [600, 0]])
    problem = fw.Problem.from_frames(engineers, tickets, travel=travel, objective=objective)
    instance = Instance.of(problem, is_complete=False)
    assert instance.jobs[0].windows == ((0, 3_600),)
    # The other one is for tomorrow: nobody's job.
    assert instance.jobs[1].windows == () and instance.cars[0].jobs == {0}
    assert instance.horizon == DAY


def test_what_the_others_are_not_told_is_named() -> None:
    assert isinstance(Case("city", fw.Problem.city(3, 8)).instance, str)
    rows = [{"id": "ada", "row": 0, "start": 0, "end": 100, "breaks": "10/20/5"}]
    travel = np.zeros((1, 1), np.int64)
    problem = fw.Problem.from_frames(rows, [], travel=travel, objective=[{"unserved": 1}, {"travel": 1}])
    with pytest.raises(Beyond, match="a shift with breaks"):
        Instance.of(problem, is_complete=False)
    problem = fw.Problem.from_frames([rows[0] | {"breaks": None}], [], travel=travel, objective="dispatch")
    with pytest.raises(Beyond, match="the objective"):
        Instance.of(problem, is_complete=False)


def test_best_known_values_are_beside_or_in_tables(tmp_path: Path) -> None:
    folder = tmp_path / "set" / "inside"
    folder.mkdir(parents=True)
    path = folder / "LINE.txt"
    assert best_known(path, 10) is None
    (folder.parent / "bks_dimacs_1.csv").write_text("instance,bks_distance\nLINE,31.5\n")
    (folder.parent / "bks_dimacs_2.csv").write_text("instance,bks_distance\nline,30.0\nOTHER,1\n")
    assert best_known(path, 10) == 300
    path.with_suffix(".sol").write_text("Route #1: 1 2\nCost: 299\n")
    assert best_known(path, 10) == 299


def test_words_are_files_folders_and_sizes(tmp_path: Path) -> None:
    for name in ("A10.txt", "A9.txt", "B1.txt"):
        (tmp_path / name).write_text(SOLOMON)
    (tmp_path / "A9.sol").write_text("Cost 300\n")
    assert [case.name for case in found([str(tmp_path)])] == ["A9", "A10", "B1"]
    assert [case.name for case in found([str(tmp_path)], only=["A*"])] == ["A9", "A10"]
    assert [case.best for case in found([str(tmp_path / "A9.txt")])] == [300]
    assert [case.name for case in found(["8x2"], days=2)] == ["8x2-1", "8x2-2"]
    with pytest.raises(FileNotFoundError, match="no instance of that name"):
        list(found([str(tmp_path)], only=["C*"]))
    with pytest.raises(FileNotFoundError):
        list(found([str(tmp_path / "nothing.vrp")]))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("C101", "C1"),
        ("RC2_10_1", "RC2_10"),
        ("PR07", "PR*"),
        ("PR11A", "PR*A"),
        ("100x10-3", "100x10"),
        ("toy", "toy"),
    ],
)
def test_names_tell_classes(name: str, kind: str) -> None:
    assert family(name) == kind


@pytest.mark.parametrize("text", ["0x5", "5x0"])
def test_a_size_without_jobs_or_cars_is_refused(text: str) -> None:
    assert size("100x10") == (100, 10)
    assert size("R1.txt") is size("5x5x5") is None
    with pytest.raises(ValueError, match="a job and a car at least"):
        size(text)


def made(case: Case, engine: str, seed: int, score: list[int], left: int = 0, *faults: str) -> Run:
    """A run that nobody made."""
    verdict = Verdict(score, left, list(faults)) if score else None
    return Run(case, engine, Effort(10, 1, seed), 10.0, verdict, "" if score else "no word for it")


def test_the_table_tells_what_counts(written: Callable[[str, str], Case]) -> None:
    case, other = written("C101.txt", SOLOMON), written("C102.txt", SOLOMON)
    case.best = other.best = 1_000
    runs = [
        made(case, OURS, 1, [0, 1_030]),
        made(case, OURS, 2, [0, 1_010]),
        made(case, OURS, 3, [1, 900], 1),
        made(case, "pyvrp", 1, [0, 1_100]),
        made(case, "vroom", 1, []),
        made(other, OURS, 1, [0, 1_000]),
        made(other, "pyvrp", 1, [0, 990], 0, "late"),
        made(other, "vroom", 1, []),
    ]
    assert median(runs[:3]) is runs[0]
    lines = markdown(runs, {OURS: "0.1", "pyvrp": "0.14"}, "a machine").splitlines()
    assert lines[:5] == [
        "| instance | best known | fieldwright 0.1 | pyvrp 0.14 | vroom |",
        "| --- | --- | --- | --- | --- |",
        "| C101 | 100.0 | **3.00 %** | 10.00 % | none |",
        "| C102 | 100.0 | **0.00 %** | none | none |",
        "| mean of C1 (2) |  | 1.50 %, 2 | 10.00 %, 1 | none |",
    ]
    assert lines[6].startswith("10 s each, one thread, medians of 3 seeds, a machine, ")
    assert lines[8:] == ["- vroom on C101, C102: no word for it", "- pyvrp on C102: late"]


def test_without_best_known_values_the_levels_are_told(tmp_path: Path) -> None:
    case = Case("8x2-1", draw(8, 2, 1))
    runs = [made(case, OURS, 1, [3, 12_345], 2), made(case, "vroom", 1, [4, 9_000], 3)]
    assert "| 8x2-1 |  | **3 / 12,345** | 4 / 9,000 |" in markdown(runs, {}, "a machine")
    picture(runs, tmp_path / "levels.png")
    assert (tmp_path / "levels.png").read_bytes().startswith(b"\x89PNG")


def test_what_an_engine_throws_ends_its_run_only(written: Callable[[str, str], Case]) -> None:
    def fail(instance: Instance, effort: Effort) -> Any:
        raise MemoryError("too many profiles")

    broken = Engine("broken", "", lambda: "1", lambda instance: None, fail, is_random=True)
    lacking = Engine("lacking", "", lambda: "1", lambda instance: "no windows", fail)
    ran = list(run([written("LINE.txt", SOLOMON)], [broken, lacking], seconds=0.1, seeds=(1, 2)))
    assert [(r.engine, r.fault) for r in ran if r.engine != OURS] == [
        ("broken", "MemoryError: too many profiles"),
        ("lacking", "no windows"),
        ("broken", "MemoryError: too many profiles"),
    ]
    assert sum(r.engine == OURS and r.gap is None and r.is_valid for r in ran) == 2


def test_the_command_makes_the_table_the_rows_and_the_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "LINE1.txt").write_text(SOLOMON)
    (tmp_path / "LINE1.sol").write_text("Cost: 300\n")
    rows, gaps = tmp_path / "runs.csv", tmp_path / "gaps.svg"
    words = [str(tmp_path), "--seconds", "0.2", "--seeds", "2", "--engines", "fieldwright"]
    assert main([*words, "--out", str(rows), "--draw", str(gaps)]) == 0
    out, err = capsys.readouterr()
    assert "| LINE1 | 30.0 | **0.00 %** |" in out
    assert err.count("gap 0.00 %") == 2
    with rows.open(newline="") as file:
        kept = list(csv.DictReader(file))
    assert [(row["engine"], row["seed"], row["score"], row["gap_percent"]) for row in kept] == [
        ("fieldwright", "1", "0 300", "0.0"),
        ("fieldwright", "2", "0 300", "0.0"),
    ]
    assert "<svg" in gaps.read_text()
    for wrong in (["--seconds", "0"], ["--seeds", "0"], ["--engines", "gurobi"]):
        with pytest.raises(SystemExit):
            main(wrong)


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_plans_soundly(name: str, written: Callable[[str, str], Case]) -> None:
    engine = ENGINES[name]
    if engine.version() is None:
        pytest.skip(f"{name} is not installed ({engine.install})")
    small = [("LINE.txt", SOLOMON, [0, 300]), ("PRIZES.vrp", PRIZES, [1_000]), ("SITES.vrp", SITES, [0, 20_000])]
    cases: list[tuple[Case, list[int] | None]] = [(written(file, text), score) for file, text, score in small]
    cases.append((Case("8x3-1", draw(8, 3, 1, load=0.5)), None))
    for case, score in cases:
        (found,) = run([case], [engine], seconds=1, ours=False)
        if engine.lacks(told(case)):
            assert found.verdict is None and found.fault
            continue
        if (name, case.name) == ("vrp-cli", "SITES"):
            # It counts the waiting of a car that leaves when the depot opens, and so begins no late job.
            assert found.fault == "1 left out"
            continue
        assert found.is_valid, found.fault
        assert found.verdict is not None
        assert score is None or found.verdict.score == score
    assert found.verdict is not None and found.verdict.left_out < 8


@pytest.mark.parametrize("name", ENGINES)
def test_a_job_without_a_window_is_left_to_nobody(name: str) -> None:
    engine = ENGINES[name]
    if engine.version() is None:
        pytest.skip(f"{name} is not installed ({engine.install})")
    engineers = [{"id": "ada", "row": 0, "start": 0, "end": 3_600}]
    tickets = [{"id": "now", "row": 1}, {"id": "tomorrow", "row": 1, "earliest": 86_400, "latest": 90_000}]
    travel, objective = np.array([[0, 600], [600, 0]]), [{"unserved": 1}, {"travel": 1}]
    case = Case("two", fw.Problem.from_frames(engineers, tickets, travel=travel, objective=objective))
    (found,) = run([case], [engine], seconds=1, ours=False)
    assert found.verdict == Verdict([1, 1_200], 1, []), found.fault


def test_vrp_cli_is_told_of_values_only_where_a_level_counts_them(written: Callable[[str, str], Case]) -> None:
    complete = vrpcli.told(told(written("LINE.txt", SOLOMON)))
    assert not any("value" in job for job in complete["plan"]["jobs"])
    valued = vrpcli.told(told(Case("8x2-1", draw(8, 2, 1))))
    assert all(job["value"] > 0 for job in valued["plan"]["jobs"])
    assert [level["type"] for level in valued["objectives"]][0] == "maximize-value"


def test_a_program_that_fails_says_why(
    written: Callable[[str, str], Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A stand-in: like vrp-cli it has made its file by then, and says on standard error what is wrong.
    program = tmp_path / "vrp-cli"
    program.write_text('#!/bin/sh\ntouch "$7"\necho "E1607, missing value objective" >&2\nexit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("VRP_CLI", str(program))
    (found,) = run([written("LINE.txt", SOLOMON)], [vrpcli.ENGINE], seconds=1, ours=False)
    assert found.fault == "RuntimeError: E1607, missing value objective"


def test_pyvrps_own_reader_says_the_same(tmp_path: Path) -> None:
    pyvrp = pytest.importorskip("pyvrp")
    path = tmp_path / "PRIZES.vrp"
    path.write_text(PRIZES)
    data, instance = pyvrp.read(path, round_func="dimacs"), told(read(path))
    assert np.array_equal(data.distance_matrix(0), instance.costs)
    assert [c.prize for c in data.clients()] == [instance.price(job) for job in instance.jobs]
    assert [((c.tw_early, c.tw_late),) for c in data.clients()] == [job.windows for job in instance.jobs]


@pytest.mark.parametrize(
    "name", ["vrptw/homberger/R1_10_1.txt", "sdvrptw/PR11B.vrp", "mdvrptw/PR11A.vrp", "pcvrptw/RC2_10_6.vrp"]
)
def test_published_solutions_cost_what_they_say(name: str) -> None:
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    case = read(path)
    instance = told(case)
    solution = path.with_suffix(".sol")
    if not solution.is_file():
        solution = path.parents[1] / "sol_dimacs_gh1000" / f"{path.stem}.sol"
    number = {ticket: n for n, ticket in enumerate(case.problem.tickets)}
    lines = [line.split(":") for line in solution.read_text().splitlines() if line.startswith("Route")]
    routes = {int(head.split("#")[1]) - 1: [number[i] for i in stops.split()] for head, stops in lines}
    found = instance.judge(routes)
    assert found.faults == []
    assert found.score[-1] == case.best and not any(found.score[:-1])
