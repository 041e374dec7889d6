"""The policy as a function: the same as its conditions read one by one, only quicker."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

import msgspec
import pytest
import yaml
from compensated import policy
from hypothesis import given
from hypothesis import strategies as st

from crisisctl.compensation.cells import BadCell
from crisisctl.compensation.deciding import Outcome, Who, columns, compiled
from crisisctl.errors import CrisisError
from crisisctl.playbook.conditions import evaluate
from crisisctl.playbook.policy import Policy

WHO = Who("c-1", "ana@mail.example", "Ana", "fr", "FR", "Gold", "EUR", "")
CENT = Decimal("0.01")


# An oracle that shares nothing with the compiler

NUMBERS = ("n1", "n2")
MONEY = ("m1", "m2")
FLAGS = ("f1",)
WORDS = ("w1",)
FACTS = ("reach", "parts", "big", "many", "nobody")
HARM = """
currency: EUR
harm:
  n1: {}
  n2: {}
  m1: {type: money}
  m2: {type: money}
  f1: {type: flag}
  w1: {type: text}
about: {staff: {type: flag}}
"""
SOME_WORDS = ("failed", "late", "")

numbers = st.sampled_from(["0", "0.5", "1", "2", "59", "60", "61.5"])
sums = st.sampled_from(["0.00", "0.01", "0.05", "4.90", "19.99", "20.00"])
comparison = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])


def counted() -> st.SearchStrategy[str]:
    one = st.sampled_from([*NUMBERS, "0", "1", "60", "0.5", "-1", "many"])
    pair = st.tuples(st.sampled_from(NUMBERS), st.sampled_from("+-"), st.sampled_from(NUMBERS))
    return one | pair.map(lambda parts: f"({' '.join(parts)})") | st.just("-n1")


def paid() -> st.SearchStrategy[str]:
    one = st.sampled_from([*MONEY, "0"])
    pair = st.tuples(st.sampled_from(MONEY), st.sampled_from("+-"), st.sampled_from(MONEY))
    return one | pair.map(" ".join)


def compared(side: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(side, comparison, side)
    return two.map(" ".join) | st.tuples(two, comparison, side).map(
        lambda parts: f"{' '.join(parts[0])} {parts[1]} {parts[2]}"
    )


def asked() -> st.SearchStrategy[str]:
    words = st.lists(st.sampled_from(SOME_WORDS), min_size=1, max_size=3)
    listed = st.tuples(st.sampled_from(["w1", "reach"]), st.sampled_from(["in", "not in"]), words)
    return st.one_of(
        compared(counted()),
        compared(paid()),
        st.sampled_from(["f1", "big", "f1 == big", "f1 != true", "f1 == false"]),
        st.sampled_from(["w1 == 'late'", "w1 != ''", "w1 == reach", "reach != 'late'"]),
        listed.map(lambda parts: f"{parts[0]} {parts[1]} {parts[2]!r}"),
        st.sampled_from(["'cart' in parts", "w1 in parts", "reach not in parts"]),
        st.sampled_from(["nobody is defined", "nobody is undefined", "many is defined"]),
        st.just("(nobody is defined and nobody > 3)"),
        st.just("(nobody is undefined or nobody > 3)"),
    )


conditions = st.recursive(
    asked(),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        )
        | inner.map(lambda text: f"not ({text})")
    ),
    max_leaves=4,
)
facts = st.fixed_dictionaries(
    {
        "reach": st.sampled_from(SOME_WORDS),
        "parts": st.sets(st.sampled_from(["cart", "late", "failed"])).map(tuple),
        "big": st.booleans(),
        "many": st.sampled_from([0, 1, 60]),
    }
)
rows = st.fixed_dictionaries(
    {
        **{name: numbers.map(Decimal) for name in NUMBERS},
        **{name: sums.map(Decimal) for name in MONEY},
        "f1": st.booleans(),
        "w1": st.sampled_from(SOME_WORDS),
        "staff": st.booleans(),
    }
)
offers = st.one_of(
    st.sampled_from([5, 10, 15, 100]).map(lambda n: {"percent": n, "order": "33.35 EUR"}),
    st.sampled_from([5, 33]).map(
        lambda n: {"percent": n, "order": "60 EUR", "up_to": ["12.00 EUR"]}
    ),
    st.just({"amount": "7.50 EUR"}),
    st.just({"refund": "m1"}),
    st.just({"refund": "m1 + m2"}),
    st.just({"apology": True}),
)
policies = st.fixed_dictionaries(
    {
        "exclude": st.lists(conditions | st.just("staff"), max_size=2),
        "owed": st.lists(st.tuples(conditions, st.sampled_from(["m1", "m2 + m1"])), max_size=2),
        "tiers": st.lists(st.tuples(conditions, offers), min_size=1, max_size=3),
        "kept": st.lists(st.booleans(), min_size=2, max_size=2),
        "cap": st.sampled_from(["", "6.00 EUR"]),
    }
)


def written(drawn: Mapping[str, object]) -> Policy:
    exclude, owed, tiers, kept = (drawn[name] for name in ("exclude", "owed", "tiers", "kept"))
    found = yaml.safe_load(HARM)
    found["exclude"] = [
        {"id": f"x{n}", "when": when, "because": "so", "owed": kept[n]}
        for n, when in enumerate(exclude)
    ]
    found["owed"] = [
        {"id": f"o{n}", "when": when, "refund": refund} for n, (when, refund) in enumerate(owed)
    ]
    found["tiers"] = [
        {"id": f"t{n}", "when": when, "offer": offer} for n, (when, offer) in enumerate(tiers)
    ]
    found["cap"] = drawn["cap"]
    return msgspec.convert(found, Policy)


def half_up(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def worth(offer: object, names: Mapping[str, object], cap: str) -> Decimal | None:
    """What an offer is worth; None where it pays back nothing at all."""
    if offer.refund:
        found = Decimal(str(evaluate(offer.refund, names)))
        return found or None  # whole, whatever the cap is
    if offer.percent is not None:
        found = half_up(Decimal(offer.order.split()[0]) * offer.percent / 100)
        if offer.up_to:
            found = min(found, Decimal("12.00"))
    else:
        found = Decimal("7.50") if offer.amount else Decimal(0)
    return min(found, Decimal("6.00")) if cap else found


def oracle(policy: Policy, names: Mapping[str, object]) -> Outcome | None:
    """What the policy gives, condition by condition; None where a person must look."""
    tier, value = -1, Decimal(0)
    for place, each in enumerate(policy.tiers):
        if evaluate(each.when, names):
            tier = place
            given = worth(each.offer, names, policy.cap)
            if given is None:
                return None
            value = given
            break
    back: list[Decimal] = []
    for each in policy.owed:
        holds = bool(evaluate(each.when, names))
        back.append(Decimal(str(evaluate(each.refund, names))) if holds else Decimal(0))
        if holds and not back[-1]:
            return None
    owed = tuple(back) if any(back) else ()
    excluded = -1
    if tier >= 0 or owed:
        for place, each in enumerate(policy.exclude):
            if evaluate(each.when, names):
                excluded = place
                owed = owed if each.owed else ()
                break
    if tier < 0 and owed:
        excluded = -1
    return Outcome(tier, Decimal(0) if excluded >= 0 else value, excluded, owed)


@given(policies, rows, facts)
def test_the_function_gives_what_the_conditions_say_one_by_one(
    drawn: Mapping[str, object], row: Mapping[str, object], known: Mapping[str, object]
) -> None:
    policy = written(drawn)
    names = {**row, **known}
    values = [row[name] for name in columns(policy)]
    wanted = oracle(policy, names)
    decide = compiled(policy, known)

    if wanted is None:
        with pytest.raises(BadCell, match="no sum to pay back"):
            decide(values, WHO)
    else:
        assert decide(values, WHO) == wanted


@given(policies, rows, facts, st.lists(st.text(max_size=5), min_size=8, max_size=8))
def test_the_same_harm_gets_the_same_whoever_it_is(
    drawn: Mapping[str, object],
    row: Mapping[str, object],
    known: Mapping[str, object],
    others: list[str],
) -> None:
    policy = written({**drawn, "exclude": []})
    values = [row[name] for name in columns(policy)]
    decide = compiled(policy, known)

    def gets(who: Who) -> object:
        try:
            return decide(values, who)
        except BadCell as error:
            return error.message

    assert gets(WHO) == gets(Who(*others)._replace(currency="EUR"))


def test_who_is_excluded_is_told_apart_by_what_the_exclusion_names_alone() -> None:
    decide = compiled(
        policy(
            """
            currency: EUR
            harm: {minutes: {}}
            exclude: [{id: abroad, when: country == 'US', because: Not served there}]
            tiers: [{id: held-up, when: minutes > 0, offer: {amount: 5 EUR}}]
            """
        ),
        {},
    )

    kept = decide([Decimal(1)], WHO._replace(country="US"))

    assert kept == Outcome(0, Decimal(0), 0, ())
    assert decide([Decimal(1)], WHO) == Outcome(0, Decimal("5.00"), -1, ())
    assert decide([Decimal(1)], WHO._replace(name="US", segment="US")).excluded == -1


# Single things

ONE = """
currency: EUR
rates: {TRY: "0.02"}
harm: {minutes: {}, word: {type: text}, charge: {type: money}}
tiers: [{id: only, when: WHEN, offer: {amount: [5 EUR, 200 TRY]}}]
"""


def holds(when: str, *values: object, who: Who = WHO, **facts: object) -> bool:
    decide = compiled(policy(ONE.replace("WHEN", f'"{when}"')), facts)
    rest = (Decimal(0), "", Decimal(0))[len(values) :]
    return decide([*values, *rest], who).tier == 0


def test_words_are_the_same_in_capitals_and_with_spaces_around_them() -> None:
    assert holds("word == ' FAILED '", Decimal(0), "failed")
    assert holds("word in ['Late', 'Failed']", Decimal(0), "failed")
    assert holds("reach == 'MANY'", reach=" Many ")
    assert holds("'CART' in parts", parts=("Cart", "Checkout"))


def test_a_fraction_in_a_condition_is_the_number_that_is_written() -> None:
    assert holds("minutes >= 0.1", Decimal("0.1"))
    assert holds("minutes + 0.2 == 0.3", Decimal("0.1"))


def test_a_fact_that_is_a_fraction_is_the_number_that_was_recorded() -> None:
    assert holds("minutes + many == 0.3", Decimal("0.2"), many=Decimal("0.1"))


def test_a_chain_of_comparisons_holds_as_a_whole() -> None:
    assert holds("0 < minutes <= 60", Decimal(60))
    assert not holds("0 < minutes <= 60", Decimal(61))
    assert not holds("0 < minutes <= 60", Decimal(0))


def test_a_fact_that_nobody_answered_stops_the_plan_and_says_which() -> None:
    with pytest.raises(CrisisError, match="needs to know reach") as stopped:
        holds("reach == 'many'")
    assert stopped.value.hint == "record it first: crisisctl fact reach VALUE"


@pytest.mark.parametrize(
    "when", ["reach is defined or reach == 'x'", "not reach is defined and not reach"]
)
def test_a_fact_that_nobody_answered_never_decides_behind_a_question_for_it(when: str) -> None:
    with pytest.raises(CrisisError, match="needs to know reach"):
        holds(when)


def test_a_percentage_that_nobody_recorded_stops_the_plan() -> None:
    with pytest.raises(CrisisError, match="needs to know discount"):
        compiled(policy(PERCENT), {})


PERCENT = """
currency: EUR
harm: {minutes: {}}
tiers: [{id: only, when: minutes > 0, offer: {percent: discount, order: 33.35 EUR}}]
"""


def test_a_percentage_comes_from_the_fact_and_rounds_half_up() -> None:
    decide = compiled(policy(PERCENT), {"discount": 10})

    assert decide([Decimal(1)], WHO).value == Decimal("3.34")  # of 3.335


@pytest.mark.parametrize("share", [101, -1, Decimal("100.5")])
def test_a_percentage_beyond_a_hundred_is_no_discount(share: object) -> None:
    with pytest.raises(CrisisError, match=r"discount is .*, and a share is 0 to 100"):
        compiled(policy(PERCENT), {"discount": share})


@pytest.mark.parametrize(
    ("currency", "order", "face"),
    [
        ("JPY", "1005 JPY", "101"),  # 100.5
        ("EUR", "33.35 EUR", "3.34"),  # 3.335
        ("EUR", "33.34 EUR", "3.33"),
        ("KWD", "3.3350 KWD", "0.334"),  # 0.3335
    ],
)
def test_a_share_is_rounded_half_up_in_the_digits_of_its_currency(
    currency: str, order: str, face: str
) -> None:
    text = PERCENT.replace("EUR", currency, 1).replace("33.35 EUR", order)
    decide = compiled(policy(text.replace("discount", "10")), {})

    assert str(decide([Decimal(1)], WHO._replace(currency=currency)).value) == face


def test_an_offer_without_a_sum_in_the_currency_of_the_row_is_a_persons_matter() -> None:
    text = ONE.replace("WHEN", "minutes > 0").replace("[5 EUR, 200 TRY]", "5 EUR")
    decide = compiled(policy(text), {})

    with pytest.raises(BadCell, match="gives sums in EUR, not in TRY"):
        decide([Decimal(1), "", Decimal(0)], WHO._replace(currency="TRY"))


def test_money_back_is_never_capped_and_any_other_gesture_is() -> None:
    text = """
    currency: EUR
    rates: {USD: "0.9"}
    cap: 10 EUR
    harm: {charge: {type: money}, late: {type: money}, minutes: {}}
    owed: [{id: double, when: charge > 0, refund: charge}]
    tiers:
      - {id: late, when: late > 0, offer: {refund: late}}
      - {id: held-up, when: minutes > 0, offer: {amount: [15 EUR, 15 USD]}}
    """
    decide = compiled(policy(text), {})
    charge, late = Decimal("99.00"), Decimal("98.00")

    found = decide([charge, late, Decimal(0)], WHO)
    abroad = decide([charge, late, Decimal(0)], WHO._replace(currency="USD"))
    other = decide([Decimal(0), Decimal(0), Decimal(9)], WHO)

    assert (found.value, found.owed) == (late, (charge,))
    assert abroad == found  # no cap is needed in its currency
    assert other.value == Decimal("10.00")
    with pytest.raises(BadCell, match="gives sums in EUR, not in USD"):
        decide([Decimal(0), Decimal(0), Decimal(9)], WHO._replace(currency="USD"))


def test_a_test_account_gets_nothing_back_and_an_employee_does() -> None:
    text = """
    currency: EUR
    harm: {charge: {type: money}, minutes: {}}
    about: {staff: {type: flag}, robot: {type: flag}}
    exclude:
      - {id: robot, when: robot, because: Nobody, owed: false}
      - {id: staff, when: staff, because: Employees}
    owed: [{id: double, when: charge > 0, refund: charge}]
    tiers: [{id: held-up, when: minutes > 0, offer: {amount: 5 EUR}}]
    """
    decide = compiled(policy(text), {})
    charge = Decimal("9.00")

    assert decide([charge, Decimal(1), False, True], WHO) == Outcome(0, Decimal(0), 0, ())
    assert decide([charge, Decimal(1), True, False], WHO) == Outcome(0, Decimal(0), 1, (charge,))
    assert decide([charge, Decimal(0), True, False], WHO) == Outcome(-1, Decimal(0), -1, (charge,))
    assert decide([Decimal(0), Decimal(0), True, True], WHO) == Outcome(-1, Decimal(0), -1, ())
