"""A breach in six countries from end to end, in five languages: nothing that was said is lost."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import yaml
from conftest import COMMAND
from small import write
from typer.testing import CliRunner

from crisisctl.playbook.load import load
from crisisctl.workspace import shipped

LATE = "We first had to find out whether it was about our customers"
NOTICES: dict[str, dict[str, str]] = {
    "fr.authority": {"at": "2026-11-28T09:00+01:00", "reference": "CNIL-11874", "by": "Lea"},
    "fr.complement": {"at": "2026-11-30T09:00+01:00", "reference": "CNIL-11874-2"},
    "es.authority": {"not": "Our lead authority is the CNIL"},
    "tr.authority": {"at": "2026-12-01T10:00+01:00", "because": LATE, "reference": "KVKK-7"},
    "tr-cyber.authority": {"not": "We are no operator in the sense of that law"},
    "ru.first": {"at": "2026-11-28T12:00+01:00", "reference": "RKN-1"},
    "ru.findings": {"at": "2026-11-30T12:00+01:00", "reference": "RKN-2"},
    "uk.authority": {"at": "2026-11-28T11:00+01:00", "reference": "IC-42"},
    "fr.people": {"at": "2026-11-28T18:00+01:00"},
    "es.people": {"at": "2026-11-28T18:00+01:00"},
    "tr.people": {"at": "2026-11-28T18:00+01:00"},
    "uk.people": {"not": "Every one of them was reached by phone"},
    "us-ca.people": {"at": "2026-11-28T18:00+01:00"},
    "us-ca.authority": {"not": "Fewer than 500 residents"},
    "es.register": {"at": "2026-12-02T17:00+01:00"},
}
STATES = {
    **dict.fromkeys(NOTICES, "notified"),
    "tr.authority": "late",
    **{name: "not-notified" for name, line in NOTICES.items() if "not" in line},
}


class Told(NamedTuple):
    """What the commands say after the whole story."""

    id: str
    walked: str
    report: str
    data: dict[str, Any]
    register: str
    breach: dict[str, Any]
    table: list[dict[str, str]]
    closed: str


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The shipped playbook with its own example facts and a decision on every clock."""
    folder = tmp_path_factory.mktemp("breach")
    plan = load(shipped("playbooks") / "breach.yaml").plan
    decided = {step.decide.fact for _, step in plan.steps() if step.decide}
    facts = {
        name: spec.example
        for name, spec in plan.specs().items()
        if spec.example is not None and name not in decided
    }
    decisions = {
        step.id: {"choose": step.decide.example, "because": f"Because of {step.id}"}
        for _, step in plan.steps()
        if step.decide
    }
    story = {
        "at": "2026-11-27T20:15+01:00",
        "facts": facts,
        "decisions": decisions,
        "approve": True,
        "roles": dict.fromkeys(plan.roles, "ana"),
        "notices": NOTICES,
    }
    file = write(folder / "story.yaml", yaml.safe_dump(story, allow_unicode=True))
    with pytest.MonkeyPatch.context() as around:
        around.chdir(folder)
        for name, value in {
            "CRISISCTL_HOME": str(folder / "home"),
            "CRISISCTL_OPERATOR": "ana",
            "TZ": "Europe/Paris",
            "COLUMNS": "80",
            "LANG": "C.UTF-8",
        }.items():
            around.setenv(name, value)

        def run(*words: str) -> tuple[int, str, str]:
            with CliRunner().isolation() as (out, err, _):
                with pytest.raises(SystemExit) as left:
                    COMMAND.main(list(words), prog_name="crisisctl")
                sys.stdout.flush()
                sys.stderr.flush()
                return left.value.code or 0, out.getvalue().decode(), err.getvalue().decode()

        code, started, walked = run("start", "breach", "--answers", str(file))
        assert code == 0, walked
        yield Told(
            id=started.strip(),
            walked=walked,
            report=run("report")[1],
            data=json.loads(run("report", "--json")[1]),
            register=run("register")[1],
            breach=json.loads(run("register", "--format", "json")[1])["breaches"][0],
            table=list(csv.DictReader(io.StringIO(run("register", "--format", "csv")[1]))),
            closed=" ".join(run("close", "--because", "Nobody is left to ask")[2].split()),
        )


