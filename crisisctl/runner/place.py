"""Where an incident stands in its playbook, and what comes next."""

from __future__ import annotations

from datetime import datetime

import msgspec

from crisisctl.incident.events import StepStarted
from crisisctl.incident.fold import Incident
from crisisctl.incident.knowledge import holds
from crisisctl.playbook.model import STAGES, Playbook, StageName, Step


class Place(msgspec.Struct, frozen=True):
    """A step with its position among the steps of its stage that apply."""

    playbook: str
    stage: StageName
    step: Step
    number: int
    of: int

    @property
    def stage_number(self) -> int:
        """1-based position of the stage among the five."""
        return STAGES.index(self.stage) + 1

    @property
    def key(self) -> tuple[str, str]:
        """The step's key in `Incident.steps`."""
        return (self.playbook, self.step.id)

    def started(self) -> StepStarted:
        """The event of coming here."""
        return StepStarted(self.playbook, self.step.id, self.stage, self.number, self.of)


def next_place(incident: Incident, *, now: datetime) -> Place | None:
    """The first step that applies and is neither done nor skipped; None at the end."""
    for stage in STAGES:
        for plan in incident.plans.values():
            if any(not _ended(incident, plan, step) for step in plan.stages.get(stage, ())):
                for place in _places(incident, plan, stage, now):
                    if not _ended(incident, plan, place.step):
                        return place
    return None


def place_before(incident: Incident, place: Place, *, now: datetime) -> Place | None:
    """The step walked just before this one, to look at it again."""
    before: Place | None = None
    for stage in STAGES:
        for plan in incident.plans.values():
            for candidate in _places(incident, plan, stage, now):
                if candidate.key == place.key:
                    return before
                before = candidate
    return before


def open_steps(incident: Incident, *, now: datetime) -> list[Place]:
    """Every step that applies and is neither done nor skipped."""
    return [
        place
        for stage in STAGES
        for plan in incident.plans.values()
        for place in _places(incident, plan, stage, now)
        if not _ended(incident, plan, place.step)
    ]


def questions(incident: Incident, place: Place, *, anew: int | None = None) -> list[str]:
    """The facts this step still has to ask.

    What is known already is not asked a second time, unless the operator came
    back to the step; what was suspected is asked again, to be confirmed.
    With `anew`, everything that was recorded before that event is asked again,
    but for the workspace's facts: those do not change in a night.
    """
    state = incident.steps.get(place.key)
    again = anew is not None or (state is not None and state.again)
    since = anew or (state.seq if state else 0)
    return [
        name
        for name in dict.fromkeys(place.step.ask)
        if _to_ask(incident, name, since=since, again=again)
        and not (anew is not None and _settled(incident, name))
    ]


def asked_anew(incident: Incident, message: str) -> int | None:
    """For `questions`: a message that goes out once more may not repeat stale answers."""
    before = any(sent.event.message == message for sent in incident.sent)
    return incident.seq + 1 if before else None


def _settled(incident: Incident, name: str) -> bool:
    spec = incident.spec(name)
    return spec is not None and bool(spec.workspace) and incident.known(name) is not None


def _to_ask(incident: Incident, name: str, *, since: int, again: bool) -> bool:
    spec = incident.spec(name)
    if spec is None or spec.compute:
        return False
    known = incident.known(name)
    if known is None:
        return True
    return (again or known.status == "suspected") and known.seq < since


def _places(incident: Incident, plan: Playbook, stage: StageName, now: datetime) -> list[Place]:
    steps = [s for s in plan.stages.get(stage, ()) if not s.when or _walked(incident, plan, s, now)]
    return [Place(plan.playbook, stage, s, n, len(steps)) for n, s in enumerate(steps, 1)]


def _walked(incident: Incident, plan: Playbook, step: Step, now: datetime) -> bool:
    # a step once walked stays in the count, even when its condition ceased to hold
    return _ended(incident, plan, step) or holds(step.when, incident, now=now)


def _ended(incident: Incident, plan: Playbook, step: Step) -> bool:
    state = incident.steps.get((plan.playbook, step.id))
    return state is not None and state.status in ("done", "skipped")
