"""Values in the words of each locale."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import jinja2
import pytest

from crisisctl.errors import CrisisError
from crisisctl.messages.formats import NotPlain, filters, plain
from crisisctl.text import zone_of

PARIS = zone_of("Europe/Paris")
BLACK_FRIDAY = datetime(2026, 11, 27, 20, 30, tzinfo=UTC)
LOCALES = ("en", "fr", "es", "tr", "ru")


def shown(locale: str, name: str, value: object) -> str:
    """One filter's result, with no-break spaces written as _ and narrow ones as ~."""
    result = filters(locale, PARIS)[name](value)
    return result.replace("\u00a0", "_").replace("\u202f", "~")


@pytest.mark.parametrize(
    ("locale", "moment", "clock", "day"),
    [
        (
            "en",
            "27 November 2026, 21:30 (UTC+1)",
            "27 Nov, 21:30 (UTC+1)",
            "27 November 2026",
        ),
        (
            "fr",
            "27 novembre 2026 à 21_h_30 (UTC+1)",
            "27 nov. à 21_h_30 (UTC+1)",
            "27 novembre 2026",
        ),
        (
            "es",
            "27 de noviembre de 2026, 21:30 (UTC+1)",
            "27 nov, 21:30 (UTC+1)",
            "27 de noviembre de 2026",
        ),
        (
            "tr",
            "27 Kasım 2026 21:30 (UTC+1)",
            "27 Kas 21:30 (UTC+1)",
            "27 Kasım 2026",
        ),
        (
            "ru",
            "27 ноября 2026 г., 21:30 (UTC+1)",
            "27 нояб., 21:30 (UTC+1)",
            "27 ноября 2026 г.",
        ),
    ],
)
def test_a_time_reads_naturally_and_carries_its_offset(
    locale: str, moment: str, clock: str, day: str
) -> None:
    assert shown(locale, "moment", BLACK_FRIDAY) == moment
    assert shown(locale, "clock", BLACK_FRIDAY) == clock
    assert shown(locale, "day", BLACK_FRIDAY) == day


def test_the_first_of_a_month_and_the_full_hour_are_french() -> None:
    first = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)

    assert shown("fr", "moment", first) == "1er septembre 2026 à 9_h (UTC+2)"
    assert shown("fr", "clock", first + timedelta(minutes=5)) == "1er sept. à 9_h_05 (UTC+2)"
    assert shown("en", "day", first) == "1 September 2026"


def test_the_day_is_that_of_the_zone_not_of_utc() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    assert shown("en", "moment", late) == "1 January 2027, 00:30 (UTC+1)"
    assert filters("en", zone_of("UTC"))["moment"](late) == "31 December 2026, 23:30 (UTC)"
    kolkata = filters("en", zone_of("Asia/Kolkata"))["clock"](late)
    assert kolkata == "1 Jan, 05:00 (UTC+5:30)"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "1 hour 35 minutes"),
        ("fr", "1_heure 35_minutes"),
        ("es", "1 hora 35 minutos"),
        ("tr", "1 saat 35 dakika"),
        ("ru", "1 час 35 минут"),
    ],
)
def test_a_duration_is_told_in_hours_and_minutes(locale: str, words: str) -> None:
    assert shown(locale, "duration", timedelta(minutes=95)) == words


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "0 минут"),
        (timedelta(seconds=41), "41 секунда"),
        (timedelta(minutes=1), "1 минута"),
        (timedelta(minutes=22), "22 минуты"),
        (timedelta(minutes=59, seconds=30), "1 час"),
        (timedelta(hours=23, minutes=59, seconds=31), "1 день"),
        (timedelta(days=3, hours=2, minutes=29), "3 дня 2 часа"),
        (timedelta(days=5, hours=4, minutes=30), "5 дней 5 часов"),
    ],
)
def test_a_duration_keeps_two_units_and_russian_counts_right(length: timedelta, words: str) -> None:
    assert shown("ru", "duration", length) == words


@pytest.mark.parametrize("locale", LOCALES)
def test_no_unit_is_left_in_english_or_in_code(locale: str) -> None:
    lengths = (timedelta(days=2, hours=2), timedelta(hours=2, minutes=2), timedelta(seconds=2))
    words = " ".join(shown(locale, "duration", length) for length in lengths)

    assert "duration" not in words
    assert locale == "en" or "day" not in words


