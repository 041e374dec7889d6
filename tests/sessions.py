"""Sessions with the small crisis in a real terminal, and what they leave in the journal."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from small import small
from terminal import Terminal

from crisisctl.incident import events as ev

MENU = "What now?"

ONE_STEP = """\
playbook: small
title: Small crisis
facts: {shop: {type: text, ask: What is the shop called?, example: Kestrel}}
stages:
  STAGE:
    - id: only
      title: The only step
STEP
"""
KINDS = {
    "menu": "",
    "text": "      ask: [shop]",
    "select": "      decide: {fact: way, options: {a: {title: One way}, b: {title: The other}}}",
    "checkbox": "      checklist: [Seen from outside]",
    "confirm": "      run: {command: 'true'}",
}


def one_step(folder: Path, kind: str = "menu", stage: str = "assess") -> Path:
    """A playbook of one step that asks in one way."""
    return small(folder, playbook=ONE_STEP.replace("STAGE", stage).replace("STEP", KINDS[kind]))


def started(folder: Path, *words: str, columns: int = 80, **environment: str) -> Terminal:
    """The small crisis, or what stands in the folder already, started in a terminal."""
    shop = folder / "shop"
    if not shop.exists():
        small(shop)
    return Terminal(
        "start",
        "small",
        *words,
        home=folder / "home",
        folder=shop,
        columns=columns,
        environment=environment,
    )


def resumed(folder: Path) -> Terminal:
    """Another terminal that goes on with the one incident."""
    return Terminal("resume", home=folder / "home", folder=folder / "shop")


def events(folder: Path) -> list[ev.Event]:
    """What the journal holds of the one incident, read as a file."""
    with closing(sqlite3.connect(folder / "home" / "journal.db")) as connection:
        rows = connection.execute("SELECT body FROM events ORDER BY seq").fetchall()
    return [ev.decode(body).event for (body,) in rows]


def to_gauge(terminal: Terminal) -> None:
    """Walk through the first step."""
    terminal.answer(MENU, "enter")
    terminal.answer("Who is commander?", "enter")
    terminal.answer("What is the shop called?", "Kestrel", "enter")
    terminal.answer("Since when?", "-10m", "enter")
    terminal.answer("What is done?", "a", "enter")
    terminal.expect_on_screen("Gauge it")


def to_message(terminal: Terminal) -> None:
    """Walk through to the review of the first message."""
    to_gauge(terminal)
    terminal.answer(MENU, "enter")
    terminal.answer("Can customers pay?", "enter")
    terminal.answer("What does not work?", "space", "enter")
    terminal.answer("What is the cause?", "enter")
    terminal.answer("How sure is that?", "enter")
    terminal.answer("When will it work?", "enter")
    terminal.expect_on_screen("Tell customers")
    terminal.answer(MENU, "enter")
    terminal.expect_prompt('The message "hello"')
