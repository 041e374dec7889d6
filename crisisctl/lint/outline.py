"""What a message text prints, asks and calls, block by block, and where each of it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from jinja2 import nodes
from msgspec import Struct

from crisisctl.lint.prover.formula import TRUE, Formula, both, formula, otherwise
from crisisctl.lint.subject import Anatomy, anatomy

BUILT_IN = ("next_update", "sent_at")
"""Times that every message may state."""


class Local(Struct, frozen=True):
    """What a name that the template itself makes stands for."""

    fact: str = ""
    """The fact it is, or an item of which it is; empty where that cannot be told."""
    item: bool = False


Locals = Mapping[str, Local]


class Printed(Struct, frozen=True):
    """A `{{ … }}`."""

    node: nodes.Node
    block: str
    guard: Formula
    """What is true whenever it is printed."""
    local: Locals
    after: str
    """The character that follows in the text; empty where that cannot be told."""
    before: str


class Asked(Struct, frozen=True):
    """A test: what stands behind `if`."""

    node: nodes.Node
    said: Formula
    local: Locals


class Chain(Struct, frozen=True):
    """`if … elif … else`."""

    node: nodes.If
    tests: tuple[Asked, ...]
    """What its branches ask, in order."""
    guard: Formula
    local: Locals


@dataclass(slots=True)
class Part:
    """What one block says by itself."""

    printed: list[Printed] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)
    names: dict[str, nodes.Name] = field(default_factory=dict)
    """The facts it speaks of, each with its first mention."""
    shown: set[str] = field(default_factory=set)
    """The facts that it prints."""
    calls: dict[str, nodes.Node] = field(default_factory=dict)
    """The blocks it calls, each with the first call."""


class Outline:
    """The parts of one template."""

    def __init__(self, of: Anatomy) -> None:
        self._anatomy = of
        self.blocks = of.blocks
        self.parts = {name: _surveyed(block) for name, block in of.blocks.items()}
        self._reached: dict[str, frozenset[str]] = {}
        self._names: dict[str, frozenset[str]] = {}

    @cached_property
    def printed(self) -> list[Printed]:
        """Everything that is printed, in the order of the blocks."""
        return [each for part in self.parts.values() for each in part.printed]

    @cached_property
    def printed_names(self) -> list[tuple[Printed, nodes.Name, str]]:
        """Every name in what is printed, and the fact it stands for."""
        return [
            (
                printed,
                node,
                printed.local[node.name].fact if node.name in printed.local else node.name,
            )
            for printed in self.printed
            for node in _in_order(printed.node)
            if isinstance(node, nodes.Name)
        ]

    @cached_property
    def asked(self) -> list[Asked]:
        """Every test."""
        return [each for part in self.parts.values() for each in part.asked]

    @cached_property
    def chains(self) -> list[Chain]:
        """Every `if` with its branches."""
        return [each for part in self.parts.values() for each in part.chains]

    def reached(self, block: str) -> frozenset[str]:
        """The block and all that are called from it. Blocks that call themselves are refused."""
        if block not in self._reached:
            found = {block}
            left = [block]
            while left:
                calls = self.parts[left.pop()].calls
                new = [each for each in calls if each in self.parts and each not in found]
                found.update(new)
                left += new
            self._reached[block] = frozenset(found)
        return self._reached[block]

    def names(self, block: str) -> frozenset[str]:
        """The facts that a block and what it calls speak of."""
        if block not in self._names:
            parts = (self.parts[each].names for each in self.reached(block))
            self._names[block] = frozenset().union(*parts)
        return self._names[block]

    def shown(self, block: str) -> frozenset[str]:
        """The facts that a block and what it calls print."""
        return frozenset(name for each in self.reached(block) for name in self.parts[each].shown)

    def block_at(self, name: str) -> int:
        """The offset of a block's name in its opening tag."""
        return self._tokens.blocks.get(name, 0)

    def at(self, node: nodes.Node) -> int:
        """The offset of a name, word, filter or call in the text."""
        node = self._own(node)
        for each in (node, *_in_order(node)):
            if (place := self._places.get(id(each))) is not None:
                return place
        starts = self._anatomy.starts
        return starts[min(max(node.lineno or 1, 1), len(starts)) - 1]

    def _own(self, node: nodes.Node) -> nodes.Node:
        """The node of this tree for one of an earlier tree of the same text, kept elsewhere."""
        if id(node) in self._every:
            return node
        own = (each for each in self._every.values() if each.lineno == node.lineno)
        return next((each for each in own if each == node), node)

    @cached_property
    def _every(self) -> dict[int, nodes.Node]:
        return {id(node): node for node in self._anatomy.every}

    @cached_property
    def _tokens(self) -> _Tokens:
        return _Tokens(self._anatomy)

    @cached_property
    def _places(self) -> dict[int, int]:
        found: dict[int, int] = {}
        tree = self._anatomy.tree
        for node in _in_order(tree) if tree is not None else ():
            key = _written(node)
            if key is not None and (left := self._tokens.words.get(key)):
                found[id(node)] = left.popleft()
        return found


