"""Plans: found, watched, stopped, carried away and brought back."""

import copy
import json
import pickle
import signal
import threading
import time
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import fieldwright as fw

Rows = list[dict[str, Any]]


def test_the_qualified_engineer_goes(problem: fw.Problem) -> None:
    plan = fw.plan(problem, iterations=50)
    assert plan.visits.to_pandas()["engineer"].tolist() == ["ada"]
    assert fw.check(problem, plan) == []


def test_a_world_in_json_is_a_problem(problem: fw.Problem) -> None:
    world = json.loads(problem.to_json())
    assert fw.plan(world, iterations=50) == fw.plan(problem, iterations=50)


def test_the_same_seed_gives_the_same_plan_on_any_number_of_threads(city: fw.Problem) -> None:
    assert fw.plan(city, iterations=300, threads=1) == fw.plan(city, iterations=300, threads=3)


def test_a_late_visit_is_a_violation(problem: fw.Problem) -> None:
    plan = fw.plan(problem, iterations=50).to_dict()
    plan["routes"][0]["stops"][0]["start"] += 60
    assert {found["law"] for found in fw.check(problem, plan)} >= {"times"}


def test_every_fault_is_reported_at_once(problem: fw.Problem) -> None:
    world = json.loads(problem.to_json())
    world["tickets"][0]["service"] = -1
    world["engineers"][1]["id"] = "ada"
    with pytest.raises(fw.InputError) as caught:
        fw.plan(world, iterations=1)
    assert {issue["code"] for issue in caught.value.issues} == {"E103", "E503"}


