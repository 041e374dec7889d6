"""Files that mean harm, or were harmed: each row is a review or is told, and nothing blows up."""

from __future__ import annotations

import json
import os
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_reviews_intake import Opened, opened, refused, reviews

from crisisctl.errors import CrisisError
from crisisctl.reviews.intake import Unreadable, open_export
from crisisctl.reviews.review import Review
from crisisctl.tables.unreadable import LONGEST, LONGEST_TEXT

__all__ = ["opened"]
HEAD = "id,rating,text\n"
QUOTES = "a quotation mark is not closed, or stands in the wrong place"


def keys(export: object) -> list[str]:
    return [each.key for each in export if isinstance(each, Review)]  # type: ignore[attr-defined]


# Letters

SAID = {
    "cp1252": ("1,2,Déçu, jamais arrivé à l’heure — 20 €", "Western"),
    "cp1254": ("1,2,Kargo gelmedi, çok kötü ışık şaşırdım ğ", "Turkish"),
    "cp1251": ("1,2,Товар не пришёл и деньги не вернули", "Cyrillic"),
}


@pytest.mark.parametrize("encoding", SAID)
def test_a_file_in_an_old_code_page_is_read_and_it_is_said(encoding: str, opened: Opened) -> None:
    text = SAID[encoding][0].replace(",", ";", 2)
    export = opened(f"id;rating;text\n{text}\n2;5;ok\n".encode(encoding))

    assert [each.text for each in reviews(export)] == [text.split(";")[2], "ok"]
    assert export.remarks == [
        f"the file is not UTF-8: it was read as Windows-{encoding.removeprefix('cp')}"
    ]


@pytest.mark.parametrize("encoding", SAID)
def test_rows_of_two_encodings_are_both_read(encoding: str, opened: Opened) -> None:
    text = SAID[encoding][0].replace(",", ";", 2)
    rows = [f"{n};5;Très bien, отлично, güzel ışık" for n in range(10, 20)]
    content = b"id;rating;text\n" + "\n".join(rows).encode()
    export = opened(content + b"\n" + text.encode(encoding) + b"\n")

    found = reviews(export)

    assert found[-1].text == text.split(";")[2]
    assert {each.text for each in found[:-1]} == {"Très bien, отлично, güzel ışık"}
    assert export.remarks == [
        "some letters are not UTF-8: they were read as the old Windows code page"
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marks_and_wide_letters_are_understood(encoding: str, opened: Opened) -> None:
    export = opened(f"{HEAD}1,2,сломано ışık\n".encode(encoding))

    assert [each.text for each in reviews(export)] == ["сломано ışık"]
    assert export.columns["key"] == "id"


def test_half_a_letter_of_utf_16_costs_one_letter_only(opened: Opened) -> None:
    content = b"\xff\xfe" + (HEAD + "1,2,a").encode("utf-16-le") + b"\x00\xd8"
    export = opened(content + "b\n2,3,c\n".encode("utf-16-le"))

    assert [each.key for each in reviews(export)] == ["1", "2"]


def test_nul_characters_are_taken_out(opened: Opened) -> None:
    export = opened(f"{HEAD}1,2,bro\0ken\n2,5,fine\n")

    assert [each.text for each in reviews(export)] == ["broken", "fine"]
    assert export.remarks == ["NUL characters were taken out"]


# Rows


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_separator_and_line_ending_works(ending: str, separator: str, opened: Opened) -> None:
    rows = [["id", "rating", "text"], ["1", "2", '"so, so;\t|"'], ["2", "5", "fine"]]
    content = ending.join(separator.join(row) for row in rows)

    assert [each.text for each in reviews(opened(content))] == ["so, so;\t|", "fine"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ('3,1,"never closed', QUOTES),
        ('3,1,"a"b"', QUOTES),
        ("3,1,one,too many", "it has 4 cells, the first line names 3"),
        ("3,1", "it has 2 cells, the first line names 3"),
        ("3,1e400,x", '"1e400" is not a rating from 1 to 5'),
        ("3,NaN,x", '"NaN" is not a rating from 1 to 5'),
        ("3,-5,x", '"-5" is not a rating from 1 to 5'),
        ("3,1.234.567,x", '"1.234.567" is not a rating from 1 to 5'),
        ("3,\x1b[2J,x", '"\\x1b[2J" is not a rating from 1 to 5'),
        ("3,,", "it has neither a rating nor a text"),
    ],
)
@pytest.mark.parametrize("rows_after", [1, 30])
def test_a_broken_row_is_told_and_takes_no_other_along(
    broken: str, reason: str, rows_after: int, opened: Opened
) -> None:
    after = [f'{n},5,"fine, really"' for n in range(4, 4 + rows_after)]
    export = opened("\n".join(["id,rating,text", '1,2,"so\nso"', "2,4,good", broken, *after]))

    assert keys(export) == ["1", "2", *[str(n) for n in range(4, 4 + rows_after)]]
    assert refused(export) == [(5, reason)]
    assert (export.unreadable, export.reviews) == (1, 2 + rows_after)


