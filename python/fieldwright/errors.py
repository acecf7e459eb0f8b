"""What can go wrong: every exception of the package, and faults as a table."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from .table import Table

__all__ = ["Cancelled", "Conflict", "InputError", "Issue", "Issues", "JournalError", "Refused"]


class Issue(TypedDict):
    """One fault of the input; what is not known of it is ``None``."""

    code: str
    """``E`` and a number that never changes its meaning."""
    at: str
    """Where: ``tickets[3].service``, or file, line and path."""
    cause: str
    """What exactly is wrong there."""
    action: str
    """What to do about it."""
    table: str | None
    """The frame that has the fault."""
    row: int | None
    """The position of its row, from 0 (``frame.iloc[row]``)."""
    column: str | None
    """Its column."""
    value: str | None
    """What the cell says."""
    expected: str | None
    """What belongs there."""


class Issues(list[Issue]):
    """Faults: a list of dicts that is a table too.

    >>> from fieldwright.errors import Issues
    >>> Issues([]).table().columns[:3]
    ['code', 'table', 'row']
    """

    def table(self) -> "Table":
        """The faults as a :class:`~fieldwright.Table` of texts, one a row."""
        from . import _core
        from .table import Table

        names = ("code", "table", "row", "column", "value", "expected", "cause", "action", "at")
        rows: list[dict[str, Any]] = [dict(issue) for issue in self]
        cells = [[None if row[n] is None else str(row[n]) for row in rows] for n in names]
        return Table(_core.texts(list(zip(names, cells, strict=True))))

    def to_pandas(self) -> Any:
        """The faults as a ``pandas.DataFrame``."""
        return self.table().to_pandas()


class InputError(ValueError):
    """The input is wrong. ``issues`` has every fault of it at once.

    >>> import fieldwright as fw
    >>> try:
    ...     fw.Problem.from_json('{"schema": 1, "engineers": [], "tickets": [], "travel": 3}')
    ... except fw.InputError as error:
    ...     print(error.issues[0]["code"])
    E001
    """

    issues: Issues

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = Issues(issues)
        super().__init__(self.issues)

    def __str__(self) -> str:
        shown = [_line(issue) for issue in self.issues[:20]]
        more = len(self.issues) - len(shown)
        return "\n".join(shown + ([f"... and {more} more"] if more else []))


class Cancelled(Exception):
    """Somebody stopped the work, and there is no part of it that could be handed back.

    What a watcher raises comes out of the search:

    >>> import fieldwright as fw
    >>> def watch(progress):
    ...     raise fw.Cancelled("the day is over")
    >>> try:
    ...     fw.plan(fw.Problem.city(engineers=3, tickets=8), iterations=100, progress=watch)
    ... except fw.Cancelled as stop:
    ...     print(stop)
    the day is over
    """


class Refused(Exception):
    """The desk does not do what was asked, and nothing has changed.

    >>> import fieldwright as fw
    >>> desk = fw.Desk([{"id": "ada", "start": 0, "end": 36000, "lat": 52.52, "lon": 13.4}], at=0)
    >>> try:
    ...     desk.set_policy({"expiry": 600}, by="engineer:ada", at=0)
    ... except fw.Refused as refused:
    ...     print(refused.code, refused.reason, refused.data["command"])
    D101 wrong_role set_policy
    """

    code: str
    """``D`` and a number that never changes its meaning."""
    reason: str
    """The same in a word: ``wrong_role``, ``offer_over``, ``does_not_fit``."""
    action: str
    """What to do about it."""
    data: dict[str, Any]
    """What it is about: ids, phases, moments."""

    def __init__(self, text: str, code: str, action: str, data: str) -> None:
        super().__init__(text)
        told: dict[str, Any] = json.loads(data)
        self.code, self.action = code, action
        self.reason = told.pop("refusal")
        self.data = told
        self._given = (text, code, action, data)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self._given


class Conflict(Exception):
    """Somebody else was faster, and nothing has changed.

    With a ``ticket``: it is no longer in the version that was expected; look at it as it is now and
    decide anew. Without, which is rare: other processes wrote to the journal time and again, and the
    command can be sent again under its key.

    >>> import fieldwright as fw
    >>> desk = fw.Desk([{"id": "ada", "start": 0, "end": 36000, "lat": 52.52, "lon": 13.4}], at=0)
    >>> events = desk.open({"id": "leak", "lat": 52.53, "lon": 13.42}, by="support:sue", at=0)
    >>> try:
    ...     desk.cancel("leak", "solved", by="support:sue", at=0, version=1)
    ... except fw.Conflict as conflict:
    ...     print(conflict.ticket, conflict.expected, conflict.current)
    leak 1 2
    """

    ticket: str | None
    """The ticket that has changed."""
    expected: int
    """Its version, or the number of events, that the command expected."""
    current: int
    """What it is now."""
    holder: str | None
    """The engineer who has the ticket by now."""

    def __init__(
        self, text: str, ticket: str | None, expected: int, current: int, holder: str | None
    ) -> None:
        super().__init__(text)
        self.ticket, self.expected, self.current, self.holder = ticket, expected, current, holder

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.ticket, self.expected, self.current, self.holder)


class JournalError(OSError):
    """The journal cannot be read or written (a full disk, another program's file), or was tampered with.

    What was returned before is in it, and the command that failed is not, unless the disk itself could
    not tell: it can be sent again under its key.

    >>> import pathlib, tempfile
    >>> import fieldwright as fw
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "desk.db"
    >>> size = path.write_text("no journal")
    >>> try:
    ...     fw.Desk(path=path)
    ... except fw.JournalError as error:
    ...     print("restore" in str(error), path.read_text())
    True no journal
    """


def _line(issue: Issue) -> str:
    if issue["column"] is None:
        place = issue["at"]
    elif issue["row"] is None:
        place = f"{issue['table']}, column {issue['column']!r}"
    else:
        place = f"{issue['table']}, row {issue['row']}, column {issue['column']!r}"
    expected = f"; expected {issue['expected']}" if issue["expected"] else ""
    return f"{issue['code']} at {place}: {issue['cause']}{expected} (to do: {issue['action']})"
