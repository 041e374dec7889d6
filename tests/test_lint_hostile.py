"""Hostile files: the linter ends quickly with a finding, runs nothing, and says it in one line."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from conftest import Crisis, Ran
from hostile import ESCAPES, EXHAUSTING, HARMLESS_YAML, HOSTILE, YAML, calm
from mutation.files import OTHER, originals
from small import write

FINDING = re.compile(r"^(\S+):(\d+):(\d+): (error|warning)\[([a-z-]+)\]: (.+)$", re.MULTILINE)
CAPPED = ("sh", "-c", 'ulimit -v 600000; ulimit -t 5; exec "$@"', "sh")
"""Half a gigabyte and five seconds of work, whatever else the machine does."""
SMALL = 1000
"""Characters that can hardly keep anybody busy: such a file needs no process of its own."""
PLAYBOOK = """\
playbook: shop
title: Shop
owner: sre
reviewed: "2026-11-21"
facts:
  shop: {type: text, ask: What is the shop called?, example: Kestrel}
stages:
  communicate:
    - id: tell
      title: Tell customers
      ask: [shop]
      send: {message: news, to: customers, channels: [status-page]}
"""
NEWS = """\
{% block headline %}Our shop is down{% endblock %}
{% block short %}{{ shop }}{% endblock %}
{% block body %}
HERE
{% endblock %}
"""


def shop(folder: Path, text: str | bytes = "Our shop is down.") -> Path:
    """A workspace whose one message says this on its fourth line; the file of the message."""
    write(folder / "playbooks" / "shop.yaml", PLAYBOOK)
    file = write(folder / "templates" / "shop" / "news.en.j2", "")
    if isinstance(text, bytes):
        file.write_bytes(text)
    else:
        file.write_text(NEWS.replace("HERE", text), encoding="utf-8")
    return file


def about(ran: Ran, file: str) -> list[tuple[int, str]]:
    """Line and rule of each finding in a file."""
    rows = FINDING.findall(ran.stdout)
    return [(int(line), rule) for name, line, _, _, rule, _ in rows if name == file]


def found_and_nothing_else(ran: Ran, folder: Path) -> bool:
    """Whether findings are all that came of it: nothing was run, sent or written."""
    assert (ran.exit, ran.stderr) == (1, "")
    assert "Traceback" not in ran.stdout
    assert calm(ran.stdout)
    assert re.search(r"(error|warning)s? (and \d+ warnings? )?in \d+ files?", ran.stdout)
    return not (folder / "canary").exists() and not (folder / "home").exists()


# Playbooks


@pytest.mark.parametrize("name", YAML)
def test_a_hostile_playbook_is_a_finding(
    crisis: Crisis, console: Crisis, folder: Path, name: str
) -> None:
    text, rule = YAML[name]
    path = write(folder / "playbooks" / "shop.yaml", "")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())

    if len(text) < SMALL and "memory" not in name:
        ran = crisis("lint", "playbooks/shop.yaml")
    else:
        ran = console("lint", "playbooks/shop.yaml", before=CAPPED)

    assert found_and_nothing_else(ran, folder)
    assert rule in {found for _, found in about(ran, "playbooks/shop.yaml")}
    assert len(ran.stdout) < 20_000


MISTAKES = {
    "steps that ask nothing known": "    - {STEP, ask: [f%], when: x% == 'a' and y}\n",
    "misspelt keys": "    - {id: S%, titel: no, whn: 3}\n",
    "messages without a text": "    - {STEP, send: {message: m%, to: c, channels: [x]}}\n",
    "decisions": "    - {STEP, decide: {fact: f%, options: {a: {title: A}}}, when: x%}\n",
}
"""Steps that are all wrong, each with its number for %."""


@pytest.mark.parametrize("name", MISTAKES)
def test_thousands_of_mistakes_in_one_file_are_told_in_seconds(
    console: Crisis, folder: Path, name: str
) -> None:
    step = MISTAKES[name].replace("STEP", "id: s%, title: T")
    steps = "".join(step.replace("%", str(number)) for number in range(2000))
    head = PLAYBOOK[: PLAYBOOK.index("    - id: tell")]
    write(folder / "playbooks" / "shop.yaml", head + steps)

    ran = console("lint", "playbooks/shop.yaml", before=CAPPED)

    assert found_and_nothing_else(ran, folder)
    assert len(about(ran, "playbooks/shop.yaml")) > 999


@pytest.mark.parametrize("name", HARMLESS_YAML)
def test_what_only_looks_odd_changes_no_finding(crisis: Crisis, folder: Path, name: str) -> None:
    old, new = HARMLESS_YAML[name]
    for file, text in originals().items():
        write(folder / file, text)
    path = folder / "playbooks" / f"outage{OTHER}.yaml"
    before = crisis("lint", str(path.relative_to(folder)))
    text = path.read_text(encoding="utf-8")
    path.write_bytes((text.replace(old, new) if old else new + text).encode())

    after = crisis("lint", str(path.relative_to(folder)))

    moved = new.count("\n") if not old else 0
    assert (after.exit, after.stderr) == (before.exit, before.stderr)
    assert [(line - moved, rule) for line, rule in about(after, f"playbooks/{path.name}")] == (
        about(before, f"playbooks/{path.name}")
    )


@pytest.mark.parametrize("evil", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_of_a_playbook_are_shown_harmless(
    crisis: Crisis, folder: Path, evil: str
) -> None:
    shop(folder)
    path = folder / "playbooks" / "shop.yaml"
    coded = evil.encode("unicode_escape").decode().replace('"', '\\"').replace("\\'", "'")
    path.write_text(PLAYBOOK.replace("ask: [shop]", f'ask: ["{coded}"]'), encoding="utf-8")

    ran = crisis("lint", "playbooks/shop.yaml")

    assert found_and_nothing_else(ran, folder)


# Message texts


@pytest.mark.parametrize("name", ESCAPES)
def test_a_way_out_of_a_template_is_a_finding_at_its_line(
    crisis: Crisis, folder: Path, name: str
) -> None:
    shop(folder, ESCAPES[name])

    ran = crisis("lint", "playbooks/shop.yaml")

    assert found_and_nothing_else(ran, folder)
    assert 4 in {line for line, _ in about(ran, "templates/shop/news.en.j2")}


@pytest.mark.parametrize("name", EXHAUSTING)
def test_a_template_that_would_exhaust_the_machine_is_a_finding(
    console: Crisis, folder: Path, name: str
) -> None:
    shop(folder, EXHAUSTING[name])

    ran = console("lint", "playbooks/shop.yaml", before=CAPPED)

    assert found_and_nothing_else(ran, folder)
    assert about(ran, "templates/shop/news.en.j2")


@pytest.mark.parametrize(
    "data",
    [
        "{% block body %}Ça{% endblock %}".encode("latin-1"),
        "{% block body %}x{% endblock %}".encode("utf-16"),
        b"\x7fELF\x02\x01\x01\x00",
        b"{% block body %}a\0b{% endblock %}",
        b"",
        b"x" * 300_000,
        b"#" * 12_000_000,
    ],
    ids=["Latin-1", "UTF-16", "a program", "NUL", "empty", "300 kB", "12 MB"],
)
def test_a_message_that_is_no_text_is_a_finding(console: Crisis, folder: Path, data: bytes) -> None:
    shop(folder, data)

    ran = console("lint", "playbooks/shop.yaml", before=CAPPED)

    assert found_and_nothing_else(ran, folder)
    assert about(ran, "templates/shop/news.en.j2")


@pytest.mark.parametrize("name", ["T8", "T27", "T30"])
@pytest.mark.parametrize("file", ["layouts/page.html.j2", "nowhere/news.en.j2", "shop/other.en.j2"])
def test_templates_that_no_message_uses_are_never_run_either(
    crisis: Crisis, folder: Path, file: str, name: str
) -> None:
    shop(folder)
    write(folder / "templates" / file, ESCAPES[name])

    ran = crisis("lint", ".")

    assert found_and_nothing_else(ran, folder)
    assert about(ran, f"templates/{file}")


# Files


@pytest.mark.parametrize(
    "name", ["pipe.yaml", "folder.yaml", "zero.yaml", "none.yaml", "loop.yaml"]
)
def test_what_is_not_an_ordinary_file_could_not_be_linted(
    console: Crisis, folder: Path, name: str
) -> None:
    (folder / "folder.yaml").mkdir()
    os.mkfifo(folder / "pipe.yaml")
    (folder / "zero.yaml").symlink_to("/dev/zero")
    (folder / "loop.yaml").symlink_to("loop.yaml")

    ran = console("lint", name, before=CAPPED)

    assert (ran.exit, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"error: {name}")
    assert ran.stderr.count("\n") <= 2


def test_a_pipe_among_the_files_of_a_folder_keeps_nothing_else_from_being_linted(
    console: Crisis, folder: Path
) -> None:
    shop(folder)
    os.mkfifo(folder / "playbooks" / "pipe.yaml")
    os.mkfifo(folder / "templates" / "shop" / "news.fr.j2")

    ran = console("lint", ".", before=CAPPED)

    assert ran.exit == 2
    assert "playbooks/pipe.yaml is not an ordinary file" in ran.stderr
    assert about(ran, "playbooks/shop.yaml")


def test_a_link_that_leads_out_of_the_folder_is_not_read(crisis: Crisis, folder: Path) -> None:
    secret = write(folder / "secret.txt", "playbook: hunter2-secret\n")
    team = folder / "team"
    message = shop(team)
    message.unlink()
    message.symlink_to(secret)
    (team / "playbooks" / "link.yaml").symlink_to(secret)

    ran = crisis("lint", "team")

    assert ran.exit == 1
    assert "hunter2" not in ran.stdout + ran.stderr
    assert not about(ran, "team/playbooks/link.yaml")


def test_a_message_that_is_a_folder_is_a_finding(crisis: Crisis, folder: Path) -> None:
    message = shop(folder)
    message.unlink()
    message.mkdir()

    ran = crisis("lint", "playbooks/shop.yaml")

    assert found_and_nothing_else(ran, folder)


@pytest.mark.parametrize("name", ["/etc", "../../..", ".", "a/../b", "~", "$HOME", "*", "CON"])
def test_no_name_in_a_playbook_leads_to_other_files(
    crisis: Crisis, folder: Path, name: str
) -> None:
    shop(folder)
    words = PLAYBOOK.replace("playbook: shop", f'playbook: "{name}"')
    write(folder / "playbooks" / "shop.yaml", words.replace("message: news", f'message: "{name}"'))

    ran = crisis("lint", "playbooks/shop.yaml")

    assert found_and_nothing_else(ran, folder)
    assert {file for file, *_ in FINDING.findall(ran.stdout)} == {"playbooks/shop.yaml"}


@pytest.mark.parametrize(
    "name", ["-rf.yaml", "café.yaml", "cafe\u0301.yaml", "a b.yaml", "::error::.yaml"]
)
def test_a_file_may_have_any_name(crisis: Crisis, folder: Path, name: str) -> None:
    write(folder / name, "playbook: [a\n")

    ran = crisis("lint", "--", name)

    assert ran.exit == 1
    assert "1:11: error[yaml-syntax]" in ran.stdout


def test_a_name_that_no_file_can_have_is_said(crisis: Crisis, folder: Path) -> None:
    ran = crisis("lint", "x" * 300 + ".yaml")

    assert (ran.exit, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: ")


@pytest.mark.parametrize("evil", [e for e in HOSTILE.values() if "/" not in e and len(e) < 99])
def test_hostile_file_names_are_shown_harmless(crisis: Crisis, folder: Path, evil: str) -> None:
    write(folder / f"{evil}.yaml", "playbook: [a\n")

    ran = crisis("lint", ".", "--", f"{evil}.yaml")

    assert ran.exit == 1
    assert calm(ran.stdout + ran.stderr)


def test_a_folder_that_is_gone_is_one_line(console: Crisis, folder: Path) -> None:
    gone = folder / "gone"
    gone.mkdir()

    ran = console("lint", before=("sh", "-c", f'cd {gone}; rmdir {gone}; exec "$@"', "sh"))

    assert "Traceback" not in ran.stderr
    assert ran.exit == 2


def test_without_a_home_it_lints_all_the_same(console: Crisis, folder: Path) -> None:
    shop(folder)

    ran = console("lint", "playbooks/shop.yaml", before=("env", "-u", "HOME"))

    assert (ran.exit, ran.stderr) == (1, "")


def test_a_file_that_may_not_be_read_is_said(console: Crisis, folder: Path) -> None:
    if os.getuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can become nobody")
    path = write(folder / "shop.yaml", PLAYBOOK)
    path.chmod(0)
    folder.chmod(0o755)
    nobody = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
    if console("--version", before=nobody).exit:
        pytest.skip("another user may not run this Python")

    ran = console("lint", "shop.yaml", before=nobody)

    assert (ran.exit, ran.stdout) == (2, "")
    assert re.search("shop.yaml('|) (cannot be read|is not readable)", ran.stderr)


def test_linting_leaves_the_files_as_they_were(crisis: Crisis, folder: Path) -> None:
    shop(folder)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}

    crisis("lint", ".")

    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
