"""Plans and assignments: tables, pages, differences."""

import json
import os
from typing import TYPE_CHECKING, Any

from . import _core
from .plain import as_json
from .problem import Problem
from .table import Table

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Assignment", "Page", "Plan"]


class Page:
    """A page or drawing that a notebook shows and a file can hold.

    ``text`` is all of it, ``height`` how many pixels a notebook gives to it.

    >>> import fieldwright as fw
    >>> page = fw.plan(fw.Problem.city(engineers=3, tickets=8), iterations=50).page()
    >>> page.text[:15], page.height
    ('<!DOCTYPE html>', 900)
    """

    __slots__ = ("height", "text")

    def __init__(self, text: str, height: int = 640) -> None:
        self.text = text
        self.height = height

    def save(self, path: str | os.PathLike[str]) -> "Path":
        """Writes it, and says where."""
        # Together with `html` a sixth of what importing this package would take.
        from pathlib import Path

        path = Path(path)
        path.write_text(self.text, encoding="utf-8")
        return path

    def _repr_html_(self) -> str:
        # A frame of its own: its styles and scripts cannot touch the notebook.
        import html

        text = html.escape(self.text)
        return f'<iframe srcdoc="{text}" style="width:100%;height:{self.height}px;border:0"></iframe>'

    def __repr__(self) -> str:
        return f"<Page of {len(self.text):,} characters: save(path) writes it>"


