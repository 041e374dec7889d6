"""What is counted of all reviews: moods by day, time to answer, languages, sources."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from crisisctl.incident.incoming import Answered
from crisisctl.reviews.kpi import Figures
from crisisctl.reviews.review import Mood
from crisisctl.reviews.shelf import Heard

DAY = 86_400
_SLOWEST = 90 * 24 * 60
"""Minutes; an answer that took longer counts as one that took so long."""
STEPS = ((60, "within 1 h"), (240, "1 to 4 h"), (1440, "4 to 24 h"), (4320, "1 to 3 days"))
LATER, NEVER = "later", "no answer yet"


class Spread(Struct, frozen=True):
    """How long complaints waited for their answers."""

    steps: tuple[tuple[str, int], ...]
    """In words, and how many."""
    answered: int
    waiting: int
    median: float | None
    """Minutes; None where nothing was answered."""

    @property
    def in_time(self) -> float | None:
        """The share that was answered within the hour, of all complaints."""
        every = self.answered + self.waiting
        return self.steps[0][1] / every if every else None


class Tally:
    """Counts over a stream of reviews, in bounded memory; two of them can be added up."""

    def __init__(self) -> None:
        self.days: dict[int, Counter[Mood]] = {}
        """By day since 1970 in UTC; -1 for reviews without a date."""
        self.languages: Counter[str] = Counter()
        self.sources: Counter[str] = Counter()
        self.minutes: Counter[int] = Counter()
        """How long answers to complaints took."""
        self.complaints: Counter[tuple[str, str]] = Counter()
        """By topic and aspect."""
        self.harm: Counter[str] = Counter()
        """Reviews in which somebody was hurt, or could be, by topic."""
        self.waiting = 0
        self.first: int | None = None
        self.last: int | None = None

    def add(self, heard: Heard, answered: Mapping[str, Answered] | None = None) -> None:
        """Count one review, and its answer if there is one."""
        review = heard.review
        at = review.at
        day = at // DAY if at is not None else -1
        moods = self.days.get(day)
        if moods is None:
            moods = self.days[day] = Counter()
        moods[heard.mood] += 1
        self.languages[heard.language] += 1
        self.sources[review.source] += 1
        if at is not None:
            if self.first is None or at < self.first:
                self.first = at
            if self.last is None or at > self.last:
                self.last = at
        if heard.mood != "negative" and not heard.safety:
            return
        self.complaints[heard.topic, heard.aspect] += 1
        if heard.safety:
            self.harm[heard.topic] += 1
        self._answered(heard, answered.get(review.key) if answered else None)

    def _answered(self, heard: Heard, state: Answered | None) -> None:
        at, replied = heard.review.at, heard.review.replied_at
        if state is not None and state.answered_at is not None:
            replied = int(state.answered_at.timestamp())
        if replied is not None and at is not None:
            self.minutes[min(max(replied - at, 0) // 60, _SLOWEST)] += 1
        elif not heard.review.reply and (state is None or state.open):
            self.waiting += 1

    def merge(self, other: Tally) -> None:
        """Add up what another one has counted."""
        for day, moods in other.days.items():
            self.days.setdefault(day, Counter()).update(moods)
        self.languages.update(other.languages)
        self.sources.update(other.sources)
        self.minutes.update(other.minutes)
        self.complaints.update(other.complaints)
        self.harm.update(other.harm)
        self.waiting += other.waiting
        firsts = [each for each in (self.first, other.first) if each is not None]
        lasts = [each for each in (self.last, other.last) if each is not None]
        self.first, self.last = min(firsts, default=None), max(lasts, default=None)

    @property
    def moods(self) -> Counter[Mood]:
        """All of them."""
        return _sum(self.days.values())

    def spread(self) -> Spread:
        """How long complaints waited."""
        counts = [0] * (len(STEPS) + 1)
        limits = [limit for limit, _ in STEPS]
        for minutes, many in self.minutes.items():
            counts[bisect_right(limits, minutes - 1) if minutes else 0] += many
        names = [name for _, name in STEPS] + [LATER]
        answered = sum(counts)
        steps = (*zip(names, counts, strict=True), (NEVER, self.waiting))
        return Spread(steps, answered, self.waiting, _median(self.minutes))

    def figures(self, since: int | None) -> Figures:
        """Negative share, positive share and reply time: before a moment, and from then on."""
        split = since // DAY if since is not None else None
        now = _sum(m for day, m in self.days.items() if split is None or day >= split or day < 0)
        before = _sum(m for day, m in self.days.items() if split is not None and 0 <= day < split)
        found = _shares(now)
        if (median := _median(self.minutes)) is not None:
            found["reply_minutes"] = median
        return Figures(_shares(before), found)


def _sum(days: Iterable[Counter[Mood]]) -> Counter[Mood]:
    found: Counter[Mood] = Counter()
    for moods in days:
        found.update(moods)
    return found


def _shares(moods: Counter[Mood]) -> dict[str, float]:
    """Per cent of the reviews whose mood is known."""
    known = sum(moods.values()) - moods["unknown"]
    if not known:
        return {}
    return {
        "negative_share": 100 * moods["negative"] / known,
        "sentiment": 100 * moods["positive"] / known,
    }


def _median(minutes: Counter[int]) -> float | None:
    every = sum(minutes.values())
    if not every:
        return None
    ordered, seen, lower = sorted(minutes.items()), 0, None
    for value, many in ordered:
        seen += many
        if lower is not None:
            return (lower + value) / 2
        if 2 * seen == every:
            lower = value
        elif 2 * seen > every:
            return float(value)
    return float(ordered[-1][0])
