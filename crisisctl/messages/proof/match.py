"""Find phrases in a text whatever its case, quotes and spaces, each at its own place."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

# One character for one, so that every place in the folded text is a place in the text.
_ALIKE = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032\u00b4`", "'"),
    **dict.fromkeys("\u00a0\u202f\u2007\u2008\u2009\u200a\u2002\u2003\u2004\u2005\u2006", " "),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    "ё": "е",
    "Ё": "е",
    "İ": "i",
}
# People type I for İ and leave the circumflex out: "IMKANSIZ", "İMKÂNSIZ" and "imkânsız" are one.
_TURKISH = {**_ALIKE, **dict(zip("IıÎîÂâÛû", "iiiiaauu", strict=True))}

_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
_MARKS = "\u0300-\u036f"
_CLUSTER = re.compile(f"[^{_MARKS}{_UNSEEN}][{_MARKS}{_UNSEEN}]+", re.DOTALL)
_IN_PIECES = re.compile(f"[{_MARKS}{_UNSEEN}]")
_HIDDEN = re.compile(f"[{_UNSEEN}]+")
_MARKS_READ = 4
"""Marks on one letter; putting a flood of them in order would take quadratic time."""

# Not \w, which takes the underscore in: _soon_ is how some channels write italics.
_NO_LETTER_BEFORE = r"(?<![^\W_])"
_NO_LETTER_AFTER = r"(?![^\W_])"
_TOKEN = re.compile(r"\(([^()]*)\)(\?)?|[^\s%]+|%")
_RUN = re.compile(r"[^\W_]+|%")
_FIRST = re.compile(r"\s*([^\W_]+|%)(\*)?")
_SPACE = r"\s++"
_ANY_WORDS = r"[\w'-]++(?:\s++[\w'-]++){0,2}"
# 503 is an error; 1 503 is a number of people, +33 503 a telephone.
_NO_NUMBER_BEFORE = r"(?<!\d[.,:' ])(?<![+$€£])"
_NO_NUMBER_AFTER = r"(?![.,:' ]?\d)(?!\s?[$€£])"

_OPENED = {"«": "»", "“": "”", "„": "“”", "‹": "›", '"': '"', "‘": "’"}
_ONE_LINE = '"’'
"""Marks that mean more than one thing: a quotation ends with them on its own line or nowhere."""
_SIGNS = re.compile(r"\n(?:[^\S\n]*\n)?|[«»“”„‹›\"]|(?<!\w)‘|’(?!\w)")
_CITED = re.compile(r"^[ \t]*>.*", re.MULTILINE)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s\0]++"
    r"|(?<![\w.+-])[\w.+-]++@[\w.-]++"
    r"|(?<![\w.-])(?:[\w-]++\.)+"
    r"(?:com|net|org|info|shop|store|example|eu|fr|es|tr|ru|de|uk|io|co|app|dev)\b(?:/[^\s\0]*+)?",
    re.IGNORECASE,
)

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found at text[start:end]."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made plain for matching, and where its characters stand in the text as written."""

    text: str
    places: tuple[int, ...] | None
    """None where every character stands at the same place in both."""

    def place(self, offset: int) -> int:
        """Where a character of the folded text stands in the text as written."""
        return offset if self.places is None else self.places[offset]


@lru_cache(maxsize=256)
def fold(text: str, locale: str) -> str:
    """The text in small letters of its own language, quotes, spaces and dashes made plain.

    Turkish has two letters i, and people mix them up in capitals: they count as
    one. The length stays the same.
    """
    return _folded(text, locale)


def _folded(text: str, locale: str) -> str:
    alike = _TURKISH if locale == "tr" else _ALIKE
    for char in alike.keys() & set(text):
        text = text.replace(char, alike[char])
    return text.lower()


