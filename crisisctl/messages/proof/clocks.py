"""Times of day that are written into a text, where a fact should print them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from crisisctl.messages.proof.phrases import cut, places
from crisisctl.messages.proof.quotations import addresses, inside
from crisisctl.messages.proof.words import load_words
from crisisctl.patterns import later
from crisisctl.playbook.form import Model
from crisisctl.workspace import Workspace

_BEFORE = 24
"""Characters before an hour among which a preposition is looked for."""
_AFTER = 16
_S = "[ \\u00a0\\u202f]"
_HOUR = later(r"(?<![\w:.,+#-])(?:[01]?\d|2[0-3])(?![\d,])")
_COLON = later(r":[0-5]\d(?![\d:])")
# A sum, a share or a date may look like hours and minutes.
_DOT = rf"\.[0-5]\d(?![.,]?\d)(?!{_S}?(?:%|€|\$|£|₺|₽|tl\b|eur|руб|проц))"
_HALF = rf"{_S}?[ap]\.?{_S}?m\b"
_RANGE = later(
    rf"\d{_S}?(?:h|ч|[ap]m)?{_S}?(?:[-–—]|to|until|till|and|à|et|a|y|hasta|ile|до|и)"
    rf"{_S}?(?:las{_S})?\d|['’][dt][ae]n{_S}\d"
)

_SHAPES: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("", rf"(?:[.:][0-5]\d)?{_HALF}|{_S}?o['’]clock\b"),
        (rf"\b(?:at|by|until|till|before|from|since|after){_S}", _DOT),
    ),
    "fr": (
        # "une panne de 1 h 30" lasted so long
        (
            rf"(?<!pendant{_S})(?<!durant{_S})(?<!dans{_S})(?<!sous{_S})(?<!de{_S})(?<!duré{_S})",
            rf"{_S}?h{_S}?[0-5]\d\b",
        ),
        (rf"(?:\b(?:à|avant|vers|dès|après)|à partir de|d['’]ici à){_S}", rf"{_S}?h(?:eures?)?\b"),
        (rf"\b(?:à|avant|vers){_S}", _DOT),
    ),
    "es": (
        (rf"\blas?{_S}", rf"{_DOT}|{_S}h\b|{_S}de la (?:mañana|tarde|noche|madrugada)"),
        (
            rf"\b(?:a|desde|hasta|hacia|sobre|para) las?{_S}",
            rf"{_S}horas?\b|(?={_S}?(?:[.,;)!?\n]|\Z))",
        ),
        ("", rf"(?:[.:][0-5]\d)?{_HALF}"),
    ),
    "tr": (
        (rf"\bsaat{_S}", rf"(?:[.:][0-5]\d)?(?=['’]\w|(?!{_S}?(?:saat|gün|dakika))\b)"),
        ("", r"\.[0-5]\d(?=['’][dtyae])"),
    ),
    "ru": (
        (rf"\b(?:в|до|к|с|около|после){_S}", rf"{_DOT}|{_S}?ч\b"),
        (rf"\b(?:в|к|около|после){_S}", rf"{_S}час(?:ов|а|у|ам)?\b"),
        ("", rf"{_S}?ч\.?{_S}?[0-5]\d\b"),
    ),
}
"""What makes an hour of a figure, by language: what stands before it, and behind it."""


class Hours(Model, frozen=True, kw_only=True):
    """How a language speaks of times that are the same every day."""

    every: tuple[str, ...]
    """The time comes back: "every day", "Monday to Friday"."""
    open: tuple[str, ...]
    """From one time to another somebody is there: "open", "by phone"."""


def fixed_times(text: str, locale: str, workspace: Workspace) -> Iterator[tuple[int, int]]:
    """Every time of day that is written out, but for those of every day."""
    language = locale.partition("-")[0]
    found = _times(text, language)
    words = load_words(workspace, "hours", language, Hours) if found else None
    usual: dict[int, bool] = {}
    for start, end in found:
        sentence = cut(text, language).at(start)
        if words is not None and sentence not in usual:
            usual[sentence] = _comes_back(text, sentence, language, words)
        if not usual.get(sentence):
            yield start, end


@lru_cache(maxsize=256)
def _times(text: str, language: str) -> tuple[tuple[int, int], ...]:
    shapes = _shapes(language)
    found = [
        (hour.start(), end)
        for hour in _HOUR.finditer(text)
        if (end := _end(text, hour.start(), hour.end(), shapes)) > 0
    ]
    names = addresses(text) if found else []
    return tuple(span for span in found if not inside(span[0], names))


Shapes = tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]


@lru_cache(maxsize=8)
def _shapes(language: str) -> Shapes:
    made = _SHAPES.get(language, ())
    return tuple((re.compile(rf"{b}\Z", re.I), re.compile(a, re.I)) for b, a in made)


def _end(text: str, start: int, end: int, shapes: Shapes) -> int:
    """Where the time ends whose hour this is; -1 where it is no hour."""
    if colon := _COLON.match(text, end):
        return colon.end()
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + _AFTER]
    for left, right in shapes:
        if (found := right.match(after)) and left.search(before):
            return end + found.end()
    return -1


def _comes_back(text: str, sentence: int, language: str, words: Hours) -> bool:
    """Whether a sentence speaks of hours that are the same every day."""
    start, end = cut(text, language).span(sentence)
    said = text[start:end]
    if places(words.every, said, language):
        return True
    return bool(_RANGE.search(said) and places(words.open, said, language))
