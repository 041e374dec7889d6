"""Who gets money back, and what a person does for whom."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hostile import HOSTILE, calm

from crisisctl.compensation import paying, roll
from crisisctl.compensation.roll import Given
from crisisctl.playbook.policy import Column, Offer, Owed, Policy, Tier
from crisisctl.text import zone_of

PARIS = zone_of("Europe/Paris")
POLICY = Policy(
    currency="EUR",
    rates={"JPY": "0.006"},
    harm={"lost": Column(type="money")},
    owed=(
        Owed(id="double-charge", title="Charged twice", when="lost > 0", refund="lost"),
        Owed(id="unsent", when="lost > 0", refund="lost"),
    ),
    tiers=(
        Tier(id="late", title="Late", when="lost > 0", offer=Offer(refund="lost")),
        Tier(id="code", when="lost > 0", offer=Offer(percent=20, order="60 EUR")),
        Tier(id="returns", when="lost > 0", offer=Offer(longer_returns="30d"), valid="60d"),
        Tier(id="card", when="lost > 0", offer=Offer(help="card-replacement", worth="9 EUR")),
        Tier(id="credit", when="lost > 0", offer=Offer(credit="10 EUR")),
        Tier(id="gift", when="lost > 0", offer=Offer(gift="A mug", worth="4 EUR")),
    ),
)
END = datetime(2027, 1, 26, 23, 0, tzinfo=UTC)


def a_given(**changes: Any) -> Given:
    usual = {
        "line": 2, "customer": "C-1", "email": "ana@mail.example", "name": "Ana", "locale": "fr",
        "country": "FR", "segment": "", "currency": "EUR", "tier": "", "value": Decimal(0),
        "excluded": "", "owed": (),
    }  # fmt: skip
    return Given(**{**usual, **changes})


def refunds(*block: Given) -> list[dict[str, str]]:
    found = paying.refunds(POLICY, roll.gathered(block), "outage-2026-11-27")
    made = paying.header() + found
    return list(csv.DictReader(io.StringIO(made.decode(), newline=""), strict=True))


def tasks(*block: Given, **more: Any) -> list[dict[str, str]]:
    found = paying.tasks(POLICY, block, {"returns": END}, **more)
    made = paying.tasks_header() + paying.tasks_rows(found, PARIS)
    return list(csv.DictReader(io.StringIO(made.decode(), newline=""), strict=True))


def test_the_file_of_refunds_is_what_the_payment_team_reads() -> None:
    block = roll.gathered([a_given(owed=(Decimal("49.9"), Decimal(0)))])
    assert (paying.header() + paying.refunds(POLICY, block, "outage-1")).decode() == (
        "reference,customer,email,order,currency,sum,what,why\n"
        "outage-1/double-charge/C-1,C-1,ana@mail.example,,EUR,49.90,double-charge,Charged twice\n"
    )


def test_each_thing_that_is_owed_is_a_row_and_a_refund_as_a_gesture_comes_after_it() -> None:
    found = refunds(a_given(owed=(Decimal(50), Decimal(7)), tier="late", value=Decimal("4.90")))
    assert [(row["what"], row["sum"]) for row in found] == [
        ("double-charge", "50.00"), ("unsent", "7.00"), ("late", "4.90"),
    ]  # fmt: skip
    assert [row["why"] for row in found] == ["Charged twice", "unsent", "Late"]
    assert len({row["reference"] for row in found}) == 3


def test_who_gets_a_code_gets_no_money() -> None:
    assert refunds(a_given(tier="code", value=Decimal(12))) == []


def test_nobody_is_paid_nothing() -> None:
    assert refunds(a_given(owed=(Decimal(0), Decimal(0)), tier="late", value=Decimal(0))) == []


def test_yen_have_no_cents() -> None:
    (row,) = refunds(a_given(currency="JPY", owed=(Decimal(1200), Decimal(0))))
    assert (row["sum"], row["currency"]) == ("1200", "JPY")


def test_a_person_is_told_what_to_do_for_whom_and_until_when() -> None:
    found = tasks(
        a_given(tier="returns"),
        a_given(tier="card", value=Decimal(9)),
        a_given(tier="credit", value=Decimal(10)),
        a_given(tier="code", value=Decimal(12)),
        a_given(tier=""),
    )
    assert [(row["tier"], row["what"], row["sum"], row["until"]) for row in found] == [
        ("returns", "30 days more to return goods", "", "2027-01-27T00:00:00+01:00"),
        ("card", "help with a new card", "9.00", ""),
        ("credit", "store credit on their account", "10.00", ""),
    ]


def test_other_kinds_are_left_to_a_person_where_the_shop_cannot() -> None:
    (row,) = tasks(a_given(tier="gift"), kinds={"gift"})
    assert row["what"] == "a gift with the next order: A mug"


@pytest.mark.parametrize("text", ["=1+1", "+1", 'a,"b"', "a\n=1", *HOSTILE.values()])
def test_no_words_of_others_become_a_formula_a_row_or_a_cell(text: str) -> None:
    one = a_given(customer=text, email=text, name=text, owed=(Decimal(1), Decimal(0)), tier="card")
    for found in (refunds(one), tasks(one)):
        (row,) = found
        for cell in row.values():
            assert calm(cell)
            assert not cell.startswith(("=", "+", "-", "@"))
