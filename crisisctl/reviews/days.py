"""Counts laid out by day and hour, with the gaps where data is missing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from msgspec import Struct

from crisisctl.reviews.counts import COMPLAINT, INVITED, UNKNOWN, UNTIMED, Cells
from crisisctl.reviews.usual import WEEKS

_LOUD = 12.0
"""Reviews that must be missing before a pause counts as a gap in the data."""


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


def gaps(everything: Sequence[int]) -> tuple[list[int], list[bool]]:
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
