"""Whatever holds the columns, the problem is the same."""

import dataclasses
import json
import tracemalloc
from decimal import Decimal
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import fieldwright as fw

Rows = list[dict[str, Any]]


@dataclasses.dataclass
class Ticket:
    """What a caller's own code may have."""

    id: str
    lat: float
    lon: float
    service: int
    skills: str


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.Table.from_pylist, list])
def test_every_kind_of_frame_says_the_same(make: Any, engineers: Rows, tickets: Rows) -> None:
    expected = fw.Problem.from_frames(engineers, tickets).to_json()
    assert fw.Problem.from_frames(make(engineers), make(tickets)).to_json() == expected


def test_a_relation_of_duckdb_is_a_frame(engineers: Rows, tickets: Rows) -> None:
    frame = pa.Table.from_pylist(tickets)
    relation = duckdb.connect().from_arrow(frame)
    found = fw.Problem.from_frames(engineers, relation)
    assert found.to_json() == fw.Problem.from_frames(engineers, tickets).to_json()


def test_objects_are_rows(engineers: Rows, tickets: Rows) -> None:
    found = fw.Problem.from_frames(engineers, [Ticket(**tickets[0])])
    assert found.to_json() == fw.Problem.from_frames(engineers, tickets).to_json()


class Named(NamedTuple):
    """Another way to have fields."""

    id: str
    lat: float
    lon: float


@pytest.mark.parametrize("row", [5, ("a", 52.5, 13.4), "a"])
def test_a_row_without_names_is_a_type_error(engineers: Rows, row: Any) -> None:
    assert len(fw.Problem.from_frames(engineers, [Named("a", 52.5, 13.4)])) == 1
    with pytest.raises(TypeError, match=f"not {type(row).__name__}"):
        fw.Problem.from_frames(engineers, [row])


def test_what_only_a_later_row_has_is_not_dropped(engineers: Rows) -> None:
    bare = {"id": "a", "lat": 52.5, "lon": 13.4}
    world = json.loads(fw.Problem.from_frames(engineers, [bare, {**bare, "id": "b", "due": 900}]).to_json())
    assert [ticket.get("due") for ticket in world["tickets"]] == [None, 900]


def test_a_lazy_frame_is_collected(engineers: Rows, tickets: Rows, recwarn: pytest.WarningsRecorder) -> None:
    found = fw.Problem.from_frames(engineers, pl.DataFrame(tickets).lazy())
    assert found.to_json() == fw.Problem.from_frames(engineers, tickets).to_json()
    assert list(recwarn) == []


def test_a_single_name_is_not_a_list_of_letters(engineers: Rows, tickets: Rows) -> None:
    coloured = [{**tickets[0], "colour": "red"}]
    problem = fw.Problem.from_frames(engineers, coloured, skills="boiler", ignore="colour")
    assert json.loads(problem.to_json())["skills"] == ["boiler"]


def test_lists_and_records_are_as_good_as_text(engineers: Rows, tickets: Rows) -> None:
    texts = fw.Problem.from_frames(engineers, tickets)
    tickets[0]["skills"] = ["boiler:2"]
    assert fw.Problem.from_frames(engineers, pl.DataFrame(tickets)).to_json() == texts.to_json()
    tickets[0]["skills"] = [{"skill": "boiler", "level": 2}]
    assert fw.Problem.from_frames(engineers, pl.DataFrame(tickets)).to_json() == texts.to_json()


def test_an_item_of_a_list_is_not_split(engineers: Rows, tickets: Rows) -> None:
    tickets[0]["skills"] = ["boiler; old:2"]
    world = json.loads(fw.Problem.from_frames(engineers, pl.DataFrame(tickets)).to_json())
    assert world["tickets"][0]["skills"]["all"] == [{"skill": "boiler; old", "level": 2}]


@pytest.mark.parametrize("skills", [{"boiler": 3}, [{"boiler": 3}]])
def test_records_that_name_no_skill_are_refused(engineers: Rows, tickets: Rows, skills: Any) -> None:
    tickets[0]["skills"] = skills
    with pytest.raises(fw.InputError, match="name no skill first; write `boiler:3`") as caught:
        fw.Problem.from_frames(engineers, tickets)
    assert caught.value.issues[0]["column"] == "skills"


