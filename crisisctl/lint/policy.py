"""What a compensation policy asks: which names its conditions speak of, and what they compare."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes
from msgspec import Struct

from crisisctl.lint.prover.formula import tree_of
from crisisctl.playbook import conditions
from crisisctl.playbook.conditions import BadExpression
from crisisctl.playbook.model import Playbook
from crisisctl.playbook.policy import Policy
from crisisctl.playbook.reader import Path


class Expression(Struct, frozen=True):
    """A condition or a sum of a policy, where it stands."""

    path: Path
    text: str

    @property
    def names(self) -> frozenset[str]:
        """What it speaks of; nothing where it cannot be read."""
        try:
            return conditions.names_in(self.text)
        except BadExpression:
            return frozenset()


def expressions(policy: Policy) -> Iterator[Expression]:
    """All that is worked out for each customer, in the order of the file."""
    top = "compensation"
    for number, exclusion in enumerate(policy.exclude):
        yield Expression((top, "exclude", number, "when"), exclusion.when)
    for number, owed in enumerate(policy.owed):
        yield Expression((top, "owed", number, "when"), owed.when)
        yield Expression((top, "owed", number, "refund"), owed.refund)
    for number, tier in enumerate(policy.tiers):
        yield Expression((top, "tiers", number, "when"), tier.when)
        if tier.offer.refund:
            yield Expression((top, "tiers", number, "offer", "refund"), tier.offer.refund)


def facts_read(policy: Policy) -> Iterator[tuple[Path, str]]:
    """The facts whose value stands in a key of its own: the window's, and how many per cent."""
    for key, name in (("from", policy.window.from_), ("until", policy.window.until)):
        if name:
            yield ("compensation", "window", key), name
    for number, tier in enumerate(policy.tiers):
        if isinstance(tier.offer.percent, str):
            yield ("compensation", "tiers", number, "offer", "percent"), tier.offer.percent


def policy_names(plan: Playbook) -> set[str]:
    """Every name that the policy of a plan speaks of: facts, and columns."""
    if plan.compensation is None:
        return set()
    found = {name for _, name in facts_read(plan.compensation)}
    return found.union(*(each.names for each in expressions(plan.compensation)))


class Compared(Struct, frozen=True):
    """A name held against a number: `minutes >= 60`, or a flag or a word as it stands."""

    name: str
    sign: str
    value: float


def follows(later: str, earlier: str) -> bool:
    """Whether the later condition can hold only where the earlier one holds as well.

    Only what is plain is seen: parts joined by `and`, each the same or a narrower comparison.
    """
    first, second = tree_of(earlier), tree_of(later)
    if first is None or second is None:
        return False
    parts = list(_parts(second))
    return all(any(_narrower(part, whole) for part in parts) for whole in _parts(first))


def _parts(node: nodes.Expr) -> Iterator[nodes.Expr]:
    if isinstance(node, nodes.And):
        yield from _parts(node.left)
        yield from _parts(node.right)
    else:
        yield node


def _narrower(part: nodes.Expr, whole: nodes.Expr) -> bool:
    """Whether one comparison holds only where the other does."""
    if part == whole:
        return True
    if isinstance(whole, nodes.Or):
        return _narrower(part, whole.left) or _narrower(part, whole.right)
    one, other = compared(part), compared(whole)
    if one is None or other is None or one.name != other.name:
        return False
    match one.sign, other.sign:
        case ("gt" | "gteq" | "eq", "gteq") | ("gt", "gt"):
            return one.value >= other.value
        case ("gteq" | "eq", "gt"):
            return one.value > other.value
        case ("lt" | "lteq" | "eq", "lteq") | ("lt", "lt"):
            return one.value <= other.value
        case ("lteq" | "eq", "lt"):
            return one.value < other.value
        case ("gt", "ne"):
            return one.value >= other.value
        case ("lt", "ne"):
            return one.value <= other.value
    return False


_TURNED = {"gt": "lt", "lt": "gt", "gteq": "lteq", "lteq": "gteq", "eq": "eq", "ne": "ne"}


def compared(node: nodes.Expr) -> Compared | None:
    """A comparison of a name with a number, the name on the left; else None."""
    match node:
        case nodes.Compare(expr=nodes.Name(name=name), ops=[nodes.Operand(op=sign, expr=side)]):
            value = _number(side)
        case nodes.Compare(expr=side, ops=[nodes.Operand(op=sign, expr=nodes.Name(name=name))]):
            value, sign = _number(side), _TURNED.get(sign, "")
        case _:
            return None
    return None if value is None or sign not in _TURNED else Compared(name, sign, value)


def _number(node: nodes.Expr) -> float | None:
    match node:
        case nodes.Const(value=bool()):
            return None
        case nodes.Const(value=int() | float() as value):
            return float(value)
    return None


def comparisons(expression: str) -> Iterator[nodes.Compare]:
    """Every comparison in an expression."""
    tree = tree_of(expression)
    if tree is not None:
        yield from nodes.Output([tree]).find_all(nodes.Compare)
