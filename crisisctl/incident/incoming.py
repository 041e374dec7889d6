"""What the fold keeps of customers' reviews: imports, strategies, answers, measurements."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from crisisctl.incident import heard

if TYPE_CHECKING:
    from crisisctl.incident.events import Entry
    from crisisctl.incident.fold import Incident

ReviewStatus = Literal["new", "answered", "resolved", "flagged", "ignored"]


class Strategy(msgspec.Struct, frozen=True):
    """How a topic's reviews are answered, by whose word."""

    event: heard.StrategyChosen
    at: datetime
    by: str


class Answered(msgspec.Struct, frozen=True):
    """Where a review stands; its answer stays known when it is resolved or flagged later."""

    status: ReviewStatus
    at: datetime
    by: str
    because: str = ""
    answer: heard.ReviewAnswered | None = None
    answered_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it still wants an answer: one that was reported does, others read along."""
        return self.status == "flagged" and self.answer is None


class Measured(msgspec.Struct, frozen=True):
    """A figure that was recorded."""

    event: heard.KpiMeasured
    at: datetime
    by: str


def imported(incident: Incident, entry: Entry, event: heard.ReviewsImported) -> None:
    """Exports were read."""
    incident.imports.append((entry.occurred_at, event))
    incident.waiting = event.waiting


def strategy(incident: Incident, entry: Entry, event: heard.StrategyChosen) -> None:
    """A topic's strategy was chosen, or chosen anew."""
    incident.strategies[event.topic] = Strategy(event, entry.occurred_at, entry.by)


def answered(incident: Incident, entry: Entry, event: heard.ReviewAnswered) -> None:
    """A review has an answer; one that was reported stays reported."""
    at, before = entry.occurred_at, incident.answered.get(event.review)
    if before is None or before.open:
        incident.waiting = max(incident.waiting - 1, 0)
    status: ReviewStatus = "answered"
    because = ""
    if before is not None and before.status == "flagged":
        status, because = "flagged", before.because
    incident.answered[event.review] = Answered(status, at, entry.by, because, event, at)


def marked(incident: Incident, entry: Entry, event: heard.ReviewMarked) -> None:
    """A review is resolved, flagged, ignored, or new again."""
    before = incident.answered.pop(event.review, None)
    waited = before is None or before.open
    if event.status == "new":
        incident.waiting += not waited
        return
    found = Answered(
        event.status,
        entry.occurred_at,
        entry.by,
        event.because,
        before.answer if before else None,
        before.answered_at if before else None,
    )
    incident.answered[event.review] = found
    incident.waiting = max(incident.waiting + found.open - waited, 0)


def measured(incident: Incident, entry: Entry, event: heard.KpiMeasured) -> None:
    """A figure was recorded."""
    incident.measured.append(Measured(event, event.of or entry.occurred_at, entry.by))
