"""`lint`: what is wrong with playbooks and messages, for people, editors and CI."""

from __future__ import annotations

import os
import stat
import textwrap
from collections.abc import Sequence
from pathlib import Path

import typer
from msgspec import Struct

from crisisctl.cli.desk import Desk, desk
from crisisctl.cli.printing import as_json, deliver, print_json
from crisisctl.cli.screen import Style
from crisisctl.errors import CrisisError
from crisisctl.lint import baseline, choose, gather
from crisisctl.lint.outcome import Around, Outcome, Wishes
from crisisctl.lint.outcome import lint as run
from crisisctl.lint.output import FORMATS, data, text
from crisisctl.lint.rule import RULES, Rule
from crisisctl.text import columns, listed, quoted, wrap


class Order(Struct, frozen=True):
    """What was typed beside the paths and the format."""

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    strict: bool = False
    baseline: Path | None = None
    write_baseline: Path | None = None


def lint(paths: Sequence[Path], order: Order, *, format: str) -> None:
    """Lint files; exit code 1 when something was found, 2 when something could not be read.

    What could be read is shown all the same; only where nothing could is
    stdout empty.
    """
    if format not in FORMATS:
        hint = f"formats: {listed(FORMATS, 'or')}"
        raise CrisisError(f"there is no format {quoted(format)}", hint=hint)
    at = desk()
    around = Around(_here(), at.now().date(), min(2, os.cpu_count() or 1))
    wishes = Wishes(
        select=tuple(order.select),
        ignore=tuple(order.ignore),
        strict=order.strict,
        baseline=order.baseline,
        whole=order.write_baseline is not None,
    )
    if Path("-") in paths:
        hint = "a playbook is judged with its messages and its workspace: name its file"
        raise CrisisError("stdin cannot be linted", hint=hint)
    outcome = run(*gather.gathered(paths, around.cwd), wishes, around)
    if outcome.unread and not outcome.files:
        raise _unread(outcome)
    if order.write_baseline is not None:
        _write_baseline(at, outcome, order.write_baseline, around.cwd)
        return
    _show(at, outcome, format)
    if outcome.unread:
        raise _unread(outcome)
    if outcome.failed:
        raise typer.Exit(1)


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:
        raise CrisisError("the folder you are in is gone", hint="go to another one") from None


def _unread(outcome: Outcome) -> CrisisError:
    hints = dict.fromkeys(one.hint for one in outcome.unread if one.hint)
    text = "\n".join(one.text for one in outcome.unread)
    return CrisisError(text, hint=next(iter(hints), ""))


def _write_baseline(at: Desk, outcome: Outcome, path: Path, cwd: Path) -> None:
    if outcome.unread:
        raise _unread(outcome)
    if path.suffix in (".yaml", ".yml", ".j2"):
        hint = "it is JSON: give it a name such as known.json"
        raise CrisisError(f"{path} is no name for a baseline", hint=hint)
    try:
        deliver(at, baseline.written(outcome.findings, path, cwd), path)
    except CrisisError as error:
        raise CrisisError(error.message, hint=error.hint) from None
    if str(path) != "-":
        found = text.counted(len(outcome.findings), "finding") or "no finding"
        at.talk.line(f"{found} listed; from now on: crisisctl lint --baseline {path}")


def _show(at: Desk, outcome: Outcome, format: str) -> None:
    match format:
        case "json":
            print_json(at, data.outcome_data(outcome))
        case "sarif":
            from crisisctl.lint.output import sarif

            at.out.stream.write(as_json(at, sarif.log(outcome)))
        case "junit":
            from crisisctl.lint.output import junit

            at.out.stream.write(junit.document(outcome))
        case "github":
            from crisisctl.lint.output import github

            at.out.stream.write(github.commands(outcome))
            _add_step_summary(at, outcome)
        case _:
            _show_text(at, outcome)


