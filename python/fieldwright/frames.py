"""What counts as a frame, and how everything else becomes one."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias, runtime_checkable

__all__ = ["Frame", "Matrix", "Travel", "as_frame", "outlines_of", "split_travel"]


@runtime_checkable
class ArrowStream(Protocol):
    """Anything with the Arrow PyCapsule interface: pandas, polars, pyarrow, duckdb."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class Array(Protocol):
    """A numpy array."""

    @property
    def __array_interface__(self) -> dict[str, Any]: ...


Frame: TypeAlias = ArrowStream | Mapping[str, Sequence[object]] | Sequence[object]
"""A frame with the Arrow PyCapsule interface, a dict of columns, or a list of dicts or dataclasses."""


class Matrix(NamedTuple):
    """Travel times between places as a square numpy array, read where it lies.

    ``seconds[i, j]`` is the way from row ``i`` to row ``j`` in whole seconds, ``meters`` its length (the
    seconds again when left out). ``int32`` and ``int64`` of any strides do; real numbers have to be
    rounded by whoever has them. Frames name the rows in the columns ``row`` and ``end_row``.
    """

    seconds: Any
    meters: Any = None
    name: str = "car"


Travel: TypeAlias = (
    float | Mapping[str, Mapping[str, int]] | Array | Matrix | Sequence[Matrix] | Frame | None
)
"""A speed in km/h, profiles by name, matrices, or a frame of profiles."""


def as_frame(given: Any) -> Any:
    """The frame itself, or the Arrow table of columns, dicts or objects. O(rows) for the latter."""
    if type(given).__module__.partition(".")[0] == "polars" and hasattr(given, "schema"):
        return _with_types(given)
    if hasattr(given, "__arrow_c_stream__") or hasattr(given, "__arrow_c_array__"):
        return given
    if hasattr(given, "to_arrow_table"):
        return given.to_arrow_table()
    try:
        import pyarrow
    except ImportError:
        raise TypeError(
            "lists and dicts become Arrow tables through pyarrow, which is not installed; "
            "install it, or give a polars frame"
        ) from None
    if isinstance(given, Mapping):
        return pyarrow.table(dict(given))
    if isinstance(given, Iterable) and not isinstance(given, str | bytes):
        return pyarrow.Table.from_pylist([_record(row) for row in given])
    raise TypeError(f"a data frame is expected, not {type(given).__name__}")


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
    return dict(vars(row))


def outlines_of(regions: Any) -> tuple[Any, str | None]:
    """Splits regions into a frame of their columns and their outlines as GeoJSON text."""
    if regions is None:
        return None, None
    if isinstance(regions, str):
        return None, regions
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
    if isinstance(travel, int | float):
        return [{"name": "car", "meters_per_hour": round(travel * 1000)}], [], None
    if isinstance(travel, Mapping) and all(isinstance(v, Mapping) for v in travel.values()):
        return [{"name": name, **profile} for name, profile in travel.items()], [], None
    if isinstance(travel, Sequence) and travel and all(isinstance(m, Matrix) for m in travel):
        return None, list(travel), None
    if hasattr(travel, "__array_interface__"):
        return None, [Matrix(travel)], None
    return None, [], travel
