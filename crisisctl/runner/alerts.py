"""Alerts as monitoring tools send them: what fires, since when, where to look.

The tools are told apart by the shape of what they send, as their own webhook
documentation has it. Fields not named here are ignored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from crisisctl.errors import CrisisError
from crisisctl.runner.payload import Box, clean, first, inner, link, moment, parsed
from crisisctl.text import quoted

KNOWN = "Alertmanager (version 4), Grafana, PagerDuty (v3), UptimeRobot or CloudEvents (1.0)"

_TITLE = 120
_NAME = 50
_KEY = 250
_COUNT = r"\[[A-Z]+:[^\]]*\]\s*"
"""Grafana's `[FIRING:2]`, which is no part of what an incident is called."""
_OVER = frozenset({"resolved", "recovered", "recovery", "cleared", "closed", "ok", "up"})
_WITHOUT = 'declare it with --title "…" and without --from'


@dataclass(frozen=True, slots=True)
class Alert:
    """What a tool said, cleaned and cut; an empty text is one that it did not say."""

    title: str
    began_at: datetime | None
    source: str
    """The tool's name."""
    summary: str
    url: str
    key: str
    """What the tool tells its alerts apart by."""


def read_alert(data: bytes, name: str) -> Alert:
    """Read an alert that fires; `name` says in errors where it came from."""
    try:
        return _recognised(parsed(data))
    except CrisisError as error:
        raise CrisisError(f"{name} {error.message}", hint=error.hint) from None


def _recognised(box: Box) -> Alert:
    if "event_type" in inner(box, "event"):
        return _pagerduty(inner(box, "event"))
    if "specversion" in box:
        return _cloudevents(box)
    if "alerts" in box:
        return _grouped(box)
    if "alertType" in box:
        return _uptimerobot(box)
    raise CrisisError(
        "is not an alert that crisisctl can read",
        hint=f"it reads what these send: {KNOWN}; else {_WITHOUT}",
    )


def _grouped(box: Box) -> Alert:
    """Alertmanager's, or Grafana's: the same and more."""
    grafana = not {"orgId", "title", "state"}.isdisjoint(box)
    source, version = ("Grafana", "1") if grafana else ("Alertmanager", "4")
    _same_version(source, box.get("version"), version)
    firing = _firing(box)
    row = firing[0]
    links = [row.get(f"{page}URL") for page in ("panel", "dashboard", "generator")]
    began = [at for one in firing if (at := moment(one, "startsAt"))]
    return Alert(
        title=_group_title(box, row),
        began_at=min(began, default=None),
        source=source,
        summary=_group_summary(box, firing),
        url=link(*links, box.get("externalURL")),
        key=f"{clean(box.get('groupKey'), _KEY)} {clean(row.get('fingerprint'), _NAME)}".strip(),
    )


def _firing(box: Box) -> list[Box]:
    rows = box.get("alerts") or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CrisisError('has no list of alerts under "alerts"')
    if not rows:
        raise CrisisError("holds no alert: its list of alerts is empty")
    state = clean(box.get("status"), _NAME)
    if state not in ("firing", ""):
        raise _nothing_fires(state)
    firing = [row for row in rows if _fires(row)]
    if not firing:
        raise _nothing_fires(clean(rows[0].get("status"), _NAME) or "resolved")
    return firing


def _fires(row: Box) -> bool:
    state = clean(row.get("status"), _NAME)
    return state == "firing" if state else moment(row, "endsAt") is None


def _group_title(box: Box, row: Box) -> str:
    own = re.sub(_COUNT, "", clean(box.get("title"), _TITLE))
    if own and not own.startswith("("):  # nothing but labels where Grafana groups by none
        return own
    labels = [inner(box, "commonLabels"), inner(box, "groupLabels"), inner(row, "labels")]
    return first(*(label.get("alertname") for label in labels), own, limit=_TITLE)


def _group_summary(box: Box, firing: list[Box]) -> str:
    notes = [inner(box, "commonAnnotations"), inner(firing[0], "annotations")]
    said = [note.get(key) for key in ("summary", "description") for note in notes]
    prints = {clean(row.get("fingerprint"), _NAME) for row in firing}
    more = f" (and {len(prints) - 1} more like it)" if len(prints) > 1 else ""
    return first(*said, box.get("message")) + more


def _pagerduty(event: Box) -> Alert:
    data, kind = inner(event, "data"), clean(event.get("event_type"), _NAME)
    if data.get("type") != "incident":
        raise CrisisError(f"is PagerDuty's {quoted(kind)}, which is not about an incident")
    if kind == "incident.resolved" or data.get("status") == "resolved":
        raise _nothing_fires("resolved")
    urgency = clean(data.get("urgency"), _NAME)
    told = [clean(inner(data, part).get("summary"), 200) for part in ("service", "priority")]
    told.append(f"{urgency} urgency" if urgency else "")
    return Alert(
        title=clean(data.get("title"), _TITLE),
        began_at=moment(data, "created_at") or moment(event, "occurred_at"),
        source="PagerDuty",
        summary=", ".join(filter(None, told)),
        url=link(data.get("html_url")),
        key=clean(event.get("id"), _KEY),
    )


def _uptimerobot(box: Box) -> Alert:
    kind, state = clean(box["alertType"], _NAME), clean(box.get("alertTypeFriendlyName"), _NAME)
    if kind == "2":
        raise _nothing_fires(state or "Up")
    if kind not in ("1", "3"):  # 3: a certificate or a domain is about to expire
        raise CrisisError(f"is UptimeRobot's, but its alertType is {quoted(kind)}, not 1 or 3")
    monitor = first(box.get("monitorFriendlyName"), box.get("monitorURL"), limit=100)
    return Alert(
        title=f"{monitor} is down" if kind == "1" and monitor else f"{monitor} {state}".strip(),
        began_at=moment(box, "alertDateTime"),
        source="UptimeRobot",
        summary=clean(box.get("alertDetails"), 500),
        url=link(box.get("monitorURL")),
        key=clean(box.get("monitorID"), _KEY),
    )


def _cloudevents(box: Box) -> Alert:
    _same_version("CloudEvents", box["specversion"], "1.0")
    data, kind = inner(box, "data"), clean(box.get("type"), 100)
    states = [first(data.get("status"), data.get("state")), kind.rpartition(".")[2]]
    over = [state for state in states if state.casefold() in _OVER]
    if over:
        raise _nothing_fires(over[0])
    sender = clean(box.get("source"), _KEY)
    summary = first(data.get("summary"), data.get("description"))
    return Alert(
        title=first(data.get("title"), summary, box.get("subject"), kind, limit=_TITLE),
        began_at=moment(box, "time"),
        source="CloudEvents",
        summary=summary or kind,
        url=link(data.get("url"), sender),
        key=f"{sender} {clean(box.get('id'), 100)}".strip(),
    )


def _same_version(source: str, found: object, known: str) -> None:
    if found is not None and clean(found, _NAME) != known:
        told = quoted(clean(found, _NAME))
        raise CrisisError(
            f"is {source}'s version {told}, and only {known} can be read", hint=_WITHOUT
        )


def _nothing_fires(state: str) -> CrisisError:
    return CrisisError(
        f"tells of nothing that fires now: its status is {quoted(state)}",
        hint=f"if it is not over, {_WITHOUT}",
    )
