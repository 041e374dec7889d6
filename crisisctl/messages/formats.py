"""Moments, durations, numbers and money in the words of each locale: the templates' filters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_currency_symbol,
    is_currency,
    list_currencies,
)
from babel.units import format_unit
from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.playbook.amounts import money_parts
from crisisctl.text import did_you_mean, listed, offset, quoted


class NotPlain(CrisisError):
    """A value that cannot be printed for customers, or not by this filter."""


class _Habits(Struct, frozen=True):
    """How one locale writes moments, as CLDR patterns."""

    day: str
    short_day: str
    joint: str
    """Between day and time."""
    short_joint: str
    time: str = "HH:mm"
    full_hour: str = "HH:mm"
    first_of_month: str = ""


_FRENCH_TIME = "H\u00a0'h'\u00a0mm"
_HABITS = {
    "en": _Habits("d MMMM y", "d MMM", ", ", ", "),
    "fr": _Habits(
        "d MMMM y", "d MMM", " à ", " à ", _FRENCH_TIME, "H\u00a0'h'", first_of_month="1er"
    ),
    "es": _Habits("d 'de' MMMM 'de' y", "d MMM", ", ", ", ", "H:mm", "H:mm"),
    "tr": _Habits("d MMMM y", "d MMM", " ", " "),
    "ru": _Habits("d MMMM y 'г.'", "d MMM", ", ", ", "),
}

LOCALES = tuple(_HABITS)
"""The locales that crisisctl can write in."""


class _Formats(Struct, frozen=True):
    """The filters of one locale and time zone."""

    locale: Locale
    habits: _Habits
    zone: tzinfo

    def moment(self, value: object) -> str:
        local = self._local(value, "moment")
        return f"{self._day(local, self.habits.day)}{self.habits.joint}{self._time(local)}"

    def clock(self, value: object) -> str:
        local = self._local(value, "clock")
        day = self._day(local, self.habits.short_day)
        return f"{day}{self.habits.short_joint}{self._time(local)}"

    def day(self, value: object) -> str:
        return self._day(self._local(value, "day"), self.habits.day)

    def _local(self, value: object, name: str) -> datetime:
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise _wrong(value, name, "a time")
        return value.astimezone(self.zone)

    def _day(self, local: datetime, pattern: str) -> str:
        if local.day == 1 and self.habits.first_of_month:
            pattern = pattern.replace("d", f"'{self.habits.first_of_month}'", 1)
        return format_datetime(local, pattern, locale=self.locale)

    def _time(self, local: datetime) -> str:
        pattern = self.habits.time if local.minute else self.habits.full_hour
        shown = format_datetime(local, pattern, locale=self.locale)
        return f"{shown} ({offset(local)})"

    def duration(self, value: object) -> str:
        if not isinstance(value, timedelta) or value < timedelta():
            raise _wrong(value, "duration", "a duration")
        parts = [self._unit(number, unit) for unit, number in _split(value) if number]
        return " ".join(parts) or self._unit(0, "minute")

    def _unit(self, number: int, unit: str) -> str:
        if (self.locale.language, unit) == ("tr", "day"):
            return f"{number} gün"  # Babel 2.18 has no such unit and prints "2 duration-day"
        shown = format_unit(number, f"duration-{unit}", length="long", locale=self.locale)
        # CLDR holds the number to its unit with a no-break space in French, minutes excepted.
        return shown.replace(" ", "\u00a0") if self.locale.language == "fr" else shown

    def number(self, value: object) -> str:
        number = _number(value, "number")
        return format_decimal(number, locale=self.locale, decimal_quantization=False)

    def percent(self, value: object) -> str:
        share = Decimal(_number(value, "percent")) / 100
        return format_percent(share, locale=self.locale, decimal_quantization=False)

    def money(self, value: object) -> str:
        amount, currency = _money(value)
        exact = amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)), ROUND_HALF_UP)
        return format_currency(exact, currency, self._money_pattern(currency), self.locale)

    def _money_pattern(self, currency: str) -> str | None:
        symbol = get_currency_symbol(currency, self.locale)
        match self.locale.language:
            case "tr":  # where people write "5,00 TL", CLDR writes "₺5,00"
                return "#,##0.00\u00a0'TL'" if currency == "TRY" else "#,##0.00\u00a0¤"
            case "en" if symbol.isalpha():
                return "¤\u00a0#,##0.00"
        return None  # the locale's own


def _split(length: timedelta) -> tuple[tuple[str, int], ...]:
    """Round to the two units that matter, half a unit up: never a day with seconds."""
    if length < timedelta(minutes=1):
        return (("second", _rounded(length, timedelta(seconds=1))),)
    minutes = _rounded(length, timedelta(minutes=1))
    if minutes < 24 * 60:
        return ("hour", minutes // 60), ("minute", minutes % 60)
    hours = _rounded(length, timedelta(hours=1))
    return ("day", hours // 24), ("hour", hours % 24)


def _rounded(length: timedelta, unit: timedelta) -> int:
    return (length + unit / 2) // unit


def _number(value: object, name: str) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _wrong(value, name, "a number")
    return value


def _money(value: object) -> tuple[Decimal, str]:
    if not isinstance(value, str):
        raise _wrong(value, "money", "a sum of money")
    return money_parts(value)


def _wrong(value: object, name: str, kind: str) -> NotPlain:
    # Showing an undefined name here raises Jinja's own error, which says which name it was.
    return NotPlain(f"{quoted(value)} is not {kind}: the filter {name} cannot show it")


def _formats(locale: str, zone: tzinfo) -> _Formats:
    if locale not in _HABITS:
        meant = did_you_mean(locale, _HABITS)
        raise CrisisError(
            f"{quoted(locale)} is not a locale of crisisctl",
            hint=f"did you mean {meant}?" if meant else f"write {listed(_HABITS, 'or')}",
        )
    return _Formats(Locale(locale), _HABITS[locale], zone)


def filters(locale: str, zone: tzinfo) -> dict[str, Callable[[object], str]]:
    """Give the filters that a template of this locale may use."""
    of = _formats(locale, zone)
    return {
        "moment": of.moment,
        "clock": of.clock,
        "day": of.day,
        "duration": of.duration,
        "number": of.number,
        "percent": of.percent,
        "money": of.money,
    }


def known_currency(code: str) -> bool:
    """Whether these three letters are a currency that can be written."""
    return len(code) == 3 and code.isupper() and is_currency(code)


@cache
def currency_signs(locale: str) -> dict[str, str]:
    """How money is printed in a locale: each sign or code, and its currency."""
    codes = sorted(list_currencies())
    printed = {get_currency_symbol(code, locale): code for code in codes}
    return {**printed, **dict(zip(codes, codes, strict=True))}


def plain(value: object, locale: str, zone: tzinfo) -> str:
    """Print a bare `{{ value }}`, and refuse what has no one obvious form for customers."""
    if isinstance(value, str):
        return value
    of = _formats(locale, zone)
    match value:
        case datetime():
            return of.moment(value)
        case timedelta():
            return of.duration(value)
        case int() | Decimal() if not isinstance(value, bool):
            return of.number(value)
    raise NotPlain(
        f"{quoted(value)} cannot be printed: it is {_KINDS.get(type(value), 'not a plain value')}",
        hint="choose words for it with {% if … %}, or pick one item",
    )


_KINDS = {type(None): "nothing", bool: "a yes or no", tuple: "a list", list: "a list"}


def plural(locale: str, n: int) -> str:
    """The plural form that a number takes in a locale, by its CLDR name: one, few, many, other."""
    return str(_locale(locale).plural_form(n))


@cache
def _locale(locale: str) -> Locale:
    return Locale(locale)
