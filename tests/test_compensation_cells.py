"""Cells of an export: what they say to the cent, and what is left to a person."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from compensated import export, plan, policy
from hypothesis import given
from hypothesis import strategies as st

from crisisctl.compensation import cells
from crisisctl.compensation.cells import BadCell


def paid(cell: str, currency: str = "EUR", most: int | None = 100_000) -> str:
    return str(cells.money("Sum", most, currency)[cell])


@pytest.mark.parametrize(
    ("cell", "currency", "sum_"),
    [
        ("12", "EUR", "12.00"),
        (" 12.5 ", "EUR", "12.50"),
        ("12,50", "EUR", "12.50"),
        ("1 234,50", "EUR", "1234.50"),
        ("1\u202f234,50", "EUR", "1234.50"),
        ("1.234,50", "EUR", "1234.50"),
        ("1,234.50", "EUR", "1234.50"),
        ("€5", "EUR", "5.00"),
        ("5,90 €", "EUR", "5.90"),
        ("5 eur", "EUR", "5.00"),
        ("200 TL", "TRY", "200.00"),
        ("0.005", "EUR", "0.01"),
        ("0.0049", "EUR", "0.00"),
        ("1234.565", "EUR", "1234.57"),
        ("2.6750", "EUR", "2.68"),
        ("100.5", "JPY", "101"),
        ("100.4", "JPY", "100"),
        ("3.3355", "KWD", "3.336"),
        ("3.335", "KWD", "3.335"),
        ("100000", "EUR", "100000.00"),
    ],
)
def test_a_sum_is_read_as_it_was_meant_and_rounded_half_up(
    cell: str, currency: str, sum_: str
) -> None:
    assert paid(cell, currency) == sum_


@pytest.mark.parametrize("cell", ["", " ", "-", "–", "n/a", "NULL", "None"])
def test_a_cell_that_says_nothing_is_nought(cell: str) -> None:
    assert Decimal(paid(cell)) == 0
    assert cells.numbers("Minutes", None)[cell] == 0
    assert cells.flags("Staff")[cell] is False


REFUSED = [
    ("-5", "is less than nothing"),
    ("−5", "is less than nothing"),
    ("NaN", "is not"),
    ("nan", "is not"),
    ("inf", "is not"),
    ("-Infinity", "is not"),
    ("1e400", "is not"),
    ("1e3", "is not"),
    ("0x10", "is not"),
    ("1_000", "is not a number"),
    ("1,234", "two ways"),
    ("1.234", "two ways"),
    ("12.345", "two ways"),
    ("100000.01", "is more than 100000: a person must look"),
    ("9" * 13, "too large"),
    ("9" * 41, "is not a number"),
    ("٣", "is not a number"),
    ("३.५", "is not a number"),
    ("5 TRY", "is not in EUR, as the row is"),
    ("₺5", "is not in EUR"),
    ("$5", "does not say which"),
    ("5 EUR TRY", "is not a sum"),
    ("=1+1", "is not a number"),
    ("=HYPERLINK(1)", "names two currencies"),
    ("+5+", "is not a number"),
    ("@5", "is not a number"),
    ("five", "is not"),
    ("x" * 131_073, "is not"),
    ("1" * 131_073, "is not a number"),
    ("0." + "0" * 131_071, "is not a number"),
]


@pytest.mark.parametrize(("cell", "why"), REFUSED)
def test_a_doubtful_sum_is_left_to_a_person_in_few_words(cell: str, why: str) -> None:
    with pytest.raises(BadCell, match=why) as refused:
        paid(cell)
    assert refused.value.message.startswith("Sum: ")
    assert len(refused.value.message) < 200


@pytest.mark.parametrize(
    "cell",
    ["-5", "NaN", "inf", "1e400", "1,234", "1.234", "٣", "=1+1", "€5", "5 EUR", "x" * 131_073],
)
def test_a_doubtful_number_is_left_to_a_person(cell: str) -> None:
    with pytest.raises(BadCell, match=r"^Minutes: "):
        cells.numbers("Minutes", None)[cell]


def test_a_number_keeps_its_fraction() -> None:
    assert cells.numbers("Minutes", 10)["0.25"] == Decimal("0.25")


@pytest.mark.parametrize("cell", ["yes", "OUI", " Sí ", "evet", "да", "TRUE", "1", "x"])
def test_yes_in_five_languages(cell: str) -> None:
    assert cells.flags("Staff")[cell] is True


@pytest.mark.parametrize("cell", ["maybe", "2", "10", "=TRUE()", "y" * 131_073])
def test_neither_yes_nor_no_is_left_to_a_person(cell: str) -> None:
    with pytest.raises(BadCell, match="is neither yes nor no"):
        cells.flags("Staff")[cell]


def test_a_word_of_a_hundred_thousand_letters_is_no_word() -> None:
    with pytest.raises(BadCell, match="Status: a word with more than 300 characters"):
        cells.words("Status")["x" * 131_073]


@given(st.decimals(0, 99_999, places=4, allow_nan=False, allow_infinity=False))
def test_four_decimals_round_to_the_nearest_cent_and_a_half_goes_up(sum_: Decimal) -> None:
    found = Decimal(paid(f"{sum_:.4f}"))

    assert found == found.quantize(Decimal("0.01"))
    assert Decimal("-0.005") < sum_ - found < Decimal("0.005") or found - sum_ == Decimal("0.005")


@given(st.text(max_size=30))
def test_any_cell_is_a_sum_that_can_be_paid_or_is_refused(cell: str) -> None:
    try:
        found = Decimal(paid(cell))
    except BadCell:
        return
    assert found.is_finite()
    assert 0 <= found <= 100_000


def test_what_columns_say_is_remembered_only_as_far_as_memory_stays_small() -> None:
    memory = cells.words("Status")
    for number in range(25_000):
        assert memory[f"Word {number}"] == f"word {number}"
    for number in range(10):
        assert memory[f"{number}" + "y" * 200] == f"{number}" + "y" * 200

    assert len(memory) <= 20_000
    assert max(map(len, memory)) < 100


# The same from a file

HEAD = "customer_id,currency,double_charge,late_shipping,minutes,staff\n"


@pytest.mark.parametrize(("cell", "why"), REFUSED)
def test_a_doubtful_cell_takes_its_own_customer_along_and_nobody_else(
    cell: str, why: str, tmp_path: Path
) -> None:
    rows = f'c-1,EUR,5,0,0,\nc-2,EUR,"{cell}",0,0,\nc-3,EUR,0,0,90,\n'
    found = plan(export(tmp_path, HEAD + rows))

    assert [line for line, _ in found.bad] == [3]
    assert why in found.bad[0][1]
    assert found.owed | {"c-2": 0} == {"c-1": Decimal("5.00"), "c-2": 0}
    assert found.gets["c-3"] == ("held-up", Decimal("5.00"))


def test_a_sum_in_another_currency_than_the_row_is_never_converted(tmp_path: Path) -> None:
    rows = "c-1,TRY,5 EUR,0,0,\nc-2,TRY,₺5,0,0,\nc-3,,5 €,0,0,\n"
    found = plan(export(tmp_path, HEAD + rows))

    assert found.sums == {("double", "EUR"): (1, Decimal(5)), ("double", "TRY"): (1, Decimal(5))}
    assert "is not in TRY, as the row is" in found.bad[0][1]


def test_a_currency_nobody_defined_is_a_persons_matter(tmp_path: Path) -> None:
    found = plan(export(tmp_path, HEAD + "c-1,USD,5,0,0,\nc-2,$,5,0,0,\nc-3,=EUR,5,0,0,\n"))

    assert not found.given
    assert found.bad[0] == (2, 'the policy does not know the currency "USD"')
    assert [line for line, _ in found.bad] == [2, 3, 4]


def test_half_a_unit_goes_up_in_each_currency(tmp_path: Path) -> None:
    rows = "c-1,EUR,0.005,0,0,\nc-2,JPY,0.5,0,0,\nc-3,KWD,0.0005,0,0,\nc-4,JPY,0.4,0,0,\n"
    found = plan(export(tmp_path, HEAD + rows), policy())

    assert {name: str(sum_) for name, sum_ in found.owed.items()} == {
        "c-1": "0.01", "c-2": "1", "c-3": "0.001",
    }  # fmt: skip
