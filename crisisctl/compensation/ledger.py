"""Who was given what, over all incidents of this machine: one SQLite file beside the journal.

It holds no name and no address: a customer is known by their code, which only the key of this file
and their number in the shop can make. A run that was killed left either all of its rows or none,
and comes to the same ones again.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from msgspec import Struct

from crisisctl.compensation.codes import ALPHABET, HEAD, LETTERS, Mint, sound
from crisisctl.errors import CrisisError

_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS secret (key BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS issues (
    id INTEGER PRIMARY KEY, incident TEXT NOT NULL, plan INTEGER NOT NULL, bound TEXT NOT NULL,
    at TEXT NOT NULL, UNIQUE (incident, plan)
);
CREATE TABLE IF NOT EXISTS outcomes (
    id INTEGER PRIMARY KEY, attempt INTEGER NOT NULL, currency TEXT NOT NULL, tier TEXT NOT NULL,
    value TEXT NOT NULL, tier_by INTEGER NOT NULL, owed TEXT NOT NULL, owed_by INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS given (start INTEGER PRIMARY KEY, entries TEXT NOT NULL);
"""
# Codes are random, so a row for each would fall on another page, and an index takes as long again.
# So those that begin with the same three letters share a row: one text of entries, each with the
# rest of the code, the letters of its holder, and the number of what they got. Most customers got
# the same as many others.
_OUTCOME = "INSERT INTO outcomes VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)"
_ADD = """
INSERT INTO given VALUES (?, ?)
ON CONFLICT (start) DO UPDATE SET entries = entries || excluded.entries
"""
_PUT = "INSERT OR REPLACE INTO given VALUES (?, ?)"
_START, _REST = 3, LETTERS - 3
"""Letters of a code that tell its row, and those that stand there."""
_WHO = _REST + HEAD - LETTERS
_ENTRY = _WHO + 5
"""Letters of an entry: the rest of the code, the holder, the outcome."""
_MOST = len(ALPHABET) ** 5
"""Outcomes that five letters can name."""
_DIGITS = str.maketrans(ALPHABET, "0123456789ABCDEFGHIJKLMNOPQRSTUV")
_HELD = 250_000
"""Entries that are held before they are written."""
_KNOWN = 20_000
"""Outcomes whose number is remembered; one that is forgotten gets another number."""
TRIES = 20
"""Codes that are tried for one customer; one of 70 bits hardly ever belongs to somebody else."""
_MANY = 900
"""Rows that one question asks for."""


class Taken(Exception):
    """A code belongs to somebody else: it must be looked for, customer by customer."""


class Outcome(NamedTuple):
    """What one customer was given in one incident."""

    attempt: int
    """How many codes before theirs belonged to somebody else."""
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


