"""Rows of a file that people and programs read: words guarded, numbers plain, no row breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import lru_cache

from crisisctl.compensation.cells import rounded
from crisisctl.text import cell

_HARMLESS = re.compile(r"\w[\w.@#/+'&-]*").fullmatch
"""Most numbers and addresses of customers: nothing in them needs a guard, or quotation marks."""
_LETTERS = b"".join(bytes([b]) for b in range(128) if _HARMLESS("a" + chr(b))) + b"\n"
"""What they are made of, and what stands between them."""
_ODD_START = re.compile(r"\n[^\w\n]").search
_UNSEEN = re.compile("[\u115f\u1160\u3164\uffa0]").search
"""Letters that nobody can see."""
_SPECIAL = re.compile(r'[",\r\n]').search


def words(text: str) -> str:
    """A foreign text as one field: no formula for a spreadsheet, no break, no second cell."""
    if not text or (_HARMLESS(text) and (text.isascii() or not _UNSEEN(text))):
        return text
    return field(cell(text))


def all_words(texts: Sequence[str]) -> Sequence[str]:
    """The same of many texts: where none of them needs a guard, which is usual, all at once."""
    whole = "\n".join(texts)
    usual = whole.isascii() and whole.count("\n") == len(texts) - 1
    if usual and not whole.encode().translate(None, _LETTERS) and not _ODD_START("\n" + whole):
        return texts
    return list(map(words, texts))


@lru_cache(maxsize=4096)
def same_words(text: str) -> str:
    """The same of a text that stands in many rows."""
    return words(text)


def field(text: str) -> str:
    """A text that needs no guard, as one field."""
    if _SPECIAL(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def number(value: Decimal | None) -> str:
    """A number as programs read it: no exponent, nothing between thousands."""
    return "" if value is None else f"{value:f}"


def share(percent: Decimal) -> str:
    """A percentage without noughts at its end."""
    text = f"{percent:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def sum_of(value: Decimal, currency: str) -> str:
    """A sum in the digits of its currency."""
    return f"{rounded(value, currency):f}"


def moment(when: datetime | None, zone: tzinfo) -> str:
    """A moment as ISO 8601 with its offset; empty where there is none."""
    return "" if when is None else when.astimezone(zone).isoformat(timespec="seconds")


def line(fields: Iterable[str]) -> str:
    """One row of fields."""
    return ",".join(fields) + "\n"


def header(columns: Sequence[str]) -> bytes:
    """The first line."""
    return line(map(field, columns)).encode()
