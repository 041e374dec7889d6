"""Conditions and computed facts: Jinja expressions, checked before they are compiled.

The sandbox stops escapes but not resource use: `'a'*10**10` exhausts memory
while it is being *compiled* (constant folding). So an expression is parsed,
its nodes are held against a short list, and only then compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from math import isfinite
from typing import TYPE_CHECKING

from crisisctl.errors import CrisisError
from crisisctl.text import quoted

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST = 500
"""Characters; a longer condition is a program, and belongs in two steps."""
DEEPEST = 50
"""Levels of nesting; compiling takes far longer with each one."""
_KEPT = 4096
"""Conditions that are kept, read; no honest playbook has as many."""

_ALLOWED = {
    "Output", "Name", "Const", "Compare", "Operand", "And", "Or", "Not",
    "Add", "Sub", "Neg", "Test", "Filter", "List", "Tuple", "CondExpr",
}  # fmt: skip
_TESTS = {"defined", "undefined", "in", "none", "true", "false"}
_FILTERS = {"length", "default", "first", "last"}


class BadExpression(CrisisError):
    """An expression that cannot be used, or cannot be decided yet."""


def evaluate(expression: str, names: Mapping[str, object]) -> object:
    """The value of an expression over these names; an unknown name is falsy.

    Raises `BadExpression` when it cannot be parsed, is not allowed, or counts
    with a name that is not known yet.
    """
    from jinja2.exceptions import TemplateError

    compiled = _compiled(expression)
    try:
        return compiled(**names)
    except (TemplateError, TypeError, ArithmeticError) as error:
        raise BadExpression(f"cannot decide {quoted(expression)}: {error}") from error


@lru_cache(maxsize=_KEPT)
def names_in(expression: str) -> frozenset[str]:
    """The facts an expression speaks of."""
    from jinja2 import nodes

    return frozenset(node.name for node in _parsed(expression).find_all(nodes.Name))


def tree(expression: str) -> nodes.Expr:
    """The checked tree of an expression. Raises `BadExpression` where it is not one."""
    found: nodes.Expr = _parsed(expression).nodes[0]
    return found


def check(expression: str) -> str | None:
    """What is wrong with an expression's form, or None."""
    try:
        _parsed(expression)
    except BadExpression as error:
        return error.message
    return None


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment()
    environment.globals.clear()
    return environment


@lru_cache(maxsize=_KEPT)
def _parsed(expression: str):  # type: ignore[no-untyped-def]  # Jinja's tree is imported lazily
    from jinja2.exceptions import TemplateError

    if len(expression) > LONGEST:
        raise BadExpression(f"the condition is longer than {LONGEST} characters")
    if any(mark in expression for mark in ("{{", "}}", "{%", "%}", "{#")):
        raise BadExpression(f"write the condition without braces: {quoted(expression)}")
    try:
        tree = _parse(expression)
    except (TemplateError, RecursionError, ValueError) as error:
        what = _plainly(str(getattr(error, "message", error)), expression)
        raise BadExpression(f"{quoted(expression)} is not a condition: {what}") from error
    left: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while left:
        node, depth = left.pop()
        refused = "it is nested too deep" if depth > DEEPEST else _refused(node)
        if refused:
            raise BadExpression(f"{quoted(expression)} is not allowed: {refused}")
        left += [(child, depth + 1) for child in node.iter_child_nodes()]
    return tree


_JOINED = re.compile(r"\b(AND|OR|NOT)\b")


def _plainly(what: str, expression: str) -> str:
    """A parser's complaint in words that say what to write instead."""
    if "'='" in what:
        return "write == to compare"
    if joined := _JOINED.search(expression):
        return f"write {joined[1].lower()} in small letters"
    if any(quote in expression for quote in "“”‘’„«»"):
        return "curly quotes are not quotes here: write 'word'"
    return what


def _parse(expression: str) -> nodes.Output:
    """The tree that `compile_expression` will build: one expression and nothing after it."""
    from jinja2 import nodes
    from jinja2.parser import Parser

    parser = Parser(_environment(), expression, state="variable")
    tree = parser.parse_expression()
    if not parser.stream.eos:
        parser.fail(f"unexpected {str(parser.stream.current)!r}")
    return nodes.Output([tree])


def _refused(node: object) -> str:
    from jinja2 import nodes

    name = type(node).__name__
    if name not in _ALLOWED:
        return f"{name.lower()} is not part of a condition"
    if isinstance(node, nodes.Test) and node.name not in _TESTS:
        return f'the test "{node.name}" is not known'
    if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
        return f'the filter "{node.name}" is not known'
    if isinstance(node, nodes.Const) and isinstance(node.value, float) and not isfinite(node.value):
        return "the number is too large"
    return ""


@lru_cache(maxsize=1024)
def _compiled(expression: str):  # type: ignore[no-untyped-def]
    _parsed(expression)
    return _environment().compile_expression(expression, undefined_to_none=False)


def compared(text: str) -> Iterator[tuple[str, set[str] | None]]:
    """The columns of a condition with the words they are compared with; None: nobody knows."""
    from jinja2 import nodes

    whole = tree(text)
    found = [whole] if isinstance(whole, nodes.Compare) else []
    for each in (*found, *whole.find_all(nodes.Compare)):
        yield from _side_by_side([each.expr, *(operand.expr for operand in each.ops)])


def _side_by_side(sides: Iterable[nodes.Node]) -> Iterator[tuple[str, set[str] | None]]:
    from jinja2 import nodes

    found = list(sides)
    names = [each.name for each in found if isinstance(each, nodes.Name)]
    words = set[str]()
    for each in found:
        constants = [each] if isinstance(each, nodes.Const) else each.find_all(nodes.Const)
        words |= {str(one.value).strip().lower() for one in constants}
    for name in names:
        yield name, words if len(names) == 1 else None
