"""How a topic is answered: what the theory proposes, and what a person decides."""

from __future__ import annotations

import pytest

from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.reviews.strategy import STRATEGIES, WAYS, Situation, propose
from crisisctl.runner import reviews as deciding


def a_case(**changes: object) -> Situation:
    fields = {"topic": "delivery", "mentions": 61, "share": 0.4, "responsibility": "accidental"}
    return Situation(**{**fields, **changes})


def test_a_mistake_that_can_happen_is_answered_one_by_one() -> None:
    assert propose(a_case()).strategy == "individual"


def test_what_could_have_been_prevented_wants_an_apology_and_an_offer() -> None:
    found = propose(a_case(responsibility="preventable"))

    assert found.strategy == "apology-offer"
    assert "never deny" in found.response


@pytest.mark.parametrize("modifier", ["history", "reputation"])
def test_a_history_or_a_bad_name_raises_what_people_hold_us_responsible_for(modifier: str) -> None:
    found = propose(a_case(**{modifier: True}))

    assert found.strategy == "apology-offer"
    assert any("more responsible" in why for why in found.because)


def test_a_victim_with_a_history_is_held_responsible_as_for_an_accident_only() -> None:
    found = propose(a_case(responsibility="victim", history=True))

    assert found.strategy == "individual"


def test_harm_to_people_comes_before_everything_else() -> None:
    found = propose(a_case(safety=True, mentions=1, share=0.01, responsibility="victim"))

    assert found.strategy == "apology-offer"
    assert found.because[0] == "somebody was hurt, or could be"


def test_two_mentions_among_many_are_a_small_problem() -> None:
    assert propose(a_case(mentions=2, share=0.01)).strategy == "standard"


def test_two_mentions_that_are_half_of_all_are_not_small() -> None:
    assert propose(a_case(mentions=2, share=0.5)).strategy == "individual"


def test_what_needs_an_account_goes_on_in_private() -> None:
    assert propose(a_case(private=True)).strategy == "private"


def test_nobody_having_judged_is_said() -> None:
    found = propose(a_case(responsibility=None))

    assert "nobody has judged yet" in found.because[0]


@pytest.mark.parametrize("responsibility", ["victim", "accidental", "preventable", None])
@pytest.mark.parametrize("mentions", [0, 1, 1000])
def test_to_ignore_is_never_proposed(responsibility: str | None, mentions: int) -> None:
    found = propose(a_case(responsibility=responsibility, mentions=mentions, share=0.0))

    assert found.strategy != "ignore"


def test_every_strategy_says_what_speaks_for_and_against_it() -> None:
    assert set(WAYS) == set(STRATEGIES)
    assert all(way.for_ and way.against and way.use for way in WAYS.values())


def test_not_answering_a_topic_needs_a_reason() -> None:
    with pytest.raises(CrisisError, match="needs a reason"):
        deciding.choose("delivery", "ignore", because=" ", proposed="individual")


def test_a_decision_keeps_what_was_proposed() -> None:
    found = deciding.choose("delivery", "standard", because="Two a day", proposed="individual")

    assert found == [ev.StrategyChosen("delivery", "standard", "Two a day", "individual")]


def test_a_misspelt_strategy_is_guessed() -> None:
    with pytest.raises(CrisisError) as wrong:
        deciding.choose("delivery", "indvidual", because="", proposed="individual")

    assert "individual" in wrong.value.hint
