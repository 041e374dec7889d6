"""Mastodon's count: an address 23, a mention without its server, else what people call letters."""

from __future__ import annotations

import re

from crisisctl.messages.measure.graphemes import graphemes

_URL = 23
# Only an address that begins with http counts so; what is doubtful, such as a host without a
# dot, is counted whole, because counting too much is the safe mistake.
_LINK = re.compile(r"(?<![\w@#$])https?://[^\s<>\"«»]+", re.IGNORECASE)
_HOST = re.compile(r"https?://[\w-]+\.[\w-]", re.IGNORECASE)
_END = ".,;:!?'’”)]}…"
# A name has 30 letters at most, and a server 253 (RFC 1035); the bounds keep the search short.
_MENTION = re.compile(r"(?<![\w/@.])@(\w{1,30})@(?:[a-z0-9-]{1,63}\.){1,10}[a-z]{2,63}\b", re.I)


def count(text: str) -> int:
    """Count as the server does (docs.joinmastodon.org, "Posting to your profile")."""
    links: list[str] = []
    rest = _LINK.sub(lambda found: _without_link(found[0], links), text)
    return len(links) * _URL + graphemes(_MENTION.sub(r"@\1", rest))


def _without_link(found: str, links: list[str]) -> str:
    """What is left of an address in the text: the signs behind it."""
    link = found.rstrip(_END)
    if not _HOST.match(link):
        return found
    links.append(link)
    return found[len(link) :]
