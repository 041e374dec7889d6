"""The words that tell what a review is about, made quick to look up.

A list is data, `templates/words/topics.LOCALE.yaml`, described in `phrases`; a workspace may
shadow it. Its words are compared by their stems, without accents.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from crisisctl.messages.proof.words import load_words
from crisisctl.reviews.phrases import (
    LANGUAGES,
    NUMBER,
    OTHER,
    SAFETY,
    TOPICS,
    Choice,
    List,
    Term,
    bad,
    terms,
)
from crisisctl.reviews.spelling import lower, plain
from crisisctl.text import quoted

if TYPE_CHECKING:
    from crisisctl.workspace import Workspace

_REMEMBERED = 60_000
"""Spellings kept in mind: a million reviews have more, most of them typed once."""
_ENDLESS = 60
"""Letters of a word; longer ones are no words."""
_START = 2
_SHORT = 5
"""Letters of words that are stemmed in any case: some of them change in front (dying, die)."""
_FOLLOWERS = 250
"""Words that are kept in mind as following one; the next million reviews have others."""


Hit = tuple[int, int, int]
"""The word of a text where a term begins, minus the word where it ends, the term's number."""
Counts = tuple[str, str, float, str]
"""What a term counts for: a topic, a finer problem, how much (a mood: nothing); as it is listed."""
Rest = tuple[int, ...]
"""The places of a phrase that are still to come, each by the number of its choice."""
Ends = tuple[tuple[Rest, int], ...]
"""What may follow two words, and which term that is."""


class Word:
    """What a written word may be; words that may be the same are one."""

    __slots__ = ("alone", "choices", "pairs", "then")

    def __init__(self, choices: frozenset[int], alone: tuple[int, ...], then: _Then) -> None:
        self.choices = choices
        """The choices of phrases that it is one of."""
        self.alone = alone
        """The terms that it is by itself."""
        self.then = then
        """How the phrases that it begins go on, by their second place."""
        self.pairs: dict[Word, Ends] = {}
        """The same for the words that were seen to follow it."""

    def before(self, second: Word) -> Ends:
        """How the phrases go on that begin with this word and that one."""
        if len(self.pairs) >= _FOLLOWERS:
            self.pairs.clear()
        shared = sorted(second.choices & self.then.keys())
        found = self.pairs[second] = tuple(end for choice in shared for end in self.then[choice])
        return found


_Then = dict[int, list[tuple[Rest, int]]]
FILLER = Word(frozenset(), (), {})
"""What all the words are that say nothing."""


