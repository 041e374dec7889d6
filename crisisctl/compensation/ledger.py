"""Who was given what, over all incidents of this machine: one SQLite file beside the journal.

It holds no name and no address: a customer is known by their code, which only the key of this file
and their number in the shop can make. A run that was killed left either all of its rows or none,
and comes to the same ones again.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

from crisisctl.compensation.codes import Mint
from crisisctl.errors import CrisisError

_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS secret (key BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS issues (
    id INTEGER PRIMARY KEY, incident TEXT NOT NULL, plan INTEGER NOT NULL, bound TEXT NOT NULL,
    at TEXT NOT NULL, UNIQUE (incident, plan)
);
CREATE TABLE IF NOT EXISTS given (
    code TEXT NOT NULL, holder INTEGER NOT NULL, attempt INTEGER NOT NULL,
    currency TEXT NOT NULL, tier TEXT NOT NULL, value TEXT NOT NULL, tier_by INTEGER NOT NULL,
    owed TEXT NOT NULL, owed_by INTEGER NOT NULL
);
"""
_INDEX = "CREATE UNIQUE INDEX IF NOT EXISTS codes ON given (code)"
# Codes are random, so each falls on another page: a million of them are sorted once in the end in
# a third of the time that it takes to put each in its place.
_ADD = "INSERT INTO given VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PUT = """
INSERT INTO given VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (code) DO UPDATE SET tier = excluded.tier, value = excluded.value,
    tier_by = excluded.tier_by, owed = excluded.owed, owed_by = excluded.owed_by
