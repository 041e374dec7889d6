"""Stretches of time held against the usual: which stand out, and where each begins and ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import hypot, log, log10
from typing import Literal

from msgspec import Struct, structs

from crisisctl.reviews.usual import (
    FEWEST,
    WEEKS,
    Days,
    Usual,
    chance,
    contrast,
    deviations,
    odds,
    usual,
)

LENGTHS = (1, 2, 3, 5, 7, 10, 14)
"""Days of a stretch."""
HOURS = (3, 6, 12, 24)
"""Hours of a short one, which may begin with any hour."""
SATURATED = 0.8
"""From this usual share on, the share cannot tell anything: it has no room to rise."""
_LOUD = 12.0
"""Reviews that must be missing before a pause counts as a gap in the data."""
_LONGEST = 28
"""Days after which a wave is no wave any more, but how it is now."""
_FADED = 2
"""Days after its worst for which a wave still runs; a long tail belongs to it, but is over."""
_FEW_COMPLAINTS = 5
_ENOUGH_CALM = 20


class Bar(Struct, frozen=True):
    """What a stretch must reach, all of it, to be a wave or a weak one."""

    excess: float
    """Complaints more than usual."""
    times: float
    """As many complaints as usual."""
    chance: float
    """At most this likely by chance, as the log to base 10."""
    points: float
    """The share has risen by this much…"""
    fold: float
    """…or to so many times the usual (and by `least`)…"""
    least: float
    odds: float
    """…and the odds of a complaint have risen so many times…"""
    contrast: float
    """…which is so many standard deviations from nothing…"""
    added: float
    """…and so much of what came on top of the usual are complaints…"""
    anyway: float
    """…or the odds have risen so far that this does not matter."""
    both: float
    """The deviations of count and share together, as the length of their sum at right angles."""
    alone_times: float
    """Where the share cannot tell: as many complaints as usual…"""
    alone_chance: float
    """…and at most this likely."""
    alone_excess: float


WAVE = Bar(
    excess=7,
    times=2.1,
    chance=-5.0,
    points=0.12,
    fold=3.0,
    least=0.04,
    odds=2.1,
    contrast=3.5,
    added=0.7,
    anyway=3.5,
    both=6.8,
    alone_times=3.5,
    alone_chance=-8.0,
    alone_excess=20,
)
WEAK = Bar(
    excess=4,
    times=1.4,
    chance=-3.8,
    points=0.07,
    fold=2.0,
    least=0.03,
    odds=1.45,
    contrast=2.9,
    added=0.4,
    anyway=3.0,
    both=4.5,
    alone_times=2.5,
    alone_chance=-6.0,
    alone_excess=12,
)
_SHORT_EXCESS, _SHORT_TIMES, _SHORT_CHANCE = 12, 3.0, -9.0
"""A stretch of less than a day must reach this as well: so many of them are looked at."""
_DAY_CONTRAST = 0.75
"""So much more contrast a single day needs, and twice as much its parts."""
_ALONE_HOURS = 36
"""Where the share cannot tell, a wave lasts longer than one day."""


class Stretch(Struct, frozen=True):
    """One stretch of time against the usual."""

    start: int
    """Its first hour since 1970, and the first after it."""
    end: int
    bad: int
    every: int
    expected: float
    added: float
    """Reviews of all kinds more than usual."""
    usual: Usual
    chance: float
    contrast: float
    short: bool
    """Whether it is one of the many that begin with any hour, and less than a day."""
    level: Literal["wave", "weak", ""]

    @property
    def hours(self) -> int:
        """How long it is."""
        return self.end - self.start


class Episode(Struct, frozen=True):
    """One wave from its first moment to its last; hours count from 1970."""

    level: Literal["wave", "weak"]
    start: int
    end: int
    running: bool
    peak: int
    peak_complaints: int
    hours: float
    complaints: int
    reviews: int
    expected: float
    usual: Usual
    strength: float
    strength_share: float
    saturated: bool
    opened: int
    """The day on which the data that it is held against begins."""
    newcomer: str = ""

    @property
    def excess(self) -> float:
        """Complaints more than usual."""
        return self.complaints - self.expected


class Found(Struct, frozen=True):
    """The waves, and what is missing where nothing can be said."""

    episodes: list[Episode]
    why_little: str


def scan(days: Days, *, since: int | None = None, looks: int = 1) -> Found:
    """Look through all days once, from the first to the last."""
    found = _Scan(days, looks)
    episodes = [each for each in found.episodes() if since is None or each.end > since * 24]
    return Found(episodes, "" if episodes else found.why_little())


class _Open(Struct):
    """An episode while it is looked at."""

    first: int
    best: Stretch
    last: int
    """The last day on which it was to be felt."""


class _Scan:
    def __init__(self, days: Days, looks: int) -> None:
        self._days = days
        self._strict = log10(looks)
        self._size = len(days.complaints)
        self._bad = [0, *accumulate(days.complaints)]
        self._all = [0, *accumulate(days.everything)]
        self._bad_hours = [0, *accumulate(days.hourly)]
        self._all_hours = [0, *accumulate(days.hourly_all)]
        self._opened, self._missing = _gaps(days.everything)
        self._flagged = [False] * self._size
        self._known: dict[int, Usual | None] = {}
        self._rate = [0.0] * (self._size + 1)
        """Complaints on unflagged days, added up, and the number of those days."""
        self._calm = [0] * (self._size + 1)
        clock = days.clock * 2
        self._parts = {
            length: [min(1.0, sum(clock[end - length : end])) for end in range(25, 49)]
            for length in HOURS
        }
        """How much of a day each stretch of hours usually brings, by its last hour."""
        self._free = 0
        """The first day that belongs to no earlier wave."""

    def episodes(self) -> Iterator[Episode]:
        open_: _Open | None = None
        for day in range(self._size):
            self._count(day)
            if self._missing[day]:
                continue
            if open_ is not None and self._over(open_, day):
                yield self._closed(open_, running=False)
                if day - open_.first > _LONGEST:
                    self._begin_anew(day)
                open_ = None
            for stretch in self._standing_out(day, None if open_ is None else open_.first):
                if open_ is None:
                    first = stretch.start // 24 - self._days.first
                    open_ = _Open(first, stretch, day)
                    self._flag(first, day)
                elif _stronger(stretch, open_.best, late=day - open_.first >= LENGTHS[-1]):
                    open_.best = stretch
                open_.last = day
            if open_ is not None:
                if self._felt(open_, day):
                    open_.last = day
                self._flag(day, day)
        if open_ is not None:
            yield self._closed(open_, running=not self._over(open_, self._size - 1))

    def _count(self, day: int) -> None:
        counts = not (self._missing[day] or self._flagged[day])
        self._rate[day + 1] = self._rate[day] + (self._days.complaints[day] if counts else 0)
        self._calm[day + 1] = self._calm[day] + counts

    def _flag(self, first: int, last: int) -> None:
        """Keep the days of a wave out of what is usual later."""
        for day in range(first, last + 1):
            self._flagged[day] = True
            self._count(day)
        self._known = {at: known for at, known in self._known.items() if at <= first}

    def _begin_anew(self, day: int) -> None:
        """From here on, what was a wave is how it is: nothing before serves as the usual."""
        self._opened[day:] = [max(day, each) for each in self._opened[day:]]
        self._known.clear()

    def _usual(self, day: int) -> Usual | None:
        """What is usual on this day, from the days before; None with too few of them."""
        if day not in self._known:
            start = max(self._opened[day], day - WEEKS)
            calm = [
                (self._days.first + at, self._days.complaints[at], self._days.everything[at])
                for at in range(start, day)
                if not (self._missing[at] or self._flagged[at])
            ]
            self._known[day] = usual(calm) if len(calm) >= FEWEST else None
        return self._known[day]

    def _standing_out(self, day: int, held: int | None) -> Iterator[Stretch]:
        """The stretches that end on this day and stand out.

        While a wave runs they are held against what was usual when it began.
        """
        if not self._days.complaints[day]:
            return
        for length in LENGTHS:
            first = day - length + 1
            if first < max(self._free, self._opened[day] + FEWEST) or (
                held is not None and first < held
            ):
                continue
            bad = self._bad[day + 1] - self._bad[first]
            if bad >= _FEW_COMPLAINTS and bad > 1.3 * self._roughly(held or first) * (
                length - 1 + self._part(day)
            ):
                found = self._between(first, day, held if held is not None else first)
                if found is not None and found.level:
                    yield found
        if self._days.timed and day >= self._opened[day] + FEWEST:
            yield from self._short(day, held)

    def _roughly(self, day: int) -> float:
        start = max(self._opened[day], day - WEEKS)
        return (self._rate[day] - self._rate[start]) / max(1, self._calm[day] - self._calm[start])

    def _between(self, first: int, last: int, before: int) -> Stretch | None:
        """The days from the first to the last against what was usual before."""
        known = self._usual(before)
        if known is None:
            return None
        weight = sum(
            known.rhythm[(self._days.first + day) % 7] * self._part(day)
            for day in range(first, last + 1)
            if not self._missing[day]
        )
        start = (self._days.first + first) * 24
        end = (self._days.first + last + 1) * 24
        if last == self._size - 1:
            end -= 24 - round(24 * self._days.elapsed)
        bad = self._bad[last + 1] - self._bad[first]
        every = self._all[last + 1] - self._all[first]
        return self._measured(start, end, bad, every, weight, known)

    def _part(self, day: int) -> float:
        """How much of a day is over; its quiet hours count like the others."""
        if day < self._size - 1 or self._days.elapsed >= 1:
            return 1.0
        over = round(self._days.elapsed * 24)
        return min(1.0, max(self._days.elapsed, sum(self._days.clock[:over])))

    def _short(self, day: int, held: int | None) -> Iterator[Stretch]:
        """Stretches of hours that end on this day."""
        before = held if held is not None else day - 1
        rough = self._roughly(before)
        # the day's complaints and those of the day before hold any stretch of 24 hours
        if self._bad[day + 1] - self._bad[max(0, day - 1)] < max(_SHORT_EXCESS, rough):
            return
        sums, first = self._bad_hours, max(self._free * 24, 0)
        for length, parts in self._parts.items():
            least = WEAK.times if length == HOURS[-1] else 0.8 * _SHORT_TIMES
            for hour, part in enumerate(parts):
                end = day * 24 + hour + 1
                start = end - length
                if start < first or (bad := sums[end] - sums[start]) < _SHORT_EXCESS:
                    continue
                if bad < least * rough * part or (known := self._usual(before)) is None:
                    continue
                weight = part * known.rhythm[(self._days.first + day) % 7]
                every = self._all_hours[end] - self._all_hours[start]
                offset = self._days.first * 24
                found = self._measured(
                    *(offset + start, offset + end, bad, every, weight, known),
                    short=length < HOURS[-1],
                )
                if found.level:
                    yield found

    def _measured(
        self,
        start: int,
        end: int,
        bad: int,
        every: int,
        weight: float,
        known: Usual,
        short: bool = False,
    ) -> Stretch:
        expected = known.expected(weight)
        unlikely = chance(known, bad, weight)
        apart = contrast(known, bad, every, weight)
        added = every - known.everything / known.days * known.pace * weight
        found = Stretch(
            *(start, end, bad, every, expected, added, known, unlikely, apart, short), ""
        )
        if _reaches(found, WAVE, self._strict):
            return structs.replace(found, level="wave")
        return structs.replace(found, level="weak" if _reaches(found, WEAK, self._strict) else "")

    def _felt(self, episode: _Open, day: int) -> bool:
        """Whether a wave that began is still to be felt on this day."""
        known = episode.best.usual
        share = episode.best.bad / max(1, episode.best.every)
        for first in (day, max(episode.first, day - 1)):
            weight = day - first + self._part(day)
            bad = self._bad[day + 1] - self._bad[first]
            every = self._all[day + 1] - self._all[first]
            higher = known.share >= SATURATED or bad > every * (
                known.share + 0.25 * (share - known.share)
            )
            if higher and bad >= 1.5 * known.expected(weight) + 1:
                return True
        return False

    def _over(self, episode: _Open, day: int) -> bool:
        return day - episode.last >= 3 or day - episode.first > _LONGEST

    def _closed(self, open_: _Open, *, running: bool) -> Episode:
        best = open_.best
        first, last = self._core(open_, running)
        self._free = open_.last + 1
        running = running and self._size - 1 - last <= _FADED
        core = self._between(first, last, open_.first)
        short = best.hours <= HOURS[-1] and (
            core is None
            or (core.level != best.level and best.level == "wave")
            or (last == first and best.bad * core.expected > 2 * core.bad * best.expected)
        )
        if core is None or short:
            core = best
        else:
            core = self._from_hour(core, first)
        peak, most = self._peak(core)
        return Episode(
            level="wave" if best.level == "wave" else "weak",
            start=core.start,
            end=core.end,
            running=running,
            peak=peak,
            peak_complaints=most,
            hours=core.hours,
            complaints=core.bad,
            reviews=core.every,
            expected=core.expected,
            usual=core.usual,
            strength=max(deviations(best.chance), deviations(core.chance)),
            strength_share=max(best.contrast, core.contrast),
            saturated=core.usual.share >= SATURATED,
            opened=self._days.first + self._opened[open_.first],
        )

    def _core(self, open_: _Open, running: bool) -> tuple[int, int]:
        """The days from where it most likely began to where the worst was over.

        Between two rates the most likely change is where the sum above this line is largest.
        """
        start = min(open_.first, max(self._opened[open_.first], self._free, open_.first - 3))
        days = range(start, open_.last + 1)
        usual_rate = max(open_.best.usual.a_day, 0.1)
        rate = max(
            open_.best.bad * 24 / open_.best.hours / 1.0 if open_.best.hours >= 24 else 0.0,
            float(max(self._days.complaints[day] for day in days)),
        )
        first = last = start
        for _ in range(6):
            rate = max(rate, 1.3 * usual_rate)
            line = (rate - usual_rate) / log(rate / usual_rate)
            found = _largest([self._days.complaints[day] - line * self._part(day) for day in days])
            if (start + found[0], start + found[1]) == (first, last):
                break
            first, last = start + found[0], start + found[1]
            size = last - first + self._part(last)
            rate = (self._bad[last + 1] - self._bad[first]) / size
        return first, open_.last if running and open_.last - last <= 1 else last

    def _from_hour(self, core: Stretch, first: int) -> Stretch:
        """The same, from the hour on in which it began, where the dates have hours."""
        rate = core.bad * 24 / core.hours
        timed = self._bad_hours[min(len(self._bad_hours) - 1, (first + 1) * 24)]
        timed -= self._bad_hours[first * 24]
        if not self._days.timed or timed < 0.8 * self._days.complaints[first]:
            return core
        low = max(0.02, core.usual.a_day)
        line = (rate - low) / log(rate / low) if rate > low else rate
        start, best, total = first * 24, 0.0, 0.0
        for hour in range(first * 24 + 23, max(0, first * 24 - 12) - 1, -1):
            total += self._days.hourly[hour] - line * self._days.clock[hour % 24]
            if total > best:
                start, best = hour, total
        moved = start - first * 24
        if not best or not moved or core.hours - moved < 1:
            return core
        sign = 1 if moved > 0 else -1
        low_hour, high_hour = min(start, first * 24), max(start, first * 24)
        bad = self._bad_hours[high_hour] - self._bad_hours[low_hour]
        every = self._all_hours[high_hour] - self._all_hours[low_hour]
        clock = [self._days.clock[hour % 24] for hour in range(low_hour, high_hour)]
        part = (
            sum(clock) / sum(self._days.clock) * core.usual.rhythm[(self._days.first + first) % 7]
        )
        weight = core.expected / core.usual.expected(1)
        return self._measured(
            core.start + moved,
            core.end,
            core.bad - sign * bad,
            core.every - sign * every,
            max(1 / 24, weight - sign * part),
            core.usual,
        )

    def _peak(self, core: Stretch) -> tuple[int, int]:
        offset = self._days.first * 24
        if core.hours < 24:
            hours = range(core.start - offset, core.end - offset)
            top = max(hours, key=lambda hour: self._days.hourly[hour])
            return offset + top, self._days.hourly[top]
        days = range(
            core.start // 24 - self._days.first, (core.end - 1) // 24 - self._days.first + 1
        )
        top = max(days, key=lambda day: self._days.complaints[day])
        return offset + top * 24, self._days.complaints[top]

    def why_little(self) -> str:
        """What is missing to say that there is no wave; empty where nothing is."""
        start = self._opened[-1]
        bad, every = self._days.complaints[start:], self._days.everything[start:]
        week = max(sum(bad[at : at + 7]) for at in range(len(bad)))
        if week < _FEW_COMPLAINTS and sum(every) >= _ENOUGH_CALM:
            return ""
        present = [day for day in range(start, self._size) if not self._missing[day]]
        if len(present) < 2 * FEWEST:
            return f"the reviews cover only {len(present)} days"
        if sum(every) < _ENOUGH_CALM:
            return "there are fewer than 20 reviews"
        if len(present) <= 2 * WEEKS and self._begins_high(present):
            return (
                "the reviews begin with many complaints that then become fewer: perhaps the end "
                "of a wave, but what was usual before it is not there"
            )
        return ""

    def _begins_high(self, present: Sequence[int]) -> bool:
        """Whether the first days stand out against the later half."""
        later = [
            (self._days.first + at, self._days.complaints[at], self._days.everything[at])
            for at in present[len(present) // 2 :]
        ]
        known, start = usual(later), present[0]
        for length in (1, 2, 3, 5):
            bad = self._bad[start + length] - self._bad[start]
            every = self._all[start + length] - self._all[start]
            if self._measured(0, length * 24, bad, every, length, known).level == "wave":
                return True
        return False


def _reaches(found: Stretch, bar: Bar, strict: float) -> bool:
    bad, expected, known = found.bad, found.expected, found.usual
    if bad - expected < bar.excess or bad < bar.times * expected:
        return False
    if found.chance > bar.chance - strict:
        return False
    if found.short and (
        bad - expected < _SHORT_EXCESS
        or bad < _SHORT_TIMES * expected
        or found.chance > _SHORT_CHANCE - strict
    ):
        return False
    share = bad / found.every
    if known.share >= SATURATED:
        return (
            share >= known.share - 0.1
            and bad >= bar.alone_times * expected
            and bad - expected >= bar.alone_excess
            and found.chance <= bar.alone_chance - strict
            and (bar is WEAK or found.hours >= _ALONE_HOURS)
        )
    risen = share - known.lately
    rise = odds(bad, found.every, known)
    more = _DAY_CONTRAST * ((found.hours <= 24) + found.short)
    return (
        (risen >= bar.points or (risen >= bar.least and share >= bar.fold * known.lately))
        and rise >= bar.odds
        and found.contrast >= bar.contrast + more
        and hypot(found.contrast, deviations(found.chance + strict)) >= bar.both
        and (bad - expected >= bar.added * found.added or rise >= bar.anyway)
    )


def _stronger(one: Stretch, other: Stretch, *, late: bool) -> bool:
    """Whether a stretch tells more of a wave than the one that told most so far.

    After two weeks only one that is much denser does: what came slowly is no wave.
    """
    if late and one.bad * other.hours < 1.5 * other.bad * one.hours:
        return False
    return (one.level == "wave", -one.chance) > (other.level == "wave", -other.chance)


def _largest(values: Sequence[float]) -> tuple[int, int]:
    """The stretch with the largest sum: its first and last place."""
    best, first, last = values[0], 0, 0
    total, start = 0.0, 0
    for at, value in enumerate(values):
        if total <= 0:
            total, start = 0.0, at
        total += value
        if total > best:
            best, first, last = total, start, at
    return first, last


def _gaps(everything: Sequence[int]) -> tuple[list[int], list[bool]]:
    """For each day: where the data it belongs to begins, and whether the day is missing.

    A pause is a gap where that many reviews do not fail to come by chance. After a pause of six
    weeks the shop begins anew.
    """
    size = len(everything)
    opened, missing = [0] * size, [False] * size
    begun, day, seen = 0, 0, [0, *accumulate(everything)]
    while day < size:
        if everything[day]:
            opened[day] = begun
            day += 1
            continue
        end = day
        while end < size and not everything[end]:
            end += 1
        back = max(begun, day - WEEKS)
        rate = (seen[day] - seen[back]) / max(1, day - back)
        gone = rate * (end - day) > _LOUD or end - day >= WEEKS
        for at in range(day, end):
            opened[at], missing[at] = begun, gone
        if end - day >= WEEKS:
            begun = end
        day = end
    return opened, missing
