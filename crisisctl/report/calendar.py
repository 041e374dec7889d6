"""Deadlines as a calendar that a phone shows: iCalendar (RFC 5545), with alarms on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from crisisctl.deadlines.owed import Due
from crisisctl.incident.fold import Incident
from crisisctl.text import safe

ALARMS = (50, 80, 100)
"""Percent of the time from a clock's beginning to its end at which it rings."""


def calendar(incident: Incident, dues: Iterable[Due], *, now: datetime) -> bytes:
    """One event for each deadline, at its end.

    The UID is made of the incident and the deadline's name, and of which one of
    that name it is, so that a calendar that reads the file again moves the event
    and adds none.
    """
    from icalendar import Alarm, Calendar, Event

    made = Calendar()
    made.add("prodid", "-//crisisctl//deadlines//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", safe(f"{incident.id}: deadlines"))
    for due, uid in _named(incident, dues):
        event = Event()
        event.add("uid", uid)
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", due.due.astimezone(UTC))
        event.add("summary", safe(_summary(incident, due)))
        event.add(
            "description", safe(f"{due.name}, {due.state}. crisisctl deadlines {incident.id}")
        )
        event.add("sequence", incident.seq)
        event.add("status", "CONFIRMED" if due.open else "CANCELLED")
        event.add("transp", "TRANSPARENT")
        if due.open:
            for percent in ALARMS:
                alarm = Alarm()
                alarm.add("action", "DISPLAY")
                alarm.add("description", safe(f"{percent} %: {due.title}"))
                alarm.add("trigger", _before_the_end(due, percent))
                event.add_component(alarm)
        made.add_component(event)
    return bytes(made.to_ical())


def _named(incident: Incident, dues: Iterable[Due]) -> Iterator[tuple[Due, str]]:
    """Each deadline with its name among all calendars' events.

    Its times are no part of it: they move when a fact is corrected.
    """
    seen: Counter[str] = Counter()
    for due in dues:
        name = f"{due.playbook or due.kind}-{due.name or 'kept'}"
        seen[name] += 1
        yield due, f"{name}-{seen[name]}@{incident.id}.crisisctl"


def _summary(incident: Incident, due: Due) -> str:
    drill = "DRILL: " if incident.drill else ""
    return f"{drill}{due.title}"


def _before_the_end(due: Due, percent: int) -> timedelta:
    return -((due.due - due.since) * (100 - percent) / 100)
