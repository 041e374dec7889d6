"""The figures of an incident, each a difference between two milestones, definition included."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from crisisctl.incident.fold import Incident
from crisisctl.playbook.model import Milestone


class Metric(msgspec.Struct, frozen=True):
    """A named span between two milestones; `span` is None while one is missing."""

    name: str
    title: str
    from_: Milestone
    to: Milestone
    span: timedelta | None


_DEFINITIONS: tuple[tuple[str, str, Milestone, Milestone], ...] = (
    ("time_to_detect", "Time to detect", "started", "detected"),
    ("time_to_acknowledge", "Time to acknowledge", "detected", "declared"),
    ("time_to_declare", "Time to declare", "started", "declared"),
    ("time_to_first_message", "Time to first message", "started", "first-message"),
    ("time_to_mitigate", "Time to mitigate", "started", "mitigated"),
    ("time_to_resolve", "Time to resolve", "started", "resolved"),
)


def metrics(incident: Incident) -> list[Metric]:
    """Every metric, in the order of an incident's life."""
    times = incident.milestones
    return [
        Metric(name, title, start, end, times[end] - times[start])
        if start in times and end in times
        else Metric(name, title, start, end, None)
        for name, title, start, end in _DEFINITIONS
    ]
