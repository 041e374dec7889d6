"""Take a text apart into sentences, and blank what is no prose: links, addresses, quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from crisisctl.patterns import later

_END = re.compile(r"[.!?…][.!?…]{0,5}[»”\")\]]{0,2}[ \t\u00a0\u202f]{1,4}")
_OPENING = "¿¡«“„(\"'[-–—\0"
_LINK = later(r"https?://[^\s\0]+|www\.[^\s\0]+")
_ADDRESS = later(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = later(
    r"(?<![\w.])(?!\d{4}-\d\d-\d\d)(?:\+\(?\d(?:[ \u00a0\u202f().-]{0,2}\d){6,16}"
    r"|\(?\d(?:[ \u00a0\u202f().-]{0,2}\d){8,16})(?![\w:])"
)
_NUMBER = later(r"(?<![\d:])\d[\d \u00a0]{1,12}\d(?![\d:])")
_BULLET = re.compile(r"[ \t]*(?:[-–—•*]|\d{1,2}[.)])[ \t]+")


class Sentence(Struct, frozen=True):
    """A sentence at text[start:end], in its line and paragraph."""

    start: int
    end: int
    line: int
    paragraph: int


@lru_cache(maxsize=256)
def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text; a line is never part of two, an abbreviation ends none."""
    return tuple(_sentences(text))


def _sentences(text: str) -> Iterator[Sentence]:
    start = paragraph = 0
    for number, line in enumerate(text.split("\n")):
        if not line.strip():
            paragraph += 1
        else:
            for begin, end in _of_line(line):
                yield Sentence(start + begin, start + end, number, paragraph)
        start += len(line) + 1


def _of_line(line: str) -> Iterator[tuple[int, int]]:
    bullet = _BULLET.match(line)
    begin = bullet.end() if bullet else len(line) - len(line.lstrip())
    for found in _END.finditer(line, begin):
        after = line[found.end() : found.end() + 1]
        if after and (after.isupper() or after in _OPENING):
            yield begin, found.end()
            begin = found.end()
    if line[begin:].strip():
        yield begin, len(line)


@lru_cache(maxsize=256)
def without_links(text: str) -> str:
    """The text with links, addresses and phone numbers blanked; every place stays."""
    shapes = (_LINK, _ADDRESS, _PHONE) if "@" in text else (_LINK, _PHONE)
    for shape in shapes:
        text = shape.sub(lambda found: " " * len(found[0]), text)
    return text


def reachable(text: str) -> bool:
    """Whether it holds an e-mail address or a phone number."""
    return bool(_ADDRESS.search(text) or _PHONE.search(text))


def leads_somewhere(text: str) -> bool:
    """Whether it holds a link or a number to call, however short."""
    return bool(_LINK.search(text) or _NUMBER.search(text))


def begins_list(text: str, start: int) -> bool:
    """Whether the line that holds this place is an item of a list."""
    return bool(_BULLET.match(text, text.rfind("\n", 0, start) + 1))
