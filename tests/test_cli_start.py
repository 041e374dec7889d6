"""`start` and `resume`: what is declared, what is kept, where a walk without a person ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis, Ran
from small import answers, small, write

ID = re.compile(r"outage-\d{4}-\d\d-\d\d\n")


def status(crisis: Crisis, *words: str) -> dict[str, Any]:
    return json.loads(crisis("status", *words, "--json").stdout)


def facts(crisis: Crisis, *words: str) -> dict[str, Any]:
    known = status(crisis, *words)["facts"]
    return {name: (row["value"], row["status"]) for name, row in known.items()}


def test_start_without_input_declares_and_stops_at_the_first_question(crisis: Crisis) -> None:
    ran = crisis("start", "outage", "--no-input")

    assert ran.exit == 2
    assert ID.fullmatch(ran.stdout)
    assert 'error: the fact "site_url" is needed: Which address is failing?' in ran.stderr
    assert "--set site_url=" in ran.stderr
    assert f"crisisctl resume {ran.stdout.strip()}" in ran.stderr
    assert status(crisis)["step"] == "confirm"


def test_start_without_a_terminal_stops_at_the_first_question_too(crisis: Crisis) -> None:
    ran = crisis("start", "outage")

    assert (ran.exit, len(ran.stdout.split())) == (2, 1)
    assert '"site_url"' in ran.stderr


def test_what_is_set_is_recorded_and_not_asked(crisis: Crisis) -> None:
    ran = crisis("start", "outage", "--set", "site_url=https://shop.example", "--no-input")

    assert '"functions_down"' in ran.stderr
    assert facts(crisis) == {"site_url": ("https://shop.example", "confirmed")}


def test_a_fact_set_with_a_question_mark_is_only_suspected(crisis: Crisis) -> None:
    crisis("start", "outage", "--set", "cause?=deployment", "--no-input")

    assert facts(crisis)["cause"] == ("deployment", "suspected")


def test_several_locales_become_one_fact(crisis: Crisis) -> None:
    crisis("start", "outage", "-l", "tr", "--locale", "en", "--no-input")

    assert facts(crisis)["locales"] == (["en", "tr"], "confirmed")


def test_an_incident_declared_for_an_earlier_time_has_that_time_and_day(crisis: Crisis) -> None:
    # 23:30 UTC is the next day already where the team is
    ran = crisis("start", "outage", "--at", "2025-01-30T23:30+00:00", "--no-input")

    assert ran.stdout == "outage-2025-01-31\n"
    assert status(crisis)["declared_at"] == "2025-01-31T00:30:00+01:00"


def test_the_second_incident_of_a_day_gets_a_number(crisis: Crisis) -> None:
    at = ("--at", "2025-01-31T12:00+01:00")

    ids = [crisis("start", "outage", *at, "--no-input").stdout for _ in range(3)]

    assert ids == ["outage-2025-01-31\n", "outage-2025-01-31-2\n", "outage-2025-01-31-3\n"]


def test_the_title_given_is_the_title_kept(crisis: Crisis) -> None:
    crisis("start", "outage", "--title", "Black Friday", "--no-input")

    assert status(crisis)["title"] == "Black Friday"


def test_without_a_title_the_playbooks_stands(crisis: Crisis) -> None:
    crisis("start", "outage", "--no-input")

    assert status(crisis)["title"] == "Site outage"


def test_a_drill_is_kept_apart_from_real_incidents(crisis: Crisis, folder: Path) -> None:
    ran = crisis("start", "outage", "--drill", "--no-input")

    assert ran.stdout.startswith("drill-outage-")
    assert (folder / "home" / "drills" / "journal.db").is_file()
    assert json.loads(crisis("list", "--json").stdout)["incidents"] == []
    drills = json.loads(crisis("list", "--drill", "--json").stdout)["incidents"]
    assert [row["incident"] for row in drills] == [ran.stdout.strip()]
    assert status(crisis, ran.stdout.strip())["drill"] is True


def test_a_real_incident_is_picked_before_a_drill(crisis: Crisis) -> None:
    crisis("start", "outage", "--drill", "--no-input")
    real = crisis("start", "outage", "--no-input").stdout.strip()

    assert status(crisis)["incident"] == real


def test_the_example_is_walked_to_the_end_as_a_drill(crisis: Crisis, folder: Path) -> None:
    ran = crisis("start", "outage", "--example", "-l", "en", "-l", "ru")

    assert ran.exit == 0
    assert ran.stdout == "drill-outage-2026-11-27\n"
    assert "Every step is done or skipped" in ran.stderr
    short = {
        locale: next((folder / "home/drills/outbox").rglob(f"01-holding/x.{locale}.txt"))
        for locale in ("en", "ru")
    }
    assert short["en"].read_text("utf-8").startswith("[DRILL")
    assert short["ru"].read_text("utf-8").startswith("[УЧЕНИЯ")
    assert not (folder / "home" / "journal.db").exists()


def test_the_example_needs_no_workspace_and_ignores_its_brand(crisis: Crisis, folder: Path) -> None:
    write(folder / "crisisctl.yaml", "brand: {name: Real shop}\nlocales: [en]\n")

    crisis("start", "outage", "--example", "-l", "en")

    texts = (folder / "home").rglob("*.txt")
    assert not [text for text in texts if "Real shop" in text.read_text("utf-8")]


def test_answers_walk_the_whole_playbook_without_a_prompt(crisis: Crisis, folder: Path) -> None:
    small(folder)

    ran = crisis("start", "small", "--answers", str(answers(folder)))

    assert ran.exit == 0
    assert "Every step is done or skipped" in ran.stderr
    found = status(crisis)
    assert found["step"] == "learn"
    assert found["step_done"] is True
    assert found["roles"] == {"commander": "ana"}
    assert found["facts"]["cause"]["status"] == "suspected"


def test_set_wins_over_the_answers_file(crisis: Crisis, folder: Path) -> None:
    small(folder)

    crisis("start", "small", "--answers", str(answers(folder)), "--set", "shop=Falcon")

    assert facts(crisis)["shop"] == ("Falcon", "confirmed")


def test_answers_may_be_json(crisis: Crisis, folder: Path) -> None:
    small(folder)
    file = write(folder / "a.json", json.dumps({"facts": {"shop": "Kestrel"}}))

    ran = crisis("start", "small", "--answers", str(file), "--no-input")

    assert '"since" is needed' in ran.stderr
    assert facts(crisis) == {"shop": ("Kestrel", "confirmed")}


def stopped(crisis: Crisis, folder: Path, without: str) -> Ran:
    """A walk with an answers file that lacks the lines with this word, then resumed with it."""
    small(folder)
    whole = answers(folder).read_text("utf-8")
    short = "".join(line for line in whole.splitlines(True) if without not in line)
    assert short != whole
    ran = crisis("start", "small", "--answers", str(write(folder / "short.yaml", short)))
    again = crisis("resume", ran.stdout.strip(), "--answers", "answers.yaml", "--no-input")
    assert (again.exit, again.stdout) == (0, ""), again.stderr
    assert status(crisis)["step"] == "learn"
    return ran


def test_a_fact_missing_in_the_answers_is_named_and_resume_goes_on(
    crisis: Crisis, folder: Path
) -> None:
    ran = stopped(crisis, folder, "pay:")

    assert ran.exit == 2
    assert 'the fact "pay" is needed: Can customers pay?' in ran.stderr
    assert "--set pay=none|all" in ran.stderr


def test_a_decision_missing_in_the_answers_is_named_and_resume_goes_on(
    crisis: Crisis, folder: Path
) -> None:
    ran = stopped(crisis, folder, "decisions:")

    assert ran.exit == 2
    assert 'the decision "way" is needed: Another way to order?' in ran.stderr
    assert "decisions: {way: {choose: phone|none, because: …}}" in ran.stderr


def test_an_approval_missing_in_the_answers_is_named_and_resume_goes_on(
    crisis: Crisis, folder: Path
) -> None:
    ran = stopped(crisis, folder, "approve:")

    assert ran.exit == 2
    assert 'the message "hello" needs an approval' in ran.stderr
    assert "`approve: true`" in ran.stderr


def test_what_was_answered_before_the_gap_is_kept(crisis: Crisis, folder: Path) -> None:
    small(folder)
    write(folder / "some.yaml", "facts: {shop: Kestrel, since: '2025-01-31T20:04+01:00'}\n")

    crisis("start", "small", "--answers", "some.yaml", "--no-input")

    assert set(facts(crisis)) == {"shop", "since"}
    assert status(crisis)["milestones"]["started"] == "2025-01-31T20:04:00+01:00"


def test_a_step_can_be_skipped_with_a_reason_in_the_answers(crisis: Crisis, folder: Path) -> None:
    small(folder)
    text = answers(folder).read_text("utf-8") + "steps: {fix: {skip: It mended itself}}\n"
    write(folder / "answers.yaml", text)

    crisis("start", "small", "--answers", "answers.yaml")

    assert "mitigated" not in status(crisis)["milestones"]
    assert "Skipped: Repair it, because It mended itself" in crisis("timeline").stdout


def test_resume_sets_facts_as_start_does(crisis: Crisis) -> None:
    crisis("start", "outage", "--no-input")

    ran = crisis("resume", "--set", "site_url=https://shop.example", "--no-input")

    assert (ran.exit, ran.stdout) == (2, "")
    assert '"functions_down"' in ran.stderr
    assert facts(crisis) == {"site_url": ("https://shop.example", "confirmed")}


def test_resume_at_the_end_says_that_nothing_is_left(crisis: Crisis, folder: Path) -> None:
    small(folder)
    crisis("start", "small", "--answers", str(answers(folder)))

    ran = crisis("resume", "--no-input")

    assert ran.exit == 0
    assert "Every step is done or skipped" in ran.stderr


def test_resume_of_a_closed_incident_is_refused_and_says_how_to_reopen(
    crisis: Crisis, folder: Path
) -> None:
    small(folder)
    id = crisis("start", "small", "--answers", str(answers(folder))).stdout.strip()
    assert crisis("close").exit == 0

    ran = crisis("resume", id)

    assert ran.exit == 1
    assert f"{id} is closed" in ran.stderr
    assert f"crisisctl reopen {id} --because" in ran.stderr


def test_a_running_incident_keeps_the_playbook_it_was_started_with(
    crisis: Crisis, folder: Path
) -> None:
    small(folder)
    crisis("start", "small", "--set", "shop=Kestrel", "--no-input")

    (folder / "playbooks" / "small.yaml").write_text("playbook: small\ntitle: Gone\n", "utf-8")
    ran = crisis("resume", "--answers", str(answers(folder)))

    assert ran.exit == 0, ran.stderr
    assert status(crisis)["step"] == "learn"


SLEEPER = """
playbook: sleeper
title: Sleeper
facts: {shop: {type: text, ask: Which shop?}}
stages:
  assess:
    - {id: ask, title: Ask, ask: [shop]}
    - {id: nap, title: Nap, run: {command: "echo now > asleep; sleep 50", timeout: 60s}}
