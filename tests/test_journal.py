"""The journal keeps what it was given, in order, for one writer at a time."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journals import ID, a_summary, an_event, record, run, tamper

from crisisctl.errors import CrisisError
from crisisctl.journal import Conflict, Head, Journal, ReadOnly, verify


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with Journal.open(path) as journal:
        yield journal


@settings(max_examples=25)
@given(batches=st.lists(st.lists(st.binary(max_size=2000), min_size=1, max_size=5), max_size=6))
def test_whatever_is_appended_reads_back_equal_and_verifies(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[bytes]]
) -> None:
    path = tmp_path_factory.mktemp("any") / "journal.db"
    last = 0
    with Journal.open(path) as journal:
        for batch in batches:
            last = journal.append(ID, batch, expected=last, summary=a_summary())

    with Journal.open(path) as journal:
        rows = journal.read_verified(ID)

    assert [row.body for row in rows] == [body for batch in batches for body in batch]
    assert [row.seq for row in rows] == list(range(1, last + 1))
    assert verify(path) == []


def test_append_returns_the_number_of_the_last_event(journal: Journal) -> None:
    assert journal.append(ID, [b"1", b"2"], expected=0, summary=a_summary()) == 2
    assert journal.append(ID, [b"3"], expected=2, summary=a_summary()) == 3


def test_read_gives_only_the_events_after_a_number(journal: Journal) -> None:
    journal.append(ID, [b"1", b"2", b"3"], expected=0, summary=a_summary())

    assert [(row.seq, row.body) for row in journal.read(ID, after=1)] == [(2, b"2"), (3, b"3")]
    assert journal.read(ID, after=3) == []


def test_an_unknown_incident_has_no_events_and_no_head(journal: Journal) -> None:
    assert journal.read("nothing") == []
    assert journal.read_verified("nothing") == []
    assert journal.head("nothing") is None


def test_each_hash_covers_the_hash_before_it_the_incident_the_number_and_the_text(
    journal: Journal,
) -> None:
    journal.append(ID, [b"one", b"two"], expected=0, summary=a_summary())

    first = sha256(b"0" * 64 + b"\n" + ID.encode() + b"\n1\none").hexdigest()
    second = sha256(first.encode() + b"\n" + ID.encode() + b"\n2\ntwo").hexdigest()
    assert [row.hash for row in journal.read(ID)] == [first, second]


def test_incidents_are_chained_and_numbered_apart(journal: Journal) -> None:
    journal.append("a", [b"1", b"2"], expected=0, summary=a_summary())
    journal.append("b", [b"3"], expected=0, summary=a_summary())
    journal.append("a", [b"4"], expected=2, summary=a_summary())

    assert [row.body for row in journal.read_verified("a")] == [b"1", b"2", b"4"]
    assert [row.body for row in journal.read_verified("b")] == [b"3"]


@pytest.mark.parametrize(
    ("incident", "expected", "actual", "words"),
    [
        (ID, 1, 2, "2 events are recorded, not 1"),
        (ID, 3, 2, "2 events are recorded, not 3"),
        (ID, 0, 2, "already declared"),
        ("other", 1, 0, "no incident other"),
    ],
)
def test_an_append_at_the_wrong_place_is_a_conflict_and_records_nothing(
    journal: Journal, incident: str, expected: int, actual: int, words: str
) -> None:
    journal.append(ID, [b"1", b"2"], expected=0, summary=a_summary())

    with pytest.raises(Conflict, match=words) as caught:
        journal.append(incident, [b"late"], expected=expected, summary=a_summary(title="Late"))

    assert (caught.value.expected, caught.value.actual) == (expected, actual)
    assert caught.value.code == 1
    assert [row.body for row in journal.read(ID)] == [b"1", b"2"]
    assert [head.title for head in journal.heads()] == ["Site outage"]


def test_an_append_after_a_conflict_works_on_the_same_journal(journal: Journal) -> None:
    with pytest.raises(Conflict):
        journal.append(ID, [b"1"], expected=7, summary=a_summary())

    assert journal.append(ID, [b"1"], expected=0, summary=a_summary()) == 1


def test_an_append_of_nothing_is_refused(journal: Journal) -> None:
    with pytest.raises(ValueError, match="at least one event"):
        journal.append(ID, [], expected=0, summary=a_summary())


def test_an_append_that_fails_half_way_records_none_of_its_events(journal: Journal) -> None:
    journal.append(ID, [b"1"], expected=0, summary=a_summary())

    with pytest.raises(sqlite3.Error):  # the events go in before the summary is refused
        journal.append(ID, [b"2", b"3"], expected=1, summary=a_summary(title=[]))  # type: ignore[arg-type]

    assert [row.body for row in journal.read_verified(ID)] == [b"1"]
    assert journal.append(ID, [b"2"], expected=1, summary=a_summary()) == 2


def test_the_head_is_the_last_event_and_the_last_summary(journal: Journal) -> None:
    journal.append(ID, [b"1"], expected=0, summary=a_summary())
    resolved = a_summary(title="Short outage", severity="sev3", status="resolved", stage="resolve")
    journal.append(ID, [b"2"], expected=1, summary=resolved)

    last = journal.read(ID)[-1]
    assert journal.head(ID) == Head(
        ID,
        2,
        last.hash,
        "outage",
        "Short outage",
        "sev3",
        "resolved",
        "resolve",
        "2026-11-27T19:04:00+00:00",
        "2026-11-27T19:04:00+00:00",
    )


def test_heads_are_listed_newest_declared_first(journal: Journal) -> None:
    for incident, hour in (("first", 8), ("last", 12), ("middle", 10)):
        at = f"2026-11-27T{hour:02}:00:00+00:00"
        journal.append(incident, [b"1"], expected=0, summary=a_summary(declared_at=at))

    assert [head.incident for head in journal.heads()] == ["last", "middle", "first"]
    assert [head.incident for head in journal.heads(limit=2)] == ["last", "middle"]
    assert journal.heads(limit=0) == []


def test_heads_are_listed_by_their_present_status(journal: Journal) -> None:
    for status in ("open", "resolved", "closed"):
        journal.append(status, [b"1"], expected=0, summary=a_summary(status=status))
    journal.append("reopened", [b"1"], expected=0, summary=a_summary(status="closed"))
    journal.append("reopened", [b"2"], expected=1, summary=a_summary(status="open"))

    def listed(*status: str) -> set[str]:
        return {head.incident for head in journal.heads(status=status)}

    assert listed("open") == {"open", "reopened"}
    assert listed("resolved", "closed") == {"resolved", "closed"}
    assert listed() == set()


def test_the_next_id_is_the_stem_then_counts_from_two(journal: Journal) -> None:
    assert journal.next_id(ID) == ID

    for expected in (ID, f"{ID}-2", f"{ID}-3"):
        assert journal.next_id(ID) == expected
        journal.append(expected, [b"1"], expected=0, summary=a_summary())

    assert journal.next_id("breach-2026-11-27") == "breach-2026-11-27"


def test_the_next_id_avoids_events_whose_head_was_lost(path: Path, journal: Journal) -> None:
    journal.append(ID, [b"1"], expected=0, summary=a_summary())
    tamper(path, "DELETE FROM heads")

    assert journal.next_id(ID) == f"{ID}-2"


def test_events_recorded_elsewhere_are_seen_at_once(path: Path, journal: Journal) -> None:
    with Journal.open(path) as other:
        other.append(ID, [b"1"], expected=0, summary=a_summary())

        assert [row.body for row in journal.read(ID)] == [b"1"]


def test_a_journal_belongs_to_the_thread_that_opened_it(journal: Journal) -> None:
    caught: list[Exception] = []

    def elsewhere() -> None:
        try:
            journal.read(ID)
        except sqlite3.ProgrammingError as error:
            caught.append(error)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()

    assert len(caught) == 1


def test_a_commit_reaches_the_disk_before_append_returns(journal: Journal) -> None:
    settings = {
        name: journal._connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "fullfsync")
    }

    assert settings == {"journal_mode": "wal", "synchronous": 2, "fullfsync": 1}


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o777])
def test_files_and_new_folders_are_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "new" / "newer" / "journal.db"
    before = os.umask(umask)
    try:
        with Journal.open(path) as journal:
            journal.append(ID, [b"1"], expected=0, summary=a_summary())
            names = sorted(file.name for file in path.parent.iterdir())
            rights = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)

    assert names == ["journal.db", "journal.db-shm", "journal.db-wal"]
    assert rights == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700


def test_a_folder_that_was_there_keeps_its_rights(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o750)

    Journal.open(folder / "journal.db").close()

    assert stat.S_IMODE(folder.stat().st_mode) == 0o750


def test_an_odd_file_name_is_only_a_name(tmp_path: Path) -> None:
    path = tmp_path / "a b?mode=ro#%20é" / "journal?x=1%.db"

    record(path, 1)

    assert path.is_file()
    assert verify(path) == []


def test_a_relative_path_means_where_it_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(tmp_path)
    with Journal.open(Path("journal.db")) as journal:
        monkeypatch.chdir(elsewhere)
        journal.append(ID, [b"1"], expected=0, summary=a_summary())

    assert list(elsewhere.iterdir()) == []
    assert verify(tmp_path / "journal.db") == []


def test_opening_without_create_makes_nothing(path: Path) -> None:
    with pytest.raises(CrisisError, match=r"journal\.db: No such file"):
        Journal.open(path, create=False)

    assert not path.exists()


def test_an_empty_file_becomes_a_journal(path: Path) -> None:
    path.touch()

    record(path, 1)

    assert verify(path) == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(CrisisError, match=r"cannot make the journal .*file/journal") as caught:
        Journal.open(tmp_path / "file" / "journal.db")

    assert "CRISISCTL_HOME" in caught.value.hint


def test_a_file_that_is_no_database_is_refused_by_name_and_left_alone(path: Path) -> None:
    path.write_text("shopping list: milk, bread\n" * 100)

    with pytest.raises(CrisisError, match=r"journal\.db is not a SQLite file"):
        Journal.open(path)

    assert path.read_text().startswith("shopping list")


@pytest.mark.parametrize("mark", ["", "PRAGMA user_version = 1", "PRAGMA application_id = 7"])
def test_somebody_elses_database_is_refused_and_left_alone(path: Path, mark: str) -> None:
    tamper(path, "CREATE TABLE bookmarks (url)", mark)
    before = path.read_bytes()

    with pytest.raises(CrisisError, match="not a journal of crisisctl"):
        Journal.open(path)

    assert path.read_bytes() == before


def test_a_folder_or_a_pipe_in_its_place_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()

    for name in ("pipe", "folder"):
        with pytest.raises(CrisisError, match=f"{name} is not a file"):
            Journal.open(tmp_path / name)


def test_a_journal_of_a_newer_crisisctl_is_read_but_not_written(path: Path) -> None:
    record(path, 2)
    tamper(path, "PRAGMA user_version = 2")

    with Journal.open(path) as journal:
        assert journal.read_only
        assert "newer crisisctl (format 2, known is 1)" in journal.why_read_only
        with pytest.raises(ReadOnly, match="newer crisisctl"):
            journal.append(ID, [b"3"], expected=2, summary=a_summary())
        assert len(journal.read_verified(ID)) == 2


def test_a_journal_that_can_be_written_gives_no_reason_against(journal: Journal) -> None:
    assert not journal.read_only
    assert journal.why_read_only == ""


def test_the_journal_is_light_to_import(path: Path) -> None:
    heavy = "pydantic yaml jinja2 questionary prompt_toolkit asyncio babel rich"

    loaded = run(f"print([name for name in {heavy!r}.split() if name in sys.modules])", path)

    assert loaded == "[]\n"


def test_single_events_and_one_batch_make_the_same_chain(tmp_path: Path) -> None:
    record(tmp_path / "batch.db", 50)
    with (
        Journal.open(tmp_path / "batch.db") as batch,
        Journal.open(tmp_path / "single.db") as single,
    ):
        for last in range(50):
            single.append(ID, [an_event(last + 1)], expected=last, summary=a_summary())

        assert batch.read(ID) == single.read(ID)
        assert batch.head(ID) == single.head(ID)
