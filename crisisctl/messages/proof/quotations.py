"""Where a text is not the sender's own speech: quotations and addresses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

_OPENED = {"«": "»", "“": "”", "„": "“”", "‹": "›", '"': '"', "‘": "’"}
_ONE_LINE = '"’'
"""Marks that mean more than one thing: a quotation ends with them on its own line or nowhere."""
_SIGNS = re.compile(r"\n(?:[^\S\n]*\n)?|[«»“”„‹›\"]|(?<!\w)‘|’(?!\w)")
_CITED = re.compile(r"^[ \t]*>.*", re.MULTILINE)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s\0]++"
    r"|(?<![\w.+-])[\w.+-]++@[\w.-]++"
    r"|(?<![\w.-])(?:[\w-]++\.)+"
    r"(?:com|net|org|info|shop|store|example|eu|fr|es|tr|ru|de|uk|io|co|app|dev)\b(?:/[^\s\0]*+)?",
    re.IGNORECASE,
)

Spans = Sequence[tuple[int, int]]


def inside(place: int, spans: Spans) -> bool:
    """Whether a place lies in one of these spans, which are in order and apart."""
    before = bisect_right(spans, place, key=lambda span: span[0]) - 1
    return before >= 0 and place < spans[before][1]


def quotations(text: str) -> list[tuple[int, int]]:
    """Where somebody else speaks: in quotation marks, or on a line behind `>`.

    A quotation ends in its own paragraph; a mark that nothing closes opens none.
    """
    return _merged([*_marked(text), *(found.span() for found in _CITED.finditer(text))])


def _marked(text: str) -> Iterator[tuple[int, int]]:
    opened, awaited = 0, ""
    for found in _SIGNS.finditer(text):
        sign = found[0]
        if sign[0] == "\n":
            if len(sign) > 1 or awaited in _ONE_LINE:
                awaited = ""
        elif awaited and sign in awaited:
            yield opened, found.end()
            awaited = ""
        elif not awaited and sign in _OPENED and _opens(text, found):
            opened, awaited = found.start(), _OPENED[sign]


def _opens(text: str, sign: re.Match[str]) -> bool:
    """Whether a straight mark can begin a quotation: the one in 15" cannot."""
    if sign[0] != '"':
        return True
    before, after = text[sign.start() - 1 : sign.start()], text[sign.end() : sign.end() + 1]
    return not before.isalnum() and bool(after.strip())


def addresses(text: str) -> list[tuple[int, int]]:
    """Where web and e-mail addresses stand: their words are names, not speech."""
    return [found.span() for found in _ADDRESS.finditer(text)]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
