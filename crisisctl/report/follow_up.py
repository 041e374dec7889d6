"""Follow-up work of one incident or of many, ready for a table, CSV, JSON or a calendar."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import msgspec

from crisisctl.incident.circle import RESTRICTED
from crisisctl.incident.fold import Incident
from crisisctl.incident.lessons import Action
from crisisctl.text import cell, safe

Json = dict[str, object]

CALENDAR_STATUS = {"open": "NEEDS-ACTION", "done": "COMPLETED", "declined": "CANCELLED"}
_HEADS = (
    *("incident", "action", "title", "owner", "due", "type", "status", "overdue", "outcome"),
    "link",
)


class Item(msgspec.Struct, frozen=True):
    """An action item with the incident that it came of."""

    incident: str
    action: Action
    due: date | None
    overdue: bool


def items(incident: Incident, today: date, *, words: bool = True, owner: str = "") -> list[Item]:
    """What an incident left to do, the first due first; without words for who may not read them."""
    found = [
        Item(incident.id, action, day, _is_late(action, day, today))
        for action in incident.actions.values()
        for day in [_day(action.due)]
        if not owner or (words and action.owner.casefold() == owner.strip().casefold())
    ]
    return in_order(found if words else map(_without_words, found))


def in_order(found: Iterable[Item]) -> list[Item]:
    """The first due first; what has no day comes last."""
    return sorted(
        found,
        key=lambda one: (one.due is None, one.due or date.max, one.incident, one.action.number),
    )


def _is_late(action: Action, due: date | None, today: date) -> bool:
    return action.status == "open" and due is not None and due < today


def _day(due: str) -> date | None:
    try:
        return date.fromisoformat(due)
    except ValueError:  # an answers file may hold a day that no calendar has
        return None


def _without_words(item: Item) -> Item:
    action = msgspec.structs.replace(item.action, title=RESTRICTED, owner="", outcome="", link="")
    return msgspec.structs.replace(item, action=action)


def as_json(item: Item) -> Json:
    """One item with stable keys."""
    action = item.action
    return {
        "action": action.number,
        "title": action.title,
        "owner": action.owner or None,
        "due": action.due or None,
        "outcome": action.outcome or None,
        "type": action.kind or None,
        "link": action.link or None,
        "status": action.status,
        "overdue": item.overdue,
    }


def as_csv(found: Sequence[Item]) -> str:
    """A table for a spreadsheet; no cell is taken for a formula."""
    paper = io.StringIO()
    writer = csv.writer(paper)
    writer.writerow(_HEADS)
    for item in found:
        row = {"incident": item.incident, **as_json(item), "overdue": "yes" * item.overdue}
        writer.writerow([cell(str(row[name] or "")) for name in _HEADS])
    return paper.getvalue()


def as_calendar(found: Sequence[Item], *, now: datetime) -> bytes:
    """One to-do for each item (RFC 5545); its UID stays, so that reading it again adds none."""
    from icalendar import Calendar, Todo

    made = Calendar()
    made.add("prodid", "-//crisisctl//action items//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", "crisisctl: action items")
    for item in found:
        action, todo = item.action, Todo()
        todo.add("uid", f"action-{action.number}@{item.incident}.crisisctl")
        todo.add("dtstamp", now.astimezone(UTC))
        todo.add("summary", safe(action.title))
        told = [f"{item.incident}, action item {action.number}"]
        told += [action.owner] * bool(action.owner) + [action.outcome] * bool(action.outcome)
        todo.add("description", safe("; ".join(told)))
        todo.add("status", CALENDAR_STATUS[action.status])
        if item.due is not None:
            todo.add("due", item.due)
        if action.kind:
            todo.add("categories", [action.kind])
        if action.link:
            todo.add("url", safe(action.link))
        if action.status == "done" and action.ended_at is not None:
            todo.add("completed", action.ended_at.astimezone(UTC))
        made.add_component(todo)
    return bytes(made.to_ical())
