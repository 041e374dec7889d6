"""What a finished text promises: which news, refund or report, and by when.

The words are data: `templates/words/promises.<locale>.yaml`; how a language
promises its next word stands in the lists of elements already. A promise that
nobody can hold the shop to ("soon") is a flaw; one with a day or an hour can
become a deadline.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from itertools import islice
from typing import Literal

from msgspec import Struct

from crisisctl.messages.proof import cues, due, elements
from crisisctl.messages.proof.calendar import Calendar
from crisisctl.messages.proof.cues import Cues, cued
from crisisctl.messages.proof.due import Moment
from crisisctl.messages.proof.folding import fold
from crisisctl.messages.proof.match import find, pattern
from crisisctl.messages.proof.remark import Remark
from crisisctl.messages.proof.sentences import Sentence, begins_list, sentences, without_links
from crisisctl.messages.proof.words import load_words
from crisisctl.patterns import later
from crisisctl.playbook.form import Model
from crisisctl.workspace import Workspace

PromiseKind = Literal["next-update", "refund", "report", "other"]
RULE = "promise-without-time"
_MOST = 100_000
"""Characters that are read."""
_ENOUGH = 500
"""Promises that are looked at; a hostile text may hold thousands."""
_REACH = 300
"""Letters beside a promise in which its moment stands."""
_FAR = 4
"""Words between "soon" and a moment that speak of something else."""
_FULL_LINE = 40
"""A line that goes on in the next one is full; a heading is not."""
_ENDS = (".", "!", "?", "…", ":", ";", "\0")
# NUL stands for a tag: one inside a sentence may well print the time, one around it does not.
_PRINTS = later(r"\0(?=[^\w\0]*[a-zß-ÿа-яёğış\d])|(?<=[^\0.!?…\s])\s*\0")
_SOME_DAY = datetime(2000, 1, 3, tzinfo=UTC)
"""Whether a moment is named does not depend on the day."""


class Words(Model, frozen=True, kw_only=True, eq=False):
    """How one language promises; `but` holds what only looks like it."""

    refund: Cues
    report: Cues
    other: Cues
    vague: Cues
    """Words for a time that nobody can check."""
    if_: tuple[str, ...] = ()
    """What opens a condition: a day in it is the reader's, not ours."""
    if_after: tuple[str, ...] = ()
    """What makes a condition of the words before it."""
    calendar: Calendar


class Lists(Struct, frozen=True, eq=False):
    """All the words that promises are read by."""

    words: Words
    elements: cues.Words | None


class Promise(Struct, frozen=True):
    """Something promised at text[start:end]."""

    start: int
    end: int
    kind: PromiseKind
    text: str
    """The sentence that promises it, on one line."""
    due: datetime | None
    """By when, where the text gives a moment."""


class _Said(Struct, frozen=True):
    """A promise, in its sentence, with the words of that sentence for a time nobody can check."""

    start: int
    end: int
    kind: PromiseKind
    sentence: tuple[int, int]
    vague: tuple[int, int] | None
    follows: bool = False
    """Whether another promise stands before it in the sentence, and may have its own moment."""


def lists_of(workspace: Workspace, locale: str) -> Lists | None:
    """The lists of a language; None for one that has none."""
    words = load_words(workspace, "promises", locale, Words)
    return None if words is None else _lists(words, cues.words_of(workspace, locale))


@lru_cache(maxsize=32)
def _lists(words: Words, element_words: cues.Words | None) -> Lists:
    return Lists(words, element_words)


def promises(text: str, locale: str, lists: Lists, *, now: datetime, zone: tzinfo) -> list[Promise]:
    """What a text promises, in order, each with the moment it is due where it gives one."""
    found = []
    for said in _promised(text, locale, lists):
        moment = _moment(said, text, locale, lists, now.astimezone(zone))
        if moment is not None or said.vague is not None or said.kind != "other":
            start, end = said.sentence
            words = " ".join(text[start:end].split())
            due = None if moment is None else moment.due
            found.append(Promise(said.start, said.end, said.kind, words, due))
    return found


_NAMED: dict[PromiseKind, str] = {
    "next-update": "news",
    "refund": "money",
    "report": "a report",
    "other": "something",
}
_HINTS: dict[PromiseKind, str] = {
    "next-update": 'say by when: "by 21:30", even if nothing is new by then',
    "refund": 'say by when the money is there: "by Friday, 4 December"',
    "report": 'say by when it is published: "by Friday, 4 December"',
    "other": 'name a time that you can keep: "by 21:30", "within 48 hours"',
}


@lru_cache(maxsize=256)
def without_time(text: str, locale: str, lists: Lists) -> tuple[Remark, ...]:
    """Promises for "soon" or the like, without a moment that anyone can hold the shop to."""
    vague = lists.words.vague
    if not any(True for _ in find(vague.say, text[:_MOST], locale)):
        return ()
    found: dict[tuple[int, int], Remark] = {}
    for said in _promised(text, locale, lists):
        if said.vague is None or _PRINTS.search(text, *said.sentence):
            continue
        if said.vague not in found and _moment(said, text, locale, lists, _SOME_DAY) is None:
            words = " ".join(text[slice(*said.vague)].split())
            what = f'it promises {_NAMED[said.kind]} "{words}", and nobody can tell by when'
            found[said.vague] = Remark(*said.vague, RULE, what, _HINTS[said.kind])
    return tuple(sorted(found.values()))


