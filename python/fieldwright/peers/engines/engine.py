"""What an engine is to the comparison."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from ..instance import Instance, Routes

__all__ = ["Effort", "Engine", "installed"]


@dataclass(frozen=True)
class Effort:
    """What everybody gets: seconds of the clock on the wall, threads, and a seed."""

    seconds: float
    threads: int = 1
    seed: int = 1


@dataclass(frozen=True)
class Engine:
    """An engine of somebody else."""

    name: str
    install: str
    """The command that brings it."""
    version: Callable[[], str | None]
    """Its version; ``None`` where it is not installed."""
    lacks: Callable[[Instance], str | None]
    """What of an instance it has no word for, or no room."""
    solve: Callable[[Instance, Effort], Routes]
    is_random: bool = False
    """Whether it draws anything; otherwise one run stands for all seeds."""
    is_threaded: bool = False
    """Whether it can use more than one thread."""


def installed(package: str) -> str | None:
    """The version of a package from PyPI."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
