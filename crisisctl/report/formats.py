"""The formats of the post-mortem: the one list of them, and what writes each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crisisctl.report.data import SCHEMA, Json, View

if TYPE_CHECKING:
    from crisisctl.report.post_mortem import PostMortem
    from crisisctl.report.words import Words
    from crisisctl.workspace import Workspace

FORMATS = ("md", "html", "json")
"""Those that are text; each is the ending of the file it makes. An archive holds them all."""


def written(
    found: PostMortem,
    format: str,
    say: Words,
    workspace: Workspace,
    *,
    ascii_only: bool = False,
) -> str:
    """A report in a format and a language, by the layouts of a workspace."""
    if format == "json":
        from crisisctl.report.looked_back import looked_back

        data = {**looked_back(View(found.zone), found), "schema": SCHEMA}
        return json_text(data, ascii_only=ascii_only)
    from crisisctl.report import rendering
    from crisisctl.report.sections import page

    write = rendering.html if format == "html" else rendering.markdown
    return write(page(found, say), workspace)


def json_text(data: Json, *, ascii_only: bool = False) -> str:
    """JSON that can be shown anywhere: what a terminal would obey or hide is escaped."""
    text = json.dumps(data, ensure_ascii=ascii_only, indent=2)
    hidden = {char for char in text if not char.isprintable()} - {"\n"}
    return text.translate({ord(char): json.dumps(char)[1:-1] for char in hidden}) + "\n"
