"""The command: words in, runs as they end on standard error, the table on standard output."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack

import fieldwright as fw

from .engines import ENGINES
from .files import found
from .report import Csv, markdown, picture, words
from .runs import OURS, Run, machine, run

__all__ = ["main"]

EXAMPLES = """\
examples:
  python -m fieldwright.peers 100x10 --days 3 --seconds 10
  python -m fieldwright.peers data/pcvrptw --only 'C1_10_*' --seconds 20 --out runs.csv --draw gaps.png
  python -m fieldwright.peers data/sdvrptw/PR01.vrp --seconds 10 --seeds 5 --engines fieldwright vroom

Give a folder of Solomon's, Homberger's or VRPLIB files, single files (VROOM's JSON and this package's own too),
or sizes. Run it while nothing else runs: all get the same seconds of the same clock on the wall."""


def main(given: Sequence[str] | None = None) -> int:
    """Runs it and returns what the shell is told: 1 where a plan of this package does not hold."""
    options = _parsed(given)
    names = options.engines or [OURS, *ENGINES]
    peers = [ENGINES[name] for name in names if name != OURS]
    versions = {OURS: fw.__version__}
    for engine in peers:
        version = engine.version()
        if version is None:
            print(f"{engine.name} is not installed ({engine.install}), so it is left out", file=sys.stderr)
        else:
            versions[engine.name] = version
    peers = [engine for engine in peers if engine.name in versions]
    alone = [engine.name for engine in peers if not engine.is_threaded]
    if options.threads > 1 and alone:
        print(f"one thread only: {', '.join(alone)}", file=sys.stderr)
    runs: list[Run] = []
    with ExitStack() as stack:
        table = None
        if options.out:
            table = Csv(stack.enter_context(open(options.out, "w", newline="", encoding="utf-8")))
        for ended in run(
            found(options.instances, only=options.only, days=options.days),
            peers,
            seconds=options.seconds,
            threads=options.threads,
            seeds=range(1, options.seeds + 1),
            ours=OURS in names,
        ):
            runs.append(ended)
            print(words(ended), file=sys.stderr, flush=True)
            if table:
                table.add(ended)
    if not runs:
        print("there is nobody to run", file=sys.stderr)
        return 1
    print(markdown(runs, versions, machine()))
    if options.draw:
        picture(runs, options.draw)
    ours = [ended.verdict for ended in runs if ended.engine == OURS]
    return int(any(found is None or found.faults for found in ours))


def _parsed(given: Sequence[str] | None) -> argparse.Namespace:
    words = argparse.ArgumentParser(
        prog="python -m fieldwright.peers",
        description="This package beside other engines: same instances, same seconds, same cores, one check.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words.add_argument("instances", nargs="*", default=["100x10"], help="files, folders, sizes such as 100x10")
    words.add_argument("--only", nargs="+", default=[], metavar="NAME", help="names in folders; * stands for anything")
    words.add_argument("--days", type=_count, default=1, help="days drawn of each size")
    words.add_argument("--seconds", type=_seconds, default=10.0, help="for each run")
    words.add_argument("--threads", type=_count, default=1, help="for each run, of engines that use more than one")
    words.add_argument("--seeds", type=_count, default=1, help="runs of whoever draws anything; the median counts")
    words.add_argument("--engines", nargs="+", choices=[OURS, *ENGINES], help="all that are installed")
    words.add_argument("--out", metavar="FILE", help="CSV with a row for each run, written as they end")
    words.add_argument("--draw", metavar="FILE", help="a picture: .png, .svg, .pdf")
    return words.parse_args(given)


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"1 at least, not {text}")
    return count


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"above zero, not {text}")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
