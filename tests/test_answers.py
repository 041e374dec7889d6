"""Answers given beforehand: an answers file, --set, and the playbook's own examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from makers import BEGAN, a_plan, a_playbook, a_step, minute

from crisisctl.errors import CrisisError
from crisisctl.playbook.load import BadFile, load
from crisisctl.playbook.model import Decide, Fact, Option, Playbook
from crisisctl.runner.answers import (
    BEFOREHAND,
    ActionLine,
    Answers,
    Choice,
    FactAnswer,
    MessageAnswer,
    NoteAnswer,
    StepAnswer,
    examples,
    read_answers,
    settings,
)
from crisisctl.workspace import shipped

PARIS = ZoneInfo("Europe/Paris")
KEYS = [
    *("facts", "decisions", "steps", "roles", "messages", "notes", "actions", "at", "approve"),
    *("cause", "look", "workaround", "commander", "send", "text", "title"),
    *("value", "status", "choose", "skip"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.yaml"


def read(file: Path, text: str, plan: Playbook | None = None) -> Answers:
    file.write_text(text, encoding="utf-8")
    return read_answers(file, plan or a_playbook(), now=BEGAN, zone=PARIS)


def told(file: Path, text: str) -> list[str]:
    """Every problem of the text, without the file's name."""
    with pytest.raises(BadFile) as refused:
        read(file, text)
    return [line.removeprefix(f"{file}:") for line in refused.value.message.splitlines()]


# What may be written


def test_a_fact_is_written_short_or_long(file: Path) -> None:
    answers = read(
        file,
        "facts:\n"
        "  cause: overload\n"
        "  checkout: {value: none, status: suspected, source: a colleague}\n"
        "  started_at: '19:55'\n",
    )

    assert answers.facts == {
        "cause": FactAnswer("overload"),
        "checkout": FactAnswer("none", "suspected", "a colleague"),
        "started_at": FactAnswer(minute(-5)),
    }


def test_a_value_is_read_as_its_fact_says(file: Path) -> None:
    facts = {
        "parts": Fact(type="choices", choices={"cart": "Cart", "app": "App", "site": "Site"}),
        "many": Fact(type="number"),
        "share": Fact(type="number"),
        "long": Fact(type="duration"),
        "money": Fact(type="money"),
        "sure": Fact(type="flag"),
        "words": Fact(),
    }
    text = (
        "facts: {parts: [site, cart], many: 140, share: 2.5, long: 90m, money: 12 EUR,"
        " sure: true, words: 'no'}\n"
    )

    answers = read(file, text, a_plan(a_step(), facts=facts))

    assert {name: answer.value for name, answer in answers.facts.items()} == {
        "parts": ("cart", "site"),
        "many": 140,
        "share": Decimal("2.5"),
        "long": timedelta(minutes=90),
        "money": "12.00 EUR",
        "sure": True,
        "words": "no",
    }


def test_decisions_and_steps_are_written_short_or_long(file: Path) -> None:
    short = read(file, "decisions: {workaround: phone}\nsteps: {look: done, hold: }\n")
    long = read(
        file,
        "decisions: {workaround: {choose: none, because: Nobody is there}}\n"
        "steps:\n"
        "  fix: {skip: Repaired by itself}\n"
        "  look: {at: '20:10', note: Seen, open: [From outside], run: true}\n",
    )

    assert short.decisions == {"workaround": Choice(choose="phone")}
    assert short.steps == {"look": StepAnswer(), "hold": StepAnswer()}
    assert long.decisions == {"workaround": Choice(choose="none", because="Nobody is there")}
    assert long.steps == {
        "fix": StepAnswer(skip="Repaired by itself"),
        "look": StepAnswer("", minute(10), "Seen", ("From outside",), run=True),
    }


def test_a_replay_has_its_own_times_roles_messages_notes_and_action_items(file: Path) -> None:
    answers = read(
        file,
        "at: 2026-11-27T20:00+01:00\n"
        "approve: true\n"
        "roles: {commander: ana}\n"
        "messages:\n"
        "  - {send: update, at: '20:40', facts: {eta: '20:50', cause: {value: overload}}}\n"
        "notes:\n"
        "  - {text: The queue grew, at: '20:05', topic: went-badly}\n"
        "  - {text: Later}\n"
        "actions:\n"
        "  - {title: Practise the way back, owner: jo, due: 2026-12-15}\n",
    )

    assert (answers.at, answers.approve, answers.roles) == (BEGAN, True, {"commander": "ana"})
    facts = {"eta": FactAnswer(minute(50)), "cause": FactAnswer("overload")}
    assert answers.notes == (
        NoteAnswer("The queue grew", minute(5), "went-badly"),
        NoteAnswer("Later", None, ""),
    )
    assert answers.actions == (
        ActionLine(title="Practise the way back", owner="jo", due="2026-12-15"),
    )
    assert answers.messages == (MessageAnswer("update", minute(40), facts),)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "{}\n", "~\n"])
