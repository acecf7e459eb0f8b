"""Tickets and engineers come to a desk as rows: of pandas, of a database, or in the native JSON."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

import fieldwright as fw
from test_desk import EIGHT, HOUR, LEAK, desk, person

__all__ = ["desk"]


def test_rows_come_as_pandas_has_them(desk: fw.Desk) -> None:
    frame = pd.DataFrame(
        {
            "id": ["a", "b"],
            "lat": np.array([52.51, 52.52], dtype="float32"),
            "lon": [13.41, 13.42],
            "service": [1_800, None],
            "due": pd.to_datetime(["2026-03-02T10:00Z", None]),
            "preferred": [["cem"], []],
        }
    )
    for row in frame.to_dict("records"):
        desk.open(row, by="support:sue", at=EIGHT)
    told = desk.tickets.to_pandas().set_index("ticket")
    assert told.loc["a", "due"] == EIGHT + 2 * HOUR
    assert pd.isna(told.loc["b", "due"])
    assert desk.ticket("a")["ticket"]["preferred"] == ["cem"]


def test_a_row_of_pandas_is_a_row_and_a_frame_is_its_shifts(desk: fw.Desk) -> None:
    row = pd.DataFrame([{"id": "a", "lat": 52.51, "lon": 13.41, "service": 1_800}]).iloc[0]
    desk.open(row, by="support:sue", at=EIGHT)
    assert desk.ticket("a")["ticket"]["service"] == 1_800
    eve = person("eve", 52.4)
    later = eve | {"start": EIGHT + 11 * HOUR, "end": EIGHT + 13 * HOUR}
    desk.enrol(pd.DataFrame([eve, later]), by="manager:max", at=EIGHT)
    assert len(desk.engineer("eve")["engineer"]["shifts"]) == 2


def test_decimals_of_a_database_are_numbers(desk: fw.Desk) -> None:
    row = {"id": "a", "lat": Decimal("52.51"), "lon": Decimal("13.41"), "service": Decimal("1800.00")}
    desk.open(row, by="support:sue", at=EIGHT)
    found = desk.ticket("a")["ticket"]
    assert (found["place"]["lat"], found["service"]) == (52.51, 1_800)


def test_native_json_does_too(desk: fw.Desk) -> None:
    place = {"lat": 52.5, "lon": 13.4}
    desk.open({"id": "tap", "place": place, "service": 600}, by="support:sue", at=EIGHT)
    shift = {"start": EIGHT, "end": EIGHT + HOUR, "from": place}
    desk.enrol({"id": "dia", "shifts": [shift]}, by="manager:max", at=EIGHT)
    assert desk.engineers.to_pandas()["engineer"].tolist()[-1] == "dia"


def test_who_joins_comes_as_rows_one_for_each_shift(desk: fw.Desk) -> None:
    eve = person("eve", 52.4)
    late = {**eve, "start": EIGHT + 11 * HOUR, "end": EIGHT + 13 * HOUR}
    desk.enrol([eve, late], by="manager:max", at=EIGHT)
    assert len(desk.engineer("eve")["engineer"]["shifts"]) == 2
    with pytest.raises(ValueError, match="rows of one id"):
        desk.enrol([eve, person("fay", 52.4)], by="manager:max", at=EIGHT)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({**LEAK, "id": "b", "service": "an hour"}, "service"),
        ({**LEAK, "id": "b", "lat": None}, "lat"),
        ({**LEAK, "id": "b", "due": datetime(2026, 3, 2, 12)}, "due"),
        ({**LEAK, "id": "b", "skills": ["boiler:x"]}, "skills"),
    ],
)
def test_a_wrong_cell_is_told_by_its_column(desk: fw.Desk, row: dict[str, Any], column: str) -> None:
    with pytest.raises(fw.InputError) as caught:
        desk.open(row, by="support:sue", at=EIGHT)
    assert caught.value.issues[0]["column"] == column
