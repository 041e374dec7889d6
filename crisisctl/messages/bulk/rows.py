"""The rows of a CSV file, one at a time: whatever is in it, no row takes the next ones with it."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO

from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.messages.bulk.columns import knows_addresses

LONGEST = 64 * 1024
"""Characters of a row; what is longer is no row of a list of people."""
TALLEST = 50
"""Lines over which one row may go on inside quotation marks."""
_SEPARATORS = (",", ";", "\t")
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Rejected(Struct, frozen=True, gc=False):
    """A row that nobody gets a message for, and why."""

    line: int
    reason: str
    repeated: bool = False
    """Whether only the address came before: then its first row counts."""


class Row(Struct, frozen=True, gc=False):
    """The cells of one row."""

    line: int
    cells: list[str]


class Table:
    """An open file: its header is read, its rows are to come."""

    def __init__(self, file: TextIO) -> None:
        self._lines = _Lines(file)
        self._every = self._lines.all()
        first = next(self._every, "")
        if first.lower().startswith("sep=") and len(first.strip()) <= 5:
            first = next(self._every, "")  # Excel's own line before the header
        if not first.strip():
            raise CrisisError("line 1 names no columns", hint='the first line names them: "email"')
        self.separator, self.header = _header(first)

    def take(self, most: int) -> list[Row | Rejected] | None:
        """The next rows but empty ones, or why one cannot be read; None at the end."""
        separator, others, line = self.separator, len(self.header) - 1, ""
        found: list[Row | Rejected] = []
        for line in islice(self._every, most):
            if line.count(separator) == others and '"' not in line and len(line) <= LONGEST:
                found.append(Row(self._lines.number, line.split(separator)))
            elif (row := self._unusual(line)) is not None:
                found.append(row)
        return found if line else None

    def skip(self, most: int) -> bool:
        """Leave out as many rows as `take` would take; False at the end."""
        line = ""
        for line in islice(self._every, most):
            if '"' in line or len(line) > LONGEST:
                self._quoted(line)
        return bool(line)

    def _unusual(self, line: str) -> Row | Rejected | None:
        """A row with quotation marks, too long, or with other cells than there are columns."""
        if '"' in line or len(line) > LONGEST:
            row = self._quoted(line)
        else:
            row = Row(self._lines.number, line.split(self.separator))
        if isinstance(row, Row) and len(row.cells) != len(self.header):
            return _fitted(row, len(self.header))
        return row

    def _quoted(self, line: str) -> Row | Rejected:
        number = self._lines.number
        if len(line) > LONGEST:
            self._lines.skip(line)
            return Rejected(number, f"the row is longer than {LONGEST // 1024} KiB")
        cells = _split(line, self.separator)
        if cells is None and (more := self._lines.closing(line)):
            cells = _split(line + more, self.separator)
            if cells is not None:
                self._lines.take(more)
        if cells is None:
            return Rejected(number, "a quotation mark is not closed, or stands in the wrong place")
        return Row(number, cells)


class _Lines:
    """The lines of a file, with those that were looked at ahead of time."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._ahead: deque[str] = deque()
        self.number = 0

    def all(self) -> Iterator[str]:
        """The lines one after the other; of one that is too long, only the beginning."""
        ahead, readline = self._ahead, self._file.readline
        while line := ahead.popleft() if ahead else readline(LONGEST + 1):
            self.number += 1
            yield line

    def skip(self, line: str) -> None:
        """Leave out the rest of a line that is too long, piece by piece."""
        while line and not line.endswith("\n"):
            line = self._file.readline(LONGEST)

    def closing(self, line: str) -> str:
        """The lines up to the one that closes an open quotation mark; empty where none does."""
        found, size = [], len(line)
        for nth in range(TALLEST):
            if nth == len(self._ahead):
                self._ahead.append(self._file.readline(LONGEST + 1))
            more = self._ahead[nth]
            found.append(more)
            size += len(more)
            if not more or size > LONGEST:
                break
            if more.count('"') % 2:
                return "".join(found)
        return ""

    def take(self, lines: str) -> None:
        """Count lines as read that were looked at."""
        while lines:
            lines = lines[len(self._ahead.popleft()) :]
            self.number += 1


def open_text(path: Path) -> TextIO:
    """A file of text in UTF-8 or UTF-16. Raises `CrisisError` when it is none."""
    try:
        if not path.is_file():
            what = "is not a file" if path.exists() else "is not there"
            raise CrisisError(f"{path} {what}", hint="give the path of a CSV file")
        with path.open("rb") as file:
            start = file.read(4096)
        return path.open(encoding=_encoding(start, path), errors="replace")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CrisisError(f"{path} cannot be read: {reason}") from error


def _encoding(start: bytes, path: Path) -> str:
    if start.startswith((b"\xff\xfe\0\0", b"PK\3\4", b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise CrisisError(f"{path} is not a text file", hint='save it as "CSV UTF-8"')
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    first, second = start[:8:2], start[1:8:2]
    if second and not any(second):
        return "utf-16-le"
    return "utf-16-be" if second and not any(first) else "utf-8"


def _header(line: str) -> tuple[str, list[str]]:
    """The separator that makes most of the first line, and its cells."""
    if len(line) > LONGEST:
        raise CrisisError(f"line 1 is longer than {LONGEST // 1024} KiB: it is no header")
    ways = [(separator, _split(line, separator)) for separator in _SEPARATORS]
    found = [(separator, cells) for separator, cells in ways if cells]
    best = max(found, key=lambda way: (knows_addresses(way[1]), len(way[1])), default=None)
    if best is None or (len(found) < len(ways) and not knows_addresses(best[1])):
        raise CrisisError("line 1: a quotation mark is not closed, or stands in the wrong place")
    separator, cells = best
    return separator, [cell.strip() for cell in cells]


def _split(text: str, separator: str) -> list[str] | None:
    """The cells of one whole row; None where its quotation marks do not fit."""
    try:
        rows = list(csv.reader([text], delimiter=separator, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _fitted(row: Row, width: int) -> Row | Rejected | None:
    """A row with as many cells as there are columns; None where it is empty."""
    if not any(cell.strip() for cell in row.cells):
        return None
    if len(row.cells) > width and not any(cell.strip() for cell in row.cells[width:]):
        return Row(row.line, row.cells[:width])
    return Rejected(row.line, f"it has {_cells(row.cells)}, the first line names {width}")


def _cells(cells: Sequence[str]) -> str:
    return "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
