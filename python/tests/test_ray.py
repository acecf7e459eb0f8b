"""Regions on a local Ray cluster of two workers. Skipped where Ray is not installed."""

import doctest
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import fieldwright as fw

ray = pytest.importorskip("ray")

from fieldwright import ray as cluster  # noqa: E402

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def workers() -> Iterator[None]:
    """Two of them."""
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


def test_every_region_has_its_own_engineers_and_tickets() -> None:
    problem = fw.Problem.city(engineers=16, tickets=120, regions=4)
    parts = cluster.split(problem)
    world = json.loads(problem.to_json())
    located = list(zip(problem.tickets, problem._core.regions_of_tickets(), strict=True))
    assert set(parts) == {engineer["region"] for engineer in world["engineers"] if "region" in engineer}
    for region, part in parts.items():
        own = [e["id"] for e in world["engineers"] if e.get("region") == region]
        assert part.engineers == own
        assert part.tickets == [ticket for ticket, where in located if where == region]


def test_the_repair_leaves_out_no_more_than_the_regions_did(workers: None) -> None:
    problem = fw.Problem.city(engineers=16, tickets=200, regions=4)
    plan = cluster.plan(problem, iterations=500, repair=500)
    assert fw.check(problem, plan) == []
    alone = [fw.plan(p, iterations=500, threads=1) for p in cluster.split(problem).values()]
    assert len(plan.visits) >= sum(len(part.visits) for part in alone)


def test_the_same_seed_gives_the_same_plan(workers: None) -> None:
    problem = fw.Problem.city(engineers=8, tickets=60, regions=2)
    plans = [cluster.plan(problem, iterations=200, repair=200) for _ in range(2)]
    assert plans[0] == plans[1]


def test_the_repair_has_as_many_steps_as_all_regions_together(workers: None) -> None:
    problem = fw.Problem.city(engineers=8, tickets=60, regions=2)
    assert cluster.plan(problem, iterations=150).iterations == 2 * 150


def test_every_region_is_told_when_it_is_done(workers: None, capsys: pytest.CaptureFixture[str]) -> None:
    problem = fw.Problem.city(engineers=8, tickets=60, regions=2)
    cluster.plan(problem, iterations=50, progress=True)
    out, err = capsys.readouterr()
    # The bar that searches have, which is written over: nothing of it goes where answers go.
    assert out == ""
    assert "tasks: 100%" in err and "2 of 2" in err
    assert "planning: " in err
    seen: list[tuple[int, int]] = []
    cluster.plan(problem, iterations=50, progress=lambda done, count: seen.append((done, count)))
    assert seen[-1] == (2, 2)


def test_it_can_be_stopped(workers: None) -> None:
    problem = fw.Problem.city(engineers=8, tickets=60, regions=2)
    with pytest.raises(fw.Cancelled, match="1 of 2|2 of 2"):
        cluster.plan(problem, iterations=200, progress=lambda done, count: True)


def test_ctrl_c_stops_what_is_under_way(workers: None) -> None:
    # A shell that starts this in the background has it ignore SIGINT.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main = threading.main_thread().ident
    assert main is not None
    timer = threading.Timer(2, signal.pthread_kill, (main, signal.SIGINT))

    def work(seconds: float) -> None:
        time.sleep(seconds)

    started = time.monotonic()
    timer.start()
    try:
        with pytest.raises(fw.Cancelled, match="interrupted after 0 of 1"):
            cluster.scatter(work, {"a": 300})
    finally:
        timer.cancel()
    assert time.monotonic() - started < 100


def test_a_fault_in_a_worker_stops_the_others(workers: None) -> None:
    def work(seconds: float) -> None:
        if not seconds:
            raise fw.Cancelled("enough")
        time.sleep(seconds)

    started = time.monotonic()
    with pytest.raises(fw.Cancelled, match="enough"):
        cluster.scatter(work, {"a": 300, "b": 0})
    # Its worker is free again, so this need not wait for 300 seconds.
    assert cluster.scatter(work, {"a": 0.001, "b": 0.001}) == {"a": None, "b": None}
    assert time.monotonic() - started < 100


def test_examples_run(workers: None) -> None:
    result = doctest.testmod(cluster)
    assert result.attempted > 0
    assert result.failed == 0


def test_a_worker_that_dies_loses_nothing(workers: None, tmp_path: Path) -> None:
    def work(mark: Path) -> str:
        if not mark.exists():
            mark.touch()
            os._exit(1)
        return mark.name

    given: dict[str, Any] = {name: tmp_path / name for name in "ab"}
    assert cluster.scatter(work, given) == {"a": "a", "b": "b"}
