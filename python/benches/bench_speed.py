"""How fast frames go in and tables come out. ``pytest benches --benchmark-only`` measures.

The goals: a million rows of tickets under 3 s, ``recommend`` under 20 us beside what the crate itself
takes, a hundred thousand visits to pandas under 0.2 s.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import fieldwright as fw

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from test_edges import million

ENGINEERS = [
    {
        "id": f"E{n}",
        "start": "2026-03-02T08:00:00+01:00",
        "end": "2026-03-02T16:00:00+01:00",
        "lat": 52.5,
        "lon": 13.4,
        "skills": "boiler:3;gas:3",
    }
    for n in range(200)
]


def test_a_million_rows_in(benchmark: Any) -> None:
    frame = million()
    problem = benchmark.pedantic(fw.Problem.from_frames, (ENGINEERS, frame), rounds=3)
    assert len(problem) == 1_000_000


def test_a_thousand_rows_in(benchmark: Any) -> None:
    frame, engineers = million().head(1_000), pd.DataFrame(ENGINEERS)
    assert len(benchmark(fw.Problem.from_frames, engineers, frame)) == 1_000


def test_a_thousand_rows_in_by_ortools(benchmark: Any) -> None:
    """The same thousand tickets as a routing model: matrix, skills, lengths of shifts, promises."""
    frame = million().head(1_000)
    model = benchmark.pedantic(ortools_model, (frame,), rounds=3)
    assert model is not None


def ortools_model(frame: pd.DataFrame) -> Any:
    """What OR-Tools asks its caller to build before it can search."""
    from ortools.constraint_solver import pywrapcp

    lat = np.radians(np.append(frame["lat"].to_numpy(), 52.5))
    lon = np.radians(np.append(frame["lon"].to_numpy(), 13.4)) * np.cos(lat.mean())
    way = np.hypot(lat[:, None] - lat, lon[:, None] - lon) * 6_371_000 * 1.3 / 10
    service = np.append(frame["service"].to_numpy(), 0)
    times = (way + service[:, None]).astype(int).tolist()
    home = len(frame)
    manager = pywrapcp.RoutingIndexManager(home + 1, len(ENGINEERS), home)
    routing = pywrapcp.RoutingModel(manager)
    transit = routing.RegisterTransitMatrix(times)
    routing.SetArcCostEvaluatorOfAllVehicles(transit)
    routing.AddDimension(transit, 28_800, 28_800, False, "time")
    time = routing.GetDimensionOrDie("time")
    start = pd.Timestamp("2026-03-02 08:00", tz="Europe/Berlin")
    due = (frame["due"] - start).dt.total_seconds().astype(int)
    for n, (late, priority) in enumerate(zip(due, frame["priority"], strict=True)):
        index = manager.NodeToIndex(n)
        routing.AddDisjunction([index], 1_000_000 * (1 + int(priority)))
        routing.VehicleVar(index).SetValues([-1, *range(len(ENGINEERS))])
        time.SetCumulVarSoftUpperBound(index, int(late), 100)
    return routing


@pytest.fixture(scope="module")
def small() -> fw.Dispatcher:
    """One engineer and one ticket: what the crate itself takes is next to nothing."""
    problem = fw.Problem.from_frames(
        ENGINEERS[:1], million().head(1)[["id", "lat", "lon", "service"]]
    )
    return fw.Dispatcher(problem)


def test_recommend_overhead(benchmark: Any, small: fw.Dispatcher) -> None:
    assert benchmark(small.recommend, "T0").best == "E0"


def test_recommend_in_a_city(benchmark: Any) -> None:
    problem = fw.Problem.city(engineers=400, tickets=4_000)
    dispatcher = fw.Dispatcher(problem, fw.plan(problem, iterations=100))
    benchmark(dispatcher.recommend, problem.tickets[0])


def test_a_hundred_thousand_visits_to_pandas(benchmark: Any) -> None:
    """A plan that is not sound will do: only its size matters."""
    n = 100_000
    frame = million().head(n)[["id", "lat", "lon", "service"]]
    problem = fw.Problem.from_frames(ENGINEERS[:1], frame)
    stop = {"kind": "visit", "travel": 1, "distance": 1, "arrive": 1, "start": 1, "end": 1}
    route = {
        "engineer": "E0",
        "shift": "E0/1",
        "depart": 0,
        "stops": [{**stop, "id": ticket} for ticket in problem.tickets],
        "end": 1,
    }
    plan = fw.Plan.read(problem, {"schema": 1, "routes": [route]})
    visits = benchmark(lambda: plan.visits.to_pandas())
    assert len(visits) == n
