"""A home that cannot be written and a journal that was changed: said clearly, nothing pretended."""

from __future__ import annotations

import gc
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from conftest import Crisis
from small import write

from crisisctl.journal import Journal


@contextmanager
def little_disk(folder: Path, size: str = "1m") -> Iterator[Path]:
    """A disk of that size mounted as the home; where that is not allowed, the test is skipped."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("needs to mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def settle(home: Path) -> None:
    """All of the journal in its one file, and nobody holding on to it."""
    gc.collect()  # a connection that an error left behind
    with closing(sqlite3.connect(home / "journal.db")) as journal:
        journal.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert [file.name for file in home.iterdir() if file.is_file()] == ["journal.db"]


# A home that cannot be written


@pytest.fixture
def read_only(folder: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A home with an open incident on a disk that is read-only by now."""
    with little_disk(folder / "home") as home:
        request.getfixturevalue("declared")
        settle(home)
        subprocess.run(["mount", "-o", "remount,ro", str(home)], check=True)
        yield home


def test_a_read_only_home_can_be_read_but_claims_nothing_saved(
    crisis: Crisis, read_only: Path
) -> None:
    status, note = crisis("status"), crisis("note", "x")
    shown = crisis("message", "show", "holding", "-c", "x", "-l", "en")

    assert status.exit == 0
    assert "Site outage · SEV1 · open" in status.stdout
    assert shown.stdout.startswith("x · en\nThese parts of our shop")
    assert (note.exit, note.stdout) == (1, "")
    assert "\nerror: not saved: " in note.stderr
    assert "✓" not in note.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("fact", "eta", "+1h"),
        ("severity", "sev3", "--because", "x"),
        ("role", "scribe", "jo"),
        ("waive", "first-word", "--because", "x"),
        ("action", "add", "x"),
        ("message", "send", "holding", "--yes", "-c", "x", "-l", "en"),
        ("start", "outage", "--no-input"),
    ],
    ids=" ".join,
)
def test_no_command_claims_to_have_saved_in_a_read_only_home(
    crisis: Crisis, read_only: Path, words: tuple[str, ...]
) -> None:
    ran = crisis(*words)

    assert (ran.exit, ran.stdout) == (1, "")
    assert "✓" not in ran.stderr
    assert "\nerror: " in ran.stderr


def test_doctor_finds_a_read_only_home_broken(crisis: Crisis, read_only: Path) -> None:
    ran = crisis("doctor")

    assert ran.exit == 1
    assert "error  home:" in ran.stdout
    assert "read-only file system" in " ".join(ran.stdout.split())


def test_texts_can_be_previewed_without_a_home(crisis: Crisis, folder: Path) -> None:
    write(folder / "home", "a file where the folder should be")

    start = crisis("start", "outage")
    shown = crisis("preview", "outage/holding", "-c", "x", "-l", "en")

    assert (start.exit, start.stdout) == (2, "")
    assert "error: cannot make the journal" in start.stderr
    assert "set CRISISCTL_HOME to a folder of your own" in start.stderr
    assert shown.exit == 0
    assert shown.stdout.startswith("x · en\nThese parts of our shop")


AS_NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")


@pytest.fixture
def public(console: Crisis) -> Iterator[Path]:
    """A folder that another user may enter, when there is a way to become one."""
    if os.getuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("needs to become another user")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o777)
        if console("--version", before=AS_NOBODY).exit:
            pytest.skip("another user may not run this Python")
        yield place


def test_doctor_reports_a_home_it_may_not_look_into(console: Crisis, public: Path) -> None:
    (public / "home").mkdir(mode=0o700)

    ran = console("doctor", before=AS_NOBODY, CRISISCTL_HOME=str(public / "home" / "deep"))

    assert ran.exit == 1
    assert "error  home:" in ran.stdout
    assert "permission denied" in " ".join(ran.stdout.split())
    assert "playbook outage: " in ran.stdout


def test_a_folder_above_that_one_may_not_look_into_holds_no_workspace(
    console: Crisis, public: Path
) -> None:
    (public / "shut" / "in").mkdir(parents=True)
    into = 'cd "$0/shut/in"; chmod 700 ..; exec "$@"'

    ran = console(
        *("list",),
        before=("sh", "-c", into, str(public), *AS_NOBODY),
        CRISISCTL_HOME=str(public / "home"),
    )

    assert (ran.exit, ran.stdout.splitlines()[-1:]) == (0, ["No incident."]), ran.stderr


