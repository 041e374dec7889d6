"""From a draft to a message that went out: edited, approved by the right people, sent once."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from conftest import Crisis

SHOP = """\
brand: {name: Kestrel, support_email: help@kestrel.example, phone: "+33 9 70 18 99 52",
        status_url: "https://status.kestrel.example"}
locales: [en, fr]
time_zone: Europe/Paris
"""
RULES = (
    "approvals: {customers: {approvers: 2, roles: [legal, commander], other_than_author: true}}\n"
    "roles: {commander: [ana, jo], legal: [li]}\n"
)
FACTS = (
    *("--set", "started_at=-20m", "--set", "functions_down=cart,checkout"),
    *("--set", "checkout=none", "--set", "reach=everyone", "--set", "data=none"),
    *("--set", "site_url=https://kestrel.example/checkout"),
)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "crisisctl.yaml").write_text(SHOP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def strict(shop: Path) -> Path:
    (shop / "crisisctl.yaml").write_text(SHOP + RULES, encoding="utf-8")
    return shop


@pytest.fixture
def declared(shop: Path, crisis: Crisis) -> str:
    return str(crisis("start", "outage", "--no-input", *FACTS).stdout.strip())


def shown(crisis: Crisis, *words: str) -> Any:
    return json.loads(crisis("message", "show", "holding", "--json", *words).stdout)


def by(monkeypatch: pytest.MonkeyPatch, person: str) -> None:
    monkeypatch.setenv("CRISISCTL_OPERATOR", person)


def test_one_operator_sends_in_one_go_and_all_of_it_is_on_record(
    declared: str, crisis: Crisis
) -> None:
    sent = crisis("message", "send", "holding", "--yes", "-c", "email", "-c", "sms")

    kinds = [e["kind"] for e in json.loads(crisis("timeline", "--json").stdout)["timeline"]]
    assert sent.exit == 0
    assert [k for k in kinds if k.startswith("message-")] == [
        *("message-drafted", "message-approved", "message-sent")
    ]


def test_a_draft_waits_until_two_others_of_the_right_roles_have_approved_it(
    strict: Path, declared: str, crisis: Crisis, monkeypatch: pytest.MonkeyPatch
) -> None:
    by(monkeypatch, "ana")
    tried = crisis("message", "send", "holding", "--yes", "-c", "email")
    by(monkeypatch, "li")
    first = crisis("message", "approve", "holding", "--yes", "-c", "email")
    again = crisis("message", "send", "holding", "--yes", "-c", "email")
    by(monkeypatch, "jo")
    second = crisis("message", "approve", "holding", "--yes", "-c", "email")
    by(monkeypatch, "ana")
    sent = crisis("message", "send", "holding", "--yes", "-c", "email")

    assert tried.exit == 1
    assert "2 texts must be approved by 2 people (legal or commander)" in tried.stderr
    assert (first.exit, second.exit, sent.exit) == (0, 0, 0)
    assert "1 more person" in " ".join(first.stderr.split())
    assert "They may go out" in second.stderr
    assert again.exit == 1
    [message] = json.loads(crisis("message", "list", "--json").stdout)["messages"][:1]
    assert len(message["sent"]) == 1


def test_an_approval_that_the_rule_does_not_count_is_refused(
    strict: Path, declared: str, crisis: Crisis, monkeypatch: pytest.MonkeyPatch
) -> None:
    by(monkeypatch, "ana")
    crisis("message", "send", "holding", "--yes", "-c", "email")
    author = crisis("message", "approve", "holding", "--yes", "-c", "email")
    by(monkeypatch, "max")
    stranger = crisis("message", "approve", "holding", "--yes", "-c", "email")

    assert (author.exit, stranger.exit) == (1, 1)
    assert "other than ana, who wrote it" in " ".join(author.stderr.split())
    assert shown(crisis, "-c", "email")["approvers"] == []


def test_what_others_approve_is_what_was_drafted_not_what_the_clock_says_now(
    strict: Path, declared: str, crisis: Crisis, monkeypatch: pytest.MonkeyPatch
) -> None:
    by(monkeypatch, "ana")
    crisis("message", "send", "holding", "--yes", "-c", "email")
    before = [text["sha256"] for text in shown(crisis, "-c", "email")["texts"]]
    by(monkeypatch, "li")

    after = shown(crisis, "-c", "email")

    assert [text["sha256"] for text in after["texts"]] == before
    assert after["draft"]["by"] == "ana"


def test_a_fact_that_changed_makes_the_draft_void(
    strict: Path, declared: str, crisis: Crisis, monkeypatch: pytest.MonkeyPatch
) -> None:
    by(monkeypatch, "ana")
    crisis("message", "send", "holding", "--yes", "-c", "email")
    by(monkeypatch, "li")
    crisis("message", "approve", "holding", "--yes", "-c", "email")

    crisis("fact", "started_at", "--", "-50m")

    after = shown(crisis, "-c", "email")
    assert after["draft"] is None
    assert [text["approved"] for text in after["texts"]] == [False, False]


def test_breaking_the_glass_sends_and_is_told_in_the_report(
    strict: Path, declared: str, crisis: Crisis, monkeypatch: pytest.MonkeyPatch
) -> None:
    by(monkeypatch, "max")

    sent = crisis(
        *("message", "send", "holding", "--yes", "-c", "email"),
        *("--break-glass", "legal does not answer the phone"),
    )

    report = crisis("report").stdout
    assert sent.exit == 0
    assert "BREAK-GLASS" in report
    assert "legal does not answer the phone" in report


def test_templates_approved_beforehand_let_the_operator_send_alone_until_they_change(
    strict: Path, crisis: Crisis, monkeypatch: pytest.MonkeyPatch
) -> None:
    by(monkeypatch, "max")
    own = strict / "templates" / "outage"
    own.mkdir(parents=True)
    shipped = Path(__file__).parents[1] / "templates" / "outage"
    for locale in ("en", "fr", "es", "tr", "ru"):
        name = f"holding.{locale}.j2"
        (own / name).write_bytes((shipped / name).read_bytes() + b"\n")
    settings = strict / "crisisctl.yaml"
    row = '{message: outage/holding, by: "Li, legal", on: "2026-11-01", templates: "%s"}'
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before + f"pre_approved: [{row % ('0' * 16)}]\n", encoding="utf-8")
    crisis("start", "outage", "--no-input", *FACTS)
    void = crisis("message", "send", "holding", "--yes", "-c", "email")
    now = re.search(r"they are ([0-9a-f]{16}) now", " ".join(void.stderr.split()))
    assert now is not None
    settings.write_text(before + f"pre_approved: [{row % now[1]}]\n", encoding="utf-8")

    sent = crisis("message", "send", "holding", "--yes", "-c", "email")

    assert void.exit == 1
    assert "its templates have changed since Li, legal approved them" in " ".join(
        void.stderr.split()
    )
    assert sent.exit == 0
    assert "Li, legal, on 2026-11-01 (beforehand)" in crisis("report").stdout
    assert "may go out at once" in crisis("doctor").stdout


def test_an_edited_text_is_marked_and_needs_its_own_approval(
    declared: str, crisis: Crisis, tmp_path: Path
) -> None:
    text = tmp_path / "new.txt"
    text.write_text("Headline: You cannot order now\n\nWe know. We are on it.\n", encoding="utf-8")
    crisis("message", "approve", "holding", "--yes", "-c", "email", "-l", "en")

    edited = crisis(
        *("message", "edit", "holding", "-c", "email", "-l", "en", "--from", str(text)),
    )

    [found] = shown(crisis, "-c", "email", "-l", "en")["texts"]
    assert edited.exit == 0
    assert (found["heading"], found["text"]) == (
        "You cannot order now",
        "We know. We are on it.",
    )
    assert (found["edited"], found["approved"]) == (True, False)
    [french] = shown(crisis, "-c", "email", "-l", "fr")["texts"]
    assert french["edited"] is False


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (b"", "the text is empty"),
        (b"Headline: Down\n\n", "the text is empty"),
        (b"We are d\xffown", "1: not UTF-8"),
        (b"We are\x1b[2J down", "1:7: the invisible character U+001B"),
        (b"x" * 300_000, "larger than"),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused_with_its_place(
    declared: str, crisis: Crisis, tmp_path: Path, typed: bytes, told: str
) -> None:
    file = tmp_path / "new.txt"
    file.write_bytes(typed)

    edited = crisis(
        *("message", "edit", "holding", "-c", "email", "-l", "en", "--from", str(file)),
    )

    assert edited.exit == 2
    assert told in " ".join(edited.stderr.split())
    assert shown(crisis, "-c", "email")["draft"] is None


def test_one_text_must_be_named_to_be_edited(declared: str, crisis: Crisis) -> None:
    edited = crisis("message", "edit", "holding", "-c", "email", "--from", "-")

    assert edited.exit == 2
    assert "has 2 texts: say which one" in edited.stderr
    assert "email.en and email.fr" in edited.stderr


# Proofreading


BAD = (
    "Headline: A small glitch\n\nWe are sorry. It is our provider's fault, we will be back soon.\n"
)


def edited(crisis: Crisis, folder: Path) -> None:
    (folder / "bad.txt").write_text(BAD, encoding="utf-8")
    crisis("message", "edit", "holding", "-c", "email", "-l", "en", "--from", "bad.txt")


def test_a_text_with_errors_is_not_approved_without_a_reason(
    declared: str, crisis: Crisis, tmp_path: Path
) -> None:
    edited(crisis, tmp_path)

    sent = crisis("message", "send", "holding", "--yes", "-c", "email", "-l", "en")

    words = " ".join(sent.stderr.split())
    assert sent.exit == 1
    assert "email.en" in words
    assert "--overrule" in words
    assert shown(crisis, "-c", "email", "-l", "en")["texts"][0]["sent"] == []


def test_what_is_overruled_is_in_the_report_with_its_reason(
    declared: str, crisis: Crisis, tmp_path: Path
) -> None:
    edited(crisis, tmp_path)
    found = shown(crisis, "-c", "email", "-l", "en")["texts"][0]["findings"]
    rules = {each["rule"] for each in found if each["severity"] == "error"}
    given = [w for rule in rules for w in ("--overrule", f"{rule}=the board wants it so")]

    sent = crisis("message", "send", "holding", "--yes", "-c", "email", "-l", "en", *given)

    report = crisis("report").stdout
    assert sent.exit == 0, sent.stderr
    assert rules >= {"tone-minimise", "tone-blame"}
    assert report.count("because the board wants it so") == len(rules)


@pytest.mark.parametrize(
    ("typed", "told"),
    [("tone-blame", "write it as RULE=WHY"), ("tone-jargon=because", 'nothing of "tone-jargon"')],
)
def test_only_what_is_found_can_be_overruled_and_only_with_a_reason(
    declared: str, crisis: Crisis, typed: str, told: str
) -> None:
    sent = crisis("message", "send", "holding", "--yes", "-c", "email", "--overrule", typed)

    assert sent.exit == 2
    assert told in " ".join(sent.stderr.split())


# Agreement


def test_an_hour_that_differs_between_languages_is_told_before_anything_goes_out(
    declared: str, crisis: Crisis, tmp_path: Path
) -> None:
    text = shown(crisis, "-c", "email", "-l", "fr")["texts"][0]["text"]
    hour = re.findall(r"(\d{1,2})\u00a0h\u00a0(\d\d)", text)[-1]
    other = text.replace(f"{hour[0]}\u00a0h\u00a0{hour[1]}", "4\u00a0h\u00a017")
    (tmp_path / "fr.txt").write_text(f"Headline: Panne\n\n{other}\n", encoding="utf-8")
    crisis("message", "edit", "holding", "-c", "email", "-l", "fr", "--from", "fr.txt")

    sent = crisis("message", "send", "holding", "--yes", "-c", "email")

    assert sent.exit == 1
    assert "texts-differ" in sent.stderr


def test_what_changes_against_the_last_text_is_shown_word_by_word(
    declared: str, crisis: Crisis
) -> None:
    crisis("message", "send", "holding", "--yes", "-c", "x", "-l", "en")
    crisis("fact", "functions_down", "cart,checkout,search")

    told = crisis("message", "diff", "holding", "-c", "x", "-l", "en")
    nothing = crisis("message", "diff", "holding", "-c", "sms", "-l", "en")
    [rows] = json.loads(
        crisis("message", "diff", "holding", "-c", "x", "-l", "en", "--json").stdout
    )["texts"]

    assert "{+" in told.stdout
    assert "search" in told.stdout.partition("{+")[2].partition("+}")[0]
    assert "nothing was sent there yet" in nothing.stdout
    assert rows["against"]["message"] == "holding"


# Corrections


def test_a_retracted_fact_names_who_was_told_and_drafts_a_correction_for_each(
    declared: str, crisis: Crisis
) -> None:
    crisis("message", "send", "holding", "--yes", "-c", "email", "-c", "x")
    crisis("fact", "started_at", "--retract", "--because", "the logs say otherwise")
    crisis("fact", "started_at", "--", "-50m")

    told = crisis("message", "correct")
    [wrong] = json.loads(crisis("message", "correct", "--json").stdout)["wrong"]
    text = shown(crisis, "-c", "email", "-l", "fr")["texts"][0]

    assert told.exit == 0
    assert (wrong["message"], wrong["to"], wrong["channels"]) == (
        "holding",
        "customers",
        ["email", "x"],
    )
    assert [fact["fact"] for fact in wrong["facts"]] == ["started_at"]
    assert "because the logs say otherwise" in " ".join(told.stdout.split())
    assert text["heading"].startswith("Rectification\u00a0: ")
    assert text["text"].startswith("Nous devons nous corriger.")


def test_what_was_corrected_is_not_told_again(declared: str, crisis: Crisis) -> None:
    crisis("message", "send", "holding", "--yes", "-c", "email")
    crisis("fact", "started_at", "--retract")
    crisis("fact", "started_at", "--", "-50m")
    crisis("message", "correct")

    sent = crisis("message", "send", "holding", "--yes", "-c", "email")

    assert sent.exit == 0
    assert json.loads(crisis("message", "correct", "--json").stdout)["wrong"] == []


def test_a_correction_that_went_out_in_part_is_still_owed_where_it_did_not(
    declared: str, crisis: Crisis
) -> None:
    crisis("message", "send", "holding", "--yes", "-c", "email", "-c", "x")
    crisis("message", "send", "holding", "--yes", "-c", "sms", "-l", "en")
    crisis("fact", "started_at", "--retract")
    crisis("fact", "started_at", "--", "-50m")
    crisis("message", "correct")
    crisis("message", "send", "holding", "--yes", "-c", "email")

    left = json.loads(crisis("message", "correct", "--json").stdout)["wrong"]
    crisis("message", "correct")
    drafted = shown(crisis, "-c", "x", "-c", "sms")["texts"]
    done = crisis("message", "send", "holding", "--yes")

    assert done.exit == 0, done.stderr
    assert [wrong["channels"] for wrong in left] == [["x"], ["sms"]]
    assert {text["channel"] for text in drafted} == {"x", "sms"}
    assert json.loads(crisis("message", "correct", "--json").stdout)["wrong"] == []


def test_a_message_that_never_said_it_needs_no_correction(declared: str, crisis: Crisis) -> None:
    crisis("message", "send", "holding", "--yes", "-c", "email")
    crisis("fact", "site_url", "--retract")

    assert "No message said anything" in crisis("message", "correct").stdout


# Promises


PROMISE = """\
Headline: You cannot order now

