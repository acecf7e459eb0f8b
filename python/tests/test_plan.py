"""One engineer who can, one who cannot, and what goes wrong when the input is wrong."""

import copy
from typing import Any

import pytest

import fieldwright as fw

WORLD: dict[str, Any] = {
    "schema": 1,
    "engineers": [
        {
            "id": "ada",
            "skills": [{"skill": "boiler", "level": 3}],
            "shifts": [{"start": 0, "end": 28800, "from": {"lat": 52.52, "lon": 13.40}}],
        },
        {"id": "bob", "shifts": [{"start": 0, "end": 28800, "from": {"lat": 52.50, "lon": 13.45}}]},
    ],
    "tickets": [
        {
            "id": "leak",
            "place": {"lat": 52.51, "lon": 13.44},
            "service": 3600,
            "skills": {"all": [{"skill": "boiler", "level": 2}]},
        }
    ],
    "travel": {"by": "haversine", "profiles": [{"name": "car", "meters_per_hour": 36000}]},
}


def test_the_qualified_engineer_goes() -> None:
    plan = fw.plan(WORLD, iterations=50)
    assert [route["engineer"] for route in plan["routes"]] == ["ada"]
    assert fw.check(WORLD, plan) == []


def test_the_same_seed_gives_the_same_plan_on_any_number_of_threads() -> None:
    assert fw.plan(WORLD, iterations=50, threads=1) == fw.plan(WORLD, iterations=50, threads=3)


def test_a_late_visit_is_a_violation() -> None:
    plan = fw.plan(WORLD, iterations=50)
    plan["routes"][0]["stops"][0]["start"] += 60
    assert fw.check(WORLD, plan)


def test_every_fault_is_reported_at_once() -> None:
    world = copy.deepcopy(WORLD)
    world["tickets"][0]["service"] = -1
    world["engineers"][1]["id"] = "ada"
    with pytest.raises(fw.InputError) as caught:
        fw.plan(world, iterations=1)
    assert {issue["code"] for issue in caught.value.issues} == {"E103", "E503"}


def test_text_that_is_no_json_names_its_place() -> None:
    with pytest.raises(fw.InputError) as caught:
        fw.plan("{", iterations=1)
    assert caught.value.issues[0]["code"] == "E001"


def test_a_budget_of_no_seconds_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        fw.plan(WORLD, seconds=0)
