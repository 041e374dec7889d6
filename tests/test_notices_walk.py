"""The regulators' clocks in a step of the walk: asked of a person, or answered beforehand."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from fakes import ENTER, START, FakeOperator, World
from regulated import PLAYBOOK, by_id, fact, kept, leak
from small import write

from crisisctl.cli.keyboard import Paused
from crisisctl.incident import events as ev
from crisisctl.incident.store import Stamp, load, record

Script = list[tuple[str, Any]]
GO = ("What now?", ENTER)
PAUSE = ("What now?", "pause")
STEPS = PLAYBOOK[: PLAYBOOK.index("stages:")] + (
    "stages:\n"
    "  assess:\n"
    "    - {id: authorities, title: Tell the authorities, notify: [authority]}\n"
    "    - {id: people, title: Tell people, notify: [people]}\n"
)


def a_world(folder: Path, countries: list[str], aware: timedelta) -> World:
    """A breach whose first step decides about the authorities' clocks."""
    world = World(leak(folder / "shop", playbook=STEPS))
    world.declare("leak")
    since = (START - aware).isoformat()
    meddle(world, kept(), fact("countries", countries), fact("aware_at", since))
    return world


def meddle(world: World, *events: ev.Event, by: str = "jo") -> None:
    with world.journal() as journal:
        record(journal, load(journal, world.id), events, Stamp(by, world.clock.now))


def walked(world: World, *script: tuple[str, Any]) -> FakeOperator:
    """The walk with these answers, paused at the step after."""
    operator = FakeOperator([*script, PAUSE])
    with pytest.raises(Paused):
        world.walk(operator)
    operator.done()
    return operator


def clock(world: World, id: str) -> Any:
    return by_id(world.incident(), world.clock.now)[id]


# A person is asked


def test_each_open_clock_of_the_step_is_asked_about_on_its_own(tmp_path: Path) -> None:
    world = a_world(tmp_path, ["FR", "TR"], timedelta(hours=2))
    law = [world.incident().regulations[name].clocks["authority"] for name in ("fr", "tr")]

    walked(
        world,
        GO,
        ("Were they told?", "open"),
        ("Were they told?", "notified"),
        ("When?", "-10m"),
        ("Which number", "2026-11874"),
        ("Were they told?", "not-notified"),
        ("Because?", "Nobody there is concerned"),
    )

    told, against = clock(world, "fr.authority"), clock(world, "tr.authority")
    assert (told.state, told.decided.at) == ("notified", START - timedelta(minutes=10))
    assert told.decided.event.reference == "2026-11874"
    assert (against.state, against.decided.event.because) == (
        *("not-notified", "Nobody there is concerned"),
    )
    assert all(each.who in " ".join(world.said.split()) for each in law)
    assert "tr-cyber.authority stays open" in " ".join(world.said.split())


def test_a_late_notice_is_asked_for_its_reason_and_a_notice_in_time_is_not(tmp_path: Path) -> None:
    world = a_world(tmp_path, ["GB"], timedelta(hours=80))

    walked(
        world,
        GO,
        ("Were they told?", "notified"),
        ("When?", ENTER),
        ("Which number", ""),
        ("It is late. Why?", "The supplier was silent"),
    )

    assert clock(world, "uk.authority").state == "late"


def test_what_was_delayed_with_a_reason_is_asked_for_none_again(tmp_path: Path) -> None:
    world = a_world(tmp_path, ["GB"], timedelta(hours=80))
    meddle(world, ev.NoticeDecided("uk.authority", "delayed", because="The supplier was silent"))

    walked(world, GO, ("Were they told?", "notified"), ("When?", ENTER), ("Which number", ""))

    told = clock(world, "uk.authority")
    assert (told.state, told.decided.event.because) == ("late", "The supplier was silent")


def test_a_time_to_come_and_a_missing_reason_are_asked_for_again(tmp_path: Path) -> None:
    world = a_world(tmp_path, ["GB"], timedelta(hours=2))
    operator = FakeOperator(
        [
            GO,
            ("Were they told?", "notified"),
            ("When?", "+2h"),
            ("When?", "-5m"),
            ("Which number", ""),
            GO,
            ("Were they told?", "delayed"),
            ("Because?", " "),
            ("Because?", "The list is not clean yet"),
        ]
    )

    world.walk(operator)

    assert operator.refused == ["that moment is still to come", "the register needs the reason"]
    assert clock(world, "uk.people").state == "delayed"


def test_a_notice_before_its_clock_began_is_asked_for_its_reason(tmp_path: Path) -> None:
    world = a_world(tmp_path, ["GB"], timedelta(hours=2))
    script = [("Were they told?", "notified"), ("When?", "-9h"), ("Which number", "")]

    walked(world, GO, *script, ("That is before its clock began", "We warned them early"))

    told = clock(world, "uk.authority")
    assert (told.state, told.decided.event.because) == ("notified", "We warned them early")
    assert told.decided.at == START - timedelta(hours=9)


def test_a_clock_that_another_decides_while_it_is_asked_about_keeps_their_decision(
    tmp_path: Path,
) -> None:
    world = a_world(tmp_path, ["GB"], timedelta(hours=2))

    class Raced(FakeOperator):
        def choose(self, question: str, options: Any, *, default: str = "") -> str:
            chosen = super().choose(question, options, default=default)
            if question == "Were they told?":
                theirs = ev.NoticeDecided("uk.authority", "not-notified", because="No risk")
                meddle(world, theirs)
            return chosen

    operator = Raced(
        [GO, ("Were they told?", "notified"), ("When?", ENTER), ("Which number", "7"), GO, PAUSE]
    )
    with pytest.raises(Paused):
        world.walk(operator)

    assert "Your last answer was not recorded: theirs stands." in world.said
    assert clock(world, "uk.authority").state == "not-notified"
    assert len(world.incident().noticed) == 1


