"""Conditions and computed facts: what they compare, and whether they can be worked out."""

from __future__ import annotations

from collections.abc import Iterator

from crisisctl.lint.finding import Hit
from crisisctl.lint.prover.formula import Constant, Holds, OneOf, condition, leaves, tree_of
from crisisctl.lint.prover.types import Fails, kind_of
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book
from crisisctl.playbook import conditions
from crisisctl.playbook.conditions import BadExpression
from crisisctl.playbook.model import SEVERITIES, Fact, Step
from crisisctl.playbook.reader import Path
from crisisctl.text import did_you_mean, listed


def within(book: Book, path: Path, word: str, text: str, hint: str = "") -> Hit:
    """A finding at a word inside a value that stands on one line."""
    hit = book.at(path, text, hint)
    line = hit.source.lines[hit.line - 1]
    column = line.find(word, hit.column - 1)
    return hit if column < 0 else hit.source.hit(hit.line, column + 1, text, hint)


def impossible(book: Book, step: Step) -> Iterator[tuple[str, Constant, list[str]]]:
    """What a condition compares with something that it can never be: name, value, what it can."""
    formula = condition(step.when) if step.when else None
    for leaf in leaves(formula) if formula is not None else ():
        if isinstance(leaf, OneOf | Holds):
            spec = book.walks.specs.get(leaf.name)
            values = leaf.values if isinstance(leaf, OneOf) else {leaf.value}
            can_be = _can_be(leaf.name, spec, whole=isinstance(leaf, OneOf))
            for value in sorted(values, key=str):
                if can_be is not None and value not in can_be:
                    yield leaf.name, value, [str(one) for one in can_be]


def _can_be(name: str, spec: Fact | None, *, whole: bool) -> list[Constant] | None:
    """The values of a name; None where they cannot be listed."""
    if name == "severity":
        return list(SEVERITIES)
    if spec is None or not whole:
        return list(spec.choices) if spec is not None and spec.type == "choices" else None
    match spec.type:
        case "choice":
            return list(spec.choices)
        case "flag":
            return [True, False]
        case "choices":
            return []
    return None


@rule("impossible-value", Book)
def impossible_value(book: Book) -> Iterator[Hit]:
    """A condition compares a choice with something that it can never be.

    The comparison is never true, so the step is never walked, or always.
    Mostly it is a spelling mistake, or the choice was renamed.

    Bad:
        when: data == 'exposd'
    Good:
        when: data == 'exposed'
    """
    for path, _, step in book.steps:
        for name, value, can_be in impossible(book, step):
            spec = book.walks.specs.get(name)
            if spec is not None and spec.type == "choices" and not can_be:
                what = f'"{name}" is several choices at once, so it never equals one word'
                hint = f"write `{value!r} in {name}`"
            else:
                guess = did_you_mean(str(value), can_be)
                what = f'"{name}" can never be {_shown(value)}'
                hint = f"did you mean '{guess}'? " if guess else ""
                hint += f"it can be {listed(can_be, 'or')}"
            yield within(book, (*path, "when"), _written(value), what, hint)


def _shown(value: Constant) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def _written(value: Constant) -> str:
    return value if isinstance(value, str) else str(value)


@rule("undecidable-condition", Book)
def undecidable_condition(book: Book) -> Iterator[Hit]:
    """A condition can never be decided, whatever the facts are.

    It compares or adds what cannot be compared or added. On the night the step
    would be shown in every case.

    Bad:
        when: started_at > 5
    Good:
        when: orders_per_hour is defined and orders_per_hour > 5
    """
    for path, _, step in book.steps:
        tree = tree_of(step.when) if step.when else None
        if tree is not None:
            try:
                kind_of(tree, book.walks.specs)
            except Fails as error:
                hint = "compare a fact with something of its own kind"
                what = f'the condition of step "{step.id}" cannot be decided: {error}'
                yield book.at((*path, "when"), what, hint)


