"""An export of customers or of orders -> customers, each once, with what happened to them.

The file is read twice. The first time only tells which customers come again, so that the second
can hand on all others as they come: a million customers are never held at once.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from datetime import tzinfo
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from crisisctl.compensation.again import Again
from crisisctl.compensation.headings import knows
from crisisctl.compensation.layout import Layout, layout, parts
from crisisctl.compensation.reading import Bounds, Counts, Customer, Found, Reader
from crisisctl.compensation.several import Several, joined
from crisisctl.compensation.unheard import Unheard, Words
from crisisctl.errors import CrisisError
from crisisctl.playbook.policy import Policy
from crisisctl.tables.dates import Dates, order, without_zone
from crisisctl.tables.decoding import shown
from crisisctl.tables.helper import helper
from crisisctl.tables.names import fold
from crisisctl.tables.opening import Rows, opened
from crisisctl.tables.unreadable import Row, Unreadable
from crisisctl.text import listed, quoted

__all__ = ["Bounds", "Counts", "Customer", "Export", "Found", "Sorted", "digest"]

BLOCK = 500
"""Rows that are read at a time."""
HELD = 25_000
"""Customers with several rows that are held at a time; where there are more, the file is read
once for each so many."""
_PEEK = 2_000
"""Rows that tell whether the day or the month comes first."""


Share = tuple[int, int]
"""Every so-maniest block, beginning with which."""
WHOLE = (0, 1)
Key = Callable[[Sequence[str]], str]


class Sorted(NamedTuple):
    """Some rows of a file."""

    many: int
    once: Sequence[Row]
    """Those of customers who have no other."""
    several: Sequence[Row]
    """Those of customers who have several."""
    unreadable: Sequence[Unreadable]
    words: Words
    """What stands in the columns of states."""


class Export:
    """A file that was understood, to be read from its beginning as often as needed."""

    warehouse = ""
    """It is none."""

    def __init__(
        self,
        path: Path,
        policy: Policy,
        *,
        said: Mapping[str, str],
        bounds: Bounds,
        time_zone: tzinfo,
    ) -> None:
        """Raises `CrisisError` where it is no such file."""
        self.path, self.policy, self.name = path, policy, path.name
        self.digest = digest(path)
        self.counts = Counts()
        self._bounds, self._zone = bounds, time_zone
        with opened(path, partial(_knows, policy)) as table:
            self.size, self.divisible = table.size, table.divisible
            try:
                self.layout = layout(table.header, policy, said)
            except CrisisError as error:
                raise CrisisError(f"{shown(path)}: {error.message}", hint=error.hint) from error
            self._day_first, doubts = self._times(table)
            self.unheard = Unheard(policy, self.layout)
            """The words that no condition names, once it was read."""
            told = remarks(policy, self.layout, bounds)
            self.remarks = [*table.remarks, *told, *doubts]

    def reader(self) -> Reader:
        """What reads single rows of it."""
        dates = Dates(self._zone, day_first=self._day_first)
        return Reader(self.policy, self.layout, self._bounds, dates)

    def begin(self) -> Counts:
        """Count anew what becomes of its rows."""
        self.counts = Counts()
        self.unheard = Unheard(self.policy, self.layout)
        return self.counts

    def customers(self) -> Iterator[list[Found]]:
        """Every customer once, in blocks; and each row or customer that cannot be judged.

        Raises `CrisisError` where the file was changed meanwhile.
        """
        counts, read, again = self.begin(), self.reader(), self.again()
        several = self.several(read)
        for rows in filter(None, self.sorted(read, again)):
            counts.rows += rows.many
            several.take(rows.several)
            self.unheard.take(rows.words)
            yield [*rows.unreadable, *self._once(read, rows.once)]
        yield list(several.customers())
        for more in self.more(read, again):
            yield list(more.customers())
        self.check()

    def _once(self, read: Reader, rows: Sequence[Row]) -> Iterator[Found]:
        for line, cells in rows:
            found = read.customer(line, cells)
            if found is not None:
                yield found
            else:
                self.counts.outside += 1

    def again(self, *, processes: int = 1) -> Set[int]:
        """The fingerprints of the customers who have several rows."""
        found = Again()
        if processes == 1:
            self._fingerprints(found)
        else:
            with helper(self._theirs) as theirs:
                self._fingerprints(found, (0, 2))
                found.join(next(theirs, ()))
        return found.found() - {hash("")}  # nobody: each such row is told

    def _theirs(self) -> Iterator[list[array[int]]]:
        found = Again()
        self._fingerprints(found, (1, 2))
        yield found.parts

    def _fingerprints(self, found: Again, share: Share = WHOLE) -> None:
        """Take in whose the rows are, of every so-maniest block."""
        nth, of = share
        key, nth_block = self.reader().key, 0
        with self._table() as table:
            while True:
                lines = table.straight(BLOCK)
                rows = table.take(BLOCK) if lines is None else ()
                if rows is None:
                    return
                if nth_block % of == nth:
                    names = [key(row[1]) for row in rows if not isinstance(row, Unreadable)]
                    names += self._names(lines, table.separator, key) if lines else []
                    found.take(map(hash, names))
                nth_block += 1

    def _names(self, lines: Sequence[str], separator: str, key: Key) -> list[str]:
        """Whose these rows are."""
        place, mail, width = self.layout.at("customer"), self.layout.at("email"), self.layout.width
        if place == 0:
            names = [line.partition(separator)[0].strip() for line in lines]
        else:
            names = [""] * len(lines)
            if place > 0:
                cells = [line.split(separator, place + 1) for line in lines]
                if min(map(len, cells)) > place:
                    names = [each[place].strip() for each in cells]
        if "" in names and (mail >= 0 or place != 0):
            for at, name in enumerate(names):
                if not name and len(row := lines[at].split(separator)) >= width:
                    names[at] = key(row)
        return names

    def sorted(
        self, read: Reader, again: Set[int], mine: Callable[[int], bool] = lambda _: True
    ) -> Iterator[Sorted | None]:
        """The rows of the file: those of customers who have no other, and those of some others.

        How many others is told by `more`, which reads the file again for the rest of them.
        Blocks that are not `mine` are skipped, and None stands for them.
        """
        parts = _parts(again)
        with self._table() as table:
            for nth in count():
                if not mine(nth):
                    if not table.skip(BLOCK):
                        return
                    yield None
                elif (rows := table.take(BLOCK)) is not None:
                    made = _sorted(rows, read.key, again, (0, parts))
                    yield made._replace(words=self._words(rows))
                else:
                    return

    def _words(self, rows: Sequence[Row | Unreadable]) -> Words:
        return self.unheard.block([row[1] for row in rows if type(row) is tuple])

    def several(self, read: Reader) -> Several:
        """Takes in the rows of customers who have several."""
        return Several(read, joined(self.policy, self.layout), self.counts)

    def more(self, read: Reader, again: Set[int]) -> Iterator[Several]:
        """The customers with several rows that `sorted` left for later, some at a time."""
        parts = _parts(again)
        for part in range(1, parts):
            several = self.several(read)
            for rows in self.blocks():
                several.take(_sorted(rows, read.key, again, (part, parts)).several)
            yield several

    def blocks(self) -> Iterator[list[Row | Unreadable]]:
        """All rows, in blocks."""
        with self._table() as table:
            while (rows := table.take(BLOCK)) is not None:
                yield rows

    def check(self) -> None:
        """Raise where the file is not the one that was understood."""
        if digest(self.path) != self.digest:
            raise self._changed()

    @contextmanager
    def _table(self) -> Iterator[Rows]:
        try:
            with opened(self.path, partial(_knows, self.policy)) as table:
                if tuple(table.header) != self.layout.header:
                    raise self._changed()
                yield table
        except CrisisError:
            self.check()  # where another file stands there now, that is the reason
            raise

    def _changed(self) -> CrisisError:
        what = f"{shown(self.path)} was changed while it was read"
        return CrisisError(what, hint="run it again", code=1)

    def _times(self, table: Rows) -> tuple[bool, list[str]]:
        """Whether the day stands before the month in this file; and what is only assumed."""
        at, found = self.layout.at("at"), list[Row | Unreadable]()
        while at >= 0 and len(found) < _PEEK and (rows := table.take(_PEEK)) is not None:
            found += rows
        cells = [row[1][at] for row in found if not isinstance(row, Unreadable)]
        told, matters = order(cells)
        doubts = []
        if self._bounds.since or self._bounds.until:
            if told is None and matters:
                doubts.append(
                    "nothing tells whether the day or the month comes first: the day was taken"
                )
            if any(map(without_zone, cells)):
                doubts.append(f"times without a zone were taken as {self._zone}")
        return told is not False, doubts


def remarks(policy: Policy, found: Layout, bounds: Bounds) -> Iterator[str]:
    """What a layout leaves open, in words."""
    own = {**policy.harm, **policy.about}
    if (bounds.since or bounds.until) and "at" not in found.places:
        what = "order" if found.orders else "row"
        yield (
            f"every {what} of the file counts, whatever its date: "
            f"no column tells when one happened; name it with --map at=COLUMN"
        )
    yield from found.passed
    for name in found.missing:
        what = quoted(own[name].title or name, 60)
        yield f"no column tells {what} ({name}): it is taken as none"
    yield from _optional(policy, found)
    if "currency" not in found.places and policy.rates:
        yield f"no column names a currency: every sum is taken as {policy.currency}"


def _optional(policy: Policy, found: Layout) -> Iterator[str]:
    """Which harm is summed up without a column that not every export has, or says it outright."""
    for name, column in policy.about.items():
        made_of = [harm for harm, each in policy.harm.items() if name in parts(each)]
        outright = [harm for harm in made_of if harm in found.places]
        summed = [harm for harm in made_of if harm not in (*outright, *found.missing)]
        what = f"{quoted(column.title or name, 60)} ({name})"
        if not column.optional:
            continue
        if name not in found.places and summed:
            yield f"no column tells {what}: {listed(summed)} {_are(summed)} reckoned without it"
        if name in found.places and outright:
            yield f"{what} is not reckoned in: a column tells {listed(outright)} outright"


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _parts(again: Set[int]) -> int:
    return 1 + len(again) // HELD


def _sorted(
    rows: list[Row | Unreadable], key: Key, again: Set[int], part: tuple[int, int]
) -> Sorted:
    """Sort a block; of customers with several rows only one part is taken."""
    once, several = list[Row](), list[Row]()
    unreadable: list[Unreadable] = []
    if Unreadable in map(type, rows):
        unreadable = [row for row in rows if isinstance(row, Unreadable)]
    nth, parts = part
    if not again and not unreadable:
        return Sorted(len(rows), rows, several, unreadable, {})  # type: ignore[arg-type]
    for row in rows:
        if isinstance(row, Unreadable):
            continue
        if hash(name := key(row[1])) not in again:
            once.append(row)
        elif parts == 1 or crc32(name.encode()) % parts == nth:
            several.append(row)
    return Sorted(len(rows), once, several, unreadable, {})


def _knows(policy: Policy, header: Sequence[str]) -> int:
    """How many of these cells are names that the policy, or every export, has for a column."""
    own = {**policy.harm, **policy.about}
    names = {fold(each) for name, column in own.items() for each in (name, *column.names)}
    return knows(header) + sum(fold(cell) in names for cell in header)


def digest(path: Path) -> str:
    """The SHA-256 of a file. Raises `CrisisError` where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CrisisError(f"{shown(path)} cannot be read: {reason}") from error
