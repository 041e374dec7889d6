"""How long a text is, as each channel counts."""

from __future__ import annotations

import subprocess
import sys
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crisisctl.errors import CrisisError
from crisisctl.messages.measure import UNITS, fits, in_words, measure, sms, x
from crisisctl.messages.measure.sms import plain_spaces

FAMILY = "👨\u200d👩\u200d👧\u200d👦"


@pytest.mark.parametrize(
    ("unit", "text", "count"),
    [
        ("hashtags", "We are back. #outage #Kestrel #été2026 #1 is no tag, nor is a#b or &#39;", 3),
        ("mentions", "Thanks @ana and @kestrel_shop; write to help@kestrel.example", 2),
        ("characters", "é€😀", 3),
        ("bytes", "é€😀", 9),
        ("utf16", "é€😀", 4),
        ("graphemes", "e\u0301", 1),
        ("graphemes", FAMILY + "🇫🇷🇹🇷" + "1\ufe0f\u20e3" + "👍🏽", 5),
        ("graphemes", "🏴\U000e0067\U000e0062\U000e007f", 1),
        ("graphemes", "a\r\nb\n", 4),
        ("graphemes", "🇫🇷🇹", 2),
        ("graphemes", "a\u200db", 2),
        ("graphemes", "a\u200d👍", 2),
        ("graphemes", "👩\u0301\u200d👧", 2),
        ("graphemes", "각\u1100\u1161\u11a8", 2),
        ("graphemes", "Günaydın", 8),
        ("line", "", 0),
        ("line", "été\nab\r\nя" + "я", 5),
    ],
)
def test_letters_are_counted_in_the_unit_asked_for(unit: str, text: str, count: int) -> None:
    assert measure(text, unit) == count


# X


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("Наш сайт", 8),
        ("ığüşöç", 6),
        ("e\u0301", 1),
        ("“—”", 3),
        ("…", 2),
        ("€", 2),
        ("₺", 2),
        ("₽", 2),
        ("№", 2),
        ("\u202f", 2),
        ("\u00a0", 1),
        ("\u10ff\u1100", 3),
        ("\u2000\u200d\u200e", 4),
        ("\u200f\u2010\u201f\u2020", 6),
        ("\u2031\u2032\u2037\u2038", 6),
        ("漢字", 4),
        ("a\r\nb", 3),
        (FAMILY, 2),
        ("🇫🇷🇹🇷", 4),
        ("1\ufe0f\u20e3", 2),
        ("\u2764\ufe0f", 2),
        ("👍🏽👍", 4),
        ("©", 2),
        ("https://status.kestrel.example/a/very/long/path?with=query", 23),
        ("https://status.kestrel.shop/a/very/long/path?with=query", 23),
        ("https://xn--80ak6aa92e.com/путь", 23),
        ("http://a.co", 23),
        ("http://nothing.nowhere", 22),
        ("See https://t.co/a, then https://t.co/b.", 4 + 23 + 7 + 23 + 1),
        ("(https://t.co/a)", 25),
        ("status.kestrel.com/x", 23),
        ("Kestrel.com'a bakın", 23 + len("'a bakın")),
        ("help@kestrel.com", 16),
        ("@kestrel.com", 12),
        ("#kestrel.com", 12),
        ("at 12.50, v1.2", 14),
        ("Sorry.We repair it", 18),
    ],
)
def test_x_weighs_letters_emoji_and_links(text: str, weight: int) -> None:
    assert measure(text, "x") == weight


def the_library(text: str) -> int:
    return x._parser()(text)


