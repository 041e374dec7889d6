"""Reviews on the shelf: kept once, in the order they want to be answered."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from crisisctl.errors import CrisisError
from crisisctl.reviews.review import Review
from crisisctl.reviews.shelf import Heard, Put, Shelf


def heard(key: str, *, at: int = 0, mood: str = "negative", text: str = "Bad", **changes) -> Heard:
    more = {name: changes.pop(name) for name in ("safety", "topic") if name in changes}
    return Heard(Review(key, at, 1.0, text, **changes), mood=mood, **more)


@pytest.fixture
def shelf(tmp_path: Path):
    with Shelf(tmp_path / "reviews" / "wave.db", create=True) as found:
        yield found


def keys(rows) -> list[str]:
    return [each.review.key for each in rows]


def test_a_review_comes_back_as_it_was_put(shelf: Shelf) -> None:
    one = heard("a", text="Ужас 🙂\n", product="Kettle", reach=3)
    shelf.put([one])

    assert shelf.get("a") == one


def test_a_suspicion_is_kept_apart_from_what_was_written(shelf: Shelf) -> None:
    shelf.put([heard("a"), heard("b")])
    shelf.suspect({"a": ["twins", "a burst"]})

    assert shelf.get("a").suspected == ("twins", "a burst")
    assert shelf.put([heard("a")]) == Put()  # the same words again are no news
    shelf.suspect({"b": ["twins"]})
    assert shelf.get("a").suspected == ()


def test_the_same_review_twice_is_kept_once(shelf: Shelf) -> None:
    assert shelf.put([heard("a"), heard("b")]) == Put(new=2)
    assert shelf.put([heard("a"), heard("c")]) == Put(new=1)


def test_a_review_that_was_written_anew_replaces_the_old_one(shelf: Shelf) -> None:
    shelf.put([heard("a")])

    assert shelf.put([heard("a", text="Good now", mood="positive")]) == Put(changed=1)
    assert keys(shelf.waiting()) == []


def test_harm_comes_first_then_reach_then_age(shelf: Shelf) -> None:
    shelf.put(
        [
            heard("young", at=30),
            heard("old", at=10),
            heard("seen", at=40, reach=9),
            heard("hurt", at=50, safety=True),
        ]
    )

    assert keys(shelf.waiting()) == ["hurt", "seen", "old", "young"]


def test_what_is_of_the_wave_comes_before_what_is_older(shelf: Shelf) -> None:
    shelf.put([heard("old", at=10, reach=50), heard("first", at=100), heard("second", at=110)])

    assert keys(shelf.waiting(since=100)) == ["first", "second", "old"]


def test_praise_and_what_has_its_answer_already_does_not_wait(shelf: Shelf) -> None:
    shelf.put([heard("happy", mood="positive"), heard("told", reply="Sorry"), heard("open")])

    assert keys(shelf.waiting()) == ["open"]


def test_somebody_hurt_waits_whatever_the_stars_say(shelf: Shelf) -> None:
    shelf.put([heard("burnt", mood="positive", safety=True)])

    assert keys(shelf.waiting()) == ["burnt"]


def test_what_cannot_be_put_leaves_nothing_behind(shelf: Shelf) -> None:
    def broken():
        yield heard("a")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        shelf.put(broken())

    assert keys(shelf.all()) == []


def test_a_key_is_found_by_its_beginning_even_where_it_holds_wild_cards(shelf: Shelf) -> None:
    shelf.put([heard("a%1"), heard("ab2")])

    assert shelf.keys("a%") == ["a%1"]


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    with Shelf(tmp_path / "reviews" / "wave.db", create=True) as found:
        assert stat.S_IMODE(found.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(found.path.parent.stat().st_mode) == 0o700


def test_a_damaged_file_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "wave.db"
    path.write_bytes(b"no database" * 100)

    with pytest.raises(CrisisError, match="cannot be read or written"):
        Shelf(path)


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "wave.db"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version=9")

    with pytest.raises(CrisisError, match="in a form that this version does not know"):
        Shelf(path)
