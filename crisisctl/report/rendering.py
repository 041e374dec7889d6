"""A report as Markdown and as HTML, through layouts that a workspace can replace."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import msgspec
from markupsafe import Markup

from crisisctl.messages.layouts import render_report
from crisisctl.report.blocks import Page
from crisisctl.workspace import Workspace


def markdown(page: Page, workspace: Workspace) -> str:
    """The report in Markdown."""
    text = render_report(workspace, "post-mortem.md.j2", _names(page))
    return "\n".join(_tidy(text)).rstrip() + "\n"


def html(page: Page, workspace: Workspace) -> str:
    """The report as one page that needs nothing else: no script, no font, no image from outside."""
    return render_report(workspace, "post-mortem.html.j2", _names(page))


def _names(page: Page) -> dict[str, object]:
    """What a layout may print: words, lists and flags, no objects."""
    names: dict[str, Any] = msgspec.to_builtins(page)
    _name(names["facts"], page.colon)
    for section in names["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "items":
                _name(block["entries"], page.colon)
            elif block["kind"] == "table":
                heads = block["heads"]
                block["cells"] = [
                    [{"label": head, "text": text} for head, text in zip(heads, row, strict=True)]
                    for row in block["rows"]
                ]
            elif block["kind"] == "picture":
                block["data"] = _address(block["svg"]) if block["alone"] else ""
                block["svg"] = Markup(block["svg"])  # our own, with all foreign text escaped
    return names


def _name(entries: list[dict[str, str]], colon: str) -> None:
    """A question needs no colon after it."""
    for entry in entries:
        if entry["label"] and entry["label"][-1] not in "?!.:":
            entry["label"] += colon


def _address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _tidy(text: str) -> Iterator[str]:
    """Never two empty lines after each other, except in an exact text."""
    fence = ""
    before = ""
    for line in text.splitlines():
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line.removesuffix("text")
        elif not line and not before:
            continue
        before = line
        yield line