"""


def test_an_interrupt_says_what_is_saved_and_leaves_with_130(folder: Path, crisis: Crisis) -> None:
    write(folder / "crisisctl.yaml", "brand: {name: Kestrel}\n")
    write(folder / "playbooks" / "sleeper.yaml", SLEEPER)
    write(folder / "a.yaml", "facts: {shop: Kestrel}\nsteps: {nap: {run: true}}\n")
    script = Path(sys.executable).with_name("crisisctl")
    command = [str(script), "start", "sleeper", "--answers", "a.yaml"]

    os.mkfifo(folder / "asleep")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as walk:
        (folder / "asleep").read_bytes()  # waits until the command has begun
        walk.send_signal(signal.SIGINT)
        said, talk = walk.communicate(timeout=30)

    assert walk.returncode == 130
    id = said.decode().strip()
    assert talk.decode().splitlines()[-1] == f"saved; go on with `crisisctl resume {id}`"
    assert facts(crisis) == {"shop": ("Kestrel", "confirmed")}
    assert status(crisis)["step"] == "nap"


def test_a_mistake_of_ours_is_one_line_and_a_private_file_without_values(
    crisis: Crisis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = "+33 6 12 34 56 78"

    def broken(**_: object) -> None:
        raise RuntimeError(words)

    monkeypatch.setattr("crisisctl.cli.during.overview", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    ran = crisis()

    assert (ran.exit, ran.stdout) == (3, "")
    assert ran.stderr.startswith("error: this is our mistake, not yours (RuntimeError); ")
    assert "Traceback" not in ran.stderr
    crash = next(tmp_path.glob("crisisctl-crash-*.txt"))
    assert crash.stat().st_mode & 0o777 == 0o600
    assert words not in ran.stderr + crash.read_text("utf-8")
    assert "RuntimeError" in crash.read_text("utf-8")


def test_answers_for_an_added_playbook_may_go_on_with_the_first_one(
    crisis: Crisis, folder: Path, declared: str
) -> None:
    """Both playbooks are walked from there, stage by stage, so both ask."""
    ours = write(folder / "both.yaml", "facts: {detected_by: monitor, our_part: ours}\n")
    alone = write(folder / "wrong.yaml", "facts: {nobody_asks: this}\n")
    start = ("start", "breach", "--into", declared, "--because", "data is out", "--no-input")

    wrong = crisis(*start, "--answers", str(alone))
    ran = crisis(*start, "--answers", str(ours))

    assert 'there is no fact "nobody_asks"' in wrong.stderr
    assert ran.stdout == f"{declared}\n"
    assert f"{declared} follows breach too" in ran.stderr
