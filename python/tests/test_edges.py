"""What real frames do: nothing in them, holes, wrong types, a million rows. Never a panic."""

import math
import subprocess
import sys
import time
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fieldwright as fw

Rows = list[dict[str, Any]]
ADA: Rows = [{"id": "ada", "start": 0, "end": 28_800, "lat": 52.52, "lon": 13.40}]


def test_an_empty_frame_of_tickets_is_a_quiet_day(engineers: Rows) -> None:
    empty = pl.DataFrame(schema={"id": pl.String, "lat": pl.Float64, "lon": pl.Float64})
    problem = fw.Problem.from_frames(engineers, empty)
    plan = fw.plan(problem, iterations=10)
    assert len(problem) == len(plan.visits) == len(plan.routes) == 0
    assert plan.visits.to_pandas().empty


def test_an_empty_frame_of_engineers_is_an_input_error(tickets: Rows) -> None:
    empty = pl.DataFrame(schema=dict.fromkeys(["id", "start", "end", "lat", "lon"], pl.Int64))
    with pytest.raises(fw.InputError, match="E102"):
        fw.Problem.from_frames(empty, tickets)
    with pytest.raises(fw.InputError, match="E102"):
        fw.Problem.from_frames([], tickets)


def test_no_tickets_at_all_are_a_quiet_day_too(engineers: Rows) -> None:
    plan = fw.plan(fw.Problem.from_frames(engineers, []), iterations=10)
    assert len(plan.visits) == 0
    assert plan._repr_html_().startswith("<iframe")


def test_a_frame_without_its_columns_is_an_input_error(engineers: Rows) -> None:
    with pytest.raises(fw.InputError) as caught:
        fw.Problem.from_frames(engineers, pd.DataFrame({"id": ["a"]}))
    assert [issue["cause"] for issue in caught.value.issues] == [
        "there is no column `lat`",
        "there is no column `lon`",
    ]


def test_nan_is_an_empty_cell(tickets: Rows) -> None:
    frame = pd.DataFrame([*tickets, {**tickets[0], "id": "b", "service": None, "priority": 3}])
    assert frame["priority"].dtype == float
    plan = fw.plan(fw.Problem.from_frames(ADA, frame.drop(columns="skills")), iterations=20)
    assert len(plan.visits) == 2


def test_nan_where_a_number_is_needed_is_an_input_error() -> None:
    frame = pd.DataFrame({"id": ["a"], "lat": [math.nan], "lon": [13.4]})
    with pytest.raises(fw.InputError) as caught:
        fw.Problem.from_frames(ADA, frame)
    (issue,) = caught.value.issues
    assert (issue["row"], issue["column"], issue["cause"]) == (0, "lat", "the cell is empty")


@pytest.mark.parametrize("value", [2.5, math.inf, "an hour", True, [60]])
def test_a_wrong_type_is_told_with_its_row(value: Any) -> None:
    frame = pl.DataFrame({"id": ["a"], "lat": [52.5], "lon": [13.4], "service": [value]})
    if value == [60]:
        frame = frame.with_columns(service=pl.lit([60, 70]))
    with pytest.raises(fw.InputError) as caught:
        fw.Problem.from_frames(ADA, frame)
    (issue,) = caught.value.issues
    assert (issue["row"], issue["column"]) == (0, "service")
    assert issue["expected"] == "whole seconds, 0 or more"


def test_a_type_that_says_nothing_is_told_once(engineers: Rows) -> None:
    dates = pl.DataFrame({"id": ["a", "b"], "lat": [52.5] * 2, "lon": [13.4] * 2})
    dates = dates.with_columns(due=pl.lit("2026-03-02").str.to_date())
    with pytest.raises(fw.InputError, match="Date32") as caught:
        fw.Problem.from_frames(engineers, dates)
    assert len(caught.value.issues) == 1


def test_a_column_of_several_types_is_an_input_error(engineers: Rows) -> None:
    frame = pd.DataFrame({"id": ["a", 7], "lat": [52.5] * 2, "lon": [13.4] * 2})
    with pytest.raises(fw.InputError, match="E001 at tickets.*id"):
        fw.Problem.from_frames(engineers, frame)


def test_a_cell_of_another_type_is_told_with_its_place_in_rows_and_columns(engineers: Rows) -> None:
    columns: dict[str, list[Any]] = {"id": ["a", 7, "b"], "lat": [52.5, 52.5, "north"], "lon": [13.4] * 3}
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    frames: list[Any] = [columns, rows]
    for frame in frames:
        with pytest.raises(fw.InputError) as caught:
            fw.Problem.from_frames(engineers, frame)
        found = [(i["table"], i["row"], i["column"], i["value"]) for i in caught.value.issues]
        assert found == [("tickets", 1, "id", "7"), ("tickets", 2, "lat", "'north'")]


def test_columns_of_different_lengths_are_an_input_error(engineers: Rows) -> None:
    with pytest.raises(fw.InputError, match="id 2, lat 1, lon 2"):
        fw.Problem.from_frames(engineers, {"id": ["a", "b"], "lat": [52.5], "lon": [13.4] * 2})


@pytest.mark.parametrize("series", [pd.Series(["a"]), pl.Series(["a"])])
def test_a_series_is_no_frame(engineers: Rows, series: Any) -> None:
    with pytest.raises(TypeError, match="a data frame is expected for tickets, not a Series"):
        fw.Problem.from_frames(engineers, series)


