"""Streams, widths, encodings, zones and folders as bad as they come."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Crisis
from hostile import calm
from small import answers, small, write


@pytest.mark.parametrize(
    "words", [("show", "outage"), ("--help",), ("--version",), ("list",)], ids=" ".join
)
@pytest.mark.parametrize("buffered", ["", "1"])
def test_a_reader_that_stops_early_is_no_error_worth_words(
    folder: Path, words: tuple[str, ...], buffered: str
) -> None:
    read, write_ = os.pipe()
    os.close(read)
    script = str(Path(sys.executable).with_name("crisisctl"))
    around = {**os.environ, "PYTHONUNBUFFERED": buffered}

    done = subprocess.run(
        [script, *words], stdout=write_, stderr=subprocess.PIPE, env=around, check=False
    )
    os.close(write_)

    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize(
    "words",
    [("show", "outage"), ("--help",), ("--version",), ("list",), ("list", "--json")],
    ids=" ".join,
)
def test_a_result_that_cannot_be_written_is_one_line_and_exit_1(
    folder: Path, words: tuple[str, ...]
) -> None:
    script = str(Path(sys.executable).with_name("crisisctl"))
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [script, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert (done.returncode, done.stderr) == (1, "error: no space left on device\n")


def test_what_was_recorded_stays_when_the_words_about_it_are_lost(
    crisis: Crisis, declared: str
) -> None:
    script = str(Path(sys.executable).with_name("crisisctl"))
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([script, "note", "Heard"], stdout=full, stderr=full, check=False)

    assert done.returncode == 1
    assert "Heard" in crisis("timeline").stdout


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams_stop_nothing(crisis: Crisis, declared: str, closed: str) -> None:
    script = str(Path(sys.executable).with_name("crisisctl"))

    done = subprocess.run(["sh", "-c", f'"{script}" note "Into the void" {closed}'], check=False)

    assert done.returncode == 0
    assert "Into the void" in crisis("timeline").stdout
    assert crisis("verify").exit == 0


@pytest.mark.parametrize("width", ["0", "10", "100000", "-1", "wide", ""])
def test_any_width_is_survived(
    crisis: Crisis, declared: str, width: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    crisis("note", "word " * 60)

    shown = [crisis(*w) for w in ((), ("status",), ("timeline",), ("list",), ("show", "outage"))]

    assert {ran.exit for ran in shown} == {0}
    if width == "10":
        assert max(map(len, shown[2].stdout.splitlines())) <= 30
    else:
        assert max(map(len, shown[2].stdout.splitlines())) <= 100


def test_80_columns_are_enough(crisis: Crisis, declared: str) -> None:
    crisis("fact", "cause", "overload", "--suspected")
    crisis("note", "A longer note about what somebody saw, heard and did " * 3)
    views = ((), ("status",), ("deadlines",), ("timeline",), ("list",), ("message", "list"))

    for words in (*views, ("show", "outage"), ("playbooks",), ("doctor",), ("--help",)):
        lines = crisis(*words).stdout.splitlines()
        assert all(len(line) <= 80 for line in lines), words


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_stream_without_the_letters_shows_escapes_instead_of_failing(
    crisis: Crisis, console: Crisis, encoding: str
) -> None:
    crisis("start", "outage", "--title", "Панне — 😀", "--no-input")
    text = ("preview", "outage/holding", "-c", "x", "-l", "ru")

    for words in ((), ("status",), ("timeline",), text, ("report",), ("show", "outage")):
        ran = console(*words, PYTHONIOENCODING=encoding)
        assert (ran.exit, ran.stderr) == (0, "")
    assert "\\u041f" in console("list", PYTHONIOENCODING=encoding).stdout
    assert " - Site" not in console(PYTHONIOENCODING=encoding).stdout


def test_the_c_locale_is_survived(console: Crisis, declared: str) -> None:
    settings = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LANG": "C"}

    ran = console("note", "Plain words", **settings)
    shown = console("timeline", **settings)

    assert (ran.exit, shown.exit) == (0, 0)
    assert ran.stderr == f"+ noted ({declared})\n"
    assert "Plain words" in shown.stdout


def test_a_dumb_terminal_gets_no_codes(console: Crisis, declared: str) -> None:
    ran = console("status", TERM="dumb", NO_COLOR="")

    assert ran.exit == 0
    assert "\x1b" not in ran.stdout


@pytest.mark.parametrize("zone", ["Nope/Nowhere", "../../etc/passwd", "\x1b[2J", ":", "CET-1CEST"])
def test_a_bad_time_zone_is_utc_and_doctor_says_so(
    crisis: Crisis, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)

    crisis("start", "outage", "--at", "2025-01-31T20:00+00:00", "--no-input")
    checked = crisis("doctor")

    assert "2025-01-31 20:00 UTC" in crisis("timeline").stdout
    assert checked.exit == 0
    assert ("not the name of a zone" in " ".join(checked.stdout.split())) is (zone != ":")
    assert calm(checked.stdout)


def test_a_deleted_folder_under_the_feet_stops_nothing(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    gone = folder / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()

    assert crisis("status").exit == 0
    assert crisis("note", "Still here").exit == 0
    assert crisis("preview", "outage/holding", "-c", "x", "-l", "en").exit == 0
    report = crisis("report", "-o", "report.md")
    assert (report.exit, report.stdout) == (1, "")
    assert "report.md cannot be written" in report.stderr


def test_the_home_defaults_to_the_state_directory(
    console: Crisis, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CRISISCTL_HOME")

    console("start", "outage", "--no-input", HOME=str(folder), XDG_STATE_HOME=str(folder / "st"))

    assert (folder / "st" / "crisisctl" / "journal.db").is_file()


def test_a_report_to_a_device_leaves_the_device_in_place(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    os.mkfifo(folder / "pipe")
    reader = os.open(folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)

    ran = crisis("report", "-o", "pipe")

    assert ran.exit == 0
    assert os.read(reader, 20).startswith(b"# Post-mortem")
    os.close(reader)
    assert (folder / "pipe").is_fifo()


def test_a_report_through_a_link_fills_the_file_behind_it(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    write(folder / "real.md", "old\n")
    (folder / "link.md").symlink_to("real.md")

    crisis("report", "-o", "link.md")

    assert (folder / "link.md").is_symlink()
    assert (folder / "real.md").read_text("utf-8").startswith("# Post-mortem")


def test_a_report_that_cannot_be_written_leaves_nothing_behind(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    (folder / "taken").mkdir()

    for target in ("taken", "no/such/folder.md"):
        ran = crisis("report", "-o", target)
        assert (ran.exit, ran.stdout) == (1 if target != "taken" else ran.exit, "")
        assert f"{target} cannot be written" in ran.stderr
    assert not [*folder.rglob("*.part")]
    assert (folder / "taken").is_dir()


def test_no_secret_or_text_is_left_readable_by_others(
    crisis: Crisis, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.umask(0)
    try:
        small(folder)
        crisis("start", "small", "--answers", str(answers(folder)))
        crisis("start", "small", "--drill", "--no-input")
    finally:
        os.umask(before)

    kept = [folder / "home", *(folder / "home").rglob("*")]
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept), kept
