"""Checking a journal: the file, its tables, every chain and head. It never repairs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from crisisctl.errors import CrisisError
from crisisctl.journal.chain import intact, sealed
from crisisctl.journal.damage import Damage, damages
from crisisctl.journal.entries import Head
from crisisctl.journal.faults import Broken, in_plain_words
from crisisctl.journal.opening import FROZEN, READ, check_file, connect, unread_log
from crisisctl.journal.sqlite import (
    APPLICATION,
    HEAD,
    SCHEMA,
    TABLES,
    Journal,
    pragma,
    select_head,
    select_rows,
)


def verify(journal: Journal | Path, incident: str | None = None) -> list[Damage]:
    """List everything that is not as it was recorded; of one incident, or of all.

    The file is opened for reading only, so a damaged journal stays as it was
    found. Somebody who can compute the hashes anew is not found out.
    """
    path = journal.path if isinstance(journal, Journal) else journal.absolute()
    try:
        check_file(path)
        if path.stat().st_size == 0:
            return [Damage(None, None, f"{path} is empty")]
        with in_plain_words(path):
            connection, mode, _ = connect(path, READ, patience=5.0)
    except Broken as error:
        return [error.damage]
    with closing(connection):
        return [*_unread(path, mode), *_checked(connection, path, incident)]


def _unread(path: Path, mode: str) -> Iterator[Damage]:
    if mode == FROZEN and (log := unread_log(path)):
        yield Damage(None, None, f"{path}: the newest events may be missing: {log} cannot be read")


def _checked(connection: sqlite3.Connection, path: Path, incident: str | None) -> Iterator[Damage]:
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    connection.execute("BEGIN")  # one moment for all checks, whoever writes meanwhile
    yield from _readable(_pages(connection, path), None, str(path))
    yield from _readable(_tables(connection, path), None, str(path))
    yield from _readable(_incidents(connection, incident), None, str(path))


def _readable(found: Iterator[Damage], incident: str | None, where: str) -> Iterator[Damage]:
    try:
        yield from found
    except sqlite3.DatabaseError as error:
        yield Damage(incident, None, f"{where} cannot be read to the end ({error})")


def _pages(connection: sqlite3.Connection, path: Path) -> Iterator[Damage]:
    for (line,) in connection.execute("PRAGMA integrity_check(5)"):
        if line != "ok":
            yield Damage(None, None, f"{path} is damaged inside ({' '.join(line.split())})")


def _tables(connection: sqlite3.Connection, path: Path) -> Iterator[Damage]:
    if pragma(connection, "application_id") != APPLICATION:
        yield Damage(None, None, f"{path} is not marked as a journal of crisisctl")
    if pragma(connection, "user_version") > SCHEMA:
        return
    query = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"
    there = {sql for (sql,) in connection.execute(query)}
    if there != set(TABLES):
        yield Damage(None, None, f"{path}: its tables are not as crisisctl made them")


def _incidents(connection: sqlite3.Connection, incident: str | None) -> Iterator[Damage]:
    query = "SELECT incident FROM heads UNION SELECT incident FROM events"
    known = [name for (name,) in connection.execute(query)]
    if incident is not None and incident not in known:
        raise CrisisError(f"the journal has no incident {incident}")
    for name in known if incident is None else [incident]:
        yield from _readable(_incident(connection, name), name, "the incident")


def _incident(connection: sqlite3.Connection, name: str) -> Iterator[Damage]:
    rows, head = select_rows(connection, name), select_head(connection, name)
    if not intact(name, rows, head):
        yield from damages(name, rows, head)
    if head and not _is_sealed(connection, head):
        yield Damage(
            name, None, "what the journal notes about it (title, status, times) was changed"
        )


def _is_sealed(connection: sqlite3.Connection, head: Head) -> bool:
    query = f"SELECT seal, {HEAD} FROM heads WHERE incident = ?"
    seal, *fields = connection.execute(query, (head.incident,)).fetchone()
    return bool(seal == sealed(fields))
