"""Deciding about the regulators' clocks: in a step, and by `notify` at any time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, get_args

from crisisctl.cli.asking import text
from crisisctl.cli.counting import due_style, due_words
from crisisctl.cli.desk import desk, refuse_closed, zone
from crisisctl.cli.keyboard import Option
from crisisctl.cli.screen import Screen, Style
from crisisctl.deadlines.notices import Notice, missing, notices, uncovered
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.incident.store import record
from crisisctl.journal import Conflict
from crisisctl.playbook.model import Recipient
from crisisctl.playbook.times import parse_time
from crisisctl.report.clocks import ADVICE, UNVERIFIED, no_regulation, outcome
from crisisctl.runner import notices as deciding
from crisisctl.runner.notices import Decision
from crisisctl.runner.place import Place

if TYPE_CHECKING:
    from crisisctl.cli.walk import Walk

RECIPIENTS: tuple[Recipient, ...] = get_args(Recipient)
TRIES = 5
"""Times a decision is held against what others recorded in the same moment."""


# In a step


def decide_all(walk: Walk, place: Place) -> None:
    """One decision for each clock of the step's recipients; what nobody decides stays open."""
    to = place.step.notify
    for before in deciding.to_decide(walk.incident, to, now=walk.now()):
        walk.keep_up([], place)  # others may decide in another terminal
        notice = _still(walk, before)
        if notice is None:
            continue
        answer = walk.answers.notices.get(notice.id) if walk.answers else None
        if answer is not None:
            _record(walk, place, notice, answer.decision, answer.at or _earliest(walk, notice))
        elif walk.answers is not None and walk.answers.example:
            began = notice.running.since or walk.now()  # the example is in time
            _record(walk, place, notice, Decision(), began)
        elif walk.guided:
            _ask(walk, place, notice)
    screen, now = walk.desk.talk, walk.now()
    for notice in deciding.to_decide(walk.incident, to, now=now):
        screen.block(f"{notice.id} stays open: {standing(notice, now, walk.zone)}", "warn")
    for country in uncovered(walk.incident):
        screen.block(no_regulation(country), "bad")


def _still(walk: Walk, before: Notice) -> Notice | None:
    """The clock as it stands now; None where somebody has decided about it meanwhile."""
    to = [before.running.clock.to]
    for notice in deciding.to_decide(walk.incident, to, now=walk.now()):
        if notice.id == before.id and notice.decided == before.decided:
            return notice
    return None


def _earliest(walk: Walk, notice: Notice) -> datetime:
    """Now; in a story that has not come so far yet, when the clock began."""
    since = notice.running.since
    return max(walk.now(), since) if walk.at is not None and since is not None else walk.now()


def _ask(walk: Walk, place: Place, notice: Notice) -> None:
    _card(walk.desk.talk, notice, walk.now(), walk.zone)
    chosen = walk.asked().choose(
        "Were they told?",
        [
            Option("open", "Not yet; decide later"),
            Option("notified", "Yes"),
            Option("not-notified", "No, and they will not be, for a reason"),
            Option("delayed", "Not yet; they will be told late, for a reason"),
        ],
        default="open",  # Enter alone must not say that anyone was told
    )
    if chosen == "open":
        return
    at, because, reference = walk.now(), "", ""
    decided: ev.Decided = "notified"
    if chosen == "notified":
        typed = text(walk, "When? (20:04, -15m; Enter: now)", check=_told_at(walk))
        at = parse_time(typed, now=at, zone=walk.zone) if typed.strip() else at
        if notice.running.clock.to not in ("people", "register"):
            reference = text(walk, "Which number did they give you? (Enter: none)")
        delayed = notice.state == "delayed"
        if notice.running.due is not None and at > notice.running.due and not delayed:
            because = text(walk, "It is late. Why? (the notice must say so, too)", check=_words)
        elif notice.running.since is not None and at < notice.running.since:
            because = text(walk, "That is before its clock began. Why?", check=_words)
    else:
        decided = "delayed" if chosen == "delayed" else "not-notified"
        because = text(walk, "Because? (for the register)", check=_words)
    _record(walk, place, notice, Decision(decided, because, reference), at)


def _record(walk: Walk, place: Place, notice: Notice, decision: Decision, at: datetime) -> None:
    if notice.decided is not None and notice.decided.event.decision == decision.decision:
        return  # a delay that stands already
    now = max(at, walk.now())
    walk.record(lambda i: deciding.decide(i, notice.id, decision, at=at, now=now), place, at=at)


def _words(typed: str) -> str | None:
    return None if typed.strip() else "the register needs the reason"


