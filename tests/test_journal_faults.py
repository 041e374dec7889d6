"""What the journal does when the disk, another process or a person gets in its way."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journals import ID, a_summary, an_event, record, run, start, tamper

from crisisctl.errors import CrisisError
from crisisctl.journal import Broken, Damage, Head, Journal, NotSaved, ReadOnly, Row, verify
from crisisctl.journal.chain import GENESIS, chained, intact, linked
from crisisctl.journal.damage import damages

# Tampering -----------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal of ten events, beside a sound neighbour."""
    path = tmp_path / "journal.db"
    record(path, 10)
    record(path, 3, incident="neighbour")
    return path


def test_an_untouched_journal_has_no_damage(path: Path) -> None:
    assert verify(path) == []
    with Journal.open(path) as journal:
        journal.append(ID, [b"11"], expected=10, summary=a_summary())
        assert verify(journal) == []
        assert verify(journal, ID) == []


TAMPERING = {
    "changed text": (
        4,
        "event 4 does not match its hash: its text, or event 3 before it, was changed",
        "UPDATE events SET body = replace(body, 'event', 'EVENT') WHERE seq = 4",
    ),
    "changed first text": (
        1,
        "event 1 does not match its hash: its text was changed",
        "UPDATE events SET body = '{}' WHERE seq = 1",
    ),
    "changed last text": (
        10,
        "event 10 does not match its hash",
        "UPDATE events SET body = x'00' WHERE seq = 10",
    ),
    "changed hash": (
        4,
        "the hash of event 4 was changed",
        "UPDATE events SET hash = upper(hash) WHERE seq = 4",
    ),
    "changed last hash": (
        10,
        "the hash of event 10 was changed",
        "UPDATE events SET hash = 'none' WHERE seq = 10",
    ),
    "removed first": (
        1,
        "event 1 is missing, so event 2 cannot be checked",
        "DELETE FROM events WHERE seq = 1",
    ),
    "removed first three": (
        1,
        "events 1 to 3 are missing, so event 4 cannot be checked",
        "DELETE FROM events WHERE seq < 4",
    ),
    "removed one between": (
        5,
        "event 5 is missing, so event 6 cannot be checked",
        "DELETE FROM events WHERE seq = 5",
    ),
    "removed last": (10, "event 10 is missing at the end", "DELETE FROM events WHERE seq = 10"),
    "removed last three": (
        8,
        "events 8 to 10 are missing at the end",
        "DELETE FROM events WHERE seq >= 8",
    ),
    "removed all": (
        1,
        "events 1 to 10 are missing: nothing is left of the incident",
        "DELETE FROM events",
    ),
    "swapped two": (
        3,
        "events 3 to 5 do not match their hashes: changed, moved or put in later",
        "UPDATE events SET seq = 99 WHERE seq = 3",
        "UPDATE events SET seq = 3 WHERE seq = 4",
        "UPDATE events SET seq = 4 WHERE seq = 99",
    ),
    "moved to the end": (5, "event 5 is missing", "UPDATE events SET seq = 11 WHERE seq = 5"),
    "closed the gap": (
        5,
        "events 5 to 9 do not match their hashes",
        "DELETE FROM events WHERE seq = 5",
        "UPDATE events SET seq = seq - 1 WHERE seq > 5",
    ),
    "numbered from zero": (
        1,
        "events 1 to 9 do not match their hashes",
        "UPDATE events SET seq = -seq",
        "UPDATE events SET seq = -seq - 1",
    ),
    "number that is none": (
        5,
        "event 5 is missing",
        "UPDATE events SET seq = 'five' WHERE seq = 5",
    ),
    "put one in at the end": (
        11,
        "event 10 is noted as the last one, but event 11 is there",
        "INSERT INTO events SELECT incident, 11, body, hash FROM events WHERE seq = 10",
    ),
    "head put back": (
        10,
        "event 9 is noted as the last one, but event 10 is there",
        "UPDATE heads SET seq = 9, hash = (SELECT hash FROM events WHERE seq = 9)",
    ),
    "head with another hash": (
        10,
        "event 10 is not the one that the journal notes as the last one",
        "UPDATE heads SET hash = 'none'",
    ),
    "head with a number that is none": (
        10,
        "the journal no longer notes that event 10 is the last one",
        "UPDATE heads SET seq = 'ten'",
    ),
    "head removed": (
        10,
        "the journal no longer notes that event 10 is the last one",
        "DELETE FROM heads",
    ),
}


