"""All mistakes of a playbook at once: each at its place, and nothing that only follows from one."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisctl.lint import choose, run
from crisisctl.lint.gather import Job
from crisisctl.lint.rule import RULES
from crisisctl.lint.salvage import salvage
from crisisctl.lint.subject import LOCALES
from crisisctl.messages import formats
from crisisctl.playbook.reader import read_text
from crisisctl.workspace import shipped

TODAY = date(2026, 11, 27)
FAMILIES = ["form", "references"]
PLAYBOOK = """\
playbook: case
title: The shop is down
owner: sre
reviewed: "2026-11-21"
roles:
  commander: Decides
  support: Answers customers
facts:
  shop_name:
    type: text
    ask: What is the shop called?
    workspace: brand.name
    example: Kestrel
  started_at:
    type: time
    ask: When did it start?
    milestone: started
    example: "2026-11-27T20:04+01:00"
  mitigated_at:
    type: time
    ask: Since when can customers order again?
    milestone: mitigated
    example: "2026-11-27T20:58+01:00"
  cause:
    type: choice
    ask: Why?
    choices:
      change: We changed something
      attack: Someone attacked us
    example: change
  report_by:
    type: time
    ask: By when will you publish what happened?
    promise:
      title: Publish the report
      kept_by: report
    example: "2026-12-04T18:00+01:00"
  waiting:
    type: duration
    compute: mitigated_at - started_at
impact:
  checkout:
    ask: Can customers pay?
    example: none
    answers:
      all: {title: All can, severity: sev4}
      none: {title: Nobody can, severity: sev1}
deadlines:
  first-word:
    from: declared
    within: {sev1: 10m, sev2: 30m}
    met_by: holding
  last-word:
    from: mitigated
    within: {sev1: 1h, sev2: 2h}
    met_by: report
close_needs: [started, mitigated]
stages:
  assess:
    - id: look
      title: Look at it
      role: commander
      timebox: 5m
      checklist:
        - Seen from outside
        - Monitoring read
      assign: [support]
      ask: [shop_name, started_at, checkout, cause]
    - id: warn
      title: Warn the lawyers
      when: cause == 'attack'
      guide: Call them.
  communicate:
    - id: tell
      title: Tell customers
      send:
        message: holding
        to: customers
        channels: [email, sms]
    - id: way
      title: Choose another way to order
      decide:
        fact: workaround
        example: phone
        options:
          phone: {title: By phone}
          none: {title: There is none}
    - id: phones
      title: Open the phones
      when: workaround == 'phone'
      guide: Staff them.
  resolve:
    - id: reopen
      title: Reopen
      ask: [mitigated_at, report_by]
    - id: long
      title: Look at what took so long
      when: waiting
      guide: Read the timeline.
    - id: publish
      title: Publish the report
      send:
        message: report
        to: customers
        channels: [email]