"""
TRIES = 20
"""Codes that are tried for one customer; one of 70 bits hardly ever belongs to somebody else."""
_MANY = 900
"""Codes that one question asks about."""


class Taken(Exception):
    """A code belongs to somebody else: it must be looked for, customer by customer."""


Row = tuple[str, int, int, str, str, str, int, str, int]
"""An entry as it stands in the file."""


class Entry(Struct, frozen=True, gc=False):
    """What one customer was given in one incident."""

    code: str
    holder: int
    """A number that says whose the code is."""
    attempt: int
    """How many codes before this one belonged to somebody else."""
    currency: str
    tier: str = ""
    """The tier whose offer they got; empty where none yet."""
    value: str = "0"
    tier_by: int = 0
    """The issue that gave it."""
    owed: str = "0"
    """What was paid back to them in all."""
    owed_by: int = 0
    """The issue that paid it; 0 where nothing was."""

    @property
    def row(self) -> Row:
        """The same for the file."""
        return (
            self.code, self.holder, self.attempt, self.currency, self.tier, self.value,
            self.tier_by, self.owed, self.owed_by,
        )  # fmt: skip


class Issue(Struct, frozen=True):
    """One plan that was handed out, or was about to be."""

    id: int
    incident: str
    plan: int
    bound: str
    at: datetime
    """When it was handed out first: the day from which offers run."""


class Ledger:
    """The ledger of this machine. Close it, or use it with `with`."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self.path = path
        if create:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
        try:
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None)
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, _VERSION):
                what = f"{path} is written in a form that this version does not know"
                raise CrisisError(what, hint="a newer crisisctl wrote it: use that one")
            if create:
                self._db.executescript(
                    f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_TABLES} {_INDEX};"
                    f"PRAGMA user_version={_VERSION}; PRAGMA cache_size=-8192;"
                )
            self._key = self._secret(create)
        except sqlite3.Error as error:
            raise _broken(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()

    def _secret(self, create: bool) -> bytes:
        if create:
            self._db.execute("BEGIN IMMEDIATE")
            if self._db.execute("SELECT count(*) FROM secret").fetchone()[0] == 0:
                self._db.execute("INSERT INTO secret VALUES (?)", (secrets.token_bytes(32),))
            self._db.execute("COMMIT")
        found: bytes = self._db.execute("SELECT key FROM secret").fetchone()[0]
        return found

    def mint(self, incident: str) -> Mint:
        """What makes the codes of an incident."""
        return Mint(self._key, incident)

    def begin(self, incident: str, plan: int, bound: str, at: datetime) -> Issue:
        """Open the books for a plan; the others wait until `commit` or `back`.

        One that was begun before keeps its day. Raises where another plan was booked as this one.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
            found = self._issue(incident, plan)
            if found is None:
                row = (incident, plan, bound, at.isoformat())
                self._db.execute(
                    "INSERT INTO issues (incident, plan, bound, at) VALUES (?, ?, ?, ?)", row
                )
                found = self._issue(incident, plan)
        except sqlite3.Error as error:
            raise _broken(self.path, error) from error
        if found is None or found.bound != bound:
            self.back()
            raise CrisisError(
                f"plan {plan} of {incident} was handed out with another list than this one",
                hint="plan again: `crisisctl compensate plan FILE`",
                code=1,
            )
        return found

    def booked(self, incident: str, plan: int) -> Issue:
        """What was handed out as a plan. Raises where the ledger knows of none."""
        found = self._issue(incident, plan)
        if found is None:
            raise CrisisError(
                f"the ledger knows nothing of plan {plan} of {incident}",
                hint="is it the ledger of another machine?",
                code=1,
            )
        return found

    def add(self, rows: Iterable[Row]) -> None:
        """Put these down unseen, for a plan of which nobody has got anything; `commit` looks."""
        try:
            self._db.execute("DROP INDEX IF EXISTS codes")
            self._db.executemany(_ADD, rows)
        except sqlite3.Error as error:
            raise _broken(self.path, error) from error

    def commit(self) -> None:
        """Keep what was put down since `begin`. Raises `Taken`, then nothing is kept."""
        try:
            self._db.execute(_INDEX)
            self._db.execute("COMMIT")
        except sqlite3.IntegrityError:
            self.back()
            raise Taken from None
        except sqlite3.Error as error:
            raise _broken(self.path, error) from error

    def back(self) -> None:
        """Forget what was put down since `begin`."""
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def first(self, incident: str) -> bool:
        """Whether nothing was handed out in this incident so far."""
        query = "SELECT NOT EXISTS (SELECT 1 FROM issues WHERE incident = ?)"
        return bool(self._db.execute(query, (incident,)).fetchone()[0])

    def issues(self) -> list[Issue]:
        """Every plan that was handed out, the oldest first."""
        rows = self._db.execute("SELECT id, incident, plan, bound, at FROM issues ORDER BY id")
        return [_issue(row) for row in rows]

    def entries(self, codes: Sequence[str]) -> dict[str, Entry]:
        """What stands under these codes."""
        found: dict[str, Entry] = {}
        try:
            for start in range(0, len(codes), _MANY):
                some = codes[start : start + _MANY]
                marks = ",".join("?" * len(some))
                query = f"SELECT * FROM given WHERE code IN ({marks})"
                found |= {row[0]: Entry(*row) for row in self._db.execute(query, some)}
        except sqlite3.Error as error:
            raise _broken(self.path, error) from error
        return found

    def put(self, rows: Iterable[Row]) -> None:
        """Put these down; what stood under the same code is replaced."""
        try:
            self._db.executemany(_PUT, rows)
        except sqlite3.Error as error:
            raise _broken(self.path, error) from error

    def tier(self, incident: str, code: str) -> str | None:
        """What a code of this incident was given for; None where it never was."""
        query = (
            "SELECT tier FROM given JOIN issues ON issues.id = tier_by "
            "WHERE code = ? AND incident = ? AND tier != ''"
        )
        row = self._db.execute(query, (code, incident)).fetchone()
        return str(row[0]) if row else None

    def of(self, incident: str, customer: str) -> Entry | None:
        """What a customer was given in an incident; None where nothing was."""
        mint = self.mint(incident)
        for attempt in range(TRIES):
            code, holder = mint.code(customer, attempt)
            entry = self.entries([code]).get(code)
            if entry is None or entry.holder == holder:
                return entry
        return None

    def _issue(self, incident: str, plan: int) -> Issue | None:
        query = "SELECT id, incident, plan, bound, at FROM issues WHERE incident = ? AND plan = ?"
        row = self._db.execute(query, (incident, plan)).fetchone()
        return _issue(row) if row else None


def _issue(row: Sequence[object]) -> Issue:
    id, incident, plan, bound, at = row
    return Issue(int(str(id)), str(incident), int(str(plan)), str(bound), _moment(at))


def _moment(text: object) -> datetime:
    return datetime.fromisoformat(str(text))


def _broken(path: Path, error: Exception) -> CrisisError:
    return CrisisError(
        f"the ledger of compensation in {path} cannot be read or written: {error}",
        hint="do not delete it: it is what keeps customers from being paid twice",
        code=1,
    )
