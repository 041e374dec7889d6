"""Which language and register a text is in, and how it is set: real sentences of each language."""

from __future__ import annotations

from functools import cache

import pytest

from crisisctl.messages.proof import language
from crisisctl.messages.proof.language import Lists
from crisisctl.messages.proof.register import mixed
from crisisctl.messages.proof.typography import typography
from crisisctl.workspace import Workspace

SENTENCES = {
    "en": "We know that you cannot pay, and we are sorry. Our team is looking for the cause.",
    "fr": "Nous savons que le paiement ne passe pas, et nous en sommes désolés pour vous.",
    "es": "Sabemos que el pago no funciona y lo sentimos. Nuestro equipo está buscando la causa.",
    "tr": "Ödemenin çalışmadığını biliyoruz ve özür dileriz. Bu sorun için çok çalışıyoruz.",
    "ru": "Мы знаем, что оплата не проходит, и просим прощения. Мы уже ищем причину.",
}


@cache
def lists() -> Lists:
    return language.words_of(Workspace())


def addressed(text: str, locale: str) -> list[str]:
    words = dict(lists())[locale]
    return [text[r.start : r.end] for r in mixed(text, locale, words)]


def marks(text: str, locale: str) -> list[tuple[str, str]]:
    return [(r.rule, text[r.start : r.end]) for r in typography(text, locale)]


@pytest.mark.parametrize("written", list(SENTENCES))
@pytest.mark.parametrize("named", list(SENTENCES))
def test_each_language_is_told_from_each_other(written: str, named: str) -> None:
    found = language.language(SENTENCES[written], named, lists())

    assert found == (None if written == named else written)


def test_a_language_without_a_list_is_not_judged() -> None:
    text = "Wir wissen davon, und es tut uns leid. Wir reparieren den Shop for you and the team."

    assert language.wrong_language(text, "de", lists()) == []


def test_an_english_name_and_a_link_do_not_make_a_text_english() -> None:
    text = "Panne chez The North and South : https://the.example/of/the/shop/and/the/rest"

    assert language.wrong_language(text, "fr", lists()) == []


@pytest.mark.parametrize(
    ("locale", "text", "rare"),
    [
        ("fr", "Vous pouvez payer, et vos points restent. Merci de ta patience.", ["ta"]),
        ("fr", "Tu peux payer, et tes points restent. Écrivez-nous.", ["Écrivez-nous"]),
        ("es", "Puedes pagar y tu pedido sale hoy. Gracias por su paciencia.", ["su paciencia"]),
        ("es", "Usted puede pagar. Escríbanos si te falta algo.", ["te"]),
        ("tr", "Siparişinizi size göndeririz. Sana yazacağız.", ["Sana"]),
        ("tr", "Ödeyebilirsin, sana yazarız. Hesabınıza bakın.", ["Hesabınıza"]),
        ("ru", "Мы вам напишем, и ваш заказ придёт. Спасибо тебе.", ["тебе"]),
    ],
)
def test_the_rarer_register_is_named_where_it_stands(
    locale: str, text: str, rare: list[str]
) -> None:
    assert addressed(text, locale) == rare


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("fr", "Le ton de notre message vous a déplu ? Prenons rendez-vous."),
        ("es", "Puedes pagar. El vecino cuida su tienda, y sus hijos también."),
        ("tr", "Siparişin durumunu size yazdık; denizin yolu açık, insanlar bekliyor."),
        ("ru", "Мы на сайте и в интернете, ваш заказ в пути, лишь мышь не бежит."),
        ("ru", "Вы ждёте. Ваш заказ придёт, и мы напишем вам."),
    ],
)
def test_words_that_only_look_like_the_other_register_pass(locale: str, text: str) -> None:
    assert addressed(text, locale) == []


def test_what_a_customer_said_in_quotation_marks_is_not_ours() -> None:
    assert addressed("« Tu exagères », nous a-t-on écrit. Nous vous répondons.", "fr") == []


def test_a_russian_you_is_written_large_throughout_or_small_throughout() -> None:
    assert addressed("Мы пишем Вам, о Вас думаем и ждём вас.", "ru") == ["вас"]
    assert addressed("Мы пишем Вам, о Вас думаем. Вы с нами.", "ru") == []


@pytest.mark.parametrize(
    ("locale", "text", "found"),
    [
        ("fr", "Que faire ? Rien.", [("fr-spacing", "?")]),
        ("fr", "Que faire\u202f? « Rien ».", [("fr-spacing", "«"), ("fr-spacing", "»")]),
        ("fr", "À 19:40\u00a0: https://a.example/?b=c;d", []),
        ("es", "Por qué? ¿Cuándo? ¡Ya!", [("es-opening-marks", "?")]),
        ("es", "¡¿Cómo?! (?)", []),
        ("tr", "20% indirim, %20 indirim", [("tr-percent", "%")]),
        ("ru", 'Магазин "Сокол", экран 15"', [("ru-quotes", '"')]),
        ("ru", "Магазин «Сокол „Б“»", []),
        ("en", "Write to help@shop.example and we will answer.", []),
        ("en", "Write to help@kestrel.example or call +33 9 00 00 00 21 today.", []),
        ("en", "Wait...  We are sorry .", [("three-dots", "..."), ("double-space", "  ")]),
    ],
)
def test_each_language_is_set_as_it_is_set(
    locale: str, text: str, found: list[tuple[str, str]]
) -> None:
    assert [mark for mark in marks(text, locale) if mark[0] != "space-before-stop"] == found


def test_a_space_before_a_full_stop_is_found() -> None:
    assert ("space-before-stop", " ") in marks("We are sorry .", "en")


def test_a_sentence_left_in_another_language_is_found_in_the_file_that_it_is_foreign_to() -> None:
    english = "We are sorry. We will write again when we know more."
    french = "Nous sommes désolés. We will write again when we know more."
    texts = {"en": english, "fr": french}

    found = language.untranslated(french, "fr", texts, lists())

    assert [french[r.start : r.end] for r in found] == ["We will write again when we know more."]
    assert language.untranslated(english, "en", texts, lists()) == []


def test_short_sentences_and_names_may_be_the_same_in_two_languages() -> None:
    text = "Kestrel Outdoor Ltd. https://status.kestrel.example/a/b/c/d/e"

    assert language.untranslated(text, "fr", {"en": text, "fr": text}, lists()) == []
