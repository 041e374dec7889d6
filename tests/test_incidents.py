"""Two real incidents replayed from their answers files; every figure was derived by hand there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import Ran, prepared

INCIDENTS = Path(__file__).parent / "incidents"
CLOUDFLARE, GITLAB = "cloudflare-2025-11-18", "gitlab-2017-01-31"
CAUSES = {
    "overload": "More requests reached our shop at once",
    "maintenance": "Work that we did on our systems went wrong",
    "hosting": "The computers that our shop runs on stopped working",
}
"""How the English texts begin to state each cause that played a part."""


class Replay(NamedTuple):
    """What one replay left behind."""

    id: str
    around: dict[str, str]
    report: dict[str, Any]
    markdown: str

    def command(self, *words: str) -> Ran:
        """Run crisisctl on this replay's journal."""
        return crisisctl(words, self.around)

    def sent(self, message: str = "") -> list[tuple[str, str]]:
        """Each sending of a message with its minute, and all its texts as one."""
        return [
            (row["at"], "\n".join(Path(t["file"]).read_text("utf-8") for t in row["texts"]))
            for row in self.report["messages"]
            if message in ("", row["message"]) and row["to"] == "customers"
        ]


def crisisctl(words: tuple[str, ...], around: dict[str, str]) -> Ran:
    with prepared(Path(around["CRISISCTL_HOME"]), **around) as crisis:
        return crisis(*words)


def replay(name: str, home: Path) -> Replay:
    """Walk the shipped outage playbook to its end with an answers file, and read the report."""
    around = {"CRISISCTL_HOME": str(home), "CRISISCTL_OPERATOR": "scribe", "TZ": "UTC"}
    answers = str(INCIDENTS / f"{name}.yaml")
    walked = crisisctl(("start", "outage", "--answers", answers, "--no-input"), around)
    assert walked.exit == 0, walked.stderr
    id = walked.stdout.strip()
    report = crisisctl(("report", id, "--json"), around)
    assert report.exit == 0, report.stderr
    return Replay(id, around, json.loads(report.stdout), crisisctl(("report", id), around).stdout)


