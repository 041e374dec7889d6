"""What wraps texts: e-mail, 503 page, banner, the pages of the status site, the post-mortem."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from jinja2 import Template, nodes, pass_eval_context
from jinja2.exceptions import TemplateError
from jinja2.filters import do_urlize
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape
from msgspec import Struct
from msgspec.structs import asdict

from crisisctl.errors import CrisisError
from crisisctl.messages.formats import NotPlain
from crisisctl.messages.sandbox import (
    LONGEST,
    BadTemplate,
    Language,
    Refusal,
    compiled,
    environment,
    examined,
    line_of,
)
from crisisctl.text import quoted, safe, unmarked
from crisisctl.workspace import Workspace

_FILE = re.compile(r"[a-z0-9][a-z0-9-]*\.(?:html|md)\.j2")
SITE = "status-page.html.j2"
"""The layout of the status site; it shows many messages, all others show one."""
PUBLIC_REPORT = "public-report.html.j2"
"""The layout of the report for customers; no channel has it, `report --public` does."""
LONGEST_SITE = 4 * 1024 * 1024
"""Characters of a page of the status site: years of messages."""
REPORTS = ("post-mortem.html.j2", "post-mortem.md.j2")
"""The layouts of the post-mortem; they show its sections."""
REPORT_NAMES = (
    *("locale", "title", "facts", "sections", "footer", "contents", "drill_stamp", "notice"),
)
LONGEST_REPORT = 64 * 1024 * 1024
"""Characters of a post-mortem: some hundred thousand events."""
_NODES = frozenset(
    {
        *("Template", "Output", "TemplateData", "Name", "Const", "If", "For", "Compare"),
        *("Operand", "And", "Or", "Not", "Test", "Filter", "Getattr", "Getitem", "CondExpr"),
    }
)
_PAGE = Language(_NODES, loops=2)  # the items of the lists of a page
_SITE = Language(_NODES, loops=4)  # those of each message of each incident
_REPORT = Language(_NODES, loops=4)  # the cells of each row of each block of each section
_LINK = '<a style="color:inherit;text-decoration:underline" '
"""Links look the same on any background, whatever the page around them says of links."""


class Page(Struct, frozen=True):
    """What a layout shows of one message."""

    locale: str
    heading: str
    text: str
    shop_name: str
    drill_stamp: str = ""
    preheader: str = ""
    urgent: bool = False
    """Whether it must interrupt whoever has the page read aloud: a breach notice."""


class SitePage(Struct, frozen=True, kw_only=True):
    """What the layout of the status site shows: only words, ready to print, and flags."""

    locale: str
    words: dict[str, str]
    shop_name: str
    history: bool
    """Whether it is the history, else the state of things now."""
    indicator: str
    verdict: str
    as_of: dict[str, object]
    components: list[dict[str, object]]
    incidents: list[dict[str, object]]
    ended: list[dict[str, object]]
    languages: list[dict[str, object]]
    address: str
    default_address: str
    feed: str
    other_page: str
    history_page: str
    contact: str
    drill_stamp: str = ""


def render_page(workspace: Workspace, layout: str, page: Page) -> str:
    """The page of one message as HTML; every value is escaped."""
    return _rendered(workspace, layout, _names(page))


def render_site_page(workspace: Workspace, page: SitePage) -> str:
    """A page of the status site as HTML; every value is escaped."""
    return _rendered(workspace, SITE, asdict(page))


def render_report(workspace: Workspace, layout: str, names: dict[str, object]) -> str:
    """A post-mortem in Markdown or HTML; every value is escaped for the one or the other."""
    return _rendered(workspace, layout, names)


def _rendered(workspace: Workspace, layout: str, names: dict[str, object]) -> str:
    path = workspace.find("templates", f"layouts/{layout}") if _FILE.fullmatch(layout) else None
    if path is None:
        raise CrisisError(f'there is no layout "{layout}" in templates/layouts')
    try:
        text = path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as error:
        raise BadTemplate(str(error), path) from error
    template = _layout(path, text)
    context = template.new_context(names)
    try:
        return template.environment.concat(template.root_render_func(context))
    except (TemplateError, TypeError, ValueError, ArithmeticError, NotPlain) as error:
        raise BadTemplate(str(error), path, line_of(error, template, path), code=1) from error


@lru_cache(maxsize=32)
def _layout(path: Path, text: str) -> Template:
    # escaping is on for every layout: jinja's own choice by file name would miss ".html.j2"
    made = _environment(path.name)
    made.finalize = _finals.get(path.name, _words)
    return compiled(made, text, path, _language(path.name))[0]


def examined_layout(text: str, layout: str) -> tuple[nodes.Template | None, tuple[Refusal, ...]]:
    """The tree of the layout of that name and all that may not stand in it; nothing is run."""
    return examined(_environment(layout), text, _language(layout))


def known_names(layout: str) -> tuple[str, ...]:
    """What the layout of that name may speak of."""
    if layout in REPORTS:
        return REPORT_NAMES
    return SitePage.__struct_fields__ if layout == SITE else tuple(_names(Page("", "", "", "")))


def strange_names(tree: nodes.Template, layout: str) -> list[tuple[str, int]]:
    """What a layout speaks of and its page does not have, each with its line."""
    known = {*known_names(layout), "loop"}
    own = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    used = ((name.name, name.lineno) for name in tree.find_all(nodes.Name) if name.ctx == "load")
    return list(dict.fromkeys((name, line) for name, line in used if name not in known | own))


def shown_names(tree: nodes.Template) -> set[str]:
    """What a layout speaks of."""
    return {name.name for name in tree.find_all(nodes.Name)}


def _language(layout: str) -> Language:
    if layout in REPORTS:
        return _REPORT
    return _SITE if layout == SITE else _PAGE


def _environment(layout: str) -> ImmutableSandboxedEnvironment:
    if layout in REPORTS:
        made = environment(escape=layout.endswith(".html.j2"), longest=LONGEST_REPORT)
        made.filters |= {"lines": _lines, "fenced": _fenced, "verbatim": _Ready}
        return made
    made = environment(escape=True, longest=LONGEST_SITE if layout == SITE else LONGEST)
    made.filters["urlize"] = _linked
    made.policies["urlize.rel"] = "noopener"
    return made


class _Ready(str):
    """Text that Markdown is to take as it is."""

    __slots__ = ()


def _fenced(value: str) -> str:
    """An exact text between fences that are longer than any in it."""
    longest = max((len(found) for found in re.findall(r"`+", value)), default=0)
    fence = "`" * max(3, longest + 1)
    return _Ready(f"{fence}text\n{safe(value, lines=True)}\n{fence}")


def _lines(value: str) -> str:
    """An exact text with its line breaks."""
    return escape(safe(value, lines=True))


def _marked(value: object) -> str:
    """Text in Markdown, so that it says what it said."""
    if isinstance(value, _Ready):
        return value
    return unmarked(_words(value))


def _cleaned(value: object) -> str:
    """Text in HTML; what is a drawing or was escaped already stays."""
    return value if isinstance(value, Markup) else safe(_words(value))


_finals: dict[str, Callable[[object], str]] = dict(zip(REPORTS, (_cleaned, _marked), strict=True))


@pass_eval_context
def _linked(context: nodes.EvalContext, value: str) -> str:
    escaped = do_urlize(context, value)
    # Where "<a " still stands, it is a link of Jinja's own: no other "<" is left.
    return type(escaped)(str(escaped).replace("<a ", _LINK))


def _words(value: object) -> str:
    if isinstance(value, str):
        return value
    raise NotPlain(f"{quoted(value)} cannot be printed: it is not text")


def _names(page: Page) -> dict[str, object]:
    return {
        "locale": page.locale,
        "heading": page.heading,
        "text": page.text,
        "paragraphs": paragraphs(page.text),
        "blocks": blocks(page.text),
        "shop_name": page.shop_name,
        "drill_stamp": page.drill_stamp,
        "preheader": page.preheader,
        "urgent": page.urgent,
    }


_LONGEST_HEADING = 70
"""Characters of a line that is a heading."""


def blocks(text: str) -> list[dict[str, object]]:
    """Plain text as headings `{"heading": …}`, paragraphs and lists.

    A heading is a short line of its own that does not end like a sentence and
    has something below it: people write it so in an e-mail, where there is no
    other way. `## ` before it makes any line one.
    """
    found = paragraphs(text)
    for at in reversed(range(len(found) - 1)):
        line = str(found[at].get("text", ""))
        if line.startswith("## "):
            found[at] = {"heading": line[3:].strip()}
        elif line and _heads(line) and "heading" not in found[at + 1]:
            found[at] = {"heading": line}
    return found


def _heads(line: str) -> bool:
    return len(line) <= _LONGEST_HEADING and line[-1].isalnum() and not set(line) & set(":@")


def paragraphs(text: str) -> list[dict[str, object]]:
    """Plain text as paragraphs `{"text": …}` and lists `{"items": […]}`."""
    found: list[dict[str, object]] = []
    for block in re.split(r"\n{2,}", text):
        rest: list[str] = []
        items: list[str] = []
        for line in filter(None, block.split("\n")):
            (items.append(line[2:]) if line.startswith("- ") else rest.append(line))
        if rest:
            found.append({"text": " ".join(rest)})
        if items:
            found.append({"items": items})
    return found
