"""Answers as Arrow tables, for whatever library reads them on."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from operator import index
from typing import Any, overload

from . import _core

__all__ = ["Table"]


class Table:
    """An Arrow table that pandas, polars, pyarrow and duckdb take over as it is.

    Any library that knows the Arrow PyCapsule interface reads it directly: ``polars.DataFrame(table)``,
    ``pyarrow.table(table)``. Times have a zone; lengths are whole seconds and metres. It does not change, and
    can be pickled and copied.

    >>> import fieldwright as fw
    >>> problem = fw.Problem.city(engineers=3, tickets=8)
    >>> plan = fw.plan(problem, iterations=50)
    >>> plan.visits.columns[:4]
    ['ticket', 'engineer', 'shift', 'position']
    >>> len(plan.visits) == plan.total["served"] == plan.visits.to_polars().height
    True

    Without any of them it is a list of rows, each a dict, and by name a column as a list:

    >>> for visit in plan.visits:
    ...     assert visit["start"] < visit["end"]
    >>> plan.visits[0]["engineer"] == plan.visits["engineer"][0]
    True
    """

    __slots__ = ("_core",)

    def __init__(self, core: _core.Table) -> None:
        self._core = core

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The Arrow PyCapsule interface."""
        return self._core.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return len(self._core)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self._rows(0, len(self))

    @overload
    def __getitem__(self, which: str) -> list[Any]: ...
    @overload
    def __getitem__(self, which: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, which: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, which: str | int | slice) -> list[Any] | dict[str, Any]:
        """A column by its name, a row by its number (from the end where that is below zero), or several rows."""
        if isinstance(which, str):
            if which not in self.columns:
                raise KeyError(f"{which} is none of the columns {', '.join(self.columns)}")
            return self._values(which, 0, len(self))
        if isinstance(which, slice):
            return [self[row] for row in range(*which.indices(len(self)))]
        row = index(which)
        if not -len(self) <= row < len(self):
            raise IndexError(f"there is no row {row}, only {len(self)} rows")
        return next(self._rows(row % len(self), 1))

    def _rows(self, start: int, count: int) -> Iterator[dict[str, Any]]:
        names = self.columns
        for cells in zip(*(self._values(name, start, count) for name in names), strict=True):
            yield dict(zip(names, cells, strict=True))

    def _values(self, column: str, start: int, count: int) -> list[Any]:
        values, zone = self._core.values(column, start, count), self._core.zone(column)
        if zone is None:
            return values
        of = _zone(zone)
        return [None if value is None else datetime.fromtimestamp(value, of) for value in values]

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return self._core.columns()

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``. Needs pandas and pyarrow."""
        return self.to_pyarrow().to_pandas()

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``. Needs polars."""
        import polars

        return polars.DataFrame(self)

    def to_pyarrow(self) -> Any:
        """A ``pyarrow.Table``, without a copy. Needs pyarrow."""
        import pyarrow

        return pyarrow.table(self)

    def __copy__(self) -> "Table":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Table":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self._core.ipc(),)

    def __repr__(self) -> str:
        return f"Table({len(self)} rows: {', '.join(self.columns)})"

    def _repr_html_(self) -> str:
        try:
            html: str = self.to_pandas().to_html(max_rows=20)
        except ImportError:
            return f"<pre>{self!r}</pre>"
        return html


def _zone(name: str) -> tzinfo | None:
    """A zone as Arrow names it: of a place, or an offset such as ``+01:00``."""
    if name[0] in "+-":
        return datetime.fromisoformat(f"1970-01-02T00:00{name}").tzinfo
    # Few walk through tables, and need the zones of Python.
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def _restored(ipc: bytes) -> Table:
    return Table(_core.Table.restored(ipc))
