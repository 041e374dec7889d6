"""What can go wrong with a journal, in words that the operator can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crisisctl.errors import CrisisError
from crisisctl.journal.damage import Damage

_VERIFY = "nothing was changed; `crisisctl verify` lists what is wrong"

_TAKEN = ("another process is writing to the journal", "try again in a moment")
_FORBIDDEN = ("the journal may not be written", "check the rights of the file")
_CAUSES: dict[int | None, tuple[str, str]] = {
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space"),
    # What a full disk says to the first one who opens the journal.
    sqlite3.SQLITE_IOERR_SHMSIZE: ("the disk is full", "free some space"),
    sqlite3.SQLITE_BUSY: _TAKEN,
    sqlite3.SQLITE_LOCKED: _TAKEN,
    sqlite3.SQLITE_PROTOCOL: _TAKEN,
    sqlite3.SQLITE_READONLY: _FORBIDDEN,
    sqlite3.SQLITE_PERM: _FORBIDDEN,
    sqlite3.SQLITE_CANTOPEN: ("the file cannot be opened", "check its rights and its folder's"),
    sqlite3.SQLITE_TOOBIG: ("an event is too big", "attach less"),
}

_DAMAGED = {
    None,  # text that is no UTF-8: the driver's own error, without a code
    sqlite3.SQLITE_ERROR,  # our statements are right, so a table or column is missing
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_CONSTRAINT,
}


class Conflict(CrisisError):
    """Somebody else recorded events in the meantime."""

    def __init__(self, incident: str, expected: int, actual: int) -> None:
        hint = "nothing was recorded; look at `crisisctl timeline`, then do it again"
        super().__init__(_conflict(incident, expected, actual), hint=hint, code=1)
        self.incident = incident
        self.expected = expected
        self.actual = actual


class Broken(CrisisError):
    """The journal is not as it was recorded."""

    def __init__(self, damage: Damage) -> None:
        super().__init__(f"the journal is damaged: {damage}", hint=_VERIFY, code=1)
        self.damage = damage


class NotSaved(CrisisError):
    """Events could not be recorded; what was recorded before is untouched."""

    def __init__(self, why: str, *, hint: str) -> None:
        super().__init__(f"not saved: {why}", hint=hint, code=1)


class ReadOnly(NotSaved):
    """The journal can be read, but nothing can be added to it."""


def primary(error: sqlite3.Error) -> int | None:
    """Give SQLite's basic result code, without the details in the upper bits."""
    code = _code(error)
    return None if code is None else code & 0xFF


def cause(error: sqlite3.Error) -> tuple[str, str]:
    """Say what happened and what to do."""
    if known := _CAUSES.get(_code(error)) or _CAUSES.get(primary(error)):
        return known
    if primary(error) == sqlite3.SQLITE_IOERR:
        return f"the disk reported an error, {error.sqlite_errorname}", "check the disk"
    return f"SQLite reports: {error}", "check the disk"


def _code(error: sqlite3.Error) -> int | None:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code


@contextmanager
def in_plain_words(path: Path, *, writing: bool = False) -> Iterator[None]:
    """Turn every error of SQLite into one that the operator understands."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a bug of ours: a closed journal, or one shared between threads
    except sqlite3.Error as error:
        raise _explained(error, path, writing=writing) from error


def _explained(error: sqlite3.Error, path: Path, *, writing: bool) -> CrisisError:
    if primary(error) == sqlite3.SQLITE_NOTADB:
        return Broken(Damage(None, None, f"{path} is not a SQLite file, or no longer one"))
    if primary(error) in _DAMAGED:
        return Broken(Damage(None, None, f"{path} ({error})"))
    what, remedy = cause(error)
    if not writing:
        return CrisisError(f"cannot read the journal: {what} ({path})", hint=remedy)
    return NotSaved(f"{what} ({path})", hint=f"{remedy}; {_after(error)}")


def _after(error: sqlite3.Error) -> str:
    # When only the last fsync failed, the bytes may be on the disk all the same
    # and turn up again after a power cut.
    if primary(error) == sqlite3.SQLITE_IOERR:
        return "before you do it again, look at `crisisctl timeline`"
    return "nothing was recorded"


def _conflict(incident: str, expected: int, actual: int) -> str:
    if expected == 0:
        return f"{incident} is already declared"
    if actual == 0:
        return f"the journal has no incident {incident}"
    return f"{incident} has changed meanwhile: {actual} events are recorded, not {expected}"
