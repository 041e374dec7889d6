"""Fixtures: the command line in this process or as one of its own, and a declared incident."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings
from typer.main import get_command
from typer.testing import CliRunner

from crisisctl.cli.app import app

settings.register_profile("untimed", deadline=None)  # speed is the benchmarks' concern
settings.load_profile("untimed")


class Ran(NamedTuple):
    """What a command left behind."""

    exit: int
    stdout: str
    stderr: str


Crisis = Callable[..., Ran]
COMMAND: Any = get_command(app)  # once: it takes longer than most commands


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in a folder as an operator who has set nothing; the state directory is `home` inside."""
    unset = ("CRISISCTL_STORE", "TERM", "LC_ALL", "PYTHONUTF8", "PYTHONIOENCODING")
    for name in (*unset, "PYTHONUNBUFFERED"):  # the last would hide what only fails at the end
        monkeypatch.delenv(name, raising=False)
    fixed = {"CRISISCTL_OPERATOR": "ana", "TZ": "Europe/Paris", "COLUMNS": "80", "NO_COLOR": "1"}
    for name, value in {**fixed, "CRISISCTL_HOME": str(folder / "home")}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.chdir(folder)


def typed(*words: str) -> Ran:
    """A command in this process, with nobody at the keyboard."""
    with CliRunner().isolation() as (out, err, _):
        with pytest.raises(SystemExit) as left:
            COMMAND.main(list(words), prog_name="crisisctl")
        sys.stdout.flush()
        sys.stderr.flush()
        return Ran(left.value.code or 0, out.getvalue().decode(), err.getvalue().decode())


@contextmanager
def prepared(folder: Path, **environment: str) -> Iterator[Crisis]:
    """The command line in a folder that several tests read, or copy, what was prepared in."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        stand_in(folder, monkeypatch)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield typed


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder an operator types in, empty."""
    stand_in(tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture
def crisis(folder: Path) -> Crisis:
    """`crisis("status", "--json")` in this process, with nobody at the keyboard."""
    return typed


@pytest.fixture
def console(folder: Path) -> Crisis:
    """The same by the installed console script, in a process of its own."""

    def run(*words: str, before: tuple[str, ...] = (), **environment: str) -> Ran:
        command = [*before, str(Path(sys.executable).with_name("crisisctl")), *words]
        around = {**os.environ, **environment}
        nobody = subprocess.DEVNULL
        done = subprocess.run(command, env=around, stdin=nobody, capture_output=True, timeout=60)
        letters = environment.get("PYTHONIOENCODING", "utf-8")
        return Ran(done.returncode, done.stdout.decode(letters), done.stderr.decode(letters))

    return run


@pytest.fixture
def declared(crisis: Crisis) -> str:
    """The id of an outage declared just now, with all that a first message needs."""
    known = "site_url=https://shop.example functions_down=cart started_at=-20m checkout=none"
    known += " reach=many data=none shop_name=Kestrel support_email=help@kestrel.example"
    given = [word for pair in known.split() for word in ("--set", pair)]
    return crisis("start", "outage", "-l", "en", *given, "--no-input").stdout.strip()
