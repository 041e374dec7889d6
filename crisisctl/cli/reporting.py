"""The post-mortem: in Markdown, as a page, on paper, or as data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crisisctl.cli.desk import desk
from crisisctl.cli.printing import deliver, deliver_bytes
from crisisctl.errors import CrisisError
from crisisctl.report.formats import FORMATS, written
from crisisctl.report.words import words
from crisisctl.text import did_you_mean, listed

PAPER = "pdf"
"""The one format that is no text, and needs an extra."""


def report(
    id: str | None,
    *,
    format: str,
    locales: Sequence[str],
    output: Path | None,
    restricted: bool,
    as_of: str | None = None,
) -> None:
    """The post-mortem in one of its formats, in one language."""
    formats = (*FORMATS, PAPER)
    if format not in formats:
        meant = did_you_mean(format, formats)
        raise CrisisError(
            f'there is no format "{format}"',
            hint=f'did you mean "{meant}"?' if meant else f"formats: {listed(formats, 'or')}",
        )
    if len(set(locales)) > 1:
        raise CrisisError("a post-mortem is in one language", hint="run it once for each --locale")
    say = words(locales[0])
    at = desk()
    if format == PAPER and output is None and at.out.terminal:
        raise CrisisError("a PDF is no text for a terminal", hint="write it to a file: -o FILE")
    found = at.look_back(
        *at.pick(id), restricted=restricted, as_of=as_of, words=say, asked=format != "json"
    )
    if format == PAPER:
        from crisisctl.report.paper import pdf

        deliver_bytes(at, pdf(written(found, "html", say, at.workspace)), output)
    else:
        text = written(found, format, say, at.workspace, ascii_only=not at.out.unicode)
        deliver(at, text, output)
    if found.withheld:
        circle = ", ".join(found.incident.circle or ())
        at.talk.block(
            f"{found.incident.id} is restricted to {circle}: the words are left out. "
            "One of them gets them with --restricted.",
            "warn",
        )
