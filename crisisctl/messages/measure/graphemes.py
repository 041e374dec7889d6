"""Graphemes: what people call letters."""

from __future__ import annotations

import unicodedata

from crisisctl.messages.measure.emoji import FLAG
from crisisctl.patterns import later
from crisisctl.text import EMOJI

_TONE = later("[\U0001f3fb-\U0001f3ff\ufe0f]")
_EXTENDS = later("[\u200c\u200d\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_FLAG = later(FLAG)
_EMOJI = later(EMOJI)
_JOINER = "\u200d"
# Leading consonants, vowels, final consonants and whole syllables of Hangul.
_HANGUL = later(
    "(?:[\u1100-\u115f\ua960-\ua97c][\u1100-\u11a7\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7c6]"
    "|[\u1160-\u11a7\ud7b0-\ud7c6][\u1160-\u11ff\ud7b0-\ud7fb]"
    "|[\u11a8-\u11ff\ud7cb-\ud7fb][\u11a8-\u11ff\ud7cb-\ud7fb]"
    "|[\uac00-\ud7a3][\u1160-\u11ff\ud7b0-\ud7fb])"
)


def graphemes(text: str) -> int:
    """Count what people call letters: a flag, a family or "é" in two pieces is one.

    Extended grapheme clusters (Unicode Standard Annex 29) by the rules that the
    standard library's data allows; prepended marks and some Indic conjuncts are
    counted apart, so the count is never too small for them.
    """
    if text.isascii():
        return len(text) - text.count("\r\n")
    return _Clusters().count(text)


class _Clusters:
    """How far the current cluster has come: enough to judge the next letter in one look."""

    def __init__(self) -> None:
        self.last = ""
        self.picture = False
        """An emoji, with tones and selectors, has just ended."""
        self.joined = False
        """A joiner stands right behind such an emoji."""
        self.half_flag = False

    def count(self, text: str) -> int:
        return sum(self._begins(char) for char in text)

    def _begins(self, char: str) -> bool:
        """Take the next letter in; whether a new cluster begins with it."""
        begins = not self.last or not self._continues(char)
        picture = bool(_EMOJI.match(char))
        still = not begins and self.picture
        self.joined = still and char == _JOINER
        self.picture = picture or (still and bool(_TONE.match(char)))
        self.half_flag = begins and bool(_FLAG.match(char))
        self.last = char
        return begins

    def _continues(self, char: str) -> bool:
        if _breaks(self.last) or _breaks(char):
            return (self.last, char) == ("\r", "\n")
        if unicodedata.category(char) in ("Mn", "Me", "Mc") or _EXTENDS.match(char):
            return True
        if self.last == _JOINER:
            return self.joined and bool(_EMOJI.match(char))
        if self.half_flag and _FLAG.match(char):
            return True
        return bool(_HANGUL.fullmatch(self.last + char))


def _breaks(char: str) -> bool:
    if char in "\u200c\u200d" or "\U000e0020" <= char <= "\U000e007f":
        return False
    return unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs")