PIECES = st.sampled_from(
    [
        *("http://", "https://", "a", "B.co", "kestrel", ".com", ".org", ".website", ".zz1", "."),
        *("/path", "/", "?q=1", "#", "@", "$", "-", "_", ",", "!", "(", ")", "«", "»", ":80", "&"),
        *(" ", "\n", "\r\n", "\u00a0", "\u202f", "\u3000", "é", "я", "рф", "xn--p1ai", "\u0301"),
        *("…", "€", "№", "©", "👍", "🏽", "\u200d", "🇫", "🇷", "1\ufe0f\u20e3", "t.co/x", "‼"),
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)
PLACES = st.from_regex(
    r"[(\"«]?https?://([a-z0-9-]{1,4}\.){1,4}(com|org|net|zz1|co)(/[a-z0-9/_-]{0,9})?[.,;:!?)\"»…]*",
    fullmatch=True,
)


@settings(max_examples=400)
@given(TEXTS | st.text() | PLACES)
@example("ét.co")
@example(" ét.co")
@example("https://a.com.zz1")
def test_what_x_counts_is_what_its_own_rules_count(text: str) -> None:
    assert x.weight(text) == the_library(text)
    assert x.at_most(text) >= the_library(text)


@pytest.mark.parametrize(
    "text",
    [
        "Our shop is down. We are sorry… Next news at 20.30 €",
        "Nous réparons. Suite : https://status.kestrel.example/2026-11.",
        "https://status.kestrel.com",
        "Yazın: help",
    ],
)
def test_ordinary_texts_are_weighed_without_the_library(text: str) -> None:
    code = (
        "import sys; from crisisctl.messages.measure import measure;"
        "print(measure(sys.argv[1], 'x'), 'twitter_text' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, text], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == [str(the_library(text.replace(".example", ".website"))), "False"]


def test_the_library_is_loaded_without_pkg_resources_and_leaves_none_behind() -> None:
    code = (
        "import sys; sys.modules.pop('pkg_resources', None);"
        "from crisisctl.messages.measure import measure;"
        "print(measure('👍 kestrel.shop', 'x'), 'twitter_text' in sys.modules,"
        " 'pkg_resources' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["26", "True", "False"]


# Other networks


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("https://status.kestrel.example/a/very/long/path?with=query", 23),
        ("http://a.co", 23),
        ("(https://a.co/x).", 26),
        ("kestrel.com/x", 13),
        ("https://nowhere", 15),
        ("@kestrel@mastodon.example", 8),
        ("Ask @kestrel@mastodon.example, or @jo.", len("Ask @kestrel, or @jo.")),
        ("help@kestrel.example", 20),
        (FAMILY + "€я", 3),
    ],
)
def test_mastodon_counts_links_as_23_and_mentions_without_their_server(
    text: str, count: int
) -> None:
    assert measure(text, "mastodon") == count


@pytest.mark.parametrize(
    ("text", "count"),
    [("Désolé, мы чиним", 16), ("👍", 4), ("👍🏽", 8), ("🇹🇷!", 9), (FAMILY, 25), ("漢字", 2)],
)
def test_threads_counts_an_emoji_as_its_bytes(text: str, count: int) -> None:
    assert measure(text, "threads") == count


# SMS


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 0),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("^{}\\[~]|€\f", "GSM-7", 20, 1),
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
    found = sms.counted(text)

    assert (found.encoding, found.units, found.segments) == (encoding, units, segments)
    assert measure(text, "segments") == segments
    assert measure(text, "septets") == units


def test_sms_names_the_letters_that_force_ucs_2_and_what_they_cost() -> None:
    found = sms.counted("C'est prêt, l’été ça va prêt " + "a" * 120)

    assert found.culprits == ("ê", "’", "ç")
    assert (found.segments, found.without_culprits) == (3, 1)
    assert sms.counted("C'est OK à 9 h").culprits == ()


@pytest.mark.parametrize("letter", [*"çÀÈâêîôûëïÿœ«»’…áíóúğıİşŞ₺–яё\u00a0\u202f"])
def test_common_letters_outside_gsm_are_culprits(letter: str) -> None:
    assert sms.counted(letter).culprits == (letter,)


@pytest.mark.parametrize("letter", [*"àéèùÇÉéñü¿¡öüÇ"])
def test_letters_of_three_languages_that_gsm_knows_cost_one_septet(letter: str) -> None:
    assert (sms.counted(letter).encoding, sms.counted(letter).units) == ("GSM-7", 1)


