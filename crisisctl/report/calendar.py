"""Deadlines as a calendar that a phone shows: iCalendar (RFC 5545), with alarms on the way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from crisisctl.deadlines.owed import Due
from crisisctl.incident.fold import Incident
from crisisctl.text import safe

ALARMS = (50, 80, 100)
"""Percent of the time from a clock's beginning to its end at which it rings."""


def calendar(incident: Incident, dues: Iterable[Due], *, now: datetime) -> bytes:
    """One event for each deadline, at its end.

    The UID is made of incident, deadline and beginning, so that a calendar
    that reads the file again moves the event and adds none.
    """
    from icalendar import Alarm, Calendar, Event

    made = Calendar()
    made.add("prodid", "-//crisisctl//deadlines//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", safe(f"{incident.id}: deadlines"))
    for due in dues:
        event = Event()
        event.add("uid", uid(incident, due))
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


def uid(incident: Incident, due: Due) -> str:
    """The name of a deadline among all calendars' events."""
    began = due.since.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    at = f"-{began}" if due.kind == "deadline" else ""
    if not due.name:  # kept from whoever asks: its times alone tell it from others
        at = f"{began}-{due.due.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{due.playbook or due.kind}-{due.name}{at}@{incident.id}.crisisctl"


def _summary(incident: Incident, due: Due) -> str:
    drill = "DRILL: " if incident.drill else ""
    return f"{drill}{due.title}"


def _before_the_end(due: Due, percent: int) -> timedelta:
    return -((due.due - due.since) * (100 - percent) / 100)
