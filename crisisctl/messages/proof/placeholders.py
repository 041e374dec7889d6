"""Marks that something was to be filled in: {name}, [NAME], TBD, and what a program left behind."""

from __future__ import annotations

from collections.abc import Iterator

from crisisctl.patterns import later

_SIGNS = ("{", "}", "$", "%", "[", "<", "__", "XXX", "TBD", "TODO", "FIXME", "???", "psum")
"""Without any of these there is no placeholder; most texts have none."""
_PLACEHOLDER = later(
    r"(?<!\{)\{++[^\S\n]?[\w. |-]{1,60}\}+"
    r"|\{\{|\}\}|\{%|%\}"
    r"|\$\{?[A-Za-z_]\w{1,40}\}?"
    r"|%\(\w{1,40}\)[sdif]|(?<![\d%\w])%[sdif](?!\w)"
    r"|\[(?!\d)[^\[\]\n\0]{2,40}\](?!\()"
    r"|<[A-Za-z_/][\w /-]{0,40}>"
    r"|__\w{1,40}?__|\bX{3,}\b|\bTBD\b|\bTODO\b|\bFIXME\b|(?i:\blorem ipsum\b)|\?{3,}"
)
_PRINTED = ("None", "ndefined", "null", "NaN", " object at 0x")
# "None of it is lost" is English; no sentence has it behind a small letter but in a few phrases.
_LEFT_BEHIND = later(
    r"(?<![\w-])(?:[Uu]ndefined|null|NaN)(?![\w-])"
    r"|(?<=[a-zà-ÿа-яğışöü:,] )None(?![\w-])(?! (?:of|is|are|was|were|has|have|the)\b)"
    r"|<?[\w.]{1,60} object at 0x[0-9a-f]{1,16}>?"
)


def placeholders(text: str) -> Iterator[tuple[int, int]]:
    """Where customers would read a placeholder."""
    if any(sign in text for sign in _SIGNS):
        yield from (found.span() for found in _PLACEHOLDER.finditer(text))


def left_behind(text: str) -> Iterator[tuple[int, int]]:
    """Where a finished text shows what a program prints for something that it does not have."""
    if any(printed in text for printed in _PRINTED):
        yield from (found.span() for found in _LEFT_BEHIND.finditer(text))