def test_it_is_walked_to_its_end_and_can_be_closed(told: Told) -> None:
    assert "✓ Every step is done or skipped." in told.walked
    assert told.closed.startswith(f"✓ closed {told.id}")


def test_only_what_began_with_a_notice_of_the_same_step_waits_for_a_later_one(told: Told) -> None:
    left = [line.split()[0] for line in told.walked.splitlines() if "stays open" in line]

    assert left == ["fr.complement"]


def test_every_clock_of_the_six_countries_ran_and_no_other(told: Told) -> None:
    for clocks in (told.data["clocks"], told.breach["clocks"]):
        assert {clock["clock"]: clock["state"] for clock in clocks} == STATES
    assert {row["clock"]: row["state"] for row in told.table} == STATES


@pytest.mark.parametrize("name", sorted(NOTICES))
def test_each_decision_is_in_report_and_register_with_its_reason_and_number(
    told: Told, name: str
) -> None:
    line = NOTICES[name]
    because, number = line.get("not") or line.get("because"), line.get("reference")
    (row,) = (row for row in told.table if row["clock"] == name)
    found = [c for v in (told.data, told.breach) for c in v["clocks"] if c["clock"] == name]

    assert len(found) == 2
    for clock in found:
        assert (clock["because"], clock["reference"]) == (because, number)
        assert "at" not in line or clock["decided_at"] == line["at"].replace("+01", ":00+01")
        assert clock["by"] == line.get("by", "ana")
    assert (row["because"], row["reference"]) == (because or "", number or "")
    for text in (told.report, told.register):
        (shown,) = (each for each in text.splitlines() if each.startswith(f"| {name} |"))
        for words in (because, number and f"reference {number}"):
            assert words is None or words in shown


def test_the_clocks_ended_when_each_law_says(told: Told) -> None:
    due = {clock["clock"]: clock["due"] for clock in told.data["clocks"]}

    assert due["fr.authority"] == due["uk.authority"] == "2026-11-30T20:10:00+01:00"
    assert due["fr.complement"] == "2026-12-01T09:00:00+01:00"
    assert due["ru.first"] == "2026-11-28T17:40:00+01:00"
    assert due["ru.findings"] == "2026-11-30T17:40:00+01:00"
    assert due["us-ca.people"] == "2026-12-27T23:59:59+01:00"
    assert due["us-ca.authority"] == "2026-12-13T23:59:59+01:00"
    assert due["fr.people"] is None


def test_the_one_late_notice_says_by_how_much(told: Told) -> None:
    assert "13 h 50 min late" in told.report
    assert f"because {LATE}" in told.register


def test_messages_went_out_in_five_languages(told: Told) -> None:
    sent = {each["message"]: each for each in told.data["messages"]}
    locales = {text["locale"] for text in sent["people-notice"]["texts"]}

    assert locales == {"en", "fr", "es", "tr", "ru"}
    assert {"authority-notice", "staff-brief", "breach-page", "closing-notice"} <= set(sent)


def test_severity_facts_and_decisions_are_in_the_register(told: Told) -> None:
    scored = told.breach["breach_severity"]
    taken = {each["step"]: each["because"] for each in told.breach["decisions"]}

    assert (scored["value"], scored["level"]) == (3.0, "high")
    assert taken == {"risk": "Because of risk", "reach": "Because of reach"}
    assert "Severity by ENISA's method: 3, high (2 x 1 + 1)" in told.register
    assert told.breach["facts"]["people_affected"]["value"] == 18400
    for step in ("risk", "reach"):
        assert f"because Because of {step}" in told.register


def test_the_timeline_tells_each_decision_when_it_was_taken(told: Told) -> None:
    lines = [line for line in told.data["timeline"] if line["kind"] == "notice-decided"]

    assert len(lines) == len(NOTICES)
    assert (
        "Notified by Lea: fr.authority (The CNIL, by its online service), reference CNIL-11874"
        in [line["text"] for line in lines]
    )
