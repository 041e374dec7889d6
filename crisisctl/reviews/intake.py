"""Any export of reviews -> `Review`s, one after the other, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo
from pathlib import Path

from crisisctl.errors import CrisisError
from crisisctl.messages.bulk.seen import Seen
from crisisctl.reviews.reading.cells import Cells
from crisisctl.reviews.reading.columns import columns_of
from crisisctl.reviews.reading.headers import knows, tells
from crisisctl.reviews.reading.objects import Objects
from crisisctl.reviews.review import Review
from crisisctl.tables.decoding import Text, shown
from crisisctl.tables.rows import Table
from crisisctl.tables.unreadable import BLOCK, Row, Unreadable
from crisisctl.text import quoted

__all__ = ["Export", "Unreadable", "open_export"]

PEEK = 2_000
"""Rows that tell scales and the order of day and month."""
_ROWS = 500
_GLANCE = 100
"""Characters of a cell that tell what a column holds."""


class Export:
    """A file of reviews that was understood, to be read from its beginning as often as needed."""

    def __init__(
        self, path: Path, *, columns: Mapping[str, str], source: str, time_zone: tzinfo
    ) -> None:
        self.path = path
        self._source, self._zone = source, time_zone
        self._seen: Seen | None = None
        with Text(path) as text:
            self.size = text.size
            """Bytes of the file."""
            rows = _opened(text)
            first = _peeked(rows, text)
            read = [row[1] for row in first if not isinstance(row, Unreadable)]
            cells = [[cell[:_GLANCE] for cell in row] for row in read]
            if isinstance(rows, Objects) and not cells:
                raise _no_objects(text, first)
            try:
                self._columns = columns_of(rows.header, cells, columns)
            except CrisisError as error:
                raise CrisisError(f"{shown(path)}: {error.message}", hint=error.hint) from error
            self._sample = cells
            self._semicolons = rows.separator == ";"
            self.remarks = [*text.remarks, *self._cells().remarks, *self._doubled()]
            """What was assumed or mended, in words."""
        kind = self._columns.kind
        self.kind = kind.name if kind else ""
        """The export that was recognised; empty where it is none that we know."""
        self.source = source or (kind.source if kind else "")
        self.columns = self._columns.named
        """For each field of a review that the file has, the name of its column."""
        self.position = 0
        """Bytes that were read."""
        self.reviews = self.unreadable = self.left_out = self.duplicates = 0

    def once(self, seen: Seen) -> Export:
        """Leave out what `seen` has seen: the same for several files. Gives itself."""
        self._seen = seen
        return self

    def __iter__(self) -> Iterator[Review | Unreadable]:
        """Each row in the order of the file; duplicates are only counted."""
        self.position = self.reviews = self.unreadable = self.left_out = self.duplicates = 0
        seen = self._seen or Seen()
        with Text(self.path) as text:
            rows, cells = _opened(text), self._cells()
            if isinstance(rows, Objects):
                rows.only([*self._columns.used])
            while (block := rows.take(_ROWS)) is not None:
                read = [row if isinstance(row, Unreadable) else cells.read(*row) for row in block]
                self.position = text.position
                yield from self._counted([each for each in read if each is not None], seen)
            self.position = self.size
            earlier = [*text.remarks, *cells.remarks, *self._doubled()]
            self.remarks = [*dict.fromkeys([*earlier, *cells.late_remarks])]

    def _counted(self, found: list[Review | Unreadable], seen: Seen) -> list[Review | Unreadable]:
        """Those that did not come before."""
        reviews = [each for each in found if isinstance(each, Review)]
        again = seen.again([hash((each.source, each.key)) for each in reviews])
        self.reviews += len(reviews) - len(again)
        self.duplicates += len(again)
        if len(reviews) == len(found) and not again:
            return found
        repeated = {id(reviews[at]) for at in again}
        for each in found:
            if isinstance(each, Unreadable):
                self.left_out += each.left_out
                self.unreadable += not each.left_out
        return [each for each in found if id(each) not in repeated]

    def _cells(self) -> Cells:
        return Cells(
            self._columns,
            self._sample,
            source=self._source,
            zone=self._zone,
            semicolons=self._semicolons,
        )

    def _doubled(self) -> list[str]:
        return [
            f"two columns are named {quoted(name, 30)}: the first one counts"
            for name in self._columns.twice
        ]


def open_export(
    path: Path,
    *,
    columns: Mapping[str, str] | None = None,
    source: str = "",
    time_zone: tzinfo = UTC,
) -> Export:
    """Understand a file of reviews.

    `columns` says for fields of a review which column holds them, `source` the platform where
    the file does not, `time_zone` what holds for dates that name none. Raises `CrisisError`
    where the file is not there, is no text, or holds no reviews.
    """
    return Export(path, columns=columns or {}, source=source, time_zone=time_zone)


def _opened(text: Text) -> Table | Objects:
    start = text.start.lstrip("\ufeff \t\r\n")[:1]
    table = text.path.suffix.lower() in (".csv", ".tsv")
    if start == "{" or (start == "[" and not table):
        return Objects(text, tells, PEEK)
    return Table(text, knows)


def _peeked(rows: Table | Objects, text: Text) -> list[Row | Unreadable]:
    found: list[Row | Unreadable] = []
    while len(found) < PEEK and (block := rows.take(_ROWS)) is not None:
        found += block
        if text.position > BLOCK:
            break
    return found


def _no_objects(text: Text, found: list[Row | Unreadable]) -> CrisisError:
    first = next((each for each in found if isinstance(each, Unreadable)), None)
    where = f": line {first.line}: {first.reason}" if first else ""
    return CrisisError(
        f"{shown(text.path)} holds no list of reviews{where}",
        hint='a JSON file is a list of objects, or an object with such a list as "reviews"',
    )
