"""Times of day as five languages write them, and the zones beside them."""

from __future__ import annotations

import re
from bisect import bisect_right

from msgspec import Struct

from crisisctl.messages.agreement.lexicon import Lexicon

_S = r"(?:[ \t]{1,2}\n?|\n)?"
_COLON = re.compile(r"(?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?::[0-5]\d)?(?!\d|:\d)")
_DOTTED = re.compile(r"(?P<h>[01]?\d|2[0-3])\.(?P<m>[0-5]\d)(?!\d|[.,:]\d)")
_WORDED = re.compile(
    rf"(?P<h>[01]?\d|2[0-4]){_S}(?P<word>[^\W\d_]{{1,6}})\.?"
    rf"(?:{_S}(?P<m>[0-5]\d)(?![\d:.,]\d|\d)(?P<minutes>{_S}(?:min|мин)\w{{0,4}})?)?(?![\d])"
)
_BARE = re.compile(r"(?P<h>1\d|2[0-4]|0?\d)(?!\d|[.,:/-]\d)")
_UTC = re.compile(
    r"[ ,]{0,2}\(?(?:utc|gmt)(?: ?(?P<sign>[+-]) ?(?P<h>\d{1,2})(?::?(?P<m>\d\d))?)?(?!\w)\)?"
)
_UTC_APART = re.compile(
    r"(?<!\w)(?:utc|gmt)(?: ?(?P<sign>[+-]) ?(?P<h>\d{1,2})(?::?(?P<m>\d\d))?)?(?!\w)"
)
_SUFFIX = re.compile(r"'[^\W\d_]{1,4}(?!\w)")
_BEFORE = 28
"""Characters before a number that tell what it is."""
_ZONE = 40
_WORDS = re.compile(r"[\w'%]+|[.!?;]")
_AFTER = re.compile(r"[ \t]{0,2}\n?[ \t]{0,2}")


class Reading(Struct, frozen=True):
    """A time of day in plain[start:end]."""

    start: int
    end: int
    minute: int
    zone: str = ""


def words_before(plain: str, at: int) -> str:
    """The last words before a place, divided by single spaces, one before the first."""
    return " " + " ".join(_WORDS.findall(plain[max(0, at - _BEFORE) : at]))


def clock(plain: str, at: int, lexicon: Lexicon, *, after_date: bool) -> Reading | None:
    """The time of day that begins with the number here; a length of time is none."""
    found = _COLON.match(plain, at)
    before = words_before(plain, at)
    if found is None:
        found = _dotted(plain, at, before, lexicon, after_date=after_date)
    if found is None:
        found = _worded(plain, at, before, lexicon)
    if found is None:
        found = _bare(plain, at, before, lexicon)
    if found is None:
        return None
    return _read(plain, found, before, lexicon)


def _dotted(
    plain: str, at: int, before: str, lexicon: Lexicon, *, after_date: bool
) -> re.Match[str] | None:
    """A point is a decimal mark too: something beside it must say that it is a time."""
    found = _DOTTED.match(plain, at)
    if found is None:
        return None
    rest = found.end()
    told = (
        after_date
        or before.endswith(lexicon.before + lexicon.bare)
        or _zone_before(before, lexicon)
        or _half(plain, rest, lexicon)[0]
        or zone_after(plain, rest, lexicon)[0]
        or (lexicon.locale == "tr" and _SUFFIX.match(plain, rest))
        or _hour_word(plain, rest, lexicon)
    )
    measured = re.compile(r" ?[%€$£₺₽]").match(plain, rest)
    return found if told and not measured else None


def _hour_word(plain: str, at: int, lexicon: Lexicon) -> bool:
    word = re.compile(r" ?([^\W\d_]+)").match(plain, at)
    return bool(word and word[1] in lexicon.hours and len(word[1]) <= 2)


def _worded(plain: str, at: int, before: str, lexicon: Lexicon) -> re.Match[str] | None:
    """Tell "15 h 30", a time of day, from "2 h 30 de panne"."""
    found = _WORDED.match(plain, at)
    if found is None or found["word"] not in lexicon.hours:
        return None
    if before.endswith(lexicon.lengths_before):
        return None
    if before.endswith(lexicon.before + lexicon.bare):
        return found
    alone = lexicon.hours_alone and len(found["word"]) == 1
    vague = before.endswith(lexicon.unclear) and int(found["h"]) <= 12 and not found["m"]
    told = _half(plain, found.end(), lexicon)[0] or zone_after(plain, found.end(), lexicon)[0]
    if told:
        return found
    rest = plain[found.end() : found.end() + 16].lstrip()
    length = vague or found["minutes"] or rest.startswith(lexicon.of)
    return found if alone and not length else None


