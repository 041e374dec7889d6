"""The `reviews` commands with their arguments; what they do stands in the modules they name.

Nothing heavy is imported here: a command brings what it needs when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from crisisctl.cli.options import At, Because, Id, Incident, Json, NoInput

app = typer.Typer(
    help="Reviews: read an export, see the wave, answer each one.", rich_markup_mode=None
)

_Files = Annotated[list[Path], Argument(metavar="FILE…", help="Exports: CSV, TSV, JSON, JSONL.")]
_Map = Annotated[
    list[str] | None,
    Option(
        "--map",
        metavar="FIELD=COLUMN",
        help="What a column holds: rating, text, date, language, source…",
    ),
]
_Source = Annotated[str, Option(metavar="NAME", help="The platform, where the file does not say.")]
_Rejects = Annotated[
    Path | None,
    Option("--unreadable", metavar="FILE", help="Write every row that could not be read there."),
]
_Key = Annotated[str, Argument(metavar="KEY", help="The review's key, or how it begins.")]
_Overrule = Annotated[
    list[str] | None,
    Option("--overrule", metavar="RULE=WHY", help="Let a finding stand; the report says why."),
]


@app.command("analyse")
def reviews_analyse(
    files: _Files,
    map_: _Map = None,
    source: _Source = "",
    unreadable: _Rejects = None,
    each: Annotated[
        Path | None,
        Option("--each", metavar="FILE", help="Write what was understood of each review (JSONL)."),
    ] = None,
    svg: Annotated[
        Path | None, Option("--svg", metavar="FILE", help="Draw the days as a picture.")
    ] = None,
    json: Json = False,
) -> None:
    """Is it a wave, since when, about what? No incident is needed.

    \b
    Example:
      crisisctl reviews analyse reviews.csv
      crisisctl reviews analyse mine.csv --map rating=Note --map text=Avis
    """  # noqa: D301 - click ends its wrapping at a real \b
    from crisisctl.cli import hearing

    order = hearing.Order(files, map_ or [], source, unreadable)
    hearing.analyse(order, each=each, svg=svg, json=json)


@app.command("import")
def reviews_import(
    files: _Files,
    incident: Incident = None,
    map_: _Map = None,
    source: _Source = "",
    unreadable: _Rejects = None,
    watch: Annotated[
        bool, Option("--watch", help="Keep looking at the files; tell when the verdict changes.")
    ] = False,
    every: Annotated[
        str, Option("--every", metavar="TIME", help="With --watch: how often, such as 30m.")
    ] = "60m",
    json: Json = False,
) -> None:
    """Read exports into the incident; nothing is counted twice."""
    from crisisctl.cli import hearing

    order = hearing.Order(files, map_ or [], source, unreadable)
    if watch:
        hearing.watch(order, incident, every=every)
    else:
        hearing.import_(order, incident, json=json)


@app.command("table")
def reviews_table(
    id: Id = None,
    incident: Incident = None,
    by: Annotated[
        str, Option("--by", metavar="WHAT", help="language, source, product, country or week.")
    ] = "",
    json: Json = False,
) -> None:
    """The problems: how many mention each, what has changed."""
    from crisisctl.cli import tables

    tables.table(id or incident, by=by, json=json)


@app.command("kpi")
def reviews_kpi(
    id: Id = None,
    incident: Incident = None,
    set_: Annotated[
        list[str] | None,
        Option("--set", metavar="NAME=VALUE", help="A figure that reviews do not give: nps=42."),
    ] = None,
    target: Annotated[
        list[str] | None,
        Option("--target", metavar="NAME=VALUE", help="The shop's own target: nps=60."),
    ] = None,
    from_: Annotated[
        Path | None,
        Option("--from", metavar="FILE", help="Figures from a CSV file: kpi,value,date."),
    ] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """The figures: target, before, now, trend."""
    from crisisctl.cli import tables

    tables.kpi(id or incident, pairs=set_ or [], goals=target or [], file=from_, at=at, json=json)


@app.command("strategy")
def reviews_strategy(
    topic: Annotated[str, Argument(metavar="[TOPIC]", help="Left out: all, with proposals.")] = "",
    strategy: Annotated[
        str,
        Argument(
            metavar="[STRATEGY]", help="individual, apology-offer, private, standard, ignore."
        ),
    ] = "",
    incident: Incident = None,
    because: Because = "",
    json: Json = False,
) -> None:
    """How each topic is answered: proposed, and decided."""
    from crisisctl.cli import tables

    tables.strategy(topic, strategy, incident, because=because, json=json)


@app.command("next")
def reviews_next(
    id: Id = None, incident: Incident = None, no_input: NoInput = False, json: Json = False
) -> None:
    """Answer the queue: the next review, with a draft."""
    from crisisctl.cli import complaints

    complaints.next_(id or incident, ask=not no_input, json=json)


@app.command("answer")
def reviews_answer(
    key: _Key,
    from_: Annotated[
        Path | None, Option("--from", metavar="FILE", help="The answer; - for stdin.")
    ] = None,
    draft: Annotated[bool, Option("--draft", help="Answer with the draft as it is.")] = False,
    incident: Incident = None,
    at: At = None,
    overrule: _Overrule = None,
) -> None:
    """Answer one review; its text is checked first."""
    from crisisctl.cli import complaints

    complaints.answer(key, incident, file=from_, draft=draft, at=at, overrule=overrule or [])


@app.command("mark")
def reviews_mark(
    key: _Key,
    status: Annotated[str, Argument(help="resolved, flagged, ignored, or new again.")],
    incident: Incident = None,
    because: Because = "",
) -> None:
    """Resolved, reported with evidence, or not answered, and why."""
    from crisisctl.cli import complaints

    complaints.mark(key, status, incident, because=because)


@app.command("list")
def reviews_list(
    id: Id = None,
    incident: Incident = None,
    status: Annotated[
        str, Option(metavar="S", help="new, answered, resolved, flagged, ignored.")
    ] = "",
    topic: Annotated[str, Option(metavar="TOPIC", help="Only those about it.")] = "",
    json: Json = False,
) -> None:
    """The complaints and where each stands, most urgent first."""
    from crisisctl.cli import complaints

    complaints.list_(id or incident, status=status, topic=topic, json=json)


@app.command("show")
def reviews_show(key: _Key, incident: Incident = None, json: Json = False) -> None:
    """One review: its words, what was understood, its answer."""
    from crisisctl.cli import complaints

    complaints.show_one(key, incident, json=json)


@app.command("export")
def reviews_export(
    id: Id = None,
    incident: Incident = None,
    format: Annotated[
        str, Option("--format", "-f", metavar="csv|json", help="One file for each platform.")
    ] = "csv",
    output: Annotated[
        Path, Option("--output", "-o", metavar="DIR", help="The folder they go to.")
    ] = Path("answers"),
    deliver: Annotated[
        bool, Option("--deliver", help="Hand them to the targets of `delivery:` instead.")
    ] = False,
) -> None:
    """Hand the answers over: a file for each platform."""
    from crisisctl.cli import handing

    handing.export(id or incident, format=format, output=output, deliver=deliver)
