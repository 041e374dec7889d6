"""What an export leaves open: too much, twice, unheard of; it is told, never guessed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from compensated import POLICY, export, plan, policy, slowly

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
