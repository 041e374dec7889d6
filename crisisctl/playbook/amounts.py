"""Numbers and sums of money as people write them in five countries.

A comma is a decimal mark in Paris and groups thousands in London: whatever
reads differently in the two places is refused.
"""

from __future__ import annotations

import re
from decimal import Decimal

from crisisctl.playbook.times import BadValue
from crisisctl.text import quoted

_HUGE = 10**12
_LONGEST = 40
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'", "\u2212": "-"})

# Text until first used: a command typed in the heat seldom reads a number.
_GROUPED = (
    r"(?a)[1-9]\d{0,2}(?P<mark>[ ',.])\d{3}(?P<more>(?:(?P=mark)\d{3})*)"
    r"(?:(?!(?P=mark))[.,](?P<fraction>\d+))?"
)
_SIMPLE = r"(?a)\d+(?:[.,](?P<fraction>\d+))?"


def parse_number(text: str) -> int | Decimal:
    """Read "1234", "1 234,5" or "1,234.5"; "1,234" alone could mean either and is refused."""
    bare = text.strip().translate(_SPACES)
    sign, digits = ("-" if bare[:1] == "-" else ""), re.sub(r"^[+-] ?", "", bare)
    grouped = re.fullmatch(_GROUPED, digits)
    found = grouped or re.fullmatch(_SIMPLE, digits)
    if not found or len(bare) > _LONGEST:
        raise BadValue(f"{quoted(text)} is not a number: write 1234 or 1234.5")
    fraction = found["fraction"]
    if grouped and grouped["mark"] in ",." and not (fraction or grouped["more"]):
        first, rest = digits.split(grouped["mark"])
        raise BadValue(
            f"{quoted(text)} can be read in two ways: write {sign}{first}{rest}"
            f" or {sign}{first}.{rest}0"
        )
    whole = re.sub(r"\D", "", digits[: -len(fraction)] if fraction else digits)
    if fraction:
        return checked(Decimal(f"{sign}{whole}.{fraction}"))
    return checked(int(sign + whole))


def checked(number: int | Decimal) -> int | Decimal:
    """Let a number through that can be counted with."""
    if isinstance(number, Decimal) and not number.is_finite():
        raise BadValue(f"{quoted(number)} is not a number: write 1234 or 1234.5")
    if not -_HUGE <= number <= _HUGE:
        raise BadValue("the number is too large: 1 000 000 000 000 at most")
    return number


SIGNS = {"€": "EUR", "£": "GBP", "₺": "TRY", "TL": "TRY", "₽": "RUB"}
"""What stands for the code of a currency."""
_MANY = {"$": "USD, CAD or AUD", "¥": "JPY or CNY"}
# ISO 4217: the currencies that have no cents, and those with three decimals.
_WITHOUT_CENTS = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"}
    | {"PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_MONEY = r"(?a)(?P<before>[^\d\s+-]*)\s*(?P<amount>[+-]?\d[\d ,.']*?)\s*(?P<after>[^\d\s,.']*)"


def parse_money(text: str) -> str:
    """Read "12.50 EUR", "EUR 12,50" or "12 €" and write it as "12.50 EUR"."""
    found = len(text) <= _LONGEST and re.fullmatch(_MONEY, text.strip().translate(_SPACES))
    if not found:
        raise BadValue(f"{quoted(text)} is not a sum of money: write 12.50 EUR")
    code = _currency(text, found["before"], found["after"])
    try:
        amount = parse_number(found["amount"])
    except BadValue as bad:
        raise BadValue(f"{bad.message}; with its cents, such as 1234.50 {code}") from None
    places = decimals(code)
    if amount < 0:
        raise BadValue(f"{quoted(text)} is less than nothing: write a sum without a minus")
    if amount != round(amount, places):
        raise BadValue(
            f"{quoted(text)} is finer than {code} can be paid: {places} decimals at most"
        )
    return f"{amount:.{places}f} {code}"


def _currency(text: str, before: str, after: str) -> str:
    if before and after:
        raise BadValue(f"{quoted(text)} names two currencies: write 12.50 EUR")
    sign = (before or after).upper()
    if not sign:
        raise BadValue(f"{quoted(text)} has no currency: write 12.50 EUR")
    if sign in _MANY:
        raise BadValue(f"{quoted(text)} does not say which {sign}: write {_MANY[sign]}")
    code = SIGNS.get(sign, sign)
    if not re.fullmatch("[A-Z]{3}", code):
        raise BadValue(f"{quoted(text)} has no known currency: write three letters, 12.50 EUR")
    return code


def decimals(currency: str) -> int:
    """Say how many decimals a currency is paid in."""
    if currency in _WITHOUT_CENTS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def money_parts(money: str) -> tuple[Decimal, str]:
    """Take apart a sum as `parse_money` writes it."""
    found = re.fullmatch(r"(?a)(\d+(?:\.\d+)?) ([A-Z]{3})", money)
    if not found:
        raise BadValue(f"{quoted(money)} is not a sum of money: write 12.50 EUR")
    return Decimal(found[1]), found[2]
