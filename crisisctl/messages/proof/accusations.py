"""Blame for a supplier, or for whoever is called by name; a plain cause is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from crisisctl.messages.proof.folding import fold
from crisisctl.messages.proof.match import Match, pattern
from crisisctl.messages.proof.phrases import places, possible
from crisisctl.messages.proof.quotations import inside, quotations
from crisisctl.messages.proof.remark import Remark
from crisisctl.messages.proof.words import load_words
from crisisctl.patterns import later
from crisisctl.playbook.form import Model
from crisisctl.text import quoted
from crisisctl.workspace import Workspace

Phrases = tuple[str, ...]

_REACH = 60
"""Characters around a reason in which a culprit's verb, or a "not", is looked for."""
_ARTICLES = 3
"""Articles that may stand before a name."""
_NEAR = 3
"""Words before a culprit among which a "nobody" or "whether" is looked for."""
_NAME = later(r"[^\W\d_a-zß-öø-ÿа-яёğış][\w&.-]*\w(?:['’]\w+)?")
_NAMES_BEFORE = later(
    r"(?:(?<!\w)[^\W\d_a-zß-öø-ÿа-яёğış][\w&.-]{0,40}\w(?:['’]\w{1,6})?[ \u00a0]){1,3}\Z"
)
_WITHIN = later(r"[\w,][ \u00a0\u202f]\Z")
_CLAUSE = later(r"[.,;:!?…()\0\n]")
_SPACES = (" ", "\u00a0", "\u202f")


class Accusations(Model, frozen=True, kw_only=True):
    """The words of one language; what each list is for stands in the English file."""

    suppliers: Phrases
    before: Phrases
    because: Phrases
    failing: Phrases
    guilty: Phrases
    plainly: Phrases
    after: Phrases
    after_name: Phrases
    articles: Phrases
    at: Phrases
    innocent: Phrases
    no_names: frozenset[str]
    better: str


def accusations(
    text: str, locale: str, workspace: Workspace, own: frozenset[str]
) -> tuple[Remark, ...]:
    """Every place that blames somebody; `own`: names that are ours."""
    language = locale.partition("-")[0]
    words = load_words(workspace, "accusations", language, Accusations)
    return () if words is None else accused(text, language, words, own)


@lru_cache(maxsize=256)
def accused(text: str, locale: str, words: Accusations, own: frozenset[str]) -> tuple[Remark, ...]:
    """The same by the words of a language."""
    said = (*words.before, *words.because, *words.guilty, *words.after, *words.after_name)
    if not possible(said, text, locale):
        return ()
    reader, skipped = _Reader(text, locale, words, own), quotations(text)
    told, kept = 0, []
    for start, end in sorted({*reader.in_front(), *reader.behind(), *reader.guilty()}):
        if start >= told and not inside(start, skipped):
            told = end
            what = f"{quoted(' '.join(text[start:end].split()))} puts the blame on others"
            kept.append(Remark(start, end, "tone-blame", what, f"better: {words.better}"))
    return tuple(kept)


