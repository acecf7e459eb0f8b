"""Maps and schedules: the crate's own pages, and drawings through matplotlib, folium and altair."""

import html
import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .running import seconds

if TYPE_CHECKING:
    from .result import Page, Plan
    from .views import Views

__all__ = ["draw", "timeline"]

PAGES = {"", ".html", ".svg"}
"""Endings of files that the crate draws."""

FIGURES = {".png", ".pdf", ".jpg"}
"""Endings of files that matplotlib writes."""


def draw(plan: "Plan", what: str, path: str | os.PathLike[str] | None, engine: str | None) -> Any:
    """Draws the ``map`` or the ``gantt`` of a plan, and saves it where a path is given."""
    from .result import Page

    ending = "" if path is None else Path(path).suffix.lower()
    if engine is None and ending not in PAGES | FIGURES:
        known = ", ".join(sorted((PAGES | FIGURES) - {""}))
        raise ValueError(f"{ending} is no ending of a drawing; {known} are")
    engine = engine or ("matplotlib" if ending in FIGURES else "fieldwright")
    if engine == "fieldwright" and ending in PAGES:
        drawing = plan._core.draw(what)
        page = Page(drawing if ending == ".svg" else _page(drawing, what))
        return page if path is None else page.save(path)
    if engine == "fieldwright":
        raise ValueError(f"fieldwright writes no {ending}; leave the engine out")
    if (what, engine) not in ENGINES:
        known = ", ".join(["fieldwright"] + [name for of, name in ENGINES if of == what])
        raise ValueError(f"{engine!r} draws no {what}; {known} do")
    drawn = ENGINES[what, engine](plan)
    if path is None:
        return drawn
    getattr(drawn, "savefig" if engine == "matplotlib" else "save")(str(path))
    return Path(path)


def _page(drawing: str, title: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title>'
        f"</head>\n<body>\n{drawing}</body>\n</html>\n"
    )


def _features(plan: "Plan") -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(plan.to_geojson())["features"]
    return features


def _figure(size: tuple[float, float]) -> tuple[Any, Any]:
    # Not through pyplot, which keeps every figure and starts a window system.
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    return figure, figure.add_subplot()


def _map_matplotlib(plan: "Plan") -> Any:
    import math

    figure, axes = _figure((9, 9))
    lat = 0.0
    for feature in _features(plan):
        shape = feature["geometry"]
        if shape["type"] == "LineString":
            lon_lat = list(zip(*shape["coordinates"], strict=True))
            lat = lon_lat[1][0]
            axes.plot(lon_lat[0], lon_lat[1], linewidth=1.2)
        elif shape["type"] == "MultiPolygon":
            for polygon in shape["coordinates"]:
                for ring in polygon:
                    axes.fill(*zip(*ring, strict=True), facecolor="0.96", edgecolor="0.8", zorder=0)
    visits = plan.visits.to_pandas()
    axes.scatter(visits["lon"], visits["lat"], s=9, color="0.2", zorder=3)
    left = plan.unassigned.to_pandas()
    axes.scatter(left["lon"], left["lat"], s=22, color="crimson", marker="x", zorder=4)
    axes.set_aspect(1 / max(math.cos(math.radians(lat)), 0.1))
    axes.set_axis_off()
    axes.set_title(repr(plan).strip("<>"), fontsize=9)
    return figure


def _gantt_matplotlib(plan: "Plan") -> Any:
    from matplotlib import dates

    date2num: Any = dates.date2num
    visits = plan.visits.to_pandas()
    engineers = list(dict.fromkeys(visits["engineer"]))
    figure, axes = _figure((11, 1 + 0.28 * len(engineers)))
    is_calendar = visits["start"].dtype.kind != "i"
    days = date2num if is_calendar else (lambda column: column / 3_600)
    for row, engineer in enumerate(engineers):
        his = visits[visits["engineer"] == engineer]
        start, end = days(his["start"]), days(his["end"])
        late = ["crimson" if late else "steelblue" for late in his["late"]]
        bars = list(zip(start, end - start, strict=True))
        axes.broken_barh(bars, (row - 0.35, 0.7), facecolors=late, edgecolor="white")
    axes.set_yticks(range(len(engineers)), engineers, fontsize=7)
    axes.invert_yaxis()
    if is_calendar:
        axes.xaxis_date(tz=visits["start"].dt.tz)
    else:
        axes.set_xlabel("hours")
    return figure


