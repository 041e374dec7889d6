"""YAML's syntax errors, in the words of somebody who writes playbooks, not parsers."""

from __future__ import annotations

import re

from msgspec import Struct


class Words(Struct, frozen=True):
    """What to say about an error."""

    text: str
    hint: str = ""
    rule: str = "yaml-syntax"
    at_start: bool = False
    """Point at where the construct begins, not at where reading failed."""


ANCHOR = Words(
    "YAML anchors (&) and aliases (*) are not supported",
    "if a text begins with this sign, put it in quotes",
    "yaml-anchor",
    at_start=True,
)
TAG = Words(
    "YAML tags (!) are not supported",
    "if a text begins with this sign, put it in quotes",
    "yaml-tag",
    at_start=True,
)

# Searched in this order in "context: message @character first|inside|second colon".
# libyaml and its pure-Python twin word the same error differently, so both are here.
_KNOWN: dict[str, Words] = {
    r"an (anchor|alias): ": ANCHOR,
    r" a tag: |tag handle|tag URI": TAG,
    r"tab character|@\t": Words(
        "a tab stands where only spaces are allowed",
        "indent with two spaces for each level",
    ),
    r"quoted scalar: found unexpected": Words(
        "the quote that opens here is never closed",
        at_start=True,
    ),
    r"flow (sequence|mapping): ": Words(
        "the bracket that opens here is not closed properly",
        "a comma or its closing bracket was expected before {place}",
        at_start=True,
    ),
    r"node content.*@ ?(first|inside)": Words(
        "the text ends before a bracket [ or {{ is closed",
    ),
    r"node content": Words(
        "{character} cannot stand here",
        "something is missing before it; if a text begins with it, put the text in quotes",
    ),
    r"cannot start any token": Words(
        "a text cannot begin with {character}",
        "put the text in quotes",
    ),
    r"values are not allowed.*second colon": Words(
        "a second ':' cannot stand on this line",
        "if the ':' belongs to the text, put the text in quotes",
    ),
    r"values are not allowed|unexpected ':'": Words(
        "this ':' cannot stand here",
        "begin the line in the same column as its neighbours; the name above it needs ': ' too",
    ),
    r"sequence entries are not allowed": Words(
        "a list item cannot begin here",
        "begin the list on the next line, one '- ' for each item",
    ),
    r"keys are not allowed": Words(
        "a text cannot begin with '?'",
        "put the text in quotes",
    ),
    r"unknown escape|hexa?decimal": Words(
        "a backslash in double quotes begins a special character, and this one is unknown",
        "write the backslash twice, or use single quotes",
    ),
    r"invalid Unicode character escape": Words(
        "this text holds a code that is not a character",
        rule="yaml-control",
        at_start=True,
    ),
    r"block scalar: ": Words(
        "only a line break may follow '|' or '>'",
        "begin the text on the next line, indented",
    ),
    r"could not find expected ':'": Words(
        "this line has no ':'",
        "write 'name: value', or indent the line if it goes on with the text above",
        at_start=True,
    ),
    r"(block (mapping|collection)|document start).*@:": Words(
        "a name is missing before this ':'",
    ),
    r"(block (mapping|collection)|document start).*inside": Words(
        "something follows a value that has already ended",
        "put the whole value in quotes; inside single quotes write ' twice",
    ),
    r"block collection": Words(
        "this line is neither an item of the list of line {opened} nor a key of an item",
        "line it up with the keys above it; or begin it with '- ', or move it out of the list",
    ),
    r"block mapping": Words(
        "this line does not line up with the lines above",
        "names that belong together begin in the same column, here as on line {opened}",
    ),
    r"document start": Words(
        "this line does not line up with the lines above",
        "names that belong together begin in the same column",
    ),
    r"directive|incompatible YAML": Words(
        "a line that begins with '%' cannot be read",
        "remove the line",
    ),
}


def explain(message: str, context: str, before: str, after: str, **places: object) -> Words:
    """Say what a parser's message means.

    `before` and `after` are the parts of the line on either side of where
    reading failed; `places` are what texts and hints may name.
    """
    where = "inside" if before.strip() else "first"
    colon = " second colon" if ": " in before else ""
    subject = f"{context}: {message} @{after[:1]} {where}{colon}"
    for pattern, words in _KNOWN.items():
        if re.search(pattern, subject):
            named = {"character": repr(after[:1]), **places}
            text, hint = words.text.format_map(named), words.hint.format_map(named)
            return Words(text, hint, words.rule, words.at_start)
    return Words("this is not valid YAML", f"the parser says: {message}")
