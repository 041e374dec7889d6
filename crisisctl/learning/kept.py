"""Figures that were reckoned before, in a file beside the journal that can be thrown away.

A row holds only as long as the incident's last event is the one that it was reckoned from,
and as the figures mean the same. Whatever is wrong with the file: it is made anew, or the
figures are reckoned without it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

from crisisctl.learning.figures import VERSION

NAME = "figures.db"
_TABLE = "CREATE TABLE IF NOT EXISTS figures (incident TEXT NOT NULL PRIMARY KEY, head TEXT NOT NULL, body BLOB NOT NULL, traits BLOB NOT NULL)"  # noqa: E501
_PATIENCE = 1.0
"""Seconds to wait for another process: rather reckon anew than wait."""


class Row(Struct, frozen=True, gc=False):
    """What was reckoned of one incident, from which last event."""

    incident: str
    head: str
    body: bytes
    traits: bytes


class Kept:
    """The file; one that cannot be used holds nothing and keeps nothing."""

    def __init__(self, path: Path) -> None:
        self._db = _opened(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._leave()

    @property
    def usable(self) -> bool:
        """Whether anything can be kept."""
        return self._db is not None

    def rows(self) -> dict[str, Row]:
        """All that is kept, by incident."""
        if self._db is None:
            return {}
        try:
            found = self._db.execute(
                "SELECT incident, head, CAST(body AS BLOB), CAST(traits AS BLOB) FROM figures"
            )
            return {row[0]: Row(*row) for row in found}
        except (sqlite3.Error, UnicodeDecodeError):
            self._leave()
            return {}

    def keep(self, rows: Iterable[Row]) -> None:
        """Keep these instead of what was kept of the same incidents."""
        if self._db is None:
            return
        try:
            with self._db:
                self._db.executemany(
                    "INSERT OR REPLACE INTO figures VALUES (?, ?, ?, ?)",
                    [(row.incident, row.head, row.body, row.traits) for row in rows],
                )
        except sqlite3.Error:
            self._leave()

    def _leave(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None


def _opened(path: Path) -> sqlite3.Connection | None:
    try:
        return _connected(path)
    except sqlite3.OperationalError:  # locked, read-only, full: not ours to mend
        return None
    except sqlite3.Error:
        with suppress(OSError, sqlite3.Error):
            path.unlink()  # no database, or a damaged one: nothing in it is missed
            return _connected(path)
        return None
    except OSError:
        return None


def _connected(path: Path) -> sqlite3.Connection:
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    made = sqlite3.connect(path, timeout=_PATIENCE)
    try:
        made.execute("PRAGMA synchronous = OFF")  # lost in a power cut, it is reckoned anew
        made.execute("PRAGMA trusted_schema = OFF")
        with closing(made.execute("PRAGMA user_version")) as found:
            version = found.fetchone()[0]
        if version != VERSION:
            made.execute("DROP TABLE IF EXISTS figures")
            made.execute(_TABLE)
            made.execute(f"PRAGMA user_version = {VERSION}")
            made.commit()
        made.execute("SELECT incident, head, body, traits FROM figures LIMIT 1").fetchone()
    except BaseException:
        made.close()
        raise
    return made
