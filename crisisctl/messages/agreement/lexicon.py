"""The vocabulary of a language made ready for reading: every word to what it means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from crisisctl.errors import CrisisError
from crisisctl.messages.agreement.words import Vocabulary
from crisisctl.messages.formats import currency_signs
from crisisctl.messages.proof.folding import letters
from crisisctl.text import zone_of

MINUTES = {"seconds": 1 / 60, "minutes": 1, "hours": 60, "days": 24 * 60, "weeks": 7 * 24 * 60}
"""How long a unit of time is."""


@dataclass(frozen=True)
class Stems:
    """Words by what they mean, whole or by their beginnings."""

    whole: Mapping[str, str]
    begun: tuple[tuple[str, str], ...]

    def get(self, word: str) -> str | None:
        """What a word means."""
        found = self.whole.get(word)
        if found is not None:
            return found
        return next((means for stem, means in self.begun if word.startswith(stem)), None)


@dataclass(frozen=True)
class Lexicon:
    """One language, folded."""

    locale: str
    decimal: str
    hours: frozenset[str]
    hours_alone: bool
    before: tuple[str, ...]
    bare: tuple[str, ...]
    lengths_before: tuple[str, ...]
    unclear: tuple[str, ...]
    of: tuple[str, ...]
    morning: tuple[str, ...]
    afternoon: tuple[str, ...]
    instants: Mapping[str, int]
    """Noon and midnight."""
    pieces: re.Pattern[str]
    """Where a time, a day or a number can begin."""
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    days: Mapping[str, int]
    joins: frozenset[str]
    ranges: frozenset[str]
    zones: tuple[tuple[str, str], ...]
    lengths: Mapping[str, str]
    length_joins: frozenset[str]
    percent: tuple[str, ...]
    multiples: Mapping[str, int]
    currencies: Mapping[str, str]
    units: Stems


@lru_cache(maxsize=32)
def lexicon(words: Vocabulary, locale: str) -> Lexicon:
    """Make a language's words ready; raises `CrisisError` for zones or days there are not."""
    clock, calendar, lengths = words.clock, words.calendar, words.lengths
    if (len(calendar.months), len(calendar.weekdays)) != (12, 7):
        raise CrisisError(
            f"words/agreement.{locale}.yaml: a year has 12 `months` and a week 7 `weekdays`",
            hint="write a list of names for each, January and Monday first",
        )
    units = {name: getattr(lengths, name) for name in MINUTES}
    multiples = {"1000": words.thousands, "1000000": words.millions}
    ahead = {"-1": calendar.yesterday, "0": calendar.today, "1": calendar.tomorrow}
    instants = {
        **dict.fromkeys(_plain(clock.noon, locale), 12 * 60),
        **dict.fromkeys(_plain(clock.midnight, locale), 0),
    }
    months = _numbered(calendar.months, locale)
    weekdays = _numbered(calendar.weekdays, locale, first=0)
    days = {word: int(number) for word, number in _meanings(ahead, locale).items()}
    return Lexicon(
        locale=locale,
        decimal="." if locale == "en" else ",",
        hours=frozenset(_plain(clock.hours, locale)),
        hours_alone=clock.hours_alone,
        before=_ends(clock.before, locale),
        bare=_ends(clock.bare, locale),
        lengths_before=_ends(clock.lengths, locale),
        unclear=_ends(clock.unclear, locale),
        of=_plain(clock.of, locale),
        morning=_plain(clock.morning, locale),
        afternoon=_plain(clock.afternoon, locale),
        instants=instants,
        pieces=_pieces([*instants, *weekdays, *days, *(months if calendar.month_first else ())]),
        months=months,
        weekdays=weekdays,
        days=days,
        joins=frozenset(_plain(calendar.joins, locale)),
        ranges=frozenset(_plain(calendar.ranges, locale)),
        zones=_zones(words, locale),
        lengths=_meanings(units, locale),
        length_joins=frozenset(_plain(lengths.joins, locale)),
        percent=_plain(words.percent, locale),
        multiples={word: int(size) for word, size in _meanings(multiples, locale).items()},
        currencies=_currencies(words, locale),
        units=_stems(words.units, locale),
    )


def _plain(words: Iterable[str], locale: str) -> tuple[str, ...]:
    """The longest first, so that "o'clock" is not read as "o"."""
    found = {letters(word, locale).strip() for word in words} - {""}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


def _pieces(names: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(set(names), key=lambda name: (-len(name), name))
    choice = "|".join(map(re.escape, longest_first)) or "(?!)"
    return re.compile(rf"\d+|(?<![^\W_])(?:{choice})(?![^\W_])")


def _ends(words: Iterable[str], locale: str) -> tuple[str, ...]:
    """For `str.endswith`, on words divided by single spaces."""
    return tuple(f" {word}" for word in _plain(words, locale))


def _numbered(rows: Iterable[tuple[str, ...]], locale: str, *, first: int = 1) -> dict[str, int]:
    return {word: number for number, row in enumerate(rows, first) for word in _plain(row, locale)}


def _meanings(words: Mapping[str, tuple[str, ...]], locale: str) -> dict[str, str]:
    return {word: means for means, row in words.items() for word in _plain(row, locale)}


def _stems(words: Mapping[str, tuple[str, ...]], locale: str) -> Stems:
    every = _meanings(words, locale)
    whole = {word: means for word, means in every.items() if not word.endswith("*")}
    begun = sorted(((w[:-1], m) for w, m in every.items() if w.endswith("*")), reverse=True)
    return Stems(whole, tuple(begun))


def _currencies(words: Vocabulary, locale: str) -> dict[str, str]:
    signs = currency_signs(locale)
    return {
        **{letters(code, locale): code for code in signs.values()},
        **{letters(sign, locale): code for sign, code in signs.items()},
        **_meanings(words.currencies, locale),
    }


def _zones(words: Vocabulary, locale: str) -> tuple[tuple[str, str], ...]:
    for zone in words.zones:
        if not _is_offset(zone):
            zone_of(zone)
    named = _meanings(words.zones, locale).items()
    return tuple(sorted(named, key=lambda pair: (-len(pair[0]), pair[0])))


def _is_offset(zone: str) -> bool:
    if zone[:1] not in ("+", "-"):
        return False
    hours, colon, minutes = zone[1:].partition(":")
    if colon and hours.isdecimal() and minutes.isdecimal() and int(hours) < 15:
        return True
    raise CrisisError(f'"{zone}" is not an offset from UTC', hint='write it as "+01:00"')
