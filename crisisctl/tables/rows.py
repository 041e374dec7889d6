"""The rows of a CSV or TSV file, a block at a time: no row takes the next ones with it.

The rows that are as they should be never leave the standard library's reader. Where it stumbles,
the lines it took are given back but for the first, which is judged alone.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain

from crisisctl.errors import CrisisError
from crisisctl.tables.decoding import Text, shown
from crisisctl.tables.unreadable import BLOCK, LONGEST, Row, Unreadable

TALLEST = 5_000
"""Lines over which one row may go on inside quotation marks."""
_WASTE = 500_000
"""Lines that were looked at in vain before quotation marks are trusted less."""
_TALLEST_THEN = 10
_SEPARATORS = (",", ";", "\t", "|")
_COLUMNS = 1_000
_HEADER = 20
"""Lines over which the names of columns may go on inside quotation marks."""
_QUOTES = "a quotation mark is not closed, or stands in the wrong place"
_TOO_LONG = f"the row is longer than {LONGEST // 1024} KiB, or a quotation mark is not closed"


class Table:
    """An open file: its header is read, its rows are to come."""

    def __init__(self, text: Text, knows: Callable[[Sequence[str]], int]) -> None:
        """`knows` tells how many of these cells are names of columns that are known.

        Raises `CrisisError` where there is no header.
        """
        csv.field_size_limit(max(csv.field_size_limit(), 2 * LONGEST))
        self._text, self._lines = text, _Lines(text)
        first = self._lines.header()
        if first.lower().startswith("sep=") and len(first.strip()) <= 5:
            first = self._lines.header()  # Excel's own line before the header
        self.separator, self.header = _header(first, knows)
        if len(first) > LONGEST or len(self.header) > _COLUMNS:
            what = f"names {len(self.header)} columns" if self.header else "is no header"
            raise CrisisError(
                f"{shown(text.path)}: line {self._lines.number} {what}",
                hint=f"the first line names the columns, at most {_COLUMNS}",
            )
        self._reader = self._anew()
        self._broken: Unreadable | None = None
        """A row that could not be read, as long as what follows may be the rest of it."""
        self._last = 0

    def take(self, most: int) -> list[Row | Unreadable] | None:
        """The next rows but empty ones, or why one cannot be read; None at the end."""
        found: list[Row | Unreadable] = []
        text, lines, held, width = self._text, self._lines, self._lines.held, len(self.header)
        enough = text.position + BLOCK
        while True:
            with suppress(csv.Error):  # the lines of such a row stay held
                for cells in self._reader:
                    if len(cells) == width and self._broken is None:
                        found.append((lines.number - len(held) + 1, cells))
                        held.clear()
                    elif not self._fits(cells, found):
                        break
                    if len(found) >= most or text.position > enough:
                        return found
            if not held:
                self._settle(found)
                return found or None
            self._stumbled(found)

    def _fits(self, cells: list[str], found: list[Row | Unreadable]) -> bool:
        """Take a row with other cells than columns, or after a broken one; False to look again."""
        width, held = len(self.header), self._lines.held
        line = self._lines.number - len(held) + 1
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            cells = cells[:width]
        if any(cell.strip() for cell in cells):
            if len(cells) == width:
                self._settle(found)
                found.append((line, cells))
            elif len(held) > 1:
                return False
            elif self._broken is None:
                many = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
                found.append(Unreadable(line, f"it has {many}, the first line names {width}"))
            else:
                self._last = line
        held.clear()
        return True

    def _stumbled(self, found: list[Row | Unreadable]) -> None:
        """Judge the first of the lines that were taken, and give the others back."""
        reason = _TOO_LONG if self._lines.too_long else _QUOTES
        first, line = self._lines.give_back()
        self._reader = self._anew()
        cells = _loosely(first, self.separator) if len(first) <= LONGEST else []
        fits = len(cells) == len(self.header)
        if fits and first.count('"') % 2 == 0:
            self._settle(found)
            found.append((line, cells))
        elif fits or self._broken is None:
            self._settle(found)
            self._broken, self._last = Unreadable(line, reason), line
        else:
            self._last = line

    def _settle(self, found: list[Row | Unreadable]) -> None:
        """Tell of a broken row, now that its end is known."""
        if self._broken is not None:
            line, reason = self._broken.line, self._broken.reason
            more = f" (up to line {self._last})" if self._last > line else ""
            found.append(Unreadable(line, f"{reason}{more}"))
            self._broken = None

    def _anew(self) -> Iterator[list[str]]:
        return csv.reader(self._lines.each(), delimiter=self.separator, strict=True)


class _Lines:
    """The lines of a file, and those that the row which is being read has taken."""

    def __init__(self, text: Text) -> None:
        self._source = _lines(text)
        self._ahead: deque[str] = deque()
        self._wasted = 0
        self.held: list[str] = []
        self.number = 0
        self.too_long = False

    def header(self) -> str:
        """The next line that is not empty, with those that belong to it; empty at the end."""
        whole = ""
        for line in self._source:
            self.number += 1
            whole += line
            if whole.strip() and (whole.count('"') % 2 == 0 or whole.count("\n") > _HEADER):
                break
        return whole.lstrip("\r\n")

    def each(self) -> Iterator[str]:
        """One after the other, until a row takes too many."""
        held, size = self.held, 0
        tallest = TALLEST if self._wasted < _WASTE else _TALLEST_THEN
        for line in chain(_taken(self._ahead), self._source):
            size = size + len(line) if held else len(line)
            self.number += 1
            held.append(line)
            if size > LONGEST or len(held) > tallest:
                self.too_long = True
                return
            yield line

    def give_back(self) -> tuple[str, int]:
        """The first of the lines that were taken, and its number; the others come again."""
        first, *rest = self.held
        self.too_long = False
        self._wasted += len(rest)
        self.number -= len(rest)
        self._ahead.extendleft(reversed(rest))
        self.held.clear()
        return first, self.number


def _taken(lines: deque[str]) -> Iterator[str]:
    while lines:
        yield lines.popleft()


def _lines(text: Text) -> Iterator[str]:
    """The lines of a text; of one that is too long, only the beginning."""
    carry, skipping, ending = "", False, ""
    while piece := text.read():
        ending = ending or ("\n" if "\n" in piece else "\r" if "\r" in piece[:-1] else "")
        # the last letter may be half of a line break
        end = piece.rfind(ending, 0, None if ending == "\n" else -1) + 1 if ending else 0
        if not end:
            carry += "" if skipping else piece
        else:
            block = io.StringIO(carry + piece[:end], newline=ending)
            if skipping:
                next(block)
                skipping = False
            yield from block
            carry = piece[end:]
        if len(carry) > LONGEST:
            yield carry[: LONGEST + 1]
            carry, skipping = "", True
    if carry:
        yield carry


def _header(line: str, knows: Callable[[Sequence[str]], int]) -> tuple[str, list[str]]:
    """The separator that makes most of the first line, and its cells."""
    if len(line) > LONGEST:
        return ",", []
    ways = [(separator, _loosely(line, separator)) for separator in _SEPARATORS]
    separator, cells = max(ways, key=lambda way: (knows(way[1]), len(way[1])))
    return separator, [cell.strip() for cell in cells]


def _loosely(text: str, separator: str) -> list[str]:
    """The cells of one row, whatever its quotation marks are; none where it is not one row."""
    text = text.rstrip("\r\n").replace("\r", " ")
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        return []
    return rows[0] if len(rows) == 1 else []
