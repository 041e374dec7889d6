"""What one incident adds to the figures over all: times, counts and sums, and no words.

Nothing here depends on the moment of asking: what is still owed is kept with the
moment it is due, so that a figure reckoned today can be counted next year.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from crisisctl.deadlines.looking_back import review_clock
from crisisctl.deadlines.owed import Due, deadlines
from crisisctl.incident.fold import Incident
from crisisctl.report.impact import Stakes, stakes
from crisisctl.report.made_good import made_good
from crisisctl.report.metrics import DEFINITIONS, metrics
from crisisctl.text import zone_of

VERSION = 2
"""Of the form and meaning of what follows: another one makes what was kept worthless."""


SPANS = tuple(each for each in DEFINITIONS if each.short)
"""The times that are measured over all incidents."""
CAUSE = "cause"
"""The fact that says what the most likely cause is."""

Kind = Literal["deadline", "promise", "notice"]
Standing = Literal["met", "missed", "waived", "open"]


class Owed(Struct, frozen=True, array_like=True, gc=False):
    """A deadline, promise or regulator's clock; `settled` is empty while nothing came of it."""

    kind: Kind
    due: datetime
    settled: Literal["", "met", "missed", "waived"]

    def standing(self, now: datetime) -> Standing:
        """How it stands: what was never met is missed once its time has passed."""
        return self.settled or ("missed" if now > self.due else "open")


class Item(Struct, frozen=True, array_like=True, gc=False):
    """An action item, without its words."""

    status: Literal["open", "done", "declined"]
    due: str

    def overdue(self, today: date) -> bool:
        """Whether it is open after its day."""
        return self.status == "open" and bool(self.due) and self.due < today.isoformat()


class Cost(Struct, frozen=True, array_like=True, gc=False):
    """What compensation costs, in the currency of its policy."""

    currency: str
    expected: Decimal
    so_far: Decimal


class Figures(Struct, frozen=True, array_like=True):
    """All that one incident adds."""

    incident: str
    playbooks: tuple[str, ...]
    """The one it was declared with first."""
    severity: str
    """As it stands now; empty where nobody has judged it."""
    status: str
    day: str
    """Of the declaration, in the incident's own zone; empty where it has none."""
    circle: tuple[str, ...] | None
    """Who may read its words; None: everybody."""
    spans: dict[str, float]
    """Seconds by the name of the span; one that misses a milestone is not in it."""
    sent: int
    texts: int
    owed: tuple[Owed, ...]
    actions: tuple[Item, ...]
    cost: Cost | None
    at_risk: Cost | None
    """What the hours until it was mitigated usually bring in; `so_far` says nothing."""
    causes: tuple[str, ...]
    """Classes of cause that were found, or else the confirmed one."""
    suspected: bool
    """Whether the cause is only suspected."""
    noticed_by: str
    reopened: int
    review_due: date | None
    """The day by which its post-mortem is to be reviewed; None where none is asked."""
    review: str
    """How far the post-mortem is: draft, in-review or reviewed."""
    events: int

    @property
    def playbook(self) -> str:
        """The plan it was declared with; a record without one has none."""
        return self.playbooks[0] if self.playbooks else ""

    @property
    def month(self) -> str:
        """The month of the declaration, such as 2026-11."""
        return self.day[:7]

    @property
    def restricted(self) -> bool:
        """Whether its words are kept from most."""
        return self.circle is not None

    def leaping(self) -> list[str]:
        """Spans that end before they begin: a clock jumped, or a time was mistyped."""
        return [span.name for span in SPANS if self.spans.get(span.name, 0) < 0]


def figures(incident: Incident, *, now: datetime, reopened: int = 0) -> Figures:
    """Reckon what an incident adds to the figures."""
    declared = incident.declared_at
    causes, suspected = causes_of(incident)
    clock, found = review_clock(incident), stakes(incident)
    return Figures(
        incident=incident.id,
        playbooks=tuple(incident.plans),
        severity=incident.severity or "",
        status=incident.status,
        day=declared.astimezone(zone_of(incident.time_zone)).date().isoformat() if declared else "",
        circle=incident.circle,
        spans={m.name: m.span.total_seconds() for m in metrics(incident) if m.span is not None},
        sent=len(incident.sent),
        texts=sum(len(sent.event.texts) for sent in incident.sent),
        owed=tuple(
            Owed(due.kind, due.due, _settled(due))
            for due in deadlines(incident, now=now)
            if due.kind in ("deadline", "promise", "notice")
        ),
        actions=tuple(Item(action.status, action.due) for action in incident.actions.values()),
        cost=_cost(incident),
        at_risk=Cost(found.currency, found.at_risk, Decimal(0))
        if found.at_risk is not None
        else None,
        causes=causes,
        suspected=suspected,
        noticed_by=_answer(incident, found.noticed_by),
        reopened=reopened,
        review_due=clock.due.date() if clock else None,
        review=incident.reviewed[-1].status if incident.reviewed else "draft",
        events=incident.seq,
    )


def causes_of(incident: Incident) -> tuple[tuple[str, ...], bool]:
    """The classes of cause on record, and whether there is only a suspicion.

    What the review found counts; without a review's word, the confirmed answer.
    """
    found = dict.fromkeys(each.event.cause for each in incident.causes if each.event.cause)
    if found:
        return tuple(found), False
    known = incident.known(CAUSE)
    if known is None or not isinstance(known.value, str):
        return (), False
    return ((known.value,), False) if known.status == "confirmed" else ((), True)


def _settled(due: Due) -> Literal["", "met", "missed", "waived"]:
    return due.state if due.state in ("met", "missed", "waived") else ""


def _answer(incident: Incident, fact: str) -> str:
    known = incident.known(fact)
    return known.value if known is not None and isinstance(known.value, str) else ""


def _cost(incident: Incident) -> Cost | None:
    made = made_good(incident)
    return Cost(made.currency, made.expected, made.so_far) if made is not None else None


def _at_risk(found: Stakes) -> Cost | None:
    return None if found.at_risk is None else Cost(found.currency, found.at_risk, Decimal(0))
