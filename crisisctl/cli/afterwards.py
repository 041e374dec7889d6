"""The commands of looking back, with their arguments: review, correct, cause, action items.

Nothing heavy is imported here: a command brings what it needs when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from crisisctl.cli.options import At, Because, Id, Incident, Json

actions = typer.Typer(help="Action items: add, change, done, decline, list.", rich_markup_mode=None)

Number = Annotated[int, Argument(help="Its number.")]
Owner = Annotated[str, Option(help="Who does it.")]
Due = Annotated[str, Option(metavar="DATE", help="By when, as 2026-12-11.")]
Type = Annotated[
    str, Option("--type", metavar="T", help="prevent, detect, respond or communicate.")
]
Link = Annotated[str, Option(metavar="URL", help="Where it is tracked.")]


def review(
    id: Id = None,
    incident: Incident = None,
    to: Annotated[
        str, Option("--to", metavar="STATE", help="Move it: draft, in-review or reviewed.")
    ] = "",
    timeline_read: Annotated[
        bool, Option("--timeline-read", help="The timeline was read over, and stands.")
    ] = False,
    because: Because = "",
    json: Json = False,
) -> None:
    """Look back together: timeline, causes, lessons, action items.

    On a terminal it leads through them; everything is saved as it is said, so leave at any
    time and go on later. Elsewhere, or with --json, it shows what is there and what is
    missing. A post-mortem is a draft, in review, then reviewed: by another person than the
    one who handed it in, with the timeline read, a cause and a lesson. What is missing is
    named; --because lets it count all the same. Going back needs --because.

    Due after it is resolved: a sev1 in three days, a sev2 in five working days, a sev3 in ten.
    `crisisctl close` accepts it.

    \b
    Example:
      crisisctl review
      crisisctl review outage-2026-11-27 --to in-review
    """  # noqa: D301 - click ends its wrapping at a real \b
    from crisisctl.cli import reflecting

    order = reflecting.Order(to, because, timeline_read=timeline_read)
    reflecting.review(id or incident, order, json=json)


def correct(
    number: Annotated[
        int, Argument(metavar="NO", help="The event's number: `crisisctl timeline` shows it.")
    ],
    incident: Incident = None,
    at: At = None,
    text: Annotated[str, Option(metavar="WORDS", help="What really happened.")] = "",
    withdrawn: Annotated[bool, Option("--withdrawn", help="It did not happen at all.")] = False,
    because: Because = "",
) -> None:
    """Put right a line of the timeline, with a reason.

    Its time, its words, or that it happened at all. The record keeps both; the timeline
    and the report show the line as corrected. Only what people wrote down can be
    corrected, and only notes and causes withdrawn; facts and milestones are set anew with
    `crisisctl fact`. Needs --because.

    \b
    Example:
      crisisctl correct 14 --at 20:02 --because "The log says so"
    """  # noqa: D301 - click ends its wrapping at a real \b
    from crisisctl.cli import amending

    change = amending.Correction(number, at, text, because, withdrawn=withdrawn)
    amending.correct(change, incident)


def cause(
    text: Annotated[str, Argument(help="One of the things that came together.")],
    incident: Incident = None,
    class_: Annotated[
        str, Option("--class", metavar="C", help="Its class, such as deployment or overload.")
    ] = "",
    why: Annotated[
        list[str] | None,
        Option("--why", metavar="WORDS", help="What made it possible; up to five, one by one."),
    ] = None,
    at: At = None,
) -> None:
    """Record a contributing cause, with what let it be so.

    \b
    Example:
      crisisctl cause "The import ran with an empty cart" --class deployment
        --why "No test covers a full cart" --why "Test data is made by hand"
    """  # noqa: D301 - click ends its wrapping at a real \b
    from crisisctl.cli import amending

    amending.cause(text, incident, cause=class_, whys=why or [], at=at)


@actions.command("add")
def action_add(
    title: Annotated[str, Argument(help="What is to be done: a verb first, an end to check.")],
    incident: Incident = None,
    owner: Owner = "",
    due: Due = "",
    type: Type = "",
    link: Link = "",
    declined: Annotated[
        str, Option(metavar="WORDS", help="It was thought of and is not done: why.")
    ] = "",
) -> None:
    """Add follow-up work, or something that was thought of and declined."""
    from crisisctl.cli import following_up

    said = following_up.Said(title, owner, due, type, link)
    following_up.add(said, incident, declined=declined)


@actions.command("change")
def action_change(
    action: Number,
    incident: Incident = None,
    title: Annotated[str, Option(metavar="WORDS", help="Better words for it.")] = "",
    owner: Owner = "",
    due: Due = "",
    type: Type = "",
    link: Link = "",
    because: Because = "",
) -> None:
    """Give follow-up work another owner, day, type, link or words.

    A later day needs --because.
    """
    from crisisctl.cli import following_up

    said = following_up.Said(title, owner, due, type, link)
    following_up.change(action, said, incident, because=because)


@actions.command("done")
def action_done(
    action: Number,
    outcome: Annotated[str, Argument(help="What came of it.")],
    incident: Incident = None,
) -> None:
    """Tick off follow-up work, with a word on the outcome."""
    from crisisctl.cli import following_up

    following_up.done(action, outcome, incident)


@actions.command("decline")
def action_decline(
    action: Number,
    because: Annotated[str, Option("--because", metavar="WORDS", help="Why; it is required.")],
    incident: Incident = None,
) -> None:
    """Decide not to do it, and say why."""
    from crisisctl.cli import following_up

    following_up.decline(action, incident, because=because)


@actions.command("list")
def action_list(
    id: Id = None,
    incident: Incident = None,
    all_: Annotated[bool, Option("--all", help="Of all incidents, closed ones too.")] = False,
    overdue: Annotated[
        bool, Option("--overdue", help="What is late, of all incidents unless one is named.")
    ] = False,
    owner: Annotated[str, Option(metavar="NAME", help="Only what this person does.")] = "",
    format: Annotated[
        str, Option("--format", "-f", metavar="F", help="text, csv, json or ics.")
    ] = "text",
    json: Annotated[bool, Option("--json", help="The same as --format json.")] = False,
    output: Annotated[
        Path | None, Option("--output", "-o", metavar="FILE", help="Write it there.")
    ] = None,
) -> None:
    """The follow-up work of one incident, or of all of them.

    With --overdue: what is late, and exit code 1 if anything is. Of a restricted incident
    others see days and numbers, and no words.
    """
    from crisisctl.cli import following_up

    asked = following_up.Asked(owner, "json" if json else format, output, all_, overdue)
    following_up.show(id or incident, asked)
