"""Charts of the months as one self-contained picture: how many incidents, and how long they took.

No script and nothing fetched. Every bar and point says its figure in words, for people and for
screen readers; severities differ by brightness and by their place, not by hue alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from crisisctl.learning.stats import UNJUDGED, Group
from crisisctl.playbook.model import SEVERITIES

MOST_MONTHS = 24
_COLUMN, _LEFT, _TOP = 44, 64, 76
_HEIGHT, _GAP = 150, 78
_LEVELS = (*reversed(SEVERITIES), UNJUDGED)
_FILLS = {"sev1": "#7f1d1d", "sev2": "#d9480f", "sev3": "#f2b134", "sev4": "#9db4c0"}
_OTHER = "#c9c9c9"
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#1b1b1b}.small{font-size:10px}"
    ".title{font-size:16px;font-weight:600}.head{font-weight:600}"
    ".axis{stroke:#8a8a8a;stroke-width:1}.line{fill:none;stroke:#1d4ed8;stroke-width:2}"
    ".point{fill:#1d4ed8}.paper{fill:#fff}"
    "@media(prefers-color-scheme:dark){text{fill:#ececec}.paper{fill:#16181c}"
    ".line{stroke:#8ab4ff}.point{fill:#8ab4ff}}"
)
_LINES = (
    ("time_to_first_message", "Median time to first message, by month"),
    ("time_to_resolve", "Median time to resolve, by month"),
)


def chart(months: Sequence[Group]) -> str:
    """The picture of these months, the earliest first; months without an incident are shown."""
    every = _filled(months)
    shown = every[-MOST_MONTHS:]
    width = max(_LEFT + _COLUMN * len(shown) + 24, 420)
    height = _TOP + 3 * (_HEIGHT + _GAP)
    title = "Incidents by month"
    if shown:
        title += f", {shown[0][0]} to {shown[-1][0]}"
    if len(every) > len(shown):
        title += f" (the newest {MOST_MONTHS} of {len(every)} months)"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t d" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
        f'<title id="t">{escape(title)}</title>',
        f'<desc id="d">{escape(_described(shown))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{width}" height="{height}"/>',
        _text(16, 28, title, "title"),
        *_legend(),
    ]
    lines += _bars(shown, _TOP)
    for number, (span, head) in enumerate(_LINES, 1):
        lines += _line(shown, span, head, _TOP + number * (_HEIGHT + _GAP))
    return "\n".join([*lines, "</svg>", ""])


def _filled(months: Sequence[Group]) -> list[tuple[str, Group | None]]:
    """The months from the first to the last, with those in between that were quiet."""
    known = {one.key: one for one in months if one.key}
    if not known:
        return []
    keys, last = [min(known)], max(known)
    while keys[-1] < last:
        year, month = map(int, keys[-1].split("-"))
        keys.append(f"{year + month // 12:04}-{month % 12 + 1:02}")
    return [(key, known.get(key)) for key in keys]


def _described(shown: Sequence[tuple[str, Group | None]]) -> str:
    parts = []
    for key, one in shown:
        if one is None:
            parts.append(f"{key}: none")
            continue
        levels = ", ".join(f"{n} {level}" for level, n in one.severities.items())
        words = f"{key}: {one.incidents} ({levels})"
        for span, name in (("time_to_first_message", "first message"), ("time_to_resolve", "over")):
            p50 = one.spans[span].p50
            if p50 is not None:
                words += f", {name} after {brief(p50)} (median of {one.spans[span].n})"
        parts.append(words)
    return "; ".join(parts) or "No incident."


def _legend() -> Iterator[str]:
    for number, level in enumerate((*SEVERITIES, UNJUDGED)):
        x = 16 + 76 * number
        yield f'<rect x="{x}" y="42" width="12" height="12" fill="{_FILLS.get(level, _OTHER)}"/>'
        yield _text(x + 17, 52, level, "small")


def _bars(shown: Sequence[tuple[str, Group | None]], top: int) -> Iterator[str]:
    yield _text(16, top + 12, "Incidents by month and severity", "head")
    floor = top + _HEIGHT + 20
    most = max((one.incidents for _, one in shown if one), default=1)
    for number, (key, one) in enumerate(shown):
        x, y = _LEFT + _COLUMN * number, float(floor)
        for level in _LEVELS:
            many = one.severities.get(level, 0) if one else 0
            if many:
                tall = (_HEIGHT - 30) * many / most
                y -= tall
                fill = _FILLS.get(level, _OTHER)
                words = escape(f"{key}: {many} {level}")
                yield (
                    f'<rect x="{x + 6}" y="{y:.1f}" width="{_COLUMN - 12}" height="{tall:.1f}" '
                    f'fill="{fill}"><title>{words}</title></rect>'
                )
        count = one.incidents if one else 0
        yield _text(x + _COLUMN // 2, y - 5, str(count), "small", middle=True)
    yield from _axis(shown, floor)


def _line(
    shown: Sequence[tuple[str, Group | None]], span: str, head: str, top: int
) -> Iterator[str]:
    yield _text(16, top + 12, head, "head")
    floor = top + _HEIGHT + 20
    values = [one.spans[span].p50 if one else None for _, one in shown]
    most = max((value for value in values if value), default=1)
    run: list[str] = []
    for number, value in enumerate(values):
        x = _LEFT + _COLUMN * number + _COLUMN // 2
        if value is None:  # a gap stays a gap: nothing is known of that month
            yield from _joined(run)
            run = []
            continue
        y = floor - (_HEIGHT - 40) * value / most
        run.append(f"{x},{y:.1f}")
        one = shown[number][1]
        n = one.spans[span].n if one else 0
        words = escape(f"{shown[number][0]}: {brief(value)}, median of {n}")
        yield f'<circle class="point" cx="{x}" cy="{y:.1f}" r="4"><title>{words}</title></circle>'
        yield _text(x, y - 9, brief(value), "small", middle=True)
    yield from _joined(run)
    yield from _axis(shown, floor)


def _joined(run: Sequence[str]) -> Iterator[str]:
    if len(run) > 1:
        yield f'<polyline class="line" points="{" ".join(run)}"/>'


def _axis(shown: Sequence[tuple[str, Group | None]], floor: int) -> Iterator[str]:
    end = _LEFT + _COLUMN * len(shown)
    yield f'<line class="axis" x1="{_LEFT}" y1="{floor}" x2="{end}" y2="{floor}"/>'
    for number, (key, _) in enumerate(shown):
        x = _LEFT + _COLUMN * number + _COLUMN // 2
        yield _text(x, floor + 15, key[2:], "small", middle=True)


def _text(x: int, y: float, words: str, kind: str, *, middle: bool = False) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text class="{kind}" x="{x}" y="{y:.0f}"{anchor}>{escape(words)}</text>'


def brief(seconds: float) -> str:
    """A time in so few letters that many stand side by side: 45 s, 12 m, 5.8 h, 3.1 d."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            many = seconds / size
            return f"{many:.0f} {unit}" if unit == "m" or many >= 10 else f"{many:.1f} {unit}"
    return f"{seconds:.0f} s"
