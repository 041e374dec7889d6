"""After a crisis: the report, action items, close, reopen, verify."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from small import small, write

STORY = """\
at: "2025-01-31T20:09+01:00"
approve: true
roles: {commander: ana, technical-lead: jo}
facts:
  site_url: https://shop.example
  functions_down: [cart, checkout]
  started_at: "2025-01-31T20:04+01:00"
  detected_at: "2025-01-31T20:09+01:00"
  detected_by: customers
  checkout: none
  reach: many
  data: none
  recent_change: true
  shop_name: Kestrel
  locales: [en]
  support_email: help@kestrel.example
  progress: fixing
  cause: {value: deployment, status: suspected, source: the release log}
  mitigated_at: "2025-01-31T20:58+01:00"
  resolved_at: "2025-01-31T21:39+01:00"
  report_by: "2025-02-07T18:00+01:00"
  data_loss: none
  double_charges: none
  offer_percent: 10
  offer_until: "2025-02-28T23:59+01:00"
  offer_how: automatic
  went_well: Support answered everyone
  contributing: The tests used an empty cart
  shortcomings: [untested-change]
  prevention: [rollback, monitoring]
decisions:
  workaround: {choose: phone, because: Two people are ready}
  rollback: {choose: back, because: It is the quickest way}
  choose-offer: {choose: discount, because: It fits the harm}
steps:
  hold: {at: "2025-01-31T20:24+01:00"}
  update: {at: "2025-01-31T20:40+01:00"}
  pause-campaigns: {open: [Adverts paused]}
  announce: {at: "2025-01-31T21:40+01:00"}
  relations: {skip: Nobody is free this month}
notes:
  - {text: The first alarm came from a customer, at: "2025-01-31T20:06+01:00", topic: went-badly}
review: {to: reviewed, by: li, at: "2025-02-03T16:00+01:00"}
actions:
  - {title: Alert on payment errors, owner: jo, due: "2025-02-14"}
