"""Conditions and sums of a policy in words, for people who check them line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from crisisctl.playbook.conditions import BadExpression, tree
from crisisctl.playbook.policy import Column, Policy
from crisisctl.text import listed

if TYPE_CHECKING:
    from jinja2 import nodes

_FEW = 3
"""So many words stand where they are asked; a longer list is told once, under a name."""
_THAN = {
    "gt": "more than {0}",
    "gteq": "{0} or more",
    "lt": "less than {0}",
    "lteq": "{0} at most",
    "eq": "{0}",
    "ne": "not {0}",
}


class Wording:
    """Puts the conditions of one policy into words."""

    def __init__(self, policy: Policy) -> None:
        self._columns: Mapping[str, Column] = {**policy.harm, **policy.about}
        self._harm = policy.harm
        self._lists: dict[tuple[str, ...], str] = {}

    def condition(self, text: str) -> str:
        """A condition in words; as it is written where that is plainer."""
        try:
            return self._told(tree(text))
        except (BadExpression, _Unplain):
            return text

    def sum(self, text: str) -> str:
        """A sum of columns in words."""
        return self.condition(text)

    def lists(self) -> Iterator[tuple[str, str]]:
        """The long lists that were met so far, each with its name."""
        for words, name in self._lists.items():
            yield name, ", ".join(words)

    def _told(self, node: nodes.Node) -> str:
        from jinja2 import nodes

        match node:
            case nodes.And() | nodes.Or():
                return self._joined(node)
            case nodes.Not(node=nodes.Name(name=name)):
                return f"not {self._name(name)}"
            case nodes.Name(name=name):
                return self._name(name)
            case nodes.Const(value=value) if not isinstance(value, bool):
                return f'"{value}"' if isinstance(value, str) else str(value)
            case nodes.Sub(left=left, right=right):
                return f"{self._told(left)} less {self._told(right)}"
            case nodes.Add(left=left, right=right):
                return f"{self._told(left)} plus {self._told(right)}"
            case nodes.Compare(expr=expr, ops=[operand]):
                return self._compared(expr, operand)
        raise _Unplain

    def _joined(self, node: nodes.And | nodes.Or) -> str:
        from jinja2 import nodes

        word = "and" if isinstance(node, nodes.And) else "or"
        sides = []
        for side in (node.left, node.right):
            told = self._told(side)
            mixed = isinstance(side, nodes.And | nodes.Or) and type(side) is not type(node)
            sides.append(f"({told})" if mixed else told)
        return f" {word} ".join(sides)

    def _compared(self, left: nodes.Expr, operand: nodes.Operand) -> str:
        from jinja2 import nodes

        what, right = self._told(left), operand.expr
        if operand.op in ("in", "notin"):
            return f"{what} is {self._among(right, within=operand.op == 'in')}"
        if operand.op == "gt" and self._is_money(left) and _is_nought(right):
            return what  # a sum that is there at all is what its title says
        than = _THAN[operand.op].format(self._told(right))
        joint = ":" if self._is_harm(left) and isinstance(right, nodes.Const) else " is"
        return f"{what}{joint} {than}"

    def _is_harm(self, node: nodes.Expr) -> bool:
        from jinja2 import nodes

        return isinstance(node, nodes.Name) and node.name in self._harm

    def _is_money(self, node: nodes.Expr) -> bool:
        from jinja2 import nodes

        column = self._harm.get(node.name) if isinstance(node, nodes.Name) else None
        return column is not None and column.type == "money"

    def _among(self, node: nodes.Expr, *, within: bool) -> str:
        from jinja2 import nodes

        if not isinstance(node, nodes.List | nodes.Tuple):
            raise _Unplain
        words = tuple(str(each.value) for each in node.items if isinstance(each, nodes.Const))
        if len(words) != len(node.items):
            raise _Unplain
        if len(words) <= _FEW:
            told = listed([f'"{word}"' for word in words], "or")
            return told if within else f"not {told}"
        name = self._lists.setdefault(words, f"list {len(self._lists) + 1}")
        return f"{'one' if within else 'none'} of {name}"

    def _name(self, name: str) -> str:
        column = self._columns.get(name)
        told = (column.title if column else "") or name.replace("_", " ")
        return f"{told} (where the export says it)" if column and column.optional else told


class _Unplain(Exception):
    """It is plainer as it is written."""


def _is_nought(node: nodes.Expr) -> bool:
    from jinja2 import nodes

    return isinstance(node, nodes.Const) and node.value == 0 and not isinstance(node.value, bool)
