"""Made-up shops whose reviews come as real ones do, each with what is true of it.

Days sway, weekends are quiet, moods clump, drifts come and go. Every shop takes a seeded
generator, so a rate of mistakes is measured over many shops of the same kind.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

from crisisctl.reviews.counts import INVITED, UNTIMED, Counts

FIRST = 19_800
"""The day everything begins: 18 March 2024."""
WEEK = (1.1, 1.0, 0.75, 0.7, 1.2, 1.15, 1.1)  # from Thursday on
CLOCK = (1, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 9, 8, 8, 8, 8, 8, 9, 10, 11, 11, 9, 6, 3)


def poisson(rng: Random, mean: float) -> int:
    if mean > 60:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, found, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        found += 1
        product *= rng.random()
    return found


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


@dataclass
class Part:
    """A stream of reviews: a shop, or one source, product or country of it."""

    days: int = 90
    rate: float | Callable[[int], float] = 100.0
    share: float | Callable[[int], float] = 0.3
    sway: float = 0.25
    """How far a day's number differs from the mean, as its coefficient of variation."""
    mood: float = 0.15
    """The same for the logit of the share, from day to day."""
    drift: float = 0.1
    """How far the share drifts over weeks."""
    week: tuple[float, ...] = WEEK
    clock: tuple[int, ...] = CLOCK
    timed: bool = True
    invited: bool = False
    more_bad: dict[int, float] = field(default_factory=dict)
    """Complaints on top, by day."""
    more_good: dict[int, float] = field(default_factory=dict)
    more_hours: dict[int, float] = field(default_factory=dict)
    """Complaints on top, by hour from the start."""
    burst: tuple[int, int] = (0, 0)
    """Exactly so many complaints in one hour."""
    missing: Iterable[int] = ()
    only_bad: bool = False
    groups: dict[str, str] = field(default_factory=dict)
    start: int = 0
    """Its first day."""

    def into(self, counts: Counts, rng: Random) -> Counts:
        drift = 0.0
        missing = set(self.missing)
        for day in range(self.start, self.days):
            drift = 0.9 * drift + rng.gauss(0, self.drift * 0.436)
            rate = self.rate(day) if callable(self.rate) else self.rate
            share = self.share(day) if callable(self.share) else self.share
            share = min(0.999, max(0.001, share))
            shape = 1 / self.sway**2 if self.sway else 0
            swing = rng.gammavariate(shape, 1 / shape) if shape else 1.0
            now = logistic(math.log(share / (1 - share)) + drift + rng.gauss(0, self.mood))
            mean = rate * swing * self.week[(FIRST + day) % 7]
            bad = poisson(rng, mean * now) + poisson(rng, self.more_bad.get(day, 0.0))
            good = poisson(rng, mean * (1 - now)) + poisson(rng, self.more_good.get(day, 0.0))
            if day in missing:
                continue
            self._put(counts, rng, day, 0, bad)
            if not self.only_bad:
                self._put(counts, rng, day, 1, good)
        for hour, extra in self.more_hours.items():
            self._at(counts, FIRST * 24 + hour, 0, poisson(rng, extra))
        self._at(counts, FIRST * 24 + self.burst[0], 0, self.burst[1])
        return counts

    def _put(self, counts: Counts, rng: Random, day: int, kind: int, number: int) -> None:
        kind |= INVITED if self.invited else 0
        if not self.timed:
            self._at(counts, (FIRST + day) * 24, kind | UNTIMED, number)
            return
        for hour in rng.choices(range(24), self.clock, k=number):
            self._at(counts, (FIRST + day) * 24 + hour, kind, 1)

    def _at(self, counts: Counts, hour: int, kind: int, number: int) -> None:
        if not number:
            return
        for cells in [
            counts.cells,
            *(counts.groups[k].setdefault(name, {}) for k, name in self.groups.items()),
        ]:
            cells[hour * 16 + kind] = cells.get(hour * 16 + kind, 0) + number


def made(rng: Random, *parts: Part) -> Counts:
    counts = Counts()
    for part in parts:
        part.into(counts, rng)
    return counts


