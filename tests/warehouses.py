"""A policy over the same rows twice: by a local run over a file, and in a warehouse."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from crisisctl.compensation import planning, roll
from crisisctl.compensation.bill import Bill, Line
from crisisctl.compensation.customers import Bounds, Counts, Customer, Export
from crisisctl.compensation.deciding import Facts, Outcome
from crisisctl.compensation.warehouse import Judged, Plan, plan
from crisisctl.playbook.policy import Policy
from crisisctl.tables.unreadable import Unreadable

NUMBER = "nr"
"""The column that numbers the rows of a table, as the lines of the file are."""

POLICY = """
currency: EUR
rates: {USD: "0.9", JPY: "0.006", KWD: "3"}
cap: [60 EUR, 70 USD, 9000 JPY]
harm:
  failed: {count: "status == 'failed'", most: 9}
  paid: {type: money, sum: total - shipping, when: "status in ['failed', 'late']", most: 100000}
  shipping_paid: {type: money, names: [postage], together: most}
  late: {type: flag}
  days: {type: number, together: most, most: 400}
  plan: {type: text}
about:
  status: {type: text, names: [order_status]}
  total: {type: money, most: 50000}
  shipping: {type: money}
  staff: {type: flag}
exclude:
  - {id: test, when: "segment == 'test'", because: Nobody., owed: false}
  - {id: staff, when: "staff or email in ['boss@shop.example']", because: Staff.}
  - {id: abroad, when: "country not in ['de', 'fr', ''] and locale != 'fr'", because: Not there.}
owed:
  - {id: money-back, when: "failed > 0", refund: paid}
  - {id: postage-back, when: "late and shipping_paid > 0", refund: shipping_paid}
tiers:
  - id: gold
    when: "plan == 'gold' and failed >= 2"
    offer: {percent: share, order: [60 EUR, 75 USD, 8000 JPY], up_to: [50 EUR, 5.50 USD, 500 JPY]}
  - {id: back, when: "days >= 7.5", offer: {refund: shipping_paid + paid}, redemption: 50}
  - id: known
    when: "cause is defined and cause == 'us' and failed > 0"
    offer: {credit: [10 EUR, 11 USD, 1500 JPY]}
  - {id: slow, when: "late or -days < -3", offer: {free_delivery: [4.99 EUR, 6 USD]}}
  - {id: word, when: "failed == 1 and not late", offer: {apology: true}}
