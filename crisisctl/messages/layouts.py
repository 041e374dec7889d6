"""What wraps a form in HTML: e-mail, 503 page, banner."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jinja2 import StrictUndefined
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crisisctl.errors import CrisisError
from crisisctl.workspace import Workspace

_FILE = re.compile(r"[a-z0-9][a-z0-9-]*\.html\.j2")


@dataclass(frozen=True, slots=True)
class Page:
    """What a layout shows."""

    locale: str
    heading: str
    text: str
    shop_name: str
    drill_stamp: str = ""


def render_page(workspace: Workspace, layout: str, page: Page) -> str:
    """The page as HTML; every value is escaped."""
    path = workspace.find("templates", f"layouts/{layout}") if _FILE.fullmatch(layout) else None
    if path is None:
        raise CrisisError(f'there is no layout "{layout}" in templates/layouts')
    # escaping is on for every layout: jinja's own choice by file name would miss ".html.j2"
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.clear()
    environment.policies["urlize.rel"] = "noopener"
    try:
        template = environment.from_string(path.read_text(encoding="utf-8"))
        return template.render(
            locale=page.locale,
            heading=page.heading,
            text=page.text,
            paragraphs=paragraphs(page.text),
            shop_name=page.shop_name,
            drill_stamp=page.drill_stamp,
        )
    except (TemplateError, UnicodeDecodeError, OSError) as error:
        raise CrisisError(f"{path}: {error}", code=1) from error


def paragraphs(text: str) -> list[dict[str, object]]:
    """Plain text as paragraphs `{"text": …}` and lists `{"items": […]}`."""
    found: list[dict[str, object]] = []
    for block in re.split(r"\n{2,}", text):
        rest: list[str] = []
        items: list[str] = []
        for line in block.splitlines():
            (items.append(line[2:]) if line.startswith("- ") else rest.append(line))
        if rest:
            found.append({"text": " ".join(rest)})
        if items:
            found.append({"items": items})
    return found
