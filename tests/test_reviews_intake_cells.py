"""What stands in one cell of an export: stars, dates, languages, in every way people write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crisisctl.reviews.reading.stars import Stars, scale
from crisisctl.reviews.reading.tongues import Tongues
from crisisctl.tables.dates import Dates, order


@pytest.mark.parametrize(
    ("cell", "best", "stars"),
    [
        *(("1", 5, 1), ("4.0", 5, 4), ("4,5", 5, 4.5), ("0", 5, 1), (" 3 ", 5, 3)),
        *(("0", 10, 1), ("10", 10, 5), ("5", 10, 3), ("3", 10, 2.2), ("2.0", 10, 1.8)),
        *(("0", 100, 1), ("50", 100, 3), ("100", 100, 5), ("%80", 5, 4.2), ("80 %", 5, 4.2)),
        *(("FIVE", 5, 5), ("one", 5, 1), ("True", 5, 5), ("false", 5, 1), ("0", 1, 1)),
        *(("1", 1, 5), ("-1", 1, 1)),
        *(("4/5", 5, 4), ("8/10", 5, 4.2), ("4,5 sur 5", 5, 4.5), ("5.0 out of 5 stars", 5, 5)),
        *(("★★★★☆", 5, 4), ("⭐⭐", 5, 2), ("★★★½", 5, 3.5), ("5 stars", 5, 5), ("1 étoile", 5, 1)),
        *(("2 estrellas", 5, 2), ("3 yıldız", 5, 3), ("4 звезды", 5, 4), ("1 Stern", 5, 1)),
        *(("Empfohlen", 10, 5), ("Nicht empfohlen", 10, 1), ("Olumlu", 5, 5), ("OLUMSUZ", 5, 1)),
        *(("Recommended", 5, 5), ("Not Recommended", 5, 1), ("Très insatisfait", 5, 1)),
        *(("Malo", 5, 1), ("Рекомендую", 5, 5), ("плохо", 5, 2), ("kötü", 5, 2), ("Neutre", 5, 3)),
        *(("", 5, None), ("n/a", 5, None), ("-", 5, None)),
    ],
)
def test_a_rating_becomes_one_to_five_stars(cell: str, best: int, stars: float | None) -> None:
    assert Stars(best).read(cell) == stars


@pytest.mark.parametrize(
    "cell",
    ["1e400", "NaN", "-5", "1.234.567", "6", "11/10", "5/0", "inf", "x", "٣٣٣٣", "1" * 5000, "²"],
)
def test_what_is_no_rating_is_never_guessed(cell: str) -> None:
    assert not Stars(5).can_read(cell)


@pytest.mark.parametrize(
    ("cells", "name", "best"),
    [
        (["1", "5", "3"], "rating", 5),
        (["0", "7", "10"], "rating", 10),
        (["0"] * 95 + ["9"] * 5, "rating", 10),
        (["80", "100", "20"], "rating", 100),
        (["1", "2"] * 400 + ["100"], "rating", 5),
        (["0", "1"], "voted_up", 1),
        (["1", "5"], "Overall Score", 10),
        (["Empfohlen", ""], "combined_rating", 1),
    ],
)
def test_the_scale_belongs_to_the_column(cells: list[str], name: str, best: int) -> None:
    assert scale(cells, name) == best


NOON = int(datetime(2025, 3, 2, 10, 12, tzinfo=UTC).timestamp())
MIDNIGHT = int(datetime(2025, 3, 2, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    "cell",
    [
        *("2025-03-02T10:12:00Z", "2025-03-02T10:12:00.123456789Z", "2025-03-02 10:12:00 UTC"),
        *("2025-03-02 10:12:00", "2025-03-02 10:12", "2025-03-02T03:12:00-07:00"),
        *("2025-03-02 11:12:00 +0100", "1740910320", "1740910320.0", "1740910320123"),
        *("02.03.2025 10:12:00", "02.03.2025 10:12", "2.3.2025, 10:12", "02/03/2025 10:12:00"),
        *("02/03/2025 10:12 AM", "02-03-2025 10:12", "2025/03/02 10:12", "02.03.25 10:12"),
        *("Mar 2, 2025 10:12:00 AM", "Mar 2, 2025, 10:12 am", "2 mars 2025 à 10h12"),
        *("2 Mart 2025 10:12", "2 марта 2025 г. в 10:12", "Sun, 02 Mar 2025 10:12:00 +0000"),
        *("Sun Mar 02 2025 11:12:00 GMT+0100 (CET)", "1740910320000000", "2025-03-02T10:12"),
    ],
)
def test_a_date_with_a_time_is_read(cell: str) -> None:
    assert Dates(UTC).read(cell) == NOON


@pytest.mark.parametrize(
    "cell",
    [
        *("2025-03-02", "2025/03/02", "02.03.2025", "02/03/2025", "2/3/2025", "20250302"),
        *("Mar 2, 2025", "March 2nd, 2025", "2 mars 2025", "2 de marzo de 2025", "2 Mart 2025"),
        *("2 марта 2025", "2 марта 2025 г.", "2. März 2025", "2 Şubat 2025", "2-Mar-2025"),
        "Reviewed in the United States on March 2, 2025",
    ],
)
def test_a_day_is_read(cell: str) -> None:
    when = Dates(UTC).read(cell)

    assert when == MIDNIGHT - (28 * 86400 if "Şubat" in cell else 0)


@pytest.mark.parametrize(
    "cell",
    [
        *("soon", "2025-13-40", "32.01.2025", "13/13/2025", "0", "1", "1e400", "NaN!", "-5"),
        *("0001-01-01", "9999-12-31T23:59:59Z", "99999999999999999999", "2 days ago", "5"),
        *("02.03.2025 25:99", "²", "9" * 5000, "2025-03-02T10:12:00+99:00", "2 Foo 2025"),
    ],
)
def test_what_is_no_date_is_never_guessed(cell: str) -> None:
    assert not Dates(UTC).can_read(cell)


def test_day_and_month_are_told_from_the_column_or_not_at_all() -> None:
    assert order(["02/03/2025", "13/03/2025"]) == (True, True)
    assert order(["03/02/2025", "03/13/2025"]) == (False, True)
    assert order(["03/02/2025 1:00 PM"]) == (False, True)
    assert order(["02/03/2025"]) == (None, True)
    assert order(["2025-03-02", "x", ""]) == (None, False)


def test_a_date_that_makes_sense_one_way_only_is_read_that_way_and_noted() -> None:
    dates = Dates(UTC, day_first=False)

    assert dates.read("13/03/2025") == MIDNIGHT + 11 * 86400
    assert dates.against == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(("English", "en"), ("en-US", "en"), ("fr_FR", "fr"), ("türkçe", "tr"), ("Türkçe", "tr")),
        *(("schinese", "zh"), ("rus", "ru"), ("русский", "ru"), ("brazilian", "pt"), ("ES", "es")),
        *(("koreana", "ko"), ("pt-BR", "pt"), ("zh-Hant-TW", "zh"), ("uk", "uk")),
        *(("", ""), ("unknown", ""), ("und", ""), ("klingon", ""), ("12", ""), ("\x1b[2J", "")),
    ],
)  # fmt: skip
def test_a_language_is_two_letters(name: str, code: str) -> None:
    assert Tongues().read(name) == code