@pytest.fixture(params=TAMPERING.values(), ids=TAMPERING.keys())
def tampered(tmp_path: Path, request: pytest.FixtureRequest) -> tuple[Path, int, str]:
    path = tmp_path / "journal.db"
    seq, words, *statements = request.param
    record(path, 10)
    tamper(path, *statements)
    record(path, 3, incident="neighbour")
    return path, seq, words


def test_tampering_is_found_where_it_happened(tampered: tuple[Path, int, str]) -> None:
    path, seq, words = tampered

    found = verify(path)

    assert {damage.incident for damage in found} == {ID}
    assert any(damage.seq == seq and words in damage.text for damage in found), found
    assert verify(path, "neighbour") == []


def test_tampering_stops_a_verified_read(tampered: tuple[Path, int, str]) -> None:
    path, _, _ = tampered

    with Journal.open(path) as journal:
        with pytest.raises(Broken, match=f"the journal is damaged: {ID}: ") as caught:
            journal.read_verified(ID)
        assert caught.value.code == 1
        assert "crisisctl verify" in caught.value.hint
        assert len(journal.read_verified("neighbour")) == 3


def test_one_change_is_reported_once(path: Path) -> None:
    tamper(path, f"UPDATE events SET body = '{{}}' WHERE seq = 4 AND incident = '{ID}'")

    text = "event 4 does not match its hash: its text, or event 3 before it, was changed"
    assert verify(path) == [Damage(ID, 4, text)]
    assert [str(damage) for damage in verify(path)] == [f"{ID}: {text}"]


def test_two_damages_of_one_incident_are_both_reported_in_order(path: Path) -> None:
    tamper(
        path,
        f"UPDATE events SET body = '{{}}' WHERE seq = 7 AND incident = '{ID}'",
        f"DELETE FROM events WHERE seq = 3 AND incident = '{ID}'",
    )

    assert [damage.seq for damage in verify(path)] == [3, 7]


@pytest.mark.parametrize("field", ["title = 'Nothing happened'", "status = 'closed'", "seal = ''"])
def test_a_changed_line_of_the_list_is_found(path: Path, field: str) -> None:
    tamper(path, f"UPDATE heads SET {field} WHERE incident = '{ID}'")

    [damage] = verify(path)

    assert (damage.incident, damage.seq) == (ID, None)
    assert "title, status, times" in damage.text


def test_a_renamed_incident_is_found(path: Path) -> None:
    for table in ("events", "heads"):
        tamper(path, f"UPDATE {table} SET incident = 'drill' WHERE incident = '{ID}'")

    assert {damage.incident for damage in verify(path)} == {"drill"}
    assert "events 1 to 10 do not match their hashes" in verify(path)[0].text


def test_text_that_is_no_text_is_damage_and_no_crash(path: Path) -> None:
    tamper(
        path,
        f"UPDATE events SET hash = CAST(x'ff' AS TEXT) WHERE seq = 4 AND incident = '{ID}'",
        f"UPDATE heads SET title = CAST(x'ff' AS TEXT) WHERE incident = '{ID}'",
    )

    assert [(damage.incident, damage.seq) for damage in verify(path)] == [(ID, 4), (ID, None)]
    with Journal.open(path) as journal:
        with pytest.raises(Broken, match=r"journal\.db"):
            journal.heads()
        with pytest.raises(Broken, match=r"journal\.db"):
            journal.read_verified(ID)


@pytest.mark.parametrize(
    "statement",
    [
        "DROP INDEX heads_by_status",
        "DROP TABLE heads",
        "ALTER TABLE events RENAME COLUMN body TO text",
        "CREATE TRIGGER lose BEFORE INSERT ON events BEGIN SELECT RAISE(IGNORE); END",
    ],
)
def test_changed_tables_are_found(path: Path, statement: str) -> None:
    tamper(path, statement)

    assert "its tables are not as crisisctl made them" in verify(path)[0].text


def test_a_missing_table_is_said_in_words(path: Path) -> None:
    tamper(path, "DROP TABLE events")

    with Journal.open(path) as journal, pytest.raises(Broken, match="no such table: events"):
        journal.read(ID)


def test_an_append_onto_events_that_no_head_notes_is_refused(path: Path) -> None:
    tamper(path, "DELETE FROM heads")

    with Journal.open(path) as journal:
        with pytest.raises(Broken, match=f"{ID}: event 1 is there"):
            journal.append(ID, [b"1"], expected=0, summary=a_summary())
        assert len(journal.read(ID)) == 10


