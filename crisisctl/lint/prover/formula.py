"""Conditions as formulas over facts, and where an expression reads which fact.

A condition of a playbook and a test in a template are the same language. What
cannot be taken apart (a sum, a comparison of times) stays a single opaque
statement that may be true or false, the same wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from jinja2 import nodes
from msgspec import Struct

from crisisctl.playbook import conditions
from crisisctl.playbook.conditions import BadExpression

Constant = str | bool | int | float | None


class Fixed(Struct, frozen=True):
    """Always true, or always false."""

    value: bool


class Known(Struct, frozen=True):
    """`name is defined`."""

    name: str


class Truthy(Struct, frozen=True):
    """The name alone: a flag, or whether something was answered."""

    name: str


class OneOf(Struct, frozen=True):
    """`name == 'a'`, `name in ['a', 'b']`."""

    name: str
    values: frozenset[Constant]


class Holds(Struct, frozen=True):
    """`'cart' in name`: one of several choices was made."""

    name: str
    value: Constant


class Opaque(Struct, frozen=True):
    """What cannot be taken apart; `ordered`: it cannot be decided while a name is unknown."""

    text: str
    names: frozenset[str]
    ordered: bool = False


class Not(Struct, frozen=True):
    """The opposite."""

    of: Formula


class All(Struct, frozen=True):
    """Every one of these, looked at from left to right."""

    of: tuple[Formula, ...]


class Either(Struct, frozen=True):
    """One of these at least."""

    of: tuple[Formula, ...]


Formula = Fixed | Known | Truthy | OneOf | Holds | Opaque | Not | All | Either
TRUE = Fixed(True)


def both(first: Formula, second: Formula) -> Formula:
    """The first and the second."""
    if first == TRUE:
        return second
    return first if second == TRUE else All((first, second))


BRANCHES = 60
"""Cases of one `if` whose opposites are remembered for those after them: nobody writes more."""


def otherwise(guard: Formula, said: Formula, number: int) -> Formula:
    """What holds after a case that was not taken, the so-manieth of its `if`."""
    return both(guard, negated(said)) if number < BRANCHES else guard


def negated(formula: Formula) -> Formula:
    """The opposite of a formula."""
    match formula:
        case Fixed(value):
            return Fixed(not value)
        case Not(of):
            return of
    return Not(formula)


@lru_cache(maxsize=4096)
def condition(expression: str) -> Formula | None:
    """The formula of a playbook's condition; None where it cannot be read."""
    tree = tree_of(expression)
    return None if tree is None else formula(tree)


def tree_of(expression: str) -> nodes.Expr | None:
    """The tree of a condition or computed fact that is harmless; else None."""
    try:
        found = conditions.tree(expression)
    except BadExpression:
        return None
    return found


def formula(node: nodes.Node) -> Formula:
    """What an expression says, as far as it can be taken apart."""
    match node:
        case nodes.Const(value=value):
            return Fixed(bool(value))
        case nodes.Name(name=name):
            return Truthy(name)
        case nodes.Not(node=inner):
            return negated(formula(inner))
        case nodes.And(left=left, right=right):
            return All((formula(left), formula(right)))
        case nodes.Or(left=left, right=right):
            return Either((formula(left), formula(right)))
        case nodes.Test(node=nodes.Name(name=name), name="defined"):
            return Known(name)
        case nodes.Test(node=nodes.Name(name=name), name="undefined"):
            return Not(Known(name))
        case nodes.Compare(expr=left, ops=[nodes.Operand(op=op, expr=right)]):
            return _compared(left, op, right) or _opaque(node)
        case nodes.CondExpr(test=test, expr1=yes, expr2=no) if no is not None:
            chosen = formula(test)
            return Either((All((chosen, formula(yes))), All((negated(chosen), formula(no)))))
    return _opaque(node)


def _compared(left: nodes.Expr, op: str, right: nodes.Expr) -> Formula | None:
    if isinstance(left, nodes.Const) and op in ("eq", "ne"):
        left, right = right, left
    match left, op, right:
        case nodes.Name(name=name), "eq", nodes.Const(value=value):
            return OneOf(name, frozenset([value]))
        case nodes.Name(name=name), "ne", nodes.Const(value=value):
            return Not(OneOf(name, frozenset([value])))
        case nodes.Name(name=name), "in" | "notin", nodes.List(items=items) | nodes.Tuple(
            items=items
        ) if all(isinstance(item, nodes.Const) for item in items):
            chosen = OneOf(name, frozenset(item.value for item in items))  # type: ignore[attr-defined]
            return chosen if op == "in" else Not(chosen)
        case nodes.Const(value=value), "in", nodes.Name(name=name):
            return Holds(name, value)
        case nodes.Const(value=value), "notin", nodes.Name(name=name):
            return Not(Holds(name, value))
    return None


