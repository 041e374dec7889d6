"""Measures reading an export of reviews against a bare CSV reader, and tells its memory.

Run it with `python tests/benchmarks/bench_reviews_intake.py [--rows N]`; with the million rows
that it has by default it takes two minutes. Memory is told on Linux only.
"""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from pairs import compare

from crisisctl.reviews.intake import open_export

ROWS = 1_000_000
LARGEST = 256
"""MiB that the whole may take, whatever the length of the export."""
BUDGET = 8.0
WORDS = (
    "the parcel never arrived and nobody answers my mails great product love it colour différent"
    " très déçu kargo gelmedi çok kötü товар не пришёл качество ужасное me encantó pero llegó roto"
)
SCRAPER = (
    "reviewId,userName,userImage,content,score,thumbsUpCount,reviewCreatedVersion,at,"
    "replyContent,repliedAt"
)
YOTPO = (
    "Review Title;Review Content;Review Score;Date;Product ID;Product Title;Product URL;"
    "Display Name;Email;Verified Purchase"
)
TOLD = """\
import sys
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from crisisctl.reviews.intake import open_export
export = open_export(Path(sys.argv[1]))
for review in export:
    pass
print(export.reviews, getrusage(RUSAGE_SELF).ru_maxrss // 1024)
"""


def exports(folder: Path, rows: int) -> list[tuple[Path, str]]:
    """The same reviews with ids and ISO dates, without ids and day first, and as JSON Lines."""
    scraper, yotpo, lines = folder / "scraper.csv", folder / "yotpo.csv", folder / "lines.jsonl"
    dice, words, begun = random.Random(6), WORDS.split(), datetime(2025, 1, 1)  # noqa: DTZ001 - exports name no zone
    with (
        scraper.open("w", newline="", encoding="utf-8") as one,
        yotpo.open("w", newline="", encoding="utf-8") as two,
        lines.open("w", encoding="utf-8") as three,
    ):
        first, second = csv.writer(one), csv.writer(two, delimiter=";")
        first.writerow(SCRAPER.split(","))
        second.writerow(YOTPO.split(";"))
        for n in range(rows):
            text = " ".join(dice.choices(words, k=dice.randint(1, 40)))
            text = text.replace(" ", ", ", 2) if n % 10 == 0 else text
            text = text.replace(" ", "\n", 2) if n % 20 == 0 else text
            stars, at = dice.randint(1, 5), begun + timedelta(seconds=20 * n)
            row = [f"gp:{n:032x}", f"user {n}", "https://img.example/x", text, stars, n % 3, "1.2"]
            row += [f"{at:%Y-%m-%d %H:%M:%S}", "", ""]
            first.writerow(row)
            three.write(json.dumps(dict(zip(SCRAPER.split(","), row, strict=True))) + "\n")
            address = f"u{n}@mail.example"
            about = (7, "Cup", "https://shop.example/cup", f"user {n}", address, "true")
            second.writerow(["Title", text, stars, f"{at:%d/%m/%Y %H:%M}", *about])
    return [(scraper, ","), (yotpo, ";"), (lines, ",")]


def bare(path: Path, separator: str) -> None:
    """Read rows, and nothing else."""
    with path.open(newline="", encoding="utf-8") as file:
        for _ in csv.reader(file, delimiter=separator):
            pass


def ours(path: Path) -> None:
    """Read reviews."""
    for _ in open_export(path):
        pass


def memory(path: Path) -> None:
    """Tell the most that a process of its own takes."""
    done = subprocess.run(
        [sys.executable, "-c", TOLD, str(path)], capture_output=True, text=True, check=True
    )
    reviews, most = map(int, done.stdout.split())
    within = "within" if most <= LARGEST else "OVER"
    print(f"  {reviews} reviews, {most} MiB of {LARGEST}, {within}")


if __name__ == "__main__":
    rows = int(sys.argv[sys.argv.index("--rows") + 1]) if "--rows" in sys.argv else ROWS
    with tempfile.TemporaryDirectory() as name:
        (scraper, _), *_ = files = exports(Path(name), rows)
        for path, separator in files:
            floor = scraper if path.suffix == ".jsonl" else path
            compare(
                path.name,
                lambda path=path: ours(path),
                lambda floor=floor, separator=separator: bare(floor, separator),
                budget=BUDGET,
                pairs=3,
            )
            memory(path)
