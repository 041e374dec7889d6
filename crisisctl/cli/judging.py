"""What a heap of reviews amounts to, on the screen and as data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING

from crisisctl.messages.proof.language import NAMES
from crisisctl.report.data import Json, View, seconds
from crisisctl.reviews.analysis import Result
from crisisctl.reviews.review import TOPICS
from crisisctl.reviews.wave import Group, Wave
from crisisctl.text import moment

if TYPE_CHECKING:
    from crisisctl.cli.screen import Screen, Style

_STYLES: dict[str, Style] = {"wave": "bad", "weak": "warn", "none": "good", "too-little": "warn"}
_HEADLINES = {
    "wave": "A wave of complaints.",
    "weak": "More complaints than usual, but no clear wave.",
    "none": "No wave.",
    "too-little": "Too little to tell.",
}


def show(screen: Screen, result: Result, zone: tzinfo) -> None:
    """The verdict with its numbers and picture, then the problems."""
    show_verdict(screen, result, zone)
    _moods(screen, result)
    show_problems(screen, result)


def show_verdict(screen: Screen, result: Result, zone: tzinfo) -> None:
    """Is it a wave, since when, how strong, where."""
    verdict = result.verdict
    screen.line()
    screen.block(_HEADLINES[verdict.level], _STYLES[verdict.level])
    screen.block(verdict.words)
    for group in verdict.groups[:5]:
        wave = group.wave
        screen.block(
            f"it stands out in {group.kind} {group.name}: {wave.complaints} complaints since "
            f"{moment(wave.start, zone)}, {wave.expected:.0f} would be usual",
            "dim",
            "  ",
        )
    for line in picture_lines(result, screen.width, unicode=screen.unicode):
        screen.line(line)


def _moods(screen: Screen, result: Result) -> None:
    moods, tally = result.tally.moods, result.tally
    every = sum(moods.values())
    told = [f"{moods[m]:,} {m}" for m in ("negative", "neutral", "positive", "unknown") if moods[m]]
    screen.block(f"{every:,} reviews: {', '.join(told)}", "bold")
    by_language = [
        f"{NAMES.get(name, name or 'unknown')} {many:,}"
        for name, many in tally.languages.most_common(8)
    ]
    screen.block(f"languages: {', '.join(by_language)}", "dim")
    if sum(tally.harm.values()):
        harmed = sum(tally.harm.values())
        screen.block(f"! in {harmed} somebody was hurt, or could be: read those first", "bad")
    spread = tally.spread()
    if spread.answered:
        share = spread.in_time
        screen.block(
            f"answers: {spread.answered:,} of {spread.answered + spread.waiting:,} complaints, "
            f"{100 * (share or 0):.0f} % within the hour",
            "dim",
        )
