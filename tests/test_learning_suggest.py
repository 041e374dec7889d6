"""What the record suggests about a playbook, and the diff: it applies, and the result lints."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from hostile import TYPEABLE, calm
from makers import a_plan, a_playbook, a_step, the_entries
from pasts import past_entries, written

from crisisctl.incident import events as ev
from crisisctl.incident.fold import fold
from crisisctl.learning.edits import DropOption, DropStep, Edit, Tick, Timebox, When, diff, edited
from crisisctl.learning.habits import Walk, walk
from crisisctl.learning.suggest import Suggestion, suggestions
from crisisctl.playbook.load import load, loads
from crisisctl.playbook.model import Decide, Fact, Option, Playbook
from crisisctl.text import safe

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2027, 6, 1, tzinfo=UTC)

TEXT = """\
# Kept by the night shift.
playbook: lamp   # not the outage
title: The lamp is out
owner: ops
facts:
  colour: {type: choice, ask: Which colour?, choices: {red: Red, blue: Blue}, example: red}
stages:
  assess:
    - id: look
      title: Look at it   # from outside
      timebox: 5m   # generous
      ask: [colour]
      checklist:
        - Seen from the door
        - Seen from the street   # both sides

    - {id: ring, title: Ring the bell, timebox: 3m, checklist: [Rung twice]}
    # the next one is new
    - id: choose
      title: Choose a bulb
      decide:
        fact: bulb
        options:
          warm: {title: Warm light, for: Cosy, against: Dim}
          cold: {title: Cold light, for: Bright, against: Harsh}
          none:
            title: No bulb at all
            for: Cheap
            against: Dark
  resolve:
    - id: sweep
      title: Sweep the floor
      guide: |
        Under the lamp, too.

    - id: screw
      title: "Screw it in"
