"""Makers of review exports, and of an incident that has read one."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from conftest import Crisis

COLUMNS = ("reviewId", "userName", "content", "score", "thumbsUpCount", "at", "replyContent")
LATE = (
    "My parcel is three weeks late and nobody knows where it is",
    "Still waiting for my order, it should have come ten days ago",
    "Delivery was promised for Monday, it is late again and again",
    "The parcel never arrived on time, two weeks late by now",
)
GLAD = ("Lovely shop, will come back", "Quick and friendly", "Very happy with it", "All fine")


def a_row(key: object, at: datetime, **changes: object) -> dict[str, str]:
    """One review of a google-play-scraper export."""
    row = {
        "reviewId": key,
        "userName": "Marie Dupont",
        "content": LATE[0],
        "score": 1,
        "thumbsUpCount": 0,
        "at": at.strftime("%Y-%m-%d %H:%M:%S"),
        "replyContent": "",
    }
    return {name: str(value) for name, value in {**row, **changes}.items()}


def an_export(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """A file with these reviews."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def a_wave(path: Path, *, now: datetime | None = None) -> Path:
    """Six quiet weeks with two complaints a day of ten reviews, then three days with thirty."""
    now = now or datetime.now(UTC)
    rows = []
    for day in range(45, -1, -1):
        at = now - timedelta(days=day, hours=2)
        bad = 30 if day < 3 else 2
        for nth in range(bad):
            moment = at - timedelta(minutes=nth * 17)
            rows.append(a_row(f"bad-{day}-{nth}", moment, content=f"{LATE[nth % 4]} ({day}/{nth})"))
        for nth in range(8):
            moment = at - timedelta(minutes=nth * 61)
            rows.append(a_row(f"glad-{day}-{nth}", moment, content=GLAD[nth % 4], score=5))
    return an_export(path, rows)


WORKSPACE = """\
brand: {name: Kestrel, support_email: help@kestrel.example}
time_zone: Europe/Paris
"""


def a_shop(folder: Path) -> None:
    """A workspace with a brand, so that drafts can name it."""
    (folder / "crisisctl.yaml").write_text(WORKSPACE)


def declared(crisis: Crisis, folder: Path) -> str:
    """The id of a review wave that stopped at its first question."""
    a_shop(folder)
    crisis("start", "review-wave", "--no-input")
    return f"review-wave-{datetime.now(UTC).astimezone():%Y-%m-%d}"


def imported(crisis: Crisis, folder: Path, *rows: Mapping[str, str]) -> None:
    """An incident that has read these reviews; without any, those of a wave."""
    declared(crisis, folder)
    path = folder / "reviews.csv"
    if rows:
        an_export(path, rows)
    else:
        a_wave(path)
    ran = crisis("reviews", "import", str(path))
    assert ran.exit == 0, ran.stderr
