"""Measures the files of codes against csv.writer, and reading them back against a bare reader.

Run it with `python tests/benchmarks/bench_compensation_files.py [--rows N]`; with the million
codes that it has by default it takes two minutes. csv.writer is given the finished fields of the
same rows, and what both wrote is compared byte for byte. The bare reader only splits six short
cells, and understands none. Memory is told on Linux only.
"""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from pairs import compare

from crisisctl.compensation import paying
from crisisctl.compensation.codes import Mint
from crisisctl.compensation.paying import Refund
from crisisctl.compensation.receipts import Receipts
from crisisctl.compensation.redemptions import redeemed
from crisisctl.compensation.vouchers import FORMATS, Terms, Voucher, rows
from crisisctl.text import zone_of

ROWS = 1_000_000
BLOCK = 1000
"""Codes that are handed out at a time."""
WRITING = 1.5
READING = 16.0
LARGEST = 300
"""MiB that reading a million uses may take."""
ZONE = zone_of("Europe/Paris")
BEGAN = datetime(2026, 11, 27, 19, 4, tzinfo=UTC)
NAMES = ("user{}", "ana.müller{}", "o'neil+{}", "jo_{}")
TOLD = """\
import sys
from pathlib import Path
from crisisctl.compensation.receipts import Receipts
from crisisctl.compensation.redemptions import redeemed
found = redeemed(Receipts(Path(sys.argv[1]), currencies=("EUR", "TRY")), lambda code: "lost-order")
status = Path("/proc/self/status").read_text()  # getrusage tells of the parent's memory, too
print(found.count, found.twice.many, int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""


def vouchers(many: int) -> list[list[Voucher]]:
    """Codes of two tiers in two currencies, in blocks."""
    mint, ends = Mint(b"k" * 32, "outage-2026-11-27"), BEGAN + timedelta(days=60)
    tiers = (
        ("lost-order", "Lost order", "percent", Decimal(20), Decimal("12.00"), Decimal(50), "EUR"),
        ("waited", "Waited, and more", "amount", None, Decimal("100.00"), None, "TRY"),
    )
    terms = [Terms(*tier, BEGAN, ends) for tier in tiers]
    made = []
    for number in range(many):
        mail = f"{NAMES[number % 4].format(number)}@mail.example"
        code = mint.code(f"C-{number}")[0]
        made.append(Voucher(code, f"C-{number}", mail, terms[number % 2]))
    return [made[at : at + BLOCK] for at in range(0, many, BLOCK)]


def bare(fields: Sequence[Sequence[Sequence[str]]]) -> list[bytes]:
    """The same rows by csv.writer, which only has to put their fields together."""
    found = []
    for block in fields:
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows(block)
        found.append(out.getvalue().encode())
    return found


def writing(name: str, ours: Callable[[], list[bytes]]) -> None:
    """Compare what is written, then how long it takes."""
    made = ours()
    fields = [list(csv.reader(io.StringIO(block.decode(), newline=""))) for block in made]
    if bare(fields) != made:
        raise SystemExit(f"{name}: csv.writer writes other bytes")
    del made
    compare(name, ours, lambda: bare(fields), budget=WRITING, pairs=3)


def used(path: Path, blocks: Sequence[Sequence[Voucher]]) -> None:
    """A list of uses: one in a hundred codes is used a second time."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("code", "used_at", "discount", "order total", "currency", "order"))
        for number, one in enumerate(one for block in blocks for one in block):
            at = BEGAN + timedelta(seconds=number)
            row = [one.code, f"{at:%Y-%m-%d %H:%M:%S}", "12.00", "60.00", one.currency, number]
            writer.writerow(row)
            if number % 100 == 0:
                writer.writerow([*row[:-1], f"again-{number}"])


def read(path: Path) -> None:
    """Read rows, and nothing else."""
    with path.open(newline="", encoding="utf-8") as file:
        for _ in csv.reader(file):
            pass


def memory(path: Path) -> None:
    """Tell the most that a process of its own takes."""
    done = subprocess.run(
        [sys.executable, "-c", TOLD, str(path)], capture_output=True, text=True, check=True
    )
    uses, twice, most = map(int, done.stdout.split())
    within = "within" if most <= LARGEST else "OVER"
    print(f"  {uses} uses, {twice} of them a second one, {most} MiB of {LARGEST}, {within}")


if __name__ == "__main__":
    many = int(sys.argv[sys.argv.index("--rows") + 1]) if "--rows" in sys.argv else ROWS
    blocks = vouchers(many)
    for format in FORMATS:
        writing(format, lambda format=format: [rows(format, block, ZONE) for block in blocks])
    money = [
        [
            Refund(f"outage-1/double/{one.customer}", one.customer, one.email, one.currency,
                   Decimal("49.90"), "double", "Charged twice")
            for one in block
        ]
        for block in blocks
    ]  # fmt: skip
    writing("refunds", lambda: [paying.rows(block) for block in money])
    del money
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "used.csv")
        used(path, blocks)
        del blocks
        compare(
            "used codes",
            lambda: redeemed(Receipts(path, currencies=("EUR", "TRY")), lambda _: "lost-order"),
            lambda: read(path),
            budget=READING,
            pairs=3,
        )
        memory(path)
