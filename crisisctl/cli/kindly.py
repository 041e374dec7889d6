"""Asking for words without blame: what accuses is shown as it is typed, with a better question."""

from __future__ import annotations

from collections.abc import Iterable

from crisisctl.cli.desk import Desk
from crisisctl.cli.keyboard import Check, Keyboard
from crisisctl.incident.fold import Incident
from crisisctl.messages.proof.blameless import blames

KEEP = "Keep it as it is?"


def people(incident: Incident) -> list[str]:
    """Whom a post-mortem names by their roles: who held one, decided, wrote, approved."""
    named = [*incident.roles.values(), *(incident.circle or ())]
    named += [decision.by for decision in incident.decisions]
    named += [note.by for note in incident.notes] + [moved.by for moved in incident.reviewed]
    return list(dict.fromkeys(name for name in named if name))


def warning(at: Desk, incident: Incident) -> Check:
    """Says what in some words blames, and what to ask instead; None for words that do not."""
    named = people(incident)

    def warn(typed: str) -> str | None:
        found = blames(typed, at.workspace, people=named)
        return found[0].told if found else None

    return warn


def ask(
    person: Keyboard,
    question: str,
    at: Desk,
    incident: Incident,
    *,
    typed: str = "",
    check: Check | None = None,
) -> str:
    """Free words. What blames is never forbidden: it is asked once whether to keep it."""
    warn = warning(at, incident)
    while True:
        typed = person.text(question, typed=typed, check=check, warn=warn).strip()
        found = warn(typed)
        if found is None:
            return typed
        at.talk.block(found, "warn")
        if person.confirm(KEEP, default=False):
            return typed


def warn(at: Desk, incident: Incident, texts: Iterable[str]) -> None:
    """Where nobody is asked: the same on stderr, once what was said is saved."""
    named = people(incident)
    for text in texts:
        for found in blames(text, at.workspace, people=named):
            at.talk.block(f"Look again: {found.told}", "warn")
