"""Instructions that fixed pieces of work take, against the committed ones. Unlike seconds they are the
same on a busy machine, to a millionth, so a regression of a few per cent shows.

usage: instructions.py PROGRAM [--update]

Counted by valgrind's cachegrind on one thread. Another compiler makes other instructions: where it is
not the one that the file names, or valgrind is absent, the comparison is skipped and says so.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
COUNTS = ROOT / "benches" / "instructions.txt"
DAY = "datasets/metro-day/world.json"
# Above this share it is a regression, below its negative the file is out of date.
LIMIT = 0.05
WORK = {
    "first plan": ["plan", DAY, "--iterations", "0", "--threads", "1", "--to", "native"],
    "plan, 2000 iterations": ["plan", DAY, "--iterations", "2000", "--threads", "1", "--to", "native"],
    "recommend": ["recommend", DAY, "--ticket", "T0007"],
    "assign, exact": ["assign", DAY, "--method", "exact"],
}
HEAD = """# Instructions of the release program on datasets/metro-day, one thread, by cachegrind.
# `make instructions` compares, `make instructions-update` writes this file anew.
"""


def compiler() -> str:
    """Version and target of the compiler, which the counts hold for."""
    lines = subprocess.run(["rustc", "-vV"], cwd=ROOT, capture_output=True, text=True, check=True)
    told = dict(line.split(": ", 1) for line in lines.stdout.splitlines() if ": " in line)
    return f"rustc {told['release']} {told['host']}"


def count(program: str, words: list[str]) -> int:
    """Instructions of one run."""
    command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    one_thread = {**os.environ, "RAYON_NUM_THREADS": "1"}
    done = subprocess.run(
        [*command, program, *words], cwd=ROOT, env=one_thread, capture_output=True, text=True
    )
    found = re.search(r"I\s+refs:\s+([\d,]+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"{' '.join(words)}: exit code {done.returncode}\n{done.stderr}")
    return int(found[1].replace(",", ""))


def committed() -> tuple[str, dict[str, int]]:
    """The compiler and the counts of the file."""
    if not COUNTS.exists():
        return "", {}
    lines = [line for line in COUNTS.read_text().splitlines() if line and line[0] != "#"]
    rows = (line.rsplit(None, 1) for line in lines[1:])
    return lines[0], {name.strip(): int(value) for name, value in rows}


def main() -> int:
    program, update = sys.argv[1], "--update" in sys.argv[2:]
    if not shutil.which("valgrind"):
        print("skipped: no valgrind, so no instructions are counted")
        return 0
    ours, (theirs, known) = compiler(), committed()
    if not update and ours != theirs:
        print(f"skipped: the instructions were counted with {theirs}, this is {ours}")
        return 0
    counts = {name: count(program, words) for name, words in WORK.items()}
    if update:
        rows = "".join(f"{name:<24} {value:>14}\n" for name, value in counts.items())
        COUNTS.write_text(f"{HEAD}{ours}\n{rows}")
        print(rows, end="")
        return 0
    worse = []
    for name, value in counts.items():
        if name not in known:
            worse.append(name)
            print(f"{name:<24} {value:>14}  not in {COUNTS.name}")
            continue
        change = value / known[name] - 1
        note = "REGRESSION" if change > LIMIT else "less: update the file" if change < -LIMIT else ""
        print(f"{name:<24} {value:>14}  {100 * change:+.2f} %  {note}")
        if change > LIMIT:
            worse.append(name)
    if worse:
        print(f"more than {LIMIT:.0%} above {COUNTS.name}: {', '.join(worse)}")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
