"""The figures of an incident, each a difference between two milestones, definition included."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from crisisctl.incident.fold import Incident
from crisisctl.playbook.model import Milestone


class Metric(msgspec.Struct, frozen=True):
    """A named span between two milestones; `span` is None while one is missing."""

    name: str
    from_: Milestone
    to: Milestone
    span: timedelta | None


class Definition(msgspec.Struct, frozen=True):
    """What a metric measures, in every incident."""

    name: str
    short: str
    title: str
    from_: Milestone
    to: Milestone


DEFINITIONS = (
    Definition("time_to_detect", "TTD", "Time to detect", "started", "detected"),
    Definition("time_to_acknowledge", "TTA", "Time to acknowledge", "detected", "declared"),
    Definition("time_to_declare", "", "Time to declare", "started", "declared"),
    Definition(
        "time_to_first_message", "TTFM", "Time to first message", "started", "first-message"
    ),
    Definition("time_to_mitigate", "TTM", "Time to mitigate", "started", "mitigated"),
    Definition("time_to_resolve", "TTR", "Time to resolve", "started", "resolved"),
)


def metrics(incident: Incident) -> list[Metric]:
    """Every metric, in the order of an incident's life."""
    times = incident.milestones
    return [
        Metric(
            each.name,
            each.from_,
            each.to,
            times[each.to] - times[each.from_]
            if each.from_ in times and each.to in times
            else None,
        )
        for each in DEFINITIONS
    ]