def test_records_that_name_no_part_are_refused(engineers: Rows, tickets: Rows) -> None:
    tickets[0]["parts"] = {"pump": 2}
    with pytest.raises(fw.InputError, match="name no part first; write `pump:2`"):
        fw.Problem.from_frames(engineers, tickets)
    tickets[0]["parts"] = [{"part": "pump", "number": 2}]
    world = json.loads(fw.Problem.from_frames(engineers, tickets).to_json())
    assert world["tickets"][0]["needs"]["parts"] == {"pump": 2}


def test_items_of_several_types_are_told_how_to_be_written(engineers: Rows, tickets: Rows) -> None:
    tickets[0]["skills"] = [("boiler", 2)]
    with pytest.raises(fw.InputError, match="give its items as text, as `fieldwright.columns` shows them") as caught:
        fw.Problem.from_frames(engineers, tickets)
    assert caught.value.issues[0]["column"] == "skills"


def test_periods_of_pandas_are_no_moments(engineers: Rows, tickets: Rows) -> None:
    frame = pd.DataFrame(tickets).assign(due=pd.Period("2026-03-02"))
    with pytest.raises(fw.InputError, match="to_timestamp"):
        fw.Problem.from_frames(engineers, frame)


def test_windows_are_a_pair_of_columns_or_a_list_of_pairs(engineers: Rows, tickets: Rows) -> None:
    pair = [{**tickets[0], "earliest": 600, "latest": 1_200}]
    nested = [{**tickets[0], "windows": [[600, 1_200]]}]
    text = [{**tickets[0], "windows": "600/1200"}]
    worlds = {fw.Problem.from_frames(engineers, pl.DataFrame(t)).to_json() for t in (pair, nested, text)}
    assert len(worlds) == 1


def test_categories_and_durations_are_read(engineers: Rows, tickets: Rows) -> None:
    frame = pd.DataFrame(tickets).astype({"skills": "category"})
    frame["service"] = pd.to_timedelta(frame["service"], unit="s")
    found = fw.Problem.from_frames(engineers, frame)
    assert found.to_json() == fw.Problem.from_frames(engineers, tickets).to_json()


def test_intervals_of_duckdb_are_lengths_of_time(engineers: Rows) -> None:
    ticket = "SELECT 'a' AS id, 52.5 AS lat, 13.4 AS lon, INTERVAL '{}' AS service"
    ask = duckdb.connect().from_query
    world = fw.Problem.from_frames(engineers, ask(ticket.format("1 day 90 minutes"))).to_json()
    assert json.loads(world)["tickets"][0]["service"] == 86_400 + 5_400
    for vague in ("1 month", "1.5 seconds"):
        with pytest.raises(fw.InputError, match="is not a whole number") as caught:
            fw.Problem.from_frames(engineers, ask(ticket.format(vague)))
        assert caught.value.issues[0]["column"] == "service"


def test_decimals_of_a_database_are_numbers(engineers: Rows, tickets: Rows) -> None:
    spelt = {name: Decimal(str(tickets[0][name])) for name in ("lat", "lon")} | {"service": Decimal("3600.00")}
    exact = pa.Table.from_pylist([tickets[0] | spelt])
    assert pa.types.is_decimal(exact.schema.field("service").type)
    found = fw.Problem.from_frames(engineers, exact)
    assert found.to_json() == fw.Problem.from_frames(engineers, tickets).to_json()
    half = pa.Table.from_pylist([tickets[0] | {"service": Decimal("60.50")}])
    with pytest.raises(fw.InputError, match="60.50"):
        fw.Problem.from_frames(engineers, half)


def test_what_is_not_installed_is_no_fault_of_a_frame(engineers: Rows) -> None:
    class Pandas:
        """As a frame of pandas where there is no pyarrow."""

        def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
            raise ImportError("Missing optional dependency 'pyarrow'")

    with pytest.raises(ImportError, match="pyarrow"):
        fw.Problem.from_frames(engineers, Pandas())


def test_columns_that_can_be_walked_through_once_lose_nothing(engineers: Rows, tickets: Rows) -> None:
    once: Any = {name: iter([row[name] for row in tickets]) for name in tickets[0]}
    found = fw.Problem.from_frames(engineers, once)
    assert found.to_json() == fw.Problem.from_frames(engineers, tickets).to_json()