def test_a_world_in_a_file_is_a_problem(problem: fw.Problem, tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    path.write_text(problem.to_json(), encoding="utf-8")
    assert fw.Problem.from_json(path).to_json() == fw.Problem.from_json(str(path)).to_json() == problem.to_json()
    path.write_text('{"schema": 1, "engineers": 3}', encoding="utf-8")
    with pytest.raises(fw.InputError, match="world.json:1:28: engineers"):
        fw.Problem.from_json(path)
    with pytest.raises(FileNotFoundError):
        fw.Problem.from_json(tmp_path / "no.json")


def test_text_that_is_no_json_names_its_place() -> None:
    with pytest.raises(fw.InputError) as caught:
        fw.plan("{", iterations=1)
    assert caught.value.issues[0]["code"] == "E001"


@pytest.mark.parametrize("words", [{"seconds": 0}, {"threads": 0}])
def test_a_budget_of_nothing_is_refused(problem: fw.Problem, words: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        fw.plan(problem, **words)


@pytest.mark.parametrize("name", ["iterations", "stall", "seed"])
def test_a_negative_count_is_named(problem: fw.Problem, name: str) -> None:
    words: dict[str, Any] = {name: -1}
    with pytest.raises(ValueError, match=f"{name} must be zero or more, not -1"):
        fw.plan(problem, **words)


def test_what_is_no_plan_to_start_from_is_a_type_error(problem: fw.Problem, plan: fw.Plan) -> None:
    given: Any = plan.to_dict()
    with pytest.raises(TypeError, match="a Plan, not dict"):
        fw.plan(problem, iterations=1, start=given)


def test_progress_is_told_and_can_stop_the_search(city: fw.Problem) -> None:
    seen: list[fw.Progress] = []

    def watch(progress: fw.Progress) -> bool:
        seen.append(progress)
        return len(seen) == 2

    started = time.monotonic()
    plan = fw.plan(city, seconds=60, progress=watch)
    assert len(seen) == 2
    assert time.monotonic() - started < 20
    assert not plan.interrupted
    assert fw.check(city, plan) == []


def test_what_the_watcher_raises_comes_out(city: fw.Problem) -> None:
    def watch(progress: fw.Progress) -> None:
        raise fw.Cancelled("enough")

    with pytest.raises(fw.Cancelled, match="enough"):
        fw.plan(city, seconds=60, progress=watch)


def test_ctrl_c_returns_the_best_plan_so_far(city: fw.Problem) -> None:
    # A shell that starts this in the background has it ignore SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main = threading.main_thread().ident
    assert main is not None
    timer = threading.Timer(0.5, signal.pthread_kill, (main, signal.SIGINT))
    timer.start()
    started = time.monotonic()
    plan = fw.plan(city, seconds=60)
    assert plan.interrupted
    assert time.monotonic() - started < 10
    assert fw.check(city, plan) == []


def test_ctrl_c_while_the_watcher_runs_is_no_different(city: fw.Problem) -> None:
    def watch(progress: fw.Progress) -> None:
        raise KeyboardInterrupt

    plan = fw.plan(city, seconds=60, progress=watch)
    assert plan.interrupted
    assert fw.check(city, plan) == []


def test_other_threads_run_while_it_searches(city: fw.Problem) -> None:
    ticks = 0
    over = threading.Event()

    def count() -> None:
        nonlocal ticks
        while not over.wait(0.01):
            ticks += 1

    counter = threading.Thread(target=count)
    counter.start()
    fw.plan(city, seconds=1)
    over.set()
    counter.join()
    assert ticks > 20


def test_a_plan_to_start_from_is_kept(city: fw.Problem, plan: fw.Plan) -> None:
    again = fw.plan(city, iterations=1, start=plan)
    assert again.score <= plan.score
    assert again.displaced == []


def test_a_plan_and_a_problem_can_be_pickled_and_copied(city: fw.Problem, plan: fw.Plan) -> None:
    back = pickle.loads(pickle.dumps(plan))
    assert back == plan
    assert (back.iterations, back.seconds) == (plan.iterations, plan.seconds)
    assert back.problem.to_json() == city.to_json()
    assert back.problem.zone == city.zone
    assert copy.deepcopy(plan) == plan
    assert copy.copy(plan) == plan


def test_tables_agree_with_the_plan(plan: fw.Plan) -> None:
    data = plan.to_dict()
    visits = plan.visits.to_pandas()
    expected = [
        (route["engineer"], stop["id"])
        for route in data["routes"]
        for stop in route["stops"]
        if stop["kind"] == "visit"
    ]
    assert list(zip(visits["engineer"], visits["ticket"], strict=True)) == expected
    assert (visits["late"] >= 0).all()
    routes = plan.routes.to_pandas()
    assert routes["visits"].sum() == len(visits)
    left = plan.unassigned.to_pandas()
    assert left["ticket"].tolist() == [u["ticket"] for u in data["unassigned"]]
    assert len(left) > 0
    assert left["reason"].ne("").all()
    figures = plan.figures.to_pandas()
    assert figures["travel"].sum() == plan.total["travel"] == routes["travel"].sum()
    assert plan.regions.to_pandas()["served"].sum() <= plan.total["served"] == len(visits)


def test_tables_go_into_every_library(plan: fw.Plan) -> None:
    table: pa.Table = plan.visits.to_pyarrow()
    assert table.schema.field("start").type == pa.timestamp("s", "Europe/Berlin")
    polars: pl.DataFrame = plan.visits.to_polars()
    assert polars.height == table.num_rows == len(plan.visits)
    assert plan.visits.columns == polars.columns
    assert "<table" in plan.visits._repr_html_()


def test_a_difference_names_who_must_be_called(problem: fw.Problem) -> None:
    plan = fw.plan(problem, iterations=50)
    assert len(plan.diff(plan)) == 0
    later = plan.to_dict()
    later["routes"][0]["stops"][0]["start"] += 600
    retimed = plan.diff(fw.Plan.read(problem, later))
    assert retimed.to_pandas()[["ticket", "kind", "call"]].values.tolist() == [
        ["leak", "retimed", False]
    ]
    assert plan.diff(fw.Plan.read(problem, later), tolerance=599).to_pandas()["call"].all()
    bob = plan.to_dict()
    bob["routes"][0] |= {"engineer": "bob", "shift": "bob/1"}
    moved = plan.diff(fw.Plan.read(problem, bob)).to_pandas()
    told = ["kind", "call", "before_engineer", "after_engineer", "after_shift"]
    assert moved[told].values.tolist() == [["moved", True, "ada", "bob", "bob/1"]]


def test_pages_and_drawings_are_written(plan: fw.Plan, tmp_path: Path) -> None:
    assert plan.page().text.startswith("<!DOCTYPE html>")
    assert plan._repr_html_().startswith("<iframe")
    for name, start in [("a.html", b"<!DOCTYPE"), ("a.svg", b"<svg"), ("a.png", b"\x89PNG")]:
        for draw in (plan.map, plan.gantt):
            draw(tmp_path / name)
            assert (tmp_path / name).read_bytes().startswith(start)
    plan.gantt(tmp_path / "b.PNG")
    assert (tmp_path / "b.PNG").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="draws no map"):
        plan.map(engine="crayons")
    with pytest.raises(ValueError, match=r"\.bmp is no ending"):
        plan.map(tmp_path / "map.bmp")
    assert not (tmp_path / "map.bmp").exists()
    with pytest.raises(ValueError, match=r"fieldwright writes no \.png; leave the engine out"):
        plan.gantt(tmp_path / "c.png", engine="fieldwright")
    assert not (tmp_path / "c.png").exists()
    assert json.loads(plan.to_geojson())["type"] == "FeatureCollection"


def test_folium_draws_the_map(plan: fw.Plan, tmp_path: Path) -> None:
    pytest.importorskip("folium")
    plan.map(tmp_path / "map.html", engine="folium")
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert all(ticket in page for ticket in plan.visits.to_pandas()["ticket"])


def test_altair_draws_the_schedule(plan: fw.Plan) -> None:
    pytest.importorskip("altair")
    chart = json.loads(plan.gantt(engine="altair").to_json())
    (bars,) = chart["datasets"].values()
    assert len(bars) == len(plan.visits)
    assert chart["encoding"]["x"] == {"field": "start", "type": "temporal"}


def test_a_plan_of_another_format_is_timed(problem: fw.Problem) -> None:
    plan = fw.plan(problem, iterations=20)
    assert fw.Plan.read(problem, plan.to_json()) == plan
    assert fw.Plan.read(problem, plan.to_dict()) == plan
