"""What a message must say, by what it is for, and whether it does.

Which elements a good crisis message has is no matter of taste: people want to
know that you know, that you are sorry, what you do, what they can do, when
they hear from you again and how to reach you (CERC's six principles; the
holding statement; Lewicki's parts of an apology). The words that say each of
them are data: `templates/words/elements.<locale>.yaml`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal

from crisisctl.messages.proof.cues import Cues, Element, Words, cued, shapes_of
from crisisctl.messages.proof.folding import fold
from crisisctl.messages.proof.match import find, pattern
from crisisctl.messages.proof.remark import Remark
from crisisctl.messages.proof.sentences import (
    begins_list,
    leads_somewhere,
    reachable,
    sentences,
    without_links,
)
from crisisctl.playbook.model import MessageKind

Form = Literal["body", "short"]
Demand = tuple[Element, ...]
"""Elements of which one must be there; the first gives its name."""

_HOLDING: tuple[Demand, ...] = (
    ("acknowledgement",),
    ("apology",),
    ("action",),
    ("next-update",),
    ("what-you-can-do",),
    ("contact",),
    ("thanks",),
)
# A notice of a breach has rules of its own besides (Art. 34 GDPR); staff are told what they need;
# a reply to praise needs no apology, so one of several will do.
_BODY: dict[MessageKind, tuple[Demand, ...]] = {
    "holding": _HOLDING,
    "update": _HOLDING,
    "resolution": (
        ("acknowledgement",),
        ("apology",),
        ("cause",),
        ("action",),
        ("contact",),
        ("thanks",),
    ),
    "apology": (("acknowledgement",), ("apology",), ("action",), ("contact",), ("thanks",)),
    "notice": (("acknowledgement",), ("apology",), ("action",)),
    "brief": (("acknowledgement",), ("action",), ("what-you-can-do",)),
    "report": (
        ("acknowledgement",),
        ("apology",),
        ("cause",),
        ("action",),
        ("contact",),
        ("thanks",),
    ),
    "reply": (("acknowledgement", "apology", "thanks"),),
}
# A lock screen holds 150 characters: that you know, and sorry or what comes next.
_SHORT: tuple[Demand, ...] = (("acknowledgement",), ("apology", "action", "next-update"))
_SHORT_ONLY: dict[MessageKind, tuple[Demand, ...]] = {
    "brief": (("acknowledgement",),),
    "report": (("apology", "action", "acknowledgement"),),
    "reply": (("acknowledgement", "apology", "thanks"),),
}

_FEW = 5
"""Words that an explanation has at least: "It is our fault." explains nothing."""
_NEAR = 4
"""Words between a comma and the apology: "If you were affected, we are very sorry"."""
_REACH = 90
"""Characters in which a condition belongs to the apology before it."""
_MOST = 20_000
"""Characters that are read: a message has said what it must long before."""
_ENOUGH = 500
"""Apologies that are looked at."""
_BREATH = re.compile(r"[^.;:!?\n\0,(—]*")
_LAST_BREATH = re.compile(r"[.;:!?\n\0(—]")
_COMMA = re.compile(r",[ \u00a0]?")
_BEFORE_WORDS = "-*•# ¿¡\"'«“„("


def demands(kind: MessageKind, form: Form) -> tuple[Demand, ...]:
    """What a message of this kind must say in this form."""
    return _BODY[kind] if form == "body" else _SHORT_ONLY.get(kind, _SHORT)


def missing(
    text: str, locale: str, words: Words, *, kind: MessageKind, form: Form = "body"
) -> list[Remark]:
    """What a text of this kind does not say; the remarks stand at its beginning."""
    said = stated(text, locale, words)
    found = []
    for demand in demands(kind, form):
        if said.isdisjoint(demand) and not _untimed(demand, text, locale, words):
            rule = f"missing-{demand[0]}"
            what, hint = _TOLD[demand] if demand in _TOLD else _MISSING[demand[0]]
            found.append(Remark(0, 0, rule, what, hint))
    return found


def untimed(text: str, locale: str, words: Words) -> list[Remark]:
    """Promises of news that say no time, in a text that states none with one."""
    if "next-update" in stated(text, locale, words):
        return []
    hint = "say by when: {{ next_update | clock }}"
    return [
        Remark(start, end, "untimed-next-update", "it promises news, but not by when", hint)
        for start, end in news_promised(text, locale, words)
    ]


def _untimed(demand: Demand, text: str, locale: str, words: Words) -> bool:
    return demand == ("next-update",) and any(news_promised(text, locale, words))


_MISSING: dict[Element, tuple[str, str]] = {
    "acknowledgement": (
        "it does not say that you know, and what does not work",
        "begin with what customers notice and since when: people stop asking when they see it",
    ),
    "apology": ("it does not say sorry", 'say "we are sorry", without an if'),
    "action": (
        "it does not say what you are doing about it",
        'say what "we" do now, with a verb: we are repairing, we are paying back',
    ),
    "next-update": (
        "it does not say when people hear from you next",
        "name the time of the next update: {{ next_update | clock }}",
    ),
    "what-you-can-do": (
        "it does not say what people can do now",
        "say what helps now, or that there is nothing to do: order by phone, do not pay again",
    ),
    "contact": (
        "it does not say how to reach you",
        "give an address or a number: {{ support_email }}",
    ),
    "thanks": ("it does not say thank you", "thank people for their patience or their reports"),
    "cause": (
        "it does not say why it happened",
        "say the cause in plain words, or that you do not know it yet",
    ),
}
_TOLD: dict[Demand, tuple[str, str]] = {
    ("apology", "action", "next-update"): (
        "it says neither sorry nor what comes next",
        'a short text has room for "we are sorry" or for the time of the next update',
    ),
    ("acknowledgement", "apology", "thanks"): (
        "it says neither thank you nor sorry, and not that you have read what people wrote",
        "answer what the person wrote, and thank or apologise",
    ),
}


@lru_cache(maxsize=128)
def stated(text: str, locale: str, words: Words) -> frozenset[Element]:
    """What a text says of all that a message must say."""
    read = _Read(text[:_MOST], locale, words)
    if not read.sentences:
        return frozenset()
    return frozenset(e for e, check in _CHECKS.items() if check(read, words.cues(e)))


class _Read:
    """A text as it is read for its elements."""

    def __init__(self, text: str, locale: str, words: Words) -> None:
        self.text, self.locale, self.words = text, locale, words
        self.sentences = sentences(text)
        self.starts = [sentence.start for sentence in self.sentences]
        self.bare = without_links(text)

    def places(self, phrases: tuple[str, ...], but: tuple[str, ...]) -> Iterator[int]:
        """The sentences, by number, that hold such words."""
        before = -1
        for start, _ in cued(self.text, self.locale, phrases, but):
            if (number := self.at(start)) != before:
                yield number
            before = number

    def at(self, place: int) -> int:
        """The number of the sentence that holds a place."""
        return max(bisect_right(self.starts, place) - 1, 0)

    def said(self, number: int) -> str:
        """A sentence's words."""
        sentence = self.sentences[number]
        return self.text[sentence.start : sentence.end].rstrip()

    def opens(self, number: int, phrases: tuple[str, ...]) -> bool:
        """Whether a sentence begins with one of these."""
        opening = fold(self.said(number), self.locale).lstrip(_BEFORE_WORDS)
        return bool(phrases) and bool(pattern(phrases, self.locale).match(opening))

    def unsure(self, number: int) -> bool:
        """Whether it begins with an if, or says it by a verb's ending."""
        if self.opens(number, self.words.if_):
            return True
        verb = shapes_of(self.locale, self.words).verb
        return bool(verb and verb.search(fold(self.said(number), self.locale)))

    def greets(self, number: int) -> bool:
        """Whether it is a salutation: a line that ends in a comma, a heading, a drill's stamp."""
        said = self.said(number)
        stamp = said.startswith("[") and said.endswith("]")
        return said.endswith(",") or stamp or self.heads(number)

    def leads_nowhere(self, number: int) -> bool:
        """Whether it opens a list or an answer that never comes."""
        return self.leads(number) and not self.below(number)

    def leads(self, number: int) -> bool:
        """Whether what it is about must stand below it."""
        return self.said(number).endswith((":", "?")) or self.heads(number)

    def heads(self, number: int) -> bool:
        """Whether it is a heading: a line of its own without a full stop."""
        here = self.sentences[number]
        beside = self.sentences[max(number - 1, 0) : number + 2]
        alone = sum(s.paragraph == here.paragraph for s in beside) == 1
        return (
            alone
            and self.said(number)[-1:].isalnum()
            and not begins_list(self.text, here.start)
            and number + 1 < len(self.sentences)
        )

    def below(self, number: int) -> str:
        """What stands behind a question or below a heading; empty where another heading follows."""
        following = self.sentences[number + 1 : number + 1 + _FEW]
        if not following:
            return ""
        first = following[0]
        if first.paragraph != self.sentences[number].paragraph:
            listed = begins_list(self.text, first.start)
            if self.heads(number + 1) or (self.said(number).endswith(":") and not listed):
                return ""
        last = [s for s in following if s.paragraph == first.paragraph][-1]
        return self.text[first.start : last.end]


