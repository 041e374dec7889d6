"""`review`: a team looks back in a terminal, part by part; everything is saved as it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from crisisctl.cli import agreeing, amending, read_over
from crisisctl.cli.desk import Desk, desk, refuse_closed, zone
from crisisctl.cli.keyboard import Back, Keyboard, Option, Paused
from crisisctl.cli.printing import print_json
from crisisctl.cli.sitting import Sitting
from crisisctl.deadlines.owed import Due, deadlines
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.incident.store import Stamp
from crisisctl.journal import Journal
from crisisctl.report import follow_up
from crisisctl.report.data import Json, View
from crisisctl.runner import lessons
from crisisctl.text import in_words, moment

NONE_FITS = "-"


@dataclass(frozen=True, slots=True)
class Order:
    """What was typed after `crisisctl review`."""

    to: str
    because: str
    timeline_read: bool


def review(id: str | None, order: Order, *, json: bool) -> None:
    """Move it, show it, or lead through it."""
    at = desk()
    journal, incident = at.open(id)
    if order.because and not order.to:
        raise CrisisError("--because goes with --to")
    if order.to or order.timeline_read:
        refuse_closed(incident)
        incident = _move(at, journal, incident, order)
    here = Sitting(at, journal, incident, None)
    if json:
        print_json(at, _as_json(here))
        return
    if order.to or order.timeline_read:
        return
    person = None if incident.status == "closed" else _person(at)
    if person is None:
        _overview(here)
        return
    with _saved(incident.id):
        _lead(Sitting(at, journal, incident, person))


def _person(at: Desk) -> Keyboard | None:
    from crisisctl.cli.walking import keyboard

    return keyboard(at)


@contextmanager
def _saved(id: str) -> Iterator[None]:
    """However it is left, say that everything is saved, and how to go on."""
    told = f"saved; go on with `crisisctl review {id}`"
    try:
        yield
    except Paused:
        raise CrisisError(told, code=0) from None
    except (KeyboardInterrupt, EOFError):
        raise CrisisError(told, code=130) from None


def _move(at: Desk, journal: Journal, incident: Incident, order: Order) -> Incident:
    """Read over and moved on, without a question."""

    def make(now_is: Incident, known: Sequence[ev.Entry], stamp: Stamp) -> list[ev.Event]:
        lines = lessons.lines_of(now_is, known, zone(now_is))
        read = lessons.read_over(lessons.to_read(lines, now_is)) if order.timeline_read else []
        if not order.to:
            return read
        left = [] if order.timeline_read else lines
        return read + lessons.move(now_is, order.to, left, by=stamp.by, because=order.because)

    before = incident.seq
    incident = amending.keep(at, journal, incident, make)
    if order.timeline_read:
        words = "the timeline was read over" if incident.seq > before else "it was read already"
        at.talk.line(f"✓ {words} ({incident.id})", "good")
    if order.to:
        state = lessons.status(incident).replace("-", " ")
        at.talk.line(f"✓ post-mortem {state} ({incident.id})", "good")
    return incident


def _lead(here: Sitting) -> None:
    """From part to part; the first that is not done yet is offered first."""
    parts: dict[str, Callable[[Sitting], None]] = {
        "timeline": read_over.read,
        "causes": _causes,
        "lessons": _lessons,
        "actions": agreeing.agree,
        "state": _state,
    }
    _head(here)
    while True:
        done = _done(here)
        first = next((name for name in parts if not done[name]), "leave")
        options = [Option(name, _title(here, name)) for name in parts]
        options.append(Option("leave", "Leave (everything is saved)"))
        try:
            chosen = here.asked.choose("What next?", options, default=first)
        except Back:
            raise Paused from None
        if chosen == "leave":
            raise Paused
        try:
            parts[chosen](here)
        except Back:
            continue


def _head(here: Sitting) -> None:
    screen, incident = here.at.talk, here.incident
    screen.block(f"{incident.id} · {incident.title}", "title")
    screen.block(f"post-mortem: {lessons.status(incident).replace('-', ' ')}{_when(here)}")
    screen.block(
        "What and how, not who and why. Roles, not names. Nobody is the cause. "
        "Esc steps back; q or Ctrl-C leaves, and everything is saved.",
        "dim",
    )
    if "resolved" not in incident.milestones:
        screen.block("It is not resolved yet: what is said now can be corrected later.", "warn")
    screen.line()


def _when(here: Sitting) -> str:
    due = _due(here)
    if due is None:
        return ""
    now, by = here.at.now(), moment(due.due, zone(here.incident))
    late = f" (overdue by {in_words(now - due.due)})" if due.state == "overdue" else ""
    return f", due by {by}{late}" if due.open else f", {due.state}"


def _due(here: Sitting) -> Due | None:
    found = deadlines(here.incident, now=here.at.now())
    return next((due for due in found if due.kind == "review"), None)


def _done(here: Sitting) -> dict[str, bool]:
    incident = here.incident
    return {
        "timeline": not here.unread(),
        "causes": bool(incident.causes or lessons.lessons(incident, "contributing")),
        "lessons": any(lessons.lessons(incident, topic) for topic in lessons.TOPICS),
        "actions": bool(incident.actions),
        "state": lessons.status(incident) == "reviewed",
    }


def _title(here: Sitting, name: str) -> str:
    incident = here.incident
    if name == "timeline":
        left = len(here.unread())
        return f"Timeline: {left} lines to read over" if left else "Timeline (read over)"
    if name == "causes":
        return f"Contributing causes ({len(incident.causes)})"
    if name == "lessons":
        many = sum(len(lessons.lessons(incident, topic)) for topic in lessons.TOPICS)
        return f"What went well, what badly, where we were lucky ({many})"
    if name == "actions":
        still = sum(action.status == "open" for action in incident.actions.values())
        return f"Action items ({still} open of {len(incident.actions)})"
    return f"How far it is ({lessons.status(incident).replace('-', ' ')})"


def _causes(here: Sitting) -> None:
    """Cause by cause, each with its class and what let it be so."""
    for cause in here.incident.causes:
        here.at.talk.block(f"- {cause.event.text}", indent="  ")
    while True:
        text = here.words("What contributed? (Enter: nothing more)")
        if not text:
            return
        known = lessons.classes(here.incident)
        options = [Option(name, title) for name, title in known.items()]
        options.append(Option(NONE_FITS, "None of these"))
        chosen = here.asked.choose("Which kind is that?", options)
        _find(here, text, "" if chosen == NONE_FITS else chosen)


def _find(here: Sitting, text: str, cause: str) -> None:
    """Ask what made it possible; what was said so far is kept however it is left."""
    whys: list[str] = []
    try:
        for number in range(1, lessons.WHYS + 1):
            question = f"What made that possible? ({number} of {lessons.WHYS}, Enter: that is all)"
            said = here.words(question)
            if not said:
                break
            whys.append(said)
    finally:
        here.record(lambda i, *_: lessons.find_cause(i, text, cause=cause, whys=whys))
    here.at.talk.line(f"✓ cause {len(here.incident.causes)}", "good")


def _lessons(here: Sitting) -> None:
    """Topic by topic, until nobody has more to say."""
    for topic, question in lessons.TOPICS.items():
        for said in lessons.lessons(here.incident, topic):
            here.at.talk.block(f"- {said}", indent="  ")
        while True:
            said = here.words(f"{question} (Enter: nothing more)")
            if not said:
                break
            here.record(lambda *_, said=said, topic=topic: [ev.NoteAdded(said, topic)])
            here.at.talk.line("✓ noted", "good")


def _state(here: Sitting) -> None:
    """Hand it in, let it count as reviewed, or send it back."""
    now = lessons.status(here.incident)
    options = [
        Option(state, _offer(state)) for state in ("in-review", "reviewed", "draft") if state != now
    ]
    options.append(Option("", "Leave it as it is"))
    lacking = lessons.missing(here.incident, here.lines(), by=here.at.operator)
    for what in lacking:
        here.at.talk.block(f"- {what}", "warn", "  ")
    to = here.asked.choose("How far is it?", options)
    if not to:
        return
    back = [*lessons.STATES].index(now) > [str(state) for state in lessons.STATES].index(to)
    because = ""
    if back:
        because = here.words("Why does it go back?", needed=True)
    elif to == "reviewed" and lacking:
        because = here.words("Why does it count as reviewed all the same?", needed=True)
    by = here.at.operator
    here.record(
        lambda i, known, _: lessons.move(
            i, to, lessons.lines_of(i, known, zone(i)), by=by, because=because
        )
    )
    here.at.talk.line(f"✓ post-mortem {to.replace('-', ' ')}", "good")
    if to == "reviewed":
        here.at.talk.block(f"To accept it: crisisctl close {here.incident.id}", indent="  ")


def _offer(state: str) -> str:
    return {
        "in-review": "Hand it in: another person reads it",
        "reviewed": "It was reviewed, and is good to close",
        "draft": "Back to draft, with a reason",
    }[state]


def _overview(here: Sitting) -> None:
    """What is there and what is missing, where nobody can be asked."""
    out, incident = here.at.out, here.incident
    out.block(f"{incident.id} · {incident.title}", "title")
    out.block(f"post-mortem: {lessons.status(incident).replace('-', ' ')}{_when(here)}")
    for name in ("timeline", "causes", "lessons", "actions"):
        out.block(_title(here, name), indent="  ")
    lacking = lessons.missing(incident, here.lines(), by=here.at.operator)
    for what in lacking if lessons.status(incident) != "reviewed" else ():
        out.block(f"missing: {what}", "warn", "  ")


def _as_json(here: Sitting) -> Json:
    incident, view = here.incident, View(zone(here.incident))
    today = here.at.now().astimezone(zone(incident)).date()
    lines, due = here.lines(), _due(here)
    return {
        **view.head(incident),
        "post_mortem": lessons.status(incident),
        "states": [
            {"state": m.status, "at": view.at(m.at), "by": m.by, "because": m.because or None}
            for m in incident.reviewed
        ],
        "due": view.due(due) if due else None,
        "timeline": {
            "lines": len(lessons.readable(lines)),
            "unread": [line.seq for line in lessons.to_read(lines, incident)],
            "corrected": list(incident.corrections),
        },
        "causes": [
            {
                "text": each.event.text,
                "class": each.event.cause or None,
                "whys": list(each.event.whys),
                "at": view.at(each.at),
                "by": each.by,
            }
            for each in incident.causes
        ],
        "lessons": {topic: lessons.lessons(incident, topic) for topic in lessons.TOPICS},
        "actions": [follow_up.as_json(item) for item in follow_up.items(incident, today)],
        "missing": lessons.missing(incident, lines, by=here.at.operator),
    }
