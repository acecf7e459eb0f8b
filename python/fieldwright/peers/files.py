"""The instances that words name: files, folders of them, drawn days; with best known values."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cached_property
from json import loads
from pathlib import Path

import fieldwright as fw

from .days import draw, size
from .instance import Beyond, Instance

__all__ = ["Case", "best_known", "family", "found"]

FORMATS = {".txt": None, ".vrp": "vrplib", ".json": None}
"""Endings of instances, and their formats where the text does not tell."""


@dataclass
class Case:
    """A problem, its best known value, and what others can be told of it."""

    name: str
    problem: fw.Problem
    is_complete: bool = False
    """Whether its set counts plans only that leave nothing out."""
    best: int | None = None
    """Best known value of the last level, all levels before it being 0."""

    @cached_property
    def resolution(self) -> int:
        """How many of its integers make one unit of the source."""
        resolution: int = loads(self.problem.to_json()).get("resolution", 1)
        return resolution

    @cached_property
    def instance(self) -> Instance | str:
        """What the others are told, or why not."""
        try:
            return Instance.of(self.problem, is_complete=self.is_complete)
        except Beyond as beyond:
            return f"they are not told of {beyond}"


def found(words: Iterable[str], *, only: Sequence[str] = (), days: int = 1) -> Iterator[Case]:
    """The instances of each word, read one after the other: a file, a folder or a size such as ``100x10``.

    Args:
        words: what to look for.
        only: patterns of which one fits the name of a file in a folder.
        days: so many days are drawn of each size.

    Raises:
        FileNotFoundError: a word names nothing.
        InputError: a file cannot be read.
    """
    for word in words:
        if drawn := size(word):
            for seed in range(1, days + 1):
                problem = draw(*drawn, seed)
                yield Case(problem.name, problem)
            continue
        path = Path(word)
        inside = [p for p in path.iterdir() if p.suffix in FORMATS] if path.is_dir() else []
        wanted = [p for p in inside if not only or any(fnmatch(p.stem, name) for name in only)]
        if path.is_dir() and not wanted:
            raise FileNotFoundError(f"{path} has no instance{' of that name' if inside else ''}")
        for file in sorted(wanted, key=_in_order) or [path]:
            yield read(file)


def read(path: Path) -> Case:
    """The instance in a file. Sets in the formats of Solomon and VRPLIB want everything served, without prizes."""
    problem = fw.Problem.from_file(path.read_text(), path.name, FORMATS.get(path.suffix))
    is_complete = path.suffix in (".txt", ".vrp") and len(problem.levels) > 1
    case = Case(path.stem, problem, is_complete)
    case.best = best_known(path, case.resolution)
    return case


def best_known(path: Path, resolution: int) -> int | None:
    """What ``NAME.sol`` beside an instance says, otherwise the least of the tables ``bks_dimacs*.csv`` here or above.

    Solution files count as the instance is rounded; tables count in units of the source.
    """
    solution = path.with_suffix(".sol")
    text = solution.read_text() if solution.is_file() else ""
    if told := re.search(r"^\s*Cost:?\s+(\d+)\s*$", text, re.M):
        return int(told[1])
    tables = [t for folder in path.absolute().parents[:2] for t in folder.glob("bks_dimacs*.csv")]
    known = [value for table in tables for value in _column(table, path.stem)]
    return round(min(known) * resolution) if known else None


def _column(table: Path, name: str) -> Iterator[float]:
    with table.open(newline="") as file:
        for row in csv.DictReader(file):
            if row.get("instance", "").upper() == name.upper() and row.get("bks_distance"):
                yield float(row["bks_distance"])


def family(name: str) -> str:
    """The class of an instance, by its name: C101 is C1, RC2_10_1 is RC2_10, PR11A is PR*A, 100x10-3 is 100x10."""
    if solomon := re.fullmatch(r"(R|C|RC)([12])(?:\d\d|(_\d+)_\d+)", name, re.I):
        return f"{solomon[1]}{solomon[2]}{solomon[3] or ''}".upper()
    if "-" in name:
        return name.rpartition("-")[0]
    return re.sub(r"\d+", "*", name, count=1)


def _in_order(path: Path) -> list[tuple[str, int]]:
    """Numbers in names count as numbers: C1_2_10 comes behind C1_2_9."""
    return [(letters, int(digits or 0)) for letters, digits in re.findall(r"(\D*)(\d*)", path.stem)]
