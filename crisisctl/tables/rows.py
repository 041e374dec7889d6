"""The rows of a CSV or TSV file, a block at a time: no row takes the next ones with it.

Where each line is one row with all its cells, a block is taken apart at once. Else the rows that
are as they should be never leave the standard library's reader; where that stumbles, the lines it
took are given back but for the first, which is judged alone.
"""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import count

from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.tables.decoding import Text, shown
from crisisctl.tables.unreadable import BLOCK, LONGEST, Row, Unreadable
from crisisctl.text import quoted

TALLEST = 5_000
"""Lines over which one row may go on inside quotation marks."""
_WASTE = 500_000
"""Lines that were looked at in vain before quotation marks are trusted less."""
_TALLEST_THEN = 10
_PATIENCE = 16
"""Blocks, at most, that are read row by row after one that could not be taken apart at once."""
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
        if (title := _title(first, self._lines, knows)) is not None:
            text.title, first = title
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
        self._odd = self._slow = 0
        """Blocks in a row that could not be taken apart at once; and those to read otherwise."""

    def straight(self, most: int) -> list[str] | None:
        """The next lines where none has a quotation mark, left behind; None: `take` instead.

        Each is a row, or what cannot be used as one.
        """
        block = self._lines.ahead(most)
        if block is None or block.quotes or self._broken is not None:
            return None
        self._lines.pass_by(len(block.lines))
        return block.lines

    def skip(self, most: int) -> bool:
        """Leave behind what `take` would give; False at the end."""
        block = None if self._slow or self._broken is not None else self._lines.ahead(most)
        if block is None or block.quotes:
            return self.take(most) is not None
        separator, between = self.separator, len(self.header) - 1
        if {line.count(separator) for line in block.lines} != {between}:
            return self.take(most) is not None
        self._odd = 0
        self._lines.pass_by(len(block.lines))
        return True

    def take(self, most: int) -> list[Row | Unreadable] | None:
        """The next rows but empty ones, or why one cannot be read; None at the end."""
        if rows := self._at_once(most):
            return rows
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

    def _at_once(self, most: int) -> list[Row | Unreadable] | None:
        """The next rows where each is one line and has all its cells; None where one is not so."""
        if self._slow:
            self._slow -= 1
            return None
        if self._broken is not None or (block := self._lines.ahead(most)) is None:
            return None
        cells = _apart(block, self.separator)
        if set(map(len, cells)) != {len(self.header)} or len(cells) != len(block.lines):
            self._odd = min(self._odd * 2 + 1, _PATIENCE)
            self._slow = self._odd - 1
            return None
        self._odd = 0
        first = self._lines.number + 1
        self._lines.pass_by(len(cells))
        return list(zip(count(first), cells, strict=False))

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


class _Block(Struct, frozen=True, gc=False):
    """Some lines as they stand in the file, but for their ends."""

    lines: list[str]
    ending: str
    quotes: bool = True
    """Whether one may have a quotation mark, or a break within."""
    short: bool = False
    """Whether no row in it can be too long."""


class _Lines:
    """The lines of a file, and those that the row which is being read has taken."""

    def __init__(self, text: Text) -> None:
        self._source = _blocks(text)
        self._block = _Block([], "")
        self._at = 0
        self._given_back: deque[str] = deque()
        self._wasted = 0
        self._head: list[str] = []
        self.held: list[str] = []
        self.number = 0
        self.too_long = False

    def header(self) -> str:
        """The next line that is not empty, with those that belong to it; empty at the end."""
        whole, self._head = "", list[str]()
        while self._more():
            self.number += 1
            self._head.append(self._line())
            whole += self._head[-1]
            if whole.strip() and (whole.count('"') % 2 == 0 or whole.count("\n") > _HEADER):
                break
        return whole.lstrip("\r\n")

    def unread(self) -> None:
        """Give the lines of the last header back: they are rows."""
        self._given_back.extend(self._head)
        self.number -= len(self._head)

    def each(self) -> Iterator[str]:
        """One after the other, until a row takes too many."""
        held, back, size = self.held, self._given_back, 0
        tallest = TALLEST if self._wasted < _WASTE else _TALLEST_THEN
        while back or self._more():
            line = back.popleft() if back else self._line()
            size = size + len(line) if held else len(line)
            self.number += 1
            held.append(line)
            if size > LONGEST or len(held) > tallest:
                self.too_long = True
                return
            yield line

    def ahead(self, most: int) -> _Block | None:
        """Lines that no row has taken yet; None where there are none, or some came back."""
        if self.held or self._given_back or not self._more() or not self._block.short:
            return None
        block, at = self._block, self._at
        return _Block(block.lines[at : at + most], block.ending, block.quotes)

    def pass_by(self, many: int) -> None:
        """Leave so many of them behind."""
        self._at += many
        self.number += many

    def _more(self) -> bool:
        """Whether there is another line."""
        while self._at >= len(self._block.lines):
            block = next(self._source, None)
            if block is None:
                return False
            self._block, self._at = block, 0
        return True

    def _line(self) -> str:
        line = self._block.lines[self._at] + self._block.ending
        self._at += 1
        return line

    def give_back(self) -> tuple[str, int]:
        """The first of the lines that were taken, and its number; the others come again."""
        first, *rest = self.held
        self.too_long = False
        self._wasted += len(rest)
        self.number -= len(rest)
        self._given_back.extendleft(reversed(rest))
        self.held.clear()
        return first, self.number


