"""The arguments and options that many commands share, each with its one line of help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

Id = Annotated[str | None, Argument(metavar="[ID]", help="The incident; else the only open one.")]
Incident = Annotated[
    str | None, Option("--incident", metavar="ID", help="The incident; else the only open one.")
]
Json = Annotated[bool, Option("--json", help="One JSON object on stdout.")]
At = Annotated[
    str | None,
    Option("--at", metavar="TIME", help="When it happened: 20:04, -15m, 2026-11-27T20:04+01:00."),
]
AsOf = Annotated[
    str | None,
    Option(
        "--as-of",
        metavar="TIME",
        help="As it was known then: what was recorded by that time, as for --at.",
    ),
]
NoInput = Annotated[bool, Option("--no-input", help="Never ask; stop at what is unanswered.")]
AnswersFile = Annotated[
    Path | None, Option("--answers", metavar="FILE", help="YAML with answers; walks to the end.")
]
Set = Annotated[
    list[str] | None,
    Option("--set", metavar="FACT=VALUE", help="A fact; FACT?=VALUE is only suspected."),
]
Locales = Annotated[
    list[str] | None, Option("--locale", "-l", metavar="L", help="Language: en, fr, es, tr, ru.")
]
ChannelNames = Annotated[
    list[str] | None, Option("--channel", "-c", metavar="C", help="Only this channel.")
]
Circle = Annotated[
    str | None,
    Option(metavar="NAMES", help="Only these may read its words, and you: ana,li."),
]
Because = Annotated[str, Option("--because", metavar="WORDS", help="The reason, for the record.")]
