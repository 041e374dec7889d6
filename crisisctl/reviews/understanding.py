"""From a review to what is understood of it: language, mood, topic, harm."""

from __future__ import annotations

from collections.abc import Sequence

from crisisctl.reviews import topics
from crisisctl.reviews.language import language_of, voices_of
from crisisctl.reviews.phrases import LANGUAGES
from crisisctl.reviews.review import Review, mood, platform
from crisisctl.reviews.shelf import Heard
from crisisctl.reviews.spelling import alike
from crisisctl.workspace import Workspace

_APP_STORES = ("google-play", "app-store")
_NEARLY = 0.8
_READ = 300
"""Characters that are looked at to tell a language by its topics."""
_SURE = 1.6
"""What the words of one language must weigh: one that names a problem, and a little more."""


class Understanding:
    """One for a run: the lists of each language are read once."""

    def __init__(self, workspace: Workspace) -> None:
        self._voices = voices_of(workspace)
        self._topics = topics.Understanding(workspace)

    def heard(self, review: Review) -> Heard:
        """What a review says. Praise needs no topic: nobody answers for it."""
        felt = mood(review)
        language = language_of(review, self._voices) or self._by_topics(review.words)
        if felt == "positive":
            return Heard(review, language, felt)
        lexicon = self._topics.lexicon(language) if language else None
        words = review.words
        if lexicon is None or not words:
            return Heard(review, language, felt)
        if felt == "unknown":
            felt = topics.mood(words, lexicon)
        found = topics.classify(words, lexicon)
        topic, aspect = found.topic, found.aspect
        if (topic, aspect) == ("product", "broken") and platform(review.source) in _APP_STORES:
            topic, aspect = "website", "crash"  # "does not work" in an app store is the app
        mixed = felt == "negative" and topics.mood(words, lexicon) == "positive"
        return Heard(
            review, language, felt, topic, aspect, found.safety, mixed, _rival(found.topics)
        )

    def _by_topics(self, text: str) -> str:
        """The language whose lists find clearly the most in a text."""
        found = {}
        for language in LANGUAGES if text else ():
            lexicon = self._topics.lexicon(language)
            if lexicon is not None:
                hits = lexicon.hits(lexicon.words(alike(text[:_READ])))
                found[language] = sum(lexicon.terms[number].weight for _, _, number in hits)
        first, second = [*sorted(found.values(), reverse=True), 0.0, 0.0][:2]
        if first < _SURE or first < 2 * second:
            return ""
        return max(found, key=lambda language: found[language])


def _rival(topics: Sequence[tuple[str, float]]) -> str:
    """The second topic of a text, where it weighs nearly as much as the first."""
    if len(topics) < 2 or topics[1][1] < _NEARLY * topics[0][1]:
        return ""
    return topics[1][0]
