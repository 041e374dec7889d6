"""Killed at any moment, handing out goes on to the same end: each code once, each sum once."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from deadly import CHILD
from refunded import SOME, a_customer, a_shop, an_export, read
from terminal import PROGRAM, world

from crisisctl.compensation.ledger import Ledger

PLACES = [
    *(("begin", 1), ("add", 1), ("add", 2), ("file", 1), ("file", 2), ("done", 1)),
    *(("commit", 1), ("placed", 1), ("append", 1)),
]
POINTS = [
    *((where, "before", number) for where, number in PLACES),
    ("append", "after", 1),
    # after one of them is much as before the next one
    *(
        pytest.param(where, "after", number, marks=pytest.mark.slow)
        for where, number in PLACES
        if where != "append"
    ),
]
ROWS = [*SOME, *(a_customer(f"m{n}", failed_orders=1, double_charge="0.05") for n in range(8))]


def run(folder: Path, *words: str, child: tuple[object, ...] = ()) -> tuple[int, str]:
    """A command in a process of its own, which may kill itself."""
    start = [sys.executable, CHILD, *map(str, child)] if child else [str(PROGRAM)]
    env = {**world(folder / "home"), "CRISISCTL_OPERATOR": "ana"}
    done = subprocess.run([*start, *words], cwd=folder, env=env, capture_output=True, check=False)
    return done.returncode, done.stderr.decode()


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan that is approved, and the ledger with its secret."""
    folder = tmp_path_factory.mktemp("approved")
    a_shop(folder)
    an_export(folder / "c.csv", ROWS)
    run(folder, "start", "small", "--no-input", "--set", "began=2026-11-27T10:00+01:00")
    assert run(folder, "compensate", "plan", "c.csv", child=("begin", "never", 0))[0] == 0
    assert run(folder, "compensate", "approve")[0] == 0
    with Ledger(folder / "home" / "compensation" / "ledger.db", create=True):
        pass
    return folder


@pytest.fixture(scope="module")
def undisturbed(approved: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, object]:
    """What is there in the end when nothing goes wrong."""
    folder = tmp_path_factory.mktemp("undisturbed") / "shop"
    shutil.copytree(approved, folder)
    assert run(folder, "compensate", "issue", "c.csv")[0] == 0
    return end(folder)


def end(folder: Path) -> Mapping[str, object]:
    """Codes, refunds and the ledger, without the moments."""
    (out,) = (folder / "home" / "outbox").glob("*/compensation-1")
    with sqlite3.connect(folder / "home" / "compensation" / "ledger.db") as ledger:
        given = ledger.execute("SELECT * FROM given ORDER BY start").fetchall()
        outcomes = ledger.execute("SELECT * FROM outcomes ORDER BY id").fetchall()
        issues = ledger.execute("SELECT count(*) FROM issues").fetchone()
    ledger.close()
    return {
        "codes": {row["customer"]: row["code"] for row in read(out / "codes-plain.csv")},
        "refunds": [(row["customer"], row["sum"]) for row in read(out / "refunds.csv")],
        "books": (out / "accounting.csv").read_bytes(),
        "given": given,
        "outcomes": outcomes,
        "issues": issues,
    }


@pytest.mark.parametrize(("where", "moment", "number"), POINTS)
def test_killed_it_comes_to_the_same_end(
    approved: Path,
    undisturbed: Mapping[str, object],
    tmp_path: Path,
    where: str,
    moment: str,
    number: int,
) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(approved, folder)

    exit_, _ = run(folder, "compensate", "issue", "c.csv", child=(where, moment, number))
    assert exit_ == -9
    again = run(folder, "compensate", "issue", "c.csv")

    assert again[0] == 0, again[1]
    assert end(folder) == undisturbed
    told = subprocess.run(
        [str(PROGRAM), "timeline"], cwd=folder, env=world(folder / "home"), capture_output=True
    ).stdout.decode()
    assert told.count("Handed out compensation plan 1") == 1
    assert not list((folder / "home").rglob("*.part"))
