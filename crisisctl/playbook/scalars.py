"""What a word without quotes means: the core rules of YAML 1.2, with care for codes."""

from __future__ import annotations

import math
import re
from typing import TypeAlias

Scalar: TypeAlias = bool | int | float | str | None

MAX_DIGITS = 18
"""What SQLite and every JSON reader keep exactly as an integer of 64 bits."""

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

# The core schema reads 012 as twelve. Telephone numbers, post codes and article
# numbers begin with a zero too and would lose it, so such a word stays text.
_WHOLE = r"(?:0|[1-9][0-9]*)"
_INTEGER = re.compile(rf"-?{_WHOLE}|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(rf"-?(?:\.[0-9]+|{_WHOLE}(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def resolve(word: str) -> tuple[Scalar, str]:
    """Give the value of a plain word and what is wrong with it (then it stays text)."""
    if word in _WORDS:
        return _WORDS[word], ""
    if word[0] not in "+-.0123456789":
        return word, ""
    if _INTEGER.fullmatch(word):
        return _integer(word)
    if _FLOAT.fullmatch(word):
        return _float(word)
    if _NOT_FINITE.fullmatch(word):
        return word, "not a number a playbook can use"
    return word, ""


def _integer(word: str) -> tuple[Scalar, str]:
    # The length comes first: Python itself refuses to read thousands of digits.
    digits = word.lstrip("+-").removeprefix("0x").removeprefix("0o")
    base = {"0x": 16, "0o": 8}.get(word[:2], 10)
    if len(digits) > MAX_DIGITS or abs(value := int(word, base)) >= 10**MAX_DIGITS:
        return word, f"this number has more than {MAX_DIGITS} digits"
    return value, ""


def _float(word: str) -> tuple[Scalar, str]:
    value = float(word)
    if math.isfinite(value):
        return value, ""
    return word, "this number is too large"