# Answered beforehand


def walk(crisis: Crisis, folder: Path, notices: str, aware: str = "-80h") -> tuple[str, Any]:
    """A breach in France walked with these decisions; what was said, and the clocks."""
    leak(folder)
    file = write(
        folder / "answers.yaml",
        "facts: {exposed_at: -99h, first_sign_at: -81h, countries: [FR], "
        f"aware_at: {aware}}}\ndecisions: {{risk: {{choose: some, because: phishing}}}}\n"
        f"notices:\n{notices}",
    )
    ran = crisis("start", "leak", "--answers", str(file))
    shown = json.loads(crisis("deadlines", "--json").stdout) if ran.stdout else {"clocks": []}
    return " ".join(ran.stderr.split()), {each["clock"]: each for each in shown["clocks"]}


def test_decisions_of_an_answers_file_are_recorded_at_the_step_of_their_recipient(
    crisis: Crisis, folder: Path
) -> None:
    said, clocks = walk(
        crisis,
        folder,
        "  fr.authority: {at: -70h, reference: '77', by: jo}\n"
        "  fr.complement: {not: Nothing was left to say}\n"
        "  fr.people: {not: No high risk}\n",
    )

    assert {name: clock["state"] for name, clock in clocks.items()} == {
        "fr.authority": "notified",
        "fr.complement": "not-notified",
        "fr.people": "not-notified",
        "fr.register": "owed",
    }
    assert (clocks["fr.authority"]["by"], clocks["fr.authority"]["reference"]) == ("jo", "77")
    assert clocks["fr.people"]["because"] == "No high risk"
    assert "fr.register stays open" in said


def test_a_late_notice_without_a_reason_stops_the_walk_and_loses_nothing(
    crisis: Crisis, folder: Path
) -> None:
    said, clocks = walk(crisis, folder, "  fr.authority: {reference: '77'}\n")
    written = write(folder / "answers.yaml", "notices: {fr.authority: {because: We slept}}\n")

    assert "fr.authority: told late: the notice must say why" in said
    assert clocks["fr.authority"]["state"] == "overdue"
    crisis("resume", "--answers", str(written))
    state = json.loads(crisis("deadlines", "--json").stdout)["clocks"]
    assert next(c for c in state if c["clock"] == "fr.authority")["because"] == "We slept"


def test_a_delay_that_is_answered_twice_stands_once(crisis: Crisis, folder: Path) -> None:
    delay = "{delayed: The lab is slow}"
    walk(crisis, folder, f"  fr.authority: {delay}\n  fr.people: {{not: No high risk}}\n")

    timeline = crisis("timeline").stdout

    assert timeline.count("The lab is slow") == 1  # the step of the register asks for it again


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{not: No risk, delayed: The lab is slow}", "it is both not told and delayed"),
        ("{not: No risk, because: It is late}", "it has two reasons"),
        ("{delayed: The lab is slow, because: It is late}", "it has two reasons"),
        ("{at: 2025-10-26T02:30}", "happens twice"),
        ("{at: 2026-03-29T02:30}", "does not exist"),
        ("{when: now}", "unknown-key"),
        ("{because: [a]}", "because"),
    ],
)
def test_a_decision_that_contradicts_itself_is_named_with_its_line(
    crisis: Crisis, folder: Path, line: str, said: str
) -> None:
    told, _ = walk(crisis, folder, f"  fr.authority: {line}\n")

    assert said in told
    assert "answers.yaml:4:" in told
    assert crisis("list", "--all").stdout.strip() == "No incident."


def test_a_decision_about_a_clock_that_there_is_not_is_refused_before_anything_is_recorded(
    crisis: Crisis, folder: Path
) -> None:
    said, _ = walk(crisis, folder, "  fr.authorty: {}\n")

    assert 'notices: there is no clock "fr.authorty"' in said
    assert 'did you mean "fr.authority"?' in said
    assert crisis("list", "--all").stdout.strip() == "No incident."


def test_it_is_refused_when_it_is_gone_on_with_or_joined_by_another_playbook_too(
    crisis: Crisis, folder: Path
) -> None:
    leak(folder)
    breach = crisis("start", "leak", "--no-input").stdout.strip()
    other = crisis("start", "outage", "-l", "en", "--no-input").stdout.strip()
    file = str(write(folder / "answers.yaml", "notices: {zz.authority: {}}\n"))

    for words in (
        ("resume", breach),
        ("start", "leak", "--into", other, "--because", "Files were copied"),
    ):
        ran = crisis(*words, "--answers", file)
        assert ran.exit == 2
        assert 'there is no clock "zz.authority"' in ran.stderr
    assert json.loads(crisis("status", other, "--json").stdout)["playbooks"] == ["outage"]


def test_a_decision_for_a_country_that_is_not_concerned_is_left_alone(
    crisis: Crisis, folder: Path
) -> None:
    said, clocks = walk(crisis, folder, "  es.people: {}\n  fr.people: {not: No high risk}\n")

    assert "there is no clock" not in said
    assert clocks["fr.people"]["state"] == "not-notified"
    assert "es.people" not in clocks
