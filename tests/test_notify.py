"""Deciding about the regulators' clocks: told, told late, not told, each with what it needs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis, Ran
from makers import an_incident, minute
from regulated import a_breach, a_regulated, fact, kept, the_law

from crisisctl.cli import notifying
from crisisctl.incident import events as ev
from crisisctl.incident.store import record
from crisisctl.journal import Conflict
from crisisctl.runner.notices import Decision, decide


@pytest.fixture
def breach(crisis: Crisis, folder: Path) -> str:
    """A breach in France, which we are aware of for two hours."""
    return a_breach(crisis, folder, exposed_at="-9h", first_sign_at="-3h", aware_at="-2h")


@pytest.fixture
def late(crisis: Crisis, folder: Path) -> str:
    """A breach in France, which we are aware of for eighty hours: the authority's clock is over."""
    return a_breach(crisis, folder, exposed_at="-99h", first_sign_at="-81h", aware_at="-80h")


@pytest.fixture
def li(crisis: Crisis, monkeypatch: pytest.MonkeyPatch) -> Crisis:
    """The command line as another operator types at it."""

    def run(*words: str) -> Ran:
        with monkeypatch.context() as at_li:
            at_li.setenv("CRISISCTL_OPERATOR", "li")
            return crisis(*words)

    return run


def clocks(crisis: Crisis, *words: str) -> dict[str, dict[str, Any]]:
    shown = json.loads(crisis("deadlines", *words, "--json").stdout)
    return {clock["clock"]: clock for clock in shown["clocks"]}


def states(crisis: Crisis, *words: str) -> dict[str, str]:
    return {id: clock["state"] for id, clock in clocks(crisis, *words).items()}


def told(ran: Ran) -> str:
    return " ".join(ran.stderr.split())


def decisions(crisis: Crisis) -> list[str]:
    lines = json.loads(crisis("timeline", "--json").stdout)["timeline"]
    return [line["text"] for line in lines if line["kind"] == "notice-decided"]


# Told


def test_an_authority_told_in_time_is_on_record_with_its_number_and_who_told_it(
    crisis: Crisis, breach: str
) -> None:
    ran = crisis(
        *("notify", "fr.authority", "--at", "-30m", "--reference", "2026-11874", "--by", "jo")
    )

    clock = clocks(crisis)["fr.authority"]
    assert ran.exit == 0
    assert "✓ fr.authority: told " in told(ran)
    assert "by jo, reference 2026-11874, 2 d 22 h left" in told(ran)
    assert (clock["state"], clock["decision"], clock["by"], clock["reference"]) == (
        *("notified", "notified", "jo", "2026-11874"),
    )
    assert clock["because"] is None
    assert clock["spare_seconds"] == pytest.approx(70.5 * 3600, abs=60)
    assert decisions(crisis) == [
        "Notified by jo: fr.authority (The CNIL, by its online service), reference 2026-11874"
    ]


def test_the_decision_happened_when_they_were_told_not_when_it_was_typed(
    crisis: Crisis, breach: str
) -> None:
    crisis("notify", "fr.authority", "--at", "-30m")

    lines = json.loads(crisis("timeline", "--json").stdout)["timeline"]
    line = next(line for line in lines if line["kind"] == "notice-decided")
    occurred = datetime.fromisoformat(line["occurred_at"])
    assert (
        datetime.fromisoformat(line["recorded_at"]) - occurred
    ).total_seconds() == pytest.approx(1800, abs=5)


def test_the_clock_of_what_follows_a_notice_begins_with_it(crisis: Crisis, breach: str) -> None:
    assert states(crisis)["fr.complement"] == "waiting"

    crisis("notify", "fr.authority", "--at", "-30m")

    clock = clocks(crisis)["fr.complement"]
    assert clock["state"] == "due"
    assert clock["since"] == clocks(crisis)["fr.authority"]["decided_at"]


def test_a_late_notice_without_a_reason_is_refused_and_one_with_a_reason_is_late(
    crisis: Crisis, late: str
) -> None:
    refused = crisis("notify", "fr.authority")
    before = states(crisis)["fr.authority"]
    kept = crisis("notify", "fr.authority", "--because", "The supplier was silent")

    assert (refused.exit, before) == (2, "overdue")
    assert "told late: the notice must say why, and so must the record" in told(refused)
    assert "add --because" in told(refused)
    assert kept.exit == 0
    assert "8 h late, because The supplier was silent" in told(kept)
    assert states(crisis)["fr.authority"] == "late"


