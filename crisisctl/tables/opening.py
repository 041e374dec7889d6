"""A file of rows, whatever it was saved as: text with separators, or Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from crisisctl.tables import parquet
from crisisctl.tables.decoding import Text
from crisisctl.tables.rows import Table
from crisisctl.tables.unreadable import Row, Unreadable

Knows = Callable[[Sequence[str]], int]
"""How many of some cells are names of columns that are known."""


class Rows(Protocol):
    """An open file of rows."""

    header: list[str]
    separator: str
    divisible: bool
    """Whether two processes may each read a part of it."""

    def straight(self, most: int) -> list[str] | None:
        """The next rows as lines to be split at the separator, left behind; None: `take` them."""

    def skip(self, most: int) -> bool:
        """Leave behind what `take` would give; False at the end."""

    def take(self, most: int) -> list[Row | Unreadable] | None:
        """The next rows, or why one cannot be read; None at the end."""

    @property
    def size(self) -> int:
        """Bytes of the file."""

    @property
    def remarks(self) -> list[str]:
        """What was done to its letters, in words."""


class _Written:
    """A file of text: its rows, and what was done to its letters."""

    divisible = True

    def __init__(self, text: Text, knows: Knows) -> None:
        self._text, table = text, Table(text, knows)
        self.header, self.separator = table.header, table.separator
        self.straight, self.skip, self.take = table.straight, table.skip, table.take

    @property
    def size(self) -> int:
        return self._text.size

    @property
    def remarks(self) -> list[str]:
        return self._text.remarks


@contextmanager
def opened(path: Path, knows: Knows) -> Iterator[Rows]:
    """The rows of a file. Raises `CrisisError` where it is none."""
    if parquet.is_one(path):
        with parquet.Parquet(path) as table:
            yield table
    else:
        with Text(path) as text:
            yield _Written(text, knows)
