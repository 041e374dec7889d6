"""How many reviews came in which hour: all that the judgement of a wave needs to remember.

A review leaves one count behind: its hour, its mood, whether it was invited. So a million
reviews over ten years fit into some megabytes, and two processes can add up what they saw.
Days and hours are those of UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct, field

from crisisctl.reviews.review import NEGATIVE, Mood, Review

HOUR = 3600
DAY = 24 * HOUR

Cells = dict[int, int]
"""How many reviews by `hour * 16 + kind`; a kind is a mood, and the marks below."""

COMPLAINT, OTHER, UNKNOWN = 0, 1, 2
INVITED, UNTIMED = 4, 8
"""Marks of a kind: the shop asked for it; its date has no hour."""
_KIND_OF: Mapping[Mood, int] = {
    "negative": COMPLAINT,
    "neutral": OTHER,
    "positive": OTHER,
    "unknown": UNKNOWN,
}
GROUPINGS = ("source", "product", "language", "country")
"""What a wave may stand out in."""

_EARLIEST, _LATEST = 631152000, 4102444800
"""From 1990 to 2100: no review of a shop is older, and what lies beyond is a broken date."""
_MOST_CELLS = 300_000
"""Cells of all groups together; then hours become days, then the smallest groups go."""
_MOST_GROUPS = 2000
_LOOK_EVERY = 20_000
"""Reviews between two looks at the size."""


class Counts(Struct):
    """What was counted so far. `add` reviews, `merge` others, hand it to `wave.judge`."""

    cells: Cells = field(default_factory=dict)
    groups: dict[str, dict[str, Cells]] = field(
        default_factory=lambda: {kind: {} for kind in GROUPINGS}
    )
    undated: int = 0
    """Reviews without a date that can be: they count nowhere else."""
    forgotten: int = 0
    """Small groups that were given up for lack of room; the whole still counts them."""
    added: int = 0

    def add(self, review: Review, feeling: Mood | None = None) -> None:
        """Count one review; `feeling` is what its words say where it has no stars."""
        self.added += 1
        at = review.at
        if at is None or not _EARLIEST <= at < _LATEST:
            self.undated += 1
            return
        if feeling is not None:
            kind = _KIND_OF[feeling]
        elif review.rating is None:
            kind = UNKNOWN
        else:
            kind = COMPLAINT if review.rating <= NEGATIVE else OTHER
        if review.invited:
            kind |= INVITED
        if not at % DAY:
            kind |= UNTIMED
        key = at // HOUR * 16 + kind
        cells = self.cells
        cells[key] = cells.get(key, 0) + 1
        groups = self.groups
        if name := review.source:
            _count(groups["source"], name, key)
        if name := review.product:
            _count(groups["product"], name, key)
        if name := review.language:
            _count(groups["language"], name, key)
        if name := review.country:
            _count(groups["country"], name, key)
        if not self.added % _LOOK_EVERY:
            self._shrink()

    def add_all(self, reviews: Iterable[Review]) -> Counts:
        """Count many reviews; returns itself."""
        for review in reviews:
            self.add(review)
        return self

    def merge(self, other: Counts) -> None:
        """Add what another process counted."""
        _merge(self.cells, other.cells)
        for kind, by_name in other.groups.items():
            mine = self.groups.setdefault(kind, {})
            for name, cells in by_name.items():
                _merge(mine.setdefault(name, {}), cells)
        self.undated += other.undated
        self.forgotten += other.forgotten
        self.added += other.added
        self._shrink()

    def named(self) -> Iterator[tuple[str, str, Cells]]:
        """Every group with its grouping and name."""
        for kind, by_name in self.groups.items():
            for name, cells in by_name.items():
                yield kind, name, cells

    def after(self, moment: datetime) -> Counts:
        """Only what came from this hour on, for a judgement of now over a long history."""
        first = int(moment.timestamp()) // HOUR * 16
        return Counts(
            cells=_from(self.cells, first),
            groups={
                kind: {
                    name: late for name, cells in by_name.items() if (late := _from(cells, first))
                }
                for kind, by_name in self.groups.items()
            },
            undated=self.undated,
            forgotten=self.forgotten,
            added=self.added,
        )

    def _shrink(self) -> None:
        """Keep the groups within their room: first without hours, then the largest only."""
        if self._fits():
            return
        for by_name in self.groups.values():
            for name, cells in by_name.items():
                by_name[name] = _by_day(cells)
        if self._fits():
            return
        every = sorted(self.named(), key=lambda group: -sum(group[2].values()))
        room, kept = _MOST_CELLS // 2, 0
        for nth, (kind, name, cells) in enumerate(every):
            room -= len(cells)
            if room < 0 or nth >= _MOST_GROUPS // 2:
                del self.groups[kind][name]
            else:
                kept += 1
        self.forgotten += len(every) - kept

    def _fits(self) -> bool:
        groups = sum(map(len, self.groups.values()))
        return (
            groups <= _MOST_GROUPS
            and sum(len(cells) for by_name in self.groups.values() for cells in by_name.values())
            <= _MOST_CELLS
        )


def _count(by_name: dict[str, Cells], name: str, key: int) -> None:
    cells = by_name.get(name)
    if cells is None:
        cells = by_name[name] = {}
    cells[key] = cells.get(key, 0) + 1


def _from(cells: Cells, first: int) -> Cells:
    return {key: count for key, count in cells.items() if key >= first}


def _merge(into: Cells, cells: Cells) -> None:
    for key, count in cells.items():
        into[key] = into.get(key, 0) + count


def _by_day(cells: Cells) -> Cells:
    """The same counts without their hours."""
    days: Cells = {}
    for key, count in cells.items():
        hour, kind = divmod(key, 16)
        day = hour // 24 * 24 * 16 + (kind | UNTIMED)
        days[day] = days.get(day, 0) + count
    return days