def _bare(plain: str, at: int, before: str, lexicon: Lexicon) -> re.Match[str] | None:
    """Read "3 pm", "saat 15" and "a las 15"."""
    found = _BARE.match(plain, at)
    if found is None:
        return None
    halved = lexicon.locale == "en" and _half(plain, found.end(), lexicon)[0]
    if halved and int(found["h"]) <= 12:
        return found
    if not before.endswith(lexicon.bare):
        return None
    rest = _SUFFIX.match(plain, found.end())
    end = rest.end() if rest else found.end()
    goes_on = re.compile(r" ?[^\W\d_]|%").match(plain, end)
    told = not goes_on or lexicon.locale == "tr" or _half(plain, end, lexicon)[0]
    told = told or zone_after(plain, end, lexicon)[0]
    return found if told else None


def _read(plain: str, found: re.Match[str], before: str, lexicon: Lexicon) -> Reading | None:
    hour, minute = int(found["h"]), int(found.groupdict().get("m") or 0)
    if hour == 24 and minute:
        return None
    half, end = _half(plain, found.end(), lexicon)
    if not half and hour <= 12:
        half = _half_before(before, lexicon)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    hour_word = re.compile(r" ?(h|hs|hrs?|ч|horas)\b\.?").match(plain, end)
    if hour_word and "word" not in found.groupdict() and hour_word[1] in lexicon.hours:
        end = hour_word.end()
    zone, end = zone_after(plain, end, lexicon)
    zone = zone or _zone_before(before, lexicon)
    return Reading(found.start(), end, hour * 60 + minute, zone)


def _half(plain: str, at: int, lexicon: Lexicon) -> tuple[str, int]:
    """Which half of the day is named behind a time, and where that ends."""
    space = _AFTER.match(plain, at)
    begin = space.end() if space else at
    for half, words in (("am", lexicon.morning), ("pm", lexicon.afternoon)):
        for word in words:
            end = begin + len(word)
            if plain.startswith(word, begin) and not plain[end : end + 1].isalnum():
                return half, end
    return "", at


def _half_before(before: str, lexicon: Lexicon) -> str:
    bare = before.removesuffix(" saat")
    if lexicon.locale != "tr":
        return ""
    for half, words in (("am", lexicon.morning), ("pm", lexicon.afternoon)):
        if bare.endswith(tuple(f" {word}" for word in words)):
            return half
    return ""


def zone_after(plain: str, at: int, lexicon: Lexicon) -> tuple[str, int]:
    """The zone named behind a time, and where that ends."""
    suffix = _SUFFIX.match(plain, at) if lexicon.locale == "tr" else None
    begin = suffix.end() if suffix else at
    utc = _UTC.match(plain, begin)
    if utc:
        return _offset(utc), utc.end()
    lead = re.compile(r"[ ,\n]{0,2}\(?").match(plain, begin)
    begin = lead.end() if lead else begin
    for name, zone in lexicon.zones:
        end = begin + len(name)
        if plain.startswith(name, begin) and not plain[end : end + 1].isalnum():
            closed = lead is not None and lead[0].endswith("(") and plain.startswith(")", end)
            return zone, end + closed
    return "", at


def _offset(utc: re.Match[str]) -> str:
    if not utc["h"]:
        return "+00:00"
    return f"{utc['sign']}{int(utc['h']):02}:{utc['m'] or '00'}"


def _zone_before(before: str, lexicon: Lexicon) -> str:
    for name, zone in lexicon.zones:
        if before.endswith((f" {name}", f" {name} saat")):
            return zone
    return ""


def general_zone(plain: str, taken: list[tuple[int, int]], lexicon: Lexicon) -> str:
    """The zone that a text names for all of its times, apart from any one of them."""
    for found in _UTC_APART.finditer(plain):
        if not _inside(found.start(), taken):
            return _offset(found)
    for name, zone in lexicon.zones:
        at = plain.find(name)
        while at >= 0:
            end = at + len(name)
            apart = not plain[at - 1 : at].isalnum() and not plain[end : end + 1].isalnum()
            if apart and not _inside(at, taken):
                return zone
            at = plain.find(name, end)
    return ""


def _inside(at: int, taken: list[tuple[int, int]]) -> bool:
    before = bisect_right(taken, at, key=lambda span: span[0]) - 1
    return before >= 0 and at < taken[before][1]
