"""The regulators' clocks of an incident: which run, since when, and what is said beside each."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from hypothesis import given
from hypothesis import strategies as st
from makers import BEGAN, Happened, a_playbook, an_incident, minute
from regulated import a_breach, a_regulated, by_id, fact, kept, leak, the_law
from small import write

from crisisctl.deadlines.notices import Notice, missing, notices, uncovered
from crisisctl.deadlines.owed import deadlines, pressing
from crisisctl.incident import events as ev
from crisisctl.playbook.regulation import Clock, Regulation, Within

AWARE = "2026-11-27T17:00:00Z"
"""Two hours before the incident is declared."""
LEAK = a_regulated()
EVENING = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)


def found(*happened: Happened, now: datetime = BEGAN, **told: Any) -> dict[str, Notice]:
    """The clocks by name, with the law kept and these facts told."""
    facts = [fact(name, value) for name, value in told.items()]
    return by_id(an_incident(kept(), *facts, *happened, plan=LEAK), now)


def ids(*happened: Happened, **told: Any) -> set[str]:
    return set(found(*happened, **told))


def decided(clock: str, decision: ev.Decided = "notified", because: str = "") -> ev.NoticeDecided:
    return ev.NoticeDecided(clock=clock, decision=decision, because=because)


# Which run


def test_each_country_brings_its_own_regulation_and_no_other() -> None:
    assert ids(aware_at=AWARE, countries=["FR"]) == {
        *("fr.authority", "fr.complement", "fr.people", "fr.register"),
    }
    assert ids(aware_at=AWARE, countries=["RU", "US-CA"]) == {
        *("ru.first", "ru.findings", "us-ca.people", "us-ca.authority"),
    }


def test_no_country_no_plan_with_regulators_and_no_law_mean_no_clock() -> None:
    told = (fact("aware_at", AWARE), fact("countries", ["FR"]))

    assert ids(aware_at=AWARE) == set()
    assert notices(an_incident(kept(), *told, plan=a_playbook()), now=BEGAN) == []
    assert notices(an_incident(*told, plan=LEAK), now=BEGAN) == []


def test_a_country_that_was_taken_back_takes_its_clocks_along() -> None:
    told: tuple[Happened, ...] = (fact("countries", ["FR"]), ev.FactRetracted("countries", "wrong"))

    assert ids(*told, aware_at=AWARE) == set()


def test_a_country_that_is_only_suspected_counts() -> None:
    assert "fr.authority" in ids(fact("countries", ["FR"], "suspected"), aware_at=AWARE)


def test_a_rule_beside_the_countries_runs_where_its_condition_holds() -> None:
    held = {id for id in ids(aware_at=AWARE, cards=True, nis2=False) if id.startswith("pci")}

    assert "pci.visa" in held
    assert not any(id.startswith("pci") for id in ids(aware_at=AWARE, cards=False))
    assert {id.partition(".")[0] for id in ids(aware_at=AWARE, nis2=True)} == {"nis2"}


def test_a_rule_that_is_named_and_not_on_file_is_no_clock() -> None:
    law = [each for each in the_law() if each.regulation != "pci"]
    incident = an_incident(kept(law), fact("cards", True), fact("aware_at", AWARE), plan=LEAK)

    assert notices(incident, now=BEGAN) == []


def test_who_only_works_for_another_firm_has_to_tell_it_and_nobody_else() -> None:
    held = ids(aware_at=AWARE, countries=["FR", "TR"], cards=True, our_part="theirs")

    assert held == {"eu.controller"}


@pytest.mark.parametrize("part", [{}, {"our_part": "ours"}])
def test_whose_data_it_is_ourselves_never_tells_a_controller(part: dict[str, str]) -> None:
    held = found(aware_at=AWARE, countries=["DE"], **part)

    assert "eu.authority" in held
    assert all(notice.running.clock.to != "controller" for notice in held.values())


def test_a_country_without_a_regulation_is_named() -> None:
    told = (fact("countries", ["FR", "AR"]), fact("aware_at", AWARE))

    assert uncovered(an_incident(kept(), *told, plan=LEAK)) == ["AR"]
    assert uncovered(an_incident(kept(), *told, plan=a_playbook())) == []


# From when


def test_the_clocks_run_from_the_moments_that_the_plan_names() -> None:
    held = found(
        aware_at=AWARE,
        first_sign_at="2026-11-27T12:00:00Z",
        countries=["FR", "RU"],
    )

    assert held["fr.authority"].running.due == EVENING + timedelta(hours=72)
    assert held["ru.first"].running.due == datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_correcting_the_moment_of_awareness_moves_the_clocks() -> None:
    later = fact("aware_at", "2026-11-27T18:30:00Z")

    held = found((30, later), aware_at=AWARE, countries=["FR"])

    assert held["fr.authority"].running.due == datetime(2026, 11, 30, 18, 30, tzinfo=UTC)


def test_before_anybody_is_aware_every_clock_waits_and_none_is_a_deadline() -> None:
    told = (kept(), fact("countries", ["FR", "US-CA"]))
    incident = an_incident(*told, plan=LEAK)

    assert {notice.state for notice in notices(incident, now=minute(9999))} == {"waiting"}
    assert deadlines(incident, now=minute(9999)) == []


def test_whoever_is_aware_has_seen_a_first_sign_by_then() -> None:
    held = found(aware_at=AWARE, countries=["RU"])

    assert held["ru.first"].running.since == EVENING


def test_a_clock_that_follows_a_notice_begins_when_that_notice_went_out() -> None:
    told = (90, decided("us-ca.people"))

    before = found(aware_at=AWARE, countries=["US-CA"])["us-ca.authority"]
    after = found(told, aware_at=AWARE, countries=["US-CA"])["us-ca.authority"]

    assert (before.state, before.running.due) == ("waiting", None)
    assert after.state == "due"
    assert after.running.since == minute(90)


@pytest.mark.parametrize("decision", ["not-notified", "delayed"])
def test_a_clock_that_follows_a_notice_never_begins_without_it(decision: ev.Decided) -> None:
    told = decided("us-ca.people", decision, "no risk")

    held = found(told, aware_at=AWARE, countries=["US-CA"])

    assert held["us-ca.authority"].state == "waiting"


# How they stand


@pytest.mark.parametrize(
    ("hours", "state"), [(0, "due"), (71.9, "due"), (72, "due"), (72.01, "overdue")]
)
def test_a_clock_with_a_number_is_overdue_once_its_end_has_passed(hours: float, state: str) -> None:
    now = EVENING + timedelta(hours=hours)

    assert found(aware_at=AWARE, countries=["FR"], now=now)["fr.authority"].state == state


def test_a_clock_without_a_number_is_owed_however_long_it_runs() -> None:
    held = found(aware_at=AWARE, countries=["FR"], now=BEGAN + timedelta(days=99))

    assert held["fr.people"].state == "owed"


@pytest.mark.parametrize(
    ("hours", "state", "kind"), [(71, "notified", "met"), (73, "late", "missed")]
)
def test_a_notice_is_in_time_or_late_by_when_it_went_out(
    hours: float, state: str, kind: str
) -> None:
    at = (EVENING - BEGAN) / timedelta(minutes=1) + hours * 60
    told: tuple[Happened, ...] = (
        kept(),
        fact("aware_at", AWARE),
        fact("countries", ["TR"]),
        (at, decided("tr.authority")),
    )
    incident = an_incident(*told, plan=LEAK)
    later = BEGAN + timedelta(days=9)

    assert by_id(incident, later)["tr.authority"].state == state
    assert [(due.name, due.state) for due in deadlines(incident, now=later)] == [
        ("tr.authority", kind)
    ]


def test_a_notice_that_was_in_time_becomes_late_when_awareness_turns_out_earlier() -> None:
    told = (20, decided("tr.authority"))
    earlier = (30, fact("aware_at", "2026-11-23T17:00:00Z"))

    assert found(told, earlier, aware_at=AWARE, countries=["TR"])["tr.authority"].state == "late"


def test_the_most_urgent_clock_stands_first_and_what_is_decided_last() -> None:
    told = decided("fr.authority", "not-notified", "no risk")
    facts = [fact("aware_at", AWARE), fact("countries", ["FR", "TR", "RU", "US-CA"])]
    incident = an_incident(kept(), *facts, told, plan=LEAK)

    order = [notice.id for notice in notices(incident, now=BEGAN)]

    assert order[0] == "ru.first"  # it ends within a day; what is owed at once comes next
    assert order.index("fr.people") < order.index("tr.authority") < order.index("us-ca.people")
    assert order.index("us-ca.people") < order.index("fr.register")  # ours, and it is written
    assert order.index("fr.register") < order.index("us-ca.authority")
    assert order[-1] == "fr.authority"


def test_the_register_that_several_laws_want_is_one() -> None:
    held = found(aware_at=AWARE, countries=["FR", "ES", "GB"])

    assert [id for id in held if id.endswith(".register")] == ["es.register"]


def test_one_decision_about_the_register_is_enough_whichever_law_it_names() -> None:
    told = (30, decided("fr.register"))

    held = found(told, aware_at=AWARE, countries=["FR", "ES", "GB"])

    assert [id for id in held if id.endswith(".register")] == ["fr.register"]
    assert held["fr.register"].state == "notified"


def test_a_decision_stays_on_record_when_its_country_turns_out_not_to_be_concerned() -> None:
    told = (fact("aware_at", AWARE), fact("countries", ["FR", "TR"]), decided("tr.authority"))
    incident = an_incident(kept(), *told, fact("countries", ["FR"]), plan=LEAK)

    held = by_id(incident, BEGAN)

    assert held["tr.authority"].state == "notified"
    assert "tr.people" not in held


def test_what_is_missing_before_the_clocks_can_be_told_is_said() -> None:
    knows_all = (fact("countries", ["FR"]), fact("aware_at", AWARE))

    nothing = missing(an_incident(kept(), plan=LEAK), now=BEGAN)

    assert ["crisisctl fact countries" in nothing[0], "crisisctl fact aware_at" in nothing[1]] == [
        True,
        True,
    ]
    assert missing(an_incident(kept(), *knows_all, plan=LEAK), now=BEGAN) == []
    assert missing(an_incident(plan=a_playbook()), now=BEGAN) == []


def test_an_open_clock_presses_like_any_deadline_until_it_is_decided() -> None:
    told = (kept(), fact("aware_at", AWARE), fact("countries", ["TR"]))
    over = decided("tr.authority", "not-notified", "no risk")

    due = pressing(an_incident(*told, plan=LEAK), now=BEGAN)

    assert due is not None
    assert (due.name, due.kind, due.message) == ("tr.authority", "notice", "")
    assert pressing(an_incident(*told, over, plan=LEAK), now=BEGAN) is None


@given(
    st.lists(st.sampled_from(["FR", "ES", "DE", "TR", "RU", "GB", "US-CA"]), unique=True),
    st.integers(0, 100 * 24),
    st.lists(
        st.sampled_from(["fr.authority", "ru.first", "us-ca.people", "tr.people"]), max_size=4
    ),
)
def test_whatever_is_told_no_clock_is_lost_and_each_stands_once(
    countries: list[str], hours: int, told: list[str]
) -> None:
    facts = [fact("aware_at", AWARE), fact("countries", list(countries))]
    happened = [kept(), *facts, *(decided(clock) for clock in told)]
    incident = an_incident(*happened, plan=LEAK)
    law = [each for each in the_law() if set(each.countries) & set(countries)]

    names = [notice.id for notice in notices(incident, now=BEGAN + timedelta(hours=hours))]

    assert len(names) == len(set(names))
    held = {
        f"{each.regulation}.{name}"
        for each in law
        for name, clock in each.clocks.items()
        if clock.to not in ("controller", "register")
    }
    assert {name for name in names if not name.endswith(".register")} == held | set(told)
    registers = [name for name in names if name.endswith(".register")]
    assert len(registers) == any("register" in each.clocks for each in law)


# One authority for several countries


@pytest.mark.parametrize(
    ("base", "fr", "es"),
    [
        ("none", "without an establishment", "without an establishment"),
        (None, "eu_base is not answered: without an", "eu_base is not answered: without an"),
        ("FR", "your lead authority, if", "your main establishment is in FR"),
        ("DE", "your main establishment is in DE", "your main establishment is in DE"),
    ],
)
def test_what_the_one_stop_shop_means_is_said_beside_each_clock(
    base: str | None, fr: str, es: str
) -> None:
    told = {"eu_base": base} if base else {}
    held = found(aware_at=AWARE, countries=["FR", "ES", "TR", "GB"], **told)

    assert held["fr.authority"].hint.startswith(fr)
    assert held["es.authority"].hint.startswith(es)
    for id in ("tr.authority", "uk.authority", "fr.people"):
        assert held[id].hint == "", id


def test_a_plan_that_does_not_ask_for_the_establishment_says_nothing_of_it() -> None:
    assert LEAK.regulators is not None
    fields = {name: getattr(LEAK.regulators, name) for name in ("countries", "starts")}
    plan = a_regulated(regulators=type(LEAK.regulators)(**fields))
    told = (kept(), fact("aware_at", AWARE), fact("countries", ["FR"]))

    assert by_id(an_incident(*told, plan=plan), BEGAN)["fr.authority"].hint == ""


# The law as it was


def test_a_regulation_that_changes_later_changes_nothing_for_a_running_incident(
    crisis: Crisis, folder: Path
) -> None:
    own = folder / "playbooks" / "regulations" / "fr.yaml"
    text = (
        "regulation: fr\ntitle: Ours\ncountries: [FR]\nauthority: CNIL\nbasis: Art. 33\n"
        "starts_when: aware\nclocks: {authority: {to: authority, who: CNIL, within: {hours: 5}}}\n"
        'as_of: "2026-11-28"\nsource: [our lawyer]\nconfidence: verified\n'
    )
    leak(folder)
    write(own, text)
    first = a_breach(crisis, folder, aware_at="-1h")
    write(own, text.replace("hours: 5", "hours: 6"))
    second = a_breach(crisis, folder, aware_at="-1h")
    own.unlink()

    def hours(id: str) -> float:
        (clock,) = json.loads(crisis("deadlines", id, "--json").stdout)["clocks"]
        since, due = (datetime.fromisoformat(clock[name]) for name in ("since", "due"))
        return (due - since) / timedelta(hours=1)

    assert (hours(first), hours(second)) == (5, 6)


def test_the_law_that_came_with_a_graft_is_added_to_what_was_kept_before() -> None:
    mine = Regulation(
        regulation="ar",
        title="Ley 25.326",
        countries=("AR",),
        authority="AAIP",
        basis="none",
        starts_when="aware",
        clocks={"authority": Clock(to="authority", who="AAIP", within=Within(hours=9))},
        as_of="2026-11-28",
        source=("our lawyer",),
        confidence="verified",
    )
    told = (kept(), kept([mine]), fact("aware_at", AWARE), fact("countries", ["FR", "AR"]))
    incident = an_incident(*told, plan=LEAK)

    assert {"fr.authority", "ar.authority"} <= set(by_id(incident, BEGAN))
    assert uncovered(incident) == []


# What the commands show


@pytest.fixture
def late(crisis: Crisis, folder: Path) -> str:
    """A breach in France and Argentina, aware for eighty hours."""
    return a_breach(crisis, folder, countries="FR,AR", exposed_at="-99h", aware_at="-80h")


def test_deadlines_ends_with_1_while_a_clock_is_overdue(crisis: Crisis, late: str) -> None:
    assert crisis("deadlines").exit == 1
    assert crisis("deadlines", "--json").exit == 1

    crisis("fact", "aware_at", "-70h")

    assert crisis("deadlines").exit == 0


def test_status_and_the_bare_command_name_the_overdue_clock_and_how_many_are_owed(
    crisis: Crisis, late: str
) -> None:
    for words in (("status",), ()):
        ran = crisis(*words)
        shown = " ".join(ran.stdout.split())
        assert ran.exit == 0
        assert "fr.authority OVERDUE by 8 h: Notice: The CNIL, by its online service" in shown
        assert "2 more owed without undue delay: crisisctl deadlines" in shown


@pytest.mark.parametrize("words", [("deadlines",), ("status",), (), ("notify",)])
def test_nothing_about_the_clocks_is_wider_than_the_screen(
    crisis: Crisis, folder: Path, words: tuple[str, ...]
) -> None:
    a_breach(crisis, folder, countries="FR,ES,TR,RU,GB,US-CA,AR", aware_at="-80h")

    shown = crisis(*words).stdout

    assert max(len(line) for line in shown.splitlines()) <= 80


def test_as_data_each_clock_has_what_a_person_sees(crisis: Crisis, late: str) -> None:
    data = json.loads(crisis("deadlines", "--json").stdout)
    clock = next(each for each in data["clocks"] if each["clock"] == "fr.authority")

    assert list(data) == [
        *("schema", "incident", "title", "drill", "status", "severity", "playbooks"),
        *("restricted", "deadlines", "clocks", "uncovered"),
    ]
    assert data["uncovered"] == ["AR"]
    assert list(clock) == [
        *("clock", "regulation", "authority", "to", "who", "state", "starts", "since", "due"),
        *("decision", "decided_at", "by", "reference", "because", "spare_seconds", "when"),
        *("content", "phased", "hint", "basis", "as_of", "confidence"),
    ]
    assert (clock["state"], clock["starts"], clock["confidence"]) == (
        "overdue",
        "aware",
        "verified",
    )
    assert {due["name"] for due in data["deadlines"] if due["kind"] == "notice"} == {"fr.authority"}


def test_a_country_without_a_regulation_is_named_wherever_clocks_are(
    crisis: Crisis, folder: Path, late: str
) -> None:
    crisis("resume", "--set", "first_sign_at=-81h", "--no-input")
    answers = write(folder / "a.yaml", "decisions: {risk: {choose: some, because: phishing}}\n")
    walked = crisis("resume", "--answers", str(answers)).stderr

    said = "there is no regulation on file; ask a lawyer there"
    assert f"AR: {said}" in " ".join(walked.split())
    for words in (("deadlines",), ("notify",)):
        assert f"AR: {said}" in " ".join(crisis(*words).stdout.split()), words
    for words in (("report",), ("register",)):
        assert "AR: no regulation on file" in crisis(*words).stdout, words
    for words in (("report", "--json"), ("register", "--format", "json")):
        assert '"uncovered": [' in crisis(*words).stdout, words


def test_a_rule_that_nobody_has_read_at_its_source_says_so(crisis: Crisis, folder: Path) -> None:
    own = folder / "playbooks" / "regulations" / "ar.yaml"
    write(
        own,
        "regulation: ar\ntitle: Ley 25.326\ncountries: [AR]\nauthority: AAIP\nbasis: none\n"
        "starts_when: aware\nclocks: {authority: {to: authority, who: AAIP, within: {hours: 9}}}\n"
        'as_of: "2026-11-28"\nsource: [hearsay]\nconfidence: known\n',
    )
    a_breach(crisis, folder, countries="AR", aware_at="-1h")

    assert "! not verified: have it checked" in crisis("deadlines").stdout
