"""What must be said by when: deadlines of the playbook and promises of sent texts.

Everything here is computed from the incident and `now`; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

import msgspec

from crisisctl.deadlines.looking_back import REVIEW, review_clock
from crisisctl.deadlines.notices import notices
from crisisctl.incident.fold import Incident, Promised, Sent
from crisisctl.playbook.model import SEVERITIES, Deadline, Playbook, Severity
from crisisctl.playbook.values import parse_duration

State = Literal["due", "overdue", "met", "missed", "waived"]

SOON = timedelta(minutes=5)
"""How long before a deadline the operator is asked to write the message now."""


class Due(msgspec.Struct, frozen=True):
    """One obligation with a time. `missed` was met too late, or never."""

    name: str
    title: str
    kind: Literal["deadline", "promise", "notice", "review"]
    since: datetime
    due: datetime
    state: State
    message: str
    """The message that meets it; none for a notice or a review, which people do."""
    playbook: str = ""
    met_at: datetime | None = None
    because: str = ""

    @property
    def open(self) -> bool:
        """Still to be met."""
        return self.state in ("due", "overdue")


def deadlines(incident: Incident, *, now: datetime) -> list[Due]:
    """Every deadline and promise of the incident, the earliest first."""
    found: list[Due] = []
    for plan in incident.plans.values():
        for name, rule in plan.deadlines.items():
            found += (
                _cadence(incident, plan, name, rule, now)
                if (rule.from_ == "last-message")
                else _single(incident, plan, name, rule, now)
            )
    found += _promises(incident, now)
    found += _notices(incident, now)
    found += _review(incident, now)
    return sorted((_waived(incident, due) for due in found), key=lambda due: due.due)


def pressing(incident: Incident, *, now: datetime) -> Due | None:
    """The open obligation that is due first, if there is one."""
    return next((due for due in deadlines(incident, now=now) if due.open), None)


def _notices(incident: Incident, now: datetime) -> Iterator[Due]:
    """The regulators' clocks that have a number; the others are owed, but not by a time."""
    for notice in notices(incident, now=now):
        since, due = notice.running.since, notice.running.due
        if since is None or due is None:
            continue
        decided = notice.decided
        yield Due(
            name=notice.id,
            title=notice.title,
            kind="notice",
            since=since,
            due=due,
            state=_OF_NOTICE.get(notice.state) or _state(due, None, now),
            message="",
            met_at=decided.at if decided and notice.state in ("notified", "late") else None,
            because=decided.event.because if decided else "",
        )


def _review(incident: Incident, now: datetime) -> Iterator[Due]:
    """The post-mortem's review. Who closed without one has decided that there is none."""
    clock = review_clock(incident)
    if clock is None:
        return
    given_up = incident.status == "closed" and clock.met_at is None
    yield Due(
        name=REVIEW,
        title="Review the post-mortem",
        kind="review",
        since=clock.since,
        due=clock.due,
        state="waived" if given_up else _state(clock.due, clock.met_at, now),
        message="",
        met_at=clock.met_at,
        because="closed without a review" if given_up else "",
    )


_OF_NOTICE: dict[str, State] = {"notified": "met", "late": "missed", "not-notified": "waived"}


def allowed(rule: Deadline, severity: Severity) -> timedelta | None:
    """How long this severity leaves, or None when it has no such deadline."""
    return parse_duration(rule.within[severity]) if severity in rule.within else None


def next_update_at(incident: Incident, *, now: datetime, to: str) -> datetime | None:
    """When a message sent now to this audience must promise the next one.

    Rounded down to five minutes, because people are told a time of day; never
    to less than half of what the severity leaves.
    """
    for plan in incident.plans.values():
        for rule in plan.deadlines.values():
            if rule.from_ != "last-message" or audience(plan, rule) != to:
                continue
            if rule.until is not None and rule.until in incident.milestones:
                continue
            left = allowed(rule, incident.severity or SEVERITIES[0])
            if left is not None:
                return _rounded(now, left)
    return None


def audience(plan: Playbook, rule: Deadline) -> str:
    """Whom the deadline is owed to: whoever gets the message that meets it."""
    step = plan.sends(rule.met_by)
    return step.send.to if step is not None and step.send is not None else "customers"


