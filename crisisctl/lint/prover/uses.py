"""Where a message text reads which fact, and what is true whenever it comes there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from jinja2 import nodes

from crisisctl.lint.prover.formula import (
    TRUE,
    Formula,
    Read,
    both,
    formula,
    otherwise,
    reads,
)
from crisisctl.messages.templates import examined_text

MOST = 2000
"""Reads of one block, those of the blocks it calls included."""


@dataclass(frozen=True, slots=True)
class Use:
    """A name that a block needs: in which block it stands, which mention of its line it is."""

    read: Read
    block: str
    nth: int


@lru_cache(maxsize=128)
def uses(text: str) -> dict[str, tuple[Use, ...]]:
    """What each block of a template reads when it is rendered, called blocks included."""
    tree, refusals = examined_text(text)
    if tree is None or refusals:
        return {}
    blocks = {block.name: block for block in tree.find_all(nodes.Block)}
    walker = _Walker(blocks, _mentions(tree))
    for name in _called_first(blocks):
        walker.of(name)
    return walker.done


def _called_first(blocks: dict[str, nodes.Block]) -> list[str]:
    """The blocks, each behind those that it calls: no call goes deep."""
    calls = {name: list(_calls(block)) for name, block in blocks.items()}
    done: dict[str, None] = {}
    for name in blocks:
        left, waiting = [name], {name}
        while left:
            todo = [c for c in calls.get(left[-1], ()) if c not in done and c not in waiting]
            if todo:
                left.append(todo[0])
                waiting.add(todo[0])
            else:
                done[left.pop()] = None
    return [name for name in done if name in blocks]


def _mentions(tree: nodes.Template) -> dict[int, int]:
    """For each name in the tree, by identity, how many times its line spoke of it before."""
    found: dict[int, int] = {}
    seen: dict[tuple[int, str], int] = {}
    for node in tree.find_all(nodes.Name):
        place = (node.lineno, node.name)
        found[id(node)] = seen.get(place, 0)
        seen[place] = found[id(node)] + 1
    return found


class _Walker:
    def __init__(self, blocks: dict[str, nodes.Block], mentions: dict[int, int]) -> None:
        self.blocks = blocks
        self.mentions = mentions
        self.done: dict[str, tuple[Use, ...]] = {}

    def of(self, name: str) -> tuple[Use, ...]:
        if name not in self.done:
            self.done[name] = ()  # a block that calls itself is refused elsewhere
            found = self._all(self.blocks[name].body, TRUE, name, frozenset())
            self.done[name] = tuple(use for _, use in zip(range(MOST), found, strict=False))
        return self.done[name]

    def _all(
        self, body: list[nodes.Node], guard: Formula, block: str, local: frozenset[str]
    ) -> Iterator[Use]:
        for node in body:
            match node:
                case nodes.If():
                    yield from self._if(node, guard, block, local)
                case nodes.For(target=nodes.Name(name=name)):
                    yield from self._expression(node.iter, guard, block, local)
                    yield from self._all(node.body, guard, block, local | {name, "loop"})
                    yield from self._all(node.else_, guard, block, local)
                case nodes.Assign(target=nodes.Name(name=name)):
                    yield from self._expression(node.node, guard, block, local)
                    local |= {name}
                case nodes.Output(nodes=parts):
                    for part in parts:
                        yield from self._expression(part, guard, block, local)

    def _if(
        self, node: nodes.If, guard: Formula, block: str, local: frozenset[str]
    ) -> Iterator[Use]:
        for number, branch in enumerate((node, *node.elif_)):
            yield from self._expression(branch.test, guard, block, local)
            said = formula(branch.test)
            yield from self._all(branch.body, both(guard, said), block, local)
            guard = otherwise(guard, said, number)
        yield from self._all(node.else_, guard, block, local)

    def _expression(
        self, node: nodes.Node, guard: Formula, block: str, local: frozenset[str]
    ) -> Iterator[Use]:
        for call in _calls(node):
            for use in self.of(call) if call in self.blocks else ():
                yield replace(use, read=replace(use.read, guard=both(guard, use.read.guard)))
        for read in reads(node, guard):
            if read.name not in local and read.name not in ("self", "loop"):
                yield Use(read, block, self.mentions.get(id(read.node), 0))


def _calls(node: nodes.Node) -> Iterator[str]:
    found = [node] if isinstance(node, nodes.Call) else []
    for call in (*found, *node.find_all(nodes.Call)):
        if isinstance(call.node, nodes.Getattr):
            yield call.node.attr
