"""What wraps a form in HTML: e-mail, 503 page, banner."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from jinja2 import Template, nodes
from jinja2.exceptions import TemplateError
from jinja2.filters import FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.messages.formats import NotPlain
from crisisctl.messages.sandbox import (
    BadTemplate,
    Language,
    Refusal,
    compiled,
    environment,
    examined,
    line_of,
)
from crisisctl.text import quoted
from crisisctl.workspace import Workspace

_FILE = re.compile(r"[a-z0-9][a-z0-9-]*\.html\.j2")
_PAGE = Language(
    frozenset(
        {
            *("Template", "Output", "TemplateData", "Name", "Const", "If", "For", "Compare"),
            *("Operand", "And", "Or", "Not", "Test", "Filter", "Getattr", "Getitem", "CondExpr"),
        }
    ),
    loops=2,  # the items of the lists of a page
)


class Page(Struct, frozen=True):
    """What a layout shows."""

    locale: str
    heading: str
    text: str
    shop_name: str
    drill_stamp: str = ""
    preheader: str = ""


def render_page(workspace: Workspace, layout: str, page: Page) -> str:
    """The page as HTML; every value is escaped."""
    path = workspace.find("templates", f"layouts/{layout}") if _FILE.fullmatch(layout) else None
    if path is None:
        raise CrisisError(f'there is no layout "{layout}" in templates/layouts')
    try:
        text = path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as error:
        raise BadTemplate(str(error), path) from error
    template = _layout(path, text)
    context = template.new_context(_names(page))
    try:
        return template.environment.concat(template.root_render_func(context))
    except (TemplateError, TypeError, ValueError, ArithmeticError, NotPlain) as error:
        raise BadTemplate(str(error), path, line_of(error, template, path), code=1) from error


@lru_cache(maxsize=32)
def _layout(path: Path, text: str) -> Template:
    # escaping is on for every layout: jinja's own choice by file name would miss ".html.j2"
    made = _environment()
    made.finalize = _words
    return compiled(made, text, path, _PAGE)[0]


def examined_layout(text: str) -> tuple[nodes.Template | None, tuple[Refusal, ...]]:
    """The tree of a layout and all that may not stand in it; nothing is run."""
    return examined(_environment(), text, _PAGE)


def strange_names(tree: nodes.Template) -> list[tuple[str, int]]:
    """What a layout speaks of and no page has, each with its line."""
    known = {*_names(Page("", "", "", "")), "loop"}
    own = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    used = ((name.name, name.lineno) for name in tree.find_all(nodes.Name) if name.ctx == "load")
    return list(dict.fromkeys((name, line) for name, line in used if name not in known | own))


def shown_names(tree: nodes.Template) -> set[str]:
    """What a layout speaks of."""
    return {name.name for name in tree.find_all(nodes.Name)}


def _environment() -> ImmutableSandboxedEnvironment:
    made = environment(escape=True)
    made.filters["urlize"] = FILTERS["urlize"]
    made.policies["urlize.rel"] = "noopener"
    return made


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
        "shop_name": page.shop_name,
        "drill_stamp": page.drill_stamp,
        "preheader": page.preheader,
    }


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
