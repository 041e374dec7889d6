"""Measures plan and issue of a compensation against reading and writing the file with `csv`.

Run it with `python tests/benchmarks/bench_compensation.py [FOLDER] [--rows N]`. The customers'
export has one row for each; the orders' export has traps, and many customers several times.
Memory is told on Linux only.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

from installed import Installed, installed
from pairs import compare, seconds

sys.path.insert(0, str(Path(__file__).parents[1]))
import trapped

ROWS = 1_000_000
LARGEST = 64
"""MiB that the whole may take, whatever the length of the file."""

POLICY = """
currency: EUR
rates: {TRY: "0.02", JPY: "0.006", KWD: "3"}
harm:
  double_charge: {type: money, names: [double charge total]}
  failed_orders: {count: "status in ['failed', 'cancelled']"}
  late_shipping: {type: money}
  minutes: {together: most, names: [minutes affected]}
about: {status: {type: text}, staff: {type: flag}}
exclude: [{id: staff, when: staff, because: Employees are not customers}]
owed: [{id: double, when: double_charge > 0, refund: double_charge}]
tiers:
  - {id: lost, when: failed_orders > 0, redemption: 40, margin_effect: 60,
     offer: {percent: 10, order: [60 EUR, 2500 TRY, 9000 JPY, 20 KWD]}}
  - {id: late, when: late_shipping > 0, offer: {refund: late_shipping}}
  - {id: held-up, when: minutes >= 60, redemption: 25,
     offer: {amount: [5 EUR, 200 TRY, 800 JPY, 1.5 KWD]}}
"""
OURS = f"""
import resource, sys
from datetime import UTC
from pathlib import Path
import msgspec, yaml
from crisisctl.compensation.bill import Bill
from crisisctl.compensation.customers import Bounds, Export
from crisisctl.compensation.reckoning import reckon
from crisisctl.playbook.policy import Policy
folder, name, processes = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
policy = msgspec.convert(yaml.safe_load({POLICY!r}), Policy)
export = Export(folder / name, policy, said={{}}, bounds=Bounds(), time_zone=UTC)
bill = Bill(policy)
with (folder / f"roll-{{processes}}").open("wb") as out:
    for part in reckon(export, {{}}, bill, processes=processes):
        out.write(part.roll)
status = Path("/proc/self/status").read_text()  # getrusage tells of the parent's memory, too
own = int(status.partition("VmHWM:")[2].split()[0]) // 1024
helper = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
(folder / "peak").write_text(f"{{own}} {{helper}}")
"""
FLOOR = """
import csv, sys
from pathlib import Path
folder, name = Path(sys.argv[1]), sys.argv[2]
csv.field_size_limit(1 << 20)
with (folder / name).open(newline="", encoding="utf-8") as source, \\
     (folder / "copy").open("w", newline="", encoding="utf-8") as out:
    csv.writer(out).writerows(csv.reader(source))
