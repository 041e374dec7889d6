"""What a team does when it looks back: put events right, name causes, move the post-mortem on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.incident.learned import PostMortemStatus
from crisisctl.report.timeline import Line, timeline
from crisisctl.runner.commands import A_MOMENT
from crisisctl.text import did_you_mean, listed

WHYS = 5
"""How often "what made that possible?" is asked at most."""
TOPICS: Mapping[str, str] = {
    "went-well": "What went well?",
    "went-badly": "What went badly?",
    "got-lucky": "Where were we lucky?",
    "playbook": "What should the playbook say next time?",
}
"""What notes of a review are about; the last is for whoever owns the playbook."""
CLASSES: Mapping[str, str] = {
    "overload": "Technical: overload",
    "infrastructure": "Technical: network, hardware or its set-up",
    "software": "Technical: bug, database, parts that do not fit together",
    "maintenance": "Technical: maintenance",
    "hosting": "External: host or cloud provider",
    "attack": "External: break-in or malware",
    "disaster": "External: fire, flood or other disaster",
    "deployment": "Human: a change in a setting or a version",
    "neglect": "Human: something nobody watched or maintained",
}
"""The classes of causes where no playbook of the incident names its own."""
STATES: tuple[PostMortemStatus, ...] = ("draft", "in-review", "reviewed")
_BY_HAND = (
    *(ev.NoteAdded, ev.CauseFound, ev.DecisionTaken, ev.StepCompleted, ev.StepSkipped),
    *(ev.RoleAssigned, ev.RoleHandedOver, ev.PromiseKept, ev.DeadlineWaived),
)
"""What a person wrote down, and may have got wrong."""
_WORDS_ONLY = (ev.NoteAdded, ev.CauseFound)
"""From which nothing else followed: they can be withdrawn."""
_OF_THE_REVIEW = (
    *("timeline-read", "event-corrected", "cause-found", "post-mortem-moved", "action-added"),
    *("action-changed", "action-done", "action-declined", "incident-closed", "incident-reopened"),
)


def classes(incident: Incident) -> Mapping[str, str]:
    """The classes that a cause can be of: the choices of the fact `cause`, else the usual nine."""
    spec = incident.spec("cause")
    return spec.choices if spec is not None and spec.choices else CLASSES


def correctable(event: ev.Event) -> bool:
    """Whether it is something that a person can have been wrong about."""
    return isinstance(event, _BY_HAND)


def withdrawable(event: ev.Event) -> bool:
    """Whether nothing else followed from it, so that it can be as if it had not happened."""
    return isinstance(event, _WORDS_ONLY)


def correct(
    incident: Incident,
    entries: Sequence[ev.Entry],
    seq: int,
    *,
    because: str,
    now: datetime,
    at: datetime | None = None,
    text: str = "",
    withdrawn: bool = False,
) -> list[ev.Event]:
    """Say how an event really was. What an earlier correction of it said holds on."""
    entry = next((each for each in entries if each.seq == seq), None)
    if entry is None:
        hint = f"`crisisctl timeline {incident.id}` shows their numbers"
        raise CrisisError(f"there is no event {seq} in {incident.id}", hint=hint)
    if not correctable(entry.event):
        raise CrisisError(f"event {seq} cannot be corrected", hint=_instead(entry.event))
    if not because.strip():
        raise CrisisError("a correction needs a reason", hint='add --because "…"')
    if at is None and not text.strip() and not withdrawn:
        hint = "--at TIME, --text WORDS, or --withdrawn"
        raise CrisisError("nothing is corrected: say what was different", hint=hint)
    if withdrawn and (at is not None or text.strip()):
        raise CrisisError("--withdrawn says that it did not happen: leave --at and --text out")
    if withdrawn and not withdrawable(entry.event):
        hint = "say with --text what really happened; what followed from it stays on record"
        raise CrisisError(f"event {seq} cannot be withdrawn, only notes and causes can", hint=hint)
    if at is not None and at > now + A_MOMENT:
        raise CrisisError("that moment is still to come: give the time when it happened")
    before = incident.corrections.get(seq)
    if before is not None and not withdrawn and not before.event.withdrawn:
        at, text = at or before.event.at, text.strip() or before.event.text
    return [ev.EventCorrected(seq, because.strip(), at, text.strip(), withdrawn)]


def _instead(event: ev.Event) -> str:
    """What puts such an event right, where a correction would leave the rest as it was."""
    match event:
        case ev.FactRecorded() | ev.FactRetracted():
            return f"set the fact anew: `crisisctl fact {event.fact} VALUE`"
        case ev.MilestoneReached():
            return "set the fact anew that dates it: `crisisctl fact NAME TIME`"
        case ev.SeverityChanged():
            return 'set it anew: `crisisctl severity LEVEL --at TIME --because "…"`'
        case ev.NoticeDecided():
            return f"decide anew: `crisisctl notify {event.clock} --undo`, then without --undo"
        case ev.MessageSent():
            return "correct it in the open: `crisisctl message correct`"
        case ev.ActionAdded() | ev.ActionChanged():
            return f"`crisisctl action change {event.action}`"
    return "crisisctl saw it happen: add a note instead, `crisisctl note`"


def find_cause(
    incident: Incident, text: str, *, cause: str = "", whys: Sequence[str] = ()
) -> list[ev.Event]:
    """One of the things that came together, with what made it possible."""
    if not text.strip():
        raise CrisisError("the cause is empty")
    known = classes(incident)
    if cause and cause not in known:
        guess = did_you_mean(cause, known)
        hint = f'did you mean "{guess}"? ' if guess else ""
        raise CrisisError(
            f'there is no class of causes "{cause}"', hint=f"{hint}classes: {listed(known)}"
        )
    told = tuple(why.strip() for why in whys if why.strip())
    if len(told) > WHYS:
        raise CrisisError(f"{len(told)} whys: {WHYS} at most", hint="make the rest another cause")
    return [ev.CauseFound(text.strip(), cause, told)]


def lines_of(incident: Incident, entries: Sequence[ev.Entry], zone: tzinfo) -> list[Line]:
    """The timeline that is read over."""
    return timeline(incident, entries, zone)


def to_read(lines: Sequence[Line], incident: Incident) -> list[Line]:
    """The lines that the people who were there have not read over yet, in order.

    A corrected line was read by whoever corrected it; what the review itself
    adds is not read again.
    """
    return [line for line in readable(lines) if not _is_read(line, incident)]


def readable(lines: Sequence[Line]) -> list[Line]:
    """The lines that are read over in a review: what happened, not what was said of it since."""
    return [line for line in lines if not line.routine and line.kind not in _OF_THE_REVIEW]


def _is_read(line: Line, incident: Incident) -> bool:
    return line.seq in incident.confirmed or line.correction is not None


def read_over(lines: Sequence[Line]) -> list[ev.Event]:
    """These lines were read, and stand."""
    return [ev.TimelineRead(tuple(line.seq for line in lines))] if lines else []


def status(incident: Incident) -> PostMortemStatus:
    """How far the post-mortem is."""
    return incident.reviewed[-1].status if incident.reviewed else "draft"


def lessons(incident: Incident, topic: str) -> list[str]:
    """What was learned under a topic: the answers of the playbook, and notes."""
    name = topic.replace("-", "_")
    known = incident.known(name)
    answered = [str(known.value)] if known is not None and known.value else []
    noted = [note.text for note in incident.notes if note.topic.replace("-", "_") == name]
    return answered + noted


def missing(incident: Incident, lines: Sequence[Line], *, by: str) -> list[str]:
    """What a post-mortem lacks to count as reviewed by this person."""
    return list(_missing(incident, lines, by))


def _missing(incident: Incident, lines: Sequence[Line], by: str) -> Iterator[str]:
    if "resolved" not in incident.milestones:
        yield "it is not resolved"
    unread = len(to_read(lines, incident))
    if unread:
        yield f"{unread} line{'s' * (unread > 1)} of the timeline not read over"
    if not incident.causes and not lessons(incident, "contributing"):
        yield "no contributing cause"
    if not any(lessons(incident, topic) for topic in TOPICS):
        yield "no lesson: what went well, what badly, where we were lucky"
    for action in incident.actions.values():
        if action.status == "open" and not (action.owner and action.due):
            lacks = [name for name in ("owner", "due") if not getattr(action, name)]
            lacking = listed(["no owner" if name == "owner" else "no due date" for name in lacks])
            yield f"action item {action.number} has {lacking}"
    handed_in = next((m for m in reversed(incident.reviewed) if m.status == "in-review"), None)
    if handed_in is None:
        yield "nobody has handed it in for review"
    elif handed_in.by == by:
        yield f"another person than {by}, who handed it in, must read it"


def move(
    incident: Incident, to: str, lines: Sequence[Line], *, by: str, because: str = ""
) -> list[ev.Event]:
    """Move the post-mortem on, or back with a reason. Raises, naming all that is missing."""
    now, said = status(incident), because.strip()
    if to not in STATES:
        raise CrisisError(f'there is no state "{to}"', hint=f"states: {listed(STATES)}")
    wanted = STATES[STATES.index(to)]
    if wanted == now:
        raise CrisisError(f"the post-mortem of {incident.id} is {_words(now)} already", code=1)
    if STATES.index(wanted) < STATES.index(now) and not said:
        what = f"going back from {_words(now)} to {_words(wanted)} needs a reason"
        raise CrisisError(what, hint='add --because "…"')
    lacking = missing(incident, lines, by=by) if wanted == "reviewed" else []
    if lacking and not said:
        raise CrisisError(
            f"it does not count as reviewed yet: {'; '.join(lacking)}",
            hint=f"`crisisctl review {incident.id}` leads through it; or --because WORDS",
            code=1,
        )
    return [ev.PostMortemMoved(wanted, said)]


def _words(state: PostMortemStatus) -> str:
    return state.replace("-", " ")
