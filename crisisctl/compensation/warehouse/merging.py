"""The rows of a table -> customers, each once: what `compensation.customers` does with a file.

Rows outside the window and orders that came before do not count. The first row that can be read
says who a customer is; one row that cannot makes the whole customer a matter for a person.
"""

from __future__ import annotations

from crisisctl.compensation.deciding import Who
from crisisctl.compensation.limits import Limit
from crisisctl.compensation.several import Join
from crisisctl.compensation.twice import ORDERS, SHOWN
from crisisctl.compensation.warehouse.engine import Engine, Rows, Value

COUNTS = ("rows", "outside", "repeated", "merged", "countries")
"""What is counted of each customer: of their rows, and of the customers themselves."""
_PERSON = ["key", "alone"]
"""What the rows of one customer have in common; a row of nobody stands alone."""


def customers(engine: Engine, rows: Rows, ways: list[Join], limits: list[Limit]) -> Rows:
    """One row for each customer: `line`, `key`, `w_`, `v`, `fault`, `cell`, `wrong`, counts.

    `wrong` is the row that is at fault, `kept` how many of them count: nought of a customer all
    of whose rows are outside.
    """
    merged = _merged(engine, _judged(engine, _counted(engine, rows), ways), ways)
    return _limited(engine, merged, limits)


def _limited(engine: Engine, found: Rows, limits: list[Limit]) -> Rows:
    """With the fault of a customer of whom more is told than can be right."""
    if not limits:
        return found
    none = found.fault.isnull()
    over = [(none & (found[f"v{each.place}"] > engine.literal(each.most)), each) for each in limits]
    told = [(when, found[f"v{each.place}"].cast("string")) for when, each in over]
    return found.mutate(
        fault=engine.cases([(when, f"most {each.name}") for when, each in over], found.fault),
        cell=engine.cases(list(told), found.cell),
        wrong=engine.cases([(when, found.line) for when, _ in over], found.wrong),
    )


def _counted(engine: Engine, rows: Rows) -> Rows:
    """Rows with `kept` and `repeated`."""
    rows = rows.mutate(
        alone=engine.cases([(rows.key == "", rows.nth)], engine.whole(-1)),
        inside=~rows.outside,
        numbered=rows.w_order != "",
    )
    came = rows.nth.min(where=rows.inside).over(engine.within([*_PERSON, "w_order"]))
    rows = rows.mutate(came=came)
    rows = rows.mutate(again=rows.numbered & (rows.nth > rows.came).fill_null(False))
    rows = rows.mutate(kept=rows.inside & ~rows.again, differs=rows.again & _differs(engine, rows))
    return rows.mutate(place=engine.numbered([*_PERSON, "kept"], ["nth"]))


def _differs(engine: Engine, rows: Rows) -> Value:
    """Whether a row does not agree with the first one of its order."""
    same = engine.within([*_PERSON, "w_order"])
    found = []
    for name in rows.columns:
        if name.startswith("t") and name[1:].isdecimal():
            value, blank, wrong = rows[name], rows[f"b{name[1:]}"], rows[f"x{name[1:]}"]
            first = value.max(where=rows.nth == rows.came).over(same)
            found.append(~blank & (wrong | (value != first).fill_null(False)))
    return engine.some(found)


def _judged(engine: Engine, rows: Rows, ways: list[Join]) -> Rows:
    """Rows with `is_first`, and the fault of a customer whose rows are in two currencies."""
    person = engine.within(_PERSON)
    rows = rows.mutate(good=rows.kept & rows.fault.isnull())
    rows = rows.mutate(first_at=rows.nth.min(where=rows.good).over(person))
    rows = rows.mutate(is_first=(rows.nth == rows.first_at).fill_null(False))
    rows = rows.mutate(
        land=rows.w_country.upper(),
        first_currency=rows.w_currency.max(where=rows.is_first).over(person),
        first_land=rows.w_country.upper().max(where=rows.is_first).over(person),
    )
    clash = (rows.good & (rows.w_currency != rows.first_currency)).fill_null(False)
    both = rows.first_currency.concat(" and ").concat(rows.w_currency)
    lines = (rows.came.cast("string"), rows.nth.cast("string"))
    twice = rows.w_order.concat(" ").concat(lines[0]).concat(" ").concat(lines[1])
    moved = (rows.land != "") & (rows.first_land != "") & (rows.land != rows.first_land)
    rows = rows.mutate(
        fault=engine.cases(
            [(clash, "two currencies"), (rows.kept, rows.fault), (rows.differs, "order")], None
        ),
        cell=engine.cases([(clash, both), (rows.differs, twice)], rows.cell),
        moved=(rows.good & moved).fill_null(False),
        again=rows.again | (rows.good & ~rows.numbered & ~rows.is_first),
    )
    rows = rows.mutate(wrong_at=rows.nth.min(where=rows.fault.notnull()).over(person))
    told = {
        f"said{place}": rows.nth.min(where=rows.good & (rows[f"v{place}"] != "")).over(person)
        for place, way in enumerate(ways)
        if way == "first"
    }
    return rows.mutate(**told) if told else rows


def _merged(engine: Engine, rows: Rows, ways: list[Join]) -> Rows:
    rows = _touched(engine, rows, len(ways))
    wrong = (rows.nth == rows.wrong_at).fill_null(False)
    values = {f"v{place}": _value(engine, rows, place, way) for place, way in enumerate(ways)}
    found = rows.group_by(_PERSON).aggregate(
        line=rows.nth.min(),
        **{f"w_{name}": rows[f"w_{name}"].max(where=rows.is_first) for name in Who._fields},
        **values,
        **{
            f"l{place}": rows.nth.max(where=rows.kept & (rows.place == engine.whole(place)))
            for place in range(SHOWN)
        },
        **{
            f"n{place}": rows.w_order.max(where=rows.touched & (rows.turn == engine.whole(place)))
            for place in range(ORDERS + 1)
        },
        fault=rows.fault.max(where=wrong),
        cell=rows.cell.max(where=wrong),
        wrong=rows.wrong_at.min(),
        wrong_currency=rows.w_currency.max(where=wrong),
        kept=engine.one(rows.kept).sum(),
        rows=rows.count(),
        outside=engine.one(rows.outside & ~rows.again).sum(),
        repeated=engine.one(rows.again).sum(),
        countries=engine.one(rows.moved).max(),
        lines=rows.nth.nunique(),
    )
    return found.mutate(
        merged=engine.one(found.kept > 1),
        # a cell that is at fault is read in the currency of its row
        w_currency=engine.cases([(found.fault.notnull(), found.wrong_currency)], found.w_currency),
    )


def _touched(engine: Engine, rows: Rows, values: int) -> Rows:
    """With the turn of each order in which something happened."""
    something = []
    for place in range(values):
        value = rows[f"v{place}"]
        kind = value.type()
        if kind.is_boolean():
            something.append(value)
        else:
            something.append(value != ("" if kind.is_string() else engine.literal(0)))
    touched = (rows.good & rows.numbered & engine.some(something)).fill_null(False)
    rows = rows.mutate(touched=touched)
    return rows.mutate(turn=engine.numbered([*_PERSON, "touched"], ["nth"]))


def _value(engine: Engine, rows: Rows, place: int, way: Join) -> Value:
    value = rows[f"v{place}"]
    match way:
        case "sum":
            return value.sum(where=rows.good).fill_null(engine.literal(0))
        case "most":
            return value.max(where=rows.good).fill_null(engine.literal(0))
        case "any":
            return value.any(where=rows.good).fill_null(False)
    return value.max(where=rows.nth == rows[f"said{place}"]).fill_null("")
