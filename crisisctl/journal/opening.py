"""Getting at a journal's file: made privately, opened as far as its rights allow."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from crisisctl.errors import CrisisError
from crisisctl.journal.damage import Damage
from crisisctl.journal.faults import Broken, cause, primary

FROZEN = "mode=ro&immutable=1"
"""Read the one file and nothing else: neither its log nor what others add."""
READ = ("mode=ro", FROZEN)
WRITE = ("mode=rw", *READ)

# Reading may still be possible when SQLite says one of these to a writer: in WAL
# mode even a reader makes a -shm file, which needs room and a writable folder.
_READABLE_STILL = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


def make_file(path: Path) -> None:
    """Make an empty private file and its folders, unless it is there already."""
    try:
        if path.exists():
            return
        _make_folder(path.parent)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            path.chmod(0o600)  # an umask may have taken even our own rights
            _keep_entry(path.parent)
    except OSError as error:
        message = f"cannot make the journal {path}: {error.strerror}"
        raise CrisisError(message, hint="set CRISISCTL_HOME to a folder of your own") from error


def check_file(path: Path) -> None:
    """Refuse what only looks like a journal: a folder, a pipe, an emptied file."""
    log = unread_log(path)  # before the file, which is always written first
    try:
        found = path.stat()
    except OSError as error:
        raise CrisisError(f"cannot open the journal {path}: {error.strerror}") from error
    if not stat.S_ISREG(found.st_mode):
        raise CrisisError(f"{path} is not a file, so it cannot be a journal")
    if log and found.st_size == 0:  # SQLite would throw the log away
        text = f"{path} is empty, but {log} is not: copy both before anything else"
        raise Broken(Damage(None, None, text))


def connect(
    path: Path, modes: Sequence[str], *, patience: float
) -> tuple[sqlite3.Connection, str, str]:
    """Open the file in the first mode that works; the text says why not for writing."""
    why = _unwritable(path)
    if why:
        modes = READ
    for mode in modes[:-1]:
        try:
            return _open(path, mode, patience), mode, why
        except sqlite3.OperationalError as error:
            if primary(error) not in _READABLE_STILL:
                raise
            why = why or f"{cause(error)[0]} ({path})"
    return _open(path, modes[-1], patience), modes[-1], why


def unread_log(path: Path) -> str:
    """Name the log with events that the file itself does not hold yet, if there is one."""
    log = Path(f"{path}-wal")
    try:
        return log.name if log.stat().st_size else ""
    except OSError:
        return ""


def _open(path: Path, mode: str, patience: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?{mode}", uri=True, timeout=patience, isolation_level=None
    )
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")  # on a Mac, fsync alone does not reach the disk
        connection.execute("PRAGMA trusted_schema = OFF")  # the file may come from anywhere
        connection.execute("PRAGMA schema_version")  # reads the file: only now is it really open
    except BaseException:
        connection.close()
        raise
    return connection


def _unwritable(path: Path) -> str:
    for place in (path, path.parent):
        if not os.access(place, os.W_OK):
            return f"{place} may not be written"
    return ""


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        folder.chmod(0o700)
        _keep_entry(folder.parent)


def _keep_entry(folder: Path) -> None:
    """Let a new name in a folder survive a power cut, where the system can."""
    with suppress(OSError):
        entry = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(entry)
        finally:
            os.close(entry)