class Plan:
    """Routes with times, and the tickets left out with reasons. It does not change.

    >>> import fieldwright as fw
    >>> plan = fw.plan(fw.Problem.city(engineers=3, tickets=8), iterations=50)
    >>> plan.routes.columns[:4]
    ['engineer', 'shift', 'visits', 'depart']
    >>> len(plan.visits) + len(plan.unassigned)
    8
    """

    __slots__ = ("_core", "problem")

    def __init__(self, problem: Problem, core: _core.Plan) -> None:
        self.problem = problem
        self._core = core

    @classmethod
    def read(
        cls, problem: Problem, plan: dict[str, Any] | str, format: str | None = None  # noqa: A002
    ) -> "Plan":
        """Takes a plan that somebody made: native JSON as a dict or text, or text of another format.

        Orders without times (VROOM's, ``.sol`` files) are timed.

        Raises:
            InputError: it cannot be read, or names what the problem does not have.

        >>> import fieldwright as fw
        >>> problem = fw.Problem.city(engineers=3, tickets=8)
        >>> plan = fw.plan(problem, iterations=50)
        >>> fw.Plan.read(problem, plan.to_json()) == fw.Plan.read(problem, plan.to_dict()) == plan
        True
        """
        text = plan if isinstance(plan, str) else as_json(plan)
        name = format or (None if isinstance(plan, str) else "native")
        return cls(problem, _core.Plan.read(problem._core, text, name, 0, 0.0, False))

    @property
    def visits(self) -> Table:
        """A row for each visit, route by route.

        Columns: ``ticket`` ``engineer`` ``shift`` ``position`` (from 1) ``arrive`` ``start`` ``end``
        ``due`` ``late`` ``travel`` (s) ``distance`` (m) ``wait`` (s) ``lat`` ``lon``.
        """
        return Table(self._core.visits())

    @property
    def routes(self) -> Table:
        """A row for each shift that is used.

        Columns: ``engineer`` ``shift`` ``visits`` ``depart`` ``end`` ``duration`` ``service`` ``breaks``
        ``travel`` (s) ``distance`` (m) ``travel_home`` ``distance_home``.
        """
        return Table(self._core.routes())

    @property
    def unassigned(self) -> Table:
        """A row for each ticket left out.

        Columns: ``ticket`` ``priority`` ``due`` ``reason`` (the rule that stands in the way of most
        shifts) ``reasons`` (each rule and in how many shifts it is the first to fail) ``lat`` ``lon``.
        """
        return Table(self._core.unassigned())

    @property
    def figures(self) -> Table:
        """A row for each engineer: late visits, seconds of service, travel, waiting, and utilisation."""
        return Table(self._core.figures())

    @property
    def regions(self) -> Table:
        """A row for each region: what is served in it, by whomever.

        >>> import fieldwright as fw
        >>> plan = fw.plan(fw.Problem.city(engineers=3, tickets=8, regions=2), iterations=50)
        >>> len(plan.regions)
        2
        """
        return Table(self._core.regions())

    @property
    def total(self) -> dict[str, Any]:
        """The figures of all engineers together."""
        total: dict[str, Any] = json.loads(self._core.total())
        return {key: value for key, value in total.items() if key not in ("engineers", "regions")}

    @property
    def score(self) -> list[int]:
        """The score on each level of the objective, see :attr:`Problem.levels`; lower is better.

        >>> import fieldwright as fw
        >>> problem = fw.Problem.city(engineers=3, tickets=8)
        >>> plan = fw.plan(problem, iterations=50)
        >>> len(plan.score) == len(problem.levels)
        True
        """
        return self._core.score

    @property
    def iterations(self) -> int:
        """Steps of the search."""
        return self._core.iterations

    @property
    def seconds(self) -> float:
        """Seconds that the search took."""
        return self._core.seconds

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended the search early."""
        return self._core.is_interrupted

    @property
    def displaced(self) -> list[str]:
        """Tickets of the plan to start from that could not stay where they were.

        >>> import fieldwright as fw
        >>> problem = fw.Problem.city(engineers=3, tickets=8)
        >>> plan = fw.plan(problem, iterations=50)
        >>> fw.plan(problem, iterations=50, start=plan).displaced
        []
        """
        return self._core.displaced

    def to_json(self) -> str:
        """The plan in the native JSON; :meth:`read` takes it back."""
        return self._core.write("native")

    def to_dict(self) -> dict[str, Any]:
        """The plan in the native JSON as a dict."""
        plan: dict[str, Any] = json.loads(self.to_json())
        return plan

    def to_geojson(self) -> str:
        """Regions, routes as lines and stops as points.

        >>> import json
        >>> import fieldwright as fw
        >>> plan = fw.plan(fw.Problem.city(engineers=3, tickets=8), iterations=50)
        >>> json.loads(plan.to_geojson())["type"]
        'FeatureCollection'
        """
        return self._core.write("geojson")

    def diff(self, other: "Plan", *, tolerance: float = 900) -> Table:
        """What changes for whom when this plan is replaced by ``other``, a row for each changed visit.

        Columns: ``ticket`` ``kind`` (unassigned, assigned, moved, reordered, retimed) ``call`` (must the
        customer be called, if a start may move by ``tolerance`` seconds?) ``before_engineer``
        ``before_shift`` ``before_start`` and the same ``after``.

        >>> import fieldwright as fw
        >>> plan = fw.plan(fw.Problem.city(engineers=3, tickets=8), iterations=50)
        >>> len(plan.diff(plan))
        0
        """
        if not isinstance(other, Plan):
            raise TypeError(f"a Plan is expected, not {type(other).__name__}")
        return Table(self._core.diff(other._core, round(tolerance)))

    def page(self) -> Page:
        """One self-contained page: map, schedule, figures, and what is left out and why."""
        return Page(self._core.draw("html"), 900)

    def map(self, path: str | os.PathLike[str] | None = None, *, engine: str | None = None) -> Any:
        """A map of the routes.

        Without a path it is the crate's own drawing, or a ``folium.Map`` with ``engine="folium"``.
        ``path`` saves: ``.html`` and ``.svg`` the crate's own, ``.png``, ``.pdf`` and ``.jpg`` through matplotlib.

        Raises:
            ValueError: no drawing has this ending, or the engine draws no maps.

        >>> import fieldwright as fw
        >>> plan = fw.plan(fw.Problem.city(engineers=3, tickets=8), iterations=50)
        >>> "<svg" in plan.map().text and "<svg" in plan.gantt().text
        True
        """
        from . import draw

        return draw.draw(self, "map", path, engine)

    def gantt(self, path: str | os.PathLike[str] | None = None, *, engine: str | None = None) -> Any:
        """The schedule, a row for each engineer. As :meth:`map`, with ``engine="altair"``."""
        from . import draw

        return draw.draw(self, "gantt", path, engine)

    def __contains__(self, ticket: str) -> bool:
        return self._core.visits_ticket(ticket)

    def __str__(self) -> str:
        return self._core.draw("text")

    def __repr__(self) -> str:
        routes, visits, left = self._core.counts()
        return f"<Plan: {visits:,} visits on {routes:,} routes, {left:,} unassigned, score {self.score}>"

    def _repr_html_(self) -> str:
        return self.page()._repr_html_()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plan) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(tuple(self.score))

    def __copy__(self) -> "Plan":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Plan":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        kept = (self.iterations, self.seconds, self.interrupted, self.displaced)
        return _restored, (self.problem, self.to_json(), *kept)


class Assignment:
    """Who gets what, without an order; what it is proven to be worth, and what more capacity would save.

    >>> import fieldwright as fw
    >>> answer = fw.assign(fw.Problem.city(engineers=3, tickets=12))
    >>> len(answer.score), sorted(answer.worth)
    (3, ['hires', 'shifts', 'stocks'])
    """

    __slots__ = ("data",)

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        """All of it, as ``fieldwright assign --json`` writes it."""

    @property
    def pairs(self) -> dict[str, str]:
        """The shift of each ticket that somebody gets."""
        return {pair["ticket"]: pair["shift"] for pair in self.data["pairs"]}

    @property
    def unassigned(self) -> dict[str, dict[str, int]]:
        """The tickets that nobody gets, and the rules that stand in the way."""
        return {left["ticket"]: left["reasons"] for left in self.data["unassigned"]}

    @property
    def score(self) -> list[int]:
        """Sum of the pairs' scores and of the worth left out, level by level."""
        score: list[int] = self.data["score"]
        return score

    @property
    def worth(self) -> dict[str, Any]:
        """What more capacity would save: of shifts, of engineers hired, of parts."""
        return self.data["prices"] or {}

    def __repr__(self) -> str:
        return f"<Assignment: {len(self.pairs)} pairs, {len(self.unassigned)} unassigned>"


def _restored(
    problem: Problem, text: str, iterations: int, seconds: float, interrupted: bool, displaced: list[str]
) -> Plan:
    core = _core.Plan.read(problem._core, text, "native", iterations, seconds, interrupted, displaced)
    return Plan(problem, core)
