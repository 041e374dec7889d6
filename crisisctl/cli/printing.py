"""Results on stdout: as JSON, or as text for a file."""

from __future__ import annotations

import json
from pathlib import Path

from crisisctl.cli.desk import Desk
from crisisctl.errors import CrisisError
from crisisctl.report.data import SCHEMA, Json


def print_json(desk: Desk, data: Json) -> None:
    """One object with its schema version, keys in the order they were given."""
    whole = {"schema": SCHEMA, **data}
    desk.out.stream.write(json.dumps(whole, ensure_ascii=False, indent=2) + "\n")


def deliver(desk: Desk, text: str, output: Path | None) -> None:
    """Text to stdout, or to a file that is never left half-written."""
    if output is None or str(output) == "-":
        desk.out.stream.write(text)
        return
    partial = output.with_name(f".{output.name}.part")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(output)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CrisisError(f"{output} cannot be written: {reason}", code=1) from error
    desk.talk.line(f"✓ written to {output}", "good")
