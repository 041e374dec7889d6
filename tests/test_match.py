"""Phrases are found whatever their case, quotes, spaces and accents, each at its own place."""

from __future__ import annotations

import unicodedata

import pytest

from crisisctl.messages.proof.folding import fold, folded
from crisisctl.messages.proof.match import find, first_words, needed, pattern
from crisisctl.messages.proof.quotations import addresses, inside, quotations
from crisisctl.messages.proof.vocabulary import words_in


def found(phrase: str, text: str, locale: str = "en", *, quoted: bool = False) -> list[str]:
    return [text[m.start : m.end] for m in find([phrase], text, locale, quoted=quoted)]


# Folding


@pytest.mark.parametrize(
    "text", ["İMKÂNSIZ Iı", "ЁЖ ёж", "L’«été» – „ja“\u00a0\u202fẞ", "ΣΑΣ ŐŰ", "𝐀\U0001f600", ""]
)
@pytest.mark.parametrize("locale", ["en", "fr", "es", "tr", "ru"])
def test_folding_keeps_the_length(text: str, locale: str) -> None:
    assert len(fold(text, locale)) == len(text)


def test_every_character_folds_to_one() -> None:
    every = "".join(map(chr, range(0x30000)))

    assert len(fold(every, "tr")) == len(fold(every, "ru")) == len(every)


@pytest.mark.parametrize("text", ["imkânsız", "imkansız", "İMKÂNSIZ", "IMKANSIZ", "İmkansiz"])
def test_turkish_letters_i_and_the_circumflex_do_not_matter(text: str) -> None:
    assert fold(text, "tr") == fold("imkânsız", "tr")


def test_other_languages_keep_their_letters() -> None:
    assert fold("Iı", "en") == "iı"
    assert fold("Â", "fr") == "â"


def test_yo_is_ye() -> None:
    assert fold("УСТРАНЁН ёж", "ru") == "устранен еж"


def test_quotes_spaces_and_dashes_are_made_plain() -> None:
    assert fold("d’ici\u00a0là\u202f–\u2011", "fr") == "d'ici là --"


# Letters in pieces


