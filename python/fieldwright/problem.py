"""Problems: engineers, tickets, regions and travel, checked."""

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from . import _core
from .frames import Frame, Travel, as_frame, outlines_of, split_travel
from .plain import as_json
from .whole import whole

__all__ = ["AnyProblem", "Objective", "Problem", "as_problem", "columns"]

Objective: TypeAlias = str | Mapping[str, int] | Sequence[Mapping[str, int]] | None
"""The name of a preset, or levels of weights by criterion, most important level first; one level will do."""


class Problem:
    """Engineers, tickets and what is wanted: checked once, then planned, asked and changed.

    Made by one of the ``from_`` methods; it does not change afterwards. It can be pickled and copied.

    >>> import fieldwright as fw
    >>> fw.Problem.city(engineers=5, tickets=40, seed=7)
    <Problem: 5 engineers, 5 shifts, 40 tickets, 8 regions>
    """

    __slots__ = ("_core",)

    def __init__(self, core: _core.Problem) -> None:
        self._core = core

    @classmethod
    def from_frames(
        cls,
        engineers: Frame,
        tickets: Frame,
        *,
        regions: Any = None,
        depots: Frame | None = None,
        skills: Sequence[str] | None = None,
        traffic: Frame | None = None,
        travel: Travel = None,
        objective: Objective = None,
        max_changes: int | None = None,
        zone: str | None = None,
        ignore: bool | Sequence[str] = (),
        name: str = "",
    ) -> "Problem":
        """Reads frames: pandas, polars, pyarrow, duckdb, or lists of dicts.

        Columns go by name, in any order; :func:`columns` lists those of each table. Needed are ``id``,
        ``start``, ``end``, ``lat`` and ``lon`` of engineers (a row for each shift; rows of one id
        are one engineer) and ``id``, ``lat`` and ``lon`` of tickets. Lists are list columns or text with
        ``;`` between the items. Lengths of time are whole seconds or durations. Missing values and NaN
        are empty cells. No Python object is made for a row.

        Args:
            engineers: a row for each shift.
            tickets: a row for each ticket.
            regions: a frame of regions, GeoJSON with their outlines (a dict or text), or a GeoDataFrame
                with a column ``id``.
            depots: places where parts and tools are fetched.
            skills: the names that exist, or the only one; any name goes when left out.
            traffic: speed by the time of day.
            travel: km/h along great circles plus 30 % (36 when left out); or profiles by name, such as
                ``{"van": {"meters_per_hour": 30_000, "detour_percent": 130, "fixed": 120}}``; or a
                numpy array of seconds; or :class:`Matrix`, one or several.
            objective: a preset (``dispatch`` when left out) or a list of levels such as
                ``[{"unserved": 1}, {"lateness": 1}, {"travel": 1}]``.
            max_changes: at most so many visits differ from what customers were told.
            zone: the zone of datetimes and of text such as ``2026-03-02 08:00`` that have none, and of the times in
                answers. When left out, moments without a zone are an error and answers have the zone of the first
                column that has one.
            ignore: the column or columns to pass over; ``True`` for all that are not known.
            name: what to call it on pages.

        Raises:
            InputError: every fault at once, each with table, row, column, value and what is expected.

        >>> import fieldwright as fw
        >>> engineers = [{"id": "ada", "start": 0, "end": 28800, "lat": 52.52, "lon": 13.40}]
        >>> tickets = {"id": ["leak", "fuse"], "lat": [52.51, 52.53], "lon": [13.44, 13.41]}
        >>> fw.Problem.from_frames(engineers, tickets)
        <Problem: 1 engineer, 1 shift, 2 tickets>
        """
        frame, outlines = outlines_of(regions)
        profiles, matrices, travel_frame = split_travel(travel)
        given = {
            "engineers": engineers,
            "tickets": tickets,
            "regions": frame,
            "depots": depots,
            "skills": None if skills is None else {"skill": _names(skills)},
            "traffic": traffic,
            "travel": travel_frame,
        }
        needed = ("engineers", "tickets")
        frames = [
            (of, as_frame(of, frame)) for of, frame in given.items() if frame is not None or of in needed
        ]
        if isinstance(objective, str):
            objective = _preset(objective)
        elif isinstance(objective, Mapping):
            objective = [objective]
        settings = {
            "name": name,
            "travel": profiles,
            "objective": None if objective is None else list(objective),
            "max_changes": max_changes,
            "zone": zone,
            "ignore": [] if isinstance(ignore, bool) else _names(ignore),
            "ignore_unknown": ignore is True,
        }
        tables = [(matrix.name, matrix.seconds, matrix.meters) for matrix in matrices]
        return cls(_core.Problem.frames(frames, outlines, tables, as_json(settings)))

    @classmethod
    def from_json(
        cls,
        world: dict[str, Any] | str | os.PathLike[str],
        *,
        objective: str | None = None,
        zone: str | None = None,
    ) -> "Problem":
        """Reads the native JSON: a dict, its text, or the path of a file (``fieldwright schema`` prints its schema).

        Raises:
            InputError: every fault at once, with line and path.
            FileNotFoundError: there is no such file.

        >>> import fieldwright as fw
        >>> city = fw.Problem.city(engineers=3, tickets=8)
        >>> fw.Problem.from_json(city.to_json()).tickets == city.tickets
        True
        """
        return cls.from_file(*_text_of(world), "native", objective=objective, zone=zone)

    @classmethod
    def from_vroom(cls, problem: dict[str, Any] | str | os.PathLike[str], **options: Any) -> "Problem":
        """Reads a problem of VROOM's API: a dict, JSON text, or the path of a file.

        >>> import fieldwright as fw
        >>> fw.Problem.from_vroom({
        ...     "vehicles": [{"id": 1, "start": [2.35, 48.85]}],
        ...     "jobs": [{"id": 7, "location": [2.36, 48.86], "service": 300}],
        ... })
        <Problem: 1 engineer, 1 shift, 1 ticket>
        """
        return cls.from_file(*_text_of(problem), "vroom", **options)

    @classmethod
    def from_solomon(
        cls,
        instance: str | os.PathLike[str],
        *,
        rounding: Literal["dimacs", "exact", "milli", "int"] = "dimacs",
    ) -> "Problem":
        """Reads an instance of Solomon or Homberger: its text, or the path of a file.

        Raises:
            InputError: every fault at once, with line.
            FileNotFoundError: there is no such file.

        >>> import fieldwright as fw
        >>> depot, customer = "0 0 0 0 0 230 0", "1 3 4 1 0 200 0"
        >>> text = f"LINE\\nVEHICLE\\nNUMBER CAPACITY\\n1 10\\nCUSTOMER\\n{depot}\\n{customer}\\n"
        >>> fw.plan(fw.Problem.from_solomon(text, rounding="int"), iterations=10).total["travel"]
        10
        """
        return cls.from_file(*_text_of(instance), "solomon", rounding=rounding)

    @classmethod
    def from_file(
        cls,
        text: str | os.PathLike[str],
        name: str = "",
        format: str | None = None,  # noqa: A002
        *,
        objective: str | None = None,
        rounding: str | None = None,
        zone: str | None = None,
    ) -> "Problem":
        """Reads a file in any format that ``fieldwright convert`` knows: its path, or its text.

        ``name`` is told in faults of a text.

        Raises:
            InputError: every fault at once, with line; or no such format, objective or rounding.
            FileNotFoundError: there is no such file.

        >>> import fieldwright as fw
        >>> try:
        ...     fw.Problem.from_file('{"schema": 1, "engineers": 3}', "day.json")
        ... except fw.InputError as error:
        ...     print(error.issues[0]["at"])
        day.json:1:28: engineers
        """
        if not name or isinstance(text, os.PathLike):
            text, path = _text_of(text)
            name = name or path
        return cls(_core.Problem.read(text, format, name, objective, rounding, zone))

    @classmethod
    def city(
        cls, engineers: int = 40, tickets: int = 400, *, regions: int = 8, days: int = 1, seed: int = 1
    ) -> "Problem":
        """A city that is made up: skills, windows, promises, breaks, parts. For trying things."""
        counts = {"engineers": engineers, "tickets": tickets, "regions": regions, "days": days, "seed": seed}
        for name, count in counts.items():
            whole(name, count)
        return cls(_core.Problem.city(engineers, tickets, regions, days, seed))

    @property
    def name(self) -> str:
        """What it is called on pages."""
        return self._core.name

    @property
    def zone(self) -> str | None:
        """The zone of times in answers; UTC when there is none."""
        return self._core.zone

    @property
    def engineers(self) -> list[str]:
        """Ids of the engineers, in order."""
        return self._core.engineers()

    @property
    def tickets(self) -> list[str]:
        """Ids of the tickets, in order."""
        return self._core.tickets()

    @property
    def levels(self) -> list[str]:
        """The criteria of each level of the objective, most important first."""
        return self._core.levels()

    def to_json(self) -> str:
        """The world in the native JSON; :meth:`from_json` reads it back."""
        return self._core.json()

    def to_geojson(self) -> str:
        """Regions, homes and tickets as GeoJSON.

        >>> import json
        >>> import fieldwright as fw
        >>> json.loads(fw.Problem.city(engineers=3, tickets=8).to_geojson())["type"]
        'FeatureCollection'
        """
        return self._core.geojson()

    def __len__(self) -> int:
        return self._core.counts()[2]

    def __repr__(self) -> str:
        names = ("engineer", "shift", "ticket", "region")
        counts = zip(self._core.counts(), names, strict=True)
        told = [f"{n:,} {name}{'' if n == 1 else 's'}" for n, name in counts if n or name != "region"]
        return f"<Problem: {', '.join(told)}>"

    def __copy__(self) -> "Problem":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Problem":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.to_json(), self.zone)


