"""The queue in a real terminal: read, change, answer, leave; and an export watched over."""

from __future__ import annotations

import json
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Crisis
from reviewed import a_row, a_shop, a_wave, an_export, imported
from terminal import PROGRAM, Terminal

NOW = datetime.now(UTC)


def rows(number: int) -> list[dict[str, str]]:
    return [
        a_row(f"r{n}", NOW - timedelta(minutes=50 - n), content=f"Parcel late, day {n} of waiting")
        for n in range(number)
    ]


def status(crisis: Crisis) -> dict[str, str]:
    shown = json.loads(crisis("reviews", "list", "--json").stdout)["reviews"]
    return {row["key"]: row["status"] for row in shown}


def queue(folder: Path, **environment: str) -> Terminal:
    return Terminal("reviews", "next", home=folder / "home", folder=folder, environment=environment)


def test_the_first_review_is_answered_with_enter(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, *rows(2))

    with queue(folder) as terminal:
        terminal.expect_prompt("What now?")
        terminal.expect_on_screen("Review 1 of 2")
        terminal.press("enter")
        terminal.expect_on_screen("Review 1 of 1")
        terminal.press("enter")
        terminal.expect_on_screen("Every complaint has an answer")
        assert terminal.wait() == 0

    assert status(crisis) == {"r0": "answered", "r1": "answered"}


def test_a_draft_is_changed_in_the_editor_before_it_goes(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, *rows(1))
    editor = folder / "editor"
    editor.write_text('#!/bin/sh\necho "We call you at noon, Marie." >> "$1"\n')
    editor.chmod(0o755)

    with queue(folder, EDITOR=str(editor)) as terminal:
        terminal.expect_prompt("What now?")
        terminal.press("down")
        terminal.press("enter")
        terminal.expect_on_screen("We call you at noon, Marie.")
        terminal.expect_prompt("What now?")
        terminal.press("enter")
        terminal.expect_on_screen("✓ answered")

    shown = json.loads(crisis("reviews", "show", "r0", "--json").stdout)["review"]
    assert shown["answer"].endswith("We call you at noon, Marie.")


def test_ctrl_c_leaves_the_queue_with_all_answers_saved(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, *rows(2))

    with queue(folder) as terminal:
        terminal.expect_prompt("What now?")
        terminal.press("enter")
        terminal.expect_on_screen("Review 1 of 1")
        terminal.press("ctrl-c")
        assert terminal.wait() == 130
        terminal.expect_on_screen("saved; go on with `crisisctl reviews next")

    assert status(crisis) == {"r0": "answered", "r1": "new"}


def test_a_watched_export_tells_when_a_wave_begins(crisis: Crisis, folder: Path) -> None:
    a_shop(folder)
    crisis("start", "review-wave", "--no-input")
    quiet = [a_row(f"q{n}", NOW - timedelta(days=n), score=5, content="Fine") for n in range(40)]
    export = an_export(folder / "reviews.csv", quiet)
    words = ["reviews", "import", "reviews.csv", "--watch", "--every", "1s"]
    watching = subprocess.Popen(
        [str(PROGRAM), *words], cwd=folder, stderr=subprocess.PIPE, text=True
    )
    try:
        assert watching.stderr is not None
        while "40 reviews" not in watching.stderr.readline():
            pass
        a_wave(export, now=NOW)
        told = ""
        until = time.monotonic() + 100
        while "now it is wave" not in told and time.monotonic() < until:
            told += watching.stderr.readline()
        assert "It was none, now it is wave" in told
    finally:
        watching.kill()
        watching.wait()
        watching.stderr.close()


@pytest.mark.parametrize("columns", [80, 40])
def test_the_queue_is_readable_on_a_small_screen(
    crisis: Crisis, folder: Path, columns: int
) -> None:
    imported(crisis, folder, *rows(1))

    with Terminal(
        "reviews", "next", home=folder / "home", folder=folder, columns=columns
    ) as terminal:
        terminal.expect_prompt("What now?")
        assert all(len(line.rstrip()) <= columns for line in terminal.screen.display)
        terminal.press("ctrl-c")
