"""ENISA's severity of a breach: the method's own vectors, its bounds, and answers it cannot use."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers import an_incident, minute
from regulated import SCALE, a_regulated, fact

from crisisctl.deadlines import enisa
from crisisctl.deadlines.enisa import Score, scored
from crisisctl.deadlines.notices import severity
from crisisctl.playbook.load import load
from crisisctl.playbook.model import Fact
from crisisctl.workspace import shipped

HARMLESS: dict[str, Any] = {
    "data": ("simple",),
    "context": "as-it-is",
    "identification": "maximum",
    "confidentiality": "none",
    "integrity": "none",
    "availability": "none",
    "malice": False,
}
WORSE: dict[str, tuple[Any, ...]] = {
    "data": tuple((kind,) for kind in enisa.DATA),
    "context": tuple(enisa.CONTEXT),
    "identification": tuple(enisa.IDENTIFICATION),
    "confidentiality": tuple(enisa.CONFIDENTIALITY),
    "integrity": tuple(enisa.INTEGRITY),
    "availability": tuple(enisa.AVAILABILITY),
    "malice": (False, True),
}
"""The answers to each question, from the mildest to the worst."""
ANSWERS = st.fixed_dictionaries({name: st.sampled_from(each) for name, each in WORSE.items()})


def score(**changes: Any) -> Score:
    found = scored(SCALE, {**HARMLESS, **changes})
    assert found is not None
    return found


# Vectors of the content sheet, part 6


@pytest.mark.parametrize(
    ("answers", "value", "level"),
    [
        ({"confidentiality": "unknown"}, "1.5", "low"),
        ({"confidentiality": "unknown", "malice": True}, "2.0", "medium"),
        ({"data": ("sensitive",), "confidentiality": "unknown", "malice": True}, "5", "very high"),
        (
            {
                "data": ("behavioural",),
                "identification": "negligible",
                "availability": "temporary",
            },
            "0.75",
            "low",
        ),
        # the replay of part 9: financial data, hacked
        ({"data": ("financial",), "confidentiality": "unknown", "malice": True}, "4", "very high"),
    ],
)
def test_the_score_is_what_the_method_gives(
    answers: dict[str, Any], value: str, level: str
) -> None:
    found = score(**answers)

    assert (found.value, found.level) == (Decimal(value), level)


@pytest.mark.parametrize(
    ("dpc", "cb", "level"),
    [
        (1, "0.75", "low"),
        (2, "0", "medium"),
        (2, "0.75", "medium"),
        (3, "0", "high"),
        (3, "0.75", "high"),
        (4, "0", "very high"),
    ],
)
def test_each_band_begins_with_its_own_number(dpc: int, cb: str, level: str) -> None:
    assert Score(dpc, Decimal(1), Decimal(cb)).level == level


def test_of_several_kinds_of_data_the_worst_counts() -> None:
    assert score(data=("simple", "financial", "behavioural")).dpc == 3


def test_the_context_moves_the_data_one_step_and_never_off_the_scale() -> None:
    moved = {
        (kind, context): score(data=(kind,), context=context).dpc
        for kind in ("simple", "financial", "sensitive")
        for context in ("lower", "higher")
    }

    assert moved == {
        ("simple", "lower"): 1,
        ("simple", "higher"): 2,
        ("financial", "lower"): 2,
        ("financial", "higher"): 4,
        ("sensitive", "lower"): 3,
        ("sensitive", "higher"): 4,
    }


def test_the_score_says_what_it_is_made_of() -> None:
    shown = str(score(data=("sensitive",), confidentiality="unknown", malice=True))

    assert shown == "5, very high (4 x 1 + 1)"


# Bounds


def test_the_mildest_answers_give_a_quarter_and_the_worst_give_six() -> None:
    mildest = scored(SCALE, {name: each[0] for name, each in WORSE.items()})
    worst = scored(SCALE, {name: each[-1] for name, each in WORSE.items()})

    assert mildest is not None
    assert worst is not None
    assert (mildest.value, worst.value) == (Decimal("0.25"), Decimal(6))


@given(ANSWERS, st.sampled_from(sorted(WORSE)))
def test_a_worse_answer_never_makes_the_breach_less_severe(
    answers: dict[str, Any], question: str
) -> None:
    values = [score(**{**answers, question: answer}).value for answer in WORSE[question]]

    assert values == sorted(values)
    assert all(Decimal("0.25") <= value <= 6 for value in values)


# Answers it cannot use


@pytest.mark.parametrize("missing", sorted(WORSE))
def test_while_an_answer_is_missing_there_is_no_score(missing: str) -> None:
    answers = {name: answer for name, answer in HARMLESS.items() if name != missing}

    assert scored(SCALE, answers) is None


@pytest.mark.parametrize("foreign", sorted(set(WORSE) - {"malice"}))
def test_an_answer_that_the_method_does_not_know_gives_no_score(foreign: str) -> None:
    assert scored(SCALE, {**HARMLESS, foreign: "a-bit"}) is None


@pytest.mark.parametrize("kinds", [(), ("simple", "a-bit")])
def test_no_kind_of_data_or_one_unknown_among_them_gives_no_score(kinds: tuple[str, ...]) -> None:
    assert scored(SCALE, {**HARMLESS, "data": kinds}) is None


@pytest.mark.parametrize("answer", ["yes", 1, None])
def test_malice_that_is_neither_yes_nor_no_gives_no_score(answer: object) -> None:
    assert scored(SCALE, {**HARMLESS, "malice": answer}) is None  # type: ignore[dict-item]


def test_an_incident_is_scored_from_what_is_believed_and_a_retraction_takes_it_back() -> None:
    plan = a_regulated()
    asked = {name: Fact(type="choice", ask=name) for name in WORSE}
    asked |= {"data": Fact(type="choices", ask="data"), "malice": Fact(type="flag", ask="malice")}
    plan = a_regulated(facts={**plan.facts, **asked})
    told = [
        fact(name, list(v) if isinstance(v, tuple) else v, "suspected")
        for name, v in HARMLESS.items()
    ]

    found = severity(an_incident(*told, plan=plan), now=minute(5))
    without = an_incident(*told[:-1], plan=plan)

    assert found is not None
    assert found.value == 1
    assert severity(without, now=minute(5)) is None
    assert severity(an_incident(), now=minute(5)) is None


def test_the_shipped_playbook_asks_in_the_methods_own_words() -> None:
    plan = load(shipped("playbooks") / "breach.yaml").plan
    ours = plan.regulators.severity if plan.regulators else None
    assert ours is not None
    tables = {
        ours.data: enisa.DATA,
        ours.context: enisa.CONTEXT,
        ours.identification: enisa.IDENTIFICATION,
        ours.confidentiality: enisa.CONFIDENTIALITY,
        ours.integrity: enisa.INTEGRITY,
        ours.availability: enisa.AVAILABILITY,
    }

    for name, table in tables.items():
        assert set(plan.facts[name].choices) == set(table), name
    assert plan.facts[ours.malice].type == "flag"
