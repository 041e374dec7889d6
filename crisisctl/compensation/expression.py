"""Checked conditions as Python source: a million rows have no time for an interpreter of trees.

Only trees that `playbook.conditions` lets through come here, every name becomes a variable of ours
and every constant a literal, so nothing that a file says is ever run.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, NoReturn

from crisisctl.playbook.conditions import BadExpression, tree
from crisisctl.text import quoted

if TYPE_CHECKING:
    from jinja2 import nodes

_OPERATORS = {
    "eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=",
    "in": "in", "notin": "not in",
}  # fmt: skip


def source(expression: str, variables: Mapping[str, str], unknown: frozenset[str]) -> str:
    """The expression in Python. `variables` says what each name is there.

    Names that are `unknown` may only be asked whether they are defined, or stand behind
    such a question: there they call `unknown`, a function that raises. Raises `BadExpression`.
    """
    return _Writer(expression, variables, unknown).write(tree(expression))


def unknown(expression: str, name: str) -> NoReturn:
    """Nobody has answered what an expression asks."""
    raise BadExpression(
        f"{quoted(expression)} needs to know {name}",
        hint=f"record it first: crisisctl fact {name} VALUE",
    )


class _Writer:
    def __init__(
        self, expression: str, variables: Mapping[str, str], unknown: frozenset[str]
    ) -> None:
        self._expression = expression
        self._variables = variables
        self._unknown = unknown
        self._asked = "is defined" in expression or "is undefined" in expression

    def write(self, node: nodes.Node) -> str:
        from jinja2 import nodes

        match node:
            case nodes.Name(name=name):
                return self._name(name)
            case nodes.Const(value=value):
                return _literal(value)
            case nodes.List(items=items) | nodes.Tuple(items=items):
                return f"({''.join(f'{self.write(item)}, ' for item in items)})"
            case nodes.Compare(expr=first, ops=operands):
                tail = (f"{_OPERATORS[each.op]} {self.write(each.expr)}" for each in operands)
                return f"({self.write(first)} {' '.join(tail)})"
            case nodes.Test(name=test, node=nodes.Name(name=name)):
                return str((name in self._unknown) is (test == "undefined"))
            case nodes.Not(node=inner):
                return f"(not {self.write(inner)})"
            case nodes.Neg(node=inner):
                return f"(-{self.write(inner)})"
        return self._joined(node)

    def _joined(self, node: nodes.Node) -> str:
        from jinja2 import nodes

        signs = {nodes.And: "and", nodes.Or: "or", nodes.Add: "+", nodes.Sub: "-"}
        if isinstance(node, nodes.BinExpr) and (sign := signs.get(type(node))):
            return f"({self.write(node.left)} {sign} {self.write(node.right)})"
        raise BadExpression(
            f"{quoted(self._expression)}: {type(node).__name__.lower()} has no place in a policy"
        )

    def _name(self, name: str) -> str:
        if name in self._unknown:
            if self._asked:
                return f"unknown({self._expression!r}, {name!r})"
            unknown(self._expression, name)
        return self._variables[name]


def _literal(value: object) -> str:
    match value:
        case bool():
            return str(value)
        case str():
            return repr(value.strip().lower())  # as cells are read
        case float():
            return f"Decimal({str(value)!r})"
        case int() | Decimal():
            return str(value)
    raise BadExpression(f"{value!r} has no place in a policy")