def test_verifying_an_unknown_incident_is_an_error_not_a_clean_bill(path: Path) -> None:
    with pytest.raises(CrisisError, match="no incident nothing"):
        verify(path, "nothing")


def a_chain(count: int) -> list[Row]:
    bodies = [an_event(number) for number in range(count)]
    return [Row(*link[1:]) for link in linked(ID, bodies, after=0, previous=GENESIS)]


ROWS = a_chain(6)
HEAD = Head(ID, 6, ROWS[-1].hash, "outage", "", "sev1", "open", "assess", "", "")


def replaced(row: Row, field: str, other: Row) -> Row:
    return row._replace(**{field: getattr(other, field)})


CHANGES = {
    "remove": lambda rows, one, other: rows.remove(one),
    "repeat": lambda rows, one, other: rows.append(one),
    "put in": lambda rows, one, other: rows.append(other._replace(seq=7)),
    **{
        f"{field} of another": lambda rows, one, other, field=field: rows.__setitem__(
            rows.index(one), replaced(one, field, other)
        )
        for field in Row._fields
    },
}


@settings(max_examples=300)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(0, 9), st.integers(0, 9)),
        max_size=3,
    )
)
def test_any_other_rows_than_those_recorded_are_damage(
    steps: list[tuple[str, int, int]],
) -> None:
    rows = list(ROWS)
    for change, one, other in steps:
        if rows:
            CHANGES[change](rows, rows[one % len(rows)], rows[other % len(rows)])
            rows.sort(key=lambda row: row.seq)

    assert intact(ID, rows, HEAD) == (rows == ROWS)
    assert bool(damages(ID, rows, HEAD)) == (rows != ROWS)


def test_a_gap_is_damage_even_when_every_hash_was_computed_anew() -> None:
    first, last = ROWS[0], Row(3, b"3", chained(ROWS[0].hash, ID, 3, b"3"))
    head = Head(ID, 2, last.hash, "outage", "", "sev1", "open", "assess", "", "")

    assert not intact(ID, [first, last], head)
    assert damages(ID, [first, last], head)[0].text.startswith("event 2 is missing")


# Damaged files -------------------------------------------------------------------------


def content(path: Path) -> tuple[list[list[Row]], list[Head]]:
    with Journal.open(path) as journal:
        return [journal.read(name) for name in (ID, "neighbour")], journal.heads()


def test_a_flipped_byte_anywhere_is_found_or_changes_nothing(tmp_path: Path) -> None:
    path, flipped = tmp_path / "journal.db", tmp_path / "flipped.db"
    record(path, 90)
    record(path, 60, incident="neighbour")
    whole, before = path.read_bytes(), content(path)
    offsets = [*range(0, 100, 3), *range(100, len(whole), 197)]
    found = 0
    for offset in offsets:
        flipped.write_bytes(whole[:offset] + bytes([whole[offset] ^ 0x41]) + whole[offset + 1 :])
        if verify(flipped):
            found += 1
        else:
            assert content(flipped) == before, offset
        for leftover in tmp_path.glob("flipped.db*"):
            leftover.unlink()

    assert found > len(offsets) / 3  # the others hit free space, or counters that do not matter


