"""Closing the circle around an incident, and opening it again."""

from __future__ import annotations

from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident

FROM_THE_START = "declared so"


def circle_of(names: str, operator: str) -> tuple[str, ...]:
    """The people of `ana,li`, each once, with whoever restricts: nobody locks themselves out."""
    named = [" ".join(name.split()) for name in names.split(",")]
    named = [name for name in named if name]
    if not named:
        raise CrisisError("it names nobody who may read it", hint="name them: ana,li")
    return tuple(dict.fromkeys([*named, operator]))


def first(names: str, *, operator: str) -> ev.AccessRestricted:
    """Restricted from its declaration on, so that no list ever showed its title."""
    return ev.AccessRestricted(circle_of(names, operator), FROM_THE_START)


def restrict(incident: Incident, names: str, *, operator: str, because: str) -> list[ev.Event]:
    """Keep the words to these people; the last word on it counts."""
    circle = circle_of(names, operator)
    because = _reason(because, "restricting an incident")
    if set(circle) == set(incident.circle or ()):
        return []
    return [ev.AccessRestricted(circle, because)]


def lift(incident: Incident, *, because: str) -> list[ev.Event]:
    """Let everybody read it again."""
    because = _reason(because, "lifting a restriction")
    if incident.circle is None:
        raise CrisisError(f"{incident.id} is not restricted", code=1)
    return [ev.RestrictionLifted(because)]


def _reason(because: str, what: str) -> str:
    if not because.strip():
        raise CrisisError(f"{what} needs a reason", hint='add --because "…"')
    return because.strip()
