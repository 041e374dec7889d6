"""Lists of people: whatever a CSV file holds, each row is a person or is told with its reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisctl.errors import CrisisError
from crisisctl.messages.bulk.addresses import is_address
from crisisctl.messages.bulk.recipients import Recipient, Recipients
from crisisctl.messages.bulk.rows import LONGEST, Rejected
from crisisctl.messages.bulk.seen import Seen

LOCALES = ("en", "fr", "es", "tr", "ru")
Write = Callable[..., Recipients]


@pytest.fixture
def people(tmp_path: Path) -> Write:
    """A list written to a file, and opened."""

    def people(content: str | bytes, default: str = "en") -> Recipients:
        path = tmp_path / "people.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Recipients(path, locales=LOCALES, default=default)

    return people


def those(found: Recipients) -> list[Recipient]:
    return [each for each in found if isinstance(each, Recipient)]


def refused(found: Recipients) -> list[tuple[int, str]]:
    return [(each.line, each.reason) for each in found if isinstance(each, Rejected)]


# What a list says


def test_a_person_has_an_address_a_locale_a_name_and_all_that_the_columns_say(
    people: Write,
) -> None:
    found = people("E-Mail,Language,Name,Order number\nana@a.example,fr,Ana,0012\n")

    assert those(found) == [
        Recipient(
            "ana@a.example",
            "fr",
            "Ana",
            {
                "customer_email": "ana@a.example",
                "customer_name": "Ana",
                "customer_order_number": "0012",
            },
            2,
            quiet=True,
        )
    ]
    assert found.columns.personal == {"customer_email", "customer_name", "customer_order_number"}


@pytest.mark.parametrize(
    "header",
    [
        "email,locale,name",
        "E-mail,Lang,Full name",
        "courriel,langue,nom",
        "Adresse e-mail,Langue,Nom complet",
        "correo,idioma,nombre",
        "Correo electrónico,Idioma,Nombre completo",
        "e-posta,dil,ad",
        "E-Posta Adresi,Dil,Ad Soyad",
        "почта,язык,имя",
        "Электронная почта,Язык,ФИО",
        "customer_email,customer_locale,customer_name",
        '"email","locale","name"',
        "\ufeffemail,locale,name",
        " email , locale , name ",
    ],
)
def test_columns_are_known_by_their_names_in_five_languages(people: Write, header: str) -> None:
    (one,) = those(people(f"{header}\nana@a.example,tr,Ana\n"))

    assert (one.address, one.locale, one.name) == ("ana@a.example", "tr", "Ana")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_separators_endings_and_encodings_make_no_difference(
    people: Write, separator: str, ending: str, encoding: str
) -> None:
    rows = [["email", "name", "note"], ["a@a.example", "Ö, ş; ж", "x"], ["b@b.example", "B", "y"]]
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=ending).writerows(rows)

    found = those(people(text.getvalue().encode(encoding)))

    assert [(one.address, one.name) for one in found] == [
        ("a@a.example", "Ö, ş; ж"),
        ("b@b.example", "B"),
    ]


def test_a_line_of_excel_before_the_header_is_no_header(people: Write) -> None:
    found = those(people("sep=;\r\nemail;name\r\na@a.example;A, B\r\n"))

    assert [(one.name, one.line) for one in found] == [("A, B", 3)]


def test_columns_get_names_that_a_template_can_write(people: Write) -> None:
    found = people("email,N° de commande,Prénom,İl,город,,Customer Name!,1st\n")

    assert found.columns.personal == {
        *("customer_email", "customer_n_de_commande", "customer_prenom", "customer_il"),
        *("customer_город", "customer_name", "customer_1st"),
    }


def test_an_empty_cell_is_not_known_rather_than_empty(people: Write) -> None:
    (one,) = those(people("email,name,city\na@a.example,  ,\n"))

    assert one.values == {"customer_email": "a@a.example"}


def test_quoted_cells_hold_separators_quotes_and_lines(people: Write) -> None:
    quoted = 'a@a.example,"Jo ""the"" Ng","1, Main Street\r\nParis"'

    first, second = those(people(f"email,name,place\r\n{quoted}\r\nb@b.example,B,C\r\n"))

    assert first.name == 'Jo "the" Ng'
    assert first.values["customer_place"] == "1, Main Street\nParis"
    assert (first.line, second.line) == (2, 4)


def test_quotes_inside_a_cell_of_several_lines_do_not_end_it(people: Write) -> None:
    (one,) = those(people('email,note\na@a.example,"one\n""two""\nthree"\n'))

    assert one.values["customer_note"] == 'one\n"two"\nthree'


@pytest.mark.parametrize(
    ("wish", "locale", "asked"),
    [
        ("tr", "tr", None),
        ("TR", "tr", None),
        ("tr-TR", "tr", None),
        ("tr_TR.UTF-8", "tr", None),
        ("Türkçe", "tr", None),
        ("Français", "fr", None),
        ("русский", "ru", None),
        ("", "es", ""),
        ("de", "es", "de"),
        ("\u202aklingon", "es", None),
    ],
)
def test_who_names_no_language_of_ours_gets_the_default_and_is_counted(
    people: Write, wish: str, locale: str, asked: str | None
) -> None:
    found = people(f"email,locale\na@a.example,{wish}\n", default="es")

    told = [(one.locale, one.asked) for one in those(found)]

    if wish.startswith("\u202a"):
        assert told == []
        return
    assert told == [(locale, asked)]
    assert (found.counts.without_locale, found.counts.unknown_locale) == (
        asked == "",
        bool(asked),
    )


def test_whoever_stands_twice_gets_one_message_and_the_second_row_is_counted(
    people: Write,
) -> None:
    found = people("email,name\na@a.example,A\nb@b.example,B\nA@A.Example,C\na@a.example,D\n")

    assert [one.name for one in those(found)] == ["A", "B"]
    assert (found.counts.people, found.counts.repeated, found.counts.rejected) == (2, 2, 0)


def test_a_list_can_be_read_again(people: Write) -> None:
    found = people("email\na@a.example\n")

    assert those(found) == those(found)


# What is refused, row by row

ROWS = {
    "no address": ("a@,A,x", "it is not the form"),
    "empty address": (",A,x", "there is no address"),
    "two addresses": ('"a@a.example, b@b.example",A,x', "one address only"),
    "a name before it": ("Ana <a@a.example>,A,x", "write the address alone"),
    "an option": ("-f@a.example,A,x", "is a formula"),
    "a header": ('"a@a.example\nBcc: b@b.example",A,x', "a line break in column 1"),
    "a command": ("a@a.example RCPT TO:b,A,x", "one address only"),
    "look-alike letters": ("а@a.example,A,x", "letters beyond a to z"),
    "longer than an address": (f"{'a' * 250}@a.example,A,x", "longer than 254"),
    "a formula": ("a@a.example,=HYPERLINK(1),x", "is a formula"),
    "another formula": ("a@a.example,A,+cmd|'/c calc'!A1", "is a formula"),
    "a formula of minus": ("a@a.example,A,-2+3", "is a formula"),
    "a formula of at": ("a@a.example,@SUM(1),x", "is a formula"),
    "a wide formula": ("a@a.example,\uff1dSUM(1),x", "is a formula"),
    "a formula behind a space": ('a@a.example," =1+1",x', "is a formula"),
    "escape": ("a@a.example,A\x1b[2J,x", r"the control character \x1b in column 2"),
    "NUL": ("a@a.example,A\0,x", r"the control character \x00 in column 2"),
    "C1": ("a@a.example,A,\x9b31m", r"the control character \x9b in column 3"),
    "next line": ("a@a.example,A\x85B,x", r"the control character \x85 in column 2"),
    "line separator": ("a@a.example,A\u2028B,x", r"the control character \u2028 in column 2"),
    "right to left": ("a@a.example,\u202egnp,x", r"the control character \u202e in column 2"),
    "a tab": ('a@a.example,"A\tB",x', r"the control character \x09 in column 2"),
    "a line break in a name": ('a@a.example,"A\nB",x', "a line break in column 2"),
    "a lost letter": ("a@a.example,Mar\ufffda,x", "letters in column 2 are lost"),
    "too many cells": ("a@a.example,A,x,y", "it has 4 cells, the first line names 3"),
    "too few cells": ("a@a.example,A", "it has 2 cells, the first line names 3"),
    "one cell": ("a@a.example", "it has 1 cell, the first line names 3"),
    "an open quotation mark": ('a@a.example,"A,x', "a quotation mark is not closed"),
    "a quotation mark in the wrong place": ('a@a.example,"A"B,x', "in the wrong place"),
    "ten million letters": (f"a@a.example,{'A' * 10_000_000},x", "longer than 64 KiB"),
    "ten million quoted letters": (f'a@a.example,"{"A" * 10_000_000}",x', "longer than 64 KiB"),
}


@pytest.mark.parametrize(("row", "reason"), ROWS.values(), ids=ROWS)
def test_a_row_that_cannot_be_used_is_told_and_takes_no_other_with_it(
    people: Write, row: str, reason: str
) -> None:
    found = people(f"email,name,city\nb@b.example,B,y\n{row}\nc@c.example,C,z\n")
    everything = list(found)
    told = [each for each in everything if isinstance(each, Rejected)]

    assert [one.address for one in everything if isinstance(one, Recipient)] == [
        "b@b.example",
        "c@c.example",
    ]
    assert [each.line for each in told] == [3]
    assert reason in told[0].reason
    assert len(told[0].reason) < 200
    assert told[0].reason.isprintable()
    assert (found.counts.people, found.counts.rejected) == (2, 1)


@pytest.mark.parametrize(
    "cell", ["+33 1 23 45 67 89", "-5", "-5.00", "+1-555-0100", "(0) 1", "00123", "1e400", "NaN"]
)
def test_phone_numbers_and_amounts_are_texts_and_stay_as_they_are(people: Write, cell: str) -> None:
    (one,) = those(people(f"email,phone\na@a.example,{cell}\n"))

    assert one.values["customer_phone"] == cell


def test_letters_of_another_encoding_lose_only_their_own_rows(people: Write) -> None:
    found = people("email,name\na@a.example,José\nb@b.example,Bo\n".encode("latin-1"))

    assert refused(found) == [(2, "letters in column 2 are lost: it is not text in UTF-8")]
    assert [one.address for one in those(found)] == ["b@b.example"]


def test_empty_rows_are_nobody(people: Write) -> None:
    found = people("email,name\n\n,\n  ,  \na@a.example,A\n\n")

    assert [one.line for one in those(found)] == [5]
    assert refused(found) == []


def test_empty_cells_behind_the_last_column_are_no_mistake(people: Write) -> None:
    assert those(people("email,name\na@a.example,A,, \n"))[0].name == "A"


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_list(people: Write) -> None:
    rows = "".join(f"p{n}@a.example,P\n" for n in range(5_000))
    found = people(f'email,name\nx@x.example,"X\n{rows}y@y.example,"Y\n')

    everything = list(found)

    assert len([one for one in everything if isinstance(one, Recipient)]) == 5_000
    told = [each.line for each in everything if isinstance(each, Rejected)]
    assert told == [2, 5_003]


def test_many_open_quotation_marks_take_no_longer_than_many_rows(people: Write) -> None:
    found = people("email,name\n" + 'x@x.example,"X"" "\n' * 100 + 'x@x.example,""X\n' * 20_000)

    assert len(refused(found)) == 20_099  # the first is a person


def test_the_last_row_needs_no_end(people: Write) -> None:
    found = people('email,name\na@a.example,A\nb@b.example,"B')

    assert [one.name for one in those(found)] == ["A"]
    assert [line for line, _ in refused(found)] == [3]


# What is no list at all

FILES = {
    "empty": (b"", "line 1 names no columns"),
    "only a line end": (b"\n\n", "line 1 names no columns"),
    "no column with addresses": (b"name,city\nA,B\n", "names no column with addresses"),
    "no header": (b"a@a.example,A\nb@b.example,B\n", "names no column with addresses"),
    "two columns with addresses": (b"email,mail\n", "two columns that mean the same"),
    "a column twice": (b"email,city,City \n", "two columns that mean the same"),
    "a column called like the name": (b"email,nom,name\n", "two columns that mean the same"),
    "not closed": (b'email,"name\n', "a quotation mark is not closed"),
    "a workbook": (b"PK\3\4" + b"\0" * 100, "is not a text file"),
    "UTF-32": ("email\n".encode("utf-32"), "is not a text file"),
    "an image": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "line 1 is not text in UTF-8"),
    "NUL": (b"email,na\0me\n", "line 1 is not text in UTF-8"),
    "another encoding": ("email,prénom\n".encode("latin-1"), "line 1 is not text in UTF-8"),
    "too many columns": (b"email," + b",".join(b"c%d" % n for n in range(300)), "301 columns"),
    "too long a header": (b"email," + b"x" * 100_000, "line 1 is longer than"),
}


@pytest.mark.parametrize(("content", "what"), FILES.values(), ids=FILES)
def test_what_is_no_list_of_people_is_refused_as_a_whole(
    people: Write, content: bytes, what: str
) -> None:
    with pytest.raises(CrisisError) as error:
        people(content)

    assert what in error.value.message
    assert error.value.code == 2


@pytest.mark.parametrize("place", ["missing.csv", ".", "/dev/zero", "x" * 300])
def test_what_is_no_file_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(CrisisError):
        Recipients(tmp_path / place, locales=("en",), default="en")


def test_a_default_without_a_text_is_refused(people: Write) -> None:
    with pytest.raises(CrisisError, match='"de" is not a locale of this message'):
        people("email\n", default="de")


def test_nothing_is_kept_of_rows_that_were_read(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "people.csv"
    path.write_text("email,name\n" + "".join(f"p{n}@a.example,P\n" for n in range(20_000)))
    found = Recipients(path, locales=("en",), default="en")
    tracemalloc.start()
    for _ in found:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 3_000_000  # of some 4 MB of people


# Any file, any address

CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["a@a.example", '"', '""', '"a', "=1", "\n", "\r\n", ",", ";", "fr", "é"]
)


@settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6))
def test_any_table_that_a_csv_writer_wrote_is_read_row_for_row(
    tmp_path: Path, rows: list[list[str]]
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["email", "name", "city"], *rows])
    path = tmp_path / "people.csv"
    path.write_bytes(text.getvalue().encode())

    found = list(Recipients(path, locales=LOCALES, default="en"))

    alive = [row for row in rows if any(cell.strip() for cell in row)]
    if not any("\r" in cell for row in rows for cell in row):  # a lone one ends a line
        assert len(found) == len(alive)
    for one in found:
        if isinstance(one, Recipient):
            assert is_address(one.address)
            assert "\n" not in one.name


@settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=st.binary(max_size=300))
def test_any_bytes_are_people_or_refusals_and_never_a_crash(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(b"email,name\n" + content)

    try:
        found = list(Recipients(path, locales=LOCALES, default="en"))
    except CrisisError:
        return

    assert all(isinstance(each, Recipient | Rejected) for each in found)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.co",
        "o'neil+shop@mail.b-c.example",
        "A.B_c@x.xn--p1ai",
        "1@2.de",
        "a@" + "b." * 60 + "co",
    ],
)
def test_addresses_that_mail_reaches(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        *("", "a", "@", "a@", "@b.co", "a@b", "a@b.c", "a@b..co", "a@.b.co", "a@-b.co", "a@b-.co"),
        *(".a@b.co", "a.@b.co", "a..b@c.co", "a b@c.co", '"a b"@c.co', "a@b@c.co", "a@[127.0.0.1]"),
        *("a@b.co\n", "a@b.co ", "a@b.co,", "a(x)@b.co", "a@b.co\0", "ä@b.co", "a@ä.co", "a@b.123"),
        *("-a@b.co", "a" * 65 + "@b.co", "a@" + "b" * 64 + ".co", "a@" + "b." * 130 + "co"),
    ],
)
def test_addresses_that_are_none(address: str) -> None:
    assert not is_address(address)


@pytest.mark.parametrize(
    "near",
    ["a" * 100_000, "a." * 50_000, "a@" + "b-" * 50_000, "a@" + "b." * 50_000, "@" * 100_000],
)
def test_what_is_nearly_an_address_is_refused_at_once(near: str) -> None:
    assert not any(is_address(near[:length]) for length in (50, 200, 254, 100_000))


@settings(max_examples=30)
@given(numbers=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=200), many=st.booleans())
def test_fingerprints_are_remembered_as_a_set_remembers_them(
    numbers: list[int], many: bool
) -> None:
    ours, theirs = Seen(), set()
    more = list(range(0, 70_000 * 65_536, 65_536)) if many else []  # all want the same place

    for number in [*numbers, *more[:200], *numbers]:
        assert ours.add(number) == ((number or 1) not in theirs)
        theirs.add(number or 1)


def test_a_table_of_fingerprints_grows_and_forgets_nothing() -> None:
    seen = Seen()
    everything = [hash(f"p{n}@a.example") for n in range(150_000)]

    assert not seen.again(everything)
    assert len(seen.again(everything)) == 150_000


def test_rows_have_a_longest() -> None:
    assert LONGEST < 131_072  # beyond which the csv module would stop
