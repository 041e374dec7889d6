"""A text spelt for a cheaper SMS: offered, told letter by letter, never by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisctl.messages.channels import Channel
from crisisctl.messages.limits import Parts, measured
from crisisctl.messages.measure import sms
from crisisctl.messages.measure.transliteration import LOCALES, respelt
from crisisctl.messages.pack import Text
from crisisctl.messages.price import Price, price


@pytest.mark.parametrize(
    ("locale", "text", "spelt"),
    [
        ("fr", "L’été, ça « coûte » 1\u202f234 € à Noël… œuvre ŒUVRE",
         "L'été, ca \" coute \" 1 234 € à Noel... oeuvre OEUVRE"),
        ("fr", "Où ? À l’Élysée", "Où ? A l'Élysée"),
        ("es", "¿Está aquí? Mañana sí – Ú", "¿Esta aqui? Mañana si - U"),
        ("tr", "Özür dileriz, Şişli'de ağır çalışıyor: İŞ 5 ₺",
         "Özür dileriz, Sisli'de agir calisiyor: IS 5 TL"),
        ("en", "We’re sorry — “really”", "We're sorry - \"really\""),
        ("fr", "e\u0302tre", "etre"),
    ],
)  # fmt: skip
def test_a_text_is_spelt_with_the_letters_of_gsm_7(locale: str, text: str, spelt: str) -> None:
    found = respelt(text, locale)

    assert found is not None
    assert found.text == spelt
    assert sms.counted(found.text).encoding == "GSM-7"


def test_every_change_is_told_once_in_the_order_of_the_text() -> None:
    found = respelt("ağır ışık…", "tr")

    assert found is not None
    assert found.changes == (("ğ", "g"), ("ı", "i"), ("ş", "s"), ("…", "..."))


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("ru", "Наш сайт не работает"),
        ("ru", "Kestrel – OK"),
        ("en", "Our shop is down"),
        ("fr", "Désolé"),
        ("fr", "Désolé 👍 ça"),
        ("tr", "ağır Наш"),
        ("de", "groß – klein"),
    ],
)
def test_nothing_is_offered_where_nothing_is_needed_or_no_spelling_is_honest(
    locale: str, text: str
) -> None:
    assert respelt(text, locale) is None


@given(st.text(), st.sampled_from(LOCALES))
def test_what_is_offered_always_fits_the_alphabet(text: str, locale: str) -> None:
    found = respelt(text, locale)

    assert found is None or sms.counted(found.text).encoding == "GSM-7"


def a_text(words: str, locale: str, unit: str = "segments", mark: str = "") -> Text:
    channel = Channel(title="SMS", form="short", limit=6, unit=unit)
    measures = measured(channel, Parts(words))
    return Text("news", "sms", locale, "", mark + words, "", "text", measures, mark=mark)


def the_price(words: str, locale: str, unit: str = "segments") -> Price:
    found = price(a_text(words, locale, unit))
    assert found is not None
    return found


def test_the_price_names_what_forces_ucs_2_and_what_that_costs() -> None:
    found = the_price("ş" + "a" * 240, "tr")

    assert found.culprits == "ş forces UCS-2: 4 parts instead of 2"
    assert found.offer is not None
    assert found.offer.text == "s" + "a" * 240
    assert found.respelt == 2


def test_russian_is_said_to_have_no_other_spelling() -> None:
    found = the_price("Просим прощения за сбой" * 4, "ru")

    assert found.culprits == (
        "The letters of this alphabet have no other spelling: a part holds 67"
    )
    assert found.offer is None


def test_of_many_signs_only_some_are_named() -> None:
    assert the_price("…«»–—’“”‹›\u200b", "fr").culprits == (
        "…, «, », –, —, ’, “, ” and 3 more force UCS-2"
    )


def test_a_spelling_that_saves_no_part_is_not_offered() -> None:
    assert the_price("ağır", "tr").offer is None


def test_a_gateway_with_turkish_tables_needs_no_other_spelling() -> None:
    found = the_price("ş" + "a" * 240, "tr", sms.TURKISH)

    assert (found.culprits, found.offer, found.counted.segments) == ("", None, 2)


def test_the_mark_of_a_drill_costs_nothing() -> None:
    real, drill = a_text("Sorry", "tr"), a_text("Sorry", "tr", mark="[TATBİKAT] ")

    assert price(drill) == price(real)


def test_what_goes_out_otherwise_has_no_price() -> None:
    assert price(a_text("ağır", "tr", "characters")) is None
