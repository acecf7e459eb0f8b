"""The engines, each in a file of its own: what it cannot be told, and a function from an instance to routes."""

from . import ortools, pyvrp, vroom, vrpcli
from .engine import Effort, Engine

__all__ = ["ENGINES", "Effort", "Engine"]

ENGINES: dict[str, Engine] = {
    engine.name: engine for engine in (pyvrp.ENGINE, vroom.ENGINE, ortools.ENGINE, vrpcli.ENGINE)
}
"""Every engine by its name."""
