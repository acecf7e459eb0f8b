"""Days of technicians, drawn from a seed: skills, windows, priorities, more work than there are hours for."""

import re

import numpy as np

import fieldwright as fw

__all__ = ["DAY", "draw", "size"]

DAY = 8 * 3_600
"""Seconds of a shift; everybody works from 0 to here."""

SKILLS = 4

PACE = 1.3 / 10
"""Seconds for each metre: 10 m/s, and 30 % of detour."""


def draw(jobs: int, cars: int, seed: int, load: float = 1.1) -> fw.Problem:
    """A city of so many jobs; at a ``load`` above 1 something is left out.

    What is left out counts first, a job as ``1 + priority``; then seconds of travel.
    """
    random = np.random.default_rng(seed)
    points = random.uniform(0, 30_000, (cars + jobs, 2))
    ways = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    seconds = np.rint(ways * PACE).astype(np.int64)
    mean = load * DAY * cars / jobs - 600
    tickets = []
    for number in range(jobs):
        service = int(max(300, random.normal(mean, mean / 4)))
        first = int(random.integers(0, DAY - 7_200))
        window = (first, first + 7_200) if random.random() < 0.5 else (0, DAY)
        ticket = {
            "id": str(number),
            "row": cars + number,
            "service": service,
            "earliest": window[0],
            "latest": window[1],
            "priority": int(random.choice([0, 0, 0, 3, 9])),
            "skills": [str(random.integers(SKILLS))],
        }
        tickets.append(ticket)
    engineers = [
        {
            "id": str(number),
            "row": number,
            "start": 0,
            "end": DAY,
            "skills": [str(skill) for skill in random.permutation(SKILLS)[:2]],
        }
        for number in range(cars)
    ]
    objective = [{"unserved": 1}, {"travel": 1}]
    return fw.Problem.from_frames(
        engineers, tickets, travel=seconds, objective=objective, name=f"{jobs}x{cars}-{seed}"
    )


def size(text: str) -> tuple[int, int] | None:
    """``100x10`` as jobs and cars; ``None`` for what is no size."""
    found = re.fullmatch(r"(\d+)x(\d+)", text)
    if found is None:
        return None
    jobs, cars = int(found[1]), int(found[2])
    if min(jobs, cars) < 1:
        raise ValueError(f"a day has a job and a car at least, not {text}")
    return jobs, cars
