"""What an expression over facts comes to, before any fact is known: its type, or why it fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from jinja2 import nodes

from crisisctl.playbook.model import Fact, FactType

Kind = FactType | Literal["nothing"]
"""`nothing`: it may be of any type, or cannot be told."""

_SUMS: dict[tuple[str, str, str], FactType] = {
    ("time", "-", "time"): "duration",
    ("time", "-", "duration"): "time",
    ("time", "+", "duration"): "time",
    ("duration", "+", "time"): "time",
    ("duration", "+", "duration"): "duration",
    ("duration", "-", "duration"): "duration",
    ("number", "+", "number"): "number",
    ("number", "-", "number"): "number",
    ("text", "+", "text"): "text",
}
_AS_TEXT = {"url", "email", "phone", "choice", "money"}
_ORDERED = {"time", "duration", "number"}


class Fails(Exception):
    """The expression cannot be worked out whatever the facts are; the message says why."""


def kind_of(node: nodes.Node, specs: Mapping[str, Fact]) -> Kind:
    """The type an expression comes to. Raises `Fails` where it cannot be worked out."""
    match node:
        case nodes.Const(value=value):
            return _KINDS.get(type(value), "nothing")
        case nodes.Name(name=name):
            return "time" if name == "now" else specs[name].type if name in specs else "nothing"
        case nodes.Add(left=left, right=right):
            return _sum(left, "+", right, specs)
        case nodes.Sub(left=left, right=right):
            return _sum(left, "-", right, specs)
        case nodes.Neg(node=inner):
            return _negative(kind_of(inner, specs))
        case nodes.Compare(expr=left, ops=operands):
            for operand in operands:
                _comparable(kind_of(left, specs), operand.op, kind_of(operand.expr, specs))
            return "flag"
        case nodes.Filter(name="length"):
            return "number"
        case nodes.Test():
            return "flag"
    return _joined(node, specs)


_KINDS: dict[type, FactType] = {bool: "flag", int: "number", float: "number", str: "text"}


def _joined(node: nodes.Node, specs: Mapping[str, Fact]) -> Kind:
    """The type of what is made of several expressions: theirs, if it is one."""
    kinds = [kind_of(child, specs) for child in node.iter_child_nodes()]
    match node, kinds:
        case nodes.Not(), _:
            return "flag"
        case nodes.Or(), [first, second] if first == second:
            return first
        case nodes.CondExpr(), [_, first, second] if first == second:
            return first
    return "nothing"


def _sum(left: nodes.Expr, sign: str, right: nodes.Expr, specs: Mapping[str, Fact]) -> Kind:
    first, second = (
        "text" if kind in _AS_TEXT and sign == "+" else kind
        for kind in (kind_of(left, specs), kind_of(right, specs))
    )
    if "nothing" in (first, second):
        return "nothing"
    if found := _SUMS.get((first, sign, second)):
        return found
    doing = "add" if sign == "+" else "subtract"
    joint = "and" if sign == "+" else "from"
    pair = (first, second) if sign == "+" else (second, first)
    raise Fails(f"it cannot {doing} {_a(pair[0])} {joint} {_a(pair[1])}")


def _negative(kind: Kind) -> Kind:
    if kind in ("number", "duration", "nothing"):
        return kind
    raise Fails(f"{_a(kind)} has no opposite")


def _comparable(left: Kind, op: str, right: Kind) -> None:
    if op not in ("lt", "lteq", "gt", "gteq") or "nothing" in (left, right):
        return
    if left != right or left not in _ORDERED | {"text"}:
        raise Fails(f"it cannot tell whether {_a(left)} is more or less than {_a(right)}")


def _a(kind: Kind) -> str:
    words = {"money": "a sum of money", "flag": "a yes or no", "choices": "a list", "url": "a link"}
    article = "an" if kind[0] in "aeiou" else "a"
    return words.get(kind, f"{article} {kind}")
