"""A real wave of reviews, replayed from its answers file, which derives each figure."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ANSWERS = Path(__file__).parent / "incidents" / "helldivers-2024-05-03.yaml"
BLAME = "should have|failed to|careless|human error|fault of"


class Replay(NamedTuple):
    """What the replay left behind."""

    id: str
    around: dict[str, str]
    report: dict[str, Any]
    markdown: str

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        return typed(words, self.around)

    def texts(self, message: str) -> str:
        """All texts of a message as one."""
        (row,) = (row for row in self.report["messages"] if row["message"] == message)
        return "\n".join(Path(text["file"]).read_text("utf-8") for text in row["texts"])

    def told(self, *pieces: str) -> list[str]:
        """The lines of the timeline that hold one of these pieces, as "05-03 12:00 text"."""
        lines = [f"{r['occurred_at'][5:16]} {r['text']}" for r in self.report["timeline"]]
        return [line.replace("T", " ", 1) for line in lines if any(p in line for p in pieces)]


def typed(words: tuple[str, ...], around: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("crisisctl")), *words],
        env={**os.environ, **around},
        cwd=around["CRISISCTL_HOME"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def helldivers(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    home = str(tmp_path_factory.mktemp("helldivers"))
    around = {"CRISISCTL_HOME": home, "CRISISCTL_OPERATOR": "scribe", "TZ": "UTC"}
    walked = typed(("start", "review-wave", "--answers", str(ANSWERS), "--no-input"), around)
    assert walked.returncode == 0, walked.stderr
    id = walked.stdout.strip()
    report = typed(("report", id, "--json"), around)
    assert report.returncode == 0, report.stderr
    markdown = typed(("report", id), around).stdout
    return Replay(id, around, json.loads(report.stdout), markdown)


def test_metrics_are_those_derived_by_hand(helldivers: Replay) -> None:
    found = {name: metric["seconds"] for name, metric in helldivers.report["metrics"].items()}

    assert found | {"longest_silence": helldivers.report["longest_silence"]["seconds"]} == {
        "time_to_detect": 28_800,
        "time_to_acknowledge": 0,
        "time_to_declare": 28_800,
        "time_to_first_message": 43_200,
        "time_to_mitigate": 291_600,
        "time_to_resolve": 561_600,
        "longest_silence": 270_000,
    }


def test_deadlines_are_met_and_missed_as_by_hand(helldivers: Replay) -> None:
    rows = [(d["due"], d["state"], d["met_at"]) for d in helldivers.report["deadlines"]]

    assert [(due[5:16], state, met[5:16]) for due, state, met in rows] == [
        ("05-03T10:00", "missed", "05-03T12:00"),
        ("05-04T12:00", "missed", "05-05T12:00"),
        ("05-06T12:00", "met", "05-06T09:00"),
        ("05-16T23:59", "met", "05-14T10:00"),
    ]


def test_the_timeline_tells_what_happened_on_which_day(helldivers: Replay) -> None:
    pieces = ("Declared", "Milestone", 'Sent "', "publisher announces", "in a day;", "in two days")
    pieces = (*pieces, "community team", "patch", "400,000 reviews")

    assert [line[:46] for line in helldivers.told(*pieces)] == [
        "05-02 12:00 The publisher announces that playe",
        "05-03 00:00 Milestone: started",
        "05-03 08:00 Declared: Negative review wave",
        "05-03 08:00 lead of the community team is revi",
        "05-03 08:00 Milestone: detected",
        '05-03 12:00 Sent "statement" to customers on 7',
        "05-03 12:00 Milestone: first message",
        "05-03 23:00 More than 20,000 negative reviews ",
        "05-04 12:00 One of the community team writes i",
        "05-05 11:00 About 145,000 negative reviews in ",
        '05-05 12:00 Sent "update" to customers on 7 ch',
        "05-06 09:00 Milestone: mitigated",
        '05-06 09:00 Sent "fixed" to customers on 7 cha',
        "05-07 12:00 The patch without the requirement ",
        "05-09 12:00 Milestone: resolved",
        "05-09 12:00 More than 400,000 reviews so far, ",
    ]


def test_half_of_the_reviews_were_negative(helldivers: Replay) -> None:
    known = {name: fact["value"] for name, fact in helldivers.report["facts"].items()}

    assert (known["reviews_read"], known["negative_share"]) == (400_000, 50)


def test_what_no_source_tells_is_only_suspected(helldivers: Replay) -> None:
    facts = helldivers.report["facts"]

    assert {n for n in ("usual_per_day", "usual_share") if facts[n]["status"] == "suspected"} == {
        "usual_per_day",
        "usual_share",
    }


def test_decisions_have_their_reasons(helldivers: Replay) -> None:
    found = [row["choose"] for row in helldivers.report["decisions"]]

    assert found == ["apology", "answer", "put-right"]
    assert all(row["because"] for row in helldivers.report["decisions"])


def test_the_first_word_grants_that_people_are_right_and_names_no_cause(
    helldivers: Replay,
) -> None:
    text = helldivers.texts("statement")

    assert "sorry" in text
    assert "You are right" in text
    assert "We decided" not in text


def test_the_last_word_says_that_the_decision_is_taken_back(helldivers: Replay) -> None:
    text = helldivers.texts("fixed")

    assert "We have taken back what we changed." in text
    assert "We decided something about our prices or terms" in text


def test_nothing_is_offered_for_a_review_in_any_text(helldivers: Replay) -> None:
    texts = "".join(helldivers.texts(name) for name in ("statement", "update", "fixed"))

    assert not re.search(r"(change|delete|edit|remove)\w* your review|stars?\b", texts)


def test_the_report_is_complete_and_blames_nobody(helldivers: Replay) -> None:
    report = helldivers.report

    assert {name: len(words) for name, words in report["lessons"].items()} == {
        "went_well": 2,
        "went_badly": 2,
        "got_lucky": 1,
    }
    assert len(report["actions"]) == 3
    assert {row["by"] for row in report["timeline"]} == {"scribe", "operations"}
    assert not re.search(BLAME, helldivers.markdown, re.IGNORECASE)


def test_its_public_report_says_why_and_what_changes(helldivers: Replay) -> None:
    ran = helldivers.types("report", helldivers.id, "--public")

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("We decided something about our prices or terms") == 1
    assert "\n- 3 May 2024, 12:00 (UTC): we answered you for the first time.\n" in ran.stdout
    assert "\n- We have taken back what we changed.\n" in ran.stdout
    assert "negative" not in ran.stdout  # what was usual is only suspected, so no share is told


def test_a_replay_that_is_resumed_at_its_end_adds_nothing(helldivers: Replay) -> None:
    again = helldivers.types("resume", helldivers.id, "--answers", str(ANSWERS), "--no-input")

    assert again.returncode == 0, again.stderr
    after = json.loads(helldivers.types("report", helldivers.id, "--json").stdout)
    assert after["events"] == helldivers.report["events"]


def test_the_journal_of_the_replay_holds(helldivers: Replay) -> None:
    assert helldivers.types("verify", helldivers.id).returncode == 0