def _rounded(now: datetime, left: timedelta) -> datetime:
    exact = now + left
    down = exact.replace(minute=exact.minute - exact.minute % 5, second=0, microsecond=0)
    return down if down - now >= left / 2 else exact.replace(second=0, microsecond=0)


def _single(
    incident: Incident, plan: Playbook, name: str, rule: Deadline, now: datetime
) -> list[Due]:
    since = None if rule.from_ == "last-message" else incident.milestones.get(rule.from_)
    if rule.from_ == "declared":
        since = incident.followed_since.get(plan.playbook, since)
    if since is None:
        return []
    meeting = [s.at for s in incident.sent if s.event.message == rule.met_by and s.at >= since]
    end = _until(incident, rule)
    met_at = min(meeting if end is None else [*meeting, end], default=None)
    left = allowed(rule, incident.severity_at(met_at or now))
    if left is None:
        return []
    return [_judged(plan, name, rule, since, since + left, met_at, now)]


def _cadence(
    incident: Incident, plan: Playbook, name: str, rule: Deadline, now: datetime
) -> list[Due]:
    said = _said(incident, audience(plan, rule))
    end = _until(incident, rule)
    found = []
    for this, following in pairwise([*said, None]):
        if this is None:
            break
        # a time that people were told is owed to them, even when all is well before it
        promised = this.event.next_update
        over = end is not None and this.at >= end
        due = promised or (None if over else _due(rule, incident, this.at))
        if due is None:
            continue
        stop = None if promised else end
        answers = [at for at in (following.at if following else None, stop) if at is not None]
        met_at = min(answers) if answers else None
        found.append(_judged(plan, name, rule, this.at, due, met_at, now))
    return found


def _said(incident: Incident, to: str) -> list[Sent]:
    return sorted((s for s in incident.sent if s.event.to == to), key=lambda s: s.at)


def _due(rule: Deadline, incident: Incident, at: datetime) -> datetime | None:
    left = allowed(rule, incident.severity_at(at))
    return at + left if left is not None else None


def _until(incident: Incident, rule: Deadline) -> datetime | None:
    return incident.milestones.get(rule.until) if rule.until is not None else None


def _judged(
    plan: Playbook,
    name: str,
    rule: Deadline,
    since: datetime,
    due: datetime,
    met_at: datetime | None,
    now: datetime,
) -> Due:
    return Due(
        name=name,
        title=rule.title or name.replace("-", " "),
        kind="deadline",
        since=since,
        due=due,
        state=_state(due, met_at, now),
        message=rule.met_by,
        playbook=plan.playbook,
        met_at=met_at,
    )


def _state(due: datetime, met_at: datetime | None, now: datetime) -> State:
    if met_at is not None:
        return "met" if met_at <= due else "missed"
    return "overdue" if now > due else "due"


def _promises(incident: Incident, now: datetime) -> list[Due]:
    found = []
    for number, promised in enumerate(incident.promises):
        later = (p for p in incident.promises[number + 1 :] if _same(p, promised))
        moved_at = next((p.at for p in later if p.at <= promised.event.due), None)
        if moved_at is None:  # a promise moved in good time is the new one's business
            found.append(_promise(incident, promised, now))
    return found


def _same(one: Promised, other: Promised) -> bool:
    return one.event.promise == other.event.promise


def _key(promised: Promised) -> tuple[str, datetime]:
    return promised.event.promise, promised.event.due


def _promise(incident: Incident, promised: Promised, now: datetime) -> Due:
    event = promised.event
    said = [s.at for s in incident.sent if event.kept_by and s.event.message == event.kept_by]
    told = [k.at for k in incident.kept if (k.event.promise, k.event.due) == _key(promised)]
    met_at = min((at for at in (*said, *told) if at >= promised.at), default=None)
    return Due(
        name=event.promise,
        title=event.title,
        kind="promise",
        since=promised.at,
        due=event.due,
        state=_state(event.due, met_at, now),
        message=event.kept_by,
        met_at=met_at,
    )


def _waived(incident: Incident, due: Due) -> Due:
    reasons = [w.because for w in incident.waived if (w.deadline, w.due) == (due.name, due.due)]
    given_up = due.kind == "review" and due.state == "waived"
    if not reasons or not (due.open or given_up):
        return due
    return Due(
        name=due.name,
        title=due.title,
        kind=due.kind,
        since=due.since,
        due=due.due,
        state="waived",
        message=due.message,
        playbook=due.playbook,
        because=reasons[-1],
    )
