"""One stretch of time against the usual: what it must reach to be a wave, or a weak one."""

from __future__ import annotations

from math import hypot
from typing import Literal

from msgspec import Struct, structs

from crisisctl.reviews.usual import Usual, chance, contrast, deviations, odds

SATURATED = 0.8
"""From this usual share on, the share cannot tell anything: it has no room to rise."""


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
    excess=5,
    times=1.4,
    chance=-2.5,
    points=0.07,
    fold=2.0,
    least=0.03,
    odds=1.45,
    contrast=2.9,
    added=0.4,
    anyway=3.0,
    both=5.3,
    alone_times=2.5,
    alone_chance=-6.0,
    alone_excess=12,
)
SHORT_EXCESS, SHORT_TIMES, _SHORT_CHANCE = 12, 3.0, -9.0
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


def measured(
    hours: tuple[int, int],
    bad: int,
    every: int,
    weight: float,
    known: Usual,
    *,
    short: bool = False,
    strict: float = 0.0,
) -> Stretch:
    """Hold a stretch from one hour to another against the usual.

    `weight` is how many usual days it is worth. With `strict`, chance must be so many powers of
    ten less likely, because many groups are looked at.
    """
    expected = known.expected(weight)
    added = every - known.everything / known.days * known.pace * weight
    found = Stretch(
        start=hours[0],
        end=hours[1],
        bad=bad,
        every=every,
        expected=expected,
        added=added,
        usual=known,
        chance=chance(known, bad, weight),
        contrast=contrast(known, bad, every, weight),
        short=short,
        level="",
    )
    if _reaches(found, WAVE, strict):
        return structs.replace(found, level="wave")
    return structs.replace(found, level="weak") if _reaches(found, WEAK, strict) else found


def _reaches(found: Stretch, bar: Bar, strict: float) -> bool:
    bad, expected, known = found.bad, found.expected, found.usual
    if bad - expected < bar.excess or bad < bar.times * expected:
        return False
    if found.chance > bar.chance - strict:
        return False
    if found.short and (
        bad - expected < SHORT_EXCESS
        or bad < SHORT_TIMES * expected
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


def stronger(one: Stretch, other: Stretch, *, late: bool) -> bool:
    """Whether a stretch tells more of a wave than the one that told most so far.

    After two weeks only one that is much denser does: what came slowly is no wave.
    """
    if late and one.bad * other.hours < 1.5 * other.bad * one.hours:
        return False
    return (one.level == "wave", -one.chance) > (other.level == "wave", -other.chance)