def test_a_late_notice_takes_over_the_reason_of_the_delay_that_was_recorded(
    crisis: Crisis, late: str
) -> None:
    crisis("notify", "fr.authority", "--delayed", "--because", "The supplier was silent")
    delayed = states(crisis)["fr.authority"]

    ran = crisis("notify", "fr.authority")

    assert (delayed, ran.exit) == ("delayed", 0)
    clock = clocks(crisis)["fr.authority"]
    assert (clock["state"], clock["because"]) == ("late", "The supplier was silent")


def test_a_notice_that_was_in_time_after_all_carries_no_reason_for_a_delay(
    crisis: Crisis, breach: str
) -> None:
    crisis("notify", "fr.authority", "--delayed", "--because", "The supplier is silent")

    crisis("notify", "fr.authority")

    clock = clocks(crisis)["fr.authority"]
    assert (clock["state"], clock["because"]) == ("notified", None)


def test_a_delay_does_not_stop_the_clock(crisis: Crisis, late: str) -> None:
    crisis("notify", "fr.authority", "--delayed", "--because", "The supplier was silent")

    ran = crisis("deadlines")

    assert ran.exit == 1
    assert "delayed, because The supplier was silent; OVERDUE by 8 h, was due" in " ".join(
        ran.stdout.split()
    )


def test_the_last_word_about_a_clock_counts_and_the_record_keeps_both(
    crisis: Crisis, breach: str
) -> None:
    crisis("notify", "fr.people", "--not", "--because", "No high risk")

    crisis("notify", "fr.people")

    assert states(crisis)["fr.people"] == "notified"
    assert len(decisions(crisis)) == 2


# Not told


@pytest.mark.parametrize("option", ["--not", "--delayed"])
@pytest.mark.parametrize("because", [(), ("--because", "  ")])
def test_not_telling_and_telling_late_need_a_reason(
    crisis: Crisis, breach: str, option: str, because: tuple[str, ...]
) -> None:
    ran = crisis("notify", "fr.authority", option, *because)

    assert ran.exit == 2
    assert "needs a reason" in told(ran)
    assert decisions(crisis) == []


def test_a_clock_decided_against_is_over_with_its_reason(crisis: Crisis, late: str) -> None:
    names = ("fr.authority", "fr.people", "fr.register")

    ran = crisis("notify", *names, "--not", "--because", "It was encrypted")

    assert ran.exit == 0
    assert {states(crisis)[name] for name in names} == {"not-notified"}
    assert clocks(crisis)["fr.authority"]["because"] == "It was encrypted"
    assert crisis("deadlines").exit == 0


def test_not_told_and_delayed_at_once_is_refused(crisis: Crisis, breach: str) -> None:
    ran = crisis("notify", "fr.authority", "--not", "--delayed", "--because", "x")

    assert (ran.exit, ran.stderr) == (2, "error: --not, --delayed or --undo: one of them\n")


def test_a_decision_taken_back_leaves_the_clock_open_and_the_record_says_why(
    crisis: Crisis, breach: str
) -> None:
    crisis("notify", "fr.authority", "--at", "-10m")

    refused = crisis("notify", "fr.authority", "--undo")
    ran = crisis("notify", "fr.authority", "--undo", "--because", "The wrong line")

    assert (refused.exit, ran.exit) == (2, 0)
    assert states(crisis)["fr.authority"] == "due"
    assert decisions(crisis)[-1].startswith("Taken back what was decided about fr.authority")
    nothing = crisis("notify", "fr.people", "--undo", "--because", "x")
    assert "nothing was decided that could be taken back" in told(nothing)


