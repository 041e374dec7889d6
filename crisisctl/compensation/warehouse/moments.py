"""The window of a plan over the times of a warehouse: stamps with a zone, without one, as words."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from crisisctl.compensation.reading import Bounds
from crisisctl.compensation.warehouse.engine import Engine, Value
from crisisctl.compensation.warehouse.words import clean, raw
from crisisctl.tables.dates import NOTHING

_DAY = (
    "(199[5-9]|20[0-9][0-9])-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
    "|(1996|20([02468][048]|[13579][26]))-02-29"
)
_CLOCK = "[ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
_HERE = f"^({_DAY})({_CLOCK})?$"
_THERE = f"^({_DAY}){_CLOCK}(Z|[+]00:?00)$"
_EARLIEST, _LATEST = datetime(1995, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001  # in any zone
_LONGEST_FOLD = 3 * 3600
"""Seconds by which a clock may be put back."""


class Told(NamedTuple):
    """What a column of times says of a row."""

    outside: Value
    faults: list[tuple[Value, str]]
    """Why nobody can tell, each with its name."""
    text: Value
    """The cell in words."""


def told(engine: Engine, column: Value, bounds: Bounds, zone: tzinfo) -> Told:
    """Whether the rows of a column of times are outside these bounds."""
    made = column.type()
    if made.is_timestamp():
        return _stamps(engine, column, bounds, UTC if made.timezone else zone)
    return _words(engine, column, bounds, zone)


def _stamps(engine: Engine, column: Value, bounds: Bounds, zone: tzinfo) -> Told:
    aware = UTC if column.type().timezone else None

    def moment(naive: datetime) -> Value:
        return engine.stamp(naive.replace(tzinfo=aware))

    outside = _outside(engine, column, bounds, zone, moment)
    strange = (column < moment(_EARLIEST)) | (column >= moment(_LATEST))
    faults = [(column.isnull(), "no time"), (strange.fill_null(False), "time")]
    return Told(outside.fill_null(False), faults, raw(column))


def _words(engine: Engine, column: Value, bounds: Bounds, zone: tzinfo) -> Told:
    """Words are compared as numbers such as 20250302101500: no zone of a server comes between."""
    text = clean(column)
    here, there = text.re_search(_HERE), text.re_search(_THERE)
    nothing = text.lower().isin(sorted(NOTHING))
    digits = engine.cases([(here | there, text)], "1995-01-01").re_replace("[^0-9]", "")
    number = digits.concat("000000").left(14).cast("int64")

    def moment(naive: datetime) -> Value:
        return engine.whole(int(naive.strftime("%Y%m%d%H%M%S")))

    outside = engine.cases(
        [
            (here, _outside(engine, number, bounds, zone, moment)),
            (there, _outside(engine, number, bounds, UTC, moment)),
        ],
        False,
    )
    return Told(outside, [(nothing, "no time"), (~(here | there), "time")], raw(column))


def _outside(
    engine: Engine,
    column: Value,
    bounds: Bounds,
    zone: tzinfo,
    moment: Callable[[datetime], Value],
) -> Value:
    sides = []
    if bounds.since:
        sides.append(column < moment(first_second(math.ceil(bounds.since.timestamp()), zone)))
    if bounds.until:
        after = math.floor(bounds.until.timestamp()) + 1
        sides.append(column >= moment(first_second(after, zone)))
    return engine.some(sides)


def first_second(instant: int, zone: tzinfo) -> datetime:
    """The first time on a clock that is not before an instant; its zone is left out.

    An hour that comes twice is the first one: so the second one of it is only reached at its end.
    """
    shown = datetime.fromtimestamp(instant, zone).replace(tzinfo=None, fold=0)
    low, high = -1, _LONGEST_FOLD
    while high - low > 1:
        middle = (low + high) // 2
        read = (shown + timedelta(seconds=middle)).replace(tzinfo=zone).timestamp()
        low, high = (low, middle) if read >= instant else (middle, high)
    return shown + timedelta(seconds=high)
