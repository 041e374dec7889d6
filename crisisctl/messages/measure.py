"""How long a text is, in the unit that a channel counts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from crisisctl.errors import CrisisError
from crisisctl.text import EMOJI, did_you_mean, listed, quoted

# GSM 03.38: the basic alphabet, and what it reaches with an escape (two septets each).
_GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_ESCAPED = frozenset("\f^{}\\[~]|€")
_GSM = _GSM_BASIC | _GSM_ESCAPED


@dataclass(frozen=True, slots=True)
class Sms:
    """What a text costs as an SMS."""

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    """Septets in GSM-7, UTF-16 units in UCS-2."""
    segments: int
    culprits: tuple[str, ...]
    """The characters that GSM-7 lacks, each once, in the order of the text."""


def sms(text: str) -> Sms:
    """Count a text as the parts a phone network would send."""
    culprits = tuple(dict.fromkeys(c for c in text if c not in _GSM))
    if culprits:
        sizes = [2 if char > "\uffff" else 1 for char in text]
        return Sms("UCS-2", sum(sizes), _parts(sizes, single=70, each=67), culprits)
    sizes = [2 if char in _GSM_ESCAPED else 1 for char in text]
    return Sms("GSM-7", sum(sizes), _parts(sizes, single=160, each=153), ())


def _parts(sizes: list[int], *, single: int, each: int) -> int:
    """Fill parts without ever cutting an escape or a surrogate pair in two."""
    if sum(sizes) <= single:
        return 1 if sizes else 0
    parts, left = 1, each
    for size in sizes:
        if size > left:
            parts, left = parts + 1, each
        left -= size
    return parts


def plain_spaces(text: str) -> str:
    """Replace no-break and other wide or narrow spaces, which GSM-7 lacks, by plain ones."""
    return "".join(" " if unicodedata.category(char) == "Zs" else char for char in text)


def _utf16_units(char: str) -> int:
    return 2 if char > "\uffff" else 1


# twitter-text configuration v3: these weigh 1, all else 2, an address 23 whatever its length.
_HEAVY = re.compile("[^\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_X_URL = 23
_X_EMOJI = 2
# X links bare names under real top-level domains too; every two-letter ending and the common
# long ones are taken for one, because counting too much is the safe mistake.
_LINK = re.compile(
    r"(?<![\w@#$])https?://[^\s<>\"«»]*[^\s<>\"«».,;:!?'’”)\]}…]"
    r"|(?<![\w@#$./-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"(?:[a-z]{2}|com|org|net|info|biz|app|dev|shop|store|online|site|blog|cloud|news|help|xyz)"
    r"(?![\w@-])(?:/[^\s<>\"«»]*[^\s<>\"«».,;:!?'’”)\]}…]|/)?",
    re.IGNORECASE,
)
_FLAG = "[\U0001f1e6-\U0001f1ff]"
_PICTURE = f"{EMOJI}[\U0001f3fb-\U0001f3ff]?\ufe0f?"
_EMOJI_SEQUENCE = re.compile(
    f"{_FLAG}{{2}}|[0-9#*]\ufe0f?\u20e3"
    f"|\U0001f3f4[\U000e0061-\U000e007a]+\U000e007f"
    f"|{_PICTURE}(?:\u200d{_PICTURE})*"
)


def _x(text: str) -> int:
    text = unicodedata.normalize("NFC", text)
    without_links, links = _LINK.subn("", text)
    bare, pictures = _EMOJI_SEQUENCE.subn("", without_links)
    return links * _X_URL + pictures * _X_EMOJI + len(bare) + len(_HEAVY.findall(bare))


def graphemes(text: str) -> int:
    """Count what people call letters: a flag, a family or "é" in two pieces is one.

    Extended grapheme clusters by the rules that the standard library's data
    allows; prepended marks and some Indic conjuncts are counted apart.
    """
    return sum(1 for _ in _clusters(text))


def _clusters(text: str) -> Iterable[str]:
    cluster = ""
    for char in text:
        if cluster and not _continues(cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


_EXTENDS = re.compile("[\u200c\u200d\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_AFTER_JOINER = re.compile(f"{EMOJI}[\U0001f3fb-\U0001f3ff\ufe0f]*\u200d$")
# Leading consonants, vowels, final consonants and whole syllables of Hangul.
_HANGUL = re.compile(
    "(?:[\u1100-\u115f\ua960-\ua97c][\u1100-\u11a7\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7c6]"
    "|[\u1160-\u11a7\ud7b0-\ud7c6][\u1160-\u11ff\ud7b0-\ud7fb]"
    "|[\u11a8-\u11ff\ud7cb-\ud7fb][\u11a8-\u11ff\ud7cb-\ud7fb]"
    "|[\uac00-\ud7a3][\u1160-\u11ff\ud7b0-\ud7fb])"
)


def _continues(cluster: str, char: str) -> bool:
    last = cluster[-1]
    if _breaks(last) or _breaks(char):
        return (last, char) == ("\r", "\n")
    if unicodedata.category(char) in ("Mn", "Me", "Mc") or _EXTENDS.match(char):
        return True
    if last == "\u200d":
        return bool(re.match(EMOJI, char)) and bool(_AFTER_JOINER.search(cluster))
    if re.match(_FLAG, char):
        return bool(re.fullmatch(_FLAG, cluster))
    return bool(_HANGUL.fullmatch(last + char))


def _breaks(char: str) -> bool:
    if char in "\u200c\u200d" or "\U000e0020" <= char <= "\U000e007f":
        return False
    return unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp", "Cs")


_UNITS: dict[str, Callable[[str], int]] = {
    "characters": len,
    "bytes": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "utf16": lambda text: sum(_utf16_units(char) for char in text),
    "graphemes": graphemes,
    "x": _x,
    "septets": lambda text: sms(text).units,
    "segments": lambda text: sms(text).segments,
}
UNITS = tuple(_UNITS)
"""What a channel may count in."""


def measure(text: str, unit: str) -> int:
    """Count a text in a channel's unit."""
    if unit in _UNITS:
        return _UNITS[unit](text)
    meant = did_you_mean(unit, UNITS)
    raise CrisisError(
        f"{quoted(unit)} is not a unit of length",
        hint=f"did you mean {meant}?" if meant else f"write {listed(UNITS, 'or')}",
    )
