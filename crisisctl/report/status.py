"""Where an incident stands right now: what `status` and the bare command show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from crisisctl.deadlines.looking_back import review_clock
from crisisctl.deadlines.owed import Due, deadlines
from crisisctl.incident.fold import Incident
from crisisctl.playbook.model import STAGES


class Where(msgspec.Struct, frozen=True):
    """The step that came up last, with its place in the playbook."""

    playbook: str
    stage: str
    stage_number: int
    stages: int
    step: str
    title: str
    number: int
    of: int
    done: bool


class Status(msgspec.Struct, frozen=True):
    """An incident on one screen."""

    incident: Incident
    elapsed: timedelta
    where: Where | None
    next_deadline: Due | None
    open_deadlines: tuple[Due, ...]
    deadlines: tuple[Due, ...]
    next_command: str
    """Empty where others have to be asked."""
    also: tuple[str, ...] = ()
    """What else is not to be forgotten, in words."""


def status(incident: Incident, *, now: datetime) -> Status:
    """The incident's state as it stands at `now`."""
    everything = tuple(deadlines(incident, now=now))
    still = tuple(due for due in everything if due.open)
    since = incident.declared_at or now
    until = now if incident.status == "open" else incident.milestones.get("resolved", now)
    return Status(
        incident=incident,
        elapsed=until - since,
        where=_where(incident),
        next_deadline=still[0] if still else None,
        open_deadlines=still,
        deadlines=everything,
        next_command=_next_command(incident),
        also=tuple(_also(incident)),
    )


def _also(incident: Incident) -> Iterator[str]:
    """What else is not to be forgotten: complaints that wait, what is frozen."""
    if incident.imports:
        last, done = incident.imports[-1][1], len(incident.answered)
        since = f" since {last.since:%Y-%m-%d}" if last.since else ""
        counts = f"{last.complaints} complaints, {done} seen to, {incident.waiting} waiting"
        yield f"reviews: {last.verdict}{since}; {counts}"
    if incident.reviewed and incident.status != "closed":
        yield f"post-mortem: {incident.reviewed[-1].status.replace('-', ' ')}"
    for frozen in incident.frozen:
        yield f"frozen until a step lifts it: {frozen}"


def _where(incident: Incident) -> Where | None:
    at = incident.current
    if at is None:
        return None
    plan = incident.plans.get(at.playbook)
    step = plan.step(at.step) if plan else None
    state = incident.steps.get((at.playbook, at.step))
    return Where(
        playbook=at.playbook,
        stage=at.stage,
        stage_number=STAGES.index(at.stage) + 1 if at.stage in STAGES else 0,
        stages=len(STAGES),
        step=at.step,
        title=step.title if step else at.step,
        number=at.number,
        of=at.of,
        done=state is not None and state.status != "doing",
    )


def _to_review(incident: Incident) -> bool:
    """Whether its post-mortem has a day by which it is reviewed, and is not."""
    clock = review_clock(incident)
    return clock is not None and clock.met_at is None


def _next_command(incident: Incident) -> str:
    here = _where(incident)
    at_end = here is not None and here.done and here.stage == STAGES[-1] and here.number == here.of
    if incident.status == "closed" or (at_end and not _to_review(incident)):
        return f"crisisctl report {incident.id}"
    if at_end:
        return f"crisisctl review {incident.id}"
    return f"crisisctl resume {incident.id}"