def test_a_flipped_byte_in_an_events_text_names_the_event(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[whole.index(an_event(7)) + 30] ^= 0x01
    path.write_bytes(whole)

    assert [(damage.incident, damage.seq) for damage in verify(path)] == [(ID, 7)]


@pytest.mark.parametrize("left", [0.9, 0.5, 0.2, 0.02, 0.001])
def test_a_truncated_file_is_damage(path: Path, left: float) -> None:
    os.truncate(path, int(path.stat().st_size * left))

    found = verify(path)

    assert found
    assert any(damage.incident is None and "journal.db" in damage.text for damage in found)


def test_a_file_that_is_no_database_is_damage(path: Path) -> None:
    path.write_bytes(b"shopping list: milk, bread\n" * 100)

    assert [damage.text for damage in verify(path)] == [
        f"{path} is not a SQLite file, or no longer one"
    ]


def test_an_emptied_file_is_damage(path: Path) -> None:
    os.truncate(path, 0)

    assert verify(path) == [Damage(None, None, f"{path} is empty")]


def test_an_emptied_file_beside_a_log_is_refused_and_the_log_is_kept(path: Path) -> None:
    log = path.with_name("journal.db-wal")
    os.truncate(path, 0)
    log.write_bytes(b"the only copy")

    with pytest.raises(Broken, match=r"journal\.db is empty, but journal\.db-wal is not"):
        Journal.open(path)
    assert "journal.db-wal is not" in verify(path)[0].text

    assert log.read_bytes() == b"the only copy"


def test_a_missing_file_cannot_be_verified(tmp_path: Path) -> None:
    with pytest.raises(CrisisError, match=r"nothing\.db: No such file"):
        verify(tmp_path / "nothing.db")


def test_verify_changes_nothing(path: Path) -> None:
    run(
        "j = Journal.open(path); j.append(ID, [b'11'], expected=10, summary=a_summary());"
        "os._exit(0)",
        path,
    )  # leaves a log behind, as a killed process does
    before = {file: file.read_bytes() for file in (path, path.with_name("journal.db-wal"))}

    assert verify(path) == []

    assert before == {file: file.read_bytes() for file in before}


# Other processes -----------------------------------------------------------------------

APPEND_MANY = """
with Journal.open(path) as journal:
    won = 0
    while won < 40:
        head = journal.head(ID)
        last = head.seq if head else 0
        try:
            seq = journal.append(ID, [an_event(last)], expected=last, summary=a_summary())
        except Conflict:
            continue
        won += 1
        print(seq)
"""


def test_processes_that_race_to_make_the_journal_and_append_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "journal.db"
    with ExitStack() as stack:
        racers = [stack.enter_context(start(APPEND_MANY, path)) for _ in range(4)]
        printed = [racer.communicate(timeout=60) for racer in racers]

    assert [complaint for _, complaint in printed] == [""] * 4
    acknowledged = sorted(int(seq) for lines, _ in printed for seq in lines.split())
    assert acknowledged == list(range(1, 161))
    assert verify(path) == []


def test_all_who_make_the_same_journal_at_once_find_it_made(tmp_path: Path) -> None:
    gate = threading.Barrier(6)

    def open_it(path: Path) -> str:
        gate.wait(timeout=60)
        with Journal.open(path) as journal:
            return journal.why_read_only

    for attempt in range(10):
        path = tmp_path / f"new-{attempt}" / "journal.db"
        with ThreadPoolExecutor(6) as crowd:
            assert list(crowd.map(open_it, [path] * 6)) == [""] * 6
        assert verify(path) == []


APPEND_ONE = """
with Journal.open(path) as journal:
    print(journal.head(ID).seq, flush=True)
    sys.stdin.readline()
    try:
        journal.append(ID, [b"mine"], expected=10, summary=a_summary())
        print("won")
    except Conflict as error:
        print("lost", error.actual)
"""


def test_of_two_appends_at_the_same_place_one_is_a_conflict(path: Path) -> None:
    with start(APPEND_ONE, path) as one, start(APPEND_ONE, path) as other:
        for racer in (one, other):
            assert racer.stdout
            assert racer.stdout.readline() == "10\n"  # both have seen the same events
        answers = sorted(racer.communicate("go\n", timeout=60)[0] for racer in (one, other))

    assert answers == ["lost 11\n", "won\n"]
    with Journal.open(path) as journal:
        assert len(journal.read_verified(ID)) == 11


def test_a_lock_that_is_not_let_go_means_not_saved(path: Path) -> None:
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        Journal.open(path, patience=0.01) as journal,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotSaved, match="not saved: another process is writing") as caught:
            journal.append(ID, [b"11"], expected=10, summary=a_summary())
        assert len(journal.read_verified(ID)) == 10
        other.execute("ROLLBACK")

        assert "nothing was recorded" in caught.value.hint
        assert journal.append(ID, [b"11"], expected=10, summary=a_summary()) == 11


@pytest.mark.parametrize("replaced", [False, True])
def test_a_journal_deleted_while_open_takes_no_more_events(path: Path, replaced: bool) -> None:
    with Journal.open(path) as journal:
        for file in path.parent.glob("journal.db*"):
            file.unlink()
        if replaced:
            record(path, 1)

        with pytest.raises(NotSaved, match="moved or deleted while it was open"):
            journal.append(ID, [b"11"], expected=10, summary=a_summary())


APPEND_FOREVER = """
with Journal.open(path) as journal:
    head = journal.head(ID)
    last = head.seq if head else 0
    while True:
        bodies = [an_event(last + n) for n in range(1, 2 + last % 3)]
        last = journal.append(ID, bodies, expected=last, summary=a_summary())
        print(last, flush=True)
"""


