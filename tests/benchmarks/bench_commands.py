"""Measures whole commands, start-up included, against the floors they stand on.

Run it with `python tests/benchmarks/bench_commands.py [FOLDER]`; it takes about three minutes.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import pty
import select
import struct
import subprocess
import termios
from collections.abc import Callable
from statistics import median
from time import monotonic

from installed import Installed, installed
from pairs import compare, process, seconds

PREPARED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from crisisctl.incident import events as ev
from crisisctl.incident.store import Stamp, load, record
from crisisctl.journal import Journal

journal = Journal.open(Path(os.environ["CRISISCTL_HOME"]) / "journal.db")
incident = load(journal, sys.argv[1])
while incident.seq < int(sys.argv[2]):
    note = ev.NoteAdded(f"Note {incident.seq}: errors at the checkout are at five percent")
    incident = record(journal, incident, [note], Stamp("ana", datetime.now(UTC)))
"""
MANY = """
import os, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from crisisctl.incident import events as ev
from crisisctl.incident.fold import fold
from crisisctl.incident.store import summary
from crisisctl.journal import Journal

journal = Journal.open(Path(os.environ["CRISISCTL_HOME"]) / "journal.db")
began = datetime(2020, 1, 1, tzinfo=UTC)
for number in range(int(sys.argv[1])):
    at = began + timedelta(hours=number)
    id, closed = f"outage-{at.date()}-{number}", number % 100 != 0
    events = [ev.IncidentDeclared("Site outage", "Europe/Paris")]
    events += [ev.IncidentClosed("")] if closed else []
    entries = [ev.Entry(n, at, at, "ana", event) for n, event in enumerate(events, 1)]
    bodies = [ev.encode(entry) for entry in entries]
    journal.append(id, bodies, expected=0, summary=summary(fold(id, entries)))
"""
SET = (
    *("--set", "site_url=https://kestrel.example", "--set", "functions_down=cart"),
    *("--set", "started_at=-20m", "--set", "checkout=none", "--set", "reach=many"),
)
PROMPT = b"What now?"


def bench_version(place: Installed) -> None:
    around = place.environment()
    ours = process(place.crisisctl, "--version", environment=around)
    compare("--version / pass", ours, bare(place, "pass"), budget=1.2)


def bench_heat(place: Installed, events: int = 200) -> None:
    id = place.run("start", "outage", *SET, "--no-input", leaves=(2,)).strip()
    place.script(PREPARED, id, str(events))
    around, floor = place.environment(), bare(place, "import typer")
    for words in (
        (),
        ("status",),
        ("deadlines",),
        ("note", "The queue is growing"),
        ("fact", "orders_per_hour", "140"),
        ("timeline",),
        ("message", "list"),
    ):
        ours = process(place.crisisctl, *words, environment=around, leaves=(0, 1))
        name = f"{' '.join(words[:1]) or 'bare'}, {events} events / import typer"
        compare(name, ours, floor, budget=1.5)


def bench_others(place: Installed, many: int = 10_000) -> None:
    place.script(MANY, str(many), home="many")
    floor = bare(place, "import typer")
    for words, budget, home in (
        (("--help",), 2.0, "home"),
        (("show", "outage"), 3.0, "home"),
        (("preview", "outage/holding", "-l", "en"), 0.0, "home"),
        (("list",), 2.0, "many"),
        (("list", "--all"), 0.0, "many"),
    ):
        ours = process(place.crisisctl, *words, environment=place.environment(home))
        compare(f"{' '.join(words)} ({home}) / import typer", ours, floor, budget=budget)


def bench_pack(place: Installed) -> None:
    """A whole pack, every channel in five languages: rendered, measured, proofread, shown."""
    place.run("start", "outage", "--example")
    drill = place.run("list", "--all", "--drill").splitlines()[1].split()[0]
    shown = ("message", "show", "update", "--incident", drill)
    locales = [word for locale in ("en", "fr", "es", "tr", "ru") for word in ("-l", locale)]
    ours = process(place.crisisctl, *shown, *locales, environment=place.environment())
    name = "message show, 10 channels x 5 languages / import typer"
    compare(name, ours, bare(place, "import typer"))
    print(f"  {1000 * median(seconds(ours) for _ in range(5)):.0f} ms from the shell, of 1000")


def bench_start(place: Installed) -> None:
    floor, homes = bare(place, "import typer"), itertools.count()

    def unasked() -> None:
        around = place.environment(f"start-{next(homes)}")
        process(place.crisisctl, "start", "outage", "--no-input", environment=around, leaves=(2,))()

    def asked() -> None:
        first_question(place, f"ask-{next(homes)}")

    compare("start --no-input / import typer", unasked, floor, budget=4.0)
    compare("start to the first question / import typer", asked, floor, budget=4.0)


def first_question(place: Installed, home: str) -> None:
    """Start on a terminal and wait until the first prompt is drawn."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    child = subprocess.Popen(
        [place.crisisctl, "start", "outage"],
        env=place.environment(home),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    seen, end = b"", monotonic() + 30
    while PROMPT not in seen:
        if not select.select([ours], [], [], end - monotonic())[0]:
            raise SystemExit(f"no prompt: {seen!r}")
        seen += os.read(ours, 65536)
    child.kill()
    child.wait()
    os.close(ours)


def bare(place: Installed, code: str) -> Callable[[], None]:
    """The floor: this much Python, and nothing of ours."""
    return process(place.python, "-c", code, environment=place.environment())


if __name__ == "__main__":
    with installed() as found:
        for bench in (bench_version, bench_heat, bench_others, bench_pack, bench_start):
            bench(found)
