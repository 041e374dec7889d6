"""The regulators' clocks of an incident as data, and as lines of a report."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crisisctl.text import in_words, moment

if TYPE_CHECKING:
    from datetime import tzinfo

    from crisisctl.deadlines.enisa import Score
    from crisisctl.deadlines.notices import Notice
    from crisisctl.report.data import Json, View

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


def outcome(notice: Notice, zone: tzinfo, now: datetime) -> str:
    """What came of a clock, in words."""
    decided, left = notice.decided, spare(notice)
    if decided is None or decided.event.decision == "reopened":
        return _undecided(notice, now)
    event = decided.event
    because = f", because {event.because}" if event.because else ""
    if event.decision != "notified":
        return f"{'not told' if event.decision == 'not-notified' else 'delayed'}{because}"
    words = f"told {moment(decided.at, zone)}"
    if event.person:
        words += f" by {event.person}"
    if event.reference:
        words += f", reference {event.reference}"
    if left is not None:
        words += f", {in_words(-left)} late" if left < timedelta() else f", {in_words(left)} left"
    return f"{words}{because}"


def _undecided(notice: Notice, now: datetime) -> str:
    running = notice.running
    if running.since is None:
        return "has not begun"
    if running.due is None:
        return f"owed without undue delay, open for {in_words(now - running.since)}"
    if now > running.due:
        return f"OVERDUE by {in_words(now - running.due)}"
    return f"open, {in_words(running.due - now)} left"


def _seconds(span: timedelta | None) -> int | None:
    return round(span.total_seconds()) if span is not None else None
