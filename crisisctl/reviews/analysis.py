"""Everything there is to say about a heap of reviews: wave, problems, moods, look-alikes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct

from crisisctl.incident.incoming import Answered
from crisisctl.reviews.counts import Counts
from crisisctl.reviews.kpi import Figures
from crisisctl.reviews.problems import Problems
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
    tally: Tally
    problems: Problems
    figures: Figures

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

    def add(self, heard: Heard, answered: Mapping[str, Answered] | None = None) -> None:
        """Take one review in, and what was done about it."""
        self.tally.add(heard, answered)
        self.counts.add(heard.review, heard.mood)
        self.problems.add(heard)

    def result(self, *, now: datetime | None) -> Result:
        """What it all amounts to, judged as at `now`; None: at the last review."""
        verdict = judge(self.counts, now=now)
        wave = verdict.wave
        found = self.tally.figures(int(wave.start.timestamp()) if wave is not None else None)
        if wave is not None:
            before = {**found.before, PER_DAY: wave.usual_a_day}
            found = Figures(before, {**found.now, PER_DAY: wave.a_day})
        return Result(verdict, self.tally, self.problems, found)


def _date(day: int) -> str:
    return datetime.fromtimestamp(day * DAY, UTC).date().isoformat()
