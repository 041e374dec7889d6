"""Find phrases in a text whatever its case, quotes and spaces, each at its own place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from crisisctl.messages.proof.folding import folded, letters, on_one_line, squeezed
from crisisctl.messages.proof.quotations import inside, quotations

# Not \w, which takes the underscore in: _soon_ is how some channels write italics.
_NO_LETTER_BEFORE = r"(?<![^\W_])"
_NO_LETTER_AFTER = r"(?![^\W_])"
_TOKEN = re.compile(r"\(([^()]*)\)(\?)?|[^\s%]+|%")
_FIRST = re.compile(r"\s*([^\W_]+|%)(\*)?")
_SPACE = r"\s++"
_ANY_WORDS = r"[\w'-]++(?:\s++[\w'-]++){0,2}"
# 503 is an error; 1 503 is a number of people, +33 503 a telephone.
_NO_NUMBER_BEFORE = r"(?<!\d[.,:' ])(?<![+$€£])"
_NO_NUMBER_AFTER = r"(?![.,:' ]?\d)(?!\s?[$€£])"


class Match(Struct, frozen=True):
    """A phrase found at text[start:end]."""

    start: int
    end: int


@lru_cache(maxsize=8192)
def pattern(phrases: tuple[str, ...], locale: str) -> re.Pattern[str]:
    """What finds any of these phrases in a folded text, the longest first.

    Phrases match whole words. `*` at the end of a word stands for any ending;
    alone it stands for one to three words. `(a|b*|c d)` is one of several,
    `(a|b)?` may be missing. `*` before a word stands for any beginning. Spaces around % do
    not matter.
    """
    ordered = sorted(phrases, key=len, reverse=True)
    made = [piece for phrase in ordered for piece in _compiled(phrase, locale)]
    return re.compile(rf"{_NO_LETTER_BEFORE}(?:{'|'.join(made) or '(?!)'})")


def _compiled(phrase: str, locale: str) -> list[str]:
    """The phrase as patterns that begin with a letter where they can: those fail soonest."""
    plain = letters(phrase, locale)
    tokens = _tokens(plain)
    if all(token[2] for token in tokens):
        return []
    if tokens[0][1] is not None and not tokens[0][2]:
        rest = plain[tokens[0].end() :].lstrip()
        return [_sequence(f"{first} {rest}") for first in _several(tokens[0])]
    return [_sequence(plain)]


def _tokens(phrase: str) -> list[re.Match[str]]:
    return list(_TOKEN.finditer(phrase))


def _several(token: re.Match[str]) -> list[str]:
    return [one for one in token[1].split("|") if one.strip()]


def _sequence(phrase: str) -> str:
    made, begun, joined = "", False, False
    for token in _tokens(phrase):
        piece = _piece(token)
        between = "" if not begun else r"\s*+" if joined or token[0] == "%" else _SPACE
        if token[2]:
            made += f"(?:{between}{piece})?" if begun else f"(?:{piece}{_SPACE})?"
        else:
            made += f"{between}{piece}"
            begun, joined = True, token[0] == "%"
    return made


def _piece(token: re.Match[str]) -> str:
    if token[1] is None:
        return _word(token[0])
    return f"(?:{'|'.join(map(_sequence, _several(token))) or '(?!)'})"


def _word(word: str) -> str:
    stem = word.rstrip("*")
    if not stem:
        return _ANY_WORDS
    before = r"[^\W_]*" if stem[0] == "*" else _NO_NUMBER_BEFORE if stem[0].isdigit() else ""
    made = before + re.escape(stem.lstrip("*"))
    if word != stem:
        return rf"{made}\w*+"
    if stem[-1].isdigit():
        made += _NO_NUMBER_AFTER
    return made + (_NO_LETTER_AFTER if stem[-1].isalnum() else "")


def first_words(phrase: str, locale: str) -> set[tuple[str, bool]]:
    """Every word a phrase can begin with, and whether it is only the word's beginning."""
    found: set[tuple[str, bool]] = set()
    for token in _tokens(letters(phrase, locale)):
        begun = [token[0]] if token[1] is None else _several(token)
        found |= {(word[1], bool(word[2])) for one in begun if (word := _FIRST.match(one))}
        if not token[2]:
            break
    return found


def needed(phrase: str, locale: str) -> tuple[frozenset[str], ...]:
    """Sets of words of which a text with this phrase holds one each."""
    needs = []
    for token in _tokens(letters(phrase, locale)):
        if token[2]:
            continue
        words = [token[0]] if token[1] is None else _several(token)
        firsts = [_FIRST.match(word) for word in words]
        if all(first and not first[2] for first in firsts):
            needs.append(frozenset(first[1] for first in firsts if first))
    return tuple(needs)


def find(
    phrases: Iterable[str], text: str, locale: str, *, quoted: bool = False
) -> Iterator[Match]:
    """Every place where one of the phrases stands, outside of quotations unless `quoted`."""
    listed = _there(tuple(phrases), text, locale)
    if not listed:
        return
    skipped = [] if quoted else quotations(text)
    plain = folded(text, locale)
    found = [
        (begin, order, -end)
        for order, phrase in enumerate(listed)
        for begin, end in spans(phrase, text, locale)
    ]
    last = 0
    for begin, _, ending in sorted(found):  # the longest first
        end = -ending
        if begin >= last:
            last = end
            start = plain.place(begin)
            if not inside(start, skipped):
                yield Match(start, plain.place(end))


