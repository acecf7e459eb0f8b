"""PyVRP: a profile for each set of jobs, on whose matrices all others are out of reach. One thread.

Where everything must be served all clients are required, so a plan that it does not get right breaks
another rule; elsewhere they have prizes. A job with several windows is a group of clients, of which one
is visited at most. It gets the same integers as everybody, not those of its own reader, which counts
loads in tenths or thousandths and finds worse plans so.
"""

from typing import Any

import numpy as np

from ..instance import Instance, Job, Routes
from .engine import Effort, Engine, installed

__all__ = ["ENGINE"]

BARRIER = 10
"""A barred way takes so many horizons. The 2^44 of PyVRP's own reader, times the greatest of its
penalties, overflows with 0.14, and its first local search does not end."""

BYTES_MAX = 6 << 30
"""Rather no plan than a machine without memory: 2,000 jobs with 200 kinds of cars took 21 GB."""


def lacks(instance: Instance) -> str | None:
    profiles = len({car.jobs for car in instance.cars})
    places = len(instance.times)
    size = profiles * places**2 * 16
    if size <= BYTES_MAX:
        return None
    return f"{profiles} profiles of {places} places would take {size / 2**30:.0f} GiB"


def solve(instance: Instance, effort: Effort) -> Routes:
    import pyvrp

    kinds = instance.kinds
    profiles = {jobs: n for n, jobs in enumerate(dict.fromkeys(car.jobs for car in kinds))}
    bases = sorted({row for car in kinds for row in (car.row, car.to)})
    types = [
        pyvrp.VehicleType(
            len(alike),
            list(car.capacity),
            bases.index(car.row),
            bases.index(car.to),
            tw_early=car.start,
            tw_late=car.end,
            profile=profiles[car.jobs],
            **({} if car.limit is None else {"shift_duration": car.limit}),
        )
        for car, alike in kinds.items()
    ]
    clients, groups, numbers = _clients(pyvrp, instance)
    costs = [_barred(instance, instance.costs, jobs) for jobs in profiles]
    is_one = instance.times is instance.costs
    times = costs if is_one else [_barred(instance, instance.times, jobs) for jobs in profiles]
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0)] * len(instance.times),
        clients,
        [pyvrp.Depot(base) for base in bases],
        types,
        costs,
        times,
        groups,
    )
    stop = pyvrp.stop.MaxRuntime(effort.seconds)
    found = pyvrp.solve(data, stop, seed=effort.seed, collect_stats=False, display=False)
    free = [iter(alike) for alike in kinds.values()]
    return {
        next(free[route.vehicle_type()]): [numbers[visit.idx] for visit in route if visit.is_client()]
        for route in found.best.routes()
    }


def _clients(pyvrp: Any, instance: Instance) -> tuple[list[Any], list[Any], list[int]]:
    """Clients, groups of those that are one job, and the job of each client."""
    clients: list[Any] = []
    groups: list[Any] = []
    numbers: list[int] = []
    for number, job in enumerate(instance.jobs):
        group = None
        is_required = instance.is_complete
        if len(job.windows) > 1:
            group, first = len(groups), len(clients)
            members = list(range(first, first + len(job.windows)))
            groups.append(pyvrp.ClientGroup(members, required=is_required))
        for early, late in _shown(instance, job):
            client = pyvrp.Client(
                job.row,
                list(job.demand),
                service_duration=job.service,
                tw_early=early,
                tw_late=late,
                prize=0 if is_required else instance.price(job),
                required=is_required and group is None,
                group=group,
            )
            clients.append(client)
            numbers.append(number)
    return clients, groups, numbers


def _shown(instance: Instance, job: Job) -> tuple[tuple[int, int], ...]:
    """Its windows; a job without any is barred to all, and needs one all the same."""
    return job.windows or ((0, instance.horizon),)


def _barred(instance: Instance, ways: Any, jobs: frozenset[int]) -> Any:
    """The matrix of cars that may do these jobs only."""
    matrix = ways.copy()
    rows = [job.row for number, job in enumerate(instance.jobs) if number not in jobs]
    matrix[rows, :] = matrix[:, rows] = BARRIER * instance.horizon
    np.fill_diagonal(matrix, 0)
    return matrix


ENGINE = Engine(
    "pyvrp", "pip install pyvrp", lambda: installed("pyvrp"), lacks, solve, is_random=True
)
