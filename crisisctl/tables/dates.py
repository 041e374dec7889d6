"""Dates in every form that exports have, as seconds since 1970."""

from __future__ import annotations

import re
from calendar import timegm
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from crisisctl.tables.names import fold

_MEMORY = 20_000
_EARLIEST = timegm((1995, 1, 1, 0, 0, 0))
"""Nobody reviewed a shop on the web before; nought is what a database has for no date."""
_LATEST = timegm((2100, 1, 1, 0, 0, 0))
_TICKS = {9: 1, 10: 1, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000}
"""How many digits a number of seconds, milliseconds… since 1970 has in our time."""
_NUMERIC = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:\.? ?г\.?)?(?:[ ,T]+(.*))?")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|re|º|ª|\.)?[ -](?:de |of )?([^\W\d]+)\.?,?[ -]"
                        r"(?:de |del )?(\d{4})(?: ?г\.?)?(.*)")  # fmt: skip
_MONTH_FIRST = re.compile(r"([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(.*)")
_TIME = re.compile(
    r"(?:[ ,]|at|à|a las|saat|в)*(\d{1,2})(?:[:.h]| h )(\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?"
    r"(?: ?([ap])\.? ?m\.?)?(?: ?(?:(z|utc|gmt)?([+-]\d{2}):?(\d{2})|(z|utc|gmt)))?(?: ?\(.*\))?"
)
_ZONED = re.compile(r":\d\d(?:[.,]\d+)?(?: ?[ap]\.? ?m\.?)? ?(?:z|utc|gmt|(?:utc|gmt)?[+-]\d\d)")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
NOTHING = frozenset(("", "-", "–", "—", "n/a", "none", "null", "nan", "nat"))
"""Cells that name no date."""
_MONTHS_IN = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago sept oct nov dic",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "oca şub mar nis may haz tem ağu eyl eki kas ara",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "янв фев мар апр мая июн июл авг сен окт ноя дек",
    "янв февр март апр май июнь июль авг сент окт нояб дек",
    "januar februar märz april mai juni juli august september oktober november dezember",
)
_MONTHS = {
    fold(name): month for names in _MONTHS_IN for month, name in enumerate(names.split(), start=1)
}


