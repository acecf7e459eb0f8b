"""A zone is never guessed: not of datetimes, and not of texts."""

import dataclasses
import datetime as dt
import json
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fieldwright as fw

Rows = list[dict[str, Any]]


def morning(rows: Rows, zone: str | None) -> pd.DataFrame:
    """The engineers, from eight to four on a day in March."""
    frame = pd.DataFrame(rows)
    frame["start"] = pd.Timestamp("2026-03-02 08:00", tz=zone)
    frame["end"] = pd.Timestamp("2026-03-02 16:00", tz=zone)
    return frame


def test_a_time_without_a_zone_is_refused_and_says_what_to_do(engineers: Rows, tickets: Rows) -> None:
    with pytest.raises(fw.InputError, match=r'zone="Europe/Berlin"') as caught:
        fw.Problem.from_frames(morning(engineers, None), tickets)
    assert [issue["column"] for issue in caught.value.issues] == ["start", "end"]


@pytest.mark.parametrize("make", [list, lambda rows: pd.DataFrame(rows, dtype=object)])
def test_one_time_without_a_zone_among_others_is_not_taken_for_utc(make: Any, engineers: Rows) -> None:
    aware = pd.Timestamp("2026-03-02 10:00", tz="Europe/Berlin")
    place = {"lat": 52.5, "lon": 13.4}
    moments = [None, aware, pd.NaT, aware.tz_localize(None), aware.tz_convert("America/New_York")]
    rows = [{"id": str(n), **place, "due": due} for n, due in enumerate(moments)]
    with pytest.raises(fw.InputError, match="without a zone among others") as caught:
        fw.Problem.from_frames(engineers, make(rows))
    assert [(i["table"], i["row"], i["column"]) for i in caught.value.issues] == [("tickets", 3, "due")]
    # Several zones are no doubt.
    assert len(fw.Problem.from_frames(engineers, make(rows[:3] + rows[4:]))) == 4


def test_a_zone_that_is_told_is_that_of_times_without_one(engineers: Rows, tickets: Rows) -> None:
    aware = fw.Problem.from_frames(morning(engineers, "Europe/Berlin"), tickets)
    told = fw.Problem.from_frames(morning(engineers, None), tickets, zone="Europe/Berlin")
    assert told.to_json() == aware.to_json()
    start = json.loads(told.to_json())["engineers"][0]["shifts"][0]["start"]
    assert start == "2026-03-02T07:00:00Z"


def test_answers_have_the_zone_of_the_frame(engineers: Rows, tickets: Rows) -> None:
    plan = fw.plan(fw.Problem.from_frames(morning(engineers, "Asia/Tokyo"), tickets), iterations=20)
    visits = plan.visits.to_pandas()
    assert str(visits["start"].dt.tz) == "Asia/Tokyo"
    assert visits["start"][0].hour >= 8
    assert isinstance(visits["start"][0].to_pydatetime(), dt.datetime)


def test_an_unknown_zone_is_an_input_error(engineers: Rows, tickets: Rows) -> None:
    with pytest.raises(fw.InputError, match="Europe/Atlantis"):
        fw.Problem.from_frames(engineers, tickets, zone="Europe/Atlantis")
    world = fw.Problem.from_frames(engineers, tickets).to_json()
    with pytest.raises(fw.InputError, match="Europe/Atlantis"):
        fw.Problem.from_json(world, zone="Europe/Atlantis")


def test_an_offset_is_a_zone_too(tickets: Rows) -> None:
    # As datetimes of Python have it that were read from a text.
    eight = dt.datetime.fromisoformat("2026-03-02T08:00+01:00")
    ada = {"id": "ada", "start": eight, "end": eight + dt.timedelta(hours=8), "lat": 52.52, "lon": 13.40}
    problem = fw.Problem.from_frames([ada], [])
    assert (problem.zone, json.loads(problem.to_json())["utc_offset"]) == ("+01:00", 3_600)
    desk = fw.Desk([ada], at=eight)
    desk.open(tickets[0] | {"skills": None, "due": eight}, by="support:sue", at=eight)
    due = desk.next_deadline()
    assert isinstance(due, dt.datetime) and due.utcoffset() == dt.timedelta(hours=1)
    assert desk.tickets["due"] == [eight]
    assert desk.tickets["due"][0].hour == 8
    naive = ada | {"start": "2026-03-02 08:00", "end": "2026-03-02 16:00"}
    assert started([naive], zone="+01:00") == ["2026-03-02T07:00:00Z"]


