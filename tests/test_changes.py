"""What changed between two texts: rows that people understand, and both texts in them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisctl.messages.changes import Row, changes


def shown(before: str, after: str) -> list[str]:
    """Each row in one line: [-gone-] and {+come+}."""
    marks = {"kept": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return [
        "".join(marks[piece.change].format(piece.text) for piece in row.pieces)
        for row in changes(before, after)
    ]


def side(rows: tuple[Row, ...], gone: str) -> str:
    """One of the two texts, put together again."""
    number = "before" if gone == "added" else "after"
    lines = [
        "".join(piece.text for piece in row.pieces if piece.change != gone)
        for row in rows
        if getattr(row, number)
    ]
    return "\n".join(lines)


def test_a_time_that_changed_is_shown_whole_within_its_line() -> None:
    assert shown("Back by 21:00 (UTC+1).", "Back by 23:00 (UTC+1).") == [
        "Back by [-21:00-]{+23:00+} (UTC+1)."
    ]


def test_words_that_came_and_went_are_shown_in_their_places() -> None:
    assert shown("We are sorry.\nThank you.", "We are very sorry.\nThank you all.") == [
        "We are {+very +}sorry.",
        "Thank you{+ all+}.",
    ]


def test_a_line_between_two_edited_ones_is_added_alone() -> None:
    before = "We are sorry for this.\nNext update by 20:30.\nThe team"
    after = "We are so sorry for this.\nCall us: +33.\nNext update by 21:00.\nThe team"

    assert shown(before, after) == [
        "We are {+so +}sorry for this.",
        "{+Call us: +33.+}",
        "Next update by [-20:30-]{+21:00+}.",
        "The team",
    ]


def test_lines_with_little_in_common_are_not_mixed() -> None:
    assert shown("The cart is down.", "Everything works again!") == [
        "[-The cart is down.-]",
        "{+Everything works again!+}",
    ]


def test_rows_carry_the_line_numbers_of_both_texts() -> None:
    rows = changes("a one\nb two\nc three", "b two\nnew line\nc three")

    assert [(row.before, row.after) for row in rows] == [(1, 0), (2, 1), (0, 2), (3, 3)]
    assert [row.is_kept for row in rows] == [False, True, False, True]


def test_the_same_text_has_no_change() -> None:
    assert all(row.is_kept for row in changes("a\n\nb\n", "a\n\nb\n"))


texts = st.text("ab1 :.\n", max_size=60) | st.text(max_size=30)


@given(texts, texts)
def test_both_texts_can_be_put_together_again(before: str, after: str) -> None:
    rows = changes(before, after)

    assert side(rows, "added") == before
    assert side(rows, "removed") == after
    assert all(piece.text or len(row.pieces) == 1 for row in rows for piece in row.pieces)


def a_long_text(seed: int, words: int = 12) -> str:
    chosen = random.Random(seed)
    lines = [" ".join(f"w{chosen.randrange(500)}" for _ in range(words)) for _ in range(1800)]
    return "\n".join(lines)


LONG = a_long_text(1)
EDITED = LONG.replace("w17 ", "w18 ")
PAIRS = {
    "nearly the same": (LONG, EDITED),
    "a line put in front": (LONG, f"new\n{EDITED}"),
    "nothing in common": (LONG, a_long_text(2)),
    "one line": (LONG.replace("\n", " "), EDITED.replace("\n", " ")),
    "one line, nothing in common": (LONG.replace("\n", " "), a_long_text(2).replace("\n", " ")),
    "short lines": ("a\nb\n" * 25_000, "b\nc\n" * 25_000),
    "lines that repeat": ("a b " * 70 + "\n" + "b a " * 70, "b a " * 70 + "\n" + "a b " * 70),
    "long lines that repeat": (("a b " * 70 + "\n") * 350, ("b a " * 70 + "\n") * 350),
    "only spaces": (" " * 100_000, "\t" * 100_000),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS.keys())
def test_long_texts_are_compared_in_bounded_time(pair: tuple[str, str]) -> None:
    rows = changes(*pair)

    assert side(rows, "added") == pair[0]
    assert side(rows, "removed") == pair[1]


def test_in_a_long_text_each_edited_line_still_shows_its_words() -> None:
    rows = [row for row in changes(LONG, f"new\n{EDITED}") if not row.is_kept]

    assert rows[0].pieces[0].text == "new"
    assert all(row.before and row.after == row.before + 1 for row in rows[1:])
