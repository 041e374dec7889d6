"""Playbooks, steps and incidents with good defaults: a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident, fold
from crisisctl.playbook.model import (
    Answer,
    Deadline,
    Decide,
    Fact,
    Impact,
    Option,
    Playbook,
    Promise,
    Send,
    Step,
)
from crisisctl.runner.place import Place, open_steps

ID = "outage-2026-11-27"
BEGAN = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)
"""When every incident here is declared: 20:00 in Paris."""

Happened = ev.Event | tuple[float, ev.Event] | tuple[float, float, ev.Event]
"""An event; with the minute when it happened; and with the one when it was written down."""


def minute(number: float) -> datetime:
    """So many minutes after the declaration."""
    return BEGAN + timedelta(minutes=number)


def a_step(**changes: Any) -> Step:
    """A step that asks nothing and does nothing."""
    return Step(**{"id": "look", "title": "Look", **changes})


def a_send(message: str = "holding", **changes: Any) -> Send:
    """A message by e-mail to customers."""
    return Send(**{"message": message, "channels": ("email",), **changes})


def a_playbook(**changes: Any) -> Playbook:
    """A small outage: questions, one decision, two clocks, a promise."""
    options = {"phone": Option(title="By phone"), "none": Option(title="None", against="Loss")}
    fields = {
        "playbook": "outage",
        "title": "Site outage",
        "roles": {"commander": "Decides", "scribe": "Writes"},
        "facts": {
            "started_at": Fact(type="time", ask="Since when?", milestone="started"),
            "resolved_at": Fact(type="time", ask="Over when?", milestone="resolved"),
            "eta": Fact(type="time", ask="Until when?", optional=True, certainty="ask"),
            "cause": Fact(
                type="choice",
                ask="Why?",
                certainty="ask",
                choices={"overload": "Too many visitors", "deployment": "A change"},
                example="deployment",
            ),
            "report_by": Fact(
                type="time",
                ask="Report by when?",
                optional=True,
                promise=Promise(title="Publish the report", kept_by="report"),
            ),
            "needs": Fact(ask="What do you need?", optional=True),
            "downtime": Fact(type="duration", compute="resolved_at - started_at"),
        },
        "impact": {
            "checkout": Impact(
                ask="Can customers pay?",
                answers={
                    "all": Answer(title="All of them", severity="sev4"),
                    "some": Answer(title="Some cannot", severity="sev2"),
                    "none": Answer(title="Nobody can", severity="sev1"),
                },
            ),
            "reach": Impact(
                ask="How many?",
                answers={
                    "few": Answer(title="A few", severity="sev4"),
                    "many": Answer(title="Many", severity="sev3"),
                },
            ),
        },
        "deadlines": {
            "first-word": Deadline(
                title="First word",
                from_="declared",
                within={"sev1": "10m", "sev2": "30m", "sev3": "2h"},
                met_by="holding",
            ),
            "next-update": Deadline(
                title="Next update",
                from_="last-message",
                within={"sev1": "20m", "sev2": "30m", "sev3": "2h"},
                until="resolved",
                met_by="update",
            ),
        },
        "stages": {
            "assess": (a_step(id="look", ask=("started_at", "checkout", "cause")),),
            "communicate": (
                a_step(id="hold", title="Tell customers", send=a_send("holding")),
                a_step(
                    id="workaround",
                    title="Another way to order",
                    decide=Decide(fact="workaround", options=options),
                ),
                a_step(id="phones", title="Open the phones", when="workaround == 'phone'"),
                a_step(id="brief", title="Brief staff", send=a_send("brief", to="staff")),
            ),
            "resolve": (
                a_step(id="update", title="Tell them more", send=a_send("update"), ask=("eta",)),
                a_step(id="fix", title="Repair", milestone="mitigated"),
            ),
            "post-mortem": (
                a_step(id="publish", title="Publish the report", send=a_send("report")),
            ),
        },
        "close_needs": ("started", "resolved"),
    }
    return Playbook(**{**fields, **changes})


def a_plan(*steps: Step, **changes: Any) -> Playbook:
    """A playbook of nothing but these steps, all in its first stage, without clocks."""
    return a_playbook(**{"stages": {"assess": steps}, "deadlines": {}, **changes})


def the_entries(
    *happened: Happened, plan: Playbook | None = None, **declared: Any
) -> list[ev.Entry]:
    """A journal that begins with the declaration; what has no time happens with what is before."""
    plan = plan or a_playbook()
    first = ev.IncidentDeclared(**{"title": plan.title, "time_zone": "Europe/Paris", **declared})
    added = ev.PlaybookAdded(plan.playbook, "the text of the playbook", plan)
    found: list[ev.Entry] = []
    at = written = 0.0
    for row in [(0.0, first), added, *happened]:
        match row:
            case (when, later, event):
                at, written = when, later
            case (when, event):
                at = written = when
            case event:
                pass
        found.append(ev.Entry(len(found) + 1, minute(at), minute(written), "ana", event))
    return found


def an_incident(*happened: Happened, plan: Playbook | None = None, **declared: Any) -> Incident:
    """The incident after these events; override its plan, title, zone, or make it a drill."""
    return fold(ID, the_entries(*happened, plan=plan, **declared))


def an_incident_by(*happened: tuple[str, ev.Event], plan: Playbook | None = None) -> Incident:
    """The incident after these events, each with the operator who recorded it."""
    first = the_entries(plan=plan)
    then = [
        ev.Entry(len(first) + number, minute(number), minute(number), by, event)
        for number, (by, event) in enumerate(happened, 1)
    ]
    return fold(ID, [*first, *then])


def a_sent(message: str = "holding", **changes: Any) -> ev.MessageSent:
    """A message that went out to customers by e-mail in English."""
    text = ev.SentText("email", "en", "0" * 64, f"/outbox/{message}/email.en.txt")
    return ev.MessageSent(**{"message": message, "to": "customers", "texts": (text,), **changes})


def place_of(incident: Incident, playbook: str, id: str, *, now: datetime) -> Place | None:
    """Where an open step stands, or None when it does not apply."""
    places = (place for place in open_steps(incident, now=now) if place.playbook == playbook)
    return next((place for place in places if place.step.id == id), None)
