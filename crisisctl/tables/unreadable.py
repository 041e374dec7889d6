"""What is told of a row that could not be used, and how much of a file is held at a time."""

from __future__ import annotations

from msgspec import Struct

LONGEST = 1024 * 1024
"""Characters of a row; the stores stop at some ten thousand."""
LONGEST_TEXT = 32 * 1024
"""Characters that are kept of one text: four times what the most patient platform takes."""

BLOCK = 4 * 1024 * 1024
"""Bytes after which no more rows are held at a time, however few they are."""


class Unreadable(Struct, frozen=True, gc=False):
    """A row that could not be used, and why."""

    line: int
    reason: str
    left_out: bool = False
    """Whether it could be read, but is none of ours: a platform says that it is spam."""


Row = tuple[int, list[str]]
"""The line where a row begins, and its cells in the order of the header."""
