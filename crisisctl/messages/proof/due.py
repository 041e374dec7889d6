"""By when: the moments that a sentence names, read against now and a time zone.

A day without an hour is over at 23:59. A weekday is the next such day, today
included: who reads "by Friday" on a Friday waits today. An hour alone is its next
occurrence. A day without a year is the nearest one. Working days leave
Saturdays and Sundays out; holidays are not known here.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from msgspec import Struct

from crisisctl.messages.proof.calendar import Calendar, Shapes, place_of, shapes_of
from crisisctl.messages.proof.folding import letters

LAST = time(23, 59)
_BESIDE = 16
"""Letters between a day and its hour: "Friday, 4 December, at the latest at 17:00"."""
_MONTHLY = {"day": timedelta(days=1), "week": timedelta(weeks=1)}
_LENGTHS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), **_MONTHLY}
_YEARS = range(2000, 2100)
_DIGITS = re.compile(r"\d+")


class Moment(Struct, frozen=True):
    """A moment that stands at text[start:end] of a sentence."""

    start: int
    end: int
    due: datetime | None
    """None where it is named but cannot be told, such as 5/6 in English."""
    led: bool
    """Whether a word such as "by" says that something is done until then."""
    repeats: bool = False
    """Whether it says how often, not when."""


class _Day(Struct, frozen=True):
    start: int
    end: int
    day: date | None
    exact: bool
    """Whether it names the date, which goes before a weekday beside it."""
    weekday: bool = False


class _Clock(Struct, frozen=True):
    start: int
    end: int
    clock: time
    zone: tzinfo | None
    alone: bool = True


def moments(said: str, words: Calendar, locale: str, *, now: datetime) -> list[Moment]:
    """The moments of a folded sentence, in order, in the time zone of `now`.

    Those at which something began ("since 20:04") are left out.
    """
    shapes = shapes_of(words, locale)
    found = list(_lengths(said, shapes, now))
    taken = [(one.start, one.end) for one in found]
    clocks = list(_clocks(said, shapes))
    days = [day for day in _days(said, shapes, now) if _free(day.start, day.end, taken)]
    # "mañana" is no day in "por la mañana", and "evening" no hour in "this evening"
    days = [day for day in days if not any(_holds(clock, day) for clock in clocks)]
    taken += [(day.start, day.end) for day in days]
    clocks = [one for one in clocks if _free(one.start, one.end, taken)]
    found += _joined(_merged(days), clocks, now)
    kept = (_placed(one, said, shapes) for one in found)
    return sorted((one for one in kept if one is not None), key=lambda one: one.start)


def _free(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return all(end <= begin or stop <= start for begin, stop in taken)


def _holds(clock: _Clock, day: _Day) -> bool:
    around = clock.start <= day.start and day.end <= clock.end
    return around and clock.end - clock.start > day.end - day.start


def _placed(one: Moment, said: str, shapes: Shapes) -> Moment | None:
    """With what its surroundings say of it; None where something began then."""
    before, after = said[max(0, one.start - 30) : one.start], said[one.end : one.end + 30]
    if shapes.led.match(after) or shapes.leads.search(before):
        return Moment(one.start, one.end, one.due, led=True, repeats=one.repeats)
    if shapes.starts.search(before) or shapes.started.match(after):
        return None
    return one


def _lengths(said: str, shapes: Shapes, now: datetime) -> Iterator[Moment]:
    units = tuple(shapes.words.units.values())
    names = tuple(shapes.words.units)
    for found in shapes.length.finditer(said):
        number = found["n1"] or found["n2"] or found["n3"] or "1"
        unit = names[place_of(found["u1"] or found["u2"] or found["u3"], units, shapes.locale)]
        count = int(number) if number.isdecimal() else _meant(number, shapes.words.numbers, shapes)
        repeats = bool(found["every"])
        yield Moment(*found.span(), _ahead(now, count, unit), led=True, repeats=repeats)


def _meant(word: str, known: Mapping[str, int], shapes: Shapes) -> int:
    return next(value for name, value in known.items() if letters(name, shapes.locale) == word)


def _ahead(now: datetime, count: int, unit: str) -> datetime:
    if unit in _LENGTHS:
        # through UTC: a night that changes the clocks must not shorten 48 hours
        return (now.astimezone(UTC) + count * _LENGTHS[unit]).astimezone(now.tzinfo)
    local = now
    for _ in range(min(count, 400)):
        local += timedelta(days=1)
        while local.weekday() > 4:
            local += timedelta(days=1)
    return local


def _days(said: str, shapes: Shapes, now: datetime) -> Iterator[_Day]:
    words, today = shapes.words, now.date()
    for found in shapes.named.finditer(said):
        month = place_of(found["month"] or found["month2"], words.months, shapes.locale) + 1
        day, year = found["day"] or found["day2"], found["year"] or found["year2"]
        yield _Day(*found.span(), _date(year, month, int(day), today), exact=True)
    for found in shapes.numeric.finditer(said):
        if _is_date(found, shapes.locale):
            yield _Day(*found.span(), _of_figures(found, shapes.locale, today), exact=True)
    for found in shapes.weekday.finditer(said):
        ahead = (place_of(found["word"], words.weekdays, shapes.locale) - today.weekday()) % 7
        day_ = today + timedelta(days=ahead)
        yield _Day(*found.span(), day_, exact=False, weekday=True)
    for found in shapes.day.finditer(said):
        ahead = _meant_by_stem(found["word"], words.days, shapes)
        yield _Day(*found.span(), today + timedelta(days=ahead), exact=False)
    for found in shapes.end.finditer(said):
        which = place_of(found["word"], tuple(words.ends.values()), shapes.locale)
        yield _Day(*found.span(), _end_of(list(words.ends)[which], today), exact=False)


def _meant_by_stem(word: str, known: Mapping[str, int], shapes: Shapes) -> int:
    rows = tuple((name,) for name in known)
    return list(known.values())[place_of(word, rows, shapes.locale)]


def _date(year: str | None, month: int, day: int, today: date) -> date | None:
    """The day; without a year the one nearest to today."""
    years = [_year(year)] if year else [today.year + step for step in (-1, 0, 1)]
    found = [made for each in years if (made := _made(each, month, day))]
    return min(found, key=lambda made: abs(made - today), default=None)


def _year(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _made(year: int, month: int, day: int) -> date | None:
    valid = year in _YEARS and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    return date(year, month, day) if valid else None


def _is_date(found: re.Match[str], locale: str) -> bool:
    """30.11 is a day in Russian only; elsewhere it may be an hour or a sum."""
    if found["year"] or found["full"]:
        return True
    first, second = int(found["first"]), int(found["second"])
    if found["sign"] == ".":
        return locale == "ru" and len(found["second"]) == 2 and 1 <= second <= 12 and first <= 31
    return 1 <= first <= 31 and 1 <= second <= 31 and len(found[0]) > 3


def _of_figures(found: re.Match[str], locale: str, today: date) -> date | None:
    if found["year"]:
        return _date(found["year"], int(found["month"]), int(found["day"]), today)
    first, second, year = int(found["first"]), int(found["second"]), found["full"]
    if locale != "en" or first > 12 or first == second:
        return _date(year, second, first, today)
    return _date(year, first, second, today) if second > 12 else None  # 5/6: nobody can tell


def _end_of(which: str, today: date) -> date:
    if which in ("week", "next-week"):
        sunday = today + timedelta(days=6 - today.weekday())
        return sunday + timedelta(weeks=1) if which == "next-week" else sunday
    month = today if which == "month" else _end_of("month", today) + timedelta(days=1)
    return month.replace(day=monthrange(month.year, month.month)[1])


def _clocks(said: str, shapes: Shapes) -> Iterator[_Clock]:
    for found in shapes.clock.finditer(said):
        if found["named"]:
            clock: time | None = _named(found["named"], shapes.words.clocks, shapes)
        else:
            clock = _of_hands(found["figures"])
        if clock is not None:
            yield _Clock(*found.span(), clock, _away(found) if found["zone"] else None)
    for found in shapes.part.finditer(said):
        yield _Clock(*found.span(), _named(found["word"], shapes.words.parts, shapes), None, False)


def _named(word: str, known: Mapping[str, str], shapes: Shapes) -> time:
    rows = tuple((name,) for name in known)
    return time.fromisoformat(list(known.values())[place_of(word, rows, shapes.locale)])


def _of_hands(figures: str) -> time | None:
    numbers = [int(number) for number in _DIGITS.findall(figures)]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    half = re.search(r"([ap])\.?m", figures)
    if half:
        hour = hour % 12 + (12 if half[1] == "p" else 0)
    if (hour, minute) == (24, 0):
        return LAST
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _away(found: re.Match[str]) -> tzinfo:
    """The zone behind an hour, as our texts write it: (UTC+1)."""
    if not found["sign"]:
        return UTC
    away = timedelta(hours=int(found["away"]), minutes=int(found["rest"] or 0))
    if away > timedelta(hours=14):
        return UTC
    return timezone(-away if found["sign"] == "-" else away)


def _merged(days: list[_Day]) -> list[_Day]:
    """Days that stand side by side are one: "Friday 4 December"."""
    merged: list[_Day] = []
    for day in sorted(days, key=lambda day: day.start):
        last = merged[-1] if merged else None
        if last is None or day.start - last.end > 4 or (last.exact and day.exact):
            merged.append(day)
            continue
        best = day if day.exact or not last.exact else last
        best = last if last.exact else best
        merged[-1] = _Day(last.start, day.end, best.day, best.exact, best.weekday)
    return merged


def _joined(days: list[_Day], clocks: list[_Clock], now: datetime) -> Iterator[Moment]:
    free = list(clocks)
    for day in days:
        own = [one for one in free if _gap(day, one) <= _BESIDE]
        nearest = min(own, key=lambda one: _gap(day, one), default=None)
        if nearest is None:
            yield _moment(day.start, day.end, _at(day, LAST, None, now))
            continue
        free.remove(nearest)
        start, end = min(day.start, nearest.start), max(day.end, nearest.end)
        yield _moment(start, end, _at(day, nearest.clock, nearest.zone, now))
    for one in free:
        if one.alone:
            yield _moment(one.start, one.end, _next(one, now))


def _moment(start: int, end: int, due: datetime | None) -> Moment:
    return Moment(start, end, due, led=False)


def _gap(day: _Day, clock: _Clock) -> int:
    return max(clock.start - day.end, day.start - clock.end)


def _at(day: _Day, clock: time, zone: tzinfo | None, now: datetime) -> datetime | None:
    if day.day is None:
        return None
    due = _local(day.day, clock, zone, now)
    if day.weekday and due < now:
        return _local(day.day + timedelta(weeks=1), clock, zone, now)
    return due


def _next(one: _Clock, now: datetime) -> datetime:
    today = now.astimezone(one.zone or now.tzinfo).date()
    due = _local(today, one.clock, one.zone, now)
    return due if due > now else _local(today + timedelta(days=1), one.clock, one.zone, now)


def _local(day: date, clock: time, zone: tzinfo | None, now: datetime) -> datetime:
    return datetime.combine(day, clock, zone or now.tzinfo).astimezone(now.tzinfo)