@pytest.mark.parametrize(
    ("phrase", "text", "locale"),
    [
        ("délais", "Les délais sont", "fr"),
        ("imkânsız", "Bu İMKÂNSIZ artık", "tr"),
        ("устранён", "Сбой устранён полностью", "ru"),
        ("mañana", "Hasta MAÑANA mismo", "es"),
        ("й", "а й б", "ru"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_in_pieces_are_found_at_their_own_place(
    phrase: str, text: str, locale: str, form: str
) -> None:
    written = unicodedata.normalize(form, text)
    (match,) = find([phrase], written, locale)

    shown = unicodedata.normalize("NFC", written[match.start : match.end])
    assert fold(shown, locale) == fold(phrase, locale)
    assert written[match.end :][:1] == " "


def test_a_stress_mark_or_a_soft_hyphen_hides_nothing() -> None:
    assert found("гарантируем", "мы гаранти\u0301руем это", "ru") == ["гаранти\u0301руем"]
    assert found("shortly", "We write short\u00adly.") == ["short\u00adly"]
    assert found("shortly", "We \u200bshort\u200b\u200bly.") == ["short\u200b\u200bly"]


def test_a_text_of_hidden_characters_alone_is_no_trouble() -> None:
    assert folded("\u200b\u0301\u200b", "fr").place(0) >= 0
    assert not found("a", "\u200b" * 1000 + "\u0301" * 1000)


# Phrases


@pytest.mark.parametrize(
    ("phrase", "text", "hit"),
    [
        ("just a", "It is Just a test.", "Just a"),
        ("as soon as possible", "As soon\n  as\u00a0possible!", "As soon\n  as\u00a0possible"),
        ("overreact*", "Do not overreacting now", "overreacting"),
        ("take * seriously", "we take it seriously", "take it seriously"),
        (
            "take * seriously",
            "we take your privacy very seriously",
            "take your privacy very seriously",
        ),
        ("100 % sure", "We are 100% sure.", "100% sure"),
        ("100% sure", "We are 100\u202f% sure.", "100\u202f% sure"),
        ("%100 sure", "It is % 100 sure.", "% 100 sure"),
        ("(minor|small) issue", "a SMALL issue", "SMALL issue"),
        ("a (very)? small", "a very small", "a very small"),
        ("a (very)? small", "a small", "a small"),
        ("back (again|online)?", "We are back.", "back"),
        ("back (again|online)?", "We are back online.", "back online"),
        ("(the)? fault", "the fault", "the fault"),
        ("(in|at) (any of our|any)? shops", "in any of our shops", "in any of our shops"),
        ("(in|at) (any of our|any)? shops", "at shops", "at shops"),
        ("(blam*|accus*) us", "they accused us", "accused us"),
        ("API", "the API's answer", "API"),
        ("now", "write *now* or _now_", "now"),
        ("503", "A 503. Then 503 again", "503"),
    ],
)
def test_a_phrase_is_found(phrase: str, text: str, hit: str) -> None:
    assert found(phrase, text)[0] == hit


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("just a", "just as good"),
        ("API", "yapılan rapid APIs"),
        ("as soon as possible", "as soon \0 as possible"),
        ("take * seriously", "take this one two three seriously"),
        ("take * seriously", "take it. Seriously"),
        ("503", "1,503 EUR, 1 503 orders, +503, 503.20, 503 000, 503 €, 5031"),
        ("100 %", "1100 %"),
        ("(a|b)?", "a b"),
        ("()", "a b"),
        ("", "a b"),
    ],
)
def test_a_near_miss_is_not_found(phrase: str, text: str) -> None:
    assert not found(phrase, text)


def test_the_longest_phrase_wins() -> None:
    assert found("x", "x") == ["x"]
    phrases = ["no data", "no data was", "no"]

    assert [(m.start, m.end) for m in find(phrases, "no data was", "en")] == [(0, 11)]


def test_no_phrases_find_nothing() -> None:
    assert not list(find([], "anything", "en"))
    assert not pattern((), "en").search("anything")


def test_a_phrase_tells_which_words_it_can_begin_with() -> None:
    assert first_words("(a very|b*)? (c|d) e", "en") == {
        ("a", False),
        ("b", True),
        ("c", False),
        ("d", False),
    }
    assert first_words("%100 güven*", "tr") == {("%", False)}


def test_a_phrase_tells_which_words_it_needs() -> None:
    assert needed("a (b|c d)? (e|f) g*", "en") == (frozenset("a"), frozenset("ef"))


def test_words_are_listed_with_their_places() -> None:
    assert words_in("a_b a %") == {"a": [0, 4], "b": [2], "%": [6]}


# Quotations and addresses


@pytest.mark.parametrize(
    "text",
    [
        "She wrote: «now» today",
        "She wrote: “now” today",
        "She wrote: „now“ today",
        "She wrote: „now” today",
        'She wrote: "now" today',
        "She wrote: ‘it’s now’ today",
        "She wrote: “it\nis now” today",
        "Before\n> now\nafter",
        "«\u00a0now\u202f»",
    ],
)
def test_a_quotation_is_skipped_unless_asked_for(text: str) -> None:
    assert not found("now", text)
    assert found("now", text, quoted=True) == ["now"]


@pytest.mark.parametrize(
    "text",
    [
        "An opened « mark\n\nand now, later »",
        'A 15" screen now costs as a 17" one',
        'A mark " alone now\nand "',
        "The customers’ word, now it’s ours’",
        "«one» now «two»",
        "1 > 2 now",
    ],
)
def test_what_stands_between_stray_marks_is_no_quotation(text: str) -> None:
    assert found("now", text) == ["now"]


def test_quotations_are_in_order_and_apart() -> None:
    text = '> a "b" c\n"d" «e „f“ g»'

    assert [text[a:b] for a, b in quotations(text)] == ['> a "b" c', '"d"', "«e „f“ g»"]


@pytest.mark.parametrize(
    "address",
    [
        "https://status.kestrel.example/api?dns=1",
        "www.api.example",
        "api.kestrel.example/dns",
        "api@kestrel.example",
    ],
)
def test_an_address_is_seen_whole(address: str) -> None:
    text = f"See {address} now"

    assert [text[a:b] for a, b in addresses(text)] == [address]


def test_a_forgotten_space_makes_no_address() -> None:
    assert not addresses("We write shortly.We are sorry")


def test_inside_knows_the_edges_of_spans() -> None:
    spans = [(2, 4), (6, 7)]

    assert [inside(place, spans) for place in range(8)] == [
        *(False, False, True, True),
        *(False, False, True, False),
    ]


# Hostile texts: that these end at all is the test, whatever is quadratic here takes minutes.

HOSTILE = {
    "near-misses": "as soon as " * 10_000,
    "spaces": "as" + " " * 100_000 + "soon",
    "one word": "take " + "a" * 100_000,
    "underscores": "a_" * 50_000,
    "stars": "take a a a " * 10_000,
    "openers": "«" * 100_000,
    "straight marks": ' "a' * 40_000,
    "single marks": "‘a " * 40_000,
    "mail": "a.b+" * 25_000,
    "dots": "a." * 50_000,
    "links": "http://" * 15_000,
    "marks": "e" + "\u0301\u0323" * 50_000,
    "lines": "\n >" * 40_000,
    "joiners": "\u200b" * 100_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_comes_to_an_end(text: str) -> None:
    phrases = ["as soon as possible", "take * seriously", "take * * seriously", "aaa* b"]

    assert not list(find([*phrases, "*ing"], text, "en"))
    addresses(text)
