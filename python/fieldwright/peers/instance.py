"""One day of technicians, drawn from a seed, and the judge of whoever plans it."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["DAY", "Car", "Instance", "Job", "Routes", "Verdict", "draw", "judge"]

DAY = 8 * 3_600
"""Seconds of a shift; everybody works from 0 to here."""

Routes: TypeAlias = dict[int, list[int]]
"""The jobs of each car, in order, by their numbers."""


@dataclass(frozen=True)
class Job:
    """What is to be done at row ``row`` of the matrix, begun within the window."""

    row: int
    service: int
    skill: int
    window: tuple[int, int]
    priority: int


@dataclass(frozen=True)
class Car:
    """A technician with his skills, who starts and ends at his home."""

    row: int
    skills: frozenset[int]


@dataclass(frozen=True)
class Instance:
    """A day. ``seconds[i, j]`` is the way from row ``i`` to row ``j``."""

    name: str
    seconds: npt.NDArray[np.int64]
    jobs: list[Job]
    cars: list[Car]


@dataclass(frozen=True)
class Verdict:
    """What routes achieve: the worth that is missed, then seconds of travel; lower is better."""

    missed: int
    travel: int
    faults: list[str]


def draw(jobs: int, cars: int, seed: int, load: float = 1.1) -> Instance:
    """A city of so many jobs: at a ``load`` above 1 there is more work than there are hours for."""
    random = np.random.default_rng(seed)
    points = random.uniform(0, 30_000, (cars + jobs, 2))
    ways = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    seconds = np.rint(ways * 1.3 / 10).astype(np.int64)
    mean = load * DAY * cars / jobs - 600
    drawn = []
    for n in range(jobs):
        service = int(max(300, random.normal(mean, mean / 4)))
        first = int(random.integers(0, DAY - 7_200))
        window = (first, first + 7_200) if random.random() < 0.5 else (0, DAY)
        priority = int(random.choice([0, 0, 0, 3, 9]))
        drawn.append(Job(cars + n, service, int(random.integers(4)), window, priority))
    people = [Car(n, frozenset(int(s) for s in random.permutation(4)[:2])) for n in range(cars)]
    return Instance(f"{jobs}x{cars}-{seed}", seconds, drawn, people)


def judge(instance: Instance, routes: Routes) -> Verdict:
    """Drives the routes from scratch and says what they are worth and what is wrong with them."""
    faults, travel = [], 0
    served = [job for route in routes.values() for job in route]
    faults += [f"job {job} is served twice" for job in set(served) if served.count(job) > 1]
    for number, route in routes.items():
        car, now, here = instance.cars[number], 0, instance.cars[number].row
        for job in (instance.jobs[n] for n in route):
            way = int(instance.seconds[here, job.row])
            travel, now, here = travel + way, max(now + way, job.window[0]), job.row
            if now > job.window[1]:
                faults.append(f"car {number} is late at row {job.row}")
            if job.skill not in car.skills:
                faults.append(f"car {number} cannot do the job at row {job.row}")
            now += job.service
        way = int(instance.seconds[here, car.row]) if route else 0
        travel, now = travel + way, now + way
        if now > DAY:
            faults.append(f"car {number} is home after {now} s")
    missed = sum(1 + job.priority for n, job in enumerate(instance.jobs) if n not in set(served))
    return Verdict(missed, travel, faults)
