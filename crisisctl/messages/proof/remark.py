"""What proofreading has to say about a place in a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """Something that is wrong at text[start:end]."""

    start: int
    end: int
    rule: str
    text: str
    hint: str = ""
