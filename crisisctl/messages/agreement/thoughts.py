"""Cut a text where one thought ends and another begins, also where lines are wrapped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

_END = re.compile(r"[.!?…]{1,6}[»”\"')\]]{0,2}(?=\s)|\n")
_ITEM = re.compile(r"[ \t]*(?:[-–—•*]|\d{1,2}[.)])[ \t]")
_LABEL = 60
"""Characters of a line that can be a heading."""


class Thought(Struct, frozen=True):
    """text[start:end]; `item` in a list, `first` in its paragraph, `label` for what follows."""

    start: int
    end: int
    item: bool
    first: bool
    label: bool


def thoughts(text: str, tokens: Sequence[tuple[int, int]]) -> list[Thought]:
    """The thoughts of a text as written; no token, such as "27 nov. à 20 h", is cut in two."""
    ends = [found.end() for found in _ends(text, tokens)]
    borders = [0, *ends, len(text)]
    made: list[Thought] = []
    fresh = True
    for start, end in pairwise(borders):
        said = text[start:end].strip()
        if not said:
            fresh = fresh or "\n" in text[start:end]
            continue
        item = bool(_ITEM.match(text, start))
        made.append(Thought(start, end, item, fresh, _is_label(text, said, end, item=item)))
        fresh = text[start:end].endswith("\n") and text[end : end + 1] in ("\n", "")
    return made


def _is_label(text: str, said: str, end: int, *, item: bool) -> bool:
    if said[-1] in ":?" or item:
        return said[-1] in ":?"
    ends_line = text[end - 1 : end] == "\n"
    return ends_line and len(said) <= _LABEL and said[-1] not in ".!…,;"


def _ends(text: str, tokens: Sequence[tuple[int, int]]) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    number = 0
    for one in _END.finditer(text):
        while number < len(tokens) and tokens[number][1] <= one.start():
            number += 1
        inside = number < len(tokens) and tokens[number][0] < one.start() < tokens[number][1] - 1
        if not inside and _ends_here(text, one, found[-1].end() if found else 0, tokens, number):
            found.append(one)
    return found


def _ends_here(
    text: str,
    one: re.Match[str],
    begun: int,
    tokens: Sequence[tuple[int, int]],
    number: int,
) -> bool:
    rest = text[one.end() : one.end() + 80].lstrip(" \t\n" if one[0] != "\n" else " \t")
    if one[0] != "\n":
        return not rest[:1].islower()
    before = text[begun : one.start()].rstrip()
    if not before or before[-1] in ".!?…:;" or rest[:1] in ("", "\n") or _ITEM.match(rest):
        return True
    if rest[0].islower() or rest[0] == "(":
        return False
    has_token = number > 0 and tokens[number - 1][0] >= begun
    return not rest[0].isdigit() or has_token