@pytest.mark.parametrize(
    ("locale", "number", "percent"),
    [
        ("en", "1,234,567.125", "12.5%"),
        ("fr", "1~234~567,125", "12,5_%"),
        ("es", "1.234.567,125", "12,5_%"),
        ("tr", "1.234.567,125", "%12,5"),
        ("ru", "1_234_567,125", "12,5_%"),
    ],
)
def test_numbers_follow_the_locale(locale: str, number: str, percent: str) -> None:
    assert shown(locale, "number", Decimal("1234567.125")) == number
    assert shown(locale, "percent", Decimal("12.5")) == percent


@pytest.mark.parametrize(
    ("locale", "sums"),
    [
        ("en", ["€1,234.50", "TRY_5.00", "$5.00", "¥100"]),
        ("fr", ["1~234,50_€", "5,00_TRY", "5,00_$US", "100_JPY"]),
        ("es", ["1.234,50_€", "5,00_TRY", "5,00_US$", "100_JPY"]),
        ("tr", ["1.234,50_€", "5,00_TL", "5,00_$", "100_¥"]),
        ("ru", ["1_234,50_€", "5,00_TRY", "5,00_$", "100_¥"]),
    ],
)
def test_money_follows_the_locale(locale: str, sums: list[str]) -> None:
    values = ["1234.50 EUR", "5.00 TRY", "5.00 USD", "100 JPY"]

    assert [shown(locale, "money", value) for value in values] == sums
    assert shown("ru", "money", "1234.50 RUB") == "1_234,50_₽"


def test_money_finer_than_its_currency_is_rounded_half_up() -> None:
    assert shown("en", "money", "2.345 EUR") == "€2.35"
    assert shown("en", "money", "100.5 JPY") == "¥101"
    assert shown("en", "money", "0.5 JPY") == "¥1"


def test_money_keeps_thousandths_where_the_currency_has_them() -> None:
    assert shown("en", "money", "1.234 KWD") == "KWD_1.234"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("moment", "2026-11-27"),
        ("moment", datetime(2026, 11, 27)),  # noqa: DTZ001 - the naive time is the point
        ("clock", None),
        ("day", 5),
        ("duration", 95),
        ("duration", timedelta(minutes=-5)),
        ("number", True),
        ("number", "5"),
        ("number", 1.5),
        ("percent", "20"),
        ("money", 12),
        ("money", Decimal("12.50")),
    ],
)
def test_a_filter_refuses_what_it_is_not_for(name: str, value: object) -> None:
    with pytest.raises(NotPlain, match=f"the filter {name} cannot show it"):
        filters("en", PARIS)[name](value)


def test_a_sum_without_currency_is_refused() -> None:
    with pytest.raises(CrisisError, match="is not a sum of money"):
        filters("en", PARIS)["money"]("12.50")


def test_a_bare_value_is_printed_in_its_one_obvious_form() -> None:
    assert plain("as <is>", "fr", PARIS) == "as <is>"
    assert plain(5000, "en", PARIS) == "5,000"
    assert plain(Decimal("2.5"), "tr", PARIS) == "2,5"
    assert plain(BLACK_FRIDAY, "en", PARIS) == "27 November 2026, 21:30 (UTC+1)"
    assert plain(timedelta(hours=2), "es", PARIS) == "2 horas"


@pytest.mark.parametrize(
    "value",
    [None, True, ["a"], ("a",), {"a": 1}, 1.5, b"x", object()],
    ids=lambda value: type(value).__name__,
)
def test_a_bare_value_without_an_obvious_form_is_refused(value: object) -> None:
    with pytest.raises(NotPlain, match="cannot be printed"):
        plain(value, "en", PARIS)


@pytest.mark.parametrize("template", ["{{ eta }}", "{{ eta | moment }}", "{{ eta | money }}"])
def test_an_undefined_name_stays_undefined_with_its_name(template: str) -> None:
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: plain(value, "en", PARIS),
        autoescape=False,
    )
    environment.filters.update(filters("en", PARIS))

    with pytest.raises(jinja2.UndefinedError, match="'eta' is undefined"):
        environment.from_string(template).render()


@pytest.mark.parametrize("locale", ["de", "EN", "fr_FR", ""])
def test_an_unknown_locale_is_an_error_never_a_fallback(locale: str) -> None:
    with pytest.raises(CrisisError, match="is not a locale"):
        filters(locale, PARIS)
