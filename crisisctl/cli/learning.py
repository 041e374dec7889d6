"""The commands that look over all incidents, with their arguments.

Nothing heavy is imported here: a command brings what it needs when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from crisisctl.cli.options import Id, Incident, Json

_Drill = Annotated[bool, Option("--drill", help="Drills instead of real incidents.")]


def stats(
    since: Annotated[str, Option(metavar="DATE", help="Declared on this day or later.")] = "",
    until: Annotated[str, Option(metavar="DATE", help="Declared on this day or before.")] = "",
    playbook: Annotated[str, Option(metavar="NAME", help="Only incidents of this playbook.")] = "",
    by: Annotated[
        str, Option(metavar="playbook|month|severity", help="The times, group by group.")
    ] = "",
    drill: _Drill = False,
    svg: Annotated[
        Path | None, Option("--svg", metavar="FILE", help="Charts of the months, as a picture.")
    ] = None,
    json: Json = False,
) -> None:
    """Figures over all incidents: how many, how long, what it cost.

    Every figure says what it counts. A time that is missing or impossible is counted apart and
    is in no median. Of restricted incidents only the figures are used.

    \b
    Examples:
      crisisctl stats --since 2026-01-01 --by month
      crisisctl stats --playbook outage --svg outages.svg
    """  # noqa: D301 - click ends its wrapping at a real \b
    from crisisctl.cli import overall

    overall.stats(
        since=since, until=until, playbook=playbook, by=by, drill=drill, svg=svg, json=json
    )


def similar(id: Id = None, incident: Incident = None, json: Json = False) -> None:
    """What was like this before: what we said and did then.

    The most alike first, and of those that are equally alike the newest; what they share is
    named. It works while the crisis runs.
    """
    from crisisctl.cli import recalling

    recalling.similar(id or incident, json=json)


def suggest(
    playbook: Annotated[
        str | None, Argument(metavar="[PLAYBOOK]", help="Which playbook; else all.")
    ] = None,
    least: Annotated[
        int, Option("--least", metavar="N", min=1, help="Incidents that a suggestion needs.")
    ] = 3,
    drill: _Drill = False,
    output: Annotated[
        Path | None, Option("-o", "--output", metavar="FILE", help="Where the diff goes.")
    ] = None,
    json: Json = False,
) -> None:
    """What the record says about a playbook, with a diff.

    Steps that are always skipped or late, notes that come again, questions nobody answers,
    options nobody takes, deadlines that are nearly always missed: each with its incidents.
    No file of a playbook is changed: read the diff, then apply it with `git apply` or `patch`.

    \b
    Example:
      crisisctl suggest outage -o outage.diff && git apply outage.diff && crisisctl lint
    """  # noqa: D301 - click ends its wrapping at a real \b
    from crisisctl.cli import suggesting

    suggesting.suggest(playbook, least=least, drill=drill, output=output, json=json)


def digest(json: Json = False) -> None:
    """What is due after the crises: for a weekly mail. Exit code 1 when something is overdue.

    Incidents that were a month, a quarter, a year ago this week, and what became of their action
    items; overdue action items and reviews; promises still open; playbooks long not rehearsed.
    """
    from crisisctl.cli import digesting

    digesting.digest(json=json)
