"""Moments and durations as people write them.

What is doubtful is refused, with the way to write it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from crisisctl.errors import CrisisError
from crisisctl.text import offset, quoted


class BadValue(CrisisError):
    """A value that cannot be read; the message says what is accepted instead."""


_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_LONGEST = timedelta(days=3660)
_YEARS = range(1970, 3000)
"""Monitoring tools write year 1 for "not yet"; a year 20266 is a slip of the finger."""

_TIMES_ACCEPTED = "write 2026-11-27T20:04+01:00, 20:04, -15m or now"
_DURATIONS_ACCEPTED = "write 90m, 1h30m or 3d"

# Text until first used: a command typed in the heat seldom reads a moment.
_ISO = (
    r"(?a)(?P<day>\d{4}-\d\d-\d\d)(?:[Tt]| +)(?P<clock>\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)"
    r" ?(?P<zone>[Zz]|UTC|[+-]\d\d(?::?\d\d)?)?"
)
_AS_SHOWN = r"(?a) (?:[A-Z]{2,5} )?\(UTC(?:([+-])(\d{1,2})(?::(\d\d))?)?\)$"
_CLOCK = r"(?a)\d{1,2}:\d\d(?::\d\d)?"


def parse_time(text: str, *, now: datetime, zone: tzinfo, ahead: bool = False) -> datetime:
    """Read a moment: ISO 8601, a clock time, an offset from now such as -15m, or "now".

    A clock time means its latest occurrence that is at most one hour ahead:
    people tell what has happened, or what happens very soon. With `ahead` it
    means the next one.
    """
    bare = text.strip().replace("\u2212", "-")
    if bare.casefold() == "now":
        return now.astimezone(UTC)
    if bare[:1] in ("+", "-"):
        return _from_now(text, bare, now)
    if re.fullmatch(_CLOCK, bare):
        reach = _DAY if ahead else _HOUR
        return _latest(text, bare, limit=now.astimezone(UTC) + reach, zone=zone)
    found = re.fullmatch(_ISO, re.sub(_AS_SHOWN, _iso_offset, bare))
    if not found:
        raise BadValue(f"{quoted(text)} is not a time: {_time_hint(bare)}")
    return _iso(text, found, zone)


def _time_hint(bare: str) -> str:
    if re.fullmatch(r"(?a)\d{4}-\d\d-\d\d", bare):
        return f"it has no time of day; write {bare}T20:04+01:00"
    return _TIMES_ACCEPTED


def _from_now(text: str, bare: str, now: datetime) -> datetime:
    try:
        away = parse_duration(bare[1:])
    except BadValue:
        raise BadValue(
            f"{quoted(text)} is not a time: write +45m or -15m, counted from now"
        ) from None
    return now.astimezone(UTC) + (away if bare[0] == "+" else -away)


def _latest(text: str, bare: str, *, limit: datetime, zone: tzinfo) -> datetime:
    at = _clock_of(text, bare)
    day = limit.astimezone(zone).date()
    while True:
        local = datetime.combine(day, at)
        found = instants(local, zone)
        passed = [when for when in found if when <= limit]
        if passed:
            return _only(text, local, passed, zone)
        if not found and local.replace(tzinfo=zone).astimezone(UTC) <= limit:
            raise _never(text, local, zone)
        day -= timedelta(days=1)


def _clock_of(text: str, bare: str) -> time:
    try:
        return time.fromisoformat(bare.zfill(len("20:04")))
    except ValueError:
        raise BadValue(f"{quoted(text)} is not a time of day: write 00:00 up to 23:59") from None


def _iso_offset(found: re.Match[str]) -> str:
    sign, hours, minutes = found.groups()
    return f"{sign}{int(hours):02}:{minutes or '00'}" if sign else "Z"


def _iso(text: str, found: re.Match[str], zone: tzinfo) -> datetime:
    written = found["zone"] or ""
    suffix = "Z" if written in ("z", "UTC") else written
    try:
        when = datetime.fromisoformat(f"{found['day']}T{found['clock']}{suffix}")
    except ValueError:
        raise BadValue(f"{quoted(text)} is not a time: there is no such day or hour") from None
    if when.year not in _YEARS:
        raise BadValue(f"{quoted(text)} is not a plausible time: check the year {when.year}")
    if when.tzinfo is None:
        return _only(text, when, instants(when, zone), zone)
    if abs(when.utcoffset() or timedelta()) > timedelta(hours=14):
        raise BadValue(f"{quoted(text)} is not a time: no place is {offset(when)}")
    return when.astimezone(UTC)


def instants(local: datetime, zone: tzinfo) -> list[datetime]:
    """Find the moments, in UTC, at which clocks in a zone show a local time.

    None where clocks jump over it, two where they go through it twice.
    """
    both = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    shown = {when for when in both if when.astimezone(zone).replace(tzinfo=None) == local}
    return sorted(shown)


def _only(text: str, local: datetime, found: list[datetime], zone: tzinfo) -> datetime:
    if not found:
        raise _never(text, local, zone)
    if len(found) > 1:
        ways = " or ".join(when.astimezone(zone).isoformat(timespec="minutes") for when in found)
        raise BadValue(f"{quoted(text)} happens twice, clocks go back then in {zone}: write {ways}")
    return found[0]


def _never(text: str, local: datetime, zone: tzinfo) -> BadValue:
    after = local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    meant = after.isoformat(timespec="minutes")
    return BadValue(
        f"{quoted(text)} does not exist on {local:%Y-%m-%d}, clocks go forward then"
        f" in {zone}: write {meant} or another time"
    )


_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": _HOUR,
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_NUMBER = r"\d{1,9}(?:\.\d{1,2})?"
_SPOKEN = (
    rf"(?ai)(?:(?P<w>{_NUMBER})(?:w|weeks?))?(?:(?P<d>{_NUMBER})(?:d|days?))?"
    rf"(?:(?P<h>{_NUMBER})(?:h|hrs?|hours?))?(?:(?P<m>{_NUMBER})(?:m|mins?|minutes?))?"
    rf"(?:(?P<s>{_NUMBER})(?:s|secs?|seconds?))?"
)
_ISO_DURATION = (
    r"(?ai)P(?:(?P<w>\d{1,9})W)?(?:(?P<d>\d{1,9})D)?"
    r"(?:T(?=\d)(?:(?P<h>\d{1,9})H)?(?:(?P<m>\d{1,9})M)?(?:(?P<s>\d{1,9}(?:\.\d{1,6})?)S)?)?"
)


def parse_duration(text: str) -> timedelta:
    """Read how long: "90m", "1h30m", "2 h", "45 min", "3d", "PT1H30M"."""
    bare = "".join(text.split())
    parts = _parts(bare)
    if not parts:
        raise BadValue(f"{quoted(text)} is not a duration: {_duration_hint(bare)}")
    try:
        length = sum((_UNITS[unit] * float(number) for unit, number in parts.items()), timedelta())
    except OverflowError:
        length = timedelta.max
    if length > _LONGEST:
        raise BadValue(f"{quoted(text)} is too long a duration: ten years at most")
    return length


def _parts(bare: str) -> dict[str, str]:
    number, unit = bare[:-1], bare[-1:]
    if unit in _UNITS and number.isascii() and number.isdigit() and len(number) < 10:
        return {unit: number}  # as playbooks write it; compiling the patterns takes a millisecond
    found = re.fullmatch(_ISO_DURATION if bare[:1] in ("P", "p") else _SPOKEN, bare)
    return {unit: number for unit, number in found.groupdict().items() if number} if found else {}


def _duration_hint(bare: str) -> str:
    if re.fullmatch(r"(?a)\d{1,9}", bare):
        return f"it has no unit; write {bare}m, {bare}h or {bare}d"
    if clock := re.fullmatch(r"(?a)(\d{1,3}):(\d\d)", bare):
        first, second = (int(part) for part in clock.groups())
        return f"hours or minutes? write {first}h{second}m or {first}m{second}s"
    if re.fullmatch(r"(?ai)\d{1,3}h\d\d?", bare):
        return f"minutes need their unit as well; write {bare}m"
    if re.fullmatch(r"(?ai)P\d+[YM].*", bare):
        return "months and years differ in length; write days, such as 30d"
    if bare[:1] in ("-", "\u2212"):
        return f"it cannot be negative; {_DURATIONS_ACCEPTED}"
    return _DURATIONS_ACCEPTED


def iso_time(when: datetime) -> str:
    """Write a moment for a file: ISO 8601 in UTC, "2026-11-27T19:04:00Z"."""
    return when.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def iso_duration(delta: timedelta) -> str:
    """Write a duration for a file: ISO 8601, "PT1H35M"; negative ones begin with a minus."""
    if delta < timedelta():
        return f"-{iso_duration(-delta)}"
    hours, rest = divmod(delta - timedelta(days=delta.days), _HOUR)
    minutes, rest = divmod(rest, timedelta(minutes=1))
    seconds = f"{rest.seconds}.{rest.microseconds:06}" if rest.microseconds else str(rest.seconds)
    parts = ((delta.days, "D"), (hours, "H"), (minutes, "M"), (seconds if rest else 0, "S"))
    days, *clock = (f"{number}{unit}" if number else "" for number, unit in parts)
    return f"P{days}T{''.join(clock)}".removesuffix("T") if delta else "PT0S"


def read_iso_duration(text: str) -> timedelta:
    """Read back what `iso_duration` wrote."""
    found = re.fullmatch(_ISO_DURATION, text.removeprefix("-"))
    if not found or not any(found.groups()):
        raise BadValue(f"{quoted(text)} is not a duration as the journal writes it")
    length = timedelta()
    for unit, number in found.groupdict(default="0").items():
        whole, _, fraction = number.partition(".")
        length += _UNITS[unit] * int(whole) + timedelta(microseconds=int(f"{fraction:0<6}"))
    return -length if text.startswith("-") else length