@rule("compute-fails", Book)
def compute_fails(book: Book) -> Iterator[Hit]:
    """A computed fact can never be worked out.

    It adds or subtracts what cannot be, so it stays unknown, and every message
    that needs it stops.

    Bad:
        downtime: {type: duration, compute: mitigated_at - site_url}
    Good:
        downtime: {type: duration, compute: mitigated_at - started_at}
    """
    for name, fact in book.plan.facts.items():
        tree = tree_of(fact.compute) if fact.compute else None
        if tree is not None:
            try:
                kind_of(tree, book.walks.specs)
            except Fails as error:
                what = f'"{name}" can never be computed: {error}'
                yield book.at(("facts", name, "compute"), what, "compute with other facts")


@rule("compute-type", Book)
def compute_type(book: Book) -> Iterator[Hit]:
    """A computed fact comes to another type than it says.

    Messages then show it in the wrong form, or not at all.

    Bad:
        downtime: {type: number, compute: mitigated_at - started_at}
    Good:
        downtime: {type: duration, compute: mitigated_at - started_at}
    """
    for name, fact in book.plan.facts.items():
        tree = tree_of(fact.compute) if fact.compute else None
        if tree is None:
            continue
        try:
            kind = kind_of(tree, book.walks.specs)
        except Fails:
            continue
        if kind not in ("nothing", fact.type):
            what = f'"{name}" comes to a {kind}, and says that it is a {fact.type}'
            path = ("facts", name, "type")
            known = path in book.file.document.values
            hint = f"write `type: {kind}`"
            yield book.at(path if known else ("facts", name), what, hint, key=not known)


@rule("compute-loop", Book)
def compute_loop(book: Book) -> Iterator[Hit]:
    """Computed facts wait for each other in a circle.

    None of them can ever be known.

    Bad:
        downtime: {type: duration, compute: total - waiting}
        total: {type: duration, compute: downtime + waiting}
    Good:
        downtime: {type: duration, compute: mitigated_at - started_at}
        total: {type: duration, compute: downtime + waiting}
    """
    for name, fact in book.plan.facts.items():
        circle = _circle(book, name) if fact.compute else []
        if circle:
            what = f'"{name}" is computed from itself'
            way = f" by way of {listed(circle)}" if circle != [name] else ""
            hint = "compute it from facts that are asked"
            yield book.at(("facts", name, "compute"), f"{what}{way}", hint)


def _circle(book: Book, name: str) -> list[str]:
    """The computed facts on the way from a fact back to itself; empty where there is none."""
    seen: dict[str, str] = {}
    left = [name]
    while left:
        current = left.pop()
        for part in _parts(book, current):
            if part == name:
                way = [current]
                while way[-1] != name:
                    way.append(seen[way[-1]])
                return [f'"{one}"' for one in reversed(way[:-1])] or [name]
            if part not in seen:
                seen[part] = current
                left.append(part)
    return []


def _parts(book: Book, name: str) -> list[str]:
    fact = book.plan.facts.get(name)
    if fact is None or not fact.compute:
        return []
    try:
        return sorted(conditions.names_in(fact.compute))
    except BadExpression:
        return []


@rule("compute-order", Book)
def compute_order(book: Book) -> Iterator[Hit]:
    """A computed fact uses one that is computed further down.

    Facts are computed from top to bottom, so this one is never known.

    Bad:
        total: {type: duration, compute: downtime + waiting}
        downtime: {type: duration, compute: mitigated_at - started_at}
    Good:
        downtime: {type: duration, compute: mitigated_at - started_at}
        total: {type: duration, compute: downtime + waiting}
    """
    order = {name: number for number, name in enumerate(book.plan.facts)}
    for name, fact in book.plan.facts.items():
        if fact.compute and not _circle(book, name):
            for part in _parts(book, name):
                spec = book.plan.facts.get(part)
                if spec is not None and spec.compute and order[part] > order[name]:
                    what = f'"{name}" is computed before "{part}", which it needs'
                    hint = f'move "{part}" above "{name}"'
                    yield within(book, ("facts", name, "compute"), part, what, hint)