SINGLE, LOCKING = "GSM-7, Turkish single shift", "GSM-7, Turkish locking and single shift"


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("a" * 160, "GSM-7", 160, 1),
        ("ş" + "a" * 153, SINGLE, 155, 1),
        ("ş" + "a" * 154, SINGLE, 156, 2),
        ("ş" + "a" * 296, SINGLE, 298, 2),
        ("ş" + "a" * 297, SINGLE, 299, 3),
        ("ışğç" * 38, LOCKING, 152, 1),
        ("ışğç" * 38 + "İ", LOCKING, 153, 2),
        ("ŞĞİı" * 73, LOCKING, 292, 2),
        ("ŞĞİı" * 73 + "€", LOCKING, 293, 3),
        ("ş{}" + "ığ" * 72, LOCKING, 149, 1),
        ("ş" * 70 + "è", SINGLE, 141, 1),
        ("ş" * 80 + "è", SINGLE, 161, 2),
        ("ş’", "UCS-2", 2, 1),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_gateway_with_turkish_tables_takes_the_cheapest_alphabet(
    text: str, encoding: str, units: int, segments: int
) -> None:
    found = sms.counted(text, turkish=True)

    assert (found.encoding, found.units, found.segments) == (encoding, units, segments)
    assert measure(text, "segments-turkish") == segments
    assert segments <= measure(text, "segments")


def test_with_turkish_tables_only_what_they_lack_forces_ucs_2() -> None:
    assert sms.counted("ş’ğ…", turkish=True).culprits == ("’", "…")


def test_plain_spaces_bring_a_french_sum_back_into_the_small_alphabet() -> None:
    text = plain_spaces("1\u202f234,50\u00a0€\nà 9\u2009h")

    assert text == "1 234,50 €\nà 9 h"
    assert sms.counted(text).encoding == "GSM-7"


# All of them


@given(st.text())
def test_every_unit_counts_any_text_and_longer_text_is_never_shorter(text: str) -> None:
    for unit in UNITS:
        assert 0 <= measure(text, unit) <= measure(text + " end.", unit)
    assert measure(text, "graphemes") <= measure(text, "characters") <= measure(text, "utf16")
    assert measure(text, "characters") <= measure(text, "threads") <= measure(text, "bytes")


@given(TEXTS, st.sampled_from(UNITS), st.integers(0, 60))
def test_a_text_fits_exactly_when_it_is_no_longer_than_the_limit(
    text: str, unit: str, limit: int
) -> None:
    assert fits(text, unit, limit) == (measure(text, unit) <= limit)


@pytest.mark.timeout(20)  # minutes, if it were quadratic
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(
    "piece",
    [
        *("a.", "я.", "a.b.c.d ", "http://", "https://a.b", "@a@a.", "@a@a-", "👍", "👩\u200d"),
        *(
            "#1",
            "#1a",
            "\u0301",
            "🇫",
            "1\ufe0f",
            "🏴\U000e0061",
            "\ud800",
            "\n",
            "é-",
            "a_",
            "https://a.",
            "€",
        ),
    ],
    ids=ascii,
)
def test_100_kb_made_to_be_slow_are_counted_in_a_moment(unit: str, piece: str) -> None:
    least = 0 if unit in ("hashtags", "mentions") else 1
    assert measure(piece * (100_000 // len(piece)) + "a", unit) >= least


def test_an_unknown_unit_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CrisisError, match='"charcters" is not a unit') as refused:
        measure("text", "charcters")
    assert refused.value.hint == "did you mean characters?"

    with pytest.raises(CrisisError) as refused:
        measure("text", "?")
    assert "segments or segments-turkish" in refused.value.hint


def test_what_is_counted_is_said_in_words() -> None:
    assert (in_words("x"), in_words("characters")) == ("characters as X counts", "characters")


def test_an_encoded_e_mail_has_no_long_line_whatever_its_text() -> None:
    mail = EmailMessage()
    mail["Subject"] = "Ж" * 490
    mail.set_content("я" * 5000)

    assert measure("я" * 5000, "line") > 998
    assert measure(mail.as_bytes().decode(), "line") <= 998
