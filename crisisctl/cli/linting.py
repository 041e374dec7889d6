"""`lint`: what is wrong with playbooks and messages, for people, editors and CI."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import typer

from crisisctl.cli.desk import desk
from crisisctl.errors import CrisisError
from crisisctl.lint import choose, gather, output
from crisisctl.lint.rule import RULES
from crisisctl.lint.run import Choice, Result
from crisisctl.lint.run import lint as run
from crisisctl.lint.settings import lint_settings
from crisisctl.text import listed


def lint(
    paths: Sequence[Path],
    *,
    format: str,
    select: Sequence[str],
    ignore: Sequence[str],
    strict: bool,
    baseline: Path | None,
    write_baseline: Path | None,
) -> None:
    """Lint files; exit code 1 when something was found, 2 when something could not be read."""
    if format not in output.FORMATS:
        known = listed(output.FORMATS, "or")
        raise CrisisError(f'there is no format "{format}"', hint=f"formats: {known}")
    at = desk()
    jobs = gather.jobs(paths, Path.cwd())
    settings = lint_settings(gather.workspace_at(jobs[0].root if jobs else None))
    rules = choose.chosen(select or settings.select, [*ignore, *settings.ignore])
    result = run(jobs, Choice(rules, at.now().date()), processes=min(2, os.cpu_count() or 1))
    at.out.stream.write(output.written(result, format))
    _leave(result, strict=strict or settings.strict)


def _leave(result: Result, *, strict: bool) -> None:
    if result.unread:
        raise CrisisError("\n".join(result.unread))
    if any(strict or finding.severity == "error" for finding in result.findings):
        raise typer.Exit(1)


def rules() -> None:
    """Every rule, a line each."""
    at = desk()
    for family in dict.fromkeys(rule.family for rule in RULES.values()):
        for rule in sorted((r for r in RULES.values() if r.family == family), key=lambda r: r.id):
            at.out.line(f"{rule.id}  {rule.severity}  {rule.family}  {rule.title}")


def explain(id: str) -> None:
    """Why a rule exists, with a bad and a good example."""
    at = desk()
    rule = choose.named(id)
    at.out.line(f"{rule.id} ({rule.severity}, {rule.family})", "bold")
    at.out.block(rule.title)
    at.out.block(rule.why)
    for what, example in (("Bad", rule.bad), ("Good", rule.good)):
        if example:
            at.out.line(f"{what}:", "bold")
            for line in example.split("\n"):
                at.out.line(f"    {line}")
