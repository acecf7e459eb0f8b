"""Everything public can be pickled and copied, or says why not."""

import copy
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import fieldwright as fw

ENGINEERS = [{"id": "ada", "start": 0, "end": 36_000, "lat": 52.52, "lon": 13.4}]


def city() -> fw.Problem:
    return fw.Problem.city(engineers=4, tickets=20, seed=2)


def conflict() -> fw.Conflict:
    return fw.Conflict("somebody was faster", "leak", 1, 2, "ada")


def refused() -> fw.Refused:
    with pytest.raises(fw.Refused) as caught:
        fw.Desk(ENGINEERS, at=0).set_policy({"expiry": 600}, by="engineer:ada", at=0)
    return caught.value


def wrong() -> fw.InputError:
    with pytest.raises(fw.InputError) as caught:
        fw.Problem.from_frames(ENGINEERS, {"id": ["a"], "lat": ["north"], "lon": ["13.4"]})
    return caught.value


SAMPLES: dict[str, Callable[[], Any]] = {
    "Answer": lambda: fw.why_not(city(), "T0001", "E001"),
    "Assignment": lambda: fw.assign(city()),
    "Cancelled": lambda: fw.Cancelled("the day is over"),
    "Conflict": conflict,
    "Dispatcher": lambda: fw.Dispatcher(city()),
    "InputError": wrong,
    "Issues": lambda: wrong().issues,
    "JournalError": lambda: fw.JournalError("the disk is full"),
    "Matrix": lambda: fw.Matrix(np.zeros((2, 2), np.int64)),
    "Page": lambda: fw.plan(city(), iterations=20).page(),
    "Plan": lambda: fw.plan(city(), iterations=20),
    "Problem": city,
    "Progress": lambda: fw.Progress(1.0, 0.5, 100, [0, 7], 3, True),
    "Recommendation": lambda: fw.recommend(city(), city().tickets[:3], top=2),
    "Refused": refused,
    "Table": lambda: fw.plan(city(), iterations=20).visits,
    "WallClock": fw.WallClock,
}

APART = {
    "Clock": "is what a clock has to be, not one",
    "Desk": "holds its journal",
}


def test_every_class_has_a_sample_or_a_reason() -> None:
    classes = {name for name in fw.__all__ if inspect.isclass(getattr(fw, name))}
    assert classes == SAMPLES.keys() | APART.keys()


def test_a_plan_still_tells_what_could_not_stay() -> None:
    smaller = fw.Problem.city(engineers=4, tickets=12, seed=2)
    plan = fw.plan(smaller, iterations=20, start=fw.plan(city(), iterations=20))
    assert plan.displaced
    assert pickle.loads(pickle.dumps(plan)).displaced == plan.displaced


@pytest.mark.parametrize("name", SAMPLES)
def test_it_comes_back_as_it_was(name: str) -> None:
    thing = SAMPLES[name]()
    assert type(thing).__name__ == name
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        told(pickle.loads(pickle.dumps(thing, protocol)), thing)
    told(copy.copy(thing), thing)
    told(copy.deepcopy(thing), thing)


def told(back: Any, thing: Any) -> None:
    """What it says and holds is the same."""
    assert type(back) is type(thing)
    if isinstance(thing, fw.WallClock | fw.Dispatcher):
        return
    assert repr(back) == repr(thing)
    assert str(back) == str(thing)
    if hasattr(thing, "to_pandas"):
        assert back.to_pandas().equals(thing.to_pandas())


def test_a_table_keeps_its_types_and_its_holes() -> None:
    times = {"start": "2026-03-02T08:00:00+01:00", "end": "2026-03-02T16:00:00+01:00"}
    problem = fw.Problem.from_frames([ENGINEERS[0] | times], {"id": ["a"], "lat": [52.5], "lon": [13.4]})
    plan = fw.plan(problem, iterations=10)
    for table in (plan.visits, plan.unassigned, plan.figures, plan.routes):
        back = pickle.loads(pickle.dumps(table))
        assert back.to_pyarrow().schema == table.to_pyarrow().schema
        assert back.to_pyarrow().equals(table.to_pyarrow())
    assert len(plan.unassigned) == 0


def test_a_recommendation_says_the_same_without_its_dispatcher() -> None:
    found = SAMPLES["Recommendation"]()
    back = pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(found))))
    assert (back.best, back.data, back.table.columns) == (found.best, found.data, found.table.columns)


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(ValueError, match="this is no table"):
        fw._core.Table.restored(b"not Arrow")


def test_a_desk_says_what_to_do_instead() -> None:
    desk = fw.Desk(ENGINEERS, at=0)
    for make in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match=r"open the file again with `Desk\(path=..\)`"):
            make(desk)
