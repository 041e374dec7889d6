"""Changes of a policy that cannot be: told in the words of the place that was typed."""

from __future__ import annotations

import pytest
from refunded import PLAYBOOK

from crisisctl.compensation.changes import changed
from crisisctl.errors import CrisisError
from crisisctl.playbook.load import loads
from crisisctl.playbook.policy import Policy

PLAN, _ = loads(PLAYBOOK)


def policy(*changes: str) -> Policy:
    assert PLAN is not None
    assert PLAN.compensation is not None
    return changed(PLAN, PLAN.compensation, changes)


WRONG = [
    ("tiers.held-up.offer.amount=10", "tiers.held-up.offer.amount: 10 is no sum of money: "
     "write 10 EUR"),
    ("budget=12.5", "budget: 12.5 is no sum of money: write 12.5 EUR"),
    ("tiers.held-up.offer.amount=[10, 200 TRY]", "tiers.held-up.offer.amount: [10, 200 TRY] is no "
     "sum of money: write 10 EUR"),
    ("tiers.held-up.offer={amount: 10}", "tiers.held-up.offer.amount: that is no sum of money"),
    ("tiers.held-up.offer.amount=10 GBP", "tiers.held-up.offer.amount: the policy does not know"),
    ("tiers.held-up.offer.amount=[5 EUR, ten]", "tiers.held-up.offer.amount: "),
    ("tiers.held-up.valid=60", "tiers.held-up.valid: 60 is no length of time: write 60d, or 60h"),
    ("tiers.lost.offer.percent=0.3", "tiers.lost.offer.percent: 0.3 is no whole number of per "
     "cent: write 30 for 30 of 100"),
    ("tiers.lost.offer.percent=12.5 %", "tiers.lost.offer.percent: 12.5 % is no whole number of "
     "per cent: write 12 or 13"),
    ("tiers.lost.redemption=140", "tiers.lost.redemption: 140 %"),
    ("tiers.lost.redemption=many", "tiers.lost.redemption: that cannot stand there: write a whole "
     "number"),
    ("tiers.lost.when=", "tiers.lost: it cannot be without when"),
    ("tiers.lost.when=minuets > 3", "tiers.lost.when: nothing is called"),
    ("tiers.lost=", "the step tell-lost: there is no tier"),
    ("owed.double.refund=minutes", "owed.double.refund: "),
    ("harm.minutes.together=mean", "harm.minutes.together: that cannot stand there"),
    ("approval.roles=[nobody]", "approval.roles: there is no role"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), WRONG, ids=[change for change, _ in WRONG])
def test_what_cannot_be_is_told_at_the_place_that_was_typed(change: str, words: str) -> None:
    with pytest.raises(CrisisError) as caught:
        policy(change)
    assert caught.value.message.startswith(words)
    assert "`" not in caught.value.message
    assert "$" not in caught.value.message


@pytest.mark.parametrize("typed", ["20", "20%", "20 %", "20.0"])
def test_so_many_per_cent_may_be_typed_with_their_sign(typed: str) -> None:
    assert policy(f"tiers.lost.offer.percent={typed}").tiers[0].offer.percent == 20


def test_a_percentage_may_still_be_the_name_of_a_fact() -> None:
    assert policy("tiers.lost.offer.percent=rate").tiers[0].offer.percent == "rate"
