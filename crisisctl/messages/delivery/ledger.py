"""Who has been written to: an intent before each mail, its result after, for a long list.

SQLite and not lines in a file: an address can be intended once only, whatever
happens, with an index that stays quick at a million rows and out of memory;
and a row is on the disk or it is not. Rows are added, never changed.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from crisisctl.errors import CrisisError
from crisisctl.messages.delivery.envelope import Recipient
from crisisctl.messages.delivery.result import Result, State

T = TypeVar("T")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (subject TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS intent (
    id INTEGER PRIMARY KEY, mailbox TEXT NOT NULL, attempt INTEGER NOT NULL,
    address TEXT NOT NULL, locale TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL,
    UNIQUE (mailbox, attempt)
);
CREATE TABLE IF NOT EXISTS result (
    intent INTEGER PRIMARY KEY REFERENCES intent (id),
    state TEXT NOT NULL, detail TEXT NOT NULL, receipt TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TRIGGER IF NOT EXISTS intents_stay BEFORE UPDATE ON intent
    BEGIN SELECT RAISE(ABORT, 'an intent is never changed'); END;
CREATE TRIGGER IF NOT EXISTS results_stay BEFORE UPDATE ON result
    BEGIN SELECT RAISE(ABORT, 'a result is never changed'); END;
CREATE TRIGGER IF NOT EXISTS intents_remain BEFORE DELETE ON intent
    BEGIN SELECT RAISE(ABORT, 'an intent is never removed'); END;
CREATE TRIGGER IF NOT EXISTS results_remain BEFORE DELETE ON result
    BEGIN SELECT RAISE(ABORT, 'a result is never removed'); END;
"""
_LAST = """
SELECT i.id, i.attempt, i.address, i.locale, i.name, r.state, r.detail, r.receipt
FROM intent i LEFT JOIN result r ON r.intent = i.id
"""
_NEWEST = (
    "NOT EXISTS (SELECT 1 FROM intent n WHERE n.mailbox = i.mailbox AND n.attempt > i.attempt)"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One recipient, and where they stand; an intent without a result is unknown."""

    recipient: Recipient
    result: Result


@dataclass(frozen=True, slots=True)
class Standing:
    """How many of a list are where."""

    delivered: int = 0
    refused: int = 0
    unknown: int = 0
    unreached: int = 0

    @property
    def total(self) -> int:
        """Everybody whose turn has come."""
        return self.delivered + self.refused + self.unknown + self.unreached


class Ledger:
    """The record of one text to many people; one process at a time writes it."""

    def __init__(self, path: Path, subject: str = "") -> None:
        """Open it, to write about this subject; without one only people are settled."""
        self._path = path
        self._lock = _locked(path)
        try:
            with _spoken(path):
                self._rows = _open(path)
            if subject:
                self._about(subject)
        except BaseException:
            os.close(self._lock)
            raise

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(sqlite3.Error):
            self._rows.close()
        os.close(self._lock)

    def intend(self, recipient: Recipient, at: str) -> int | None:
        """Write down, on the disk, that this person is written to now.

        None where that must not happen: they have their mail, were refused, or
        nobody knows. Somebody who was never reached may have another attempt.
        """
        mailbox = _mailbox(recipient)

        def write() -> int | None:
            last = self._rows.execute(
                f"{_LAST} WHERE i.mailbox = ? ORDER BY i.attempt DESC LIMIT 1", (mailbox,)
            ).fetchone()
            if last is not None and last[5] != "unreached":
                return None
            attempt = last[1] + 1 if last else 1
            row = (mailbox, attempt, recipient.address, recipient.locale, recipient.name, at)
            columns = "(mailbox, attempt, address, locale, name, at)"
            made = self._rows.execute(f"INSERT INTO intent {columns} VALUES (?,?,?,?,?,?)", row)
            return made.lastrowid

        return self._saved(write)

    def record(self, intent: int, result: Result, at: str) -> None:
        """Write down what came of an intent."""
        row = (intent, result.state, result.detail, result.receipt, at)
        self._saved(lambda: self._rows.execute("INSERT INTO result VALUES (?,?,?,?,?)", row))

    def settle(self, address: str, *, arrived: bool, by: str, at: str) -> None:
        """A person has looked what became of an unknown one, and says so. Raises on others."""
        found = self._rows.execute(
            f"{_LAST} WHERE i.mailbox = ? ORDER BY i.attempt DESC LIMIT 1",
            (_mailbox(Recipient(address, "")),),
        ).fetchone()
        if found is None or found[5] not in (None, "unknown"):
            raise CrisisError(f"{address} is not among those of whom nothing is known")
        state: State = "delivered" if arrived else "unreached"
        result = Result(state, f"said by {by}")
        if found[5] is None:
            self.record(found[0], result, at)
            return
        again = self._saved(lambda: self._again(found, at))
        self.record(again, result, at)

    def _again(self, found: tuple[object, ...], at: str) -> int:
        columns = "(mailbox, attempt, address, locale, name, at)"
        made = self._rows.execute(
            f"INSERT INTO intent {columns} SELECT mailbox, attempt + 1, address, locale, name, ?"
            " FROM intent WHERE id = ?",
            (at, found[0]),
        )
        return made.lastrowid or 0

    def standing(self) -> Standing:
        """How many are where, by the last attempt of each."""
        return _counted(self._rows)

    def entries(self, *states: State) -> Iterator[Entry]:
        """Those who stand at one of these, or everybody, in the order of their turns."""
        rows = self._rows.execute(f"{_LAST} WHERE {_NEWEST} ORDER BY i.id")
        for _, _, address, locale, name, state, detail, receipt in rows:
            result = Result(
                state or "unknown",
                detail if state else "it was being sent when the program ended",
                receipt or "",
                address,
            )
            if not states or result.state in states:
                yield Entry(Recipient(address, locale, name), result)

    def _about(self, subject: str) -> None:
        found = self._rows.execute("SELECT subject FROM about").fetchone()
        if found is None:
            row = (subject,)
            self._saved(lambda: self._rows.execute("INSERT INTO about VALUES (?)", row))
        elif found[0] != subject:
            self._rows.close()
            hint = "a changed text is a new message: it needs a new approval and a list of its own"
            raise CrisisError(f"{self._path} is about another text", hint=hint)

    def _saved(self, write: Callable[[], T]) -> T:
        """In one transaction that is on the disk when this returns."""
        with _spoken(self._path):
            self._rows.execute("BEGIN IMMEDIATE")
            try:
                made = write()
                self._rows.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._rows.execute("ROLLBACK")
                raise
        return made


def glance(path: Path) -> Standing:
    """How many are where, while somebody else may be sending: it only reads."""
    with _spoken(path):
        rows = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)
        try:
            return _counted(rows)
        finally:
            rows.close()


def _counted(rows: sqlite3.Connection) -> Standing:
    counts = rows.execute(
        "SELECT COALESCE(r.state, 'unknown'), COUNT(*) FROM intent i"
        f" LEFT JOIN result r ON r.intent = i.id WHERE {_NEWEST} GROUP BY 1"
    )
    return Standing(**dict(counts.fetchall()))


def _mailbox(recipient: Recipient) -> str:
    """What counts as the same person."""
    return recipient.address.strip().casefold()


def _open(path: Path) -> sqlite3.Connection:
    rows = sqlite3.connect(path, isolation_level=None, timeout=10)
    rows.execute("PRAGMA journal_mode = WAL")
    rows.execute("PRAGMA synchronous = FULL")
    rows.execute("PRAGMA fullfsync = ON")  # on a Mac, fsync alone does not reach the disk
    rows.execute("PRAGMA trusted_schema = OFF")
    rows.executescript(_SCHEMA)
    return rows


def _locked(path: Path) -> int:
    """Hold the ledger for this process; the system lets go of it when the process dies."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        lock = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CrisisError(f"{path} cannot be written: {error.strerror}", code=1) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        hint = "wait for it to end; both together would not be quicker"
        raise CrisisError("somebody else is sending to this list right now", hint=hint) from None
    return lock


@contextmanager
def _spoken(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        what = f"{path} cannot be used: {error}; nothing more is sent"
        raise CrisisError(
            what, hint="mend that, then send again: it goes on there", code=1
        ) from None
