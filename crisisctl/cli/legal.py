"""The commands about the law's clocks, with their arguments.

Nothing heavy is imported here: a command brings what it needs when it runs.
"""

from __future__ import annotations

from typing import Annotated

from typer import Option

from crisisctl.cli.options import Json

_Time = str | None


def clocks(
    countries: Annotated[
        str, Option("--countries", metavar="C,C", help="Where the people live: FR,TR,US-CA.")
    ],
    aware: Annotated[
        _Time, Option(metavar="TIME", help="When you were reasonably certain: 20:04, -15m, ISO.")
    ] = None,
    detected: Annotated[_Time, Option(metavar="TIME", help="When the first sign was seen.")] = None,
    occurred: Annotated[_Time, Option(metavar="TIME", help="When it happened.")] = None,
    suspected: Annotated[
        _Time, Option(metavar="TIME", help="When it was first suspected with reason.")
    ] = None,
    material: Annotated[
        _Time, Option(metavar="TIME", help="When it was found material (listed firms).")
    ] = None,
    also: Annotated[
        str, Option(metavar="NAME,…", help="Rules that hold by what you are: pci, us-sec, nis2.")
    ] = "",
    json: Json = False,
) -> None:
    """Which regulator to tell of a data breach, and by when.

    It needs no incident, counts as the law counts and decides nothing: it is no legal
    advice. Exit code 0: every country is known; 1: for some there is no regulation,
    which are named.

    \b
    Example:
      crisisctl clocks --countries FR,TR,RU --aware 2026-10-24T12:00+02:00
    """  # noqa: D301 - click ends its wrapping at a real \b
    from crisisctl.cli import counting

    given = {
        "aware": aware,
        "detected": detected,
        "occurred": occurred,
        "suspected": suspected,
        "material": material,
    }
    counting.clocks(countries, given, also, json=json)
