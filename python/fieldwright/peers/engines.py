"""The engines, each as one function from an instance and seconds to routes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np

import fieldwright as fw

from .instance import DAY, Instance, Routes

__all__ = ["ENGINES"]

WORTH = 100_000
"""Travel seconds that one unit of missed worth stands for where an engine has one number only."""


def fieldwright(instance: Instance, seconds: float) -> Routes:
    """This package, by the same two levels."""
    engineers = [
        {"id": str(n), "start": 0, "end": DAY, "row": car.row, "skills": [str(s) for s in car.skills]}
        for n, car in enumerate(instance.cars)
    ]
    tickets = [
        {
            "id": str(n),
            "row": job.row,
            "service": job.service,
            "skills": [str(job.skill)],
            "earliest": job.window[0],
            "latest": job.window[1],
            "priority": job.priority,
        }
        for n, job in enumerate(instance.jobs)
    ]
    objective = [{"unserved": 1}, {"travel": 1}]
    problem = fw.Problem.from_frames(
        engineers, tickets, travel=instance.seconds, objective=objective
    )
    plan = fw.plan(problem, seconds=seconds)
    routes: Routes = {}
    for route in plan.to_dict()["routes"]:
        stops = [int(stop["id"]) for stop in route["stops"] if stop["kind"] == "visit"]
        routes[int(route["engineer"])] = stops
    return routes


def pyvrp(instance: Instance, seconds: float) -> Routes:
    """PyVRP: a profile for each set of skills, on whose matrix the jobs beyond it are out of reach."""
    import pyvrp as engine

    kinds = dict.fromkeys(car.skills for car in instance.cars)
    profiles = {skills: n for n, skills in enumerate(kinds)}
    matrices = []
    for skills in profiles:
        matrix = instance.seconds.copy()
        for job in instance.jobs:
            if job.skill not in skills:
                matrix[:, job.row] = matrix[job.row, :] = 10 * DAY
        np.fill_diagonal(matrix, 0)
        matrices.append(matrix)
    locations = [engine.Location(0, 0) for _ in instance.seconds]
    depots = [engine.Depot(location=car.row) for car in instance.cars]
    clients = [
        engine.Client(
            location=job.row,
            service_duration=job.service,
            tw_early=job.window[0],
            tw_late=job.window[1],
            prize=(1 + job.priority) * WORTH,
            required=False,
        )
        for job in instance.jobs
    ]
    types = [
        engine.VehicleType(
            1, [], n, n, 0, 0, DAY, unit_distance_cost=1, profile=profiles[car.skills]
        )
        for n, car in enumerate(instance.cars)
    ]
    data = engine.ProblemData(locations, clients, depots, types, matrices, matrices)
    stop = engine.stop.MaxRuntime(seconds)
    found = engine.solve(data, stop=stop, seed=1, collect_stats=False, display=False)
    if not found.is_feasible():
        return {}
    return {
        route.vehicle_type(): [visit.idx for visit in route if visit.is_client()]
        for route in found.best.routes()
    }


def vroom(instance: Instance, seconds: float) -> Routes:
    """VROOM: priorities up to 100 come before travel, as here."""
    import vroom as engine

    given = engine.Input()
    given.set_durations_matrix("car", instance.seconds.astype(np.uint32))
    day = engine.TimeWindow(0, DAY)
    for n, car in enumerate(instance.cars):
        vehicle = engine.Vehicle(
            n, start=car.row, end=car.row, skills=set(car.skills), time_window=day
        )
        given.add_vehicle(vehicle)
    for n, job in enumerate(instance.jobs):
        window = engine.TimeWindow(*job.window)
        task = engine.Job(
            n,
            location=job.row,
            default_service=job.service,
            skills={job.skill},
            priority=1 + job.priority,
            time_windows=[window],
        )
        given.add_job(task)
    found = given.solve(exploration_level=5, nb_threads=2, timeout=timedelta(seconds=seconds))
    routes: Routes = {}
    for _, row in found.routes.iterrows():
        if row["type"] == "job":
            routes.setdefault(int(row["vehicle_id"]), []).append(int(row["id"]))
    return routes


def ortools(instance: Instance, seconds: float) -> Routes:
    """OR-Tools: guided local search from parallel cheapest insertion."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    homes = [car.row for car in instance.cars]
    manager = pywrapcp.RoutingIndexManager(len(instance.seconds), len(homes), homes, homes)
    model = pywrapcp.RoutingModel(manager)
    service = np.zeros(len(instance.seconds), np.int64)
    for job in instance.jobs:
        service[job.row] = job.service
    way = model.RegisterTransitMatrix(instance.seconds.tolist())
    lasts = model.RegisterTransitMatrix((instance.seconds + service[:, None]).tolist())
    model.SetArcCostEvaluatorOfAllVehicles(way)
    model.AddDimension(lasts, DAY, DAY, False, "time")
    times = model.GetDimensionOrDie("time")
    for job in instance.jobs:
        index = manager.NodeToIndex(job.row)
        able = [n for n, car in enumerate(instance.cars) if job.skill in car.skills]
        times.CumulVar(index).SetRange(*job.window)
        model.VehicleVar(index).SetValues([-1, *able])
        model.AddDisjunction([index], (1 + job.priority) * WORTH)
    words = pywrapcp.DefaultRoutingSearchParameters()
    first = routing_enums_pb2.FirstSolutionStrategy
    search = routing_enums_pb2.LocalSearchMetaheuristic
    words.first_solution_strategy = first.PARALLEL_CHEAPEST_INSERTION
    words.local_search_metaheuristic = search.GUIDED_LOCAL_SEARCH
    words.time_limit.FromMilliseconds(round(seconds * 1_000))
    found: Any = model.SolveWithParameters(words)
    number = {job.row: n for n, job in enumerate(instance.jobs)}
    routes: Routes = {}
    for car in range(len(homes)) if found else ():
        index, routes[car] = model.Start(car), []
        while not model.IsEnd(index):
            row = manager.IndexToNode(index)
            routes[car] += [number[row]] if row in number else []
            index = found.Value(model.NextVar(index))
    return routes


ENGINES: dict[str, Callable[[Instance, float], Routes]] = {
    "fieldwright": fieldwright,
    "pyvrp": pyvrp,
    "vroom": vroom,
    "ortools": ortools,
}
"""Every engine by the name of its package."""
