"""What customers wrote and how it was answered, as the post-mortem tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from statistics import median

from msgspec import Struct

from crisisctl.incident.fold import Incident
from crisisctl.incident.heard import ReviewsImported
from crisisctl.incident.incoming import Strategy
from crisisctl.reviews.chart import Bar
from crisisctl.reviews.kpi import Figures, Row, table
from crisisctl.reviews.tally import LATER, STEPS


class Left(Struct, frozen=True):
    """A review that was flagged or ignored, and why."""

    review: str
    status: str
    because: str
    by: str
    at: datetime


class Heard(Struct, frozen=True):
    """The reviews of an incident, from its record alone."""

    last: ReviewsImported
    """The last import: it judged everything that was there."""
    verdicts: tuple[tuple[datetime, str], ...]
    """How the verdict changed from import to import."""
    counted: dict[str, int]
    """Complaints by status."""
    waits: tuple[tuple[str, int], ...]
    """How long complaints waited for an answer given here, in words, and how many."""
    median: timedelta | None
    strategies: tuple[tuple[str, Strategy], ...]
    left: tuple[Left, ...]
    unread: int
    """Answers that an answers file let stand without a person reading them."""
    kpis: tuple[Row, ...]


def heard(incident: Incident) -> Heard | None:
    """What the report says of reviews; None where none were read."""
    if not incident.imports:
        return None
    last = incident.imports[-1][1]
    counted = Counter(state.status for state in incident.answered.values())
    minutes = sorted(_minutes(incident))
    return Heard(
        last=last,
        verdicts=tuple(_verdicts(incident)),
        counted={**dict(sorted(counted.items())), "new": incident.waiting},
        waits=tuple(_waits(minutes)),
        median=timedelta(minutes=median(minutes)) if minutes else None,
        strategies=tuple(incident.strategies.items()),
        left=tuple(
            Left(key, state.status, state.because, state.by, state.at)
            for key, state in incident.answered.items()
            if state.status in ("ignored", "flagged")
        ),
        unread=sum(s.answer is not None and s.answer.unread for s in incident.answered.values()),
        kpis=table(_figures(last, minutes), incident.measured, {}),
    )


def _figures(last: ReviewsImported, minutes: Sequence[int]) -> Figures:
    now = dict(last.now)
    if minutes:  # what was answered since the last import counts as well
        now["reply_minutes"] = float(median(minutes))
    return Figures(last.before, now)


def _verdicts(incident: Incident) -> Iterator[tuple[datetime, str]]:
    before = ""
    for at, event in incident.imports:
        if event.verdict != before:
            yield at, event.verdict
        before = event.verdict


def _minutes(incident: Incident) -> Iterator[int]:
    for state in incident.answered.values():
        written = state.answer.written_at if state.answer else None
        if written is not None and state.answered_at is not None:
            yield max(int((state.answered_at - written).total_seconds()), 0) // 60


def _waits(minutes: Sequence[int]) -> Iterator[tuple[str, int]]:
    least = -1
    for limit, words in STEPS:
        yield words, sum(least < each <= limit for each in minutes)
        least = limit
    yield LATER, sum(each > least for each in minutes)


def by_day(event: ReviewsImported) -> list[Bar]:
    """The days of an import as bars; those of the wave are marked."""
    first = event.since.date() if event.since is not None else date.max
    last = event.until.date() if event.until is not None else date.max
    days = ((day_of(name), counts) for name, counts in sorted(event.days.items()))
    return [
        Bar(day, 1, min(bad, every), every, first <= day <= last)
        for day, (every, bad) in days
        if day is not None and bad >= 0
    ]


def day_of(name: str) -> date | None:
    """A day as the record names it; None for what is none."""
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None