def test_a_file_may_answer_nothing(file: Path, text: str) -> None:
    assert read(file, text) == Answers(let_stand=BEFOREHAND)


def test_json_is_an_answers_file_too(file: Path) -> None:
    answers = read(file, r'{"facts": {"needs": "Two people \ud83d\ude00"}, "approve": true}')

    assert answers.facts["needs"].value == "Two people 😀"
    assert answers.approve


def test_an_optional_fact_may_be_left_empty(file: Path) -> None:
    assert read(file, "facts: {eta: , needs: null}\n").facts == {}


def test_answers_for_what_is_never_asked_are_fine(file: Path) -> None:
    assert (
        read(file, "steps: {phones: done}\nfacts: {needs: a bed}\n").facts["needs"].value == "a bed"
    )


# What may not


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param(
            "facts:\n  cause: overlaod\n  eta: soon\n",
            [
                '2:10: error[answers]: "overlaod" is not a choice: write overload or deployment;'
                " did you mean overload?",
                '3:8: error[answers]: "soon" is not a time: write 2026-11-27T20:04+01:00, 20:04,'
                " -15m or now",
            ],
            id="values",
        ),
        pytest.param(
            "facts: {cause: {value: overlaod}}\n",
            [
                '1:24: error[answers]: "overlaod" is not a choice: write overload or deployment;'
                " did you mean overload?",
            ],
            id="a value in the long form",
        ),
        pytest.param(
            "facts: {cuase: overload, downtime: 1h}\n",
            [
                '1:9: error[answers]: there is no fact "cuase" (did you mean "cause"?)',
                '1:26: error[answers]: "downtime" is computed, it cannot be set',
            ],
            id="names of facts",
        ),
        pytest.param(
            "facts: {cause: , started_at: {value: }}\n",
            [
                '1:16: error[answers]: "cause" is left empty'
                " (write its value, or leave the line out)",
                '1:38: error[answers]: "started_at" is left empty'
                " (write its value, or leave the line out)",
            ],
            id="empty facts",
        ),
        pytest.param(
            "facts: {cause: {status: suspected}, eta: {value: now, status: sure}}\n",
            [
                '1:16: error[missing-key]: the key "value" is missing in facts.cause'
                " (add `value:`)",
                '1:63: error[unknown-value]: "sure" is not known here'
                " (it can be suspected or confirmed)",
            ],
            id="the long form itself",
        ),
        pytest.param(
            "decisions:\n  workaround: phones\n  look: phone\n  workarund: phone\n",
            [
                '2:15: error[answers]: "phones" is not an option of "workaround"'
                ' (did you mean "phone"?)',
                '3:3: error[answers]: step "look" has nothing to decide',
                '4:3: error[answers]: there is no step "workarund" (did you mean "workaround"?)',
            ],
            id="decisions",
        ),
        pytest.param(
            "steps:\n  lok: done\n  hold: {at: soon}\n",
            [
                '2:3: error[answers]: there is no step "lok" (did you mean "look"?)',
                '3:14: error[answers]: "soon" is not a time: write 2026-11-27T20:04+01:00, 20:04,'
                " -15m or now",
            ],
            id="steps",
        ),
        pytest.param(
            "steps: {hold: skip}\n",
            ['1:15: error[wrong-type]: "hold" must be a mapping of keys to values'],
            id="a step that is only skipped",
        ),
        pytest.param(
            "roles: {pilot: ana}\n",
            ['1:9: error[answers]: there is no role "pilot" (roles: commander and scribe)'],
            id="roles",
        ),
        pytest.param(
            "messages:\n  - {send: updat, at: soon, facts: {cuase: x}}\n"
            "  - {send: update, at: ''}\n",
            [
                '2:12: error[answers]: there is no message "updat" (did you mean "update"?)',
                '2:23: error[answers]: "soon" is not a time: write 2026-11-27T20:04+01:00, 20:04,'
                " -15m or now",
                '2:37: error[answers]: there is no fact "cuase" (did you mean "cause"?)',
                "3:24: error[answers]: the message has no time (write when it went out)",
            ],
            id="messages",
        ),
        pytest.param(
            "notes: [{text: a, at: soon}]\nat: never\n",
            [
                '1:23: error[answers]: "soon" is not a time: write 2026-11-27T20:04+01:00, 20:04,'
                " -15m or now",
                '2:5: error[answers]: "never" is not a time: write 2026-11-27T20:04+01:00, 20:04,'
                " -15m or now",
            ],
            id="times",
        ),
        pytest.param(
            "approve: yes\nfact: {cause: overload}\n",
            [
                '1:10: error[wrong-type]: "approve" must be true or false',
                '2:1: error[unknown-key]: "fact" is not a key (did you mean "facts"?)',
            ],
            id="keys",
        ),
        pytest.param(
            "[]\n",
            ["1:1: error[wrong-type]: the file must be a mapping of keys to values"],
            id="a list",
        ),
        pytest.param(
            "facts: {cause: overload, cause: overload}\n",
            [
                "1:26: error[yaml-duplicate-key]: the key 'cause' is already on line 1"
                " (remove or rename one of them)"
            ],
            id="a key twice",
        ),
    ],
)
def test_every_mistake_is_told_at_its_place(file: Path, text: str, lines: list[str]) -> None:
    assert told(file, text) == lines


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CrisisError, match="does not exist"):
        read_answers(tmp_path / "none.yaml", a_playbook(), now=BEGAN, zone=PARIS)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.recursive(
        st.sampled_from(
            ["", "cause", "overload", "5", "true", "null", "~", "19:55", "'x'", "soon"]
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
            st.dictionaries(
                st.sampled_from(KEYS),
                inner,
                max_size=4,
            ).map(lambda pairs: "{" + ", ".join(f"{k}: {v}" for k, v in pairs.items()) + "}"),
        ),
        max_leaves=12,
    )
)
def test_any_file_is_read_or_refused(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")

    try:
        answers = read_answers(file, a_playbook(), now=BEGAN, zone=PARIS)
    except BadFile:
        return

    assert isinstance(answers, Answers)


# --set


def test_a_set_fact_is_confirmed_and_one_with_a_question_mark_suspected() -> None:
    given_ = settings(
        ["cause?=overload", "needs=a=b, c", " eta =+30m"], a_playbook(), now=BEGAN, zone=PARIS
    )

    assert given_ == {
        "cause": FactAnswer("overload", "suspected", "--set"),
        "needs": FactAnswer("a=b, c", "confirmed", "--set"),
        "eta": FactAnswer(minute(30), "confirmed", "--set"),
    }


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ("cause", '--set "cause": write it as FACT=VALUE'),
        ("cuase=overload", 'there is no fact "cuase"'),
        ("downtime=1h", '"downtime" is computed, it cannot be set'),
        ("eta=soon", 'eta: "soon" is not a time'),
        ("cause=", "cause: an empty answer is not a choice"),
        ("=x", 'there is no fact ""'),
    ],
)
def test_a_set_fact_is_refused_by_name(pair: str, message: str) -> None:
    with pytest.raises(CrisisError) as refused:
        settings([pair], a_playbook(), now=BEGAN, zone=PARIS)

    assert refused.value.message.startswith(message)


