"""Each thing that a finished text is read for, as remarks under the names of the linter's rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from crisisctl.messages.proof import (
    breach,
    cues,
    elements,
    fairness,
    language,
    personal,
    promises,
    register,
    tone,
)
from crisisctl.messages.proof.accusations import Accusations, accused
from crisisctl.messages.proof.apologies import conditional_apologies
from crisisctl.messages.proof.breach import Breach, Reader
from crisisctl.messages.proof.elements import Form
from crisisctl.messages.proof.leftovers import leftovers
from crisisctl.messages.proof.personal import Own
from crisisctl.messages.proof.placeholders import left_behind, placeholders
from crisisctl.messages.proof.quotations import inside
from crisisctl.messages.proof.reading import Fairness, telling
from crisisctl.messages.proof.remark import Remark
from crisisctl.messages.proof.secrets import secrets
from crisisctl.messages.proof.tone import Tone
from crisisctl.messages.proof.typography import typography
from crisisctl.playbook.model import MessageKind
from crisisctl.text import quoted

_TAGS = re.compile(r"<!doctype html|<html|</(?:p|div|td|a|body|span|table|li|h\d)>", re.IGNORECASE)


class Lists(Struct, frozen=True, eq=False):
    """The words of one language, and the stamps of drills."""

    tone: Tone | None
    elements: cues.Words | None
    fairness: Fairness | None
    breach: Breach | None
    promises: promises.Lists | None
    languages: language.Lists
    accusations: Accusations | None
    stamps: frozenset[str]


class View(Struct, frozen=True):
    """What a text is read as; with the text it is the key by which it is read only once."""

    locale: str
    kind: MessageKind | None
    form: Form
    public: bool
    staff: bool
    authority: bool
    plain: bool
    heading: str
    own: Own
    lists: Lists


def looks_like_html(text: str) -> bool:
    """Whether a text is a page or a part of one, tags and all."""
    return "<" in text and _TAGS.search(text) is not None


def _left_over(text: str, view: View) -> Iterator[Remark]:
    hint = "write the words that belong there"
    told: list[tuple[int, int]] = []
    for left in leftovers(text):
        word = quoted(text[left.start : left.end])
        told.append((left.start, left.end))
        if left.contact:
            what, how = f"{word} leads nowhere", "give the real address or number"
            yield Remark(left.start, left.end, "contact-placeholder", what, how)
        else:
            what = f"{word} was never filled in"
            yield Remark(left.start, left.end, "placeholder-left", what, hint)
    html = looks_like_html(text)
    last = 0
    for start, end in sorted([*placeholders(text), *left_behind(text)]):
        word = text[start:end]
        passed = word.strip("[]") in view.lists.stamps or (html and word.startswith("<"))
        again = start < last or inside(start, told) or inside(end - 1, told)
        if not (passed or again):
            last = end
            what = f"customers would read {quoted(word)}"
            yield Remark(start, end, "placeholder-left", what, hint)


def _private(text: str, view: View) -> Iterator[Remark]:
    how = "take it out, and change it: whoever has read this text knows it"
    for found in secrets(text):
        yield Remark(found.start, found.end, found.rule, found.text, how)
    for one in personal.personal(text, view.own, public=view.public):
        what = f"this looks like {one.what}"
        if view.public:
            what, how = f"{what}, where everyone can read it", "leave it out here"
            yield Remark(one.start, one.end, "public-personal-data", what, how)
        else:
            how = "name a role or a shared address; leave private numbers out"
            yield Remark(one.start, one.end, "personal-data", what, how)


def _heard(text: str, view: View) -> Iterator[Remark]:
    if view.lists.tone is not None:
        for remark in tone.heard(text, view.locale, view.lists.tone):
            if not (view.staff and remark.rule == "tone-jargon"):
                yield remark
    if view.lists.accusations is not None and not view.staff:
        yield from accused(text, view.locale, view.lists.accusations, frozenset({view.own.name}))
    if view.lists.elements is not None:
        yield from conditional_apologies(text, view.locale, view.lists.elements)


_FINISHED = {
    "missing-next-update": 'name the time of the next update: "Next update by 21:30"',
    "missing-contact": "give an e-mail address, a number or a link",
    "untimed-next-update": 'say by when: "by 21:30", even if nothing is new by then',
}
"""What to do about it in a finished text, which has no tags."""


def _said(text: str, view: View) -> Iterator[Remark]:
    words = view.lists.elements
    if view.kind is not None and words is not None:
        whole = f"{view.heading}\n\n{text}" if view.heading and view.form == "short" else text
        found = elements.missing(whole, view.locale, words, kind=view.kind, form=view.form)
        if ("next-update",) in elements.demands(view.kind, view.form):
            found += elements.untimed(text, view.locale, words)
        for one in found:
            hint = _FINISHED.get(one.rule, one.hint)
            yield Remark(one.start, one.end, one.rule, one.text, hint)
    if view.lists.promises is not None:
        yield from promises.without_time(text, view.locale, view.lists.promises)


def _fair(text: str, view: View) -> Iterator[Remark]:
    words, locale, staff = view.lists.fairness, view.locale, view.staff
    if words is None or not telling(text, locale, words):
        return
    yield from fairness.review_reward(text, locale, words, guide=staff)
    yield from fairness.review_request(text, locale, words, guide=staff)
    yield from fairness.legal_threat(text, locale, words, guide=staff)
    yield from fairness.waiver(text, locale, words, guide=staff)
    yield from fairness.unequal_remedy(text, locale, words, guide=staff)
    yield from fairness.review_gating(text, locale, words)
    if not staff:
        yield from fairness.public_accusation(text, locale, words)


_EARLY = ("notice", "holding", "update")
"""What goes out while nobody knows yet how far an attack went."""


def _about_data(text: str, view: View) -> Iterator[Remark]:
    words, locale = view.lists.breach, view.locale
    if view.authority and words is not None and view.form == "body":
        yield from _lacking(text, "authority", locale, words)
    if words is None or view.kind not in _EARLY:
        return
    if view.kind != "notice" or not breach.about_a_breach(text, locale, words):
        if breach.perhaps_a_breach(text, locale, words):
            yield from breach.soothing(text, locale, words)
        return
    if view.form == "body":
        yield from _lacking(text, "people", locale, words)
    yield from breach.marketing(text, locale, words)
    yield from breach.soothing(text, locale, words)
    yield from breach.credentials(text, locale, words)


def _lacking(text: str, reader: Reader, locale: str, words: Breach) -> Iterator[Remark]:
    whose = "people" if reader == "people" else "the authority"
    for element in breach.missing(text, (), locale, words, reader):
        what, hint = breach.ELEMENTS[element]
        law = breach.basis(element, reader, locale)
        told = f"the notice to {whose} does not say {what} ({law})"
        yield Remark(0, 0, "breach-notice-elements", told, hint)


def _written(text: str, view: View) -> Iterator[Remark]:
    words = dict(view.lists.languages).get(view.locale)
    if words is not None:
        yield from register.mixed(text, view.locale, words)
    if not view.plain:
        yield from typography(text, view.locale)


def in_another_language(text: str, view: View) -> list[Remark]:
    """Where a text is surely not in its language: what else is read in it means nothing."""
    found = language.language(text, view.locale, view.lists.languages)
    if found is None:
        return []
    place = language.wrong_language(text, view.locale, view.lists.languages)[0]
    own = language.NAMES[view.locale]
    what = f"this reads as {language.NAMES[found]}, and it is to be {own}"
    hint = f"translate it, or say that it is {language.NAMES[found]} ({found})"
    return [Remark(place.start, place.end, place.rule, what, hint)]


Check = Callable[[str, View], Iterator[Remark]]
ANYWHERE: tuple[Check, ...] = (_left_over, _private)
"""What is wrong in every language."""
IN_ITS_LANGUAGE: tuple[Check, ...] = (_heard, _said, _fair, _about_data, _written)
