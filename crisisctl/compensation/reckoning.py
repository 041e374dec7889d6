"""An export and a policy -> the list of a plan and its bill, as quickly as rows can be read.

Most rows say the same as one before: whatever the policy asks, the same cells are decided once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter

from msgspec import Struct

from crisisctl.compensation import roll
from crisisctl.compensation.bill import Bill, Counted, Large, Largest, Mark, Names, marks
from crisisctl.compensation.cells import NONE, BadCell
from crisisctl.compensation.customers import WHOLE, Export, Share, Sorted
from crisisctl.compensation.deciding import Facts, Outcome, Who, compiled
from crisisctl.compensation.layout import asked
from crisisctl.compensation.reading import Found, nobody
from crisisctl.compensation.unheard import Words
from crisisctl.playbook.conditions import names_in
from crisisctl.tables.helper import helper
from crisisctl.tables.unreadable import Row, Unreadable

_KNOWN = 10_000
"""Rows that are remembered by what they say."""
_SHORT = 200
"""Characters of all their cells."""
_PLACES = 2_000
STRETCH = 8
"""Blocks that one process takes at a time, and that the bill takes in at once."""
_WHO = ("customer", "email", "name", "segment", "country", "locale", "order")


class Part(Struct, frozen=True):
    """What some rows of a file come to."""

    roll: bytes
    """The lines of the list."""
    people: Sequence[Unreadable]
    """Rows and customers that a person must look at."""


class _Stretch(Struct):
    """What some blocks come to, before the bill has taken it in."""

    lines: list[roll.Line] = []
    roll: bytes = b""
    """The same as they stand in the list, once all of them are there."""
    people: list[Unreadable] = []
    several: list[Row] = []
    words: list[Words] = []
    rows: int = 0
    outside: int = 0
    unaffected: int = 0
    unreachable: int = 0
    counted: list[Counted] = []
    largest: list[Large] = []


class _Told(Struct, gc=False):
    """What rows that say the same come to."""

    way: int
    """How they are counted, by its number; -1 for those whom nothing touches."""
    worth: Decimal
    largest: bool
    """Whether they may be among those who get most."""
    outcome: Outcome
    currency: str
    end: bytes
    """What they get, as it stands in the list."""


class _Place(Struct, gc=False):
    """Customers of one segment, country and language."""

    names: Names
    told: bytes
    """The same as it stands in the list."""
    counts: dict[int, int] = {}
    """How many are counted in each way, since it was last asked."""


def reckon(export: Export, facts: Facts, bill: Bill, *, processes: int = 1) -> Iterator[Part]:
    """Decide about every customer of a file; `bill` takes in what it comes to.

    Two processes give the same as one, to the byte. Raises `CrisisError` where the file was
    changed meanwhile.
    """
    rows = _Rows(export, facts, bill)
    counts, again = export.begin(), export.again(processes=processes)
    several = export.several(rows.read)
    with _stretches(rows, export, facts, again, processes) as stretches:
        for each in stretches:
            counts.rows += each.rows
            counts.outside += each.outside
            several.take(each.several)
            for words in each.words:
                export.unheard.take(words)
            bill.take(each.counted, each.largest)
            bill.unaffected += each.unaffected
            bill.unreachable += each.unreachable
            yield Part(each.roll, each.people)
    yield rows.customers(several.customers())
    for more in export.more(rows.read, again):
        yield rows.customers(more.customers())
    export.check()


@contextmanager
def _stretches(
    rows: _Rows, export: Export, facts: Facts, again: Set[int], processes: int
) -> Iterator[Iterator[_Stretch]]:
    """The whole file, in the same stretches however many processes there are."""
    if processes == 1:
        yield filter(None, rows.stretches(again))
        return

    def work() -> Iterator[_Stretch]:
        other = _Rows(export, facts, Bill(export.policy))
        return filter(None, other.stretches(again, (1, 2)))

    with helper(work) as theirs:
        yield _together(rows.stretches(again, (0, 2)), theirs)


def _together(ours: Iterable[_Stretch | None], theirs: Iterator[_Stretch]) -> Iterator[_Stretch]:
    for mine in ours:
        found = mine or next(theirs, None)
        if found is not None:  # there is none where the file has changed, which is told at the end
            yield found


class _Rows:
    """Decides about single rows."""

    def __init__(self, export: Export, facts: Facts, bill: Bill) -> None:
        policy, found = export.policy, export.layout
        self.export, self.policy, self.bill = export, policy, bill
        self.read = export.reader()
        self._decide = compiled(policy, facts)
        self._says = _picked(asked(policy, found))
        places = [found.at(name) for name in _WHO]
        self._who = _picked(places)
        self._lacks = min(places) < 0
        asks = set[str]().union(*(names_in(each.when) for each in policy.exclude))
        self._personal = not asks.isdisjoint(Who._fields)
        self._known: dict[object, _Told] = {}
        self._places: dict[Sequence[str], _Place] = {}
        self._touched: list[_Place] = []
        self._ways: dict[tuple[Mark, ...], int] = {}
        self._marks: list[tuple[Mark, ...]] = []
        """How those customers are counted who say what is remembered."""
        self._rare: list[tuple[Mark, ...]] = []
        """How others are, until it is asked."""
        self._large = Largest()

    def stretches(self, again: Set[int], share: Share = WHOLE) -> Iterator[_Stretch | None]:
        """What the rows of customers come to who have no other; None for what others do."""
        nth, of = share

        def mine(block: int) -> bool:
            return block // STRETCH % of == nth

        found, number = _Stretch(), -1
        for number, block in enumerate(self.export.sorted(self.read, again, mine)):
            if block is not None:
                self._take(block, found)
            if number % STRETCH == STRETCH - 1:
                yield self._counted(found) if mine(number) else None
                found = _Stretch()
        if number % STRETCH != STRETCH - 1:
            yield self._counted(found) if mine(number) else None

    def _take(self, block: Sorted, found: _Stretch) -> None:
        rows, people = self._inside(block.once)
        found.people += [*block.unreadable, *people]
        found.outside += len(block.once) - len(rows) - len(people)
        self._each(rows, found)
        found.several += block.several
        found.rows += block.many
        found.words.append(block.words)

    def _counted(self, found: _Stretch) -> _Stretch:
        """A stretch with how its customers are counted."""
        for place in self._touched:
            ways = [(self._marked(way), many) for way, many in place.counts.items()]
            found.counted.append((place.names, ways))
            place.counts.clear()
        self._touched.clear()
        self._rare.clear()
        found.roll = roll.written(found.lines)
        found.lines.clear()
        return found

    def _marked(self, way: int) -> tuple[Mark, ...]:
        return self._rare[way - _KNOWN] if way >= _KNOWN else self._marks[way]

    def customers(self, found: Iterable[Found]) -> Part:
        """What customers come to who were read otherwise."""
        lines, people = [], []
        for each in found:
            if isinstance(each, Unreadable):
                people.append(each)
                continue
            try:
                outcome = self._decide(each.values, each.who)
                line = roll.given(self.policy, each, outcome)
            except BadCell as error:
                people.append(Unreadable(each.line, error.message))
                continue
            self.bill.add(each, outcome)
            if line is not None:
                lines.append(line)
        return Part(roll.lines(lines), people)

    def _inside(self, rows: Sequence[Row]) -> tuple[Sequence[Row], list[Unreadable]]:
        """The rows within the window."""
        outside = self.read.outside
        if outside is None:
            return rows, []
        found, people = [], []
        for row in rows:
            try:
                if not outside(row[1]):
                    found.append(row)
            except BadCell as error:
                people.append(Unreadable(row[0], error.message))
        return found, people

    def _each(self, rows: Iterable[Row], stretch: _Stretch) -> None:
        """Add to the lines of the list. What is done here is done a million times."""
        known, says, who, places = self._known, self._says, self._who, self._places
        lacks, large, people = self._lacks, self._large, stretch.people
        lines = stretch.lines
        idle = unreachable = 0
        for line, cells in rows:
            if lacks:
                cells.append("")  # the last cell stands for columns that are not there
            key, mail, name, segment, country, wish, order = who(cells)
            key, mail, name, order = key.strip(), mail.strip(), name.strip(), order.strip()
            where = (segment, country, wish)
            try:
                if not key and not (key := mail.lower()):
                    raise nobody()
                told = known.get(says(cells)) or self._learn(cells)
                if (way := told.way) < 0:
                    idle += 1
                    continue
                place = places.get(where) or self._place(where)
                if len(key) + len(mail) + len(name) + len(order) > _SHORT:
                    roll.measured((key, mail, name))
                    order = order[: roll.LONGEST]
            except BadCell as error:
                people.append(Unreadable(line, error.message))
                continue
            counts = place.counts
            if not counts:
                self._touched.append(place)
            counts[way] = counts.get(way, 0) + 1
            if told.largest:
                if told.worth > large.least:
                    self._keep(stretch, line, key, told)
                else:
                    told.largest = False  # the least of the largest only grows
            unreachable += not mail and told.outcome.gets
            lines.append((line, key, mail, name, place.told, told.end, order))
        stretch.unaffected += idle
        stretch.unreachable += unreachable

    def _keep(self, stretch: _Stretch, line: int, customer: str, told: _Told) -> None:
        large = self.bill.told(line, customer, told.currency, told.outcome)
        self._large.keep(large)
        stretch.largest.append(large)

    def _learn(self, cells: Sequence[str]) -> _Told:
        """Decide about a row, and remember it for those that say the same."""
        currency = self.read.currency(cells)
        who = self.read.row(cells)[0] if self._personal else _anybody(currency)
        values = self.read.values(cells, currency)
        self.read.check(values, currency)
        outcome = self._decide(values, who)
        says = self._says(cells)
        common = len(self._known) < _KNOWN and len("".join(says)) <= _SHORT
        way, worth = -1, NONE
        if outcome.touched:
            way = self._way(marks(outcome, currency), common=common)
            worth = self.bill.worth(outcome, currency)
        end = roll.end(currency, *roll.handed(self.policy, outcome))
        told = _Told(way, worth, bool(worth), outcome, currency, end)
        if common:
            self._known[says] = told
        return told

    def _way(self, found: tuple[Mark, ...], *, common: bool) -> int:
        if not common:
            self._rare.append(found)
            return _KNOWN + len(self._rare) - 1
        if found not in self._ways:
            self._ways[found] = len(self._marks)
            self._marks.append(found)
        return self._ways[found]

    def _place(self, where: Sequence[str]) -> _Place:
        segment, country, wish = where
        names = (segment.strip(), country.strip().upper(), self.read.locale(wish))
        roll.measured(names)
        segment, country, locale = names
        place = _Place(names, roll.place(locale, country, segment))
        if len(self._places) < _PLACES:
            self._places[where] = place
        return place


@lru_cache(maxsize=64)
def _anybody(currency: str) -> Who:
    """Whoever has a row in this currency."""
    return Who("", "", "", "", "", "", currency, "")


def _picked(places: Sequence[int]) -> Callable[[Sequence[str]], Sequence[str]]:
    return itemgetter(*places)
