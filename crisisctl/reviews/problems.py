"""The problem table: what people complain about, how many, where, since when, in whose words.

It is fed review by review and keeps counts and a few quotes, never the reviews; two tables
of parts of one export can be merged.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from datetime import date

from msgspec import Struct, field

from crisisctl.reviews.lexicon import OTHER
from crisisctl.reviews.quotes import Quote, masked, telling
from crisisctl.reviews.review import Review
from crisisctl.reviews.topics import Understood

DIMENSIONS = ("language", "source", "product")
"""By what the table is split, beside the weeks."""
OTHERS = "…"
"""Where the values of a dimension are counted that came after `_VALUES` others."""
_VALUES = 2_000
_DAYS = 30_000
_DAY = 86_400
_EPOCH = date(1970, 1, 1).toordinal()

_SECOND = 0.5
"""How strong another topic must be, against the main one, to count as mentioned."""
_QUOTES = 4
"""Quotes kept of each finer problem."""


class Tally(Struct):
    """Reviews of one kind, and what the negative ones among them are about."""

    reviews: int = 0
    negative: int = 0
    safety: int = 0
    main: dict[str, int] = field(default_factory=dict)
    """By `topic` and by `topic.aspect`: reviews that are mainly about it."""
    mentions: dict[str, int] = field(default_factory=dict)
    """By `topic`: reviews that speak of it at all."""

    def add(self, told: Told) -> None:
        """Count one review."""
        self.reviews += 1
        if told.negative:
            self.negative += 1
            self.safety += told.safety
            for name in told.main:
                self.main[name] = self.main.get(name, 0) + 1
            for name in told.mentioned:
                self.mentions[name] = self.mentions.get(name, 0) + 1

    def merge(self, other: Tally) -> None:
        """Count what another has counted."""
        self.reviews += other.reviews
        self.negative += other.negative
        self.safety += other.safety
        _sum(self.main, other.main)
        _sum(self.mentions, other.mentions)


def _sum(into: dict[str, int], counts: dict[str, int]) -> None:
    for name, count in counts.items():
        into[name] = into.get(name, 0) + count


class Told(Struct, frozen=True, gc=False):
    """What of one review is counted."""

    negative: bool
    safety: bool = False
    main: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()


class Row(Struct, frozen=True):
    """A line of the problem table."""

    topic: str
    aspect: str
    """Empty for the topic as a whole."""
    mentions: int
    """Reviews that speak of it; for a finer problem, that are mainly about it."""
    main: int
    """Reviews that are mainly about it; these add up to the negative ones."""
    of_negative: float
    """Mentions, in percent of the negative reviews."""
    of_all: float
    """Mentions, in percent of all reviews."""


class Problems(Struct):
    """The counts of everything that was read so far."""

    all: Tally = field(default_factory=Tally)
    by: dict[str, dict[str, Tally]] = field(default_factory=lambda: {d: {} for d in DIMENSIONS})
    days: dict[int, Tally] = field(default_factory=dict)
    """By day since 1970, in UTC; reviews without a time stand only in `all` and `by`."""
    kept: dict[str, list[tuple[float, str, Quote]]] = field(default_factory=dict)
    """The most telling quotes of each problem, the least telling first (a heap)."""

    def add(self, review: Review, understood: Understood) -> None:
        """Count one review."""
        told = _told(understood)
        self.all.add(told)
        values = (understood.language, review.source, review.product)
        for dimension, value in zip(DIMENSIONS, values, strict=True):
            _at(self.by[dimension], value).add(told)
        if review.at is not None:
            day = review.at // _DAY
            tally = self.days.get(day)
            if tally is None and len(self.days) < _DAYS and 0 < day + _EPOCH < date.max.toordinal():
                tally = self.days[day] = Tally()
            if tally is not None:
                tally.add(told)
        if told.negative and review.text:
            self._quote(review, understood, told.main[-1])

    def _quote(self, review: Review, understood: Understood, problem: str) -> None:
        worth = telling(review)
        heap = self.kept.setdefault(problem, [])
        if len(heap) < _QUOTES or (worth, review.key) > heap[0][:2]:
            self._keep(problem, (worth, review.key, Quote.of(review, understood.language)))

    def _keep(self, problem: str, one: tuple[float, str, Quote]) -> None:
        heap = self.kept.setdefault(problem, [])
        if any(one[2].like(other) for _, _, other in heap):
            return
        if len(heap) < _QUOTES:
            heapq.heappush(heap, one)
        elif one[:2] > heap[0][:2]:
            heapq.heapreplace(heap, one)

    def merge(self, other: Problems) -> None:
        """Take over what another process has counted in another part of the reviews."""
        self.all.merge(other.all)
        for dimension, values in other.by.items():
            for value, tally in values.items():
                _at(self.by[dimension], value).merge(tally)
        for day, tally in other.days.items():
            self.days.setdefault(day, Tally()).merge(tally)
        for problem, quotes in other.kept.items():
            for one in quotes:
                self._keep(problem, one)

    def split(self, dimension: str) -> list[tuple[str, Tally]]:
        """The values of a dimension with what was counted, those with most complaints first."""
        found = self.by[dimension].items()
        return sorted(found, key=lambda one: (-one[1].negative, -one[1].reviews, one[0]))

    def weeks(self) -> list[tuple[str, Tally]]:
        """The ISO weeks in order: `2026-W09`."""
        found: dict[str, Tally] = {}
        for day, tally in sorted(self.days.items()):
            year, week, _ = date.fromordinal(day + _EPOCH).isocalendar()
            found.setdefault(f"{year}-W{week:02}", Tally()).merge(tally)
        return list(found.items())

    def between(self, start: int, end: int) -> tuple[Tally, int]:
        """What was counted on the days from one moment to before another, and how many days."""
        first, last = start // _DAY, -(-end // _DAY)
        total = Tally()
        for day, tally in self.days.items():
            if first <= day < last:
                total.merge(tally)
        return total, max(last - first, 0)

    def quotes(self, topic: str, aspect: str = "", most: int = 3) -> list[Quote]:
        """What people wrote about a problem, the most telling first, nothing personal in it."""
        names = [f"{topic}.{aspect}"] if aspect else [n for n in self.kept if _topic(n) == topic]
        found = [one for name in names for one in self.kept.get(name, ())]
        best = heapq.nlargest(most, found, key=lambda one: one[:2])
        return [masked(quote) for _, _, quote in best]


def _told(understood: Understood) -> Told:
    if understood.mood != "negative":
        return _PRAISE
    finding = understood.finding
    topic, aspect = finding.topic, finding.aspect
    main = (topic, f"{topic}.{aspect}") if aspect else (topic,)
    if len(finding.topics) <= 1:
        return Told(True, finding.safety, main, (topic,))
    least = finding.topics[0][1] * _SECOND
    mentioned = tuple(name for name, score in finding.topics if score >= least)
    return Told(True, finding.safety, main, mentioned)


_PRAISE = Told(False)


def _topic(name: str) -> str:
    return name.partition(".")[0]


def _at(tallies: dict[str, Tally], value: str) -> Tally:
    found = tallies.get(value)
    if found is None:
        if len(tallies) >= _VALUES:
            value = OTHERS
        found = tallies.setdefault(value, Tally())
    return found


def table(tally: Tally) -> list[Row]:
    """The problems of some reviews: each topic, the most frequent first, then its finer ones."""
    return list(_rows(tally))


def _rows(tally: Tally) -> Iterator[Row]:
    topics = sorted(tally.mentions, key=lambda name: (name == OTHER, -tally.mentions[name], name))
    for topic in topics:
        yield _row(tally, topic, "", tally.mentions[topic])
        finer = [name for name in tally.main if name.startswith(f"{topic}.")]
        for name in sorted(finer, key=lambda name: (-tally.main[name], name)):
            yield _row(tally, topic, name.partition(".")[2], tally.main[name])


def _row(tally: Tally, topic: str, aspect: str, mentions: int) -> Row:
    main = tally.main.get(f"{topic}.{aspect}" if aspect else topic, 0)
    return Row(
        topic,
        aspect,
        mentions,
        main,
        _percent(mentions, tally.negative),
        _percent(mentions, tally.reviews),
    )


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


class Change(Struct, frozen=True):
    """How a problem stands in the wave against the time before."""

    topic: str
    aspect: str
    now: int
    """Reviews mainly about it in the wave."""
    now_days: int
    before: int
    before_days: int
    share_now: float
    """In percent of the negative reviews of that time."""
    share_before: float
    surprise: float
    """Standard deviations from what the time before lets expect; above zero: more."""

    @property
    def weekly_before(self) -> float:
        """How many a week there used to be."""
        return 7 * self.before / self.before_days if self.before_days else 0.0


_SURPRISE = 3.0
"""From here on it is hardly chance: once in 700 times."""
_FEWEST = 3
"""Reviews that make a change; two may know each other."""
_TIMES = 1.5
"""How much more, or less, is worth a word."""


def changed(before: tuple[Tally, int], now: tuple[Tally, int]) -> list[Change]:
    """What people complain about more, or less, than before; the most striking first.

    Both are what `Problems.between` gives.
    """
    found = [one for one in _changes(before, now) if _speaks(one)]
    return sorted(found, key=lambda one: (-abs(one.surprise), one.topic, one.aspect))


def _changes(before: tuple[Tally, int], now: tuple[Tally, int]) -> Iterator[Change]:
    (old, old_days), (new, new_days) = before, now
    if not old_days or not new_days:
        return
    for name in sorted({*old.main, *new.main}):
        topic, _, aspect = name.partition(".")
        many, few = new.main.get(name, 0), old.main.get(name, 0)
        yield Change(
            topic,
            aspect,
            many,
            new_days,
            few,
            old_days,
            _percent(many, new.negative),
            _percent(few, old.negative),
            _surprise(many, new_days, few, old_days),
        )


def _surprise(now: int, now_days: int, before: int, before_days: int) -> float:
    """How far two counts over unlike times are apart, in standard deviations.

    Square roots of counts all scatter alike, by a half (Anscombe 1948).
    """
    ratio = now_days / before_days
    apart = math.sqrt(now + 0.375) - math.sqrt(ratio * (before + 0.375))
    return 2 * apart / math.sqrt(1 + ratio)


def _speaks(change: Change) -> bool:
    expected = change.before * change.now_days / change.before_days
    more, less = max(change.now, expected), min(change.now, expected)
    enough = more >= _FEWEST and more >= _TIMES * less
    return enough and abs(change.surprise) >= _SURPRISE