def span(start: int, length: int, height: float) -> dict[int, float]:
    return {day: height for day in range(start, start + length)}


def tail(start: int, peak: float, half: float, length: int = 30) -> dict[int, float]:
    return {start + n: peak * 0.5 ** (n / half) for n in range(length)}


Shop = Callable[[Random], Counts]


def _gap_and_catch_up(r: Random) -> Counts:
    late = {55: 6 * 40 * 0.25}
    return made(
        r,
        Part(
            rate=40,
            share=0.25,
            missing=range(49, 55),
            more_bad=late,
            more_good={55: 6 * 40 * 0.75},
        ),
    )


def _products(r: Random, **special: object) -> Counts:
    counts = Counts()
    for nth in range(20):
        mine = special if nth == 7 else {}
        Part(
            rate=4 + 6 * r.random(),
            share=0.12 + 0.1 * r.random(),
            groups={"product": f"p{nth}", "source": "shop" if nth % 2 else "market"},
            **mine,  # type: ignore[arg-type]
        ).into(counts, r)
    return counts


def _countries(r: Random, **special: object) -> Counts:
    counts = Counts()
    for nth, (name, rate) in enumerate(
        [("de", 120), ("fr", 80), ("es", 40), ("tr", 30), ("pl", 8), ("pt", 5)]
    ):
        mine = special if nth == 3 else {}
        Part(rate=rate, share=0.25, groups={"country": name, "language": name}, **mine).into(  # type: ignore[arg-type]
            counts, r
        )
    return counts


