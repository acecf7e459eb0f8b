"""Questions about plans and tickets: who should go, why not somebody else, is the plan sound."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from . import _core
from .problem import AnyProblem, as_problem
from .result import Plan
from .table import Table
from .whole import whole

__all__ = ["Answer", "Dispatcher", "Recommendation", "check", "explain", "recommend", "why_not"]

BESIDE = 3
"""How many engineers an explanation shows beside the one who has the ticket."""


class _Kept(NamedTuple):
    """What a recommendation says, without the dispatcher that it came from."""

    best: str | None
    told: str
    data: str
    rows: _core.Table

    def text(self) -> str:
        return self.told

    def json(self) -> str:
        return self.data

    def table(self) -> _core.Table:
        return self.rows


class Recommendation:
    """The best engineers for a ticket, or for each of several: a table that explains itself.

    ``print`` it for the costs of each by criterion; take :attr:`table` on as a data frame. It does not
    change, and can be pickled and copied.

    >>> import fieldwright as fw
    >>> problem = fw.Problem.city(engineers=5, tickets=30)
    >>> found = fw.recommend(problem, problem.tickets[:2], top=1)
    >>> found.to_polars().columns[:3] == found.to_pandas().columns[:3].tolist()
    True
    """

    __slots__ = ("_core",)

    def __init__(self, core: _core.Recommendations | _Kept) -> None:
        self._core = core

    @property
    def best(self) -> str | None:
        """The id of the best engineer (for the first ticket); ``None`` when nobody can take it."""
        return self._core.best

    @property
    def table(self) -> Table:
        """A row for each ticket and candidate.

        Columns: ``ticket`` ``rank`` (from 1) ``engineer`` ``shift`` ``position`` (from 1) ``arrive``
        ``start`` ``moved`` (visits that start at another time) and ``level_1`` and so on: what it adds
        to the score.
        """
        return Table(self._core.table())

    @property
    def data(self) -> list[dict[str, Any]]:
        """Everything, with the contribution of each criterion: a dict for each ticket."""
        data: list[dict[str, Any]] = json.loads(self._core.json())
        return data

    def to_pandas(self) -> Any:
        """The table as a ``pandas.DataFrame``."""
        return self.table.to_pandas()

    def to_polars(self) -> Any:
        """The table as a ``polars.DataFrame``."""
        return self.table.to_polars()

    def __copy__(self) -> "Recommendation":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Recommendation":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.best, self._core.text(), self._core.json(), self.table)

    def __str__(self) -> str:
        return self._core.text()

    def __repr__(self) -> str:
        return self._core.text()


class Answer:
    """A reason: ``text`` for people (``print`` it), :attr:`data` for programs.

    >>> import fieldwright as fw
    >>> problem = fw.Problem.city(engineers=5, tickets=30)
    >>> answer = fw.why_not(problem, problem.tickets[0], problem.engineers[0])
    >>> answer.text == str(answer)
    True
    """

    __slots__ = ("data", "text")

    def __init__(self, told: tuple[str, str]) -> None:
        self.text = told[0]
        self.data: Any = json.loads(told[1])

    @property
    def changes(self) -> list[dict[str, Any]]:
        """The smallest changes that would make the ticket fit (on the shift that comes nearest to
        taking it), for :func:`what_if`."""
        found = self.data["nearest"] if isinstance(self.data, dict) else self.data
        hurdles = found[0]["hurdles"] if found else []
        return [change for hurdle in hurdles for change in hurdle["changes"]]

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.text


class Dispatcher:
    """Answers questions about single tickets, given a problem and a plan: prepare it once, ask often.

    Raises:
        InputError: the plan is one of another problem: visits are unknown to this one, or do not fit into it.

    >>> import fieldwright as fw
    >>> problem = fw.Problem.city(engineers=5, tickets=30)
    >>> dispatcher = fw.Dispatcher(problem, fw.plan(problem, iterations=100))
    >>> dispatcher.recommend(problem.tickets[0], top=2).table.columns[:3]
    ['ticket', 'rank', 'engineer']
    """

    __slots__ = ("_core", "plan", "problem")

    def __init__(self, problem: AnyProblem, plan: Plan | None = None) -> None:
        self.problem = as_problem(problem)
        self.plan = plan
        core = None if plan is None else plan._core
        self._core = _core.Dispatcher(self.problem._core, core)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problem, self.plan)

    def recommend(
        self, ticket: str | Iterable[str], top: int = 5, *, everybody: bool = False
    ) -> Recommendation:
        """The best engineers for a ticket, or for each of a column of tickets.

        A ticket that is on a route already is asked about as if it had just been taken off.

        Args:
            ticket: an id, or ids (a list, a series): each is asked about on its own.
            top: how many candidates of each.
            everybody: asks all engineers instead of the nearest who are qualified.

        Raises:
            InputError: there is no such ticket.
        """
        whole("top", top)
        if isinstance(ticket, str):
            return Recommendation(self._core.recommend(ticket, top, everybody))
        # Of a frame or a dict the names of its columns would be asked about.
        if not isinstance(ticket, Iterable) or isinstance(ticket, bytes | Mapping) or hasattr(ticket, "columns"):
            raise TypeError(f"the id of a ticket is text, and several are a column; this is {type(ticket).__name__}")
        return Recommendation(self._core.recommend_all([str(t) for t in ticket], top, everybody))

    def why_not(self, ticket: str, engineer: str) -> Answer:
        """Why a ticket does not go to an engineer, and the smallest changes that would make it fit.

        Raises:
            InputError: there is no such ticket or engineer.
        """
        return Answer(self._core.why_not(ticket, engineer))

    def why_nobody(self, ticket: str) -> Answer:
        """Why nobody takes a ticket, and who comes nearest to it.

        Raises:
            InputError: there is no such ticket.
        """
        return Answer(self._core.nobody(ticket))


def recommend(
    problem: AnyProblem,
    ticket: str | Iterable[str],
    *,
    plan: Plan | None = None,
    top: int = 5,
    everybody: bool = False,
) -> Recommendation:
    """The best engineers for a ticket, or for each of a column of tickets; see :class:`Dispatcher`.

    Without a plan everybody is still at home. Whoever asks often prepares a :class:`Dispatcher`.

    Raises:
        InputError: there is no such ticket, or the plan is one of another problem.

    >>> import fieldwright as fw
    >>> problem = fw.Problem.city(engineers=5, tickets=30)
    >>> table = fw.recommend(problem, problem.tickets[:3], top=1).table
    >>> len(table) <= 3
    True
    """
    return Dispatcher(problem, plan).recommend(ticket, top, everybody=everybody)


def why_not(
    problem: AnyProblem, ticket: str, engineer: str, *, plan: Plan | None = None
) -> Answer:
    """Why a ticket does not go to an engineer; see :meth:`Dispatcher.why_not`.

    >>> import fieldwright as fw
    >>> engineers = [{"id": "ada", "start": 0, "end": 28800, "lat": 52.52, "lon": 13.4}]
    >>> tickets = [{"id": "leak", "lat": 52.51, "lon": 13.44, "skills": "boiler:2"}]
    >>> problem = fw.Problem.from_frames(engineers, tickets)
    >>> answer = fw.why_not(problem, "leak", "ada")
    >>> answer.changes[0]["change"]
    'raise_skill'
    >>> better = fw.what_if(problem, answer.changes)
    >>> fw.recommend(better, "leak").best
    'ada'
    """
    return Dispatcher(problem, plan).why_not(ticket, engineer)


def explain(
    problem: AnyProblem, plan: Plan, ticket: str, engineer: str | None = None
) -> Recommendation | Answer:
    """Why a ticket is where it is: with whom it is beside the next best, or why nobody has it.

    With ``engineer``, why it is not with him.

    Args:
        problem: a :class:`Problem`, or one in the native JSON.
        plan: a plan of it.
        ticket: the id of a ticket.
        engineer: the id of an engineer who does not have it.

    Raises:
        InputError: there is no such ticket or engineer.

    >>> import fieldwright as fw
    >>> problem = fw.Problem.city(engineers=5, tickets=30)
    >>> plan = fw.plan(problem, iterations=100)
    >>> first = plan.visits.to_pandas().iloc[0]
    >>> fw.explain(problem, plan, first["ticket"]).data[0]["holder"] == first["engineer"]
    True
    """
    if not isinstance(plan, Plan):
        raise TypeError(f"a Plan is expected, not {type(plan).__name__}")
    dispatcher = Dispatcher(problem, plan)
    if engineer is not None:
        return dispatcher.why_not(ticket, engineer)
    if ticket in plan:
        return dispatcher.recommend(ticket, BESIDE)
    return dispatcher.why_nobody(ticket)


def check(problem: AnyProblem, plan: Plan | dict[str, Any] | str) -> list[dict[str, str]]:
    """Everything that is wrong with a plan, found independently of the solver; empty when it is sound.

    Args:
        problem: a :class:`Problem`, or one in the native JSON.
        plan: a :class:`Plan`, of whatever problem, or one in the native JSON, whoever made it.

    Returns:
        dicts with ``law`` (what is not kept), ``at`` and ``cause``.

    Raises:
        InputError: the plan cannot be read at all.

    >>> import fieldwright as fw
    >>> problem = fw.Problem.city(engineers=5, tickets=30)
    >>> plan = fw.plan(problem, iterations=100).to_dict()
    >>> lost = plan["routes"][0]["stops"].pop()
    >>> fw.check(problem, plan)[0]["law"]
    'times'
    """
    given = as_problem(problem)
    if isinstance(plan, Plan) and plan.problem is not given:
        plan = plan.to_json()
    taken = plan if isinstance(plan, Plan) else Plan.read(given, plan)
    return [dict(zip(("law", "at", "cause"), found, strict=True)) for found in taken._core.check()]


def _restored(best: str | None, text: str, data: str, table: Table) -> Recommendation:
    return Recommendation(_Kept(best, text, data, table._core))
