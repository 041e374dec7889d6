"""The language of a review: its platform first, then its letters and small words."""

from __future__ import annotations

import csv
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisctl.reviews.language import language_of, told, voices_of
from crisisctl.reviews.review import Review
from crisisctl.workspace import Workspace

VOICES = voices_of(Workspace(None))
LABELLED = Path(__file__).parent / "reviews_labelled"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The worst app ever, it keeps crashing", "en"),
        ("cant login since the update", "en"),
        ("Très mauvais produit, je suis déçu", "fr"),
        ("tres mauvais produit, je suis decu", "fr"),
        ("Je recommande", "fr"),
        ("Muy malo, no llegó mi pedido", "es"),
        ("pesimo servicio, nunca llego", "es"),
        ("no funciona nada, muy mal", "es"),
        ("Çok kötü, kargo hâlâ gelmedi", "tr"),
        ("cok kotu urun almayin", "tr"),
        ("SİPARİŞİM HALA GELMEDİ", "tr"),
        ("KARGOM NEREDE??? TAKİP NUMARASI ÇALIŞMIYOR", "tr"),
        ("l'application ne s'ouvre plus", "fr"),
        ("Ужас", "ru"),
        ("Заказ не пришёл", "ru"),
        ("заказ не пришел, деньги не вернули", "ru"),
    ],
)
def test_each_of_the_five_languages_is_told(text: str, language: str) -> None:
    assert told(text, VOICES) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "OK!!!",
        "👍",
        "👍🏽👍🏽",
        "...",
        "5",
        "Mehmet",
        "John Smith",
        "İstanbul",
        "100%",
        "ок",
        "\u0301",
    ],
)
def test_what_tells_no_language_has_none(text: str) -> None:
    assert told(text, VOICES) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Sehr schlechter Service, ich habe nie etwas bekommen",
        "Nie wieder! Lieferung kam nicht an, Geld weg",
        "Péssimo atendimento, não recomendo",
        "Produto muito ruim, nunca mais compro nesta loja",
        "Pessimo servizio, non arriva mai niente",
        "Il prodotto non è arrivato e nessuno risponde",
        "Erg slechte service, bestelling niet geleverd",
        "Bardzo słaba jakość, nie polecam tego sklepu",
        "Mycket dålig service, jag har inte fått min order",
        "Servicii foarte proaste, nu recomand",
        "Barang tidak sesuai, kecewa sekali",
        "Sản phẩm không tốt, giao hàng rất chậm",
        "Servei pèssim, no ha arribat mai i no contesten",
        "Жахливий сервіс, товар не прийшов. Більше ніколи",
        "Їжа холодна, кур'єр запізнився на годину",
        "Много лошо обслужване, поръчката не дойде и няма кой да отговори",
        "Ужасна услуга, ништа не ради, никад више нећу",
        "Вельмі дрэнны сэрвіс, тавар так і не прыйшоў",
        "Тауар келмеді, өте нашар қызмет",
        "这个应用很糟糕",
        "最悪です。二度と買いません",
        "최악입니다",
        "سيئ جدا لا انصح به",
        "خیلی بد بود، پول را پس ندادند",
        "Απαράδεκτη εξυπηρέτηση",
        "שירות גרוע מאוד",
    ],
)
def test_another_language_is_not_taken_for_one_of_the_five(text: str) -> None:
    assert told(text, VOICES) not in {"en", "fr", "es", "tr", "ru"}


def test_what_the_platform_says_goes_first() -> None:
    assert language_of(Review("1", text="The worst app ever", language="fr"), VOICES) == "fr"


def test_the_title_tells_where_the_text_is_too_short() -> None:
    assert language_of(Review("1", title="Je suis très déçu", text="👎"), VOICES) == "fr"


def test_a_foreign_name_does_not_change_the_language() -> None:
    assert told("I bought it in the shop of Ивановъ and it broke", VOICES) == "en"
    assert told("Купил iPhone 13 Pro Max 256 GB, но он не работает", VOICES) == "ru"


def test_letters_in_pieces_are_read_as_one() -> None:
    assert told("siparis\u0327im gelmedi, c\u0327ok ko\u0308tu\u0308", VOICES) == "tr"


@pytest.mark.parametrize("language", ["en", "fr", "es", "tr", "ru"])
def test_of_real_complaints_most_are_told_and_hardly_one_is_mistaken(language: str) -> None:
    with (LABELLED / f"{language}.csv").open(encoding="utf-8", newline="") as file:
        found = Counter(told(row["text"], VOICES) for row in csv.DictReader(file))
    total = found.total()
    assert found[language] / total >= 0.85
    assert (total - found[language] - found[""]) / total <= 0.02


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000_000,
        "the " * 2_500_000,
        "e" + "\u0301" * 5_000_000,
        "\u202e" * 100_000,
        "\ud800",
    ],
)
def test_hostile_text_is_read_quickly(text: str) -> None:
    begun = time.process_time()
    told(text, VOICES)
    assert time.process_time() - begun < 0.2


@given(st.text())
def test_any_text_has_a_language_or_none(text: str) -> None:
    found = told(text, VOICES)
    assert found == "" or (len(found) == 2 and found.isalpha())