TRAPS: dict[str, Shop] = {
    "steady bank": lambda r: made(r, Part(rate=50 + 250 * r.random(), share=0.2 + 0.2 * r.random())),
    "steady small shop": lambda r: made(r, Part(rate=1 + r.random(), share=0.1, days=200)),
    "steady small bad shop": lambda r: made(r, Part(rate=1 + r.random(), share=0.45, days=200)),
    "steady app": lambda r: made(r, Part(rate=1000, share=0.25, sway=0.35)),
    "wild app": lambda r: made(r, Part(rate=200, share=0.25, sway=0.6, mood=0.25)),
    "drifting bank": lambda r: made(r, Part(rate=100, share=0.3, drift=0.35, days=180)),
    "happy shop": lambda r: made(r, Part(rate=200, share=0.02)),
    "burst of praise": lambda r: made(
        r, Part(rate=50, share=0.2, more_good=span(60, 3, 300), more_bad=span(60, 3, 6))
    ),
    "campaign, unmarked": lambda r: made(
        r, Part(rate=25, share=0.3), Part(rate=100, share=0.08, start=60, days=75)
    ),
    "campaign, marked": lambda r: made(
        r, Part(rate=25, share=0.3), Part(rate=100, share=0.1, start=60, days=75, invited=True)
    ),
    "campaign of complaints, unmarked": lambda r: made(
        r, Part(rate=25, share=0.3), Part(rate=60, share=0.25, start=60, days=75)
    ),
    "end of a campaign, unmarked": lambda r: made(
        r, Part(rate=12, share=0.4), Part(rate=50, share=0.05, days=70)
    ),
    "end of a campaign, marked": lambda r: made(
        r, Part(rate=12, share=0.4), Part(rate=50, share=0.05, days=70, invited=True)
    ),
    "always bad": lambda r: made(r, Part(rate=30, share=0.97)),
    "always bad, small": lambda r: made(r, Part(rate=3, share=0.97, days=200)),
    "always bad, wild": lambda r: made(r, Part(rate=30, share=0.97, sway=0.5, days=200)),
    "always bad, busy weekend": lambda r: made(
        r, Part(rate=30, share=0.9, more_bad=span(60, 2, 30), more_good=span(60, 2, 3))
    ),
    "slow growth": lambda r: made(
        r, Part(rate=lambda d: 10 * 6 ** (d / 180), share=0.2, days=180)
    ),
    "slowly getting worse": lambda r: made(
        r, Part(rate=40, share=lambda d: 0.15 + 0.15 * d / 180, days=180)
    ),
    "strong week": lambda r: made(
        r, Part(rate=60, share=lambda d: 0.33 if d % 7 == 0 else 0.25,
                week=(1.0, 0.9, 0.3, 0.25, 2.5, 1.2, 1.0))
    ),
    "gaps": lambda r: made(
        r, Part(rate=40, share=0.25, missing={*range(20, 27), *range(60, 71)})
    ),
    "gap and catching up": _gap_and_catch_up,
    "import of old reviews": lambda r: made(
        r, Part(rate=10, share=0.2, timed=False, more_bad={60: 80}, more_good={60: 320})
    ),
    "import of old praise": lambda r: made(
        r, Part(rate=10, share=0.2, timed=False, more_bad={60: 12}, more_good={60: 388})
    ),
    "days only": lambda r: made(r, Part(rate=20, share=0.25, timed=False)),
    "complaints only": lambda r: made(r, Part(rate=80, share=0.25, sway=0.3, only_bad=True)),
    "complaints only, small": lambda r: made(
        r, Part(rate=8, share=0.25, sway=0.3, only_bad=True, days=200)
    ),
    "sale, same mood": lambda r: made(
        r, Part(rate=lambda d: 240 if 60 <= d < 64 else 60, share=lambda d: 0.23 if 60 <= d < 64 else 0.2)
    ),
    "updates every two weeks": lambda r: made(
        r, Part(rate=lambda d: 300 if d % 14 < 2 else 100, share=lambda d: 0.28 if d % 14 < 2 else 0.2,
                days=150)
    ),
    "one update": lambda r: made(
        r, Part(rate=lambda d: 250 if 60 <= d < 62 else 100, share=lambda d: 0.26 if 60 <= d < 62 else 0.2)
    ),
    "begins in the middle of a wave": lambda r: made(
        r, Part(rate=40, share=0.25, days=40, more_bad=tail(0, 120, 4))
    ),
    "nothing but a wave": lambda r: made(
        r, Part(rate=20, share=0.3, days=9, more_bad=span(0, 9, 100))
    ),
    "four days": lambda r: made(r, Part(rate=40, share=0.3, days=4)),
    "new shop": lambda r: made(r, Part(rate=5, share=0.2, days=12)),
    "falling after the launch": lambda r: made(
        r, Part(rate=lambda d: 20 + 80 * 0.5 ** (d / 12), share=0.3)
    ),
    "a new source with worse reviews": lambda r: made(
        r,
        Part(rate=30, share=0.08, groups={"source": "a"}),
        Part(rate=15, share=0.6, start=60, groups={"source": "b"}),
    ),
    "one angry customer": lambda r: made(
        r, Part(rate=1.5, share=0.1, days=120, burst=(80 * 24 + 15, 4))
    ),
    "twenty products": lambda r: _products(r),
    "six countries": lambda r: _countries(r),
    "lull and return": lambda r: made(
        r, Part(rate=lambda d: 18 if 50 <= d < 64 else 60, share=0.25)
    ),
    "newsletter hour": lambda r: made(
        r, Part(rate=60, share=0.25, more_hours={60 * 24 + 10: 10},
                more_good={60: 30})
    ),
    "busy evenings": lambda r: made(
        r, Part(rate=80, share=0.3, clock=(0,) * 8 + (1,) * 10 + (12, 20, 12, 2, 1, 0))
    ),
}  # fmt: skip

