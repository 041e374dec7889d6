"""Apologies that hang on a condition."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from crisisctl.messages.proof.cues import NEAR, Shapes, Words, cued, shapes_of
from crisisctl.messages.proof.folding import fold
from crisisctl.messages.proof.match import find
from crisisctl.messages.proof.remark import Remark

_REACH = 90
"""Characters in which a condition belongs to the apology before it."""
_ENOUGH = 500
"""Apologies that are looked at."""
_BREATH = re.compile(r"[^.;:!?\n\0,(—]*")
_LAST_BREATH = re.compile(r"[.;:!?\n\0(—]")
_COMMA = re.compile(r",[ \u00a0]?")


def conditional_apologies(text: str, locale: str, words: Words) -> list[Remark]:
    """Apologies with an if: who says sorry so has not decided whether anything happened."""
    return [
        Remark(
            start,
            end,
            "conditional-apology",
            f'the apology hangs on a condition: "{" ".join(text[start:end].split())}"',
            "say what happened and that you are sorry for it, without an if",
        )
        for start, end in _conditional(text, locale, words)
    ]


@lru_cache(maxsize=512)
def _conditional(text: str, locale: str, words: Words) -> tuple[tuple[int, int], ...]:
    shapes, folded = shapes_of(locale, words), fold(text, locale)
    excused = [(m.start, m.end) for m in find(words.tone, text, locale, quoted=True)]
    found: list[tuple[int, int]] = []
    apologies = cued(text, locale, words.apology.say, words.apology.but)
    for start, end in islice(apologies, _ENOUGH):
        span = _after(folded, start, end, shapes) or _before(folded, start, end, shapes)
        if span is not None and not any(a < span[1] and span[0] < b for a, b in excused):
            found.append(span)
    return tuple(dict.fromkeys(found))


def _after(folded: str, start: int, end: int, shapes: Shapes) -> tuple[int, int] | None:
    breath = _BREATH.match(folded, end, end + _REACH)
    said = breath[0] if breath else ""
    if found := shapes.after.search(said):
        return start, end + found.end()
    comma = _COMMA.match(folded, end + len(said))
    clause = shapes.before.match(folded, comma.end()) if comma else None
    return None if clause is None else (start, clause.end())


def _before(folded: str, start: int, end: int, shapes: Shapes) -> tuple[int, int] | None:
    said = _LAST_BREATH.split(folded[max(0, start - _REACH) : start])[-1]
    begin = start - len(said.lstrip())
    if shapes.close and (found := shapes.close.search(said)):
        return start - len(said) + found.start(), end
    condition, comma, between = said.rpartition(",")
    if comma and len(between.split()) <= NEAR and shapes.before.match(condition.lstrip()):
        return begin, end
    return None
