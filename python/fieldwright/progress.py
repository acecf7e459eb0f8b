"""How a search tells where it stands: a bar on a terminal or in a notebook, or a function of yours."""

import sys
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

__all__ = ["Progress", "Watch", "watcher"]


class Progress(NamedTuple):
    """Where a search stands.

    >>> import fieldwright as fw
    >>> problem = fw.Problem.city(engineers=3, tickets=8)
    >>> def enough(progress):
    ...     return progress.share > 0.5 and not progress.improved
    >>> plan = fw.plan(problem, iterations=200, progress=enough)
    >>> plan.interrupted
    False
    """

    seconds: float
    """Seconds since it started."""
    share: float
    """Share of the budget that is used up, from 0 to 1."""
    iterations: int
    """Steps so far."""
    score: list[int]
    """The best score so far, level by level; lower is better."""
    unassigned: int
    """Tickets that the best plan leaves out."""
    improved: bool
    """Whether the best plan is better than at the last report."""


Watch: TypeAlias = bool | Callable[[Progress], bool | None]
"""A bar (``True``), nothing, or a function that stops the search by returning ``True``."""

Told: TypeAlias = Callable[[float, float, int, list[int], int, bool], bool]


def watcher(watch: Watch) -> tuple[Told | None, Callable[[], None]]:
    """What the search calls about forty times, and what to call when it is over."""
    if watch is False:
        return None, lambda: None
    if watch is True:
        bar = _tqdm() or _Line()
        return lambda *told: bar.show(Progress(*told)), bar.close
    return lambda *told: bool(watch(Progress(*told))), lambda: None


def _words(progress: Progress) -> str:
    return f"{progress.unassigned} unassigned, score {progress.score}"


class _Tqdm:
    """A bar of tqdm, which knows notebooks from terminals."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar

    def show(self, progress: Progress) -> bool:
        self._bar.n = round(progress.share * 100)
        self._bar.set_postfix_str(_words(progress))
        return False

    def close(self) -> None:
        self._bar.close()


class _Line:
    """One line on standard error that is written over, on a terminal; nothing elsewhere."""

    def show(self, progress: Progress) -> bool:
        if sys.stderr.isatty():
            done = round(progress.share * 30)
            bar = "#" * done + "." * (30 - done)
            sys.stderr.write(f"\r{bar} {progress.share:4.0%}  {_words(progress)}\x1b[K")
            sys.stderr.flush()
        return False

    def close(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\n")


def _tqdm() -> _Tqdm | None:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    shape = "{l_bar}{bar}| {elapsed} {postfix}"
    return _Tqdm(tqdm(total=100, desc="planning", bar_format=shape, leave=False))
