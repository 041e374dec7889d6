"""The table of problems: what complaints are about, how many, in which groups, what has changed."""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from math import sqrt

from msgspec import Struct

from crisisctl.messages.proof.personal import Own, personal
from crisisctl.reviews.review import TOPICS
from crisisctl.reviews.shelf import Heard

DAY = 86_400
GROUPS = ("language", "source", "product", "country", "week")
"""What the table can be broken down by."""
_MOST = 2000
"""Names of one kind that are told apart; the rest is counted together."""
REST = "(others)"
_USUAL_DAYS = 56
"""Days before a wave that are what is usual."""
_CLEAR = 3.0
"""Standard deviations from which a change is told."""
_QUOTES = 3
_TELLING = (40, 280)
"""Characters of a quotation: shorter ones say little, longer ones are not read."""
_ENDS = 253_402_300_800
"""The year 10000, which calendars do not have."""
_LONG_NUMBER = re.compile(r"\d[\d -]{4,}\d")


class Row(Struct, frozen=True):
    """One line of the table."""

    topic: str
    mentions: int
    of_complaints: float
    """Per cent of the complaints."""
    of_reviews: float
    """Per cent of all reviews."""
    aspects: tuple[tuple[str, int], ...] = ()
    """The finer problems, the largest first."""


class Table(Struct, frozen=True):
    """The table of one group, or of everything."""

    name: str
    """Of the group; empty for everything."""
    complaints: int
    reviews: int
    rows: tuple[Row, ...]


class Change(Struct, frozen=True):
    """A problem that people report more often, or less, than before."""

    topic: str
    aspect: str
    before: float
    """Complaints a day before the wave."""
    now: float
    """Complaints a day since it began."""
    mentions: int
    """Complaints since it began."""
    sure: float
    """Standard deviations from what was usual."""


class Quote(Struct, frozen=True, order=True):
    """A customer's own words, without what could reach or name a person."""

    weight: float
    key: str
    text: str


