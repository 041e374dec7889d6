"""Measures messages to many people against a plain Jinja loop over the same list and templates.

Run it with `python tests/benchmarks/bench_bulk.py [FOLDER] [--rows N]`. The plain loop renders
every row from the beginning in the same sandbox, checks nothing of the list, and tidies and
writes what it made; what both wrote is compared byte for byte. Memory is told on Linux only.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from filecmp import cmp
from pathlib import Path
from statistics import median

from installed import Installed, installed
from pairs import compare, seconds

ROWS = 200_000
MANY = 1_000_000
LARGEST = 64
"""MiB that the whole may take, whatever the length of the list."""
NAMES = ("Ana Müller", "Jo Ng", "Élodie Dupont", "İrem Şahin", "Иван Петров", "O'Neil, Pat", "")

FACTS = """\
from datetime import UTC, datetime, timedelta
began = datetime(2026, 11, 27, 19, 4, tzinfo=UTC)
FACTS = {
    "shop_name": "Kestrel", "support_email": "help@kestrel.example", "support_phone": "+33 1 23",
    "status_url": "https://status.kestrel.example", "functions_down": ("cart", "checkout"),
    "checkout": "none", "reach": "many", "progress": "fixing", "cause": "deployment",
    "workaround": "phone", "started_at": began, "eta": began + timedelta(hours=1),
    "next_update": began + timedelta(minutes=30), "sent_at": began, "orders": 1234,
    "offer": "12.50 EUR", "since": "27 November 2026, 20:04", "back": "21:04", "few": "1,234",
}
"""
SET_UP = """
import sys, resource
from pathlib import Path
from crisisctl.messages.pack import Setting, tidied
from crisisctl.text import zone_of
from crisisctl.workspace import Workspace
folder, message, rows, processes = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
zone = zone_of("Europe/Paris")
setting = Setting(Workspace(Path(folder)), "outage", zone)
people = Path(folder, rows + ".csv")
"""
OURS = f"""{FACTS}{SET_UP}
from crisisctl.messages.bulk.recipients import Recipients
from crisisctl.messages.bulk.render import letters
from crisisctl.messages.bulk.writing import write
found = Recipients(people, locales=["en"], default="en")
ready = letters(setting, message, "email", FACTS, ["en"], found.columns.personal)
write(ready, found, Path(folder, "ours.jsonl"), processes=processes)
status = Path("/proc/self/status").read_text()  # getrusage tells of the parent's memory, too
own = int(status.partition("VmHWM:")[2].split()[0]) // 1024
helper = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
Path(folder, "peak").write_text(f"{{own}} {{helper}}")
"""
PLAIN = f"""{FACTS}{SET_UP}
import csv, json, os
from crisisctl.messages.templates import find_template
template = find_template(setting.workspace, "outage", message, "en", zone)
with open(people, newline="", encoding="utf-8") as file, \\
     open(Path(folder, "plain.jsonl"), "w", encoding="utf-8", buffering=1 << 20) as out:
    for row in csv.DictReader(file):
        names = dict(FACTS, customer_email=row["email"], customer_city=row["city"],
                     customer_order_number=row["order number"])
        if row["name"]:
            names["customer_name"] = row["name"]
        text = {{"address": row["email"], "locale": "en",
                "heading": tidied("headline", template.render("headline", names)),
                "body": tidied("body", template.render("body", names))}}
        out.write(json.dumps(text, ensure_ascii=False, separators=(",", ":")) + "\\n")
    out.flush()
    os.fsync(out.fileno())
"""
GREETING = (
    "{% if customer_name is defined %}Dear {{ customer_name }},{% else %}Good day,{% endif %}"
)
SMALL = f"""\
{{% block headline %}}{{{{ shop_name }}}}: your order{{% endblock %}}
{{% block body %}}
{GREETING}

our shop has been failing since {{{{ started_at | moment }}}}.
{{% if checkout == "none" %}}
Nobody can pay at the moment.
{{% else %}}
Some of you cannot pay at the moment.
{{% endif %}}

Affected:
{{% for part in functions_down %}}
- {{{{ part | upper }}}}
{{% endfor %}}

{{{{ orders | number }}}} orders wait. Yours in {{{{ customer_city }}}} is safe.
{{% if eta is defined %}}
We expect everything to work again by {{{{ eta | clock }}}}.
{{% endif %}}

