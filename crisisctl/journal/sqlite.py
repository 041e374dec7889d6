"""The journal in one SQLite file: append-only, chained, safe with several writers."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from crisisctl.errors import CrisisError
from crisisctl.journal.chain import GENESIS, intact, linked, sealed
from crisisctl.journal.damage import Damage, damages
from crisisctl.journal.entries import Head, Row, Summary
from crisisctl.journal.faults import Broken, Conflict, NotSaved, ReadOnly, in_plain_words
from crisisctl.journal.opening import FROZEN, WRITE, check_file, connect, make_file, unread_log

SCHEMA = 1
APPLICATION = 0x63726973
"""Marks the file as ours in its header: "cris"."""

TABLES = (
    """CREATE TABLE events (
    incident TEXT NOT NULL,
    seq INTEGER NOT NULL,
    body BLOB NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (incident, seq)
) WITHOUT ROWID""",
    """CREATE TABLE heads (
    incident TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    playbook TEXT NOT NULL,
    title TEXT NOT NULL,
    severity TEXT NOT NULL,
    status TEXT NOT NULL,
    stage TEXT NOT NULL,
    declared_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    seal TEXT NOT NULL
) WITHOUT ROWID""",
    "CREATE INDEX heads_by_status ON heads (status, declared_at)",
    "CREATE INDEX heads_by_declaration ON heads (declared_at)",
)

HEAD = "incident, seq, hash, playbook, title, severity, status, stage, declared_at, updated_at"

# The body is cast because a column accepts any type: an edit by hand leaves text there.
_ROWS = (
    "SELECT seq, CAST(body AS BLOB), hash FROM events WHERE incident = ? AND seq > ? ORDER BY seq"
)
_NOTE = "INSERT OR REPLACE INTO heads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
# Mostly neither the status nor the declaration changes: leaving them out spares
# both indexes, and so half of what every append writes.
_GO_ON = """UPDATE heads SET seq = ?2, hash = ?3, playbook = ?4, title = ?5, severity = ?6,
    stage = ?8, updated_at = ?10, seal = ?11
    WHERE incident = ?1 AND status = ?7 AND declared_at = ?9"""
_row = cast("type[Row]", partial(tuple.__new__, Row))


class Journal:
    """The events of all incidents, each incident a chain that only grows.

    One connection, for one thread. What `append` has returned for is on the
    disk; what it has not returned for may be looked up with `head`.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, why_read_only: str) -> None:
        """Use `Journal.open`."""
        self.path = path
        self.why_read_only = why_read_only
        self._connection = connection
        self._file = _identity(path)

    @classmethod
    def open(cls, path: Path, *, create: bool = True, patience: float = 5.0) -> Self:
        """Open the journal at `path`, for reading only if it cannot be written.

        `patience` is how many seconds to wait for another process's lock.
        """
        path = path.absolute()
        if create:
            make_file(path)
        check_file(path)
        with in_plain_words(path):
            connection, mode, why = connect(path, WRITE, patience=patience)
            try:
                if mode == FROZEN:
                    why = f"{why}; {_as_of(path)}"
                return cls(path, connection, _known(connection, path, why))
            except BaseException:
                connection.close()
                raise

    @property
    def read_only(self) -> bool:
        """Whether nothing can be added; `why_read_only` says why."""
        return bool(self.why_read_only)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def append(
        self, incident: str, bodies: Sequence[bytes], *, expected: int, summary: Summary
    ) -> int:
        """Record events after the `expected` ones, all or none; return the last number.

        With 0 expected, this declares the incident. It raises Conflict when
        somebody else recorded events in the meantime, NotSaved when the disk
        is full, failing or locked, ReadOnly when nothing may be written.
        """
        if not bodies:
            raise ValueError("an append needs at least one event")
        self._check_writable()
        with in_plain_words(self.path, writing=True), self._transaction("IMMEDIATE"):
            last, previous = self._last(incident)
            if last != expected:
                raise Conflict(incident, expected, last)
            links = linked(incident, bodies, after=last, previous=previous)
            self._add(links, summary)
        return last + len(bodies)

    def read(self, incident: str, *, after: int = 0) -> list[Row]:
        """Give an incident's events in order, without checking them."""
        with in_plain_words(self.path):
            return select_rows(self._connection, incident, after)

    def read_verified(self, incident: str) -> list[Row]:
        """Give an incident's events in order; raise Broken at the first that was changed."""
        with in_plain_words(self.path), self._transaction("DEFERRED"):
            rows = select_rows(self._connection, incident)
            head = select_head(self._connection, incident)
        if not intact(incident, rows, head):
            raise Broken(damages(incident, rows, head)[0])
        return rows

    def head(self, incident: str) -> Head | None:
        """Say where an incident stands, if there is one of that name."""
        with in_plain_words(self.path):
            return select_head(self._connection, incident)

    def heads(
        self, *, status: Collection[str] | None = None, limit: int | None = None
    ) -> list[Head]:
        """List incidents, newest first; only those of the given statuses."""
        chosen, values = "", tuple(status or ())
        if status is not None:
            chosen = f"WHERE status IN ({', '.join('?' * len(values))})"
        query = (
            f"SELECT {HEAD} FROM heads {chosen} ORDER BY declared_at DESC, incident DESC LIMIT ?"
        )
        with in_plain_words(self.path):
            found = self._connection.execute(query, (*values, -1 if limit is None else limit))
            return [Head(*row) for row in found]

    def next_id(self, stem: str) -> str:
        """Give the first free id: the stem, or else the stem with -2, -3 and so on."""
        number, candidate = 1, stem
        with in_plain_words(self.path):
            while self._taken(candidate):
                number += 1
                candidate = f"{stem}-{number}"
        return candidate

    def _check_writable(self) -> None:
        if self.why_read_only:
            raise ReadOnly(self.why_read_only, hint="nothing was recorded")
        # SQLite goes on writing to a deleted file, where nobody finds it again.
        if _identity(self.path) != self._file:
            why = f"{self.path} was moved or deleted while it was open"
            raise NotSaved(why, hint="put it back, then start again; nothing was recorded")

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[None]:
        try:
            self._connection.execute(f"BEGIN {kind}")
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                # The first error is the one to report; closing rolls back as well.
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
            raise

    def _last(self, incident: str) -> tuple[int, str]:
        query = "SELECT seq, hash FROM heads WHERE incident = ?"
        found: tuple[int, str] | None = self._connection.execute(query, (incident,)).fetchone()
        return found or (0, GENESIS)

    def _add(self, links: Sequence[tuple[str, int, bytes, str]], summary: Summary) -> None:
        incident, last, _, hash_ = links[-1]
        try:
            self._connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?)", links)
        except sqlite3.IntegrityError as error:
            text = f"event {links[0][1]} is there, but not noted as the last one"
            raise Broken(Damage(incident, links[0][1], text)) from error
        head = (
            incident,
            last,
            hash_,
            summary.playbook,
            summary.title,
            summary.severity,
            summary.status,
            summary.stage,
            summary.declared_at,
            summary.updated_at,
        )
        values = (*head, sealed(head))
        if not self._connection.execute(_GO_ON, values).rowcount:
            self._connection.execute(_NOTE, values)

    def _taken(self, incident: str) -> bool:
        query = (
            "SELECT EXISTS (SELECT 1 FROM heads WHERE incident = ?)"
            " OR EXISTS (SELECT 1 FROM events WHERE incident = ?)"
        )
        found: tuple[int] = self._connection.execute(query, (incident, incident)).fetchone()
        return bool(found[0])


