"""What of a playbook its conditions and messages depend on: without it, a change does no harm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, nodes

from crisisctl.lint.subject import anatomy
from crisisctl.playbook.load import loads
from crisisctl.playbook.model import Playbook
from mutation.mutant import Files


@dataclass(frozen=True, slots=True)
class Uses:
    """The names that are read, and the answers that are asked for by name."""

    plan: Playbook
    names: frozenset[str]
    answers: frozenset[tuple[str, str]]
    """Such as `("cause", "overload")`."""


def uses(files: Files, playbook: str) -> Uses:
    """What the playbook file of that path and its messages read."""
    stem = playbook.removeprefix("playbooks/").removesuffix(".yaml")
    texts = [text for name, text in files.items() if name.startswith(f"templates/{stem}/")]
    return _uses(files[playbook], tuple(texts))


@cache
def _uses(playbook: str, texts: tuple[str, ...]) -> Uses:
    plan, problems = loads(playbook)
    assert plan is not None, problems
    trees = [tree for text in texts if (tree := anatomy(text).tree) is not None]
    said = [step.when for _, step in plan.steps() if step.when]
    said += [fact.compute for fact in plan.facts.values() if fact.compute]
    trees += [Environment().parse(f"{{{{ {words} }}}}") for words in said]
    names = {node.name for tree in trees for node in tree.find_all(nodes.Name)}
    answers = {pair for tree in trees for pair in _answers(tree)}
    return Uses(plan, frozenset(names), frozenset(answers))


def _answers(tree: nodes.Template) -> Iterator[tuple[str, str]]:
    looped = {
        loop.target.name: loop.iter.name
        for loop in tree.find_all(nodes.For)
        if isinstance(loop.target, nodes.Name) and isinstance(loop.iter, nodes.Name)
    }
    for compare in tree.find_all(nodes.Compare):
        sides = [compare.expr, *(operand.expr for operand in compare.ops)]
        for name in (side.name for side in sides if isinstance(side, nodes.Name)):
            for side in sides:
                if isinstance(side, nodes.Const) and isinstance(side.value, str):
                    yield looped.get(name, name), side.value
