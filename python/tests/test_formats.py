"""What the crate reads beside frames, the tables that few need, and the command that compares engines."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import fieldwright as fw

Rows = list[dict[str, Any]]

SOLOMON = """LINE

VEHICLE
NUMBER     CAPACITY
  1         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.   DEMAND    READY TIME  DUE DATE   SERVICE TIME
    0      0         0          0          0       230          0
    1      3         4          1          0       200          0
    2      6         8          1          0       200          0
"""


def test_an_instance_of_solomon_is_text_or_a_file(tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    path.write_text(SOLOMON)
    problem = fw.Problem.from_solomon(SOLOMON, rounding="int")
    assert problem.to_json() == fw.Problem.from_solomon(str(path), rounding="int").to_json()
    assert problem.to_json() == fw.Problem.from_solomon(path, rounding="int").to_json()
    # 5 to the first, 5 on to the second, 10 back.
    plan = fw.plan(problem, iterations=50)
    assert plan.visits.to_pandas()["travel"].tolist() in ([5, 5], [10, 5])
    assert plan.total["travel"] == 20


def test_a_fault_of_a_file_names_file_and_line() -> None:
    with pytest.raises(fw.InputError) as caught:
        fw.Problem.from_file('{"schema": 1,\n "engineers": 3}', "day.json")
    assert caught.value.issues[0]["at"].startswith("day.json:2:")


def test_a_file_is_its_path_or_its_text(tmp_path: Path) -> None:
    problem = fw.Problem.city(engineers=3, tickets=8)
    path = tmp_path / "day.json"
    path.write_text(problem.to_json(), encoding="utf-8")
    for given in (path, str(path), problem.to_json()):
        assert fw.Problem.from_file(given).to_json() == problem.to_json()
    assert fw.Problem.from_file(path, "monday.json").to_json() == problem.to_json()
    path.write_text('{"schema": 1,\n "engineers": 3}', encoding="utf-8")
    with pytest.raises(fw.InputError) as caught:
        fw.Problem.from_file(path)
    assert caught.value.issues[0]["at"].startswith(f"{path}:2:")
    with pytest.raises(FileNotFoundError):
        fw.Problem.from_file(tmp_path / "nothing.json")
    with pytest.raises(fw.InputError):
        fw.Problem.from_file("")


def test_an_unknown_format_is_an_input_error() -> None:
    with pytest.raises(fw.InputError) as caught:
        fw.Problem.from_file("{}", format="morse")
    assert caught.value.issues[0]["code"] == "E002"


def test_orders_of_vroom_are_timed() -> None:
    problem = fw.Problem.from_vroom(
        {"vehicles": [{"id": 1, "start": [2.35, 48.85]}], "jobs": [{"id": 7, "location": [2.36, 48.86]}]}
    )
    steps = [{"type": "start"}, {"type": "job", "id": 7}]
    solution = {"code": 0, "routes": [{"vehicle": 1, "steps": steps}], "unassigned": []}
    plan = fw.Plan.read(problem, json.dumps(solution), "vroom")
    assert plan.visits.to_pandas()["ticket"].tolist() == ["7"]
    assert fw.check(problem, plan) == []


def test_the_tables_that_few_need_are_read(engineers: Rows, tickets: Rows) -> None:
    problem = fw.Problem.from_frames(
        engineers,
        tickets,
        skills=["boiler", "gas"],
        depots=[{"id": "store", "lat": 52.5, "lon": 13.4}],
        traffic=[{"time": "08:00", "percent": 80}],
        max_changes=3,
        name="Monday",
    )
    world = json.loads(problem.to_json())
    assert world["skills"] == ["boiler", "gas"]
    assert [depot["id"] for depot in world["depots"]] == ["store"]
    assert world["traffic"][0]["speeds"][0][1] == 80
    assert world["max_changes"] == 3
    assert problem.name == "Monday"
    with pytest.raises(fw.InputError, match="boiler"):
        fw.Problem.from_frames(engineers, tickets, skills=["gas"])


def test_the_search_stops_when_nothing_gets_better(problem: fw.Problem) -> None:
    assert fw.plan(problem, seconds=60, stall=50).seconds < 30


def test_the_command_prints_a_row_for_each_day(tmp_path: Path) -> None:
    picture = tmp_path / "peers.png"
    words = ["20x3", "--seconds", "0.2", "--days", "2", "--engines", "fieldwright", "--draw", str(picture)]
    told = subprocess.run(
        [sys.executable, "-m", "fieldwright.peers", *words], check=True, capture_output=True, text=True
    )
    rows = told.stdout.splitlines()[2:4]
    assert [row.split()[1] for row in rows] == ["20x3-1", "20x3-2"]
    assert "none" not in told.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")
