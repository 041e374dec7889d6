"""What the guide for playbooks teaches of compensation policies holds: each snippet, each key."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import fields

from crisisctl.lint import choose, gather, run
from crisisctl.lint.rule import RULES
from crisisctl.playbook.load import loads
from crisisctl.playbook.offering import GIFTS
from crisisctl.playbook.policy import Policy, Tier
from crisisctl.workspace import shipped

GUIDE = (shipped("playbooks") / "README.md").read_text(encoding="utf-8")
SECTION = GUIDE.partition("## How a compensation policy is written\n")[2].partition("\n## ")[0]
POLICY, STAGES = re.findall(r"^```yaml\n(.*?)^```$", SECTION, re.DOTALL | re.MULTILINE)
HEAD = """\
playbook: shop
title: Site outage
roles: {commander: Decides, finance: Pays}
facts:
  started_at: {type: time, ask: Since when?, example: "2026-11-27T20:04+01:00"}
  resolved_at: {type: time, ask: Until when?, example: "2026-11-27T21:00+01:00"}
"""
HOLD = """\
  communicate:
    - {id: hold, title: Tell customers, send: {message: holding, channels: [email]}}
"""
WALK = STAGES.replace("  compensate:\n", f"{HOLD}  compensate:\n")
"""With a first word to everybody, as every playbook has it."""
OURS = {rule.id for rule in RULES.values() if rule.family == "compensation"}


def remarks(text: str, place: Path) -> list[str]:
    """What the rules that the loader applies, those for policies and the prover find."""
    file = place / "shop.yaml"
    file.write_text(text, encoding="utf-8")
    choice = run.Choice(choose.chosen(["compensation,references,paths"], []), date(2026, 11, 27))
    found = run.lint(gather.gathered([file], place)[0], choice).findings
    unwritten = {"message-unwritten", "missing-locale"}  # the texts are another matter
    reached = "unreached-milestone"
    return [str((f.line, f.rule, f.text)) for f in found if f.rule not in {*unwritten, reached}]


def test_the_snippets_together_are_a_playbook_without_a_finding(tmp_path: Path) -> None:
    assert loads(HEAD + POLICY + WALK)[1] == ()
    assert remarks(HEAD + POLICY + WALK, tmp_path) == []


@pytest.mark.parametrize("key", [field.encode_name for field in fields(Policy)])
def test_every_key_of_a_policy_is_told_of(key: str) -> None:
    assert f"`{key}`" in SECTION


@pytest.mark.parametrize("key", [field.encode_name for field in fields(Tier)])
def test_every_key_of_a_tier_is_told_of(key: str) -> None:
    assert f"`{key}`" in SECTION


@pytest.mark.parametrize("gift", GIFTS)
def test_every_offer_that_is_shown_can_be_made(gift: str) -> None:
    (shown,) = re.findall(rf"^\| `({gift}: [^`]+)` \|", SECTION, re.MULTILINE)
    beside = ", up_to: 9 EUR" if gift == "percent" else ""
    shown = shown.replace("shipping", "charged_twice")
    lone = re.sub(r"offer: \{apology: true\}", f"offer: {{{shown}{beside}}}", POLICY)

    plan, problems = loads(HEAD + lone + WALK)

    assert problems == ()
    assert plan is not None


def test_what_the_guide_says_is_refused_is_refused(tmp_path: Path) -> None:
    loud = POLICY.replace("when: staff,", "when: complained,")
    loud = loud.replace("    staff: {type: flag}", "    complained: {type: flag}")

    assert any("exclusion-by-voice" in remark for remark in remarks(HEAD + loud + WALK, tmp_path))


def test_the_rule_that_the_guide_names_is_one() -> None:
    (named,) = re.findall(r"--explain ([a-z-]+)", SECTION)

    assert named in OURS
