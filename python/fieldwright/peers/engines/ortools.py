"""OR-Tools: guided local search, jobs left out at a price. One thread, and nothing is drawn."""

from typing import Any

import numpy as np

from ..instance import Instance, Routes
from .engine import Effort, Engine, installed

__all__ = ["ENGINE"]


def solve(instance: Instance, effort: Effort) -> Routes:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    cars, jobs = instance.cars, instance.jobs
    starts, ends = [car.row for car in cars], [car.to for car in cars]
    # A base without cars would be a place to visit, so places are numbered anew without them.
    places = sorted({*starts, *ends, *(job.row for job in jobs)})
    rank = {row: n for n, row in enumerate(places)}
    manager = pywrapcp.RoutingIndexManager(
        len(places), len(cars), [rank[row] for row in starts], [rank[row] for row in ends]
    )
    model = pywrapcp.RoutingModel(manager)
    square = np.ix_(places, places)
    service = np.zeros(len(instance.times), np.int64)
    for job in jobs:
        service[job.row] = job.service
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(instance.costs[square].tolist()))
    work = model.RegisterTransitMatrix((instance.times + service[:, None])[square].tolist())
    model.AddDimension(work, instance.horizon, instance.horizon, False, "time")
    clock = model.GetDimensionOrDie("time")
    for number, car in enumerate(cars):
        clock.CumulVar(model.Start(number)).SetRange(car.start, car.end)
        clock.CumulVar(model.End(number)).SetRange(car.start, car.end)
        if car.limit is not None:
            clock.SetSpanUpperBoundForVehicle(car.limit, number)
    for kind in range(len(cars[0].capacity)):
        loads = np.zeros(len(instance.times), np.int64)
        loads[[job.row for job in jobs]] = [job.demand[kind] for job in jobs]
        load = model.RegisterUnaryTransitVector(loads[places].tolist())
        room = [car.capacity[kind] for car in cars]
        model.AddDimensionWithVehicleCapacity(load, 0, room, True, f"load {kind}")
    for number, job in enumerate(jobs):
        place = manager.NodeToIndex(rank[job.row])
        if job.windows:
            _open(clock.CumulVar(place), job.windows)
        able = [n for n, car in enumerate(cars) if number in car.jobs]
        model.VehicleVar(place).SetValues([-1, *able])
        model.AddDisjunction([place], instance.price(job))
    words = pywrapcp.DefaultRoutingSearchParameters()
    words.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.AUTOMATIC
    search = routing_enums_pb2.LocalSearchMetaheuristic
    words.local_search_metaheuristic = search.GUIDED_LOCAL_SEARCH
    words.time_limit.FromMilliseconds(round(1_000 * effort.seconds))
    return _routes(instance, manager, model, model.SolveWithParameters(words), places)


def _open(start: Any, windows: tuple[tuple[int, int], ...]) -> None:
    """Lets a job begin within its windows, which are in order."""
    start.SetRange(windows[0][0], max(late for _, late in windows))
    closed = windows[0][1] + 1
    for early, late in windows[1:]:
        if closed < early:
            start.RemoveInterval(closed, early - 1)
        closed = max(closed, late + 1)


def _routes(instance: Instance, manager: Any, model: Any, found: Any, places: list[int]) -> Routes:
    number = {job.row: n for n, job in enumerate(instance.jobs)}
    routes: dict[int, list[int]] = {}
    for car in range(len(instance.cars)) if found else ():
        place = found.Value(model.NextVar(model.Start(car)))
        while not model.IsEnd(place):
            routes.setdefault(car, []).append(number[places[manager.IndexToNode(place)]])
            place = found.Value(model.NextVar(place))
    return routes


ENGINE = Engine(
    "ortools", "pip install ortools", lambda: installed("ortools"), lambda instance: None, solve
)
