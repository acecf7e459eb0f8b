"""The recipe for Spark: fed with batches as Spark would, and on a Spark where there is one with a JVM."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute
import pytest

RECIPE = Path(__file__).parent.parent / "examples" / "spark.py"


@pytest.fixture(scope="module")
def recipe() -> object:
    """The file as a module; it needs no Spark to be one."""
    spec = importlib.util.spec_from_file_location("spark_recipe", RECIPE)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_batches_go_in_and_candidates_come_out(recipe: object) -> None:
    engineers, tickets = recipe.day()  # type: ignore[attr-defined]
    anywhere, bare = engineers.drop_columns("region"), tickets.drop_columns("region")
    batches = [*bare.to_batches(max_chunksize=5), *bare.slice(0, 0).to_batches()]
    found = list(recipe.recommender(anywhere, top=2)(iter(batches)))  # type: ignore[attr-defined]
    table = pa.Table.from_batches(found, recipe.CANDIDATES)  # type: ignore[attr-defined]
    assert table.num_rows == 24
    assert set(table.filter(pa.compute.equal(table["rank"], 1))["ticket"].to_pylist()) == set(
        tickets["id"].to_pylist()
    )


def test_every_region_is_planned_by_its_own_engineers(recipe: object) -> None:
    engineers, tickets = recipe.day()  # type: ignore[attr-defined]
    plan = recipe.planner(engineers, iterations=200)  # type: ignore[attr-defined]
    visits = {region: plan(_of(tickets, region)) for region in ("north", "south")}
    assert set(visits["south"]["engineer"].to_pylist()) == {"cem"}
    assert set(visits["north"]["engineer"].to_pylist()) <= {"ada", "bob"}
    assert sum(table.num_rows for table in visits.values()) == tickets.num_rows
    nobody = plan(_of(tickets, "north").set_column(1, "region", pa.array(["west"] * 6)))
    assert nobody.num_rows == 0 and nobody.schema == visits["north"].schema


def _of(tickets: pa.Table, region: str) -> pa.Table:
    return tickets.filter(pa.compute.equal(tickets["region"], region))


@pytest.mark.slow
def test_it_runs_on_spark() -> None:
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("there is no JVM")
    ran = subprocess.run([sys.executable, RECIPE], capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr[-2_000:]
    assert ran.stdout.splitlines() == ["12 tickets have an engineer", "12 visits are planned"]
