"""From a review to what is understood of it: language, mood, topic, harm."""

from __future__ import annotations

from crisisctl.reviews import topics
from crisisctl.reviews.language import language_of, voices_of
from crisisctl.reviews.review import Review, mood
from crisisctl.reviews.shelf import Heard
from crisisctl.workspace import Workspace


class Understanding:
    """One for a run: the lists of each language are read once."""

    def __init__(self, workspace: Workspace) -> None:
        self._voices = voices_of(workspace)
        self._topics = topics.Understanding(workspace)

    def heard(self, review: Review) -> Heard:
        """What a review says. Praise needs no topic: nobody answers for it."""
        felt = mood(review)
        language = language_of(review, self._voices)
        if felt == "positive":
            return Heard(review, language, felt)
        lexicon = self._topics.lexicon(language) if language else None
        words = review.words
        if lexicon is None or not words:
            return Heard(review, language, felt)
        if felt == "unknown":
            felt = topics.mood(words, lexicon)
        found = topics.classify(words, lexicon)
        return Heard(review, language, felt, found.topic, found.aspect, found.safety)
