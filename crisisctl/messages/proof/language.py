"""Which language a text is in, and what nobody translated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from crisisctl.messages.proof.folding import fold
from crisisctl.messages.proof.quotations import inside, quotations
from crisisctl.messages.proof.remark import Remark
from crisisctl.messages.proof.sentences import sentences, without_links
from crisisctl.messages.proof.words import load_words
from crisisctl.playbook.form import Model
from crisisctl.workspace import Workspace

NAMES = {"en": "English", "fr": "French", "es": "Spanish", "tr": "Turkish", "ru": "Russian"}
"""The languages that can be told apart."""

_FEWEST = 4
"""Words of another language that are no accident: "the", "and" in a name are."""
_FEW = 2
"""Different words of another language in one sentence that has hardly one of its own."""
_SURE = 2
"""Signs that tell the language of a text of which nothing else is known."""
_LEAST = 5
"""Words of a sentence that two languages do not share by chance."""
_MOST = 100_000
"""Characters that are read: what a language is shows much earlier."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


class Words(Model, frozen=True, kw_only=True):
    """What shows a language and its registers."""

    common: tuple[str, ...]
    familiar: tuple[str, ...] = ()
    polite: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    """What looks like one of them and is not."""


Lists = tuple[tuple[str, Words], ...]
"""The words of each language that can be told apart."""


def words_of(workspace: Workspace) -> Lists:
    """The lists of every language there is one for."""
    found = ((locale, load_words(workspace, "language", locale, Words)) for locale in NAMES)
    return tuple((locale, words) for locale, words in found if words is not None)


def votes(text: str, lists: Lists) -> dict[str, int]:
    """How many common words of each language stand in a text."""
    found = {locale: 0 for locale, _ in lists}
    for _, _, locale in _told(text, lists):
        found[locale] += 1
    return found


@lru_cache(maxsize=64)
def _told(text: str, lists: Lists) -> tuple[tuple[int, str, str], ...]:
    """Every word that tells a language: where it stands, the word, the language."""
    telling = _telling(lists)
    words = _WORD.finditer(fold(without_links(text[:_MOST]), "en"))
    return tuple((w.start(), w[0], telling[w[0]]) for w in words if w[0] in telling)


_LETTERS = {"fr": "èêàùœôë", "es": "ñóíáú", "tr": "ğşı"}
"""Letters that only one of the languages writes."""


def _lettered(text: str, own: str) -> list[tuple[int, str, str]]:
    """The words that only another language can write; a capital begins a name."""
    found = []
    for locale, letters in _LETTERS.items():
        if locale != own and any(letter in text for letter in letters):
            shape = rf"(?<![^\W\d_])(?=[a-zß-ÿœğşı])[^\W\d_]*?[{letters}][^\W\d_]*"
            found += [(w.start(), w[0], locale) for w in re.finditer(shape, text[:_MOST])]
    return found


@lru_cache(maxsize=8)
def _telling(lists: Lists) -> dict[str, str]:
    """The words that belong to one language alone."""
    owners: dict[str, set[str]] = {}
    for locale, words in lists:
        for word in words.common:
            owners.setdefault(fold(word, "en"), set()).add(locale)
    return {word: min(of) for word, of in owners.items() if len(of) == 1}


@lru_cache(maxsize=256)
def language(text: str, locale: str, lists: Lists) -> str | None:
    """The language of a text where it is surely another one than the locale's."""
    counted = votes(text, lists)
    own = locale.partition("-")[0]
    if own not in counted:
        return None
    best = max(counted, key=lambda name: counted[name])
    # A margin: names, quotations and terms of another language stand in honest texts.
    if best != own and counted[best] >= _FEWEST and counted[best] > 2 * counted[own] + 2:
        return best
    return None


_SIGNS = {"ru": "[а-яё]", "tr": "[ğış]", "es": "[ñ¿¡áíóú]", "fr": "[èêëàùœ]"}
"""Letters that the other languages lack; one of them says as much as a word."""

_ALONE = ("ru", "tr")
"""Languages that such letters tell without a word."""


def guessed(text: str, lists: Lists) -> str | None:
    """The language of a text that says nothing of it; None where that is anybody's guess."""
    plain = text[:_MOST].lower()
    # each word once: "ne … ne …" is Turkish as well as French
    once = " ".join(dict.fromkeys(_WORD.findall(fold(without_links(plain), "en"))))
    score = votes(once, lists)
    for name, letters in _SIGNS.items():
        if name in score and re.search(letters, plain):
            score[name] += 1
    best, second, *_ = sorted(score, key=lambda name: -score[name])
    sure = score[best] >= _SURE or (best in _ALONE and re.search(_SIGNS[best], plain))
    return best if sure and score[best] > score[second] else None


