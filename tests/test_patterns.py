"""Patterns that are compiled when they are first used."""

from __future__ import annotations

import re

import pytest

from crisisctl.patterns import later


def test_a_later_pattern_finds_what_a_compiled_one_finds() -> None:
    """Every method is the pattern's own, flags included."""
    pattern = later(r"(\w+)@", re.IGNORECASE)
    assert pattern.findall("Jo@x, AL@y") == ["Jo", "AL"]
    assert pattern.sub("-", "Jo@x") == "-x"
    assert pattern.flags & re.IGNORECASE


def test_nothing_is_compiled_before_it_is_used() -> None:
    """A pattern that nobody asks costs nothing, even where it could not be compiled."""
    wrong = later("(")
    with pytest.raises(re.error):
        wrong.search("")