"""
HEADER = (
    *("order_id", "customer_id", "email", "name", "language", "country", "segment", "currency"),
    *(
        "created_at",
        "order_status",
        "total",
        "shipping",
        "postage",
        "late",
        "days",
        "plan",
        "staff",
    ),
)


def policy(text: str = POLICY) -> Policy:
    return msgspec.yaml.decode(text, type=Policy)


class Came(NamedTuple):
    """What a run gives."""

    given: bytes
    """The list, as it stands in its file."""
    unreadable: list[Unreadable]
    bill: list[Line]
    unaffected: int
    counts: Counts


def write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def _line(one: Judged) -> int:
    return one.line if isinstance(one, Unreadable) else one[0].line


def came(policy: Policy, found: Iterator[Judged], counts: Counts, others: int) -> Came:
    """The list, the bill and the rest of it, in the order of the lines."""
    given, unreadable, bill = [], [], Bill(policy)
    for each in sorted(found, key=_line):
        if isinstance(each, Unreadable):
            unreadable.append(each)
            continue
        customer, outcome = each
        bill.add(customer, outcome)
        given.append(roll.given(policy, customer, outcome))
    kept = roll.lines([each for each in given if each is not None])
    return Came(kept, unreadable, bill.lines(), bill.unaffected + others, counts)


def locally(
    path: Path, policy: Policy, facts: Facts, bounds: Bounds | None = None, zone: tzinfo = UTC
) -> Came:
    export = Export(path, policy, said={}, bounds=bounds or Bounds(), time_zone=zone)
    kept, people = io.BytesIO(), list[Unreadable]()
    found = planning.reckon(export, facts, sink=kept, lost=people.append)
    given = sorted(roll.decoded(kept.getvalue()), key=lambda row: row.line)
    people.sort(key=lambda row: row.line)
    return Came(roll.lines(given), people, found.bill.lines(), found.bill.unaffected, export.counts)


def there(
    connection: Any, policy: Policy, facts: Facts, bounds: Bounds | None = None, zone: tzinfo = UTC
) -> Came:
    """The same in a warehouse, over its table `orders`."""
    made = plan(connection, "orders", policy, facts, bounds=bounds, time_zone=zone, line=NUMBER)
    counts, others = made.counted()
    return came(policy, received(made), counts, others)


def received(made: Plan) -> Iterator[tuple[Customer, Outcome] | Unreadable]:
    for block in made.blocks():
        yield from block


def unable(reason: str) -> None:
    if os.environ.get("REQUIRE_WAREHOUSE"):
        pytest.fail(f"REQUIRE_WAREHOUSE is set, but {reason}")
    pytest.skip(reason)


def needs_ibis() -> Any:
    try:
        import ibis
    except ImportError:
        unable("Ibis is not installed: pip install -e '.[warehouse]'")
    return ibis


def needs_duckdb() -> Any:
    try:
        import duckdb
    except ImportError:
        unable("DuckDB is not installed: pip install -e '.[parquet]'")
    return duckdb


def fill_duckdb(connection: Any, path: Path, **types: str) -> None:
    """The rows of a file as the table `orders`; columns without a type are words."""
    columns = ", ".join(
        f'TRY_CAST("{name}" AS {types[name]}) AS "{name}"' if name in types else f'"{name}"'
        for name in _header(path)
    )
    connection.raw_sql(
        f"CREATE OR REPLACE TABLE orders AS SELECT row_number() OVER () + 1 AS {NUMBER}, {columns}"
        f" FROM read_csv('{path}', all_varchar = true, header = true, parallel = false)"
    )


def fill_postgres(connection: Any, path: Path, **types: str) -> None:
    columns = ", ".join(f'"{name}" {types.get(name, "text")}' for name in _header(path))
    names = ", ".join(f'"{name}"' for name in _header(path))
    with connection.con.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS orders")
        cursor.execute(f"CREATE TABLE orders ({NUMBER} serial, {columns})")
        with cursor.copy(f"COPY orders ({names}) FROM STDIN WITH (FORMAT csv, HEADER)") as copy:
            copy.write(path.read_bytes())
        cursor.execute(f"UPDATE orders SET {NUMBER} = {NUMBER} + 1")
    connection.con.commit()


def _header(path: Path) -> list[str]:
    with path.open(newline="", encoding="utf-8") as file:
        return next(csv.reader(file))


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL of our own, on a socket in a folder of its own; gives its address."""
    programs = {name: shutil.which(name) for name in ("initdb", "pg_ctl")}
    if not all(programs.values()):
        unable("there is no PostgreSQL: its initdb and pg_ctl must be on the path")
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        # it refuses to run as root
        who: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        if os.getuid() == 0:
            shutil.chown(folder, who["user"], who["group"])
        else:
            who = {}
        data = f"{folder}/data"

        def run(*command: str) -> None:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=60, check=False, **who,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": folder},
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
            assert done.returncode == 0, done.stdout + done.stderr

        run(str(programs["initdb"]), "-D", data, "-U", "ana", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
        pg_ctl = str(programs["pg_ctl"])
        run(pg_ctl, "-D", data, "-w", "-o", options, "-l", f"{folder}/log", "start")
        try:
            yield f"postgres://ana@/postgres?host={folder}"
        finally:
            run(pg_ctl, "-D", data, "-m", "immediate", "stop")
