"""What wraps messages in HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import nodes

from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import LayoutFile
from crisisctl.messages.layouts import (
    REPORTS,
    SITE,
    examined_layout,
    known_names,
    shown_names,
    strange_names,
)
from crisisctl.text import did_you_mean, listed, quoted, safe

LAYOUT = re.compile(r"[a-z0-9][a-z0-9-]*\.html\.j2")
"""How the file of a layout is called."""
_MOST = 20
"""As many refusals are told of one layout: the first few explain the rest."""


@rule("layout-refused", LayoutFile)
def layout_refused(layout: LayoutFile) -> Iterator[Hit]:
    """A layout holds something that cannot be read, or that layouts may not do.

    A layout shows the words of a message and nothing else. With a mistake in
    it, the e-mail or the error page cannot be made at all.

    Bad:
        <p>{{ text | safe }}</p>
    Good:
        <p>{{ text | urlize }}</p>
    """
    for refusal in list(dict.fromkeys(layout.refusals))[:_MOST]:
        named = _NAMED.search(refusal.text)
        word = next(filter(None, named.groups()), "") if named else ""
        place = _in_tags(layout, refusal.line, word)
        yield layout.source.hit(*place, _worded(refusal.text), _ways(refusal.text))
    tree, known = _tree(layout), known_names(layout.name)
    for name, line in strange_names(tree, layout.name) if tree is not None else ():
        guess = did_you_mean(name, known)
        hint = f'did you mean "{guess}"?' if guess else f"a layout knows {listed(known)}"
        place = _in_tags(layout, line, name)
        yield layout.source.hit(*place, f"no page has anything called {quoted(name)}", hint)
    for number, row in enumerate(layout.source.lines, 1):
        if "\ufffd" in row:
            at = row.index("\ufffd") + 1
            yield layout.source.hit(number, at, "the file is not UTF-8 here", "save it as UTF-8")
            return


def _tree(layout: LayoutFile) -> nodes.Template | None:
    return None if layout.refusals else examined_layout(layout.source.text, layout.name)[0]


_NAMED = re.compile(r"\"\.?(\w+)\"|'(\w+)'|^(\w+) is not")
"""How a refusal names what it refuses."""


def _worded(refusal: str) -> str:
    if found := re.match(r"Encountered unknown tag '(\w+)'", refusal):
        return f"there is no tag {quoted(found[1])}"
    told = re.sub(r" at \d+$", "", refusal).rstrip(".")
    return safe(f"{told[:1].lower()}{told[1:]}")


def _ways(refusal: str) -> str:
    if "filter" in refusal:
        return "every value is escaped already; links: | urlize"
    return ""


def _in_tags(layout: LayoutFile, line: int, word: str) -> tuple[int, int]:
    """Line and column of a word in the tags of a line, else of the first tag there."""
    lines = layout.source.lines
    line = min(max(line, 1), len(lines))
    row = lines[line - 1]
    tag = re.search(r"\{[{%#]", row)
    begin = tag.start() if tag else len(row) - len(row.lstrip())
    found = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)").search(row, begin) if word else None
    return line, (found.start() if found else begin) + 1


@rule("layout-incomplete", LayoutFile)
def layout_incomplete(layout: LayoutFile) -> Iterator[Hit]:
    """A layout leaves out the words of the message, or the mark of a drill.

    Without `text` or `paragraphs` the page is empty. Without `drill_stamp` the
    page of a drill looks like the real thing, and somebody will believe it.

    Bad:
        <p>{{ text }}</p>
    Good:
        {% if drill_stamp %}<strong>{{ drill_stamp }}</strong>{% endif %}
        <p>{{ text }}</p>
    """
    tree = _tree(layout)
    if tree is None:
        return
    shown = shown_names(tree)
    if layout.name == SITE:
        if "incidents" not in shown:
            what = "this layout never shows the messages of an incident"
            yield layout.source.hit(1, 1, what, "add a loop over `incidents`")
    elif layout.name in REPORTS:
        if "sections" not in shown:
            what = "this layout never shows the sections of the post-mortem"
            yield layout.source.hit(1, 1, what, "add a loop over `sections`")
    elif not shown & {"text", "paragraphs", "blocks"}:
        what = "this layout never shows the words of the message"
        yield layout.source.hit(1, 1, what, "add {{ text }}, or a loop over `paragraphs`")
    if "drill_stamp" not in shown:
        what = "this layout never says that a drill is a drill"
        hint = "add {% if drill_stamp %}<strong>{{ drill_stamp }}</strong>{% endif %}"
        yield layout.source.hit(1, 1, what, hint)


@rule("unused-layout", LayoutFile)
def unused_layout(layout: LayoutFile) -> Iterator[Hit]:
    """No channel is wrapped in this layout.

    Somebody will change it one day and wonder why nothing changes.

    Bad:
        # templates/layouts/mail.html.j2, and in channels.yaml:
        email: {title: E-mail, form: body, layout: email.html.j2}
    Good:
        email: {title: E-mail, form: body, layout: mail.html.j2}
    """
    if not LAYOUT.fullmatch(layout.name) and layout.name not in REPORTS:
        what = f"{quoted(layout.name)} cannot be the name of a layout"
        hint = "small letters, digits and hyphens, then .html.j2"
        yield layout.source.hit(1, 1, what, hint)
    elif not layout.used:
        hint = "name it under `layout:` in channels.yaml, or remove the file"
        yield layout.source.hit(1, 1, f"no channel uses {quoted(layout.name)}", hint)
