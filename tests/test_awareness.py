"""The moments that start the regulators' clocks: what is typed wrong is refused or pointed at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis, Ran
from regulated import a_breach
from small import write


def told(ran: Ran) -> str:
    return " ".join(ran.stderr.split())


def known(crisis: Crisis, fact: str) -> Any:
    found = json.loads(crisis("fact", fact, "--json").stdout)["fact"]
    return found and found["value"]


@pytest.fixture
def breach(crisis: Crisis, folder: Path) -> str:
    """A breach in France: exposed 90 hours ago, first sign 50, aware 40."""
    return a_breach(crisis, folder, exposed_at="-90h", first_sign_at="-50h", aware_at="-40h")


@pytest.mark.parametrize("fact", ["aware_at", "suspected_cards_at", "material_at", "exposed_at"])
def test_a_moment_that_starts_a_clock_cannot_be_still_to_come(
    crisis: Crisis, breach: str, fact: str
) -> None:
    before = known(crisis, fact)

    ran = crisis("fact", fact, "+3h")

    assert ran.exit == 2
    assert "that moment is still to come: give the time when it happened" in told(ran)
    assert known(crisis, fact) == before


@pytest.mark.parametrize(
    ("fact", "value", "warning"),
    [
        ("aware_at", "-100h", "aware_at is before exposed_at"),
        ("aware_at", "-60h", "aware_at is before first_sign_at"),
        ("first_sign_at", "-30h", "aware_at is before first_sign_at"),
        ("exposed_at", "-45h", "detected is before started"),
        ("suspected_cards_at", "-91h", "suspected_cards_at is before exposed_at"),
    ],
)
def test_moments_in_an_order_that_cannot_be_are_recorded_and_pointed_at(
    crisis: Crisis, breach: str, fact: str, value: str, warning: str
) -> None:
    ran = crisis("fact", fact, value)

    assert ran.exit == 0
    assert f"Look again: {warning}: correct one of them." in told(ran)


def test_moments_in_order_are_not_remarked_on(crisis: Crisis, breach: str) -> None:
    assert "Look again" not in crisis("fact", "aware_at", "-49h").stderr


def test_the_same_two_moments_are_pointed_at_once(crisis: Crisis, breach: str) -> None:
    ran = crisis("fact", "exposed_at", "-45h")

    assert ran.stderr.count("Look again") == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-03-29T02:30", "does not exist on 2026-03-29, clocks go forward then"),
        ("2025-10-26T02:30", "happens twice, clocks go back then"),
        ("yesterday", "is not a time"),
        ("20266-11-27T10:00", "is not a time"),
    ],
)
def test_a_moment_that_can_be_read_two_ways_or_none_is_refused(
    crisis: Crisis, breach: str, typed: str, said: str
) -> None:
    before = known(crisis, "aware_at")

    ran = crisis("fact", "aware_at", typed)

    assert ran.exit == 2
    assert said in told(ran)
    assert known(crisis, "aware_at") == before


def test_a_country_that_the_playbook_does_not_know_is_refused(crisis: Crisis, breach: str) -> None:
    ran = crisis("fact", "countries", "FR,XX")

    assert ran.exit == 2
    assert '"XX" is not a choice: write FR, ES' in told(ran)
    assert known(crisis, "countries") == ["FR"]


@pytest.mark.parametrize(("typed", "kept"), [("0", 0), ("500000000", 500_000_000)])
def test_any_number_of_people_can_be_concerned(
    crisis: Crisis, breach: str, typed: str, kept: int
) -> None:
    crisis("fact", "people_affected", typed)

    assert known(crisis, "people_affected") == kept


@pytest.mark.parametrize("typed", ["-5", "-0.5"])
def test_a_number_below_what_can_be_is_refused_however_it_is_given(
    crisis: Crisis, folder: Path, breach: str, typed: str
) -> None:
    file = write(folder / "a.yaml", f"facts: {{people_affected: {typed}}}\n")

    for words in (
        ("fact", "people_affected", "--", typed),
        ("resume", "--set", f"people_affected={typed}", "--no-input"),
        ("resume", "--answers", str(file)),
    ):
        ran = crisis(*words)
        assert ran.exit == 2, words
        assert f"{typed} cannot be: write 0 or more" in told(ran), words
    assert known(crisis, "people_affected") is None