class _Reader:
    """Finds who is said to have done it, in one text."""

    def __init__(self, text: str, locale: str, words: Accusations, own: frozenset[str]) -> None:
        self.text = text
        self._locale = locale
        self._words = words
        self._plain = fold(text, locale)
        self._nobody = words.no_names | {fold(name, locale) for name in own}
        self._articles = pattern(words.articles, locale)

    @cached_property
    def _begin(self) -> dict[int, int]:
        """Where suppliers end, by where they begin."""
        found: dict[int, int] = {}
        for match in self._places(self._words.suppliers):
            found[match.start] = max(found.get(match.start, 0), match.end)
        return found

    @cached_property
    def _end(self) -> dict[int, int]:
        """Where suppliers begin, by where they end."""
        return {end: begin for begin, end in self._begin.items()}

    def _places(self, phrases: Phrases) -> list[Match]:
        return places(phrases, self.text, self._locale)

    def in_front(self) -> Iterator[tuple[int, int]]:
        """A reason, and then the culprit: "because of our host", "because AWS failed"."""
        for reason in self._places(self._words.before):
            supplier, name = self._culprit_at(reason.end)
            if max(supplier, name) > 0 and not self._taken_back(reason.start, 1):
                yield reason.start, max(supplier, name)
        for reason in self._places(self._words.because):
            _, name = self._culprit_at(reason.end)
            if name > 0 and not self._taken_back(reason.start, 1):
                said = _CLAUSE.split(self._plain[name : name + _REACH], maxsplit=1)[0]
                if places(self._words.failing, said, self._locale):
                    yield reason.start, name

    def behind(self) -> Iterator[tuple[int, int]]:
        """The culprit, and then the reason."""
        for reason in self._places(self._words.after):
            supplier, name = self._culprit_before(reason.start)
            if supplier < reason.start or self._is_within(name, reason.start):
                yield min(supplier, name), reason.end
        for reason in self._places(self._words.after_name):
            _, name = self._culprit_before(reason.start)
            if self._is_within(name, reason.start):
                yield name, reason.end

    def guilty(self) -> Iterator[tuple[int, int]]:
        """The culprit, and what is said of it: "our host let us down"."""
        for verb in self._places(self._words.guilty):
            supplier, name = self._culprit_before(verb.start)
            start = min(supplier, name)
            if start == verb.start or self._taken_back(start, _NEAR) or self._is_place(start):
                continue
            said = self._plain[verb.start : verb.end]
            plainly = bool(places(self._words.plainly, said, self._locale))
            certain = supplier < verb.start or plainly or self._is_within(name, verb.start)
            if certain and not self._taken_back_behind(verb.end):
                yield start, verb.end

    def _culprit_at(self, at: int) -> tuple[int, int]:
        """Where the supplier and the name end that stand behind a place; -1 for none."""
        at = self._without_articles(at)
        supplier = self._begin.get(at, -1)
        name = self._name_at(self._behind_space(max(at, supplier)))
        if supplier > 0 and self.text[supplier : supplier + 1] in ("'", "’"):
            supplier = -1  # something of theirs, which may well be a cause
        return supplier, name

    def _without_articles(self, at: int) -> int:
        for _ in range(_ARTICLES):
            at = self._behind_space(at)
            article = self._articles.match(self._plain, at)
            if article is None:
                break
            at = article.end()
        return self._behind_space(at)

    def _behind_space(self, at: int) -> int:
        while self.text[at : at + 1] in _SPACES:
            at += 1
        return at

    def _name_at(self, at: int) -> int:
        found = _NAME.match(self.text, at, at + _REACH)
        return -1 if found is None or self._is_nobody(found[0]) else found.end()

    def _is_nobody(self, name: str) -> bool:
        bare = fold(re.split("['’]", name)[0], self._locale)
        return bare in self._nobody or fold(name, self._locale) in self._nobody

    def _culprit_before(self, at: int) -> tuple[int, int]:
        """Where the supplier and the name begin that stand before a place; that place for none."""
        near = max(0, at - _REACH)
        names = _NAMES_BEFORE.search(self.text[near:at])
        name = at
        if names is not None and not self._is_nobody(names[0].split()[0]):
            name = near + names.start()
        # a supplier that begins the sentence has a capital, and is no name of its own
        supplier = self._end.get(self._before_space(at))
        if supplier is None:
            supplier = self._end.get(self._before_space(name), at)
        return supplier, name

    def _before_space(self, at: int) -> int:
        while at > 0 and self.text[at - 1] in _SPACES:
            at -= 1
        return at

    def _is_within(self, start: int, end: int) -> bool:
        """Whether there is a name, and its capital is more than the beginning of a sentence."""
        if start == end:
            return False
        if sum(char.isupper() for char in self.text[start:end]) > 1:
            return True
        return _WITHIN.search(self.text, max(0, start - 3), start) is not None

    def _last_words(self, at: int, most: int) -> list[str]:
        said = _CLAUSE.split(self._plain[max(0, at - _REACH) : at])[-1].split()
        return said[-most:]

    def _taken_back(self, at: int, most: int) -> bool:
        """Whether what stands before denies it or asks: "not because of"."""
        said = self._last_words(at, most + _ARTICLES)
        while said and self._articles.fullmatch(said[-1]):
            said.pop()
        return bool(places(self._words.innocent, " ".join(said[-most:]), self._locale))

    def _taken_back_behind(self, at: int) -> bool:
        said = _CLAUSE.split(self._plain[at : at + _REACH], maxsplit=1)[0].split()[:1]
        return bool(places(self._words.innocent, " ".join(said), self._locale))

    def _is_place(self, at: int) -> bool:
        """Whether something else is said to have failed there: "a power cut at our host"."""
        for word in reversed(self._last_words(at, _ARTICLES)):
            if places(self._words.at, word, self._locale):
                return True
            if not self._articles.fullmatch(word):
                return False
        return False