def test_a_decision_keeps_the_end_and_the_law_that_it_rested_on() -> None:
    told = (kept(), fact("aware_at", "2026-11-27T17:00:00Z"), fact("countries", ["TR"]))
    incident = an_incident(*told, plan=a_regulated())
    against = Decision("not-notified", "  No risk ", reference=" 7 ", person=" jo ")

    (event,) = decide(incident, "tr.authority", against, at=minute(1), now=minute(2))

    (law,) = (each for each in the_law() if each.regulation == "tr")
    assert event == ev.NoticeDecided(
        *("tr.authority", "not-notified", minute(72 * 60 - 120), "No risk", "7", "jo", law.as_of)
    )


def test_it_can_have_been_decided_not_to_tell_them_before_the_clock_began(
    crisis: Crisis, breach: str
) -> None:
    ran = crisis("notify", "fr.authority", "--not", "--because", "Encrypted", "--at", "-5h")

    assert ran.exit == 0
    assert states(crisis)["fr.authority"] == "not-notified"


# What cannot be


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fr.authority", "--at", "+2h"), "fr.authority: that moment is still to come"),
        (("fr.authority", "--at", "-5h"), "before its clock began hint: add --because"),
        (("fr.authorty",), 'there is no clock "fr.authorty" hint: did you mean "fr.authority"?'),
        (("de.authority",), 'there is no clock "de.authority"'),
        (("card-brands",), 'no open clock is for "card-brands"'),
        (("fr.authority", "--at", "noon"), '"noon" is not a time'),
        (("fr.authority", "--at", "2026-03-29T02:30"), "does not exist on 2026-03-29"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line_and_nothing_is_recorded(
    crisis: Crisis, breach: str, words: tuple[str, ...], said: str
) -> None:
    ran = crisis("notify", *words)

    assert (ran.exit, ran.stdout) == (2, "")
    assert said in told(ran)
    assert decisions(crisis) == []


def test_when_one_of_several_is_refused_none_is_recorded(crisis: Crisis, late: str) -> None:
    ran = crisis("notify", "fr.people", "fr.authority")

    assert ran.exit == 2
    assert "fr.authority: told late" in told(ran)
    assert decisions(crisis) == []


def test_an_incident_without_clocks_says_what_brings_them(crisis: Crisis, declared: str) -> None:
    shown, decided = crisis("notify"), crisis("notify", "fr.authority")

    for ran in (shown, decided):
        assert ran.exit == 2
        assert "no regulator's clock runs in this incident" in told(ran)
        assert "`regulators:`" in told(ran)


# Several at once


def test_a_kind_of_recipient_means_all_its_open_clocks(crisis: Crisis, breach: str) -> None:
    crisis("fact", "countries", "FR,ES,TR")
    crisis("notify", "es.people", "--not", "--because", "No customer there after all")

    ran = crisis("notify", "people", "--at", "-10m")

    assert ran.exit == 0
    found = {id: state for id, state in states(crisis).items() if id.endswith(".people")}
    assert found == {
        "fr.people": "notified",
        "tr.people": "notified",
        "es.people": "not-notified",
    }
    assert states(crisis)["fr.authority"] == "due"


def test_a_clock_named_twice_is_decided_once(crisis: Crisis, breach: str) -> None:
    crisis("notify", "fr.people", "people", "fr.people")

    assert len(decisions(crisis)) == 1


def test_without_a_name_every_clock_is_shown_and_nothing_recorded(
    crisis: Crisis, breach: str
) -> None:
    ran = crisis("notify")

    assert ran.exit == 0
    assert "not legal advice" in ran.stdout
    assert all(f"fr.{name}" in ran.stdout for name in ("authority", "people", "register"))
    assert decisions(crisis) == []


# Which incident


def test_decisions_of_a_drill_stay_in_the_drill(crisis: Crisis, folder: Path) -> None:
    real = a_breach(crisis, folder, aware_at="-2h")
    drill = a_breach(crisis, folder, "--drill", aware_at="-2h")

    ran = crisis("notify", "fr.authority", "--incident", drill)

    assert ran.exit == 0
    assert states(crisis, drill)["fr.authority"] == "notified"
    assert states(crisis, real)["fr.authority"] == "due"


def test_a_closed_incident_takes_no_decision_until_it_is_opened_again(
    crisis: Crisis, breach: str
) -> None:
    for kind in ("authority", "people", "register", "authority"):
        crisis("notify", kind, "--not", "--because", "Nothing left the house")
    assert crisis("close").exit == 0

    ran = crisis("notify", "fr.people", "--incident", breach)

    assert ran.exit == 1
    assert f"{breach} is closed" in told(ran)
    assert f"crisisctl reopen {breach}" in told(ran)


# What other commands say


def test_closing_is_refused_while_a_clock_has_no_decision(crisis: Crisis, breach: str) -> None:
    ran = crisis("close")

    assert ran.exit == 1
    for name in ("fr.authority", "fr.people", "fr.register"):
        assert f'the clock "{name}" has no decision: crisisctl notify {name}' in told(ran)
    assert "fr.complement" not in ran.stderr  # it has not begun


def test_a_delay_is_no_decision_that_an_incident_can_be_closed_on(
    crisis: Crisis, breach: str
) -> None:
    crisis("notify", "people", "register")
    crisis("notify", "fr.authority", "--delayed", "--because", "Waiting for the supplier")

    ran = crisis("close")

    assert ran.exit == 1
    assert 'the clock "fr.authority" has no decision' in told(ran)


@pytest.mark.parametrize("clock", ["fr.authority", "fr.people"])
def test_a_clock_is_not_waived_but_decided_about(crisis: Crisis, breach: str, clock: str) -> None:
    ran = crisis("waive", clock, "--because", "No risk")

    assert ran.exit == 2
    assert f"{clock} is a regulator's clock: decide about it" in told(ran)
    assert f'crisisctl notify {clock} --not --because "…"' in told(ran)


# Two operators at once


def meanwhile(monkeypatch: pytest.MonkeyPatch, do: Callable[[], object]) -> None:
    """Somebody else records something in the moment before the next decision is written."""
    left = [do]

    def recorded(*given: Any) -> Any:
        if left:
            left.pop()()
        return record(*given)

    monkeypatch.setattr(notifying, "record", recorded)


def test_a_decision_is_kept_when_somebody_records_something_else_in_the_same_moment(
    crisis: Crisis, li: Crisis, breach: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: li("note", "The CNIL called"))

    ran = crisis("notify", "fr.authority")

    assert ran.exit == 0
    assert states(crisis)["fr.authority"] == "notified"
    assert "The CNIL called" in crisis("timeline").stdout


def test_a_clock_that_another_decides_in_the_same_moment_keeps_their_decision(
    crisis: Crisis, li: Crisis, breach: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meanwhile(monkeypatch, lambda: li("notify", "fr.people", "--not", "--because", "No high risk"))

    ran = crisis("notify", "fr.people")

    assert ran.exit == 1
    assert "li has just decided about fr.people: not told, because No high risk" in told(ran)
    assert "do it again to overrule it" in told(ran)
    assert states(crisis)["fr.people"] == "not-notified"
    assert crisis("notify", "fr.people").exit == 0


def test_a_word_for_several_leaves_out_what_another_decided_in_the_same_moment(
    crisis: Crisis, li: Crisis, breach: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crisis("fact", "countries", "FR,ES")
    meanwhile(monkeypatch, lambda: li("notify", "fr.people", "--not", "--because", "No high risk"))

    ran = crisis("notify", "people")

    assert ran.exit == 0
    found = states(crisis)
    assert (found["fr.people"], found["es.people"]) == ("not-notified", "notified")


def test_nothing_is_recorded_for_an_incident_that_is_closed_in_the_same_moment(
    crisis: Crisis, li: Crisis, breach: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("authority", "people", "register", "authority"):
        crisis("notify", kind, "--not", "--because", "Nothing left the house")
    meanwhile(monkeypatch, lambda: li("close"))

    ran = crisis("notify", "fr.people")

    assert ran.exit == 1
    assert f"{breach} is closed" in told(ran)
    assert states(crisis, breach)["fr.people"] == "not-notified"


def test_when_others_never_stop_recording_it_says_that_nothing_was_saved(
    crisis: Crisis, breach: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def always_late(*given: Any) -> None:
        raise Conflict(breach, 1, 2)

    monkeypatch.setattr(notifying, "record", always_late)

    ran = crisis("notify", "fr.people")

    assert ran.exit == 1
    assert "others keep recording at the same moment: nothing was saved" in told(ran)
