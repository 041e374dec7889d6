"""The examples of a playbook: what previews, drills and this linter render messages with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from crisisctl.errors import CrisisError
from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book
from crisisctl.playbook import values
from crisisctl.playbook.model import Fact, Milestone

_WHOLE_TIME = re.compile(r"(?a)\s*\d{4}-\d\d-\d\d[Tt ].*(?:[Zz]|UTC|[+-]\d\d:?\d\d)\s*")
_STORY: tuple[tuple[Milestone, Milestone], ...] = (
    ("started", "detected"),
    ("started", "declared"),
    ("detected", "declared"),
    ("detected", "first-message"),
    ("detected", "mitigated"),
    ("started", "mitigated"),
    ("mitigated", "resolved"),
)
"""What cannot have happened the other way round."""


@rule("no-example", Book, severity="warning")
def no_example(book: Book) -> Iterator[Hit]:
    """A fact that is asked has no example.

    Previews, drills and this linter render messages with the examples. Where
    there is none, a made-up value takes its place, and nobody sees what the
    message will look like.

    Bad:
        needs: {type: text, ask: What do you need from colleagues?}
    Good:
        needs:
          type: text
          ask: What do you need from colleagues?
          example: Two people on the phones until midnight
    """
    for name, fact in book.plan.facts.items():
        if fact.ask and not fact.compute and fact.example is None:
            what = f'"{name}" has no example'
            hint = "add `example:` with an answer as it would be typed on the night"
            yield book.at(("facts", name), what, hint, key=True)


@rule("example-story", Book)
def example_story(book: Book) -> Iterator[Hit]:
    """The example times tell a story that cannot have happened.

    The examples of all times together are the story that previews and drills
    tell: it starts, is noticed, people are told, it is mitigated, it is over.
    Out of order they make durations negative and messages absurd.

    Bad:
        started_at: {type: time, milestone: started, example: "2026-11-27T20:04+01:00"}
        detected_at: {type: time, milestone: detected, example: "2026-11-27T19:09+01:00"}
    Good:
        started_at: {type: time, milestone: started, example: "2026-11-27T20:04+01:00"}
        detected_at: {type: time, milestone: detected, example: "2026-11-27T20:09+01:00"}
    """
    dated: dict[Milestone, tuple[str, datetime]] = {}
    told: set[str] = set()
    for name, fact in book.plan.facts.items():
        when = _example_time(fact)
        if when is not None and fact.milestone:
            dated.setdefault(fact.milestone, (name, when))
    pairs = [*_STORY, *((("first-message", "mitigated"),) if _told_first(book) else ())]
    for earlier, later in pairs:
        if earlier in dated and later in dated:
            (first, before), (second, after) = dated[earlier], dated[later]
            if after < before and second not in told:
                told.add(second)
                what = f'the example of "{second}" lies before that of "{first}"'
                hint = f'"{earlier}" comes before "{later}": correct one of the two'
                yield book.at(("facts", second, "example"), what, hint)
    begun = [dated[m] for m in ("detected", "started") if m in dated]
    for name, fact in book.plan.facts.items():
        when = _example_time(fact) if fact.ahead and begun else None
        if when is not None and when <= begun[0][1]:
            what = f'the example of "{name}" is still to come, and lies before "{begun[0][0]}"'
            yield book.at(("facts", name, "example"), what, "give a later time")


def _told_first(book: Book) -> bool:
    """Whether customers hear a first word before the step that asks since when it is mitigated."""
    asks = {n for n, fact in book.plan.facts.items() if fact.milestone == "mitigated"}
    for _, _, step in book.steps:
        if asks & set(step.ask):
            return False
        if step.send and step.send.to == "customers":
            return True
    return False


def _example_time(fact: Fact) -> datetime | None:
    """When the example happened; None where it does not say so by itself."""
    text = fact.example
    if fact.type != "time" or not isinstance(text, str) or not _WHOLE_TIME.fullmatch(text):
        return None
    try:
        found = values.parse(fact, text, now=datetime(2026, 1, 1, tzinfo=UTC), zone=UTC)
    except CrisisError:
        return None
    return found if isinstance(found, datetime) else None
