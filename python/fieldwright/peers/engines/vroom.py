"""VROOM: a skill for each set of cars that may do a job; priorities come before ways, as here.

It knows no limit of duration, only one of travel time, which is too weak. So where there is one it solves
without in half of the time; then every car gets a shift of just that length around the longest part of its
route that fits, and VROOM goes on from these parts, again and again until that no longer helps.
"""

import math
import time
from datetime import timedelta
from typing import Any

import numpy as np

from ..instance import Car, Instance, Routes
from .engine import Effort, Engine, installed

__all__ = ["ENGINE"]

EXPLORATION = 5
"""The most that it can do."""

PRIORITY_MAX = 100
"""It takes no higher priorities."""


def lacks(instance: Instance) -> str | None:
    if instance.is_priced:
        return "it weighs no way against what is left out"
    if _is_limited(instance) and any(len(job.windows) > 1 for job in instance.jobs):
        return "a limit of duration beside several windows"
    return None


def solve(instance: Instance, effort: Effort) -> Routes:
    days = [(car.start, car.end) for car in instance.cars]
    if not _is_limited(instance):
        return _once(instance, days, {}, effort.seconds, effort.threads)
    deadline = time.perf_counter() + effort.seconds
    shifts, parts, best = days, dict[int, list[int]](), dict[int, list[int]]()
    least: tuple[Any, ...] = (math.inf,)
    left = effort.seconds / 2
    while left > 0:
        routes = _once(instance, shifts, parts, left, effort.threads)
        verdict = instance.judge(routes)
        value = (bool(verdict.faults), verdict.score)
        if value >= least:
            break
        best, least, shifts = routes, value, []
        for number, car in enumerate(instance.cars):
            length = min(car.end - car.start, car.limit or math.inf)
            parts[number], middle = _longest_part(instance, car, routes.get(number, []))
            if not parts[number]:  # a car to spare, in turns for the early and the late hours
                middle = (car.start, car.end)[number % 2]
            start = int(min(max(middle - length // 2, car.start), car.end - length))
            shifts.append((start, int(start + length)))
        left = deadline - time.perf_counter()
    return best


def _is_limited(instance: Instance) -> bool:
    return any(car.limit is not None and car.limit < car.end - car.start for car in instance.cars)


def _longest_part(instance: Instance, car: Car, route: list[int]) -> tuple[list[int], int]:
    """The longest run of a route that keeps the limit of duration, and the middle of its time."""
    for size in range(len(route), 0, -1):
        for first in range(len(route) - size + 1):
            part = route[first : first + size]
            start, end, is_late = _times(instance, car, part)
            if end - start <= (car.limit or math.inf) and not is_late:
                return part, (start + end) // 2
    return [], 0


def _times(instance: Instance, car: Car, route: list[int]) -> tuple[int, int, bool]:
    """Departure, as late as possible without a later return; return; whether something begins too late."""
    stops = [instance.jobs[number] for number in route]
    clock, here, waited, slack, is_late = car.start, car.row, 0, math.inf, False
    for stop in stops:
        clock += int(instance.times[here, stop.row])
        ((early, late),) = stop.windows
        waited += max(0, early - clock)
        clock = max(clock, early)
        slack = min(slack, waited + late - clock)
        is_late |= clock > late
        clock, here = clock + stop.service, stop.row
    clock += int(instance.times[here, car.to])
    slack = min(slack, waited + car.end - clock)
    return car.start + int(max(0, min(waited, slack))), clock, is_late or clock > car.end


def _once(
    instance: Instance,
    shifts: list[tuple[int, int]],
    parts: dict[int, list[int]],
    seconds: float,
    threads: int,
) -> dict[int, list[int]]:
    import vroom

    asked, owned = instance.skills
    given = vroom.Input()
    given.set_durations_matrix("car", instance.times.astype(np.uint32))
    if instance.costs is not instance.times:
        given.set_costs_matrix("car", instance.costs.astype(np.uint32))
    for number, car in enumerate(instance.cars):
        stops = [vroom.VehicleStepSingle(job) for job in parts.get(number, [])]
        more = {} if car.limit is None else {"max_travel_time": car.limit}
        vehicle = vroom.Vehicle(
            number,
            start=car.row,
            end=car.to,
            capacity=list(car.capacity),
            skills=owned[number],
            time_window=vroom.TimeWindow(*shifts[number]),
            steps=[vroom.VehicleStepStart(), *stops, vroom.VehicleStepEnd()] if stops else [],
            **more,
        )
        given.add_vehicle(vehicle)
    for number, job in enumerate(instance.jobs):
        task = vroom.Job(
            number,
            location=job.row,
            default_service=job.service,
            delivery=list(job.demand),
            skills={asked[number]},
            priority=min(job.worth, PRIORITY_MAX),
            time_windows=[vroom.TimeWindow(*window) for window in job.windows],
        )
        given.add_job(task)
    found = given.solve(EXPLORATION, threads, timedelta(seconds=seconds))
    routes: dict[int, list[int]] = {}
    for _, row in found.routes.iterrows():
        if row["type"] == "job":
            routes.setdefault(int(row["vehicle_id"]), []).append(int(row["id"]))
    return routes


ENGINE = Engine(
    "vroom", "pip install pyvroom", lambda: installed("pyvroom"), lacks, solve, is_threaded=True
)
