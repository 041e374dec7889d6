"""Medians and percentiles of times, with how many stand behind them and how many do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from statistics import median

from msgspec import Struct

LEAST = 5
"""A percentile of fewer is one incident's story."""
NINE_IN_TEN = 0.9


class Spread(Struct, frozen=True):
    """How one kind of time is spread over incidents, in seconds."""

    n: int
    """Incidents that it is made of."""
    p50: float | None
    p90: float | None
    """None below five incidents."""
    missing: int
    """Incidents without one of the two milestones, so far or for ever."""
    negative: int
    """Incidents in which it ends before it begins: left out, and looked at by a person."""


def spread(spans: Iterable[float | None]) -> Spread:
    """Half took no longer than p50, nine of ten no longer than p90 (the nearest rank)."""
    every = list(spans)
    good = sorted(span for span in every if span is not None and span >= 0)
    missing = sum(span is None for span in every)
    return Spread(
        n=len(good),
        p50=median(good) if good else None,
        p90=_ranked(good, NINE_IN_TEN) if len(good) >= LEAST else None,
        missing=missing,
        negative=len(every) - len(good) - missing,
    )


def _ranked(ordered: Sequence[float], share: float) -> float:
    return ordered[max(ceil(share * len(ordered)) - 1, 0)]
