"""What planning by region on Ray costs against one process: ``python benches/ray_against_one.py``.

The same city, the same number of search steps in all: two workers that plan a region each, and one process with two
threads that repairs the borders, against one process with two threads. Half of the steps for the repair is
what ``ray.plan`` does when nothing is said; as many as one region has is what is quick where there are many
machines. The first row is what starting Ray takes, which comes once.
"""

import time
from collections.abc import Callable

import fieldwright as fw
from fieldwright import ray as cluster

REGIONS, STEPS = 8, 90_000


def main() -> None:
    """Prints a row for each way."""
    import ray

    started = time.perf_counter()
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    print(f"{'start Ray':<30}{time.perf_counter() - started:>8.1f} s")
    # The first tasks wait for their workers to import the package.
    cluster.scatter(lambda _: fw.__version__, {"a": 1, "b": 2})
    for seed in (3, 4, 5):
        problem = fw.Problem.city(engineers=80, tickets=800, regions=REGIONS, seed=seed)
        regions = len(cluster.split(problem))
        each = STEPS // (2 * regions)
        tell("Ray, half for the repair", lambda: cluster.plan(problem, iterations=each))
        each = STEPS // (regions + 1)
        tell("Ray, a ninth for the repair", lambda: cluster.plan(problem, iterations=each, repair=each))
        tell("one process, 2 threads", lambda: fw.plan(problem, iterations=STEPS, threads=2))


def tell(name: str, work: Callable[[], fw.Plan]) -> None:
    """How long it took, and how good the plan is."""
    started = time.perf_counter()
    plan = work()
    took = time.perf_counter() - started
    total = plan.total
    print(f"{name:<30}{took:>8.1f} s  unserved {total['unserved']}, travel {total['travel']:,} s")


if __name__ == "__main__":
    main()
