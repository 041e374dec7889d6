"""The path prover against walking every path, and against more paths than anyone could walk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisctl.lint.policy import follows
from crisisctl.lint.prover.formula import TRUE, condition, reads, tree_of
from crisisctl.lint.prover.questions import OPEN, LeftOut, Open, Says, Suspected, Unasked, Walked
from crisisctl.lint.prover.types import Fails, kind_of
from crisisctl.lint.prover.uses import uses
from crisisctl.lint.prover.walks import Walks
from crisisctl.playbook import conditions
from crisisctl.playbook.conditions import BadExpression
from crisisctl.playbook.model import Decide, Fact, Option, Playbook, Step
from crisisctl.playbook.policy import Column, Offer, Policy, Tier

FACTS = {
    "flag": Fact(type="flag", ask="?"),
    "kind": Fact(type="choice", ask="?", choices={"a": "A", "b": "B", "c": "C"}),
    "maybe": Fact(type="flag", ask="?", optional=True),
    "way": Fact(type="choice", ask="?", choices={"x": "X", "y": "Y"}, optional=True),
}
ATOMS = (
    "flag",
    "maybe",
    "kind == 'a'",
    "kind != 'b'",
    "kind in ['b', 'c']",
    "way == 'x'",
    "way not in ['x']",
    "maybe is defined",
    "way is not defined",
    "kind is defined and kind == 'c'",
    "flag and maybe",
)
CONDITIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) and ({pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) or ({pair[1]})"),
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]}) if ({t[1]}) else ({t[2]})"),
    ),
    max_leaves=4,
)
STEPS = st.lists(
    st.tuples(st.one_of(st.just(""), CONDITIONS), st.lists(st.sampled_from(sorted(FACTS)))),
    min_size=1,
    max_size=6,
)


def a_plan(steps: list[tuple[str, list[str]]], facts: Mapping[str, Fact] = FACTS) -> Playbook:
    rows = tuple(
        Step(id=f"s{n}", title="?", when=when, ask=tuple(asked))
        for n, (when, asked) in enumerate(steps)
    )
    return Playbook(playbook="p", title="P", facts=dict(facts), stages={"assess": rows})


def every_walk(plan: Playbook) -> Iterator[tuple[list[bool], list[set[str]]]]:
    """Each walk there is: which steps are walked, and what was asked before each."""
    domains = []
    for fact in plan.facts.values():
        values: list[object] = [True, False] if fact.type == "flag" else list(fact.choices)
        domains.append([*values, OPEN] if fact.optional else values)
    for chosen in product(*domains):
        values_of = dict(zip(plan.facts, chosen, strict=True))
        known: dict[str, object] = {}
        asked: set[str] = set()
        walked, before = [], []
        for _, step in plan.steps():
            before.append(set(asked))
            walked.append(not step.when or holds(step.when, known))
            if walked[-1]:
                asked |= set(step.ask)
                known = {name: values_of[name] for name in asked if values_of[name] != OPEN}
        yield walked, before


def holds(when: str, known: Mapping[str, object]) -> bool:
    try:
        return bool(conditions.evaluate(when, known))
    except BadExpression:
        return True


@given(STEPS)
def test_a_step_is_reached_exactly_where_some_walk_reaches_it(
    steps: list[tuple[str, list[str]]],
) -> None:
    plan = a_plan(steps)
    walks, all_walks = Walks(plan), list(every_walk(plan))

    for number in range(len(steps)):
        assert walks.ask(Walked(number)).found == any(w[number] for w, _ in all_walks)
        assert walks.ask(LeftOut(number)).found == any(not w[number] for w, _ in all_walks)


@given(STEPS)
def test_a_fact_is_missing_exactly_where_some_walk_has_not_asked_it(
    steps: list[tuple[str, list[str]]],
) -> None:
    plan = a_plan(steps)
    walks, all_walks = Walks(plan), list(every_walk(plan))
    last = len(steps) - 1

    for name in FACTS:
        lacking = any(w[last] and name not in before[last] for w, before in all_walks)
        assert walks.ask(Unasked(name, last), Walked(last)).found == lacking


@given(STEPS)
def test_two_things_happen_together_exactly_where_some_walk_has_both(
    steps: list[tuple[str, list[str]]],
) -> None:
    plan = a_plan(steps)
    walks, all_walks = Walks(plan), list(every_walk(plan))
    last = len(steps) - 1

    both = any(w[0] and not w[last] for w, _ in all_walks)
    assert walks.ask(Walked(0), LeftOut(last)).found == both


def test_forty_independent_choices_are_proved_without_walking_each_of_a_trillion_paths() -> None:
    facts = {f"c{n}": Fact(type="choice", ask="?", choices={"a": "A", "b": "B"}) for n in range(40)}
    rows: list[tuple[str, list[str]]] = [("", list(facts))]
    rows += [(f"c{n} == 'a'", []) for n in range(40)]
    rows += [(" and ".join(f"c{n} == 'a'" for n in range(25)), [])]
    walks = Walks(a_plan(rows, facts))

    answers = [walks.ask(Walked(n)) for n in range(len(rows))]

    assert all(answer.found and not answer.bounded for answer in answers)


def test_a_question_with_too_many_cases_says_so_instead_of_no() -> None:
    names = [f"f{n}" for n in range(20)]
    facts = {name: Fact(type="flag", ask="?") for name in names}
    holes = [[f"f{p * 4 + h}" for h in range(4)] for p in range(5)]
    rules = [f"({' or '.join(row)})" for row in holes]
    rules += [
        f"not ({holes[p][h]} and {holes[q][h]})"
        for h in range(4)
        for p in range(5)
        for q in range(p)
    ]
    halves = (" and ".join(rules[:20]), " and ".join(["go is defined", *rules[20:]]))
    facts["go"] = Fact(ask="?")
    walks = Walks(a_plan([("", names), (halves[0], ["go"]), (halves[1], [])], facts))
    walks.work = 10**9  # nothing more may be spent

    answer = walks.ask(Walked(2))

    assert answer.bounded
    assert not answer.found


def test_evidence_names_the_answers_that_lead_there_and_no_others() -> None:
    walks = Walks(a_plan([("", ["flag", "kind", "maybe"]), ("kind == 'b'", ["way"]), ("", [])]))

    answer = walks.ask(Unasked("way", 2))

    assert walks.words(answer.case) == '"kind" is "a"'


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        (Open("maybe"), '"maybe" is left open'),
        (Says(condition("flag") or TRUE, 1), '"flag" is yes'),
        (Says(condition("not flag") or TRUE, 1), '"flag" is no'),
    ],
)
def test_evidence_is_told_in_words(clause: Open | Says, words: str) -> None:
    walks = Walks(a_plan([("", ["flag", "maybe"]), ("", [])]))

    assert walks.words(walks.ask(clause).case) == words


def test_a_suspected_fact_counts_in_conditions_and_not_in_messages() -> None:
    facts = {"cause": Fact(type="flag", ask="?", certainty="ask")}
    walks = Walks(a_plan([("", ["cause"]), ("", [])], facts))
    known = condition("cause is defined")
    assert known is not None

    assert not walks.ask(Suspected("cause"), Says(known, 1, message=True)).found
    assert walks.ask(Suspected("cause"), Says(known, 1)).found


def test_a_decision_is_known_from_its_step_on() -> None:
    options = {"x": Option(title="X"), "y": Option(title="Y")}
    choose = Step(id="choose", title="?", decide=Decide(fact="choice", options=options))
    after = Step(id="after", title="?", when="choice == 'y'")
    walks = Walks(Playbook(playbook="p", title="P", stages={"assess": (choose, after)}))

    assert walks.ask(Unasked("choice", 0)).found
    assert not walks.ask(Unasked("choice", 1)).found
    assert walks.words(walks.ask(Walked(1)).case) == '"choice" is "y"'


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("a and b", [("a", False), ("b", True)]),
        ("a or b", [("a", False), ("b", True)]),
        ("a if b else c", [("b", False), ("a", True), ("c", True)]),
        ("a is defined", []),
        ("a | default('x')", []),
        ("a - b", [("a", False), ("b", False)]),
        ("a == b", [("a", False), ("b", False)]),
        ("not a", [("a", False)]),
    ],
)
def test_an_expression_reads_its_right_side_only_when_it_must(
    expression: str, names: list[tuple[str, bool]]
) -> None:
    tree = tree_of(expression)
    assert tree is not None

    assert [(read.name, read.guard != TRUE) for read in reads(tree)] == names


SPECS = {
    "at": Fact(type="time", ask="?"),
    "took": Fact(type="duration", ask="?"),
    "count": Fact(type="number", ask="?"),
    "price": Fact(type="money", ask="?"),
    "word": Fact(ask="?"),
    "yes": Fact(type="flag", ask="?"),
}


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("at - at", "duration"),
        ("(at or now) - at", "duration"),
        ("at + took", "time"),
        ("took - took", "duration"),
        ("count + 1", "number"),
        ("word + 'x'", "text"),
        ("at > at", "flag"),
        ("unknown - at", "nothing"),
        ("at if yes else at", "time"),
    ],
)
def test_an_expression_comes_to_a_kind(expression: str, kind: str) -> None:
    tree = tree_of(expression)
    assert tree is not None

    assert kind_of(tree, SPECS) == kind


@pytest.mark.parametrize(
    "expression", ["at - count", "price - price", "at + at", "at > 5", "took < 60", "-word"]
)
def test_what_can_never_be_worked_out_fails_before_the_crisis(expression: str) -> None:
    tree = tree_of(expression)
    assert tree is not None

    with pytest.raises(Fails):
        kind_of(tree, SPECS)


def test_a_block_reads_what_the_blocks_it_calls_read_behind_its_own_guards() -> None:
    text = (
        "{% block inner %}{{ a }}{% endblock %}"
        "{% block body %}{% if b is defined %}{{ self.inner() }}{% endif %}{% endblock %}"
    )

    found = uses(text)["body"]

    assert [(use.read.name, use.block) for use in found] == [("a", "inner")]
    assert found[0].read.guard == condition("b is defined")


def test_names_of_the_template_itself_are_no_facts() -> None:
    text = (
        "{% block body %}{% set x = a %}{{ x }}"
        "{% for part in parts %}{{ part }}{{ loop.index }}{% endfor %}{% endblock %}"
    )

    assert [use.read.name for use in uses(text)["body"]] == ["a", "parts"]


def test_a_long_chain_of_blocks_or_computed_facts_is_followed_without_falling() -> None:
    blocks = "".join(
        f"{{% block b{n} %}}{{{{ self.b{n + 1}() }}}}{{% endblock %}}" for n in range(150)
    )
    facts = {f"f{n}": Fact(type="number", compute=f"f{n + 1} + 1") for n in range(3000)}
    facts["f3000"] = Fact(type="number", ask="?")

    found = uses(blocks + "{% block b150 %}{{ x }}{% endblock %}")

    assert [use.read.name for use in found["b0"]] == ["x"]
    assert Walks(a_plan([("", [])], facts)).inputs("f0") == ["f3000"]


# What was handed out


def handed(when: str = "") -> Walks:
    """A plan that plans and hands out, by a condition, and has steps before and after."""
    policy = Policy(
        currency="EUR",
        harm={"failed": Column()},
        tiers=(Tier(id="lost", when="failed > 0", offer=Offer(apology=True)),),
    )
    steps = (
        Step(id="early", title="?", when="not handed_out"),
        Step(id="ask", title="?", ask=("flag",)),
        Step(id="issue", title="?", when=when, compensate="issue"),
        Step(id="told", title="?", when="'lost' in handed_out"),
        Step(id="others", title="?", when="flag and not handed_out"),
    )
    facts = {"flag": FACTS["flag"]}
    return Walks(
        Playbook(
            playbook="p", title="P", facts=facts, stages={"assess": steps}, compensation=policy
        )
    )


def test_what_was_handed_out_is_known_by_handing_it_out_and_never_before() -> None:
    walks = handed()

    assert walks.askers("handed_out") == [2]
    assert not walks.ask(LeftOut(0)).found
    assert walks.always_asked("handed_out", 3)


@pytest.mark.parametrize("when", ["", "flag"])
@pytest.mark.parametrize("step", [3, 4])
def test_after_it_was_handed_out_a_step_may_be_walked_or_left_out(when: str, step: int) -> None:
    assert handed(when).ask(Walked(step)).found
    assert handed(when).ask(LeftOut(step)).found


def test_where_handing_out_was_left_out_nothing_was() -> None:
    assert not handed("flag").ask(LeftOut(2), Walked(3)).found


def test_a_walk_on_which_nothing_was_handed_out_is_told_in_words() -> None:
    walks = handed()

    assert "nothing was handed out" in walks.words(walks.ask(Open("handed_out"), Walked(4)).case)


# One condition behind another

NARROW = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.sampled_from([">", ">=", "<", "<=", "==", "!="]),
        st.integers(0, 3),
        st.booleans(),
    ).map(lambda t: f"{t[2]} {t[1]} {t[0]}" if t[3] else f"{t[0]} {t[1]} {t[2]}"),
    min_size=1,
    max_size=3,
)


@given(NARROW, NARROW, st.sampled_from([" and ", " or "]))
def test_a_condition_that_follows_never_holds_where_the_earlier_one_does_not(
    later: list[str], earlier: list[str], joint: str
) -> None:
    second, first = " and ".join(later), joint.join(earlier)
    if follows(second, first):
        for a, b in product((-1, 0, 1, 2, 3, 4), repeat=2):
            names = {"a": a, "b": b}
            if conditions.evaluate(second, names):
                assert conditions.evaluate(first, names)


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        ("a >= 180", "a >= 60"),
        ("a > 60", "a >= 60"),
        ("2 < a", "a != 0"),
        ("a == 2 and flag", "a > 1"),
        ("flag", "flag or a > 3"),
        ("word == 'lost'", "word == 'lost'"),
    ],
)
def test_a_narrower_condition_follows_and_the_wider_one_does_not(later: str, earlier: str) -> None:
    assert follows(later, earlier)
    assert later == earlier or not follows(earlier, later)