def test_without_any_home_folder_the_error_names_the_variable(
    console: Crisis, public: Path
) -> None:
    homeless = ("env", "-C", str(public), "-u", "HOME", "-u", "CRISISCTL_HOME")
    stranger = ("setpriv", "--reuid", "54321", "--clear-groups")

    ran = console("list", before=(*homeless, *stranger))

    assert (ran.exit, ran.stdout) == (2, "")
    assert "no home folder" in ran.stderr
    assert "set CRISISCTL_HOME" in ran.stderr


# A disk that is full, a journal that is locked


def fill(folder: Path) -> None:
    with suppress(OSError), (folder / "ballast").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def test_on_a_full_disk_nothing_is_claimed_saved_and_texts_can_be_read(
    crisis: Crisis, console: Crisis, folder: Path, request: pytest.FixtureRequest
) -> None:
    with little_disk(folder / "home", "512k") as home:
        id = request.getfixturevalue("declared")
        fill(home)

        note = console("note", "Lost?")
        sent = console("message", "send", "holding", "--yes", "-c", "x", "-l", "en")
        status = console("status")
        shown = console("message", "show", "holding", "-c", "x", "-l", "en")
        checked = console("doctor")
        (home / "ballast").unlink()

        for ran in (note, sent):
            assert (ran.exit, ran.stdout) == (1, "")
            assert "Traceback" not in ran.stderr
            assert "✓" not in ran.stderr
        assert "error: not saved: the disk is full" in note.stderr
        assert (status.exit, shown.exit) == (0, 0)
        assert shown.stdout.startswith("x · en\nThese parts of our shop")
        assert checked.exit == 1
        assert "error  home:" in checked.stdout
        assert console("note", "Saved").exit == 0
        assert "Lost?" not in console("timeline", id).stdout
        assert console("verify").exit == 0


def test_on_a_disk_full_from_the_start_nothing_is_declared_and_texts_can_be_read(
    console: Crisis, folder: Path
) -> None:
    with little_disk(folder / "home", "64k") as home:
        fill(home)

        start = console("start", "outage", "--no-input")
        shown = console("preview", "outage/holding", "-c", "x", "-l", "en")

        assert (start.exit, start.stdout) == (1, "")
        assert start.stderr.startswith("error: not saved: the disk is full")
        assert shown.exit == 0


