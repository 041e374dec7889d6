"""What is typed in the heat: picking, status, notes, facts, severity, deadlines, messages."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from small import answers, small, write

AGO = ("--at", "2025-01-31T20:00+01:00")
"""Long enough ago that every deadline of an incident declared then has passed."""


def data(crisis: Crisis, *words: str) -> dict[str, Any]:
    return json.loads(crisis(*words, "--json").stdout)


def open_one(crisis: Crisis, *words: str) -> str:
    return crisis("start", "outage", "-l", "en", *words, "--no-input").stdout.strip()


# Which incident


@pytest.mark.parametrize("command", ["status", "timeline", "deadlines", "report", "close"])
def test_with_nothing_open_the_error_says_how_to_declare(crisis: Crisis, command: str) -> None:
    ran = crisis(command)

    assert (ran.exit, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: no incident is open\nhint:  ")
    assert "`crisisctl start PLAYBOOK`" in ran.stderr


def test_the_only_open_incident_is_meant(crisis: Crisis, declared: str) -> None:
    assert data(crisis, "status")["incident"] == declared


def test_with_several_open_the_error_lists_them_and_nothing_is_recorded(crisis: Crisis) -> None:
    ids = [open_one(crisis), open_one(crisis)]

    ran = crisis("note", "Which one?")

    assert (ran.exit, ran.stdout) == (2, "")
    assert "several incidents are open" in ran.stderr
    assert all(id in ran.stderr for id in ids)
    assert "Which one?" not in "".join(crisis("timeline", id).stdout for id in ids)


def test_an_incident_can_be_named_either_way(crisis: Crisis) -> None:
    first, second = open_one(crisis), open_one(crisis)

    assert data(crisis, "status", first)["incident"] == first
    assert data(crisis, "status", "--incident", second)["incident"] == second


def test_an_unknown_incident_is_an_error_with_the_nearest_one(
    crisis: Crisis, declared: str
) -> None:
    ran = crisis("status", declared.replace("outage", "outgae"))

    assert (ran.exit, ran.stdout) == (2, "")
    assert f'did you mean "{declared}"?' in ran.stderr


# Bare, list, status


def test_the_bare_command_shows_open_incidents_and_the_next_command(
    crisis: Crisis, declared: str
) -> None:
    ran = crisis()

    assert (ran.exit, ran.stderr) == (0, "")
    assert f"{declared} · Site outage · SEV1 · open" in ran.stdout
    assert "assess (stage 1/5), step 2/3: Confirm the outage from outside" in ran.stdout
    assert "first-word due in" in ran.stdout
    assert f"next      crisisctl resume {declared}" in ran.stdout


def test_the_bare_command_without_incidents_says_how_to_declare(crisis: Crisis) -> None:
    ran = crisis()

    assert ran.exit == 0
    assert "No incident is open." in ran.stdout
    assert "crisisctl start PLAYBOOK" in ran.stdout


def test_list_hides_closed_incidents_unless_all_are_asked_for(crisis: Crisis, folder: Path) -> None:
    small(folder)
    crisis("start", "small", "--answers", str(answers(folder)))
    crisis("close")
    still = crisis("start", "small", "--no-input").stdout.strip()

    assert [row["incident"] for row in data(crisis, "list")["incidents"]] == [still]
    everything = data(crisis, "list", "--all")["incidents"]
    assert [row["status"] for row in everything] == ["open", "closed"]
    assert "closed" not in crisis("list").stdout


def test_list_shows_the_newest_first(crisis: Crisis) -> None:
    old = open_one(crisis, "--at", "2025-01-30T12:00+01:00")
    new = open_one(crisis, "--at", "2025-01-31T12:00+01:00")

    assert [row["incident"] for row in data(crisis, "list")["incidents"]] == [new, old]


def test_status_tells_place_clock_deadline_milestones_roles_and_facts(
    crisis: Crisis, declared: str
) -> None:
    crisis("fact", "cause", "overload", "--suspected")

    shown = crisis("status").stdout

    assert "started" in shown
    assert "20 min ago" in shown
    assert "commander       ana" in shown
    assert "shop_name       Kestrel" in shown
    assert "denial of service (suspected)" in " ".join(shown.split())


# Notes


def test_a_note_is_in_the_timeline_with_its_operator(crisis: Crisis, declared: str) -> None:
    ran = crisis("note", "  The queue is growing ")

    assert (ran.exit, ran.stdout) == (0, "")
    assert ran.stderr == f"✓ noted ({declared})\n"
    line = data(crisis, "timeline")["timeline"][-1]
    assert (line["kind"], line["text"], line["by"]) == ("note-added", "The queue is growing", "ana")


def test_a_note_for_earlier_keeps_both_times(crisis: Crisis) -> None:
    open_one(crisis, *AGO)

    crisis("note", "The first complaint", "--at", "2025-01-31T19:58+01:00")

    line = next(r for r in data(crisis, "timeline")["timeline"] if r["kind"] == "note-added")
    assert line["occurred_at"] == "2025-01-31T19:58:00+01:00"
    assert datetime.fromisoformat(line["recorded_at"]) > datetime.fromisoformat(line["occurred_at"])
    first = crisis("timeline").stdout.splitlines()[0]
    assert first.startswith("2025-01-31 19:58 CET (UTC+1)  The first complaint (ana) [no. ")
    assert ", recorded " in first


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_note_is_refused(crisis: Crisis, declared: str, text: str) -> None:
    ran = crisis("note", text)

    assert (ran.exit, ran.stderr) == (2, "error: the note is empty\n")


def test_a_closed_incident_takes_no_more_notes_facts_or_messages(
    crisis: Crisis, folder: Path
) -> None:
    small(folder)
    id = crisis("start", "small", "--answers", str(answers(folder))).stdout.strip()
    crisis("close")
    before = data(crisis, "timeline", id)

    late = [
        crisis("note", "Too late", "--incident", id),
        crisis("fact", "cause", "load", "--incident", id),
        crisis("severity", "sev1", "--incident", id),
        crisis("role", "commander", "jo", "--incident", id),
        crisis("message", "send", "hello", "--yes", "--incident", id),
    ]

    assert [ran.exit for ran in late] == [1] * 5
    assert all(f"{id} is closed\nhint:  `crisisctl reopen {id}" in ran.stderr for ran in late)
    assert data(crisis, "timeline", id) == before


# Facts


def test_a_fact_is_recorded_with_its_source_and_time(crisis: Crisis, declared: str) -> None:
    crisis("fact", "mitigated_at", "2025-01-31T21:00+01:00", "--source", "The host", "--at", "-5m")

    known = data(crisis, "status")["facts"]["mitigated_at"]
    assert (known["value"], known["status"]) == ("2025-01-31T20:00:00Z", "confirmed")
    assert (known["source"], known["by"]) == ("The host", "ana")
    lines = data(crisis, "timeline")["timeline"]
    line = next(row for row in lines if row["text"].startswith("mitigated_at ="))
    occurred, recorded = (datetime.fromisoformat(line[k]) for k in ("occurred_at", "recorded_at"))
    assert timedelta(minutes=4) < recorded - occurred < timedelta(minutes=6)


def test_a_fact_without_a_value_is_shown(crisis: Crisis, declared: str) -> None:
    shown, unknown = crisis("fact", "shop_name"), crisis("fact", "eta")

    assert shown.stdout.startswith("shop_name: Kestrel (confirmed, ana, ")
    assert (unknown.exit, unknown.stdout) == (0, "eta: not recorded\n")


@pytest.mark.parametrize(
    "words", [("--suspected",), ("--at", "-5m"), ("--source", "x"), ("--because", "x")]
)
def test_a_fact_without_a_value_but_with_something_to_record_is_refused(
    crisis: Crisis, declared: str, words: tuple[str, ...]
) -> None:
    ran = crisis("fact", "shop_name", *words)

    assert (ran.exit, ran.stdout) == (2, "")
    assert "nothing was recorded" in ran.stderr


def test_a_fact_that_dates_a_milestone_reaches_it(crisis: Crisis, declared: str) -> None:
    crisis("fact", "resolved_at", "2025-01-31T21:00+01:00")

    found = data(crisis, "status")
    assert found["milestones"]["resolved"] == "2025-01-31T21:00:00+01:00"
    assert found["status"] == "resolved"


def test_a_suspected_time_reaches_no_milestone(crisis: Crisis, declared: str) -> None:
    crisis("fact", "resolved_at", "now", "--suspected")

    found = data(crisis, "status")
    assert "resolved" not in found["milestones"]
    assert found["status"] == "open"


def test_retracting_the_end_opens_the_incident_again(crisis: Crisis, declared: str) -> None:
    crisis("fact", "resolved_at", "now")

    crisis("fact", "resolved_at", "--retract", "--because", "It broke again")

    found = data(crisis, "status")
    assert "resolved" not in found["milestones"]
    assert found["status"] == "open"
    assert found["facts"]["resolved_at"]["status"] == "retracted"


def test_a_suspected_fact_is_never_said(crisis: Crisis, declared: str) -> None:
    crisis("fact", "cause", "overload", "--suspected")
    crisis("fact", "progress", "investigating")
    guess = data(crisis, "message", "show", "update")
    crisis("fact", "cause", "overload")
    sure = data(crisis, "message", "show", "update")

    assert "cause" not in guess["uses"]
    assert "cause" in sure["uses"]
    assert {t["text"] for t in guess["texts"]} != {t["text"] for t in sure["texts"]}


def test_a_correction_names_the_messages_that_said_it(crisis: Crisis, declared: str) -> None:
    crisis("message", "send", "holding", "--yes", "-c", "x")

    ran = crisis("fact", "started_at", "--retract", "--because", "Read from the wrong log")

    assert (ran.exit, ran.stdout) == (0, "")
    assert "started_at was already said in: holding." in ran.stderr
    told = data(crisis, "timeline")["timeline"][-1]["text"]
    assert told == "Retracted started_at, because Read from the wrong log"


def test_correcting_what_no_message_said_names_none(crisis: Crisis, declared: str) -> None:
    assert "already said" not in crisis("fact", "started_at", "--retract").stderr


def test_what_was_never_recorded_cannot_be_retracted(crisis: Crisis, declared: str) -> None:
    ran = crisis("fact", "eta", "--retract")

    assert (ran.exit, ran.stdout) == (2, "")
    assert '"eta" is not recorded' in ran.stderr


def test_a_retracted_fact_is_gone_from_messages(crisis: Crisis, declared: str) -> None:
    crisis("fact", "started_at", "--retract")

    ran = crisis("message", "show", "holding", "-c", "x")

    assert (ran.exit, ran.stdout) == (2, "")
    assert 'needs the fact "started_at", which is not confirmed' in ran.stderr
    assert "crisisctl fact started_at VALUE" in ran.stderr


# Severity and roles


def test_the_worst_impact_answer_sets_the_severity(crisis: Crisis) -> None:
    open_one(crisis, "--set", "checkout=all", "--set", "reach=few")
    assert data(crisis, "status")["severity"] == "sev4"

    ran = crisis("fact", "data", "lost")

    assert "severity sev2: Could customer data be lost" in ran.stderr
    assert data(crisis, "status")["severity"] == "sev2"


def test_a_milder_answer_does_not_lower_the_severity_by_itself(
    crisis: Crisis, declared: str
) -> None:
    crisis("fact", "checkout", "all")

    assert data(crisis, "status")["severity"] == "sev1"


def test_severity_is_raised_freely_and_lowered_only_with_a_reason(crisis: Crisis) -> None:
    open_one(crisis, "--set", "checkout=some")

    refused = crisis("severity", "sev3")
    assert (refused.exit, refused.stdout) == (2, "")
    assert "lowering the severity from sev2 to sev3 needs a reason" in refused.stderr
    assert data(crisis, "status")["severity"] == "sev2"

    assert crisis("severity", "SEV1").exit == 0
    assert data(crisis, "status")["severity"] == "sev1"
    assert crisis("severity", "sev3", "--because", "One country only").exit == 0
    assert data(crisis, "status")["severity"] == "sev3"
    assert "Severity sev3: One country only" in crisis("timeline").stdout


def test_the_severity_it_has_already_records_nothing(crisis: Crisis, declared: str) -> None:
    before = data(crisis, "timeline")

    ran = crisis("severity", "sev1")

    assert ran.exit == 0
    assert "nothing to change" in ran.stderr
    assert data(crisis, "timeline") == before


def test_a_role_is_given_and_handed_over(crisis: Crisis, declared: str) -> None:
    crisis("role", "legal", "li")
    crisis("role", "commander", "jo")

    assert data(crisis, "status")["roles"]["legal"] == "li"
    timeline = crisis("timeline").stdout
    assert "li is legal (ana)" in timeline
    assert "ana handed commander over to jo (ana)" in timeline


# Deadlines


def test_deadlines_that_are_not_due_leave_with_0(crisis: Crisis, declared: str) -> None:
    ran = crisis("deadlines")

    assert (ran.exit, ran.stderr) == (0, "")
    assert "due in 9 min" in ran.stdout
    assert "First word to customers" in ran.stdout


def test_an_overdue_deadline_leaves_with_1(crisis: Crisis) -> None:
    open_one(crisis, *AGO)

    text, found = crisis("deadlines"), crisis("deadlines", "--json")

    assert (text.exit, found.exit) == (1, 1)
    assert "OVERDUE by" in text.stdout
    [row] = json.loads(found.stdout)["deadlines"]
    assert (row["name"], row["state"]) == ("first-word", "overdue")
    assert (row["since"], row["due"]) == ("2025-01-31T20:00:00+01:00", "2025-01-31T20:10:00+01:00")


def test_a_waived_deadline_is_overdue_no_more(crisis: Crisis) -> None:
    open_one(crisis, *AGO)

    ran = crisis("waive", "first-word", "--because", "Nobody was awake to read it")

    assert (ran.exit, ran.stdout) == (0, "")
    left = crisis("deadlines", "--json")
    [row] = json.loads(left.stdout)["deadlines"]
    assert (left.exit, row["state"]) == (0, "waived")
    assert row["because"] == "Nobody was awake to read it"


def test_waiving_needs_a_reason_and_an_open_deadline(crisis: Crisis, declared: str) -> None:
    without, unknown = (
        crisis("waive", "first-word"),
        crisis("waive", "frist-word", "--because", "x"),
    )

    assert (without.exit, unknown.exit) == (2, 2)
    assert "--because" in without.stderr
    assert 'did you mean "first-word"?' in unknown.stderr


def test_the_first_message_meets_the_first_deadline_and_promises_the_next(
    crisis: Crisis, declared: str
) -> None:
    crisis("message", "send", "holding", "--yes", "-c", "x")

    first, following = data(crisis, "deadlines")["deadlines"]
    assert (first["name"], first["state"]) == ("first-word", "met")
    assert (following["name"], following["state"]) == ("next-update", "due")
    [sent] = data(crisis, "message", "list")["messages"][0]["sent"]
    assert following["due"] == sent["next_update"]


def test_a_message_sent_too_late_missed_its_deadline(crisis: Crisis, declared: str) -> None:
    later = (datetime.now().astimezone() + timedelta(hours=2)).isoformat(timespec="minutes")

    crisis("message", "send", "holding", "--yes", "-c", "x", "--at", later)

    first = data(crisis, "deadlines")["deadlines"][0]
    assert (first["name"], first["state"]) == ("first-word", "missed")


# Messages


def test_message_list_names_every_message_and_when_it_was_sent(
    crisis: Crisis, declared: str
) -> None:
    crisis("message", "send", "holding", "--yes", "-c", "x")

    rows = crisis("message", "list").stdout.splitlines()

    assert rows[1].startswith("holding         customers  10 channels  sent 20")
    assert [row.split()[0] for row in rows[2:]] == [
        *("internal-brief", "update", "resolved", "money-back", "lost-order", "late-order"),
        *("price-kept", "held-up", "apology-offer", "public-report"),
    ]
    assert all(row.endswith("not sent") for row in rows[2:])


def test_message_show_gives_an_overview_then_the_exact_texts(crisis: Crisis, declared: str) -> None:
    overview = crisis("message", "show", "holding")
    text = crisis("message", "show", "holding", "-c", "x", "-l", "fr").stdout

    assert (overview.exit, overview.stderr) == (0, "")
    assert "/280" in overview.stdout
    assert "--locale or --channel" in overview.stdout
    [exact] = data(crisis, "message", "show", "holding", "-c", "x", "-l", "fr")["texts"]
    assert exact["text"] in text
    assert (exact["channel"], exact["locale"], exact["fits"]) == ("x", "fr", True)


def test_showing_a_message_records_and_writes_nothing(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    before = data(crisis, "timeline")

    crisis("message", "show", "holding")

    assert data(crisis, "timeline") == before
    assert not (folder / "home" / "outbox").exists()


def test_sending_without_an_approval_sends_nothing(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    ran = crisis("message", "send", "holding")

    assert (ran.exit, ran.stdout) == (2, "")
    assert 'the message "holding" needs an approval' in ran.stderr
    assert data(crisis, "message", "list")["messages"][0]["sent"] == []
    assert not (folder / "home" / "outbox").exists()


def test_what_is_sent_stands_in_private_files_with_the_recorded_fingerprint(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    crisis("message", "send", "holding", "--yes", "-l", "en", "-l", "tr")

    [sent] = data(crisis, "message", "list")["messages"][0]["sent"]
    assert len(sent["texts"]) == 2 * 10
    for text in sent["texts"]:
        file = Path(text["file"])
        title, page = (
            file.with_name(f"{text['channel']}.{text['locale']}{end}")
            for end in (".title.txt", ".html")
        )
        if file == page:  # its words stand only inside the page
            continue
        heading = title.read_text("utf-8").removesuffix("\n") if title.exists() else ""
        html = page.read_text("utf-8") if page.exists() else ""
        body = file.read_bytes().decode().removesuffix("\n")
        parts = (text["channel"], text["locale"], heading, body, html)
        assert hashlib.sha256("\0".join(parts).encode()).hexdigest() == text["sha256"]
    written = [*(folder / "home" / "outbox").rglob("*"), folder / "home" / "outbox"]
    assert {p.stat().st_mode & 0o777 for p in written if p.is_file()} == {0o600}
    assert {p.stat().st_mode & 0o777 for p in written if p.is_dir()} == {0o700}


def test_the_files_hold_what_was_shown_before(crisis: Crisis, declared: str, folder: Path) -> None:
    crisis("fact", "shop_name", "Zoë & Söhne <b>")
    shown = data(crisis, "message", "show", "holding", "-c", "email")["texts"][0]

    odd = ("--overrule", "placeholder-left=that is what we are called")
    ran = crisis("message", "send", "holding", "--yes", "-c", "email", *odd)

    assert ran.exit == 0, ran.stderr
    sent = next((folder / "home").rglob("email.en.txt"))
    assert sent.read_bytes() == f"{shown['text']}\n".encode()
    assert sent.with_name("email.en.title.txt").read_text("utf-8") == f"{shown['heading']}\n"
    page = sent.with_name("email.en.html").read_text("utf-8")
    assert page == shown["html"]
    assert "Zoë &amp; Söhne &lt;b&gt;" in page
    assert "<b>" not in page


def test_the_same_message_sent_twice_gets_a_folder_each(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    for _ in range(2):
        crisis("message", "send", "holding", "--yes", "-c", "x")

    outbox = folder / "home" / "outbox" / declared
    assert [f.name for f in sorted(outbox.iterdir())] == ["01-holding", "02-holding"]


def test_a_message_can_bring_its_facts_along(crisis: Crisis, declared: str) -> None:
    ran = crisis("message", "send", "update", "--yes", "-c", "x", "--set", "progress=fixing")

    assert ran.exit == 0
    assert data(crisis, "status")["facts"]["progress"]["value"] == "fixing"
    assert "progress" in data(crisis, "message", "list")["messages"][2]["sent"][0]["uses"]


def test_a_text_too_long_for_its_channel_is_shown_but_never_sent(
    crisis: Crisis, folder: Path
) -> None:
    small(folder, extra=" " + "word " * 80)
    id = crisis(
        *("start", "small", "--set", "shop=Kestrel", "--set", "since=-5m", "--no-input")
    ).stdout.strip()

    shown = crisis("message", "show", "hello")
    ran = crisis("message", "send", "hello", "--yes", "--incident", id)

    assert "TOO LONG" in shown.stdout
    assert (ran.exit, ran.stdout) == (1, "")
    assert '"hello" is too long for x.en (' in ran.stderr
    assert "the limit is 280" in ran.stderr
    refused = re.findall(r"x\.(\w\w) \((\d+) [^)]*: (\d+) too many\)", ran.stderr)
    assert [locale for locale, _, _ in refused] == ["en", "fr"]
    assert all(int(length) - 280 == int(over) > 100 for _, length, over in refused)
    assert not (folder / "home" / "outbox").exists()
    assert crisis("message", "send", "hello", "--yes", "-c", "status-page").exit == 0


def test_a_text_of_which_readers_see_a_part_is_told_of_and_sent_all_the_same(
    crisis: Crisis, folder: Path
) -> None:
    small(folder, extra=" " + "word " * 30)
    crisis("start", "small", "--set", "shop=Kestrel", "--set", "since=-5m", "--no-input")

    shown = crisis("message", "show", "hello", "-c", "push", "-l", "en")
    table = crisis("preview", "small/hello", "-c", "push")
    ran = crisis("message", "send", "hello", "--yes", "-c", "push")

    assert "Seen in part: " in shown.stdout
    assert "characters, readers see 150" in shown.stdout
    assert "TOO LONG" not in shown.stdout + table.stdout
    assert ran.exit == 0
    assert '✓ "hello": 2 texts, ready to copy from' in ran.stderr
    [text] = data(crisis, "preview", "small/hello", "-c", "push", "-l", "en")["texts"]
    seen, payload, heading = text["measures"]
    assert (text["fits"], text["limit"], text["unit"]) == (True, 150, "characters")
    assert (seen["of"], seen["hard"], seen["fits"]) == ("text", False, False)
    assert (payload["of"], payload["limit"], payload["fits"]) == ("payload", 4096, True)
    assert (heading["of"], heading["limit"], heading["fits"]) == ("heading", 50, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "holdign"), 'did you mean "holding"?'),
        (("send", "holdign", "--yes"), 'did you mean "holding"?'),
        (("show", "holding", "-c", "fax"), 'there is no channel "fax"'),
        (("show", "holding", "-l", "de"), 'has no text in "de"'),
        (("send", "holding", "--yes", "-l", "de"), 'has no text in "de"'),
        (("send", "holding", "--yes", "--set", "nope=1"), 'there is no fact "nope"'),
        (("send", "holding", "--yes", "--at", "later"), '"later" is not a time'),
    ],
)
def test_a_message_channel_or_locale_that_does_not_exist_is_named(
    crisis: Crisis, declared: str, words: tuple[str, ...], said: str
) -> None:
    ran = crisis("message", *words)

    assert (ran.exit, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert data(crisis, "message", "list")["messages"][0]["sent"] == []


def test_a_promise_made_by_a_message_is_due_until_the_message_that_keeps_it(
    crisis: Crisis, declared: str
) -> None:
    for name, value in {
        "resolved_at": "now",
        "mitigated_at": "now",
        "data_loss": "none",
        "double_charges": "none",
        "report_by": "+5d",
    }.items():
        crisis("fact", name, value)

    ran = crisis("message", "send", "resolved", "--yes", "-c", "email")

    assert ran.exit == 0, ran.stderr
    [promise] = [d for d in data(crisis, "deadlines")["deadlines"] if d["kind"] == "promise"]
    assert (promise["title"], promise["state"]) == ("Publish the incident report", "due")
    assert promise["met_by"] == "public-report"


def test_the_zone_of_the_workspace_is_the_zone_of_every_time(crisis: Crisis, folder: Path) -> None:
    write(folder / "crisisctl.yaml", "time_zone: America/New_York\n")
    open_one(crisis, "--at", "2025-01-31T20:00+01:00")

    assert data(crisis, "status")["declared_at"] == "2025-01-31T14:00:00-05:00"
    assert "2025-01-31 14:00 EST (UTC-5)" in crisis("timeline").stdout
