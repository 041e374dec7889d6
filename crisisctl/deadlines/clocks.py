"""The regulators' clocks: when each notice is due, counted as the law counts.

Hours pass in UTC, so a change to winter or summer time never shortens them and
weekends count. Reg. (EEC) 1182/71 may allow more time than that for a period
that ends on a holiday; whether it holds for the GDPR is not settled, so the
strict moment is shown, which is never later than the lawful one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msgspec import Struct

from crisisctl.deadlines.holidays import working_day
from crisisctl.playbook.model import Start
from crisisctl.playbook.regulation import Clock, Regulation, Within

_LAST = time(23, 59, 59)

Moments = Mapping[Start, datetime]
"""When each thing that starts a clock happened, as far as it is known."""


class Running(Struct, frozen=True):
    """One clock of one regulation, as it stands."""

    regulation: Regulation
    name: str
    clock: Clock
    since: datetime | None
    """When it began; None where what starts it has not happened, or is not known."""
    due: datetime | None
    """None without a number: then it is owed without undue delay, from `since` on."""

    @property
    def id(self) -> str:
        """Its name among all clocks."""
        return f"{self.regulation.regulation}.{self.name}"


def applying(regulations: Iterable[Regulation], countries: Sequence[str]) -> list[Regulation]:
    """The regulations that hold where these people live."""
    wanted = set(countries)
    return [each for each in regulations if wanted & set(each.countries)]


def without(regulations: Iterable[Regulation], countries: Sequence[str]) -> list[str]:
    """The countries that no regulation speaks of: they must be named, never passed over."""
    known = {country for each in regulations for country in each.countries}
    return [country for country in countries if country not in known]


def running(
    regulations: Iterable[Regulation],
    moments: Moments,
    zone: tzinfo,
    told: Mapping[str, datetime] | None = None,
) -> list[Running]:
    """Every clock, the one that ends first before the others.

    `told` is when notices went out, by the id of their clock: others begin with them.
    """
    found = [
        clock for each in regulations for clock in _of_regulation(each, moments, zone, told or {})
    ]
    return sorted(found, key=_urgency)


def _of_regulation(
    regulation: Regulation, moments: Moments, zone: tzinfo, told: Mapping[str, datetime]
) -> Iterator[Running]:
    for name, clock in regulation.clocks.items():
        since = moments.get(clock.starts)
        if clock.after:
            since = told.get(f"{regulation.regulation}.{clock.after}")
        due = ends(since, clock.within, zone) if since is not None else None
        yield Running(regulation, name, clock, since, due)


def _urgency(clock: Running) -> tuple[bool, datetime, str]:
    never = datetime.max.replace(tzinfo=UTC)
    return clock.since is None, clock.due or clock.since or never, clock.id


def completed(moments: Mapping[Start, datetime]) -> dict[Start, datetime]:
    """The moments with what follows: whoever is certain has seen a sign, by then at the latest."""
    found = dict(moments)
    if "aware" in found:
        found.setdefault("suspected", found["aware"])
        found.setdefault("detected", found["suspected"])
    return found


def ends(since: datetime, within: Within, zone: tzinfo) -> datetime | None:
    """The moment at which a clock ends that began then; None for "without undue delay".

    A period of days begins on the day after, and ends with its last day in the
    zone of who is in charge.
    """
    if within.hours is not None:
        return (since.astimezone(UTC) + timedelta(hours=within.hours)).astimezone(zone)
    day = since.astimezone(zone).date()
    if within.days is not None:
        return _end_of(day + timedelta(days=within.days), zone)
    if within.months is not None:
        return _end_of(_months_later(day, within.months), zone)
    if within.business_days is not None:
        return _end_of(working_day(day, within.business_days, within.holidays or ""), zone)
    return None


def _end_of(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, _LAST, zone)


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = first_of_next - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))