We are sorry. For your trouble we give you {{{{ offer | money }}}}.
Please do not pay again: if you were charged, write to {{{{ support_email }}}}, and we will look
for your payment and write to you the same day.

The {{{{ shop_name }}}} team
{{% endblock %}}
"""
WORDS = (
    SMALL.replace("started_at | moment", "since")
    .replace("eta | clock", "back")
    .replace("orders | number", "few")
    .replace("offer | money", "offer")
)
"""Nothing in it is a time, a number or a sum: what is left is Jinja's own work."""
FILTERED = SMALL.replace("{{ customer_city }}", "{{ customer_city | upper }}")


def workspace(place: Installed) -> Path:
    """A workspace with three messages: a small one, one with a filter, and a shipped one."""
    folder = place.folder / "bulk"
    texts = folder / "templates" / "outage"
    texts.mkdir(parents=True, exist_ok=True)
    shipped = Path(__file__).parents[2] / "templates" / "outage" / "update.en.j2"
    update = shipped.read_text(encoding="utf-8")
    update = update.replace("{% block body -%}\n", f"{{% block body -%}}\n{GREETING}\n\n")
    for name, text in (
        ("words", WORDS),
        ("small", SMALL),
        ("filtered", FILTERED),
        ("update", update),
    ):
        (texts / f"{name}.en.j2").write_text(text, encoding="utf-8")
    return folder


def a_list(folder: Path, rows: int) -> None:
    """A list of so many people; the same for the same number."""
    chance = random.Random(rows)
    with (folder / f"{rows}.csv").open("w", encoding="utf-8") as file:
        file.write("email,locale,name,order number,city\n")
        for number in range(rows):
            name = chance.choice(NAMES)
            name = f'"{name}"' if "," in name else name
            file.write(f"person{number}@mail{number % 97}.example,en,{name},{number:08},Paris\n")


def work(
    place: Installed, code: str, message: str, rows: int, processes: int = 1
) -> Callable[[], None]:
    """A whole process that writes to so many people."""
    folder = str(place.folder / "bulk")
    return lambda: place.script(code, folder, message, str(rows), str(processes))


def bench_texts(place: Installed, rows: int) -> None:
    """One core and two against the plain loop on one, for each message."""
    folder = place.folder / "bulk"
    for message in ("words", "small", "filtered", "update"):
        plain = work(place, PLAIN, message, rows)
        for processes, budget in ((1, 0.35), (2, 0.2)):
            ours = work(place, OURS, message, rows, processes)
            name = f"{rows:,} people, {message}, {processes} process(es) / plain loop"
            compare(name, ours, plain, budget=budget, pairs=3)
            same = cmp(folder / "ours.jsonl", folder / "plain.jsonl", shallow=False)
            print(f"  byte for byte the same: {same}", flush=True)


def bench_growth(place: Installed, rows: int) -> None:
    """As many times the people take hardly more than as many times as long."""
    few, many = (work(place, OURS, "update", each) for each in (rows, MANY))
    runs = [(seconds(many), seconds(few)) for _ in range(3)]
    ratio = median(mine / bare for mine, bare in runs)
    print(f"{MANY:,} / {rows:,} people: {ratio:.1f} of {1.1 * MANY / rows:.1f}", flush=True)


def bench_memory(place: Installed, *lists: int) -> None:
    """The peak of the process, and of the largest of its helpers."""
    for rows in lists:
        for processes in (1, 2):
            run = work(place, OURS, "update", rows, processes)
            taken = seconds(run)
            own, helper = map(int, (place.folder / "bulk" / "peak").read_text().split())
            told = f"{own} MiB of {LARGEST}" + (f", each helper {helper} MiB" if helper else "")
            print(f"{rows:,} people, {processes} process(es): {told} ({taken:.1f} s)", flush=True)


if __name__ == "__main__":
    number = ROWS
    if "--rows" in sys.argv:
        at = sys.argv.index("--rows")
        number = int(sys.argv[at + 1])
        del sys.argv[at : at + 2]
    with installed() as there:
        where = workspace(there)
        for each in (number, MANY):
            a_list(where, each)
        bench_texts(there, number)
        bench_growth(there, number)
        bench_memory(there, number, MANY)
