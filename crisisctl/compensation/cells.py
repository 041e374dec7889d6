"""Cells of an export as values: numbers, money, yes or no, words. What is doubtful is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from crisisctl.errors import CrisisError
from crisisctl.playbook.amounts import decimals, parse_money, parse_number
from crisisctl.playbook.amounts import money_parts as parts
from crisisctl.text import quoted

NONE = Decimal(0)
_MEMORY = 20_000
"""Cells of a column that are remembered: most stand there many times."""
LONGEST = 300
"""Characters of a word that a policy asks about: what is longer is no word."""
_REMEMBERED = 40
"""Characters of a cell up to which it is remembered."""
_PLAIN = re.compile(r"(?a)\d{1,12}(?:\.(?:\d\d?|\d{4,6}))?|(?:0|\d{4,12})\.\d{3}")
"""What reads the same in Paris and in London: 1.234 could be a thousand and more."""
_MILS = re.compile(r"(?a)\d{1,12}\.\d{3}")
"""A sum in a currency with three decimals."""
NOTHING = frozenset(("", "-", "–", "—", "n/a", "null", "none"))
"""Cells that say nothing: nought, or no."""
YES = frozenset(
    ("yes", "y", "true", "t", "1", "x", "on", "oui", "vrai", "sí", "si", "verdadero", "evet")
) | frozenset(("doğru", "да", "истина", "ja"))
NO = frozenset(
    ("no", "n", "false", "f", "0", "off", "non", "faux", "falso", "hayır", "yanlış", "нет")
) | frozenset(("ложь", "nein"))


class BadCell(CrisisError):
    """A cell that cannot be used; the message says why."""


class Memory(dict[str, object]):
    """What the cells of one column say, remembered."""

    def __init__(self, read: Callable[[str], object]) -> None:
        self._read = read

    def __missing__(self, cell: str) -> object:
        value = self._read(cell)
        if len(self) < _MEMORY and len(cell) <= _REMEMBERED:
            self[cell] = value
        return value


def numbers(title: str, most: int | None) -> Memory:
    """Reads a column of numbers that are not below nought."""
    return Memory(lambda cell: _bounded(_number(cell, title), cell, title, most))


def money(title: str, most: int | None, currency: str) -> Memory:
    """Reads a column of sums in one currency, rounded half up to what can be paid."""
    unit = _unit(currency)

    def read(cell: str) -> Decimal:
        found = _sum(cell, title, currency)
        return _bounded(found, cell, title, most).quantize(unit, ROUND_HALF_UP)

    return Memory(read)


def flags(title: str) -> Memory:
    """Reads a column of yes and no, in five languages."""

    def read(cell: str) -> bool:
        word = cell.strip().casefold()
        if word in YES:
            return True
        if word in NO or word in NOTHING:
            return False
        raise BadCell(f"{title}: {quoted(cell, 30)} is neither yes nor no")

    return Memory(read)


def words(title: str) -> Memory:
    """Reads a column of words: case and spaces around them do not count."""

    def read(cell: str) -> str:
        word = cell.strip().lower()
        if len(word) > LONGEST:
            raise BadCell(f"{title}: a word with more than {LONGEST} characters")
        return word

    return Memory(read)


def _number(cell: str, title: str) -> Decimal:
    text = cell.strip()
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if text.casefold() in NOTHING:
        return NONE
    try:
        return Decimal(parse_number(text))
    except CrisisError as error:
        raise BadCell(f"{title}: {error.message}") from None


def _sum(cell: str, title: str, currency: str) -> Decimal:
    text = cell.strip()
    if _PLAIN.fullmatch(text) or (decimals(currency) == 3 and _MILS.fullmatch(text)):
        return Decimal(text)
    if text.casefold() in NOTHING:
        return NONE
    if not any(char.isalpha() or char in "€£$₺₽¥" for char in text):
        return _number(cell, title)
    try:
        amount, code = parts(parse_money(text))
    except CrisisError as error:
        raise BadCell(f"{title}: {error.message}") from None
    if code != currency:
        raise BadCell(f"{title}: {quoted(cell, 30)} is not in {currency}, as the row is")
    return amount


def _bounded(value: Decimal, cell: str, title: str, most: int | None) -> Decimal:
    if value < 0:
        raise BadCell(f"{title}: {quoted(cell, 30)} is less than nothing")
    if most is not None and value > most:
        raise BadCell(f"{title}: {quoted(cell, 30)} is more than {most}: a person must look")
    return value


def rounded(value: Decimal, currency: str) -> Decimal:
    """A sum as it can be paid: half up, in the digits of its currency."""
    return value.quantize(_unit(currency), ROUND_HALF_UP)


@lru_cache(maxsize=256)
def _unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-decimals(currency))


def paid(sums: Mapping[str, Decimal], currency: str) -> Decimal:
    """The sum of an offer in a currency. Raises `BadCell` where it has none in it."""
    try:
        return rounded(sums[currency], currency)
    except KeyError:
        known = ", ".join(sorted(sums))
        raise BadCell(f"the policy gives sums in {known}, not in {currency}") from None
