"""Gaps to the best known values, set by set, and what earlier versions had: measures, and writes the table of the README.

Each set is run by `fieldwright bench`, which checks every plan, on all cores and in the seconds that its goal is set for:
two hours for each seed, the first five sets half an hour. What is measured goes to benches/gaps.csv, where it
replaces what the same version had on that set. Nothing else should run beside it.
"""

import argparse
import csv
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
ROWS = ROOT / "benches" / "gaps.csv"
PROGRAM = ROOT / "target" / "release" / "fieldwright"
DATA = os.environ.get("FIELDWRIGHT_DATA", ROOT.parent / "shared" / "data")
# `steps` are those of a mean run: fewer in the same seconds tell that the machine was slower.
COLUMNS = ["version", "machine", "set", "seconds", "seeds", "steps", "class", "instances", "gap"]
MARKS = ["<!-- gaps: written by benches/gaps.py -->\n", "<!-- end of gaps -->\n"]
# Columns of the table: the newest versions.
VERSIONS_SHOWN = 4


class Set(NamedTuple):
    """What is measured, and the mean gap in percent that is to be reached."""

    title: str
    name: str
    only: str
    seconds: int
    goal: str


SETS = {
    "solomon": Set("Solomon, 100 customers", "solomon", "*", 5, "0.02"),
    "homberger-200": Set("Homberger, 200 customers", "homberger", "*_2_*", 20, "0.10"),
    "crew25": Set("technicians, skills and parts (crew25)", "trsp", "*", 10, "0.0"),
    "praxedo": Set("real days (Praxedo), to the best of 2012", "praxedo", "*", 30, "-1.50"),
    "homberger-1000": Set("Homberger, 1,000 customers", "homberger", "*_10_*", 60, "0.8"),
    "euro-neurips": Set("full vans (EURO-NeurIPS 2022, static)", "euro-neurips", "*", 60, "0.3"),
    "sdvrptw": Set("site-dependent (sdvrptw)", "sdvrptw", "*", 60, "0.5"),
    "mdvrptw": Set("several depots (mdvrptw)", "mdvrptw", "*", 60, "0.5"),
    "pcvrptw": Set("prizes (pcvrptw)", "pcvrptw", "*", 60, "0.5"),
}


def this_version() -> str:
    """Date and commit of the last change to what is compiled, with a sign where that was changed since. What is measured
    and written here changes neither, so that sets measured one by one share a column."""
    compiled = ["--", "src", "Cargo.toml", "Cargo.lock"]

    def git(*words: str) -> str:
        command = ["git", *words, *compiled]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    return git("log", "-1", "--format=%cs %h") + ("+" if git("status", "--porcelain") else "")


def measure(options: argparse.Namespace, key: str) -> list[dict[str, str]]:
    """Runs one set, and returns a row for each class and one for all."""
    chosen, told = SETS[key], ""
    command = [str(options.program), "bench", chosen.name, str(options.data), "--only", chosen.only]
    command += ["--seconds", str(chosen.seconds), "--seeds", str(options.seeds)]
    with tempfile.NamedTemporaryFile("r", suffix=".csv") as runs:
        command += ["--out", runs.name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            for line in running.stdout or []:
                print(line, end="", flush=True)
                told += line
        if running.returncode != 0:
            sys.exit(f"{' '.join(command)}: exit code {running.returncode}")
        steps = statistics.mean(int(run["iterations"]) for run in csv.DictReader(runs))
    machine = re.search(r", (\d+ cores of .*), \S+ UTC", told)
    classes = told.split("\nclass (means)", 1)[1].splitlines()[1:]
    rows = []
    for line in filter(None, classes):
        name, *_, gap, instances, _ = line.split()
        told_of = [options.version, machine[1] if machine else "", key]
        effort = [str(chosen.seconds), str(options.seeds), str(round(steps))]
        values = [*told_of, *effort, name, instances, gap]
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def read() -> list[dict[str, str]]:
    """All that was ever measured, in the order in which it was."""
    with ROWS.open(newline="") as file:
        return list(csv.DictReader(file))


def write(rows: list[dict[str, str]]) -> None:
    """Keeps all that was measured."""
    with ROWS.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def table(rows: list[dict[str, str]]) -> str:
    """The table: a line for each set, a column for each of the newest versions."""
    named = dict.fromkeys(row["version"] for row in rows)
    versions = sorted(named, key=lambda version: version[: len("2026-01-31")])[-VERSIONS_SHOWN:]
    lines = [["set", "seconds", "goal", *versions, "by class, the newest"]]
    lines.append(["---"] * len(lines[0]))
    for key, chosen in SETS.items():
        cells, classes = [], ""
        for version in versions:
            of_it = [row for row in rows if (row["version"], row["set"]) == (version, key)]
            gaps = {row["class"]: f"{float(row['gap']):.2f}" for row in of_it if row["gap"] != "-"}
            if not gaps:
                cells.append("")
                continue
            seeds = of_it[0]["seeds"]
            cells.append(gaps.pop("all") + (f" ({seeds} seeds)" if seeds != "1" else ""))
            classes = ", ".join(f"{name} {gap}" for name, gap in gaps.items())
        if any(cells):
            lines.append([chosen.title, str(chosen.seconds), chosen.goal, *cells, classes])
    machines = dict.fromkeys((row["version"], row["machine"]) for row in rows)
    notes = [f"{version}: {machine}" for version, machine in machines if version in versions]
    body = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"{body}\n{'; '.join(notes)}.\n"


def with_table(text: str, rows: list[dict[str, str]]) -> str:
    """The README with the table of these rows in it."""
    before, rest = text.split(MARKS[0], 1)
    _, after = rest.split(MARKS[1], 1)
    return f"{before}{MARKS[0]}{table(rows)}{MARKS[1]}{after}"


def main() -> int:
    plain = argparse.RawDescriptionHelpFormatter
    words = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    words.add_argument("--sets", default=",".join(SETS), help="some of the default, with commas (%(default)s)")
    words.add_argument("--seeds", type=int, default=1, help="medians of seeds 1 to so many (%(default)s)")
    words.add_argument("--program", default=PROGRAM, help="another build of `fieldwright`")
    words.add_argument("--version", help="what its column is called (date and commit)")
    words.add_argument("--data", default=DATA, help="the folder with the sets (%(default)s)")
    words.add_argument("--check", action="store_true", help="only see that the README has what was measured")
    options = words.parse_args()
    if options.check:
        if with_table(README.read_text(), read()) != README.read_text():
            sys.exit("the table of gaps in README.md is not that of benches/gaps.csv")
        return 0
    keys = options.sets.split(",")
    if unknown := [key for key in keys if key not in SETS]:
        words.error(f"no set {', '.join(unknown)}; there are {', '.join(SETS)}")
    options.version = options.version or this_version()
    for key in keys:
        measured = measure(options, key)
        known = [row for row in read() if (row["version"], row["set"]) != (options.version, key)]
        write(known + measured)
        README.write_text(with_table(README.read_text(), read()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
