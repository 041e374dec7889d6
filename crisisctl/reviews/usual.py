"""What is usual for this shop: its own days before, and how far they sway by themselves.

Everything is in terms of two numbers a day: complaints, and all reviews with a mood. The usual
is the mean of the days before, where a single wild day counts no more than the wildest tenth of
the others; how far days sway from it is taken from the same days. Chance is then counted as for
rare events (Poisson), widened by that sway (negative binomial) and by how few days there are to
know the usual from. A share is compared by the likelihood of "nothing changed".
"""

from __future__ import annotations

from collections.abc import Sequence
from math import lgamma, log, log1p, log10, sqrt

from msgspec import Struct

from crisisctl.reviews.counts import COMPLAINT, INVITED, UNKNOWN, UNTIMED, Cells

WEEKS = 42
"""Days that the usual is taken from: the six weeks before."""
FEWEST = 5
"""Days that it takes at least."""

_SWAY, _SWAY_WEIGHT, _SWAY_LEAST = 0.12, 10.0, 0.03
"""Squared variation of a day's rate beyond chance: what to believe before a shop has shown its
own, how many days that belief is worth, and the least that any shop has."""
_CLUMP, _CLUMP_LEAST = 0.01, 0.002
"""How alike the reviews of one day are in mood, in the same way."""
_LATELY, _LATELY_WEIGHT = 10, 30
"""Days that are lately, and the reviews that the usual share is worth against theirs."""
_RHYTHM_FROM = 28
"""Days it takes to know the rhythm of a week."""


class Days(Struct, frozen=True):
    """The days from the first review to the last, with the hours where dates have any."""

    first: int
    """The first day, counted from 1970."""
    complaints: list[int]
    everything: list[int]
    hourly: list[int]
    """Complaints by the hour from the first day on, without those that have no hour."""
    hourly_all: list[int]
    elapsed: float
    """How much of the last day is over, from 0 to 1."""
    timed: bool
    """Whether hours say anything."""
    clock: list[float]
    """The share of a day's reviews that comes in each of its hours; never below its even part."""


def days_of(cells: Cells, *, organic: bool, until: int | None = None) -> Days | None:
    """Lay counts out by day and hour, up to (and with) an hour; None where nothing has a mood."""
    wanted = [
        (key >> 4, key & 15, count)
        for key, count in cells.items()
        if key & 3 != UNKNOWN
        and not (organic and key & INVITED)
        and (until is None or key >> 4 <= until)
    ]
    if not wanted:
        return None
    hours = [hour for hour, _, _ in wanted]
    first, last = min(hours) // 24, max(hours)
    end = last if until is None else max(until, last)
    size = end // 24 - first + 1
    complaints, everything = [0] * size, [0] * size
    hourly, hourly_all = [0] * (size * 24), [0] * (size * 24)
    untimed = timed = 0
    for hour, kind, count in wanted:
        day, bad = hour // 24 - first, kind & 3 == COMPLAINT
        everything[day] += count
        complaints[day] += count * bad
        if kind & UNTIMED:
            untimed += count
        else:
            timed += count
            at = hour - first * 24
            hourly_all[at] += count
            hourly[at] += count * bad
    whole = until is None and (untimed > timed or not timed)
    return Days(
        first=first,
        complaints=complaints,
        everything=everything,
        hourly=hourly,
        hourly_all=hourly_all,
        elapsed=1.0 if whole else (end % 24 + 1) / 24,
        timed=timed >= untimed,
        clock=_clock(hourly_all),
    )


def _clock(hourly: Sequence[int]) -> list[float]:
    """When in the day people write. Never below even: a quiet night must not look like alarm."""
    by_hour = [sum(hourly[hour::24]) for hour in range(24)]
    total = sum(by_hour)
    return [max(1 / 24, (count + 2) / (total + 48)) for count in by_hour]


class Usual(Struct, frozen=True):
    """What the days before were like."""

    days: int
    complaints: float
    """In all of these days."""
    everything: float
    sway: float
    clump: float
    lately: float
    """The share of the last days before, as far as there are enough reviews to tell; at least the
    usual one. Moods drift over months, and what drifts is no wave."""
    pace: float
    """How many times as many reviews came lately: a shop may grow. At least 1, at most 1.6."""
    rhythm: tuple[float, ...]
    """How much busier each day of the week is than the mean; Thursday first, as 1970 began."""

    @property
    def a_day(self) -> float:
        """Complaints a day."""
        return self.complaints / self.days

    @property
    def share(self) -> float:
        """Complaints of all reviews."""
        return self.complaints / self.everything if self.everything else 0.0

    def expected(self, days: float) -> float:
        """Complaints to expect in so many usual days; never quite none."""
        return (self.complaints + 0.5) / self.days * days * self.pace


def usual(days: Sequence[tuple[int, int, int]]) -> Usual:
    """What days were like, each given as its number, complaints and all reviews."""
    found = _tamed(days)
    count = len(found)
    mean = sum(bad for _, bad, _ in found) / count
    total = sum(every for _, _, every in found)
    rhythm = _rhythm(found, total / count) if count >= _RHYTHM_FROM else (1.0,) * 7
    return Usual(
        days=count,
        complaints=mean * count,
        everything=total,
        sway=_sway(found, mean, rhythm),
        clump=_clump(found, mean * count, total),
        pace=_pace(days, total / count),
        lately=_lately(days, mean * count / total if total else 0.0),
        rhythm=rhythm,
    )


def _pace(days: Sequence[tuple[int, int, int]], mean: float) -> float:
    lately = _tamed(days)[-2 * 7 :]
    found = sum(every for _, _, every in lately) + _LATELY_WEIGHT
    return min(1.6, max(1.0, found / (mean * len(lately) + _LATELY_WEIGHT)))


