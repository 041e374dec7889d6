"""A real terminal for tests: the installed `crisisctl` in a pty, its screen drawn by pyte."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pexpect
import pyte

PROGRAM = Path(sys.executable).parent / "crisisctl"
PATIENCE = 20.0
"""Seconds for something to appear: a loaded machine is slow, a broken one is slower."""

KEYS = {
    "enter": "\r",
    "esc": "\x1b",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "space": " ",
    "backspace": "\x7f",
    "ctrl-c": "\x03",
    "ctrl-d": "\x04",
    "ctrl-u": "\x15",
}
ASKING = ("(arrows", "(space ticks", "(Y/n)", "(y/N)")
"""What only a prompt that still waits shows."""


def _hear_hang_ups() -> None:
    """Under nohup, tests too would have programs that outlive their terminal."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Terminal:
    """A child in a terminal of so many columns and rows; leaving kills it."""

    def __init__(
        self,
        *command: str,
        home: Path,
        folder: Path,
        columns: int = 80,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
        program: str = str(PROGRAM),
    ) -> None:
        self.screen = _Screen(columns, rows, history=20_000, ratio=1)
        self.screen.answer = self._answer
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.read_above = self.asked_above = 0
        self.child = pexpect.spawn(
            program,
            list(command),
            cwd=str(folder),
            env=world(home, **{"TERM": "xterm-256color", **(environment or {})}),
            dimensions=(rows, columns),
            timeout=PATIENCE,
            preexec_fn=_hear_hang_ups,
        )
        self.child.delaybeforesend = None
        self.child.ptyproc.delayafterclose = self.child.ptyproc.delayafterterminate = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.child.isalive():
            os.kill(self.child.pid, signal.SIGKILL)
            self.child.wait()
        self.child.close()

    def lines(self) -> list[str]:
        """What stands on the screen, from the top."""
        return [line.rstrip() for line in self.screen.display]

    def story(self) -> list[str]:
        """All that was shown, what has scrolled off included; empty lines left out."""
        above = [
            "".join(row[column].data for column in range(self.screen.columns))
            for row in self.screen.history.top
        ]
        return [line.rstrip() for line in [*above, *self.screen.display] if line.strip()]

    def expect_on_screen(self, text: str) -> None:
        """Wait until the text stands on the screen, in one line or wrapped."""
        self._until(lambda: text in "\n".join(self.lines()) or text in self._joined(), text)

    def expect_prompt(self, question: str) -> None:
        """Wait until this question waits for an answer: a stale one does not count."""
        self._until(lambda: question in self.waiting_at(), f"the prompt {question}")

    def waiting_at(self) -> str:
        """The question that waits for an answer, or nothing."""
        lines = self.lines()
        starts = [n for n, line in enumerate(lines) if line.startswith("? ")]
        if not starts:
            return ""
        row = self.screen.cursor.y
        asked = "".join(lines[starts[-1] : max(row, starts[-1]) + 1])
        # once a line is answered, the cursor stands at the edge below it
        full = row > starts[-1] and len(lines[row - 1]) >= self.screen.columns - 1
        at_it = row >= starts[-1] and (self.screen.cursor.x >= 2 or full)
        return asked if any(mark in asked for mark in ASKING) or at_it else ""

    def next_prompt(self, answered: int) -> bool:
        """Wait for the prompt after so many were answered; False when the program ends first."""

        def asked() -> bool:
            return self._questions() > answered and bool(self.waiting_at())

        end = time.monotonic() + PATIENCE
        while not asked():
            if time.monotonic() > end:
                raise AssertionError(self._shown(f"no prompt after {answered} answers"))
            try:
                self._read()
            except pexpect.EOF:
                return False
        return True

    def press(self, *keys: str) -> None:
        """Press keys by name (`enter`, `ctrl-c`); anything else is typed as it stands."""
        for key in keys:
            self.child.send(KEYS.get(key, key))

    def answer(self, question: str, *keys: str) -> None:
        """Wait for a question, then press keys."""
        self.expect_prompt(question)
        self.press(*keys)

    def pick(self, question: str, title: str) -> None:
        """Wait for a list, go down to the option of this title, and take it."""
        self.expect_prompt(question)
        for _ in range(20):
            # between two looks the list may be half drawn
            self._until(lambda: self._chosen() != "", "the list")
            chosen = self._chosen()
            if not chosen:
                continue
            if title in chosen:
                self.press("enter")
                return
            self.press("down")
            self._until(lambda c=chosen: c not in self.lines(), f"{title} in the list")
        raise AssertionError(self._shown(f"{title} is not in the list"))

    def _chosen(self) -> str:
        return next((line for line in self.lines() if line[:3] == " » "), "")

    def hang_up(self, by: signal.Signals) -> None:
        """Send a signal to the program."""
        os.kill(self.child.pid, by)

    def wait(self) -> int:
        """Read to the end; the exit code, or minus the signal."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                self._read()
            except pexpect.EOF:
                self.child.wait()
                if self.child.exitstatus is not None:
                    return int(self.child.exitstatus)
                return -int(self.child.signalstatus or 0)
        raise AssertionError(self._shown("it did not end"))

    def last_line(self) -> str:
        """The lowest line that says something."""
        return [line for line in self.lines() if line][-1]

    def _questions(self) -> int:
        """How many questions have been asked, those that scrolled off included."""
        above = self.screen.history.top
        for row in islice(above, self.read_above, None):
            self.asked_above += row[0].data + row[1].data == "? "
        self.read_above = len(above)
        return self.asked_above + sum(line.startswith("? ") for line in self.lines())

    def _until(self, happened: Any, what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not happened():
            if time.monotonic() > end:
                raise AssertionError(self._shown(f"never on the screen: {what}"))
            try:
                self._read()
            except pexpect.EOF:
                if happened():
                    return
                raise AssertionError(self._shown(f"ended before {what}")) from None

    def _read(self) -> None:
        try:
            data = self.child.read_nonblocking(65536, timeout=0.1)
        except pexpect.TIMEOUT:
            return
        self.raw += data
        self.stream.feed(data)

    def _joined(self) -> str:
        return " ".join(" ".join(self.lines()).split())

    def _answer(self, data: str) -> None:
        self.child.send(data)

    def _shown(self, what: str) -> str:
        rule = "-" * self.screen.columns
        return "\n".join([what, rule, *self.lines(), rule])


def world(home: Path, **more: str) -> dict[str, str]:
    """The environment of a child: nothing of the machine it runs on but the essentials."""
    return {
        "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "HOME": str(home.parent),
        "CRISISCTL_HOME": str(home),
        "CRISISCTL_OPERATOR": "ana",
        "TZ": "Europe/Paris",
        "LANG": "C.UTF-8",
        **more,
    }


class _Screen(pyte.HistoryScreen):
    """A screen that says where its cursor is when it is asked, as real terminals do."""

    answer: Any = None

    def write_process_input(self, data: str) -> None:
        self.answer(data)
