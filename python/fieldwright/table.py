"""Answers as Arrow tables, for whatever library reads them on."""

from typing import Any

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
    """

    __slots__ = ("_core",)

    def __init__(self, core: _core.Table) -> None:
        self._core = core

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The Arrow PyCapsule interface."""
        return self._core.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return len(self._core)

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


def _restored(ipc: bytes) -> Table:
    return Table(_core.Table.restored(ipc))
