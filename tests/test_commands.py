"""What an operator does, decided: each command gives events, or says why it may not be."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from makers import BEGAN, ID, Happened, a_playbook, a_sent, a_step, an_incident, minute, place_of

from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.playbook.model import Answer, Fact, Impact
from crisisctl.runner import actions, commands
from crisisctl.runner.place import Place

LOOK = Place("outage", "assess", a_step(), 1, 1)


def the_place(incident: Incident, id: str) -> Place:
    place = place_of(incident, "outage", id, now=BEGAN)
    assert place is not None
    return place


def refusal(error: pytest.ExceptionInfo[CrisisError]) -> tuple[str, str]:
    return error.value.message, error.value.hint


# Declaring


def test_a_declaration_names_the_incident_and_keeps_its_plan() -> None:
    plan = a_playbook()

    assert commands.declare(plan, "text", title="", time_zone="Europe/Paris", drill=True) == [
        ev.IncidentDeclared("Site outage", "Europe/Paris", drill=True),
        ev.PlaybookAdded("outage", "text", plan),
    ]
    named = commands.declare(plan, "text", title="No payments", time_zone="UTC", drill=False)
    assert named[0] == ev.IncidentDeclared("No payments", "UTC", drill=False)


# Facts


def test_an_answer_is_recorded_in_the_journal_s_own_form() -> None:
    incident = an_incident()

    assert commands.answer(incident, "cause", "overload", status="suspected", source="logs") == [
        ev.FactRecorded("cause", "overload", "suspected", "logs")
    ]
    assert commands.answer(incident, "eta", minute(30), source="") == [
        ev.FactRecorded("eta", "2026-11-27T19:30:00Z", "confirmed", "")
    ]


def test_a_confirmed_time_of_a_milestone_reaches_it() -> None:
    events = commands.answer(an_incident(), "started_at", minute(-20), source="")

    assert events[1:] == [ev.MilestoneReached("started", minute(-20))]


def test_a_corrected_time_corrects_the_milestone_and_the_same_time_does_not() -> None:
    incident = an_incident(ev.MilestoneReached("started", minute(-20)))

    same = commands.answer(incident, "started_at", minute(-20), source="")
    corrected = commands.answer(incident, "started_at", minute(-25), source="")

    assert len(same) == 1
    assert corrected[1:] == [ev.MilestoneReached("started", minute(-25))]


def test_a_time_of_a_plan_that_came_later_reaches_no_milestone_of_the_first() -> None:
    """The leak is closed, and nobody can order yet: the outage is not over by that."""
    closed = Fact(type="time", ask="Closed?", milestone="resolved")
    seen = Fact(type="time", ask="First sign?", milestone="detected")
    breach = a_playbook(playbook="breach", facts={"closed_at": closed, "seen_at": seen})
    incident = an_incident(ev.PlaybookAdded("breach", "", breach))

    assert len(commands.answer(incident, "closed_at", minute(60), source="")) == 1
    # the first plan asks for no time of detection, so this one gives it
    assert commands.answer(incident, "seen_at", minute(5), source="")[1:] == [
        ev.MilestoneReached("detected", minute(5))
    ]


def test_a_suspected_time_reaches_no_milestone() -> None:
    events = commands.answer(
        an_incident(), "resolved_at", minute(60), status="suspected", source=""
    )

    assert [ev.kind(event) for event in events] == ["fact-recorded"]


def test_a_computed_fact_cannot_be_set() -> None:
    with pytest.raises(CrisisError) as error:
        commands.answer(an_incident(), "downtime", timedelta(hours=1), source="")

    assert refusal(error) == (
        '"downtime" is computed, it cannot be set',
        "it follows from: resolved_at - started_at",
    )


def test_an_unknown_fact_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(CrisisError) as near:
        commands.answer(an_incident(), "start_at", minute(0), source="")
    with pytest.raises(CrisisError) as far:
        commands.answer(an_incident(), "xyzzy", Decimal(5), source="")

    assert refusal(near) == ('there is no fact "start_at"', 'did you mean "started_at"?')
    assert far.value.hint.startswith("facts: cause, checkout, downtime, eta, needs,")


def test_a_fact_is_retracted_with_a_reason_once_it_is_known() -> None:
    known = ev.FactRecorded("eta", minute(30).isoformat())

    assert commands.retract(an_incident(known), "eta", because="it failed") == [
        ev.FactRetracted("eta", "it failed")
    ]
    with pytest.raises(CrisisError, match='"eta" is not recorded'):
        commands.retract(an_incident(), "eta", because="it failed")
    gone = an_incident(known, ev.FactRetracted("eta", "x"))
    with pytest.raises(CrisisError, match='"eta" is not recorded'):
        commands.retract(gone, "eta", because="it failed")
    with pytest.raises(CrisisError, match='there is no fact "etta"'):
        commands.retract(an_incident(), "etta", because="")


def test_the_messages_that_state_a_fact_are_known_also_by_what_follows_from_it() -> None:
    incident = an_incident(
        a_sent("holding", uses=("started_at", "shop_name")),
        a_sent("update", uses=("cause",)),
        a_sent("report", uses=("downtime",)),
    )

    assert commands.messages_using(incident, "started_at") == ["holding", "report"]
    assert commands.messages_using(incident, "cause") == ["update"]
    assert commands.messages_using(incident, "eta") == []


# Severity


def test_the_first_impact_answer_sets_the_severity_and_says_why() -> None:
    events = commands.answer(an_incident(), "checkout", "some", source="")

    assert events == [
        ev.FactRecorded("checkout", "some"),
        ev.SeverityChanged("sev2", "Can customers pay? Some cannot"),
    ]


def test_a_worse_answer_raises_the_severity() -> None:
    incident = an_incident(ev.FactRecorded("reach", "few"), ev.SeverityChanged("sev4", "few"))

    events = commands.answer(incident, "checkout", "none", source="")

    assert events[1:] == [ev.SeverityChanged("sev1", "Can customers pay? Nobody can")]


@pytest.mark.parametrize("answer", ["all", "none"])
def test_a_milder_or_equal_answer_leaves_the_severity(answer: str) -> None:
    incident = an_incident(
        ev.FactRecorded("checkout", "none"), ev.SeverityChanged("sev1", "nobody can pay")
    )

    assert len(commands.answer(incident, "checkout", answer, source="")) == 1
    assert len(commands.answer(incident, "reach", "few", source="")) == 1


def test_the_severity_is_the_worst_answer_of_all() -> None:
    plan = a_playbook()
    incident = an_incident()
    assert plan.impact.keys() == {"checkout", "reach"}

    assert commands.judged(incident, {}) is None
    assert commands.judged(incident, {"cause": "overload", "checkout": "nonsense"}) is None
    assert commands.judged(incident, {"checkout": "all", "reach": "many"}) == (
        "sev3",
        "How many? Many",
    )


def test_a_suspected_harm_counts_and_a_retracted_one_does_not() -> None:
    few = ev.FactRecorded("reach", "few")
    suspected = commands.answer(an_incident(few), "checkout", "none", status="suspected", source="")
    gone = an_incident(ev.FactRecorded("checkout", "none"), ev.FactRetracted("checkout", "no"))

    assert suspected[1:] == [ev.SeverityChanged("sev1", "Can customers pay? Nobody can")]
    assert commands.answer(gone, "reach", "few", source="")[1:] == [
        ev.SeverityChanged("sev4", "How many? A few")
    ]


def test_the_impact_questions_of_every_playbook_are_judged() -> None:
    records = Impact(ask="Data?", answers={"out": Answer(title="Out", severity="sev1")})
    breach = a_playbook(playbook="breach", impact={"records": records})
    incident = an_incident(ev.PlaybookAdded("breach", "", breach))

    assert commands.answer(incident, "records", "out", source="")[1:] == [
        ev.SeverityChanged("sev1", "Data? Out")
    ]


def test_raising_the_severity_is_free() -> None:
    incident = an_incident(ev.SeverityChanged("sev3", "few"))

    assert commands.set_severity(incident, "sev1", because="") == [
        ev.SeverityChanged("sev1", "raised by the operator")
    ]
    assert commands.set_severity(an_incident(), "sev4", because="calm") == [
        ev.SeverityChanged("sev4", "calm")
    ]
    assert commands.set_severity(incident, "sev3", because="") == []


@pytest.mark.parametrize("because", ["", "  "])
def test_lowering_the_severity_needs_a_reason(because: str) -> None:
    incident = an_incident(ev.SeverityChanged("sev1", "nobody can pay"))

    with pytest.raises(CrisisError) as error:
        commands.set_severity(incident, "sev3", because=because)

    assert refusal(error) == (
        "lowering the severity from sev1 to sev3 needs a reason",
        'add --because "…"; raising it never does',
    )
    assert commands.set_severity(incident, "sev3", because="payments work again") == [
        ev.SeverityChanged("sev3", "payments work again")
    ]


def test_an_unknown_severity_is_refused() -> None:
    with pytest.raises(CrisisError) as error:
        commands.set_severity(an_incident(), "SEV-1", because="")

    assert refusal(error) == (
        'there is no severity "SEV-1"',
        "it is one of sev1, sev2, sev3 or sev4",
    )


# Roles


def test_a_role_is_assigned_and_then_handed_over() -> None:
    held = an_incident(ev.RoleAssigned("commander", "ana"))

    assert commands.assign(an_incident(), "commander", "ana") == [
        ev.RoleAssigned("commander", "ana")
    ]
    assert commands.assign(held, "commander", "jo") == [ev.RoleHandedOver("commander", "jo", "ana")]
    assert commands.assign(held, "commander", "ana") == []


def test_an_unknown_role_is_refused_with_those_there_are() -> None:
    with pytest.raises(CrisisError) as near:
        commands.assign(an_incident(), "comander", "ana")
    with pytest.raises(CrisisError) as far:
        commands.assign(an_incident(), "pilot", "ana")

    assert refusal(near) == ('there is no role "comander"', 'did you mean "commander"?')
    assert far.value.hint == "roles: commander and scribe"


# Steps


def test_a_decision_is_taken_with_its_reason() -> None:
    place = the_place(an_incident(), "workaround")

    assert commands.decide(place, "phone", because="Support is here") == [
        ev.DecisionTaken("outage", "workaround", "workaround", "phone", "Support is here")
    ]


def test_a_decision_that_is_no_option_is_refused() -> None:
    place = the_place(an_incident(), "workaround")

    with pytest.raises(CrisisError) as error:
        commands.decide(place, "phones", because="")

    assert refusal(error) == (
        '"phones" is not an option of "workaround"',
        'did you mean "phone"? options: phone and none',
    )
    with pytest.raises(CrisisError, match='step "look" has nothing to decide'):
        commands.decide(LOOK, "phone", because="")


def test_a_step_is_done_with_what_was_left_open() -> None:
    assert commands.complete(an_incident(), LOOK, open_items=["Seen"], at=minute(4)) == [
        ev.StepCompleted("outage", "look", ("Seen",))
    ]


def test_a_step_reaches_its_milestone_unless_a_fact_has_dated_it() -> None:
    open_still = an_incident()
    dated = an_incident(ev.MilestoneReached("mitigated", minute(40)))
    fix = the_place(open_still, "fix")

    assert commands.complete(open_still, fix, at=minute(50))[1:] == [
        ev.MilestoneReached("mitigated", minute(50))
    ]
    assert commands.complete(dated, fix, at=minute(50))[1:] == []


def test_skipping_a_step_needs_a_reason() -> None:
    assert commands.skip(LOOK, because=" Seen already\n") == [
        ev.StepSkipped("outage", "look", "Seen already")
    ]
    with pytest.raises(CrisisError, match='skipping "look" needs a reason'):
        commands.skip(LOOK, because=" \t")


# Messages and promises


def test_the_first_message_to_customers_is_a_milestone() -> None:
    holding, brief = a_sent("holding"), a_sent("brief", to="staff")

    assert commands.sent(an_incident(), holding, at=minute(8)) == [
        holding,
        ev.MilestoneReached("first-message", minute(8)),
    ]
    assert commands.sent(an_incident(), brief, at=minute(8)) == [brief]


def test_a_later_message_is_not_the_first_and_an_earlier_one_told_late_is() -> None:
    incident = an_incident(ev.MilestoneReached("first-message", minute(8)))

    assert commands.sent(incident, a_sent("update"), at=minute(20)) == [a_sent("update")]
    assert commands.sent(incident, a_sent("holding"), at=minute(5))[1:] == [
        ev.MilestoneReached("first-message", minute(5))
    ]


REPORT_BY = ev.FactRecorded("report_by", minute(900).isoformat())


def test_a_message_that_states_a_promised_time_makes_the_promise() -> None:
    message = a_sent("update", uses=("cause", "report_by"))
    incident = an_incident(REPORT_BY, ev.MilestoneReached("first-message", minute(8)))

    assert commands.sent(incident, message, at=minute(60))[1:] == [
        ev.PromiseMade("report_by", "Publish the report", minute(900), "report", "update")
    ]


def made(due: float) -> ev.PromiseMade:
    return ev.PromiseMade("report_by", "Publish the report", minute(due), "report", "update")


@pytest.mark.parametrize(
    ("happened", "message"),
    [
        pytest.param([], a_sent("update", uses=("report_by",)), id="no time is known"),
        pytest.param([REPORT_BY], a_sent("update", uses=("cause",)), id="it is not stated"),
        pytest.param(
            [REPORT_BY, made(900)], a_sent("update", uses=("report_by",)), id="it stands already"
        ),
        pytest.param(
            [REPORT_BY, ev.FactRetracted("report_by", "x")],
            a_sent("update", uses=("report_by",)),
            id="it was taken back",
        ),
        pytest.param([REPORT_BY], a_sent("report", uses=("report_by",)), id="the message keeps it"),
    ],
)
def test_no_promise_is_made(happened: list[Happened], message: ev.MessageSent) -> None:
    incident = an_incident(*happened, ev.MilestoneReached("first-message", minute(8)))

    assert commands.sent(incident, message, at=minute(60)) == [message]


def test_stating_another_time_promises_anew() -> None:
    incident = an_incident(REPORT_BY, made(600), ev.MilestoneReached("first-message", minute(8)))

    events = commands.sent(incident, a_sent("update", uses=("report_by",)), at=minute(60))

    assert events[1:] == [made(900)]


# Deadlines


def test_an_open_deadline_can_be_waived_with_a_reason() -> None:
    incident = an_incident((8, a_sent("holding")))

    assert commands.waive(incident, "next-update", because=" no news ", now=minute(9)) == [
        ev.DeadlineWaived("next-update", minute(28), "no news")
    ]
    with pytest.raises(CrisisError, match='waiving "next-update" needs a reason'):
        commands.waive(incident, "next-update", because=" ", now=minute(9))


def test_only_an_open_deadline_can_be_waived() -> None:
    incident = an_incident((8, a_sent("holding")))

    with pytest.raises(CrisisError) as met:
        commands.waive(incident, "first-word", because="x", now=minute(9))
    with pytest.raises(CrisisError) as misspelt:
        commands.waive(incident, "next-updat", because="x", now=minute(9))

    assert refusal(met) == ('there is no open deadline "first-word"', "open: next-update")
    assert misspelt.value.hint == 'did you mean "next-update"?'


# Follow-up work


def test_action_items_are_numbered_on() -> None:
    incident = an_incident(ev.ActionAdded(1, "a", "jo"), ev.ActionAdded(4, "b", "jo"))

    assert actions.add(an_incident(), "Practise", owner="jo", due="2026-12-15") == [
        ev.ActionAdded(1, "Practise", "jo", "2026-12-15")
    ]
    assert actions.add(incident, "Practise", owner="", due="") == [
        ev.ActionAdded(5, "Practise", "", "")
    ]


# The end

OVER: tuple[Happened, ...] = (
    ev.MilestoneReached("started", minute(-5)),
    (8, a_sent("holding")),
    (60, ev.MilestoneReached("resolved", minute(55))),
)


def test_an_incident_is_closed_when_nothing_is_missing() -> None:
    assert commands.close(an_incident(*OVER), now=minute(90), because="accepted") == [
        ev.IncidentClosed("accepted")
    ]


def test_closing_names_everything_that_is_missing() -> None:
    with pytest.raises(CrisisError) as error:
        commands.close(an_incident((9, made(900))), now=minute(30))

    assert error.value.code == 1
    assert error.value.message == (
        f'{ID} cannot be closed yet: milestone "started" has no time;'
        ' milestone "resolved" has no time; deadline "first-word" is open (First word);'
        ' promise "report_by" is open (Publish the report)'
    )
    assert "crisisctl waive" in error.value.hint


def test_closing_needs_what_every_playbook_needs_once() -> None:
    breach = a_playbook(playbook="breach", close_needs=("detected", "resolved"), deadlines={})
    incident = an_incident(*OVER, ev.PlaybookAdded("breach", "", breach))

    assert commands.missing_to_close(incident, now=minute(90)) == [
        'milestone "detected" has no time'
    ]


def test_what_was_missed_or_waived_does_not_keep_it_open() -> None:
    late = (an_incident(OVER[0], (40, a_sent("holding")), OVER[2]), minute(90))
    waived = (
        an_incident(*OVER, made(900), ev.DeadlineWaived("report_by", minute(900), "x")),
        BEGAN,
    )

    for incident, now in (late, waived):
        assert commands.missing_to_close(incident, now=now) == []


def test_a_closed_incident_cannot_be_closed_again() -> None:
    with pytest.raises(CrisisError, match="is closed already") as error:
        commands.close(an_incident(*OVER, ev.IncidentClosed()), now=minute(90))

    assert error.value.code == 1


def test_reopening_needs_a_reason_and_something_that_was_over() -> None:
    over = an_incident(*OVER)

    assert commands.reopen(over, because="it broke again") == [
        ev.IncidentReopened("it broke again")
    ]
    with pytest.raises(CrisisError, match="opening it again needs a reason"):
        commands.reopen(over, because="")
    with pytest.raises(CrisisError, match=f"{ID} is open") as error:
        commands.reopen(an_incident(), because="x")
    assert error.value.code == 1
