"""`handover`: at four in the morning, everything that counts on one screen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import Crisis
from makers import a_sent, an_incident, minute
from small import answers, small
from terminal import Terminal

from crisisctl.incident import events as ev
from crisisctl.report.handover import Handover, Step
from crisisctl.report.handover import handover as gathered
from crisisctl.report.status import status
from crisisctl.text import zone_of

DEADLINES = "{first: {title: First word, from: declared, within: {sev1: 10m}, met_by: hello}}"
PARIS = zone_of("Europe/Paris")


def handed(
    *happened: ev.Event | tuple[float, ev.Event],
    at: float = 30,
    steps: Sequence[Step] = (),
    wanted: dict[str, str] | None = None,
) -> Handover:
    found = status(an_incident(*happened), now=minute(at))
    return gathered(found, steps=steps, wanted=wanted or {}, zone=PARIS, now=minute(at))


def names(lines: Sequence[object]) -> list[str]:
    return [line.name for line in lines]  # type: ignore[attr-defined]


# What is in it


def test_impact_comes_first_then_what_was_learned_last() -> None:
    found = handed(
        ev.FactRecorded("needs", "phones"),
        ev.FactRecorded("checkout", "none"),
        ev.FactRecorded("cause", "deployment"),
    )

    assert names(found.known) == ["checkout", "cause", "needs"]


def test_what_is_only_suspected_is_kept_apart_and_what_was_retracted_left_out() -> None:
    found = handed(
        ev.FactRecorded("cause", "deployment", "suspected"),
        ev.FactRecorded("needs", "phones"),
        ev.FactRetracted("needs", "nobody needs them"),
    )

    assert (names(found.known), names(found.suspected)) == ([], ["cause"])


def test_what_is_overdue_the_longest_comes_first() -> None:
    promise = ev.PromiseMade("report", "Publish the report", minute(5), "report", "holding")
    found = handed(ev.FactRecorded("checkout", "none"), promise, at=20)

    assert [due.name for due in found.due] == ["report", "first-word"]
    assert [due.state for due in found.due] == ["overdue", "overdue"]


def test_a_role_that_a_step_ahead_needs_and_nobody_holds_is_named() -> None:
    ahead = [Step("outage", "look", "Look", "scribe"), Step("outage", "fix", "Fix", "commander")]

    found = handed(ev.RoleAssigned("commander", "ana"), steps=ahead)

    assert found.roles == [("commander", "ana"), ("scribe", "")]


def test_only_open_action_items_are_handed_over() -> None:
    found = handed(
        ev.ActionAdded(1, "Alert", "jo"),
        ev.ActionAdded(2, "Test", "li"),
        ev.ActionAdded(3, "Sing", "li"),
        ev.ActionDone(1, "It rings"),
        ev.ActionDeclined(3, "Nobody can"),
    )

    assert [action.number for action in found.actions] == [2]


def test_the_newest_word_to_customers_is_quoted_not_one_to_staff() -> None:
    text = ev.DraftedText("x", "en", "", "We are sorry.", "1" * 64)
    drafted = ev.MessageDrafted("update", "customers", (text,))
    update = a_sent("update", texts=(ev.SentText("x", "en", "1" * 64),))
    found = handed((1, a_sent("holding")), drafted, (9, update), (12, a_sent("brief", to="staff")))

    assert found.said is not None
    assert (found.said.sent.event.message, found.said.words) == ("update", "We are sorry.")
    assert found.said.sent.at == minute(9)


def test_nothing_was_said_is_said() -> None:
    assert handed(a_sent("brief", to="staff")).said is None


def test_three_steps_are_told() -> None:
    ahead = [Step("outage", f"s{n}", f"Step {n}") for n in range(9)]

    assert [step.step for step in handed(steps=ahead).steps] == ["s0", "s1", "s2"]


def intended(key: str, channel: str) -> ev.DeliveryIntended:
    return ev.DeliveryIntended(key, "holding", "customers", channel, "en", "0" * 64, "smtp")


def test_deliveries_in_doubt_or_failed_wait_and_those_that_went_out_later_do_not() -> None:
    found = handed(
        intended("a", "email"),
        intended("b", "sms"),
        ev.DeliveryFailed("b", "no credit"),
        intended("c", "x"),
        ev.DeliveryFailed("c", "busy"),
        intended("d", "x"),
        ev.TextDelivered("d"),
    )

    assert [each.what for each in found.waiting] == [
        "nobody knows whether it arrived on email.en: look there",
        "not delivered on sms.en: no credit",
    ]


def test_drafts_wait_for_their_approvals_or_to_be_sent() -> None:
    found = handed(wanted={"update": "1 text must be approved by 1 person", "brief": ""})

    assert [(each.message, each.what) for each in found.waiting] == [
        ("update", "1 text must be approved by 1 person"),
        ("brief", "approved, and not sent"),
    ]


def test_an_incident_of_one_event_can_be_handed_over(crisis: Crisis, folder: Path) -> None:
    found = handed()

    assert found.json()["known"] == []
    assert found.json()["said_last"] is None


# On the screen


@pytest.fixture
def running(crisis: Crisis, folder: Path) -> str:
    """An outage in its second stage: told once, one thing suspected, one action item."""
    known = "site_url=https://shop.example functions_down=cart started_at=-20m checkout=none"
    known += " reach=many data=none shop_name=Kestrel support_email=help@kestrel.example"
    known += " cause?=deployment recent_change=yes orders_per_hour=140"
    given = [word for pair in known.split() for word in ("--set", pair)]
    id = crisis("start", "outage", "-l", "en", *given, "--no-input").stdout.strip()
    crisis("message", "send", "holding", "--yes")
    crisis("role", "commander", "li")
    crisis("action", "add", "Alert on payment errors", "--owner", "jo")
    return id


def test_it_tells_what_whoever_takes_over_needs(crisis: Crisis, running: str) -> None:
    ran = crisis("handover")

    told = " ".join(ran.stdout.split())
    assert (ran.exit, ran.stderr) == (0, "")
    assert told.startswith(f"{running} · Site outage · SEV1 · open declared ")
    assert "SUSPECTED: cause: Human: a change we made" in told
    assert "checkout: Nobody can" in told
    assert "next-update due in " in told
    assert "commander: li" in told
    assert "1. Alert on payment errors (jo)" in told
    assert 'Said "holding" to customers, ' in told
    assert "status-page.en: These parts of our shop" in told
    assert "Next " in told
    assert ran.stdout.endswith(f"go on  crisisctl resume {running}\n")
    assert "Kestrel" not in told.partition("Said")[0]  # the shop's own name is no news


def test_it_fits_a_terminal_of_80_by_24(running: str, folder: Path) -> None:
    with Terminal("handover", home=folder / "home", folder=folder) as terminal:
        assert terminal.wait() == 0
        shown = terminal.story()
        top = terminal.lines()[0]

    assert top.startswith(running)  # nothing has scrolled off
    assert any("more: crisisctl status" in line for line in shown)
    assert shown[-1] == f"go on  crisisctl resume {running}"


def test_a_low_screen_gets_less_and_a_file_gets_all(
    crisis: Crisis, running: str, folder: Path
) -> None:
    rows = {}
    for height in (20, 24, 60):
        with Terminal("handover", home=folder / "home", folder=folder, rows=height) as terminal:
            terminal.wait()
            rows[height] = len(terminal.story())

    assert rows[20] < rows[60]
    assert rows[24] <= rows[60]
    assert rows[60] == len(crisis("handover").stdout.splitlines())


def test_what_waits_for_an_approval_is_on_it(crisis: Crisis, folder: Path) -> None:
    small(folder, settings="locales: [en]\napprovals: {customers: {approvers: 2}}")
    crisis("start", "small", "--answers", str(answers(folder)))

    told = " ".join(crisis("handover").stdout.split())

    assert 'Waits "hello": 2 texts must be approved by 1 more person' in told


def test_a_restricted_incident_shows_others_times_only(
    crisis: Crisis, running: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crisis("restrict", "--to", "li", "--because", "data")
    monkeypatch.setenv("CRISISCTL_OPERATOR", "jo")

    found = json.loads(crisis("handover", "--json").stdout)
    told = crisis("handover").stdout

    assert (found["title"], found["known"], found["suspected"]) == ("Restricted", [], [])
    assert (found["roles"], found["actions"], found["said_last"]) == ({}, [], None)
    assert (found["next_steps"], found["waiting"], found["also"]) == ([], [], [])
    assert [due["title"] for due in found["due"]] == ["Restricted"]
    assert "restricted to li, ana" in told
    assert "ask one of them" in told


def test_a_closed_incident_has_no_next_step(crisis: Crisis, folder: Path) -> None:
    small(folder)
    id = crisis("start", "small", "--answers", str(answers(folder))).stdout.strip()
    crisis("close")

    assert "no step is left" in crisis("handover", id).stdout


def test_hostile_words_stay_words(crisis: Crisis, running: str) -> None:
    crisis("role", "scribe", "\x1b[2Jeve")
    crisis("action", "add", "x\n\x1b]0;owned\x07 [bold]y[/bold]")

    ran = crisis("handover")

    assert "\x1b" not in ran.stdout
    assert "[bold]y[/bold]" in ran.stdout
