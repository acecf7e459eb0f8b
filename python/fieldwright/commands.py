"""What can be asked of a desk: a method for each command."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Required, TypeAlias, TypedDict, Unpack

from . import _core
from .plain import as_json

__all__ = ["Commands", "Event", "How", "HowOnTicket", "Mode", "Moment", "Offer", "Row"]

Moment: TypeAlias = datetime | int | str
"""A datetime with a zone, whole seconds since 1970 (or since whatever the desk counts from), or RFC 3339."""

Event: TypeAlias = dict[str, Any]
"""What has happened: ``seq`` ``at`` ``subject`` ``cause`` ``type`` ``data``, ready to be sent as JSON."""

Offer: TypeAlias = Mapping[str, Any]
"""A question to an engineer, as :meth:`Desk.open_offers` tells it (or a row of the table of offers) and his phone
sends it back."""

Row: TypeAlias = Mapping[str, Any]
"""A row of the table of tickets or engineers (see :func:`fieldwright.columns`), or one in the native JSON."""

Mode: TypeAlias = Literal["auto", "recommend"]
"""The desk asks one engineer after the other by itself, or lists the best and somebody picks."""


class How(TypedDict, total=False):
    """What every command takes beside what it is about."""

    by: Required[str]
    """Who gives it, as ``role:id``: ``support:sue``, ``engineer:ada``, ``manager:max``, ``customer:..``,
    ``system:..``."""
    at: Moment
    """When; now by the desk's clock when left out."""
    key: str
    """Its idempotency key: the same command under the same key is done once, however often it comes. A new one
    is drawn when left out."""


class HowOnTicket(How, total=False):
    """What commands about a ticket take too."""

    version: int
    """The version of the ticket that this answers to; :class:`~fieldwright.Conflict` when it has changed."""


class HowOnOffer(TypedDict, total=False):
    """As :class:`How`; without ``by`` it is the engineer himself who answers."""

    by: str
    at: Moment
    key: str
    version: int


