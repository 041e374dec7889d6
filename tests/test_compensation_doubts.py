"""What an export leaves open: too much, twice, unheard of; it is told, never guessed."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from compensated import POLICY, export, plan, policy, slowly

from crisisctl.compensation import roll
from crisisctl.compensation.customers import Bounds, Export
from crisisctl.compensation.paying import refunds
from crisisctl.errors import CrisisError

PARIS = ZoneInfo("Europe/Paris")
SINCE = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)
WINDOW = Bounds(since=SINCE, until=SINCE + timedelta(hours=2))

ORDERS = "order_id,customer_id,email,status,paid,total\n"
OF_ORDERS = """
currency: EUR
harm:
  overpaid: {type: money, title: Paid too much, sum: paid - total, most: 100}
  failed: {title: Failed orders, count: "status == 'failed'", most: 2}
about:
  status: {type: text}
  paid: {type: money, names: [amount paid, sum paid]}
  total: {type: money}
owed:
  - {id: back, when: overpaid > 0, refund: overpaid}
tiers:
  - {id: lost, when: failed > 0, offer: {amount: 5 EUR}}
"""


def of_orders(folder: Path, *rows: str, head: str = ORDERS) -> Path:
    return export(folder, head + "".join(f"{row}\n" for row in rows))


# More than can be right


def test_a_sum_that_is_worked_out_is_held_against_the_most_that_can_be_right(
    tmp_path: Path,
) -> None:
    path = of_orders(tmp_path, "1,c-1,,paid,100.01,0", "2,c-2,,paid,100,0", "3,c-3,,paid,900,850")
    found = plan(path, policy(OF_ORDERS))

    assert found.bad == [(2, "Paid too much: 100.01 EUR is more than 100: a person must look")]
    assert found.owed == {"c-2": Decimal(100), "c-3": Decimal(50)}
    assert slowly(found.export).bad == found.bad


def test_what_the_rows_of_a_customer_add_up_to_is_held_against_the_most(tmp_path: Path) -> None:
    rows = ["1,c-1,,paid,60,0", "2,c-1,,paid,60,0"]
    rows += [f"{n},c-2,,failed,0,0" for n in range(3, 6)]
    rows += ["6,c-3,,failed,0,0", "7,c-3,,failed,100,0"]
    found = plan(of_orders(tmp_path, *rows), policy(OF_ORDERS))

    assert [line for line, _ in found.bad] == [2, 4]
    assert "Paid too much: 120.00 EUR is more than 100: a person must look" in found.bad[0][1]
    assert "Failed orders: 3 is more than 2: a person must look" in found.bad[1][1]
    assert found.gets.keys() == {"c-3"}


def test_cells_that_add_up_to_more_than_can_be_right_are_a_persons_matter(tmp_path: Path) -> None:
    text = "order_id,customer_id,double_charge\n1,c-1,60000\n2,c-1,60000\n"
    found = plan(export(tmp_path, text), policy(POLICY))

    assert not found.given
    assert "Charged twice: 120000.00 EUR is more than 100000" in found.bad[0][1]


# Words that nothing is said of


def test_words_that_no_condition_names_are_told_with_their_rows(tmp_path: Path) -> None:
    states = ["failed", " FAILED", "fehlgeschlagen", "Fehlgeschlagen", "declined", ""]
    rows = [f"{n},c-{n},,{state},0,0" for n, state in enumerate(states)]
    found = plan(of_orders(tmp_path, *rows, "7,c-1,,declined2,0,0"), policy(OF_ORDERS))

    assert list(found.export.unheard.remarks()) == [
        'status: "fehlgeschlagen" 2 rows, "declined" 1 row, "declined2" 1 row are named by no '
        "condition of the policy; check that nothing is to happen for them"
    ]


def test_a_word_that_any_condition_names_is_not_told(tmp_path: Path) -> None:
    rows = ["1,c-1,,failed,0,0", "2,c-2,,cancelled,0,0", "3,c-3,,paid,0,0"]
    text = POLICY.replace("when: staff,", "when: \"staff or status == 'paid'\",")
    found = plan(of_orders(tmp_path, *rows), policy(text))

    assert not list(found.export.unheard.remarks())


def test_two_processes_count_the_same_words_as_one(tmp_path: Path) -> None:
    rows = [f"{n},c-{n % 9000},,state{n % 7},0,0" for n in range(12_000)]
    path = of_orders(tmp_path, *rows)

    one, two = (plan(path, policy(OF_ORDERS), processes=many) for many in (1, 2))

    told = list(one.export.unheard.remarks())
    assert told == list(two.export.unheard.remarks())
    assert '"state0" 1,715 rows' in told[0]
    assert " and 2 more are named" in told[0]


def test_a_column_with_another_word_in_every_row_is_none_of_states(tmp_path: Path) -> None:
    rows = [f"{n},c-{n},,note {n},0,0" for n in range(2_000)]

    assert not list(plan(of_orders(tmp_path, *rows), policy(OF_ORDERS)).export.unheard.remarks())


# Columns of which several could be meant


def remarks(path: Path, *, bounds: Bounds | None = None, **said: str) -> list[str]:
    found = Export(path, policy(OF_ORDERS), said=said, bounds=bounds or Bounds(), time_zone=PARIS)
    return found.remarks


def refused(path: Path, **said: str) -> CrisisError:
    with pytest.raises(CrisisError) as stopped:
        remarks(path, **said)
    return stopped.value


def test_two_columns_that_can_both_be_meant_are_refused(tmp_path: Path) -> None:
    path = export(tmp_path, "customer_id,sum paid,Amount Paid,total,status\nc-1,1,2,3,paid\n")

    error = refused(path)

    assert error.message.endswith('columns 2 and 3, "sum paid" and "Amount Paid", can both be paid')
    assert error.hint == "say which one counts: --map paid=#3"
    assert not [one for one in remarks(path, paid="#2") if "could be meant" in one]


def test_the_own_name_of_a_column_wins_and_the_other_is_told(tmp_path: Path) -> None:
    path = export(tmp_path, "customer_id,amount paid,Paid,total,status\nc-1,1,2,3,paid\n")

    assert remarks(path) == [
        'several columns could be meant, these were taken: "Paid" for paid, not "amount paid"'
    ]


def test_of_several_addresses_the_surest_counts_and_the_others_are_told(tmp_path: Path) -> None:
    text = (
        "customer,Billing email,Email,status,paid,total\nc-1,b@x.example,a@x.example,failed,0,0\n"
    )
    path = export(tmp_path, text)

    assert remarks(path) == [
        'several columns could be meant, these were taken: "Email" for email, not "Billing email"'
    ]
    assert plan(path, policy(OF_ORDERS)).given[0].email == "a@x.example"


def test_a_column_that_is_said_to_be_two_things_is_refused(tmp_path: Path) -> None:
    path = export(tmp_path, "customer_id,x,status\nc-1,1,paid\n")

    error = refused(path, paid="x", total="#2")

    assert error.message.endswith('--map names "x" twice, for paid and for total')


def test_who_names_nothing_that_happened_is_told_what_harm_is_made_of(tmp_path: Path) -> None:
    error = refused(export(tmp_path, "customer_id,total\nc-1,1\n"))

    assert error.hint == "say which one: --map paid=COLUMN"


# Times


def test_orders_without_a_time_all_count_and_that_is_said_first(tmp_path: Path) -> None:
    told = remarks(of_orders(tmp_path, "1,c-1,,failed,0,0"), bounds=WINDOW)

    assert told[0].startswith("every order of the file counts, whatever its date: ")


TIMED = "order_id,customer_id,status,paid,total,created_at\n"


@pytest.mark.parametrize(
    ("when", "zoned"),
    [
        ("2026-11-27 20:00:00", False),
        ("27.11.2026 20:00", False),
        ("2026-11-27", False),
        ("2026-11-27T20:00:00Z", True),
        ("2026-11-27 20:00:00 +0100", True),
        ("2026-11-27 20:00:00 UTC", True),
        ("2026-11-27T20:00:00.123+01:00", True),
        ("1795809600", True),
        ("", True),
    ],
)
def test_times_without_a_zone_are_told_with_the_zone_that_was_taken(
    when: str, zoned: bool, tmp_path: Path
) -> None:
    path = of_orders(tmp_path, f"1,c-1,failed,0,0,{when}", head=TIMED)
    remark = "times without a zone were taken as Europe/Paris"

    assert (remark in remarks(path, bounds=WINDOW)) is not zoned
    assert remark not in remarks(path)


def test_days_that_could_be_months_are_told(tmp_path: Path) -> None:
    remark = "nothing tells whether the day or the month comes first: the day was taken"
    rows = ["1,c-1,failed,0,0,03/02/2026 10:00"]

    assert remark in remarks(of_orders(tmp_path, *rows, head=TIMED), bounds=WINDOW)
    rows.append("2,c-1,failed,0,0,03/25/2026 10:00")
    assert remark not in remarks(of_orders(tmp_path, *rows, head=TIMED), bounds=WINDOW)


# Customers who are left to a person


def test_who_is_set_aside_for_one_row_is_named_with_the_lines_of_all(tmp_path: Path) -> None:
    rows = [f"{n},c-1,,failed,0,0" for n in range(6)] + ["x,c-1,,failed,abc,0"]
    found = plan(of_orders(tmp_path, *rows, "y,c-2,,failed,abc,0"), policy(OF_ORDERS))

    assert [line for line, _ in found.bad] == [9, 8]
    assert found.bad[0][1].startswith("paid: ")
    assert found.bad[1][1].startswith('customer "c-1" (lines 2, 3, 4, 5, 6, …): paid: ')


def test_an_order_that_stands_twice_with_other_sums_is_a_persons_matter(tmp_path: Path) -> None:
    rows = ["1,c-1,,paid,60,50", "1,c-1,,paid,61,50", "2,c-2,,failed,0,0", "2,c-2,,paid,0,0"]
    found = plan(of_orders(tmp_path, *rows), policy(OF_ORDERS))

    assert not found.given
    assert found.bad == [
        (3, 'customer "c-1": order "1" stands in lines 2 and 3 with different sums or words'),
        (5, 'customer "c-2": order "2" stands in lines 4 and 5 with different sums or words'),
    ]
    assert found.export.counts.repeated == 2


def test_an_order_that_stands_twice_and_says_the_same_or_nothing_counts_once(
    tmp_path: Path,
) -> None:
    rows = ["1,c-1,,paid,60,50", "1,c-1,x@y.example,PAID ,60.00,50.0", "1,c-1,,,,"]
    found = plan(of_orders(tmp_path, *rows), policy(OF_ORDERS))

    assert (found.bad, found.owed) == ([], {"c-1": Decimal(10)})
    assert found.export.counts.repeated == 2


# The orders in the list


def test_the_list_names_the_orders_in_which_something_happened(tmp_path: Path) -> None:
    rows = ["1,c-1,,failed,0,0", "2,c-2,,paid,5,5", "3,c-2,,failed,0,0", "4,c-2,,paid,9,5"]
    rows += [f"x{n},c-3,,paid,9,5" for n in range(5)]
    found = plan(of_orders(tmp_path, *rows), policy(OF_ORDERS))

    orders = {each.customer: each.order for each in found.given}
    assert orders == {"c-1": "1", "c-2": "3 4", "c-3": "x0 x1 x2 …"}
    assert sorted(map(str, slowly(found.export).given)) == sorted(map(str, found.given))
    paid = refunds(policy(OF_ORDERS), roll.gathered(found.given), "i").decode()
    told = {row[1]: row[3] for row in csv.reader(io.StringIO(paid))}
    assert told == {"c-2": "3 4", "c-3": "x0 x1 x2 …"}


def test_whoever_gets_something_and_has_no_address_is_counted(tmp_path: Path) -> None:
    rows = ["1,c-1,,failed,0,0", "2,c-2,a@b.example,failed,0,0", "3,c-3,,paid,0,0"]
    rows += ["4,c-4,,failed,0,0", "5,c-4,,failed,0,0"]

    assert plan(of_orders(tmp_path, *rows), policy(OF_ORDERS)).bill.unreachable == 2
