"""The prompts of a real terminal, by questionary: arrows, filter, Esc to step back."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Sequence
from datetime import datetime
from shutil import get_terminal_size
from typing import Any

import questionary
from prompt_toolkit.application import Application, get_app
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from questionary import Choice, Question, Style
from questionary.prompts.common import InquirerControl

from crisisctl.cli.keyboard import Back, Check, Option, Woken, with_default
from crisisctl.cli.screen import Screen
from crisisctl.text import safe, wrap

LONG_LIST = 8
"""From this many options on, typing narrows the list down."""

_TOLD_TO_END = (signal.SIGTERM, signal.SIGINT)
_LEFT, _WOKEN = object(), object()
_PLAIN = Style([("qmark", "bold"), ("question", "bold"), ("answer", ""), ("highlighted", "bold")])


class TerminalKeyboard:
    """A person at a terminal. Gives up a prompt with `Woken` when `wake` comes."""

    def __init__(self, now: Callable[[], datetime], screen: Screen) -> None:
        self.now = now
        self.screen = screen
        self.wake: datetime | None = None

    def text(
        self,
        question: str,
        *,
        default: str = "",
        typed: str = "",
        check: Check | None = None,
        warn: Check | None = None,
    ) -> str:
        """Free words; what is wrong with them is said, and they can be gone on with."""
        shown = _fitted(with_default(question, default))
        below: dict[str, Any] = {} if warn is None else {"bottom_toolbar": _said_below(warn)}
        while True:
            asked = questionary.text(shown, default=typed, qmark="?", style=_PLAIN, **below)
            typed = str(self._ask(asked)).strip()
            wrong = check(typed or default) if check else None
            if wrong is None:
                return typed or default
            self.screen.block(wrong, "bad")

    def choose(self, question: str, options: Sequence[Option], *, default: str = "") -> str:
        """One option, by arrows or, in a long list, by typing a part of it."""
        choices = [Choice(safe(option.title), option.key) for option in options]
        first = next((choice for choice in choices if default and choice.value == default), None)
        long = len(choices) >= LONG_LIST
        asked = questionary.select(
            _fitted(question),
            choices,
            default=first,
            qmark="?",
            style=_PLAIN,
            instruction="(arrows, or type to narrow down)" if long else "(arrows, Enter)",
            use_search_filter=long,
            use_jk_keys=not long,
        )
        return str(self._ask(asked))

    def tick(
        self, question: str, options: Sequence[Option], *, ticked: Sequence[str] = ()
    ) -> list[str]:
        """Any number of options."""
        choices = [Choice(safe(o.title), o.key, checked=o.key in ticked) for o in options]
        asked = questionary.checkbox(
            _fitted(question),
            choices,
            qmark="?",
            style=_PLAIN,
            instruction="(space ticks, a ticks all, Enter goes on)",
        )
        return [str(key) for key in self._ask(asked)]

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Yes or no; Enter takes the default."""
        return bool(
            self._ask(
                questionary.confirm(_fitted(question), default=default, qmark="?", style=_PLAIN)
            )
        )

    def _ask(self, asked: Question) -> Any:
        application: Application[Any] = asked.application
        application.ttimeoutlen = 0.05  # Esc should not feel slow
        application.key_bindings = merge_key_bindings(
            [binding for binding in (application.key_bindings, _leaving(application)) if binding]
        )
        before = {number: signal.getsignal(number) for number in _TOLD_TO_END}
        try:
            # its own way with SIGINT imports ctypes, a quarter of typer's start-up
            answer = application.run(
                pre_run=lambda: self._set_alarms(application), handle_sigint=False
            )
        finally:
            for number, handler in before.items():  # asyncio takes its handlers with it
                signal.signal(number, handler)
        if answer is _LEFT:
            raise Back
        if isinstance(answer, tuple) and answer and answer[0] is _WOKEN:
            raise Woken(answer[1])
        return answer

    def _set_alarms(self, application: Application[Any]) -> None:
        # told to end while it waits, it must restore the terminal first
        loop = asyncio.get_running_loop()
        for number in _TOLD_TO_END:
            loop.add_signal_handler(number, lambda: _end(application, KeyboardInterrupt))
        wake = self.wake
        if wake is None:
            return

        async def alarm() -> None:
            while (left := (wake - self.now()).total_seconds()) > 0:
                await asyncio.sleep(min(left, 30))  # a laptop's sleep must not delay it for long
            if application.is_running and not application.is_done:
                application.exit(result=(_WOKEN, application.current_buffer.text))

        application.create_background_task(alarm())


def _fitted(question: str) -> str:
    """The question in rows that end between words; the mark in front takes two columns."""
    return wrap(safe(question), get_terminal_size().columns - 2).replace("\n", "\n  ")


def _said_below(warn: Check) -> Callable[[], str | None]:
    """What is to be said of the words as they are typed; no row is taken where that is nothing."""

    def said() -> str | None:
        found = warn(get_app().current_buffer.text)
        return _fitted(found) if found else None

    return said


def _leaving(application: Application[Any]) -> KeyBindings:
    """Esc steps back; Ctrl-D leaves where nothing is typed; Ctrl-Z goes to the shell and back."""
    bindings = KeyBindings()

    @bindings.add("escape", eager=False)
    def back(event: KeyPressEvent) -> None:
        event.app.exit(result=_LEFT)

    @bindings.add("<sigint>")
    def interrupt(event: KeyPressEvent) -> None:
        _end(event.app, KeyboardInterrupt)

    @bindings.add("c-z")
    def suspend(event: KeyPressEvent) -> None:
        event.app.suspend_to_background()

    @bindings.add("enter", eager=True, filter=Condition(lambda: _finds_nothing(application)))
    def stay(event: KeyPressEvent) -> None:  # what was typed matches no option: choose none
        pass

    @bindings.add("c-d", filter=Condition(lambda: not application.current_buffer.text))
    def end(event: KeyPressEvent) -> None:
        _end(event.app, EOFError)

    return bindings


def _end(application: Application[Any], why: type[BaseException]) -> None:
    if application.is_running and not application.is_done:
        application.exit(exception=why)


def _finds_nothing(application: Application[Any]) -> bool:
    """Whether a list is narrowed down to nothing, so that Enter would take any option."""
    for control in application.layout.find_all_controls():
        typed = getattr(control, "search_filter", None)
        if isinstance(control, InquirerControl) and typed:
            titles = [str(choice.title).lower() for choice in control.choices]
            return not any(typed.lower() in title for title in titles)
    return False