AnyProblem: TypeAlias = Problem | dict[str, Any] | str
"""A problem, or one in the native JSON as a dict, as text, or as the path of a file."""


def as_problem(given: AnyProblem) -> Problem:
    """The problem itself, or the one that JSON describes."""
    if isinstance(given, Problem):
        return given
    if isinstance(given, str | dict):
        return Problem.from_json(given)
    raise TypeError(f"a Problem is expected, not {type(given).__name__}; Problem.from_frames makes one of frames")


def columns(table: str) -> dict[str, str]:
    """The columns that a frame may have, and what belongs into each.

    ``table`` is one of ``engineers``, ``tickets``, ``regions``, ``depots``, ``travel``, ``traffic``.

    >>> import fieldwright as fw
    >>> fw.columns("tickets")["service"]
    'whole seconds, 0 or more'
    """
    found = dict(_core.columns(table))
    if not found:
        raise ValueError(f"{table!r} is none of the tables")
    return found


def _restored(text: str, zone: str | None) -> Problem:
    return Problem.from_json(text, zone=zone)


def _names(given: Sequence[str]) -> list[str]:
    """A name is a list of one, not of its letters."""
    return [given] if isinstance(given, str) else list(given)


def _preset(name: str) -> list[dict[str, int]]:
    levels: list[dict[str, int]] = json.loads(_core.objective(name))
    return levels


def _text_of(given: dict[str, Any] | str | os.PathLike[str]) -> tuple[str, str]:
    if isinstance(given, dict):
        return as_json(given), ""
    if isinstance(given, os.PathLike) or (0 < len(given) < 1_000 and "\n" not in given and "{" not in given):
        with open(given, encoding="utf-8") as file:
            return file.read(), os.fspath(given)
    return given, ""
