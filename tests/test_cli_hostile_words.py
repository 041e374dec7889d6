"""Whatever somebody types or writes in a file, no terminal obeys it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from conftest import Crisis
from hostile import HOSTILE, TYPEABLE, calm
from small import PLAYBOOK, small, write

VIEWS = ((), ("status",), ("list",), ("timeline",), ("deadlines",), ("action", "list"))
EVERYTHING = " ".join(TYPEABLE.values())


def test_hostile_words_in_the_record_never_reach_the_terminal(crisis: Crisis) -> None:
    id = crisis("start", "outage", "--title", EVERYTHING, "--no-input").stdout.strip()

    said = [crisis("note", f"n {evil}", "--topic", evil) for evil in HOSTILE.values()]
    said += [
        crisis("role", "commander", EVERYTHING),
        crisis("action", "add", EVERYTHING, "--owner", EVERYTHING),
        crisis("action", "done", "1", EVERYTHING),
        crisis("fact", "cause", "overload", "--suspected", "--source", EVERYTHING),
        crisis("fact", "cause", "--retract", "--because", EVERYTHING),
        crisis("waive", "first-word", "--because", EVERYTHING),
        crisis("severity", "sev4", "--because", EVERYTHING),
    ]
    shown = [crisis(*words) for words in (*VIEWS, ("fact", "cause"), ("report",))]

    assert {ran.exit for ran in (*said, *shown)} == {0}
    assert all(calm(ran.stdout, ran.stderr) for ran in (*said, *shown))
    assert id in shown[0].stdout
    assert "n \\x1b[2J" in shown[3].stdout


def test_hostile_words_come_back_exactly_in_json_that_a_terminal_may_show(
    crisis: Crisis, declared: str
) -> None:
    for evil in HOSTILE.values():
        crisis("note", f"n {evil}.")

    ran = crisis("timeline", "--json")

    assert all(char.isprintable() or char == "\n" for char in ran.stdout)
    notes = [r for r in json.loads(ran.stdout)["timeline"] if r["kind"] == "note-added"]
    assert [note["text"] for note in notes] == [f"n {evil}." for evil in HOSTILE.values()]


@pytest.mark.parametrize(
    "evil",
    [
        "\x1b[2J\x1b]52;c;ZXZpbA==\x07",
        "\x9b31m\x85",
        "txt.\u202egnp.exe\u2066",
        "no\rPAID\x08\u2028\u200b",
        "[/] [red]z" + "\u0335" * 500,
    ],
    ids=["escapes", "C1", "order", "overwriting", "markup and marks"],
)
def test_hostile_arguments_are_shown_harmless_in_the_error(
    crisis: Crisis, declared: str, evil: str
) -> None:
    wrong = (
        ("start", evil), ("show", evil), ("preview", f"outage/{evil}"), ("preview", f"{evil}/x"),
        ("status", evil), ("note", "x", "--at", evil), ("note", "x", "--incident", evil),
        ("fact", evil, "x"), ("fact", "cause", evil), ("fact", "site_url", evil),
        ("severity", evil), ("role", evil, "x"), ("waive", evil, "--because", "x"),
        ("message", "show", evil), ("message", "show", "holding", "-c", evil),
        ("message", "show", "holding", "-l", evil), ("action", "add", "x", "--due", evil),
        ("report", "-f", evil), ("start", "outage", "--set", evil), ("verify", evil),
        ("start", "outage", "--answers", f"{evil}.yaml"), ("start", "outage", "-l", evil),
        ("report", "-o", f"no/{evil}"),
    )  # fmt: skip

    for words in wrong:
        ran = crisis(*words)
        assert ran.exit in (1, 2), words
        assert ran.stdout == ""
        assert calm(ran.stderr), words


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x9b31m", "\u202e", "\r", "\x07"])
def test_hostile_words_in_wrong_usage_are_shown_harmless(console: Crisis, evil: str) -> None:
    for words in ((f"x{evil}",), ("status", f"--x{evil}"), ("action", "done", evil, "x")):
        ran = console(*words)
        assert (ran.exit, ran.stdout) == (2, "")
        assert calm(ran.stderr), words


def test_hostile_words_of_a_playbook_are_shown_harmless(crisis: Crisis, folder: Path) -> None:
    text = PLAYBOOK.replace("DEADLINES", "{}").replace("Small crisis", "'[/x]'")
    text = text.replace("Look at it", '"Look [red]x[/red] [/] \u202eit"')
    small(folder, playbook=text)
    views = (("playbooks",), ("show", "small"), ("show", "small", "-f", "md"))
    used = (("start", "small", "--no-input"), ("status",), ("report",))

    shown = [crisis(*words) for words in (*views, *used)]

    assert all(calm(ran.stdout, ran.stderr) for ran in shown)
    assert "[red]x[/red] [/] \\u202eit" in shown[1].stdout
    assert "[/x]" in shown[4].stdout


@pytest.mark.parametrize("evil", ["\x1b[2J", "\u202egnp.yaml", "[red]"])
def test_hostile_file_names_are_shown_harmless(crisis: Crisis, folder: Path, evil: str) -> None:
    team = folder / f"team{evil}"
    write(team / "crisisctl.yaml", "brand: {name: x\n")
    os.chdir(team)

    ran = crisis("start", "outage")

    assert (ran.exit, ran.stdout) == (2, "")
    assert "crisisctl.yaml:1:8" in ran.stderr
    assert calm(ran.stderr)


def test_bytes_that_are_no_utf8_are_refused_and_nothing_is_recorded(
    crisis: Crisis, declared: str, console: Crisis
) -> None:
    before = crisis("timeline").stdout

    for words in (("note", "caf\udce9"), ("role", "scribe", "\udcff"), ("fact", "needs", "\udcff")):
        ran = console(*words)
        assert (ran.exit, ran.stdout) == (2, ""), ran.stderr
        assert "not UTF-8" in ran.stderr or "control character" in ran.stderr
    assert crisis("timeline").stdout == before


def test_an_operator_whose_name_is_no_utf8_can_still_record(console: Crisis, declared: str) -> None:
    assert console("note", "x", CRISISCTL_OPERATOR="an\udcff").exit == 0
    assert "x (an?)" in console("timeline").stdout
