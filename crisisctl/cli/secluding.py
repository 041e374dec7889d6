"""`restrict`: who may read an incident from now on."""

from __future__ import annotations

from datetime import datetime

from crisisctl.cli.desk import desk, zone
from crisisctl.errors import CrisisError
from crisisctl.incident.store import record
from crisisctl.playbook import values
from crisisctl.playbook.model import Fact
from crisisctl.runner import circle

_TIME = Fact(type="time")


def restrict(id: str | None, *, to: str | None, because: str, lift: bool, at: str | None) -> None:
    """Restrict it, change the circle or lift it; a closed incident, too."""
    if (to is None) != lift:
        hint = '`--to ana,li --because "…"` restricts it; `--lift --because "…"` ends that'
        raise CrisisError("say either --to NAMES or --lift", hint=hint)
    at_desk = desk()
    journal, incident = at_desk.open(id)
    now = at_desk.now()
    when = values.parse(_TIME, at, now=now, zone=zone(incident)) if at is not None else None
    if to is None:
        events = circle.lift(incident, because=because)
    else:
        events = circle.restrict(incident, to, operator=at_desk.operator, because=because)
    stamp = at_desk.stamp(when if isinstance(when, datetime) else None)
    incident = record(journal, incident, events, stamp)
    names = incident.circle
    said = f"restricted to {', '.join(names)}" if names is not None else "no longer restricted"
    at_desk.talk.block(f"✓ {said} ({incident.id})" if events else f"nothing to change ({said})")
