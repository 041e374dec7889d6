"""The regulators' clocks of an incident as data, and as lines of a report."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crisisctl.report.words import words as english

if TYPE_CHECKING:
    from datetime import tzinfo

    from crisisctl.deadlines.enisa import Score
    from crisisctl.deadlines.notices import Notice
    from crisisctl.report.data import Json, View
    from crisisctl.report.words import Words

ADVICE = "Support for a person who decides; not legal advice."
UNVERIFIED = {"partly": "not all of it is verified", "known": "not verified"}
"""What is said of a rule that nobody has read at its source."""


def no_regulation(country: str) -> str:
    """What is said of a country without rules on file: never nothing."""
    return f"{country}: there is no regulation on file; ask a lawyer there"


def notice(view: View, notice: Notice) -> Json:
    """One clock with what was decided about it."""
    running, decided = notice.running, notice.decided
    regulation, clock = running.regulation, running.clock
    return {
        "clock": notice.id,
        "regulation": regulation.title,
        "authority": regulation.authority,
        "to": clock.to,
        "who": clock.who,
        "state": notice.state,
        "starts": clock.after or clock.starts,
        "since": view.at(running.since),
        "due": view.at(running.due),
        "decision": decided.event.decision if decided else None,
        "decided_at": view.at(decided.at) if decided else None,
        "by": (decided.event.person or decided.by) if decided else None,
        "reference": (decided.event.reference or None) if decided else None,
        "because": (decided.event.because or None) if decided else None,
        "spare_seconds": _seconds(spare(notice)),
        "when": clock.when or None,
        "content": list(clock.content),
        "phased": clock.phased,
        "hint": notice.hint or None,
        "basis": regulation.basis,
        "as_of": regulation.as_of,
        "confidence": regulation.confidence,
    }


def severity(score: Score | None) -> Json | None:
    """ENISA's severity with what it is made of."""
    if score is None:
        return None
    return {
        "method": "ENISA 2013: DPC x EI + CB",
        "value": float(score.value),
        "level": score.level,
        "dpc": score.dpc,
        "ei": float(score.ei),
        "cb": float(score.cb),
    }


def spare(notice: Notice) -> timedelta | None:
    """How long before its end they were told; negative: so much too late."""
    if notice.running.due is None or notice.state not in ("notified", "late"):
        return None
    return notice.running.due - notice.decided.at if notice.decided else None


def outcome(notice: Notice, zone: tzinfo, now: datetime, words: Words | None = None) -> str:
    """What came of a clock, in words."""
    say = words or english()
    decided, left = notice.decided, spare(notice)
    if decided is None or decided.event.decision == "reopened":
        return _undecided(notice, now, say)
    event = decided.event
    because = say.because(event.because)
    if event.decision != "notified":
        key = "clock.not-told" if event.decision == "not-notified" else "clock.delayed"
        return say(key, because=because)
    spared = ""
    if left is not None:
        late = left < timedelta()
        spared = say("clock.late" if late else "clock.left", span=say.span(abs(left)))
    return say(
        "clock.told",
        at=say.moment(decided.at, zone),
        person=say("event.told-by", person=event.person) if event.person else "",
        number=say("event.number", number=event.reference) if event.reference else "",
        left=spared,
        because=because,
    )


def _undecided(notice: Notice, now: datetime, say: Words) -> str:
    running = notice.running
    if running.since is None:
        return say("clock.not-begun")
    if running.due is None:
        return say("clock.owed", span=say.span(now - running.since))
    if now > running.due:
        return say("clock.overdue", span=say.span(now - running.due))
    return say("clock.open", span=say.span(running.due - now))


def _seconds(span: timedelta | None) -> int | None:
    return round(span.total_seconds()) if span is not None else None
