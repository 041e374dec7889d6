"""Before a crisis: help, playbooks, show, preview, doctor, and what a team's own folder changes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from small import PLAYBOOK, small, write

COMMANDS = (
    *("start", "resume", "status", "note", "fact", "message", "deadlines", "timeline"),
    *("severity", "role", "waive", "list", "review", "correct", "cause", "action", "report"),
    *("close", "reopen", "verify"),
    *("playbooks", "show", "preview", "doctor"),
)
SETTINGS = """\
brand:
  name: Falcon
  support_email: hello@falcon.example
  phone: "+49 30 1234567"
  status_url: https://status.falcon.example
locales: [en, tr]
time_zone: America/New_York
roles: {commander: [zoe, jo], communications: [li]}
"""


def data(crisis: Crisis, *words: str) -> dict[str, Any]:
    return json.loads(crisis(*words, "--json").stdout)


def preview(crisis: Crisis, *words: str) -> dict[tuple[str, str], str]:
    texts = data(crisis, "preview", *words)["texts"]
    return {(text["channel"], text["locale"]): text["text"] for text in texts}


# Help


def test_help_names_every_command_by_the_moment_it_is_needed(crisis: Crisis) -> None:
    shown = crisis("--help").stdout

    listed = [line.split()[0] for line in shown.splitlines() if line.startswith("  ")]
    assert [word for word in listed if word in COMMANDS] == list(COMMANDS)
    assert "..." not in shown.partition("During a crisis")[2]  # every line fits
    order = [shown.index(title) for title in ("During a crisis:", "After it:", "Before it:")]
    assert order == sorted(order)


@pytest.mark.parametrize(
    "words",
    [(name,) for name in COMMANDS]
    + [("message", name) for name in ("list", "show", "send")]
    + [("action", name) for name in ("add", "change", "decline", "list", "done")],
    ids=" ".join,
)
def test_every_command_explains_itself_in_both_ways(crisis: Crisis, words: tuple[str, ...]) -> None:
    long, short = crisis(*words, "--help"), crisis(*words, "-h")

    assert (long.exit, long.stderr) == (0, "")
    assert long == short
    usage, _, sentence = long.stdout.splitlines()[:3]
    assert usage.startswith(f"Usage: crisisctl {' '.join(words)} ")
    assert sentence.strip().endswith(".")


# The shipped playbooks


def test_playbooks_lists_what_can_be_started(crisis: Crisis) -> None:
    ran = crisis("playbooks")

    assert (ran.exit, ran.stderr) == (0, "")
    assert "outage       Site outage              Customers cannot reach the shop" in ran.stdout


def test_show_reads_from_end_to_end(crisis: Crisis) -> None:
    ran = crisis("show", "outage")

    assert (ran.exit, ran.stderr) == (0, "")
    titles = [
        s["title"] for stage in data(crisis, "show", "outage")["stages"].values() for s in stage
    ]
    places = [ran.stdout.find(title) for title in titles]
    assert -1 not in places
    assert places == sorted(places)


def test_show_as_markdown_can_be_printed_and_ticked(crisis: Crisis) -> None:
    ran = crisis("show", "outage", "--format", "md")

    lines = ran.stdout.splitlines()
    assert lines[0] == "# Site outage"
    assert "### ☐ 1.2 Confirm the outage from outside (technical-lead)" in lines
    assert sum("☐" in line or "[ ]" in line for line in lines) > 100


def test_preview_without_a_choice_is_a_table_of_lengths(crisis: Crisis) -> None:
    ran = crisis("preview", "outage/holding")

    assert (ran.exit, ran.stderr) == (0, "")
    rows = [line.split() for line in ran.stdout.splitlines()]
    assert rows[0] == ["channel", "en", "es", "fr", "ru", "tr"]
    assert {row[0] for row in rows[1:11]} == {
        *("homepage", "error-page", "status-page", "x", "instagram", "facebook"),
        *("telegram", "email", "sms", "push"),
    }
    assert "TOO LONG" not in ran.stdout
    assert "seen in part" not in ran.stdout
    assert "--locale or --channel" in ran.stdout


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "27 Nov, 20:04 (UTC+1)"),
        ("fr", "27 nov. à 20\u00a0h\u00a004 (UTC+1)"),
        ("es", "27 nov"),
        ("tr", "27 Kas"),
        ("ru", "27 нояб., 20:04 (UTC+1)"),
    ],
)
def test_preview_writes_in_each_language(crisis: Crisis, locale: str, words: str) -> None:
    ran = crisis("preview", "outage/holding", "--locale", locale, "--channel", "x")

    assert (ran.exit, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"x · {locale}\n")
    assert words in ran.stdout


def test_preview_tells_what_an_sms_costs_and_offers_a_cheaper_spelling(crisis: Crisis) -> None:
    ran = crisis("preview", "outage/holding", "--locale", "tr", "--channel", "sms")
    [text] = data(crisis, "preview", "outage/holding", "-l", "tr", "-c", "sms")["texts"]

    sms, words = text["sms"], " ".join(ran.stdout.split())
    parts, without = sms["segments"], sms["segments_without"]
    assert f"{parts} parts: {sms['units']} UTF-16 units in UCS-2" in ran.stdout
    assert f"force UCS-2: {parts} parts instead of {without}." in words
    assert f"Spelt so it takes {sms['respelt']['segments']} parts (" in words
    assert (text["length"], text["limit"], text["unit"]) == (parts, 6, "segments")
    assert sms["encoding"] == "UCS-2"
    assert {"ş", "ı"} <= set(sms["forced_by"])
    assert sms["respelt"]["segments"] < parts
    assert "ş" in text["text"]  # offered, never done


def test_preview_offers_no_other_spelling_of_russian(crisis: Crisis) -> None:
    ran = crisis("preview", "outage/holding", "--locale", "ru", "--channel", "sms")

    words = " ".join(ran.stdout.split())
    assert "The letters of this alphabet have no other spelling: a part holds 67." in words
    assert "Spelt so" not in ran.stdout


def test_preview_shows_a_message_where_its_playbook_sends_it_and_anywhere_on_demand(
    crisis: Crisis,
) -> None:
    own = data(crisis, "preview", "outage/internal-brief", "-l", "en")["texts"]
    other = data(crisis, "preview", "outage/internal-brief", "-l", "en", "-c", "vk")["texts"]

    assert [text["channel"] for text in own] == ["internal", "email"]
    assert [text["channel"] for text in other] == ["vk"]


def test_preview_needs_no_journal_and_makes_none(crisis: Crisis, folder: Path) -> None:
    crisis("preview", "outage/update", "-l", "en")

    assert not (folder / "home").exists()


def test_preview_says_what_is_set(crisis: Crisis) -> None:
    at = ("outage/holding", "-c", "x", "-l", "en", "--set")

    [text] = preview(crisis, *at, "started_at=2026-03-01T09:30+01:00").values()

    assert "1 Mar, 09:30 (UTC+1)" in text


def test_preview_never_says_what_is_only_suspected(crisis: Crisis) -> None:
    sure = data(crisis, "preview", "outage/update", "-l", "en", "--set", "eta=+3h")
    guess = data(crisis, "preview", "outage/update", "-l", "en", "--set", "eta?=+3h")

    assert "eta" in sure["uses"]
    assert "eta" not in guess["uses"]
    assert {t["text"] for t in sure["texts"]} != {t["text"] for t in guess["texts"]}


def test_preview_with_answers_knows_only_those(crisis: Crisis, folder: Path) -> None:
    small(folder)
    facts = "facts: {shop: Falcon, since: '2026-03-01T09:30+01:00'}\n"
    write(folder / "a.yaml", facts)

    [text] = preview(crisis, "small/hello", "-c", "x", "-l", "en", "--answers", "a.yaml").values()

    assert text == "Falcon: we are sorry, since 1 Mar, 09:30 (UTC+1)."


def test_preview_of_a_message_that_lacks_a_fact_names_it(crisis: Crisis, folder: Path) -> None:
    small(folder)
    write(folder / "a.yaml", "facts: {shop: Falcon}\n")

    ran = crisis("preview", "small/hello", "-l", "en", "--answers", "a.yaml")

    assert (ran.exit, ran.stdout) == (2, "")
    assert 'needs the fact "since"' in ran.stderr


def test_preview_takes_a_value_as_plain_words(crisis: Crisis, folder: Path) -> None:
    small(folder)

    texts = preview(crisis, "small/hello", "-l", "en", "-c", "x", "--set", "shop={{ 7*7 }}{% x %}")

    assert texts["x", "en"].startswith("{{ 7*7 }}{% x %}: we are sorry")


# doctor


def test_doctor_is_content_without_a_workspace_but_says_so(crisis: Crisis, folder: Path) -> None:
    ran = crisis("doctor")

    assert (ran.exit, ran.stderr) == (0, "")
    assert "warning  workspace: no crisisctl.yaml here or above" in ran.stdout
    assert "ok  playbook outage: " in ran.stdout
    assert "ok  operator: ana" in ran.stdout
    assert "ok  journal: nothing recorded yet" in ran.stdout
    assert not (folder / "home").exists()


def test_doctor_names_what_a_workspace_leaves_open(crisis: Crisis, folder: Path) -> None:
    write(folder / "crisisctl.yaml", "brand: {name: Falcon}\n")

    found = {f["what"]: f for f in data(crisis, "doctor")["findings"]}

    assert found["workspace"]["state"] == "warning"
    assert "brand.support_email and locales missing" in found["workspace"]["text"]
    write(folder / "crisisctl.yaml", SETTINGS)
    found = {f["what"]: f for f in data(crisis, "doctor")["findings"]}
    assert (found["workspace"]["state"], found["time zone"]["text"]) == ("ok", "America/New_York")


def test_doctor_counts_incidents_and_drills(crisis: Crisis, declared: str) -> None:
    crisis("start", "outage", "--drill", "--no-input")

    found = {f["what"]: f["text"] for f in data(crisis, "doctor")["findings"]}

    assert found["journal"] == found["drills"] == "1 incidents, every event is intact"


def test_doctor_finds_a_message_that_is_written_in_no_language(
    crisis: Crisis, folder: Path
) -> None:
    small(folder)
    for file in (folder / "templates" / "small").glob("update.*"):
        file.unlink()

    ran = crisis("doctor")

    assert ran.exit == 1
    words = " ".join(ran.stdout.split())
    assert 'error playbook small: the message "update" is written in no language' in words


def test_doctor_finds_a_template_that_cannot_be_read(crisis: Crisis, folder: Path) -> None:
    small(folder)
    write(folder / "templates" / "small" / "hello.en.j2", "{% block short %}{{ oops }")

    ran = crisis("doctor")

    assert ran.exit == 1
    assert "hello.en.j2:1" in ran.stdout


# A team's own folder


def test_the_workspace_answers_who_we_are_and_who_does_what(crisis: Crisis, folder: Path) -> None:
    write(folder / "crisisctl.yaml", SETTINGS)

    crisis("start", "outage", "--no-input")

    found = data(crisis, "status")
    known = {name: row["value"] for name, row in found["facts"].items()}
    assert known == {
        "shop_name": "Falcon",
        "support_email": "hello@falcon.example",
        "support_phone": "+49 30 1234567",
        "status_url": "https://status.falcon.example",
        "locales": ["en", "tr"],
    }
    assert {row["source"] for row in found["facts"].values()} == {"crisisctl.yaml"}
    assert found["roles"]["commander"] == "zoe"
    assert found["roles"]["communications"] == "li"
    assert found["declared_at"].endswith(("-05:00", "-04:00"))


def test_what_is_typed_wins_over_the_workspace(crisis: Crisis, folder: Path) -> None:
    write(folder / "crisisctl.yaml", SETTINGS)

    crisis("start", "outage", "--set", "shop_name=Falcon Books", "-l", "es", "--no-input")

    known = data(crisis, "status")["facts"]
    assert known["shop_name"]["value"] == "Falcon Books"
    assert known["locales"]["value"] == ["es"]


def test_the_nearest_workspace_above_is_the_one(crisis: Crisis, folder: Path) -> None:
    write(folder / "crisisctl.yaml", "brand: {name: Far}\n")
    write(folder / "team" / "crisisctl.yaml", "brand: {name: Near}\n")
    (folder / "team" / "a" / "b").mkdir(parents=True)
    os.chdir(folder / "team" / "a" / "b")

    crisis("start", "outage", "--no-input")

    assert data(crisis, "status")["facts"]["shop_name"]["value"] == "Near"


def test_messages_are_written_in_the_languages_of_the_workspace(
    crisis: Crisis, folder: Path
) -> None:
    small(folder, settings="locales: [fr]")
    crisis("start", "small", "--set", "shop=Falcon", "--set", "since=-5m", "--no-input")

    shown = data(crisis, "message", "show", "hello")["texts"]

    assert {text["locale"] for text in shown} == {"fr"}


def test_an_own_playbook_stands_beside_the_shipped_ones(crisis: Crisis, folder: Path) -> None:
    small(folder)

    rows = data(crisis, "playbooks")["playbooks"]

    assert [row["playbook"] for row in rows] == ["breach", "outage", "review-wave", "small"]


def test_an_own_playbook_shadows_the_shipped_one_of_its_name(crisis: Crisis, folder: Path) -> None:
    write(folder / "crisisctl.yaml", "brand: {name: Falcon}\n")
    text = PLAYBOOK.replace("DEADLINES", "{}").replace("playbook: small", "playbook: outage")
    write(folder / "playbooks" / "outage.yaml", text)

    assert data(crisis, "show", "outage")["title"] == "Small crisis"
    (folder / "playbooks" / "outage.yaml").unlink()
    assert data(crisis, "show", "outage")["title"] == "Site outage"


def test_templates_are_shadowed_file_by_file(crisis: Crisis, folder: Path) -> None:
    write(folder / "crisisctl.yaml", "brand: {name: Falcon}\n")
    shipped = preview(crisis, "outage/holding", "-c", "x")
    own = "{% block headline %}OURS{% endblock %}{% block short %}OURS{% endblock %}"
    write(
        folder / "templates" / "outage" / "holding.en.j2",
        f"{own}{{% block body %}}OURS{{% endblock %}}",
    )

    texts = preview(crisis, "outage/holding", "-c", "x")

    assert texts["x", "en"] == "OURS"
    others = {key: text for key, text in shipped.items() if key != ("x", "en")}
    assert {key: text for key, text in texts.items() if key != ("x", "en")} == others
    assert len(others) == 4


def test_a_decision_too_can_be_set_for_a_preview(crisis: Crisis) -> None:
    words = ("preview", "review-wave/remedy", "--locale", "en", "--channel", "email")

    assert "8.00" not in crisis(*words).stdout
    assert "8.00" in crisis(*words, "--set", "remedy=credit").stdout
