"""What `register` does: every breach on record, for the authority that asks for it."""

from __future__ import annotations

from pathlib import Path

from crisisctl.cli.desk import desk
from crisisctl.cli.printing import as_json, deliver
from crisisctl.errors import CrisisError
from crisisctl.report import register as entries_of
from crisisctl.report.data import SCHEMA
from crisisctl.text import listed

FORMATS = ("md", "csv", "json")


def register(*, format: str, output: Path | None) -> None:
    """The register in Markdown, as a table for a spreadsheet, or as JSON; the oldest first."""
    if format not in FORMATS:
        hint = f"formats: {listed(FORMATS, 'or')}"
        raise CrisisError(f'there is no format "{format}"', hint=hint)
    at = desk()
    journal, now = at.journal(), at.now()
    heads = reversed(journal.heads())
    found = [each for head in heads if (each := at.breach(journal, head.incident)) is not None]
    match format:
        case "json":
            text = as_json(at, {"schema": SCHEMA, **entries_of.as_json(found)})
        case "csv":
            text = entries_of.as_csv(found)
        case _:
            text = entries_of.markdown(found, now=now)
    deliver(at, text, output)