class Dates:
    """Reads the dates of one column: which number is the day is the same in every row."""

    def __init__(self, zone: tzinfo, *, day_first: bool = True) -> None:
        """`zone` holds for those that name none."""
        self._zone = zone
        self._day_first = day_first
        self._known: dict[str, int | None] = {}
        self._clocks: dict[str, int] = {}
        self.against = 0
        """Dates that make sense only with the other number as the day."""

    def read(self, cell: str) -> int | None:
        """Seconds since 1970; None where it says nothing. Raises `ValueError` for no date."""
        try:
            return self._known[cell]
        except KeyError:
            when = self._when(cell)
        if when is not None and not _EARLIEST <= when < _LATEST:
            raise ValueError
        if len(cell) <= 12 and len(self._known) < _MEMORY:
            self._known[cell] = when
        return when

    def can_read(self, cell: str) -> bool:
        """Whether it makes sense, be it that it says nothing."""
        try:
            self.read(cell)
        except (ValueError, OverflowError):
            return False
        return True

    def makes_sense(self, cell: str) -> bool:
        """Whether it says something that can be read."""
        try:
            return self.read(cell) is not None
        except (ValueError, OverflowError):
            return False

    def _when(self, cell: str) -> int | None:
        text = cell.strip()
        if " " in text and (seconds := self._twofold(text)) is not None:
            return seconds
        if text.isdigit() or text.replace(".", "", 1).isdigit():
            return _since_1970(text)
        if text[4:5] == "-" == text[7:8] and len(text) < 50:
            return self._iso(text)
        text = " ".join(text[:100].split())
        if text.casefold() in NOTHING:
            return None
        if found := _NUMERIC.fullmatch(text):
            first, _, second, third, rest = found.groups()
            return self._at(*self._ordered(first, second, third), rest or "")
        low = text.casefold()
        if found := _DAY_FIRST.search(low):
            day, month, year, rest = found.groups()
        elif found := _MONTH_FIRST.search(low):
            month, day, year, rest = found.groups()
        else:
            raise ValueError
        number = _MONTHS.get(fold(month))
        if number is None:
            raise ValueError
        return self._at(int(year), number, int(day), rest)

    def _twofold(self, text: str) -> int | None:
        """A day and a time of it, both remembered; None where it is more than that."""
        day, _, clock = text.partition(" ")
        seconds = self._clocks.get(clock)
        if seconds is None:
            found = _CLOCK.fullmatch(clock) if self._zone is UTC else None
            if found is None:
                return None
            seconds = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)
            if len(self._clocks) < _MEMORY:
                self._clocks[clock] = seconds
        begun = self.read(day) if day[:1].isdigit() and 8 <= len(day) <= 10 else None
        return None if begun is None else begun + seconds

    def _iso(self, text: str) -> int:
        if text.endswith((" UTC", " GMT")):
            text = f"{text[:-4]}+00:00"
        elif not text.isascii() or text[-1] not in "0123456789Z":
            text = text.strip().rstrip("z")
        when = datetime.fromisoformat(text)
        return self._seconds(when)

    def _seconds(self, when: datetime) -> int:
        if when.tzinfo is None:
            if self._zone is UTC:
                return timegm(when.timetuple())
            when = when.replace(tzinfo=self._zone)
        return (when - _NOUGHT) // _SECOND

    def _ordered(self, first: str, second: str, third: str) -> tuple[int, int, int]:
        """Year, month and day of three numbers."""
        one, two, three = int(first), int(second), int(third)
        if len(first) > 2:
            return one, two, three
        year = three if len(third) == 4 else 2000 + three
        day_first = self._day_first
        if (two if day_first else one) > 12 >= (one if day_first else two):
            self.against += 1
            day_first = not day_first
        return (year, two, one) if day_first else (year, one, two)

    def _at(self, year: int, month: int, day: int, rest: str) -> int:
        hour = minute = second = 0
        zone: tzinfo | None = None
        if rest.strip(" ,."):
            found = _TIME.fullmatch(rest.strip(" ,").casefold())
            if found is None:
                raise ValueError
            hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
            if found[4]:
                hour = hour % 12 + (12 if found[4] == "p" else 0)
            if found[6]:
                offset = timedelta(hours=int(found[6]), minutes=int(f"{found[6][0]}{found[7]}"))
                zone = timezone(offset)
            elif found[8]:
                zone = UTC
        return self._seconds(datetime(year, month, day, hour, minute, second, tzinfo=zone))


_NOUGHT = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def _since_1970(text: str) -> int:
    """A number of seconds or of parts of them, or a day such as 20250302."""
    whole = text.partition(".")[0]
    if len(whole) == 8 and whole == text:
        return timegm(
            datetime(int(text[:4]), int(text[4:6]), int(text[6:]), tzinfo=UTC).timetuple()
        )
    ticks = _TICKS.get(len(whole))
    if ticks is None:
        raise ValueError
    return int(whole) // ticks


def without_zone(cell: str) -> bool:
    """Whether it is a time of day, or a day, of which no zone is told."""
    text = cell.strip().casefold()
    return not (_ZONED.search(text) or text in NOTHING or text.replace(".", "", 1).isdigit())


def order(cells: Iterable[str]) -> tuple[bool | None, bool]:
    """Whether the day comes first in a column, as far as it tells; and whether it matters."""
    day = month = doubtful = 0
    for cell in cells:
        found = _NUMERIC.fullmatch(" ".join(cell[:60].split()))
        if found is None or len(found[1]) > 2:
            continue
        one, two = int(found[1]), int(found[3])
        if found[2] == "." or one > 12 >= two:
            day += 1
        elif two > 12 >= one or (found[5] or "").casefold().endswith(("am", "pm")):
            month += 1
        else:
            doubtful += 1
    if day or month:
        return day >= month, True
    return None, doubtful > 0
