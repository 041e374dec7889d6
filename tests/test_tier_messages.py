"""What the customers of a tier are told: the same honest words, and what is theirs alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache

import pytest
from test_shipped import (
    LOCALES,
    NOW,
    PARIS,
    PERSONAL,
    PLAYBOOKS,
    an_incident_that_knows,
    step_of,
    the_plan,
)

from crisisctl.incident.knowledge import confirmed
from crisisctl.messages.bulk.recipients import Recipient
from crisisctl.messages.bulk.render import Letters, Rendered, letters, rendered
from crisisctl.messages.channels import load_channels
from crisisctl.messages.formats import filters
from crisisctl.messages.kinds import kind_of
from crisisctl.messages.pack import Setting
from crisisctl.messages.proof.proofread import Setting as Proof
from crisisctl.messages.proof.proofread import proofread
from crisisctl.messages.proof.readers import PUBLIC
from crisisctl.messages.templates import find_template
from crisisctl.playbook.policy import Offer, Policy
from crisisctl.workspace import Workspace

CODE = "K7Q2M-9XWPD-4TRHB"
LAST_DAY = datetime(2027, 1, 26, 12, 0, tzinfo=UTC)
NAMES = ("code", "amount", "percent", "up_to", "refund", "until", "name")
TOLD = frozenset(f"customer_{name}" for name in NAMES)
MESSAGES = [
    (playbook, step.send.message)
    for playbook in PLAYBOOKS
    for _, step in the_plan(playbook).steps()
    if step.send and step.send.tiers
]
TEXTS = [(playbook, message, locale) for playbook, message in MESSAGES for locale in LOCALES]


def in_words(locale: str) -> dict[str, str]:
    """What a person gets, written for readers of a language."""
    write = filters(locale, PARIS)
    return {
        "customer_name": "Zoé Ünal-Петрова",
        "customer_code": CODE,
        "customer_amount": write["money"]("5.00 EUR"),
        "customer_percent": write["percent"](10),
        "customer_up_to": write["money"]("20.00 EUR"),
        "customer_refund": write["money"]("1234.50 EUR"),
        "customer_until": write["day"](LAST_DAY),
    }


def gives(offer: Offer) -> set[str]:
    """What a person with this offer has."""
    if offer.refund or offer.help:
        return {"refund"} if offer.refund else {"until"}
    known = {"code", "until"}
    if offer.amount or offer.credit:
        known.add("amount")
    if offer.percent is not None:
        known |= {"percent", "up_to"} if offer.up_to else {"percent"}
    return known


def policy_of(playbook: str) -> Policy:
    policy = the_plan(playbook).compensation
    assert policy is not None
    return policy


def parts(playbook: str, message: str) -> Iterator[set[str]]:
    """For each part of the policy that a message is for: what its customers have."""
    send = step_of(playbook, message).send
    assert send is not None
    policy = policy_of(playbook)
    yield from ({"refund"} for owed in policy.owed if owed.id in send.tiers)
    yield from (gives(tier.offer) for tier in policy.tiers if tier.id in send.tiers)


@cache
def the_letters(playbook: str, message: str, locale: str, channel: str) -> Letters:
    """A message with all the examples, ready to be written for a list of people."""
    plan = the_plan(playbook)
    names = {**confirmed(an_incident_that_knows(plan, plan.names()), now=NOW), "sent_at": NOW}
    setting = Setting(Workspace(), playbook, PARIS)
    return letters(setting, message, channel, names, [locale], TOLD)


def told(
    playbook: str, message: str, locale: str, channel: str, values: Mapping[str, str]
) -> Rendered:
    """The text for one person, as it is written for a list of people."""
    person = Recipient("zoe@a.example", locale, "", values, 2)
    found = rendered(the_letters(playbook, message, locale, channel), person)
    assert isinstance(found, Rendered)
    return found


def every_way(playbook: str, message: str, locale: str) -> Iterator[dict[str, str]]:
    """With nothing of a person, with their name, and with all that each part gives."""
    words = in_words(locale)
    name = {"customer_name": words["customer_name"]}
    yield {}
    yield name
    for known in parts(playbook, message):
        mine = {f"customer_{each}": words[f"customer_{each}"] for each in known}
        yield mine
        yield mine | name


def left_over(text: str) -> list[str]:
    """What nobody filled in, or filled in badly."""
    signs = ("{", "}", "None", "customer", "Undefined", "  ", "..", " ,", " .", "::", "( ", " )")
    found = [sign for sign in signs if sign in text]
    found += re.findall(r"\n\n\n|[,:]\.|^[.,;:]|\s\Z", text)
    return found


@pytest.mark.parametrize(("playbook", "message", "locale"), TEXTS)
@pytest.mark.parametrize("channel", PERSONAL)
def test_a_message_to_a_tier_has_no_flaw_with_and_without_what_is_a_persons_own(
    playbook: str, message: str, locale: str, channel: str
) -> None:
    send = step_of(playbook, message).send
    assert send is not None
    form = load_channels(Workspace()).get(channel)
    for values in every_way(playbook, message, locale):
        text = told(playbook, message, locale, channel, values)
        setting = Proof(
            Workspace(),
            locale,
            kind=kind_of(send),
            form="body" if form.form == "body" else "short",
            plain=channel == "sms",
            heading=text.heading,
        )

        assert proofread(text.body, setting) == (), sorted(values)
        assert left_over(text.body) == [], sorted(values)
        assert left_over(text.heading) == [], sorted(values)


@pytest.mark.parametrize(("playbook", "message", "locale"), TEXTS)
def test_a_mail_says_all_that_is_a_persons_own(playbook: str, message: str, locale: str) -> None:
    for values in every_way(playbook, message, locale):
        if "customer_until" in values and message == "card-help":
            continue  # there is no last day for a new card
        text = told(playbook, message, locale, "email", values).body
        missing = [name for name, value in values.items() if value not in text]
        assert missing == []


@pytest.mark.parametrize(("playbook", "message", "locale"), TEXTS)
def test_a_code_is_in_the_sms_and_never_on_a_lock_screen(
    playbook: str, message: str, locale: str
) -> None:
    for values in every_way(playbook, message, locale):
        sms = told(playbook, message, locale, "sms", values)
        push = told(playbook, message, locale, "push", values)

        assert (CODE in sms.body) is ("customer_code" in values)
        assert CODE not in push.heading + push.body


@pytest.mark.parametrize(("playbook", "message"), MESSAGES)
def test_what_is_a_persons_own_goes_to_that_person_alone(playbook: str, message: str) -> None:
    send = step_of(playbook, message).send
    assert send is not None
    assert set(send.channels) <= set(PERSONAL)
    assert not set(send.channels) & set(PUBLIC)


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_everybody_who_gets_something_is_told_once(playbook: str) -> None:
    policy = policy_of(playbook)
    written = [
        tier for _, step in the_plan(playbook).steps() if step.send for tier in step.send.tiers
    ]
    silent = [tier.id for tier in policy.tiers if tier.offer.apology]

    assert sorted([*written, *silent]) == sorted(policy.titles)


@pytest.mark.parametrize(("playbook", "message"), MESSAGES)
def test_a_message_speaks_of_nothing_that_no_part_of_the_policy_gives(
    playbook: str, message: str
) -> None:
    known = {f"customer_{name}" for each in parts(playbook, message) for name in each}
    spoken = find_template(Workspace(), playbook, message, "en", PARIS).names & TOLD

    assert spoken <= known | {"customer_name"}


def test_a_breach_is_followed_by_no_coupon() -> None:
    assert all(tier.offer.help for tier in policy_of("breach").tiers)
    for message in (name for playbook, name in MESSAGES if playbook == "breach"):
        spoken = find_template(Workspace(), "breach", message, "en", PARIS).names
        assert not spoken & {"customer_code", "customer_percent", "customer_amount"}
