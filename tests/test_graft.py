"""One more playbook for a running incident: an outage that turns out to be a breach."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis, Ran
from makers import Happened, a_playbook, a_step, an_incident, minute, the_entries
from regulated import PLAYBOOK, a_regulated, fact, kept, leak
from small import ANSWERS, small, write

from crisisctl.cli import walking
from crisisctl.deadlines.owed import deadlines
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident, fold
from crisisctl.incident.store import record
from crisisctl.playbook.load import load
from crisisctl.playbook.model import HANDED_OUT, Deadline, Fact, together
from crisisctl.runner import commands
from crisisctl.workspace import shipped

BECAUSE = ("--because", "Customers' files were copied")
KNOWN = {"exposed_at": "-9h", "first_sign_at": "-3h", "aware_at": "-2h", "countries": "FR"}


def given(**facts: str) -> list[str]:
    return [word for pair in facts.items() for word in ("--set", "=".join(pair))]


def told(ran: Ran) -> str:
    return " ".join(ran.stderr.split())


def data(crisis: Crisis, *words: str) -> dict[str, Any]:
    return json.loads(crisis(*words, "--json").stdout)


def texts(crisis: Crisis) -> list[str]:
    return [line["text"] for line in data(crisis, "timeline")["timeline"]]


@pytest.fixture
def outage(crisis: Crisis, folder: Path) -> str:
    """A small crisis of five hours ago, walked halfway; the playbook `leak` is there, too."""
    small(folder)
    leak(folder)
    write(folder / "crisisctl.yaml", "locales: [en, fr]\n")
    facts = given(shop="Kestrel", since="-5h", pay="none", parts="cart", cause="load")
    return crisis("start", "small", "--at", "-5h", *facts, "--no-input").stdout.strip()


def graft(crisis: Crisis, outage: str, *words: str) -> Ran:
    return crisis("start", "leak", "--into", outage, *BECAUSE, *words, "--no-input")


# What it changes


def test_the_incident_follows_both_playbooks_and_says_why(crisis: Crisis, outage: str) -> None:
    ran = graft(crisis, outage, *given(**KNOWN))

    assert ran.stdout == f"{outage}\n"
    assert f"✓ {outage} follows leak too" in ran.stderr
    assert data(crisis, "status")["playbooks"] == ["small", "leak"]
    assert any("leak" in text and "Customers' files were copied" in text for text in texts(crisis))


def test_what_is_done_stays_done(crisis: Crisis, outage: str) -> None:
    before = texts(crisis)

    graft(crisis, outage, *given(**KNOWN))

    after = texts(crisis)
    done = [text for text in before if text.startswith("Done: ")]
    assert done
    assert [text for text in after if text in done] == done


def test_a_fact_that_both_know_is_not_asked_again_and_one_that_is_set_is_corrected(
    crisis: Crisis, folder: Path, outage: str
) -> None:
    graft(crisis, outage, *given(**KNOWN))
    kept = data(crisis, "fact", "shop")["fact"]["value"]
    other = crisis("start", "small", "--no-input").stdout.strip()
    crisis("fact", "shop", "Kestrel", "--incident", other)

    graft(crisis, other, *given(**KNOWN, shop="Merlin"))

    assert kept == "Kestrel"
    assert data(crisis, "fact", "shop", "--incident", other)["fact"]["value"] == "Merlin"


def test_the_workspace_does_not_overrule_what_was_recorded(
    crisis: Crisis, folder: Path, outage: str
) -> None:
    write(folder / "crisisctl.yaml", "locales: [en, fr]\nbrand: {name: Merlin}\n")
    text = PLAYBOOK.replace("shop: {type: text,", "shop: {type: text, workspace: brand.name,")
    write(folder / "playbooks" / "leak.yaml", text.replace("DEADLINES", "{}"))

    graft(crisis, outage, *given(**KNOWN))

    assert data(crisis, "fact", "shop")["fact"]["value"] == "Kestrel"


def test_clocks_count_from_awareness_whenever_the_playbook_came_in(
    crisis: Crisis, outage: str
) -> None:
    graft(crisis, outage, *given(**KNOWN))

    clocks = {each["clock"]: each for each in data(crisis, "deadlines")["clocks"]}
    aware = data(crisis, "fact", "aware_at")["fact"]["value"]
    since = datetime.fromisoformat(clocks["fr.authority"]["since"])
    assert abs(since - datetime.fromisoformat(aware)) < timedelta(seconds=1)


def test_its_own_deadlines_count_from_when_it_came_in_and_not_from_the_declaration() -> None:
    rule = Deadline(from_="declared", within={"sev1": "2h"}, met_by="brief")
    later = a_regulated(deadlines={"staff-word": rule})
    first = a_playbook(deadlines={"hello": rule})
    added = ev.PlaybookAdded("leak", "text", later, "because")
    incident = fold("x", the_entries((300, added), plan=first))

    ends = {due.name: due.due for due in deadlines(incident, now=minute(301))}

    assert ends == {"hello": minute(120), "staff-word": minute(420)}


def test_milestones_of_the_first_plan_are_not_moved_by_facts_of_the_second() -> None:
    first = an_incident(
        ev.MilestoneReached("started", minute(-20)),
        ev.PlaybookAdded("leak", "text", a_regulated(), "because"),
        kept(),
    )

    events = commands.answer(first, "exposed_at", minute(-9000), source="ana")

    assert [type(event) for event in events] == [ev.FactRecorded]


def test_milestones_of_the_first_plan_still_move_with_its_own_facts() -> None:
    incident = an_incident(
        ev.MilestoneReached("started", minute(-20)),
        ev.PlaybookAdded("leak", "text", a_regulated(), "because"),
    )

    events = commands.answer(incident, "started_at", minute(-30), source="ana")

    assert events[-1] == ev.MilestoneReached("started", minute(-30))


def grafted(*happened: Happened) -> Incident:
    """An outage that asks for no first sign, with a leak whose first sign dates the detection."""
    times = {"first_sign_at": Fact(type="time", ask="When?", milestone="detected")}
    plan = a_regulated()
    later = a_regulated(facts={**plan.facts, **times})
    return an_incident(ev.PlaybookAdded("leak", "text", later, "because"), kept(), *happened)


def test_what_the_first_plan_does_not_ask_for_the_second_dates_and_corrects() -> None:
    first = ev.FactRecorded("first_sign_at", "2026-11-27T18:00:00Z", "confirmed", "ana")
    reached = ev.MilestoneReached("detected", minute(-60))

    dated = commands.answer(grafted(), "first_sign_at", minute(-60), source="ana")
    moved = commands.answer(grafted(first, reached), "first_sign_at", minute(-90), source="ana")

    assert dated[-1] == reached
    assert moved[-1] == ev.MilestoneReached("detected", minute(-90))


def test_what_a_step_of_the_first_plan_reached_the_second_does_not_date() -> None:
    by_a_step = grafted(ev.MilestoneReached("detected", minute(-5)))

    events = commands.answer(by_a_step, "first_sign_at", minute(-90), source="ana")

    assert [type(event) for event in events] == [ev.FactRecorded]


def test_an_order_that_cannot_be_is_pointed_at_where_the_first_plan_keeps_its_own_times() -> None:
    told = (fact("exposed_at", "2026-11-27T18:00:00Z"), fact("aware_at", "2026-11-27T17:00:00Z"))
    sign = fact("first_sign_at", "2026-11-27T16:00:00Z")
    incident = grafted(*told, sign, ev.MilestoneReached("detected", minute(-180)))

    found = commands.out_of_order(incident)

    assert "first_sign_at is before exposed_at: correct one of them" in found
    assert "aware_at is before exposed_at: correct one of them" in found


def test_the_milestones_of_an_outage_stay_when_a_breach_is_found(
    crisis: Crisis, outage: str
) -> None:
    before = data(crisis, "status")["milestones"]

    graft(crisis, outage, *given(**KNOWN))

    after = data(crisis, "status")["milestones"]
    assert {name: after[name] for name in before} == before
    assert "detected" in after


def test_it_cannot_be_closed_before_what_both_need_is_there(crisis: Crisis, outage: str) -> None:
    graft(crisis, outage, *given(**KNOWN))

    ran = crisis("close")

    assert ran.exit == 1
    assert 'the clock "fr.authority" has no decision' in told(ran)


def test_with_a_circle_the_whole_incident_is_kept_to_it_from_then_on(
    crisis: Crisis, outage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    graft(crisis, outage, "--restricted", "li", *given(**KNOWN))

    assert data(crisis, "status")["restricted"] is True
    monkeypatch.setenv("CRISISCTL_OPERATOR", "jo")
    assert f"{outage} is restricted to li, ana" in told(crisis("note", "hello"))


# Going on with both


def test_one_answers_file_answers_for_both_playbooks(
    crisis: Crisis, folder: Path, outage: str
) -> None:
    graft(crisis, outage, *given(**KNOWN))
    file = write(
        folder / "both.yaml",
        ANSWERS.replace("  since:", "  people_affected: 12\n  since:").replace(
            "decisions: {", "decisions: {risk: {choose: some, because: phishing}, "
        )
        + "notices:\n"
        "  fr.authority: {at: -1h, reference: '77'}\n"
        "  fr.complement: {not: Nothing was left to say}\n"
        "  fr.people: {not: No high risk}\n"
        "  fr.register: {}\n",
    )

    ran = crisis("resume", "--answers", str(file))

    assert ran.exit == 0, ran.stderr
    assert "✓ Every step is done or skipped." in ran.stderr
    report = data(crisis, "report")
    taken = {each["step"]: each["because"] for each in report["decisions"]}
    assert taken == {"way": "Two people are ready", "risk": "phishing"}
    assert {clock["state"] for clock in report["clocks"]} == {"notified", "not-notified"}
    assert crisis("close").exit == 0


def test_what_neither_playbook_knows_is_named_with_its_line(
    crisis: Crisis, folder: Path, outage: str
) -> None:
    graft(crisis, outage, *given(**KNOWN))
    file = write(folder / "both.yaml", "facts:\n  shp: Kestrel\ndecisions:\n  rsk: some\n")

    ran = crisis("resume", "--answers", str(file))

    assert ran.exit == 2
    assert 'both.yaml:2:3: error[answers]: there is no fact "shp"' in ran.stderr
    assert 'both.yaml:4:3: error[answers]: there is no step "rsk"' in ran.stderr


def test_with_answers_for_the_second_playbook_its_steps_are_walked_at_once(
    crisis: Crisis, folder: Path, outage: str
) -> None:
    crisis("fact", "eta", "+3h")
    file = write(
        folder / "leak-answers.yaml",
        "facts: {exposed_at: -9h, first_sign_at: -3h, aware_at: -2h, countries: [FR]}\n"
        "decisions: {risk: {choose: some, because: phishing}}\n",
    )

    ran = graft(crisis, outage, "--answers", str(file))

    assert "Find out" in ran.stderr
    assert data(crisis, "fact", "countries")["fact"]["value"] == ["FR"]
    assert any(clock["clock"] == "fr.authority" for clock in data(crisis, "deadlines")["clocks"])


# What is refused


def test_it_needs_a_reason(crisis: Crisis, outage: str) -> None:
    for because in ((), ("--because", "  ")):
        ran = crisis("start", "leak", "--into", outage, *because, "--no-input")
        assert ran.exit == 2
        assert "one more playbook needs a reason" in told(ran)
    assert data(crisis, "status")["playbooks"] == ["small"]


def test_the_same_playbook_twice_is_refused_and_says_how_to_go_on(
    crisis: Crisis, outage: str
) -> None:
    graft(crisis, outage, *given(**KNOWN))

    ran = graft(crisis, outage)

    assert ran.exit == 2
    assert f"{outage} follows the playbook leak already" in told(ran)
    assert f"crisisctl resume {outage}" in told(ran)


def test_into_a_closed_or_unknown_incident_is_refused(
    crisis: Crisis, folder: Path, outage: str
) -> None:
    file = write(folder / "a.yaml", ANSWERS)
    crisis("resume", "--answers", str(file))
    assert crisis("close").exit == 0

    closed, unknown = graft(crisis, outage), graft(crisis, outage.replace("small", "smal"))

    assert (closed.exit, unknown.exit) == (1, 2)
    assert f"{outage} is closed" in told(closed)
    assert f'did you mean "{outage}"?' in told(unknown)


@pytest.mark.parametrize(
    "words", [("--title", "x"), ("--drill",), ("--example",), ("--from", "alert.json")]
)
def test_what_belongs_to_the_incident_is_refused(
    crisis: Crisis, outage: str, words: tuple[str, ...]
) -> None:
    ran = graft(crisis, outage, *words)

    assert ran.exit == 2
    assert "--into goes without --title, --drill, --example and --from" in told(ran)
    assert data(crisis, "status")["playbooks"] == ["small"]


def test_it_cannot_come_in_before_the_incident_was_declared(crisis: Crisis, outage: str) -> None:
    ran = graft(crisis, outage, "--at", "-6h")

    assert ran.exit == 2
    assert "before the incident was declared" in told(ran)


def test_a_word_that_the_second_playbook_does_not_know_changes_nothing(
    crisis: Crisis, outage: str
) -> None:
    ran = graft(crisis, outage, "--set", "nonsense=1")

    assert ran.exit == 2
    assert 'there is no fact "nonsense"' in told(ran)
    assert data(crisis, "status")["playbooks"] == ["small"]


def test_a_playbook_comes_in_when_somebody_records_in_the_same_moment(
    crisis: Crisis, outage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = ["The host called back"]

    def recorded(*words: Any) -> Any:
        if left:
            crisis("note", left.pop())
        return record(*words)

    monkeypatch.setattr(walking, "record", recorded)

    graft(crisis, outage, *given(**KNOWN))

    assert data(crisis, "status")["playbooks"] == ["small", "leak"]
    assert "The host called back" in texts(crisis)


# Two plans as one


def test_of_a_name_that_two_plans_have_the_first_says_how_it_is_asked() -> None:
    one = a_playbook(facts={"shop": Fact(ask="First?"), "a": Fact(ask="A?")})
    other = a_playbook(facts={"shop": Fact(ask="Second?"), "b": Fact(ask="B?")})

    plan = together([one, other])

    assert [plan.facts[name].ask for name in ("shop", "a", "b")] == ["First?", "A?", "B?"]


def test_two_plans_have_all_their_steps_and_roles() -> None:
    one = a_playbook(stages={"assess": (a_step(id="a"),)}, roles={"x": "X"})
    other = a_playbook(stages={"assess": (a_step(id="b"),), "resolve": (a_step(id="c"),)})

    plan = together([one, other])

    assert [step.id for _, step in plan.steps()] == ["a", "b", "c"]
    assert {"x", "commander"} <= set(plan.roles)


def test_the_shipped_playbooks_mean_the_same_by_the_same_name() -> None:
    one, other = (load(shipped("playbooks") / f"{name}.yaml").plan for name in ("outage", "breach"))

    for name in (set(one.names()) & set(other.names())) - {HANDED_OUT}:  # its ids are the policy's
        first, second = one.spec(name), other.spec(name)
        assert first is not None
        assert second is not None
        assert (first.type, first.choices) == (second.type, second.choices), name