def test_a_killed_process_loses_no_acknowledged_event(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    chance = random.Random(20261127)
    last = 0
    for _ in range(8):
        with start(APPEND_FOREVER, path) as writer:
            assert writer.stdout
            for _ in range(chance.randrange(1, 60)):
                last = int(writer.stdout.readline())
            writer.kill()
            last = max([last, *(int(seq) for seq in writer.stdout.read().split("\n")[:-1])])

        with Journal.open(path) as journal:
            rows = journal.read_verified(ID)
        assert [row.body for row in rows] == [an_event(n) for n in range(1, len(rows) + 1)]
        # The append that was cut off may have reached the disk, whole, unacknowledged.
        assert last <= len(rows) <= last + 3
        assert verify(path) == []


STRACE = shutil.which("strace")


def injected(call: str, fault: str, when: int) -> list[str]:
    """Give the command in front of a child that makes its n-th system call fail."""
    if STRACE is None:
        pytest.skip("strace is not installed")
    probe = [STRACE, "-qq", "-o", os.devnull, "true"]
    if subprocess.run(probe, check=False, capture_output=True).returncode:
        pytest.skip("strace may not trace here")
    inject = ["-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={when}"]
    return [STRACE, "-f", "-qq", "-o", os.devnull, *inject]


@pytest.mark.parametrize("when", [1, 9, 10, 11, 14, 19])
def test_a_kill_in_the_middle_of_an_append_leaves_all_or_nothing(path: Path, when: int) -> None:
    before = injected("pwrite64", "signal=KILL", when)
    code = """
with Journal.open(path) as journal:
    for last in (10, 12, 14):
        journal.append(ID, [b"a" * 3000, b"b" * 3000], expected=last, summary=a_summary())
        print(last + 2, flush=True)
"""
    with start(code, path, before=before) as writer:
        printed, _ = writer.communicate(timeout=60)

    assert writer.returncode == -signal.SIGKILL
    acknowledged = [10, *map(int, printed.split())][-1]
    with Journal.open(path) as journal:
        kept = len(journal.read_verified(ID))
    assert kept in (acknowledged, acknowledged + 2)
    assert verify(path) == []


FAIL_ONCE = """
with Journal.open(path) as journal:
    try:
        journal.append(ID, [b"11"], expected=10, summary=a_summary())
        print("saved")
    except CrisisError as error:
        print(type(error).__name__, error.message, error.hint, sep="; ")
    print(len(journal.read_verified(ID)))
    print(journal.append(ID, [b"again"], expected=10, summary=a_summary()))
"""


@pytest.mark.parametrize(
    ("call", "fault", "cause", "advice"),
    [
        ("fdatasync", "error=EIO", "the disk reported an error", "before you do it again, look"),
        ("pwrite64", "error=EIO", "the disk reported an error", "before you do it again, look"),
        ("pwrite64", "error=ENOSPC", "the disk is full", "nothing was recorded"),
    ],
)
def test_a_failing_disk_means_not_saved_and_nothing_claimed(
    path: Path, call: str, fault: str, cause: str, advice: str
) -> None:
    with Journal.open(path):  # so that the child's first write is that of the append
        said, kept, again = run(FAIL_ONCE, path, before=injected(call, fault, 1)).splitlines()

    assert said.startswith(f"NotSaved; not saved: {cause}")
    assert str(path) in said
    assert advice in said
    assert (kept, again) == ("10", "11")
    assert verify(path) == []


# Full disks, and files that may not be written -----------------------------------------

FILL = """
with Journal.open(path) as journal:
    last = journal.head(ID).seq
    try:
        while True:
            last = journal.append(ID, [b"x" * 3000], expected=last, summary=a_summary())
    except NotSaved as error:
        print(error.message, error.hint, sep="; ")
    print(last, len(journal.read_verified(ID)))
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small file system may not be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Take the last free byte of a disk."""
    path = disk / "filler"
    with path.open("wb", buffering=0) as filler:
        for size in (4096, 1):
            try:
                while filler.write(b"x" * size):
                    pass
            except OSError:
                continue
    return path


def test_a_full_disk_means_not_saved_until_there_is_room(small_disk: Path) -> None:
    path = small_disk / "journal.db"
    record(path, 1)
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * 100_000)

    said, numbers = run(FILL, path).splitlines()

    assert said.startswith(f"not saved: the disk is full ({path}); free some space; nothing was")
    acknowledged, kept = map(int, numbers.split())
    assert acknowledged == kept > 1
    filler.unlink()
    with Journal.open(path) as journal:
        journal.append(ID, [b"room"], expected=kept, summary=a_summary())
        assert len(journal.read_verified(ID)) == kept + 1
    assert verify(path) == []


