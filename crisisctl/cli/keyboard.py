"""Asking a person: what a prompt can ask, and the plain prompts for any terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crisisctl.cli.screen import Screen
from crisisctl.errors import CrisisError

Check = Callable[[str], str | None]
"""Says what is wrong with a typed answer, or None."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be chosen."""

    key: str
    title: str


class InputNeeded(CrisisError):
    """Nobody is there to ask, and the answers do not say."""


class Paused(Exception):
    """The operator leaves the walk; everything is recorded."""


class Back(Exception):
    """The operator wants to leave this question and look at the step again."""


class Woken(Exception):
    """A deadline came due while a prompt was waiting; `partial` was typed so far."""

    def __init__(self, partial: str = "") -> None:
        super().__init__()
        self.partial = partial


class Keyboard(Protocol):
    """A person who answers. Ctrl-C raises KeyboardInterrupt, Esc raises `Back`.

    `wake` is the moment at which a waiting prompt gives up with `Woken`.
    """

    wake: datetime | None

    def text(
        self,
        question: str,
        *,
        default: str = "",
        typed: str = "",
        check: Check | None = None,
        warn: Check | None = None,
    ) -> str:
        """Free words. Enter alone takes `default`; `typed` stands there to be gone on with.

        What `warn` says of them is shown while they are typed, where that can be.
        """

    def choose(self, question: str, options: Sequence[Option], *, default: str = "") -> str:
        """The key of one option."""

    def tick(
        self, question: str, options: Sequence[Option], *, ticked: Sequence[str] = ()
    ) -> list[str]:
        """The keys of any number of options."""

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Yes or no."""


class PlainKeyboard:
    """Numbered choices and typed lines: for dumb terminals and screen readers.

    A line that is being typed cannot be interrupted: `Woken` comes between two.
    """

    wake: datetime | None = None

    def __init__(self, screen: Screen, now: Callable[[], datetime]) -> None:
        self.screen = screen
        self.now = now

    def text(
        self,
        question: str,
        *,
        default: str = "",
        typed: str = "",
        check: Check | None = None,
        warn: Check | None = None,  # noqa: ARG002 - nothing can be shown below a line being typed
    ) -> str:
        """Free words; `<` steps back."""
        while True:
            words = self._read(f"? {with_default(question, typed or default)} ")
            words = words or typed or default
            if words == "<":
                raise Back
            wrong = check(words) if check else None
            if wrong is None:
                return words
            self.screen.block(wrong, "bad")

    def choose(self, question: str, options: Sequence[Option], *, default: str = "") -> str:
        """The key of one option, by its number."""
        self.screen.block(f"? {question}")
        for number, option in enumerate(options, 1):
            self.screen.block(f"{number}) {option.title}", indent="  ")
        keys = [option.key for option in options]
        first = str(keys.index(default) + 1) if default and default in keys else "1"
        typed = self.text("Number", default=first, check=lambda t: _number(t, len(keys)))
        return keys[int(typed) - 1]

    def tick(
        self, question: str, options: Sequence[Option], *, ticked: Sequence[str] = ()
    ) -> list[str]:
        """The keys of any number of options, by their numbers."""
        self.screen.block(f"? {question}")
        for number, option in enumerate(options, 1):
            self.screen.block(f"{number}) {option.title}", indent="  ")
        numbers = [str(n) for n, option in enumerate(options, 1) if option.key in ticked]
        typed = self.text(
            "Numbers with commas, 0 for none",
            default=",".join(numbers) or "0",
            check=lambda t: _numbers(t, len(options)),
        )
        chosen = [int(part) for part in typed.split(",") if part.strip() != "0"]
        return [options[number - 1].key for number in chosen]

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Yes or no."""
        typed = self.text(
            f"{question} (y/n)",
            default="y" if default else "n",
            check=lambda t: None if t.lower() in ("y", "yes", "n", "no") else "y or n",
        )
        return typed.lower().startswith("y")

    def _read(self, prompt: str) -> str:
        if self.wake is not None and self.now() >= self.wake:
            raise Woken
        try:
            self.screen.stream.write(self.screen.paint(prompt, "bold"))
            self.screen.stream.flush()
            return input().strip()
        except (EOFError, KeyboardInterrupt):
            self.screen.line()  # what follows is no part of the question
            raise KeyboardInterrupt from None


def with_default(question: str, default: str) -> str:
    """The question with what Enter alone answers."""
    return f"{question} [{default}]" if default else question


def _number(typed: str, most: int) -> str | None:
    good = typed.strip().isdecimal() and 1 <= int(typed) <= most
    return None if good else f"a number from 1 to {most}"


def _numbers(typed: str, most: int) -> str | None:
    parts = [part.strip() for part in typed.split(",")]
    good = all(part.isdecimal() and 0 <= int(part) <= most for part in parts)
    return None if good else f"numbers from 1 to {most}, with commas between"