def wrong_language(text: str, locale: str, lists: Lists) -> list[Remark]:
    """Where a text is not in the language that it claims."""
    found = language(text, locale, lists)
    if found is None:
        return []
    first = _WORD.search(without_links(text))
    start = first.start() if first else 0
    own = locale.partition("-")[0]
    what = f"this reads as {NAMES[found]}, but the file is named as {NAMES[own]}"
    hint = f"translate it, or name the file by its language ({found})"
    return [Remark(start, first.end() if first else start, "wrong-language", what, hint)]


@lru_cache(maxsize=256)
def foreign(text: str, locale: str, lists: Lists) -> tuple[Remark, ...]:
    """The sentences that are in another language than the rest; quotations are not."""
    own = locale.partition("-")[0]
    if own not in dict(lists):
        return ()
    told = sorted({*_told(text, lists), *_lettered(text, own)})
    strange = {word for _, word, of in told if of != own}
    if len(strange) < _FEW and not _other_script(text, own):
        return ()
    found, quoted = [], quotations(text)
    for start, end, words in _by_sentence(text, told, quoted):
        other = _another(words, own) or _in_other_script(text[start:end], own)
        if other and not inside(start, quoted):
            what = f"this sentence reads as {other}, but the file is named as {NAMES[own]}"
            found.append(Remark(start, end, "wrong-language", what, "translate it"))
    return tuple(found)


def _by_sentence(
    text: str, told: list[tuple[int, str, str]], quoted: list[tuple[int, int]]
) -> Iterator[tuple[int, int, list[tuple[str, str]]]]:
    """The telling words of each sentence, without quotations and names."""
    number = 0
    for start, end in _spans(text):
        begun = _WORD.search(text, start, end)
        first, words = begun.start() if begun else start, []
        while number < len(told) and told[number][0] < end:
            at, word, of = told[number]
            number += 1
            if (at == first or text[at].islower()) and at >= start and not inside(at, quoted):
                words.append((word, of))
        yield start, end, words


def _another(words: list[tuple[str, str]], own: str) -> str:
    """The language that a sentence is surely in where that is not its text's own."""
    mine = sum(of == own for _, of in words)
    by_language: dict[str, set[str]] = {}
    for word, of in words:
        if of != own:
            by_language.setdefault(of, set()).add(word)
    best = max(by_language, key=lambda name: len(by_language[name]), default="")
    several = len(by_language.get(best, ()))
    return NAMES[best] if several >= _FEW and several > 2 * mine else ""


_CYRILLIC = re.compile(r"[а-я]{2,}", re.IGNORECASE)
_LATIN = re.compile(r"(?<![\w-])[a-zà-ÿ]{2,}(?![\w-])")
_ALL_LATIN = 4
"""Plain words of a Russian text without one Russian word that are no name."""


def _other_script(text: str, own: str) -> bool:
    return own == "ru" or bool(_CYRILLIC.search(text))


def _in_other_script(sentence: str, own: str) -> str:
    """What a sentence is in by its letters alone."""
    if own != "ru":
        few = len(_CYRILLIC.findall(sentence)) <= len(_LATIN.findall(sentence))
        return "" if few else NAMES["ru"]
    words = _LATIN.findall(without_links(sentence))
    return "another language" if len(words) >= _ALL_LATIN and not _CYRILLIC.search(sentence) else ""


def untranslated(text: str, locale: str, others: Mapping[str, str], lists: Lists) -> list[Remark]:
    """Sentences that stand word for word in the same message's text in another language."""
    known = {other: _sentences(said) for other, said in others.items() if other != locale}
    found = []
    for key, (start, end) in _sentences(text).items():
        sharing = [other for other, said in known.items() if key in said]
        if sharing and not _is_own(text[start:end], locale, sharing, lists):
            other = "en" if "en" in sharing else sharing[0]
            what = f'this sentence is the same in "{other}"'
            found.append(Remark(start, end, "untranslated", what, "translate it"))
    return found


def _is_own(sentence: str, locale: str, sharing: list[str], lists: Lists) -> bool:
    """Whether a sentence that several languages share is in this one."""
    counted = votes(sentence, lists)
    own = counted.get(locale, 0)
    rest = max((counted.get(other, 0) for other in sharing), default=0)
    return own > rest or (own == rest and locale == "en")


@lru_cache(maxsize=256)
def _sentences(text: str) -> dict[str, tuple[int, int]]:
    """The sentences long enough to be compared, by their plain words."""
    quoted = quotations(text)
    return {
        key: (start, end)
        for start, end in _spans(text)
        if not inside(start, quoted) and (key := _key(text[start:end]))
    }


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for sentence in sentences(text):
        said = text[sentence.start : sentence.end]
        lost = len(said) - len(said.lstrip("\0 "))
        yield sentence.start + lost, sentence.start + len(said.rstrip("\0 "))


def _key(sentence: str) -> str:
    plain = without_links(sentence).replace("\0", " ")
    words = [word for word in fold(plain, "en").split() if _WORD.search(word)]
    return " ".join(words) if len(words) >= _LEAST else ""
