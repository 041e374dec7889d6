"""The cues by which a text is known to say something, and by which it says it with an if."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from crisisctl.messages.proof.folding import fold
from crisisctl.messages.proof.match import find, pattern
from crisisctl.messages.proof.words import load_words
from crisisctl.playbook.form import Model
from crisisctl.workspace import Workspace

Element = Literal[
    "acknowledgement",
    "apology",
    "action",
    "next-update",
    "what-you-can-do",
    "contact",
    "thanks",
    "cause",
    "ownership",
]

NEAR = 4
"""Words between a comma and the apology: "If you were affected, we are very sorry"."""


class Cues(Model, frozen=True, kw_only=True):
    """The words that say one thing."""

    say: tuple[str, ...]
    lead: tuple[str, ...] = ()
    """How a heading begins below which it is said."""
    alone: tuple[str, ...] = ()
    """Words that say it without an address or number beside them."""
    but: tuple[str, ...] = ()
    """What holds such words and says something else."""


class Words(Model, frozen=True, kw_only=True):
    """How one language says what a message must say."""

    acknowledgement: Cues
    apology: Cues
    action: Cues
    next_update: Cues
    what_you_can_do: Cues
    contact: Cues
    thanks: Cues
    cause: Cues
    ownership: Cues = Cues(say=())
    """That it is ours to answer for: no message must say it, but none may lose it."""
    if_: tuple[str, ...] = ()
    """What opens a sentence about what may be."""
    if_endings: tuple[str, ...] = ()
    """Where the verb says "if" by its ending."""
    clauses: tuple[str, ...] = ()
    """`if` with the word that must follow it, where it has other meanings; empty: `if` will do."""
    hedges: tuple[str, ...] = ()
    """What makes an apology conditional without an if."""
    tone: tuple[str, ...] = ()
    """Conditional apologies that the tone lists have already."""
    moments: tuple[str, ...] = ()
    """Times without figures."""
    why: tuple[str, ...] = ()
    """The heading of a part that explains."""

    def cues(self, element: Element) -> Cues:
        """The words for an element."""
        found: Cues = getattr(self, element.replace("-", "_"))
        return found


def words_of(workspace: Workspace, locale: str) -> Words | None:
    """The words of a language; None for one that has no list."""
    return load_words(workspace, "elements", locale, Words)


def cued(
    text: str, locale: str, phrases: tuple[str, ...], but: tuple[str, ...]
) -> Iterator[tuple[int, int]]:
    """Where these phrases stand, less where they say something else."""
    passed = [(m.start, m.end) for m in find(but, text, locale, quoted=True)]
    number = 0
    for found in find(phrases, text, locale):
        while number < len(passed) and passed[number][1] <= found.start:
            number += 1
        if number == len(passed) or found.end <= passed[number][0]:
            yield found.start, found.end


class Shapes(Struct, frozen=True):
    """What makes an apology conditional."""

    after: re.Pattern[str]
    before: re.Pattern[str]
    """At the beginning of its sentence."""
    verb: re.Pattern[str] | None
    """A verb that says "if" by its ending."""
    close: re.Pattern[str] | None
    """Such a verb, or a hedge, before the apology, where the apology ends the sentence."""


@lru_cache(maxsize=32)
def shapes_of(locale: str, words: Words) -> Shapes:
    """How a language says sorry with an if."""
    clauses = pattern(words.clauses or words.if_, locale).pattern
    hedges = pattern(words.hedges, locale).pattern if words.hedges else r"(?!)"
    verb = close = None
    if words.if_endings:
        endings = "|".join(re.escape(fold(ending, locale)) for ending in words.if_endings)
        # "verdiysek özür dileriz": the person comes last
        shape = rf"(?<!\w)\w{{2,30}}(?:{endings})(?:m|k|n[iıuü]z|l[ae]r)?(?!\w)"
        verb = re.compile(shape)
        close = re.compile(rf"(?:{shape}|{hedges}),?(?:\s+[\w']+){{0,{NEAR}}}\s*$")
    return Shapes(re.compile(f"{clauses}|{hedges}"), re.compile(clauses), verb, close)
