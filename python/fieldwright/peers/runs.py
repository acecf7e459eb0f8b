"""Everybody in turn on the same instances, and what comes out: the median of the seeds."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import fieldwright as fw

from .engines import Effort, Engine
from .files import Case
from .instance import Instance, Verdict, verdict

__all__ = ["OURS", "Run", "median", "run"]

OURS = "fieldwright"
"""The name of this package among the engines."""


@dataclass(frozen=True)
class Run:
    """One engine on one instance with one seed."""

    case: Case
    engine: str
    effort: Effort
    used: float
    """Seconds that it took, from the instance to the routes."""
    verdict: Verdict | None
    """What the plan is worth; ``None`` where there is none."""
    word: str = ""
    """Why there is none."""

    @property
    def is_valid(self) -> bool:
        """Whether there is a plan that counts."""
        found = self.verdict
        return found is not None and not found.faults and not (self.case.is_complete and found.left_out)

    @property
    def gap(self) -> float | None:
        """Percent above the best known value of the last level, where nothing before it is missed."""
        if self.verdict is None or not self.is_valid or not self.case.best or any(self.verdict.score[:-1]):
            return None
        return 100 * (self.verdict.score[-1] / self.case.best - 1)

    @property
    def fault(self) -> str:
        """In a few words, why it does not count."""
        if self.verdict is None or self.is_valid:
            return self.word
        faults = self.verdict.faults
        if not faults:
            return f"{self.verdict.left_out} left out"
        return faults[0] if len(faults) == 1 else f"{faults[0]} (and {len(faults) - 1} more)"


def run(
    cases: Iterable[Case],
    engines: Sequence[Engine],
    *,
    seconds: float,
    threads: int = 1,
    seeds: Sequence[int] = (1,),
    ours: bool = True,
) -> Iterator[Run]:
    """Every run as it ends. Engines take turns, so that all meet the machine in the same minutes."""
    for case in cases:
        for position, seed in enumerate(seeds):
            effort = Effort(seconds, threads, seed)
            if ours:
                yield _timed(case, OURS, effort, lambda effort: _own(case, effort))
            for engine in engines:
                if position and not engine.is_random:
                    continue
                yield _asked(case, engine, effort)


def _asked(case: Case, engine: Engine, effort: Effort) -> Run:
    """A run of somebody else's engine, or the word for what it lacks."""
    instance = case.instance
    if isinstance(instance, str):
        return Run(case, engine.name, effort, 0.0, None, instance)
    lacks = engine.lacks(instance)
    if lacks is not None:
        return Run(case, engine.name, effort, 0.0, None, lacks)
    return _timed(
        case, engine.name, effort, lambda effort: _judged(instance, engine, effort)
    )


def _timed(
    case: Case, name: str, effort: Effort, plan: Callable[[Effort], Callable[[], Verdict]]
) -> Run:
    """Judging takes no time of the engine's. What an engine throws ends its run, not all."""
    started = time.perf_counter()
    try:
        judge = plan(effort)
        used = time.perf_counter() - started
        return Run(case, name, effort, used, judge())
    except Exception as error:  # whatever somebody else's engine raises
        used = time.perf_counter() - started
        return Run(case, name, effort, used, None, f"{type(error).__name__}: {error}")


def _own(case: Case, effort: Effort) -> Callable[[], Verdict]:
    plan = fw.plan(
        case.problem, seconds=effort.seconds, seed=effort.seed, threads=effort.threads
    )
    return lambda: verdict(plan)


def _judged(instance: Instance, engine: Engine, effort: Effort) -> Callable[[], Verdict]:
    routes = engine.solve(instance, effort)
    return lambda: instance.judge(routes)


def median(runs: Sequence[Run]) -> Run:
    """The run in the middle, the better one of two: those that count first, by score."""

    def rank(found: Run) -> tuple[bool, bool, list[int]]:
        judged = found.verdict
        return judged is None, not found.is_valid, judged.score if judged else []

    return sorted(runs, key=rank)[(len(runs) - 1) // 2]


def machine() -> str:
    """Processor and number of cores that this process may use."""
    name = ""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            name = next((line.partition(":")[2].strip() for line in file if "model name" in line), "")
    except OSError:
        pass
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return f"{cores} core{'s' if cores > 1 else ''} of {name or 'an unknown processor'}"