def test_a_date_that_is_none_is_told(opened: Opened) -> None:
    export = opened("id,rating,date\n1,2,2025-03-02\n2,2,someday\n")

    assert refused(export) == [(3, '"someday" is not a date')]


def test_rows_that_are_all_broken_are_all_told(opened: Opened) -> None:
    export = opened(HEAD + '1,2,"open\n2,2,"open\n3,2,"open\n')

    assert [line for line, _ in refused(export)] == [2, 3, 4]


def test_quotation_marks_that_are_not_doubled_do_not_lose_the_row(opened: Opened) -> None:
    export = opened(HEAD + '1,2,He said "hi" to me\n2,3,"He said "hi" to me"\n3,5,5" screen\n')

    assert keys(export) == ["1", "2", "3"]
    assert "said" in reviews(export)[1].text


def test_a_review_of_many_lines_and_200_000_letters_is_one_row_and_cut(opened: Opened) -> None:
    text = "broken again\n" * 15_000
    short = "line\n" * 400
    export = opened(f'{HEAD}1,2,"{short}"\n2,1,{"x" * 200_000}\n3,5,ok\n')

    found = reviews(export)

    assert [len(each.text) for each in found] == [len(short.strip()), LONGEST_TEXT, 2]
    assert "1 text was cut after 32,768 characters" in export.remarks
    assert keys(opened(f'{HEAD}1,2,"{text}"\n3,5,ok\n'))[-1] == "3"


@pytest.mark.parametrize("text", ["x" * 10_000_000, '"' + "word, word\n" * 200_000 + '"'])
def test_megabytes_in_a_cell_cost_that_row_only(text: str, opened: Opened) -> None:
    export = opened(f"{HEAD}1,2,ok\n2,1,{text}\n3,5,ok\n4,5,ok\n")
    tracemalloc.start()

    found = [each.key if isinstance(each, Review) else each.line for each in export]

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == ["1", 3, "3", "4"]
    assert "longer than 1024 KiB" in refused(export)[0][1]
    assert most < 40 * LONGEST


@pytest.mark.parametrize("name", ["x.csv", "x.jsonl"])
def test_many_large_rows_are_not_held_at_once(name: str, opened: Opened) -> None:
    text = "x" * 900_000
    if name == "x.csv":
        content = HEAD + "".join(f"{n},1,{text}\n" for n in range(60))
    else:
        content = "".join(f'{{"id": {n}, "rating": 1, "text": "{text}"}}\n' for n in range(60))
    tracemalloc.start()

    export = opened(content, name)
    content = ""
    tracemalloc.reset_peak()
    found = sum(isinstance(each, Review) for each in export)

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == 60
    assert most < 30 * LONGEST


def test_quotation_marks_that_never_close_do_not_take_for_ever(opened: Opened) -> None:
    export = opened(HEAD + '1,2,q",x,"\n' * 20_000 + "2,5,fine\n")

    assert keys(export)[-1] == "2"


def test_empty_rows_and_the_line_of_excel_are_passed(opened: Opened) -> None:
    export = opened("sep=;\nid;rating;text\n\n;;\n1;2;x\n\n")

    assert [each.key for each in reviews(export)] == ["1"]
    assert refused(export) == []


def test_of_two_columns_with_one_name_the_first_counts_and_it_is_said(opened: Opened) -> None:
    export = opened("rating,rating,text\n1,5,x\n")

    assert [each.rating for each in reviews(export)] == [1.0]
    assert export.remarks == ['two columns are named "rating": the first one counts']


# JSON


@pytest.mark.parametrize(
    "content",
    [
        *("[]", "{}", "null", "5", '"x"', "[null]", "[[]]", "[1, 2]", '{"reviews": []}', "{", "["),
        *("[" * 100_000, '{"a":' * 100_000, '[{"a":' * 5_000, '{"reviews": [', '{"reviews"'),
        *("NaN", "tru", "{}{}{}", '{"data": {"data": null}}'),
    ],
)
@pytest.mark.parametrize("name", ["x.json", "x.jsonl"])
def test_json_without_a_review_is_one_clear_error(content: str, name: str, opened: Opened) -> None:
    with pytest.raises(CrisisError) as error:
        opened(content, name)

    assert "\n" not in error.value.message
    assert error.value.hint