class Commands:
    """A method for each command. All take ``by=``, ``at=`` and ``key=``, and return what has happened.

    Those about a ticket take ``version=`` too. Who may do what is in :meth:`Desk.rights`.
    """

    __slots__ = ()

    def _apply(
        self,
        command: dict[str, Any],
        *,
        by: str,
        at: Moment | None = None,
        key: str | None = None,
    ) -> list[Event]:
        raise NotImplementedError

    def _policy(self) -> dict[str, Any]:
        raise NotImplementedError

    def _now(self) -> Moment:
        raise NotImplementedError

    def _on(
        self,
        ticket: str,
        act: dict[str, Any],
        *,
        by: str,
        at: Moment | None = None,
        key: str | None = None,
        version: int | None = None,
    ) -> list[Event]:
        command: dict[str, Any] = {"command": "ticket", "ticket": ticket, "act": act}
        if version is not None:
            command["version"] = version
        return self._apply(command, by=by, at=at, key=key)

    def _of(self, engineer: str, act: dict[str, Any], **how: Unpack[How]) -> list[Event]:
        return self._apply({"command": "engineer", "engineer": engineer, "act": act}, **how)

    def _answer(self, offer: Offer, act: dict[str, Any], how: HowOnOffer) -> list[Event]:
        if not isinstance(offer, Mapping):
            raise TypeError(f"an offer is a dict as `open_offers` tells it, not {offer!r}")
        # The table of offers calls it a round.
        asked = {"epoch": offer.get("round"), **offer}
        needed = ("ticket", "engineer", "offer", *(["epoch"] if act["do"] == "accept" else []))
        if missing := [name for name in needed if asked.get(name) is None]:
            raise ValueError(f"an offer is a dict as `open_offers` tells it; this one has no {', '.join(missing)}")
        told: HowOnTicket = {"by": f"engineer:{asked['engineer']}", **how}
        answer = act | {name: asked[name] for name in needed[2:]}
        return self._on(asked["ticket"], answer, **told)

    # Tickets

    def open(
        self, ticket: Row, *, mode: Mode = "auto", requested: Moment | None = None, **how: Unpack[How]
    ) -> list[Event]:
        """A new ticket; with the mode ``auto`` somebody is asked at once.

        ``requested`` is when the customer asked, if that was earlier.
        """
        command: dict[str, Any] = {"command": "open", "ticket": _native("tickets", ticket), "mode": mode}
        if requested is not None:
            command["requested"] = requested
        return self._apply(command, **how)

    def triage(self, ticket: Row, **how: Unpack[HowOnTicket]) -> list[Event]:
        """The facts are others: the whole ticket, under its id. Not once somebody is on the way."""
        told = _native("tickets", ticket)
        return self._on(told["id"], {"do": "triage", "ticket": told}, **how)

    def merge(self, ticket: str, into: str, **how: Unpack[HowOnTicket]) -> list[Event]:
        """It is the same as another one, which takes over its request."""
        return self._on(ticket, {"do": "merge", "into": into}, **how)

    def hold(self, ticket: str, reason: str, review: Moment, **how: Unpack[HowOnTicket]) -> list[Event]:
        """Nothing happens until it is resumed, by itself at ``review``."""
        return self._on(ticket, {"do": "hold", "reason": reason, "review": review}, **how)

    def resume(self, ticket: str, **how: Unpack[HowOnTicket]) -> list[Event]:
        """A ticket on hold goes on."""
        return self._on(ticket, {"do": "resume"}, **how)

    def cancel(self, ticket: str, reason: str, **how: Unpack[HowOnTicket]) -> list[Event]:
        """Nobody comes any more."""
        return self._on(ticket, {"do": "cancel", "reason": reason}, **how)

    def reopen(
        self, ticket: str, reason: str, due: Moment | None = None, **how: Unpack[HowOnTicket]
    ) -> list[Event]:
        """A ticket that was done or cancelled starts anew, promised for ``due``."""
        return self._on(ticket, {"do": "reopen", "reason": reason, "due": due}, **how)

    def emergency(self, ticket: str, due: Moment, **how: Unpack[HowOnTicket]) -> list[Event]:
        """It comes before everything else, day or night; ``due`` replaces the promise."""
        return self._on(ticket, {"do": "emergency", "due": due}, **how)

    # Who gets it

    def offer(self, ticket: str, **how: Unpack[HowOnTicket]) -> list[Event]:
        """The desk asks one engineer after the other from now on."""
        return self._on(ticket, {"do": "offer"}, **how)

    def recommend(self, ticket: str, **how: Unpack[HowOnTicket]) -> list[Event]:
        """The desk lists the best from now on, and asks nobody by itself."""
        return self._on(ticket, {"do": "recommend"}, **how)

    def offer_to(self, ticket: str, engineer: str, **how: Unpack[HowOnTicket]) -> list[Event]:
        """This engineer is asked."""
        return self._on(ticket, {"do": "offer_to", "engineer": engineer}, **how)

    def assign(
        self, ticket: str, engineer: str, reason: str, **how: Unpack[HowOnTicket]
    ) -> list[Event]:
        """This engineer has it, whatever was before and even against a rule. ``version=`` is needed."""
        return self._on(ticket, {"do": "assign", "engineer": engineer, "reason": reason}, **how)

    def accept(self, offer: Offer, **how: Unpack[HowOnOffer]) -> list[Event]:
        """He takes it. The offer tells which question he answers, so a late yes cannot be mistaken."""
        return self._answer(offer, {"do": "accept"}, how)

    def decline(self, offer: Offer, reason: str, **how: Unpack[HowOnOffer]) -> list[Event]:
        """He does not take it; the next one is asked."""
        return self._answer(offer, {"do": "decline", "reason": reason}, how)

    def counter_offer(
        self, offer: Offer, earliest: Moment, latest: Moment, **how: Unpack[HowOnOffer]
    ) -> list[Event]:
        """He would, but to start within these times."""
        return self._answer(offer, {"do": "counter_offer", "window": [earliest, latest]}, how)

    def consent(self, ticket: str, agreed: bool, **how: Unpack[HowOnTicket]) -> list[Event]:
        """What the customer says to the other time."""
        return self._on(ticket, {"do": "consent", "agreed": agreed}, **how)

    def release(self, ticket: str, reason: str, **how: Unpack[HowOnTicket]) -> list[Event]:
        """He gives back what he accepted."""
        return self._on(ticket, {"do": "release", "reason": reason}, **how)

    # The visit

    def depart(self, ticket: str, **how: Unpack[HowOnTicket]) -> list[Event]:
        """He sets out."""
        return self._on(ticket, {"do": "depart"}, **how)

    def arrive(self, ticket: str, **how: Unpack[HowOnTicket]) -> list[Event]:
        """He is at the door."""
        return self._on(ticket, {"do": "arrive"}, **how)

    def start(self, ticket: str, **how: Unpack[HowOnTicket]) -> list[Event]:
        """He works, for the first time or again."""
        return self._on(ticket, {"do": "start"}, **how)

    def pause(self, ticket: str, reason: str, **how: Unpack[HowOnTicket]) -> list[Event]:
        """He stops for a while."""
        return self._on(ticket, {"do": "pause", "reason": reason}, **how)

    def overrun(self, ticket: str, until: Moment, **how: Unpack[HowOnTicket]) -> list[Event]:
        """It takes until then."""
        return self._on(ticket, {"do": "overrun", "until": until}, **how)

    def finish(self, ticket: str, **how: Unpack[HowOnTicket]) -> list[Event]:
        """The work is done."""
        return self._on(ticket, {"do": "finish"}, **how)

    def cannot_complete(self, ticket: str, reason: str, **how: Unpack[HowOnTicket]) -> list[Event]:
        """It cannot be done today by him."""
        return self._on(ticket, {"do": "cannot_complete", "reason": reason}, **how)

    def customer_absent(self, ticket: str, **how: Unpack[HowOnTicket]) -> list[Event]:
        """Nobody opens the door."""
        return self._on(ticket, {"do": "customer_absent"}, **how)

    # Engineers and rules

    def enrol(self, engineer: Row | Sequence[Row], **how: Unpack[How]) -> list[Event]:
        """Somebody joins, or his shifts and skills become others. Of rows, one for each shift."""
        return self._apply({"command": "enrol", "engineer": _native("engineers", engineer)}, **how)

    def on_duty(self, engineer: str, **how: Unpack[How]) -> list[Event]:
        """He may be asked, and is well."""
        return self._of(engineer, {"do": "on_duty"}, **how)

    def off_duty(self, engineer: str, reason: str = "", **how: Unpack[How]) -> list[Event]:
        """He is not asked. What he has he keeps."""
        return self._of(engineer, {"do": "off_duty", "reason": reason}, **how)

    def ill(
        self, engineer: str, reason: str = "", *, since: Moment | None = None, **how: Unpack[How]
    ) -> list[Event]:
        """From ``since`` on, now when left out, he does nothing; what he should begin then comes back."""
        if since is None:
            since = how.setdefault("at", self._now())
        return self._of(engineer, {"do": "ill", "from": since, "reason": reason}, **how)

    def report_position(
        self, engineer: str, lat: float, lon: float, **how: Unpack[How]
    ) -> list[Event]:
        """Where he is."""
        place = {"lat": lat, "lon": lon}
        return self._of(engineer, {"do": "report_position", "place": place}, **how)

    def set_policy(self, policy: Mapping[str, Any], **how: Unpack[How]) -> list[Event]:
        """Other rules for offers from now on; those that are not named stay as they are."""
        merged = {**self._policy(), **policy}
        return self._apply({"command": "set_policy", "policy": merged}, **how)

    def set_agreement(self, agreement: Mapping[str, Any], **how: Unpack[How]) -> list[Event]:
        """Other promises for tickets from now on: calendars and commitments, see :class:`Desk`. All of them, with
        every calendar that clocks still count on."""
        return self._apply({"command": "set_agreement", "agreement": dict(agreement)}, **how)

    def commit_plan(self, proposal: Mapping[str, Any], **how: Unpack[How]) -> list[Event]:
        """Routes as :meth:`Desk.propose` or :meth:`Desk.improve` proposed them, timed anew from now."""
        return self._apply({"command": "commit_plan", "proposal": dict(proposal)}, **how)


def _native(table: str, given: Row | Sequence[Row]) -> dict[str, Any]:
    """A ticket or an engineer in the native JSON, which is what it has a place or shifts in."""
    if hasattr(given, "to_dict"):  # a row of pandas, or a frame of shifts
        given = given.to_dict("records") if hasattr(given, "columns") else given.to_dict()
    rows = [given] if isinstance(given, Mapping | str) else list(given)
    if other := next((row for row in rows if not isinstance(row, Mapping)), None):
        raise TypeError(f"a row of {table} is a dict, not {other!r}")
    if len(rows) == 1 and ("place" in rows[0] or "shifts" in rows[0]):
        return dict(rows[0])
    cells = [{name: cell for name, cell in row.items() if not _is_empty(cell)} for row in rows]
    found: list[dict[str, Any]] = json.loads(_core.native(table, as_json(cells)))
    if len(found) != 1:
        raise ValueError(f"rows of one id are expected, not of {len(found)}")
    return found[0]


def _is_empty(cell: Any) -> bool:
    # pandas says NaN, NaT or NA where there is nothing; none of them equals itself.
    if cell is None or type(cell).__name__ == "NAType":
        return True
    return isinstance(cell, float | datetime) and cell != cell
