"""Whether somebody keeps the playbook true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book, DataFile, MessageText, RegulationFile, SettingsFile
from crisisctl.messages.proof.leftovers import Leftover, any_leftover, leftovers
from crisisctl.playbook.reader import Path
from crisisctl.text import quoted

EAST = timedelta(days=1)
"""In Auckland it is tomorrow already."""


@rule("no-owner", Book)
def no_owner(book: Book) -> Iterator[Hit]:
    """The playbook has no owner.

    What nobody owns, nobody corrects: phone numbers, channels and messages are
    wrong on the night they are needed. A sign such as "?" or "-" is no owner.

    Bad:
        playbook: outage
        title: Site outage
    Good:
        playbook: outage
        title: Site outage
        owner: sre
    """
    owner = book.plan.owner.strip()
    if not any(char.isalpha() for char in owner):
        what = f"{quoted(owner)} is no owner" if owner else "the playbook has no owner"
        yield book.at(_either(book, "owner"), what, "write `owner:` with a team or a role")


@rule("no-summary", Book, severity="warning")
def no_summary(book: Book) -> Iterator[Hit]:
    """The playbook does not say when it is the right one.

    At night somebody reads a list of playbooks and has to choose. One sentence
    says what customers meet when this is the one.

    Bad:
        title: Site outage
    Good:
        title: Site outage
        summary: Customers cannot reach the shop, or cannot order.
    """
    if not book.plan.summary.strip():
        what = "the playbook does not say when it is the right one"
        hint = "add `summary:` with one sentence on what customers meet"
        yield book.at(_either(book, "summary"), what, hint)


@rule("not-reviewed", Book)
def not_reviewed(book: Book) -> Iterator[Hit]:
    """Nobody wrote down when the playbook was last read whole.

    Nobody can tell then whether its names, numbers and steps still hold.

    Bad:
        owner: sre
    Good:
        owner: sre
        reviewed: "2026-11-21"
    """
    if not book.plan.reviewed.strip():
        what = "nobody wrote down when this was last read whole"
        hint = f'read it whole, then add `reviewed: "{book.today}"`'
        yield book.at(_either(book, "reviewed"), what, hint)


@rule("stale-review", Book, severity="warning")
def stale_review(book: Book) -> Iterator[Hit]:
    """The playbook was last read whole a long time ago.

    People, numbers, channels and suppliers change. After half a year a plan is
    partly wrong, and nobody knows where. `lint: {review_every: 90d}` in
    crisisctl.yaml sets another age.

    Bad:
        reviewed: "2024-01-31"
    Good:
        reviewed: "2026-11-21"
    """
    day = day_of(book.plan.reviewed)
    if day is not None and book.today - day > book.review_every:
        days = (book.today - day).days
        what = f"this was last read whole {days} days ago: {book.review_every.days} are allowed"
        hint = f'read it whole, then write "{book.today}"'
        yield book.at(("reviewed",), what, hint)


@rule("future-review", Book)
def future_review(book: Book) -> Iterator[Hit]:
    """The playbook was last read on a day that is still to come.

    Mostly a slip in the year. Until that day nobody would be told that the
    playbook has become old.

    Bad:
        reviewed: "2062-11-21"
    Good:
        reviewed: "2026-11-21"
    """
    day = day_of(book.plan.reviewed)
    if day is not None and day - book.today > EAST:
        what = f"{day} is still to come"
        hint = "write the day on which somebody last read it whole"
        yield book.at(("reviewed",), what, hint)


def _either(book: Book, key: str) -> Path:
    """The place of a key; where it is left out, that of the playbook's name."""
    return (key,) if (key,) in book.file.document.values else ("playbook",)


def day_of(written: str) -> date | None:
    """The day that somebody wrote down; None where it is none."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


@rule("contact-placeholder", Book, broken=True, also=(MessageText, SettingsFile, RegulationFile))
def contact_placeholder(
    subject: Book | MessageText | SettingsFile | RegulationFile,
) -> Iterator[Hit]:
    """An address, a number or a text was never filled in.

    On the night somebody calls +00 000, or customers write to an address that
    nobody reads. Addresses that end in `.example` may stand in the `example` of
    a fact; there nobody writes to them.

    Bad:
        guide: Call the host at +00 000 000, ask for TBD.
    Good:
        guide: Call the host at +33 1 70 18 99 52, ask for the duty engineer.
    """
    if isinstance(subject, MessageText):
        for left in _in_prose(subject.anatomy.prose):
            word = subject.anatomy.prose[left.start : left.end]
            yield subject.hit(left.start, *_told(word, left))
        return
    if any_leftover(subject.file.source.text):
        for path, text in subject.file.document.singles.items():
            if isinstance(text, str):
                yield from _in_value(subject.file, path, text)


_MOST = 100
"""As many are told of one text; a hostile one may hold thousands."""
_TOLD_ELSEWHERE = re.compile(r"[\[<]|TODO|TBD|FIXME|X{3}|lorem|\?{3}", re.IGNORECASE)
"""What the rule `placeholder-left` finds in message texts."""


@lru_cache(maxsize=256)
def _in_prose(prose: str) -> tuple[Leftover, ...]:
    return tuple(
        left
        for left in islice(leftovers(prose), _MOST)
        if left.contact or not _TOLD_ELSEWHERE.match(prose, left.start)
    )


@lru_cache(maxsize=4096)  # small, and the same in many playbooks
def _in_text(text: str) -> tuple[Leftover, ...]:
    return tuple(islice(leftovers(text), _MOST))


def _in_value(file: DataFile, path: Path, text: str) -> Iterator[Hit]:
    mark = file.document.mark(path)
    line, column = mark.line, mark.column
    for left in _in_text(text):
        if left.contact and "example" in path:
            continue
        word = text[left.start : left.end]
        place = _next(file, line, column, word)
        yield file.source.hit(*(place or (mark.line, mark.column)), *_told(word, left))
        line, column = (place[0], place[1] + len(word)) if place else (line, column)


_LINES = 80
"""So many lines below its beginning a word of a long text is looked for."""


def _next(file: DataFile, line: int, column: int, word: str) -> tuple[int, int] | None:
    """Where a word of a value stands in the file; None where it is written with escapes."""
    begin = column - 1
    for number in range(line, min(line + _LINES, len(file.source.lines)) + 1):
        at = file.source.lines[number - 1].find(word, begin)
        if at >= 0:
            return number, at + 1
        begin = 0
    return None


def _told(word: str, left: Leftover) -> tuple[str, str]:
    if left.contact:
        return f"{quoted(word)} leads nowhere", "write the real address or number"
    return f"{quoted(word)} was never filled in", "write what belongs here, or remove it"
