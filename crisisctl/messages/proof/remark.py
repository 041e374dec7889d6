"""What proofreading has to say about a place in a text."""

from __future__ import annotations

from msgspec import Struct


class Remark(Struct, frozen=True, order=True):
    """Something that is wrong at text[start:end]."""

    start: int
    end: int
    rule: str
    text: str
    hint: str = ""
