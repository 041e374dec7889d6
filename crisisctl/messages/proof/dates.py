"""Dates that are written out in a text, where a fact should print them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from crisisctl.messages.proof.calendar import Calendar, shapes_of
from crisisctl.messages.proof.folding import fold
from crisisctl.messages.proof.promises import lists_of
from crisisctl.messages.proof.quotations import addresses, inside
from crisisctl.patterns import later
from crisisctl.workspace import Workspace

_FIGURE = later(r"\d")
# 30/11 alone may be a fraction or a version.
_IN_FIGURES = later(
    r"(?<![\d.,/:-])(?:(?:19|20)\d\d-\d\d-\d\d"
    r"|\d{1,2}(?P<sign>[./])\d{1,2}(?P=sign)(?:19|20)\d\d)(?![\d-])"
)


def fixed_dates(text: str, locale: str, workspace: Workspace) -> Iterator[tuple[int, int]]:
    """Every day of a month that is written out, in order."""
    language = locale.partition("-")[0]
    lists = lists_of(workspace, language) if _FIGURE.search(text) else None
    if lists is not None:
        yield from _dates(text, language, lists.words.calendar)


@lru_cache(maxsize=256)
def _dates(text: str, language: str, words: Calendar) -> tuple[tuple[int, int], ...]:
    plain = fold(text, language)
    named = shapes_of(words, language).named
    found = chain(named.finditer(plain), _IN_FIGURES.finditer(plain))
    dates = sorted(each.span() for each in found)
    links = addresses(text) if dates else []
    return tuple(span for span in dates if not inside(span[0], links))