def test_a_file_size_limit_is_a_clear_line(crisis: Crisis, declared: str, folder: Path) -> None:
    """Without the right to mount, the nearest thing to a full disk."""
    settle(folder / "home")
    most = (folder / "home" / "journal.db").stat().st_size + 4096

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    script = str(Path(sys.executable).with_name("crisisctl"))
    command = [script, "note", "x" * 130_000]
    done = subprocess.run(
        command, capture_output=True, text=True, preexec_fn=limited, timeout=60, check=False
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert "error: not saved: " in done.stderr
    assert "Traceback" not in done.stderr
    assert "xxx" not in crisis("timeline").stdout


def test_a_journal_locked_by_another_process_is_a_clear_line(
    crisis: Crisis, declared: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Journal, "open", partial(Journal.open, patience=0.1))
    with closing(sqlite3.connect(folder / "home" / "journal.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        note, status = crisis("note", "Mine"), crisis("status")

        other.execute("ROLLBACK")
    assert (note.exit, note.stdout) == (1, "")
    assert note.stderr.startswith("error: not saved: another process is writing to the journal")
    assert "try again in a moment" in note.stderr
    assert status.exit == 0
    assert "Mine" not in crisis("timeline").stdout


# A journal that was changed


def tamper(folder: Path, *statements: str) -> None:
    settle(folder / "home")
    with closing(sqlite3.connect(folder / "home" / "journal.db")) as journal:
        for statement in statements:
            assert journal.execute(statement).rowcount > 0
        journal.commit()
    settle(folder / "home")


EVIL = "UPDATE events SET body = replace(CAST(body AS TEXT), 'shop.ex', 'evil.ex') WHERE seq = 3"
SWAP = "UPDATE events SET seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE seq IN (3, 4)"
CHANGES = {
    "changed": ((EVIL,), "event 3 does not match its hash"),
    "removed": (("DELETE FROM events WHERE seq = 5",), "event 5 is missing"),
    "last removed": (
        ("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",),
        "missing at the end",
    ),
    "reordered": (
        (SWAP, "UPDATE events SET seq = -seq WHERE seq < 0"),
        "events 3 to 5 do not match their hashes",
    ),
    "all removed": (("DELETE FROM events",), "nothing is left of the incident"),
    "head removed": (("DELETE FROM heads",), "no longer notes"),
    "title": (("UPDATE heads SET title = 'All is well'",), "what the journal notes about it"),
}


@pytest.mark.parametrize(("statements", "said"), CHANGES.values(), ids=CHANGES)
def test_verify_and_doctor_find_what_was_changed_and_leave_it_as_it_is(
    crisis: Crisis, declared: str, folder: Path, statements: tuple[str, ...], said: str
) -> None:
    tamper(folder, *statements)
    bytes_before = (folder / "home" / "journal.db").read_bytes()

    verified, checked = crisis("verify"), crisis("doctor")
    one = json.loads(crisis("verify", declared, "--json").stdout)

    assert (verified.exit, verified.stderr, checked.exit) == (1, "", 1)
    assert f"{declared}: " in verified.stdout
    assert said in verified.stdout
    assert "error  journal:" in checked.stdout
    assert one["intact"] is False
    assert {damage["incident"] for damage in one["damages"]} == {declared}
    assert (folder / "home" / "journal.db").read_bytes() == bytes_before


def test_a_changed_incident_is_neither_shown_nor_continued(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    tamper(folder, EVIL)

    for words in (("status",), ("note", "x"), ("report",), ("resume", "--no-input"), ("close",)):
        ran = crisis(*words)
        assert (ran.exit, ran.stdout) == (1, "")
        assert "error: the journal is damaged: " in ran.stderr
        assert "`crisisctl verify` lists what is wrong" in ran.stderr


def test_another_incident_can_be_declared_beside_a_changed_one(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    tamper(folder, EVIL)

    ran = crisis("start", "outage", "--no-input")

    assert ran.stdout.startswith("outage-")
    assert crisis("status", ran.stdout.strip()).exit == 0


@pytest.mark.parametrize("kept", [0.9, 0.5, 0.1])
def test_a_truncated_journal_is_reported_and_never_called_intact(
    crisis: Crisis, declared: str, folder: Path, kept: float
) -> None:
    settle(folder / "home")
    journal = folder / "home" / "journal.db"
    os.truncate(journal, int(journal.stat().st_size * kept))

    verified, checked, bare = crisis("verify"), crisis("doctor"), crisis()

    assert (verified.exit, checked.exit) == (1, 1)
    assert str(journal) in verified.stdout
    assert (bare.exit, bare.stdout) == (1, "")
    assert "Traceback" not in bare.stderr


def test_a_flipped_byte_anywhere_is_found_or_harmless(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    settle(folder / "home")
    journal = folder / "home" / "journal.db"
    whole = journal.read_bytes()
    story = crisis("timeline", declared).stdout
    for place in range(50, len(whole), len(whole) // 40):
        journal.write_bytes(whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :])
        if crisis("verify").exit == 0:
            assert crisis("timeline", declared).stdout == story, place
        else:
            assert "Traceback" not in crisis("timeline", declared).stderr


def test_a_journal_that_is_something_else_is_a_clear_line(crisis: Crisis, folder: Path) -> None:
    write(folder / "home" / "journal.db", "not a journal\n" * 100)

    for words in ((), ("start", "outage", "--no-input"), ("verify",), ("doctor",)):
        ran = crisis(*words)
        assert ran.exit == 1, words
        assert "is not a SQLite file" in " ".join((ran.stdout + ran.stderr).split())
    assert crisis("preview", "outage/holding", "-c", "x", "-l", "en").exit == 0


def test_the_journal_of_a_newer_crisisctl_can_be_read_only(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    with closing(sqlite3.connect(folder / "home" / "journal.db")) as journal:
        journal.execute("PRAGMA user_version = 99")

    status, note = crisis("status"), crisis("note", "x")

    assert status.exit == 0
    assert "newer crisisctl" in status.stderr
    assert (note.exit, note.stdout) == (1, "")
    assert "error: not saved" in note.stderr