def test_every_fault_is_told_with_its_cell(engineers: Rows, tickets: Rows) -> None:
    rows = [
        {**tickets[0], "priority": -1, "due": "soon"},
        {**tickets[0], "id": "late", "priority": 1, "due": "2026-03-02T08:00"},
    ]
    with pytest.raises(fw.InputError) as caught:
        fw.Problem.from_frames(engineers, pd.DataFrame(rows))
    cells = [(i["table"], i["row"], i["column"], i["value"]) for i in caught.value.issues]
    assert cells == [
        ("tickets", 0, "due", "soon"),
        ("tickets", 0, "priority", "-1"),
        ("tickets", 1, "due", "2026-03-02T08:00"),
    ]
    table = caught.value.issues.to_pandas()
    assert table["expected"][1] == "a count: a whole number, 0 or more"


def test_faults_of_the_world_are_found_in_the_frame_too(engineers: Rows, tickets: Rows) -> None:
    second = {**engineers[0], "start": 50_000, "end": 40_000}
    with pytest.raises(fw.InputError) as caught:
        fw.Problem.from_frames([*engineers, second], [*tickets, *tickets])
    found = {(i["code"], i["table"], i["row"], i["column"]) for i in caught.value.issues}
    assert found == {("E401", "engineers", 2, "start"), ("E103", "tickets", 1, "id")}


def test_a_column_that_nobody_knows_is_refused_unless_it_is_to_be_ignored(
    engineers: Rows, tickets: Rows
) -> None:
    frame = pd.DataFrame(tickets).assign(colour="red", _note="x")
    with pytest.raises(fw.InputError, match="colour") as caught:
        fw.Problem.from_frames(engineers, frame)
    known = caught.value.issues[0]["cause"].split(" is none of ")[1].split(", ")
    assert sorted(known) == sorted(fw.columns("tickets"))
    for ignore in (True, ["colour"]):
        assert len(fw.Problem.from_frames(engineers, frame, ignore=ignore)) == 1


@pytest.mark.parametrize("nothing", [None, []])
@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.Table.from_pylist, list])
def test_a_column_without_anything_in_it_is_a_column_of_empty_cells(
    make: Any, nothing: Any, engineers: Rows
) -> None:
    ticket = {"id": "a", "lat": 52.5, "lon": 13.4}
    problem = fw.Problem.from_frames(engineers, make([ticket | {"skills": nothing, "due": None}]))
    assert problem.to_json() == fw.Problem.from_frames(engineers, [ticket]).to_json()


MATRIX = [[0, 600, 900], [600, 0, 300], [900, 300, 0]]


@pytest.mark.parametrize("dtype", [np.int32, np.int64, np.uint32])
def test_a_matrix_is_read_whatever_its_layout(dtype: Any) -> None:
    engineers = [{"id": "ada", "start": 0, "end": 9_000, "row": 0}]
    tickets = [{"id": name, "row": row, "service": 60} for name, row in [("a", 1), ("b", 2)]]
    matrix = np.array(MATRIX, dtype)
    wide = np.zeros((6, 6), dtype)
    wide[::2, ::2] = matrix
    worlds = {
        fw.Problem.from_frames(engineers, tickets, travel=given).to_json()
        for given in (matrix, np.asfortranarray(matrix), wide[::2, ::2], fw.Matrix(matrix))
    }
    assert len(worlds) == 1
    plan = fw.plan(fw.Problem.from_json(worlds.pop()), iterations=50)
    # 0 -> 1 -> 2 -> 0 takes 600 + 300 + 900.
    assert plan.total["travel"] == 1_800


@pytest.mark.parametrize("dtype", [np.int32, np.int64])
def test_a_matrix_is_read_without_a_copy_in_python(dtype: Any) -> None:
    engineers = [{"id": "ada", "start": 0, "end": 9_000, "row": 0}]
    tickets = [{"id": "a", "row": 1, "service": 60}]
    square = np.full((1_000, 1_000), 60, dtype)
    # A transposed view has other strides; numpy reports what it allocates.
    for given in (square, square.T):
        tracemalloc.start()
        fw.Problem.from_frames(engineers, tickets, travel=given)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < square.nbytes / 4


def test_a_matrix_of_real_numbers_is_refused(engineers: Rows, tickets: Rows) -> None:
    with pytest.raises(fw.InputError, match="np.rint"):
        fw.Problem.from_frames(engineers, tickets, travel=np.array(MATRIX, float))


