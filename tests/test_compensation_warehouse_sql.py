"""The query of a plan in the words of warehouses that no test can reach.

The texts in `warehouse_sql` were read by a person. Each query is also run: translated for DuckDB by
the library that knows the words of all of them, it gives what the local run gives.
To write the texts anew after a change that was meant, set WRITE_SQL=1; then read them.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import warehouses
from test_compensation_warehouse import BOUNDS, FACTS, in_words, order
from warehouses import HEADER, NUMBER, fill_duckdb, policy, there, write

from crisisctl.compensation import roll
from crisisctl.compensation.customers import Bounds
from crisisctl.compensation.warehouse import sql
from crisisctl.errors import CrisisError

pytestmark = pytest.mark.warehouse

TEXTS = Path(__file__).with_name("warehouse_sql")
DIALECTS = ("bigquery", "snowflake", "spark")
SMALL = """
currency: EUR
harm:
  failed: {count: "status == 'failed'"}
  paid: {type: money, sum: total, when: "status == 'failed'"}
about:
  status: {type: text}
  total: {type: money}
  staff: {type: flag}
exclude:
  - {id: staff, when: staff, because: "It's us."}
owed:
  - {id: money-back, when: "failed > 0", refund: paid}
tiers:
  - id: thanks
    when: 'failed >= 2 and cause == "it''s us"'
    offer: {amount: 5.50 EUR}
"""
COLUMNS = {
    "customer_id": "string", "order_id": "string", "status": "string", "total": "decimal(12, 2)",
    "staff": "boolean", "created_at": "timestamp('UTC')", NUMBER: "int64",
}  # fmt: skip


@pytest.fixture
def sqlglot() -> Any:
    warehouses.needs_ibis()
    import sqlglot

    return sqlglot


@pytest.fixture
def duckdb() -> Iterator[Any]:
    connection = warehouses.needs_ibis().duckdb.connect()
    connection.raw_sql("SET enable_progress_bar = false")
    yield connection
    connection.disconnect()


def small(dialect: str) -> str:
    return sql(
        policy(SMALL), {"cause": "It's us"}, COLUMNS, dialect, table="shop.orders",
        bounds=Bounds(since=datetime(2025, 3, 2, tzinfo=UTC)), line=NUMBER,
    )  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_query_is_the_one_that_a_person_has_read(sqlglot: Any, dialect: str) -> None:
    file = TEXTS / f"{dialect}.sql"
    if os.environ.get("WRITE_SQL"):
        file.write_text(small(dialect) + "\n", encoding="utf-8")
    words = "databricks" if dialect == "spark" else dialect

    found, read = (
        sqlglot.parse_one(text, dialect=words)
        for text in (small(dialect), file.read_text(encoding="utf-8"))
    )

    assert found == read


@pytest.mark.parametrize("dialect", [*DIALECTS, "databricks", "duckdb"])
def test_the_query_gives_the_same_once_it_is_translated(
    sqlglot: Any, duckdb: Any, tmp_path: Path, dialect: str
) -> None:
    dice = random.Random(5)
    rows = [in_words(dice, 60) for _ in range(200)]
    fill_duckdb(duckdb, write(tmp_path / "orders.csv", HEADER, rows))
    columns = {NUMBER: "int64", **dict.fromkeys(HEADER, "string")}
    words = "databricks" if dialect == "spark" else dialect

    text = sql(policy(), FACTS, columns, dialect, bounds=BOUNDS, line=NUMBER)
    (query,) = sqlglot.transpile(text, read=words, write="duckdb")
    query = query.replace("AS DECIMAL)", "AS DECIMAL(38, 9))")  # BigQuery's numbers have nine
    cursor = duckdb.raw_sql(query)
    names = [column[0] for column in cursor.description]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    run = there(duckdb, policy(), FACTS, BOUNDS)
    lines = [row["line"] for row in found if row["fault"] is None]
    assert lines == [row.line for row in roll.decoded(run.given)]
    assert [row["wrong_line"] for row in found if row["fault"]] == [
        bad.line for bad in run.unreadable
    ]
    counted = {row["tier"] for row in found if not row["fault"] and not row["excluded"]}
    assert counted - {""} == {line.id for line in run.bill if line.part == "tier"}


def test_a_dialect_that_nobody_knows_is_refused() -> None:
    warehouses.needs_ibis()

    with pytest.raises(CrisisError, match="no SQL that we can write"):
        small("cobol")


def test_a_type_that_nobody_knows_is_refused() -> None:
    warehouses.needs_ibis()

    with pytest.raises(CrisisError, match='"gold" is no type of a column'):
        sql(policy(SMALL), {"cause": "us"}, {**COLUMNS, "total": "gold"}, "snowflake")


def test_a_number_that_no_warehouse_can_hold_is_refused() -> None:
    warehouses.needs_ibis()
    text = SMALL.replace("failed >= 2", "failed >= 10000000000000")

    with pytest.raises(CrisisError, match="cannot be asked of a warehouse"):
        sql(policy(text), {"cause": "us"}, COLUMNS, "duckdb")


def test_the_query_of_a_plan_can_be_shown(duckdb: Any, tmp_path: Path) -> None:
    fill_duckdb(duckdb, write(tmp_path / "orders.csv", HEADER, [order()]))
    made = warehouses.plan(duckdb, "orders", policy(), FACTS)

    assert "ROW_NUMBER() OVER" in made.sql()
    assert len(duckdb.raw_sql(made.sql()).fetchall()) == 1
