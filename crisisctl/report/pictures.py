"""An incident as a drawing that is part of the page: its phases, and what happened when.

Colours are named by class, so that the page around them chooses: by day, by night, in print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from html import escape

from msgspec import Struct

WIDTH = 720
_FILLS = {
    **{"p1": "#8250df", "p2": "#bf5600", "p3": "#0969da", "p4": "#1a7f37", "p5": "#57606a"},
    **{"sev1": "#b3261e", "sev2": "#c55a00", "sev3": "#8a6d00", "sev4": "#1a7f37"},
    **{"dot": "#0969da", "mark": "#bf5600", "in": "#fff"},
}
"""For readers that know no style sheets; where there is one, it has the last word."""
_LEFT, _RIGHT = 110, 16
_ROW = 24
_MOST = 400
"""Dots of one lane; more would hide each other."""
_STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 10080, 20160, 43200)
)


class Phase(Struct, frozen=True):
    """What lies between two milestones."""

    title: str
    """Its name and how long it was, in words."""
    span: str
    """How long alone."""
    since: datetime
    until: datetime


class Mark(Struct, frozen=True):
    """A moment with its name."""

    at: datetime
    title: str


class Band(Struct, frozen=True):
    """A state from one moment to another; `level` chooses its colour."""

    level: str
    since: datetime
    until: datetime
    title: str


class Lane(Struct, frozen=True):
    """A row of the timeline."""

    title: str
    marks: Sequence[Mark]


def phase_bar(phases: Sequence[Phase], title: str, text: str) -> str:
    """The phases side by side, each as wide as it was long; a short one is still seen."""
    lengths = [(p.until - p.since).total_seconds() for p in phases]
    least = sum(lengths) / 25 or 1
    widths = [max(length, least) for length in lengths]
    scale = WIDTH / sum(widths)
    parts, x = [], 0.0
    for number, (phase, width) in enumerate(zip(phases, widths, strict=True)):
        wide = width * scale
        parts.append(
            f'<rect {_look(f"p{number % 5 + 1}")} x="{x:.1f}" y="0" width="{wide - 1:.1f}" '
            'height="30"/>'
        )
        if wide > 9 * len(phase.span):
            parts.append(_text(x + wide / 2, 20, phase.span, "in", anchor="middle"))
        x += wide
    for number, phase in enumerate(phases):
        y = 54 + number * _ROW
        parts.append(
            f'<rect {_look(f"p{number % 5 + 1}")} x="0" y="{y - 12}" width="14" height="14"/>'
        )
        parts.append(_text(22, y, phase.title))
    return _svg(44 + len(phases) * _ROW, title, text, parts, "phases")


def timeline(
    since: datetime,
    until: datetime,
    *,
    bands: Sequence[Band],
    milestones: Sequence[Mark],
    lanes: Sequence[Lane],
    words: tuple[str, str],
    severity: str,
) -> str:
    """What happened when, along one axis; `words` are its title and the same in words."""
    if until <= since:
        until = since + timedelta(minutes=1)
    place = _Scale(since, until)
    parts: list[str] = []
    rows = (1.2 if bands else 0) + len(milestones) + len(lanes)
    parts += _axis(place, round(18 + (_ROW + 4) * bool(bands) - 14), round(18 + rows * _ROW))
    y = 18
    if bands:
        parts.append(_text(0, y + 4, severity))
        for band in bands:
            left, right = place(band.since), place(band.until)
            parts.append(
                f'<rect {_look(band.level)} x="{left:.1f}" y="{y - 9}" '
                f'width="{max(right - left, 2):.1f}" height="16"><title>{escape(band.title)}'
                "</title></rect>"
            )
            if right - left > 50:
                parts.append(_text((left + right) / 2, y + 4, band.level, "in", anchor="middle"))
        y += _ROW + 4
    for mark in milestones:
        parts += _milestone(place(mark.at), y, mark.title)
        y += _ROW
    for lane in lanes:
        parts.append(_text(0, y + 4, lane.title))
        parts.append(
            f'<path class="rule" stroke="#d0d7de" fill="none" d="M{_LEFT} {y}H{WIDTH - _RIGHT}"/>'
        )
        parts += (
            f'<circle {_look("dot")} cx="{place(mark.at):.1f}" cy="{y}" r="5"><title>'
            f"{escape(mark.title)}</title></circle>"
            for mark in lane.marks[:_MOST]
        )
        y += _ROW
    return _svg(y + 26, *words, parts, "course")


class _Scale:
    """From a moment to a place; what lies outside stands at the edge."""

    def __init__(self, since: datetime, until: datetime) -> None:
        self.since, self.until = since, until

    def __call__(self, at: datetime) -> float:
        share = (at - self.since) / (self.until - self.since)
        return _LEFT + min(max(share, 0.0), 1.0) * (WIDTH - _LEFT - _RIGHT)


def _milestone(x: float, y: int, title: str) -> Iterator[str]:
    right = x < WIDTH * 0.62
    yield f'<path {_look("mark")} d="M{x:.1f} {y - 6}l6 6l-6 6l-6-6z"/>'
    yield _text(x + 12 if right else x - 12, y + 4, title, anchor="" if right else "end")


def _axis(place: _Scale, top: int, bottom: int) -> Iterator[str]:
    length = place.until - place.since
    step = next((step for step in _STEPS if length / step <= 6), length / 6)
    zone = place.since.tzinfo
    midnight = datetime(place.since.year, place.since.month, place.since.day, tzinfo=zone)
    number = -(-(place.since - midnight) // step)
    shown = "%H:%M" if length <= timedelta(days=2) else "%m-%d"
    while (at := midnight + number * step) <= place.until:
        x = place(at)
        yield f'<path class="rule" stroke="#d0d7de" fill="none" d="M{x:.1f} {top}V{bottom}"/>'
        yield _text(x, bottom + 16, at.strftime(shown), anchor="middle")
        number += 1


def _look(name: str) -> str:
    return f'class="{escape(name)}" fill="{_FILLS.get(name, "#57606a")}"'


def _text(x: float, y: float, text: str, kind: str = "", *, anchor: str = "") -> str:
    where = f' text-anchor="{anchor}"' if anchor else ""
    name = f" {_look(kind)}" if kind else ""
    return f'<text x="{x:.1f}" y="{y:.0f}"{name}{where}>{escape(text)}</text>'


def _svg(height: int, title: str, text: str, parts: Iterable[str], name: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-t {name}-d" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(text)}</desc>{"".join(parts)}</svg>'
    )
