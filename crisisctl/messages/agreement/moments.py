"""A moment as far as a text gives it, and whether two of them can be the same."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from crisisctl.text import zone_of

_DAY = 24 * 60
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SOME_LEAP_YEAR = 2024


class Moment(Struct, frozen=True):
    """What is known of a moment; None is what the text leaves open."""

    minute: int | None = None
    """Of the day, where it is."""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    ahead: int | None = None
    """Days from the day on which it was said."""
    zone: str = ""
    """As written: `+01:00` or `Europe/Paris`."""
    offset: int | None = None
    """Minutes east of UTC."""

    @property
    def has_date(self) -> bool:
        """Whether it names a day of a month."""
        return self.day is not None

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it is known."""
        return self.minute is None and not self.has_date and self.weekday is None

    def date(self, year: int) -> date | None:
        """Its day, in that year if it names none; None where there is no such day."""
        if self.month is None or self.day is None:
            return None
        try:
            return date(self.year or year, self.month, self.day)
        except ValueError:
            return None


def resolved(moment: Moment, at: datetime | None) -> Moment:
    """The same moment with what follows from when it was said: year, day, offset."""
    if moment.ahead is not None and at is not None and not moment.has_date:
        day = at.date() + timedelta(days=moment.ahead)
        moment = replace(moment, year=day.year, month=day.month, day=day.day)
    if moment.has_date and moment.year is None and at is not None:
        moment = replace(moment, year=_nearest_year(moment, at))
    return replace(moment, offset=_offset(moment, at)) if moment.zone else moment


def _nearest_year(moment: Moment, at: datetime) -> int | None:
    years = (at.year, at.year + 1, at.year - 1)
    days = [(abs((day - at.date()).days), year) for year in years if (day := moment.date(year))]
    return min(days)[1] if days else None


def _offset(moment: Moment, at: datetime | None) -> int | None:
    if moment.zone[0] in "+-":
        hours, _, minutes = moment.zone[1:].partition(":")
        size = int(hours) * 60 + int(minutes or 0)
        return -size if moment.zone[0] == "-" else size
    day = moment.date(at.year if at else 0) if moment.year or at else None
    if day is None:
        day = at.date() if at else None
    if day is None:
        return None
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=zone_of(moment.zone))
    return round((noon.utcoffset() or timedelta()).total_seconds()) // 60


def misdated(moment: Moment) -> bool:
    """Whether the day named is another day of the week."""
    day = moment.date(moment.year) if moment.year else None
    return day is not None and moment.weekday is not None and day.weekday() != moment.weekday


def agree(one: Moment, other: Moment) -> bool:
    """Whether two moments may be the same one, by all that both of them say."""
    if one.minute is not None and other.minute is not None:
        if one.offset is not None and other.offset is not None and one.offset != other.offset:
            return _same_in_utc(one, other)
        if one.minute % _DAY != other.minute % _DAY:
            return False
        if one.minute % _DAY == 0:
            return True  # midnight ends one day and begins another
    elif one.offset != other.offset and None not in (one.offset, other.offset):
        return True  # a day in one zone is parts of two in another
    return _same_day(one, other)


def _same_in_utc(one: Moment, other: Moment) -> bool:
    minutes = [(m.minute or 0) - (m.offset or 0) for m in (one, other)]
    year = one.year or other.year or _SOME_LEAP_YEAR
    first, second = one.date(year), other.date(year)
    if first is None or second is None:
        return (minutes[0] - minutes[1]) % _DAY == 0
    return (first - second).days * _DAY + minutes[0] - minutes[1] == 0


def _same_day(one: Moment, other: Moment) -> bool:
    if one.has_date and other.has_date:
        if (one.month, one.day) != (other.month, other.day):
            return False
        return None in (one.year, other.year) or one.year == other.year
    if one.ahead is not None and other.ahead is not None:
        return one.ahead == other.ahead
    first, second = _weekday(one), _weekday(other)
    return first is None or second is None or first == second


def _weekday(moment: Moment) -> int | None:
    day = moment.date(moment.year) if moment.year else None
    return day.weekday() if day else moment.weekday


def shown(moment: Moment) -> str:
    """A moment in a few words: "27 Nov 21:00 UTC+1"."""
    parts = []
    if moment.month is not None and moment.day is not None:
        parts.append(f"{moment.day} {_MONTHS[moment.month - 1]}")
    elif moment.weekday is not None:
        parts.append(_WEEKDAYS[moment.weekday])
    if moment.minute is not None:
        parts.append("{:02}:{:02}".format(*divmod(moment.minute, 60)))
        if moment.offset is not None:
            parts.append(_utc(moment.offset))
    return " ".join(parts)


def _utc(offset: int) -> str:
    if not offset:
        return "UTC"
    hours, minutes = divmod(abs(offset), 60)
    return f"UTC{'+' if offset > 0 else '-'}{hours}{f':{minutes:02}' if minutes else ''}"
