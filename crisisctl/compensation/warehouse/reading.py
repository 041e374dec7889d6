"""The rows of a table as what a policy asks of them; what cannot be read is told, not guessed.

Nothing raises in a warehouse: a row that cannot be used carries the name of its fault, and the
cell that is at fault. The first fault counts, in the order in which a local run meets them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import NamedTuple

from crisisctl.compensation.cells import LONGEST, NO, NOTHING, YES
from crisisctl.compensation.deciding import Who, columns
from crisisctl.compensation.layout import Layout, parts
from crisisctl.compensation.reading import Bounds
from crisisctl.compensation.twice import compared
from crisisctl.compensation.warehouse.conditions import written
from crisisctl.compensation.warehouse.engine import PLACES, Engine, Rows, Value
from crisisctl.compensation.warehouse.moments import told
from crisisctl.compensation.warehouse.words import clean, raw
from crisisctl.playbook.amounts import SIGNS, decimals
from crisisctl.playbook.policy import Column, Policy

HUGE = 10**12
"""The largest number that is read at all, here as in a cell."""
_WHOLE, _SOME, _MILS = "[0-9]{1,13}", f"([0-9]{{1,2}}|[0-9]{{4,{PLACES}}})", "[.][0-9]{3}"
_PLAIN = f"^-?({_WHOLE}([.]{_SOME})?|(0|[0-9]{{4,13}}){_MILS})$"
"""As in a cell: 1.234 could be a thousand and more."""
_PLAIN_MILS = f"^-?{_WHOLE}{_MILS}$"
"""A sum in a currency with three decimals."""
_CUT = f"^-?[0-9]{{1,13}}([.][0-9]{{1,{PLACES}}})?"
_WRITTEN = "^-?[0-9]{1,13}([.][0-9]+)?$"


class _Cell(NamedTuple):
    value: Value
    wrong: Value | None
    text: Value


class Reading:
    """Gives the table of rows: who, when, what happened to them, and what is wrong."""

    def __init__(
        self, engine: Engine, policy: Policy, found: Layout, bounds: Bounds, zone: tzinfo
    ) -> None:
        self._engine, self._policy, self._found = engine, policy, found
        self._bounds, self._zone = bounds, zone
        self._own: Mapping[str, Column] = {**policy.harm, **policy.about}
        self._wanted = columns(policy)
        self._currencies = (policy.currency, *policy.rates)

    def rows(self, table: Rows, line: str) -> Rows:
        """Every row with `nth`, `key`, `w_` who it is, `v` values, `outside`, `fault`, `cell`.

        `line` is the column that numbers the rows; without one they are numbered by time, order
        and then by all that they say.
        """
        columns = {_at(place): table[name] for place, name in enumerate(self._found.header)
                   if place in self._found.places.values()}  # fmt: skip
        if line:
            columns["c_line"] = table[line].cast("int64")
        table = table.select(**columns)  # names of ours from here on, whatever the table's are
        who = {f"w_{name}": self._word(table, name) for name in Who._fields}
        known = table.mutate(**who)
        known = known.mutate(
            key=self._key(known),
            w_currency=self._currency(known.w_currency),
            currency_cell=known.w_currency,
        )
        cells = {name: self._cell(known, name) for name in self._read()}
        values = {f"v{place}": self._value(name, cells)
                  for place, name in enumerate(self._wanted)}  # fmt: skip
        outside, faults = self._faults(known, cells)
        made = known.mutate(
            **values,
            outside=outside,
            fault=self._engine.cases([(when, name) for when, name, _ in faults], None),
            cell=self._engine.cases([(when, text) for when, _, text in faults], None),
        )
        made = made.mutate(nth=made.c_line if line else self._nth(), **self._twice(known))
        twice = self._twice_names()
        kept = ("nth", "key", "outside", "fault", "cell", *who, *values, *twice)
        return made.select(*kept)

    def _twice_names(self) -> list[str]:
        """Three columns of ours for each of which two rows of an order must agree.

        What it says, `t`; whether that is nothing, `b`; whether nobody can read it, `x`.
        """
        if not self._found.orders:
            return []
        places = range(len(compared(self._policy, self._found)))
        return [f"{what}{place}" for place in places for what in "tbx"]

    def _twice(self, rows: Rows) -> dict[str, Value]:
        told: list[Value] = []
        for name in compared(self._policy, self._found) if self._found.orders else ():
            cell = self._cell(rows, name)
            value = self._engine.one(cell.value) if cell.value.type().is_boolean() else cell.value
            blank = clean(rows[_at(self._found.at(name))]) == ""
            told += [
                value,
                blank,
                self._engine.literal(False) if cell.wrong is None else cell.wrong,
            ]
        return dict(zip(self._twice_names(), told, strict=True))

    def _nth(self) -> Value:
        places = self._found.places
        first = [places[name] for name in ("at", "order") if name in places]
        rest = sorted(set(places.values()) - set(first))
        return self._engine.numbered(["key"], [_at(place) for place in (*first, *rest)])

    def _word(self, table: Rows, name: str) -> Value:
        place = self._found.at(name)
        return clean(table[_at(place)]) if place >= 0 else self._engine.literal("")

    def _key(self, rows: Rows) -> Value:
        """Who it is; empty where nobody can tell."""
        mail = rows.w_email.lower()
        if self._found.at("customer") < 0:
            return mail
        if self._found.at("email") < 0:
            return rows.w_customer
        return self._engine.cases([(rows.w_customer != "", rows.w_customer)], mail)

    def _currency(self, cell: Value) -> Value:
        if self._found.at("currency") < 0:
            return self._engine.literal(self._policy.currency)
        code = cell.upper()
        named = [(code == sign, self._engine.literal(meant)) for sign, meant in SIGNS.items()]
        return self._engine.cases(
            [(code == "", self._engine.literal(self._policy.currency)), *named], code
        )

    def _read(self) -> list[str]:
        """The names whose cells are read, in the order in which a local run reads them."""
        asked = {
            part for name in self._wanted if self._made(name) for part in parts(self._own[name])
        }
        direct = [name for name in self._wanted if self._found.at(name) >= 0]
        return list(dict.fromkeys([*sorted(asked), *direct]))

    def _made(self, name: str) -> bool:
        """Whether a value is counted or summed up, and not read."""
        return self._found.at(name) < 0 and name not in self._found.missing

    def _faults(
        self, rows: Rows, cells: Mapping[str, _Cell]
    ) -> tuple[Value, list[tuple[Value, str, Value]]]:
        engine, outside = self._engine, self._engine.literal(False)
        faults: list[tuple[Value, str, Value]] = []
        at = self._found.at("at")
        if at >= 0 and (self._bounds.since or self._bounds.until):
            when = told(engine, rows[_at(at)], self._bounds, self._zone)
            faults += [(each, name, when.text) for each, name in when.faults]
            outside = when.outside & ~engine.some([each for each, _ in when.faults])
        faults.append((rows.key == "", "nobody", engine.literal("")))
        if self._found.at("currency") >= 0:
            faults.append((~rows.w_currency.isin(self._currencies), "currency", rows.currency_cell))
        for name, cell in cells.items():
            if cell.wrong is not None:
                faults.append((cell.wrong, f"cell {name}", cell.text))
        return outside, faults

    def _value(self, name: str, cells: Mapping[str, _Cell]) -> Value:
        column = self._own[name]
        if name in cells and self._found.at(name) >= 0:
            return cells[name].value
        if not self._made(name):
            return self._nothing(column)
        names = {part: cells[part].value for part in parts(column)}
        if column.count:
            holds = written(self._engine, column.count, names, frozenset())
            return self._engine.cases([(holds, 1)], 0)
        amount = written(self._engine, column.sum, names, frozenset())
        taken = amount > self._engine.literal(0)
        if column.when:
            taken = taken & written(self._engine, column.when, names, frozenset())
        return self._engine.cases([(taken, amount)], 0)

    def _nothing(self, column: Column) -> Value:
        empty: dict[str, object] = {"flag": False, "text": ""}
        return self._engine.literal(empty.get(column.type, 0))

    def _cell(self, rows: Rows, name: str) -> _Cell:
        place, column = self._found.at(name), self._own.get(name)
        if column is None:
            text = rows.w_currency if name == "currency" and place >= 0 else self._word(rows, name)
            return _Cell(text.lower(), None, text)
        if place < 0:
            return _Cell(self._nothing(column), None, self._engine.literal(""))
        cell = rows[_at(place)]
        match column.type:
            case "text":
                word = clean(cell).lower()
                return _Cell(word, word.length() > LONGEST, clean(cell))
            case "flag":
                return self._flag(cell)
            case "money":
                number = self._number(cell, column.most, rows.w_currency)
                return number._replace(value=self._payable(number.value, rows.w_currency))
        return self._number(cell, column.most)

    def _flag(self, cell: Value) -> _Cell:
        if cell.type().is_boolean():
            return _Cell(cell.fill_null(False), None, raw(cell))
        low = clean(cell).lower()
        return _Cell(low.isin(sorted(YES)), ~low.isin(sorted(YES | NO | NOTHING)), raw(cell))

    def _number(self, cell: Value, most: int | None, currency: Value = None) -> _Cell:
        kind = cell.type()
        if kind.is_numeric() and not kind.is_boolean():
            inside = cell.between(-HUGE, HUGE)
            safe = self._engine.cases([(inside, cell)], self._engine.nought(cell))
            value = self._exact(safe)
            strange = ~inside.fill_null(True)
        else:
            text = clean(cell)
            plain = text.re_search(_PLAIN)
            mils = [code for code in self._currencies if decimals(code) == 3]
            if currency is not None and mils:
                plain = plain | (currency.isin(mils) & text.re_search(_PLAIN_MILS))
            value = self._engine.amount(self._engine.cases([(plain, text)], "0"))
            strange = ~(plain | text.lower().isin(sorted(NOTHING)))
        limit = HUGE if most is None else min(most, HUGE)
        wrong = strange | (value < self._engine.literal(0)) | (value > self._engine.literal(limit))
        return _Cell(value, wrong, raw(cell))

    def _exact(self, number: Value) -> Value:
        """A number with a fixed point; what is finer than it can hold is cut off.

        Cut off, not rounded: 19.994999999999997 must not become 19.995 and then 20.
        """
        kind = number.type()
        fixed = kind.is_decimal() and kind.scale is not None and kind.scale <= PLACES
        if kind.is_integer() or fixed:
            return self._engine.amount(number)
        text = number.cast("string")
        plain = text.re_search(_WRITTEN)
        cut = self._engine.cases([(plain, text)], "0").re_extract(_CUT, 0)
        return self._engine.cases(
            [(plain, self._engine.amount(cut))], self._engine.amount(number)
        )  # in another form stand numbers below a thousandth, and in Spark those above a million

    def _payable(self, value: Value, currency: Value) -> Value:
        """Rounded half up in the digits of the currency: no sum that counts is below nought."""
        ways: dict[int, list[str]] = {}
        for code in self._currencies:
            ways.setdefault(decimals(code), []).append(code)
        cases = [
            (currency.isin(codes), self._engine.amount(value.round(places)))
            for places, codes in ways.items()
        ]
        return cases[0][1] if len(cases) == 1 else self._engine.cases(cases, value)


def _at(place: int) -> str:
    return f"c{place}"
