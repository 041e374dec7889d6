"""Need to know: who may read a restricted incident, and what is left of it for others."""

from __future__ import annotations

from crisisctl.errors import CrisisError
from crisisctl.incident.fold import Incident

RESTRICTED = "Restricted"
"""Stands where a title would."""


def may_read(incident: Incident, operator: str) -> bool:
    """The one place that decides whether a person sees an incident's words."""
    return incident.circle is None or operator in incident.circle


def refusal(incident: Incident) -> CrisisError:
    """What somebody outside the circle is told: whom to ask, and nothing of the incident."""
    circle = incident.circle or ()
    whom = circle[0] if len(circle) == 1 else "one of them"
    return CrisisError(f"{incident.id} is restricted to {', '.join(circle)}: ask {whom}")


def without_words(incident: Incident) -> Incident:
    """The same incident with its times, its severity and its status only.

    It is built from what may be seen: what an incident learns to hold later is
    hidden until somebody adds it here.
    """
    return Incident(
        id=incident.id,
        seq=incident.seq,
        title=RESTRICTED,
        time_zone=incident.time_zone,
        drill=incident.drill,
        status=incident.status,
        severity=incident.severity,
        severities=[(at, severity, "") for at, severity, _ in incident.severities],
        milestones=dict(incident.milestones),
        declared_at=incident.declared_at,
        updated_at=incident.updated_at,
        circle=incident.circle,
    )