def test_what_is_no_frame_is_a_type_error(engineers: Rows) -> None:
    with pytest.raises(TypeError, match="a data frame is expected for tickets, not int"):
        fw.Problem.from_frames(engineers, 3)  # type: ignore[arg-type]


@pytest.mark.parametrize("table", ["engineers", "tickets"])
def test_no_frame_at_all_is_a_type_error(engineers: Rows, tickets: Rows, table: str) -> None:
    given: dict[str, Any] = {"engineers": engineers, "tickets": tickets, table: None}
    with pytest.raises(TypeError, match=f"a data frame is expected for {table}, not NoneType"):
        fw.Problem.from_frames(**given)


def test_a_single_row_goes_into_a_list(engineers: Rows, tickets: Rows) -> None:
    with pytest.raises(TypeError, match="a single row goes into a list"):
        fw.Problem.from_frames(engineers, tickets[0])


def test_a_duplicated_index_of_pandas_is_of_no_account(engineers: Rows) -> None:
    frame = pd.DataFrame({"id": ["a", "b"], "lat": [52.5] * 2, "lon": [13.4] * 2}, index=[7, 7])
    assert len(fw.Problem.from_frames(engineers, frame)) == 2


def test_a_great_many_faults_are_told_up_to_a_thousand(engineers: Rows) -> None:
    n = 5_000
    frame = pl.DataFrame({"id": [str(i) for i in range(n)], "lat": [52.5] * n, "lon": ["x"] * n})
    with pytest.raises(fw.InputError, match=r"and 980 more") as caught:
        fw.Problem.from_frames(engineers, frame)
    assert len(caught.value.issues) == 1_000


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.booleans(),
)
COLUMNS = sorted(fw.columns("tickets"))


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(COLUMNS), CELLS, max_size=6), st.randoms())
def test_whatever_a_cell_holds_it_is_taken_or_refused(cells: dict[str, Any], random: Any) -> None:
    row = {"id": "a", "lat": 52.5, "lon": 13.4} | cells
    try:
        problem = fw.Problem.from_frames(ADA, pl.DataFrame([row]))
    except fw.InputError as error:
        assert error.issues
        for issue in error.issues:
            assert issue["code"].startswith("E")
    else:
        assert fw.check(problem, fw.plan(problem, iterations=5)) == []


NUMBERS = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-10, 10**13),
    st.floats(),
    st.integers(-10, 100_000).map(float),
)
OF_NUMBERS = ["lat", "lon", "service", "setup", "due", "release", "priority", "value", "row"]


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(OF_NUMBERS), NUMBERS, max_size=5))
def test_a_number_says_what_its_text_would_say(cells: dict[str, Any]) -> None:
    """Numbers are read without becoming text, and nothing else shows of it: not in a fault either."""
    row = {"id": "a", "lat": 52.5, "lon": 13.4} | cells
    missing = {name: value != value or value is None for name, value in row.items()}
    spelt = {name: None if missing[name] else _spelt(value) for name, value in row.items()}

    def told(row: dict[str, Any]) -> Any:
        try:
            return fw.Problem.from_frames(ADA, pl.DataFrame([row])).to_json()
        except fw.InputError as error:
            return list(error.issues)

    assert told(row) == told(spelt)


def _spelt(value: Any) -> str:
    """As Rust writes it: `3` for 3.0, and never an exponent."""
    if not isinstance(value, float) or math.isinf(value):
        return str(value)
    return f"{Decimal(repr(value)):f}".removesuffix(".0")


def million() -> pd.DataFrame:
    """A million tickets with skills, windows, promises and priorities."""
    n = 1_000_000
    random = np.random.default_rng(1)
    start = pd.Timestamp("2026-03-02 08:00", tz="Europe/Berlin")
    due = start + pd.to_timedelta(random.integers(3_600, 36_000, n), unit="s")
    return pd.DataFrame(
        {
            "id": np.char.add("T", np.arange(n).astype(str)),
            "lat": random.uniform(52.3, 52.7, n),
            "lon": random.uniform(13.0, 13.8, n),
            "service": random.integers(900, 3_600, n),
            "due": due,
            "priority": random.integers(0, 9, n),
            "skills": random.choice(["boiler:2", "gas", "boiler:1;gas:2"], n),
        }
    )


def test_ten_thousand_tickets_are_planned_without_a_table_of_all_ways() -> None:
    # A process of its own, since only its peak tells. 10,000 x 10,000 ways would be 400 MB at 4 bytes.
    script = """
import resource, fieldwright as fw
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
place = lambda k: {"lat": 52.0 + (k * 37 % 1000) / 2000, "lon": 13.0 + (k * 91 % 1000) / 2000}
engineers = [{"id": f"e{k}", "start": 0, "end": 28_800, **place(k)} for k in range(50)]
tickets = [{"id": f"t{k}", "service": 900, **place(k)} for k in range(10_000)]
before = peak()
plan = fw.plan(fw.Problem.from_frames(engineers, tickets), iterations=100)
assert len(plan.visits) + len(plan.unassigned) == 10_000
print((peak() - before) // 1024)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 250


@pytest.mark.slow
def test_a_million_rows_become_a_problem() -> None:
    frame = million()
    engineers = [
        {**ADA[0], "start": "2026-03-02T08:00:00+01:00", "end": "2026-03-02T16:00:00+01:00"}
    ]
    # Of the processor, on all threads: how long it waits for one says nothing of this package.
    started = time.process_time()
    problem = fw.Problem.from_frames(engineers, frame)
    took = time.process_time() - started
    assert len(problem) == 1_000_000
    # The goal is 3 s on the clock, see benches/.
    assert took < 15