_ORDER = {"lt", "lteq", "gt", "gteq"}


def _opaque(node: nodes.Node) -> Opaque:
    names = frozenset(n.name for n in node.find_all(nodes.Name))
    if isinstance(node, nodes.Name):
        names |= {node.name}
    kinds = (nodes.Add, nodes.Sub, nodes.Neg)
    ordered = any(o.op in _ORDER for o in node.find_all(nodes.Operand)) or bool(
        next(node.find_all(kinds), None)
    )
    return Opaque(_text(node), names, ordered)


_SIGNS = {
    "eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=",
    "in": "in", "notin": "not in",
}  # fmt: skip


def _text(node: nodes.Node) -> str:
    """An expression as it was written, nearly."""
    match node:
        case nodes.Name(name=name):
            return name
        case nodes.Const(value=value):
            return repr(value)
        case nodes.Compare(expr=left, ops=operands):
            rest = " ".join(f"{_SIGNS[o.op]} {_text(o.expr)}" for o in operands)
            return f"{_text(left)} {rest}"
        case nodes.Add(left=left, right=right):
            return f"{_text(left)} + {_text(right)}"
        case nodes.Sub(left=left, right=right):
            return f"{_text(left)} - {_text(right)}"
        case nodes.Filter(node=nodes.Node() as inner, name=name):
            return f"{_text(inner)} | {name}"
    return repr(node)


@dataclass(frozen=True, slots=True)
class Read:
    """A place where an expression needs the value of a name."""

    name: str
    line: int
    guard: Formula
    """What is true whenever this place is reached."""
    ordered: bool = False
    """Whether it is compared or counted with, which fails while it is unknown."""
    node: nodes.Name | None = field(default=None, compare=False)
    """The place in the tree."""


@lru_cache(maxsize=1024)
def needs_of(expression: str) -> tuple[Read, ...]:
    """What a condition needs; nothing where there is none, or where it is not one."""
    tree = tree_of(expression) if expression else None
    return () if tree is None else tuple(reads(tree))


def reads(node: nodes.Node, guard: Formula = TRUE) -> Iterator[Read]:
    """Every name whose value an expression needs, from left to right.

    `and`, `or` and `if … else` look at their right side only when they must;
    `is defined` and `default` need no value at all.
    """
    match node:
        case nodes.Name(name=name):
            yield Read(name, node.lineno, guard, node=node)
        case nodes.And() | nodes.Or() | nodes.CondExpr():
            yield from _when_needed(node, guard)
        case nodes.Test(node=nodes.Name(), name="defined" | "undefined"):
            return
        case nodes.Filter(node=nodes.Name(), name="default", args=arguments):
            for argument in arguments:
                yield from reads(argument, guard)
        case nodes.Compare() | nodes.Add() | nodes.Sub() | nodes.Neg() if _is_ordered(node):
            for read in _inside(node, guard):
                yield replace(read, ordered=True)
        case _:
            yield from _inside(node, guard)


def _when_needed(node: nodes.And | nodes.Or | nodes.CondExpr, guard: Formula) -> Iterator[Read]:
    first = node.test if isinstance(node, nodes.CondExpr) else node.left
    yield from reads(first, guard)
    yes, no = both(guard, formula(first)), both(guard, negated(formula(first)))
    match node:
        case nodes.And():
            yield from reads(node.right, yes)
        case nodes.Or():
            yield from reads(node.right, no)
        case nodes.CondExpr():
            yield from reads(node.expr1, yes)
            if node.expr2 is not None:
                yield from reads(node.expr2, no)


def _is_ordered(node: nodes.Node) -> bool:
    return not isinstance(node, nodes.Compare) or any(part.op in _ORDER for part in node.ops)


def _inside(node: nodes.Node, guard: Formula) -> Iterator[Read]:
    for child in node.iter_child_nodes():
        yield from reads(child, guard)


@lru_cache(maxsize=8192)
def leaves(of: Formula) -> tuple[Formula, ...]:
    """The statements a formula is made of."""
    match of:
        case Not(inner):
            return leaves(inner)
        case All(parts) | Either(parts):
            return tuple(leaf for part in parts for leaf in leaves(part))
    return (of,)