def _is_said(read: _Read, cues: Cues) -> bool:
    return any(True for _ in read.places(cues.say, cues.but))


def _is_stated(read: _Read, cues: Cues) -> bool:
    places = read.places(cues.say, cues.but)
    return any(not read.unsure(n) and not read.leads_nowhere(n) for n in places) or any(
        read.leads(n) and read.below(n)
        for n in range(len(read.sentences))
        if read.opens(n, cues.lead)
    )


def _is_acknowledged(read: _Read, cues: Cues) -> bool:
    return _is_stated(read, cues) or _opens_with_news(read)


def _opens_with_news(read: _Read) -> bool:
    """Whether the first sentence tells what happened: there are too many ways to list them."""
    number = next((n for n in range(len(read.sentences)) if not read.greets(n)), None)
    if number is None or read.leads(number) or read.unsure(number):
        return False
    said = read.said(number)
    if len(said.split()) < _FEW or said.endswith("!"):
        return False
    words = read.words
    others = [words.cues(element) for element in _CHECKS if element not in _TELLING]
    return not any(
        any(True for _ in find(cues.say + cues.lead + cues.alone, said, read.locale))
        for cues in others
    )


def _is_advised(read: _Read, cues: Cues) -> bool:
    return any(not read.leads_nowhere(n) for n in read.places(cues.say, cues.but))


