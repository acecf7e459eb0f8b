"""What can go wrong: every exception of the package, and faults as a table."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from .table import Table

__all__ = ["Cancelled", "Conflict", "InputError", "Issue", "Issues"]


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
    """Somebody stopped the work, and there is no part of it that could be handed back."""


class Conflict(Exception):
    """Somebody else was faster. Reserved for the live desk, which has no Python side yet."""


def _line(issue: Issue) -> str:
    if issue["column"] is None:
        place = issue["at"]
    elif issue["row"] is None:
        place = f"{issue['table']}, column {issue['column']!r}"
    else:
        place = f"{issue['table']}, row {issue['row']}, column {issue['column']!r}"
    expected = f"; expected {issue['expected']}" if issue["expected"] else ""
    return f"{issue['code']} at {place}: {issue['cause']}{expected} (to do: {issue['action']})"
