"""What the operator says of the columns of a file: `--map NAME=COLUMN`."""

from __future__ import annotations

from collections.abc import Sequence

from crisisctl.errors import CrisisError
from crisisctl.text import quoted


def pairs(
    said: Sequence[str], form: str = "NAME", example: str = "customer=Kundennummer, or customer=#1"
) -> dict[str, str]:
    """For each name its column. Raises where a pair is none, or a name is there twice."""
    found: dict[str, str] = {}
    for pair in said:
        name, equals, column = (part.strip() for part in pair.partition("="))
        if not equals or not name or not column:
            what = f"--map {quoted(pair)}: write it as {form}=COLUMN"
            raise CrisisError(what, hint=example)
        if name in found:
            both = f"{quoted(found[name], 30)} and {quoted(column, 30)}"
            what = f"--map says twice which column is {quoted(name, 30)}: {both}"
            raise CrisisError(what, hint="leave out one of them")
        found[name] = column
    return found
