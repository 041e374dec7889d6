"""What a review is about, whether somebody was hurt, and in which mood it is without stars."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct

from crisisctl.reviews.language import language_of, voices_of
from crisisctl.reviews.lexicon import (
    LANGUAGES,
    NEGATION,
    NEGATIVE,
    OTHER,
    POSITIVE,
    SAFETY,
    Lexicon,
    load_lexicon,
)
from crisisctl.reviews.review import Mood, Review
from crisisctl.reviews.review import mood as mood_of
from crisisctl.reviews.spelling import alike

if TYPE_CHECKING:
    from crisisctl.workspace import Workspace

_CLEAR = 1.0
"""What the main topic must score where nobody knows the language."""
_LANGUAGES = 200
"""Languages of one export."""
_MOST = 5_000
"""Characters that are read: what a review is about shows much earlier."""
_AGAIN = 0.3
"""What a word counts when it is said again, or told by a phrase that counted already."""
_EARLY = 0.3
"""What the first word counts more than the last."""
_BEFORE = 3
"""Words within which a negation turns the next around: "not at all happy"."""

_WORDY = re.compile(r"[^\W\d_]{4}")
"""A word that may tell something."""
_CYRILLIC = re.compile("[\u0400-\u052f]")


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


class Understood(Struct, frozen=True, gc=False):
    """What is known of one review once it is read."""

    language: str
    mood: Mood
    finding: Finding
    """`NOTHING` for praise: nobody asks what it is about."""


class Understanding:
    """The lists of a workspace, each read when its language is first met."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lexicons: dict[str, Lexicon | None] = {}
        self._voices = voices_of(workspace)

    def lexicon(self, language: str) -> Lexicon | None:
        """The list of a language; None where there is none."""
        if language not in self._lexicons:
            if len(self._lexicons) > _LANGUAGES:  # only a hostile file names so many
                return None
            self._lexicons[language] = load_lexicon(self._workspace, language)
        return self._lexicons[language]

    def read(self, review: Review) -> Understood:
        """The language, the mood and the topic of a review."""
        stars = mood_of(review)
        if stars == "positive":
            return Understood(language_of(review, self._voices), stars, NOTHING)
        text = review.words
        spoken = language_of(review, self._voices)
        finding = self.classify(text, spoken)
        mood_told = self.mood(text, spoken) if stars == "unknown" else stars
        return Understood(spoken, mood_told, finding)

    def classify(self, text: str, language: str) -> Finding:
        """What a text is about; in an unknown language only where one list speaks clearly."""
        if not language:
            return self._any(text)
        lexicon = self.lexicon(language)
        return NOTHING if lexicon is None else classify(text, lexicon)

    def mood(self, text: str, language: str) -> Mood:
        """The mood of a text that has no stars; `unknown` where its words do not tell."""
        lexicon = self.lexicon(language)
        return "unknown" if lexicon is None else mood(text, lexicon)

    def _any(self, text: str) -> Finding:
        if not _WORDY.search(text, 0, _MOST):
            return NOTHING
        russian = bool(_CYRILLIC.search(text, 0, _MOST))
        languages = (name for name in LANGUAGES if (name == "ru") == russian)
        lexicons = (self.lexicon(language) for language in languages)
        found = [classify(text, one) for one in lexicons if one is not None]
        told = sorted((one for one in found if one.topics), key=_strength, reverse=True)
        if not told or _strength(told[0]) < _CLEAR:
            return Finding(safety=True) if any(one.safety for one in found) else NOTHING
        rivals = [one for one in told[1:] if one.topic != told[0].topic]
        clear = not rivals or _strength(told[0]) >= 2 * _strength(rivals[0])
        return told[0] if clear else NOTHING


def _strength(finding: Finding) -> float:
    return finding.topics[0][1]


def classify(text: str, lexicon: Lexicon) -> Finding:
    """What a text is about by the words of one language."""
    words = lexicon.words(alike(text[:_MOST]))
    hits = lexicon.hits(words)
    if not hits:
        return NOTHING
    counts = lexicon.counts
    totals: dict[str, float] = {}
    aspects: dict[tuple[str, str], float] = {}
    reached: dict[str, int] = {}
    seen: set[int] = set()
    safety = False
    fade = _EARLY / len(words)
    for start, end, number in hits:
        topic, aspect, weight = counts[number]
        if not weight:
            safety = safety or topic == SAFETY
            continue
        weight *= 1 + _EARLY - start * fade
        before = totals.get(topic)
        if before is None:
            totals[topic] = weight
        else:
            if number in seen or start < reached[topic]:
                weight *= _AGAIN
            totals[topic] = before + weight
        seen.add(number)
        reached[topic] = -end
        if aspect:
            key = topic, aspect
            aspects[key] = aspects.get(key, 0.0) + weight
    if not totals:
        return Finding(safety=True) if safety else NOTHING
    # Python's sort keeps the order of what is equal: the earlier mention wins.
    ranked = tuple(sorted(totals.items(), key=_by_score, reverse=True))
    main = ranked[0][0]
    finer, most = "", 0.0
    for (topic, aspect), score in aspects.items():
        if topic == main and score > most:
            finer, most = aspect, score
    words = lexicon.content(words)
    told = {" ".join(words[start:-end]): None for start, end, n in hits if counts[n][0] == main}
    return Finding(main, finer, ranked, safety, tuple(told))


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
