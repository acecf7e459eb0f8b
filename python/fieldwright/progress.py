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


Count: TypeAlias = Callable[[int, int], bool | None]
"""A function of how many of how many are done, which stops all by returning ``True``."""


def watcher(watch: Watch) -> tuple[Told | None, Callable[[], None]]:
    """What the search calls about forty times, and what to call when it is over."""
    if not watch:
        return None, lambda: None
    if watch is True:
        bar = _bar("planning")

        def show(*told: Any) -> bool:
            progress = Progress(*told)
            words = f"{progress.unassigned} unassigned, score {progress.score}"
            return bar.show(progress.share, words)

        return show, bar.close
    _callable(watch)
    return lambda *told: bool(watch(Progress(*told))), lambda: None


def counter(watch: bool | Count, things: str) -> tuple[Count | None, Callable[[], None]]:
    """The same for work that is counted: what to call with how many of how many things are done."""
    if not watch:
        return None, lambda: None
    if watch is True:
        bar = _bar(things)
        return lambda done, count: bar.show(done / count, f"{done} of {count}"), bar.close
    _callable(watch)
    return watch, lambda: None


def _callable(watch: object) -> None:
    """Refuses what is neither, before anything is searched."""
    if not callable(watch):
        raise TypeError(f"progress is True, False or a function, not {watch!r}")


class _Tqdm:
    """A bar of tqdm, which knows notebooks from terminals."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar

    def show(self, share: float, words: str) -> bool:
        self._bar.n = round(share * 100)
        self._bar.set_postfix_str(words)
        return False

    def close(self) -> None:
        self._bar.close()


class _Line:
    """One line on standard error that is written over, on a terminal; nothing elsewhere."""

    def __init__(self, name: str) -> None:
        self._name = name

    def show(self, share: float, words: str) -> bool:
        if sys.stderr.isatty():
            done = round(share * 30)
            bar = "#" * done + "." * (30 - done)
            sys.stderr.write(f"\r{self._name} {bar} {share:4.0%}  {words}\x1b[K")
            sys.stderr.flush()
        return False

    def close(self) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\n")


def _bar(name: str) -> _Tqdm | _Line:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _Line(name)
    shape = "{l_bar}{bar}| {elapsed} {postfix}"
    return _Tqdm(tqdm(total=100, desc=name, bar_format=shape, leave=False))
