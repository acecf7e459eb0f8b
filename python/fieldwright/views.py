"""What a desk knows: a method or a table for each question. Nothing here changes anything."""

import json
from typing import Any

from . import _core
from .commands import Event, Moment
from .result import Page
from .table import Table

__all__ = ["Views"]


class Views:
    """What stands on a desk, and what has happened."""

    __slots__ = ()

    _core: _core.Desk

    def _moment(self, at: Moment | None) -> str:
        raise NotImplementedError

    # What stands

    def ticket(self, ticket: str) -> dict[str, Any]:
        """All that is known of a ticket: its phase, holder, offers, timers, version, and whose turn it is.

        Raises:
            Refused: there is no such ticket.
        """
        found: dict[str, Any] = json.loads(self._core.ticket(ticket))
        return found

    def engineer(self, engineer: str) -> dict[str, Any]:
        """All that is known of an engineer: duty, position, the visit he is on, what is left of his routes.

        Raises:
            Refused: there is no such engineer.
        """
        found: dict[str, Any] = json.loads(self._core.engineer(engineer))
        return found

    def open_offers(self, ticket: str | None = None, *, engineer: str | None = None) -> list[dict[str, Any]]:
        """The offers that wait for an answer, of a ticket or to an engineer where that is told.

        Each has ``offer`` ``ticket`` ``epoch`` ``engineer`` ``shift`` ``start`` ``sent`` ``expires``, and is
        what :meth:`accept`, :meth:`decline` and :meth:`counter_offer` answer.
        """
        offers: list[dict[str, Any]] = json.loads(self._core.open_offers())
        return [
            offer
            for offer in offers
            if ticket in (None, offer["ticket"]) and engineer in (None, offer["engineer"])
        ]

    def ledger(self, ticket: str, clock: str = "arrival", at: Moment | None = None) -> list[dict[str, Any]]:
        """The account of a promise up to a moment: what was counted, what was skipped, and why.

        ``clock`` is ``dispatch``, ``arrival`` or ``resolution``. Each entry has ``from`` ``to``
        (as in :meth:`events`) ``length`` (s) ``counted`` ``why``. There are none where nothing was promised.
        Raises :class:`Refused` where there is no such ticket.

        >>> import fieldwright as fw
        >>> day = {"days": ["mon", "tue", "wed", "thu", "fri"], "windows": [["08:00", "17:00"]]}
        >>> promise = {"clock": "arrival", "within": 14400, "calendar": "office", "warn": [{"percent": 75}]}
        >>> agreement = {
        ...     "calendars": [{"id": "office", "zone": "Europe/Berlin", "week": [day]}],
        ...     "commitments": [{"id": "gold", "for": {"contract": "gold"}, "promise": promise}],
        ... }
        >>> shift = {"start": "2026-03-03T08:00:00+01:00", "end": "2026-03-06T17:00:00+01:00"}
        >>> staff = [{"id": "ada", "lat": 52.52, "lon": 13.40, **shift}]
        >>> desk = fw.Desk(staff, at="2026-03-03T09:00:00+01:00", agreement=agreement)
        >>> leak = {"id": "leak", "lat": 52.53, "lon": 13.42, "contract": "gold"}
        >>> events = desk.open(leak, by="support:sue", at="2026-03-03T15:00:00+01:00")
        >>> ledger = desk.ledger("leak", at="2026-03-04T09:00:00+01:00")
        >>> [(entry["length"], entry["why"]) for entry in ledger]
        [(7200, 'open'), (54000, 'closed'), (3600, 'open')]
        """
        found: list[dict[str, Any]] = json.loads(self._core.ledger(ticket, clock, self._moment(at)))
        return found

    def forecast(self, at: Moment | None = None) -> Table:
        """What becomes of every promise that runs, if nothing else happens: the worst first, then what is due first.

        Columns: ``ticket`` ``promise`` (dispatch, arrival, resolution) ``risk`` (breached; breach: by the plan it will
        be; out_of_reach: nobody who is asked now can keep it; near; unplanned: nobody has it, and there is time;
        kept) ``due`` ``engineer`` ``planned`` (when he is at the door, or done, as things stand) ``slack`` (s, until
        due; negative when late) ``latest_accept`` (where nobody has it: until when somebody who accepts is in time).
        Changes nothing.

        >>> import fieldwright as fw
        >>> desk = fw.Desk([{"id": "ada", "start": 0, "end": 36000, "lat": 52.52, "lon": 13.4}], at=0)
        >>> leak = {"id": "leak", "lat": 52.53, "lon": 13.42, "due": 7200}
        >>> events = desk.open(leak, by="support:sue", at=0)
        >>> desk.forecast(at=0).to_pandas()[["promise", "risk", "due"]].values.tolist()
        [['arrival', 'unplanned', 7200]]
        >>> events = desk.accept(desk.open_offers()[0], at=60)
        >>> later = desk.forecast(at=7100).to_pandas()
        >>> later["risk"].tolist(), bool(later["slack"][0] < 0)
        (['breach'], True)
        """
        return Table(self._core.forecast(self._moment(at)))

    @property
    def agreement(self) -> dict[str, Any]:
        """What is promised to whom."""
        agreement: dict[str, Any] = json.loads(self._core.agreement())
        return agreement

    @property
    def policy(self) -> dict[str, Any]:
        """The rules for offers; lengths of time are in seconds."""
        policy: dict[str, Any] = json.loads(self._core.policy())
        return policy

    @property
    def tickets(self) -> Table:
        """A row for each ticket, in the order in which they were opened.

        Columns: ``ticket`` ``phase`` ``owner`` (whose turn it is) ``engineer`` ``shift`` ``told`` (the start that
        the customer knows) ``requested`` ``due`` (by when somebody has to be at the door, as promised; empty
        as long as that clock does not run) ``priority`` ``round`` ``refusals`` ``escalated`` ``version``
        ``lat`` ``lon``.
        """
        return Table(self._core.table("tickets"))

    @property
    def engineers(self) -> Table:
        """A row for each engineer.

        Columns: ``engineer`` ``on_duty`` ``ill_from`` ``on`` (a ticket) ``until`` ``visits`` (ahead) ``offers``
        (open) ``asked`` ``accepted`` ``lat`` ``lon`` (where he was seen, or starts).
        """
        return Table(self._core.table("engineers"))

    @property
    def visits(self) -> Table:
        """A row for each visit ahead, route by route.

        Columns: ``ticket`` ``engineer`` ``shift`` ``position`` ``arrive`` ``start`` ``end`` ``travel`` (s)
        ``distance`` (m).
        """
        return Table(self._core.table("visits"))

    # What has happened

    @property
    def offers(self) -> Table:
        """A row for each offer ever made, and what became of it.

        Columns: ``ticket`` ``round`` ``offer`` ``engineer`` ``shift`` ``start`` ``sent`` ``expires`` ``answer`` (open,
        accepted, accepted late, accepted silently, declined, counter-offered, expired, withdrawn) ``answered``.
        """
        return Table(self._core.table("offers"))

    @property
    def log(self) -> Table:
        """A row for each event: :meth:`events` as a table.

        Columns: ``seq`` ``at`` ``event`` ``subject`` (a ticket or an engineer) ``role`` and ``by`` (nobody: time
        has passed) ``key`` ``data`` (JSON).

        >>> import fieldwright as fw
        >>> desk = fw.Desk([{"id": "ada", "start": 0, "end": 36000, "lat": 52.52, "lon": 13.4}], at=0)
        >>> len(desk.log) == desk.verify()["events"]
        True
        """
        return Table(self._core.table("log"))

    def events(self, since: int = 0) -> list[Event]:
        """The events from this number on, as they stand in the journal."""
        events: list[Event] = json.loads(self._core.events(since))
        return events

    def timeline(self, ticket: str | None = None) -> Page:
        """Who was asked when and what he said, as a drawing.

        Raises:
            Refused: there is no such ticket.

        >>> import fieldwright as fw
        >>> desk = fw.Desk([{"id": "ada", "start": 0, "end": 36000, "lat": 52.52, "lon": 13.4}], at=0)
        >>> events = desk.open({"id": "leak", "lat": 52.53, "lon": 13.42}, by="support:sue", at=0)
        >>> "ada" in desk.timeline("leak").text
        True
        """
        from . import draw

        return draw.timeline(self, ticket)