@lru_cache(maxsize=256)
def folded(text: str, locale: str) -> Folded:
    """Fold, and put letters together that are written in pieces: e and an accent are one é.

    What nobody sees, such as a soft hyphen inside a word, is left out.
    """
    if text.isascii() or not _IN_PIECES.search(text):
        return Folded(fold(text, locale), None)
    letters: list[str] = []
    places: list[int] = []
    at = 0
    for found in _CLUSTER.finditer(text):
        for start, end in _seen(text, at, found.start()):
            letters.append(text[start:end])
            places.extend(range(start, end))
        letters.append(_one_letter(found[0]))
        places.append(found.start())
        at = found.end()
    for start, end in _seen(text, at, len(text)):
        letters.append(text[start:end])
        places.extend(range(start, end))
    return Folded(fold("".join(letters), locale), (*places, len(text)))


def _seen(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for hidden in _HIDDEN.finditer(text, start, end):
        yield start, hidden.start()
        start = hidden.end()
    yield start, end


def _one_letter(cluster: str) -> str:
    marks = _HIDDEN.sub("", cluster[1:])[:_MARKS_READ]
    return unicodedata.normalize("NFC", cluster[0] + marks)[0]


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
    plain = _folded(phrase, locale)
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
    before = r"\w*" if stem[0] == "*" else _NO_NUMBER_BEFORE if stem[0].isdigit() else ""
    made = before + re.escape(stem.lstrip("*"))
    if word != stem:
        return rf"{made}\w*+"
    if stem[-1].isdigit():
        made += _NO_NUMBER_AFTER
    return made + (_NO_LETTER_AFTER if stem[-1].isalnum() else "")


def first_words(phrase: str, locale: str) -> set[tuple[str, bool]]:
    """Every word a phrase can begin with, and whether it is only the word's beginning."""
    found: set[tuple[str, bool]] = set()
    for token in _tokens(_folded(phrase, locale)):
        begun = [token[0]] if token[1] is None else _several(token)
        found |= {(word[1], bool(word[2])) for one in begun if (word := _FIRST.match(one))}
        if not token[2]:
            break
    return found


def needed(phrase: str, locale: str) -> tuple[frozenset[str], ...]:
    """Sets of words of which a text with this phrase holds one each."""
    needs = []
    for token in _tokens(_folded(phrase, locale)):
        if token[2]:
            continue
        words = [token[0]] if token[1] is None else _several(token)
        firsts = [_FIRST.match(word) for word in words]
        if all(first and not first[2] for first in firsts):
            needs.append(frozenset(first[1] for first in firsts if first))
    return tuple(needs)


def words_in(plain: str) -> dict[str, list[int]]:
    """The words of a folded text, and where each begins."""
    found: dict[str, list[int]] = {}
    for word in _RUN.finditer(plain):
        found.setdefault(word[0], []).append(word.start())
    return found


_WORD = re.compile(r"[^\W_]+")
_PIECES = (
    "\u00ad\u200b\u200c\u200d\u2060\ufeff\u0300\u0301\u0302\u0303\u0306\u0307\u0308\u030a\u0327"
)
"""What cuts a word in two or puts an accent on a letter without being one with it."""
_BEGUN = re.compile(r"(?<![*\w])[^\W_]+")
"""A word whose beginning is given."""
_CHOICE = re.compile(r"\(([^()]*)\)(\?)?")

Needs = tuple[tuple[str, ...], ...]
"""For each of some phrases the words and stems that it cannot be without."""


def vocabulary(text: str, locale: str) -> list[str]:
    """Every word of a text once, in order, folded."""
    return _vocabulary(text, "tr" if locale == "tr" else "en")  # the others fold alike


@lru_cache(maxsize=256)
def _vocabulary(text: str, locale: str) -> list[str]:
    """Every word of a text once, in order, folded; quicker than to fold all of the text."""
    if any(piece in text for piece in _PIECES):
        return sorted(set(_WORD.findall(folded(text, locale).text)))
    return sorted(set(fold("\n".join(_once(text)), locale).split("\n")))


@lru_cache(maxsize=256)
def _once(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


@lru_cache(maxsize=2048)
def needs_of(phrases: tuple[str, ...], locale: str) -> Needs:
    """What each of some phrases cannot be without."""
    found = (need for phrase in phrases for need in _needed(fold(phrase, locale)))
    return tuple(dict.fromkeys(found))


def _needed(phrase: str) -> list[tuple[str, ...]]:
    """The words that must be there, the longest first; where all may vary, those of each."""
    fixed = _BEGUN.findall(_CHOICE.sub(" ", phrase))
    if fixed:
        return [tuple(sorted(fixed, key=len, reverse=True))]
    for choice in _CHOICE.finditer(phrase):
        if not choice[2]:
            return [need for one in choice[1].split("|") for need in _needed(one)]
    return [()]


def has(words: list[str], need: tuple[str, ...]) -> bool:
    """Whether a vocabulary has words that begin with each of these."""
    for beginning in need:
        place = bisect_left(words, beginning)
        if place == len(words) or not words[place].startswith(beginning):
            return False
    return True


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
    line = _on_one_line(text, locale)
    found: dict[int, int] = {}
    for number, part in enumerate(parts):
        for choice in part.choices:
            for begin, end in _standing(choice, line.text):
                far = max(_ends(parts, number + 1, line.text, end), default=-1)
                found[begin] = max(found.get(begin, -1), far)
        if not part.optional:
            break
    return [(line.place(b), line.place(e - 1) + 1) for b, e in sorted(found.items()) if e > 0]


@dataclass(frozen=True, slots=True)
class _Choice:
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


@dataclass(frozen=True, slots=True)
class _Part:
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
    for token in _tokens(_folded(phrase, locale)):
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


@lru_cache(maxsize=256)
def _on_one_line(text: str, locale: str) -> Folded:
    """A folded text with single spaces, and where its characters stand in the folded text."""
    plain = folded(text, locale).text
    places: list[int] = []
    for word in re.finditer(r"\S+", plain):
        if places:
            places.append(word.start() - 1)
        places.extend(range(word.start(), word.end()))
    return Folded(squeezed(text, locale), tuple(places))


def _there(phrases: tuple[str, ...], text: str, locale: str) -> list[str]:
    """The phrases that the text has the words of, the longest first."""
    plain = squeezed(text, locale)
    return sorted((p for p in phrases if could_stand(p, plain, locale)), key=len, reverse=True)


@lru_cache(maxsize=256)
def squeezed(text: str, locale: str) -> str:
    """A folded text on one line, for a quick look."""
    return " ".join(folded(text, locale).text.split())


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
    for token in _tokens(_folded(phrase, locale)):
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


def inside(place: int, spans: Spans) -> bool:
    """Whether a place lies in one of these spans, which are in order and apart."""
    before = bisect_right(spans, place, key=lambda span: span[0]) - 1
    return before >= 0 and place < spans[before][1]


def quotations(text: str) -> list[tuple[int, int]]:
    """Where somebody else speaks: in quotation marks, or on a line behind `>`.

    A quotation ends in its own paragraph; a mark that nothing closes opens none.
    """
    return _merged([*_marked(text), *(found.span() for found in _CITED.finditer(text))])


def _marked(text: str) -> Iterator[tuple[int, int]]:
    opened, awaited = 0, ""
    for found in _SIGNS.finditer(text):
        sign = found[0]
        if sign[0] == "\n":
            if len(sign) > 1 or awaited in _ONE_LINE:
                awaited = ""
        elif awaited and sign in awaited:
            yield opened, found.end()
            awaited = ""
        elif not awaited and sign in _OPENED and _opens(text, found):
            opened, awaited = found.start(), _OPENED[sign]


def _opens(text: str, sign: re.Match[str]) -> bool:
    """Whether a straight mark can begin a quotation: the one in 15" cannot."""
    if sign[0] != '"':
        return True
    before, after = text[sign.start() - 1 : sign.start()], text[sign.end() : sign.end() + 1]
    return not before.isalnum() and bool(after.strip())


def addresses(text: str) -> list[tuple[int, int]]:
    """Where web and e-mail addresses stand: their words are names, not speech."""
    return [found.span() for found in _ADDRESS.finditer(text)]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
