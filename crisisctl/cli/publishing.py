"""The command that publishes, with its arguments; it is carried out in `paging`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Option


def page(
    output: Annotated[
        Path, Option("--output", "-o", metavar="DIR", help="The folder that is served.")
    ],
    incident: Annotated[
        list[str] | None, Option("--incident", metavar="ID", help="Only this one; repeat it.")
    ] = None,
    days: Annotated[
        int, Option(min=1, max=36500, metavar="N", help="Leave out what ended earlier.")
    ] = 365,
    drill: Annotated[
        bool, Option("--drill", help="Drills instead, with a stamp on every page.")
    ] = False,
    json: Annotated[bool, Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Write a status page from what customers were told."""
    from crisisctl.cli import paging

    paging.page(paging.Asked(output, incident or [], days, drill), json=json)
