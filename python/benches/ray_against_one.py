"""What planning by region on Ray costs against one process: ``python benches/ray_against_one.py``.

The same city, the same number of search steps in all: two workers that plan a region each and repair the borders,
against one process with two threads. The first row is what starting Ray takes, which comes once.
"""

import time
from collections.abc import Callable

import fieldwright as fw
from fieldwright import ray as cluster

REGIONS, STEPS = 8, 2_000


def main() -> None:
    """Prints a row for each way."""
    import ray

    started = time.perf_counter()
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    print(f"{'start Ray':<24}{time.perf_counter() - started:>8.1f} s")
    problem = fw.Problem.city(engineers=80, tickets=800, regions=REGIONS, seed=3)
    # The first tasks wait for their workers to import the package.
    cluster.scatter(lambda _: fw.__version__, {"a": 1, "b": 2})
    tell("Ray, 2 workers", lambda: cluster.plan(problem, iterations=STEPS, repair=STEPS))
    steps = STEPS * (len(cluster.split(problem)) + 1)
    tell("one process, 2 threads", lambda: fw.plan(problem, iterations=steps, threads=2))


def tell(name: str, work: Callable[[], fw.Plan]) -> None:
    """How long it took, and how good the plan is."""
    started = time.perf_counter()
    plan = work()
    took = time.perf_counter() - started
    total = plan.total
    print(f"{name:<24}{took:>8.1f} s  unserved {total['unserved']}, travel {total['travel']:,} s")


if __name__ == "__main__":
    main()
