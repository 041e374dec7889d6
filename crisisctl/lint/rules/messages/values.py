"""What a text prints: values that have words, by filters that can show them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from jinja2 import nodes
from msgspec import Struct

from crisisctl.lint.finding import Hit
from crisisctl.lint.outline import BUILT_IN, Locals, Outline, Printed, outline
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import MessageText
from crisisctl.playbook.model import Fact, FactType

Kind = FactType | Literal["key", "nothing"]
"""`key`: of a choice; `nothing`: it cannot be told."""

_TAKES: dict[str, tuple[tuple[Kind, ...], str]] = {
    "moment": (("time",), "a time"),
    "clock": (("time",), "a time"),
    "day": (("time",), "a time"),
    "duration": (("duration",), "a duration"),
    "number": (("number",), "a number"),
    "percent": (("number",), "a number"),
    "money": (("money",), "a sum of money"),
    "join": (("choices",), "a list"),
    **dict.fromkeys(
        ("lower", "upper", "trim", "replace"),
        (("text", "url", "email", "phone", "money", "key"), "text"),
    ),
}
_BETTER: dict[Kind, str] = {
    "time": "moment, clock or day",
    "duration": "duration",
    "number": "number or percent",
    "money": "money",
}
_A: dict[Kind, str] = {
    "time": "a time",
    "duration": "a duration",
    "number": "a number",
    "money": "a sum of money",
    "flag": "a yes or no",
    "choices": "a list of choices",
    "key": "a choice",
    "text": "text",
    "url": "an address",
    "email": "an e-mail address",
    "phone": "a phone number",
}


class Facts(Struct, frozen=True):
    """What is known of the names in one text."""

    specs: dict[str, Fact]

    def kind(self, node: nodes.Node, local: Locals) -> Kind:
        """What an expression comes to."""
        match node:
            case nodes.Name(name=name):
                return self._kind_of(name, local)
            case nodes.Const(value=bool()) | nodes.Compare() | nodes.Test() | nodes.Not():
                return "flag"
            case nodes.Const(value=str()):
                return "text"
            case nodes.Const(value=int()):
                return "number"
            case nodes.Filter(node=nodes.Node() as inner, name=name):
                return self._filtered(self.kind(inner, local), name)
        return "nothing"

    def _kind_of(self, name: str, local: Locals) -> Kind:
        if name in local:
            if not local[name].fact:
                return "nothing"
            whole = self._kind_of(local[name].fact, {})
            if local[name].item:
                return "key" if whole == "choices" else "nothing"
            return whole
        if name in BUILT_IN:
            return "time"
        spec = self.specs.get(name)
        if spec is None:
            return "nothing"
        return "key" if spec.type == "choice" else spec.type

    @staticmethod
    def _filtered(inner: Kind, name: str) -> Kind:
        match name:
            case "default":
                return inner
            case "first" | "last":
                return "key" if inner == "choices" else "nothing"
            case "length":
                return "number"
            case "upper" | "lower" | "trim" | "replace":
                return "key" if inner == "key" else "text"
            case "join":
                return "key" if inner == "choices" else "text"
        return "text"


def facts_of(text: MessageText) -> tuple[Outline, Facts]:
    """What a text says, and what is known of the facts it speaks of."""
    return outline(text.source.text), Facts(text.book.walks.specs)


def _subject(node: nodes.Node) -> nodes.Node:
    """The name an expression is about, if there is one."""
    return node if isinstance(node, nodes.Name) else next(node.find_all(nodes.Name), node)


def _named(node: nodes.Node) -> str:
    name = _subject(node)
    return f'"{name.name}"' if isinstance(name, nodes.Name) else "this"


def _inside(node: nodes.Node) -> Iterator[nodes.Node]:
    """An expression and those that it is made of."""
    yield node
    if not isinstance(node, nodes.Name | nodes.Call):
        for child in node.iter_child_nodes():
            yield from _inside(child)


def _outcomes(node: nodes.Node) -> Iterator[nodes.Node]:
    """What an expression may come to: both sides of an inline if, of `and` and `or`."""
    match node:
        case nodes.CondExpr(expr1=yes, expr2=no):
            yield from _outcomes(yes)
            if no is not None:
                yield from _outcomes(no)
        case _:
            yield node


@rule("raw-choice", MessageText)
def raw_choice(text: MessageText) -> Iterator[Hit]:
    """A text prints the key of a choice.

    The key is a short name for the plan, in English and in one form. Customers
    need words of their own language: write them for each choice.

    Bad:
        Cause: {{ cause }}
    Good:
        {% if cause == "deployment" %}We changed something in our shop.{% elif … %}
    """
    found, facts = facts_of(text)
    for printed in found.printed:
        for node in _outcomes(printed.node):
            if facts.kind(node, printed.local) == "key":
                what = f"{_named(node)} is printed as its short name, not in words"
                hint = "write words for each choice: {% if … == … %} … {% elif … %} …"
                yield text.hit(found.at(_subject(node)), what, hint)


@rule("prints-nothing", MessageText)
def prints_nothing(text: MessageText) -> Iterator[Hit]:
    """A text prints what has no words: yes or no, a list, nothing.

    It would read "True", "None" or "['cart', 'checkout']" in a message to
    customers, so rendering refuses it, on the night.

    Bad:
        Payment works: {{ payment_works }}
    Good:
        {% if payment_works %}Payment works.{% else %}Payment does not work.{% endif %}
    """
    yield from unprintable(text)


def unprintable(text: MessageText) -> Iterator[Hit]:
    """What can never be printed."""
    found, facts = facts_of(text)
    for printed in found.printed:
        yield from _unprintable(text, found, facts, printed)


def _unprintable(
    text: MessageText, found: Outline, facts: Facts, printed: Printed
) -> Iterator[Hit]:
    for each in _inside(printed.node):
        if isinstance(each, nodes.CondExpr) and each.expr2 is None:
            what = "this prints nothing where its condition does not hold"
            yield text.hit(found.at(each), what, "add else, or write {% if … %} … {% endif %}")
            return
    for node in _outcomes(printed.node):
        kind = facts.kind(node, printed.local)
        if isinstance(node, nodes.Const) and node.value is None:
            yield text.hit(found.at(node), 'this prints "None"', "take it out")
        elif kind == "flag":
            what = f"{_named(node)} is a yes or no: it cannot be printed"
            hint = "choose words for it: {% if … %} … {% else %} …"
            yield text.hit(found.at(_subject(node)), what, hint)
        elif kind == "choices":
            what = f"{_named(node)} is a list: it cannot be printed"
            hint = "say each choice in words, inside {% for … in … %}"
            yield text.hit(found.at(_subject(node)), what, hint)


@rule("wrong-filter", MessageText)
def wrong_filter(text: MessageText) -> Iterator[Hit]:
    """A filter that cannot show a fact of this type.

    Rendering stops there, on the night: a time is not a number of anything.

    Bad:
        {{ downtime | clock }}     # how long it took, not when
    Good:
        {{ downtime | duration }}
    """
    yield from wrongly_filtered(text)


def wrongly_filtered(text: MessageText) -> Iterator[Hit]:
    """Filters over what they cannot show."""
    found, facts = facts_of(text)
    for printed in found.printed:
        for node in _inside(printed.node):
            takes = _TAKES.get(node.name) if isinstance(node, nodes.Filter) else None
            if takes is None or not isinstance(node, nodes.Filter) or node.node is None:
                continue
            kind = facts.kind(node.node, printed.local)
            if kind != "nothing" and kind not in takes[0]:
                what = f'the filter "{node.name}" shows {takes[1]}, and {_named(node.node)}'
                what += f" is {_A[kind]}"
                better = _BETTER.get(kind, "")
                hint = f"use {better}" if better else f"leave out | {node.name}"
                yield text.hit(found.at(node), what, hint)


@rule("bare-money", MessageText, severity="warning")
def bare_money(text: MessageText) -> Iterator[Hit]:
    """A sum of money is printed as it was typed.

    Customers read "9800.00 EUR" in every language. The filter `money` writes
    it as their language does.

    Bad:
        You get {{ refund }} back.
    Good:
        You get {{ refund | money }} back.
    """
    found, facts = facts_of(text)
    for printed in found.printed:
        for node in _outcomes(printed.node):
            if isinstance(node, nodes.Name) and facts.kind(node, printed.local) == "money":
                what = f'"{node.name}" is printed as it was typed, not as the language writes it'
                yield text.hit(found.at(node), what, f"write {{{{ {node.name} | money }}}}")
