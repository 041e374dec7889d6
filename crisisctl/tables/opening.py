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

    def __init__(self, text: Text, knows: Knows) -> None:
        self._text, self._table = text, Table(text, knows)
        self.header = self._table.header
        self.take = self._table.take

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