def select_rows(connection: sqlite3.Connection, incident: str, after: int = 0) -> list[Row]:
    """Read an incident's events as they stand."""
    return list(map(_row, connection.execute(_ROWS, (incident, after))))


def select_head(connection: sqlite3.Connection, incident: str) -> Head | None:
    """Read what is noted about an incident."""
    query = f"SELECT {HEAD} FROM heads WHERE incident = ?"
    row = connection.execute(query, (incident,)).fetchone()
    return Head(*row) if row else None


def _as_of(path: Path) -> str:
    if log := unread_log(path):
        return f"the newest events may be missing: {log} cannot be read"
    return "shown as it was when it was opened"


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _known(connection: sqlite3.Connection, path: Path, why_read_only: str) -> str:
    """Recognise the file as ours, or make it ours if it is new."""
    if not why_read_only and _is_blank(connection):
        with in_plain_words(path, writing=True):
            _make_tables(connection)
    if pragma(connection, "application_id") != APPLICATION:
        raise CrisisError(f"{path} is a SQLite file, but not a journal of crisisctl")
    schema = pragma(connection, "user_version")
    if schema > SCHEMA:
        connection.execute("PRAGMA query_only = ON")
        return f"{path} was written by a newer crisisctl (format {schema}, known is {SCHEMA})"
    return why_read_only


def _is_blank(connection: sqlite3.Connection) -> bool:
    return not (pragma(connection, "schema_version") or pragma(connection, "application_id"))


def pragma(connection: sqlite3.Connection, name: str) -> int:
    """Read a number from the file's header."""
    found: tuple[int] = connection.execute(f"PRAGMA {name}").fetchone()
    return found[0]


def _make_tables(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    if _is_blank(connection):  # nobody else was quicker
        for statement in TABLES:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
    connection.execute("COMMIT")
