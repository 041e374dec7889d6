"""The events about what customers wrote: reviews read, how each was answered, what was measured."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Marked = Literal["new", "resolved", "flagged", "ignored"]
"""What can be said of a review besides an answer: open again, its problem is solved, reported to
the platform, or left without an answer for a reason."""
Strategy = Literal["ignore", "standard", "individual", "apology-offer", "private"]


class ReviewsImported(msgspec.Struct, frozen=True, tag="reviews-imported"):
    """Exports of reviews were read. The reviews themselves are kept beside the journal."""

    files: tuple[str, ...]
    digest: str
    """SHA-256 over the files' bytes, in their order."""
    read: int
    """Rows with a review."""
    new: int
    """Reviews that were not here before."""
    changed: int = 0
    """Reviews that their authors wrote anew."""
    unreadable: int = 0
    verdict: str = ""
    """Over all reviews of the incident: wave, weak, none, too-little."""
    since: datetime | None = None
    """When the wave began."""
    until: datetime | None = None
    """When it ended; None while it runs."""
    words: str = ""
    """The verdict, in sentences."""
    complaints: int = 0
    """Negative reviews of the incident so far."""
    waiting: int = 0
    """Those of them that nobody had answered by then."""
    topics: dict[str, int] = {}
    """Complaints by topic, and by `topic.aspect`."""
    before: dict[str, float] = {}
    """Figures of the days before the wave, by the name of the KPI."""
    now: dict[str, float] = {}
    """The same since it began."""
    days: dict[str, tuple[int, int]] = {}
    """All reviews and the negative ones, by day."""


class StrategyChosen(msgspec.Struct, frozen=True, tag="strategy-chosen"):
    """How the reviews about one topic are answered, and what had been proposed."""

    topic: str
    strategy: Strategy
    because: str = ""
    proposed: str = ""


class ReviewAnswered(msgspec.Struct, frozen=True, tag="review-answered"):
    """One review has its answer, in these words."""

    review: str
    text: str
    channel: str
    """The channel whose limits the text keeps, such as `google-play`."""
    locale: str
    topic: str = ""
    written_at: datetime | None = None
    """When the review was written: the clock of its answer."""
    edited: bool = False
    """Whether a person changed the draft."""
    unread: bool = False
    """Whether an answers file let the draft stand without a person reading it."""
    overruled: tuple[str, ...] = ()
    """What proofreading had found and a person let stand: "rule: why"."""


class ReviewMarked(msgspec.Struct, frozen=True, tag="review-marked"):
    """A review got another status than an answer gives it."""

    review: str
    status: Marked
    because: str = ""


class KpiMeasured(msgspec.Struct, frozen=True, tag="kpi-measured"):
    """A figure that no review tells, such as followers, or a target that the shop has set."""

    kpi: str
    value: float
    of: datetime | None = None
    """The moment that it is of; left out, when it was recorded."""
    source: str = ""
    target: bool = False
    """Whether it is the target and not a measurement."""
