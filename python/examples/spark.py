"""Spark: who should go to each of any number of tickets, and the plan of each region, on any cluster.

Both functions take and give Arrow, so that nothing becomes a Python object on the way, and neither needs
Spark to be tried. ``python spark.py`` runs both on a Spark of its own (pyspark and a JVM).
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pyarrow as pa

import fieldwright as fw

CANDIDATES = pa.schema(
    [
        ("ticket", pa.string()),
        ("rank", pa.int64()),
        ("engineer", pa.string()),
        ("start", pa.timestamp("us", "UTC")),
    ]
)
VISITS = CANDIDATES.remove(1).append(pa.field("late", pa.int64()))


def recommender(engineers: Any, top: int = 3) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """For ``DataFrame.mapInArrow``: batches of tickets in, the best engineers of each ticket out."""

    def recommend(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            problem = fw.Problem.from_frames(engineers, batch)
            found = fw.Dispatcher(problem).recommend(problem.tickets, top=top)
            yield from _as(CANDIDATES, found.table).to_batches()

    return recommend


def planner(engineers: pa.Table, iterations: int = 5_000) -> Callable[[pa.Table], pa.Table]:
    """For ``groupBy("region").applyInArrow``: the tickets of a region in, its plan out, by its own engineers."""

    def plan(tickets: pa.Table) -> pa.Table:
        import pyarrow.compute as pc

        region = tickets["region"][0]
        own = engineers.filter(pc.equal(engineers["region"], region))
        if not own.num_rows:
            return VISITS.empty_table()
        problem = fw.Problem.from_frames(own, tickets, regions={"id": [region.as_py()]})
        # Spark has a worker for each core already.
        return _as(VISITS, fw.plan(problem, iterations=iterations, threads=1).visits)

    return plan


def _as(schema: pa.Schema, answer: fw.Table) -> pa.Table:
    return answer.to_pyarrow().select(schema.names).cast(schema)


def day() -> tuple[pa.Table, pa.Table]:
    """Engineers and tickets of two regions."""
    shift = {"start": "2026-03-02T08:00:00+01:00", "end": "2026-03-02T16:00:00+01:00"}
    homes = [("ada", "north", 52.56), ("bob", "north", 52.55), ("cem", "south", 52.45)]
    engineers = [{"id": who, "region": home, "lat": lat, "lon": 13.4, **shift} for who, home, lat in homes]
    tickets = [
        {
            "id": f"T{n}",
            "region": "north" if n % 2 else "south",
            "lat": 52.55 if n % 2 else 52.45,
            "lon": 13.3 + n / 100,
            "service": 1_800,
        }
        for n in range(12)
    ]
    return pa.Table.from_pylist(engineers), pa.Table.from_pylist(tickets)


def main() -> None:
    """Runs both on two local workers."""
    from pyspark.sql import SparkSession

    # Workers run the Python that they find first; here it is to be this one.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    engineers, rows = day()
    tickets = spark.createDataFrame(rows.to_pylist())
    anywhere = engineers.drop_columns("region")
    candidates = tickets.drop("region").mapInArrow(
        recommender(anywhere), "ticket string, rank long, engineer string, start timestamp"
    )
    print(candidates.where("rank = 1").count(), "tickets have an engineer")
    visits = tickets.groupBy("region").applyInArrow(
        planner(engineers), "ticket string, engineer string, start timestamp, late long"
    )
    print(visits.count(), "visits are planned")
    spark.stop()


if __name__ == "__main__":
    main()
