"""What a review is about, whether somebody was hurt, and in which mood it is without stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from crisisctl.reviews.lexicon import Counts, Hit, Lexicon, load_lexicon
from crisisctl.reviews.phrases import NEGATION, NEGATIVE, OTHER, POSITIVE, SAFETY
from crisisctl.reviews.review import Mood
from crisisctl.reviews.spelling import alike

if TYPE_CHECKING:
    from crisisctl.workspace import Workspace

_LANGUAGES = 200
"""Languages of one export."""
_MOST = 5_000
"""Characters that are read: what a review is about shows much earlier."""
_AGAIN = 0.3
"""What a word counts when it is said again, or told by a phrase that counted already."""
_FURTHER = 0.85
"""What each further term of a topic counts against the one before: how it was handled takes
more words than what went wrong."""
_EARLY = 0.6
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


NOTHING = Finding()


class Understanding:
    """The lists of a workspace, each read when its language is first met."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lexicons: dict[str, Lexicon | None] = {}

    def lexicon(self, language: str) -> Lexicon | None:
        """The list of a language; None where there is none."""
        if language not in self._lexicons:
            if len(self._lexicons) > _LANGUAGES:  # only a hostile file names so many
                return None
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
    totals, aspects, safety = _weighed(hits, lexicon.counts, _EARLY / len(words))
    if not totals:
        return Finding(safety=True) if safety else NOTHING
    # Python's sort keeps the order of what is equal: the earlier mention wins.
    ranked = sorted(totals.items(), key=_by_score, reverse=True)
    main = ranked[0][0]
    finer, most = "", 0.0
    for (topic, aspect), score in aspects.items():
        if topic == main and score > most:
            finer, most = aspect, score
    return Finding(main, finer, tuple(ranked), safety)


def _weighed(
    hits: list[Hit], counts: list[Counts], fade: float
) -> tuple[dict[str, float], dict[tuple[str, str], float], bool]:
    """What the terms of a text weigh together, by topic and by finer problem; and any danger."""
    totals: dict[str, float] = {}
    aspects: dict[tuple[str, str], float] = {}
    spans: dict[str, tuple[int, int]] = {}
    times: dict[str, int] = {}
    seen: set[tuple[str, str]] = set()
    safety = False
    for start, end, number in hits:
        topic, aspect, weight, said = counts[number]
        if not weight:
            safety = safety or topic == SAFETY
            continue
        weight *= 1 + _EARLY - start * fade
        before = totals.get(topic)
        if before is None:
            totals[topic] = weight
        else:
            if (start, end) == spans[topic]:
                continue  # two entries that say the same
            if start < -spans[topic][1] or (topic, said) in seen:
                weight *= _AGAIN
            weight *= _FURTHER ** times[topic]
            totals[topic] = before + weight
        seen.add((topic, said))
        spans[topic] = start, end
        times[topic] = times.get(topic, 0) + 1
        if aspect:
            key = topic, aspect
            aspects[key] = aspects.get(key, 0.0) + weight
    return totals, aspects, safety


def evidence(text: str, lexicon: Lexicon, topic: str) -> tuple[str, ...]:
    """The words of a text that told a topic, without those that say nothing."""
    words = lexicon.words(alike(text[:_MOST]))
    said = lexicon.content(words)
    found = (hit for hit in lexicon.hits(words) if lexicon.counts[hit[2]][0] == topic)
    return tuple(dict.fromkeys(" ".join(said[start:-end]) for start, end, _ in found))


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
