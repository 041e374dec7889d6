"""Texts that nobody writes by mistake: read all the same, and in bounded time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisctl.messages.agreement.compare import differences
from crisisctl.messages.agreement.earlier import against_earlier
from crisisctl.messages.agreement.said import Said
from crisisctl.messages.agreement.stated import stated
from crisisctl.messages.formats import LOCALES
from crisisctl.workspace import Workspace

HERE = Workspace()
HUGE = 100_000
NEAR_MISSES = [
    *(
        ("en", piece)
        for piece in ("1 ", "1.", "11:", "(", "1,111,", "€1 ", "a@b.", "www.a.", "+1 1")
    ),
    *(
        ("en", piece)
        for piece in ("next update ", "next update by 21:00 ", "2 hours ", ". A", "\n- 1")
    ),
    *(("en", piece) for piece in ("21:00 (20:00 utc) ", "payment is down, ", "\u00ad", "1\u0301")),
    *(("fr", piece) for piece in ("15 h ", "12 h 30 de ", "27 nov. à ", "d'", "à cause de ")),
    *(("es", piece) for piece in ("a las 15 ", "1.200 ", "carrito no funciona ")),
    *(("tr", piece) for piece in ("saat 15.", "15'te ", "%20 ", "çalışmıyor sepet ", "iİıI")),
    *(("ru", piece) for piece in ("с 15 ", "2 дня ", "до 15 часов ", "не работает оплата ")),
]


@pytest.mark.timeout(30)
@pytest.mark.parametrize(("locale", "piece"), NEAR_MISSES)
def test_a_huge_text_that_nearly_says_something_is_read(locale: str, piece: str) -> None:
    text = (piece * (HUGE // len(piece) + 1))[:HUGE]

    found = stated(Said("email", locale, text), HERE)

    assert found.is_read


@pytest.mark.timeout(30)
def test_huge_texts_full_of_different_times_are_compared() -> None:
    many = " ".join(f"at {n // 60 % 24}:{n % 60:02} on {n % 28 + 1} May" for n in range(5000))
    pack = [Said("email", "en", many), Said("email", "fr", many.replace("May", "mai"))]

    assert isinstance(differences(pack, HERE), list)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(LOCALES),
            st.text(max_size=60) | st.text("0123456789:.,h -/+%€()'\n", max_size=40),
        ),
        max_size=4,
    )
)
def test_any_text_is_read_and_every_place_is_inside_of_it(texts: list[tuple[str, str]]) -> None:
    pack = [Said(f"c{number}", *one) for number, one in enumerate(texts)]

    for found in (differences(pack, HERE), *(against_earlier(one, pack, HERE) for one in pack)):
        for one in found:
            for place in one.places:
                text = pack[int(place.channel[1:])].text
                assert 0 <= place.start <= place.end <= len(text)


def test_no_text_and_no_pack_differ_in_nothing() -> None:
    assert differences([], HERE) == []
    assert differences([Said("x", "en", "")], HERE) == []
    assert against_earlier(Said("x", "en", ""), [], HERE) == []


@pytest.mark.parametrize(
    "text", ["99:99", "24:01", "32 May", "0 May", "30 February 2026", "10" * 40, "€", "%", "+33"]
)
def test_what_cannot_be_a_time_or_a_number_is_no_error(text: str) -> None:
    assert differences([Said("x", "en", text), Said("email", "en", f"{text} {text}")], HERE) == []


def test_names_of_channels_cannot_move_the_cursor() -> None:
    pack = [Said("x\x1b[2J", "en", "Next update 20:30"), Said("y", "en", "Next update 20:40")]

    assert "\x1b" not in differences(pack, HERE)[0].text