def test_a_journal_on_a_full_disk_can_still_be_read(small_disk: Path) -> None:
    path = small_disk / "journal.db"
    record(path, 5)
    fill(small_disk)

    with Journal.open(path) as journal:
        assert len(journal.read_verified(ID)) == 5
        with pytest.raises(NotSaved, match="the disk is full"):
            journal.append(ID, [b"6"], expected=5, summary=a_summary())
        assert len(journal.read_verified(ID)) == 5


def test_a_journal_that_finds_no_room_to_begin_says_so(small_disk: Path) -> None:
    fill(small_disk)

    with pytest.raises(NotSaved, match="the disk is full"):
        Journal.open(small_disk / "journal.db")


def test_a_limit_on_file_size_means_not_saved(path: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"

    said, numbers = run(limit + FILL, path).splitlines()

    assert said.startswith("not saved: the disk ")
    acknowledged, kept = map(int, numbers.split())
    assert acknowledged == kept > 10
    assert verify(path) == []


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that another user can reach, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


AS_ANYBODY = """
import encodings.idna
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
"""
READ = (
    AS_ANYBODY
    + """
with Journal.open(path) as journal:
    print(journal.read_only, journal.why_read_only)
    print([row.body.decode() for row in journal.read_verified(ID)])
    try:
        journal.append(ID, [b"x"], expected=journal.head(ID).seq, summary=a_summary())
    except ReadOnly as error:
        print(error.message)
"""
)


def locked(folder: Path) -> None:
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)


def test_a_journal_in_a_read_only_folder_is_read(folder: Path) -> None:
    path = folder / "journal.db"
    with Journal.open(path) as journal:
        journal.append(ID, [b"1", b"2"], expected=0, summary=a_summary())
    locked(folder)

    state, events, refusal = run(READ, path).splitlines()

    why = f"{path} may not be written; shown as it was when it was opened"
    assert state == f"True {why}"
    assert events == "['1', '2']"
    assert refusal == f"not saved: {why}"
    assert [file.name for file in folder.iterdir()] == ["journal.db"]


def leave_a_log(path: Path) -> None:
    """Record two events, the second only in the log, as after a kill."""
    with Journal.open(path) as journal:
        journal.append(ID, [b"1"], expected=0, summary=a_summary())
    run(
        "j = Journal.open(path); j.append(ID, [b'2'], expected=1, summary=a_summary());os._exit(0)",
        path,
    )


def test_a_log_in_a_read_only_folder_is_read_as_well(folder: Path) -> None:
    path = folder / "journal.db"
    leave_a_log(path)
    locked(folder)

    state, events, _ = run(READ, path).splitlines()

    assert state == f"True {path} may not be written"
    assert events == "['1', '2']"


def test_a_log_that_cannot_be_read_is_said_to_hold_the_newest_events(folder: Path) -> None:
    path = folder / "journal.db"
    leave_a_log(path)
    path.with_name("journal.db-shm").unlink()
    locked(folder)

    state, events, _ = run(READ, path).splitlines()
    found = run(AS_ANYBODY + "print(*verify(path))", path)

    assert state.endswith("the newest events may be missing: journal.db-wal cannot be read")
    assert events == "['1']"
    assert "the newest events may be missing: journal.db-wal" in found


def test_a_journal_that_nobody_may_read_is_said(folder: Path) -> None:
    path = folder / "journal.db"
    record(path, 1)
    path.chmod(0)
    folder.chmod(0o555)
    code = (
        AS_ANYBODY
        + """
try:
    Journal.open(path)
except CrisisError as error:
    print(error.message, error.hint, sep="; ")
"""
    )

    said = run(code, path)

    assert said.startswith(f"cannot read the journal: the file cannot be opened ({path}); check")


def test_a_folder_that_may_not_be_written_gets_no_journal(folder: Path) -> None:
    folder.chmod(0o555)
    code = (
        AS_ANYBODY
        + """
try:
    Journal.open(path)
except CrisisError as error:
    print(error.message)
"""
    )

    said = run(code, folder / "journal.db")

    assert said == f"cannot make the journal {folder}/journal.db: Permission denied\n"


def test_a_read_only_append_is_a_way_of_not_saving() -> None:
    assert issubclass(ReadOnly, NotSaved)
