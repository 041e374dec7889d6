"""Where an incident stands in its playbooks, and what it still has to ask."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from makers import (
    BEGAN,
    Happened,
    a_plan,
    a_playbook,
    a_sent,
    a_step,
    an_incident,
    minute,
    place_of,
)

from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident, apply
from crisisctl.playbook.model import Playbook
from crisisctl.runner.place import (
    Place,
    asked_anew,
    next_place,
    open_steps,
    place_before,
    questions,
)


def done(step: str, playbook: str = "outage") -> ev.StepCompleted:
    return ev.StepCompleted(playbook, step)


def skipped(step: str, playbook: str = "outage") -> ev.StepSkipped:
    return ev.StepSkipped(playbook, step, "a reason")


def began(step: str, playbook: str = "outage") -> ev.StepStarted:
    return ev.StepStarted(playbook, step, "assess", 1, 1)


def the_next(*happened: Happened, plan: Playbook | None = None) -> str | None:
    place = next_place(an_incident(*happened, plan=plan), now=BEGAN)
    return place.step.id if place else None


def walked(incident: Incident) -> list[tuple[str, str, int, int]]:
    """Walk to the end: playbook, step, number, of."""
    found = []
    while place := next_place(incident, now=BEGAN):
        found.append((place.playbook, place.step.id, place.number, place.of))
        event = ev.StepCompleted(place.playbook, place.step.id)
        apply(incident, ev.Entry(incident.seq + 1, BEGAN, BEGAN, "ana", event))
    return found


# The order


def test_the_steps_come_stage_by_stage_in_the_order_of_the_playbook() -> None:
    incident = an_incident(ev.FactRecorded("workaround", "none"))

    assert walked(incident) == [
        ("outage", "look", 1, 1),
        ("outage", "hold", 1, 3),
        ("outage", "workaround", 2, 3),
        ("outage", "brief", 3, 3),
        ("outage", "update", 1, 2),
        ("outage", "fix", 2, 2),
        ("outage", "publish", 1, 1),
    ]


def test_stages_are_walked_in_their_own_order_however_the_file_orders_them() -> None:
    plan = a_playbook(
        stages={"resolve": (a_step(id="b"),), "assess": (a_step(id="a"),)}, deadlines={}
    )

    assert [id for _, id, _, _ in walked(an_incident(plan=plan))] == ["a", "b"]


def test_a_place_knows_its_stage_and_its_key_and_how_it_is_begun() -> None:
    place = next_place(an_incident(done("look")), now=BEGAN)

    assert place is not None
    assert (place.stage, place.stage_number) == ("communicate", 2)
    assert place.key == ("outage", "hold")
    assert place.started() == ev.StepStarted("outage", "hold", "communicate", 1, place.of)


def test_a_skipped_step_is_passed_and_an_interrupted_one_is_not() -> None:
    assert the_next(skipped("look")) == "hold"
    assert the_next(began("look")) == "look"


def test_steps_done_out_of_turn_are_not_walked_again() -> None:
    assert the_next(done("look"), done("workaround"), done("hold")) == "brief"


def test_at_the_end_there_is_no_next_step() -> None:
    plan = a_plan(a_step(id="a"), a_step(id="b"))

    assert the_next(done("a"), skipped("b"), plan=plan) is None


def test_a_step_begun_again_comes_up_again() -> None:
    assert the_next(done("look"), done("hold"), began("look")) == "look"


# Conditions

PHONE = ev.FactRecorded("workaround", "phone")


def test_a_step_is_walked_where_its_condition_holds() -> None:
    before = (done("look"), done("hold"), done("workaround"))

    assert the_next(*before, PHONE) == "phones"
    assert the_next(*before, ev.FactRecorded("workaround", "none")) == "brief"
    assert the_next(*before) == "brief"


def test_the_count_of_a_stage_follows_its_conditions() -> None:
    without = place_of(an_incident(), "outage", "brief", now=BEGAN)
    with_phones = place_of(an_incident(PHONE), "outage", "brief", now=BEGAN)

    assert without is not None
    assert with_phones is not None
    assert (without.number, without.of) == (3, 3)
    assert (with_phones.number, with_phones.of) == (4, 4)


def test_a_step_that_does_not_apply_has_no_place() -> None:
    assert place_of(an_incident(), "outage", "phones", now=BEGAN) is None
    assert place_of(an_incident(), "outage", "nothing", now=BEGAN) is None


def test_a_step_that_was_walked_keeps_its_place_when_its_condition_ceases_to_hold() -> None:
    changed = an_incident(PHONE, done("phones"), ev.FactRecorded("workaround", "none"))

    place = place_of(changed, "outage", "brief", now=BEGAN)

    assert place is not None
    assert (place.number, place.of) == (4, 4)


def test_a_condition_that_cannot_be_decided_yet_shows_the_step() -> None:
    plan = a_plan(a_step(id="long", when="resolved_at - started_at > limit"))

    assert the_next(plan=plan) == "long"


# Back


def before(id: str, *happened: Happened) -> str | None:
    incident = an_incident(*happened)
    place = place_of(incident, "outage", id, now=BEGAN)
    assert place is not None
    back = place_before(incident, place, now=BEGAN)
    return back.step.id if back else None


def test_back_is_the_step_walked_before_also_across_stages() -> None:
    assert before("workaround") == "hold"
    assert before("hold") == "look"
    assert before("look") is None


def test_back_passes_steps_that_do_not_apply() -> None:
    assert before("brief") == "workaround"
    assert before("brief", PHONE) == "phones"


def test_back_shows_a_skipped_step_too() -> None:
    assert before("workaround", skipped("hold")) == "hold"


# Two playbooks

BREACH = a_playbook(
    playbook="breach",
    stages={
        "assess": (a_step(id="look"), a_step(id="records")),
        "resolve": (a_step(id="contain"),),
    },
    deadlines={},
)
ADDED = ev.PlaybookAdded("breach", "", BREACH)


def test_a_second_playbook_is_walked_beside_the_first_stage_by_stage() -> None:
    incident = an_incident(ADDED)

    assert [(plan, id) for plan, id, _, _ in walked(incident)] == [
        ("outage", "look"),
        ("breach", "look"),
        ("breach", "records"),
        ("outage", "hold"),
        ("outage", "workaround"),
        ("outage", "brief"),
        ("outage", "update"),
        ("outage", "fix"),
        ("breach", "contain"),
        ("outage", "publish"),
    ]


def test_a_playbook_added_late_is_walked_from_its_beginning() -> None:
    early = (done("look"), done("hold"), done("workaround"), done("brief"), done("update"))
    place = next_place(an_incident(*early, ADDED), now=BEGAN)

    assert place is not None
    assert (place.key, place.number, place.of) == (("breach", "look"), 1, 2)


def test_a_step_counts_among_those_of_its_own_playbook() -> None:
    place = place_of(an_incident(ADDED), "breach", "records", now=BEGAN)

    assert place == Place("breach", "assess", BREACH.stages["assess"][1], 2, 2)


def test_the_open_steps_are_those_neither_done_nor_skipped() -> None:
    happened = (ADDED, done("look"), skipped("hold"), began("workaround"), done("look", "breach"))
    found = open_steps(an_incident(*happened), now=BEGAN)

    assert [(place.playbook, place.step.id) for place in found] == [
        ("breach", "records"),
        ("outage", "workaround"),
        ("outage", "brief"),
        ("outage", "update"),
        ("outage", "fix"),
        ("breach", "contain"),
        ("outage", "publish"),
    ]


# Questions


def asked(id: str, *happened: Happened, plan: Playbook | None = None) -> list[str]:
    incident = an_incident(*happened, plan=plan)
    place = place_of(incident, "outage", id, now=BEGAN)
    assert place is not None
    return questions(incident, place)


STARTED = ev.FactRecorded("started_at", minute(-5).isoformat())
GUESS = ev.FactRecorded("cause", "overload", "suspected")


def test_a_step_asks_its_questions_in_their_order() -> None:
    assert asked("look", began("look")) == ["started_at", "checkout", "cause"]


def test_what_is_known_is_not_asked() -> None:
    assert asked("look", STARTED, began("look")) == ["checkout", "cause"]


def test_what_was_answered_before_an_interruption_is_not_asked_again() -> None:
    assert asked("look", began("look"), STARTED, GUESS) == ["checkout"]


def test_what_was_only_suspected_before_the_step_is_asked_again() -> None:
    assert asked("look", GUESS, began("look")) == ["started_at", "checkout", "cause"]


def test_what_was_retracted_is_asked_again() -> None:
    gone = ev.FactRetracted("started_at", "a slip")

    assert asked("look", began("look"), STARTED, gone) == ["started_at", "checkout", "cause"]


def test_coming_back_to_a_step_asks_everything_again_but_only_once() -> None:
    first = (began("look"), STARTED, GUESS, ev.FactRecorded("checkout", "all"), done("look"))

    assert asked("look", *first, began("look")) == ["started_at", "checkout", "cause"]
    assert asked("look", *first, began("look"), STARTED) == ["checkout", "cause"]


def test_a_computed_fact_and_a_doubled_question_are_not_asked() -> None:
    plan = a_plan(a_step(ask=("downtime", "eta", "eta")))

    assert asked("look", plan=plan) == ["eta"]


def test_a_message_that_goes_out_once_more_asks_what_may_have_changed() -> None:
    eta = ev.FactRecorded("eta", minute(40).isoformat())
    incident = an_incident(eta, a_sent("update"))
    place = place_of(incident, "outage", "update", now=BEGAN)
    assert place is not None

    assert questions(incident, place) == []
    assert questions(incident, place, anew=asked_anew(incident, "update")) == ["eta"]
    assert asked_anew(incident, "report") is None


# Whatever happens


@given(
    st.lists(
        st.tuples(
            st.sampled_from([done, skipped, began]),
            st.sampled_from(["look", "hold", "workaround", "phones", "brief", "update", "fix"]),
            st.sampled_from(["phone", "none"]),
        ),
        max_size=12,
    )
)
def test_a_walk_always_ends_and_numbers_its_steps_without_gaps(
    story: list[tuple[object, str, str]],
) -> None:
    events: list[Happened] = []
    for happened, step, option in story:
        events += [ev.FactRecorded("workaround", option), happened(step)]  # type: ignore[operator]
    incident = an_incident(*events)

    rest = walked(incident)

    assert len(rest) <= 8
    assert len({id for _, id, _, _ in rest}) == len(rest)
    assert all(1 <= number <= of for _, _, number, of in rest)
    assert next_place(incident, now=BEGAN) is None
    assert open_steps(incident, now=BEGAN) == []