"""

SLIPS = [
    # the shape
    ("title: The shop is down", "«unknown-key»titel: The shop is down"),
    ("owner: sre", "owner: «wrong-type»[sre, support]"),
    ("roles:\n", "«unknown-key»rolse:\n"),
    ("  support: Answers customers", "  support: «wrong-type»12"),
    ("facts:\n", "«unknown-key»fatcs:\n"),
    ("  shop_name:\n    type: text", "  shop_name:\n    type: «unknown-value»words"),
    ("    ask: What is the shop called?", "    «unknown-key»aks: What is the shop called?"),
    (
        "    type: time\n    ask: When did it start?",
        "    ask: When did it start?\n    type: «unknown-value»tmie",
    ),
    ("    milestone: started", "    milestone: «unknown-value»begun"),
    ("      attack: Someone attacked us", "      attack: «wrong-type»[Someone, attacked us]"),
    ("    choices:\n", "    «unknown-key»chioces:\n"),
    (
        "  report_by:\n    type: time\n",
        "  report_by:\n    type: time\n    «unknown-key»later: true\n",
    ),
    (
        "      title: Publish the report\n      kept",
        "      «unknown-key»titlle: Publish the report\n      kept",
    ),
    ("      kept_by: report\n", "      kept_by: «wrong-type»12\n"),
    ("    compute: mitigated_at - started_at", "    compute: «wrong-type»[mitigated_at]"),
    ("impact:\n", "«unknown-key»impcat:\n"),
    ("      all: {title: All can, severity: sev4}", "      all: «missing-key»{title: All can}"),
    (
        "      none: {title: Nobody can, severity: sev1}",
        "      none: {title: Nobody can, severity: «unknown-value»sev9}",
    ),
    ("    met_by: holding", "    «unknown-key»metby: holding"),
    ("    from: declared", "    from: «unknown-value»begin"),
    ("    - id: look\n", "    - «unknown-key»di: look\n"),
    ("        - Monitoring read", "        - «wrong-type»Monitoring: read"),
    ("      assign: [support]", "      assign: «wrong-type»support"),
    (
        "ask: [shop_name, started_at, checkout, cause]",
        "ask: [shop_name, started_at, checkout, cause, «wrong-type»12]",
    ),
    ("  communicate:\n", "  «unknown-value»comunicate:\n"),
    ("        message: holding", "        «unknown-key»mesage: holding"),
    (
        "        channels: [email, sms]",
        "        chanels: [email, sms]".replace("chanels", "«unknown-key»chanels"),
    ),
    ("        fact: workaround", "        «unknown-key»fatc: workaround"),
    ("          phone: {title: By phone}", "          phone: «wrong-type»By phone"),
    ("    - id: reopen\n      title: Reopen\n", "    - «missing-key»title: Reopen\n"),
    ("close_needs: [started, mitigated]", "close_needs: [started, «unknown-value»mended]"),
    # single values
    ('reviewed: "2026-11-21"', "reviewed: «bad-date»21.11.2026"),
    ('    example: "2026-11-27T20:58+01:00"', "    example: «bad-example»tomorrow"),
    ("    example: Kestrel", '    example: «bad-example»""'),
    ("    example: change", "    example: «bad-example»chagne"),
    ("    example: none", "    example: «unknown-answer»nobody"),
    ("        example: phone", "        example: «unknown-option»fone"),
    ("within: {sev1: 10m, sev2: 30m}", "within: {sev1: «bad-duration»soon, sev2: 30m}"),
    ("within: {sev1: 1h, sev2: 2h}", "within: {sev1: «zero-duration»0m, sev2: 2h}"),
    ("      timebox: 5m", "      timebox: «bad-duration»1h30"),
    ("    - id: warn", "    - id: «bad-id»Warn Them"),
    ("    - id: phones", "    - id: «duplicate-step»way"),
    ("        - Seen from outside", '        - «empty-text»""'),
    ("      title: Tell customers", "      title: «yaml-hash»Tell #1 customers"),
    ("      title: Open the phones", "      title: «yaml-trap»on"),
    ("      guide: Call them.", "      guide: «empty-text»' '"),
    # what refers to what
    ("    workspace: brand.name", "    workspace: «unknown-setting»brnad.name"),
    ("      role: commander", "      role: «unknown-role»comander"),
    ("      when: cause == 'attack'", "      when: «unknown-fact»casue == 'attack'"),
    ("      when: workaround == 'phone'", "      when: «bad-condition»workaround = 'phone'"),
    ("ask: [mitigated_at, report_by]", "ask: [mitigated_at, report_by, «unknown-fact»reprot]"),
    (
        "    met_by: report",
        "    met_by: «unknown-message»repotr",
    ),
    ("        channels: [email]", "        channels: [email, «unknown-channel»sns]"),
    (
        "        to: customers\n        channels: [email, sms]",
        "        to: «unknown-audience»costumers\n        channels: [email, sms]",
    ),
    # what the reader finds
    (
        "      guide: Staff them.",
        "      guide: Staff them.\n      «yaml-duplicate-key»guide: Staff them well.",
    ),
    ("      guide: Read the timeline.", '      guide: «yaml-control»"Read \\x1b it."'),
]
UNTYPED = {slip for slip in SLIPS if "«unknown-value»words" in slip[1] or "Kestrel" in slip[0]}
"""Where the type of a fact is lost, nobody can say whether its example fits."""
TAG = re.compile("«([a-z-]+)»")
Place = tuple[str, int, int]


def slipped(text: str, *slips: tuple[str, str]) -> str | None:
    """The playbook with these mistakes; None where two of them are at the same place."""
    for old, new in slips:
        if text.count(old) != 1:
            return None
        text = text.replace(old, new)
    return text


def marked(text: str) -> tuple[str, list[Place]]:
    """The text without its marks, and the rule and place of each."""
    places: list[Place] = []
    rows = []
    for number, row in enumerate(text.split("\n"), 1):
        while mark := TAG.search(row):
            places.append((mark[1], number, mark.start() + 1))
            row = row[: mark.start()] + row[mark.end() :]
        rows.append(row)
    return "\n".join(rows), sorted(places)


def found(folder: Path, text: str, *, families: list[str] = FAMILIES) -> list[Place]:
    file = folder / "case.yaml"
    file.write_text(text, encoding="utf-8")
    choice = run.Choice(choose.chosen(families, []), TODAY)
    result = run.lint([Job("playbook", file, None, folder)], choice)
    assert not result.unread
    return sorted((f.rule, f.line, f.column) for f in result.findings)


def test_the_playbook_without_mistakes_is_clean(tmp_path: Path) -> None:
    assert found(tmp_path, PLAYBOOK) == []


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip[1].strip()[:50])
def test_a_mistake_is_told_once_at_its_place(slip: tuple[str, str], tmp_path: Path) -> None:
    broken = slipped(PLAYBOOK, slip)
    assert broken
    text, places = marked(broken)

    assert found(tmp_path, text) == places


def combined(size: int, many: int) -> Iterator[tuple[tuple[str, str], ...]]:
    """So many of the ways to make several mistakes; the same ones each time."""
    chance = random.Random(size)
    for _ in range(many):
        yield tuple(chance.sample(SLIPS, size))


@pytest.mark.parametrize(("size", "many"), [(2, 200), (3, 150), (6, 100)])
def test_mistakes_are_told_together_and_nothing_else(size: int, many: int, tmp_path: Path) -> None:
    tried = 0
    for slips in combined(size, many):
        broken = slipped(PLAYBOOK, *slips)
        if broken is None or set(slips) >= UNTYPED:  # two at one place; or no type to judge by
            continue
        text, places = marked(broken)
        told = found(tmp_path, text)
        tried += 1
        assert told == places, [new.strip() for _, new in slips]
    assert tried > many / 2


# What cannot be judged is not told


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", [("yaml-empty", 1, 1)]),
        ("- a\n- b\n", [("wrong-type", 1, 1)]),
        ("just words\n", [("wrong-type", 1, 1)]),
        ("null\n", [("yaml-empty", 1, 1)]),
        ("stages: 5\n", [("missing-key", 1, 1), ("missing-key", 1, 1), ("wrong-type", 1, 9)]),
        ("playbook: case\n---\ntitle: t\nstages: {}\n", [("yaml-documents", 2, 1)]),
        (
            "a: 1\n" * 3,
            [("missing-key", 1, 1)] * 3
            + [("unknown-key", 1, 1)]
            + [("yaml-duplicate-key", 2, 1), ("yaml-duplicate-key", 3, 1)],
        ),
    ],
)
def test_nothing_is_said_of_what_is_not_there(
    text: str, places: list[Place], tmp_path: Path
) -> None:
    assert found(tmp_path, text) == sorted(places)


def test_what_a_second_key_would_have_defined_is_not_missed(tmp_path: Path) -> None:
    text = PLAYBOOK.replace("impact:\n", "facts:\n  eta: {type: time, ask: When?}\nimpact:\n")
    text = text.replace("ask: [mitigated_at, report_by]", "ask: [mitigated_at, report_by, eta]")
    line = text.split("\n").index("facts:", 10) + 1

    assert found(tmp_path, text) == [("yaml-duplicate-key", line, 1)]


def test_a_key_and_what_stands_below_it_are_both_mended(tmp_path: Path) -> None:
    text, places = marked(
        slipped(
            PLAYBOOK,
            ("stages:\n", "«unknown-key»stagse:\n"),
            ("  communicate:\n", "  «unknown-value»comunicate:\n"),
            ("        message: holding", "        «unknown-key»mesage: holding"),
            ("    - id: phones", "    - id: «bad-id»Phones"),
            ("        channels: [email, sms]", "        channels: [«unknown-channel»emial, sms]"),
        )
        or ""
    )

    assert found(tmp_path, text) == places


def test_a_playbook_in_pieces_keeps_what_is_sound() -> None:
    text = PLAYBOOK.replace("    - id: look\n", "    - Look\n    - id: look\n")
    text = text.replace("      role: commander", "      role: [commander]")
    saved = salvage(read_text(text))

    assert [step.id for step in saved.plan.stages["assess"]][1:] == ["look", "warn"]
    assert saved.plan.stages["assess"][1].role == ""
    assert saved.plan.facts["cause"].choices.keys() == {"change", "attack"}
    assert saved.lost == {("stages", "assess", 0), ("stages", "assess", 1, "role")}
    assert {"Look", "commander"} <= saved.words


# Names, words and places


def test_the_languages_are_those_that_values_can_be_written_in() -> None:
    assert set(LOCALES) == set(formats._HABITS)


def test_every_rule_that_the_reader_or_the_model_finds_has_its_page() -> None:
    package = Path(run.__file__).parents[1]
    sources = [*(package / "playbook").glob("*.py"), *(package / "lint").glob("*.py")]
    told = {
        rule
        for source in sources
        for rule in re.findall(
            r'"((?:yaml|bad|duplicate|no|missing|wrong|two|reserved)-[a-z-]+)"',
            source.read_text(encoding="utf-8"),
        )
    }

    assert {"yaml-size", "wrong-type", "bad-example", "no-choices"} <= told
    assert told <= RULES.keys()


# Whatever is done to a file

SHIPPED = (shipped("playbooks") / "outage.yaml").read_text(encoding="utf-8")
ODD = "\t\x00\u2028\"'{}[]:#&*!|>-%@`\\,~é😀 \n0"


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """The shipped playbook after some slips of the finger, or a cat on the keyboard."""
    rows = SHIPPED.split("\n")
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(rows) - 1))
        row = rows[at]
        spot = draw(st.integers(0, len(row)))
        match draw(
            st.sampled_from(["cut", "twice", "swap", "type", "leave out", "move", "deeper"])
        ):
            case "cut":
                del rows[at : at + draw(st.integers(1, 12))]
                rows = rows or [""]
            case "twice":
                rows.insert(at, row)
            case "swap":
                rows[at] = row[:spot] + row[spot : spot + 2][::-1] + row[spot + 2 :]
            case "type":
                rows[at] = row[:spot] + draw(st.text(ODD, max_size=3)) + row[spot:]
            case "leave out":
                rows[at] = row[:spot] + row[spot + draw(st.integers(1, 4)) :]
            case "move":
                rows.insert(draw(st.integers(0, len(rows) - 1)), rows.pop(at))
            case "deeper":
                rows[at] = row[2:] if row.startswith("  ") and spot % 2 else f"  {row}"
    return "\n".join(rows)


@given(mangled())
@settings(max_examples=60)
def test_no_mangled_playbook_is_too_much(text: str) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "outage.yaml")
        file.write_text(text, encoding="utf-8", errors="surrogateescape", newline="")
        choice = run.Choice(choose.chosen(FAMILIES, []), TODAY)
        lines = text.split("\n")
        for finding in run.lint([Job("playbook", file, None, Path(folder))], choice).findings:
            if finding.file == "outage.yaml":
                assert 1 <= finding.line <= len(lines)
                assert 1 <= finding.column <= len(lines[finding.line - 1]) + 1


@given(mangled())
@settings(max_examples=6)
def test_no_rule_raises_over_a_mangled_playbook(text: str) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder, "outage.yaml")
        file.write_text(text, encoding="utf-8", newline="")
        choice = run.Choice(choose.chosen([], []), TODAY)

        assert not run.lint([Job("playbook", file, None, Path(folder))], choice).unread
