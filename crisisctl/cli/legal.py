"""The commands about the law's clocks, with their arguments.

Nothing heavy is imported here: a command brings what it needs when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from crisisctl.cli.options import At, Because, Incident, Json

if TYPE_CHECKING:
    from crisisctl.incident.events import Decided

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


def notify(
    names: Annotated[
        list[str] | None,
        Argument(metavar="[CLOCK]…", help="Its name, or people, authority …: all open ones."),
    ] = None,
    incident: Incident = None,
    at: At = None,
    reference: Annotated[
        str, Option(metavar="NUMBER", help="The number that the authority gave.")
    ] = "",
    by: Annotated[str, Option(metavar="PERSON", help="Who told them, if not you.")] = "",
    not_: Annotated[bool, Option("--not", help="They are not told; needs --because.")] = False,
    delayed: Annotated[
        bool, Option("--delayed", help="They will be told late; needs --because.")
    ] = False,
    undo: Annotated[
        bool, Option("--undo", help="Take back what was decided; needs --because.")
    ] = False,
    because: Because = "",
) -> None:
    """Record that a regulator was told, or why not.

    Without a name it shows all clocks. A late notice needs its reason, and so does each
    that is not given: the register shows them (GDPR Art. 33(5)).

    \b
    Example:
      crisisctl notify fr.authority --reference 2026-11874 --at 18:20
      crisisctl notify us-ca.authority --not --because "Fewer than 500 residents"
    """  # noqa: D301 - click ends its wrapping at a real \b
    from crisisctl.cli import notifying
    from crisisctl.errors import CrisisError
    from crisisctl.runner.notices import Decision

    if not_ + delayed + undo > 1:
        raise CrisisError("--not, --delayed or --undo: one of them")
    decided: Decided = "not-notified" if not_ else "delayed" if delayed else "notified"
    decided = "reopened" if undo else decided
    notifying.notify(names or [], incident, Decision(decided, because, reference, by), at=at)


def register(
    format: Annotated[str, Option("--format", "-f", metavar="md|csv|json", help="Format.")] = "md",
    json: Annotated[bool, Option("--json", help="The same as --format json.")] = False,
    output: Annotated[
        Path | None, Option("-o", "--output", metavar="FILE", help="Where to; else stdout.")
    ] = None,
) -> None:
    """The register of data breaches, over all incidents.

    Facts, effects and what was done, with every notice given or not given and the reason
    (GDPR Art. 33(5)).
    """
    from crisisctl.cli import registering

    registering.register(format="json" if json else format, output=output)