def _is_promised(read: _Read, cues: Cues) -> bool:
    places = read.places(cues.say, cues.but)
    return any(_timed(read, n) and not read.unsure(n) for n in places)


def _timed(read: _Read, number: int) -> bool:
    sentence = read.sentences[number]
    said = read.bare[sentence.start : sentence.end]
    if any(char.isdigit() for char in said):
        return True
    return any(True for _ in find(read.words.moments, said, read.locale, quoted=True))


def _is_reachable(read: _Read, cues: Cues) -> bool:
    if reachable(read.text) or any(True for _ in read.places(cues.alone, cues.but)):
        return True
    return any(leads_somewhere(read.said(n)) for n in read.places(cues.say, cues.but))


def _is_explained(read: _Read, cues: Cues) -> bool:
    places = read.places(cues.say, cues.but)
    return any(not read.leads(n) for n in places) or any(
        _explains(read, n) for n in range(len(read.sentences)) if read.opens(n, read.words.why)
    )


def _explains(read: _Read, number: int) -> bool:
    said = read.said(number)
    if not (":" in said or said.endswith("?") or read.heads(number)):
        return False
    told = f"{said.partition(':')[2]}\n{read.below(number)}"
    return any(len(part.split()) >= _FEW for part in re.split(r"[.!?\n]", told))


_CHECKS: dict[Element, Callable[[_Read, Cues], bool]] = {
    "acknowledgement": _is_acknowledged,
    "apology": _is_said,
    "action": _is_stated,
    "next-update": _is_promised,
    "what-you-can-do": _is_advised,
    "contact": _is_reachable,
    "thanks": _is_said,
    "cause": _is_explained,
    "ownership": _is_said,
}
ELEMENTS = tuple(_CHECKS)
_TELLING = ("acknowledgement", "cause", "ownership")
"""What a first sentence may say that is news."""


def news_promised(text: str, locale: str, words: Words) -> Iterator[tuple[int, int]]:
    """Where a text says that news will come, whether by when or not, once in a sentence."""
    read, before = _Read(text[:_MOST], locale, words), -1
    for start, end in cued(read.text, locale, words.next_update.say, words.next_update.but):
        if (number := read.at(start)) != before and not read.unsure(number):
            yield start, end
        before = number
