"""Rows of a table: taken apart a block at a time or one by one, they are the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisctl.tables import decoding
from crisisctl.tables.decoding import Text
from crisisctl.tables.rows import Table
from crisisctl.tables.unreadable import Row, Unreadable

Knows = Callable[[Sequence[str]], int]
ONE_BY_ONE = 10**9
UNEASY = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])

cells = st.text(st.sampled_from('ab,;"\r\n\t é'), max_size=4) | st.sampled_from(["", "x", '"y,z"'])
files = st.tuples(
    st.lists(st.lists(cells, min_size=1, max_size=4).map(",".join), max_size=25),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)


def written(folder: Path, drawn: tuple[list[str], str, bool]) -> Path:
    rows, ending, ended = drawn
    path = folder / "table.csv"
    text = ending.join(["a,b,c", *rows]) + (ending if ended else "")
    path.write_bytes(text.encode())
    return path


def rows(
    path: Path, most: int, *, one_by_one: bool = False, knows: Knows = len
) -> list[Row | Unreadable]:
    found: list[Row | Unreadable] = []
    with Text(path) as text:
        table = Table(text, knows)
        table._slow = ONE_BY_ONE if one_by_one else 0
        while (some := table.take(most)) is not None:
            found += some
    return found


@UNEASY
@given(files, st.sampled_from([1, 3, 1000]))
def test_a_block_taken_apart_at_once_is_what_its_rows_are_one_by_one(
    tmp_path: Path, drawn: tuple[list[str], str, bool], most: int
) -> None:
    path = written(tmp_path, drawn)

    assert rows(path, most) == rows(path, most, one_by_one=True)


@UNEASY
@given(files, st.sampled_from([1, 3, 1000]))
def test_a_line_that_could_have_been_the_names_of_columns_is_a_row_all_the_same(
    tmp_path: Path, drawn: tuple[list[str], str, bool], most: int
) -> None:
    path = written(tmp_path, drawn)

    assert rows(path, most, knows=lambda _: 0) == rows(path, most)


TITLES = {
    "alone": "Orders of November\n",
    "with separators": "Orders of November;;;\n",
    "in quotation marks": '"Orders of\nNovember"\n',
    "with a comma": "Orders, of November\n",
    "with blank lines": "\nOrders of November\n\n\n",
    "after the line of Excel": "sep=;\nOrders of November\n",
}


def named(cells: Sequence[str]) -> int:
    return sum(cell in ("order", "email", "paid") for cell in cells)


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_a_title_above_the_names_of_the_columns_is_left_out_and_told(
    tmp_path: Path, title: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"{title}order;email;what;paid\n1;a@a.example;x;5\n2;b@b.example;;\n")

    with Text(path) as text:
        table = Table(text, named)
        first = title.count("\n") + 1

        assert (table.header, table.separator) == (["order", "email", "what", "paid"], ";")
        assert table.take(9) == [
            (first + 1, ["1", "a@a.example", "x", "5"]),
            (first + 2, ["2", "b@b.example", "", ""]),
        ]
        (said,) = text.remarks
        assert said.endswith(f"the names of the columns were taken from line {first}")


@pytest.mark.parametrize(
    "text",
    [
        "who\n1;a\n",  # nothing below is a name of a column
        "code\nABCDE\n",
        "order\nemail\n",  # a header of one name that is known
        "A title;and more\norder;email\n1;a\n",
        "A title\nemail\na@a.example\n",
        "A title\n",
    ],
)
def test_what_is_no_title_stays_the_line_with_the_names(tmp_path: Path, text: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text)

    with Text(path) as file:
        table = Table(file, named)
        below = len(table.take(9) or [])

        assert ";".join(table.header) == text.partition("\n")[0]
        assert below == text.count("\n") - 1
        assert file.remarks == []


@UNEASY
@given(files, st.sampled_from([1, 2, 5]), st.sampled_from([7, 50]))
def test_what_is_skipped_is_what_would_have_been_taken(
    tmp_path: Path, drawn: tuple[list[str], str, bool], most: int, piece: int
) -> None:
    path = written(tmp_path, drawn)
    whole: list[list[Row | Unreadable]] = []
    found: list[list[Row | Unreadable]] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(decoding, "_PIECE", piece)
        with Text(path) as text:
            table = Table(text, len)
            while (some := table.take(most)) is not None:
                whole.append(some)
        with Text(path) as text:
            table = Table(text, len)
            while len(found) < len(whole):
                if len(found) % 2:
                    assert table.skip(most)
                    found.append(whole[len(found)])
                else:
                    found.append(table.take(most) or [])
            assert not table.skip(most)

    assert found == whole


@UNEASY
@given(files, st.sampled_from([1, 2, 5]))
def test_straight_lines_are_all_rows_without_quotation_marks(
    tmp_path: Path, drawn: tuple[list[str], str, bool], most: int
) -> None:
    path = written(tmp_path, drawn)
    found: list[list[str]] = []
    with Text(path) as text:
        table = Table(text, len)
        width = len(table.header)
        while True:
            if (lines := table.straight(most)) is not None:
                found += [line.split(table.separator) for line in lines]
            elif (some := table.take(most)) is not None:
                found += [row[1] for row in some if not isinstance(row, Unreadable)]
            else:
                break
    wanted = [row[1] for row in rows(path, 1000) if not isinstance(row, Unreadable)]

    straight = [[cell.rstrip("\r") for cell in row[:width]] for row in found]
    assert all([cell.rstrip("\r") for cell in row] in straight for row in wanted)
