"""Numbers with what they count, per cents, sums of money and lengths of time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from crisisctl.messages.agreement.lexicon import MINUTES, Lexicon
from crisisctl.messages.agreement.tokens import Amount, Length

_NUMBER = re.compile(
    r"(?P<whole>\d{1,3}(?:(?P<mark>[ .,'])\d{3})(?:(?P=mark)\d{3}){0,5}|\d{1,18})"
    r"(?P<fraction>[.,]\d{1,6})?(?!\d)"
)
_PART = re.compile(r"(?:[ \t]{1,2}\n?|\n|-)?(?P<unit>[^\W\d_]{1,12})\.?")
_MORE = re.compile(
    r",?(?:[ \t]{1,2}\n?|\n)?(?:(?P<word>[^\W\d_]{1,3})[ \t]{1,2})?(?P<number>\d{1,3})(?!\d)"
)
_SIGN = re.compile(r"[ \t]?(?P<sign>[^\s\d.,;:!?()\[\]\"'%/-]{1,12})\.?")
_SIGN_BEFORE = re.compile(r"(?:^|[^\w$€£₺₽¥₴])(?P<sign>[^\s\d.,;:!?()\[\]\"'%]{1,4})[ \t]?\Z")
_WORD = re.compile(r"[ \t]{0,2}\n?[ \t]{0,2}(?P<word>[^\W\d_]{1,24})")
_NEXT_WORD = re.compile(r"[ \t]{0,2}\n?[ \t]{0,2}(?:\d[\d.,']{0,11}[ ])?(?P<word>[^\W\d_]{1,24})")
"""Also the one behind a second number: "1,200 of our 50,000 customers"."""
_SUFFIX = re.compile(r"'[^\W\d_]{1,6}")
_REACH = 4
"""Words between a number and what it counts: "1 200 de nos fidèles clients"."""
_UNNUMBERED = re.compile(r"[\w#№@&/_-]\Z")
_BULLET = re.compile(r"(?:^|\n)[ \t]{0,8}\Z")
_LONGEST = timedelta(days=3660)


def length_at(plain: str, at: int, lexicon: Lexicon) -> Length | None:
    """The length of time that begins with the number here: "2 hours 35 minutes"."""
    number = _NUMBER.match(plain, at)
    part = _PART.match(plain, number.end()) if number else None
    unit = lexicon.lengths.get(part["unit"]) if part else None
    if number is None or part is None or unit is None:
        return None
    minutes = float(_value(number, lexicon, counted=False)) * MINUTES[unit]
    end = part.end() - (part[0].endswith(".") and not _goes_on(plain, part.end()))
    while MINUTES[unit] > MINUTES["minutes"] / 60:
        more = _further(plain, end, unit, lexicon)
        if more is None:
            break
        added, unit, end = more
        minutes += added
    if minutes * 60 > _LONGEST.total_seconds():
        return None
    return Length(at, end, timedelta(seconds=round(minutes * 60)))


def _goes_on(plain: str, at: int) -> bool:
    return plain[at : at + 2].strip()[:1].isdigit()


def _further(plain: str, at: int, unit: str, lexicon: Lexicon) -> tuple[float, str, int] | None:
    """The next smaller unit of a length: "35 minutes" behind "2 hours"."""
    more = _MORE.match(plain, at)
    if more is None or (more["word"] and more["word"] not in lexicon.length_joins):
        return None
    part = _PART.match(plain, more.end())
    smaller = lexicon.lengths.get(part["unit"]) if part else None
    if part is None or smaller is None:
        bare = unit == "hours" and len(more["number"]) == 2 and not more["word"]
        return (float(more["number"]), "minutes", more.end()) if bare else None
    if MINUTES[smaller] >= MINUTES[unit]:
        return None
    return float(more["number"]) * MINUTES[smaller], smaller, part.end()


def amount_at(plain: str, at: int, lexicon: Lexicon) -> Amount | None:
    """The number here, with its currency or what it counts; None where it numbers something."""
    number = _NUMBER.match(plain, at)
    if number is None:
        return None
    before = plain[max(0, at - 12) : at]
    end, size = _multiple(plain, number.end(), lexicon)
    value = _value(number, lexicon, counted=True) * size
    if percent := _percent(plain, before, at, end, lexicon):
        return Amount(*percent, _value(number, lexicon, counted=False) * size, "percent")
    if money := _money(plain, before, at, end, lexicon):
        start, stop, currency = money
        return Amount(start, stop, _value(number, lexicon, counted=False) * size, "", currency)
    if _UNNUMBERED.search(before) or _is_ordinal(plain, before, number):
        return None
    unit = _unit(plain, end, lexicon)
    if not unit and _is_year(number):
        return None
    if not unit:
        value = _value(number, lexicon, counted=False) * size
    return Amount(at, end, value, unit)


def _value(number: re.Match[str], lexicon: Lexicon, *, counted: bool) -> Decimal:
    """What a number is worth; where things are counted, "1.200" has no fraction anywhere."""
    whole, mark, fraction = number["whole"], number["mark"], number["fraction"]
    twice = mark and whole.count(mark) > 1
    if mark == lexicon.decimal and not twice and not fraction and not counted:
        return Decimal(whole.replace(mark, "."))
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{digits}.{fraction[1:]}") if fraction else Decimal(digits)


def _multiple(plain: str, at: int, lexicon: Lexicon) -> tuple[int, int]:
    word = _WORD.match(plain, at)
    size = lexicon.multiples.get(word["word"]) if word else None
    return (word.end(), size) if word and size else (at, 1)


def _percent(
    plain: str, before: str, at: int, end: int, lexicon: Lexicon
) -> tuple[int, int] | None:
    sign = re.compile(r"[ \t]{0,2}%").match(plain, end)
    if sign:
        return at, sign.end()
    if before.endswith(("%", "% ")):
        return at - len(before) + before.rindex("%"), end
    rest = plain[end : end + 24].lstrip()
    for word in lexicon.percent:
        if rest.startswith(word) and not rest[len(word) : len(word) + 1].isalnum():
            return at, end + plain[end : end + 24].index(word) + len(word)
        if before.rstrip().endswith(f"{word}") and lexicon.locale == "tr":
            return at, end
    return None


def _money(
    plain: str, before: str, at: int, end: int, lexicon: Lexicon
) -> tuple[int, int, str] | None:
    after = _SIGN.match(plain, end)
    if after and after["sign"] in lexicon.currencies:
        return at, after.end("sign"), lexicon.currencies[after["sign"]]
    sign = _SIGN_BEFORE.search(before)
    if sign and sign["sign"] in lexicon.currencies:
        return at - len(before) + sign.start("sign"), end, lexicon.currencies[sign["sign"]]
    return None


def _is_ordinal(plain: str, before: str, number: re.Match[str]) -> bool:
    """Whether it numbers something: "1st", "1er", "2-й", an item in a list."""
    rest = plain[number.end() : number.end() + 3]
    if re.match(r"(?:st|nd|rd|th|er|re|e|º|ª)(?!\w)|-[^\W\d_]", rest):
        return True
    item = _BULLET.search(before) and re.match(r"[.)][ \t]", rest)
    return bool(item) and len(number[0]) <= 2


def _is_year(number: re.Match[str]) -> bool:
    return bool(re.fullmatch(r"20\d\d", number[0]))


def _unit(plain: str, at: int, lexicon: Lexicon) -> str:
    suffix = _SUFFIX.match(plain, at)
    for word in _words_after(plain, suffix.end() if suffix else at):
        unit = lexicon.units.get(word)
        if unit:
            return unit
    return ""


def _words_after(plain: str, at: int) -> Iterator[str]:
    for number in range(_REACH):
        word = (_NEXT_WORD if number else _WORD).match(plain, at)
        if word is None:
            return
        yield word["word"]
        at = word.end()
