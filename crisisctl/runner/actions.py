"""Follow-up work, decided: a command over an incident gives new events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.incident.learned import ActionKind
from crisisctl.incident.lessons import Action
from crisisctl.text import did_you_mean, listed, quoted

KINDS: Mapping[ActionKind, str] = {
    "prevent": "it happens less",
    "detect": "it is seen sooner",
    "respond": "it ends sooner",
    "communicate": "people are told sooner and better",
}
"""What an action item is good for."""


def add(
    incident: Incident,
    title: str,
    *,
    owner: str = "",
    due: str = "",
    kind: str = "",
    link: str = "",
) -> list[ev.Event]:
    """Add follow-up work under the next free number."""
    if not title.strip():
        raise CrisisError("an action item says what is to be done")
    number = max(incident.actions, default=0) + 1
    day, of, where = checked_day(due), checked_kind(kind), checked_link(link)
    return [ev.ActionAdded(number, title.strip(), owner.strip(), day, of, where)]


def change(
    incident: Incident,
    number: int,
    *,
    title: str = "",
    owner: str = "",
    due: str = "",
    kind: str = "",
    link: str = "",
    because: str = "",
) -> list[ev.Event]:
    """Give it other words, another owner or day; nothing, where that is what it has."""
    before = opened(incident, number)
    said = {
        "title": title.strip(),
        "owner": owner.strip(),
        "due": checked_day(due),
        "kind": checked_kind(kind),
        "link": checked_link(link),
    }
    if not any(said.values()):
        hint = "--title, --owner, --due, --type or --link"
        raise CrisisError("nothing is changed: say what", hint=hint)
    new = {name: value for name, value in said.items() if value and value != getattr(before, name)}
    if not new:
        return []
    if before.due and new.get("due", "") > before.due and not because.strip():
        raise CrisisError(
            f"action item {number} is due on {before.due}: to give it more time needs a reason",
            hint='add --because "…"',
        )
    return [
        ev.ActionChanged(
            number,
            new.get("title", ""),
            new.get("owner", ""),
            new.get("due", ""),
            checked_kind(new.get("kind", "")),
            new.get("link", ""),
            because.strip(),
        )
    ]


def finish(incident: Incident, number: int, outcome: str) -> list[ev.Event]:
    """Tick it off, with a word on what came of it."""
    opened(incident, number)
    if not outcome.strip():
        raise CrisisError("an action item needs a word on its outcome")
    return [ev.ActionDone(number, outcome.strip())]


def decline(incident: Incident, number: int, *, because: str) -> list[ev.Event]:
    """Decide not to do it, and say why."""
    opened(incident, number)
    if not because.strip():
        raise CrisisError("declining an action item needs a reason", hint='add --because "…"')
    return [ev.ActionDeclined(number, because.strip())]


def declined(
    incident: Incident, title: str, *, because: str, kind: str = "", link: str = ""
) -> list[ev.Event]:
    """Something that was thought of and not taken up: on record, so that nobody asks again."""
    added = add(incident, title, kind=kind, link=link)
    if not because.strip():
        raise CrisisError("declining an action item needs a reason", hint='add --because "…"')
    number = max(incident.actions, default=0) + 1
    return [*added, ev.ActionDeclined(number, because.strip())]


def opened(incident: Incident, number: int) -> Action:
    """The open action item of that number. Raises where there is none, or it has ended."""
    found = incident.actions.get(number)
    if found is None:
        known = listed([str(n) for n in incident.actions]) or "none"
        raise CrisisError(f"there is no action item {number}", hint=f"action items: {known}")
    if found.status != "open":
        what = f"action item {number} is {found.status} already: {found.outcome}"
        raise CrisisError(what, hint="add a new one", code=1)
    return found


def checked_day(typed: str) -> str:
    """A day as 2026-12-11, or nothing."""
    try:
        return date.fromisoformat(typed.strip()).isoformat() if typed.strip() else ""
    except ValueError:
        raise CrisisError(f"{quoted(typed)} is not a date", hint="write it as 2026-12-11") from None


def checked_kind(typed: str) -> ActionKind:
    """What it is good for, or nothing."""
    word = typed.strip().lower()
    if not word:
        return ""
    for kind in KINDS:
        if kind == word:
            return kind
    guess = did_you_mean(word, KINDS)
    hint = f'did you mean "{guess}"? ' if guess else ""
    what = f"{quoted(typed)} is not a type of action item"
    raise CrisisError(what, hint=f"{hint}types: {listed(KINDS)}")


def checked_link(typed: str) -> str:
    """Where it is tracked, as an address that a browser opens, or nothing."""
    link = typed.strip()
    if link and not (link.startswith(("https://", "http://")) and " " not in link):
        raise CrisisError(f"{quoted(typed)} is not a link", hint="it begins with https://")
    return link
