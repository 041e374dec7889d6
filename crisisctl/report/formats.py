"""The formats of the post-mortem, each with what writes it: the one list of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from crisisctl.report.data import SCHEMA, Json, View

if TYPE_CHECKING:
    from crisisctl.report.post_mortem import PostMortem


def in_json(found: PostMortem) -> str:
    """The report for programs."""
    return json_text({**View(found.zone).report(found), "schema": SCHEMA})


def in_markdown(found: PostMortem) -> str:
    """The report for people, as a page of text."""
    from crisisctl.report.markdown import markdown

    return markdown(found)


FORMATS: Mapping[str, Callable[[PostMortem], str]] = {"md": in_markdown, "json": in_json}
"""By the ending of the file it makes."""


def json_text(data: Json, *, ascii_only: bool = False) -> str:
    """JSON that can be shown anywhere: what a terminal would obey or hide is escaped."""
    text = json.dumps(data, ensure_ascii=ascii_only, indent=2)
    hidden = {char for char in text if not char.isprintable()} - {"\n"}
    return text.translate({ord(char): json.dumps(char)[1:-1] for char in hidden}) + "\n"
