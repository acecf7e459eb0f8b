"""Runs engines in turn on the same instances, prints a table and draws it."""

import argparse
import importlib.util
import time
from collections.abc import Sequence
from dataclasses import dataclass

from .engines import ENGINES
from .instance import Verdict, draw, judge


@dataclass(frozen=True)
class Run:
    """One engine on one instance."""

    instance: str
    engine: str
    verdict: Verdict
    seconds: float


def run(sizes: Sequence[tuple[int, int]], seeds: int, seconds: float, names: list[str]) -> list[Run]:
    """Every engine on every instance, one after the other, so that all meet the same machine."""
    runs = []
    for jobs, cars in sizes:
        for seed in range(1, seeds + 1):
            instance = draw(jobs, cars, seed)
            for name in names:
                started = time.perf_counter()
                routes = ENGINES[name](instance, seconds)
                took = time.perf_counter() - started
                runs.append(Run(instance.name, name, judge(instance, routes), took))
                print(row(runs[-1]), flush=True)
    return runs


def row(found: Run) -> str:
    """One line of the table."""
    verdict = found.verdict
    faults = f"  INVALID: {verdict.faults[0]}" if verdict.faults else ""
    return (
        f"{found.instance:<14}{found.engine:<13}{verdict.missed:>8}{verdict.travel:>12,}"
        f"{found.seconds:>9.1f}{faults}"
    )


def save(runs: list[Run], path: str) -> None:
    """Draws what each engine misses, and how far it drives, by instance."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4), layout="constrained")
    both = figure.subplots(1, 2)
    instances = list(dict.fromkeys(found.instance for found in runs))
    for name in dict.fromkeys(found.engine for found in runs):
        own = {found.instance: found.verdict for found in runs if found.engine == name}
        both[0].plot(instances, [own[key].missed for key in instances], "o-", label=name)
        both[1].plot(instances, [own[key].travel / 3_600 for key in instances], "o-", label=name)
    both[0].set_title("worth missed")
    both[1].set_title("hours of travel")
    for axes in both:
        axes.tick_params(axis="x", labelrotation=60)
        axes.legend()
    figure.savefig(path)


def size(text: str) -> tuple[int, int]:
    """``100x10`` as jobs and cars."""
    jobs, cars = map(int, text.split("x"))
    if min(jobs, cars) < 1:
        raise ValueError(f"a day has a job and a car at least, not {text}")
    return jobs, cars


def main() -> None:
    """The command."""
    words = argparse.ArgumentParser(prog="python -m fieldwright.peers", description=__doc__)
    words.add_argument("sizes", nargs="*", type=size, default=[(100, 10)], help="such as 100x10")
    words.add_argument("--seconds", type=float, default=10.0, help="for each run")
    words.add_argument("--seeds", type=int, default=1, help="instances of each size")
    words.add_argument("--engines", nargs="+", choices=list(ENGINES), help="all that are installed")
    words.add_argument("--draw", metavar="FILE", help="a drawing of the comparison")
    given = words.parse_args()
    found = [name for name in ENGINES if importlib.util.find_spec(name)]
    names = given.engines or found
    print(f"{'instance':<14}{'engine':<13}{'missed':>8}{'travel s':>12}{'seconds':>9}")
    runs = run(given.sizes, given.seeds, given.seconds, names)
    if given.draw:
        save(runs, given.draw)


if __name__ == "__main__":
    main()
