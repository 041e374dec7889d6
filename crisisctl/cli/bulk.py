"""The command that writes to many people at once, with its arguments.

Nothing heavy is imported here: a command brings what it needs when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option


def render(
    message: Annotated[str, Argument(help="The message's name: see `message list`.")],
    recipients: Annotated[
        Path | None,
        Option("--recipients", metavar="FILE.csv", help="Whom to write to: email, locale, name."),
    ] = None,
    channel: Annotated[
        str, Option("--channel", "-c", metavar="C", help="Which channel's text.")
    ] = "email",
    locale: Annotated[
        str, Option("--locale", "-l", metavar="L", help="For whoever names no language of ours.")
    ] = "",
    output: Annotated[
        Path | None, Option("--output", "-o", metavar="FILE", help="Write it there; - for stdout.")
    ] = None,
    incident: Annotated[
        str | None,
        Option("--incident", metavar="ID", help="The incident; else the only open one."),
    ] = None,
    json: Annotated[bool, Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """The text for each person on a list, as lines of JSON in a file.

    The first line of the list names its columns: email, and if you like locale, name
    and others. A text may say them: the column "order number" is customer_order_number.
    Rows that cannot be used are listed beside the file. Exit code 0: everybody has a
    text; 1: rows were rejected; 2: it could not run.
    """
    from crisisctl.cli import mailing

    order = mailing.Order(recipients, channel, locale, output)
    mailing.render(message, incident, order, json=json)
