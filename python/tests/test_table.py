"""Tables in plain Python: rows are dicts, columns are lists, and every library reads the same."""

import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

import fieldwright as fw

PLACE: dict[str, Any] = {"lat": 52.52, "lon": 13.40}
EIGHT = datetime(2026, 3, 2, 8, tzinfo=ZoneInfo("Europe/Berlin"))


def visits(**more: Any) -> fw.Table:
    """Those of a day with one engineer, who starts at eight in Berlin."""
    engineers = [{"id": "ada", "start": EIGHT, "end": EIGHT + timedelta(hours=8), **PLACE}]
    tickets = [{"id": name, "service": 600, **PLACE} for name in ("leak", "fuse")]
    return fw.plan(fw.Problem.from_frames(engineers, tickets, **more), iterations=20).visits


def test_rows_are_dicts_and_columns_are_lists_of_what_pandas_has(plan: fw.Plan) -> None:
    for table in (plan.visits, plan.routes, plan.unassigned, plan.figures, plan.regions):
        frame = table.to_pandas()
        assert list(frame.columns) == table.columns
        for name in table.columns:
            pairs = list(zip(table[name], frame[name], strict=True))
            assert all(own == other or (own is None and pd.isna(other)) for own, other in pairs)
        assert list(table) == [table[row] for row in range(len(table))]
        assert all(list(row) == table.columns for row in table)


def test_a_row_is_counted_from_either_end(plan: fw.Plan) -> None:
    table = plan.visits
    rows = list(table)
    assert (table[0], table[-1], table[-len(table)]) == (rows[0], rows[-1], rows[0])
    assert (table[:2], table[-2:], table[::-1]) == (rows[:2], rows[-2:], rows[::-1])


def test_moments_have_the_zone_of_the_table() -> None:
    start = visits()[0]["start"]
    assert (start, start.hour, start.tzinfo) == (EIGHT, 8, ZoneInfo("Europe/Berlin"))
    assert visits(zone="Asia/Tokyo")["start"][0].hour == 16
    seconds = fw.Problem.from_frames([{"id": "ada", "start": 0, "end": 9_000, **PLACE}], [{"id": "a", **PLACE}])
    assert fw.plan(seconds, iterations=5).visits["start"] == [0]


def test_an_offset_is_a_zone_too() -> None:
    frame = pd.DataFrame([{"id": "ada", "start": EIGHT, "end": EIGHT + timedelta(hours=8), **PLACE}])
    for name in ("start", "end"):
        frame[name] = frame[name].dt.tz_convert(timezone(timedelta(hours=3)))
    table = fw.plan(fw.Problem.from_frames(frame, [{"id": "leak", **PLACE}]), iterations=5).visits
    assert table["start"][0].utcoffset() == timedelta(hours=3)
    assert table["start"][0] == EIGHT.astimezone(UTC)


def test_a_table_without_rows_has_columns() -> None:
    table = fw.plan(fw.Problem.from_frames([{"id": "ada", "start": 0, "end": 9, **PLACE}], [])).visits
    assert (list(table), table["ticket"], bool(table)) == ([], [], False)


def test_no_other_library_is_needed(plan: fw.Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    staff = [{"id": "ada", "start": 0, "end": 36_000, **PLACE}]
    desk = fw.Desk(staff, at=0)
    desk.open({"id": "leak", **PLACE}, by="support:sue", at=0)
    for name in ("pandas", "polars", "pyarrow"):
        monkeypatch.setitem(sys.modules, name, None)
    assert plan.visits[0]["ticket"] in plan
    assert "<svg" in desk.timeline("leak").text


def test_what_is_not_there_is_named() -> None:
    table = visits()
    with pytest.raises(KeyError, match="enginer is none of the columns ticket, engineer"):
        table["enginer"]
    for row in (2, -3):
        with pytest.raises(IndexError, match=f"there is no row {row}, only 2 rows"):
            table[row]
    with pytest.raises(TypeError):
        table[1.5]  # type: ignore[call-overload]
