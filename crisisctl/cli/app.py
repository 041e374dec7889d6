"""Every command with its arguments; what it does stands in the module of its moment.

Nothing heavy is imported here: a command brings what it needs when it runs.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from crisisctl.cli import (
    afterwards,
    checks,
    compensate,
    evidence,
    learning,
    legal,
    message,
    publishing,
    restricting,
    reviews,
    standing,
)
from crisisctl.cli.door import FrontDesk, Timed
from crisisctl.cli.options import (
    AnswersFile,
    AsOf,
    At,
    Because,
    ChannelNames,
    Circle,
    Id,
    Incident,
    Json,
    Locales,
    NoInput,
    Set,
)

app = typer.Typer(
    cls=FrontDesk,
    rich_markup_mode=None,  # plain help: half the start-up, and it reads on any terminal
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(message.app, name="message")
app.add_typer(reviews.app, name="reviews")
app.add_typer(compensate.app, name="compensate")
app.add_typer(afterwards.actions, name="action")


@app.callback(invoke_without_command=True)
def crisisctl(
    ctx: typer.Context,
    version: Annotated[bool, Option("--version", help="Show the version.")] = False,
    json: Json = False,
) -> None:
    """Run a crisis step by step: what comes next, what to say, where, by when.

    Without a command: the open incidents, and the one next command.
    Declare one with: crisisctl start outage
    """
    if version:
        from crisisctl import __version__

        typer.echo(f"crisisctl {__version__}")
    elif ctx.invoked_subcommand is None:
        from crisisctl.cli import during

        during.overview(json=json)


@app.command()
def start(
    playbook: Annotated[str, Argument(help="Which playbook: see `crisisctl playbooks`.")],
    title: Annotated[str, Option(help="A short name for this incident.")] = "",
    set_: Set = None,
    answers: AnswersFile = None,
    from_: Annotated[
        str | None,
        Option(
            "--from",
            metavar="FILE",
            help="An alert as JSON: Alertmanager, Grafana, PagerDuty, UptimeRobot, CloudEvents; "
            "- for stdin.",
        ),
    ] = None,
    locale: Locales = None,
    at: At = None,
    drill: Annotated[
        bool, Option("--drill", help="An exercise: kept apart, reaches nobody.")
    ] = False,
    example: Annotated[
        bool, Option("--example", help="Walk it with the playbook's own example facts, as a drill.")
    ] = False,
    into: Annotated[
        str,
        Option("--into", metavar="ID", help="Add the playbook to this running incident instead."),
    ] = "",
    because: Because = "",
    restricted: Circle = None,
    no_input: NoInput = False,
) -> None:
    """Declare an incident and walk its playbook."""
    from crisisctl.cli import walking

    walking.start(
        playbook,
        walking.Declaration(
            title=title,
            pairs=set_ or [],
            answers=answers,
            alert=from_,
            locales=locale or [],
            at=at,
            drill=drill or example,
            example=example,
            into=into,
            because=because,
            restricted=restricted,
        ),
        no_input=no_input,
    )


@app.command()
def resume(
    id: Id = None, answers: AnswersFile = None, set_: Set = None, no_input: NoInput = False
) -> None:
    """Go on where it stopped."""
    from crisisctl.cli import walking

    walking.resume(id, answers=answers, pairs=set_ or [], no_input=no_input)


app.command()(standing.status)


@app.command()
def note(
    text: Annotated[str, Argument(help="Words for the timeline.")],
    incident: Incident = None,
    at: At = None,
    topic: Annotated[
        str, Option(help="Sorts it into the report: went-well, went-badly, got-lucky, playbook.")
    ] = "",
) -> None:
    """Write a line into the timeline, from any terminal."""
    from crisisctl.cli import during

    during.note(text, incident, at=at, topic=topic)


@app.command(cls=Timed)
def fact(
    name: Annotated[str, Argument(help="The fact's name.")],
    value: Annotated[str | None, Argument(help="Its value; left out, it is shown.")] = None,
    incident: Incident = None,
    suspected: Annotated[
        bool, Option("--suspected", help="Not sure yet: no message says it.")
    ] = False,
    retract: Annotated[bool, Option("--retract", help="Take it back.")] = False,
    source: Annotated[str, Option(help="Where it is known from.")] = "",
    because: Because = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Record, correct or retract a fact; without a value, show it."""
    from crisisctl.cli import during

    entry = during.FactEntry(name, value, suspected, retract, source, because)
    during.fact(entry, incident, at=at, json=json)


@app.command()
def severity(
    level: Annotated[str, Argument(help="sev1 (worst) to sev4.")],
    incident: Incident = None,
    because: Because = "",
    at: At = None,
) -> None:
    """Raise the severity freely; lower it with a reason."""
    from crisisctl.cli import during

    during.severity(level, incident, because=because, at=at)


@app.command()
def role(
    role: Annotated[str, Argument(help="The role's name in the playbook.")],
    person: Annotated[str, Argument(help="Who holds it from now on.")],
    incident: Incident = None,
    at: At = None,
) -> None:
    """Give a role to a person, or hand it over."""
    from crisisctl.cli import during

    during.role(role, person, incident, at=at)


@app.command()
def waive(
    deadline: Annotated[str, Argument(help="The deadline's or promise's name.")],
    because: Annotated[str, Option("--because", metavar="WORDS", help="Why; it is required.")],
    incident: Incident = None,
) -> None:
    """Record that a deadline or promise will not be met, and why."""
    from crisisctl.cli import during

    during.waive(deadline, incident, because=because)


@app.command()
def keep(
    promise: Annotated[str, Argument(help="The promise's name: see `deadlines`.")],
    how: Annotated[str, Argument(help="How it was kept.")] = "",
    incident: Incident = None,
    at: At = None,
) -> None:
    """Record that a promise was kept."""
    from crisisctl.cli import during

    during.keep(promise, incident, how=how, at=at)


