"""Working days, by the public holidays of a country or a part of it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from crisisctl.errors import CrisisError
from crisisctl.playbook.regulation import COUNTRY

if TYPE_CHECKING:
    from holidays import HolidayBase


def working_day(day: date, number: int, where: str) -> date:
    """The working day that many after a day. Raises where the holidays are not known."""
    calendar = _calendar(where)
    if calendar is None:
        raise CrisisError(f'the holidays of "{where}" are not known')
    return calendar.get_nth_working_day(day, number)


def are_known(where: str) -> bool:
    """Whether there is a calendar for a country such as US, or a part of it such as US-CA."""
    return _calendar(where) is not None


@lru_cache(maxsize=64)
def _calendar(where: str) -> HolidayBase | None:
    import holidays

    if not COUNTRY.fullmatch(where):
        return None
    country, _, part = where.partition("-")
    try:
        return holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        return None