def spans(phrase: str, text: str, locale: str) -> list[tuple[int, int]]:
    """Every place of one phrase in a folded text, the longest that begins there."""
    parts = _parts(phrase, locale)
    if parts is None:
        plain = folded(text, locale).text
        return [match.span() for match in pattern((phrase,), locale).finditer(plain)]
    line = on_one_line(text, locale)
    found: dict[int, int] = {}
    for number, part in enumerate(parts):
        for choice in part.choices:
            for begin, end in _standing(choice, line.text):
                far = max(_ends(parts, number + 1, line.text, end), default=-1)
                found[begin] = max(found.get(begin, -1), far)
        if not part.optional:
            break
    return [(line.place(b), line.place(e - 1) + 1) for b, e in sorted(found.items()) if e > 0]


class _Choice(Struct, frozen=True):
    """Fixed letters, and whether they may go on."""

    letters: str
    is_stem: bool

    def end(self, line: str, begin: int) -> int:
        """Where it ends, if it stands here as words of its own; else -1."""
        end = begin + len(self.letters)
        if self.is_stem:
            rest = _ENDING.match(line, end)
            return rest.end() if rest else end
        return -1 if line[end : end + 1].isalnum() else end


class _Part(Struct, frozen=True):
    """One place of a phrase: what may stand there, and whether nothing may."""

    choices: tuple[_Choice, ...]
    optional: bool


_ENDING = re.compile(r"\w*")


@lru_cache(maxsize=8192)
def _parts(phrase: str, locale: str) -> tuple[_Part, ...] | None:
    """A phrase taken apart; None for what only a pattern can say.

    To look for the parts takes a fraction of the time that making one pattern
    of them takes, and most lists are read once in a run.
    """
    parts = []
    for token in _tokens(letters(phrase, locale)):
        words = [token[0]] if token[1] is None else [" ".join(c.split()) for c in _several(token)]
        if not words or any(not _is_plain(word) for word in words):
            return None
        choices = tuple(_Choice(word.removesuffix("*"), word.endswith("*")) for word in words)
        parts.append(_Part(choices, bool(token[2])))
    return None if all(part.optional for part in parts) else tuple(parts)


def _is_plain(words: str) -> bool:
    """Whether it is fixed letters, but for the ending of its last word."""
    bare = words.removesuffix("*")
    if not bare or "*" in bare or "%" in bare:
        return False
    return bare[0].isalpha() and bare[-1].isalpha() and not any(char.isdigit() for char in bare)


def _standing(choice: _Choice, line: str) -> Iterator[tuple[int, int]]:
    begin = line.find(choice.letters)
    while begin >= 0:
        if not line[begin - 1 : begin].isalnum():
            end = choice.end(line, begin)
            if end >= 0:
                yield begin, end
        begin = line.find(choice.letters, begin + 1)


def _ends(parts: tuple[_Part, ...], number: int, line: str, at: int) -> Iterator[int]:
    """Every place where the rest of a phrase can end that goes on here."""
    if number == len(parts):
        yield at
        return
    if parts[number].optional:
        yield from _ends(parts, number + 1, line, at)
    if line[at : at + 1] == " ":
        for choice in parts[number].choices:
            if line.startswith(choice.letters, at + 1):
                end = choice.end(line, at + 1)
                if end >= 0:
                    yield from _ends(parts, number + 1, line, end)


def _there(phrases: tuple[str, ...], text: str, locale: str) -> list[str]:
    """The phrases that the text has the words of, the longest first."""
    plain = squeezed(text, locale)
    return sorted((p for p in phrases if could_stand(p, plain, locale)), key=len, reverse=True)


def could_stand(phrase: str, plain: str, locale: str) -> bool:
    """Whether a squeezed text has all that a phrase cannot be without.

    Nearly every phrase is ruled out here, and never becomes a pattern: that
    would take most of the time.
    """
    return all(any(run in plain for run in runs) for runs in _clues(phrase, locale))


@lru_cache(maxsize=8192)
def _clues(phrase: str, locale: str) -> tuple[tuple[str, ...], ...]:
    """Runs of letters that stand in every text with this phrase; one of each tuple."""
    clues: list[tuple[str, ...]] = []
    run = ""
    for token in _tokens(letters(phrase, locale)):
        word = token[0]
        if token[1] is None and word != "%" and "*" not in word:
            run = f"{run} {word}" if run else word
            continue
        if token[1] is None and word != "%" and word.find("*") == len(word) - 1 > 0:
            clues.append((f"{run} {word[:-1]}" if run else word[:-1],))
        elif run:
            clues.append((run,))
        run = ""
        if token[1] is not None and not token[2]:
            firsts = [_FIRST.match(one) for one in _several(token)]
            if firsts and all(firsts):
                clues.append(tuple(first[1] for first in firsts if first))
    return (*clues, (run,)) if run else tuple(clues)
