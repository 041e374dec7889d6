"""The post-mortem: in Markdown, as a page, or as data."""

from __future__ import annotations

from pathlib import Path

from crisisctl.cli.desk import desk
from crisisctl.cli.printing import deliver
from crisisctl.errors import CrisisError
from crisisctl.report.formats import FORMATS, written
from crisisctl.report.words import words
from crisisctl.text import did_you_mean, listed


def report(
    id: str | None,
    *,
    format: str,
    locale: str,
    output: Path | None,
    restricted: bool,
    as_of: str | None = None,
) -> None:
    """The post-mortem in one of its formats, in one language."""
    if format not in FORMATS:
        meant = did_you_mean(format, FORMATS)
        raise CrisisError(
            f'there is no format "{format}"',
            hint=f'did you mean "{meant}"?' if meant else f"formats: {listed(FORMATS, 'or')}",
        )
    say = words(locale)
    at = desk()
    found = at.look_back(
        *at.pick(id), restricted=restricted, as_of=as_of, words=say, asked=format != "json"
    )
    text = written(found, format, say, at.workspace, ascii_only=not at.out.unicode)
    deliver(at, text, output)
    if found.withheld:
        circle = ", ".join(found.incident.circle or ())
        at.talk.block(
            f"{found.incident.id} is restricted to {circle}: the words are left out. "
            "One of them gets them with --restricted.",
            "warn",
        )
