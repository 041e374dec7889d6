"""Measures what looks over all incidents: the first time, the second time, and how it grows.

Run it with `python tests/benchmarks/bench_stats.py [FOLDER]`: about four minutes, and 2.5 GB.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

from installed import ROOT, Installed, installed
from pairs import compare, process, seconds, told

FEW, MANY = 1_000, 10_000
PREPARED = """
import os, random, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from crisisctl.incident import events as ev
from crisisctl.incident.fold import fold
from crisisctl.incident.store import summary
from crisisctl.journal import Journal
from crisisctl.playbook.load import load

loaded = load(Path(sys.argv[2]))
chance, began = random.Random(1), datetime(2016, 1, 1, tzinfo=UTC)
journal = Journal.open(Path(os.environ["CRISISCTL_HOME"]) / "journal.db")
for number in range(int(sys.argv[1])):
    at = began + timedelta(hours=9 * number)
    minute = lambda n: at + timedelta(minutes=n)
    words = ("customers", tuple(
        ev.DraftedText(channel, locale, "Head", "x" * 400, "0" * 64)
        for channel in ("email", "x", "sms") for locale in ("en", "fr")
    ))
    sent = tuple(ev.SentText(t.channel, t.locale, t.sha256) for t in words[1])
    events = [
        ev.IncidentDeclared(f"Checkout fails after release {number}", "Europe/Paris"),
        ev.PlaybookAdded("outage", loaded.source, loaded.plan),
        ev.MilestoneReached("started", minute(-20)),
        ev.MilestoneReached("detected", minute(-chance.randrange(1, 19))),
        ev.FactRecorded("functions_down", ["cart", "checkout"]),
        ev.FactRecorded("cause", chance.choice(["overload", "deployment", "hosting"])),
        ev.SeverityChanged(chance.choice(["sev1", "sev2", "sev3"]), "answers"),
    ]
    for turn in range(chance.randrange(3, 9)):
        message = "update" if turn else "holding"
        events += [
            ev.StepStarted("outage", "hold", "communicate", 1, 3),
            ev.MessageDrafted(message, *words),
            ev.MessageApproved(message, "customers", sent),
            ev.MessageSent(message, "customers", sent),
            ev.StepCompleted("outage", "hold"),
        ]
    events += [ev.NoteAdded(f"note {n} " + "words " * 10) for n in range(chance.randrange(5, 50))]
    events += [
        ev.MilestoneReached("first-message", minute(5)),
        ev.MilestoneReached("mitigated", minute(60)),
        ev.MilestoneReached("resolved", minute(chance.randrange(61, 400))),
        ev.ActionAdded(1, "Test restores", "jo", "2026-01-01"),
    ]
    events += [ev.IncidentClosed()] if number % 100 else []
    entries = [ev.Entry(n, minute(n), minute(n), "ana", event) for n, event in enumerate(events, 1)]
    id = f"outage-{at.date()}-{number}"
    bodies = [ev.encode(entry) for entry in entries]
    journal.append(id, bodies, expected=0, summary=summary(fold(id, entries)))
"""


def bench_first(place: Installed) -> None:
    """Every incident is read, verified and folded; the ratio of both sizes is the growth."""
    times = {}
    for home in ("few", "many"):
        ours = process(place.crisisctl, "stats", environment=place.environment(home))
        floor = process(place.python, "-c", "import typer", environment=place.environment())
        runs = []
        for _ in range(3):
            (place.folder / home / "figures.db").unlink(missing_ok=True)
            runs.append((seconds(ours), seconds(floor)))
        told(f"stats, first run ({home}) / import typer", runs, 0)
        times[home] = median(mine for mine, _ in runs)
    growth = times["many"] / times["few"]
    print(f"ten times the incidents, first run: {growth:.1f} times as long")


def bench_second(place: Installed) -> None:
    floor = process(place.python, "-c", "import typer", environment=place.environment())
    times = {}
    for home in ("few", "many"):
        around = place.environment(home)
        ours = process(place.crisisctl, "stats", environment=around)
        compare(f"stats, second run ({home}) / import typer", ours, floor)
        times[home] = median(seconds(ours) for _ in range(5))
    print(f"ten times the incidents, second run: {times['many'] / times['few']:.1f} times as long")


def bench_similar(place: Installed) -> None:
    floor = process(place.python, "-c", "import typer", environment=place.environment())
    around = place.environment("many")
    newest = place.run("list", "--all", home="many").splitlines()[1].split()[0]
    ours = process(place.crisisctl, "similar", newest, environment=around)
    compare(f"similar, of {MANY:,} / import typer", ours, floor)


if __name__ == "__main__":
    with installed() as found:
        for home, count in (("few", FEW), ("many", MANY)):
            if not Path(found.folder / home / "journal.db").exists():
                outage = ROOT / "playbooks" / "outage.yaml"
                found.script(PREPARED, str(count), str(outage), home=home)
        for bench in (bench_first, bench_second, bench_similar):
            bench(found)