def _told_at(walk: Walk) -> Callable[[str], str | None]:
    def check(typed: str) -> str | None:
        if not typed.strip():
            return None
        try:
            at = parse_time(typed, now=walk.now(), zone=walk.zone)
        except CrisisError as error:
            return error.message
        if at > walk.now():
            return "that moment is still to come"
        return None

    return check


# At any time


def notify(names: Sequence[str], id: str | None, decision: Decision, *, at: str | None) -> None:
    """Record a decision about one clock or several; a word such as `people` means all of them."""
    here = desk()
    journal, incident = here.open(id)
    refuse_closed(incident)
    now, where = here.now(), zone(incident)
    when = parse_time(at, now=now, zone=where) if at is not None else now
    if not names:
        _show(here.out, incident, now, where)
        return
    seen = incident.seq
    for _ in range(TRIES):
        chosen = list(dict.fromkeys(c for name in names for c in _meant(incident, name, now)))
        _refuse_overtaken(incident, chosen, seen, now, where)
        events: list[ev.Event] = []
        for clock in chosen:
            events += deciding.decide(incident, clock, decision, at=when, now=now)
        try:
            incident = record(journal, incident, events, here.stamp(when))
        except Conflict:
            journal, incident = here.open(incident.id)
            refuse_closed(incident)
            continue
        decided = {notice.id: notice for notice in notices(incident, now=now)}
        for clock in chosen:
            here.talk.block(f"✓ {clock}: {standing(decided[clock], now, where)}", "good")
        return
    raise CrisisError("others keep recording at the same moment: nothing was saved", code=1)


def _refuse_overtaken(
    incident: Incident, chosen: Sequence[str], seen: int, now: datetime, where: tzinfo
) -> None:
    """Raise where somebody decided about a clock while this was being decided: theirs stands."""
    for notice in notices(incident, now=now):
        theirs = notice.decided
        if notice.id in chosen and theirs is not None and theirs.seq > seen:
            what = f"{theirs.by} has just decided about {notice.id}"
            told = f"{what}: {standing(notice, now, where)}"
            raise CrisisError(told, hint="nothing was recorded; do it again to overrule it", code=1)


def _meant(incident: Incident, name: str, now: datetime) -> list[str]:
    """The clocks that a name stands for: itself, or the open ones of a kind of recipient."""
    if name not in RECIPIENTS:
        return [name]
    found = [n.id for n in deciding.to_decide(incident, [name], now=now)]
    if not found:
        raise CrisisError(f'no open clock is for "{name}"', hint="crisisctl deadlines shows all")
    return found


def _show(screen: Screen, incident: Incident, now: datetime, where: tzinfo) -> None:
    every = notices(incident, now=now)
    if not every:
        raise CrisisError(
            "no regulator's clock runs in this incident",
            hint="clocks come with a playbook that has `regulators:`, once the countries are known",
        )
    show(screen, incident, now, where)


def show(screen: Screen, incident: Incident, now: datetime, where: tzinfo) -> None:
    """Every clock of an incident, with what was decided."""
    screen.block(ADVICE, "dim")
    for words in missing(incident, now=now):
        screen.block(words, "warn")
    for notice in notices(incident, now=now):
        _card(screen, notice, now, where)
    for country in uncovered(incident):
        screen.block(no_regulation(country), "bad")


def _card(screen: Screen, notice: Notice, now: datetime, where: tzinfo) -> None:
    if not notice.open:
        words = f"{notice.id}: {standing(notice, now, where)}"
        screen.block(words, style_of(notice, now))
        if notice.hint and notice.state == "not-notified":
            screen.block(notice.hint, "dim", "  ")
        return
    regulation, clock = notice.running.regulation, notice.running.clock
    screen.block(f"{notice.id} · {regulation.title}: {clock.who}", "bold")
    screen.block(standing(notice, now, where), style_of(notice, now), "  ")
    if clock.when:
        screen.block(f"condition: {clock.when}", "dim", "  ")
    if notice.hint:
        screen.block(notice.hint, "", "  ")
    if regulation.confidence != "verified":
        screen.block(f"! {UNVERIFIED[regulation.confidence]}: have it checked", "warn", "  ")


def standing(notice: Notice, now: datetime, where: tzinfo) -> str:
    """How a clock stands, in a line."""
    clock, decided = notice.running, notice.decided
    if decided is None:
        return due_words(clock, now, where)
    words = outcome(notice, where, now)
    return f"{words}; {due_words(clock, now, where)}" if notice.state == "delayed" else words


def style_of(notice: Notice, now: datetime) -> Style:
    """The colour of how it stands."""
    if notice.state in ("notified", "not-notified"):
        return "good"
    return "bad" if notice.state == "late" else due_style(notice.running, now)
