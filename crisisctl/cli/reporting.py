"""The post-mortem: in Markdown, as a page, or as data."""

from __future__ import annotations

from pathlib import Path

from crisisctl.cli.desk import Desk, desk
from crisisctl.cli.printing import as_json, deliver, deliver_bytes
from crisisctl.errors import CrisisError
from crisisctl.report.data import SCHEMA, View
from crisisctl.report.post_mortem import PostMortem
from crisisctl.report.words import words
from crisisctl.text import did_you_mean, listed

FORMATS = ("md", "html", "json", "pdf")


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
    if format == "pdf" and output is None and at.out.terminal:
        raise CrisisError("a PDF is no text for a terminal", hint="write it to a file: -o FILE")
    found = at.look_back(*at.pick(id), restricted=restricted, words=say, asked=format != "json")
    if format == "pdf":
        from crisisctl.report.paper import pdf

        deliver_bytes(at, pdf(written(at, found, "html", locale)), output)
    else:
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
        from crisisctl.report.looked_back import looked_back

        return as_json(at, {**looked_back(View(found.zone), found), "schema": SCHEMA})
    from crisisctl.report import rendering
    from crisisctl.report.sections import page

    write = rendering.html if format == "html" else rendering.markdown
    return write(page(found, words(locale)), at.workspace)
