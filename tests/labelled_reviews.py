"""Two windows of real reviews that people labelled, as bare counts: complaints+others.

Steam and Metacritic, from two MIT-licensed collections (michaelmeckl/MA-Game-Reviews-Review-Bombing
and gunba/steam-review-analyzer). No text and no name of anybody is kept.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from crisisctl.reviews.review import Review

WAVE = """
2022-02-25 6:0+1 7:0+1 9:0+1
2022-02-26 4:0+1 6:1+0 14:1+0 21:0+1
2022-02-27 *:1+0 15:0+1 23:0+1
2022-02-28 5:0+1 21:0+1
2022-03-01 *:1+1 1:0+1 6:0+2 9:0+1 12:0+1 13:0+1 16:1+0 17:0+2 19:0+3 20:0+2
2022-03-02 *:0+1 1:0+2 5:0+1 11:0+1 14:0+1 16:0+1 20:0+1
2022-03-03 *:12+0 3:0+1 6:0+1 8:0+1 9:0+1 12:0+1 13:0+1 15:1+0 16:2+1 17:1+0 18:1+1 19:2+0
  21:0+1 22:0+1
2022-03-04 *:16+3 1:0+1 3:0+1 5:1+0 6:3+1 8:1+0 9:0+1 10:2+0 11:0+2 12:2+0 14:2+0 15:1+0 16:1+0
  17:1+1 18:0+1 19:0+2 20:0+1 21:1+0 22:0+2 23:0+1
2022-03-05 *:11+1 2:2+0 5:0+1 8:1+0 10:1+0 11:0+3 12:0+3 13:1+0 14:0+1 18:0+1 19:1+1 20:0+1
  21:0+1 22:0+1 23:0+2
2022-03-06 *:2+2 0:0+3 5:1+0 10:1+0 11:0+3
2022-03-07 *:8+1 8:0+1 12:0+1 16:0+3 17:0+1 21:0+1 22:0+2 23:0+1
2022-03-08 *:5+4 3:1+1 5:0+1 12:0+2 14:0+1 17:0+1 18:1+4 19:0+1 20:0+1 21:0+2 22:0+2 23:0+1
2022-03-09 *:1+0 0:0+1 1:0+2 2:0+1 3:0+1 5:0+2 7:0+1 9:0+1 10:0+1 13:0+2 14:0+3 16:1+0 17:0+1
  18:0+1 20:0+2 21:0+2 22:0+2
2022-03-10 *:1+2 4:0+1 8:1+0 9:0+1 14:0+1 15:0+1 17:1+0 22:0+1 23:0+2
2022-03-11 *:3+0 0:0+1 1:1+0 3:0+3 4:0+1 5:0+1 6:0+1 9:0+1 10:0+1 14:0+2 16:0+1 18:0+1 20:1+1
  21:0+1 22:2+4 23:0+1
2022-03-12 0:1+0 2:0+1 6:1+1 8:1+0 11:0+1 16:0+1 19:0+2 20:0+1 21:0+1
2022-03-13 *:2+0 2:1+0 16:0+1 18:0+1 19:0+2 20:0+1 21:0+1 22:0+2
2022-03-14 *:1+0 0:0+1 2:1+0 4:0+1 10:0+1 13:0+1 16:0+1 22:0+2
2022-03-15 *:0+2 6:1+0 8:0+1 10:0+1 16:0+1 19:0+1 20:0+2
2022-03-16 *:1+1 15:1+0 21:0+1
2022-03-17 *:2+2 17:0+1 21:0+2
2022-03-18 0:1+1 15:0+1 16:0+1
2022-03-19 *:2+0 22:0+1
2022-03-20 7:0+1
2022-03-21 *:1+2 1:0+1 8:0+1 18:0+1 23:0+1
2022-03-22 21:0+3
2022-03-23 *:0+1 5:0+1
2022-03-24 14:0+1 19:1+0
2022-03-25 *:0+1 2:0+1 15:0+1 19:0+1 22:0+2
2022-03-26 *:0+1 2:0+1
2022-03-27 *:1+1 9:0+1 14:0+1 16:0+1 17:0+1 21:0+1 22:0+1
2022-03-28 1:0+1 6:0+1 23:0+1
2022-03-29 5:0+1 10:0+2 17:0+1 22:0+1 23:0+1
2022-03-31 12:0+1 21:0+1 23:0+1
"""
"""A day's reviews by hour; `*` are those that have only a date. A wave on 3 to 5 March 2022."""

STEADY_FROM = date(2024, 4, 6)
STEADY = """
19+54 21+59 8+54 13+67 21+49 22+48 22+62 28+49 29+61 24+44 24+58 29+45 37+52 23+52 18+68 24+65
15+46 19+67 23+43 26+52 24+66 15+67 29+65 12+59 17+41 21+44
"""
"""Twenty-six days with 27 to 29 % complaints all the time: no wave."""


def wave() -> list[Review]:
    """The labelled wave with what came before and after."""
    found: list[Review] = []
    day = ""
    for piece in WAVE.split():
        if piece.startswith("2022"):
            day = piece
            continue
        hour, _, counts = piece.partition(":")
        at = datetime.fromisoformat(day).replace(tzinfo=UTC)
        if hour != "*":
            at += timedelta(hours=int(hour), minutes=30)
        found += _both(counts, at, "Metacritic" if hour == "*" else "Steam", len(found))
    return found


def steady() -> list[Review]:
    """The control without a wave."""
    found: list[Review] = []
    for nth, counts in enumerate(STEADY.split()):
        at = datetime(STEADY_FROM.year, STEADY_FROM.month, STEADY_FROM.day, tzinfo=UTC)
        found += _both(counts, at + timedelta(days=nth), "Steam", len(found))
    return found


def _both(counts: str, at: datetime, source: str, known: int) -> list[Review]:
    bad, _, good = counts.partition("+")
    ratings = [1.0] * int(bad) + [5.0] * int(good)
    return [
        Review(key=str(known + nth), at=int(at.timestamp()), rating=rating, source=source)
        for nth, rating in enumerate(ratings)
    ]
