"""Words that a terminal would obey, hide or reorder, and how to see that none came through."""

from __future__ import annotations

import re

HOSTILE = {
    "clear screen": "\x1b[2J",
    "forged approval": "\x1b[1A\x1b[2K ok: approved",
    "clipboard": "\x1b]52;c;ZXZpbA==\x07",
    "link": "\x1b]8;;http://evil.example\x1b\\shop\x1b]8;;\x1b\\",
    "title": "\x1b]0;owned\x07",
    "terminal settings": "\x1bP$q q\x1b\\",
    "typed back": "\x1b[6n",
    "C1": "\x9b31m",
    "charset": "\x1b(0lqqk",
    "carriage return": "unpaid\rPAID",
    "backspaces": "no\x08\x08yes",
    "right to left": "txt.\u202egnp.exe",
    "isolates": "\u2066a\u2069",
    "invisible": "a\u200bb\ufeff",
    "tag letters": "a\U000e0041",
    "bell": "\x07\x07",
    "line separators": "a\u2028b\u2029c\x85d",
    "too many marks": "z" + "\u0335" * 500,
    "markup": "[red]x[/red] [link=http://evil.example]y[/link]",
    "closing tag": "[/]",
    "action": "[@click=app.quit]x",
    "long": "x" * 100_000,
    "workflow command": "::error::x",
}
TYPEABLE = {k: v for k, v in HOSTILE.items() if k != "long"}
MARKS = re.compile("[\u0300-\u036f]{5}")


def calm(*shown: str) -> bool:
    """Whether nothing of it would move a cursor, hide, reorder or colour text."""
    text = "".join(shown)
    plain = all(char == "\n" or char.isprintable() or char in "\u00a0\u202f" for char in text)
    return plain and not MARKS.search(text)
