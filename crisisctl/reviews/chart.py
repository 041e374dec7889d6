"""The days of a wave as a picture: in a terminal, and as SVG for a report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from html import escape

from msgspec import Struct

from crisisctl.reviews.counts import COMPLAINT, DAY, UNKNOWN, Counts
from crisisctl.reviews.wave import Verdict

_EIGHTHS = " ▁▂▃▄▅▆▇█"
_ASCII = " .:-=+*%#"
_HEIGHT = 6
_MOST = 400
"""Days of a picture; before them it is too small to see."""


class Bar(Struct, frozen=True):
    """One day, or several where there are too many for the width."""

    first: date
    days: int
    complaints: int
    everything: int
    wave: bool = False

    @property
    def share(self) -> float:
        """Complaints of all reviews."""
        return self.complaints / self.everything if self.everything else 0.0


def bars(counts: Counts, verdict: Verdict, *, most: int = 60, before: int = 28) -> list[Bar]:
    """The days around the wave: some before it, up to the last review.

    Where that is more than `most`, several days make one bar.
    """
    by_day: dict[int, list[int]] = {}
    for key, count in counts.cells.items():
        if key & 3 != UNKNOWN:
            cell = by_day.setdefault((key >> 4) // 24, [0, 0])
            cell[0] += count if key & 3 == COMPLAINT else 0
            cell[1] += count
    if not by_day or verdict.last is None:
        return []
    last = min(max(by_day), _day(verdict.last))
    first = max(min(by_day), last - _MOST + 1)
    begins = ends = None
    if verdict.wave is not None:
        begins = _day(verdict.wave.start)
        ends = last if verdict.wave.until is None else _day(verdict.wave.until, end=True)
        first = max(min(by_day), begins - before)
        last = min(last, max(ends + before, first + most - 1), first + _MOST - 1)
    else:
        first = max(first, last - most + 1)
    size = -(-(last - first + 1) // most)
    found = []
    for start in range(first, last + 1, size):
        days = range(start, min(start + size, last + 1))
        found.append(
            Bar(
                first=date(1970, 1, 1) + timedelta(days=start),
                days=len(days),
                complaints=sum(by_day.get(day, (0, 0))[0] for day in days),
                everything=sum(by_day.get(day, (0, 0))[1] for day in days),
                wave=begins is not None
                and ends is not None
                and any(begins <= day <= ends for day in days),
            )
        )
    return found


def _day(when: datetime, *, end: bool = False) -> int:
    return (int(when.astimezone(UTC).timestamp()) - end) // DAY


def drawn(found: Sequence[Bar], *, width: int = 80, plain: bool = False) -> str:
    """The days in a terminal: complaints as bars, all reviews and the share below them.

    `plain` uses ASCII only.
    """
    if not found:
        return ""
    top = max(1, max(bar.complaints for bar in found))
    label = max(len(f"{top:,}"), len("share")) + 1
    wide = max(1, min(3, (width - label - 2) // len(found)))
    found = found[-((width - label - 2) // wide) :]
    marks = _ASCII if plain else _EIGHTHS
    edge = "|" if plain else "│"
    unit = "day" if all(bar.days == 1 for bar in found) else f"{max(b.days for b in found)} days"
    lines = [f"Complaints a {unit}" if unit == "day" else f"Complaints in {unit}"]
    for row in range(_HEIGHT - 1, -1, -1):
        number = f"{top:,}" if row == _HEIGHT - 1 else "0" if not row else ""
        cells = [_cell(bar.complaints / top * _HEIGHT - row, marks) for bar in found]
        lines.append(f"{number:>{label}} {edge}" + "".join(cell * wide for cell in cells))
    if any(bar.wave for bar in found):
        sign = "^" if plain else "▲"
        below = "".join((sign if bar.wave else " ") * wide for bar in found)
        lines.append(f"{'wave':>{label}}  {below}")
    lines.append(_line("all", [bar.everything for bar in found], label, wide, marks, edge))
    lines.append(_line("share", [bar.share for bar in found], label, wide, marks, edge, most=1.0))
    lines.append(_days_below(found, label, wide))
    return "\n".join(line[:width].rstrip() for line in lines)


def _cell(height: float, marks: str) -> str:
    """What of a bar stands in one row; whatever is there at all is seen."""
    full = len(marks) - 1
    if height <= 0:
        return " "
    return marks[max(1, min(full, round(height * full)))]


def _line(
    name: str,
    values: Sequence[float],
    label: int,
    wide: int,
    marks: str,
    edge: str,
    most: float = 0.0,
) -> str:
    top = most or max(*values, 1)
    return f"{name:>{label}} {edge}" + "".join(_cell(v / top, marks) * wide for v in values)


def _days_below(found: Sequence[Bar], label: int, wide: int) -> str:
    first, last = _short(found[0].first), _short(found[-1].first)
    room = len(found) * wide - len(first) - len(last)
    if room < 1:
        return " " * (label + 2) + first
    return " " * (label + 2) + first + " " * room + last


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"


_WIDTH, _TALL, _LEFT, _TOP, _BOTTOM = 720, 260, 48, 34, 30


def svg(
    found: Sequence[Bar],
    words: str,
    *,
    title: str = "Reviews by day",
    names: tuple[str, str, str] = ("complaints", "all reviews", "wave"),
) -> str:
    """The same as a picture of its own, for a page or for paper; empty without days.

    It has no script and no style sheet, says in words what it shows, and needs no colour: the
    complaints are dark, all reviews light with an edge, the wave stands on a hatched ground.
    `names` are what it calls these three.
    """
    if not found:
        return ""
    top = _round_up(max(bar.everything for bar in found))
    wide = (_WIDTH - _LEFT - 8) / len(found)
    tall = _TALL - _TOP - _BOTTOM

    def height(number: float) -> float:
        return tall * number / top

    ground = _TALL - _BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_TALL}" width="100%" '
        'role="img" aria-labelledby="wave-title wave-desc" '
        'font-family="system-ui, sans-serif" font-size="11">',
        f'<title id="wave-title">{escape(title)}</title>',
        f'<desc id="wave-desc">{escape(_described(found, words))}</desc>',
        '<defs><pattern id="wave-ground" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff4e5"/>'
        '<path d="M0 0V6" stroke="#e0a458" stroke-width="1"/></pattern></defs>',
        f'<rect width="{_WIDTH}" height="{_TALL}" fill="#ffffff"/>',
    ]
    marked = [nth for nth, bar in enumerate(found) if bar.wave]
    if marked:
        left = _LEFT + marked[0] * wide
        size = (marked[-1] - marked[0] + 1) * wide
        parts.append(
            f'<rect x="{left:.1f}" y="{_TOP}" width="{size:.1f}" height="{tall}" '
            'fill="url(#wave-ground)"/>'
        )
        anchor, at = ("start", left) if left < _WIDTH - 60 else ("end", left + size)
        parts.append(
            f'<text x="{at:.1f}" y="{_TOP - 5}" text-anchor="{anchor}" fill="#7a3e00" '
            f'font-weight="bold">{escape(names[2])}</text>'
        )
    for number in (0, top / 2, top):
        y = ground - height(number)
        parts.append(
            f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - 8}" stroke="#cccccc"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#333333">'
            f"{number:,.10g}</text>"
        )
    gap = min(1.5, wide * 0.15)
    for nth, bar in enumerate(found):
        x, size = _LEFT + nth * wide + gap / 2, wide - gap
        parts.append(
            f'<rect x="{x:.1f}" y="{ground - height(bar.everything):.1f}" width="{size:.1f}" '
            f'height="{height(bar.everything):.1f}" fill="#d5dbe3" stroke="#8a94a3" '
            'stroke-width="0.5"/>'
            f'<rect x="{x:.1f}" y="{ground - height(bar.complaints):.1f}" width="{size:.1f}" '
            f'height="{height(bar.complaints):.1f}" fill="#8f1d1d"/>'
        )
    parts.append(_legend(*names[:2]))
    parts += [_below(found, wide, nth) for nth in sorted({0, len(found) // 2, len(found) - 1})]
    return "".join([*parts, "</svg>"])


def _legend(complaints: str, everything: str) -> str:
    second = _LEFT + max(85, 29 + 7 * len(complaints))
    return (
        f'<rect x="{_LEFT}" y="6" width="10" height="10" fill="#8f1d1d"/>'
        f'<text x="{_LEFT + 15}" y="15" fill="#333333">{escape(complaints)}</text>'
        f'<rect x="{second}" y="6" width="10" height="10" fill="#d5dbe3" stroke="#8a94a3" '
        'stroke-width="0.5"/>'
        f'<text x="{second + 15}" y="15" fill="#333333">{escape(everything)}</text>'
    )


def _below(found: Sequence[Bar], wide: float, nth: int) -> str:
    anchor = "start" if not nth else "end" if nth == len(found) - 1 else "middle"
    x = _LEFT + (nth + {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]) * wide
    return (
        f'<text x="{x:.1f}" y="{_TALL - 12}" text-anchor="{anchor}" fill="#333333">'
        f"{found[nth].first.isoformat()}</text>"
    )


def _described(found: Sequence[Bar], words: str) -> str:
    most = max(found, key=lambda bar: bar.complaints)
    last = found[-1].first + timedelta(days=found[-1].days - 1)
    return (
        f"Complaints and all reviews from {found[0].first.isoformat()} to {last.isoformat()}. "
        f"Most complaints: {most.complaints:,} of {most.everything:,} reviews on "
        f"{most.first.isoformat()}. {words}"
    )


def _round_up(number: int) -> int:
    """A round number at the top of the axis."""
    size = 1
    while True:
        for step in (2, 4, 6, 8, 10):
            if step * size >= number:
                return step * size
        size *= 10
