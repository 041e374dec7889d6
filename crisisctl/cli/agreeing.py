"""Action items in a review: what will change, by whom, by when; and what was declined."""

from __future__ import annotations

from collections.abc import Callable

from crisisctl.cli.keyboard import Option
from crisisctl.cli.sitting import Sitting
from crisisctl.errors import CrisisError
from crisisctl.runner import actions


def agree(here: Sitting) -> None:
    """Add items, or ideas that were declined, until there are no more."""
    while True:
        _show(here)
        options = [
            Option("add", "Add an action item"),
            Option("decline", "Add something that will not be done, and why"),
            Option("back", "No more"),
        ]
        chosen = here.asked.choose("What will change?", options)
        if chosen == "back":
            return
        if chosen == "add":
            _add(here)
        else:
            _decline(here)


def _show(here: Sitting) -> None:
    rows = [
        [str(a.number), a.owner or "nobody", a.due or "-", a.status, a.title]
        for a in here.incident.actions.values()
    ]
    here.at.talk.table(rows, ["no.", "owner", "due", "state", "what"])


def _add(here: Sitting) -> None:
    title = here.words("What is to be done? (a verb first, an end to check)", needed=True)
    owner = here.plain("Who does it?")
    due = here.plain("By when? (2026-12-11, or Enter)", check=_day)
    kinds = [Option(kind, f"{kind}: {what}") for kind, what in actions.KINDS.items()]
    kind = here.asked.choose("What is it good for?", [*kinds, Option("-", "None of these")])
    link = here.plain("Where is it tracked? (a link, or Enter)", check=_link)
    here.record(
        lambda i, *_: actions.add(
            i, title, owner=owner, due=due, kind=kind.removeprefix("-"), link=link
        )
    )
    here.at.talk.line(f"✓ action item {max(here.incident.actions)}", "good")


def _decline(here: Sitting) -> None:
    title = here.words("What was thought of?", needed=True)
    because = here.words("Why is it not done?", needed=True)
    here.record(lambda i, *_: actions.declined(i, title, because=because))
    here.at.talk.line(f"✓ action item {max(here.incident.actions)} declined", "good")


def _day(typed: str) -> str | None:
    return _wrong(lambda: actions.checked_day(typed))


def _link(typed: str) -> str | None:
    return _wrong(lambda: actions.checked_link(typed))


def _wrong(read: Callable[[], str]) -> str | None:
    try:
        read()
    except CrisisError as error:
        return f"{error.message}: {error.hint}"
    return None
