"""Results on stdout: as JSON, or as text for a file."""

from __future__ import annotations

from pathlib import Path

from crisisctl.cli.desk import Desk
from crisisctl.errors import CrisisError
from crisisctl.report.data import SCHEMA, Json


def print_json(desk: Desk, data: Json) -> None:
    """One object with its schema version, keys in the order they were given."""
    desk.out.stream.write(as_json(desk, {"schema": SCHEMA, **data}))


def as_json(desk: Desk, data: Json) -> str:
    """JSON that stdout can show: what a terminal would obey, hide or not know is escaped."""
    from crisisctl.report.formats import json_text

    return json_text(data, ascii_only=not desk.out.unicode)


def deliver(desk: Desk, text: str, output: Path | None) -> None:
    """Text to stdout, or to a file that is never left half-written."""
    if output is None or str(output) == "-":
        desk.out.stream.write(text)
        return
    deliver_bytes(desk, text.encode(), output)


def deliver_bytes(desk: Desk, data: bytes, output: Path | None) -> None:
    """The same for what is not text."""
    if output is None or str(output) == "-":
        desk.out.stream.flush()
        desk.out.stream.buffer.write(data)
        return
    try:
        _write(data, output)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CrisisError(f"{output} cannot be written: {reason}", code=1) from error
    desk.talk.line(f"✓ written to {output}", "good")


def _write(data: bytes, output: Path) -> None:
    if output.exists() and not output.is_file():  # a device or a pipe takes it as it comes
        output.write_bytes(data)
        return
    whole = output.resolve()
    partial = whole.with_name(f".{whole.name}.part")
    try:
        partial.write_bytes(data)
        partial.replace(whole)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
