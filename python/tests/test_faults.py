"""Faults speak the user's words, name their places, and come all at once."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import fieldwright as fw

Rows = list[dict[str, Any]]
ADA: dict[str, Any] = {"id": "ada", "start": 0, "end": 28_800, "lat": 52.52, "lon": 13.40}
LEAK: dict[str, Any] = {"id": "leak", "lat": 52.51, "lon": 13.44}

RUST = re.compile(r"\b([ui](8|16|32|64|size)|f(32|64)|struct|enum|variant|sequence|tuple|serde|Option|Vec|invalid type)\b")
"""Words that nobody who writes Python should have to know."""


def world(**more: Any) -> dict[str, Any]:
    """A world in the native JSON."""
    place = {"lat": 52.5, "lon": 13.4}
    engineer = {"id": "ada", "shifts": [{"start": 0, "end": 100, "from": place, "to": place}]}
    ticket = {"id": "leak", "place": place, "service": 60}
    travel = {"by": "haversine", "profiles": [{"name": "car", "meters_per_hour": 36_000}]}
    return {"schema": 1, "engineers": [engineer], "tickets": [ticket], "travel": travel} | more


def framed(**more: Any) -> fw.Problem:
    return fw.Problem.from_frames([ADA], [LEAK], **more)


def desk() -> fw.Desk:
    return fw.Desk([ADA], at=0)


CASES: list[tuple[Callable[[], Any], str, str]] = [
    (lambda: framed(max_changes=-1), "max_changes", "-1 is not a whole number from 0 to 4294967295"),
    (lambda: framed(max_changes=2.5), "max_changes", "2.5 is not a whole number from 0 to 4294967295"),
    (lambda: framed(name=7), "name", "7 is not text"),
    (lambda: framed(objective=[{"unserved": 1}, {"travel": 1.5}]), "objective[1]", "1.5 is not a whole number"),
    (lambda: framed(objective=[{"miles": 1}]), "objective[0]", "unknown name `miles`, known are `unserved`"),
    (lambda: framed(objective=[[1]]), "objective[0]", "a list is not an object"),
    (
        lambda: framed(travel={"van": {"meters_per_hour": -3}}),
        "travel[0].meters_per_hour",
        "-3 is not a whole number from 0 to 4294967295",
    ),
    (lambda: framed(travel={"van": {"speed": 3}}), "travel[0]", "unknown field `speed`, known are `name`"),
    (lambda: framed(zone="Europe/Berlyn"), "zone", "`Europe/Berlyn`"),
    (lambda: fw.Problem.from_json(world(max_changes=-1)), "max_changes", "-1 is not a whole number"),
    (
        lambda: fw.Problem.from_json(world(tickets=[{"id": 3}])),
        "tickets[0].id",
        "3 is not text",
    ),
    (lambda: fw.Problem.from_json(world(travel={"by": "air"})), "travel", "unknown name `air`"),
    (lambda: fw.Problem.from_json(world(engineers=3)), "engineers", "3 is not a list"),
    (lambda: fw.what_if(framed(), {"change": "hire"}), "changes[0]", "unknown name `hire`"),
    (lambda: fw.what_if(framed(), {"change": "extend_shift", "shift": 3}), "changes[0]", "3 is not text"),
    (lambda: desk().open(LEAK, by="boss:max", at=0), "by", "unknown name `boss`"),
    (lambda: desk().set_policy({"expiry": "soon"}, by="manager:max", at=0), "command", "is not a whole number"),
    (lambda: fw.Desk([ADA], at=0, policy={"expiry": -1.5}), "policy", "-1.5 is not a whole number"),
    (lambda: fw.Plan.read(framed(), {"schema": 1, "routes": 3}), "routes", "3 is not a list"),
]


@pytest.mark.parametrize(("make", "at", "cause"), CASES)
def test_a_fault_names_its_place_and_speaks_plainly(make: Callable[[], Any], at: str, cause: str) -> None:
    with pytest.raises(fw.InputError) as caught:
        make()
    issue = caught.value.issues[0]
    assert at in issue["at"], issue
    assert cause in issue["cause"], issue
    assert not RUST.search(str(caught.value)), str(caught.value)
    assert issue["action"]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: fw.plan(framed(), threads=0), "threads must be above zero, not 0"),
        (lambda: fw.plan(framed(), threads=10**6), "threads.*1000000 is not within 1 to 1024"),
        (lambda: fw.plan(framed(), threads=10**30), "threads must be 9223372036854775807 at most"),
        (lambda: fw.plan(framed(), iterations=-1), "iterations must be zero or more, not -1"),
        (lambda: fw.plan(framed(), seed=2**70), "seed must be 9223372036854775807 at most"),
        (lambda: fw.plan(framed(), seconds=0), "seconds must be above zero and not without end, not 0"),
        (lambda: fw.assign(framed(), candidates=-1), "candidates must be zero or more, not -1"),
        (lambda: fw.assign(framed(), stock={"pump": -1}), r"stock\['pump'\] must be zero or more, not -1"),
        (lambda: fw.recommend(framed(), "leak", top=-1), "top must be zero or more, not -1"),
        (lambda: fw.Problem.city(engineers=-1), "engineers must be zero or more, not -1"),
    ],
)
def test_a_number_that_cannot_be_is_a_value_error(call: Callable[[], Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        call()


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: fw.plan(pd.DataFrame([ADA])), "a Problem is expected, not DataFrame; Problem.from_frames makes"),
        (lambda: fw.plan(None), "a Problem is expected, not NoneType"),  # type: ignore[arg-type]
        (lambda: fw.plan(framed(), seconds="10"), "seconds must be a number of seconds, not '10'"),  # type: ignore[arg-type]
        (lambda: fw.explain(framed(), None, "leak"), "a Plan is expected, not NoneType"),  # type: ignore[arg-type]
        (lambda: fw.plan(framed(), iterations=5).diff(None), "a Plan is expected, not NoneType"),  # type: ignore[arg-type]
        (lambda: fw.recommend(framed(), 7), "the id of a ticket is text, .* this is int"),  # type: ignore[arg-type]
        (lambda: fw.recommend(framed(), LEAK), "this is dict"),
        (lambda: fw.recommend(framed(), pd.DataFrame([LEAK])), "this is DataFrame"),
        (lambda: desk().open("leak", by="support:sue", at=0), "a row of tickets is a dict, not 'leak'"),  # type: ignore[arg-type]
        (lambda: framed(zone=object()), "text, numbers, moments, lists and dicts are expected, not <object"),
    ],
)
def test_what_is_something_else_is_a_type_error(call: Callable[[], Any], told: str) -> None:
    with pytest.raises(TypeError, match=told):
        call()


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_a_search_ends(seconds: float) -> None:
    for call in (fw.plan, fw.assign):
        with pytest.raises(ValueError, match=f"seconds must be above zero and not without end, not {seconds}"):
            call(framed(), seconds=seconds)


def test_what_is_no_whole_number_is_a_type_error() -> None:
    number: Any
    for number in (2.5, "many", [1]):
        with pytest.raises(TypeError, match="iterations must be a whole number, not "):
            fw.plan(framed(), iterations=number)
    assert fw.plan(framed(), iterations=np.int64(5)).iterations >= 5  # type: ignore[arg-type]


def test_cells_and_the_world_are_judged_at_once() -> None:
    engineers = pd.DataFrame([ADA, ADA | {"id": "bob", "start": 30_000}, ADA | {"id": "cyd", "lat": 99.0}])
    rows = [LEAK | {"service": "soon"}, LEAK | {"id": "fuse", "priority": "9"}, LEAK | {"id": "fuse", "lat": 95}]
    with pytest.raises(fw.InputError) as caught:
        fw.Problem.from_frames(engineers, pd.DataFrame(rows).astype({"lat": float}), objective=[{"travel": -1}])
    found = [(i["table"], i["row"], i["column"]) for i in caught.value.issues]
    assert found == [
        ("tickets", 0, "service"),
        ("tickets", 2, "id"),
        ("engineers", 1, "start"),
        ("engineers", 2, "lat"),
        ("engineers", 2, "end_lat"),
        ("tickets", 2, "lat"),
        (None, None, None),
    ]
    assert caught.value.issues[-1]["code"] == "E703"


def test_what_only_follows_from_a_faulty_row_is_not_told() -> None:
    engineers = [ADA | {"id": "bob", "start": None}]
    with pytest.raises(fw.InputError) as caught:
        fw.Problem.from_frames(engineers, [LEAK | {"required": "bob"}])
    (issue,) = caught.value.issues
    assert (issue["table"], issue["row"], issue["column"]) == ("engineers", 0, "start")


def test_a_faulty_matrix_has_one_fault() -> None:
    rows = [ADA | {"row": 0}]
    with pytest.raises(fw.InputError, match="int32 or int64") as caught:
        fw.Problem.from_frames(rows, [LEAK | {"row": 1}], travel=np.zeros((2, 2)))
    assert len(caught.value.issues) == 1


def test_the_fault_of_an_engineer_with_two_shifts_is_in_his_own_row() -> None:
    later = ADA | {"start": 40_000, "end": 50_000}
    with pytest.raises(fw.InputError) as caught:
        fw.Problem.from_frames([ADA, later, ADA | {"id": "bob", "region": "moon"}], [LEAK])
    (issue,) = caught.value.issues
    assert (issue["row"], issue["column"], issue["value"]) == (2, "region", "moon")


def test_a_plan_of_another_problem_is_refused() -> None:
    problem, other = fw.Problem.city(4, 20, seed=1), fw.Problem.from_frames([ADA], [LEAK])
    plan = fw.plan(problem, iterations=50)
    asks: list[Callable[[], Any]] = [
        lambda: fw.recommend(other, "leak", plan=plan),
        lambda: fw.why_not(other, "leak", "ada", plan=plan),
        lambda: fw.explain(other, plan, "leak"),
        lambda: fw.Dispatcher(other, plan),
    ]
    for ask in asks:
        with pytest.raises(fw.InputError, match="E515 at plan: its visits of `") as caught:
            ask()
        assert "start from it" in caught.value.issues[0]["action"]


def test_a_plan_of_the_same_problem_with_more_is_taken() -> None:
    problem = fw.Problem.city(4, 20, seed=1)
    plan = fw.plan(problem, iterations=50)
    visited = plan.visits.to_pandas()["ticket"][0]
    more = fw.what_if(problem, hire=problem.engineers[0])
    assert fw.recommend(more, visited, plan=plan).best is not None
    # The same text again is another object and the same problem.
    assert fw.recommend(fw.Problem.from_json(problem.to_json()), visited, plan=plan).best
