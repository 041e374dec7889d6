"""Conditions and computed facts: a small language, checked before anything is compiled."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2.sandbox import ImmutableSandboxedEnvironment
from makers import BEGAN, a_plan, a_playbook, a_step, an_incident, minute

from crisisctl.incident import events as ev
from crisisctl.incident.knowledge import believed, confirmed, holds
from crisisctl.playbook import conditions
from crisisctl.playbook.conditions import DEEPEST, LONGEST, BadExpression
from crisisctl.playbook.model import Fact

NAMES: dict[str, object] = {
    "cause": "overload",
    "parts": ("cart", "checkout"),
    "many": 12,
    "share": Decimal("2.5"),
    "flag": True,
    "began": BEGAN,
    "now": BEGAN + timedelta(hours=2),
}

# What may be written


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("cause == 'overload'", True),
        ('cause != "overload"', False),
        ("cause in ['overload', 'attack']", True),
        ("cause not in ('overload', 'attack')", False),
        ("'cart' in parts", True),
        ("parts | length > 1", True),
        ("parts | first", "cart"),
        ("parts | last", "checkout"),
        ("many >= 12 and not flag", False),
        ("many < 5 or flag", True),
        ("0 < many <= 12", True),
        ("share > 2", True),
        ("-many", -12),
        ("many - 2 + 1", 11),
        ("now - began", timedelta(hours=2)),
        ("cause if flag else parts", "overload"),
        ("cause is defined", True),
        ("cause is not none", True),
        ("flag is true", True),
        ("absent | default('none')", "none"),
        ("(flag)", True),
        ("true", True),
        ("'a' 'b'", "ab"),
    ],
)
def test_an_expression_over_facts_has_a_value(expression: str, value: object) -> None:
    assert conditions.check(expression) is None
    assert conditions.evaluate(expression, NAMES) == value


@pytest.mark.parametrize(
    "expression",
    [
        "absent",
        "absent == 'overload'",
        "absent in ['overload']",
        "'cart' in absent",
        "absent | length",
        "absent | first",
        "absent is defined",
        "absent and flag",
        "flag and absent",
        "not (not absent)",
        "cause if absent",
    ],
)
def test_what_nobody_knows_is_not_the_case(expression: str) -> None:
    assert not conditions.evaluate(expression, NAMES)


@pytest.mark.parametrize(
    "expression",
    ["absent > 3", "absent < 3", "now - absent", "absent + 1", "-absent", "many > cause"],
)
def test_what_cannot_be_counted_yet_cannot_be_decided(expression: str) -> None:
    with pytest.raises(BadExpression, match="cannot decide"):
        conditions.evaluate(expression, NAMES)


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("cause", {"cause"}),
        ("cause == 'many'", {"cause"}),
        ("absent is defined and now - began > share", {"absent", "now", "began", "share"}),
        ("'cart' in parts | default(others)", {"parts", "others"}),
        ("5 > 3", set()),
    ],
)
def test_the_names_of_an_expression_are_those_it_speaks_of(
    expression: str, names: set[str]
) -> None:
    assert conditions.names_in(expression) == names


# What may not

ESCAPES = [
    "''.__class__.__mro__[1].__subclasses__()",
    "''|attr('__class__')",
    r"''|attr('\x5f\x5fclass\x5f\x5f')",
    "''['__cl'~'ass__']",
    "()|attr('__class__')|attr('__base__')|attr('__subclasses__')()",
    "self.__init__.__globals__",
    "self._TemplateReference__context",
    "cycler.__init__.__globals__.os.popen('id').read()",
    "joiner.__init__",
    "namespace.__init__",
    "lipsum.__globals__['os']",
    "lipsum|attr('__globals__')",
    "dict.__base__",
    "config.items()",
    "request.application.__globals__",
    "url_for.__globals__",
    "get_flashed_messages.__globals__",
    "'{0.__class__.__init__.__globals__}'.format(cause)",
    "['{0.__class__}']|map('format', cause)",
    "[cause]|map(attribute='__class__')|list",
    "[cause]|groupby('__class__')",
    "[cause]|sum(attribute='__class__')",
    "''.join.__self__",
    "parts.append('x')",
    "cause.upper()",
    "cause.upper",
    "parts[0]",
    "cause is sameas none",
    "cause|safe",
    "{'a': cause}",
]
EXHAUSTING = [
    "range(10**9)",
    "'a'*10**10",
    "'a'*10**8",
    "9**9**9",
    "'%1000000000d'|format(1)",
    "'{:1000000000}'.format(1)",
    "cause|center(10**9)",
    "cause|center(1000000000)",
    "cause|ljust(1000000000)",
    "cause|indent(1000000000, true)",
    "lipsum(n=100000)",
    "cause ~ cause",
    "many * many",
    "many / 0",
    "many // 0",
    "many % 0",
    "many < 1e400",
    "+many",
    "-" * 400 + "many",
    "not " * 120 + "flag",
    "(" * 200 + "flag" + ")" * 200,
    "[" * 200 + "flag" + "]" * 200,
    "a if " * 90 + "flag",
    "flag" + "|first" * 70,
    "flag or " * 60 + "flag",
    "9" * 5000,
]
NOT_EXPRESSIONS = [
    "",
    "  ",
    "\n",
    "cause =",
    "cause = 'a'",
    "cause ==",
    "cause and",
    "cause, many",
    "cause; many",
    "cause many",
    "cause }",
    "cause }}{{ many",
    "{{ cause }}",
    "{% if cause %}",
    "# cause",
    "cause #}",
    "cause -%}",
    "'open",
    "cause is",
    "cause is even",
    "cause | nothing",
    "cause\x00",
    r"'\N{no such name}'",
]


@pytest.mark.parametrize("expression", [*ESCAPES, *EXHAUSTING, *NOT_EXPRESSIONS])
def test_what_is_not_a_condition_is_refused_before_it_is_compiled(
    expression: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compiling(*_: object, **__: object) -> None:
        pytest.fail("it was compiled")

    for name in ("compile", "compile_expression"):
        monkeypatch.setattr(ImmutableSandboxedEnvironment, name, compiling)

    complaint = conditions.check(expression)

    assert complaint
    assert len(complaint) < 300
    assert complaint.isprintable()
    with pytest.raises(BadExpression):
        conditions.evaluate(expression, NAMES)


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("cause.upper()", '"cause.upper()" is not allowed: call is not part of a condition'),
        ("many * 2", '"many * 2" is not allowed: mul is not part of a condition'),
        ("cause is even", '"cause is even" is not allowed: the test "even" is not known'),
        ("cause|upper", '"cause|upper" is not allowed: the filter "upper" is not known'),
        ("many < 1e400", '"many < 1e400" is not allowed: the number is too large'),
        ("cause, many", "\"cause, many\" is not a condition: unexpected ','"),
        ("{{ cause }}", 'write the condition without braces: "{{ cause }}"'),
        ("x" * (LONGEST + 1), f"the condition is longer than {LONGEST} characters"),
    ],
)
def test_a_refusal_says_what_is_wrong(expression: str, complaint: str) -> None:
    assert conditions.check(expression) == complaint


def test_nesting_is_allowed_as_deep_as_it_can_be_compiled_quickly() -> None:
    deepest = "not " * (DEEPEST - 1) + "flag"

    assert conditions.evaluate(deepest, NAMES) is False
    assert conditions.check("not " + deepest) is not None


def test_a_literal_is_not_taken_for_what_it_says() -> None:
    assert conditions.evaluate("'{0.__class__}' == cause", NAMES) is False
    assert conditions.evaluate(r"'\ud800' == cause", NAMES) is False


@given(st.text(max_size=40) | st.text("'\"()[]|=<>!.,-+*~ abc1_\\", max_size=40))
def test_any_text_is_a_condition_or_told_why_not(text: str) -> None:
    complaint = conditions.check(text)

    if complaint is None:
        try:
            conditions.evaluate(text, NAMES)
        except BadExpression as error:
            complaint = error.message
    assert complaint is None or complaint


# Conditions over an incident

SUSPECTED = ev.FactRecorded("cause", "overload", "suspected")


def test_a_condition_speaks_of_what_is_believed_and_a_message_of_what_is_confirmed() -> None:
    incident = an_incident(SUSPECTED)

    assert holds("cause == 'overload'", incident, now=BEGAN)
    assert "cause" in believed(incident, now=BEGAN)
    assert "cause" not in confirmed(incident, now=BEGAN)


def test_a_retracted_fact_is_known_to_nobody() -> None:
    incident = an_incident(SUSPECTED, ev.FactRetracted("cause", "the load was usual"))

    assert not holds("cause is defined", incident, now=BEGAN)
    assert "cause" not in believed(incident, now=BEGAN)


def test_a_step_is_walked_when_its_condition_cannot_be_decided() -> None:
    incident = an_incident()

    assert holds("resolved_at - started_at > cause", incident, now=BEGAN)
    assert not holds("started_at is defined", incident, now=BEGAN)


def test_the_severity_nobody_judged_yet_is_the_worst() -> None:
    unjudged = an_incident()
    judged = an_incident(ev.SeverityChanged("sev3", "few"))

    assert holds("severity == 'sev1'", unjudged, now=BEGAN)
    assert holds("severity == 'sev3'", judged, now=BEGAN)


def test_a_condition_knows_what_time_it_is() -> None:
    started = ev.FactRecorded("started_at", BEGAN.isoformat())
    plan = a_plan(a_step(), facts={"limit": Fact(type="duration"), **a_playbook().facts})
    incident = an_incident(started, ev.FactRecorded("limit", "PT2H"), plan=plan)

    assert not holds("now - started_at > limit", incident, now=minute(119))
    assert holds("now - started_at > limit", incident, now=minute(121))


def test_a_computed_fact_exists_as_soon_as_it_can_be_counted() -> None:
    started = ev.FactRecorded("started_at", minute(-10).isoformat())
    resolved = ev.FactRecorded("resolved_at", minute(50).isoformat())

    assert "downtime" not in confirmed(an_incident(started), now=BEGAN)
    assert confirmed(an_incident(started, resolved), now=BEGAN)["downtime"] == timedelta(hours=1)


@pytest.mark.parametrize(
    "compute",
    ["absent", "cause if absent", "['a', 'b']", "1.5", "none"],
)
def test_a_computed_fact_that_is_no_value_stays_unknown(compute: str) -> None:
    plan = a_plan(a_step(), facts={"odd": Fact(compute=compute), **a_playbook().facts})
    incident = an_incident(SUSPECTED, plan=plan)

    assert "odd" not in believed(incident, now=BEGAN)


def test_a_suspected_fact_makes_no_confirmed_one() -> None:
    plan = a_plan(a_step(), facts={"same": Fact(compute="cause"), **a_playbook().facts})
    incident = an_incident(SUSPECTED, plan=plan)

    assert believed(incident, now=BEGAN)["same"] == "overload"
    assert "same" not in confirmed(incident, now=BEGAN)
