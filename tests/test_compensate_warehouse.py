"""`compensate plan --warehouse` and `compensate sql`: where the data is, with the same records.

They need the extra `warehouse`, and a PostgreSQL on the path. Without them they are skipped, unless
REQUIRE_WAREHOUSE is set, as in CI.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import warehouses
from conftest import Crisis
from refunded import PLAYBOOK, SOME, a_customer, an_export, declared, flat, issued, planned
from warehouses import NUMBER

pytestmark = pytest.mark.warehouse

SECRET = "hush-hush/42"  # it must be quoted in an address
COLUMNS = ("--columns", "customer_id=string", "--columns", "failed_orders=int64")


@pytest.fixture
def shop(crisis: Crisis, folder: Path) -> Path:
    """A declared incident; six customers in a file, and in a table of DuckDB."""
    declared(crisis, folder)
    filled(folder, an_export(folder / "c.csv", SOME))
    return folder


def filled(folder: Path, file: Path) -> None:
    connection = warehouses.needs_ibis().duckdb.connect(folder / "shop.db")
    warehouses.fill_duckdb(connection, file)
    connection.disconnect()


@pytest.fixture
def place(shop: Path) -> list[str]:
    """Where the table is, in the words of the command."""
    return ["--warehouse", f"duckdb:///{shop}/shop.db", "--table", "orders", "--line", NUMBER]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    warehouses.needs_ibis()
    with warehouses.postgres() as found:
        yield found


def asked(crisis: Crisis, *words: str) -> dict[str, Any]:
    ran = crisis("compensate", "plan", "--json", *words)
    assert ran.exit == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_a_table_gives_the_plan_that_its_export_gives(crisis: Crisis, place: list[str]) -> None:
    one = planned(crisis)

    other = asked(crisis, *place)

    assert other["hashes"]["result"] == one["hashes"]["result"]
    for name in ("lines", "customers", "expected", "rows", "largest", "by_country"):
        assert other.get(name) == one.get(name), name
    assert (one["file"], one["warehouse"]) == ("c.csv", None)
    assert (other["file"], other["warehouse"]) == ("orders", "duckdb")


def test_who_is_left_to_a_person_is_told_and_listed(
    crisis: Crisis, shop: Path, place: list[str]
) -> None:
    rows = [*SOME, a_customer("c7", double_charge="-3"), a_customer("c8", double_charge="1.234")]
    filled(shop, an_export(shop / "c.csv", rows))

    plan = asked(crisis, *place, "--unreadable", "people.csv")

    assert [row["line"] for row in plan["unreadable_rows"]] == [8, 9]
    assert (shop / "people.csv").read_text().count("Charged twice:") == 2


def test_what_was_read_is_told_apart_by_its_hash(
    crisis: Crisis, shop: Path, place: list[str]
) -> None:
    first = asked(crisis, *place)["hashes"]["input"]
    again = asked(crisis, *place)["hashes"]["input"]
    filled(shop, an_export(shop / "c.csv", [*SOME, a_customer("c9")]))

    more = asked(crisis, *place)["hashes"]["input"]

    assert first == again
    assert more != first


def test_a_plan_from_a_table_is_approved_and_handed_out(
    crisis: Crisis, shop: Path, place: list[str]
) -> None:
    asked(crisis, *place)

    out = issued(crisis)

    assert out["codes"] == 3
    assert crisis("verify").exit == 0


def test_no_file_can_be_compared_with_a_plan_from_a_table(
    crisis: Crisis, shop: Path, place: list[str]
) -> None:
    ran = crisis("compensate", "plan", *place)
    assert "Ready" not in ran.stdout
    approved = crisis("compensate", "approve")
    shown = crisis("compensate", "show")

    ran = crisis("compensate", "issue", "c.csv")

    assert approved.exit == 0
    assert "Ready: crisisctl compensate issue\n" in shown.stdout
    assert ran.exit == 2
    assert "no file can be compared with that" in flat(ran.stderr)


def test_changed_facts_ask_for_the_table_again(crisis: Crisis, folder: Path) -> None:
    declared(crisis, folder, PLAYBOOK.replace("{percent: 10,", "{percent: rate,"))
    filled(folder, an_export(folder / "c.csv", SOME))
    crisis("fact", "rate", "10")
    asked(crisis, "--warehouse", f"duckdb:///{folder}/shop.db", "--table", "orders")
    crisis("compensate", "approve")
    crisis("fact", "rate", "20")

    ran = crisis("compensate", "issue")

    assert ran.exit == 1
    assert "--warehouse URL --table orders" in flat(ran.stderr)


def test_what_if_asks_the_table_and_records_nothing(
    crisis: Crisis, shop: Path, place: list[str]
) -> None:
    change = ("--what-if", "tiers.lost.offer.percent=20")

    there = asked(crisis, *place, *change)
    here = planned(crisis, *change)

    assert there["what_if"] == here["what_if"]
    assert there["what_if"][0]["expected"] != there["expected"]
    assert crisis("compensate", "show").exit == 2


def test_without_a_column_of_numbers_customers_are_counted_as_they_come(
    crisis: Crisis, place: list[str]
) -> None:
    plan = asked(crisis, *place[:4])

    assert plan["customers"] == 4


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ((), "what is the plan to be reckoned from?"),
        (("c.csv", "--warehouse", "duckdb:///x.db", "--table", "orders"), "not from both"),
        (("c.csv", "--line", "nr"), "not from both"),
        (("--warehouse", "duckdb:///x.db"), "--table NAME is missing"),
        (("--table", "orders"), "--warehouse URL is missing"),
        (("--warehouse", "shop.db", "--table", "orders"), "no address of a warehouse"),
        (("--warehouse", "ftp://shop", "--table", "orders"), 'a warehouse of the kind "ftp"'),
        (("--warehouse", "postgres://ana:hush@h/d", "--table", "o"), "a password is written out"),
        (("--warehouse", "postgres://ana:${NO_SUCH}@h/d", "--table", "o"), "NO_SUCH is not set"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(
    crisis: Crisis, shop: Path, words: tuple[str, ...], what: str
) -> None:
    ran = crisis("compensate", "plan", *words)

    assert ran.exit == 2
    assert what in flat(ran.stderr)
    assert "hush" not in ran.stderr


def test_a_table_that_is_not_there_is_told(crisis: Crisis, shop: Path) -> None:
    ran = crisis("compensate", "plan", "--warehouse", f"duckdb:///{shop}/shop.db", "--table", "no")

    assert ran.exit == 2
    assert 'there is no table "no"' in flat(ran.stderr)


def test_a_password_from_the_environment_is_shown_nowhere(
    crisis: Crisis, shop: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = warehouses.needs_ibis().connect(address)
    warehouses.fill_postgres(connection, shop / "c.csv")
    connection.disconnect()
    monkeypatch.setenv("SHOP_PASSWORD", SECRET)
    url = address.replace("ana@", "ana:${SHOP_PASSWORD}@")

    ran = crisis("compensate", "plan", "--warehouse", url, "--table", "orders", "--json")

    assert ran.exit == 0, ran.stderr
    assert json.loads(ran.stdout)["warehouse"] == "postgres"
    seen = [ran.stdout, ran.stderr]
    for path in (shop / "home").rglob("*"):
        seen += [path.read_bytes().decode(errors="replace")] if path.is_file() else []
    assert not any("hush" in text or "SHOP_PASSWORD" in text for text in seen)


def test_the_whole_address_may_stand_in_the_environment(
    crisis: Crisis, shop: Path, place: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP", place[1])

    assert asked(crisis, "--warehouse", "${SHOP}", *place[2:])["customers"] == 4


def test_what_a_warehouse_says_is_told_without_the_password(
    crisis: Crisis, shop: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", SECRET)
    monkeypatch.setenv("SHOP_BASE", "no-such-base")
    url = address.replace("ana@/postgres", "ana:${SHOP_PASSWORD}@/${SHOP_BASE}")

    ran = crisis("compensate", "plan", "--warehouse", url, "--table", "orders")

    assert ran.exit == 1
    assert "the warehouse says:" in flat(ran.stderr)
    assert "•••" in ran.stderr
    assert "no-such-base" not in ran.stderr


def test_the_query_of_the_policy_is_printed_for_whoever_runs_it(crisis: Crisis, shop: Path) -> None:
    (shop / "columns.yaml").write_text("customer_id: string\nfailed_orders: int64\n")

    ran = crisis(
        *("compensate", "sql", "--dialect", "bigquery", "--columns", "columns.yaml"),
        *("--columns", "staff=boolean", "--table", "shop.orders"),
    )

    assert ran.exit == 0, ran.stderr
    assert ran.stdout.startswith("SELECT")
    assert "`shop`.`orders`" in ran.stdout
    assert "'lost'" in ran.stdout


def test_the_query_gives_the_tiers_that_a_plan_gives(
    crisis: Crisis, shop: Path, place: list[str]
) -> None:
    columns = [f"--columns={name}=string" for name in SOME[0]]
    ran = crisis("compensate", "sql", "--dialect", "duckdb", *columns, "--json")

    query = json.loads(ran.stdout)["query"]
    connection = warehouses.needs_duckdb().connect(str(shop / "shop.db"), read_only=True)
    rows = connection.execute(query).fetchall()
    names = [column[0] for column in connection.description]
    connection.close()

    found = {row[names.index("customer")]: row[names.index("tier")] for row in rows}
    assert found == {"c1": "lost", "c2": "", "c3": "held-up", "c4": "lost", "c5": "lost"}


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--dialect", "cobol", *COLUMNS), "no SQL that we can write"),
        (("--dialect", "duckdb", "--columns", "customer_id"), "write it as NAME=TYPE"),
        (("--dialect", "duckdb", "--columns", "none.yaml"), "none.yaml does not exist"),
        (("--dialect", "duckdb", "--columns", "list.yaml"), "names no columns"),
        (("--dialect", "duckdb", *COLUMNS, "--columns", "x=gold"), '"gold" is no type'),
    ],
)
def test_a_query_that_cannot_be_written_is_refused_in_one_line(
    crisis: Crisis, shop: Path, words: tuple[str, ...], what: str
) -> None:
    (shop / "list.yaml").write_text("- customer_id\n")

    ran = crisis("compensate", "sql", *words)

    assert ran.exit == 2
    assert what in flat(ran.stderr)
