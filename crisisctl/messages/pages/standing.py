"""How an incident stands, in Statuspage's words: what is known of it, and how bad it is."""

from __future__ import annotations

from typing import Literal

from crisisctl.messages.pages.site import Told, Update
from crisisctl.playbook.model import Severity

Status = Literal["investigating", "identified", "monitoring", "resolved", "postmortem"]
Indicator = Literal["none", "minor", "major", "critical"]

INDICATORS: tuple[Indicator, ...] = ("none", "minor", "major", "critical")
"""The worst last."""
_IMPACT: dict[Severity, Indicator] = {
    "sev1": "critical",
    "sev2": "major",
    "sev3": "minor",
    "sev4": "minor",  # customers were told, so it is not nothing
}
_NEWS = ("holding", "update", "resolution", "notice", None)
"""Kinds of messages that say how it stands, as one of no kind may; offers and reports look back."""


def impact(incident: Told) -> Indicator:
    """How bad it is for customers."""
    return _IMPACT[incident.severity]


def indicator(incidents: list[Told]) -> Indicator:
    """The worst of what is going on."""
    open_ones = [impact(incident) for incident in incidents if incident.open]
    return max(open_ones, key=INDICATORS.index, default="none")


def statuses(incident: Told) -> dict[str, Status]:
    """What each message said of where it stands, by the message's id."""
    found: dict[str, Status] = {}
    last: Status = "investigating"
    for update in incident.in_order:
        last = _status(incident, update, last)
        found[update.id] = last
    return found


def status(incident: Told) -> Status:
    """Where it stands now.

    The last message says so, unless the incident has ended since, or was
    opened again.
    """
    said = statuses(incident)[incident.in_order[-1].id]
    over = said in ("resolved", "postmortem")
    if incident.open and over:
        return "monitoring" if incident.mitigated_at else "investigating"
    return said if incident.open or over else "resolved"


def telling(incident: Told) -> Update:
    """The message whose heading names the incident: the newest that says how it stands."""
    newest_first = incident.in_order[::-1]
    return next((each for each in newest_first if each.kind in _NEWS), newest_first[0])


def _status(incident: Told, update: Update, last: Status) -> Status:
    if update.kind == "resolution":
        return "resolved"
    if update.kind == "report":
        return "postmortem"
    if update.kind not in _NEWS:
        return last
    if incident.mitigated_at is not None and incident.mitigated_at <= update.at:
        return "monitoring"
    return "identified" if update.cause_told or last == "identified" else "investigating"