class Lexicon(dict[str, Word | None]):
    """A compiled list: from a word as written to what it may tell, or None."""

    def __init__(self, language: str, words: List, where: str) -> None:
        super().__init__()
        self.language = language
        self.labels = words.labels
        self.terms: list[Term] = []
        self.counts: list[Counts] = []
        self.words = SPLIT[language]
        """From a text to its words as they are written, once it is `alike`."""
        self._stem = _stemmer(language)
        self._known: dict[frozenset[int], Word] = {}
        self._choices: dict[Choice, int] = {}
        self._by_key: dict[str, set[int]] = {}
        self._by_beginning: dict[str, set[int]] = {}
        self._starts: set[str] = set()
        self._alone: dict[int, list[int]] = {}
        self._begins: dict[int, list[tuple[Rest, int]]] = {}
        filler = frozenset(plain(lower(word, language)) for word in words.filler)
        for word in filler:
            self[word] = FILLER
        self._filler = filler
        for phrase, term in terms(words, where, PIECES[language], filler):
            self._add(phrase, term, where)

    def __missing__(self, written: str) -> Word | None:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[written] = self._read(written)
        return found

    def content(self, words: list[str]) -> list[str]:
        """The words that `hits` counts."""
        return [word for word in words if self[word] is not FILLER]

    def hits(self, words: list[str]) -> list[Hit]:
        """Every term in a text, in order; none that lies inside a longer one."""
        read = [known for word in words if (known := self[word]) is not FILLER]
        read += (None, None)
        found: list[Hit] = []
        for start, word in enumerate(read):
            if word is None:
                continue
            for term in word.alone:
                found.append((start, -1 - start, term))
            if word.then:
                pairs = word.pairs
                for place in (start + 1, start + 2):
                    second = read[place]
                    if second is None:
                        continue
                    ends = pairs.get(second)
                    if ends is None:
                        ends = word.before(second)
                    for rest, term in ends:
                        end = _end(read, place + 1, rest) if rest else place + 1
                        if end:
                            found.append((start, -end, term))
        return self._telling(found) if len(found) > 1 else found

    def _telling(self, found: list[Hit]) -> list[Hit]:
        """The longest; and harm, whatever it is a part of."""
        kept, terms = _longest(found), self.terms
        hidden = {hit for hit in found if terms[hit[2]].kind == SAFETY}.difference(kept)
        return sorted([*kept, *hidden]) if hidden else kept

    def _add(self, phrase: list[Choice], term: Term, where: str) -> None:
        if not self.terms or self.terms[-1] != term:
            self.terms.append(term)
            weight = term.weight if term.kind in TOPICS or term.kind == OTHER else 0.0
            self.counts.append((term.kind, term.aspect, weight, term.said))
        number = len(self.terms) - 1
        first, *rest = [self._choice(choice, term, where) for choice in phrase]
        if rest:
            self._begins.setdefault(first, []).append((tuple(rest), number))
        else:
            self._alone.setdefault(first, []).append(number)

    def _choice(self, choice: Choice, term: Term, where: str) -> int:
        known = self._choices.get(choice)
        if known is not None:
            return known
        number = self._choices[choice] = len(self._choices)
        for word in choice:
            if word.endswith("*"):
                start = plain(lower(word[:-1], self.language))
                if len(start) < 2:
                    hint = "write more of it"
                    raise bad(where, term, f"{quoted(word)} begins too many words", hint)
                self._by_beginning.setdefault(start, set()).add(number)
                self._starts.add(start[:_START])
            else:
                for key in self._keys(lower(word, self.language)):
                    self._by_key.setdefault(key, set()).add(number)
                    self._starts.add(key[:_START])
        return number

    def _keys(self, word: str) -> frozenset[str]:
        """The stem without accents, and the stem of the word without: people leave them out."""
        if word.isdecimal() or word == NUMBER:
            return frozenset((NUMBER, word))
        bare = plain(word)
        stem = plain(self._stem(word))
        return frozenset((stem,)) if bare == word else frozenset((stem, plain(self._stem(bare))))

    def _read(self, written: str) -> Word | None:
        if len(written) > _ENDLESS:
            return None
        word = lower(written.strip("'"), self.language)
        bare = plain(word)
        if bare in self._filler:
            return FILLER
        if len(bare) > _SHORT and bare[:_START] not in self._starts:
            return None  # spares the stem, which is slow: it begins as its word does
        choices: set[int] = set()
        for key in self._keys(word):
            choices |= self._by_key.get(key, set())
        for length in range(2, len(bare) + 1):
            choices |= self._by_beginning.get(bare[:length], set())
        if not choices:
            return None
        same = frozenset(choices)
        if same not in self._known:
            self._known[same] = self._word(same)
        return self._known[same]

    def _word(self, choices: frozenset[int]) -> Word:
        then: _Then = {}
        for choice in sorted(choices):
            for rest, number in self._begins.get(choice, ()):
                then.setdefault(rest[0], []).append((rest[1:], number))
        alone = {number for choice in choices for number in self._alone.get(choice, ())}
        return Word(choices, tuple(sorted(alone)), then)


def _end(read: list[Word | None], at: int, rest: Rest) -> int:
    """Where a phrase ends whose other places are these; 0 where it is not there."""
    for choice in rest:
        for place in (at, at + 1):
            if place < len(read) and (word := read[place]) is not None and choice in word.choices:
                at = place + 1
                break
        else:
            return 0
    return at


def _longest(found: list[Hit]) -> list[Hit]:
    """Without what lies inside something longer: "charged" in "charged twice"."""
    found.sort()
    kept: list[Hit] = []
    reach, first = 1, -1
    for hit in found:
        start, end, _ = hit
        if end < reach or (start == first and end == reach and hit != kept[-1]):
            kept.append(hit)
            first, reach = start, end
    return kept


def load_lexicon(workspace: Workspace, language: str) -> Lexicon | None:
    """The compiled list of a language; None where there is none."""
    if language not in LANGUAGES:
        return None
    words = load_words(workspace, "topics", language, List)
    if words is None:
        return None
    path = workspace.find("templates", f"words/topics.{language}.yaml")
    return Lexicon(language, words, str(path or f"topics.{language}.yaml"))


_NAMES = {"en": "english", "fr": "french", "es": "spanish", "tr": "turkish", "ru": "russian"}


def _stemmer(language: str) -> Callable[[str], str]:
    import snowballstemmer  # type: ignore[import-untyped]

    stem: Callable[[str], str] = snowballstemmer.stemmer(_NAMES[language]).stemWord
    return lru_cache(maxsize=4096)(stem)  # a list has each word in several phrases


# English shortens words that belong together (didn't); elsewhere an apostrophe joins two
# (l'article, Ankara'dan).
_WHOLE = r"[\w']+"
_PARTED = r"\w+"
SPLIT: dict[str, Callable[[str], list[str]]] = {
    language: re.compile(_WHOLE if language == "en" else _PARTED).findall for language in LANGUAGES
}
"""From a text to its words."""
PIECES: dict[str, Callable[[str], list[str]]] = {
    language: re.compile(rf"{NUMBER}|(?:{_WHOLE if language == 'en' else _PARTED})\*?").findall
    for language in LANGUAGES
}
"""From a phrase to its words."""
