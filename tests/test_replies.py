"""Drafts of answers to reviews: for every topic and language, usable, fair, and never copies."""

from __future__ import annotations

from itertools import pairwise

import pytest

from crisisctl.errors import CrisisError
from crisisctl.messages.channels import Channel, load_channels
from crisisctl.messages.proof.own import own_of
from crisisctl.messages.proof.proofread import Setting
from crisisctl.reviews.phrases import TOPICS as ASPECTS
from crisisctl.reviews.replies import (
    MOST_ALIKE,
    Draft,
    Occasion,
    Replies,
    draft,
    given_name,
    likeness,
    load_replies,
)
from crisisctl.reviews.review import TOPICS, Review
from crisisctl.reviews.shelf import Heard
from crisisctl.runner.reviews import checked
from crisisctl.workspace import Workspace

LOCALES = ("en", "fr", "es", "tr", "ru")
KNOWN = {
    "name": "Marie",
    "product": "Ember 2",
    "day": "27 November 2026",
    "brand": "Kestrel",
    "contact": "help@kestrel.example",
    "signer": "Jo",
    "platform": "Google Play",
}
FEWEST = {name: KNOWN[name] for name in ("brand", "contact")}
EVERY = [(topic, aspect) for topic in TOPICS for aspect in ("", *ASPECTS.get(topic, ()))]


def channel(name: str) -> Channel:
    return load_channels(Workspace()).get(name)


def replies(locale: str) -> Replies:
    found = load_replies(Workspace(), locale)
    assert found is not None
    return found


def heard(topic: str, aspect: str = "", *, key: str = "r1", safety: bool = False) -> Heard:
    review = Review(key, 0, 1.0, "Bad", author="Marie D.")
    return Heard(review, "en", "negative", topic, aspect, safety)


def drafted(
    locale: str,
    about: Heard,
    on: str = "review",
    values: dict[str, str] = KNOWN,
    recent: tuple[str, ...] = (),
) -> Draft:
    return draft(replies(locale), about, Occasion(locale, channel(on), values, recent=recent))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("on", ["review", "google-play"])
def test_every_topic_and_aspect_has_a_draft_in_which_nothing_is_wrong(locale: str, on: str) -> None:
    own = own_of(Workspace(), [KNOWN["contact"]])
    form = "body" if channel(on).form == "body" else "short"
    setting = Setting(Workspace(), locale, kind="reply", form=form, public=True, own=own)
    told = [heard(topic, aspect) for topic, aspect in EVERY] + [heard("product", safety=True)]

    wrong = {}
    for about in told:
        for values in (KNOWN, FEWEST):
            text = drafted(locale, about, on, values).text
            found = checked(text, channel(on), setting, ())
            if found.too_long or found.flaws:
                wrong[about.topic, about.aspect] = (text, found.too_long, found.flaws)

    assert wrong == {}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("on", ["review", "google-play"])
def test_ten_answers_in_a_row_about_the_same_are_never_copies(locale: str, on: str) -> None:
    given: list[str] = []
    for number in range(10):
        about = heard("delivery", "late", key=f"r{number}")
        given.append(drafted(locale, about, on, recent=tuple(given)).text)

    for before, after in pairwise(given):
        assert likeness(after, [before]) < MOST_ALIKE
    assert len(set(given)) == 10


def test_harm_has_answers_of_its_own() -> None:
    assert drafted("en", heard("product", "broken", safety=True)).topic == "safety"


def test_a_draft_greets_by_name_where_there_is_one() -> None:
    assert "Marie" in drafted("en", heard("delivery")).text.partition("\n")[0]
    assert "Marie" not in drafted("en", heard("delivery"), values=FEWEST).text


def test_the_standard_strategy_takes_the_short_answer() -> None:
    occasion = Occasion("en", channel("review"), KNOWN, strategy="standard")
    short = draft(replies("en"), heard("delivery", "late"), occasion).text

    assert len(short) < len(drafted("en", heard("delivery", "late")).text)


def test_the_same_review_gets_the_same_draft_again() -> None:
    one, again = (drafted("fr", heard("support", "silent")) for _ in range(2))

    assert one == again


def test_without_brand_and_contact_there_is_no_draft() -> None:
    with pytest.raises(CrisisError, match="not known yet"):
        drafted("en", heard("delivery"), values={})


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Marie Dupont", "Marie"),
        ("Jean-Luc", "Jean-Luc"),
        ("Ольга К.", "Ольга"),
        ("A Google user", ""),
        ("xX_dragon_99", ""),
        ("MARIE", ""),
        ("Customer 4711", ""),
        ("{{ 7*7 }}", ""),
        ("", ""),
    ],
)
def test_only_what_looks_like_a_first_name_is_used_as_one(author: str, name: str) -> None:
    assert given_name(author) == name
