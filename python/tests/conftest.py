"""Two engineers and a ticket that only one of them can do."""

from typing import Any

import pandas as pd
import pytest

import fieldwright as fw

Rows = list[dict[str, Any]]


@pytest.fixture
def engineers() -> Rows:
    """Ada knows boilers; Bob is nearer, and has never seen one."""
    return [
        {"id": "ada", "start": 0, "end": 28_800, "lat": 52.52, "lon": 13.40, "skills": "boiler:3"},
        {"id": "bob", "start": 0, "end": 28_800, "lat": 52.50, "lon": 13.45, "skills": None},
    ]


@pytest.fixture
def tickets() -> Rows:
    """One leak."""
    return [{"id": "leak", "lat": 52.51, "lon": 13.44, "service": 3_600, "skills": "boiler:2"}]


@pytest.fixture
def problem(engineers: Rows, tickets: Rows) -> fw.Problem:
    """Both together."""
    return fw.Problem.from_frames(pd.DataFrame(engineers), pd.DataFrame(tickets))


@pytest.fixture(scope="session")
def city() -> fw.Problem:
    """A city that is too large for its engineers, so that something is left out."""
    return fw.Problem.city(engineers=6, tickets=90, seed=3)


@pytest.fixture(scope="session")
def plan(city: fw.Problem) -> fw.Plan:
    """A plan of the city."""
    return fw.plan(city, iterations=2_000)
