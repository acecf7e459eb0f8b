"""The live desk: tickets come in, engineers are asked, timers run, and nothing is lost."""

import json
import math
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any

from . import _core
from .commands import Commands, Event, Moment
from .errors import JournalError
from .frames import Frame
from .plain import as_json
from .problem import AnyProblem, Problem, as_problem
from .running import Clock, WallClock, follow, seconds
from .views import Views

__all__ = ["Desk"]


class Desk(Views, Commands):
    """The live dispatcher, on a journal in one file.

    Commands are methods; each returns what has happened. Nothing is returned before it is in the
    journal, and whatever kills the process, opening the file again goes on where it was.

    >>> import fieldwright as fw
    >>> engineers = [
    ...     {"id": "ada", "start": 0, "end": 36000, "lat": 52.52, "lon": 13.40, "skills": "boiler:2"},
    ...     {"id": "bob", "start": 0, "end": 36000, "lat": 52.40, "lon": 13.40, "skills": "boiler:1"},
    ... ]
    >>> desk = fw.Desk(engineers, at=0)
    >>> leak = {"id": "leak", "lat": 52.53, "lon": 13.42, "service": 3600, "skills": "boiler:1"}
    >>> events = desk.open(leak, by="support:sue", at=0, key="call 4711")
    >>> desk.open_offers()[0]["engineer"]
    'ada'

    Ada does not answer within 30 minutes, so bob is asked, and takes it:

    >>> due = desk.next_deadline()
    >>> due
    1800
    >>> events = desk.advance(due)
    >>> (offer,) = desk.open_offers("leak")
    >>> events = desk.accept(offer, at=1900)
    >>> desk.ticket("leak")["phase"], desk.ticket("leak")["holder"]["engineer"]
    ('assigned', 'bob')
    >>> desk.offers.to_pandas()["answer"].tolist()
    ['expired', 'accepted']

    Any thread may use it, one at a time works on it; other threads of Python run while it writes.
    Several processes may work on one file: each call begins with what the others wrote, and who comes
    second decides on that. Do not open the live file with ``sqlite3`` or DuckDB in the same process:
    closing it there drops the locks here.
    """

    __slots__ = ("_clock", "_core", "_wakers")

    def __init__(
        self,
        engineers: AnyProblem | Frame | None = None,
        *,
        path: str | os.PathLike[str] | None = None,
        policy: Mapping[str, Any] | None = None,
        agreement: Mapping[str, Any] | None = None,
        at: Moment | None = None,
        clock: Clock | None = None,
        zone: str | None = None,
        seed: int | None = None,
    ) -> None:
        """Opens a desk, or goes on with the one whose journal is in the file.

        Args:
            engineers: a problem, whose engineers, regions and travel it takes but not its tickets; or a frame
                or rows of engineers as in :meth:`Problem.from_frames`. Of no account where the file
                has a journal: what stands there counts, and commands change it.
            path: the file of the journal. In memory when left out.
            policy: rules for offers by name; the others are those of :attr:`policy` of a new desk. As
                ``engineers`` of no account where there is a journal.
            agreement: what is promised to whom: ``calendars`` and ``commitments`` (see :meth:`ledger`). The most
                specific commitment that fits a ticket wins; where none does, the policy promises.
            at: when it opens; now by the clock when left out.
            clock: what commands without ``at=`` and :meth:`run` take the time from.
            zone: in which times are shown, and in which those of rows of engineers are that have none; that of the
                problem, or UTC, when left out. Commands take no moments without a zone.
            seed: of the ids of events; drawn when left out. With it and ``at=`` and ``key=`` everywhere
                the same calls give the same journal.

        Raises:
            InputError: every fault of the engineers, of the policy and of the agreement.
            FileNotFoundError: there is no such file, and no engineers to begin with.
            JournalError: the file cannot be used, or is not what was once written.
        """
        if engineers is None and path is not None and not os.path.exists(path):
            raise FileNotFoundError(f"there is no journal {path}, and no engineers to begin one")
        if path == ":memory:":
            raise ValueError("a desk in memory is one without a path")
        problem = None if engineers is None else _staff(engineers, zone)
        self._clock: Clock = clock or WallClock()
        self._wakers: set[Callable[[], object]] = set()
        try:
            self._core = _core.Desk.open(
                None if problem is None else problem._core,
                None if path is None else os.fspath(path),
                self._moment(at),
                as_json(policy or {}),
                as_json(agreement or {}),
                int.from_bytes(os.urandom(8)) if seed is None else seed,
                zone,
            )
        except JournalError as error:
            error.add_note(f"the file of the journal is {path}")
            raise

    @staticmethod
    def rights() -> dict[str, list[str]]:
        """Which roles may give which command.

        >>> import fieldwright as fw
        >>> fw.Desk.rights()["assign"]
        ['manager']
        """
        return dict(_core.rights())

    # Time

    def advance(self, at: Moment | None = None) -> list[Event]:
        """Deals with every deadline up to now, in order, and returns what follows.

        What is overdue is dealt with as of now: nobody was asked while the desk slept. :meth:`play` has it
        awake at every deadline on the way.
        """
        return self._told(self._core.advance(self._moment(at)))

    def play(self, until: datetime | int) -> list[Event]:
        """Lets time pass up to a moment, awake at every deadline on the way: for trying things on a branch.

        >>> import fieldwright as fw
        >>> staff = [{"id": "ada", "start": 0, "end": 36000, "lat": 52.52, "lon": 13.4}]
        >>> desk = fw.Desk(staff, at=0)
        >>> events = desk.open({"id": "leak", "lat": 52.53, "lon": 13.42}, by="support:sue", at=0)
        >>> silence = desk.branch()
        >>> [event["type"].split(".")[2] for event in silence.play(3600)]
        ['expired', 'escalated', 'breached', 'breached']
        """
        events: list[Event] = []
        while (due := self.next_deadline()) is not None and seconds(due) <= seconds(until):
            events += self.advance(due)
        return events + self.advance(until)

    def next_deadline(self) -> datetime | int | None:
        """When :meth:`advance` has something to do; whole seconds where the desk knows no calendar."""
        due = self._core.next_deadline()
        if due is None:
            return None
        return datetime.fromisoformat(due) if "T" in due else int(due)

    async def run(self, since: int | None = None) -> AsyncIterator[list[Event]]:
        """Keeps the deadlines, and yields everything that happens: each event once, in order.

        Sleeps until the next deadline, or until somebody gives a command, in whatever thread; looks
        every half a minute for what other processes have written. ``since`` is the number of the first
        event to yield, so that what sends notifications goes on after the last it has sent; from now on
        when left out. ::

            async for events in desk.run(since=sent):
                await notify(events)
        """
        async for events in follow(self, since):
            yield events

    # What if

    def branch(self) -> "Desk":
        """A copy to try things on, which writes nothing. Its events are those so far and its own.

        >>> import fieldwright as fw
        >>> desk = fw.Desk([{"id": "ada", "start": 0, "end": 36000, "lat": 52.52, "lon": 13.4}], at=0)
        >>> what_if = desk.branch()
        >>> events = what_if.ill("ada", "a cold", by="manager:max", at=30)
        >>> desk.engineer("ada")["ill_from"], what_if.engineer("ada")["ill_from"]
        (None, 30)
        """
        branch = object.__new__(Desk)
        branch._clock, branch._wakers, branch._core = self._clock, set(), self._core.branch()
        return branch

    def propose(
        self,
        engineers: Iterable[str],
        *,
        iterations: int = 2_000,
        seed: int = 1,
        moves: int = 0,
        at: Moment | None = None,
    ) -> dict[str, Any]:
        """Looks for better routes for these engineers; :meth:`commit_plan` takes what comes out.

        At most ``moves`` visits go to another shift than their customers were told. Changes nothing.

        >>> import fieldwright as fw
        >>> desk = fw.Desk([{"id": "ada", "start": 0, "end": 36000, "lat": 52.52, "lon": 13.4}], at=0)
        >>> proposal = desk.propose(["ada"], iterations=50, at=0)
        >>> [event["type"] for event in desk.commit_plan(proposal, by="manager:max", at=0)]
        ['aftersales.dispatch.plan_changed.v1']
        """
        names = [engineers] if isinstance(engineers, str) else list(engineers)
        found = self._core.propose(self._moment(at), names, iterations, seed, moves)
        proposal: dict[str, Any] = json.loads(found)
        return proposal

    def improve(
        self,
        *,
        seed: int,
        engineers: int = 6,
        calls: int = 2,
        iterations: int = 1_000,
        margin: Sequence[int] = (),
        at: Moment | None = None,
    ) -> dict[str, Any] | None:
        """Cuts a slice out of the live plan and looks for a better one; :meth:`commit_plan` takes what comes out.

        For a loop in a thread of its own: the desk goes on meanwhile, and refuses what no longer fits. The slice is
        so many neighbouring ``engineers`` around a visit that ``seed`` draws; give each one another. What is under way,
        locked, or asked stays, and at most so many customers need be called; the others keep their engineer,
        and their time within the tolerance of the policy. None where nothing is better by ``margin``, level by level of
        the score (1 where none is named). Changes nothing.

        >>> import fieldwright as fw
        >>> staff = [{"id": "ada", "start": 0, "end": 36000, "lat": 52.5, "lon": 13.4},
        ...          {"id": "bob", "start": 0, "end": 36000, "lat": 52.7, "lon": 13.4}]
        >>> desk = fw.Desk(staff, at=0)
        >>> for name, lat, engineer in [("T1", 52.7, "ada"), ("T2", 52.5, "bob")]:
        ...     ticket = {"id": name, "lat": lat, "lon": 13.4, "service": 3600}
        ...     events = desk.open(ticket, by="support:sue", at=0)
        ...     version = desk.ticket(name)["version"]
        ...     events = desk.assign(name, engineer, "as told", by="manager:max", version=version, at=0)
        >>> for seed in range(1, 5):
        ...     if proposal := desk.improve(seed=seed, at=0):
        ...         events = desk.commit_plan(proposal, by="system:rolling", at=0)
        >>> desk.ticket("T1")["holder"]["engineer"], desk.ticket("T2")["holder"]["engineer"]
        ('bob', 'ada')
        """
        margins = list(margin)
        found = self._core.improve(self._moment(at), seed, engineers, calls, iterations, margins)
        proposal: dict[str, Any] | None = None if found is None else json.loads(found)
        return proposal

    # The journal

    def catch_up(self) -> None:
        """Takes in what other processes have written: for who only reads.

        >>> import pathlib, tempfile
        >>> import fieldwright as fw
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "desk.db"
        >>> engineers = [{"id": "ada", "start": 0, "end": 36000, "lat": 52.52, "lon": 13.4}]
        >>> one, other = fw.Desk(engineers, path=path, at=0), fw.Desk(path=path)
        >>> events = one.open({"id": "leak", "lat": 52.53, "lon": 13.42}, by="support:sue", at=0)
        >>> other.catch_up()
        >>> other.ticket("leak")["phase"] == one.ticket("leak")["phase"]
        True
        >>> one.keep_snapshot()
        >>> one.close()
        >>> other.close()
        """
        self._core.catch_up()
        self._wake()

    def verify(self) -> dict[str, Any]:
        """Verifies the hash chain of the journal: how many ``events`` it has, and the ``hash`` of the last.

        Raises:
            JournalError: an event is not what was once written.
        """
        events, last = self._core.verify()
        return {"events": events, "hash": last}

    def keep_snapshot(self) -> None:
        """Keeps the state beside the journal, so that the next start need not read all of it."""
        self._core.keep_snapshot()

    def close(self) -> None:
        """Lets go of the file. Nothing is lost without it. Who still follows :meth:`run` gets a ``ValueError``."""
        self._core.close()
        self._wake()

    def __enter__(self) -> "Desk":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError(
            "a desk holds its journal and cannot be pickled or copied; open the file again with "
            "`Desk(path=..)`, or try things on `desk.branch()`"
        )

    def __repr__(self) -> str:
        names = ("engineer", "ticket", "event")
        try:
            counts, due = self._core.counts(), self.next_deadline()
        except ValueError:
            return "<Desk: closed>"
        told = ", ".join(f"{n:,} {name}{'' if n == 1 else 's'}" for n, name in zip(counts, names, strict=True))
        return f"<Desk: {told}, next deadline {due}>"

    # How commands get to the desk

    def _apply(
        self,
        command: dict[str, Any],
        *,
        by: str,
        at: Moment | None = None,
        key: str | None = None,
    ) -> list[Event]:
        return self._told(self._core.apply(self._moment(at), by, key, as_json(command)))

    def _policy(self) -> dict[str, Any]:
        return self.policy

    def _now(self) -> Moment:
        now = self._clock.now()
        return now if isinstance(now, datetime) else math.floor(now)

    def _moment(self, at: Moment | None) -> str:
        return as_json(self._now() if at is None else at)

    def _told(self, text: str) -> list[Event]:
        events: list[Event] = json.loads(text)
        if events:
            self._wake()
        return events

    def _wake(self) -> None:
        for wake in tuple(self._wakers):
            wake()


def _staff(given: AnyProblem | Frame, zone: str | None) -> Problem:
    """A problem, or one of engineers who have nothing to do yet."""
    if isinstance(given, str) and "{" not in given:
        raise ValueError(f"{given!r} is no problem; the file of a journal is told as `path=`")
    if isinstance(given, Problem | str) or (isinstance(given, Mapping) and "engineers" in given):
        return as_problem(given)  # type: ignore[arg-type]
    return Problem.from_frames(given, [], zone=zone)