@lru_cache(maxsize=256)
def _promised(text: str, locale: str, lists: Lists) -> tuple[_Said, ...]:
    """What is promised, each sentence once for each kind, whether with a time or not."""
    text = text[:_MOST]
    words, spans = lists.words, _spans(text)
    places: dict[int, dict[PromiseKind, tuple[int, int]]] = {}
    for kind, start, end in islice(_stated(text, locale, lists), _ENOUGH):
        number = bisect_right(spans, start, key=lambda span: span[0]) - 1
        if number >= 0:
            places.setdefault(number, {}).setdefault(kind, (start, end))
    if not places:
        return ()
    vague = list(cued(text, locale, words.vague.say, words.vague.but))
    return tuple(
        _Said(*place, kind, spans[number], _first(vague, *spans[number]), order > 0)
        for number, kinds in sorted(places.items())
        for order, (kind, place) in enumerate(_apart(kinds))
    )


def _stated(text: str, locale: str, lists: Lists) -> Iterator[tuple[PromiseKind, int, int]]:
    words = lists.words
    of: tuple[tuple[PromiseKind, Cues], ...] = (
        ("refund", words.refund),
        ("report", words.report),
        ("other", words.other),
    )
    for kind, its in of:
        yield from ((kind, *place) for place in cued(text, locale, its.say, its.but))
    if lists.elements is not None:
        for place in elements.news_promised(text, locale, lists.elements):
            yield ("next-update", *place)


def _apart(
    kinds: dict[PromiseKind, tuple[int, int]],
) -> list[tuple[PromiseKind, tuple[int, int]]]:
    """One sentence's promises: "we will publish a report" is no news and nothing else besides."""
    plain = {"other"} if len(kinds) > 1 else set()
    if "report" in kinds or "refund" in kinds:
        plain |= {"next-update", "other"}
    return sorted(
        ((kind, place) for kind, place in kinds.items() if kind not in plain),
        key=lambda one: one[1],
    )


def _first(spans: list[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    number = bisect_left(spans, start, key=lambda span: span[0])
    inside = number < len(spans) and spans[number][1] <= end
    return spans[number] if inside else None


def _spans(text: str) -> list[tuple[int, int]]:
    """The sentences, where one goes on in the next line of a letter joined."""
    joined: list[tuple[int, int]] = []
    before: Sentence | None = None
    for one in sentences(text):
        if before is not None and _goes_on(text, before, one):
            joined[-1] = (joined[-1][0], one.end)
        else:
            joined.append((one.start, one.end))
        before = one
    return joined


def _goes_on(text: str, before: Sentence, one: Sentence) -> bool:
    last = text[before.start : before.end].rstrip()
    return (
        before.line + 1 == one.line
        and (len(last) >= _FULL_LINE or text[one.start].islower())
        and not last.endswith(_ENDS)
        and not begins_list(text, one.start)
    )


def _moment(said: _Said, text: str, locale: str, lists: Lists, now: datetime) -> Moment | None:
    """The moment that a promise is due: one behind "by" first, else the nearest ahead."""
    start, end = said.sentence
    start, end = max(start, said.start - _REACH), min(end, said.end + _REACH)
    plain = fold(without_links(text[start:end]), locale)
    at, stop = said.start - start, said.end - start
    found = [
        one
        for one in due.moments(plain, lists.words.calendar, locale, now=now)
        if (not one.repeats or said.kind == "next-update")
        and (one.led or one.due is None or one.due >= now)
        and not _conditional(plain, one, stop, locale, lists.words)
        and not _of_another(text, said, start + one.start)
    ]
    return min(
        found,
        key=lambda one: (
            said.follows and one.end <= at,
            not one.led,
            one.due is None,
            max(at - one.end, one.start - stop),
        ),
        default=None,
    )


def _of_another(text: str, said: _Said, moment: int) -> bool:
    """Whether "soon" ends the promise before a moment: "refund you soon and report by Friday"."""
    if said.vague is None or not said.end <= said.vague[0] < moment:
        return False
    return len(text[said.vague[1] : moment].split()) >= _FAR


def _conditional(plain: str, one: Moment, stop: int, locale: str, words: Words) -> bool:
    """Whether a moment belongs to an "if": "5 % off if you order by Friday"."""
    opened = [found.end() for found in pattern(words.if_, locale).finditer(plain, 0, one.start)]
    if opened and "," not in plain[opened[-1] : one.start]:
        return True
    behind = plain[one.end : stop]
    return bool(words.if_after) and pattern(words.if_after, locale).search(behind) is not None
