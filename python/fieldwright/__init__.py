"""Field-service dispatch: the right engineer at the right door in time.

Worlds and plans are dicts in the native JSON format; ``fieldwright schema`` prints its schema.
Times are whole seconds since the epoch or RFC 3339 strings with an offset.
"""

import json
from typing import Any

from . import _core

__version__: str = _core.__version__
__all__ = ["InputError", "check", "plan", "__version__"]


class InputError(ValueError):
    """The input is wrong. ``issues`` lists every fault with ``code``, ``at`` and ``cause``."""

    def __init__(self, issues: list[dict[str, str]]) -> None:
        self.issues = issues
        lines = (f"{issue['code']} at {issue['at']}: {issue['cause']}" for issue in issues)
        super().__init__("\n".join(lines))


def plan(
    world: dict[str, Any] | str,
    *,
    seconds: float | None = None,
    iterations: int | None = None,
    seed: int = 1,
    threads: int | None = None,
) -> dict[str, Any]:
    """Plan routes for a world, given as a dict or as JSON text.

    The search stops after ``seconds`` of wall clock or after ``iterations``, whichever comes
    first (ten seconds when neither is given). With ``iterations`` alone the same input and seed
    give the same plan on any machine. Raises ``InputError`` with every fault of the input.
    """
    if seconds is not None and not seconds > 0:
        raise ValueError(f"seconds must be above zero, not {seconds}")
    return _answer(_core.plan_json, _text(world), seconds, iterations, seed, threads)


def check(world: dict[str, Any] | str, plan: dict[str, Any] | str) -> list[dict[str, Any]]:
    """List the violations of a plan, found independently of the solver; empty when it is valid."""
    return _answer(_core.check_json, _text(world), _text(plan))


def _text(value: dict[str, Any] | str) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _answer(function: Any, *arguments: Any) -> Any:
    try:
        return json.loads(function(*arguments))
    except ValueError as error:
        try:
            issues = json.loads(str(error))
        except json.JSONDecodeError:
            raise error from None
        raise InputError(issues) from None