"""


def customers(path: Path, rows: int) -> None:
    """An export of so many customers; the same for the same number."""
    chance = random.Random(rows)
    with path.open("w", encoding="utf-8") as file:
        file.write("customer_id,email,name,locale,country,segment,currency,failed_orders,")
        file.write("double_charge_total,late_shipping,minutes_affected,staff\n")
        for number in range(rows):
            twice = f"{chance.randint(100, 20000) / 100:.2f}" if chance.random() < 0.05 else "0.00"
            late = chance.choice(("3.90", "4.90", "6.90")) if chance.random() < 0.2 else "0"
            file.write(
                f"c-{number},user{number}@shop.example,Name {number},"
                f"{chance.choice(('fr', 'en', 'es', 'tr', 'ru'))},"
                f"{chance.choice(('FR', 'DE', 'ES', 'TR', 'US'))},"
                f"{'gold' if chance.random() < 0.1 else 'std'},"
                f"{'TRY' if chance.random() < 0.1 else 'EUR'},{int(chance.random() < 0.3)},"
                f"{twice},{late},{chance.randint(0, 180)},"
                f"{'yes' if chance.random() < 0.01 else 'no'}\n"
            )


def work(
    place: Installed, code: str, folder: Path, name: str, processes: int = 1
) -> Callable[[], None]:
    """A whole process over such a file."""
    return lambda: place.script(code, str(folder), name, str(processes))


def bench_plan(place: Installed, folder: Path, name: str, rows: int) -> None:
    """One core and two against reading and writing the file on one."""
    floor = work(place, FLOOR, folder, name)
    for processes, budget in ((1, 2.5), (2, 1.5)):
        ours = work(place, OURS, folder, name, processes)
        told = f"{rows:,} rows, {name}, {processes} process(es) / csv read and write"
        compare(told, ours, floor, budget=budget, pairs=5)
        own, helper = map(int, (folder / "peak").read_text().split())
        print(
            f"  {own} MiB of {LARGEST}" + (f", helper {helper} MiB" if helper else ""), flush=True
        )
    same = (folder / "roll-1").read_bytes() == (folder / "roll-2").read_bytes()
    print(f"  byte for byte the same: {same}", flush=True)


PLAYBOOK = f"""
playbook: small
title: Small crisis
facts: {{began: {{type: time, ask: Since when?, example: "2026-11-27T10:00+01:00"}}}}
close_needs: []
stages:
  assess: [{{id: look, title: Look at it, ask: [began]}}]
compensation:{POLICY.replace(chr(10), chr(10) + "  ")}
"""


def bench_whole(place: Installed, folder: Path, name: str, rows: int) -> None:
    """Plan, approval and issue as they are typed, on one core and on two."""
    (folder / "playbooks").mkdir(exist_ok=True)
    (folder / "playbooks" / "small.yaml").write_text(PLAYBOOK)
    (folder / "crisisctl.yaml").write_text("brand: {name: Kestrel}\n")
    place.run(
        "start", "small", "--set", "began=2026-11-27T10:00+01:00", "--no-input", leaves=(0, 2)
    )
    fresh, floor = folder / "home", work(place, FLOOR, folder, name)
    kept = folder / "declared"
    shutil.copytree(fresh, kept, dirs_exist_ok=True)

    def handed_out() -> None:
        shutil.rmtree(fresh)
        shutil.copytree(kept, fresh)
        place.run("compensate", "plan", name)
        place.run("compensate", "approve")
        place.run("compensate", "issue", name)

    cores = os.sched_getaffinity(0)
    for many, budget in ((1, 2.5), (2, 1.5)):
        os.sched_setaffinity(0, sorted(cores)[:many])
        told = f"{rows:,} customers planned and handed out on {many} core(s) / csv read and write"
        compare(told, handed_out, floor, budget=budget, pairs=5)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(f"  {peak} MiB of {LARGEST} in the largest process so far", flush=True)
    os.sched_setaffinity(0, cores)


def bench_growth(place: Installed, folder: Path, rows: int) -> None:
    """Ten times the customers take hardly more than ten times as long."""
    few, many = (work(place, OURS, folder, f"{n}.csv") for n in (rows // 10, rows))
    ratio = median(seconds(many) / seconds(few) for _ in range(3))
    print(f"{rows:,} / {rows // 10:,} customers: {ratio:.1f} of 11.0", flush=True)


if __name__ == "__main__":
    number = ROWS
    if "--rows" in sys.argv:
        at = sys.argv.index("--rows")
        number = int(sys.argv[at + 1])
        del sys.argv[at : at + 2]
    with installed() as there:
        for each in (number // 10, number):
            customers(there.folder / f"{each}.csv", each)
        lines = trapped.write(there.folder / "orders.csv", number * 6 // 10).rows
        bench_whole(there, there.folder, f"{number}.csv", number)
        bench_plan(there, there.folder, f"{number}.csv", number)
        bench_growth(there, there.folder, number)
        bench_plan(there, there.folder, "orders.csv", lines)