@pytest.fixture(scope="module")
def cloudflare(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    return replay(CLOUDFLARE, tmp_path_factory.mktemp("cloudflare"))


@pytest.fixture(scope="module")
def gitlab(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    return replay(GITLAB, tmp_path_factory.mktemp("gitlab"))


@pytest.fixture(params=["cloudflare", "gitlab"])
def either(request: pytest.FixtureRequest) -> Replay:
    found: Replay = request.getfixturevalue(request.param)
    return found


def seconds(replay: Replay) -> dict[str, int]:
    found = {name: metric["seconds"] for name, metric in replay.report["metrics"].items()}
    return {**found, "longest_silence": replay.report["longest_silence"]["seconds"]}


def deadlines(replay: Replay) -> list[str]:
    """Each deadline as "due state met", the day left out."""
    return [
        f"{due['due'][11:16]} {due['state']} {due['met_at'][11:16]}"
        for due in replay.report["deadlines"]
    ]


def told(replay: Replay, *pieces: str) -> list[str]:
    """The lines of the timeline that hold one of these pieces, as "HH:MM text"."""
    lines = [f"{row['occurred_at'][11:16]} {row['text']}" for row in replay.report["timeline"]]
    return [line for line in lines if any(piece in line for piece in pieces)]


def test_cloudflare_metrics_are_those_derived_by_hand(cloudflare: Replay) -> None:
    assert seconds(cloudflare) == {
        "time_to_detect": 660,
        "time_to_acknowledge": 240,
        "time_to_declare": 900,
        "time_to_first_message": 1680,
        "time_to_mitigate": 11400,
        "time_to_resolve": 20760,
        "longest_silence": 8640,
    }


def test_gitlab_metrics_are_those_derived_by_hand(gitlab: Replay) -> None:
    assert seconds(gitlab) == {
        "time_to_detect": 3600,
        "time_to_acknowledge": 0,
        "time_to_declare": 3600,
        "time_to_first_message": 8880,
        "time_to_mitigate": 72000,
        "time_to_resolve": 75600,
        "longest_silence": 57600,
    }


def test_cloudflare_deadlines_are_met_and_missed_as_by_hand(cloudflare: Replay) -> None:
    assert deadlines(cloudflare) == [
        "11:45 missed 11:48",
        "12:05 met 12:03",
        "12:20 missed 12:21",
        "12:40 missed 12:53",
        "13:10 met 13:09",
        "13:25 missed 13:35",
        "13:55 missed 13:58",
        "14:15 missed 14:22",
        "14:40 missed 14:42",
        "15:00 missed 17:14",
        "23:59 met 16:00",
    ]


def test_gitlab_deadlines_follow_the_severity_of_their_hour(gitlab: Replay) -> None:
    assert deadlines(gitlab) == [
        "22:30 missed 23:28",
        "23:55 missed 00:44",
        "01:00 missed 02:00",
        "02:20 missed 18:14",
        "23:59 missed 12:00",
    ]


def test_every_timeline_is_in_the_order_things_happened(either: Replay) -> None:
    times = [row["occurred_at"] for row in either.report["timeline"]]

    assert times == sorted(times)


def test_cloudflare_timeline_tells_what_happened_when(cloudflare: Replay) -> None:
    pieces = (
        "Milestone",
        "permission change reached",
        "Declared",
        'Sent "',
        "All clear",
        "cause =",
    )

    assert [line[:42] for line in told(cloudflare, *pieces)] == [
        "11:05 Learned later: a permission change r",
        "11:20 Milestone: started",
        "11:31 Milestone: detected",
        "11:35 Declared: Site outage",
        '11:48 Sent "holding" to customers on 10 ch',
        "11:48 Milestone: first message",
        '11:50 Sent "internal-brief" to staff on in',
        "11:55 cause = Technical: overload, by a tr",
        '12:03 Sent "update" to customers on 10 cha',
        '12:21 Sent "update" to customers on 10 cha',
        '12:53 Sent "update" to customers on 10 cha',
        "13:09 cause = External: our host or cloud ",
        '13:09 Sent "update" to customers on 10 cha',
        '13:35 Sent "update" to customers on 10 cha',
        '13:58 Sent "update" to customers on 10 cha',
        '14:22 Sent "update" to customers on 10 cha',
        "14:30 Milestone: mitigated",
        '14:42 Sent "update" to customers on 10 cha',
        "17:06 Milestone: resolved",
        '17:14 Sent "resolved" to customers on 9 ch',
        "19:28 All clear from the supplier",
        '22:00 Sent "public-report" to customers on',
    ]


def test_gitlab_timeline_begins_before_anybody_was_paged(gitlab: Replay) -> None:
    pieces = (
        "snapshot of production",
        "Spam load on",
        "Milestone",
        "Declared",
        "removal is stopped",
    )

    assert [line[:40] for line in told(gitlab, *pieces)] == [
        "17:20 A snapshot of production is taken ",
        "18:00 Spam load on the database is seen",
        "21:00 Milestone: started",
        "22:00 Declared: Site outage",
        "22:00 Milestone: detected",
        "23:27 The removal is stopped: 4.5 of abo",
        "23:28 Milestone: first message",
        "17:00 Milestone: mitigated",
        "18:00 Milestone: resolved",
    ]


@pytest.mark.parametrize(
    ("name", "confirmed_at", "cause"),
    [
        ("cloudflare", "2025-11-18T13:09:00+00:00", "hosting"),
        ("gitlab", "2017-02-01T00:44:00+00:00", "maintenance"),
    ],
)
def test_no_message_states_a_cause_before_it_was_confirmed(
    request: pytest.FixtureRequest, name: str, confirmed_at: str, cause: str
) -> None:
    replay: Replay = request.getfixturevalue(name)
    before = [text for at, text in replay.sent() if at < confirmed_at]
    after = [text for at, text in replay.sent() if at >= confirmed_at]

    assert before
    assert after
    assert not [text for text in before for words in CAUSES.values() if words in text]
    assert all("do not know" in text for text in before)
    assert all(CAUSES[cause] in text or "We worked on our systems" in text for text in after)


def test_the_wrong_first_suspicion_is_on_record_and_in_no_message(cloudflare: Replay) -> None:
    suspicion, correction = told(cloudflare, "cause =")

    assert "denial of service (suspected)" in suspicion
    assert "suspected" not in correction
    assert not [text for _, text in cloudflare.sent() if CAUSES["overload"] in text]


def test_customers_hear_of_our_shop_and_never_of_a_supplier(cloudflare: Replay) -> None:
    texts = [text for _, text in cloudflare.sent()]

    assert all("our shop" in text.lower() for text in texts)
    assert not [t for t in texts if re.search("cloudflare|supplier|provider", t, re.IGNORECASE)]


def test_no_message_names_an_end_that_nobody_knew(either: Replay) -> None:
    updates = either.sent("holding") + either.sent("update")

    assert all("no estimate yet" in text for _, text in updates)
    assert not [text for _, text in updates if "We expect" in text]


def test_gitlab_resolution_says_what_is_lost_and_from_when_to_when(gitlab: Replay) -> None:
    ((_, text),) = gitlab.sent("resolved")
    row = next(row for row in gitlab.report["messages"] if row["message"] == "resolved")
    files = {t["channel"]: Path(t["file"]).read_text("utf-8") for t in row["texts"]}

    assert (
        "We lost orders and changes to accounts made between 31 January 2017, 17:20 (UTC) and "
        "1 February 2017, 00:00 (UTC)." in text
    )
    assert {c for c, words in files.items() if "lost" in words.lower()} == set(files)


def test_a_loss_that_is_only_suspected_is_not_announced(gitlab: Replay) -> None:
    first, second = gitlab.sent("update")

    assert first[0] == "2017-02-01T00:44:00+00:00"
    assert "lost" not in first[1] + second[1]


def test_the_report_begins_with_what_a_reader_asks_first(either: Replay) -> None:
    lasted = {GITLAB: ("20 h", "1 h", "2 h 28 min"), CLOUDFLARE: ("3 h 10 min", "11 min", "28 min")}
    span, noticed, heard = lasted[GITLAB if "2017" in either.id else CLOUDFLARE]

    assert (
        f"## Summary\n\nCustomers were affected for {span}. It was noticed after {noticed}. "
        f"They were told after {heard}. " in either.markdown
    )


def test_the_report_blames_nobody(either: Replay) -> None:
    people = {row["by"] for row in either.report["timeline"]}

    assert people <= {"scribe", "technical-lead", "production-lead"}
    assert not re.search(
        "should have|failed to|careless|human error|fault of", either.markdown, re.IGNORECASE
    )


def test_the_report_leaves_out_lines_that_say_nothing_new(either: Replay) -> None:
    timeline = either.markdown.partition("## Timeline")[2].partition("## Decisions")[0]

    assert "Milestone: started" in timeline
    assert not re.search("Began:|started_at =|support_email =|Approved", timeline)
    assert told(either, "started_at =", "Began: Repair")  # the record keeps them


def test_a_replay_that_is_resumed_at_its_end_adds_nothing(either: Replay) -> None:
    name = GITLAB if "2017" in either.id else CLOUDFLARE
    answers = str(INCIDENTS / f"{name}.yaml")

    again = either.command("resume", either.id, "--answers", answers, "--no-input")

    assert again.exit == 0, again.stderr
    after = json.loads(either.command("report", either.id, "--json").stdout)
    assert after["events"] == either.report["events"]


def test_the_journal_of_a_replay_holds(either: Replay) -> None:
    checked = either.command("verify", either.id)

    assert checked.exit == 0, checked.stdout


def test_a_later_suspicion_of_a_replay_is_not_taken_back_by_its_first(tmp_path: Path) -> None:
    """The step that asks for the cause comes after a message that suspected another one."""
    told = (INCIDENTS / f"{CLOUDFLARE}.yaml").read_text("utf-8")
    network = "{progress: investigating, cause: {value: infrastructure, status: suspected}}"
    told = told.replace("{progress: investigating}", network)
    told = told.replace(
        'diagnose: {at: "2025-11-18T11:55Z"}', 'diagnose: {at: "2025-11-18T12:10Z"}'
    )
    answers = tmp_path / "answers.yaml"
    answers.write_text(told, "utf-8")
    around = {"CRISISCTL_HOME": str(tmp_path), "CRISISCTL_OPERATOR": "scribe", "TZ": "UTC"}

    walked = crisisctl(("start", "outage", "--answers", str(answers), "--no-input"), around)

    id = walked.stdout.strip()
    report = json.loads(crisisctl(("report", id, "--json"), around).stdout)
    causes = told_causes(report)
    assert causes == ["12:03 infrastructure", "13:09 hosting"]


def told_causes(report: dict[str, Any]) -> list[str]:
    """Every cause that was recorded, with its minute."""
    words = {"Technical: network": "infrastructure", "External: our host": "hosting"}
    return [
        f"{row['occurred_at'][11:16]} {cause}"
        for row in report["timeline"]
        if row["text"].startswith("cause = ")
        for start, cause in {**words, "Technical: overload": "overload"}.items()
        if start in row["text"]
    ]
