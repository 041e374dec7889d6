"""Which column of an export holds what, and one function that reads a row by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from crisisctl.compensation import cells
from crisisctl.compensation.deciding import columns
from crisisctl.compensation.expression import source
from crisisctl.compensation.headings import IDENTITY
from crisisctl.compensation.places import as_said, by_name, shown
from crisisctl.errors import CrisisError
from crisisctl.playbook.conditions import names_in
from crisisctl.playbook.fairness import KNOWN
from crisisctl.playbook.policy import Column, Policy
from crisisctl.tables.names import fold
from crisisctl.text import listed, quoted

_NOTHING = {"number": "NONE", "money": "NONE", "flag": "False", "text": "''"}
"""What a column says that no file has, in Python."""

_SHOWN = 3
"""Columns that were not taken and are named."""

Values = tuple[object, ...]
Read = Callable[[Sequence[str], str], Values]
"""The cells of a row and its currency -> the values of `columns(policy)`. Raises `BadCell`."""


class Layout(Struct, frozen=True):
    """Where in a row stands what."""

    header: tuple[str, ...]
    places: Mapping[str, int]
    """For each name of the policy, or of `IDENTITY`, the column that holds it."""
    missing: tuple[str, ...]
    """What the policy asks and no column tells: nobody has it."""

    def at(self, name: str) -> int:
        """The column of a name; -1 where there is none."""
        return self.places.get(name, -1)

    passed: tuple[str, ...] = ()
    """Which columns could have been meant as well, in words."""

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.header)

    @property
    def orders(self) -> bool:
        """Whether each row is an order, and not a customer."""
        return "order" in self.places

    @property
    def named(self) -> dict[str, str]:
        """For each name the column that holds it."""
        return {name: self.header[place] for name, place in self.places.items()}


def layout(header: Sequence[str], policy: Policy, said: Mapping[str, str]) -> Layout:
    """Understand a header; `said` is what the operator says of it.

    Raises `CrisisError` where that is wrong, or where nobody can be told apart or was hurt.
    """
    own = {**policy.harm, **policy.about}
    names = {name: _names(name, column) for name, column in own.items()}
    names |= {name: found for name, found in IDENTITY.items() if name not in names}
    folded = [fold(cell) for cell in header]
    places = _said(header, names, said)
    free = [place not in places.values() for place in range(len(header))]
    for name, called in names.items():
        if name in places:
            continue
        place = by_name(name, called, folded, header)
        if place is not None and (name in own or place not in places.values()):
            places[name] = place
    passed = _Passed(header, names, own, places, free)
    if "customer" not in places and "email" not in places:
        raise _error("no column says who a customer is", header, "--map customer=COLUMN")
    told = {name for name in own if name in places or _told(own[name], places, own)}
    if not told & policy.harm.keys():
        raise _error("no column says what happened to anybody", header, _hint(policy, places))
    missing = [name for name in columns(policy) if name not in told]
    return Layout(tuple(header), places, tuple(missing), tuple(passed.remarks(said)))


def reader(policy: Policy, found: Layout) -> Read:
    """A function that reads a row of such a file."""
    return _Reader(policy, found).function()


def asked(policy: Policy, found: Layout) -> list[int]:
    """The columns on which it depends what a policy gives to a customer."""
    own = {**policy.harm, **policy.about}
    names = {"currency"}.union(*(names_in(each.when) for each in policy.exclude))
    for name in columns(policy):
        names |= {name} if found.at(name) >= 0 else parts(own[name])
    if "customer" in names:
        names.add("email")  # which stands for it
    return sorted({found.at(name) for name in names} - {-1})


def _said(
    header: Sequence[str], names: Mapping[str, object], said: Mapping[str, str]
) -> dict[str, int]:
    """The columns that the operator named. Raises where one of them is to be two things."""
    places: dict[str, int] = {}
    for name, cell in said.items():
        place = as_said(name, cell, header, names)
        other = next((each for each, taken in places.items() if taken == place), None)
        if other is not None:
            what = f"--map names {quoted(header[place], 30)} twice, for {other} and for {name}"
            raise CrisisError(what, hint="a column is one thing: leave out one of them")
        places[name] = place
    return places


class _Passed:
    """Columns that bear a name of what another column was taken for."""

    def __init__(
        self,
        header: Sequence[str],
        names: Mapping[str, Sequence[str]],
        own: Mapping[str, Column],
        places: Mapping[str, int],
        free: Sequence[bool],
    ) -> None:
        """`free` are the columns that the operator did not name."""
        self._header, self._names, self._own = header, names, own
        self._places, self._free = places, free
        self._folded = [fold(cell) for cell in header]

    def remarks(self, said: Mapping[str, str]) -> Iterator[str]:
        """What was taken and what was not. Raises where nothing says which of them is meant."""
        told = []
        for name, place in self._places.items():
            others = [] if name in said else self._others(name, place)
            if not others:
                continue
            if name in self._own and self._folded[place] != fold(name):
                self._refuse(name, place, others[0])
            shown = listed(quoted(self._header[other], 30) for other in others[:_SHOWN])
            told.append(f"{quoted(self._header[place], 30)} for {name}, not {shown}")
        if told:
            yield f"several columns could be meant, these were taken: {'; '.join(told)}"

    def _others(self, name: str, place: int) -> list[int]:
        """The other columns that bear one of the names."""
        called, taken = self._names[name], set(self._places.values())
        return [
            other
            for other, cell in enumerate(self._folded)
            if other not in taken and self._free[other] and cell and cell in called
            and cell != self._folded[place]
        ]  # fmt: skip

    def _refuse(self, name: str, place: int, other: int) -> None:
        first, second = sorted((place, other))
        both = f"{quoted(self._header[first], 30)} and {quoted(self._header[second], 30)}"
        raise CrisisError(
            f"columns {first + 1} and {second + 1}, {both}, can both be {name}",
            hint=f"say which one counts: --map {name}=#{place + 1}",
        )


class _Reader:
    def __init__(self, policy: Policy, found: Layout) -> None:
        self.policy, self.found = policy, found
        self.room: dict[str, object] = {"Decimal": Decimal, "NONE": cells.NONE}
        self.own = {**policy.harm, **policy.about}
        self.currencies = (policy.currency, *policy.rates)

    def function(self) -> Read:
        wanted = columns(self.policy)
        rows = [f"r_{name} = {self._cell(name)}" for name in self._asked(wanted)]
        rows += [f"v{place} = {self._value(name)}" for place, name in enumerate(wanted)]
        given = "".join(f"v{place}, " for place in range(len(wanted)))
        rows.append(f"return ({given})")
        text = "\n".join(["def read(cells, currency):", *(f"    {row}" for row in rows)])
        exec(compile(text, "<columns of an export>", "exec"), self.room)
        made: Read = self.room["read"]  # type: ignore[assignment]
        return made

    def _asked(self, wanted: Sequence[str]) -> list[str]:
        """The names that are counted or summed up over the rows."""
        found: set[str] = set()
        for name in wanted:
            if self.found.at(name) < 0 and name not in self.found.missing:
                found |= parts(self.own[name])
        return sorted(found)

    def _cell(self, name: str) -> str:
        place, column = self.found.at(name), self.own.get(name)
        if place < 0:
            return repr("") if column is None else _NOTHING[column.type]
        if column is None:
            return "currency.lower()" if name == "currency" else f"cells[{place}].strip().lower()"
        title = column.title or name
        if column.type == "money":
            self.room[f"m_{name}"] = {
                code: cells.money(title, column.most, code) for code in self.currencies
            }
            return f"m_{name}[currency][cells[{place}]]"
        self.room[f"m_{name}"] = _memory(column, title)
        return f"m_{name}[cells[{place}]]"

    def _value(self, name: str) -> str:
        column = self.own[name]
        if self.found.at(name) >= 0 or name in self.found.missing:
            return self._cell(name)
        variables = {part: f"r_{part}" for part in parts(column)}
        if column.count:
            return f"1 if {source(column.count, variables, frozenset())} else 0"
        amount = f"max({source(column.sum, variables, frozenset())}, NONE)"
        if not column.when:
            return amount
        return f"{amount} if {source(column.when, variables, frozenset())} else NONE"


def _memory(column: Column, title: str) -> cells.Memory:
    match column.type:
        case "number":
            return cells.numbers(title, column.most)
        case "flag":
            return cells.flags(title)
    return cells.words(title)


def parts(column: Column) -> set[str]:
    """The columns that one is made of."""
    written = [text for text in (column.count, column.sum, column.when) if text]
    return set[str]().union(*map(names_in, written))


def _told(column: Column, places: Mapping[str, int], own: Mapping[str, Column]) -> bool:
    """Whether the columns are there from which this one is counted or summed up."""
    made_of = parts(column)
    return bool(made_of & places.keys()) and _needed(made_of, own) <= places.keys()


def _needed(names: set[str], own: Mapping[str, Column]) -> set[str]:
    """Those without which nothing can be counted or summed up."""
    return {name for name in names if name not in own or not own[name].optional}


def _names(name: str, column: Column) -> tuple[str, ...]:
    return tuple(dict.fromkeys([fold(name), *map(fold, column.names)]))


def _hint(policy: Policy, places: Mapping[str, int]) -> str:
    """The columns that the first harm is counted or summed up from; else the first that is read."""
    made = next((each for each in policy.harm.values() if each.count or each.sum), None)
    needed = _needed(parts(made), policy.about) - places.keys() if made else set[str]()
    lacking = [name for name in _in_order(made) if name in needed] if made else []
    names = lacking or list(policy.harm)[:1] or ["NAME"]
    return " ".join(f"--map {name}=COLUMN" for name in names)


def _in_order(column: Column) -> list[str]:
    """What a column is made of, as it is written there."""
    written = " ".join((column.count, column.sum, column.when))
    return sorted(parts(column), key=written.find)


def _error(what: str, header: Sequence[str], hint: str) -> CrisisError:
    return CrisisError(f"{what}; the columns are {shown(header)}", hint=f"say which one: {hint}")


assert set(KNOWN) | {"at"} == set(IDENTITY)
