"""A report as Markdown and as HTML, through layouts that a workspace can replace."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from html import escape
from typing import Any

import msgspec
from markupsafe import Markup

from crisisctl.messages.layouts import render_report
from crisisctl.report.blocks import Page
from crisisctl.text import safe
from crisisctl.workspace import Workspace

_ACTIVE = re.compile("[&<>\"']")
"""What HTML would take for its own; most lines hold none of it."""


def markdown(page: Page, workspace: Workspace) -> str:
    """The report in Markdown."""
    text = render_report(workspace, "post-mortem.md.j2", _names(page))
    return "\n".join(_tidy(text)).rstrip() + "\n"


def html(page: Page, workspace: Workspace) -> str:
    """The report as one page that needs nothing else: no script, no font, no image from outside."""
    names = _names(page)
    for section in names["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "log":
                block["lines"] = Markup("\n".join(map(_line, block["rows"])))
            elif block["kind"] == "table":
                block["lines"] = Markup("\n".join(_cells(block, page.colon)))
    return render_report(workspace, "post-mortem.html.j2", names)


# A layout may loop over the rows itself; of ten thousand that loop would be the slowest part.
def _cells(table: dict[str, Any], colon: str) -> Iterator[str]:
    """The rows of a table; on a phone each cell stands behind its head."""
    heads = (_named(head, colon) for head in table["heads"])
    begins = [f'<td data-label="{_shown(head)}">' for head in heads]
    for row in table["rows"]:
        cells = (f"{begin}{_shown(cell)}</td>" for begin, cell in zip(begins, row, strict=True))
        yield f"<tr>{''.join(cells)}</tr>"


def _line(row: dict[str, str]) -> str:
    """A row of the timeline."""
    text, before, tone = _shown(row["text"]), row["before"], row["tone"]
    if before:
        text = f'<span>{text}</span> <span class="quiet">({_shown(before)})</span>'
    kind = f' class="{_shown(tone)}"' if tone else ""
    return (
        f'<tr{kind}><td><time datetime="{row["iso"]}">{row["when"]}</time></td>'  # our own words
        f'<td>{text}</td><td class="source">{_shown(row["source"])}</td></tr>'
    )


def _shown(text: str) -> str:
    """Foreign text as HTML shows it."""
    clean = text if text.isascii() and text.isprintable() else safe(text)
    return escape(clean) if _ACTIVE.search(clean) else clean


def _names(page: Page) -> dict[str, Any]:
    """What a layout may print: words, lists and flags, no objects."""
    names: dict[str, Any] = msgspec.to_builtins(page)
    _name(names["facts"], page.colon)
    for section in names["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "items":
                _name(block["entries"], page.colon)
            elif block["kind"] == "picture":
                block["data"] = _address(block["svg"]) if block["alone"] else ""
                block["svg"] = Markup(block["svg"])  # our own, with all foreign text escaped
    return names


def _name(entries: list[dict[str, str]], colon: str) -> None:
    for entry in entries:
        entry["label"] = _named(entry["label"], colon)


def _named(label: str, colon: str) -> str:
    """A name before its words; a question needs no colon after it."""
    return f"{label}{colon}" if label and label[-1] not in "?!.:" else label


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