We know you cannot order, and we are sorry. We are repairing it.
We will refund you by 4 December 2031. Next update by 23:58.
Write to help@kestrel.example. Thank you.
"""


def test_what_a_sent_text_promises_is_owed_until_it_is_kept(
    declared: str, crisis: Crisis, tmp_path: Path
) -> None:
    (tmp_path / "new.txt").write_text(PROMISE, encoding="utf-8")
    crisis("message", "edit", "holding", "-c", "email", "-l", "en", "--from", "new.txt")

    sent = crisis("message", "send", "holding", "--yes", "-c", "email", "-l", "en")
    [owed] = [
        due
        for due in json.loads(crisis("deadlines", "--json").stdout)["deadlines"]
        if due["kind"] == "promise"
    ]
    kept = crisis("keep", owed["name"], "all paid back")

    assert sent.exit == 0, sent.stderr
    assert owed["due"].startswith("2031-12-04T23:59")
    assert owed["title"] == "Refund: We will refund you by 4 December 2031."
    assert kept.exit == 0
    [row] = [line for line in crisis("report").stdout.split("\n") if "| Refund: " in line]
    assert "| met, " in row


def test_the_next_word_is_owed_when_the_edited_text_says(
    declared: str, crisis: Crisis, tmp_path: Path
) -> None:
    soon = (datetime.now(ZoneInfo("Europe/Paris")) + timedelta(minutes=7)).strftime("%H:%M")
    (tmp_path / "new.txt").write_text(PROMISE.replace("23:58", soon), encoding="utf-8")
    crisis("message", "edit", "holding", "-c", "email", "-l", "en", "--from", "new.txt")

    crisis("message", "send", "holding", "--yes", "-c", "email", "-l", "en")

    [sent] = json.loads(crisis("message", "list", "--json").stdout)["messages"][0]["sent"]
    assert sent["next_update"][11:16] == soon


def test_a_promise_that_no_message_keeps_is_kept_by_saying_so(
    declared: str, crisis: Crisis
) -> None:
    refused = crisis("keep", "refund", "paid out")

    assert refused.exit == 2
    assert 'there is no open promise "refund"' in refused.stderr