def test_a_set_fact_stands_over_the_file() -> None:
    answers = Answers(facts={"cause": FactAnswer("overload"), "needs": FactAnswer("x")})

    both = answers.with_facts({"cause": FactAnswer("deployment")})

    assert both == replace(
        answers, facts={"cause": FactAnswer("deployment"), "needs": FactAnswer("x")}
    )


# The playbook's own examples


def test_the_examples_answer_whatever_has_one() -> None:
    options = {"phone": Option(title="P"), "none": Option(title="N")}
    plan = a_plan(
        a_step(id="choose", decide=Decide(fact="way", options=options, example="none")),
        a_step(id="again", decide=Decide(fact="other", options=options)),
        facts={
            "cause": a_playbook().facts["cause"],
            "words": Fact(ask="x"),
            "sum": Fact(compute="words", example="never"),
        },
    )

    answers = examples(plan, now=BEGAN, zone=PARIS)

    assert {name: answer.value for name, answer in answers.facts.items()} == {
        "cause": "deployment",
        "checkout": "all",
        "reach": "few",
        "way": "none",
        "other": "phone",
    }
    assert {id: choice.choose for id, choice in answers.decisions.items()} == {
        "choose": "none",
        "again": "phone",
    }
    assert answers.approve
    assert answers.at == BEGAN


@pytest.mark.parametrize(
    ("dated", "at"), [(["started", "detected"], -20), (["started"], -30), ([], 0)]
)
def test_an_example_is_declared_when_its_story_was_noticed(dated: list[str], at: float) -> None:
    times = {"started": minute(-30), "detected": minute(-20)}
    facts = {
        name: Fact(type="time", milestone=name, example=times[name].isoformat())  # type: ignore[arg-type]
        for name in dated
    }

    assert examples(a_plan(a_step(), facts=facts), now=BEGAN, zone=PARIS).at == minute(at)


def test_every_question_of_the_shipped_playbook_has_an_example() -> None:
    plan = load(shipped("playbooks") / "outage.yaml").plan

    answers = examples(plan, now=BEGAN, zone=PARIS)

    asked = {name for _, step in plan.steps() for name in step.ask}
    optional = {name for name in asked if (spec := plan.spec(name)) and spec.optional}
    assert asked - optional <= answers.facts.keys()
    assert set(answers.decisions) == {s.id for _, s in plan.steps() if s.decide}
