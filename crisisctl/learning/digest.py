"""What should be looked at this week: anniversaries, what is overdue, what was not rehearsed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct

from crisisctl.learning.figures import Figures

WEEK = timedelta(days=7)
REHEARSED_WITHIN = timedelta(days=180)


class Anniversary(Struct, frozen=True):
    """An incident that was a month or some years ago this week."""

    incident: str
    ago: str


class LateReview(Struct, frozen=True):
    """A post-mortem that nobody has reviewed by its day."""

    incident: str
    due: date


class OpenPromise(Struct, frozen=True):
    """An incident that is over, with promises that are not kept yet."""

    incident: str
    overdue: bool


class Unrehearsed(Struct, frozen=True):
    """A playbook that was not drilled for long; None: never."""

    playbook: str
    last: date | None


class Digest(Struct, frozen=True):
    """All of it, by incident; the words are looked up by whoever may read them."""

    anniversaries: list[Anniversary]
    late_actions: list[str]
    late_reviews: list[LateReview]
    promises: list[OpenPromise]
    unrehearsed: list[Unrehearsed]

    @property
    def overdue(self) -> bool:
        """Whether somebody is late with something."""
        late = any(promise.overdue for promise in self.promises)
        return bool(self.late_actions or self.late_reviews) or late

    @property
    def empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.overdue or self.anniversaries or self.promises or self.unrehearsed)


def digest(
    every: Iterable[Figures], drilled: Mapping[str, date | None], *, now: datetime, today: date
) -> Digest:
    """Gather it; `drilled` holds each playbook with the day of its last drill."""
    incidents = sorted(every, key=lambda one: (one.day, one.incident))
    unrehearsed = [
        Unrehearsed(playbook, last)
        for playbook, last in sorted(drilled.items())
        if last is None or today - last > REHEARSED_WITHIN
    ]
    return Digest(
        anniversaries=[found for one in incidents for found in _anniversary(one, today)],
        late_actions=[
            one.incident for one in incidents if any(i.overdue(today) for i in one.actions)
        ],
        late_reviews=[found for one in incidents for found in _late_review(one, today)],
        promises=[found for one in incidents for found in _promise(one, now)],
        unrehearsed=unrehearsed,
    )


def _anniversary(one: Figures, today: date) -> Iterator[Anniversary]:
    if not one.day:
        return
    day = date.fromisoformat(one.day)
    years = range(1, max(today.year - day.year, 0) + 1)
    for months, ago in ((1, "a month ago"), *((12 * n, _years(n)) for n in years)):
        back = _later(day, months)
        if today - WEEK < back <= today:
            yield Anniversary(one.incident, ago)


def _years(many: int) -> str:
    return "a year ago" if many == 1 else f"{many} years ago"


def _later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = first_of_next - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def _late_review(one: Figures, today: date) -> Iterator[LateReview]:
    due = one.review_due
    done = one.review == "reviewed" or one.status == "closed"  # closing accepts it
    if due is not None and due < today and not done:
        yield LateReview(one.incident, due)


def _promise(one: Figures, now: datetime) -> Iterator[OpenPromise]:
    still = [owed for owed in one.owed if owed.kind == "promise" and not owed.settled]
    if one.status != "open" and still:
        overdue = any(owed.standing(now) == "missed" for owed in still)
        yield OpenPromise(one.incident, overdue)