"""
OPEN_END = "  report: {skip: Legal still reads it}\n"


@pytest.fixture
def told(crisis: Crisis, folder: Path) -> str:
    """A whole outage that happened one evening in January, from its answers file."""
    ran = crisis("start", "outage", "--answers", str(write(folder / "story.yaml", STORY)))
    assert ran.exit == 0, ran.stderr
    return ran.stdout.strip()


@pytest.fixture
def owing(crisis: Crisis, folder: Path) -> str:
    """The same, but the report that customers were promised was never published."""
    text = STORY.replace("notes:\n", f"{OPEN_END}notes:\n")
    return crisis(
        "start", "outage", "--answers", str(write(folder / "s.yaml", text))
    ).stdout.strip()


def data(crisis: Crisis, *words: str) -> dict[str, Any]:
    return json.loads(crisis(*words, "--json").stdout)


def section(report: str, title: str) -> str:
    found = re.search(rf"^## {title}\n\n(.*?)(?=\n## |\nWritten from|\Z)", report, re.DOTALL | re.M)
    assert found, title
    return found[1].strip()


# The report


def test_the_report_tells_the_whole_story_in_order(crisis: Crisis, told: str) -> None:
    ran = crisis("report")

    assert (ran.exit, ran.stderr) == (0, "")
    assert ran.stdout.startswith(
        f"# Post-mortem: Site outage\n\n- Incident: {told}\n- Status: resolved\n- Severity: sev1\n"
    )
    assert re.findall(r"^## (.+)$", ran.stdout, re.M) == [
        *("Summary", "Impact", "Detection", "Metrics", "Timeline", "Decisions", "Roles"),
        *("Messages sent", "Promises", "Deadlines", "Contributing factors", "Lessons"),
        *("Action items", "Notes on the playbook"),
        *("Appendix: facts", "Appendix: exact texts", "Appendix: evidence"),
    ]
    assert f"crisisctl verify {told} checks it." in ran.stdout.splitlines()[-1]
    assert "DRILL" not in ran.stdout


def test_every_metric_has_its_value_and_its_definition(crisis: Crisis, told: str) -> None:
    rows = section(crisis("report").stdout, "Metrics").splitlines()

    assert rows[0] == "| Metric | Value | Definition |"
    assert rows[2:8] == [
        "| Time to detect (TTD) | 5 min | detected minus started |",
        "| Time to acknowledge (TTA) | 0 s | declared minus detected |",
        "| Time to declare | 5 min | declared minus started |",
        "| Time to first message | 20 min | first message minus started |",
        "| Time to mitigate (TTM) | 54 min | mitigated minus started |",
        "| Time to resolve (TTR) | 1 h 35 min | resolved minus started |",
    ]
    assert rows[8].startswith("| Longest silence | 59 min | ")
    seconds = {n: m["seconds"] for n, m in data(crisis, "report")["metrics"].items()}
    assert seconds == {
        "time_to_detect": 300,
        "time_to_acknowledge": 0,
        "time_to_declare": 300,
        "time_to_first_message": 1200,
        "time_to_mitigate": 3240,
        "time_to_resolve": 5700,
    }


def test_decisions_stand_with_their_reasons_and_what_was_not_chosen(
    crisis: Crisis, told: str
) -> None:
    decisions = section(crisis("report").stdout, "Decisions")

    first = decisions.split("### ")[1]
    assert first.startswith("Offer another way to order\n")
    assert "- Chosen: Take orders by phone\n- Because: Two people are ready\n- By: ana, " in first
    assert "- Not chosen: Open a light version of the site (against: " in first
    rows = data(crisis, "report")["decisions"]
    assert [(r["step"], r["choose"], r["because"]) for r in rows] == [
        ("workaround", "phone", "Two people are ready"),
        ("rollback", "back", "It is the quickest way"),
        ("choose-offer", "discount", "It fits the harm"),
    ]


def test_messages_stand_with_their_times_channels_and_languages(crisis: Crisis, told: str) -> None:
    rows = section(crisis("report").stdout, "Messages sent").splitlines()[2:]

    assert [row.split(" | ")[1] for row in rows] == [
        *("holding", "internal-brief", "update", "resolved", "apology-offer", "public-report")
    ]
    assert rows[0].startswith("| 2025-01-31 20:24 CET (UTC+1) | holding | customers | homepage, ")
    assert rows[0].endswith("sms and push | en | ana | the first |")
    assert rows[2].endswith(" | en | ana | 16 min |")
    assert rows[3].startswith("| 2025-01-31 21:40 CET (UTC+1) | resolved | customers | ")


def test_deadlines_say_what_was_met_and_what_was_missed_by_how_much(
    crisis: Crisis, told: str
) -> None:
    report = crisis("report").stdout
    text, promises = section(report, "Deadlines"), section(report, "Promises")

    rows = data(crisis, "report")["deadlines"]
    states = {(row["name"], row["due"][:16]): row["state"] for row in rows}
    assert states == {
        ("first-word", "2025-01-31T20:19"): "missed",
        ("next-update", "2025-01-31T20:40"): "met",
        ("next-update", "2025-01-31T21:00"): "missed",
        ("post-mortem-review", "2025-02-03T23:59"): "met",
        ("report_by", "2025-02-07T18:00"): "met",
    }
    assert text.startswith("2 of 4 met.")
    assert "| First word to customers | missed by 5 min |" in text
    assert promises.startswith("1 of 1 promise kept.")
    assert "| Publish the incident report | met, 6 d 20 h to spare |" in promises


def test_lessons_come_from_facts_and_from_notes_on_a_topic(crisis: Crisis, told: str) -> None:
    crisis("note", "The database was *untouched*", "--topic", "got-lucky")
    crisis("note", "Off the topic")

    lessons = section(crisis("report").stdout, "Lessons")

    assert "### What went well\n\n- Support answered everyone\n" in lessons
    assert "### What went badly\n\n- The first alarm came from a customer\n" in lessons
    assert lessons.endswith("### Where we were lucky\n\n- The database was \\*untouched\\*")
    assert data(crisis, "report")["lessons"]["got_lucky"] == ["The database was *untouched*"]


def test_a_retracted_lesson_is_not_taught(crisis: Crisis, told: str) -> None:
    crisis("fact", "went_well", "--retract", "--because", "It was not so")

    assert data(crisis, "report")["lessons"]["went_well"] == []


def test_causes_and_what_was_left_out_are_named(crisis: Crisis, told: str) -> None:
    report = crisis("report").stdout

    causes = section(report, "Contributing factors")
    assert causes == (
        "- Human: a change we made, in a setting or a new version (suspected)\n"
        "- The tests used an empty cart"
    )
    left_out = section(report, "Notes on the playbook")
    assert (
        "- Skipped: Take better care of customers from now on, because Nobody is free" in left_out
    )
    assert "- Not ticked: Adverts paused" in left_out


def test_the_summary_and_impact_name_severity_roles_and_answers(crisis: Crisis, told: str) -> None:
    report = crisis("report").stdout

    summary = section(report, "Summary").splitlines()
    assert summary[0].startswith("Customers were affected for 54 min. It was noticed after 5 min.")
    assert summary[2] == "- Started: 2025-01-31 20:04 CET (UTC+1)"
    roles = section(report, "Roles").splitlines()[2:]
    assert [row.split(" | ")[:2] for row in roles] == [
        ["| commander", "ana"],
        ["| communications", "ana"],
        ["| technical lead", "jo"],
        ["| scribe", "ana"],
        ["| support", "ana"],
    ]
    assert "- Can customers pay? Nobody can\n" in section(report, "Impact")


def test_the_timeline_of_the_report_is_in_the_order_things_happened(
    crisis: Crisis, told: str
) -> None:
    text = section(crisis("report").stdout, "Timeline").rpartition("\n\n")[0]
    rows = text.splitlines()[4:]

    times = [row[2:18] for row in rows]
    assert times == sorted(times)
    assert rows[0].startswith("| 2025-01-31 20:04 CET (UTC+1) | Milestone: started | ana, event ")
    assert any("20:06 CET (UTC+1) | The first alarm came from a customer" in row for row in rows)


def test_what_is_still_owed_stands_in_the_report(crisis: Crisis, owing: str) -> None:
    owed = section(crisis("report").stdout, "Promises")

    assert owed.startswith("0 of 1 promise kept.")
    row = "| 2025-02-07 18:00 CET (UTC+1) | Publish the incident report | overdue |"
    assert owed.endswith(row)
    [row] = data(crisis, "report")["open_promises"]
    assert (row["name"], row["kind"], row["met_by"]) == ("report_by", "promise", "public-report")


def test_words_of_people_cannot_break_the_markdown(crisis: Crisis, declared: str) -> None:
    crisis("note", "# Not a heading\n| not | a | row | <script> `x` [y](z)", "--topic", "went-well")

    report = crisis("report").stdout

    assert "\n# Not a heading" not in report
    assert "<script>" not in report
    assert "- \\# Not a heading \\| not \\| a \\| row \\| \\<script\\> \\`x\\` \\[y\\](z)" in report


def test_the_report_of_a_drill_says_so_first(crisis: Crisis, folder: Path) -> None:
    small(folder)
    id = crisis("start", "small", "--drill", "--no-input").stdout.strip()

    report = crisis("report", id).stdout

    assert "**DRILL: nothing in this report happened to customers.**" in report.splitlines()[2]


def test_a_report_can_be_written_at_any_moment(crisis: Crisis) -> None:
    crisis("start", "outage", "--no-input")

    ran = crisis("report")

    assert (ran.exit, ran.stderr) == (0, "")
    assert section(ran.stdout, "Messages sent") == "No message was sent."
    assert section(ran.stdout, "Decisions") == "No decision was recorded."
    assert "None yet: add one with crisisctl action add." in ran.stdout


def test_a_report_goes_to_a_file_or_to_stdout(crisis: Crisis, told: str, folder: Path) -> None:
    to_file, to_dash = crisis("report", "-o", "post-mortem.md"), crisis("report", "-o", "-")

    assert (to_file.exit, to_file.stdout) == (0, "")
    assert to_file.stderr == "✓ written to post-mortem.md\n"
    written = (folder / "post-mortem.md").read_text("utf-8").splitlines()
    assert written[4:] == to_dash.stdout.splitlines()[4:]
    assert [file.name for file in folder.glob(".*")] == []


# Action items


def test_action_items_are_added_listed_and_done_with_an_outcome(crisis: Crisis, told: str) -> None:
    added = crisis("action", "add", "Rehearse the rollback", "--owner", "li", "--due", "2025-03-01")
    done = crisis("action", "done", "1", "Alerts fire within a minute")

    assert (added.exit, added.stdout, added.stderr) == (0, "", f"✓ action item 2 ({told})\n")
    assert (done.exit, done.stderr) == (0, f"✓ action item 1 done ({told})\n")
    assert data(crisis, "action", "list")["actions"] == [
        {
            "action": 1,
            "title": "Alert on payment errors",
            "owner": "jo",
            "due": "2025-02-14",
            "outcome": "Alerts fire within a minute",
            "type": None,
            "link": None,
            "status": "done",
            "overdue": False,
        },
        {
            "action": 2,
            "title": "Rehearse the rollback",
            "owner": "li",
            "due": "2025-03-01",
            "outcome": None,
            "type": None,
            "link": None,
            "status": "open",
            "overdue": True,
        },
    ]
    shown = crisis("action", "list").stdout.splitlines()
    assert shown[1].split()[:3] == ["1", "jo", "2025-02-14"]
    assert shown[-1].endswith("Rehearse the rollback")
    rows = section(crisis("report").stdout, "Action items").splitlines()
    assert rows[3] == "| 2 | Rehearse the rollback | - | li | 2025-03-01 | open |"


def test_without_action_items_the_list_says_so(crisis: Crisis, declared: str) -> None:
    assert crisis("action", "list").stdout == "No action item.\n"


def test_an_outcome_needs_words(crisis: Crisis, told: str) -> None:
    ran = crisis("action", "done", "1", "  ")

    assert (ran.exit, ran.stdout) == (2, "")
    assert data(crisis, "action", "list")["actions"][0]["outcome"] is None


# Close and reopen


def test_close_refuses_and_names_all_that_is_missing(crisis: Crisis, declared: str) -> None:
    ran = crisis("close")

    assert (ran.exit, ran.stdout) == (1, "")
    for milestone in ("detected", "first-message", "mitigated", "resolved"):
        assert f'milestone "{milestone}" has no time' in ran.stderr
    assert 'milestone "started"' not in ran.stderr
    assert 'deadline "first-word" is open (First word to customers)' in ran.stderr
    assert "crisisctl fact" in ran.stderr
    assert data(crisis, "status")["status"] == "open"


def test_close_refuses_while_a_promise_is_open_until_it_is_kept(crisis: Crisis, owing: str) -> None:
    refused = crisis("close")
    assert refused.exit == 1
    assert 'promise "report_by" is open (Publish the incident report)' in refused.stderr

    crisis("message", "send", "public-report", "--yes", "-c", "blog")

    assert crisis("close").exit == 0


def test_close_takes_a_waived_promise_for_an_answer(crisis: Crisis, owing: str) -> None:
    crisis("waive", "report_by", "--because", "Legal does not allow it")

    ran = crisis("close", "--because", "Accepted by the team")

    assert (ran.exit, ran.stdout) == (0, "")
    assert ran.stderr.startswith(f"✓ closed {owing}\n")
    assert "Closed: Accepted by the team" in crisis("timeline", owing).stdout
    assert "| waived: Legal does not allow it |" in crisis("report", owing).stdout


def test_a_closed_incident_can_be_read_in_every_way(crisis: Crisis, told: str) -> None:
    crisis("close")

    assert data(crisis, "status", told)["status"] == "closed"
    assert f"next      crisisctl report {told}" in crisis("status", told).stdout
    views = ("timeline", "deadlines", "report", "verify")
    assert {crisis(view, told).exit for view in views} == {0}
    again = crisis("close", told)
    assert (again.exit, again.stdout) == (1, "")
    assert f"{told} is closed already" in again.stderr


def test_reopening_needs_a_reason_and_starts_the_clocks_again(crisis: Crisis, told: str) -> None:
    crisis("close")
    assert crisis("reopen", told).exit == 2

    ran = crisis("reopen", told, "--because", "It broke again")

    assert (ran.exit, ran.stdout) == (0, "")
    assert ran.stderr == f"✓ reopened {told}: go on with `crisisctl resume {told}`\n"
    found = data(crisis, "status")
    assert found["status"] == "open"
    assert "resolved" not in found["milestones"]
    assert "next-update" in {due["name"] for due in found["open_deadlines"]}
    refused = crisis("close")
    assert refused.exit == 1
    assert 'milestone "resolved" has no time' in refused.stderr


def test_an_open_incident_cannot_be_reopened(crisis: Crisis, declared: str) -> None:
    ran = crisis("reopen", declared, "--because", "x")

    assert (ran.exit, ran.stderr) == (1, f"error: {declared} is open\n")


# Verify


def test_verify_says_that_an_untouched_journal_is_intact(crisis: Crisis, told: str) -> None:
    crisis("start", "outage", "--drill", "--no-input")

    ran = crisis("verify")

    assert (ran.exit, ran.stderr) == (0, "")
    assert ran.stdout == "The journal is intact: no event was changed, removed or reordered.\n"
    assert data(crisis, "verify", told) == {"schema": 1, "intact": True, "damages": []}


def test_the_report_ends_with_the_hash_that_the_journal_ends_with(
    crisis: Crisis, told: str
) -> None:
    before = data(crisis, "report")["head"]
    crisis("note", "One more")
    after = data(crisis, "report")["head"]

    assert re.fullmatch("[0-9a-f]{64}", before)
    assert before != after
    assert f"Last event's hash: {after};" in crisis("report").stdout
