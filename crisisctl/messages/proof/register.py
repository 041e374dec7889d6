"""Whether a text addresses its readers in one way: tu or vous, tú or usted, sen or siz."""

from __future__ import annotations

import re
from functools import lru_cache

from crisisctl.messages.proof.language import Words
from crisisctl.messages.proof.match import find
from crisisctl.messages.proof.quotations import inside, quotations
from crisisctl.messages.proof.remark import Remark

_NAMED = {
    "fr": ("tu", "vous"),
    "es": ("tú", "usted"),
    "tr": ("sen", "siz"),
    "ru": ("ты", "вы"),
}
_POLITE_YOU = re.compile(
    r"(?<![\w-])([Вв])(?:ы|ас|ам|ами|аш|аш[аеиу]|аш(?:его|ему|ими?|ем|их|ей))(?![\w-])"
)
_IN_SENTENCE = re.compile(r"[а-яёА-ЯЁ0-9,)»][ \u00a0]$")


@lru_cache(maxsize=128)
def mixed(text: str, locale: str, words: Words) -> tuple[Remark, ...]:
    """The places of the rarer register, where a text has two."""
    remarks = list(_capitals(text)) if locale == "ru" else []
    # Most texts are polite throughout: then the longer list need not be read.
    found = {"familiar": _places(text, locale, words.familiar, words.but)}
    if found["familiar"] and locale in _NAMED:
        found["polite"] = _places(text, locale, words.polite, words.but)
    if len(found) > 1 and all(found.values()):
        familiar, polite = _NAMED[locale]
        rare = min(found, key=lambda name: len(found[name]))
        this, other = (familiar, polite) if rare == "familiar" else (polite, familiar)
        for start, end in found[rare]:
            what = f'"{text[start:end]}" says "{this}"; the rest of the text says "{other}"'
            remarks.append(Remark(start, end, "mixed-register", what, f'say "{other}" throughout'))
    return tuple(sorted(remarks))


def _places(
    text: str, locale: str, phrases: tuple[str, ...], but: tuple[str, ...]
) -> list[tuple[int, int]]:
    passed = [(m.start, m.end) for m in find(but, text, locale, quoted=True)]
    return [(m.start, m.end) for m in find(phrases, text, locale) if not inside(m.start, passed)]


def _capitals(text: str) -> list[Remark]:
    """A polite «вы» is written large throughout or small throughout."""
    quoted = quotations(text)
    places: dict[bool, list[re.Match[str]]] = {True: [], False: []}
    for found in _POLITE_YOU.finditer(text):
        before = text[max(0, found.start() - 2) : found.start()]
        if _IN_SENTENCE.search(before) and not inside(found.start(), quoted):
            places[found[1].isupper()].append(found)
    if not all(places.values()):
        return []
    rare = min(places, key=lambda large: len(places[large]))
    how = ("with a small letter", "with a capital")[not rare]
    return [
        Remark(
            found.start(),
            found.end(),
            "mixed-register",
            f'"{found[0]}" is written {"with a capital" if rare else "with a small letter"} here,'
            f" and {how} elsewhere",
            f"write it {how} throughout",
        )
        for found in places[rare]
    ]
