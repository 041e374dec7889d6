"""Every command in the README runs and prints what stands there, in a home of its own."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import typer
from terminal import Terminal

from crisisctl.cli.app import app
from crisisctl.playbook import values
from crisisctl.playbook.model import Fact

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SET_UP = "python3 -m venv "
GAP = "..."


@dataclass
class Example:
    """A command, and the lines that the README shows of what it prints."""

    command: str
    shown: list[str] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Whether a person is needed: it has to run on a terminal."""
        walks = re.match(r"crisisctl (start|resume|reviews next)\b", self.command)
        return bool(walks) and not re.search(r"--(example|answers|no-input)\b", self.command)


def sections() -> Iterator[tuple[str, str]]:
    for part in README.split("\n## ")[1:]:
        title, _, text = part.partition("\n")
        yield title, text


def blocks(text: str, *kinds: str) -> Iterator[tuple[str, str]]:
    for kind, inside in re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        if kind in kinds:
            yield kind, inside


def examples(text: str) -> list[Example]:
    found: list[Example] = []
    for kind, inside in blocks(text, "sh", "console"):
        for line in inside.splitlines():
            if kind == "sh" or line.startswith("$ "):
                found.append(Example(line.removeprefix("$ ").partition("  #")[0].strip()))
            else:
                found[-1].shown.append(line)
    return [example for example in found if not example.command.startswith(SET_UP)]


TOLD = {title: examples(text) for title, text in sections() if examples(text)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to stand in that looks like the checkout, and may be written to."""
    place = tmp_path / "checkout"
    place.mkdir()
    (place / "tests").symlink_to(ROOT / "tests")
    return place


def typed(command: str, folder: Path) -> str:
    """What a command prints on both streams. It has to succeed."""
    around = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder.parent),
        "CRISISCTL_HOME": str(folder.parent / "home"),
        "CRISISCTL_OPERATOR": "ana",
        "TZ": "Europe/Paris",
        "LANG": "C.UTF-8",
        "COLUMNS": "80",
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env=around,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}"
    return done.stdout


def walked(command: str, folder: Path) -> None:
    """Begin a walk on a terminal, and leave it at its first prompt."""
    words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command)][1:]
    with Terminal(*words, home=folder.parent / "home", folder=folder) as terminal:
        terminal.expect_prompt("What now?")
        terminal.press("ctrl-c")

        assert terminal.wait() == 130
        terminal.expect_on_screen("saved; go on with `crisisctl re")


def follows(shown: list[str], printed: str) -> str | None:
    """The first line of the README that is not printed where it stands; None if all are."""
    lines = iter(printed.splitlines())
    skipping = False
    for want in shown:
        if want.strip() == GAP:
            skipping = True
            continue
        rest = lines if skipping else itertools.islice(lines, 1)
        if not any(line.rstrip() == want.rstrip() for line in rest):
            return want
        skipping = False
    return None


@pytest.mark.parametrize("section", TOLD)
def test_the_commands_of_a_section_run_and_print_what_it_shows(section: str, folder: Path) -> None:
    for example in TOLD[section]:
        if example.asks:
            walked(example.command, folder)
            continue

        printed = typed(example.command, folder)

        missing = follows(example.shown, printed)
        assert missing is None, f"$ {example.command}\nno line: {missing}\n{printed}"


def test_there_are_exactly_two_set_up_commands_near_the_top() -> None:
    lines = README.splitlines()
    where = [number for number, line in enumerate(lines) if line.startswith(SET_UP)]

    assert len(where) == 2
    assert max(where) < 30
    assert "crisisctl start outage --example" in lines[where[0]]
    assert "pytest" in lines[where[1]]


def test_every_command_is_in_the_readme_and_no_other() -> None:
    cells = re.findall(r"^\| (`.*?) \|", dict(sections())["Commands"], re.MULTILINE)
    words = (re.findall("[a-z]+", typed)[:2] for cell in cells for typed in cell.split(", "))
    groups = ("message", "action", "reviews", "compensate")
    named = {" ".join(w if w[0] in groups else w[:1]) for w in words}

    assert named - {"crisisctl"} == set(commands(typer.main.get_command(app)))


def commands(command: Any, path: str = "") -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path
        return
    for name, sub in inner.items():
        yield from commands(sub, f"{path} {name}".strip())


def test_every_command_that_is_named_anywhere_exists() -> None:
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    papers = [*ROOT.glob("*.md"), *ROOT.glob(".github/*.md"), *ROOT.glob("playbooks/*.*")]
    code = list(ROOT.glob("crisisctl/**/*.py"))
    named = {
        (word, path.name)
        for path in [*papers, *code]
        for word in re.findall(
            r"crisisctl ([a-z]+)" if path.suffix == ".yaml" else r"`crisisctl ([a-z]+)",
            path.read_text(encoding="utf-8"),
        )
    }

    assert {word for word, _ in named} >= {"resume", "start", "timeline"}
    assert [f"{path}: crisisctl {word}" for word, path in named if word not in known] == []


def test_the_workspace_file_of_the_readme_is_understood(folder: Path) -> None:
    (folder / "crisisctl.yaml").write_text(yaml_block("brand:"), encoding="utf-8")

    assert f"ok workspace: {folder}" in " ".join(typed("crisisctl doctor", folder).split())
    assert "Kestrel" in typed(
        'crisisctl start outage --no-input || [ "$?" = 2 ]; crisisctl status', folder
    )


def test_the_answers_file_of_the_readme_is_understood(folder: Path) -> None:
    (folder / "answers.yaml").write_text(yaml_block("at:"), encoding="utf-8")

    start = 'crisisctl start outage --answers answers.yaml --no-input || [ "$?" = 2 ]'
    printed = typed(start, folder)

    assert "declared outage-2026-11-27" in printed
    assert 'the fact "site_url" is needed' in printed  # it is only an excerpt
    assert "Declared: 2026-11-27 20:09 CET" in typed("crisisctl report", folder)


def yaml_block(beginning: str) -> str:
    return next(text for _, text in blocks(README, "yaml") if text.startswith(beginning))


def test_the_ways_to_write_a_time_are_understood() -> None:
    from datetime import UTC, datetime, timedelta, timezone

    now = datetime(2026, 11, 27, 19, 30, tzinfo=UTC)
    zone = timezone(timedelta(hours=1))
    (ways,) = re.findall(r"takes `--at`: (.*)\.$", README, re.MULTILINE)

    for way in re.findall("`([^`]+)`", ways):
        assert isinstance(values.parse(Fact(type="time"), way, now=now, zone=zone), datetime)


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
