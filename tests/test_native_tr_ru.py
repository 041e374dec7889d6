"""Turkish and Russian messages as shops write them: honest ones pass, bad ones are caught."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from crisisctl.messages.proof import breach, elements, fairness, language, tone
from crisisctl.messages.proof.apologies import conditional_apologies
from crisisctl.messages.proof.breach import breach_words
from crisisctl.messages.proof.cues import words_of
from crisisctl.messages.proof.elements import Form
from crisisctl.messages.proof.reading import fairness_words
from crisisctl.messages.proof.register import mixed
from crisisctl.messages.proof.remark import Remark
from crisisctl.messages.proof.typography import typography
from crisisctl.playbook.form import Model
from crisisctl.playbook.load import validated
from crisisctl.playbook.model import MessageKind
from crisisctl.playbook.reader import read_file
from crisisctl.workspace import Workspace

HOME = Workspace()
LOCALES = ("tr", "ru")
DATA = Path(__file__).parent / "native"


class Message(Model, frozen=True, kw_only=True):
    """A message, and by rule what must be found in it: a place begins with these words."""

    name: str
    kind: MessageKind
    form: Form = "body"
    text: str
    found: dict[str, tuple[str, ...]] = {}


class Messages(Model, frozen=True, kw_only=True):
    """The messages of one language."""

    honest: tuple[Message, ...]
    bad: tuple[Message, ...]
    fine: tuple[str, ...]
    """Single lines in which nothing is wrong."""
    caught: dict[str, tuple[str, ...]]
    """Single lines by the rule that must speak up."""


@cache
def messages(locale: str) -> Messages:
    document = read_file(DATA / f"{locale}.yaml")
    found, problems = validated(Messages, document.value, document)
    assert not document.problems
    assert found is not None, problems
    return found


def remarks(message: Message, locale: str) -> Iterator[tuple[str, str]]:
    """Every rule that speaks up, and the words it speaks of."""
    text = message.text.rstrip("\n")
    found = [*_said(message, text, locale), *_worded(text, locale)]
    found += _fair(text, locale, guide=message.kind == "brief")
    if message.kind == "notice":
        found += _about_a_breach(text, locale)
    yield from ((remark.rule, text[remark.start : remark.end]) for remark in found)


def _said(message: Message, text: str, locale: str) -> Iterator[Remark]:
    words = words_of(HOME, locale)
    assert words is not None
    yield from elements.missing(text, locale, words, kind=message.kind, form=message.form)
    yield from elements.untimed(text, locale, words)


def _worded(text: str, locale: str) -> Iterator[Remark]:
    words, lists = words_of(HOME, locale), language.words_of(HOME)
    assert words is not None
    yield from tone.remarks(text, locale, HOME)
    yield from conditional_apologies(text, locale, words)
    yield from language.wrong_language(text, locale, lists)
    yield from mixed(text, locale, dict(lists)[locale])
    yield from typography(text, locale)


def _fair(text: str, locale: str, *, guide: bool) -> Iterator[Remark]:
    words = fairness_words(HOME, locale)
    assert words is not None
    checks = [fairness.review_reward, fairness.review_request, fairness.legal_threat]
    for check in [*checks, fairness.waiver, fairness.unequal_remedy]:
        yield from check(text, locale, words, guide=guide)
    for judge in (fairness.review_gating, fairness.public_accusation):
        yield from judge(text, locale, words)


def _about_a_breach(text: str, locale: str) -> Iterator[Remark]:
    words = breach_words(HOME, locale)
    assert words is not None
    for element in breach.missing(text, (), locale, words, "people"):
        yield Remark(0, 0, f"breach-missing-{element}", element, "")
    yield from breach.marketing(text, locale, words)
    yield from breach.soothing(text, locale, words)
    yield from breach.credentials(text, locale, words)


def every(which: str) -> list[object]:
    """The messages of both languages, each under its name."""
    return [
        pytest.param(locale, message, id=f"{locale}-{message.name}")
        for locale in LOCALES
        for message in getattr(messages(locale), which)
    ]


@pytest.mark.parametrize(("locale", "message"), every("honest"))
def test_nothing_is_found_in_an_honest_message(locale: str, message: Message) -> None:
    assert list(remarks(message, locale)) == []


@pytest.mark.parametrize(("locale", "message"), every("bad"))
def test_what_is_bad_in_a_message_is_found(locale: str, message: Message) -> None:
    found = list(remarks(message, locale))

    missed = [
        (rule, words)
        for rule, expected in message.found.items()
        for words in expected
        if not _among(found, rule, words)
    ]
    assert not missed, found


def _among(found: Iterable[tuple[str, str]], rule: str, words: str) -> bool:
    plain = " ".join(words.split())
    return any(rule == told and _same(" ".join(place.split()), plain) for told, place in found)


def _same(place: str, words: str) -> bool:
    """Whether a finding shows these words, give or take an ending or a word beside them."""
    return words in place or (bool(place) and place in words)


def told(line: str, locale: str) -> list[tuple[str, str]]:
    """What is found in a single line, of which no message's elements are asked."""
    found = [*_worded(line, locale), *_fair(line, locale, guide=False)]
    return [(remark.rule, line[remark.start : remark.end]) for remark in found]


@pytest.mark.parametrize("locale", LOCALES)
def test_a_line_that_only_looks_bad_is_left_alone(locale: str) -> None:
    assert [
        (line, told(line, locale)) for line in messages(locale).fine if told(line, locale)
    ] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_a_bad_line_is_caught(locale: str) -> None:
    missed = [
        (rule, line)
        for rule, lines in messages(locale).caught.items()
        for line in lines
        if rule not in dict(told(line, locale))
    ]

    assert missed == []
