"""Folding: what is the same for everybody is rendered once, and nobody can tell."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisctl.errors import CrisisError
from crisisctl.messages.bulk.fold import fold
from crisisctl.messages.bulk.letter import Form
from crisisctl.messages.pack import ONE_LINE, tidied
from crisisctl.messages.sandbox import LONGEST, BadTemplate
from crisisctl.messages.templates import MessageTemplate, template_of
from crisisctl.text import zone_of

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = sorted((ROOT / "templates" / "outage").glob("*.j2"))
PARIS = zone_of("Europe/Paris")
WHEN = datetime(2026, 11, 27, 19, 4, tzinfo=UTC)
COMMON: dict[str, object] = {
    "shop": "Kestrel",
    "parts": ("cart", "checkout"),
    "none": (),
    "many": 1234,
    "share": Decimal("2.5"),
    "flag": True,
    "nothing": None,
    "sum": "12.50 EUR",
    "when": WHEN,
    "long": timedelta(minutes=95),
}
PERSONAL = frozenset({"customer_name", "customer_city"})
PEOPLE: list[dict[str, str]] = [
    {"customer_name": "Ana", "customer_city": "Paris"},
    {"customer_name": "{{ shop }} 100 % %s"},
    {"customer_city": "  two  spaces\n\n\n\nand lines "},
    {"customer_name": "12.50 EUR", "customer_city": "cart"},
    {"customer_name": "\x07", "customer_city": "\u2028"},
    {"customer_name": "\ue000", "customer_city": "a\u00a0b\t"},
    {},
]


def a_template(text: str) -> MessageTemplate:
    return template_of(text, Path("news.en.j2"), "en", PARIS)


def outcome(work: partial[str]) -> tuple[str, ...]:
    """The text, or everything that an operator would see of the error."""
    try:
        return ("text", work())
    except CrisisError as error:
        message = re.sub("0x[0-9a-f]+", "0x", error.message)  # where an object lies in memory
        return (type(error).__name__, message, error.hint, str(error.code))


def same_for_everybody(template: MessageTemplate, block: str, *, one_line: bool) -> None:
    folded = fold(template, block, COMMON, PERSONAL)
    finish = partial(tidied, ONE_LINE[0] if one_line else "body")
    form = Form(folded, PERSONAL, finish)
    for values in [*PEOPLE, *PEOPLE]:  # once more, now that all is kept ready
        expected = outcome(partial(template.render, block, {**COMMON, **values}))
        assert outcome(partial(folded.render, values)) == expected
        if expected[0] == "text":
            expected = ("text", finish(expected[1]))
        assert outcome(partial(form.text, values)) == expected


# Templates of the allowed language, made at random

NAMES = st.sampled_from([*COMMON, *sorted(PERSONAL), "unknown", "customer_unknown", "item", "own"])
WORDS = st.sampled_from(["'cart'", "'Kestrel'", "''", "'a%sb'", "'\\x07'", "3", "2.5", "true"])
FILTERS = st.sampled_from(
    [
        *("moment", "clock", "day", "duration", "number", "percent", "money", "upper", "lower"),
        *("trim", "length", "first", "last", "join", "join(', ')", "default('x')"),
        *("default(shop)", "default(customer_name)", "replace('a', customer_city)"),
        "replace('a', 'bb')",
    ]
)
BLOCKS = ("one", "two", "three")


def expressions(calls: bool) -> st.SearchStrategy[str]:
    leaves = NAMES | WORDS | st.sampled_from(["['cart', 'x']", "shop | default(customer_name)"])
    if calls:
        leaves |= st.sampled_from([f"self.{name}()" for name in BLOCKS[1:]])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds("{} | {}".format, inner, FILTERS),
            st.builds("({} {} {})".format, inner, st.sampled_from(["==", "in", "<", "!="]), inner),
            st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
            st.builds("(not {})".format, inner),
            st.builds("({} if {} else {})".format, inner, inner, inner),
            st.builds("({} is {})".format, NAMES, st.sampled_from(["defined", "not defined"])),
        ),
        max_leaves=4,
    )


def statements(calls: bool, looped: bool = False) -> st.SearchStrategy[str]:
    calls = calls and not looped
    said = expressions(calls)
    texts = st.sampled_from([" ", "\n", "\n\n\n", "Dear ", "text.", "100 %", "\ue000", "  x  "])
    tests = said | st.builds("{} is defined".format, NAMES)
    leaves = (
        texts
        | st.builds("{{{{ {} }}}}".format, said)
        | st.builds("{{{{ {} }}}}".format, NAMES)
        | st.builds("{{% set {} = {} %}}".format, st.sampled_from(["own", "shop"]), said)
    )
    if calls:
        leaves |= st.sampled_from([f"{{{{ self.{name}() }}}}" for name in BLOCKS[1:]])
    if not looped:
        leaves |= st.builds(
            "{{% for item in {} %}}{}{{% else %}}{}{{% endfor %}}".format,
            st.sampled_from(["parts", "none", "unknown", "customer_name", "['a']"]),
            st.deferred(lambda: statements(calls, looped=True)),
            texts,
        )
    else:
        leaves |= st.sampled_from(["{{ loop.index }}", "{% if not loop.last %}, {% endif %}"])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4).map("".join),
            st.builds("{{% if {} %}}{}{{% else %}}{}{{% endif %}}".format, tests, inner, inner),
            st.builds(
                "{{% if {} %}}{}{{% elif {} %}}{}{{% endif %}}".format, tests, inner, tests, inner
            ),
        ),
        max_leaves=8,
    )


NESTED = "{{% block inner %}}{}{{% endblock %}}".format
TEMPLATES = st.builds(
    "{{% block one %}}{}{}{}{{% endblock %}}"
    "{{% block two %}}{}{{% endblock %}}{{% block three %}}{}{{% endblock %}}".format,
    statements(calls=True),
    st.just("") | st.builds(NESTED, statements(calls=False)),
    statements(calls=True),
    statements(calls=False),
    statements(calls=False),
)


@settings(max_examples=80)
@given(text=TEMPLATES, one_line=st.booleans())
def test_a_folded_template_says_what_the_plain_one_says_errors_included(
    text: str, one_line: bool
) -> None:
    try:
        template = a_template(text)
    except BadTemplate:
        return  # refused before anything is folded
    same_for_everybody(template, "one", one_line=one_line)


TRICKY = {
    "a name of the template's own hides a fact": (
        "{% block one %}{% set shop = customer_name %}{{ shop }}{% endblock %}"
    ),
    "a name set on one way only": (
        "{% block one %}{% if customer_name is defined %}{% set shop = 'x' %}{% endif %}"
        "{{ shop }}{% if shop is defined %}y{% endif %}{% endblock %}"
    ),
    "a called block sees nothing of its caller": (
        "{% block one %}{% set shop = 'x' %}{{ self.two() }}{% endblock %}"
        "{% block two %}{{ shop }}{{ customer_name }}{% endblock %}"
    ),
    "a caller sees nothing of a called block": (
        "{% block one %}{{ self.two() }}{{ shop }}{{ customer_name }}{% endblock %}"
        "{% block two %}{% set shop = 'x' %}{{ shop }}{{ customer_city }}{% endblock %}"
    ),
    "a called block that is not folded sees nothing of its caller": (
        "{% block one %}{% set shop = 'x' %}{{ self.two() }}{% endblock %}"
        "{% block two %}{{ shop | default(customer_name) }}{% endblock %}"
    ),
    "a caller that is not folded sees nothing of a called block": (
        "{% block one %}{{ self.two() }}{{ shop | default(customer_name) }}{% endblock %}"
        "{% block two %}{% set shop = 'x' %}{{ shop }}"
        "{% if customer_city is defined %}{{ customer_city }}{% endif %}{% endblock %}"
    ),
    "a caller's personal name of its own": (
        "{% block one %}{% set customer_name = 'x' %}{{ self.two() }}{% endblock %}"
        "{% block two %}{{ customer_name }}{% endblock %}"
    ),
    "a block inside a loop that is not folded sees nothing of the loop": (
        "{% block one %}{% for shop in parts %}{{ shop }}{% block two %}"
        "{{ shop | default(customer_name) }}{% endblock %}{% endfor %}{% endblock %}"
    ),
    "a name set after it was asked for": (
        "{% block one %}{% if customer_city is defined %}{% set flag = 'x' %}{% endif %}"
        "{% if flag is defined %}y{% endif %}{% endblock %}"
    ),
    "a block inside a loop sees nothing of the loop": (
        "{% block one %}{% for shop in parts %}{{ shop }}{% block two %}{{ shop }}"
        "{{ customer_name }}{% endblock %}{% endfor %}{% endblock %}"
    ),
    "a block that is part of a loop does": (
        "{% block one %}{% for shop in parts %}{% block two scoped %}{{ shop }}"
        "{{ customer_name }}{% endblock %}{% endfor %}{% endblock %}"
    ),
    "a loop over what is known, with what is not": (
        "{% block one %}{% for part in parts if part != customer_city %}{{ loop.index }}"
        "{{ part }}{{ customer_name }}{{ shop | upper }}{% endfor %}{{ part }}{% endblock %}"
    ),
    "a block that is measured": (
        "{% block one %}{% if self.two() | length > 3 %}long{% endif %}{{ self.two() | upper }}"
        "{% endblock %}{% block two %}{{ customer_name }} of {{ shop }}{% endblock %}"
    ),
    "a block named and not called": (
        "{% block one %}{{ self.two }}{% endblock %}"
        "{% block two %}{{ customer_name }}{% endblock %}"
    ),
    "what fails is never reached": (
        "{% block one %}{% if customer_name is not defined %}{{ unknown }}{{ shop | money }}"
        "{% endif %}{{ nothing is defined }}{% endblock %}"
    ),
    "self is a name of its own": "{% block one %}{% set self = 'x' %}{{ self }}{% endblock %}",
    "no more than a block may hold": (
        "{% block one %}{{ self.two() }}{{ customer_name }}{{ self.two() }}{% endblock %}"
        "{% block two %}" + "a" * (LONGEST // 2 - 1) + "{% endblock %}"
    ),
    "a hidden character of the template's own": (
        "{% block one %}{{ 'a\\x07' | replace('a', '') }}{{ customer_name }}{% endblock %}"
    ),
    "two numbers in one name": "{% block one %}{{ customer_name }}%s %%{{ shop }}{% endblock %}",
}


@pytest.mark.parametrize("text", TRICKY.values(), ids=TRICKY)
@pytest.mark.parametrize("one_line", [True, False])
def test_what_is_easily_folded_wrongly_is_not(text: str, one_line: bool) -> None:
    same_for_everybody(a_template(text), "one", one_line=one_line)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_text_can_be_folded(path: Path) -> None:
    template = template_of(path.read_text(encoding="utf-8"), path, path.name.split(".")[1], PARIS)

    for block in sorted(template.blocks):
        same_for_everybody(template, block, one_line=False)


def test_what_is_the_same_for_everybody_is_not_rendered_again() -> None:
    counted: list[object] = []
    template = a_template(
        "{% block one %}{{ when | moment }}{% if flag %}{{ self.two() }}{% endif %}"
        "{% for part in parts %}{{ part | upper }}{% endfor %}"
        "{{ customer_name }}{% endblock %}"
        "{% block two %}{% for part in parts %}{{ part | upper }}{% endfor %}{% endblock %}"
    )
    filters = template.template.environment.filters
    upper = filters["upper"]
    filters["upper"] = lambda value: counted.append(value) or upper(value)
    folded = fold(template, "one", COMMON, PERSONAL)
    counted.clear()

    texts = {folded.render({"customer_name": f"n{number}"})[-7:] for number in range(50)}

    assert len(texts) == 50
    assert not counted
    assert not folded.kept


def test_a_filter_of_a_customer_s_value_is_never_folded() -> None:
    template = a_template("{% block one %}{{ customer_name | upper }}{% endblock %}")
    folded = fold(template, "one", COMMON, PERSONAL)

    assert [folded.render({"customer_name": name}) for name in ("ana", "jo")] == ["ANA", "JO"]


def test_names_are_data_and_never_templates() -> None:
    template = a_template("{% block one %}Dear {{ customer_name }}{% endblock %}")
    form = Form(fold(template, "one", COMMON, PERSONAL), PERSONAL, partial(tidied, "one"))

    for name in ("{{ shop }}", "{% if x %}", "%(shop)s", "{0.__class__}", "\\", "$shop"):
        assert form.text({"customer_name": name}) == f"Dear {name}"


@pytest.mark.parametrize("deep", [30, 44])
def test_what_python_itself_cannot_nest_is_not_put_into_one_piece(deep: int) -> None:
    calls = "".join(
        f"{{% block b{n} %}}{{% if customer_name is defined %}}<{{{{ self.b{n + 1}() }}}}>"
        "{% endif %}{% endblock %}"
        for n in range(120)
    )
    inner = "{% if customer_name is defined %}" * deep + "x" + "{% endif %}" * deep
    template = a_template(f"{calls}{{% block b120 %}}{inner}{{% endblock %}}")
    folded = fold(template, "b0", COMMON, PERSONAL)

    assert folded.template is not None
    assert folded.render({"customer_name": "Ana"}) == "<" * 120 + "x" + ">" * 120


def test_blocks_that_call_blocks_do_not_multiply_without_end() -> None:
    parts = "".join("{% if customer_name == 'x' %}y{% endif %}" for _ in range(500))
    calls = "{{ self.low() }}" * 150
    template = a_template(
        f"{{% block one %}}{calls}{{% endblock %}}{{% block low %}}{parts}.{{% endblock %}}"
    )

    folded = fold(template, "one", COMMON, PERSONAL)

    assert len(folded.body) < 5_000
    assert folded.render({"customer_name": "Ana"}) == "." * 150
