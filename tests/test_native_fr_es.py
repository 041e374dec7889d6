"""Whole messages as shops write them in French and Spanish: the honest pass, the bad are caught.

The texts stand in `tests/native/<locale>.yaml`, each under a name of its own: `kind` is the
message's kind, `form` its form, `breach` a notice about stolen data. What `found` lists must be
found, as `rule: words` or, where something is missing, as the rule alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from crisisctl.messages.proof import breach, elements, fairness, language, tone
from crisisctl.messages.proof.apologies import conditional_apologies
from crisisctl.messages.proof.cues import words_of
from crisisctl.messages.proof.reading import fairness_words
from crisisctl.messages.proof.register import mixed
from crisisctl.messages.proof.remark import Remark
from crisisctl.messages.proof.typography import typography
from crisisctl.workspace import Workspace

HERE = Path(__file__).parent / "native"
HOME = Workspace()
LOCALES = ("fr", "es")


@dataclass(frozen=True)
class Told:
    """A message, and what must be found in it."""

    locale: str
    name: str
    text: str
    kind: Any
    form: Any
    is_breach: bool
    found: tuple[str, ...]


def listed(locale: str, which: str) -> Any:
    return yaml.safe_load((HERE / f"{locale}.yaml").read_text("utf-8"))[which]


def messages(which: str) -> list[Any]:
    rows = []
    for locale in LOCALES:
        for name, entry in listed(locale, which).items():
            told = Told(
                locale,
                name,
                entry["text"].strip(),
                entry.get("kind"),
                entry.get("form", "body"),
                entry.get("breach", False),
                tuple(entry.get("found", ())),
            )
            rows.append(pytest.param(told, id=f"{locale}-{name}"))
    return rows


@cache
def lists() -> language.Lists:
    return language.words_of(HOME)


def remarks(told: Told) -> list[Remark]:
    """Everything that the checks of words have to say about a message."""
    text, locale = told.text, told.locale
    found = [*tone.remarks(text, locale, HOME), *typography(text, locale)]
    found += mixed(text, locale, dict(lists())[locale])
    found += language.wrong_language(text, locale, lists())
    return [*found, *_elements(told), *_fairness(text, locale), *_breach(told)]


def _elements(told: Told) -> list[Remark]:
    words = words_of(HOME, told.locale)
    assert words is not None
    found = conditional_apologies(told.text, told.locale, words)
    if told.kind is None:
        return found
    found += elements.missing(told.text, told.locale, words, kind=told.kind, form=told.form)
    if ("next-update",) in elements.demands(told.kind, told.form):
        found += elements.untimed(told.text, told.locale, words)
    return found


def _fairness(text: str, locale: str) -> list[Remark]:
    words = fairness_words(HOME, locale)
    assert words is not None
    return [
        *fairness.review_reward(text, locale, words),
        *fairness.review_request(text, locale, words),
        *fairness.review_gating(text, locale, words),
        *fairness.legal_threat(text, locale, words),
        *fairness.waiver(text, locale, words),
        *fairness.unequal_remedy(text, locale, words),
        *fairness.public_accusation(text, locale, words),
    ]


def _breach(told: Told) -> list[Remark]:
    if not told.is_breach:
        return []
    words = breach.breach_words(HOME, told.locale)
    assert words is not None
    missing = breach.missing(told.text, (), told.locale, words, "people")
    return [
        *(Remark(0, 0, f"breach-lacks-{element}", "", "") for element in missing),
        *breach.marketing(told.text, told.locale, words),
        *breach.soothing(told.text, told.locale, words),
        *breach.credentials(told.text, told.locale, words),
    ]


def shown(told: Told, remark: Remark) -> str:
    words = " ".join(told.text[remark.start : remark.end].split())
    return f"{remark.rule}: {words}" if words else remark.rule


@pytest.mark.parametrize("told", messages("honest"))
def test_an_honest_message_has_no_remark(told: Told) -> None:
    assert [shown(told, remark) for remark in remarks(told)] == []


SENTENCES = [
    Told(locale, "sentence", text, None, "body", False, ())
    for locale in LOCALES
    for text in listed(locale, "sentences")
]


@pytest.mark.parametrize("told", SENTENCES, ids=lambda told: told.text[:40])
def test_an_honest_sentence_close_to_a_listed_phrase_has_no_remark(told: Told) -> None:
    assert [shown(told, remark) for remark in remarks(told)] == []


CAUGHT = [
    pytest.param(rule, Told(locale, rule, text, None, "body", False, ()), id=text[:40])
    for locale in LOCALES
    for rule, text in listed(locale, "caught")
]


@pytest.mark.parametrize(("rule", "told"), CAUGHT)
def test_a_hollow_or_unfair_sentence_is_found(rule: str, told: Told) -> None:
    assert rule in {remark.rule for remark in remarks(told)}


@pytest.mark.parametrize("told", messages("bad"))
def test_what_is_bad_in_a_message_is_found(told: Told) -> None:
    found = {shown(told, remark) for remark in remarks(told)}

    assert sorted(set(told.found) - found) == [], sorted(found)
