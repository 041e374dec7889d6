"""What a review is about, whether somebody was hurt, and in which mood it is without stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from crisisctl.reviews.lexicon import (
    NEGATION,
    NEGATIVE,
    OTHER,
    POSITIVE,
    SAFETY,
    TOPICS,
    Lexicon,
    load_lexicon,
)
from crisisctl.reviews.review import Mood
from crisisctl.reviews.spelling import alike

if TYPE_CHECKING:
    from crisisctl.workspace import Workspace

_MOST = 5_000
"""Characters that are read: what a review is about shows much earlier."""
_AGAIN = 0.3
"""What a word counts when it is said again, or told by a phrase that counted already."""
_EARLY = 0.3
"""What the first word counts more than the last."""
_BEFORE = 3
"""Words within which a negation turns the next around: "not at all happy"."""


class Finding(Struct, frozen=True, gc=False):
    """What a text is about."""

    topic: str = OTHER
    aspect: str = ""
    """The finer problem; empty where the words tell none."""
    topics: tuple[tuple[str, float], ...] = ()
    """Every topic with its score, the main one first."""
    safety: bool = False
    """Somebody was hurt, or could be."""
    evidence: tuple[str, ...] = ()
    """The words of the text that told the main topic."""


NOTHING = Finding()


class Understanding:
    """The lists of a workspace, each read when its language is first met."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lexicons: dict[str, Lexicon | None] = {}

    def lexicon(self, language: str) -> Lexicon | None:
        """The list of a language; None where there is none."""
        if language not in self._lexicons:
            self._lexicons[language] = load_lexicon(self._workspace, language)
        return self._lexicons[language]

    def classify(self, text: str, language: str) -> Finding:
        """What a text in that language is about."""
        lexicon = self.lexicon(language)
        return NOTHING if lexicon is None else classify(text, lexicon)

    def mood(self, text: str, language: str) -> Mood:
        """The mood of a text that has no stars; `unknown` where its words do not tell."""
        lexicon = self.lexicon(language)
        return "unknown" if lexicon is None else mood(text, lexicon)


def classify(text: str, lexicon: Lexicon) -> Finding:
    """What a text is about by the words of one language."""
    words = lexicon.words(alike(text[:_MOST]))
    hits = lexicon.hits(words)
    if not hits:
        return NOTHING
    terms = lexicon.terms
    totals: dict[str, float] = {}
    aspects: dict[tuple[str, str], float] = {}
    reached: dict[str, int] = {}
    seen: set[int] = set()
    safety = False
    fade = _EARLY / len(words)
    for start, end, number in hits:
        term = terms[number]
        topic = term.kind
        if topic not in TOPICS:
            safety = safety or topic == SAFETY
            continue
        weight = term.weight * (1 + _EARLY - start * fade)
        if number in seen or start < reached.get(topic, 0):
            weight *= _AGAIN
        seen.add(number)
        reached[topic] = -end
        totals[topic] = totals.get(topic, 0.0) + weight
        if term.aspect:
            key = topic, term.aspect
            aspects[key] = aspects.get(key, 0.0) + weight
    if not totals:
        return Finding(safety=safety)
    # Python's sort keeps the order of what is equal: the earlier mention wins.
    ranked = sorted(totals.items(), key=_by_score, reverse=True)
    main = ranked[0][0]
    own = [key for key in aspects if key[0] == main]
    aspect = max(own, key=lambda key: aspects[key])[1] if own else ""
    told = [" ".join(words[at:-end]) for at, end, number in hits if terms[number].kind == main]
    return Finding(main, aspect, tuple(ranked), safety, tuple(dict.fromkeys(told)))


def _by_score(scored: tuple[str, float]) -> float:
    return scored[1]


def mood(text: str, lexicon: Lexicon) -> Mood:
    """Praise or complaint by the words of one language; `unknown` where they do not tell."""
    hits = lexicon.hits(lexicon.words(alike(text[:_MOST])))
    told = [(start, -end, lexicon.terms[number]) for start, end, number in hits]
    turned = [end for _, end, term in told if term.kind == NEGATION]
    bad = good = 0
    for start, _, term in told:
        if term.kind == POSITIVE:
            around = any(0 <= start - end < _BEFORE for end in turned)
            bad, good = bad + around, good + (not around)
        elif term.kind == NEGATIVE or term.aspect:
            bad += 1
    if bad == good:
        return "neutral" if bad else "unknown"
    return "negative" if bad > good else "positive"
