"""Two processes divide a long import: both read all of it, each understands a part of every block.

Only one of them puts reviews on the shelf, and in an order that is the same in every run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from crisisctl.incident.incoming import Answered
from crisisctl.reviews.analysis import Analysis
from crisisctl.reviews.review import Review
from crisisctl.reviews.shelf import Heard, Row, as_row

_BLOCK = 500
_THEIRS = 300
"""Of each block, what the helper takes: it puts nothing on the shelf, so it has time for more."""

Understand = Callable[[Review], Heard]
Part = tuple[list[Row], Analysis | None]


def theirs(
    read: Callable[[], Iterator[Review]], heard: Understand, answered: Mapping[str, Answered]
) -> Iterator[Part]:
    """The helper's part of each block, and at last what its reviews amount to."""
    found = Analysis()
    for block in _blocks(read()):
        yield _taken(map(heard, block[:_THEIRS]), found, answered), None
    yield [], found


def ours(
    reviews: Iterator[Review],
    heard: Understand,
    answered: Mapping[str, Answered],
    parts: Iterator[Part],
    found: Analysis,
) -> Iterator[Row]:
    """All reviews for the shelf, those of the helper too; `found` takes in what they amount to."""
    for block in _blocks(reviews):
        yield from _taken(map(heard, block[_THEIRS:]), found, answered)
        yield from next(parts)[0]
    _, others = next(parts)
    if others is not None:
        found.merge(others)


def _blocks(reviews: Iterator[Review]) -> Iterator[list[Review]]:
    while block := list(islice(reviews, _BLOCK)):
        yield block


def _taken(
    reviews: Iterable[Heard], found: Analysis, answered: Mapping[str, Answered]
) -> list[Row]:
    rows = []
    for heard in reviews:
        found.add(heard, answered)
        rows.append(as_row(heard))
    return rows
