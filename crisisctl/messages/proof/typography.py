"""The marks and spaces that each language asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from crisisctl.messages.proof.quotations import inside, quotations
from crisisctl.messages.proof.remark import Remark
from crisisctl.messages.proof.sentences import without_links

# NUL stands for a tag of a template: what it prints is not known.
_FRENCH_MARK = re.compile(r"(?<=[^\s\0;:!?«.…(\[]) ?(?P<mark>[;!?»]|:(?=[\s\0\"«]|$))")
_FRENCH_AFTER_TAG = re.compile(r"(?<=\0) (?P<mark>[;:!?»])")
_FRENCH_OPENING = re.compile(r"«(?![\u00a0\u202f\0])")
_ENTITY = re.compile(r"&#?\w{1,10};")
_SPANISH_END = re.compile(r"(?<![?!(\s])[?!]")
_RUSSIAN_QUOTE = re.compile(r"(?<![\d\w])[\"“](?=[^\s\"])")
_TURKISH_PERCENT = re.compile(r"(?:(?<=\d)|(?<=\0)|(?<=\d[ \u00a0])|(?<=\0[ \u00a0]))%(?![\d\0])")
_DOTS = re.compile(r"\.\.\.(?<!\.{4})(?!\.)")
_TWO_SPACES = re.compile(r"(?<=[^\W_]|[.,;:!?]) {2,}(?=[^\W_])")
_LOOSE_STOP = re.compile(r"(?<=[^\W_]) (?=[.,](?:\s|$))")


@lru_cache(maxsize=128)
def typography(text: str, locale: str) -> tuple[Remark, ...]:
    """What a careful typesetter of the language would correct; a rule for each kind.

    Not for an SMS: it has few letters, and plain spaces and marks on purpose.
    """
    bare = without_links(text)
    own = _OF.get(locale.partition("-")[0])
    return tuple(sorted([*_everywhere(bare), *_gaps(text), *(own(bare) if own else ())]))


def _gaps(text: str) -> Iterator[Remark]:
    for found in _TWO_SPACES.finditer(text) if "  " in text else ():
        yield _remark(found, "double-space", "there is more than one space here", "leave one")


def _everywhere(text: str) -> Iterator[Remark]:
    for found in _DOTS.finditer(text):
        yield _remark(found, "three-dots", "three full stops stand for one sign", 'write "…"')
    for found in _LOOSE_STOP.finditer(text) if " ." in text or " ," in text else ():
        what = "a space stands before the full stop or comma"
        yield _remark(found, "space-before-stop", what, "take it out")


def _french(text: str) -> Iterator[Remark]:
    hint = "put a no-break space there (U+00A0 or U+202F), so that the mark never begins a line"
    entities = [found.span() for found in _ENTITY.finditer(text)]
    for shape in (_FRENCH_MARK, _FRENCH_AFTER_TAG):
        for found in shape.finditer(text):
            place = found.start("mark")
            if not inside(place, entities):
                what = f'a no-break space is missing before "{found["mark"]}"'
                yield Remark(place, place + 1, "fr-spacing", what, hint)
    for found in _FRENCH_OPENING.finditer(text):
        yield _remark(found, "fr-spacing", 'a no-break space is missing after "«"', hint)


def _spanish(text: str) -> Iterator[Remark]:
    since = 0
    for found in _SPANISH_END.finditer(text):
        line = text.rfind("\n", 0, found.start()) + 1
        said = text[max(since, line) : found.start()]
        since = found.end()
        opens = {"?": "¿", "!": "¡"}[found[0]]
        # Branches of a template may share one opening mark.
        branched = "\0" in said and ("¿" in text[line:since] or "¡" in text[line:since])
        if "¿" not in said and "¡" not in said and not branched and re.search(r"\w", said):
            what = f'"{found[0]}" has no "{opens}" before it'
            yield _remark(found, "es-opening-marks", what, f'open the sentence with "{opens}"')


def _turkish(text: str) -> Iterator[Remark]:
    for found in _TURKISH_PERCENT.finditer(text):
        what = "the percent sign stands behind its number"
        yield _remark(found, "tr-percent", what, "Turkish writes it before the number: %20")


def _russian(text: str) -> Iterator[Remark]:
    within = [span for span in quotations(text) if text[span[0]] == "«"]
    for found in _RUSSIAN_QUOTE.finditer(text):
        if not inside(found.start(), within):
            what = "the quotation marks are not Russian ones"
            yield _remark(found, "ru-quotes", what, "write «…», and „…“ inside of them")


def _remark(found: re.Match[str], rule: str, text: str, hint: str) -> Remark:
    return Remark(found.start(), found.end(), rule, text, hint)


_OF: dict[str, Callable[[str], Iterator[Remark]]] = {
    "fr": _french,
    "es": _spanish,
    "tr": _turkish,
    "ru": _russian,
}