class Problems:
    """Takes complaints in, one after the other; two of them can be added up."""

    def __init__(self) -> None:
        self.reviews = 0
        self.days: dict[int, Counter[tuple[str, str]]] = {}
        """Complaints by day since 1970, topic and aspect; -1 without a date."""
        self.weeks: Counter[str] = Counter()
        self.groups: dict[str, dict[str, Counter[str]]] = {kind: {} for kind in GROUPS[:4]}
        self.sizes: dict[str, Counter[str]] = {kind: Counter() for kind in GROUPS[:4]}
        self.read: Counter[int] = Counter()
        """All reviews by day."""
        self._quotes: dict[str, list[Quote]] = {}

    def add(self, heard: Heard) -> None:
        """Count one review, and its problem if it is a complaint."""
        review = heard.review
        self.reviews += 1
        day = review.at // DAY if review.at is not None and 0 <= review.at < _ENDS else -1
        self.read[day] += 1
        names = (heard.language, review.source, review.product, review.country)
        complaint = heard.mood == "negative" or heard.safety
        for kind, name in zip(GROUPS, names, strict=False):
            sizes = self.sizes[kind]
            if name not in sizes and len(sizes) >= _MOST:
                name = REST
            sizes[name] += 1
            if complaint:
                group = self.groups[kind].get(name)
                if group is None:
                    group = self.groups[kind][name] = Counter()
                group[heard.topic] += 1
        if complaint:
            found = self.days.get(day)
            if found is None:
                found = self.days[day] = Counter()
            found[heard.topic, heard.aspect] += 1
            self._quote(heard)

    def merge(self, other: Problems) -> None:
        """Add up what another one has counted."""
        self.reviews += other.reviews
        self.read.update(other.read)
        for day, found in other.days.items():
            self.days.setdefault(day, Counter()).update(found)
        for kind, groups in other.groups.items():
            self.sizes[kind].update(other.sizes[kind])
            for name, counted in groups.items():
                self.groups[kind].setdefault(name, Counter()).update(counted)
        for topic, quotes in other._quotes.items():
            mine = self._quotes.setdefault(topic, [])
            for quote in quotes:
                _keep(mine, quote)

    def table(self) -> Table:
        """Everything."""
        every: Counter[tuple[str, str]] = Counter()
        for counted in self.days.values():
            every.update(counted)
        by_topic: Counter[str] = Counter()
        finer: dict[str, Counter[str]] = {}
        for (topic, aspect), many in every.items():
            by_topic[topic] += many
            if aspect:
                finer.setdefault(topic, Counter())[aspect] += many
        return _table("", by_topic, self.reviews, finer)

    def by(self, kind: str) -> tuple[Table, ...]:
        """One table for each group, those with the most complaints first; weeks in their order."""
        if kind == "week":
            return tuple(self._weeks())
        found = [
            _table(name, counted, self.sizes[kind][name], {})
            for name, counted in self.groups[kind].items()
        ]
        return tuple(sorted(found, key=lambda table: (-table.complaints, table.name)))

    def _weeks(self) -> Iterator[Table]:
        weeks: dict[str, Counter[str]] = {}
        sizes: Counter[str] = Counter()
        for day, many in self.read.items():
            sizes[_week(day)] += many
        for day, counted in self.days.items():
            mine = weeks.setdefault(_week(day), Counter())
            for (topic, _), many in counted.items():
                mine[topic] += many
        for week in sorted(weeks):
            yield _table(week, weeks[week], sizes[week], {})

    def changed(self, since: datetime, until: datetime | None = None) -> tuple[Change, ...]:
        """What people report clearly more or less often since a moment, the surest first."""
        first = int(since.timestamp()) // DAY
        last = max((day for day in self.read if day >= 0), default=first)
        if until is not None:
            last = min(last, int(until.timestamp()) // DAY)
        earliest = min((day for day in self.read if day >= 0), default=first)
        usual_from = max(earliest, first - _USUAL_DAYS)
        before_days, now_days = first - usual_from, last - first + 1
        if before_days < 1 or now_days < 1:
            return ()
        before, now = self._between(usual_from, first - 1), self._between(first, last)
        found = []
        for pair in before.keys() | now.keys():
            expected = before[pair] / before_days * now_days
            sure = (now[pair] - expected) / sqrt(max(expected, now[pair] / 4, 1.0))
            if abs(sure) >= _CLEAR:
                row = Change(
                    *pair, before[pair] / before_days, now[pair] / now_days, now[pair], sure
                )
                found.append(row)
        return tuple(sorted(found, key=lambda one: (-abs(one.sure), one.topic, one.aspect)))

    def _between(self, first: int, last: int) -> Counter[tuple[str, str]]:
        found: Counter[tuple[str, str]] = Counter()
        for day, counted in self.days.items():
            if first <= day <= last:
                found.update(counted)
        return found

    def quotes(self, topic: str) -> tuple[str, ...]:
        """What people wrote about a topic, in telling length."""
        found = sorted(self._quotes.get(topic, ()), reverse=True)
        return tuple(masked(quote.text) for quote in found)

    def _quote(self, heard: Heard) -> None:
        review = heard.review
        length = len(review.text)
        if not _TELLING[0] <= length <= _TELLING[1]:
            return
        day = (review.at or 0) / DAY
        weight = min(review.reach, 1000) * 3 + day / 10 + (5 if heard.aspect else 0)
        kept = self._quotes.setdefault(heard.topic, [])
        if len(kept) < _QUOTES or weight >= kept[0].weight:
            _keep(kept, Quote(weight, review.key, review.text))


def _keep(kept: list[Quote], quote: Quote) -> None:
    if any(other.text == quote.text for other in kept):
        return
    heapq.heappush(kept, quote)
    if len(kept) > _QUOTES:
        heapq.heappop(kept)


def _table(
    name: str, topics: Mapping[str, int], reviews: int, finer: Mapping[str, Counter[str]]
) -> Table:
    complaints = sum(topics.values())
    order = sorted(topics, key=lambda topic: (-topics[topic], TOPICS.index(topic)))
    rows = [
        Row(
            topic,
            topics[topic],
            100 * topics[topic] / complaints if complaints else 0.0,
            100 * topics[topic] / reviews if reviews else 0.0,
            _largest_first(finer.get(topic, Counter())),
        )
        for topic in order
    ]
    return Table(name, complaints, reviews, tuple(rows))


def _largest_first(counted: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


def _week(day: int) -> str:
    if day < 0:
        return "no date"
    year, week, _ = datetime.fromtimestamp(day * DAY, UTC).isocalendar()
    return f"{year}-W{week:02}"


def masked(text: str) -> str:
    """The words on one line, without addresses, telephone, order and card numbers."""
    for found in sorted(personal(text, Own(), public=True), reverse=True):
        text = f"{text[: found.start]}…{text[found.end :]}"
    return _LONG_NUMBER.sub("…", " ".join(text.split()))
