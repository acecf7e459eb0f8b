"""What every engine is told: places, cars and jobs as plain integers. It knows no engine.

A problem that says more than this (breaks, parts, several shifts) is refused by name, not simplified.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

import fieldwright as fw

__all__ = ["Beyond", "Car", "Instance", "Job", "Routes", "Verdict", "verdict"]

Routes: TypeAlias = Mapping[int, list[int]]
"""The jobs of each car, in order, both by their numbers."""

Table: TypeAlias = npt.NDArray[np.int64]

UNLIMITED = 10**9
"""Stands for a capacity that is not given; far above any, and far below what overflows."""

DEAR = 10
"""Where serving comes first, a unit of worth is priced at so many of the longest ways."""

WORLD = {"schema", "name", "resolution", "skills", "engineers", "tickets", "travel", "objective"}
TICKET = {"id", "place", "service", "windows", "priority", "value", "skills", "demand"}
ENGINEER = {"id", "name", "skills", "shifts"}
SHIFT = {"id", "start", "end", "from", "to", "capacity", "max_tickets", "max_duration"}


class Beyond(Exception):
    """The problem says something that the other engines are not told here."""


@dataclass(frozen=True)
class Job:
    """What is to be done at a row of the matrices, begun within one of the windows."""

    row: int
    service: int
    windows: tuple[tuple[int, int], ...]
    worth: int
    demand: tuple[int, ...]


@dataclass(frozen=True)
class Car:
    """A vehicle with its base, its hours, and the numbers of the jobs that it may do."""

    row: int
    to: int
    start: int
    end: int
    capacity: tuple[int, ...]
    limit: int | None
    """At most so long from departure, which is free, to return, waiting included."""
    jobs: frozenset[int]


@dataclass(frozen=True)
class Verdict:
    """What a plan is worth, level by level, how many jobs it leaves out, and what is wrong with it."""

    score: list[int]
    left_out: int
    faults: list[str]


@dataclass(frozen=True)
class Instance:
    """Cars and jobs; ``times[i, j]`` and ``costs[i, j]`` of the way from row ``i`` to row ``j``."""

    problem: fw.Problem
    times: Table
    costs: Table
    jobs: tuple[Job, ...]
    cars: tuple[Car, ...]
    is_priced: bool
    """Whether leaving a job out costs its worth in units of ``costs``; otherwise serving comes first."""
    is_complete: bool
    """Whether a plan that leaves something out is none."""

    @classmethod
    def of(cls, problem: fw.Problem, *, is_complete: bool) -> "Instance":
        """A problem as the others can be told of it.

        Raises:
            Beyond: it says more than that.
        """
        world = json.loads(problem.to_json())
        engineers, tickets = world["engineers"], world["tickets"]
        _told(world)
        counted, price = _objective(world["objective"])
        # A row of its own for each job: engines forbid a place to a car, and take depots for no customers.
        shifts = [engineer["shifts"][0] for engineer in engineers]
        bases = [shift[end] for shift in shifts for end in ("from", "to")]
        rows = {json.dumps(base): base for base in bases}
        number = {base: n for n, base in enumerate(rows)}
        times, meters = _ways(world["travel"], [*rows.values(), *(t["place"] for t in tickets)])
        origin = min(_moment(shift["start"]) for shift in shifts)
        horizon = max(_moment(shift["end"]) for shift in shifts) - origin
        width = max((len(ticket.get("demand", ())) for ticket in tickets), default=0)
        is_counted = any("max_tickets" in shift for shift in shifts)
        jobs = tuple(
            Job(
                row=len(rows) + n,
                service=ticket["service"],
                windows=_windows(ticket.get("windows", ()), origin, horizon),
                worth=(price or 1) * ticket.get("value", 1 + ticket.get("priority", 0)),
                demand=_filled(ticket.get("demand", ()), width, 0) + (1,) * is_counted,
            )
            for n, ticket in enumerate(tickets)
        )
        cars = tuple(
            Car(
                row=number[json.dumps(shift["from"])],
                to=number[json.dumps(shift["to"])],
                start=_moment(shift["start"]) - origin,
                end=_moment(shift["end"]) - origin,
                capacity=_filled(shift.get("capacity", ()), width, UNLIMITED)
                + (shift.get("max_tickets", UNLIMITED),) * is_counted,
                limit=shift.get("max_duration"),
                jobs=frozenset(n for n, ticket in enumerate(tickets) if jobs[n].windows and able(ticket)),
            )
            for shift, able in zip(shifts, map(_able, engineers), strict=True)
        )
        costs = meters if counted == "distance" else times
        return cls(problem, times, costs, jobs, cars, price is not None, is_complete)

    @property
    def horizon(self) -> int:
        """When the last car is home at the latest; the first one starts at 0."""
        return max(car.end for car in self.cars)

    @cached_property
    def _dear(self) -> int:
        """What a unit of worth costs where serving comes first."""
        return DEAR * int(self.costs.max())

    @cached_property
    def kinds(self) -> dict[Car, list[int]]:
        """The numbers of the cars that are alike."""
        kinds: dict[Car, list[int]] = {}
        for number, car in enumerate(self.cars):
            kinds.setdefault(car, []).append(number)
        return kinds

    @cached_property
    def skills(self) -> tuple[list[int], list[set[int]]]:
        """The skill that each job asks for, one for each set of cars that may do it, and those of each car."""
        known = list(dict.fromkeys(car.jobs for car in self.cars))
        numbers: dict[tuple[bool, ...], int] = {}
        asked = []
        for job in range(len(self.jobs)):
            able = tuple(job in jobs for jobs in known)
            asked.append(numbers.setdefault(able, len(numbers) + 1))
        return asked, [{asked[job] for job in car.jobs} for car in self.cars]

    def price(self, job: Job) -> int:
        """What leaving a job out costs, in units of ``costs``, for engines that count in one number."""
        return job.worth if self.is_priced else job.worth * self._dear

    def judge(self, routes: Routes) -> Verdict:
        """What orders of jobs are worth when they are timed anew: stops that do not fit are faults."""
        tickets, engineers = self.problem.tickets, self.problem.engineers
        lines = [
            f"Route #{engineers[car]}: {' '.join(tickets[job] for job in jobs)}" for car, jobs in routes.items()
        ]
        try:
            plan = fw.Plan.read(self.problem, "\n".join(lines), "sol")
        except fw.InputError as error:
            return Verdict([], 0, [issue["cause"] for issue in error.issues])
        lost = len(plan.displaced)
        return verdict(plan, [f"visits that break a rule: {lost}"] if lost else [])


def verdict(plan: fw.Plan, faults: Iterable[str] = ()) -> Verdict:
    """What a plan is worth, and what the independent check finds in it."""
    found = [f"{fault['at']}: {fault['cause']}" for fault in fw.check(plan.problem, plan)]
    return Verdict(plan.score, len(plan.unassigned), [*faults, *found])


def _told(world: dict[str, Any]) -> None:
    """Refuses worlds that say more than the others are told."""
    _only("the world", world, WORLD)
    engineers, tickets = world["engineers"], world["tickets"]
    for ticket in tickets:
        _only("a ticket", ticket, TICKET)
    for engineer in engineers:
        _only("an engineer", engineer, ENGINEER)
        if len(engineer["shifts"]) != 1 or "to" not in engineer["shifts"][0]:
            raise Beyond("engineers with several shifts, or with routes that stay open")
        _only("a shift", engineer["shifts"][0], SHIFT)
    if any(re.search(r"[\s:]", thing["id"]) for thing in (*engineers, *tickets)):
        raise Beyond("ids with spaces or colons")


def _only(what: str, thing: Mapping[str, Any], known: set[str]) -> None:
    """Refuses what the others are not told of."""
    if more := sorted(thing.keys() - known):
        raise Beyond(f"{what} with {', '.join(more)}")


def _objective(levels: list[dict[str, int]]) -> tuple[str, int | None]:
    """What is counted of a way, and the price of a unit of worth where the two are weighed."""
    for counted in ("distance", "travel"):
        if levels == [{"unserved": 1}, {counted: 1}]:
            return counted, None
        if len(levels) == 1 and levels[0].keys() == {"unserved", counted} and levels[0][counted] == 1:
            return counted, levels[0]["unserved"]
    raise Beyond(f"the objective {json.dumps(levels)}")


def _ways(travel: dict[str, Any], places: list[dict[str, Any]]) -> tuple[Table, Table]:
    """Times and lengths between all places."""
    if travel["by"] == "euclid":
        points = np.array([(place["lon"], place["lat"]) for place in places])
        # As the crate rounds: every step of it is the same in double precision.
        gaps = points[:, None] - points
        lengths = travel["scale"] * np.sqrt(gaps[..., 0] ** 2 + gaps[..., 1] ** 2)
        ways = (lengths + 0.5 * travel["nearest"]).astype(np.int64)
        return ways, ways
    if travel["by"] == "matrix" and len(travel["tables"]) == 1:
        rows = [place["row"] for place in places]
        (table,) = travel["tables"]
        times = np.array(table["seconds"], np.int64)[np.ix_(rows, rows)]
        meters = table.get("meters")
        lengths = times if meters is None else np.array(meters, np.int64)[np.ix_(rows, rows)]
        return times, lengths
    raise Beyond("ways that are neither in the plane nor one matrix")


def _moment(given: int | str) -> int:
    """Worlds write moments of our days as text."""
    return given if isinstance(given, int) else round(datetime.fromisoformat(given).timestamp())


def _windows(
    given: Iterable[tuple[int | str, int | str]], origin: int, horizon: int
) -> tuple[tuple[int, int], ...]:
    """Windows from the first start on; all of the time where there is none, none where all are over."""
    windows = [(_moment(early) - origin, _moment(late) - origin) for early, late in given]
    near = [(max(0, a), min(b, horizon)) for a, b in windows if b >= 0 and a <= horizon]
    return tuple(sorted(near)) if windows else ((0, horizon),)


def _filled(given: Iterable[int], width: int, value: int) -> tuple[int, ...]:
    amounts = tuple(given)
    return amounts[:width] + (value,) * (width - len(amounts))


def _able(engineer: dict[str, Any]) -> Callable[[dict[str, Any]], bool]:
    """Whether an engineer can do a ticket, by skills."""
    if any("until" in skill for skill in engineer.get("skills", ())):
        raise Beyond("skills that expire")
    levels: dict[str, int] = {}
    for skill in engineer.get("skills", ()):
        levels[skill["skill"]] = max(skill["level"], levels.get(skill["skill"], 0))

    def has(need: dict[str, Any]) -> bool:
        return bool(levels.get(need["skill"], 0) >= need["level"])

    def able(ticket: dict[str, Any]) -> bool:
        asked = ticket.get("skills", {})
        every = all(map(has, asked.get("all", ())))
        return every and all(any(map(has, group)) for group in asked.get("any", ())) and not any(
            map(has, asked.get("none", ()))
        )

    return able
