"""The post-mortem: in Markdown, as a page, or as data."""

from __future__ import annotations

from pathlib import Path

from crisisctl.cli.desk import Desk, desk
from crisisctl.cli.printing import as_json, deliver
from crisisctl.errors import CrisisError
from crisisctl.report.data import SCHEMA, View
from crisisctl.report.post_mortem import PostMortem
from crisisctl.report.words import words
from crisisctl.text import did_you_mean, listed

FORMATS = ("md", "html", "json")


def report(
    id: str | None, *, format: str, locale: str, output: Path | None, restricted: bool
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
    found = at.look_back(*at.pick(id), restricted=restricted, words=say, asked=format != "json")
    deliver(at, written(at, found, format, locale), output)
    if found.withheld:
        circle = ", ".join(found.incident.circle or ())
        at.talk.block(
            f"{found.incident.id} is restricted to {circle}: the words are left out. "
            "One of them gets them with --restricted.",
            "warn",
        )


def written(at: Desk, found: PostMortem, format: str, locale: str) -> str:
    """A report in a format."""
    if format == "json":
        return as_json(at, {**View(found.zone).report(found), "schema": SCHEMA})
    from crisisctl.report import rendering
    from crisisctl.report.sections import page

    write = rendering.html if format == "html" else rendering.markdown
    return write(page(found, words(locale)), at.workspace)
