"""The day by which a post-mortem is due: counted from when the incident was resolved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

import msgspec
from msgspec import Struct

from crisisctl.deadlines.clocks import ends
from crisisctl.deadlines.holidays import are_known
from crisisctl.errors import CrisisError
from crisisctl.incident.fold import Incident
from crisisctl.playbook.model import SEVERITIES, Severity
from crisisctl.playbook.regulation import LENGTHS, Within
from crisisctl.playbook.review import PostMortemSettings
from crisisctl.text import listed, quoted, zone_of

REVIEW = "post-mortem-review"
"""The deadline's name, to waive it by."""
USUAL: Mapping[Severity, Within] = {
    # PagerDuty's rule for the two worst: three calendar days, five business days
    "sev1": Within(days=3),
    "sev2": Within(business_days=5),
    "sev3": Within(business_days=10),
}
_LAST = time(23, 59, 59)
_WEEKEND = 5
_WRITE = "write it as {sev1: {days: 3}, sev2: {business_days: 5, holidays: FR}}"


class ReviewClock(Struct, frozen=True):
    """From when, by when, and when it was reviewed if it is."""

    since: datetime
    due: datetime
    met_at: datetime | None


def review_clock(incident: Incident) -> ReviewClock | None:
    """The clock of the review, once the incident is resolved; none for a drill.

    The worst severity counts: it is mostly lowered because the harm was
    stopped, and what there is to learn stays.
    """
    since = incident.milestones.get("resolved")
    if since is None or incident.drill:
        return None
    severity = worst(incident)
    within = incident.review_within.get(severity, USUAL.get(severity))
    due = _due(since, within, incident.time_zone) if within is not None else None
    if due is None:
        return None
    last = incident.reviewed[-1] if incident.reviewed else None
    met_at = last.at if last is not None and last.status == "reviewed" else None
    return ReviewClock(since, due, met_at)


def worst(incident: Incident) -> Severity:
    """The worst severity that it ever had; before anyone has judged, the worst there is."""
    held = [SEVERITIES.index(severity) for _, severity, _ in incident.severities]
    return SEVERITIES[min(held, default=0)]


def review_within(setting: object) -> Mapping[str, Within]:
    """What a workspace sets under `post_mortem.within`. Raises for what cannot be counted."""
    try:
        found = msgspec.convert(setting or {}, PostMortemSettings).within
    except msgspec.ValidationError as error:
        raise CrisisError(f"crisisctl.yaml, post_mortem: {error}", hint=_WRITE) from None
    for severity, within in found.items():
        given = [name for name in LENGTHS if getattr(within, name) is not None]
        where = f"crisisctl.yaml, post_mortem.within.{severity}"
        if len(given) > 1:
            raise CrisisError(f"{where}: {listed(given)}: which of them?", hint=_WRITE)
        for name in given:
            least, most = LENGTHS[name]
            if not least <= getattr(within, name) <= most:
                raise CrisisError(f"{where}.{name}: write {least} to {most}")
        if within.holidays and not are_known(within.holidays):
            raise CrisisError(f"{where}: the holidays of {quoted(within.holidays)} are not known")
    return {str(severity): within for severity, within in found.items()}


def _due(since: datetime, within: Within, time_zone: str) -> datetime | None:
    zone = zone_of(time_zone)
    if within.business_days is None or within.holidays is not None:
        return ends(since, within, zone)
    day = since.astimezone(zone).date()
    left = within.business_days
    while left:  # where nobody says whose holidays count, the week does
        day += timedelta(days=1)
        left -= day.weekday() < _WEEKEND
    return datetime.combine(day, _LAST, zone)
