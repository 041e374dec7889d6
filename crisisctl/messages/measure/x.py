"""X's own count: letters weigh 1 or 2, an address 23, an emoji 2 (twitter-text, configuration v3).

What is a link and what an emoji is told by twitter-text-parser. It takes long to
load, and most texts hold neither: those are counted without it.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import import_module
from importlib.resources import files
from types import ModuleType

from crisisctl.messages.measure.emoji import FLAG
from crisisctl.patterns import later
from crisisctl.text import EMOJI

_HEAVY = later("[^\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_LIGHT_EMOJI = later("[©®]")
_URL = 23
# No link or emoji goes across one of the library's own spaces, so words are looked at one by
# one, each with the space before it: the first word of a text is searched a little differently.
_SPACE = "\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_WORD = later(f"[{_SPACE}]?[^{_SPACE}]+")
_DOT = re.compile(r"\.[^\W\d_]")  # every top-level domain begins with a letter
# What is surely one link, with the signs around it: an address as most are, under a domain that
# the library surely knows. Tests hold it, as all that is counted here, against the library.
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_BEFORE, _BEHIND = rf"[{_SPACE}]?[(\"«]?", r"[.,;:!?)\"»…]*"
_LINK = later(
    rf"({_BEFORE})https?://(?:{_LABEL}\.){{1,9}}(?:example|com|org|net)(?:/[a-z0-9/_-]{{0,999}})?"
    rf"({_BEHIND})",
    re.IGNORECASE,
)
# One address at most, under any domain. The shortest that is linked in part, "http://a.co",
# counts 12 more than its letters.
_ADDRESS = later(
    rf"{_BEFORE}https?://(?:[a-z0-9-]+\.)+[a-z0-9-]+(?:/[a-z0-9/_-]*)?{_BEHIND}", re.IGNORECASE
)
_PARTLY = _URL - len("http://a.co")
_UNSURE = later(rf"{_DOT.pattern}|\u20e3|{FLAG}|{EMOJI}")
# Addresses of examples (RFC 2606) stand for real ones, which X would link; this is as long.
_EXAMPLE = later(r"\.example(?![\w-])", re.IGNORECASE)
_REAL = ".website"
_HALF = later("[\ud800-\udfff]")
"""Half a character: the library cannot encode it."""
_PATIENCE = 50_000
"""Letters times dots: its search for domains is quadratic in "a.a.a.a…"."""


def weight(text: str) -> int:
    """What X counts; where a text is too strange to be searched for links, rather more."""
    text = _normal(text)
    total, patience = _plain(text), _PATIENCE
    for word in _unsure(text):
        patience -= len(word) * (1 + word.count("."))
        total += (_exact(word) if patience >= 0 else _most(word)) - _plain(word)
    return total


def at_most(text: str) -> int:
    """No less than X counts, told without the library: every dot may be the dot of a link."""
    text = _normal(text)
    return _plain(text) + sum(_most(word) - _plain(word) for word in _unsure(text))


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n")


def _unsure(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if _UNSURE.search(word)]


def _plain(text: str) -> int:
    return len(text) + len(_HEAVY.findall(text))


def _sure(word: str) -> int | None:
    """The weight of a word that is a link beyond doubt."""
    link = _LINK.fullmatch(word)
    return _URL + _plain(link[1]) + _plain(link[2]) if link else None


def _most(word: str) -> int:
    sure = _sure(word)
    if sure is not None:
        return sure
    if _ADDRESS.fullmatch(word):
        return _plain(word) + _PARTLY
    return _plain(word) + len(_LIGHT_EMOJI.findall(word)) + _URL * len(_DOT.findall(word))


@lru_cache(maxsize=1024)
def _exact(word: str) -> int:
    sure = _sure(word)
    if sure is not None:
        return sure
    return _parser()(_HALF.sub("\ufffd", _EXAMPLE.sub(_REAL, word)))


@cache
def _parser() -> Callable[[str], int]:
    """The library's count.

    It reads its list of emoji by `pkg_resources`, which setuptools 82 removed
    (pypa/setuptools#3085) and few environments have: the one function that it
    calls is lent to it while it is loaded.
    """
    lent = ModuleType("pkg_resources")
    vars(lent)["resource_string"] = _resource
    before = sys.modules.get(lent.__name__)
    sys.modules[lent.__name__] = lent
    try:
        parse = import_module("twitter_text").parse_tweet
    finally:
        del sys.modules[lent.__name__]
        if before is not None:
            sys.modules[lent.__name__] = before
    return lambda text: int(parse(text).weightedLength)


def _resource(module: str, name: str) -> bytes:
    return files(module.rpartition(".")[0]).joinpath(name).read_bytes()
