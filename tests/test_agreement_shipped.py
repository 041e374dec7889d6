"""The shipped outage messages say one thing on every channel and in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from crisisctl.lint import gather, read, samples
from crisisctl.lint.subject import Book
from crisisctl.messages.agreement.compare import differences
from crisisctl.messages.agreement.earlier import against_earlier
from crisisctl.messages.agreement.said import Said
from crisisctl.messages.agreement.stated import stated
from crisisctl.messages.channels import load_channels
from crisisctl.messages.formats import LOCALES
from crisisctl.messages.pack import Setting, render_pack
from crisisctl.playbook.model import Send
from crisisctl.workspace import Workspace

ROOT = Path(__file__).parent.parent
HERE = Workspace()
PARIS = ZoneInfo("Europe/Paris")
BEGAN = datetime(2026, 11, 27, 20, 14, tzinfo=PARIS)
CHANNELS = ("homepage", "status-page", "x", "sms", "push", "email")
"""One of each form that the templates know."""
MESSAGES = ("holding", "internal-brief", "update", "resolved", "apology-offer", "public-report")
STORY = ("holding", "update", "resolved", "apology-offer", "public-report")


@cache
def outage() -> Book:
    job = gather.gathered([ROOT / "playbooks" / "outage.yaml"], ROOT)[0][0]
    return read.book(job, date(2026, 11, 27))[0]


def a_pack(message: str, names: Mapping[str, object]) -> list[Said]:
    channels = load_channels(HERE)
    send = Send(message=message, channels=CHANNELS, to="customers")
    pack = render_pack(Setting(HERE, "outage", PARIS), send, names, LOCALES)
    return [
        Said(
            one.channel,
            one.locale,
            one.body,
            one.heading,
            channels.get(one.channel).form == "short",
        )
        for one in pack.texts
    ]


def variants() -> Iterator[tuple[str, dict[str, object]]]:
    """The example with each choice taken, and each fact missing that may be."""
    story = samples.story(outage())
    for name, fact in samples.cast(outage()).items():
        for other in fact.others:
            yield f"{name}={other}", {**story, name: other}
        if fact.may_lack:
            yield f"no {name}", {key: value for key, value in story.items() if key != name}


NEEDED = {"no cause", "no eta", "no next_update", "no data_loss", "no double_charges"}
"""Facts without which every message can be written."""
VARIANTS = [
    pytest.param(names, id=label)
    for label, names in variants()
    if not label.startswith("no ") or label in NEEDED
]


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("values", [samples.story, samples.long_story])
def test_no_channel_and_no_language_says_anything_else(message: str, values: object) -> None:
    assert callable(values)

    assert differences(a_pack(message, values(outage())), HERE) == []


@pytest.mark.slow
@pytest.mark.parametrize("names", VARIANTS)
def test_nor_with_any_choice(names: dict[str, object]) -> None:
    for message in MESSAGES:
        assert differences(a_pack(message, names), HERE) == [], message


@pytest.mark.parametrize("message", ["holding", "update"])
@pytest.mark.parametrize("locale", LOCALES)
def test_the_times_of_a_message_are_all_understood(message: str, locale: str) -> None:
    pack = a_pack(message, samples.story(outage()))
    body = next(one for one in pack if (one.channel, one.locale) == ("email", locale))

    purposes = [one.purpose for one in stated(body, HERE).times]

    assert purposes == ["since", "eta", "next_update"]


CAUSES = list(outage().plan.facts["cause"].choices)


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("message", [*STORY, "internal-brief"])
def test_each_cause_is_understood_in_each_language(message: str, cause: str) -> None:
    names = {**samples.story(outage()), "cause": cause, "shortcomings": ("noticed-late",)}

    for said in a_pack(message, names):
        if said.channel == "email":
            assert {one.means for one in stated(said, HERE).causes} == {cause}, said.locale


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("part", [*outage().plan.facts["functions_down"].choices])
def test_each_part_that_is_down_is_understood_in_each_language(part: str, locale: str) -> None:
    names = {**samples.story(outage()), "functions_down": (part,), "checkout": "all"}
    pack = a_pack("holding", names)
    body = next(one for one in pack if (one.channel, one.locale) == ("email", locale))

    assert {one.means for one in stated(body, HERE).scope} == {part}


def the_story(names: Mapping[str, object]) -> Iterator[tuple[list[Said], list[Said]]]:
    """Each message of the example walk with all that was said before it."""
    before: list[Said] = []
    for number, message in enumerate(STORY):
        early = {"eta", "cause"} if message == "holding" else set()
        known = {key: value for key, value in names.items() if key not in early}
        at = BEGAN + timedelta(minutes=25 * number)
        now = [replace(one, at=at, audience="customers") for one in a_pack(message, known)]
        yield now, before
        before = [*before, *now]


@pytest.mark.parametrize("values", [samples.story, samples.long_story])
def test_the_story_from_holding_to_report_contradicts_nothing_it_said(values: object) -> None:
    assert callable(values)

    for now, before in the_story(values(outage())):
        for said in now:
            assert against_earlier(said, before, HERE) == [], said


@pytest.mark.parametrize("locale", LOCALES)
def test_an_end_that_moves_between_two_updates_is_found_in_every_language(locale: str) -> None:
    story = samples.story(outage())
    eta = story["eta"]
    assert isinstance(eta, datetime)
    first = [replace(one, at=BEGAN) for one in a_pack("update", story)]
    later = a_pack("update", {**story, "eta": eta + timedelta(hours=2)})

    for said in later:
        if said.locale == locale and said.channel not in ("homepage", "push"):
            found = against_earlier(said, first, HERE)
            assert [(one.kind, one.severity) for one in found] == [("eta", "warning")]


@pytest.mark.parametrize("locale", LOCALES)
def test_one_cell_with_an_older_next_update_is_found(locale: str) -> None:
    story = samples.story(outage())
    announced = story["next_update"]
    assert isinstance(announced, datetime)
    stale = a_pack("update", {**story, "next_update": announced - timedelta(minutes=20)})
    pack = [
        old if (old.channel, old.locale) == ("x", locale) else new
        for old, new in zip(stale, a_pack("update", story), strict=True)
    ]

    found = differences(pack, HERE)

    assert [one.kind for one in found] == ["next-update"]
    assert (found[0].places[0].channel, found[0].places[0].locale) == ("x", locale)
