"""The state of an incident: nothing but the fold of its events."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makers import BEGAN, ID, a_plan, a_playbook, a_sent, a_step, an_incident, minute, the_entries
from strategies import any_event

from crisisctl.incident import events as ev
from crisisctl.incident.fold import StepState, apply, fold
from crisisctl.playbook.model import Fact


def test_a_declaration_opens_the_incident_and_starts_its_clock() -> None:
    incident = an_incident(title="Nobody can pay", time_zone="Europe/Paris", drill=True)

    assert (incident.id, incident.title, incident.status) == (ID, "Nobody can pay", "open")
    assert (incident.time_zone, incident.drill) == ("Europe/Paris", True)
    assert incident.declared_at == BEGAN
    assert incident.milestones == {"declared": BEGAN}
    assert incident.severity is None
    assert incident.playbook.playbook == "outage"
    assert incident.sources == {"outage": "the text of the playbook"}


def test_what_happened_and_when_it_was_written_down_are_two_times() -> None:
    incident = an_incident((3, 25, ev.NoteAdded("The queue grew", "went-badly")))

    assert incident.updated_at == minute(25)
    (note,) = incident.notes
    assert (note.text, note.topic, note.at, note.by) == (
        "The queue grew",
        "went-badly",
        minute(3),
        "ana",
    )


# Facts


def test_the_last_word_on_a_fact_stands() -> None:
    incident = an_incident(
        (2, ev.FactRecorded("cause", "overload", "suspected", "a hunch")),
        (9, ev.FactRecorded("cause", "deployment", "confirmed", "the logs")),
    )

    known = incident.known("cause")
    assert known is not None
    assert (known.value, known.status, known.source) == ("deployment", "confirmed", "the logs")
    assert (known.at, known.seq, known.by) == (minute(9), 4, "ana")


def test_a_retracted_fact_is_unknown_though_what_it_said_is_kept() -> None:
    incident = an_incident(
        (2, ev.FactRecorded("eta", minute(60).isoformat())),
        (9, ev.FactRetracted("eta", "the repair failed")),
    )

    assert incident.known("eta") is None
    gone = incident.facts["eta"]
    assert (gone.status, gone.source, gone.at) == ("retracted", "the repair failed", minute(9))
    assert gone.value == minute(60).isoformat()


def test_a_retracted_fact_can_be_recorded_again() -> None:
    incident = an_incident(
        ev.FactRecorded("cause", "overload"),
        ev.FactRetracted("cause", "the load was usual"),
        ev.FactRecorded("cause", "deployment"),
    )

    known = incident.known("cause")
    assert known is not None
    assert known.value == "deployment"


def test_retracting_what_was_never_recorded_changes_nothing() -> None:
    incident = an_incident(ev.FactRetracted("eta", "a slip"))

    assert incident.facts == {}
    assert incident.seq == 3


def test_a_decision_is_kept_and_becomes_a_confirmed_fact() -> None:
    incident = an_incident(
        (4, ev.DecisionTaken("outage", "workaround", "workaround", "none", "No staff")),
        (8, ev.DecisionTaken("outage", "workaround", "workaround", "phone", "Support is here")),
    )

    known = incident.known("workaround")
    assert known is not None
    assert (known.value, known.status, known.source) == ("phone", "confirmed", "Support is here")
    assert [(d.option, d.because, d.at) for d in incident.decisions] == [
        ("none", "No staff", minute(4)),
        ("phone", "Support is here", minute(8)),
    ]


def test_a_name_is_asked_as_the_first_plan_says_that_knows_it() -> None:
    other = a_plan(
        a_step(), playbook="breach", facts={"cause": Fact(), "records": Fact(type="number")}
    )
    incident = an_incident(ev.PlaybookAdded("breach", "text", other))

    assert list(incident.plans) == ["outage", "breach"]
    assert incident.playbook.playbook == "outage"
    assert incident.spec("cause") == a_playbook().facts["cause"]
    assert incident.spec("records") == Fact(type="number")
    assert incident.spec("workaround") is not None
    assert incident.spec("checkout") is not None
    assert incident.spec("nothing") is None


# Severity


def test_the_severity_in_force_follows_what_was_judged_when() -> None:
    incident = an_incident(
        (5, ev.SeverityChanged("sev2", "some cannot pay")),
        (30, ev.SeverityChanged("sev1", "nobody can pay")),
    )

    assert incident.severity == "sev1"
    assert incident.severity_at(minute(5)) == "sev2"
    assert incident.severity_at(minute(29)) == "sev2"
    assert incident.severity_at(minute(30)) == "sev1"


def test_the_first_judgement_counts_for_the_time_before_it_too() -> None:
    incident = an_incident((5, ev.SeverityChanged("sev3", "few")))

    assert incident.severity_at(BEGAN) == "sev3"


def test_without_a_judgement_the_worst_is_assumed() -> None:
    assert an_incident().severity_at(BEGAN) == "sev1"


def test_a_severity_learned_late_counts_from_when_it_held() -> None:
    incident = an_incident(
        (20, ev.SeverityChanged("sev3", "few")),
        (10, 40, ev.SeverityChanged("sev1", "nobody could pay, as we know now")),
    )

    assert incident.severity_at(minute(15)) == "sev1"
    assert incident.severity_at(minute(25)) == "sev3"


# Steps, roles


def test_a_step_is_begun_done_or_skipped() -> None:
    incident = an_incident(
        (1, ev.StepStarted("outage", "look", "assess", 1, 1)),
        (2, ev.StepCompleted("outage", "look", ("Seen from outside",))),
        (3, ev.StepSkipped("outage", "hold", "Nobody is awake")),
        (4, ev.StepStarted("outage", "brief", "communicate", 3, 4)),
    )

    assert incident.steps["outage", "look"] == StepState(
        "done", minute(2), 4, open_items=("Seen from outside",)
    )
    assert incident.steps["outage", "hold"].status == "skipped"
    assert incident.steps["outage", "hold"].because == "Nobody is awake"
    assert incident.steps["outage", "brief"].status == "doing"
    assert incident.current == ev.StepStarted("outage", "brief", "communicate", 3, 4)


def test_a_step_of_one_playbook_is_not_the_step_of_another() -> None:
    incident = an_incident(
        ev.PlaybookAdded("breach", "text", a_plan(a_step(id="look"), playbook="breach")),
        ev.StepCompleted("breach", "look"),
    )

    assert ("outage", "look") not in incident.steps
    assert incident.steps["breach", "look"].status == "done"


def test_coming_back_to_a_finished_step_is_not_the_same_as_being_interrupted_in_it() -> None:
    began = ev.StepStarted("outage", "look", "assess", 1, 1)
    interrupted = an_incident(began, began)
    came_back = an_incident(began, ev.StepCompleted("outage", "look"), began)
    then_interrupted = an_incident(began, ev.StepCompleted("outage", "look"), began, began)

    assert not interrupted.steps["outage", "look"].again
    assert came_back.steps["outage", "look"].again
    assert then_interrupted.steps["outage", "look"].again


def test_a_role_is_held_by_whoever_got_it_last() -> None:
    incident = an_incident(
        ev.RoleAssigned("commander", "ana"),
        ev.RoleAssigned("scribe", "li"),
        ev.RoleHandedOver("commander", "jo", "ana"),
    )

    assert incident.roles == {"commander": "jo", "scribe": "li"}


# Milestones and the end


def test_a_milestone_told_later_corrects_the_first() -> None:
    incident = an_incident(
        (10, ev.MilestoneReached("started", minute(-5))),
        (40, ev.MilestoneReached("started", minute(-25))),
    )

    assert incident.milestones["started"] == minute(-25)


def test_the_resolved_milestone_resolves_the_incident() -> None:
    incident = an_incident((90, ev.MilestoneReached("resolved", minute(80))))

    assert incident.status == "resolved"
    assert incident.milestones["resolved"] == minute(80)


def test_retracting_the_time_it_was_resolved_opens_it_again() -> None:
    incident = an_incident(
        ev.FactRecorded("resolved_at", minute(80).isoformat()),
        ev.MilestoneReached("resolved", minute(80)),
        ev.FactRetracted("resolved_at", "it broke again"),
    )

    assert incident.status == "open"
    assert "resolved" not in incident.milestones


def test_retracting_a_time_of_a_plan_that_came_later_leaves_the_first_ones_milestones() -> None:
    closed = Fact(type="time", ask="Closed?", milestone="resolved")
    incident = an_incident(
        ev.PlaybookAdded("breach", "", a_playbook(playbook="breach", facts={"closed_at": closed})),
        ev.MilestoneReached("resolved", minute(60)),
        ev.FactRecorded("closed_at", "2026-11-27T19:30:00Z", "confirmed", ""),
        ev.FactRetracted("closed_at", "another way in was found"),
    )

    assert incident.milestones["resolved"] == minute(60)
    assert incident.status == "resolved"


def test_a_closed_incident_stays_closed_when_a_time_is_corrected() -> None:
    incident = an_incident(
        ev.MilestoneReached("resolved", minute(80)),
        ev.IncidentClosed("accepted"),
        ev.MilestoneReached("resolved", minute(85)),
    )

    assert incident.status == "closed"
    assert incident.milestones["resolved"] == minute(85)


def test_a_reopened_incident_is_not_resolved_any_more() -> None:
    incident = an_incident(
        ev.MilestoneReached("resolved", minute(80)),
        ev.IncidentClosed(),
        ev.IncidentReopened("it broke again"),
    )

    assert incident.status == "open"
    assert "resolved" not in incident.milestones
    assert "declared" in incident.milestones


# What is simply kept


def test_messages_promises_waivers_and_commands_are_kept_in_the_order_recorded() -> None:
    holding, update = a_sent("holding"), a_sent("update")
    promise = ev.PromiseMade("report_by", "Publish the report", minute(900), "report", "update")
    waiver = ev.DeadlineWaived("next-update", minute(40), "all is said")
    ran = ev.CommandRan("outage", "fix", "uptime", 1, "up 3 days")
    approved = ev.MessageApproved("update", "customers", update.texts)
    incident = an_incident(
        (10, holding), (25, approved), (20, 26, update), (30, promise), (41, waiver), (50, ran)
    )

    assert [(sent.event, sent.at, sent.seq) for sent in incident.sent] == [
        (holding, minute(10), 3),
        (update, minute(20), 5),
    ]
    assert [(p.event, p.at) for p in incident.promises] == [(promise, minute(30))]
    assert [approval.event for approval in incident.approvals] == [approved]
    assert incident.waived == [waiver]
    assert incident.commands == [ran]


def test_an_action_item_is_open_until_its_outcome_is_known() -> None:
    added = ev.ActionAdded(1, "Practise the way back", "jo", "2026-12-15")
    still_open = an_incident(added, ev.ActionDone(2, "of another item"))
    done = an_incident(added, ev.ActionDone(1, "practised on Tuesday"))

    assert still_open.actions[1].outcome == ""
    assert done.actions[1].outcome == "practised on Tuesday"
    assert (done.actions[1].title, done.actions[1].owner) == ("Practise the way back", "jo")
    assert list(still_open.actions) == [1]


def test_an_event_of_a_newer_crisisctl_only_counts() -> None:
    before = an_incident()
    after = an_incident((7, ev.Unknown("customers-hugged")))

    assert after.seq == before.seq + 1
    assert after.updated_at == minute(7)
    after.seq, after.updated_at = before.seq, before.updated_at
    assert after == before


@pytest.mark.parametrize("kind", ["facts", "plans", "sent", "milestones", "notes"])
def test_two_incidents_share_nothing(kind: str) -> None:
    an_incident(
        ev.FactRecorded("eta", "x"),
        a_sent(),
        ev.NoteAdded("x"),
        ev.MilestoneReached("started", BEGAN),
    )

    assert not getattr(fold("another", []), kind)


# Whatever happened


@settings(max_examples=60)
@given(happened=st.lists(any_event(), max_size=12), data=st.data())
def test_any_story_can_be_read_up_to_any_point_and_on_from_there(
    happened: list[ev.Event], data: st.DataObject
) -> None:
    entries = the_entries(*happened)
    cut = data.draw(st.integers(0, len(entries)))

    early = fold(ID, entries[:cut])
    for entry in entries[cut:]:
        apply(early, ev.decode(ev.encode(entry)))

    assert early == fold(ID, entries)
    assert early.seq == len(entries)