def _map_folium(plan: "Plan") -> Any:
    import folium

    visits = plan.visits.to_pandas()
    middle = [visits["lat"].mean(), visits["lon"].mean()] if len(visits) else [0, 0]
    drawn = folium.Map(location=middle, zoom_start=11)
    folium.GeoJson(json.loads(plan.to_geojson())).add_to(drawn)
    return drawn


def _gantt_altair(plan: "Plan") -> Any:
    import altair

    chart = altair.Chart(plan.visits.to_pandas()).mark_bar()
    return chart.encode(
        x="start",
        x2="end",
        y="engineer",
        color=altair.condition("datum.late > 0", altair.value("crimson"), altair.value("steelblue")),
        tooltip=["ticket", "engineer", "arrive", "start", "end", "late"],
    )


ENGINES: dict[tuple[str, str], Callable[["Plan"], Any]] = {
    ("map", "matplotlib"): _map_matplotlib,
    ("map", "folium"): _map_folium,
    ("gantt", "matplotlib"): _gantt_matplotlib,
    ("gantt", "altair"): _gantt_altair,
}

WIDTH, LEFT, ROW = 860, 150, 30
"""Pixels of a timeline: its width, that of its names, the height of a row."""

ANSWERS = {"accepted": "seagreen", "declined": "darkorange", "expired": "crimson", "open": "steelblue"}
"""The colour of an offer by the first word of its answer; grey otherwise."""


def timeline(desk: "Views", ticket: str | None) -> "Page":
    """Offers as bars from question to answer, a row for each ticket and engineer."""
    from .result import Page

    if ticket is not None:
        desk.ticket(ticket)  # which refuses tickets that it does not know
    offers = [offer for offer in desk.offers if ticket in (None, offer["ticket"])]
    if not offers:
        return Page(_page("<p>Nobody was asked.</p>\n", "timeline"), 60)
    sent = [offer["sent"] for offer in offers]
    ends = [offer["expires"] if offer["answered"] is None else offer["answered"] for offer in offers]
    first = min(map(seconds, sent))
    last = max(map(seconds, [*ends, *(offer["expires"] for offer in offers)]))
    scale = (WIDTH - LEFT - 20) / max(last - first, 1.0)

    def across(moment: datetime | int) -> float:
        return LEFT + (seconds(moment) - first) * scale

    names = list(dict.fromkeys((offer["ticket"], offer["engineer"]) for offer in offers))
    height = ROW * len(names) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="12">'
    ]
    free = 0.0
    for moment in sorted({*sent, *ends}, key=seconds):
        x, told = across(moment), f"{moment:%H:%M}" if isinstance(moment, datetime) else f"{moment:,}"
        parts.append(f'<path d="M{x:.1f} 0V{height - 22}" stroke="#ddd"/>')
        if x >= free:
            parts.append(f'<text x="{x:.1f}" y="{height - 6}" text-anchor="middle">{told}</text>')
            free = x + 45
    for offer, end in zip(offers, ends, strict=True):
        row = names.index((offer["ticket"], offer["engineer"]))
        x, width = across(offer["sent"]), max(across(end) - across(offer["sent"]), 2)
        colour = ANSWERS.get(offer["answer"].split()[0], "grey")
        parts.append(
            f'<rect x="{x:.1f}" y="{ROW * row + 5}" width="{width:.1f}" height="{ROW - 10}" rx="3" '
            f'fill="{colour}"><title>round {offer["round"]}: {offer["answer"]}</title></rect>'
            f"{_beside(x, width, ROW * row + 20)}{offer['answer']}</text>"
        )
    for row, (of, engineer) in enumerate(names):
        name = html.escape(engineer if ticket else f"{of} · {engineer}")
        parts.append(f'<text x="{LEFT - 10}" y="{ROW * row + 20}" text-anchor="end">{name}</text>')
    return Page(_page("\n".join([*parts, "</svg>\n"]), "timeline"), height + 40)


def _beside(x: float, width: float, y: int) -> str:
    """Where the words of a bar stand: in it, or where there is room beside it."""
    if width > 60:
        return f'<text x="{x + 6:.1f}" y="{y}" fill="white">'
    if x + width < WIDTH - 120:
        return f'<text x="{x + width + 6:.1f}" y="{y}">'
    return f'<text x="{x - 6:.1f}" y="{y}" text-anchor="end">'
