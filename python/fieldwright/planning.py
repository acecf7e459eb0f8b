"""From a problem to a plan: the search, the one-shot assignment, and what else might be."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from . import _core
from .plain import as_json
from .problem import AnyProblem, Problem, as_problem
from .progress import Watch, watcher
from .result import Assignment, Plan
from .whole import lasting, whole

__all__ = ["assign", "plan", "what_if"]


def plan(
    problem: AnyProblem,
    *,
    seconds: float | None = None,
    iterations: int | None = None,
    stall: int | None = None,
    seed: int = 1,
    threads: int | None = None,
    start: Plan | None = None,
    progress: Watch = False,
) -> Plan:
    """Plans routes: who goes where, when, and in what order.

    Other threads of Python run while it searches. Ctrl-C stops it and returns the best plan so far, with
    ``plan.interrupted`` set (on the main thread, where Python hears signals). Every plan has passed
    the independent check before it is returned.

    Args:
        problem: a :class:`Problem`, or one in the native JSON.
        seconds: wall-clock limit. Ten seconds when no limit at all is given.
        iterations: limit on search steps. Alone, it gives the same plan for the same input and seed on
            any machine and any number of threads.
        stall: stops after so many steps of each search without a better plan, also long before another limit.
        seed: of all that is drawn.
        threads: how many to use, 1 to 1,024; all cores when left out.
        start: a plan to begin from; what no longer fits is named in ``plan.displaced``.
        progress: ``True`` for a bar (of tqdm where it is installed, as a notebook needs it; otherwise a line on a
            terminal), or a function of a :class:`Progress` that is called about forty
            times, more often where ``stall`` is given; it stops the search by returning ``True``.

    Raises:
        InputError: the problem is wrong, or there are too many threads.
        ValueError: a budget, the seed or the number of threads is wrong.

    >>> import fieldwright as fw
    >>> problem = fw.Problem.city(engineers=3, tickets=12)
    >>> plan = fw.plan(problem, iterations=200)
    >>> fw.check(problem, plan)
    []
    """
    lasting("seconds", seconds)
    whole("threads", threads, 1)
    for name, count in (("iterations", iterations), ("stall", stall), ("seed", seed)):
        whole(name, count)
    if start is not None and not isinstance(start, Plan):
        raise TypeError(f"start must be a Plan, not {type(start).__name__}; Plan.read makes one")
    given = as_problem(problem)
    tell, close = watcher(progress)
    core = None if start is None else start._core
    try:
        found = _core.plan_routes(
            given._core, seconds, iterations, stall, seed, threads, core, tell
        )
    finally:
        close()
    return Plan(given, found)


def assign(
    problem: AnyProblem,
    *,
    method: Literal["greedy", "exact", "lp"] = "exact",
    candidates: int = 32,
    per_shift: int | None = None,
    hours: bool = False,
    balance: int = 0,
    stock: Mapping[str, int] | None = None,
    seconds: float = 10.0,
) -> Assignment:
    """Hands all tickets to shifts at once, without an order of visits: an estimate in milliseconds.

    Args:
        problem: a :class:`Problem`, or one in the native JSON.
        method: ``exact`` proves its answer where no side constraint binds; ``greedy`` is the baseline.
        candidates: how many shifts each ticket is tried on, nearest first.
        per_shift: how many tickets a shift takes; from its length when left out.
        hours: no shift gets more work and travel than its hours.
        balance: what each ticket on the fullest shift costs.
        stock: spare parts that all tickets together may use up.
        seconds: for the method ``lp``.

    >>> import fieldwright as fw
    >>> answer = fw.assign(fw.Problem.city(engineers=3, tickets=12))
    >>> len(answer.pairs) + len(answer.unassigned)
    12
    """
    given = as_problem(problem)
    lasting("seconds", seconds)
    for name, count in (("candidates", candidates), ("per_shift", per_shift), ("balance", balance)):
        whole(name, count)
    for part, count in (stock or {}).items():
        whole(f"stock[{part!r}]", count)
    text = _core.assign(
        given._core, method, candidates, per_shift, hours, balance, dict(stock or {}), seconds
    )
    return Assignment(json.loads(text))


def what_if(
    problem: AnyProblem,
    changes: Mapping[str, Any] | Iterable[Mapping[str, Any]] = (),
    *,
    hire: Sequence[str] | str = (),
) -> Problem:
    """The same problem with something changed: plan it, and compare.

    Args:
        problem: a :class:`Problem`, or one in the native JSON.
        changes: what explanations propose (``why_not(..).changes``), one or several dicts such as ``{"change":
            "extend_shift", "shift": "ada/1", "seconds": 1800}``.
        hire: ids of engineers to have twice; the new one has a ``+`` behind his id.

    Raises:
        InputError: there is no such thing to change.

    >>> import fieldwright as fw
    >>> problem = fw.Problem.city(engineers=3, tickets=12)
    >>> fw.what_if(problem, hire=problem.engineers[0]).engineers[-1]
    'E001+'
    """
    given = as_problem(problem)
    hired = [hire] if isinstance(hire, str) else list(hire)
    listed = [changes] if isinstance(changes, Mapping) else changes
    return Problem(given._core.changed(as_json([dict(change) for change in listed]), hired))