def test_a_broken_object_costs_the_next_ones_nothing(opened: Opened) -> None:
    good = [json.dumps({"id": str(n), "rating": 1, "text": "x"}) for n in range(4)]
    bomb = '{"id": ' + "[" * 100_000 + "]" * 100_000 + "}"
    for broken in ('{"id": "b", "rating": 1 "text"}', bomb, "null", '{"id": ' + "9" * 5000 + "}"):
        rows = [*good[:2], broken, *good[2:]]
        array, lines = opened(f"[{','.join(rows)}]", "x.json"), opened("\n".join(rows), "x.jsonl")
        for export in (array, lines):
            assert keys(export) == ["0", "1", "2", "3"]
            assert len(refused(export)) == 1
        assert refused(lines)[0][0] == 3


def test_a_list_that_ends_in_the_middle_gives_what_is_there(opened: Opened) -> None:
    export = opened('[{"id": "1", "rating": 1}, {"id": "2", "rating"', "x.json")

    assert keys(export) == ["1"]
    assert len(refused(export)) > 0


def test_odd_values_in_json_are_told_or_mended(opened: Opened) -> None:
    rows = [
        *('{"id": 1, "rating": NaN}', '{"id": 2, "rating": 1e400}', '{"id": 3, "rating": 5}'),
        *('{"id": 4, "rating": 1, "rating": 2}', '{"id": 5, "rating": [1], "text": {"a": 1}}'),
        '{"id": 6, "rating": 4, "text": "half \\ud83d and \\u0000 whole \\ud83d\\ude00"}',
    ]
    export = opened(f"[{','.join(rows)}]", "x.json")

    assert [(each.key, each.rating) for each in reviews(export)] == [
        *(("3", 5.0), ("4", 2.0), ("6", 4.0)),
    ]
    assert reviews(export)[-1].text.encode()
    assert len(refused(export)) == 3


def test_ten_megabytes_in_an_object_cost_that_object_only(opened: Opened) -> None:
    rows = [json.dumps({"id": str(n), "rating": 1, "text": "x"}) for n in range(3)]
    rows.insert(1, json.dumps({"id": "b", "rating": 1, "text": "y" * 10_000_000}))
    export = opened(f"[{','.join(rows)}]", "x.json")

    assert keys(export) == ["0", "1", "2"]
    assert len(refused(export)) == 1


# What is no file of reviews


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b" \n\n", "is empty"),
        (b"PK\x03\x04rest", "a ZIP file or an Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
        (b"\x1f\x8b\x08", "a compressed file"),
        (bytes(range(256)) * 20, "is not text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture"),
    ],
)
def test_what_is_no_text_is_one_clear_line(content: bytes, said: str, opened: Opened) -> None:
    with pytest.raises(CrisisError) as error:
        opened(content)

    assert said in error.value.message
    assert "\n" not in error.value.message
    assert error.value.hint


def test_what_is_no_file_is_one_clear_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path, tmp_path / "fifo", tmp_path / "missing.csv", Path("/dev/zero")):
        with pytest.raises(CrisisError, match=r"is not a file|is not there"):
            open_export(path)


def test_a_header_that_goes_on_for_ever_is_refused(opened: Opened) -> None:
    for header in ("rating," * 2_000, "x" * (LONGEST + 5), '"rating'):
        with pytest.raises(CrisisError) as error:
            opened(f"{header}\n1,2\n")
        assert len(error.value.message) < 700


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(alphabet=st.sampled_from('abя1",;\n\r\t {}[]:\x1b\u2028é'), max_size=40),
        max_size=12,
    )
)
def test_whatever_is_in_a_row_the_last_one_survives(tmp_path: Path, rows: list[str]) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes((HEAD + "\n".join(rows) + "\n\n9z,2,last\n" * 2).encode())

    found = [*open_export(path)]

    assert all(isinstance(each, Review | Unreadable) for each in found)
    assert any(isinstance(each, Review) and each.text == "last" for each in found)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_whatever_bytes_a_file_has_it_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    for name, start in (("x.csv", HEAD.encode()), ("x.json", b'[{"rating": 1},'), ("y.json", b"")):
        path = tmp_path / name
        path.write_bytes(start + content)
        with suppress(CrisisError):
            list(open_export(path))
