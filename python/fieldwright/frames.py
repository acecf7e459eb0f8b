"""What counts as a frame, and how everything else becomes one."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

from . import _core
from .errors import InputError, Issue

__all__ = ["Frame", "Matrix", "Travel", "as_frame", "outlines_of", "split_travel"]


@runtime_checkable
class ArrowStream(Protocol):
    """Anything with the Arrow PyCapsule interface: pandas, polars, pyarrow, duckdb."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class LazyFrame(Protocol):
    """A frame of polars that has still to be computed."""

    def collect(self) -> Any: ...


class Array(Protocol):
    """A numpy array."""

    @property
    def __array_interface__(self) -> dict[str, Any]: ...


Frame: TypeAlias = ArrowStream | LazyFrame | Mapping[str, Sequence[object]] | Sequence[object]
"""A frame with the Arrow PyCapsule interface, a lazy one of polars, a dict of columns, or a list of dicts,
dataclasses or named tuples."""


class Matrix(NamedTuple):
    """Travel times between places as a square numpy array, read where it lies.

    ``seconds[i, j]`` is the way from row ``i`` to row ``j`` in whole seconds, ``meters`` its length (the
    seconds again when left out). ``int32`` and ``int64`` of any strides do; real numbers have to be
    rounded by whoever has them. Frames name the rows in the columns ``row`` and ``end_row``.

    >>> import fieldwright as fw, numpy as np
    >>> ways = fw.Matrix(np.array([[0, 600], [500, 0]]), meters=np.array([[0, 8_000], [7_000, 0]]))
    >>> engineers = [{"id": "ada", "start": 0, "end": 9_000, "row": 0}]
    >>> problem = fw.Problem.from_frames(engineers, [{"id": "leak", "row": 1}], travel=ways)
    >>> fw.plan(problem, iterations=10).total["travel"]
    1100
    """

    seconds: Any
    meters: Any = None
    name: str = "car"


Travel: TypeAlias = (
    float | Mapping[str, Mapping[str, int]] | Array | Matrix | Sequence[Matrix] | Frame | None
)
"""A speed in km/h, profiles by name, matrices, or a frame of profiles."""


WITH_MOMENTS = {
    "engineers": ("breaks", "skills"),
    "tickets": ("windows", "preferred_windows"),
}
"""Columns whose cells may hold lists of moments."""


def as_frame(table: str, given: Any) -> Any:
    """The frame itself, or the Arrow table of columns, dicts or objects. O(cells) for the latter."""
    if hasattr(given, "to_frame"):
        raise TypeError(f"a data frame is expected for {table}, not a {type(given).__name__}")
    if type(given).__module__.partition(".")[0] == "polars":
        # A lazy frame is a plan for one; whoever hands it over wants what comes out.
        return _with_types(given.collect() if hasattr(given, "collect") else given)
    if hasattr(given, "__arrow_c_stream__") or hasattr(given, "__arrow_c_array__"):
        if type(given).__module__.partition(".")[0] == "pandas":
            objects = [(str(name), cells) for name, cells in given.items() if cells.dtype == object]
            _refuse([_zoneless(table, name, cells) for name, cells in objects])
        return given
    if hasattr(given, "to_arrow_table"):
        return given.to_arrow_table()
    if isinstance(given, Mapping):
        if not any(map(_is_column, given.values())) and given:
            raise TypeError(f"a data frame is expected for {table}; a single row goes into a list")
        return _arrow(table, given)
    if isinstance(given, Iterable) and not isinstance(given, str | bytes):
        rows = [_record(row) for row in given]
        # Nothing at all is a table without rows; a row may lack what others have.
        names = dict.fromkeys(name for row in rows for name in row) or dict(_core.columns(table))
        return _arrow(table, {name: [row.get(name) for row in rows] for name in names})
    raise TypeError(f"a data frame is expected for {table}, not {type(given).__name__}")


def _arrow(table: str, columns: Mapping[str, Any]) -> Any:
    """The Arrow table of columns; an ``InputError`` with each one that Arrow does not take."""
    try:
        import pyarrow
    except ImportError:
        raise TypeError(
            "lists and dicts become Arrow tables through pyarrow, which is not installed; "
            "install it, or give a polars frame"
        ) from None
    # What can be walked through once is looked at more often.
    columns = {name: list(it) if isinstance(it, Iterator) else it for name, it in columns.items()}
    arrays, issues = {}, [_zoneless(table, name, cells) for name, cells in columns.items()]
    for name, cells in columns.items():
        try:
            # As pandas has them: NaT is nothing.
            arrays[name] = pyarrow.array(cells, from_pandas=True)
        except (pyarrow.ArrowException, OverflowError, TypeError) as error:
            issues.append(_mixed(table, name, cells, str(error)))
    lengths = {name: len(array) for name, array in arrays.items()}
    if not any(issues) and len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        issues.append(_issue(table, f"its columns differ in length: {told}"))
    _refuse(issues)
    return pyarrow.table(arrays)


def _refuse(issues: Iterable[Issue | None]) -> None:
    """Raises what there is."""
    if found := [issue for issue in issues if issue]:
        raise InputError(found)


