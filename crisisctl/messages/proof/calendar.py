"""The words of a language for days, hours and how long: data in the lists of promises."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Annotated, Literal

from msgspec import Meta

from crisisctl.messages.proof.folding import letters
from crisisctl.playbook.form import Model

Unit = Literal["minute", "hour", "day", "working-day", "week"]
End = Literal["week", "next-week", "month", "next-month"]
Phrases = tuple[str, ...]
_Time = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]

_NO_LETTER_BEFORE, _NO_LETTER_AFTER = r"(?<![^\W_])", r"(?![^\W_])"
_CLOCK_OF = {
    "en": r"\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m(?!\w)|\d{1,2}\s?o'clock|\d{1,2}:\d\d(?!\d)",
    "fr": r"\d{1,2}\s?(?:h|:)\s?\d\d(?!\d)|\d{1,2}\s?h(?!\w)"
    r"|(?<!\w)(?:à|avant|vers|d'ici)\s\d{1,2}\sheures",
    "es": r"\d{1,2}[:.]\d\d(?!\d)|(?<!\w)las\s\d{1,2}(?![\d:.])|\d{1,2}\sh(?!\w)",
    "tr": r"\d{1,2}[:.]\d\d(?!\d)|(?<!\w)saat\s\d{1,2}(?![\d:.])",
    "ru": r"\d{1,2}[:.]\d\d(?!\d)|(?<!\w)(?:в|до|к)\s\d{1,2}\sч(?:ас(?:ов|ам|а|у)?)?(?!\w)",
}
_SUM = r"(?!\s?(?:tl|eur|usd|руб|[€$£₺₽%])|\d)"
_ZONE = r"\s?\(?(?P<zone>utc|gmt)(?:(?P<sign>[+-])(?P<away>\d{1,2})(?::?(?P<rest>\d\d))?)?\)?"
_NUMERIC = (
    r"(?<![\d.,/:-])(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])"
    r"|(?<![\d.,/:-])(?P<first>\d{1,2})(?P<sign>[./])(?P<second>\d{1,2})(?![\d%])"
    r"(?:(?P=sign)(?P<full>\d{4}|\d\d)(?!\d))?"
)


class Calendar(Model, frozen=True, kw_only=True, eq=False):
    """How one language names days, hours and lengths of time; `*` stands for any ending."""

    weekdays: Annotated[tuple[Phrases, ...], Meta(min_length=7, max_length=7)]
    """From Monday on."""
    months: Annotated[tuple[Phrases, ...], Meta(min_length=12, max_length=12)]
    days: dict[str, int]
    """Words such as "tomorrow", and how many days ahead they are."""
    clocks: dict[str, _Time]
    """Hours that have a name."""
    parts: dict[str, _Time]
    """Parts of a day, beside the day that they belong to, and when they are over."""
    ends: dict[End, Phrases]
    numbers: dict[str, int]
    units: dict[Unit, Phrases]
    within: Phrases
    """What stands before so many hours in which something will be done."""
    within_after: Phrases = ()
    every: Phrases
    by: Phrases
    """What stands before a moment until which something will be done."""
    by_after: Phrases = ()
    since: Phrases
    """What stands before a moment at which something began."""
    since_after: Phrases = ()


class Shapes:
    """The patterns of a calendar, over folded text; each is made when it is first needed."""

    def __init__(self, words: Calendar, locale: str) -> None:
        self.words = words
        self.locale = locale

    @cached_property
    def numeric(self) -> re.Pattern[str]:
        """2026-11-30, 30/11/2026, 30.11."""
        return re.compile(_NUMERIC)

    @cached_property
    def named(self) -> re.Pattern[str]:
        """30 November, 30 novembre 2026, November 30, 2026."""
        month = self._any(name for names in self.words.months for name in names)
        day = r"(?<![\d.,:/-])(?P<{}>\d{{1,2}})(?:st|nd|rd|th|er|º)?(?![\d:])"
        year = r"(?:,?\s+(?:del?\s+)?(?P<{}>(?:19|20)\d\d)(?!\d))?"
        return re.compile(
            rf"{day.format('day')}\s+(?:of\s+|de\s+)?(?P<month>{month})\.?{year.format('year')}"
            rf"|{_NO_LETTER_BEFORE}(?P<month2>{month})\.?\s+"
            rf"{day.format('day2')}(?!\s*h\b|[.]\d){year.format('year2')}"
        )

    @cached_property
    def weekday(self) -> re.Pattern[str]:
        """Friday."""
        return self._words(name for names in self.words.weekdays for name in names)

    @cached_property
    def day(self) -> re.Pattern[str]:
        """Tomorrow."""
        return self._words(self.words.days)

    @cached_property
    def end(self) -> re.Pattern[str]:
        """By the end of the week."""
        return self._words(name for names in self.words.ends.values() for name in names)

    @cached_property
    def clock(self) -> re.Pattern[str]:
        """20:45, 20 h 45, 8:45 pm, with the zone behind it; or noon."""
        figures = _CLOCK_OF.get(self.locale, r"\d{1,2}:\d\d(?!\d)")
        named = self._any(self.words.clocks)
        return re.compile(
            rf"(?:(?<![\d.,:/+-])(?P<figures>{figures}){_SUM}"
            rf"|{_NO_LETTER_BEFORE}(?P<named>{named}){_NO_LETTER_AFTER})(?:{_ZONE})?"
        )

    @cached_property
    def part(self) -> re.Pattern[str]:
        """Morning, evening."""
        return self._words(self.words.parts)

    @cached_property
    def length(self) -> re.Pattern[str]:
        """Within 48 hours; every hour."""
        number = rf"(?:\d{{1,4}}|{self._any(self.words.numbers)})"
        upto = rf"(?:{number}\s?(?:-|to|or|à|ou|a|o|или|veya|ila)\s?)?"
        unit = self._any(name for names in self.words.units.values() for name in names)
        within, after = self._any(self.words.within), self._any(self.words.within_after)
        every = self._any(self.words.every)
        return re.compile(
            rf"{_NO_LETTER_BEFORE}(?:"
            rf"(?:{within})\s+{upto}(?P<n1>{number})\s?(?P<u1>{unit})"
            rf"|{upto}(?P<n2>{number})\s?(?P<u2>{unit})\s+(?:{after})"
            rf"|(?P<every>{every})\s+(?:{upto}(?P<n3>{number})\s?)?(?P<u3>{unit})"
            rf"){_NO_LETTER_AFTER}"
        )

    @cached_property
    def leads(self) -> re.Pattern[str]:
        """What ends just before a moment until which something is done."""
        return self._before(self.words.by)

    @cached_property
    def starts(self) -> re.Pattern[str]:
        """What ends just before a moment at which something began."""
        return self._before(self.words.since)

    @cached_property
    def led(self) -> re.Pattern[str]:
        """The same, behind the moment."""
        return self._after(self.words.by_after)

    @cached_property
    def started(self) -> re.Pattern[str]:
        """The same for what began."""
        return self._after(self.words.since_after)

    def _before(self, phrases: Phrases) -> re.Pattern[str]:
        return re.compile(rf"{_NO_LETTER_BEFORE}(?:{self._any(phrases)})\s*$")

    def _after(self, phrases: Phrases) -> re.Pattern[str]:
        return re.compile(rf"['\w()]*\s*(?:saat\w*\s+|gün\w*\s+)?(?:{self._any(phrases)})(?!\w)")

    def _words(self, phrases: Iterable[str]) -> re.Pattern[str]:
        return re.compile(rf"{_NO_LETTER_BEFORE}(?P<word>{self._any(phrases)}){_NO_LETTER_AFTER}")

    def _any(self, phrases: Iterable[str]) -> str:
        """One of these, the longest first."""
        ordered = sorted(phrases, key=len, reverse=True)
        return "|".join(_shape(phrase, self.locale) for phrase in ordered) or "(?!)"


def _shape(phrase: str, locale: str) -> str:
    plain = re.escape(letters(phrase, locale))
    return plain.replace(r"\ ", r"\s+").replace(r"\*", r"\w*")


@lru_cache(maxsize=32)
def shapes_of(words: Calendar, locale: str) -> Shapes:
    """The patterns of a calendar, kept."""
    return Shapes(words, locale)


@lru_cache(maxsize=4096)
def place_of(word: str, rows: tuple[Phrases, ...], locale: str) -> int:
    """In which of several rows of names a folded word stands."""
    for number, names in enumerate(rows):
        if any(re.fullmatch(_shape(name, locale), word) for name in names):
            return number
    raise ValueError(word)
