"""The shipped files broken in thousands of small ways: what harms somebody is found.

`python tests/mutants.py all` lints every mutant; here a sample by lot stands for them, with as
many of each family. What survives is written down with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from mutants import Outcome, linted, mutants, outcomes, sample, table
from mutation.files import originals
from mutation.mutant import Mutant
from mutation.world import World

CAUGHT = 0.97
"""The share of harmful mutants of which the linter must tell."""
NEAR = 0.95
"""The share of those whose first finding must stand where the change is, or name it."""
EXPLAINED = {
    r"^\[delete a sentence\]": (
        "translators join two sentences into one: a language that lacks a short sentence, with "
        "nothing in it that a message must say, looks like one that is well translated"
    ),
}
"""Harmful mutants that nobody can tell from the files alone, by a pattern, each with the reason."""


def told(mutant: Mutant) -> str:
    """A mutant in one line."""
    return f"[{mutant.family}] {mutant.what}"


def unexplained(results: Sequence[Outcome]) -> list[str]:
    """The harmful mutants of which nothing was said, and those on which the linter broke down."""
    return [
        f"{told(result.mutant)} {result.crash}"
        for result in results
        if result.crash
        or not (
            result.caught
            or result.mutant.harmless
            or any(re.search(pattern, told(result.mutant)) for pattern in EXPLAINED)
        )
    ]


def test_nothing_is_found_in_the_files_as_they_are(tmp_path: Path) -> None:
    assert World(tmp_path).known() == {}


def test_no_two_mutants_say_the_same_and_each_changes_something() -> None:
    files = originals()

    assert len({mutant.what for mutant in mutants()}) == len(mutants()) > 5000
    for mutant in mutants():
        changed = mutant.changed(files)
        assert changed
        assert all(text != files.get(name) for name, text in changed.items()), mutant.what


def test_one_of_every_family_is_found() -> None:
    few = {mutant.family: mutant for mutant in sample(200) if not mutant.harmless}

    assert few.keys() == {mutant.family for mutant in mutants()}
    assert unexplained(list(outcomes(list(few.values())))) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_what_harms_somebody_is_found_and_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    results = list(linted(sample()))

    with capsys.disabled():
        print(f"\n{table(results)}")  # noqa: T201 - the figures are what this is for
    harmful = [result for result in results if not result.mutant.harmless]
    caught = [result for result in harmful if result.caught]
    assert unexplained(results) == []
    assert len(caught) >= CAUGHT * len(harmful)
    assert sum(result.near for result in caught) >= NEAR * len(caught)


@pytest.mark.parametrize("pattern", EXPLAINED)
def test_every_explanation_is_of_a_mutant_that_there_is(pattern: str) -> None:
    assert any(re.search(pattern, told(mutant)) for mutant in mutants())
