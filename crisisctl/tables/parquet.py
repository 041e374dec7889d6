"""The rows of a Parquet file as words, read by DuckDB: the optional extra `[parquet]`.

Its columns have types, and every cell becomes the words that a CSV file would have: 12.50, true,
2025-03-02 10:00:00. So one reader of cells, with one set of refusals, serves both.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

from crisisctl.errors import CrisisError
from crisisctl.tables.decoding import shown
from crisisctl.tables.unreadable import LONGEST, Row, Unreadable

_MAGIC = b"PAR1"
_GLOBS = frozenset("*?[")
"""What DuckDB would take for several files."""


def is_one(path: Path) -> bool:
    """Whether a file begins as a Parquet file does."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False  # whoever opens it next says what is wrong


class Parquet:
    """An open file; rows are counted as in a CSV file, whose header is the first line."""

    separator = ","
    divisible = False  # the library has threads, and those do not go with a fork

    def __init__(self, path: Path) -> None:
        """Raises `CrisisError` where it cannot be read."""
        self.path = path
        self.size = path.stat().st_size
        self.remarks: list[str] = []
        self._line = 1
        self._library = _library()
        if _GLOBS & set(str(path)):
            hint = "rename it: its path must hold none of * ? ["
            raise CrisisError(f"{shown(path)} cannot be opened under this name", hint=hint)
        self._connection = self._library.connect(
            config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        )  # it fetches nothing
        self.header = self._opened()

    def __enter__(self) -> Parquet:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def straight(self, most: int) -> None:
        """It has no lines."""

    def skip(self, most: int) -> bool:
        """Leave behind what `take` would give; False at the end."""
        return self.take(most) is not None

    def take(self, most: int) -> list[Row | Unreadable] | None:
        """The next rows, or why one cannot be used; None at the end."""
        try:
            rows = self._connection.fetchmany(most)
        except self._library.Error as error:
            raise self._damaged(error) from error
        found: list[Row | Unreadable] = []
        for cells in rows:
            self._line += 1
            words = ["" if cell is None else cell.replace("\0", "") for cell in cells]
            if sum(map(len, words)) > LONGEST:
                reason = f"the row is longer than {LONGEST // 1024} KiB"
                found.append(Unreadable(self._line, reason))
            elif any(words):
                found.append((self._line, words))
        return found if rows else None

    def _opened(self) -> list[str]:
        try:
            self._connection.execute("SET TimeZone = 'UTC'")
            path = [str(self.path)]
            self._connection.execute("SELECT * FROM read_parquet($1) LIMIT 0", path)
            cells = ", ".join(_words(*each[:2]) for each in self._connection.description)
            self._connection.execute(f"SELECT {cells} FROM read_parquet($1)", path)
        except self._library.Error as error:
            self._connection.close()
            raise self._damaged(error) from error
        return [str(column[0]).strip() for column in self._connection.description]

    def _damaged(self, error: Exception) -> CrisisError:
        what = str(error).partition("\n")[0]
        return CrisisError(
            f"{shown(self.path)} cannot be read: {what}", hint="export it again", code=1
        )


def _words(name: object, kind: object) -> str:
    """A column in words; a number with three digits behind its point has one more, a nought.

    1.234 in words could be a thousand and more, and what stands here cannot.
    """
    quoted = '"' + str(name).replace('"', '""') + '"'
    cell = f"CAST({quoted} AS VARCHAR)"
    if str(kind).startswith(("DECIMAL", "DOUBLE", "FLOAT", "NUMBER")):
        cell = rf"regexp_replace({cell}, '^(-?\d+\.\d{{3}})$', '\10')"
    return f"{cell} AS {quoted}"


def _library() -> Any:
    try:
        import duckdb
    except ImportError as error:
        raise CrisisError(
            "a Parquet file needs DuckDB, which is not installed",
            hint="install it: pip install 'crisisctl[parquet]'",
        ) from error
    return duckdb
