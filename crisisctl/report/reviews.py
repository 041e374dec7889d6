"""The section of the post-mortem on customers' reviews, in Markdown."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import date, tzinfo

from crisisctl.incident.heard import ReviewsImported
from crisisctl.report.heard import Heard, waits_in_words
from crisisctl.report.marks import plain, table
from crisisctl.reviews.chart import Bar, svg
from crisisctl.reviews.kpi import in_words
from crisisctl.reviews.strategy import WAYS
from crisisctl.text import moment


def section(heard: Heard, zone: tzinfo) -> Iterator[str]:
    """The verdict, the problems, how they were answered, the figures before and after."""
    yield "## Reviews"
    yield ""
    last = heard.last
    yield f"{last.complaints} complaints. {plain(last.words)}".strip()
    yield ""
    if len(heard.verdicts) > 1:
        for at, verdict in heard.verdicts:
            yield f"- {moment(at, zone)}: {verdict}"
        yield ""
    yield from _picture(heard)
    yield from _problems(heard)
    yield from _answers(heard)
    yield from _strategies(heard)
    yield from _left(heard, zone)
    yield from _figures(heard)


def _picture(heard: Heard) -> Iterator[str]:
    """The days as a picture that is part of the file: nothing is fetched to see it."""
    found = by_day(heard.last)
    if len(found) > 1:
        image = b64encode(svg(found, heard.last.words).encode()).decode()
        yield f"![Complaints and all reviews by day](data:image/svg+xml;base64,{image})"
        yield ""


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


def _problems(heard: Heard) -> Iterator[str]:
    topics = {name: many for name, many in heard.last.topics.items() if "." not in name}
    every = sum(topics.values())
    if not every:
        return
    rows = []
    for topic, many in sorted(topics.items(), key=lambda row: -row[1]):
        finer = [
            f"{name.partition('.')[2]} {n}"
            for name, n in sorted(heard.last.topics.items(), key=lambda row: -row[1])
            if name.startswith(f"{topic}.")
        ]
        rows.append([topic, str(many), f"{100 * many / every:.0f} %", ", ".join(finer[:4])])
    yield from table(["Problem", "Mentions", "Of complaints", "Of these"], rows)
    yield ""


def _answers(heard: Heard) -> Iterator[str]:
    counted = [f"{many} {status}" for status, many in heard.counted.items() if many]
    yield f"Where they stand: {', '.join(counted) or 'none'}. Median wait: {waits_in_words(heard)}."
    if heard.unread:
        yield f"{heard.unread} answers went out as drafted, with no person reading them."
    yield ""
    if any(many for _, many in heard.waits):
        yield from table(["Answered", "Complaints"], ([w, str(n)] for w, n in heard.waits))
        yield ""


def _strategies(heard: Heard) -> Iterator[str]:
    if not heard.strategies:
        return
    rows = []
    for topic, chosen in heard.strategies:
        event = chosen.event
        other = event.proposed if event.proposed != event.strategy else ""
        proposed = f" (proposed: {other})" if other else ""
        rows.append([topic, WAYS[event.strategy].title + proposed, event.because, chosen.by])
    yield from table(["Topic", "Strategy", "Because", "By"], rows)
    yield ""


def _left(heard: Heard, zone: tzinfo) -> Iterator[str]:
    for status, words in (("ignored", "Not answered"), ("flagged", "Reported to the platform")):
        mine = [one for one in heard.left if one.status == status]
        if mine:
            yield f"{words}:"
            yield ""
            for one in mine:
                why = plain(one.because)
                yield f"- {plain(one.review)}: {why} ({plain(one.by)}, {moment(one.at, zone)})"
            yield ""


def _figures(heard: Heard) -> Iterator[str]:
    known = [row for row in heard.kpis if row.now is not None or row.before is not None]
    if not known:
        return
    rows = [
        [
            row.kpi.title,
            in_words(row.kpi, row.target),
            in_words(row.kpi, row.before),
            in_words(row.kpi, row.now),
            {True: "met", False: "missed", None: "-"}[row.met],
        ]
        for row in known
    ]
    yield from table(["Figure", "Target", "Before", "After", ""], rows)
    yield ""
