"""Regular expressions that are compiled when they are first used.

A short command imports hundreds and meets few of them: those that stand behind a quick look
at the text, or that only bad text comes to. To compile them all takes a tenth of its time.
"""

from __future__ import annotations

import re
from typing import cast


class _Later:
    """Stands for a pattern, and turns into it method by method."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._made = (pattern, flags)

    def __getattr__(self, name: str) -> object:
        found = getattr(re.compile(*self._made), name)
        setattr(self, name, found)
        return found


def later(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, for its methods only; a wrong pattern shows when it is used."""
    return cast("re.Pattern[str]", _Later(pattern, flags))