WAVES: dict[str, Shop] = {
    "bank, three days": lambda r: made(
        r, Part(rate=50 + 250 * r.random(), share=0.3, more_bad=span(60, 3, 110 + 150 * r.random()))
    ),
    "bank, three hours": lambda r: made(
        r, Part(rate=100, share=0.3, more_hours={60 * 24 + 14 + n: 30 for n in range(3)})
    ),
    "small shop, four days": lambda r: made(
        r, Part(rate=1.5, share=0.1, days=120, more_bad=span(90, 4, 4))
    ),
    "app, two days": lambda r: made(r, Part(rate=1000, share=0.25, more_bad=span(60, 2, 900))),
    "six days before": lambda r: made(
        r, Part(rate=6, share=0.14, days=20, more_bad=span(6, 3, 21), timed=r.random() < 0.5)
    ),
    "long tail": lambda r: made(r, Part(rate=60, share=0.25, more_bad=tail(55, 120, 5))),
    "two waves": lambda r: made(
        r, Part(rate=60, share=0.25, more_bad={**span(45, 3, 90), **span(70, 3, 90)})
    ),
    "one product of twenty": lambda r: _products(r, more_bad=span(60, 5, 6)),
    "one country of six": lambda r: _countries(r, more_bad=span(60, 4, 40)),
    "days only": lambda r: made(r, Part(rate=20, share=0.25, timed=False, more_bad=span(60, 4, 20))),
    "complaints only": lambda r: made(
        r, Part(rate=40, share=0.25, only_bad=True, more_bad=span(60, 4, 50))
    ),
    "in a campaign, marked": lambda r: made(
        r,
        Part(rate=25, share=0.3, more_bad=span(66, 4, 35)),
        Part(rate=100, share=0.08, start=60, invited=True),
    ),
    "slow rise": lambda r: made(
        r, Part(rate=60, share=0.25, more_bad={60 + n: 8.0 * n for n in range(12)})
    ),
    "growing shop": lambda r: made(
        r, Part(rate=lambda d: 10 * 6 ** (d / 180), share=0.2, days=180, more_bad=span(150, 4, 35))
    ),
    "after a gap": lambda r: made(
        r, Part(rate=40, share=0.25, missing=range(52, 60), more_bad=span(60, 4, 45))
    ),
    "two weeks long": lambda r: made(r, Part(rate=60, share=0.25, more_bad=span(60, 14, 35))),
    "happy shop": lambda r: made(r, Part(rate=300, share=0.02, more_bad=span(60, 4, 45))),
    "on a quiet weekend": lambda r: made(
        r, Part(rate=60, share=0.25, week=(1.0, 1.0, 0.3, 0.25, 1.9, 1.4, 1.1),
                more_bad=span(65, 2, 60))
    ),
    "after an import": lambda r: made(
        r, Part(rate=10, share=0.2, timed=False, more_bad={40: 80, **span(60, 4, 15)},
                more_good={40: 320})
    ),
    "after a smaller wave": lambda r: made(
        r, Part(rate=60, share=0.25, more_bad={**span(48, 3, 40), **span(62, 4, 80)})
    ),
    "invited too": lambda r: made(
        r,
        Part(rate=15, share=0.3, more_bad=span(60, 5, 15)),
        Part(rate=60, share=0.06, invited=True, more_bad=span(60, 5, 15)),
    ),
    "still running": lambda r: made(
        r, Part(rate=100, share=0.3, days=62, more_bad=span(60, 2, 120))
    ),
    "a bad shop gets six times as many": lambda r: made(
        r, Part(rate=20, share=0.9, more_bad=span(60, 4, 100))
    ),
    "wild app": lambda r: made(
        r, Part(rate=200, share=0.25, sway=0.6, mood=0.25, more_bad=span(60, 3, 400))
    ),
}  # fmt: skip

WEAK: dict[str, Shop] = {
    "bank, twice": lambda r: made(r, Part(rate=150, share=0.3, more_bad=span(60, 5, 50))),
    "app, 1.8 times": lambda r: made(r, Part(rate=500, share=0.25, more_bad=span(60, 7, 100))),
    "small shop, some more": lambda r: made(
        r, Part(rate=2, share=0.15, days=120, more_bad=span(90, 6, 1.2))
    ),
    "e-commerce, twice": lambda r: made(r, Part(rate=30, share=0.25, more_bad=span(60, 7, 8))),
    "always bad, 2.7 times": lambda r: made(r, Part(rate=30, share=0.9, more_bad=span(60, 5, 45))),
}  # fmt: skip