@lru_cache(maxsize=128)
def outline(text: str) -> Outline:
    """The outline of a sound text; kept, since every rule asks for it."""
    return Outline(anatomy(text))


Word = tuple[int, str, str]
"""Line, kind and text."""
_WORD = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\w+|[.|]|\n", re.DOTALL)


class _Tokens:
    """The words in the tags of a text, in their order, found again by line and kind."""

    def __init__(self, of: Anatomy) -> None:
        self.words: dict[Word, deque[int]] = defaultdict(deque)
        self.blocks: dict[str, int] = {}
        before = ""
        for found in _WORD.finditer(of.code):
            word = found[0]
            if word == "\n":
                continue
            if word not in ".|":
                line = bisect_right(of.starts, found.start())
                kind = {".": "attribute", "|": "filter"}.get(before, "name")
                if word[0] in "\"'":
                    kind, word = "text", word[1:-1]
                if word in ("True", "False", "None"):
                    word = word.lower()
                if before == "block":
                    self.blocks.setdefault(word, found.start())
                elif before != "endblock":
                    self.words[line, kind, word].append(found.start())
            before = "" if found[0][0] in "\"'" else word


def _written(node: nodes.Node) -> Word | None:
    """How a node stands in the text."""
    match node:
        case nodes.Name(name=name):
            return node.lineno, "name", name
        case nodes.Filter(name=name):
            return node.lineno, "filter", name
        case nodes.Getattr(attr=attribute):
            return node.lineno, "attribute", attribute
        case nodes.Const(value=str() as value):
            return node.lineno, "text", value
        case nodes.Const(value=bool() | None as value):
            return node.lineno, "name", str(value).lower()
        case nodes.Const(value=int() as value):
            return node.lineno, "name", str(value)
    return None


def _in_order(node: nodes.Node) -> Iterator[nodes.Node]:
    """The nodes below as they stand in the text; Jinja keeps some of them in another order."""
    left = [node]
    inner: list[nodes.Node | None]
    while left:
        current = left.pop()
        yield current
        match current:
            case nodes.CondExpr(test=test, expr1=yes, expr2=no):
                inner = [yes, test, no]
            case nodes.For(target=target, iter=items, test=test, body=body, else_=otherwise):
                inner = [target, items, test, *body, *otherwise]
            case nodes.If(test=test, body=body, elif_=others, else_=otherwise):
                inner = [test, *body, *others, *otherwise]
            case _:
                inner = list(current.iter_child_nodes())
        left += [each for each in reversed(inner) if each is not None]


def _surveyed(block: nodes.Block) -> Part:
    survey = _Survey(block.name)
    survey.body(block.body, TRUE, {}, "")
    return survey.part


