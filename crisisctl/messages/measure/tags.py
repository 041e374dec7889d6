"""Hashtags and mentions: some networks take few of them, however short the text is."""

from __future__ import annotations

import re

_HASHTAG = re.compile(r"(?<![\w&#])[#＃](?=\w*[^\W\d_])\w+")
"""A number alone (#1) is none."""
_MENTION = re.compile(r"(?<![\w.@])[@＠]\w")
"""The second half of an address is none."""


def hashtags(text: str) -> int:
    """Count the words behind a #."""
    return len(_HASHTAG.findall(text))


def mentions(text: str) -> int:
    """Count the people who are named by @."""
    return len(_MENTION.findall(text))
