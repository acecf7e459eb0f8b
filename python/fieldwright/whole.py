"""Numbers as arguments: what is none is told by the name of its argument."""

import math
from operator import index

__all__ = ["MOST", "lasting", "whole"]

MOST = 2**63 - 1
"""No number is larger."""


def whole(name: str, value: object, least: int = 0) -> None:
    """Refuses what is no whole number from ``least`` on; ``None`` goes.

    Raises:
        TypeError: it is no whole number.
        ValueError: it is too small, or beyond all limits.
    """
    if value is None:
        return
    try:
        number = index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {value!r}") from None
    if number < least:
        told = {0: "zero or more", 1: "above zero"}.get(least, f"{least} or more")
        raise ValueError(f"{name} must be {told}, not {number}")
    if number > MOST:
        raise ValueError(f"{name} must be {MOST} at most, not {number}")


def lasting(name: str, seconds: float | None) -> None:
    """Refuses what is no number of seconds above zero, or would never end; ``None`` goes.

    Raises:
        TypeError: it is no number.
        ValueError: it is zero or less, infinite, or NaN.
    """
    if seconds is None:
        return
    if not hasattr(seconds, "__float__"):
        raise TypeError(f"{name} must be a number of seconds, not {seconds!r}")
    if not 0 < seconds < math.inf:
        raise ValueError(f"{name} must be above zero and not without end, not {seconds}")