def _lately(days: Sequence[tuple[int, int, int]], share: float) -> float:
    bad = sum(bad for _, bad, _ in days[-_LATELY:]) + share * _LATELY_WEIGHT
    every = sum(every for _, _, every in days[-_LATELY:]) + _LATELY_WEIGHT
    return max(share, bad / every)


def _tamed(days: Sequence[tuple[int, int, int]]) -> list[tuple[int, float, float]]:
    """The days, where none has far more reviews than nine tenths of the others.

    A day on which old reviews were imported must not hide the wave of a month later.
    """
    tame = []
    bads = sorted(bad for _, bad, _ in days)
    alls = sorted(every for _, _, every in days)
    nth = int(len(days) * 0.9) - 1 if len(days) >= 10 else len(days) - 2
    most_bad, most = bads[nth] * 1.5 + 2, alls[nth] * 1.5 + 4
    for day, bad, every in days:
        part = min(1.0, most_bad / bad if bad else 1.0, most / every if every else 1.0)
        tame.append((day, bad * part, every * part))
    return tame


def _rhythm(days: Sequence[tuple[int, float, float]], mean: float) -> tuple[float, ...]:
    sums, counts = [0.0] * 7, [0] * 7
    for day, _, every in days:
        sums[day % 7] += every
        counts[day % 7] += 1
    if not mean:
        return (1.0,) * 7
    raw = [(sums[n] + 2 * mean) / (counts[n] + 2) / mean for n in range(7)]
    return tuple(min(2.5, max(0.4, factor)) for factor in raw)


def _sway(days: Sequence[tuple[int, float, float]], mean: float, rhythm: Sequence[float]) -> float:
    """Squared variation of the rate from day to day, beyond what chance alone does."""
    count = len(days)
    own = 0.0
    if mean and count > 2:
        spread = sum((bad - mean * rhythm[day % 7]) ** 2 for day, bad, _ in days) / (count - 1)
        own = max(0.0, (spread - mean) / mean**2)
    weight = count * min(1.0, mean)
    found = (own * weight + _SWAY * _SWAY_WEIGHT) / (weight + _SWAY_WEIGHT)
    return min(1.0, max(_SWAY_LEAST, found))


def _clump(days: Sequence[tuple[int, float, float]], bad: float, total: float) -> float:
    """How much more alike the reviews of one day are than those of different days."""
    share = (bad + 0.5) / (total + 1)
    several = [(b, every) for _, b, every in days if every >= 2]
    own = 0.0
    if len(several) > 2:
        apart = sum(
            (b - every * share) ** 2 / (every * share * (1 - share)) for b, every in several
        )
        size = sum(every for _, every in several) / len(several)
        own = max(0.0, (apart / (len(several) - 1) - 1) / (size - 1)) if size > 1 else 0.0
    weight = max(0, len(several) - FEWEST) * min(1.0, bad / 10)
    clump = (own * weight + _CLUMP * _SWAY_WEIGHT) / (weight + _SWAY_WEIGHT)
    return min(0.2, max(_CLUMP_LEAST, clump))


def chance(usual: Usual, found: int, days: float) -> float:
    """How likely so many complaints are in so many days if nothing changed: its log to base 10."""
    mean = usual.expected(days)
    if found <= mean:
        return 0.0
    sway = usual.sway / sqrt(max(1.0, days))
    r = 1 / (sway + 1 / (usual.complaints + 0.5))
    q = mean / (r + mean)
    first = lgamma(found + r) - lgamma(r) - lgamma(found + 1)
    first += -r * log1p(mean / r) + found * log(q)
    tail = term = 1.0
    for more in range(found, found + 400):
        term *= (more + r) / (more + 1) * q
        tail += term
        if term < 1e-4 * tail:
            break
    return min(0.0, (first + log(tail)) / log(10))


def contrast(usual: Usual, found: int, everything: int, days: float) -> float:
    """How far the share stands above the usual one, in standard deviations; below it: negative.

    Reviews of one day are alike, so many of them tell less than as many of different days.
    """
    if not everything or not usual.everything:
        return 0.0
    now = 1 + max(0.0, everything / max(1.0, days) - 1) * usual.clump
    then = 1 + max(0.0, usual.everything / usual.days - 1) * usual.clump
    a, n, b, m = found / now, everything / now, usual.complaints / then, usual.everything / then
    pooled = (a + b) / (n + m)
    gain = _fit(a, n, a / n) + _fit(b, m, b / m) - _fit(a, n, pooled) - _fit(b, m, pooled)
    size = sqrt(max(0.0, 2 * gain))
    return size if found * m >= b * everything else -size


def _fit(part: float, whole: float, share: float) -> float:
    """The log-likelihood of a part of a whole under a share; the rounding of floats aside."""
    share = min(1 - 1e-12, max(1e-12, share))
    return part * log(share) + (whole - part) * log(1 - share)


def odds(found: float, everything: float, usual: Usual) -> float:
    """How many times as likely a review is a complaint, in odds, as usual and lately."""
    before = max(usual.lately, (usual.complaints + 0.5) / (usual.everything + 1))
    now = (found + 0.5) / (everything - found + 0.5)
    return now * (1 - before) / before


def deviations(chance: float) -> float:
    """The standard deviations of the normal curve that are as unlikely; the log comes in.

    The approximation is Abramowitz and Stegun's, 26.2.22.
    """
    if chance > log10(0.5):
        return 0.0
    t = sqrt(-2 * log(10) * chance)
    return t - (2.30753 + 0.27061 * t) / (1 + 0.99229 * t + 0.04481 * t * t)
