"""An alert as the draft of a declaration: it suggests facts, and a person confirms them."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import BinaryIO

from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.playbook import values
from crisisctl.playbook.model import Playbook
from crisisctl.playbook.reader import file_bytes
from crisisctl.runner.alerts import Alert, read_alert
from crisisctl.runner.payload import MAX_BYTES

STDIN = "-"
SUGGESTED = ("started", "detected")
"""The milestones that the time of an alert is a first guess at."""
NOTICED_BY, MONITOR = "detected_by", "monitor"
"""The fact, and the choice, by which a playbook says that a machine noticed first."""


def alert_from(path: str, stdin: BinaryIO | None) -> Alert:
    """Read the alert in a file, or on stdin for "-"."""
    if path != STDIN:
        return read_alert(file_bytes(Path(path)), path)
    data = stdin.read(MAX_BYTES + 1) if stdin else b""
    if not data.strip():
        raise CrisisError("no alert came in on stdin", hint="pipe one in, or name its file")
    return read_alert(data, "the alert on stdin")


def drafted(alert: Alert, plan: Playbook, answered: Container[str]) -> list[ev.Event]:
    """What an alert adds to a declaration: suspected facts and a note, never a message."""
    found: list[ev.Event] = [ev.NoteAdded(_told(alert), "alert")]
    for name, value in _suggested(alert, plan).items():
        if name not in answered:
            found.append(ev.FactRecorded(name, value, "suspected", alert.source))
    return found


def _suggested(alert: Alert, plan: Playbook) -> dict[str, ev.Plain]:
    found: dict[str, ev.Plain] = {}
    for name, fact in plan.facts.items():
        if fact.compute:
            continue
        if alert.began_at and fact.type == "time" and fact.milestone in SUGGESTED:
            found[name] = values.encode(alert.began_at)
        elif name == NOTICED_BY and fact.type == "choice" and MONITOR in fact.choices:
            found[name] = MONITOR
    return found


def _told(alert: Alert) -> str:
    """The alert in one line of the timeline."""
    key = f"key {alert.key}" if alert.key else ""
    said = [part for part in (alert.summary or alert.title, alert.url, key) if part]
    return f"Alert from {alert.source}: {' · '.join(said)}" if said else f"Alert: {alert.source}"
