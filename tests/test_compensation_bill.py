"""The bill: what a plan is worth, what it will probably cost, and in whose books it stands."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from compensated import export, plan, policy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisctl.compensation import bill as bills
from crisisctl.compensation.bill import Bill, Line

HEAD = "customer_id,country,locale,segment,currency,double_charge,minutes,staff,failed\n"


def expected(lines: list[Line], *, owed: bool) -> Decimal:
    """What a bill will probably cost: gestures alone, or with what is owed."""
    return sum((line.expected for line in lines if owed or line.part == "tier"), Decimal(0))


def row(n: int, charge: object = 0, minutes: int = 0, country: str = "FR", **told: str) -> str:
    others = {"locale": "fr", "segment": "std", "currency": "EUR", "staff": ""} | told
    cells = [f"c-{n}", country, others["locale"], others["segment"], others["currency"]]
    return ",".join([*cells, str(charge), str(minutes), others["staff"], ""]) + "\n"


def test_each_currency_stands_by_itself_and_costs_are_in_the_policys(tmp_path: Path) -> None:
    text = HEAD + row(1, 0, 90) + row(2, 0, 90, currency="TRY") + row(3, 7, 0, currency="TRY")
    found = plan(export(tmp_path, text)).bill

    assert [(e.part, e.id, e.currency, e.face, e.expected, e.book) for e in found.lines()] == [
        ("owed", "double", "TRY", Decimal("7.00"), Decimal("0.14"), "refund"),
        ("tier", "held-up", "EUR", Decimal("5.00"), Decimal("1.25"), "discount"),
        ("tier", "held-up", "TRY", Decimal("200.00"), Decimal("1.00"), "discount"),
    ]
    assert expected(found.lines(), owed=False) == Decimal("2.25")
    assert expected(found.lines(), owed=True) == Decimal("2.39")


def test_who_is_kept_out_stands_on_the_bill_with_the_reason(tmp_path: Path) -> None:
    text = HEAD + row(1, 0, 90, staff="yes") + row(2, 4, 90, staff="yes") + row(3)
    found = plan(export(tmp_path, text)).bill

    out = [
        (e.id, e.title, e.customers, e.face)
        for e in (e for e in found.lines() if e.part == "excluded")
    ]
    assert out == [("staff", "Employees are no customers", 2, Decimal(0))]
    assert (found.customers, found.unaffected) == (1, 1)  # one of them gets what is owed


@pytest.mark.parametrize("by", bills.GROUPS)
def test_groups_come_to_the_same_as_the_bill(by: str, tmp_path: Path) -> None:
    rows = [row(n, n % 3, n % 100, country=f"C{n % 7}", locale=f"l{n % 5}", segment=f"s{n % 3}")
            for n in range(500)]  # fmt: skip
    found = plan(export(tmp_path, HEAD + "".join(rows))).bill

    assert sum(group.customers for group in found.groups(by)) == sum(
        line.customers for line in found.lines()
    )
    assert sum(group.expected for group in found.groups(by)) == pytest.approx(
        expected(found.lines(), owed=True), abs=Decimal("0.1")
    )


def test_a_thousand_countries_are_told_as_three_hundred_and_the_rest(tmp_path: Path) -> None:
    rows = [row(n, 1, country=f"C{n}") for n in range(1000)]
    found = plan(export(tmp_path, HEAD + "".join(rows))).bill

    groups = {group.name: group.customers for group in found.groups("country")}
    assert len(groups) == 301
    assert groups[bills.OTHERS] == 700
    assert groups["C0"] == groups["C299"] == 1


def test_the_ten_largest_are_told_with_what_they_are_made_of(tmp_path: Path) -> None:
    rows = [row(n, n, 90) for n in range(1, 30)] + [row(99, 1600, 90, currency="TRY")]
    largest = plan(export(tmp_path, HEAD + "".join(rows))).bill.largest()

    assert [each.customer for each in largest] == ["c-99", *(f"c-{n}" for n in range(29, 20, -1))]
    assert (largest[0].worth, largest[0].sum) == (Decimal("36.00"), "1800.00 TRY")
    assert largest[0].what == "double + held-up"


def test_of_equal_sums_the_first_of_the_file_are_told_also_those_with_two_rows(
    tmp_path: Path,
) -> None:
    rows = [row(n, 5) for n in range(30)]
    largest = plan(export(tmp_path, HEAD + "".join(rows) + rows[0] + rows[3])).bill.largest()

    assert [each.customer for each in largest] == [f"c-{n}" for n in range(10)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from(["0.004", "0.005", "0.0149", "1", "0"])),
        max_size=60,
    )
)
def test_the_largest_are_those_that_sorting_all_finds(
    tmp_path: Path, drawn: list[tuple[int, str]]
) -> None:
    rows = [row(n, charge, currency="TRY" if n % 2 else "EUR") for n, charge in drawn]
    found = plan(export(tmp_path, HEAD + "".join(rows)), policy())
    rates = {"EUR": Decimal(1), "TRY": Decimal("0.02")}
    every = [
        (bills.rounded(sum(each.owed) * rates[each.currency], "EUR"), -each.line)
        for each in found.given
    ]

    told = [(each.worth, each.line) for each in found.bill.largest()]

    assert told == [each for each in sorted(every, reverse=True)[:10] if each[0]]


def test_two_bills_add_up_to_the_bill_of_both(tmp_path: Path) -> None:
    rows = [row(n, n % 4, n % 100, country=f"C{n % 9}") for n in range(400)]
    first = plan(export(tmp_path, HEAD + "".join(rows[:150]), "a.csv")).bill
    second = plan(export(tmp_path, HEAD + "".join(rows[150:]), "b.csv")).bill
    whole = plan(export(tmp_path, HEAD + "".join(rows), "c.csv")).bill

    both = Bill(policy())
    both.merge(first)
    both.merge(second)

    assert both.lines() == whole.lines()
    assert both.groups("country") == whole.groups("country")
    assert (both.customers, both.unaffected) == (whole.customers, whole.unaffected)
