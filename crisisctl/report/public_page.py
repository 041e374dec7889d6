"""The report for customers as plain text, Markdown and one page of HTML."""

from __future__ import annotations

import re

from crisisctl.incident.fold import Incident
from crisisctl.messages.channels import load_channels
from crisisctl.messages.drafting import words_of
from crisisctl.messages.layouts import PUBLIC_REPORT, Page, blocks, render_page
from crisisctl.messages.pack import Text
from crisisctl.text import safe
from crisisctl.text import unmarked as plain
from crisisctl.workspace import Workspace

_LINK = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)])")


def as_text(text: Text) -> str:
    """The words alone, to be pasted."""
    parts = (safe(part, lines=True) for part in (text.heading, text.body) if part)
    return "\n\n".join(parts) + "\n"


def as_markdown(text: Text) -> str:
    """A page in Markdown; what people typed stands there literally."""
    lines = [f"# {plain(text.heading)}", ""]
    for block in blocks(text.body):
        if "heading" in block:
            lines += [f"## {plain(str(block['heading']))}", ""]
        elif isinstance(items := block.get("items"), list):
            lines += [*(f"- {_linked(str(item))}" for item in items), ""]
        else:
            lines += [_linked(str(block["text"])), ""]
    return "\n".join(lines)


def _linked(words: str) -> str:
    """Words as they stand; a link keeps its own letters, whatever they mean elsewhere."""
    pieces = _LINK.split(words)
    return "".join(
        f"<{piece}>" if number % 2 else _spaced(piece) for number, piece in enumerate(pieces)
    )


def _spaced(words: str) -> str:
    before, after = (" " if words[at : at + 1].isspace() else "" for at in (0, len(words) - 1))
    return f"{before}{plain(words)}{after}" if words.strip() else before


def as_html(text: Text, workspace: Workspace, incident: Incident) -> str:
    """One page that needs no other file: the site's own, or what an e-mail shows."""
    if text.channel == "email" and text.html:
        return safe(text.html, lines=True)
    words = words_of(text)
    stamp = load_channels(workspace).stamp(text.locale) if incident.drill else ""
    shop = incident.known("shop_name")
    page = Page(
        locale=text.locale,
        heading=words.heading,
        text=words.body,
        shop_name=str(shop.value) if shop is not None and shop.status == "confirmed" else "",
        drill_stamp=stamp,
    )
    return safe(render_page(workspace, PUBLIC_REPORT, page), lines=True)
