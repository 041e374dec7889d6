"""The commands that prove what happened, to whoever was not there; with their arguments.

Nothing heavy is imported here: a command brings what it needs when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from crisisctl.cli.options import Json

_Archive = Annotated[Path, Argument(metavar="ARCHIVE", help="The file that `export` wrote.")]


def verify(
    id: Annotated[
        str | None,
        Argument(metavar="[ID|ARCHIVE]", help="An incident, or a file of `export`; else all."),
    ] = None,
    json: Json = False,
) -> None:
    """Check the journal, or an archive, for changed events.

    An archive is checked with nothing but itself: every checksum, the chain of hashes, the
    playbooks, the texts that were sent, the report. Exit code 0: intact; 1: each damage
    is a line.
    """
    from crisisctl.cli import verifying

    verifying.verify(id, json=json)


def export(
    id: Annotated[str, Argument(metavar="ID", help="The incident.")],
    output: Annotated[
        Path | None,
        Option("--output", "-o", metavar="FILE", help="Write it there; else to ID.zip."),
    ] = None,
    restricted: Annotated[
        bool, Option("--restricted", help="With all words of a restricted one, if you may.")
    ] = False,
) -> None:
    """Write an incident into one archive, as evidence.

    The events to the byte with their hashes, the playbooks as followed, every text as it
    was sent, the report. A README inside says how to check it without crisisctl.
    """
    from crisisctl.cli import archiving

    archiving.export(id, output=output, restricted=restricted)


def import_(archive: _Archive) -> None:
    """Read an archive back into the journal of this machine.

    Everything is verified first, and nothing is executed. An incident that is here
    already is only ever gone on with, never replaced.
    """
    from crisisctl.cli import archiving

    archiving.bring_in(archive)
