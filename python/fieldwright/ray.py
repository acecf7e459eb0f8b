"""Regions as Ray tasks: each planned on its own, then one pass over the borders. Extra ``ray``.

Engineers belong to the region that is their home, tickets to the one that they are in. Regions are planned
side by side; then the whole is planned once more from the routes that they found, so that what one region
left out can go to an engineer of the next, or to one who has no region.

The fan-out (:func:`scatter`) knows nothing of regions: it carries any problems to any workers.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from .errors import Cancelled
from .planning import plan as plan_alone
from .problem import AnyProblem, Problem, as_problem
from .progress import Count, counter
from .result import Plan

__all__ = ["plan", "scatter", "split"]

ATTEMPTS = 3
"""So often a task is given to another worker when one is lost."""

NAMED = ("preferred", "required", "excluded")
"""The lists of engineers that a ticket may have."""

Given = TypeVar("Given")
Found = TypeVar("Found")


def scatter(
    work: Callable[[Given], Found],
    given: Mapping[str, Given],
    *,
    progress: bool | Count = False,
) -> dict[str, Found]:
    """``work`` on every value as a Ray task, and the answers under the same keys.

    A worker that is lost loses nothing: its task goes to another one, three times at most. Ray is started
    on this machine unless the caller has done so.

    Args:
        work: a function of Python that can be pickled.
        given: what each task is given.
        progress: ``True`` for a bar, or a function that is called with how many of how many are done; it stops
            all by returning ``True``.

    Raises:
        Cancelled: ``progress`` or Ctrl-C stopped it.
        ray.exceptions.WorkerCrashedError: a task lost all of its workers.

    What ``work`` raises comes out, and all other tasks are stopped.

    >>> from fieldwright import ray
    >>> ray.scatter(lambda name: name.upper(), {"a": "north", "b": "south"})
    {'a': 'NORTH', 'b': 'SOUTH'}
    """
    import ray

    if not ray.is_initialized():
        ray.init(include_dashboard=False, log_to_driver=False)
    task = ray.remote(max_retries=ATTEMPTS)(work)
    keys = {task.remote(value): key for key, value in given.items()}
    waiting = list(keys)
    found: dict[str, Found] = {}
    tell, close = counter(progress, "tasks")
    try:
        while waiting:
            done, waiting = ray.wait(waiting, timeout=0.5)
            for answer in done:
                found[keys[answer]] = ray.get(answer)
            if done and tell is not None and tell(len(found), len(keys)):
                raise Cancelled(f"stopped after {len(found)} of {len(keys)}")
    except KeyboardInterrupt:
        raise Cancelled(f"interrupted after {len(found)} of {len(keys)}") from None
    finally:
        close()
        # Nobody wants any more what is still under way, whatever the reason.
        for answer in waiting:
            ray.cancel(answer, force=True)
    return {key: found[key] for key in given}


def split(problem: AnyProblem) -> dict[str, Problem]:
    """The problem of each region that has engineers: their shifts and its tickets, nothing else.

    Tickets of regions without engineers, and whoever and whatever has no region, are left to the pass over
    the borders; so are tickets that are locked, or whose customers were told a time.

    >>> import fieldwright as fw
    >>> from fieldwright import ray
    >>> list(ray.split(fw.Problem.city(engineers=8, tickets=40, regions=2)))
    ['Mitte', 'Charlottenburg']
    """
    given = as_problem(problem)
    world = json.loads(given.to_json())
    located = list(zip(world["tickets"], given._core.regions_of_tickets(), strict=True))
    homes = dict.fromkeys(e["region"] for e in world["engineers"] if e.get("region"))
    parts = {}
    for region in homes:
        engineers = [e for e in world["engineers"] if e.get("region") == region]
        known = {engineer["id"] for engineer in engineers}
        tickets = [_kept(ticket, known) for ticket, where in located if where == region]
        tickets = [ticket for ticket in tickets if ticket is not None]
        if tickets:
            part = world | {"engineers": engineers, "tickets": tickets}
            parts[region] = Problem.from_json(part)
    return parts


def plan(
    problem: AnyProblem,
    *,
    iterations: int = 20_000,
    repair: int | None = None,
    seed: int = 1,
    progress: bool | Count = False,
) -> Plan:
    """Plans every region as a Ray task, then repairs the whole across the borders.

    Args:
        problem: a :class:`Problem` whose tickets name their regions, or one in the native JSON.
        iterations: search steps of each region.
        repair: search steps over the whole afterwards, which starts from the regions' routes. As many as all
            regions had together when left out: what engineers of one region could do in the next is
            found here only, and with few steps little of it is.
        seed: of all that is drawn; the same seed gives the same plan on any cluster.
        progress: ``True`` for a bar of the regions and then one of the repair, or a function of how many regions
            of how many are done, which stops all by returning ``True``.

    Raises:
        InputError: the problem is wrong.
        Cancelled: ``progress`` or Ctrl-C stopped it before every region was planned. Ctrl-C during the
            repair returns the best plan so far, see :func:`fieldwright.plan`.

    >>> import fieldwright as fw
    >>> from fieldwright import ray
    >>> problem = fw.Problem.city(engineers=8, tickets=40, regions=2)
    >>> plan = ray.plan(problem, iterations=100)
    >>> fw.check(problem, plan)
    []
    """
    given = as_problem(problem)
    tasks = {key: (part.to_json(), iterations, seed) for key, part in split(given).items()}
    if repair is None:
        repair = iterations * len(tasks)
    routes = [route for found in scatter(_routes, tasks, progress=progress).values() for route in found]
    start = Plan.read(given, {"schema": 1, "routes": routes})
    return plan_alone(given, iterations=repair, seed=seed, start=start, progress=progress is True)


def _routes(task: tuple[str, int, int]) -> list[dict[str, Any]]:
    """What a worker does. Its searches share no cores with those of other workers."""
    world, iterations, seed = task
    found = plan_alone(world, iterations=iterations, seed=seed, threads=1).to_dict()
    routes: list[dict[str, Any]] = found["routes"]
    return routes


def _kept(ticket: dict[str, Any], engineers: set[str]) -> dict[str, Any] | None:
    """A ticket as its region sees it; nothing when it must go to somebody from elsewhere."""
    if ticket.get("required") and not engineers.intersection(ticket["required"]):
        return None
    if "lock" in ticket or "told" in ticket:
        return None
    here = {key: _among(ticket[key], engineers) for key in NAMED if key in ticket}
    return ticket | here


def _among(ids: Iterable[str], known: set[str]) -> list[str]:
    return [name for name in ids if name in known]