def test_a_time_without_a_zone_hides_no_other_fault(engineers: Rows, tickets: Rows) -> None:
    tickets[0]["service"] = "an hour"
    with pytest.raises(fw.InputError) as caught:
        fw.Problem.from_frames(morning(engineers, None), tickets, max_changes=-1)
    found = {(i["table"], i["row"], i["column"]) for i in caught.value.issues}
    assert found == {
        (None, None, None),
        ("engineers", None, "start"),
        ("engineers", None, "end"),
        ("tickets", 0, "service"),
    }
    (setting,) = (i for i in caught.value.issues if i["table"] is None)
    assert setting["at"] == "max_changes"
    assert all(i["expected"] for i in caught.value.issues if i["table"])


def test_moments_that_are_all_missing_need_no_zone(engineers: Rows, tickets: Rows) -> None:
    never = pd.DataFrame(tickets).assign(due=pd.Series([pd.NaT], dtype="datetime64[ns]"))
    assert len(fw.Problem.from_frames(engineers, never)) == 1


# Moments as text


@dataclasses.dataclass
class Shift:
    """What a caller's own code may have."""

    id: str
    start: str
    end: str
    lat: float = 52.52
    lon: float = 13.40
    skills: str = "boiler:3"


EIGHT, FOUR = "2026-03-02 08:00", "2026-03-02 16:00"
BERLIN = "Europe/Berlin"


def started(engineers: Any, **more: Any) -> list[str]:
    """When the shifts begin, in UTC."""
    world = json.loads(fw.Problem.from_frames(engineers, [], **more).to_json())
    return [shift["start"] for engineer in world["engineers"] for shift in engineer["shifts"]]


@pytest.mark.parametrize("make", [list, lambda rows: [vars(row) for row in rows]])
@pytest.mark.parametrize("eight", [EIGHT, "2026-03-02T08:00:00", " 2026-03-02 08:00 "])
def test_a_text_without_a_zone_is_one_of_the_zone_that_is_told(make: Any, eight: str) -> None:
    rows = make([Shift("ada", eight, FOUR)])
    assert started(rows, zone=BERLIN) == ["2026-03-02T07:00:00Z"]


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame])
def test_a_column_of_texts_says_what_one_of_datetimes_would(make: Any) -> None:
    # The last one is skipped, the one before it comes twice: both are taken by the offset before the change.
    moments = [EIGHT, "2026-07-01 08:00", "2026-10-25 02:30", "2026-03-29 02:30"]
    place = {"lat": 52.52, "lon": 13.40}
    rows = [{"id": text, "start": text, "end": "2026-12-31 00:00", **place} for text in moments]
    texts = make(rows)
    datetimes = pd.DataFrame(rows).astype({"start": "datetime64[ns]", "end": "datetime64[ns]"})
    assert started(texts, zone=BERLIN) == started(datetimes, zone=BERLIN)
    assert started(texts, zone=BERLIN)[2:] == ["2026-10-25T00:30:00Z", "2026-03-29T01:30:00Z"]


def test_a_text_with_an_offset_keeps_it() -> None:
    rows = [Shift("ada", f"{EIGHT}+01:00", f"{FOUR}Z")]
    assert started(rows) == started(rows, zone="Asia/Tokyo") == ["2026-03-02T07:00:00Z"]
    assert started([Shift("ada", "1772434800", "1772463600")], zone="Asia/Tokyo") == ["2026-03-02T07:00:00Z"]


def test_a_text_without_a_zone_is_refused_and_says_what_to_do() -> None:
    with pytest.raises(fw.InputError) as caught:
        started([Shift("ada", EIGHT, f"{FOUR}Z"), Shift("bob", f"{EIGHT}Z", "2026-03-02")])
    first, second = caught.value.issues
    assert (first["row"], first["column"], first["value"]) == (0, "start", EIGHT)
    assert first["cause"] == f"`{EIGHT}` has no zone: give it an offset, as others in its column have"
    # A date is no moment, whatever the zone.
    assert "neither whole seconds nor RFC 3339" in second["cause"]
    with pytest.raises(fw.InputError, match='no zone: name one with `zone="Europe/Berlin"`, or write its offset'):
        started([Shift("ada", EIGHT, FOUR)])


def test_one_text_without_a_zone_among_others_is_not_taken_for_one_of_the_zone() -> None:
    rows = [Shift("ada", EIGHT, FOUR), Shift("bob", EIGHT, f"{FOUR}+01:00"), Shift("cem", EIGHT, FOUR)]
    with pytest.raises(fw.InputError, match="as others in its column have") as caught:
        started(rows, zone=BERLIN)
    assert [(i["row"], i["column"]) for i in caught.value.issues] == [(0, "end"), (2, "end")]


