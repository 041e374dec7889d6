"""The commands that editors and CI run, with their arguments.

Nothing heavy is imported here: a command brings what it needs when it runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option


def lint(
    paths: Annotated[
        list[Path] | None,
        Argument(
            metavar="[PATH]…",
            help="Files, folders; else the workspace, or what is shipped.",
            readable=False,  # one that is closed must not keep the others from being linted
        ),
    ] = None,
    format: Annotated[
        str, Option("--format", "-f", metavar="F", help="text, json, github, sarif or junit.")
    ] = "text",
    json: Annotated[bool, Option("--json", help="The same as --format json.")] = False,
    select: Annotated[
        list[str] | None, Option(metavar="RULE", help="Only these rules or families: a,b.")
    ] = None,
    ignore: Annotated[
        list[str] | None, Option(metavar="RULE", help="Leave these rules or families out.")
    ] = None,
    strict: Annotated[bool, Option("--strict", help="Warnings fail too.")] = False,
    baseline: Annotated[
        Path | None, Option(metavar="FILE", help="Leave out what this file lists.")
    ] = None,
    write_baseline: Annotated[
        Path | None, Option(metavar="FILE", help="List there what is found now, and pass.")
    ] = None,
    explain: Annotated[
        str | None, Option(metavar="RULE", help="Why a rule exists, with a bad and a good example.")
    ] = None,
    rules: Annotated[bool, Option("--rules", help="List all rules.")] = False,
) -> None:
    """Prove playbooks and messages before the crisis.

    A finding is one line: FILE:LINE:COLUMN: error[RULE]: what is wrong. Exit code
    0: clean; 1: something was found; 2: something could not be linted, but what
    could is shown all the same.

    \b
    Examples:
      crisisctl lint                        the workspace, or what is shipped
      crisisctl lint playbooks/outage.yaml  one playbook with its messages
      crisisctl lint --select form,no-owner
      crisisctl lint --explain no-owner
    \b
    On an old set, list what is wrong now, then see only what is new:
      crisisctl lint --write-baseline known.json
      crisisctl lint --baseline known.json
    \b
    To let one finding stand, on its line or on the line above:
      # crisisctl: ignore[no-owner]
      {# crisisctl: ignore[no-owner] #}     in a message text
    \b
    In crisisctl.yaml. --select goes before its select and ignore, --ignore
    adds to its ignore; the baseline is looked for beside the file:
      lint: {ignore: [no-owner], strict: true, baseline: known.json}
    """  # noqa: D301 - the mark that keeps lines apart is a real backspace
    from crisisctl.cli import linting

    if rules:
        linting.rules(json=json or format == "json")
    elif explain is not None:
        linting.explain(explain, json=json or format == "json")
    else:
        order = linting.Order(select or (), ignore or (), strict, baseline, write_baseline)
        linting.lint(paths or [], order, format="json" if json else format)


def proof(
    file: Annotated[
        str, Argument(metavar="[FILE|-]", help="The text, in UTF-8; - or left out: stdin.")
    ] = "-",
    channel: Annotated[
        str | None, Option("--channel", "-c", metavar="C", help="Where it will stand: sms, x …")
    ] = None,
    locale: Annotated[
        str | None, Option("--locale", "-l", metavar="L", help="Its language; else it is guessed.")
    ] = None,
    kind: Annotated[
        str | None,
        Option("--kind", "-k", metavar="KIND", help="What it is for, so that nothing is missing."),
    ] = None,
    strict: Annotated[bool, Option("--strict", help="Warnings fail too.")] = False,
    json: Annotated[bool, Option("--json", help="One JSON object on stdout.")] = False,
) -> None:
    """Measure and proofread any text, with no incident.

    Tone, fairness, personal data, placeholders, promises without a time, and with
    --kind what such a message must say: holding, update, resolution, apology, notice,
    brief, report or reply. With --channel also whether it fits. HTML is read as it
    is, not rendered. Exit code 0: clean, or only warnings; 1: an error was found or
    it is too long; 2: it could not be read.

    \b
    Examples:
      crisisctl proof draft.txt --channel sms --kind holding
      pbpaste | crisisctl proof - --locale fr
    """  # noqa: D301 - the mark that keeps lines apart is a real backspace
    from crisisctl.cli import proofing

    order = proofing.Order(channel, locale, kind, strict=strict)
    proofing.proof(file, order, json=json)


def schema(
    of: Annotated[
        str,
        Option("--of", metavar="KIND", help="playbook, workspace, channels, regulation, answers."),
    ] = "playbook",
    output: Annotated[
        Path | None, Option("--output", "-o", metavar="FILE", help="Write it there.")
    ] = None,
    json: Annotated[
        bool, Option("--json", help="Inside one object with its name; it is JSON anyway.")
    ] = False,
) -> None:
    """A JSON Schema: what an editor needs to help while you write.

    Editors with a YAML language server read the first line of a file:

    \b
    Examples:
      crisisctl schema -o playbooks/playbook.schema.json
      # yaml-language-server: $schema=./playbook.schema.json
    \b
      crisisctl schema --of workspace -o crisisctl.schema.json
      # yaml-language-server: $schema=./crisisctl.schema.json
    """  # noqa: D301 - the mark that keeps lines apart is a real backspace
    from crisisctl.cli import schemas

    schemas.schema(of, output=output, json=json)