def _zoneless(table: str, column: str, cells: Any) -> Issue | None:
    """The first datetime without a zone among others that have one: Arrow would take it for one of UTC."""
    if not _is_column(cells):
        return None
    is_nested = column in WITH_MOMENTS.get(table, ())
    if not is_nested and not isinstance(next(iter(cells), None), datetime | None):
        return None
    found = ((row, it) for row, cell in enumerate(cells) for it in (_leaves(cell) if is_nested else [cell]))
    moments = [(row, it) for row, it in found if isinstance(it, datetime) and it == it]
    naive = [(row, cell) for row, cell in moments if cell.tzinfo is None]
    if not naive or len(naive) == len(moments):
        return None
    row, cell = naive[0]
    issue = _issue(f"{table}[{row}].{column}", "a datetime without a zone among others that have one")
    issue["table"], issue["column"], issue["row"], issue["value"] = table, column, row, str(cell)
    issue["action"] = "give it a zone, as the others have"
    return issue


def _leaves(cell: Any) -> Iterator[Any]:
    """What lists and dicts in a cell hold."""
    if isinstance(cell, Mapping):
        cell = list(cell.values())
    if isinstance(cell, list | tuple):
        for item in cell:
            yield from _leaves(item)
    else:
        yield cell


def _mixed(table: str, column: str, cells: Any, cause: str) -> Issue:
    """What is wrong with a column that has no single type, and the first cell that is of another one."""
    found = [(row, cell) for row, cell in enumerate(cells) if cell is not None] if _is_list(cells) else []
    first = type(found[0][1]) if found else None
    other = next(((row, cell) for row, cell in found if type(cell) is not first), None)
    issue = _issue(f"{table}.{column}", cause)
    issue["table"], issue["column"] = table, column
    if other is not None and first is not None:
        row, cell = other
        issue["row"], issue["value"], issue["at"] = row, repr(cell), f"{table}[{row}].{column}"
        issue["cause"] = f"{type(cell).__name__} in a column of {first.__name__}"
    elif first in (list, tuple):
        issue["action"] = "give its items as text, as `fieldwright.columns` shows them, or as dicts"
    return issue


def _is_column(cells: object) -> bool:
    return isinstance(cells, Iterable) and not isinstance(cells, str | bytes)


def _is_list(cells: Any) -> bool:
    return isinstance(cells, Sequence) and not isinstance(cells, str | bytes)


def _issue(at: str, cause: str) -> Issue:
    return {
        "code": "E001",
        "at": at,
        "cause": cause,
        "action": "give every column as many cells as the others, all of one type",
        "table": None,
        "row": None,
        "column": None,
        "value": None,
        "expected": None,
    }


def _with_types(frame: Any) -> Any:
    """The frame of polars with text where it knows no type, as in a column of nothing but nulls.

    Polars exports such columns with a buffer that Arrow's layout does not have, and strict readers refuse.
    """
    import polars

    def typed(kind: Any) -> Any:
        if kind == polars.Null:
            return polars.String
        if isinstance(kind, polars.List):
            return polars.List(typed(kind.inner))
        if isinstance(kind, polars.Struct):
            return polars.Struct({field.name: typed(field.dtype) for field in kind.fields})
        return kind

    kinds = {name: typed(kind) for name, kind in frame.schema.items()}
    return frame.cast({name: kind for name, kind in kinds.items() if kind != frame.schema[name]})


def _record(row: Any) -> dict[str, Any]:
    if isinstance(row, Mapping):
        return dict(row)
    if hasattr(type(row), "__dataclass_fields__"):
        # A third of what importing this package would take, and few need it.
        import dataclasses

        return dataclasses.asdict(row)
    if hasattr(row, "_asdict"):
        return dict(row._asdict())
    if not hasattr(row, "__dict__"):
        raise TypeError(f"a row is a dict or an object with named fields, not {type(row).__name__}")
    return dict(vars(row))


def outlines_of(regions: Any) -> tuple[Any, str | None]:
    """Splits regions into a frame of their columns and their outlines as GeoJSON text."""
    if regions is None:
        return None, None
    if isinstance(regions, str):
        return None, regions
    if isinstance(regions, Mapping) and regions.get("type") == "Feature":
        regions = {"type": "FeatureCollection", "features": [regions]}
    if isinstance(regions, Mapping) and regions.get("type") == "FeatureCollection":
        return None, json.dumps(regions)
    if hasattr(regions, "__geo_interface__"):
        if getattr(regions, "crs", None) is not None:
            regions = regions.to_crs(4326)
        geometry = regions.geometry.name
        import pandas

        return pandas.DataFrame(regions.drop(columns=geometry)), regions[["id", geometry]].to_json()
    return regions, None


def split_travel(travel: Any) -> tuple[list[dict[str, Any]] | None, list[Matrix], Any]:
    """Profiles, matrices and a frame of profiles; two of the three are empty."""
    if travel is None:
        return None, [], None
    if isinstance(travel, Matrix):
        return None, [travel], None
    if hasattr(travel, "__float__") and not hasattr(travel, "__len__") and not isinstance(travel, bool):
        if not (travel > 0 and math.isfinite(travel)):
            raise ValueError(f"travel is a speed in km/h, above zero, not {travel}")
        return [{"name": "car", "meters_per_hour": round(travel * 1000)}], [], None
    if isinstance(travel, Mapping) and all(isinstance(v, Mapping) for v in travel.values()):
        return [{"name": name, **profile} for name, profile in travel.items()], [], None
    if isinstance(travel, Sequence) and travel and all(isinstance(m, Matrix) for m in travel):
        return None, list(travel), None
    if hasattr(travel, "__array_interface__"):
        return None, [Matrix(travel)], None
    return None, [], travel
