"""The regulators' clocks of an incident: which notice is due where and when, and what was decided.

Computed from the record and `now`, like every deadline. Suspected facts count:
a clock that is shown too early harms nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from crisisctl.deadlines import enisa
from crisisctl.deadlines.clocks import Running, applying, completed, running, without
from crisisctl.incident.fold import Incident, Noticed
from crisisctl.incident.knowledge import believed, holds
from crisisctl.playbook.model import Recipient, Regulators, Start
from crisisctl.playbook.regulation import Regulation
from crisisctl.text import zone_of

State = Literal["waiting", "due", "overdue", "owed", "notified", "late", "not-notified", "delayed"]
"""Not begun; with a number, in time or past it; without undue delay; told, in time or not; not
told, with a reason; to be told late, with a reason."""

_SOON = timedelta(days=1)
"""What ends within it stands before what is owed at once."""


class Notice(Struct, frozen=True):
    """One clock of an incident, and the last word about it."""

    running: Running
    state: State
    decided: Noticed | None = None
    hint: str = ""
    """What this incident's facts say about it."""

    @property
    def id(self) -> str:
        """The name under which it is decided, such as `fr.authority`."""
        return self.running.id

    @property
    def title(self) -> str:
        """What it is, in a line."""
        return f"Notice: {self.running.clock.who}"

    @property
    def open(self) -> bool:
        """Begun, and neither told nor decided against."""
        return self.state in ("due", "overdue", "owed", "delayed")


def notices(incident: Incident, *, now: datetime) -> list[Notice]:
    """Every clock, the most urgent first; none without a plan that has them."""
    ours = regulators(incident)
    if ours is None:
        return []
    decided = {noticed.event.clock: noticed for noticed in incident.noticed}
    told = {id: n.at for id, n in decided.items() if n.event.decision == "notified"}
    processor = bool(ours.processor) and holds(ours.processor, incident, now=now)
    held = _holding(incident, ours, processor=processor, now=now)
    holding = {regulation.regulation for regulation in held}
    kept = {id.partition(".")[0] for id in decided} & incident.regulations.keys() - holding
    held += [incident.regulations[name] for name in sorted(kept)]  # the register keeps them
    found = running(held, moments(incident, ours, now), zone_of(incident.time_zone), told)
    every = [
        Notice(
            each,
            _state(each, decided.get(each.id), now),
            decided.get(each.id),
            _hint(incident, ours, each),
        )
        for each in found
        if each.id in decided  # who processes data for others has to tell them, and no one else
        or (each.regulation.regulation in holding and (each.clock.to == "controller") == processor)
    ]
    # stable: of each rank the one that ends first comes first
    return sorted(_one_register(every), key=lambda notice: _rank(notice, now))


def _rank(notice: Notice, now: datetime) -> int:
    """What ends soon, then what is owed at once, then later ends, what waits, what is done."""
    if not notice.open:
        return 4 if notice.state == "waiting" else 5
    due = notice.running.due
    if due is None:
        return 3 if notice.running.clock.to == "register" else 1
    return 0 if due - now < _SOON else 2


def _one_register(every: Sequence[Notice]) -> list[Notice]:
    """Several laws want a register; it is the same one, and one decision about it is enough."""
    ours = [notice for notice in every if notice.running.clock.to == "register"]
    kept = [notice for notice in ours if notice.decided is not None] or ours[:1]
    return [n for n in every if n in kept or n.running.clock.to != "register"]


def missing(incident: Incident, *, now: datetime) -> list[str]:
    """What has to be answered before the clocks can be told."""
    ours = regulators(incident)
    if ours is None:
        return []
    found = []
    if not countries(incident, ours):
        found.append(f"where the people live is not answered: crisisctl fact {ours.countries} FR,…")
    aware = ours.starts.get("aware")
    if aware and "aware" not in moments(incident, ours, now):
        found.append(
            "since when you are aware is not answered, and 72 hours may be running: "
            f"crisisctl fact {aware} TIME"
        )
    return found


def regulators(incident: Incident) -> Regulators | None:
    """Where the clocks get their facts from; of several plans, the first that says it."""
    found = (plan.regulators for plan in incident.plans.values())
    return next((each for each in found if each is not None), None)


def countries(incident: Incident, ours: Regulators) -> list[str]:
    """Where the people live, as far as it was answered."""
    known = incident.known(ours.countries)
    return [str(code) for code in known.value] if known and isinstance(known.value, list) else []


def uncovered(incident: Incident) -> list[str]:
    """The countries for which there is no regulation on file."""
    ours = regulators(incident)
    if ours is None:
        return []
    return without(incident.regulations.values(), countries(incident, ours))


def moments(incident: Incident, ours: Regulators, now: datetime) -> dict[Start, datetime]:
    """When each thing that starts a clock happened."""
    names = believed(incident, now=now)
    found = {start: names.get(fact) for start, fact in ours.starts.items()}
    return completed({s: at for s, at in found.items() if isinstance(at, datetime)})


def severity(incident: Incident, *, now: datetime) -> enisa.Score | None:
    """ENISA's severity of the breach, once its questions are answered."""
    ours = regulators(incident)
    if ours is None or ours.severity is None:
        return None
    return enisa.scored(ours.severity, believed(incident, now=now))


def _holding(
    incident: Incident, ours: Regulators, *, processor: bool, now: datetime
) -> list[Regulation]:
    every = incident.regulations
    held = applying(every.values(), countries(incident, ours))
    held += [
        every[rules]
        for rules, when in ours.also.items()
        if rules in every and holds(when, incident, now=now)
    ]
    if processor:
        held += [r for r in every.values() if _has(r, "controller")]
    return list({regulation.regulation: regulation for regulation in held}.values())


def _has(regulation: Regulation, to: Recipient) -> bool:
    return any(clock.to == to for clock in regulation.clocks.values())


def _state(running: Running, decided: Noticed | None, now: datetime) -> State:
    if decided is not None and decided.event.decision == "reopened":
        decided = None
    if decided is not None and decided.event.decision == "not-notified":
        return "not-notified"
    if decided is not None and decided.event.decision == "notified":
        in_time = running.due is None or decided.at <= running.due
        return "notified" if in_time else "late"
    if running.since is None:
        return "waiting"
    if decided is not None:
        return "delayed"
    if running.due is None:
        return "owed"
    return "overdue" if now > running.due else "due"


def _hint(incident: Incident, ours: Regulators, running: Running) -> str:
    """What the one-stop-shop of the GDPR means for this clock (Art. 56; EDPB 9/2022, par. 73)."""
    if not (running.regulation.one_stop_shop and running.clock.to == "authority"):
        return ""
    if not ours.establishment:
        return ""
    known = incident.known(ours.establishment)
    if known is None or str(known.value) == "none":
        asked = "" if known else f"{ours.establishment} is not answered: "
        return asked + (
            "without an establishment in the EU, each authority where affected people live must be "
            "told; a representative does not change that"
        )
    if str(known.value) in running.regulation.countries:
        return "your lead authority, if the data is processed across borders"
    return (
        f"your main establishment is in {known.value}: its authority may lead and this notice be "
        "unnecessary; if legal agrees, record that as the reason"
    )
