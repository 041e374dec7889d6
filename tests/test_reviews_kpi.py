"""The figures: target, before, now, trend."""

from __future__ import annotations

from datetime import timedelta

import pytest
from makers import BEGAN

from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.incoming import Measured
from crisisctl.reviews.kpi import BY_NAME, Figures, in_words, table
from crisisctl.reviews.review import Review
from crisisctl.reviews.shelf import Heard
from crisisctl.reviews.tally import Tally
from crisisctl.runner import reviews as deciding

HOUR = 3600


NONE = Figures()


def row(name: str, figures: Figures = NONE, measured: list[Measured] | None = None, **targets):
    found = table(figures, measured or [], targets)
    return next(each for each in found if each.kpi.name == name)


def said(kpi: str, value: float, *, day: int = 0, target: bool = False) -> Measured:
    at = BEGAN + timedelta(days=day)
    return Measured(ev.KpiMeasured(kpi, value, at, target=target), at, "ana")


def test_the_seven_of_the_document_are_there_in_its_order() -> None:
    assert list(BY_NAME) == [
        *("negative_share", "reply_minutes", "engagement", "sentiment", "nps", "reach"),
        "followers",
    ]


def test_fewer_complaints_than_the_target_meet_it() -> None:
    assert row("negative_share", Figures({}, {"negative_share": 4.0})).met is True
    assert row("negative_share", Figures({}, {"negative_share": 6.0})).met is False


def test_a_figure_without_a_target_is_neither_met_nor_missed() -> None:
    assert row("reach", measured=[said("reach", 4000)]).met is None


def test_a_falling_share_of_complaints_is_better() -> None:
    found = row("negative_share", Figures({"negative_share": 38.0}, {"negative_share": 12.0}))

    assert found.trend == "better"


def test_falling_sentiment_is_worse() -> None:
    assert row("sentiment", Figures({"sentiment": 80.0}, {"sentiment": 60.0})).trend == "worse"


def test_what_a_person_recorded_counts_more_than_what_was_worked_out() -> None:
    found = row("sentiment", Figures({}, {"sentiment": 60.0}), [said("sentiment", 55)])

    assert found.now == 55


def test_the_first_and_the_last_recorded_figure_make_the_trend() -> None:
    found = row("followers", measured=[said("followers", 900, day=2), said("followers", 1000)])

    assert (found.before, found.now, found.trend) == (1000, 900, "worse")


def test_a_target_set_in_the_incident_counts_more_than_the_workspace_s() -> None:
    assert row("nps", nps=60).target == 60
    assert row("nps", measured=[said("nps", 50, target=True)], nps=60).target == 50


def test_minutes_become_hours_where_there_are_many() -> None:
    assert in_words(BY_NAME["reply_minutes"], 45) == "45 min"
    assert in_words(BY_NAME["reply_minutes"], 180) == "3 h"


@pytest.mark.parametrize(("kpi", "value"), [("sentiment", 101), ("nps", -101), ("reach", -1)])
def test_a_figure_that_cannot_be_right_is_refused(kpi: str, value: float) -> None:
    with pytest.raises(CrisisError, match="cannot be right"):
        deciding.measure(kpi, value)


def test_an_unknown_figure_is_guessed() -> None:
    with pytest.raises(CrisisError) as wrong:
        deciding.measure("folowers", 3)

    assert "followers" in wrong.value.hint


def heard(key: str, at: int, *, after: int | None = None, mood: str = "negative") -> Heard:
    replied = None if after is None else at + after
    reply = "" if after is None else "Sorry"
    return Heard(Review(key, at, 1.0, reply=reply, replied_at=replied), mood=mood)


def test_the_spread_of_answers_puts_an_hour_sharp_within_the_hour() -> None:
    tally = Tally()
    for number, after in enumerate((HOUR, HOUR + 60, 4 * HOUR, 30 * HOUR, 400 * HOUR, None)):
        tally.add(heard(str(number), 10**9, after=after))

    assert dict(tally.spread().steps) == {
        "within 1 h": 1,
        "1 to 4 h": 2,
        "4 to 24 h": 0,
        "1 to 3 days": 1,
        "later": 1,
        "no answer yet": 1,
    }


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle() -> None:
    tally = Tally()
    for number, minutes in enumerate((10, 20, 40, 100)):
        tally.add(heard(str(number), 10**9, after=60 * minutes))

    assert tally.spread().median == 30


def test_figures_before_and_after_a_moment_are_told_apart() -> None:
    tally, day = Tally(), 86_400
    for number in range(10):
        tally.add(heard(f"a{number}", 100 * day, mood="positive" if number else "negative"))
        tally.add(heard(f"b{number}", 200 * day, mood="positive" if number > 3 else "negative"))

    found = tally.figures(150 * day)

    assert found.before["negative_share"] == 10
    assert found.now["negative_share"] == 40


def test_two_tallies_add_up_to_the_one_over_everything() -> None:
    whole, left, right = Tally(), Tally(), Tally()
    for number in range(20):
        one = heard(str(number), 10**9 + number * 7000, after=None if number % 3 else 600)
        whole.add(one)
        (left if number % 2 else right).add(one)

    left.merge(right)

    assert vars(left) == vars(whole)
