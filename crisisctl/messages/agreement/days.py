"""Days as five languages write them: dates, days of the week, today and tomorrow."""

from __future__ import annotations

import re

from msgspec import Struct

from crisisctl.messages.agreement.lexicon import Lexicon
from crisisctl.messages.agreement.moments import Moment

_S = r"(?:[ \t]{1,2}\n?|\n)"
_ISO = re.compile(r"(?P<y>20\d\d)-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)t?")
_NUMERIC = re.compile(
    r"(?P<d>\d{1,2})(?P<mark>[./-])(?P<m>\d{1,2})(?P=mark)(?P<y>20\d\d|\d\d)(?!\d|[.,/-]\d)"
)
_SHORT = re.compile(r"(?P<d>\d{1,2})/(?P<m>\d\d)(?![\d/])|(?P<d2>\d{1,2})\.(?P<m2>\d\d)\.?(?!\d)")
_DAY_FIRST = re.compile(
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?{_S}?(?:(?:of|de){_S}|d')?"
    rf"(?P<month>[^\W\d_]{{3,12}})(?P<dot>\.?)"
    rf"(?:,?{_S}(?:(?:de|del){_S})?(?P<y>20\d\d)(?!\d|:\d)(?:{_S}г(?:ода?|\.)?(?!\w))?)?"
)
_MONTH_FIRST = re.compile(
    rf"(?P<month>[^\W\d_]{{3,9}})\.?{_S}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[:.,]\d)"
    rf"(?:,?{_S}(?P<y>20\d\d)(?!\d|:\d))?"
)


class DayReading(Struct, frozen=True):
    """A day in plain[start:end]."""

    start: int
    end: int
    day: Moment


def date_at(plain: str, at: int, lexicon: Lexicon) -> DayReading | None:
    """The date that begins with the number here."""
    found = _DAY_FIRST.match(plain, at)
    if found and found["month"] in lexicon.months:
        return _reading(found, lexicon.months[found["month"]], int(found["d"]))
    found = _ISO.match(plain, at)
    if found:
        return _reading(found, int(found["m"]), int(found["d"]))
    found = _NUMERIC.match(plain, at)
    if found:
        return _numeric(found, lexicon)
    return _short(plain, at, lexicon)


def _numeric(found: re.Match[str], lexicon: Lexicon) -> DayReading | None:
    day, month = int(found["d"]), int(found["m"])
    if lexicon.locale == "en" and found["mark"] != ".":
        if day <= 12 and month <= 12 and day != month:
            return None  # London and New York would disagree
        if month > 12:
            day, month = month, day
    return _reading(found, month, day)


def _short(plain: str, at: int, lexicon: Lexicon) -> DayReading | None:
    """Read "27/11" and "27.11" where they can be nothing but a date."""
    found = _SHORT.match(plain, at)
    if found is None or lexicon.locale == "en":
        return None
    day, month = int(found["d"] or found["d2"]), int(found["m"] or found["m2"])
    if found["d2"] and (day <= 23 or lexicon.locale not in ("ru", "tr")):
        return None
    return _reading(found, month, day)


def _reading(found: re.Match[str], month: int, day: int) -> DayReading | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    year = found.groupdict().get("y")
    number = int(year) + (2000 if len(year) == 2 else 0) if year else None
    return DayReading(found.start(), found.end(), Moment(year=number, month=month, day=day))


def month_at(plain: str, at: int, lexicon: Lexicon) -> DayReading | None:
    """The date that begins with the month here: "November 27"."""
    found = _MONTH_FIRST.match(plain, at)
    if found is None or found["month"] not in lexicon.months:
        return None
    return _reading(found, lexicon.months[found["month"]], int(found["d"]))


def named_day(word: str, lexicon: Lexicon) -> Moment | None:
    """The day that a word names: "Friday", "tomorrow"."""
    if word in lexicon.days:
        return Moment(ahead=lexicon.days[word])
    if word in lexicon.weekdays and len(word) > 2:
        return Moment(weekday=lexicon.weekdays[word])
    return None