def test_a_negative_time_is_refused_with_its_place(engineers: Rows, tickets: Rows) -> None:
    with pytest.raises(fw.InputError, match=r"\[1\]\[0\] is -5"):
        fw.Problem.from_frames(engineers, tickets, travel=np.array([[0, 5], [-5, 0]]))


def test_regions_are_a_frame_or_geojson(engineers: Rows, tickets: Rows) -> None:
    ring = [[13.3, 52.4], [13.6, 52.4], [13.6, 52.6], [13.3, 52.6], [13.3, 52.4]]
    outlines = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"id": "mitte"},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        ],
    }
    for regions in (outlines, json.dumps(outlines), [{"id": "mitte", "borrow_cost": 5}]):
        assert "1 region" in repr(fw.Problem.from_frames(engineers, tickets, regions=regions))


def test_a_frame_of_shapes_is_projected(engineers: Rows, tickets: Rows) -> None:
    geopandas = pytest.importorskip("geopandas")
    from shapely.geometry import box

    mitte = geopandas.GeoDataFrame(
        {"id": ["mitte"], "borrow_cost": [5]}, geometry=[box(13.3, 52.4, 13.6, 52.6)], crs=4326
    )
    # The ticket names no region: it is in the one whose outline is around it, metres or degrees.
    for frame in (mitte, mitte.to_crs(3857)):
        problem = fw.Problem.from_frames(engineers, tickets, regions=frame)
        assert problem._core.regions_of_tickets() == ["mitte"]
        assert json.loads(problem.to_json())["regions"][0]["borrow_cost"] == 5


def test_a_single_feature_is_a_region_too(engineers: Rows, tickets: Rows) -> None:
    ring = [[13.3, 52.4], [13.6, 52.4], [13.6, 52.6], [13.3, 52.6], [13.3, 52.4]]
    outline = {"type": "Polygon", "coordinates": [ring]}
    mitte = {"type": "Feature", "properties": {"id": "mitte"}, "geometry": outline}
    problem = fw.Problem.from_frames(engineers, tickets, regions=mitte)
    assert problem._core.regions_of_tickets() == ["mitte"]


def test_travel_is_a_speed_or_profiles_or_a_frame(engineers: Rows, tickets: Rows) -> None:
    profile = {"meters_per_hour": 30_000, "detour_percent": 130, "fixed": 0}
    given: list[Any] = [30, {"car": profile}, [{"name": "car", **profile}]]
    worlds = {fw.Problem.from_frames(engineers, tickets, travel=t).to_json() for t in given}
    assert len(worlds) == 1


@pytest.mark.parametrize("speed", [np.int64(30), np.float32(30), Decimal(30)])
def test_a_speed_is_any_number(engineers: Rows, tickets: Rows, speed: Any) -> None:
    plain = fw.Problem.from_frames(engineers, tickets, travel=30)
    assert fw.Problem.from_frames(engineers, tickets, travel=speed).to_json() == plain.to_json()
    with pytest.raises(TypeError, match="for travel, not bool"):
        fw.Problem.from_frames(engineers, tickets, travel=True)


@pytest.mark.parametrize("speed", [0, -3, float("nan"), float("inf")])
def test_a_speed_that_goes_nowhere_is_refused(engineers: Rows, tickets: Rows, speed: float) -> None:
    with pytest.raises(ValueError, match=f"above zero, not {speed}"):
        fw.Problem.from_frames(engineers, tickets, travel=speed)


def test_an_objective_is_a_preset_or_levels(engineers: Rows, tickets: Rows) -> None:
    single = fw.Problem.from_frames(engineers, tickets, objective={"unserved": 1, "travel": 2})
    assert single.levels == ["unserved+travel"]
    own = fw.Problem.from_frames(engineers, tickets, objective=[{"unserved": 1}, {"travel": 2}])
    assert own.levels == ["unserved", "travel"]
    preset = fw.Problem.from_frames(engineers, tickets, objective="dispatch")
    assert preset.to_json() == fw.Problem.from_frames(engineers, tickets).to_json()
    with pytest.raises(fw.InputError, match="none of dispatch"):
        fw.Problem.from_frames(engineers, tickets, objective="cheap")