def _blocks(text: Text) -> Iterator[_Block]:
    """The lines of a text; of one that is too long, only the beginning."""
    carry, skipping, ending = "", False, ""
    while piece := text.read():
        ending = ending or ("\n" if "\n" in piece else "\r" if "\r" in piece[:-1] else "")
        # the last letter may be half of a line break
        end = piece.rfind(ending, 0, None if ending == "\n" else -1) + 1 if ending else 0
        if not end:
            carry += "" if skipping else piece
        else:
            block = carry + piece[:end]
            if skipping:
                block = block.partition(ending)[2]
                skipping = False
            yield _block(block, ending)
            carry = piece[end:]
        if len(carry) > LONGEST:
            yield _Block([carry[: LONGEST + 1]], "")
            carry, skipping = "", True
    if carry:
        yield _Block([carry], "")


def _block(text: str, ending: str) -> _Block:
    """Some whole lines."""
    quotes = '"' in text
    if not quotes and "\r" in text:
        breaks = text.count("\r\n")
        quotes = breaks != text.count("\r") or breaks != text.count("\n")
        text = text if quotes else text.replace("\r\n", "\n")
    lines = text.split(ending)
    lines.pop()  # nothing stands behind the last end
    return _Block(lines, ending, quotes, len(text) <= LONGEST)


def _apart(block: _Block, separator: str) -> list[list[str]]:
    """The cells of its lines, as far as each is a row."""
    if not block.quotes:
        return [line.split(separator) for line in block.lines]
    with suppress(csv.Error):
        return list(csv.reader(block.lines, delimiter=separator, strict=True))
    return []


def _header(line: str, knows: Callable[[Sequence[str]], int]) -> tuple[str, list[str]]:
    """The separator that makes most of the first line, and its cells."""
    if len(line) > LONGEST:
        return ",", []
    ways = [(separator, _loosely(line, separator)) for separator in _SEPARATORS]
    separator, cells = max(ways, key=lambda way: (knows(way[1]), len(way[1])))
    return separator, [cell.strip() for cell in cells]


def _title(
    first: str, lines: _Lines, knows: Callable[[Sequence[str]], int]
) -> tuple[str, str] | None:
    """What is said of a title above the names of the columns, and the line with the names.

    None where the first line has them: a title is one cell that is no name, and the next line has
    several, of which one is known.
    """
    line = lines.number
    if not first.strip() or len(first) > LONGEST or knows(_header(first, knows)[1]):
        return None
    second = lines.header()
    separator, names = _header(second, knows)
    cells = [cell.strip() for cell in _loosely(first, separator) if cell.strip()]
    if len(cells) == 1 and knows(names) and sum(map(bool, names)) > 1:
        words = quoted(cells[0], 40)
        below = f"the names of the columns were taken from line {lines.number}"
        return f"line {line} is a title, {words}: {below}", second
    lines.unread()
    return None


def _loosely(text: str, separator: str) -> list[str]:
    """The cells of one row, whatever its quotation marks are; none where it is not one row."""
    text = text.rstrip("\r\n").replace("\r", " ")
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        return []
    return rows[0] if len(rows) == 1 else []
