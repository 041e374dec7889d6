"""What a text states is read as it was meant, above all everything that our templates print."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisctl.errors import CrisisError
from crisisctl.messages.agreement.said import Said
from crisisctl.messages.agreement.stated import Stated, stated
from crisisctl.messages.agreement.tokens import Amount, Length, Time
from crisisctl.messages.formats import LOCALES, filters
from crisisctl.workspace import Workspace

HERE = Workspace()
FRAMES = ("{}", "– {}.", "x {}, y", "({})", "{}\n", "{}: z")
"""What may stand around a value."""


def read(text: str, locale: str = "en", at: datetime | None = None) -> Stated:
    return stated(Said("email", locale, text, at=at), HERE)


zones = st.integers(-12 * 4, 14 * 4).map(lambda n: timezone(timedelta(minutes=15 * n)))
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
moments = st.builds(
    lambda minute, zone: (BEGIN + timedelta(minutes=minute)).astimezone(zone),
    st.integers(24 * 60, 20 * 365 * 24 * 60),
    zones,
)
locales = st.sampled_from(LOCALES)
frames = st.sampled_from(FRAMES)
places = st.integers(0, 2)


# What our templates print is understood again


@given(locales, frames, moments)
def test_a_moment_is_read_back(locale: str, frame: str, when: datetime) -> None:
    text = frame.format(filters(locale, when.tzinfo)["moment"](when))

    (time,) = read(text, locale).times

    assert isinstance(time.token, Time)
    (value,) = time.token.values
    assert (value.year, value.month, value.day) == (when.year, when.month, when.day)
    assert value.minute == when.hour * 60 + when.minute
    assert value.offset == (when.utcoffset() or timedelta()) // timedelta(minutes=1)


@given(locales, frames, moments)
def test_a_clock_time_is_read_back(locale: str, frame: str, when: datetime) -> None:
    text = frame.format(filters(locale, when.tzinfo)["clock"](when))

    (time,) = read(text, locale).times

    assert isinstance(time.token, Time)
    (value,) = time.token.values
    assert (value.month, value.day) == (when.month, when.day)
    assert value.minute == when.hour * 60 + when.minute


@given(locales, frames, moments)
def test_a_day_is_read_back(locale: str, frame: str, when: datetime) -> None:
    (time,) = read(frame.format(filters(locale, when.tzinfo)["day"](when)), locale).times

    assert isinstance(time.token, Time)
    (value,) = time.token.values
    assert (value.year, value.month, value.day) == (when.year, when.month, when.day)
    assert value.minute is None


@given(locales, frames, st.integers(1, 60 * 24 * 60))
def test_a_length_is_read_back(locale: str, frame: str, minutes: int) -> None:
    length = timedelta(minutes=minutes)
    rounded = length if minutes < 24 * 60 else _to_hours(minutes)

    found = read(frame.format(filters(locale, UTC)["duration"](length)), locale)

    assert [one.token.value for one in found.lengths if isinstance(one.token, Length)] == [rounded]
    assert found.times == ()
    assert found.amounts == ()


def _to_hours(minutes: int) -> timedelta:
    return timedelta(hours=(minutes + 30) // 60)


@given(locales, frames, st.integers(0, 10**9), places)
def test_a_percentage_is_read_back(locale: str, frame: str, digits: int, after: int) -> None:
    value = Decimal(digits % 10**6).scaleb(-after)

    found = read(frame.format(filters(locale, UTC)["percent"](value)), locale)

    assert [(one.value, one.unit) for one in found.amounts] == [(value, "percent")]


@given(
    locales,
    frames,
    st.integers(0, 10**9),
    st.sampled_from(("EUR", "USD", "GBP", "TRY", "RUB", "CHF", "PLN", "CAD", "SEK", "KZT", "UAH")),
)
def test_a_sum_of_money_is_read_back(locale: str, frame: str, cents: int, code: str) -> None:
    value = Decimal(cents).scaleb(-2)

    shown = filters(locale, UTC)["money"](f"{value} {code}")
    found = read(frame.format(shown), locale)

    assert [(one.value, one.currency) for one in found.amounts] == [(value, code)]


CUSTOMERS = {
    "en": "customers",
    "fr": "clients",
    "es": "clientes",
    "tr": "müşteri",
    "ru": "клиентов",
}


@given(locales, st.integers(0, 10**9))
def test_a_number_of_customers_is_read_back(locale: str, value: int) -> None:
    text = f"x {filters(locale, UTC)['number'](value)} {CUSTOMERS[locale]}"

    found = read(text, locale)

    assert found.amounts == (
        Amount(2, len(text) - len(CUSTOMERS[locale]) - 1, Decimal(value), "people"),
    )


# What people write


@pytest.mark.parametrize(
    ("locale", "text", "minute"),
    [
        *(("en", text, 930) for text in ("15:30", "3:30 pm", "3:30pm", "3.30 p.m.", "at 15.30")),
        *(("en", text, 900) for text in ("3 pm", "3pm", "3 p.m.", "3 in the afternoon")),
        *(("en", text, 0) for text in ("12 am", "midnight", "00:00")),
        *(("en", text, 720) for text in ("12 pm", "noon", "midday")),
        *(("fr", text, 930) for text in ("15 h 30", "15h30", "15:30", "à 15 heures 30", "à 15.30")),
        *(("fr", text, 900) for text in ("15 h", "15h", "à 15 heures", "3 h de l’après-midi")),
        *(("fr", text, 120) for text in ("à 2 h", "à 2 heures", "2 h du matin")),
        *(
            ("es", text, 930)
            for text in ("15:30", "a las 15:30", "15:30 h", "a las 3:30 de la tarde")
        ),
        *(("es", text, 900) for text in ("a las 15 h", "a las 15", "a las 3 de la tarde")),
        *(("tr", text, 930) for text in ("15:30", "saat 15.30", "saat 15:30’da", "15.30'a kadar")),
        *(("tr", text, 900) for text in ("saat 15’te", "saat 15'e kadar", "öğleden sonra 3:00")),
        *(("ru", text, 930) for text in ("15:30", "в 15:30", "в 15.30", "до 15 ч 30 мин")),
        *(("ru", text, 900) for text in ("в 15 часов", "до 15 ч", "в 3 часа дня")),
    ],
)
def test_a_time_of_day_is_one_however_it_is_written(locale: str, text: str, minute: int) -> None:
    found = read(text, locale)

    (time,) = found.times
    assert isinstance(time.token, Time)
    assert [value.minute for value in time.token.values] == [minute]
    assert found.lengths == ()


@pytest.mark.parametrize(
    ("locale", "text", "minutes"),
    [
        *(("en", text, 150) for text in ("2 h 30", "2 hours 30 minutes", "2.5 hours", "150 min")),
        *(("fr", text, 150) for text in ("pendant 2 h 30", "2 h 30 de panne", "2 h 30 min")),
        *(("fr", text, 120) for text in ("en 2 heures", "2 heures", "dans 2 h", "120 minutes")),
        *(
            ("es", text, 150)
            for text in ("2 h 30 min", "2 horas y 30 minutos", "durante 2,5 horas")
        ),
        *(("tr", text, 150) for text in ("2 saat 30 dakika", "2,5 saat", "150 dk")),
        *(("ru", text, 150) for text in ("2 часа 30 минут", "2 ч 30 мин", "через 2,5 часа")),
        *(("ru", text, 120) for text in ("через 2 часа", "в течение 2 часов", "более 2 часов")),
        ("en", "3 days", 3 * 24 * 60),
        ("ru", "2 дня", 2 * 24 * 60),
        ("tr", "1 hafta", 7 * 24 * 60),
    ],
)
def test_a_length_is_no_time_of_day(locale: str, text: str, minutes: int) -> None:
    found = read(text, locale)

    assert [one.token for one in found.lengths] != []
    assert [getattr(one.token, "value", None) for one in found.lengths] == [
        timedelta(minutes=minutes)
    ]
    assert found.times == ()


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        *(
            ("en", text)
            for text in (
                "27 November",
                "27th November 2026",
                "the 27th of November",
                "November 27, 2026",
                "Nov. 27",
                "27/11/2026",
                "11/27/2026",
                "2026-11-27",
                "27.11.2026",
            )
        ),
        *(("fr", text) for text in ("27 novembre", "27 nov. 2026", "le 27/11", "27/11/26")),
        *(("es", text) for text in ("27 de noviembre", "27 de noviembre del 2026", "27-11-2026")),
        *(("tr", text) for text in ("27 Kasım", "27 KASIM 2026", "27.11.2026", "27 Kas")),
        *(("ru", text) for text in ("27 ноября", "27 нояб. 2026 г.", "27.11.2026", "27.11")),
    ],
)
def test_a_date_is_one_however_it_is_written(locale: str, text: str) -> None:
    (time,) = read(text, locale).times

    assert isinstance(time.token, Time)
    assert [(value.month, value.day) for value in time.token.values] == [(11, 27)]
    assert read(text, locale).amounts == ()


@pytest.mark.parametrize(
    "text",
    ["05/06/2026", "version 2.30", "order #1530", "24/7", "1.5 million", "may 15 people"],
)
def test_what_can_be_read_in_two_ways_or_is_no_time_is_left_alone(text: str) -> None:
    assert read(text).times == ()


@pytest.mark.parametrize(
    ("locale", "text", "offset"),
    [
        ("en", "15:30 CET", 60),
        ("en", "15:30 (UTC+1)", 60),
        ("en", "15:30 UTC-5:30", -330),
        ("en", "15:30 GMT", 0),
        ("en", "15:30 Paris time", 60),
        ("fr", "15 h 30 (heure de Paris)", 60),
        ("es", "15:30, hora de Madrid", 60),
        ("tr", "Türkiye saatiyle 15.30", 180),
        ("tr", "15:30’da (TSİ)", 180),
        ("ru", "15:30 мск", 180),
        ("ru", "в 15:30 по московскому времени", 180),
    ],
)
def test_a_zone_beside_a_time_is_read(locale: str, text: str, offset: int) -> None:
    at = datetime(2026, 11, 27, tzinfo=UTC)

    (time,) = read(text, locale, at).times

    assert isinstance(time.token, Time)
    assert [value.offset for value in time.token.values] == [offset]


@pytest.mark.parametrize(
    ("locale", "text", "purpose"),
    [
        ("en", "At 20:30 we will update you.", "next_update"),
        ("en", "Working again since 20:30.", "restored"),
        ("en", "Down since 20:30.", "since"),
        ("en", "Valid until 20:30.", "until"),
        ("en", "We said 20:30.", "earlier"),
        ("en", "Call us.\n\nNext update\n20:30", "next_update"),
        ("fr", "Le service devrait être rétabli vers 20 h 30.", "eta"),
        ("fr", "Le service est rétabli depuis 20 h 30.", "restored"),
        ("es", "Estará resuelto antes de las 20:30.", "eta"),
        ("es", "Está resuelto desde las 20:30.", "restored"),
        ("tr", "Saat 20.30'da yeniden bilgi vereceğiz.", "next_update"),
        ("tr", "Sorun saat 20.30'da giderildi.", "restored"),
        ("tr", "Sorunun saat 20.30'a kadar giderilmesini bekliyoruz.", "eta"),
        ("ru", "К 20:30 всё заработает.", "eta"),
        ("ru", "Сбой начался в 20:30.", "since"),
        ("ru", "Новое обновление появится в 20:30.", "next_update"),
    ],
)
def test_a_time_is_known_by_the_words_around_it(locale: str, text: str, purpose: str) -> None:
    assert [one.purpose for one in read(text, locale).times] == [purpose]


def test_each_time_of_a_sentence_has_its_own_purpose() -> None:
    text = "It has been down since 19:04; we expect it back by 21:00 and will update you at 20:30."

    assert [one.purpose for one in read(text).times] == ["since", "eta", "next_update"]


def test_in_turkish_what_follows_a_time_tells_more_than_what_the_last_time_was_for() -> None:
    text = "21.00'de açılmasını bekliyoruz, 20.30'da yeniden yazacağız."

    assert [one.purpose for one in read(text, "tr").times] == ["eta", "next_update"]


def test_a_time_since_when_one_thing_is_down_is_not_that_of_another_that_is_back() -> None:
    text = "Payment is back, search is down since 19:04."

    assert [one.purpose for one in read(text).times] == ["since"]


def test_where_people_are_counted_a_point_groups_thousands() -> None:
    assert [one.value for one in read("1.200 customers, 1.200 of them").amounts] == [
        Decimal(1200),
        Decimal("1.2"),
    ]


def test_places_are_those_of_the_text_as_written() -> None:
    text = "Nous pre\u0301voyons le re\u00adtour pour 21\u202fh\u00a030."

    (time,) = read(text, "fr").times

    assert text[time.token.start : time.token.end] == "21\u202fh\u00a030"
    assert time.purpose == "eta"


def a_workspace(tmp_path: Path, old: str, new: str) -> Workspace:
    """A workspace whose English words differ from the shipped ones in one place."""
    shipped = Workspace().find("templates", "words/agreement.en.yaml")
    assert shipped is not None
    words = shipped.read_text(encoding="utf-8")
    assert old in words
    file = tmp_path / "templates" / "words" / "agreement.en.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(words.replace(old, new), encoding="utf-8")
    return Workspace(tmp_path)


def test_a_workspace_may_bring_its_own_words(tmp_path: Path) -> None:
    said = Said("x", "en", "The town crier calls at 20:30.")
    own = a_workspace(tmp_path, "      - news\n", "      - news\n      - crier calls\n")

    assert [one.purpose for one in stated(said, HERE).times] == [""]
    assert [one.purpose for one in stated(said, own).times] == ["next_update"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Europe/London:", "Europe/Lodnon:", "Europe/Lodnon"),
        ('"+01:00":', '"+1h":', "offset"),
        ("[monday], ", "", "7 `weekdays`"),
        ("percent: [", "percentage: [", "percentage"),
    ],
)
def test_a_word_list_that_cannot_be_used_is_one_clear_error(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    with pytest.raises(CrisisError, match=told):
        stated(Said("x", "en", "Next update 20:30"), a_workspace(tmp_path, old, new))


def test_an_empty_word_in_a_list_means_nothing(tmp_path: Path) -> None:
    own = a_workspace(tmp_path, "  afternoon: [", "  afternoon: ['', ")

    assert read("at 3:30") == stated(Said("email", "en", "at 3:30"), own)
