"""The judge knows late from early, and every engine that is installed plans soundly."""

import numpy as np
import pytest

from fieldwright.peers.__main__ import size
from fieldwright.peers.engines import ENGINES
from fieldwright.peers.instance import DAY, Car, Instance, Job, draw, judge


def line() -> Instance:
    """A home and two jobs on a line, ten minutes apart; the second is open in the first hour only."""
    seconds = np.array([[0, 600, 1_200], [600, 0, 600], [1_200, 600, 0]])
    jobs = [Job(1, 3_000, 1, (0, DAY), 0), Job(2, 60, 1, (0, 3_600), 9)]
    return Instance("line", seconds, jobs, [Car(0, frozenset({1}))])


def test_the_judge_drives_the_routes() -> None:
    # There and back past both: 600 + 600 + 1200, whichever comes first.
    good = judge(line(), {0: [1, 0]})
    assert (good.missed, good.travel, good.faults) == (0, 2_400, [])
    assert judge(line(), {0: [0, 1]}).faults == ["car 0 is late at row 2"]
    assert judge(line(), {0: [0]}).missed == 10
    assert judge(line(), {0: [1, 1]}).faults[0] == "job 1 is served twice"


@pytest.mark.parametrize("text", ["0x5", "5x0", "5", "5x5x5", "manyxfew"])
def test_a_size_without_jobs_or_cars_is_refused(text: str) -> None:
    assert size("100x10") == (100, 10)
    with pytest.raises(ValueError):
        size(text)


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_plans_soundly(name: str) -> None:
    pytest.importorskip(name)
    assert judge(line(), ENGINES[name](line(), 1)).missed == 0
    instance = draw(jobs=30, cars=4, seed=1)
    verdict = judge(instance, ENGINES[name](instance, 2))
    assert verdict.faults == []
    assert verdict.missed < judge(instance, {}).missed / 2
