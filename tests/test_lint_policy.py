"""A compensation policy with one mistake: exactly that is told, where it stands."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from test_compensation_guide import HEAD, POLICY, WALK

from crisisctl.lint import choose, gather, run

PLAYBOOK = HEAD + POLICY + WALK
FAMILIES = ["form,references,compensation"]
BESIDE = {"message-unwritten", "unreached-milestone", "no-owner", "no-summary", "missing-stage"}
"""What is told of a playbook without texts, whatever its policy."""
TAG = re.compile("«([a-z-]+)»")

SLIPS = {
    "a misspelt section": ("  harm: ", "  «unknown-key»hram: "),
    "a misspelt key of the policy": ("  budget: 20000 EUR", "  «unknown-key»budgte: 20000 EUR"),
    "a misspelt key of a column": (
        "      count: status == 'failed'",
        "      «unknown-key»cuont: status == 'failed'",
    ),
    "a misspelt type": ("      type: money\n", "      type: «unknown-value»mony\n"),
    "a number where a sum is wanted": ("offer: {amount: 5 EUR}", "offer: {amount: «wrong-type»5}"),
    "a misspelt offer": ("offer: {amount: 5 EUR}", "offer: {«unknown-key»amonut: 5 EUR}"),
    "no condition": (
        "{id: staff, when: staff, because",
        "«missing-key»{id: staff, because",
    ),
    "rows that are no list": (
        "  owed:                           # goes back to everybody it is owed to,"
        " before any offer\n    - {id: double-charge,",
        "  owed:\n    «wrong-type»{id: double-charge,",
    ),
    "no currency": (
        "  currency: EUR                   # of the budget, and of rows that name none\n  budget: ",
        "  «missing-key»budget: ",
    ),
    "a sum without a currency": ("  budget: 20000 EUR", '  budget: «bad-money»"20000"'),
    "two offers": (
        "offer: {amount: 5 EUR}",
        "«bad-offer»offer: {amount: 5 EUR, credit: 5 EUR}",
    ),
    "a column that is not there": (
        "when: minutes_waited >= 60",
        "when: «unknown-column»minutes_wated >= 60",
    ),
    "a tier by country": (
        "when: minutes_waited >= 60",
        "when: «unequal-tier»minutes_waited >= 60 and country == 'fr'",
    ),
    "a window to another fact": ("{from: started_at,", "{from: «unknown-fact»strated_at,"),
    "a message for another tier": ("[lost-order, waited]", "[lost-order, «unknown-tier»wated]"),
}


def marked(text: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The text without its marks, and the rule and place of each."""
    places, rows = [], []
    for number, row in enumerate(text.split("\n"), 1):
        while mark := TAG.search(row):
            places.append((mark[1], number, mark.start() + 1))
            row = row[: mark.start()] + row[mark.end() :]
        rows.append(row)
    return "\n".join(rows), places


def found(place: Path, text: str) -> list[tuple[str, int, int]]:
    file = place / "shop.yaml"
    file.write_text(text, encoding="utf-8")
    choice = run.Choice(choose.chosen(FAMILIES, []), date(2026, 11, 27))
    result = run.lint(gather.gathered([file], place)[0], choice)
    return [(f.rule, f.line, f.column) for f in result.findings if f.rule not in BESIDE]


def test_without_a_mistake_nothing_is_told(tmp_path: Path) -> None:
    assert found(tmp_path, PLAYBOOK) == []


@pytest.mark.parametrize("slip", SLIPS)
def test_one_mistake_is_told_once_and_nothing_that_follows_from_it(
    slip: str, tmp_path: Path
) -> None:
    old, new = SLIPS[slip]
    assert PLAYBOOK.count(old) == 1
    text, places = marked(PLAYBOOK.replace(old, new))

    assert found(tmp_path, text) == places
