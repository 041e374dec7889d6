"""Measures `crisisctl reviews analyse` and `import` on a long export against a bare CSV reader.

Run it with `python tests/benchmarks/bench_reviews.py [--rows N]`; with the million rows that it
has by default it takes seven minutes. A quarter of the reviews are complaints, in five languages.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from pairs import Work, compare, process

ROWS = 1_000_000
BUDGET = 25.0
GROWTH = 11.0
"""Times that ten times the rows may take."""
LARGEST = 256
"""MiB that a process may take, whatever the length of the export."""
LABELLED = Path(__file__).parents[1] / "reviews_labelled"
GLAD = {
    "en": "Quick, friendly and exactly what I ordered, will come back",
    "fr": "Rapide, aimable et conforme à la photo, merci",
    "es": "Rápido, amable y tal como en la foto, gracias",
    "tr": "Hızlı, nazik ve fotoğraftaki gibi, teşekkürler",
    "ru": "Быстро, вежливо, всё как на фото, спасибо",
}
HEADER = (
    "Review Id,Review Created (UTC),Review Username,Review Title,Review Content,Review Stars,"
    "Source Of Review,Review Language"
)
PROGRAM = Path(sys.executable).with_name("crisisctl")


def export(path: Path, rows: int) -> Path:
    """A file of so many reviews, the same in every run."""
    dice, at = random.Random(6), datetime(2024, 1, 1)  # noqa: DTZ001 - the column says UTC
    bad: dict[str, list[str]] = {}
    for name in GLAD:
        with (LABELLED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            bad[name] = [row["text"] for row in csv.DictReader(file)]
    names = list(GLAD)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER.split(","))
        for number in range(rows):
            at += timedelta(seconds=dice.randint(1, 110))
            language = dice.choice(names)
            complaint = dice.random() < 0.25
            text = dice.choice(bad[language]) if complaint else GLAD[language]
            stars = dice.choice((1, 1, 2)) if complaint else dice.choice((4, 5, 5))
            source = dice.choice(("Organic", "InvitationLinkApi"))
            who, when = f"user {dice.randrange(10**6)}", f"{at:%Y-%m-%d %H:%M:%S}"
            writer.writerow(
                [f"id{number}", when, who, "", f"{text} {number % 97}", stars, source, language]
            )
    return path


def imported(path: Path, home: Path) -> Work:
    """The import of a file into an incident that has no reviews yet."""
    fresh, running = home / "fresh", home / "running"
    around = {**os.environ, "CRISISCTL_HOME": str(fresh)}
    declare = (str(PROGRAM), "start", "review-wave", "--no-input")
    process(*declare, environment=around, leaves=(2,))()
    command = (str(PROGRAM), "reviews", "import", str(path), "--json")
    run = process(*command, environment=around | {"CRISISCTL_HOME": str(running)})

    def work() -> None:
        shutil.rmtree(running, ignore_errors=True)
        shutil.copytree(fresh, running)
        run()

    return work


def main(rows: int) -> None:
    around = {**os.environ, "CRISISCTL_HOME": "/nowhere"}
    with tempfile.TemporaryDirectory() as name:
        whole, tenth = (
            export(Path(name, "all.csv"), rows),
            export(Path(name, "few.csv"), rows // 10),
        )
        reads = "import csv, sys\nfor row in csv.reader(open(sys.argv[1], encoding='utf-8')): pass"
        bare = process(sys.executable, "-c", reads, str(whole), environment=around)
        ours = process(str(PROGRAM), "reviews", "analyse", str(whole), "--json", environment=around)
        few = process(str(PROGRAM), "reviews", "analyse", str(tenth), "--json", environment=around)
        compare(f"analyse {rows:,} reviews / read them", ours, bare, budget=BUDGET, pairs=3)
        into = imported(whole, Path(name))
        compare(f"import {rows:,} reviews / read them", into, bare, budget=BUDGET, pairs=3)
        compare("ten times the reviews", ours, few, budget=GROWTH, pairs=3)
    most = getrusage(RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"memory: {most} MiB of {LARGEST}, {'within' if most <= LARGEST else 'OVER'}")


if __name__ == "__main__":
    main(int(sys.argv[sys.argv.index("--rows") + 1]) if "--rows" in sys.argv else ROWS)
