"""What a notice about a breach of personal data must say, and what it must not.

Sources: GDPR Art. 34(2) for the people concerned and Art. 33(3) for the
authority; in Turkish also decision 2019/271 of the KVKK Board (when, and which
kinds of data); in Russian, to the authority, 152-FZ Art. 21(3.1). A check of
words, not of their truth, and not legal advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from crisisctl.messages.proof.match import Match
from crisisctl.messages.proof.phrases import Cut, cut, places, possible
from crisisctl.messages.proof.reading import endings_in, shown
from crisisctl.messages.proof.remark import Remark
from crisisctl.messages.proof.words import load_words
from crisisctl.playbook.form import Model
from crisisctl.workspace import Workspace

Phrases = tuple[str, ...]
Reader = Literal["people", "authority"]
"""Whom a notice is for."""


class Breach(Model, frozen=True, kw_only=True):
    """The words of one language; what each list is for stands in the English file."""

    subject: Phrases
    alarm: Phrases = ()
    nature: Phrases
    data: Phrases
    when: Phrases
    people: Phrases
    records: Phrases
    consequences: Phrases
    measures: Phrases
    advice: Phrases
    contact: Phrases
    cause: Phrases
    marketing: Phrases
    soothing: Phrases
    asks: Phrases
    denials: Phrases
    endings: Phrases


ELEMENTS: dict[str, tuple[str, str]] = {
    "nature": ("what happened", "say who could see, copy or lose what, in plain words"),
    "data": ("which data it is about", "name the kinds of data: names, addresses, passwords …"),
    "when": ("when it happened", "give the day, or from when until when"),
    "people": ("how many people it is about", "give the number as well as you know it now"),
    "records": ("how many records it is about", "give the number as well as you know it now"),
    "consequences": (
        "what it may lead to",
        "say what others could do with the data, such as false e-mails in your name",
    ),
    "measures": ("what you have done about it", "say what you have done and what you are doing"),
    "advice": ("what people can do", "say how they can protect themselves"),
    "contact": ("whom to ask", "give the data protection officer or another contact"),
    "cause": ("the presumed cause", "give what you presume, and say that you presume it"),
}
"""What a notice says: in the words of a finding, and how to mend it."""

# What a fact says is told by its name: templates print `{{ people_affected }}`.
_BY_NAME: dict[str, re.Pattern[str]] = {
    "nature": re.compile(r"what_happened|nature"),
    "data": re.compile(r"(?:^|_)(?:data|categor)"),
    "when": re.compile(r"_(?:at|on|from|until|since)$|date|when|period"),
    "people": re.compile(r"people|persons|customers|subjects|affected|accounts"),
    "records": re.compile(r"records|entries|rows"),
    "consequences": re.compile(r"consequence|risk|harm"),
    "measures": re.compile(r"measure|action|remed|done"),
    "advice": re.compile(r"advice|protect|recommend"),
    "contact": re.compile(r"email|phone|contact|dpo|hotline|help"),
    "cause": re.compile(r"cause|reason"),
}
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,63}")
_LOGIN_NAME = re.compile(
    r"(?:login|log_in|signin|sign_in|reset|account|verif\w{0,6}).{0,20}(?:url|link)$"
)
_LOGIN_LINK = re.compile(
    r"https?://[^\s\0]{0,200}?"
    r"[/._-](?:log-?in|sign-?in|connexion|iniciar-sesion|acceso|giris|vhod|verify|password)\b",
    re.IGNORECASE,
)
_REWARD_NAME = re.compile(r"voucher|coupon|discount|promo|offer")


def breach_words(workspace: Workspace, locale: str) -> Breach | None:
    """The words of a language; None where there are none."""
    return load_words(workspace, "breach", locale, Breach)


def about_a_breach(text: str, locale: str, words: Breach) -> bool:
    """Whether a title or a name says that it is about a breach of data."""
    return bool(places(words.subject, text, locale))


def perhaps_a_breach(text: str, locale: str, words: Breach) -> bool:
    """Whether a text tells of an attack: then nobody can know yet that no data is out."""
    return bool(places(words.alarm, text, locale))


def required(reader: Reader, locale: str) -> tuple[str, ...]:
    """What a notice must say."""
    if reader == "people":
        known = ("nature", "consequences", "measures", "advice", "contact")
        return ("nature", "when", "data", *known[1:]) if locale == "tr" else known
    if locale == "ru":
        return ("nature", "cause", "consequences", "measures", "contact")
    return ("nature", "data", "people", "records", "consequences", "measures", "contact")


def basis(element: str, reader: Reader, locale: str) -> str:
    """The law that wants it."""
    if reader == "authority":
        return "152-FZ Art. 21(3.1)" if locale == "ru" else "GDPR Art. 33(3)"
    if element in {"when", "data"}:
        return "KVKK Board decision 2019/271"
    return "GDPR Art. 34(2)"


def missing(
    text: str, facts: Iterable[str], locale: str, words: Breach, reader: Reader
) -> list[str]:
    """The elements that neither the words nor the printed facts of a notice give."""
    names = set(facts)
    return [
        element
        for element in required(reader, locale)
        if not any(_BY_NAME[element].search(name) for name in names)
        and not _said(element, text, locale, words)
    ]


def _said(element: str, text: str, locale: str, words: Breach) -> bool:
    if element == "contact" and _ADDRESS.search(text):
        return True
    return bool(places(getattr(words, element), text, locale))


def marketing(text: str, locale: str, words: Breach) -> Iterator[Remark]:
    """Advertising in a text about a breach."""
    for match in _undenied(words.marketing, text, locale, words):
        yield Remark(
            match.start,
            match.end,
            "breach-marketing",
            f'"{shown(text, match.start, match.end)}" advertises in a message about a data breach',
            "leave it out; help with the harm instead, such as a new card or watching accounts",
        )


def soothing(text: str, locale: str, words: Breach) -> Iterator[Remark]:
    """Comfort that nobody can give yet."""
    for match in _undenied(words.soothing, text, locale, words):
        yield Remark(
            match.start,
            match.end,
            "breach-soothing",
            f'"{shown(text, match.start, match.end)}" comforts people whose data may be out',
            "say what you have checked and what people can do now",
        )


def credentials(text: str, locale: str, words: Breach) -> Iterator[Remark]:
    """Asking for passwords or card data, or leading to a page that does."""
    found = list(_undenied(words.asks, text, locale, words))
    found += [Match(*link.span()) for link in _LOGIN_LINK.finditer(text)]
    for match in sorted(found, key=lambda match: match.start):
        yield Remark(
            match.start,
            match.end,
            "breach-credentials",
            f'"{shown(text, match.start, match.end)}" asks for secrets or leads to a log-in page',
            "let people type your address themselves, and say that you never ask for passwords",
        )


def leads_to_login(fact: str) -> bool:
    """Whether a fact, by its name, is the address of a page that asks for a password."""
    return bool(_LOGIN_NAME.search(fact))


def advertises(fact: str) -> bool:
    """Whether a fact, by its name, is something to lure customers with."""
    return bool(_REWARD_NAME.search(fact))


def _undenied(phrases: Phrases, text: str, locale: str, words: Breach) -> Iterator[Match]:
    """The phrases that no "never" or "not" before them in the sentence takes back."""
    if not possible(phrases, text, locale):
        return
    parts = cut(text, locale)
    for match in places(phrases, text, locale):
        if not _denied(match, parts, locale, words):
            yield match


def _denied(match: Match, parts: Cut, locale: str, words: Breach) -> bool:
    start, end = parts.span(parts.at(match.start))
    before = parts.folded[max(start, match.start - 60) : match.start]
    if places(words.denials, before, locale):
        return True
    if not words.endings:
        return False
    after = parts.folded[match.end : min(end, match.end + 60)]
    return bool(endings_in(words.endings, locale).search(after))