class Entry(NamedTuple):
    """What stands under one code."""

    code: str
    holder: str
    """Letters that say whose the code is."""
    outcome: Outcome

    @property
    def currency(self) -> str:
        """The currency of what they got."""
        return self.outcome.currency

    @property
    def tier(self) -> str:
        """The tier whose offer they got; empty where none yet."""
        return self.outcome.tier

    @property
    def value(self) -> str:
        """What that offer is worth."""
        return self.outcome.value

    @property
    def owed(self) -> str:
        """What was paid back to them in all."""
        return self.outcome.owed


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
        self._held = defaultdict[str, bytearray](bytearray)
        """Entries that are not written yet, by the first letter of their codes."""
        self._many = 0
        self._added = set[int]()
        """The rows to which something was added."""
        self._ids: dict[Outcome, str] = {}
        self._outcomes: dict[int, Outcome] = {}
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
                    f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_TABLES};"
                    f"PRAGMA user_version={_VERSION};"
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

    def add(self, heads: str, outcomes: Sequence[Outcome], which: Iterable[int]) -> None:
        """Put these down unseen, for a plan of which nobody has got anything; `commit` looks.

        `heads` are those of `Minted`, and for each `which` of the outcomes its customer gets.
        """
        held, ids = self._held, list(map(self._id, outcomes))
        for at, each in zip(range(0, len(heads), HEAD), which, strict=True):
            held[heads[at]] += (heads[at + 1 : at + HEAD] + ids[each]).encode()
        self._many += len(heads) // HEAD
        if self._many >= _HELD:
            self._write()

    def commit(self) -> None:
        """Keep what was put down since `begin`. Raises `Taken`, then nothing is kept."""
        try:
            self._write()
            if self._added and not self._single():
                self.back()
                raise Taken
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise _broken(self.path, error) from error
        self._added.clear()

    def _write(self) -> None:
        """Write the entries that are held."""
        try:
            for letter in sorted(self._held):
                entries, rows = self._held.pop(letter).decode(), defaultdict[str, str](str)
                for at in range(0, len(entries), _ENTRY + _START - 1):
                    end = at + _START - 1
                    rows[letter + entries[at:end]] += entries[end : end + _ENTRY]
                told = [(_number(start), rows[start]) for start in sorted(rows)]
                self._db.executemany(_ADD, told)
                self._added.update(number for number, _ in told)
        except sqlite3.Error as error:
            raise _broken(self.path, error) from error
        self._many = 0

    def _single(self) -> bool:
        """Whether each code stands once where something was added."""
        for start, entries in self._db.execute("SELECT start, entries FROM given"):
            if start in self._added:
                places = range(0, len(entries), _ENTRY)
                if len({entries[at : at + _REST] for at in places}) < len(places):
                    return False
        return True

    def back(self) -> None:
        """Forget what was put down since `begin`."""
        self._held.clear()
        self._added.clear()
        self._ids.clear()
        self._many = 0
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
        """What stands under these codes, each of which is sound."""
        found: dict[str, Entry] = {}
        texts = self._texts(codes)
        for code in codes:
            number, rest = _apart(code)
            text = texts.get(number, "")
            if (at := _place(text, rest)) >= 0:
                which = _number(text[at + _WHO : at + _ENTRY])
                found[code] = Entry(code, text[at + _REST : at + _WHO], self._outcome(which))
        return found

    def put(self, entries: Sequence[Entry]) -> None:
        """Put these down; what stood under the same code is replaced."""
        texts = self._texts([entry.code for entry in entries])
        for entry in entries:
            number, rest = _apart(entry.code)
            text = texts.get(number, "")
            at = _place(text, rest)
            at = at if at >= 0 else len(text)
            new = rest + entry.holder + self._id(entry.outcome)
            texts[number] = text[:at] + new + text[at + _ENTRY :]
        try:
            self._db.executemany(_PUT, sorted(texts.items()))
        except sqlite3.Error as error:
            raise _broken(self.path, error) from error

    def _texts(self, codes: Sequence[str]) -> dict[int, str]:
        """The rows in which these codes can stand."""
        numbers = sorted({_apart(code)[0] for code in codes})
        found: dict[int, str] = {}
        try:
            for start in range(0, len(numbers), _MANY):
                some = numbers[start : start + _MANY]
                marks = ",".join("?" * len(some))
                query = f"SELECT start, entries FROM given WHERE start IN ({marks})"
                found.update(self._db.execute(query, some))
        except sqlite3.Error as error:
            raise _broken(self.path, error) from error
        return found

    def _id(self, outcome: Outcome) -> str:
        """The letters under which an outcome stands."""
        found = self._ids.get(outcome)
        if found is None:
            if len(self._ids) >= _KNOWN:
                self._ids.clear()
            try:
                number = self._db.execute(_OUTCOME, outcome).lastrowid or 0
            except sqlite3.Error as error:
                raise _broken(self.path, error) from error
            if number >= _MOST:
                raise _broken(self.path, OverflowError("it is full"))
            found = self._ids[outcome] = _letters(number)
        return found

    def _outcome(self, number: int) -> Outcome:
        """The outcome of this number."""
        found = self._outcomes.get(number)
        if found is None:
            if len(self._outcomes) >= _KNOWN:
                self._outcomes.clear()
            query = "SELECT * FROM outcomes WHERE id = ?"
            try:
                row = self._db.execute(query, (number,)).fetchone()
            except sqlite3.Error as error:
                raise _broken(self.path, error) from error
            if row is None:
                raise _broken(self.path, LookupError(f"there is no outcome {number}"))
            found = self._outcomes[number] = Outcome(*row[1:])
        return found

    def tier(self, incident: str, code: str) -> str | None:
        """What a code of this incident was given for; None where it never was."""
        entry = self.entries([code]).get(code) if sound(code) else None
        if entry is None or not entry.tier:
            return None
        query = "SELECT 1 FROM issues WHERE id = ? AND incident = ?"
        row = self._db.execute(query, (entry.outcome.tier_by, incident)).fetchone()
        return entry.tier if row else None

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


def _apart(code: str) -> tuple[int, str]:
    """In which row a code stands, and with what."""
    bare = code.replace("-", "")
    return _number(bare[:_START]), bare[_START:LETTERS]


def _place(text: str, rest: str) -> int:
    """Where in the text of a row an entry stands; -1 where it does not."""
    at = text.find(rest)
    while at >= 0 and at % _ENTRY:
        at = text.find(rest, at + 1)
    return at


def _number(letters: str) -> int:
    return int(letters.translate(_DIGITS), len(ALPHABET))


def _letters(number: int) -> str:
    found = ""
    for _ in range(_ENTRY - _WHO):
        number, value = divmod(number, len(ALPHABET))
        found = ALPHABET[value] + found
    return found


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