def _show_text(at: Desk, outcome: Outcome) -> None:
    for row in text.rows(outcome):
        if row.wraps and at.out.terminal:
            words = row.text.lstrip(" ")
            at.out.block(words, row.pieces[0][1], " " * (len(row.text) - len(words)))
        else:
            first, *more = _broken(row, at.out.width) if at.out.terminal else [row.text]
            *marks, (_, style) = row.pieces or (("", ""),)
            painted = "".join(at.out.paint(*mark) for mark in marks)
            left = first[sum(len(words) for words, _ in marks) :]
            at.out.stream.write(painted + at.out.paint(left, style) + "\n")
            for line in more:
                at.out.stream.write(f"{line}\n")
    if outcome.findings and at.talk.terminal:
        first = outcome.findings[0].rule
        at.talk.line(f"why it matters, how to fix it: crisisctl lint --explain {first}", "dim")


def _broken(row: text.Row, width: int) -> list[str]:
    """A line between words, at most so wide; the place and the rule stay together."""
    lines = textwrap.wrap(
        row.text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
    marks = "".join(words for words, _ in row.pieces[:-1])
    return lines if lines and lines[0].startswith(marks) else [row.text]


def _add_step_summary(at: Desk, outcome: Outcome) -> None:
    """GitHub shows this file on the run's page; what went wrong with it stops nobody."""
    from crisisctl.lint.output import github

    named = at.environment.get("GITHUB_STEP_SUMMARY")
    if not named:
        return
    path = Path(named)
    try:
        taken = path.stat().st_size if path.exists() else 0
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            raise OSError(None, "not an ordinary file")
        with path.open("a", encoding="utf-8") as file:
            file.write(github.step_summary(outcome, github.SUMMARY_BYTES - taken))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        at.talk.line(f"the step summary cannot be written: {reason.lower()}", "warn")


def rules(*, json: bool) -> None:
    """Every rule, a line each, family by family."""
    at = desk()
    every = sorted(RULES.values(), key=lambda rule: (rule.family, rule.id))
    if json:
        print_json(at, {"rules": [data.rule_data(rule) for rule in every]})
        return
    rows = [[rule.id, rule.severity, rule.family, rule.title.rstrip(".")] for rule in every]
    if at.out.terminal:
        at.out.table(rows)
        return
    widths = [max(columns(row[n]) for row in rows) for n in range(3)]
    for row in rows:  # whoever reads a pipe wants one line a rule
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        at.out.line("  ".join([*cells, row[3]]))


def explain(id: str, *, json: bool) -> None:
    """Why a rule exists, with a bad and a good example, and how to silence it."""
    at = desk()
    rule = choose.named(id.strip())
    if json:
        print_json(at, data.rule_data(rule))
        return
    at.out.ends(rule.id, f"{rule.severity} · {rule.family}", "bold")
    at.out.block(rule.title)
    at.out.line()
    at.out.block(rule.why)
    _example(at, "Bad:", rule.bad, "bad")
    _example(at, "Good:", rule.good, "good")
    _ways_to_silence(at, rule)


def _example(at: Desk, heading: str, example: str, style: Style) -> None:
    if example:
        at.out.line()
        at.out.line(heading, style)
        for line in example.split("\n"):
            lead = " " * (4 + len(line) - len(line.lstrip(" ")))
            first, *more = wrap(line.strip(" "), at.out.width - len(lead) - 2).split("\n")
            at.out.line(f"{lead}{first}".rstrip())
            for rest in more:
                at.out.line(f"{lead}  {rest}")


def _ways_to_silence(at: Desk, rule: Rule) -> None:
    at.out.line()
    at.out.line("To let one stand, write on its line, or on the line above:", "bold")
    at.out.line(f"    # crisisctl: ignore[{rule.id}]")
    at.out.line(f"    {{# crisisctl: ignore[{rule.id}] #}}    in a message text")
    at.out.block(f"All of them: --ignore {rule.id}, or in crisisctl.yaml:", "bold")
    at.out.line(f"    lint: {{ignore: [{rule.id}]}}")
