"""Threads' count: letters one by one, an emoji as its bytes in UTF-8."""

from __future__ import annotations

from crisisctl.messages.measure.emoji import SEQUENCE
from crisisctl.patterns import later

_EMOJI = later(SEQUENCE)


def count(text: str) -> int:
    """Count as Meta's documentation of posts says (developers.facebook.com/docs/threads/posts).

    Signs such as © that may be shown as a picture are counted as emoji.
    """
    return len(text) + sum(len(found.encode()) - len(found) for found in _EMOJI.findall(text))
