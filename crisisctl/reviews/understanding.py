"""From a review to what is understood of it: language, mood, topic, harm."""

from __future__ import annotations

from crisisctl.reviews.language import language_of
from crisisctl.reviews.lexicon import Tables, tables
from crisisctl.reviews.review import Review, mood
from crisisctl.reviews.shelf import Heard
from crisisctl.reviews.topics import classify, feeling
from crisisctl.workspace import Workspace


class Understanding:
    """One for a run: the lists of each language are read once."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._tables: dict[str, Tables | None] = {}

    def heard(self, review: Review) -> Heard:
        """What a review says. Praise needs no topic: nobody answers for it."""
        felt = mood(review)
        language = language_of(review, self.workspace)
        if felt == "positive":
            return Heard(review, language, felt)
        told = self._of(language)
        words = review.words
        if told is None or not words:
            return Heard(review, language, felt)
        if felt == "unknown":
            felt = feeling(words, told)
        found = classify(words, told)
        return Heard(review, language, felt, found.topic, found.aspect, found.safety)

    def _of(self, language: str) -> Tables | None:
        if language not in self._tables:
            self._tables[language] = tables(self.workspace, language) if language else None
        return self._tables[language]
