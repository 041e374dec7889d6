"""What a heap of reviews amounts to, on the screen and as data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from crisisctl.messages.proof.language import NAMES
from crisisctl.report.data import Json, View
from crisisctl.reviews.analysis import Result
from crisisctl.reviews.chart import Bar, bars, drawn, svg
from crisisctl.reviews.problems import GROUPS, Change, Table
from crisisctl.reviews.review import TOPICS
from crisisctl.reviews.wave import Group, Wave
from crisisctl.text import moment

if TYPE_CHECKING:
    from crisisctl.cli.screen import Screen, Style

_STYLES: dict[str, Style] = {"wave": "bad", "weak": "warn", "none": "good", "too-little": "warn"}


def show(screen: Screen, result: Result, zone: tzinfo) -> None:
    """The problems, then the verdict with its picture: the end is what a screen still shows."""
    _moods(screen, result)
    show_problems(screen, result, quotes=False)
    show_verdict(screen, result, zone)


def show_verdict(screen: Screen, result: Result, zone: tzinfo) -> None:
    """Is it a wave, since when, how strong, where."""
    verdict = result.verdict
    width = min(screen.width, _WIDEST) - 4
    for line in drawn(_bars(result), width=width, plain=not screen.unicode).split("\n"):
        screen.line(line)
    if result.alike.suspected:
        screen.block(result.alike.words, "dim")
    for group in [each for each in verdict.groups if each.kind in ("source", "product")][:3]:
        wave = group.wave
        screen.block(
            f"it stands out in {group.kind} {group.name}: {wave.complaints} complaints since "
            f"{moment(wave.start, zone)}, {wave.expected:.0f} would be usual",
            "dim",
        )
    screen.block(verdict.words, _STYLES[verdict.level])


_WIDEST = 100
"""Columns of a picture."""


def _bars(result: Result) -> list[Bar]:
    return bars(result.counts, result.verdict)


def picture(result: Result) -> str:
    """The days as an SVG."""
    return svg(_bars(result), result.verdict.words) + "\n"


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


def show_problems(screen: Screen, result: Result, *, quotes: bool = True) -> None:
    """The table of problems, what has changed, what people say."""
    table = result.problems.table()
    if not table.complaints:
        screen.line("No complaint.")
        return
    show_table(screen, table, heading="problem")
    since = result.since
    if since is not None:
        for change in result.problems.changed(since, result.until)[:5]:
            screen.block(change_words(change), "", "  ")
    for row in table.rows[:3] if quotes else ():
        for quote in result.problems.quotes(row.topic)[:1]:
            screen.block(f"{row.topic}: “{quote}”", "dim", "  ")


def show_table(screen: Screen, table: Table, *, heading: str) -> None:
    """One table of problems."""
    rows = [
        [
            row.topic,
            f"{row.mentions:,}",
            f"{row.of_complaints:.0f} %",
            f"{row.of_reviews:.1f} %",
            ", ".join(f"{aspect} {many}" for aspect, many in row.aspects[:4]),
        ]
        for row in table.rows
    ]
    screen.table(rows, [heading, "mentions", "of complaints", "of all", "of these"])


def named(kind: str, name: str) -> str:
    """The name of a group, for people."""
    if kind == "language":
        return NAMES.get(name, name or "unknown")
    return name or f"no {kind}"


def change_words(change: Change) -> str:
    """What has changed, as people say it."""
    what = f"{change.topic}: {change.aspect}" if change.aspect else change.topic
    more = "more" if change.now > change.before else "fewer"
    return f"{more} about {what}: {_rate(change.now)} a day since, {_rate(change.before)} before"


def _rate(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}"


# As data


def data(result: Result, zone: tzinfo) -> Json:
    """Everything that was worked out."""
    view, verdict, tally = View(zone), result.verdict, result.tally
    moods, spread = tally.moods, tally.spread()
    return {
        "wave": {
            "verdict": verdict.level,
            "since": view.at(result.since),
            "until": view.at(result.until),
            "running": verdict.running,
            "words": verdict.words,
            "missing": verdict.why_little or None,
            **(_wave(verdict.wave, view) if verdict.wave is not None else {}),
            "waves": [
                {"verdict": each.level, "since": view.at(each.start), **_wave(each, view)}
                for each in verdict.waves
            ],
            "stands_out_in": [_group(group, view) for group in verdict.groups],
            "invited_left_out": verdict.invited_left_out,
        },
        "reviews": verdict.reviews,
        "complaints": result.complaints,
        "moods": {mood: moods[mood] for mood in ("negative", "neutral", "positive", "unknown")},
        "negative_share": _share(moods["negative"], sum(moods.values()) - moods["unknown"]),
        "first": view.at(verdict.first),
        "last": view.at(verdict.last),
        "undated": verdict.undated,
        "languages": {name or "unknown": many for name, many in tally.languages.most_common()},
        "sources": {name or "unknown": many for name, many in tally.sources.most_common(50)},
        "safety": sum(tally.harm.values()),
        "suspected": [
            {"review": each.key, "reasons": each.reasons, "like": each.like}
            for each in result.alike.suspected
        ],
        "problems": table_data(result.problems.table()),
        "problems_by": {
            kind: [table_data(table) for table in result.problems.by(kind)[:50]] for kind in GROUPS
        },
        "changes": [
            {
                "topic": change.topic,
                "aspect": change.aspect or None,
                "per_day_before": round(change.before, 2),
                "per_day_since": round(change.now, 2),
                "mentions": change.mentions,
                "words": change_words(change),
            }
            for change in _changes(result)
        ],
        "quotes": {topic: list(result.problems.quotes(topic)) for topic in TOPICS},
        "answers": {
            "within": dict(spread.steps),
            "median_seconds": None if spread.median is None else round(60 * spread.median),
            "within_the_hour": spread.in_time,
        },
        "kpis": {"before": dict(result.figures.before), "now": dict(result.figures.now)},
        "days": {day: {"all": n, "negative": bad} for day, (n, bad) in result.days.items()},
    }


def _changes(result: Result) -> Sequence[Change]:
    since = result.since
    return result.problems.changed(since, result.until) if since is not None else ()


def table_data(table: Table) -> Json:
    """A table of problems."""
    return {
        "name": table.name or None,
        "complaints": table.complaints,
        "reviews": table.reviews,
        "rows": [
            {
                "topic": row.topic,
                "mentions": row.mentions,
                "percent_of_complaints": round(row.of_complaints, 1),
                "percent_of_reviews": round(row.of_reviews, 1),
                "aspects": dict(row.aspects),
            }
            for row in table.rows
        ],
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _wave(wave: Wave, view: View) -> Json:
    return {
        "until": view.at(wave.until),
        "peak": view.at(wave.peak),
        "peak_complaints": wave.peak_complaints,
        "complaints": wave.complaints,
        "reviews": wave.reviews,
        "expected_complaints": round(wave.expected, 1),
        "complaints_per_day": round(wave.a_day, 1),
        "usual_per_day": round(wave.usual_a_day, 2),
        "negative_share": round(wave.share, 4),
        "usual_share": round(wave.usual_share, 4),
        "times_usual": round(wave.times, 1),
        "strength": round(wave.strength, 1),
        "strength_share": round(wave.strength_share, 1),
        "hours": wave.hours,
    }


def _group(group: Group, view: View) -> Json:
    return {
        "kind": group.kind,
        "name": group.name,
        "verdict": group.wave.level,
        "since": view.at(group.wave.start),
        **_wave(group.wave, view),
    }
