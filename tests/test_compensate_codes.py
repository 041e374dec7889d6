"""Codes: nobody guesses one, everybody can read one out, no mistyped one passes."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from crisisctl.compensation.codes import ALPHABET, Mint, sound, tidy

MINT = Mint(b"k" * 32, "outage-2026-11-27")
CODES = [MINT.code(f"c-{number}")[0] for number in range(60)]


def test_a_code_has_no_letters_that_are_taken_for_each_other() -> None:
    assert not set("01OI") & set("".join(CODES))
    assert len(ALPHABET) == len(set(ALPHABET)) == 32


def test_every_code_is_sound() -> None:
    assert all(map(sound, CODES))


def test_each_wrong_letter_is_noticed() -> None:
    for code in CODES[:8]:
        bare = code.replace("-", "")
        for place, letter in itertools.product(range(15), ALPHABET):
            other = f"{bare[:place]}{letter}{bare[place + 1 :]}"
            assert sound(other) is (other == bare)


def test_any_two_letters_that_changed_places_are_noticed() -> None:
    for code in CODES:
        bare = code.replace("-", "")
        for one, two in itertools.combinations(range(15), 2):
            letters = list(bare)
            letters[one], letters[two] = letters[two], letters[one]
            assert sound("".join(letters)) is (bare[one] == bare[two])


@pytest.mark.parametrize("how", ["{0} {1} {2}", "{0}{1}{2}", " {0}–{1}—{2} ", "{0}.{1}.{2}"])
def test_a_code_is_known_however_it_is_read_out(how: str) -> None:
    said = how.format(*CODES[0].lower().split("-"))

    assert tidy(said) == CODES[0]
    assert sound(said)


@pytest.mark.parametrize("text", ["", "-", "ABC", CODES[0] + "A", "O" * 15, "é" * 15, "0" * 15])
def test_what_is_no_code_is_not_sound(text: str) -> None:
    assert not sound(text)


def test_the_same_customer_comes_to_the_same_code_again() -> None:
    assert Mint(b"k" * 32, "outage-2026-11-27").code("c-1") == MINT.code("c-1")


@pytest.mark.parametrize(
    "mint", [Mint(b"l" * 32, "outage-2026-11-27"), Mint(b"k" * 32, "outage-2026-11-28")]
)
def test_another_secret_or_incident_gives_other_codes(mint: Mint) -> None:
    assert not {mint.code(f"c-{number}")[0] for number in range(60)} & set(CODES)


def test_a_second_attempt_gives_another_code_of_another_holder() -> None:
    assert MINT.code("c-1", 1) != MINT.code("c-1")
    assert sound(MINT.code("c-1", 1)[0])


def test_letters_are_spread_evenly_over_every_place() -> None:
    many = [MINT.code(str(number))[0].replace("-", "") for number in range(6400)]
    for place in range(15):
        counted = Counter(code[place] for code in many)
        assert len(counted) == 32
        assert all(120 < number < 290 for number in counted.values())  # 200, six sigma


def test_a_customer_number_that_is_no_valid_text_has_a_code() -> None:
    assert sound(MINT.code("\ud800")[0])
