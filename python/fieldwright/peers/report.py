"""What a comparison says: a Markdown table, a row of CSV for each run, a picture."""

import csv
import datetime
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from .files import family
from .runs import OURS, Run, median

__all__ = ["COLUMNS", "markdown", "picture", "row", "words"]

COLUMNS = (
    "instance", "class", "best_known", "engine", "seed", "threads", "seconds", "used", "score",
    "left_out", "gap_percent", "fault",
)  # fmt: skip
"""Of the CSV. Scores are level by level, in the integers of the instance."""


def row(run: Run) -> dict[str, Any]:
    """A run as a row of the CSV."""
    found, gap = run.verdict, run.gap
    return {
        "instance": run.case.name,
        "class": family(run.case.name),
        "best_known": run.case.best,
        "engine": run.engine,
        "seed": run.effort.seed,
        "threads": run.effort.threads,
        "seconds": run.effort.seconds,
        "used": round(run.used, 2),
        "score": " ".join(map(str, found.score)) if found else None,
        "left_out": found.left_out if found else None,
        "gap_percent": None if gap is None else round(gap, 3),
        "fault": run.fault,
    }


def words(run: Run) -> str:
    """A run in a line, for whoever waits."""
    gap = "" if run.gap is None else f"  gap {run.gap:.2f} %"
    value = f"{_value(run)}{gap}" if run.verdict and run.verdict.score else "no plan"
    fault = f"  ({run.fault})" if run.fault else ""
    return f"{run.case.name:<12} {run.engine:<12} seed {run.effort.seed}  {run.used:6.1f} s  {value}{fault}"


def markdown(runs: Sequence[Run], versions: Mapping[str, str], machine: str) -> str:
    """A line for each instance, one for the mean of each class, and beneath what does not count and why."""
    engines = list(dict.fromkeys(run.engine for run in runs))
    medians = _medians(runs)
    names = list(dict.fromkeys(run.case.name for run in runs))
    lines = [
        _line(["instance", "best known", *(f"{e} {versions.get(e, '')}".strip() for e in engines)]),
        _line(["---"] * (2 + len(engines))),
    ]
    for name in names:
        own = [medians.get((name, engine)) for engine in engines]
        case = next(run.case for run in runs if run.case.name == name)
        best = "" if case.best is None else _units(case.best, case.resolution)
        lines.append(_line([name, best, *_marked(own)]))
    for kind in dict.fromkeys(map(family, names)):
        own_names = [name for name in names if family(name) == kind]
        if any(medians[key].case.best for key in medians if key[0] in own_names):
            cells = [_mean([medians.get((name, engine)) for name in own_names]) for engine in engines]
            lines.append(_line([f"mean of {kind} ({len(own_names)})", "", *cells]))
    return "\n".join([*lines, "", *_notes(runs, medians, machine)])


def _medians(runs: Iterable[Run]) -> dict[tuple[str, str], Run]:
    groups: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        groups.setdefault((run.case.name, run.engine), []).append(run)
    return {key: median(group) for key, group in groups.items()}


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _marked(runs: Sequence[Run | None]) -> Iterator[str]:
    """Cells of an instance, the best in bold."""
    scores = [run.verdict.score for run in runs if run and run.verdict and run.is_valid]
    for run in runs:
        if run is None or run.verdict is None or not run.is_valid:
            yield "none"
            continue
        cell = _value(run) if run.gap is None else f"{run.gap:.2f} %"
        yield f"**{cell}**" if run.verdict.score == min(scores) else cell


def _mean(runs: Sequence[Run | None]) -> str:
    """The mean gap where there is one, and how many those are."""
    gaps = [run.gap for run in runs if run is not None and run.gap is not None]
    return f"{statistics.mean(gaps):.2f} %, {len(gaps)}" if gaps else "none"


def _value(run: Run) -> str:
    """A score level by level, the last one in units of the source."""
    assert run.verdict is not None
    *first, last = run.verdict.score
    return " / ".join([*(f"{level:,}" for level in first), _units(last, run.case.resolution)])


def _units(value: int, resolution: int) -> str:
    digits = len(str(resolution)) - 1
    return f"{value / resolution:,.{digits}f}"


def _notes(runs: Sequence[Run], medians: Mapping[tuple[str, str], Run], machine: str) -> Iterator[str]:
    effort = runs[0].effort
    seeds = len({run.effort.seed for run in runs})
    cores = "one thread" if effort.threads == 1 else f"{effort.threads} threads"
    times = "one seed" if seeds == 1 else f"medians of {seeds} seeds"
    day = datetime.date.today().isoformat()
    yield f"{effort.seconds:g} s each, {cores}, {times}, {machine}, {day}."
    yield "Gap in percent where nothing is missed; otherwise levels of the score, lower is better."
    reasons: dict[tuple[str, str], list[str]] = {}
    for (name, engine), run in medians.items():
        if run.fault:
            reasons.setdefault((engine, run.fault), []).append(name)
    for (engine, fault), names in reasons.items():
        yield f"- {engine} on {', '.join(names)}: {fault}"


class Csv:
    """A file that has every run as soon as it is over, so that a long night leaves what it found."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._writer = csv.DictWriter(file, COLUMNS)
        self._writer.writeheader()

    def add(self, run: Run) -> None:
        """Writes a run."""
        self._writer.writerow(row(run))
        self._file.flush()


def picture(runs: Sequence[Run], path: str | Path) -> None:
    """Draws each engine by instance: gaps where best known values are, otherwise each level of the score."""
    from matplotlib.figure import Figure

    medians = _medians(runs)
    names = list(dict.fromkeys(run.case.name for run in runs))
    engines = list(dict.fromkeys(run.engine for run in runs))
    has_best = all(run.case.best for run in runs)
    levels = max((len(run.verdict.score) for run in runs if run.verdict), default=1)
    panels = [None] if has_best else list(range(levels))
    figure = Figure(figsize=(max(5, 4.5 * len(panels), 0.35 * len(names) + 2), 4), layout="constrained")
    for axes, level in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        for engine in engines:
            points = [(name, _height(medians.get((name, engine)), level)) for name in names]
            known = [(name, height) for name, height in points if height is not None]
            # All names in their order, so that an engine without plans does not shift the others.
            places = [names.index(name) for name, _ in known]
            style = {"zorder": 3, "linewidth": 2} if engine == OURS else {}
            axes.plot(places, [height for _, height in known], "o-", label=engine, **style)
        axes.set_xticks(range(len(names)), names, rotation=60, ha="right")
        axes.set_title("gap to best known, %" if level is None else f"level {level + 1} of the score")
        axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
        axes.legend()
    figure.savefig(path)


def _height(run: Run | None, level: int | None) -> float | None:
    """What is drawn of a run; nothing where its plan does not count."""
    if run is None or run.verdict is None or not run.is_valid:
        return None
    if level is None:
        return run.gap
    return run.verdict.score[level] if level < len(run.verdict.score) else None
