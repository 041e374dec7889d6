"""Everything there is to say about a heap of reviews: wave, problems, moods, look-alikes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from heapq import heappush, heappushpop
from operator import itemgetter

from msgspec import Struct

from crisisctl.incident.incoming import Answered
from crisisctl.reviews.alike import MOST, Alike, alike
from crisisctl.reviews.counts import Counts
from crisisctl.reviews.kpi import Figures
from crisisctl.reviews.problems import Problems
from crisisctl.reviews.review import Review
from crisisctl.reviews.shelf import Heard
from crisisctl.reviews.tally import DAY, Tally
from crisisctl.reviews.wave import Verdict, judge

PER_DAY = "complaints_per_day"
"""A figure beside those of the KPIs."""
SHOWN_DAYS = 120
"""Days that a record keeps for the picture of a report."""


class Result(Struct, frozen=True):
    """What a heap of reviews amounts to."""

    verdict: Verdict
    counts: Counts
    tally: Tally
    problems: Problems
    figures: Figures
    alike: Alike

    @property
    def since(self) -> datetime | None:
        """When the wave began."""
        return self.verdict.wave.start if self.verdict.wave is not None else None

    @property
    def until(self) -> datetime | None:
        """When it ended; None while it runs, or where there is none."""
        return self.verdict.wave.until if self.verdict.wave is not None else None

    @property
    def complaints(self) -> int:
        """Reviews that want an answer, or had one: complaints, and harm whatever the stars."""
        return sum(self.tally.complaints.values())

    @property
    def days(self) -> dict[str, tuple[int, int]]:
        """All reviews and the negative ones by day, of the last days that had any."""
        days = sorted(day for day in self.tally.days if day >= 0)[-SHOWN_DAYS:]
        return {
            _date(day): (sum(moods.values()), moods["negative"])
            for day in days
            for moods in (self.tally.days[day],)
        }

    @property
    def topics(self) -> dict[str, int]:
        """Complaints by topic, and by `topic.aspect`."""
        found: dict[str, int] = {}
        for (topic, aspect), many in self.tally.complaints.most_common():
            found[topic] = found.get(topic, 0) + many
            if aspect:
                found[f"{topic}.{aspect}"] = many
        return found


class Analysis:
    """Takes reviews in, one after the other, in bounded memory."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.counts = Counts()
        self.problems = Problems()
        self._latest = _Latest()

    def add(self, heard: Heard, answered: Mapping[str, Answered] | None = None) -> None:
        """Take one review in, and what was done about it."""
        self.tally.add(heard, answered)
        self.counts.add(heard.review, heard.mood)
        self.problems.add(heard)
        if heard.mood == "negative" and heard.review.at is not None:
            self._latest.add(heard.review)

    def merge(self, other: Analysis) -> None:
        """Take in what another one has taken in."""
        self.tally.merge(other.tally)
        self.counts.merge(other.counts)
        self.problems.merge(other.problems)
        self._latest.merge(other._latest)

    def result(self, *, now: datetime | None) -> Result:
        """What it all amounts to, judged as at `now`; None: at the last review."""
        verdict = judge(self.counts, now=now)
        wave = verdict.wave
        found = self.tally.figures(int(wave.start.timestamp()) if wave is not None else None)
        if wave is not None:
            before = {**found.before, PER_DAY: wave.usual_a_day}
            found = Figures(before, {**found.now, PER_DAY: wave.a_day})
        apart = alike(self._latest.since(wave.start if wave is not None else None))
        return Result(verdict, self.counts, self.tally, self.problems, found, apart)


class _Latest:
    """The latest complaints, as many as are compared with each other, whatever their order."""

    def __init__(self) -> None:
        self._kept: list[tuple[int, int, Review]] = []
        self._number = 0

    def add(self, review: Review) -> None:
        self._number += 1
        entry = (review.at or 0, self._number, review)
        if len(self._kept) < MOST:
            heappush(self._kept, entry)
        else:
            heappushpop(self._kept, entry)

    def merge(self, other: _Latest) -> None:
        for _, _, review in other._kept:
            self.add(review)

    def since(self, start: datetime | None) -> list[Review]:
        """Those since a moment; without one, of the last two weeks that have any."""
        last = max((at for at, _, _ in self._kept), default=0)
        first = int(start.timestamp()) if start is not None else last - 14 * DAY
        return [review for at, _, review in sorted(self._kept, key=itemgetter(0, 1)) if at >= first]


def _date(day: int) -> str:
    return datetime.fromtimestamp(day * DAY, UTC).date().isoformat()
