"""Rows of a table: taken apart a block at a time or one by one, they are the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisctl.tables import decoding
from crisisctl.tables.decoding import Text
from crisisctl.tables.rows import Table
from crisisctl.tables.unreadable import Row, Unreadable

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


def rows(path: Path, most: int, *, one_by_one: bool = False) -> list[Row | Unreadable]:
    found: list[Row | Unreadable] = []
    with Text(path) as text:
        table = Table(text, len)
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