@app.command()
def deadlines(
    id: Id = None,
    incident: Incident = None,
    ics: Annotated[
        Path | None,
        Option("--ics", metavar="FILE", help="A calendar with alarms at 50, 80 and 100 %."),
    ] = None,
    json: Json = False,
) -> None:
    """What is due by when. Exit code 1 when something is overdue."""
    from crisisctl.cli import during

    during.deadlines(id or incident, json=json, ics=ics)


app.command()(standing.timeline)
app.command()(standing.handover)


@app.command(name="list")
def list_(
    all_: Annotated[bool, Option("--all", help="Closed ones, too.")] = False,
    drill: Annotated[bool, Option("--drill", help="Drills instead of real incidents.")] = False,
    json: Json = False,
) -> None:
    """The incidents, newest first."""
    from crisisctl.cli import during

    during.list_incidents(all_=all_, drill=drill, json=json)


@app.command()
def report(
    id: Id = None,
    incident: Incident = None,
    format: Annotated[
        str, Option("--format", "-f", metavar="md|html|json|pdf|text", help="Format.")
    ] = "md",
    json: Annotated[bool, Option("--json", help="The same as --format json.")] = False,
    output: Annotated[
        Path | None, Option("--output", "-o", metavar="FILE", help="Write it there.")
    ] = None,
    locale: Locales = None,
    restricted: Annotated[
        bool, Option("--restricted", help="With the words of a restricted one, if you may.")
    ] = False,
    public: Annotated[
        bool, Option("--public", help="The report for customers: nothing internal gets in.")
    ] = False,
    form: Annotated[
        str, Option("--form", metavar="blog|email", help="With --public: for the site, or to mail.")
    ] = "blog",
    playbook: Annotated[str, Option(help="With --public: of several playbooks, this one's.")] = "",
    as_of: AsOf = None,
) -> None:
    """The post-mortem; with --public, what customers may read."""
    format = "json" if json else format
    if public:
        from crisisctl.cli import public_report

        order = public_report.Order(form, format, locale or [], playbook, output, restricted)
        public_report.publish(id or incident, order)
        return
    from crisisctl.cli import reporting

    reporting.report(
        id or incident,
        format=format,
        locales=locale or ["en"],
        output=output,
        restricted=restricted,
        as_of=as_of,
    )


@app.command()
def close(id: Id = None, incident: Incident = None, because: Because = "") -> None:
    """Accept the post-mortem and close, once nothing is open.

    Open is a milestone without a time, a promise, a regulator's clock. A sev1 or sev2
    whose post-mortem was not reviewed needs --because: see `crisisctl review`.
    """
    from crisisctl.cli import after

    after.close(id or incident, because=because)


@app.command()
def reopen(
    id: Annotated[str, Argument(help="The incident.")],
    because: Annotated[str, Option("--because", metavar="WORDS", help="Why; it is required.")],
) -> None:
    """Open a resolved or closed incident again."""
    from crisisctl.cli import after

    after.reopen(id, because=because)


@app.command()
def playbooks(json: Json = False) -> None:
    """The playbooks that can be started."""
    from crisisctl.cli import before

    before.playbooks(json=json)


@app.command()
def show(
    playbook: Annotated[str, Argument(help="The playbook's name.")],
    format: Annotated[
        str, Option("--format", "-f", metavar="text|md|json", help="md prints on paper.")
    ] = "text",
    json: Annotated[bool, Option("--json", help="The same as --format json.")] = False,
) -> None:
    """A playbook from end to end: to read, to print, or as a model."""
    from crisisctl.cli import before

    before.show(playbook, format="json" if json else format)


@app.command()
def preview(
    message: Annotated[str, Argument(metavar="PLAYBOOK/MESSAGE", help="Such as outage/holding.")],
    channel: ChannelNames = None,
    locale: Locales = None,
    answers: AnswersFile = None,
    set_: Set = None,
    json: Json = False,
) -> None:
    """A message with example facts; no incident is needed."""
    from crisisctl.cli import previewing

    previewing.preview(
        message,
        channels=channel or [],
        locales=locale or [],
        answers=answers,
        pairs=set_ or [],
        json=json,
    )


app.command()(checks.lint)
app.command()(checks.proof)
app.command()(checks.schema)
app.command()(legal.clocks)
app.command()(legal.notify)
app.command()(legal.register)
for _command in (learning.stats, learning.similar, learning.suggest, learning.digest):
    app.command()(_command)
app.command()(restricting.restrict)
app.command()(publishing.page)
app.command()(evidence.verify)
app.command()(evidence.export)
app.command(name="import")(evidence.import_)
app.command()(afterwards.review)
app.command(cls=Timed)(afterwards.correct)
app.command()(afterwards.cause)


@app.command()
def doctor(json: Json = False) -> None:
    """Check that everything needed in a crisis is in place."""
    from crisisctl.cli import checkup

    checkup.doctor(json=json)


def keep_only(arguments: list[str]) -> None:
    """Build the one command that was typed, or none: all of them cost a third of the start.

    Help, typing mistakes and shell completion get the whole desk.
    """
    bare = arguments in ([], ["--json"])
    typed = arguments[0] if arguments else ""
    commands = [c for c in app.registered_commands if typed in (c.name, _name_of(c.callback))]
    groups = [g for g in app.registered_groups if g.name == typed]
    if (commands or groups or bare) and "_CRISISCTL_COMPLETE" not in os.environ:
        app.registered_commands, app.registered_groups = commands, groups


def _name_of(function: object) -> str:
    return getattr(function, "__name__", "")
