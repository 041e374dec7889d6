"""The table of problems: what is counted, split, merged, compared and quoted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisctl.reviews.problems import DAY, REST, Problems, masked
from crisisctl.reviews.review import Mood, Review
from crisisctl.reviews.shelf import Heard

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
LATE = ("delivery", "late")
LOST = ("delivery", "lost")
CRASH = ("website", "crash")


def at(day: float) -> int:
    return int(MONDAY.timestamp() + day * DAY)


def complaint(
    problem: tuple[str, str] = LATE,
    day: float | None = 0,
    mood: Mood = "negative",
    language: str = "",
    **of: object,
) -> Heard:
    when = None if day is None else at(day)
    review = msgspec.convert({"key": str(of.get("key", "1")), "at": when, **of}, Review)
    return Heard(review, language, mood, *problem)


def counted(*many: Heard) -> Problems:
    problems = Problems()
    for one in many:
        problems.add(one)
    return problems


def rows(problems: Problems) -> list[tuple[str, int, float, float]]:
    found = problems.table().rows
    return [(r.topic, r.mentions, round(r.of_complaints, 1), round(r.of_reviews, 1)) for r in found]


def test_the_table_has_each_topic_with_its_share_of_the_complaints_and_of_all() -> None:
    praise = [complaint(("other", ""), mood="positive") for _ in range(6)]
    problems = counted(complaint(LATE), complaint(LOST), complaint(LATE), complaint(CRASH), *praise)
    assert rows(problems) == [("delivery", 3, 75.0, 30.0), ("website", 1, 25.0, 10.0)]
    assert problems.table().rows[0].aspects == (("late", 2), ("lost", 1))
    assert (problems.table().complaints, problems.table().reviews) == (4, 10)


def test_praise_is_no_problem_whatever_it_is_about() -> None:
    assert rows(counted(complaint(LATE, mood="positive"), complaint(LATE, mood="unknown"))) == []


def test_somebody_who_was_hurt_counts_whatever_the_stars_say() -> None:
    hurt = msgspec.structs.replace(complaint(("product", "broken"), mood="positive"), safety=True)
    assert rows(counted(hurt)) == [("product", 1, 100.0, 100.0)]


def test_no_reviews_make_an_empty_table() -> None:
    assert Problems().table().rows == ()
    assert Problems().by("week") == ()
    assert Problems().changed(MONDAY) == ()


@pytest.mark.parametrize("kind", ["language", "source", "product", "country"])
def test_the_table_is_split_by_what_the_reviews_say(kind: str) -> None:
    def of(name: str, problem: tuple[str, str] = LATE) -> Heard:
        if kind == "language":
            return complaint(problem, language=name)
        return complaint(problem, 0, "negative", "", **{kind: name})

    problems = counted(of("a", CRASH), of("b"), of("b"), of(""))
    found = problems.by(kind)
    assert [(table.name, table.complaints) for table in found] == [("b", 2), ("", 1), ("a", 1)]
    assert found[2].rows[0].topic == "website"


def test_the_weeks_stand_in_their_order_with_all_their_reviews() -> None:
    problems = counted(
        complaint(day=8), complaint(day=-1), complaint(day=6), complaint(day=6, mood="positive")
    )
    found = [(table.name, table.complaints, table.reviews) for table in problems.by("week")]
    assert found == [("2026-W09", 1, 1), ("2026-W10", 1, 2), ("2026-W11", 1, 1)]


def test_reviews_without_a_date_are_counted_and_named() -> None:
    problems = counted(complaint(day=None), complaint(day=0))
    assert rows(problems) == [("delivery", 2, 100.0, 100.0)]
    assert {table.name for table in problems.by("week")} == {"no date", "2026-W10"}


@pytest.mark.parametrize("moment", [10**15, -(10**15), 2**62, -1])
def test_a_date_that_cannot_be_does_no_harm(moment: int) -> None:
    problems = counted(complaint(day=None, at=moment), complaint(day=0))
    assert sum(table.complaints for table in problems.by("week")) == 2
    assert problems.table().complaints == 2


def a_wave() -> Problems:
    quiet = [complaint(LATE, day=-day * 7) for day in range(1, 9)]
    steady = [complaint(CRASH, day=day) for day in range(-56, 3)]
    wave = [complaint(LATE, day=day / 20) for day in range(60)]
    return counted(*quiet, *steady, *wave)


def test_what_has_changed_is_told_with_its_numbers() -> None:
    (change,) = a_wave().changed(MONDAY)
    assert (change.topic, change.aspect, change.mentions) == ("delivery", "late", 60)
    assert 7 * change.before == pytest.approx(1, abs=0.2)
    assert change.now == pytest.approx(20)


def test_what_is_always_complained_about_has_not_changed() -> None:
    steady = [complaint(CRASH, day=day) for day in range(-56, 3) for _ in range(5)]
    assert counted(*steady).changed(MONDAY) == ()


def test_three_complaints_of_a_kind_are_no_change_where_nothing_was_usual() -> None:
    usual = [complaint(CRASH, day=day) for day in range(-56, 3)]
    assert counted(*usual, complaint(LATE), complaint(LATE)).changed(MONDAY) == ()


def test_what_has_become_rare_is_told_too() -> None:
    before = [complaint(CRASH, day=day) for day in range(-56, 0) for _ in range(5)]
    after = [complaint(LATE, day=day) for day in range(14)]
    found = {(c.topic, c.aspect): c for c in counted(*before, *after).changed(MONDAY)}
    assert found[CRASH].sure < 0 < found[LATE].sure


def test_without_a_time_before_nothing_has_changed() -> None:
    assert counted(*[complaint(day=day) for day in range(9)]).changed(MONDAY) == ()


LONG = "The parcel should have been here on Monday, and nobody can tell me where it is now."


def test_quotes_are_of_telling_length_and_the_ones_with_reach_come_first() -> None:
    problems = counted(
        complaint(key="1", text="late"),
        complaint(key="2", text=f"Mine: {LONG}"),
        complaint(key="3", text=f"Ours: {LONG}", reach=40),
        complaint(key="4", text=LONG * 9),
    )
    assert problems.quotes("delivery") == (f"Ours: {LONG}", f"Mine: {LONG}")
    assert problems.quotes("price") == ()


def test_the_same_words_are_quoted_once() -> None:
    problems = counted(*(complaint(key=str(number), text=LONG) for number in range(5)))
    assert problems.quotes("delivery") == (LONG,)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("write to jane.doe@gmail.com please", "jane.doe"),
        ("call me on +44 7911 123456", "123456"),
        ("call me: (415) 555-0100", "555"),
        ("my order 451-1186-1000 is lost", "1186"),
        ("commande 123456789 jamais reçue", "123456789"),
        ("заказ № 12345678 не пришёл", "12345678"),
        ("0532 123 45 67 beni arayın", "123 45"),
        ("card 4111 1111 1111 1112", "1111"),
    ],
)
def test_nothing_in_a_quote_leads_to_a_person(text: str, hidden: str) -> None:
    assert hidden not in masked(text)
    assert "…" in masked(text)


@pytest.mark.parametrize("text", ["It cost 1200 euros", "since 2019", "3 weeks, 24 hours, 100%"])
def test_ordinary_numbers_stay_in_a_quote(text: str) -> None:
    assert masked(text) == text


def test_a_quote_stands_on_one_line() -> None:
    assert masked("never\n\n again\t!") == "never again !"


@given(st.text(max_size=280))
def test_any_text_can_be_masked(text: str) -> None:
    assert "\n" not in masked(text)


def everything(problems: Problems) -> Any:
    tables = {kind: problems.by(kind) for kind in ("language", "source", "product", "week")}
    quotes = {topic: problems.quotes(topic) for topic in ("delivery", "website")}
    return problems.table(), tables, quotes, problems.changed(MONDAY)


HEARD = st.builds(
    complaint,
    st.sampled_from([LATE, LOST, CRASH, ("other", "")]),
    st.one_of(st.none(), st.integers(-60, 20)),
    st.sampled_from(["negative", "positive", "neutral", "unknown"]),
    language=st.sampled_from(["en", "fr", ""]),
    source=st.sampled_from(["a", "b"]),
    key=st.uuids().map(str),
    text=st.uuids().map(lambda key: f"{key}: {LONG}"),
    reach=st.integers(0, 9),
)


@given(st.lists(HEARD, max_size=40), st.integers(0, 40))
def test_two_parts_added_up_are_the_whole(many: list[Heard], cut: int) -> None:
    first, second = counted(*many[:cut]), counted(*many[cut:])
    first.merge(second)
    assert everything(first) == everything(counted(*many))


def test_endless_products_are_counted_together() -> None:
    problems = counted(*(complaint(product=f"p{number}") for number in range(3000)))
    tables = problems.by("product")
    assert len(tables) <= 2001
    assert next(table for table in tables if table.name == REST).complaints == 1000
    assert sum(table.complaints for table in tables) == 3000
