"""The `message` commands with their arguments; what they do stands in `telling` and `messaging`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from crisisctl.cli import bulk
from crisisctl.cli.options import At, ChannelNames, Id, Incident, Json, Locales, NoInput, Set

app = typer.Typer(help="Messages: read, change, approve, send, correct.", rich_markup_mode=None)


@app.command("list")
def message_list(id: Id = None, incident: Incident = None, json: Json = False) -> None:
    """Which messages there are, and what was sent when."""
    from crisisctl.cli import during

    during.message_list(id or incident, json=json)


@app.command("show")
def message_show(
    message: Annotated[str, Argument(help="The message's name: see `message list`.")],
    incident: Incident = None,
    channel: ChannelNames = None,
    locale: Locales = None,
    json: Json = False,
) -> None:
    """The exact texts as they would go out now."""
    from crisisctl.cli import telling

    telling.show(message, incident, channels=channel or [], locales=locale or [], json=json)


@app.command("diff")
def message_diff(
    message: Annotated[str, Argument(help="The message's name: see `message list`.")],
    incident: Incident = None,
    channel: ChannelNames = None,
    locale: Locales = None,
    json: Json = False,
) -> None:
    """What changes against the last text sent on each channel."""
    from crisisctl.cli import comparing

    comparing.diff(message, incident, channels=channel or [], locales=locale or [], json=json)


@app.command("edit")
def message_edit(
    message: Annotated[str, Argument(help="The message's name: see `message list`.")],
    incident: Incident = None,
    channel: ChannelNames = None,
    locale: Locales = None,
    from_: Annotated[
        Path | None, Option("--from", metavar="FILE", help="The new text; - for stdin.")
    ] = None,
) -> None:
    """Change one text in your editor, or from a file."""
    from crisisctl.cli import messaging

    order = messaging.Order(message, incident, channel or [], locale or [])
    messaging.edit(order, from_)


@app.command("approve")
def message_approve(
    message: Annotated[str, Argument(help="The message's name: see `message list`.")],
    incident: Incident = None,
    channel: ChannelNames = None,
    locale: Locales = None,
    at: At = None,
    overrule: Annotated[
        list[str] | None,
        Option("--overrule", metavar="RULE=WHY", help="Let a finding stand; the report says why."),
    ] = None,
    yes: Annotated[bool, Option("--yes", "-y", help="You have read it already.")] = False,
    no_input: NoInput = False,
) -> None:
    """Approve the exact texts, as who you are; nothing is sent."""
    from crisisctl.cli import messaging

    messaging.approve(
        messaging.Order(
            message,
            incident,
            channel or [],
            locale or [],
            at=at,
            yes=yes,
            ask=not no_input,
            overrule=overrule or [],
        )
    )


@app.command("send")
def message_send(
    message: Annotated[str, Argument(help="The message's name: see `message list`.")],
    incident: Incident = None,
    channel: ChannelNames = None,
    locale: Locales = None,
    set_: Set = None,
    at: At = None,
    yes: Annotated[bool, Option("--yes", "-y", help="Approved: write the texts out.")] = False,
    anew: Annotated[
        bool, Option("--anew", help="Render it again, whatever draft is on record.")
    ] = False,
    break_glass: Annotated[
        str,
        Option(
            "--break-glass",
            metavar="WHY",
            help="Send without approval; the report says so.",
        ),
    ] = "",
    overrule: Annotated[
        list[str] | None,
        Option("--overrule", metavar="RULE=WHY", help="Let a finding stand; the report says why."),
    ] = None,
    dry_run: Annotated[
        bool, Option("--dry-run", help="Show what would go over the wire, secrets masked.")
    ] = False,
    no_input: NoInput = False,
) -> None:
    """Approve a message and hand its exact texts over."""
    from crisisctl.cli import messaging

    order = messaging.Order(
        message,
        incident,
        channel or [],
        locale or [],
        set_ or [],
        at,
        yes=yes,
        ask=not no_input,
        anew=anew,
        break_glass=break_glass,
        overrule=overrule or [],
    )
    messaging.dry_run(order) if dry_run else messaging.send(order)


@app.command("settle")
def message_settle(
    key: Annotated[str, Argument(help="The delivery's key, as the error names it.")],
    arrived: Annotated[
        bool, Option("--arrived/--lost", help="Whether it arrived; lost: it may be sent again.")
    ],
    to: Annotated[
        str, Option("--to", metavar="ADDRESS", help="One person of a mailing; else all in doubt.")
    ] = "",
    incident: Incident = None,
) -> None:
    """Say what became of a delivery that nobody knew the end of."""
    from crisisctl.cli import messaging

    messaging.settle(key, incident, to, arrived=arrived)


@app.command("correct")
def message_correct(
    message: Annotated[str | None, Argument(help="Only this message; else all of them.")] = None,
    incident: Incident = None,
    listing: Annotated[bool, Option("--list", help="Only say which; draft nothing.")] = False,
    json: Json = False,
) -> None:
    """Draft a correction of each message that said what was retracted."""
    from crisisctl.cli import correcting

    correcting.correct(message, incident, listing=listing, json=json)


app.command("render")(bulk.render)
