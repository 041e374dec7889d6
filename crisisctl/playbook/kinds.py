"""What kind of value an expression gives: a policy that compares money with words is no policy.

Conditions over facts may be loose: a step shown once too often costs little. What decides about
money is held against the kinds of its columns before any row is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from crisisctl.playbook.conditions import BadExpression, tree
from crisisctl.playbook.model import FactType
from crisisctl.text import quoted

if TYPE_CHECKING:
    from jinja2 import nodes

Kind = Literal["number", "money", "flag", "text", "words", "other"]
"""`words` is a list of them; `other` may only be asked whether it is known."""

OF_FACTS: dict[FactType, Kind] = {
    "number": "number",
    "flag": "flag",
    "text": "text",
    "url": "text",
    "email": "text",
    "phone": "text",
    "choice": "text",
    "choices": "words",
}
"""What a fact is in a condition; times and sums of money have no place in one."""

_COUNTED: tuple[Kind, ...] = ("number", "money")


def kind_of(expression: str, names: Mapping[str, Kind]) -> Kind:
    """The kind of a checked expression over these names.

    Raises `BadExpression`, whose message says what does not go together.
    """
    return _Reader(expression, names).kind(tree(expression))


class _Reader:
    def __init__(self, expression: str, names: Mapping[str, Kind]) -> None:
        self._expression = expression
        self._names = names

    def kind(self, node: nodes.Node) -> Kind:
        from jinja2 import nodes

        match node:
            case nodes.Name(name=name):
                return self._names.get(str(name), "other")
            case nodes.Const(value=value):
                return "flag" if isinstance(value, bool) else _of(value)
            case nodes.List() | nodes.Tuple():
                return self._list(node.items)
            case nodes.And() | nodes.Or() | nodes.Not():
                for inner in node.iter_child_nodes():
                    self.condition(inner)
                return "flag"
            case nodes.Add(left=left, right=right) | nodes.Sub(left=left, right=right):
                return self._sum(self.kind(left), self.kind(right))
            case nodes.Neg(node=inner):
                return self._sum(self.kind(inner), self.kind(inner))
            case nodes.Compare():
                return self._compared(node)
            case nodes.Test(name="defined" | "undefined"):
                return "flag"
        raise self._wrong(f"{type(node).__name__.lower()} is not part of a policy's condition")

    def condition(self, node: nodes.Node) -> None:
        """Raise where this is nothing that holds or does not."""
        found = self.kind(node)
        if found != "flag":
            raise self._wrong(f"{_NAMES[found]} alone is no condition: compare it")

    def _list(self, items: list[nodes.Expr]) -> Kind:
        if any(self.kind(item) != "text" for item in items):
            raise self._wrong("a list holds words: ['failed', 'cancelled']")
        return "words"

    def _sum(self, left: Kind, right: Kind) -> Kind:
        if left not in _COUNTED or right not in _COUNTED:
            odd = left if left not in _COUNTED else right
            raise self._wrong(f"{_NAMES[odd]} cannot be added up")
        if left != right:
            raise self._wrong("money and a number cannot be added up")
        return left

    def _compared(self, node: nodes.Compare) -> Kind:
        left: nodes.Expr = node.expr
        for operand in node.ops:
            right = operand.expr
            self._pair(left, operand.op, right)
            left = right
        return "flag"

    def _pair(self, left: nodes.Expr, operator: str, right: nodes.Expr) -> None:
        one, other = self.kind(left), self.kind(right)
        if operator in ("in", "notin"):
            if one != "text" or other != "words":
                raise self._wrong("`in` asks whether a word is in a list of words")
            return
        if "other" in (one, other):
            raise self._wrong("a time or a sum in a fact cannot be compared in a policy")
        if one in _COUNTED and other in _COUNTED:
            if one != other and not (_is_number(left) or _is_number(right)):
                raise self._wrong("money and a number cannot be compared")
            return
        if one != other or (operator not in ("eq", "ne")) or one == "words":
            raise self._wrong(f"{_NAMES[one]} and {_NAMES[other]} cannot be compared so")

    def _wrong(self, what: str) -> BadExpression:
        return BadExpression(f"{quoted(self._expression)}: {what}")


def _of(value: object) -> Kind:
    return "text" if isinstance(value, str) else "number"


_NAMES: dict[Kind, str] = {
    "number": "a number",
    "money": "money",
    "flag": "a yes or no",
    "text": "a word",
    "words": "a list of words",
    "other": "a time, or a name that nothing gives,",
}


def bare_sums(expression: str, names: Mapping[str, Kind]) -> bool:
    """Whether money is compared with a bare number but nought: nobody knows in which currency."""
    from jinja2 import nodes

    reader = _Reader(expression, names)
    whole = nodes.Output([tree(expression)])
    for node in whole.find_all(nodes.Compare):
        sides = [node.expr, *(operand.expr for operand in node.ops)]
        if any(reader.kind(side) == "money" for side in sides) and any(
            _is_number(side) and not _is_nought(side) for side in sides
        ):
            return True
    return False


def _is_number(node: nodes.Node) -> bool:
    from jinja2 import nodes

    match node:
        case nodes.Neg(node=inner):
            return _is_number(inner)
        case nodes.Const(value=int() | float()):
            return True
    return False


def _is_nought(node: nodes.Node) -> bool:
    from jinja2 import nodes

    return isinstance(node, nodes.Const) and node.value == 0