class _Survey:
    """Goes through one block."""

    def __init__(self, block: str) -> None:
        self.block = block
        self.part = Part()

    def body(self, body: list[nodes.Node], guard: Formula, local: Locals, after: str) -> None:
        for number, node in enumerate(body):
            follows = _first(body[number + 1]) if number + 1 < len(body) else after
            match node:
                case nodes.Output(nodes=parts):
                    self._output(parts, guard, local, follows)
                case nodes.If():
                    self._if(node, guard, local, follows)
                case nodes.For():
                    self._speaks(node.iter, local)
                    inside = {**local, **_loop(node, local)}
                    if node.test is not None:
                        self._asks(node.test, inside)
                    self.body(node.body, guard, inside, "")
                    self.body(node.else_, guard, local, follows)
                case nodes.Assign(target=target, node=value):
                    self._speaks(value, local)
                    local = {**local, **_made(target, _alias(value, local))}
                case nodes.Block(name=name):
                    self.part.calls.setdefault(name, node)

    def _output(self, parts: list[nodes.Expr], guard: Formula, local: Locals, after: str) -> None:
        for number, node in enumerate(parts):
            if isinstance(node, nodes.TemplateData):
                continue
            follows = _data(parts[number + 1])[:1] if number + 1 < len(parts) else after
            before = _data(parts[number - 1])[-1:] if number else ""
            found = Printed(node, self.block, guard, local, follows, before)
            self.part.printed.append(found)
            self.part.shown.update(self._speaks(node, local))

    def _if(self, node: nodes.If, guard: Formula, local: Locals, after: str) -> None:
        branches = (node, *node.elif_)
        tests = tuple(self._asks(branch.test, local) for branch in branches)
        self.part.chains.append(Chain(node, tests, guard, local))
        for number, (branch, test) in enumerate(zip(branches, tests, strict=True)):
            self.body(branch.body, both(guard, test.said), local, after)
            guard = otherwise(guard, test.said, number)
        self.body(node.else_, guard, local, after)

    def _asks(self, test: nodes.Node, local: Locals) -> Asked:
        asked = Asked(test, formula(test), local)
        self.part.asked.append(asked)
        self._speaks(test, local)
        return asked

    def _speaks(self, node: nodes.Node, local: Locals) -> list[str]:
        """Note the facts and calls in an expression; the facts are returned."""
        found = []
        left = [node]
        while left:
            current = left.pop()
            match current:
                case nodes.Name(name=name):
                    name = local[name].fact if name in local else name
                    if name and name not in ("self", "loop"):
                        found.append(name)
                        self.part.names.setdefault(name, current)
                case nodes.Call(node=nodes.Getattr(attr=called)):
                    self.part.calls.setdefault(called, current)
                case nodes.CondExpr(test=test):
                    self.part.asked.append(Asked(test, formula(test), local))
                    left += current.iter_child_nodes()
                case nodes.Const():
                    pass
                case _:
                    left += current.iter_child_nodes()
        return found


def _first(node: nodes.Node) -> str:
    """The character a node begins with, where that is plain."""
    return _data(node.nodes[0])[:1] if isinstance(node, nodes.Output) else ""


def _data(node: nodes.Node) -> str:
    return node.data if isinstance(node, nodes.TemplateData) else ""


def _loop(node: nodes.For, local: Locals) -> dict[str, Local]:
    items = _alias(node.iter, local)
    return {**_made(node.target, Local(items.fact, item=True)), "loop": Local()}


def _alias(node: nodes.Node, local: Locals) -> Local:
    """The fact that an expression is, if it is one."""
    if isinstance(node, nodes.Name):
        return local.get(node.name, Local(node.name))
    return Local()


def _made(target: nodes.Node, stands_for: Local) -> dict[str, Local]:
    if isinstance(target, nodes.Name):
        return {target.name: stands_for}
    return {name.name: Local() for name in target.find_all(nodes.Name)}
