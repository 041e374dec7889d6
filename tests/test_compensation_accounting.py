"""What the accountants get: exact sums, in each currency by itself and reckoned together."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import Any

from crisisctl.compensation import accounting
from crisisctl.compensation.bill import Bill, Line
from crisisctl.compensation.customers import Customer
from crisisctl.compensation.deciding import Outcome, Who
from crisisctl.playbook.policy import Column, Exclusion, Offer, Owed, Policy, Tier

POLICY = Policy(
    currency="EUR",
    rates={"TRY": "0.021", "JPY": "0.006"},
    harm={"lost": Column(type="money")},
    about={"staff": Column(type="flag")},
    exclude=(Exclusion(id="staff", when="staff", because="Employees are no customers"),),
    owed=(Owed(id="double", title="=Charged twice", when="lost > 0", refund="lost"),),
    tiers=(
        Tier(
            id="credit",
            when="lost > 90",
            offer=Offer(credit=("10 EUR", "300 TRY")),
            redemption=80,
        ),
        Tier(
            id="percent",
            title="Lost order",
            when="lost > 50",
            offer=Offer(percent=20, order=("60 EUR", "1500 TRY", "9001 JPY")),
            redemption=35,
            margin_effect=90,
        ),
        Tier(id="gift", when="lost > 10", offer=Offer(gift="A mug", worth="4 EUR"), redemption=50),
        Tier(id="sorry", when="lost > 0", offer=Offer(apology=True)),
    ),
)


def a_bill() -> list[Line]:
    """Owed and given in three currencies, and one employee."""
    bill = Bill(POLICY)
    outcomes = [
        ("EUR", Outcome(0, Decimal("10.00"), -1, ())),
        ("EUR", Outcome(0, Decimal("10.00"), -1, (Decimal("99.99"),))),
        ("TRY", Outcome(0, Decimal("300.00"), -1, ())),
        ("TRY", Outcome(1, Decimal("300.00"), -1, (Decimal("0.01"),))),
        ("JPY", Outcome(1, Decimal("1800"), -1, ())),
        ("EUR", Outcome(1, Decimal("12.00"), -1, ())),
        ("EUR", Outcome(2, Decimal("4.00"), -1, ())),
        ("EUR", Outcome(3, Decimal(0), -1, ())),
        ("EUR", Outcome(1, Decimal(0), 0, ())),
    ]
    for number, (currency, outcome) in enumerate(outcomes):
        who = Who(f"C-{number}", "", "", "fr", "FR", "", currency, "")
        bill.add(Customer(number + 2, who, ()), outcome)
    return bill.lines()


def table(lines: list[Line]) -> list[dict[str, str]]:
    made = accounting.header() + accounting.rows(accounting.summary(POLICY, lines))
    return list(csv.DictReader(io.StringIO(made.decode(), newline=""), strict=True))


def rows(kind: str) -> list[dict[str, str]]:
    return [row for row in table(a_bill()) if row["row"] == kind]


def test_every_tier_and_currency_has_its_face_its_cost_and_its_book() -> None:
    told = ("book", "id", "currency", "customers", "face", "expected", "rate")
    assert [tuple(row[name] for name in told) for row in rows("entry")] == [
        ("refund", "double", "EUR", "1", "99.99", "99.99", "1"),
        ("refund", "double", "TRY", "1", "0.01", "0.01", "0.021"),
        ("liability", "credit", "EUR", "2", "20.00", "16.00", "1"),
        ("liability", "credit", "TRY", "1", "300.00", "240.00", "0.021"),
        ("discount", "percent", "EUR", "1", "12.00", "3.78", "1"),
        ("discount", "percent", "JPY", "1", "1800", "567", "0.006"),
        ("discount", "percent", "TRY", "1", "300.00", "94.50", "0.021"),
        ("cost", "gift", "EUR", "1", "4.00", "2.00", "1"),
        ("nothing", "sorry", "EUR", "1", "0.00", "0.00", "1"),
    ]


def test_the_cost_in_the_currency_of_the_policy_is_that_of_the_bill() -> None:
    lines = [line for line in a_bill() if line.part != "excluded"]
    found = rows("entry")
    assert [Decimal(row["expected_in_policy_currency"]) for row in found] == [
        line.expected for line in lines
    ]
    assert {row["policy_currency"] for row in found} == {"EUR"}
    (yen,) = [row for row in found if row["currency"] == "JPY"]
    assert (yen["face_in_policy_currency"], yen["expected_in_policy_currency"]) == ("10.80", "3.40")


def test_a_sum_of_a_book_is_in_one_currency_and_the_total_says_that_it_was_reckoned() -> None:
    sums = {(row["book"], row["currency"]): row["face"] for row in rows("sum")}
    assert sums["discount", "EUR"] == "12.00"
    assert sums["discount", "TRY"] == "300.00"
    assert sums["discount", "JPY"] == "1800"
    totals = {row["book"]: row for row in rows("total")}
    assert totals["discount"]["face"] == ""
    assert totals["discount"]["face_in_policy_currency"] == "29.10"  # 12 + 10.80 + 6.30
    assert totals["refund"]["face_in_policy_currency"] == "99.99"
    assert totals["liability"]["expected_in_policy_currency"] == "21.04"  # 16 + 5.04


def test_who_gets_nothing_costs_nothing() -> None:
    assert "staff" not in {row["id"] for row in table(a_bill())}


def test_no_title_becomes_a_formula() -> None:
    assert rows("entry")[0]["title"] == "'=Charged twice"


def notes(lines: list[Line]) -> dict[str, accounting.Note]:
    return {note.about: note for note in accounting.summary(POLICY, lines).notes}


def test_notes_name_their_source_and_are_no_advice() -> None:
    found = notes(a_bill())
    assert found["discount"].source == "IFRS 15 / ASC 606"
    assert "unless the right is material" in found["discount"].text
    assert "2016/1065" in found["vat"].source
    assert found["advice"].text == "This is not tax or legal advice."
    assert all(note.source for about, note in found.items() if about != "advice")
    text = accounting.rows(accounting.summary(POLICY, a_bill())).decode()
    assert "not tax or legal advice" in text


def test_a_book_that_nothing_stands_in_has_no_note() -> None:
    credit = [line for line in a_bill() if line.id == "credit"]
    assert set(notes(credit)) == {"liability", "vat", "advice"}


def test_json_holds_sums_as_text_so_that_no_program_rounds_them() -> None:
    found: dict[str, Any] = json.loads(
        json.dumps(accounting.data(accounting.summary(POLICY, a_bill())))
    )
    assert found["currency"] == "EUR"
    assert found["entries"][0]["face"] == "99.99"
    assert found["entries"][1]["rate"] == "0.021"
    (total,) = [
        each for each in found["totals"] if each["book"] == "cost" and each["all_currencies"]
    ]
    assert (total["face"], total["expected"], total["customers"]) == ("4.00", "2.00", 1)


def test_an_empty_bill_is_a_summary_without_entries() -> None:
    found = table([])
    assert {row["row"] for row in found} == {"note"}
