"""Checked conditions as expressions of a warehouse: what `compensation.expression` is for Python.

Words are compared without case, constants and facts stand in the query itself, and what nobody
has answered is refused, or left out where the condition asks whether it is known.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from crisisctl.compensation.expression import unknown as unanswered
from crisisctl.compensation.warehouse.engine import Engine, Value
from crisisctl.playbook.conditions import BadExpression, tree
from crisisctl.text import quoted

if TYPE_CHECKING:
    from jinja2 import nodes

_CONSTANTS = (bool, str, int, float, Decimal, tuple)
_OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "lteq": operator.le,
    "gt": operator.gt, "gteq": operator.ge,
}  # fmt: skip


def written(
    engine: Engine, expression: str, names: Mapping[str, object], unknown: frozenset[str]
) -> Value:
    """An expression over columns and facts. Raises `BadExpression`."""
    found = _Writer(engine, expression, names, unknown).write(tree(expression))
    return engine.literal(found) if isinstance(found, _CONSTANTS) else found


class _Writer:
    """Gives constants of Python as long as nothing depends on a row."""

    def __init__(
        self,
        engine: Engine,
        expression: str,
        names: Mapping[str, object],
        unknown: frozenset[str],
    ) -> None:
        self._engine = engine
        self._expression = expression
        self._names = names
        self._unknown = unknown

    def write(self, node: nodes.Node) -> Value:
        from jinja2 import nodes

        match node:
            case nodes.Name(name=name):
                return self._name(name)
            case nodes.Const(value=value):
                return _constant(value)
            case nodes.List(items=items) | nodes.Tuple(items=items):
                return tuple(self.write(item) for item in items)
            case nodes.Compare(expr=first, ops=operands):
                return self._compared(first, operands)
            case nodes.Test(name=test, node=nodes.Name(name=name)):
                return (name in self._unknown) is (test == "undefined")
            case nodes.Not(node=inner):
                found = self.write(inner)
                return not found if isinstance(found, _CONSTANTS) else ~found
            case nodes.Neg(node=inner):
                return -self.write(inner)
        return self._joined(node)

    def _joined(self, node: nodes.Node) -> Value:
        from jinja2 import nodes

        match node:
            case nodes.And(left=left, right=right):
                return self._both(left, right, decides=False)
            case nodes.Or(left=left, right=right):
                return self._both(left, right, decides=True)
            case nodes.Add(left=left, right=right):
                return operator.add(*self._pair(self.write(left), self.write(right)))
            case nodes.Sub(left=left, right=right):
                return operator.sub(*self._pair(self.write(left), self.write(right)))
        what = type(node).__name__.lower()
        raise BadExpression(f"{quoted(self._expression)}: {what} has no place in a policy")

    def _both(self, left: nodes.Node, right: nodes.Node, *, decides: bool) -> Value:
        """Two conditions; what stands behind one that decides already is not even looked at."""
        first = self.write(left)
        if isinstance(first, _CONSTANTS):
            return decides if bool(first) is decides else self.write(right)
        second = self.write(right)
        if isinstance(second, _CONSTANTS):
            return decides if bool(second) is decides else first
        return first | second if decides else first & second

    def _compared(self, first: nodes.Node, operands: list[nodes.Operand]) -> Value:
        left, found = self.write(first), []
        for operand in operands:
            right = self.write(operand.expr)
            if operand.op in ("in", "notin"):
                inside = self._inside(left, right)
                outside = operand.op == "notin"
                found.append(self._not(inside) if outside else inside)
            else:
                found.append(self._one(operand.op, left, right))
            left = right
        if any(isinstance(each, _CONSTANTS) and not each for each in found):
            return False
        rest = [each for each in found if not isinstance(each, _CONSTANTS)]
        return self._engine.every(rest) if rest else True

    def _one(self, sign: str, left: Value, right: Value) -> Value:
        return _OPERATORS[sign](*self._pair(left, right))

    def _inside(self, word: Value, words: Value) -> Value:
        """Whether a word is one of several; each of them may be a column as well."""
        if not isinstance(words, tuple):
            raise BadExpression(f"{quoted(self._expression)} looks into what is no list of words")
        plain = [each for each in words if isinstance(each, _CONSTANTS)]
        columns = [each == word for each in words if not isinstance(each, _CONSTANTS)]
        if isinstance(word, _CONSTANTS):
            return True if word in plain else self._any(columns)
        return self._any(([word.isin(plain)] if plain else []) + columns)

    def _any(self, conditions: list[Value]) -> Value:
        return self._engine.some(conditions) if conditions else False

    def _not(self, found: Value) -> Value:
        return not found if isinstance(found, _CONSTANTS) else ~found

    def _pair(self, left: Value, right: Value) -> tuple[Value, Value]:
        """Two sides that can be held together: a constant beside a column becomes one of SQL."""
        constants = isinstance(left, _CONSTANTS), isinstance(right, _CONSTANTS)
        if constants == (True, False):
            return self._engine.literal(left), right
        if constants == (False, True):
            return left, self._engine.literal(right)
        return left, right

    def _name(self, name: str) -> Value:
        if name in self._unknown:
            unanswered(self._expression, name)
        return self._names[name]


def _constant(value: object) -> object:
    match value:
        case str():
            return value.strip().lower()  # as cells are read
        case float():
            return Decimal(str(value))
        case bool() | int() | Decimal():
            return value
    raise BadExpression(f"{value!r} has no place in a policy")