def test_windows_breaks_and_skills_are_of_the_zone_too() -> None:
    shift = Shift("ada", EIGHT, FOUR, skills=f"gas:2@{FOUR}")
    engineer = vars(shift) | {"breaks": "2026-03-02 12:00/2026-03-02 13:00/1800"}
    ticket = {"id": "leak", "lat": 52.5, "lon": 13.4, "windows": [f"{EIGHT}/{FOUR}"], "due": FOUR}
    world = json.loads(fw.Problem.from_frames([engineer], [ticket], zone=BERLIN).to_json())
    assert world["engineers"][0]["skills"][0]["until"] == "2026-03-02T15:00:00Z"
    assert world["engineers"][0]["shifts"][0]["breaks"][0]["earliest"] == "2026-03-02T11:00:00Z"
    assert world["tickets"][0]["windows"] == [["2026-03-02T07:00:00Z", "2026-03-02T15:00:00Z"]]
    mixed = ticket | {"windows": [f"{EIGHT}/{FOUR}Z"]}
    with pytest.raises(fw.InputError, match="as others in its column have") as caught:
        fw.Problem.from_frames([engineer], [mixed], zone=BERLIN)
    assert [issue["column"] for issue in caught.value.issues] == ["windows"]


NOON, ONE = dt.datetime(2026, 3, 2, 12), dt.datetime(2026, 3, 2, 13)


@pytest.mark.parametrize(
    ("windows", "breaks"),
    [
        (f"{NOON}/{ONE}", f"{NOON}/{ONE}/1800"),
        ([(str(NOON), str(ONE))], [(str(NOON), str(ONE), "1800")]),
        ([{"earliest": str(NOON), "latest": str(ONE)}], [{"from": str(NOON), "to": str(ONE), "seconds": 1_800}]),
        ([(NOON, ONE)], [{"from": NOON, "to": ONE, "seconds": 1_800}]),
        ({"earliest": str(NOON), "latest": str(ONE)}, {"from": NOON, "to": ONE, "seconds": 1_800}),
    ],
)
def test_windows_and_breaks_are_text_or_pairs_or_dicts(windows: Any, breaks: Any) -> None:
    engineer = vars(Shift("ada", EIGHT, FOUR)) | {"breaks": breaks}
    ticket = {"id": "leak", "lat": 52.5, "lon": 13.4, "windows": windows}
    world = json.loads(fw.Problem.from_frames([engineer], [ticket], zone=BERLIN).to_json())
    noon, one = "2026-03-02T11:00:00Z", "2026-03-02T12:00:00Z"
    assert world["tickets"][0]["windows"] == [[noon, one]]
    (pause,) = world["engineers"][0]["shifts"][0]["breaks"]
    assert pause == {"earliest": noon, "latest": one, "duration": 1_800}


def test_a_window_whose_ends_differ_about_zones_is_refused(engineers: Rows, tickets: Rows) -> None:
    tickets[0]["windows"] = [(NOON.replace(tzinfo=dt.UTC), ONE)]
    with pytest.raises(fw.InputError, match="without a zone among others") as caught:
        fw.Problem.from_frames(engineers, tickets, zone=BERLIN)
    assert [(i["table"], i["row"], i["column"]) for i in caught.value.issues] == [("tickets", 0, "windows")]


MOMENTS = st.datetimes(dt.datetime(1980, 1, 1), dt.datetime(2030, 1, 1))


@settings(max_examples=150, deadline=None)
@given(MOMENTS, st.sampled_from([BERLIN, "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"]))
def test_a_text_means_the_moment_that_python_takes_it_for(moment: dt.datetime, zone: str) -> None:
    ticket = {"id": "leak", "lat": 52.5, "lon": 13.4, "due": moment.isoformat(" ", "seconds")}
    engineer = {"id": "ada", "start": 0, "end": 9_000, "lat": 52.5, "lon": 13.4}
    world = json.loads(fw.Problem.from_frames([engineer], [ticket], zone=zone).to_json())
    expected = moment.replace(microsecond=0, tzinfo=ZoneInfo(zone))
    assert dt.datetime.fromisoformat(world["tickets"][0]["due"]).timestamp() == expected.timestamp()


def test_a_name_that_looks_like_a_moment_is_a_name() -> None:
    problem = fw.Problem.from_frames([Shift(EIGHT, EIGHT, FOUR)], [], zone=BERLIN)
    assert problem.engineers == [EIGHT]
