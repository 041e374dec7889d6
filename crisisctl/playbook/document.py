"""What was read from a YAML file: values, the place of each, and what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeAlias

from msgspec import Struct

from crisisctl.playbook.scalars import Scalar

Path: TypeAlias = tuple[str | int, ...]
"""The way from the top of a document to a value: keys and list positions."""
Value: TypeAlias = "Scalar | list[Value] | dict[str, Value]"


class Mark(Struct, frozen=True, order=True, gc=False):
    """A place in a file, counted from 1; the column counts characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, where, and by which rule."""

    line: int
    column: int
    text: str
    hint: str = ""
    rule: str
    path: Path = field(default=(), compare=False)
    """The value or key that it is about, where that is known."""


@dataclass(frozen=True, slots=True)
class Document:
    """What was read. `value` is None only where a problem says why."""

    value: Value
    keys: dict[Path, Mark]
    values: dict[Path, Mark]
    problems: tuple[Problem, ...]
    singles: dict[Path, Scalar] = field(default_factory=dict)
    """Every value that is neither a list nor a mapping, in order."""

    def mark(self, path: Path, *, key: bool = False) -> Mark:
        """Where a value or its key stands; failing that, its nearest ancestor."""
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        for end in range(len(path), -1, -1):
            if found := first.get(path[:end]) or second.get(path[:end]):
                return found
        return Mark(1, 1)


def lines_of(text: str) -> list[str]:
    """Split where YAML does; `str.splitlines` knows line breaks that YAML does not."""
    return re.split(r"\r\n|\r|\n", text) if "\r" in text else text.split("\n")


def end_of(text: str) -> Mark:
    """Give the place right after a text."""
    lines = lines_of(text)
    return Mark(len(lines), len(lines[-1]) + 1)
