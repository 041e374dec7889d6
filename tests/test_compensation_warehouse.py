"""A policy over a table of a warehouse gives what a local run over the same rows gives.

They need the extra `warehouse`, and a PostgreSQL on the path. Without them they are skipped, unless
REQUIRE_WAREHOUSE is set, as in CI.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import warehouses
from warehouses import HEADER, POLICY, fill_duckdb, fill_postgres, locally, policy, there, write

from crisisctl.compensation import roll
from crisisctl.compensation.customers import Bounds
from crisisctl.compensation.warehouse import plan
from crisisctl.compensation.warehouse.engine import connected
from crisisctl.errors import CrisisError
from crisisctl.tables.unreadable import Unreadable

pytestmark = pytest.mark.warehouse

Fill = Callable[..., None]
FACTS = {"share": 15, "cause": "Us", "country_of_shop": "fr"}
PARIS = ZoneInfo("Europe/Paris")
BOUNDS = Bounds(
    since=datetime(2025, 3, 1, 23, 59, 30, tzinfo=UTC), until=datetime(2025, 3, 3, tzinfo=UTC)
)
TYPES = {
    "created_at": "TIMESTAMP", "total": "DECIMAL(14, 4)", "shipping": "DOUBLE PRECISION",
    "postage": "NUMERIC(9, 3)", "late": "BOOLEAN", "days": "DOUBLE PRECISION",
    "customer_id": "BIGINT",
}  # fmt: skip


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    warehouses.needs_ibis()
    with warehouses.postgres() as found:
        yield found


@pytest.fixture
def duckdb() -> Iterator[Any]:
    connection = warehouses.needs_ibis().duckdb.connect()
    connection.raw_sql("SET enable_progress_bar = false")
    yield connection
    connection.disconnect()


@pytest.fixture(params=["duckdb", "postgres"])
def engine(request: pytest.FixtureRequest) -> Iterator[tuple[Any, Fill]]:
    """A connection, and how a table is filled there."""
    if request.param == "duckdb":
        yield request.getfixturevalue("duckdb"), fill_duckdb
        return
    connection = connected(request.getfixturevalue("address"))
    yield connection, fill_postgres
    connection.disconnect()


def order(**cells: str) -> list[str]:
    """A row that nothing is wrong with."""
    usual = {
        "order_id": "1", "customer_id": "7", "email": "li@shop.example", "name": "Li",
        "currency": "EUR", "created_at": "2025-03-02 10:00:00", "order_status": "failed",
        "total": "20", "shipping": "0",
    }  # fmt: skip
    row = {**usual, **cells}
    return [row.get(name, "") for name in HEADER]


def same(engine: tuple[Any, Fill], path: Path, rows: list[list[str]], **more: Any) -> Any:
    """What both runs give, which is the same."""
    connection, fill = engine
    text, types = more.pop("policy", POLICY), more.pop("types", {})
    write(path, HEADER, rows)
    fill(connection, path, **types)
    one = locally(path, policy(text), FACTS, **more)
    other = there(connection, policy(text), FACTS, **more)
    assert other == one
    return one


def word(dice: random.Random, *often: str) -> str:
    """One of these, with what people leave around it."""
    return dice.choice(["", " "]) + dice.choice(often) + dice.choice(["", "", " "])


def sums(dice: random.Random) -> str:
    """A sum as words: half a cent, nothing, and what no run can read."""
    if dice.random() < 0.02:
        return dice.choice(
            ["-3", "NaN", "1,234", "1.234", "0.125", "abc", "inf", "60000", "9" * 14, "1e3", "12;5"]
        )
    whole = dice.choice([0, 1, 7, 19, 120, 1999])
    return dice.choice(["", "-", "n/a", *[f"{whole}.{dice.randrange(10_000):04d}"] * 9])


def moment(dice: random.Random) -> str:
    """A time near the edges of the window."""
    if dice.random() < 0.02:
        return dice.choice(["", "soon", "2025-02-30", "1970-01-01 00:00:00", "null"])
    edge = dice.choice([BOUNDS.since, BOUNDS.until, datetime(2025, 3, 2, 12, tzinfo=UTC)])
    assert edge is not None
    at = edge.replace(tzinfo=None) + timedelta(seconds=dice.choice([-1, 0, 1, -3600, 3600]))
    return dice.choice([f"{at}", f"{at:%Y-%m-%dT%H:%M:%SZ}", f"{at:%Y-%m-%d %H:%M}", f"{at:%F}"])


def a_person(dice: random.Random, customers: int) -> dict[str, str]:
    """Who it is, as people and programs write it."""
    longest = "x" * (301 if dice.random() < 0.02 else 300)
    currencies = ("", "EUR", "eur", "€", "USD", "JPY", *rarely(dice, "KWD"), *rarely(dice, "XXX"))
    return {
        "customer_id": str(dice.randrange(customers)) if dice.random() < 0.9 else "",
        "email": word(dice, "", "A@shop.example", "b@shop.example", "boss@shop.example"),
        "name": dice.choice(["", "Ana", "O'Hara", "Zoë", longest]),
        "language": word(dice, "", "fr", "FR-ca", "Deutsch", "Français", "en_GB"),
        "country": word(dice, "", "fr", "FR", "de", "us"),
        "segment": word(dice, "", "new", "old", *rarely(dice, "Test")),
        "currency": word(dice, *currencies),
        "plan": word(dice, "", "Gold", "gold", "silver"),
        "staff": word(dice, "", "", "", "x", "n"),
    }


def rarely(dice: random.Random, one: str) -> tuple[str, ...]:
    return (one,) if dice.random() < 0.2 else ()


def in_words(dice: random.Random, customers: int) -> list[str]:
    """A row of a table of words, with everything that makes two runs differ."""
    row = {
        **a_person(dice, customers),
        "order_id": str(dice.randrange(3 * customers)) if dice.random() < 0.9 else "",
        "created_at": moment(dice),
        "order_status": word(dice, "failed", "Failed", "late", "ok", ""),
        "total": sums(dice),
        "shipping": sums(dice),
        "postage": sums(dice),
        "late": word(dice, "", "yes", "No", "0", "1", "evet", *rarely(dice, "perhaps")),
        "days": dice.choice(["", "0", "3", "3.000000001", "7.5", "7.4999", "400", "401"]),
    }
    return [row[name] for name in HEADER]


def with_types(dice: random.Random, customers: int) -> list[str]:
    """A row of a file that was exported from a table whose columns have types."""
    total = f"{dice.randrange(-1, 50)}.{dice.randrange(10_000):04d}"
    row = {
        **a_person(dice, customers),
        "order_id": str(dice.randrange(3 * customers)) if dice.random() < 0.9 else "",
        "created_at": dice.choice(
            ["2025-03-01 23:59:29", "2025-03-01 23:59:30", "2025-03-03 00:00:00"] * 5
            + ["2025-03-03 00:00:01", "1970-01-01 00:00:00", ""]
        ),
        "order_status": word(dice, "failed", "Failed", "late", "ok", ""),
        "total": dice.choice(["", total, "1999.0050"]),
        "shipping": dice.choice(
            ["", "0.1", "0.30000000000000004", "19.994999999999997", "0.0050", "3.0"] * 5 + ["-1.5"]
        ),
        "postage": dice.choice(["", "4.9950", "0.125", "1.0050"]),
        "late": dice.choice(["", "true", "false"]),
        "days": dice.choice(["", "7.5", "3.0", "0.1", "401.5"]),
    }
    return [row[name] for name in HEADER]


@pytest.mark.parametrize("seed", range(4))
def test_a_table_of_words_gives_what_its_file_gives(
    engine: tuple[Any, Fill], tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    rows = [in_words(dice, 600) for _ in range(2_500)]

    found = same(engine, tmp_path / "orders.csv", rows, bounds=BOUNDS)

    assert found.counts.outside > 200
    assert found.counts.repeated > 5
    assert found.counts.merged > 100
    assert len(found.unreadable) > 100
    assert {line.id for line in found.bill} >= {"money-back", "gold", "slow", "staff", "test"}


@pytest.mark.parametrize("seed", range(3))
def test_a_table_with_types_gives_what_a_file_exported_from_it_gives(
    engine: tuple[Any, Fill], tmp_path: Path, seed: int
) -> None:
    dice = random.Random(100 + seed)
    rows = [with_types(dice, 700) for _ in range(1_500)]

    found = same(engine, tmp_path / "orders.csv", rows, bounds=BOUNDS, types=TYPES)

    assert found.counts.outside > 100
    assert len(found.given) > 10_000


def test_a_list_of_customers_is_put_together_like_one_of_orders(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    text = POLICY.replace("count: \"status == 'failed'\", most: 9", "type: number").replace(
        "type: money, sum: total - shipping, when: \"status in ['failed', 'late']\", most: 100000",
        "type: money",
    )
    header = ["customer_id", "email", "failed", "paid", "late", "days", "plan", "country", "staff"]
    rows = [
        ["7", "", "2", "20.0050", "", "1", "", "fr", ""],
        ["7", "", "1", "30", "yes", "3", "gold", "de", ""],
        ["8", "", "1", "5", "", "", "", "", "yes"],
        ["", "A@b.example", "1", "5", "", "", "", "", ""],
        ["", "a@B.example", "1", "6", "", "", "", "", ""],
        ["", "", "1", "6", "", "", "", "", ""],
    ]
    connection, fill = engine
    path = write(tmp_path / "customers.csv", header, rows)
    fill(connection, path)

    one = locally(path, policy(text), FACTS)

    assert there(connection, policy(text), FACTS) == one
    assert b'"30.00"' in one.given
    assert (one.counts.merged, one.counts.countries, one.counts.repeated) == (2, 1, 2)


@pytest.mark.parametrize("lacks", [(), ("refunded",), ("refunded", "replaced", "note")])
def test_a_sum_does_without_a_column_that_not_every_table_has(
    engine: tuple[Any, Fill], tmp_path: Path, lacks: tuple[str, ...]
) -> None:
    text = (
        POLICY.replace("sum: total - shipping,", "sum: total - shipping - refunded,")
        .replace("count: \"status == 'failed'\"", "count: status == 'failed' and not replaced")
        .replace(
            "  staff: {type: flag}\nexclude",
            "  staff: {type: flag}\n  refunded: {type: money, optional: true}\n"
            "  replaced: {type: flag, optional: true}\n  note: {type: text, optional: true}\n"
            "exclude:\n  - {id: noted, when: note == 'no', because: So it says.}\nother",
        )
        .replace("other:\n", "")
    )
    dice = random.Random(11)
    more = {
        "refunded": lambda: dice.choice(["", "0", "5.00", "19.9950", "3000", "1.234"]),
        "replaced": lambda: dice.choice(["", "no", "yes", "x", *rarely(dice, "maybe")]),
        "note": lambda: dice.choice(["", "No", "seen"]),
    }
    kept = [name for name in more if name not in lacks]
    rows = [[*in_words(dice, 300), *(more[name]() for name in kept)] for _ in range(1_200)]
    connection, fill = engine
    path = write(tmp_path / "orders.csv", [*HEADER, *kept], rows)
    fill(connection, path)

    one = locally(path, policy(text), FACTS)

    assert there(connection, policy(text), FACTS) == one
    assert one.given
    asked = plan(connection, "orders", policy(text), FACTS, line=warehouses.NUMBER)
    said = [remark for remark in asked.remarks if "reckoned without it" in remark]
    assert len(said) == len({"refunded", "replaced"} & {*lacks})


def test_half_a_cent_is_rounded_up_in_the_digits_of_each_currency(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    rows = [
        order(customer_id="1", total="1.0050", currency="EUR"),
        order(customer_id="2", total="1.0049999", currency="EUR"),
        order(customer_id="3", total="100.5", currency="JPY"),
        order(customer_id="4", total="1.0005", currency="KWD"),
    ]
    text = POLICY.replace("[10 EUR, 11 USD, 1500 JPY]", "[10 EUR, 11 USD, 1500 JPY, 3 KWD]")

    found = same(
        engine, tmp_path / "o.csv", rows, policy=text.replace("9000 JPY", "9000 JPY, 20 KWD")
    )

    for paid in ('"1.01"', '"1.00"', '"101"', '"1.001"'):
        assert paid.encode() in found.given


def test_three_digits_behind_a_point_may_be_thousands_but_in_a_currency_that_has_them(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    rows = [
        order(customer_id="1", total="1.234", currency="EUR"),
        order(customer_id="2", total="1.234", currency="KWD"),
        order(customer_id="3", total="0.125", currency="EUR"),
        order(customer_id="4", days="1.234"),
    ]
    text = POLICY.replace("[10 EUR, 11 USD, 1500 JPY]", "[10 EUR, 11 USD, 1500 JPY, 3 KWD]")

    found = same(
        engine, tmp_path / "o.csv", rows, policy=text.replace("9000 JPY", "9000 JPY, 20 KWD")
    )

    assert [row.line for row in found.unreadable] == [2, 5]


def test_money_back_is_never_capped_and_any_other_gesture_is(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    rows = [
        order(customer_id="1", days="8", postage="500", order_status="ok"),
        order(customer_id="2", days="8", postage="500", order_status="ok", currency="KWD"),
        order(customer_id="3", order_status="ok", late="yes", postage="0"),
    ]
    text = POLICY.replace("[60 EUR, 70 USD, 9000 JPY]", "[3 EUR, 3 USD, 300 JPY]")

    found = same(engine, tmp_path / "o.csv", rows, policy=text)

    assert found.given.count(b'"back","500.00"') == 1
    assert found.given.count(b'"back","500.000"') == 1
    assert found.given.count(b'"slow","3.00"') == 1


def test_a_sum_that_cannot_be_read_is_told_in_the_currency_of_its_row(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    rows = [order(currency="KWD"), order(order_id="2", currency="EUR", total="1.234")]

    found = same(engine, tmp_path / "o.csv", rows)

    assert "can be read in two ways" in found.unreadable[0].reason


def test_a_fact_that_nobody_answered_is_not_compared_behind_a_question_that_lets_it(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    connection, fill = engine
    path = write(tmp_path / "o.csv", HEADER, [order()])
    fill(connection, path)
    text = POLICY.replace(
        "cause is defined and cause == 'us'", "unheard is undefined or unheard > 3"
    )

    assert there(connection, policy(text), FACTS) == locally(path, policy(text), FACTS)
    swapped = policy(text.replace("is undefined or", "is defined or"))
    with pytest.raises(CrisisError, match="needs to know unheard"):
        there(connection, swapped, FACTS)
    with pytest.raises(CrisisError, match="needs to know unheard"):
        locally(path, swapped, FACTS)


def test_a_name_that_cannot_be_one_is_told_of_whoever_gets_something(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    rows = [
        order(customer_id="1", name="x" * 301),
        order(customer_id="2", name="x" * 301, order_status="ok"),
        order(customer_id="3", plan="y" * 301, order_status="ok"),
    ]

    found = same(engine, tmp_path / "o.csv", rows)

    assert [row.line for row in found.unreadable] == [2, 4]
    assert found.unaffected == 1


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        ("2025-10-26 02:29:59", False),  # the first 02:29:59 of that night
        ("2025-10-26 02:30:00", True),
        ("2025-10-26 02:59:59", True),
        ("2025-10-26 03:30:00", True),
        ("2025-10-26 03:30:01", False),
    ],
)
@pytest.mark.parametrize("kind", ["TIMESTAMP", "words"])
def test_times_without_a_zone_are_those_of_the_clocks_of_the_shop(
    engine: tuple[Any, Fill], tmp_path: Path, at: str, counts: bool, kind: str
) -> None:
    bounds = Bounds(
        since=datetime(2025, 10, 26, 0, 30, tzinfo=UTC),
        until=datetime(2025, 10, 26, 2, 30, tzinfo=UTC),
    )
    types = {} if kind == "words" else {"created_at": kind}

    found = same(
        engine, tmp_path / "o.csv", [order(created_at=at)], bounds=bounds, zone=PARIS, types=types
    )

    assert bool(found.given) is counts


def test_the_second_one_of_an_hour_that_comes_twice_begins_the_window_at_its_end(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    bounds = Bounds(since=datetime(2025, 10, 26, 1, 30, tzinfo=UTC))
    rows = [
        order(customer_id="1", created_at="2025-10-26 02:45:00"),
        order(customer_id="2", created_at="2025-10-26 03:00:00"),
    ]

    found = same(engine, tmp_path / "orders.csv", rows, bounds=bounds, zone=PARIS)

    assert found.counts.outside == 1


def test_times_with_a_zone_are_moments(engine: tuple[Any, Fill], tmp_path: Path) -> None:
    rows = [
        order(customer_id="1", created_at="2025-03-02 00:59:29+01:00"),
        order(customer_id="2", created_at="2025-03-02 00:59:30+01:00"),
        order(customer_id="3", created_at="2025-03-03 00:00:00.9+00:00"),
        order(customer_id="4", created_at="2025-03-03 00:00:01+00:00"),
    ]
    types = {"created_at": "TIMESTAMP WITH TIME ZONE"}

    found = same(engine, tmp_path / "orders.csv", rows, bounds=BOUNDS, types=types)

    assert found.counts.outside == 2


def test_an_order_that_came_before_does_not_count_again(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    rows = [
        order(order_id="1", created_at="2024-01-01"),
        order(order_id="1"),
        order(order_id="1", total=""),
        order(order_id="1", created_at="2026-01-01"),
        order(order_id="2"),
    ]

    found = same(engine, tmp_path / "orders.csv", rows, bounds=BOUNDS)

    assert (found.counts.outside, found.counts.repeated) == (1, 2)
    assert found.unreadable == []
    assert b'"40.00"' in found.given


def test_two_currencies_of_one_customer_are_for_a_person(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    rows = [order(), order(order_id="2", currency="USD"), order(order_id="3", total="x")]

    found = same(engine, tmp_path / "orders.csv", rows)

    reason = 'customer "7" (lines 2, 3, 4): this customer has rows in EUR and USD'
    assert found.unreadable == [Unreadable(3, reason)]


def test_what_is_owed_reaches_those_who_get_no_gesture_but_not_test_accounts(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    connection, fill = engine
    rows = [
        order(customer_id=customer, order_id=f"{customer}{number}", **cells)
        for customer, cells in (("1", {"staff": "yes"}), ("2", {"segment": "test"}), ("3", {}))
        for number in range(2)
    ]
    path = write(tmp_path / "orders.csv", HEADER, rows)
    fill(connection, path)
    facts = {"share": 15}  # no tier holds for two orders that failed

    one = locally(path, policy(), facts)

    assert there(connection, policy(), facts) == one
    staff, test, other = (
        (row.excluded, [str(sum_) for sum_ in row.owed], row.order)
        for row in roll.decoded(one.given)
    )
    assert staff == ("", ["40.00", "0"], "10 11")
    assert other == ("", ["40.00", "0"], "30 31")
    assert test == ("test", [], "20 21")


def test_one_bad_row_makes_the_customer_bad_in_its_own_words(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    rows = [order(), order(order_id="2", total="-5"), order(order_id="3", total="1,234")]

    found = same(engine, tmp_path / "orders.csv", rows)

    reason = 'customer "7" (lines 2, 3, 4): total: "-5" is less than nothing'
    assert found.unreadable == [Unreadable(3, reason)]


@pytest.mark.parametrize("cell", ["1 234,50 EUR", "€5", "+5", "1,234.50", "1.1234567891"])
def test_what_only_a_local_run_can_read_is_for_a_person(
    engine: tuple[Any, Fill], tmp_path: Path, cell: str
) -> None:
    connection, fill = engine
    path = write(tmp_path / "orders.csv", HEADER, [order(total=cell)])
    fill(connection, path)

    found = there(connection, policy(), FACTS)

    reason = f'total: "{cell}" is not written as 1234.50, as a warehouse needs it'
    assert found.unreadable == [Unreadable(2, reason)]
    assert locally(path, policy(), FACTS).unreadable == []


def test_a_time_that_only_a_local_run_can_read_is_told_as_one(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    rows = [order(created_at="2025-03-02T10:00:00+01:00"), order(customer_id="8", created_at="x")]
    connection, fill = engine
    path = write(tmp_path / "orders.csv", HEADER, rows)
    fill(connection, path)

    one, other = there(connection, policy(), FACTS, BOUNDS).unreadable

    assert "is not written as 2025-03-02 10:15:00, as a warehouse needs it" in one.reason
    assert other.reason == '"x" is not a time'
    assert [row.line for row in locally(path, policy(), FACTS, BOUNDS).unreadable] == [3]


@pytest.mark.parametrize("value", ["'NaN'", "'Infinity'", "'-Infinity'", "1e300"])
def test_a_float_that_is_no_amount_is_for_a_person(
    engine: tuple[Any, Fill], tmp_path: Path, value: str
) -> None:
    connection, fill = engine
    fill(connection, write(tmp_path / "o.csv", HEADER, [order()]), total="DOUBLE PRECISION")
    connection.raw_sql(f"UPDATE orders SET total = {value}")

    (one,) = there(connection, policy(), FACTS).unreadable

    assert one.line == 2
    assert one.reason.startswith("total: ")


def test_a_float_that_is_nearly_nought_is_nought(engine: tuple[Any, Fill], tmp_path: Path) -> None:
    connection, fill = engine
    fill(connection, write(tmp_path / "o.csv", HEADER, [order()]), shipping="DOUBLE PRECISION")
    connection.raw_sql("UPDATE orders SET shipping = 1e-7")

    assert b'"20.00"' in there(connection, policy(), FACTS).given


@pytest.mark.parametrize(
    "word", ["O'Hara", "\\", "'; DROP TABLE orders; --", "{{x}}", "%s", '"', "Straße"]
)
def test_words_of_facts_and_policies_are_never_run(
    engine: tuple[Any, Fill], tmp_path: Path, word: str
) -> None:
    connection, fill = engine
    text = POLICY.replace("plan == 'gold' and failed >= 2", "plan == cause")
    path = write(tmp_path / "orders.csv", HEADER, [order(plan=word), order(customer_id="8")])
    fill(connection, path)
    facts = {**FACTS, "cause": word}

    one = locally(path, policy(text), facts)

    assert there(connection, policy(text), facts) == one
    assert b'"gold"' in one.given


def test_a_fact_that_nobody_has_answered_is_refused(duckdb: Any, tmp_path: Path) -> None:
    fill_duckdb(duckdb, write(tmp_path / "orders.csv", HEADER, [order()]))
    text = POLICY.replace("cause is defined and cause == 'us'", "cause == 'us'")

    with pytest.raises(CrisisError, match="needs to know cause"):
        plan(duckdb, "orders", policy(text), {"share": 15})


def test_a_condition_may_ask_whether_a_fact_is_known(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    connection, fill = engine
    path = write(tmp_path / "orders.csv", HEADER, [order()])
    fill(connection, path)
    facts = {"share": 15}

    one = locally(path, policy(), facts)

    assert there(connection, policy(), facts) == one
    assert b'"word"' in one.given


def test_without_a_column_that_numbers_them_rows_are_in_the_order_of_their_time(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    rows = [
        order(customer_id="9", order_id="5", name="Later", created_at="2025-03-02 12:00:00"),
        order(customer_id="9", order_id="6", name="First", created_at="2025-03-02 08:00:00"),
        order(customer_id="3", order_id="7", total="bad"),
    ]
    connection, fill = engine
    fill(connection, write(tmp_path / "orders.csv", HEADER, rows))

    twice = [
        list(warehouses.received(plan(connection, "orders", policy(), FACTS))) for _ in range(2)
    ]

    assert twice[0] == twice[1]
    bad, (customer, _) = twice[0]
    assert bad == Unreadable(1, 'total: "bad" is not a sum of money: write 12.50 EUR')
    assert (customer.line, customer.who.name) == (2, "First")


def test_a_column_that_does_not_number_the_rows_is_refused(duckdb: Any, tmp_path: Path) -> None:
    rows = [order(), order(order_id="2")]
    fill_duckdb(duckdb, write(tmp_path / "orders.csv", HEADER, rows), total="BIGINT")
    made = plan(duckdb, "orders", policy(), FACTS, line="total")

    with pytest.raises(CrisisError, match="does not number the rows"):
        made.counted()


def test_a_column_that_is_not_there_is_refused(duckdb: Any, tmp_path: Path) -> None:
    fill_duckdb(duckdb, write(tmp_path / "orders.csv", HEADER, [order()]))

    with pytest.raises(CrisisError, match='no column "number"'):
        plan(duckdb, "orders", policy(), FACTS, line="number")


def test_columns_may_be_called_as_ours_are(duckdb: Any) -> None:
    duckdb.raw_sql(
        "CREATE TABLE orders AS"
        " SELECT 1 AS nth, 'a' AS key, 'failed' AS fault, 5 AS kept, 2 AS line"
    )
    said = {"customer": "key", "status": "fault", "total": "kept", "shipping": "nth"}

    made = plan(duckdb, "orders", policy(), FACTS, said=said, line="line")

    ((customer, outcome),) = warehouses.received(made)
    assert (customer.line, customer.who.customer, outcome.owed[0]) == (2, "a", Decimal("4.00"))


def test_a_table_that_is_not_there_is_refused(engine: tuple[Any, Fill]) -> None:
    connection, _ = engine

    with pytest.raises(CrisisError, match='no table "no_such_table"'):
        plan(connection, "no_such_table", policy(), FACTS)


def test_a_warehouse_that_cannot_be_reached_is_told_without_its_password() -> None:
    warehouses.needs_ibis()

    with pytest.raises(CrisisError) as told:
        plan("postgres://ana:s3cret@localhost:1/shop", "orders", policy(), FACTS)

    assert "s3cret" not in told.value.message


def test_without_the_extra_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ibis", None)

    with pytest.raises(CrisisError) as told:
        plan("duckdb://shop.duckdb", "orders", policy(), FACTS)

    assert "pip install 'crisisctl[warehouse]'" in told.value.hint


def test_an_address_that_no_warehouse_has_is_refused() -> None:
    warehouses.needs_ibis()

    with pytest.raises(CrisisError, match='"shoebox"'):
        plan("shoebox://attic", "orders", policy(), FACTS)


def test_a_file_of_duckdb_is_only_read(tmp_path: Path) -> None:
    ibis = warehouses.needs_ibis()
    file = tmp_path / "shop.duckdb"
    connection = ibis.duckdb.connect(file)
    fill_duckdb(connection, write(tmp_path / "orders.csv", HEADER, [order()]))
    connection.disconnect()
    before = file.read_bytes()

    found = list(warehouses.received(plan(f"duckdb://{file}", "orders", policy(), FACTS)))

    assert len(found) == 1
    assert file.read_bytes() == before


def test_a_table_may_stand_in_a_schema(engine: tuple[Any, Fill], tmp_path: Path) -> None:
    connection, fill = engine
    fill(connection, write(tmp_path / "orders.csv", HEADER, [order()]))
    connection.raw_sql("DROP SCHEMA IF EXISTS shop CASCADE")
    connection.raw_sql("CREATE SCHEMA shop")
    connection.raw_sql("CREATE TABLE shop.sold AS SELECT * FROM orders")

    assert len(list(warehouses.received(plan(connection, "shop.sold", policy(), FACTS)))) == 1


def test_more_than_can_be_right_in_all_is_for_a_person(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    rows = [order(customer_id="1", order_id=f"{n}", total="1") for n in range(10)]
    rows += [order(customer_id="2", order_id=f"a{n}", total="40000") for n in range(3)]
    rows += [order(customer_id="3", order_id="b", total="40000.5", currency="JPY")]

    found = same(engine, tmp_path / "orders.csv", rows)

    told = [row.reason for row in found.unreadable]
    assert "failed: 10 is more than 9: a person must look" in told[0]
    assert "paid: 120000.00 EUR is more than 100000: a person must look" in told[1]
    assert len(found.unreadable) == 2


def test_an_order_that_came_before_and_said_otherwise_is_for_a_person(
    engine: tuple[Any, Fill], tmp_path: Path
) -> None:
    rows = [
        order(customer_id=customer, order_id=number, **cells)
        for customer, number, cells in (
            ("1", "a b", {}), ("1", "a b", {"total": "21"}), ("2", "c", {}), ("2", "d", {}),
            ("2", "d", {"currency": "USD"}), ("3", "e", {}), ("3", "e", {"total": "bad"}),
            ("4", "f", {}), ("4", "f", {"total": "20.00", "order_status": " FAILED"}),
            ("4", "f", {"order_status": "", "total": "", "currency": ""}),
        )
    ]  # fmt: skip

    found = same(engine, tmp_path / "orders.csv", rows)

    said = [row.reason.replace(" with different sums or words", "") for row in found.unreadable]
    assert said == [
        'customer "1": order "a b" stands in lines 2 and 3',
        'customer "2" (lines 4, 5): order "d" stands in lines 5 and 6',
        'customer "3": order "e" stands in lines 7 and 8',
    ]
