"""How long a text is, as each channel counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisctl.errors import CrisisError
from crisisctl.messages.measure import UNITS, measure, plain_spaces, sms

FAMILY = "👨\u200d👩\u200d👧\u200d👦"


@pytest.mark.parametrize(
    ("unit", "text", "count"),
    [
        ("characters", "é€😀", 3),
        ("bytes", "é€😀", 9),
        ("utf16", "é€😀", 4),
        ("graphemes", "e\u0301", 1),
        ("graphemes", FAMILY + "🇫🇷🇹🇷" + "1\ufe0f\u20e3" + "👍🏽", 5),
        ("graphemes", "🏴\U000e0067\U000e0062\U000e007f", 1),
        ("graphemes", "a\r\nb\n", 4),
        ("graphemes", "🇫🇷🇹", 2),
        ("graphemes", "a\u200db", 2),
        ("graphemes", "각\u1100\u1161\u11a8", 2),
        ("graphemes", "Günaydın", 8),
    ],
)
def test_letters_are_counted_in_the_unit_asked_for(unit: str, text: str, count: int) -> None:
    assert measure(text, unit) == count


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("Наш сайт", 8),
        ("ığüşöç", 6),
        ("e\u0301", 1),
        ("“—”", 3),
        ("…", 2),
        ("€", 2),
        ("№", 2),
        ("\u202f", 2),
        ("\u00a0", 1),
        ("漢字", 4),
        (FAMILY, 2),
        ("🇫🇷🇹🇷", 4),
        ("1\ufe0f\u20e3", 2),
        ("\u2764\ufe0f", 2),
        ("https://status.kestrel.example/a/very/long/path?with=query", 23),
        ("http://a.co", 23),
        ("See https://t.co/a, then https://t.co/b.", 4 + 23 + 7 + 23 + 1),
        ("(https://t.co/a)", 25),
        ("status.kestrel.com/x", 23),
        ("help@kestrel.com", 16),
        ("@kestrel.com", 12),
        ("at 12.50, v1.2", 14),
    ],
)
def test_x_weighs_letters_emoji_and_links(text: str, weight: int) -> None:
    assert measure(text, "x") == weight


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 0),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),
        ("a" * 151 + "€" + "a" * 153, "GSM-7", 306, 2),
        ("à é è ù ì ò Ç Ñ ñ ü ¿¡ £ ¥ § Ω \n[~]", "GSM-7", 38, 1),
        ("я" * 70, "UCS-2", 70, 1),
        ("я" * 71, "UCS-2", 71, 2),
        ("я" * 134, "UCS-2", 134, 2),
        ("я" * 135, "UCS-2", 135, 3),
        ("я" * 66 + "😀" + "я" * 66, "UCS-2", 134, 3),
        ("я" * 65 + "😀" + "я" * 67, "UCS-2", 134, 2),
    ],
    ids=lambda value: str(value)[:12],
)
def test_sms_parts_are_filled_without_cutting_a_letter(
    text: str, encoding: str, units: int, segments: int
) -> None:
    found = sms(text)

    assert (found.encoding, found.units, found.segments) == (encoding, units, segments)
    assert measure(text, "segments") == segments
    assert measure(text, "septets") == units


def test_sms_names_the_letters_that_force_the_small_alphabet_out() -> None:
    assert sms("C'est prêt, l’été ça va prêt").culprits == ("ê", "’", "ç")
    assert sms("C'est OK à 9 h").culprits == ()


@pytest.mark.parametrize("letter", [*"çÀêïœ«»’…áíóúğıİş₺–\u00a0\u202f"])
def test_common_letters_outside_gsm_are_culprits(letter: str) -> None:
    assert sms(letter).culprits == (letter,)


def test_plain_spaces_bring_a_french_sum_back_into_the_small_alphabet() -> None:
    text = plain_spaces("1\u202f234,50\u00a0€\nà 9\u2009h")

    assert text == "1 234,50 €\nà 9 h"
    assert sms(text).encoding == "GSM-7"


@given(st.text())
def test_every_unit_counts_any_text_and_longer_text_is_never_shorter(text: str) -> None:
    for unit in UNITS:
        assert 0 <= measure(text, unit) <= measure(text + " end.", unit)
    assert measure(text, "graphemes") <= measure(text, "characters") <= measure(text, "utf16")


def test_an_unknown_unit_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CrisisError, match='"charcters" is not a unit') as refused:
        measure("text", "charcters")
    assert refused.value.hint == "did you mean characters?"

    with pytest.raises(CrisisError) as refused:
        measure("text", "?")
    assert "septets or segments" in refused.value.hint