"""


def walks(plan: Playbook, *happened: list[Any]) -> list[Walk]:
    found = []
    for number, events in enumerate(happened, 1):
        entries = the_entries(*events, plan=plan)
        incident = fold(f"outage-{number}", entries)
        found.append(walk(incident, entries, plan.playbook, now=NOW))
    return found


def suggested(plan: Playbook, *happened: list[Any], least: int = 3) -> list[Suggestion]:
    return suggestions(plan, walks(plan, *happened), least=least, mentioned=lambda _: False)


def started(step: str, at: float = 0) -> tuple[float, ev.Event]:
    return (at, ev.StepStarted("outage", step, "assess", 1, 2))


def done(step: str, at: float = 1) -> tuple[float, ev.Event]:
    return (at, ev.StepCompleted("outage", step))


def skipped(step: str, because: str = "Nobody needs it") -> ev.Event:
    return ev.StepSkipped("outage", step, because)


SWEEP = a_plan(a_step(id="look"), a_step(id="sweep", title="Sweep", timebox="5m"))


# What is seen


def test_a_step_that_is_always_skipped_is_told_with_its_reasons_and_left_out() -> None:
    [found] = suggested(SWEEP, *[[skipped("sweep")]] * 3)

    assert (found.kind, found.seen, found.of) == ("always-skipped", 3, 3)
    assert '"Nobody needs it"' in found.words
    assert found.incidents == ("outage-1", "outage-2", "outage-3")
    assert found.edit == DropStep("sweep")


def test_two_incidents_suggest_nothing_and_one_walk_of_four_neither() -> None:
    assert suggested(SWEEP, *[[skipped("sweep")]] * 2) == []
    assert suggested(SWEEP, *[[skipped("sweep")]] * 2, least=2) != []
    assert suggested(SWEEP, *[[skipped("sweep")]] * 3, [started("sweep"), done("sweep")]) == []


@pytest.mark.parametrize(
    "use", [{"ask": ("started_at",)}, {"milestone": "mitigated"}, {"assign": ("scribe",)}], ids=str
)
def test_a_step_that_others_lean_on_is_never_taken_away(use: dict[str, Any]) -> None:
    plan = a_plan(a_step(id="look"), a_step(id="sweep", **use))

    [found] = suggested(plan, *[[skipped("sweep")]] * 3)

    assert found.edit is None
    assert "leave it out" in found.advice


def test_a_step_that_is_skipped_under_one_answer_gets_a_condition() -> None:
    colour = Fact(type="choice", ask="?", choices={"red": "Red", "blue": "Blue"})
    plan = a_plan(a_step(id="look", ask=("colour",)), a_step(id="sweep"), facts={"colour": colour})
    red = [ev.FactRecorded("colour", "red"), skipped("sweep")]
    blue = [ev.FactRecorded("colour", "blue"), started("sweep"), done("sweep")]

    [found] = suggested(plan, red, red, red, blue)

    assert found.edit == When("sweep", "colour != 'red'")
    assert (found.seen, found.of) == (3, 4)


def test_a_step_that_is_always_late_gets_the_time_that_three_of_four_needed() -> None:
    runs = [[started("sweep"), done("sweep", at)] for at in (7, 8, 12, 40)]

    [found] = suggested(SWEEP, *runs)

    assert (found.kind, found.seen, found.of) == ("always-late", 4, 4)
    assert found.edit == Timebox("sweep", "15m")


def test_a_clock_that_jumped_back_is_no_time_at_all() -> None:
    assert suggested(SWEEP, *[[started("sweep", 9), done("sweep", 2)]] * 3) == []


def noted(text: str) -> list[Any]:
    return [started("sweep"), ev.NoteAdded(text), done("sweep")]


def test_like_notes_during_one_step_become_a_line_to_tick_off() -> None:
    [found] = suggested(
        SWEEP,
        noted("Called the payment provider about refunds"),
        noted("Called payment provider"),
        noted("The payment provider was called, they knew"),
        noted("It rains"),
    )

    assert (found.kind, found.seen, found.of) == ("added-by-hand", 3, 4)
    assert found.edit == Tick("sweep", "Called payment provider")


def test_a_note_that_was_taken_back_or_stands_on_the_checklist_suggests_nothing() -> None:
    text = "Called payment provider"
    listed = a_plan(a_step(id="look"), a_step(id="sweep", checklist=("Payment provider called",)))
    back = [*noted(text), ev.EventCorrected(4, "It was not so", withdrawn=True)]

    assert suggested(listed, *[noted(text)] * 3) == []
    assert suggested(SWEEP, *[back] * 3) == []


def test_restricted_incidents_lend_their_times_and_never_their_words() -> None:
    secret = ev.AccessRestricted(("ana",), "secret")
    quiet = [
        [*noted("Called payment provider"), skipped("look", "The bucket was open"), secret]
    ] * 3

    [found] = suggested(SWEEP, *quiet)

    assert found.kind == "always-skipped"
    assert "bucket" not in found.words


def a_choice(**changes: Any) -> Playbook:
    options = {name: Option(title=name.title()) for name in ("phone", "light", "none")}
    return a_plan(a_step(id="way", decide=Decide(fact="workaround", options=options), **changes))


def chosen(option: str, because: str = "It is quick") -> list[Any]:
    return [ev.DecisionTaken("outage", "way", "workaround", option, because)]


def test_an_option_that_nobody_takes_may_go_and_a_choice_that_is_always_the_same_is_told() -> None:
    plan = a_choice()

    some = suggested(plan, chosen("phone"), chosen("none"), chosen("phone"))
    same = suggested(plan, *[chosen("phone")] * 3)

    assert [each.edit for each in some] == [DropOption("way", "light")]
    assert [each.kind for each in same] == ["never-chosen", "never-chosen", "same-reason"]
    assert {each.edit for each in same} == {None}  # a decision keeps two options


def test_an_option_that_a_text_speaks_of_stays() -> None:
    plan = a_choice()
    found = walks(plan, chosen("phone"), chosen("none"), chosen("phone"))

    [only] = suggestions(plan, found, least=3, mentioned=lambda option: option == "light")

    assert only.edit is None


def test_an_optional_question_that_nobody_answers_is_told_unless_a_note_answers_it() -> None:
    facts = {name: Fact(ask=f"{name}?", optional=True) for name in ("needs", "went_well")}
    plan = a_plan(a_step(id="look", ask=("needs", "went_well")), facts=facts)
    run = [started("look"), done("look"), ev.NoteAdded("Quick", "went-well")]

    [found] = suggested(plan, *[run] * 3)

    assert (found.kind, found.about) == ("never-answered", "needs")


def test_a_deadline_that_is_nearly_always_missed_is_told_and_never_moved() -> None:
    run = [ev.SeverityChanged("sev1", "x")]

    found = suggested(a_playbook(), *[run] * 3)

    [late] = [each for each in found if each.kind == "deadline-missed"]
    assert (late.about, late.seen, late.of, late.edit) == ("first-word", 3, 3, None)


# The text


EDITS = {
    "timebox": (Timebox("look", "10m"), "      timebox: 10m   # generous\n"),
    "timebox on one line": (Timebox("ring", "10m"), "timebox: 10m, checklist"),
    "tick": (Tick("look", "Seen at night"), "both sides\n        - Seen at night\n"),
    "tick on one line": (Tick("ring", "Rung: thrice"), '[Rung twice, "Rung: thrice"]'),
    "tick without a list": (Tick("screw", "Tight"), '"Screw it in"\n      checklist: [Tight]\n'),
    "when": (When("sweep", "colour != 'red'"), "floor\n      when: \"colour != 'red'\"\n"),
    "option": (DropOption("choose", "cold"), "against: Dim}\n          none:\n"),
    "last option": (DropOption("choose", "none"), "against: Harsh}\n  resolve:\n"),
    "step": (DropStep("sweep"), "  resolve:\n    - id: screw\n"),
}


@pytest.mark.parametrize(("edit", "piece"), EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("form", ["as it is", "CRLF", "no last break", "BOM"])
def test_a_change_touches_its_own_lines_only(edit: Edit, piece: str, form: str) -> None:
    text = {
        "as it is": TEXT,
        "CRLF": TEXT.replace("\n", "\r\n"),
        "no last break": TEXT.removesuffix("\n"),
        "BOM": f"\ufeff{TEXT}",
    }[form]

    after = edited(text, edit)

    assert after is not None
    assert piece.rstrip("\n") in after.replace("\r\n", "\n")
    assert after.count("#") == TEXT.count("#")
    assert after.count("\r") in (0, after.count("\n"))
    assert after.startswith("\ufeff") == (form == "BOM")
    lines = [row for row in diff(text, after, "x").splitlines() if row[:1] in "+-"]
    assert len(lines) <= 2 + 6


def test_a_change_that_would_break_the_plan_is_not_made() -> None:
    assert edited(TEXT, DropStep("nope")) is None
    assert edited(TEXT, Timebox("sweep", "5m")) is None
    assert edited("playbook: [", DropStep("look")) is None


@pytest.mark.parametrize("words", TYPEABLE.values(), ids=TYPEABLE)
def test_hostile_words_become_one_harmless_line(words: str) -> None:
    line = safe(" ".join(words.split()))
    after = edited(TEXT, Tick("look", line))

    assert after is not None
    assert calm(after)
    plan, _ = loads(after)
    assert plan is not None
    step = plan.step("look")
    assert step is not None
    assert step.checklist[-1] == line


# The diff


@pytest.fixture
def shop(folder: Path) -> Path:
    """A workspace with the shipped outage playbook as its own, and three incidents behind it."""
    (folder / "crisisctl.yaml").write_text("brand: {name: Kestrel}\n")
    (folder / "playbooks").mkdir()
    shutil.copy(ROOT / "playbooks" / "outage.yaml", folder / "playbooks")
    plan = load(folder / "playbooks" / "outage.yaml").plan
    for number in range(3):
        happened: list[Any] = [
            ev.FactRecorded("detected_by", "customers" if number else "monitor"),
            started("confirm", 0),
            (1, ev.NoteAdded("Asked the payment provider, it was no fault of theirs")),
            done("confirm", 9),
            started("backlog", 20),
            skipped("backlog", "There was none"),
        ]
        written(folder / "home", f"outage-{number}", past_entries(*happened, plan=plan))
    return folder


def applied(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return (folder / "playbooks" / "outage.yaml").read_text()


@pytest.mark.parametrize("command", [("git", "apply"), ("patch", "-p1", "-i")], ids=" ".join)
def test_the_diff_applies_and_its_result_lints(
    crisis: Crisis, shop: Path, command: tuple[str, ...]
) -> None:
    before = (shop / "playbooks" / "outage.yaml").read_text()

    ran = crisis("suggest", "outage", "-o", "change.diff")

    assert ran.exit == 0
    assert (shop / "playbooks" / "outage.yaml").read_text() == before  # nothing changed by itself
    after = applied(shop, *command, "change.diff")
    assert "timebox: 10m" in after
    assert '- "Asked the payment provider, it' in after
    assert "id: backlog" not in after
    assert crisis("lint", "playbooks/outage.yaml").exit == 0


def test_the_diff_on_stdout_applies_with_the_words_around_it(crisis: Crisis, shop: Path) -> None:
    (shop / "all.txt").write_text(crisis("suggest", "outage").stdout)

    assert "id: backlog" not in applied(shop, "git", "apply", "all.txt")


def test_suggestions_as_json_carry_their_evidence_and_the_diff(crisis: Crisis, shop: Path) -> None:
    [found] = json.loads(crisis("suggest", "outage", "--json").stdout)["playbooks"]

    [late] = [row for row in found["suggestions"] if row["kind"] == "always-late"]
    assert (late["seen"], late["of"], late["in_diff"]) == (3, 3, True)
    assert late["incidents"] == ["outage-2", "outage-1", "outage-0"]  # the newest first
    assert found["diff"].startswith("--- a/playbooks/outage.yaml\n+++ b/playbooks/outage.yaml\n")


def test_too_few_incidents_say_so(crisis: Crisis, shop: Path) -> None:
    ran = crisis("suggest", "outage", "--least", "4", "-o", "change.diff")

    assert ran.exit == 0
    assert "Too few" in ran.stdout
    assert not (shop / "change.diff").exists()


def test_without_a_record_there_is_nothing_to_suggest(crisis: Crisis) -> None:
    assert crisis("suggest") == (0, "Nothing to suggest.\n", "")


def test_an_unknown_playbook_is_one_clear_line(crisis: Crisis) -> None:
    ran = crisis("suggest", "outrage")

    assert (ran.exit, ran.stdout) == (2, "")
    assert 'did you mean "outage"' in ran.stderr
