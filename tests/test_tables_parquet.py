"""A Parquet file is read like the CSV file that was exported from the same table.

They need the extra `parquet`. Without it they are skipped, unless REQUIRE_WAREHOUSE is set.
"""

from __future__ import annotations

import csv
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from warehouses import HEADER, POLICY, locally, needs_duckdb, policy

from crisisctl.compensation.customers import Bounds, Export
from crisisctl.errors import CrisisError
from crisisctl.tables.opening import opened
from crisisctl.tables.parquet import Parquet, is_one
from crisisctl.tables.unreadable import Unreadable

pytestmark = pytest.mark.warehouse

FACTS = {"share": 15}


def save(path: Path, query: str) -> Path:
    """The rows of a query as a Parquet file."""
    connection = needs_duckdb().connect()
    connection.execute("SET TimeZone = 'Europe/Paris'")
    connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    connection.close()
    return path


def rows_of(path: Path) -> list[Any]:
    found: list[Any] = []
    with opened(path, len) as table:
        while (rows := table.take(7)) is not None:
            found += rows
    return found


def test_cells_are_the_words_that_a_csv_file_would_have(tmp_path: Path) -> None:
    file = save(
        tmp_path / "o.parquet",
        "SELECT 7 AS id, 12.50::DECIMAL(9, 2) AS sum, 0.1::DOUBLE AS share, TRUE AS late,"
        " TIMESTAMP '2025-03-02 10:00:00' AS at, TIMESTAMPTZ '2025-03-02 10:00:00+01' AS then,"
        " DATE '2025-03-02' AS day, NULL AS nothing, 'a, \"b\"' AS name",
    )

    with opened(file, len) as table:
        header = table.header
        (row,) = table.take(10) or []

    assert header == ["id", "sum", "share", "late", "at", "then", "day", "nothing", "name"]
    assert row == (
        2,
        [
            *("7", "12.50", "0.1", "true", "2025-03-02 10:00:00", "2025-03-02 09:00:00+00"),
            *("2025-03-02", "", 'a, "b"'),
        ],
    )


def test_a_plan_over_parquet_is_that_over_the_csv_file(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    cells = {"currency": "EUR", "order_status": "failed", "shipping": "0.005", "late": "true"}
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(3_000):
            row = {
                **cells, "order_id": str(number), "customer_id": str(number % 1_700),
                "created_at": f"2025-03-02 10:00:{number % 60:02d}",
                "total": f"{number % 90}.{number % 100:02d}" if number % 50 else "-1.00",
            }  # fmt: skip
            writer.writerow([row.get(name, "") for name in HEADER])
    source = f"read_csv('{path}', all_varchar = true)"
    parquet = save(
        tmp_path / "orders.parquet",
        f"SELECT * REPLACE (created_at::TIMESTAMP AS created_at, total::DECIMAL(9, 2) AS total,"
        f" late::BOOLEAN AS late, shipping::DOUBLE AS shipping) FROM {source}",
    )
    bounds = Bounds(since=datetime(2025, 3, 2, 10, 0, 9, tzinfo=UTC))

    found = locally(parquet, policy(POLICY), FACTS, bounds)

    assert found == locally(path, policy(POLICY), FACTS, bounds)
    assert found.counts.outside == 450
    assert len(found.unreadable) > 30


def test_rows_are_numbered_as_lines_and_empty_ones_left_out(tmp_path: Path) -> None:
    file = save(
        tmp_path / "o.parquet",
        "SELECT CASE WHEN n <> 3 THEN n END AS id FROM range(20) AS t(n)",
    )

    found = rows_of(file)

    assert [line for line, _ in found] == [line for line in range(2, 22) if line != 5]


def test_a_row_beyond_all_measure_is_told(tmp_path: Path) -> None:
    file = save(tmp_path / "o.parquet", "SELECT repeat('x', 2000000) AS a UNION ALL SELECT 'y'")

    assert rows_of(file) == [Unreadable(2, "the row is longer than 1024 KiB"), (3, ["y"])]


@pytest.mark.parametrize("kept", [4, 5, 60])
def test_a_file_that_was_cut_off_is_refused_in_one_line(tmp_path: Path, kept: int) -> None:
    file = save(tmp_path / "o.parquet", "SELECT n AS id FROM range(1000) AS t(n)")
    file.write_bytes(file.read_bytes()[:kept])

    with pytest.raises(CrisisError) as told:
        rows_of(file)

    assert "cannot be read" in told.value.message
    assert "\n" not in told.value.message


def test_a_name_that_stands_for_several_files_is_refused(tmp_path: Path) -> None:
    file = save(tmp_path / "o.parquet", "SELECT 1 AS id")
    odd = file.rename(tmp_path / "*.parquet")

    with pytest.raises(CrisisError, match="cannot be opened under this name"):
        rows_of(odd)


def test_parquet_without_a_customer_says_which_columns_there_are(tmp_path: Path) -> None:
    file = save(tmp_path / "o.parquet", "SELECT 1 AS total")

    with pytest.raises(CrisisError, match='the columns are "total"'):
        Export(file, policy(), said={}, bounds=Bounds(), time_zone=UTC)


def test_without_the_extra_one_line_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "o.parquet"
    file.write_bytes(b"PAR1 and so on")
    monkeypatch.setitem(sys.modules, "duckdb", None)

    with pytest.raises(CrisisError) as told:
        Parquet(file)

    assert "pip install 'crisisctl[parquet]'" in told.value.hint


def test_a_file_that_nobody_may_read_is_not_taken_for_parquet(tmp_path: Path) -> None:
    assert not is_one(tmp_path / "not-there.parquet")
    assert not is_one(Path(os.devnull))
