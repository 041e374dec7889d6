"""How long and how short a block can come out, told from its tree without reading it.

Most blocks fit their channels by far, whatever is answered; only the others
are read with one answer after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from math import inf

from jinja2 import nodes

from crisisctl.lint.aloud import Aloud
from crisisctl.lint.samples import Varied, compiled_text
from crisisctl.lint.subject import anatomy

Weight = Callable[[str], float]
"""What a piece of text counts on a channel, or more."""


@lru_cache(maxsize=256)
def most(text: str, locale: str, block: str, weight: Weight, cast: tuple[Varied, ...]) -> float:
    """The most that a block can weigh with the examples and with long values."""
    limits = _Limits(anatomy(text).blocks, compiled_text(text, locale), weight, cast)
    return limits.block(block)


@lru_cache(maxsize=256)
def surely_speaks(text: str, block: str) -> bool:
    """Whether a block says something whatever is answered."""
    return _speaks(anatomy(text).blocks, block)


class _Limits:
    def __init__(
        self,
        blocks: Mapping[str, nodes.Block],
        aloud: Aloud,
        weight: Weight,
        cast: tuple[Varied, ...],
    ) -> None:
        self.blocks = blocks
        self.aloud = aloud
        self.weight = weight
        self.cast = {each.name: each for each in cast}
        self.known: dict[str, float] = {}

    def block(self, name: str) -> float:
        if name not in self.known:
            self.known[name] = inf  # one that calls itself is refused
            self.known[name] = self.body(self.blocks[name].body)
        return self.known[name]

    def body(self, parts: Iterable[nodes.Node]) -> float:
        return sum(map(self.part, parts))

    def part(self, node: nodes.Node) -> float:
        match node:
            case nodes.Output(nodes=parts):
                return sum(map(self.printed, parts))
            case nodes.If(body=body, elif_=others, else_=otherwise):
                branches = [body, otherwise, *(other.body for other in others)]
                return max(map(self.body, branches))
            case nodes.For(iter=nodes.Name(name=name), body=body, else_=otherwise):
                return max(self.items(name) * self.body(body), self.body(otherwise))
            case nodes.Block(name=name):
                return self.block(name)
        return inf

    def items(self, name: str) -> float:
        varied = self.cast.get(name)
        several = varied is not None and isinstance(varied.long, tuple)
        return len(varied.others) if varied is not None and several else inf

    def printed(self, node: nodes.Node) -> float:
        match node:
            case nodes.TemplateData(data=data):
                return self.weight(data)
            case nodes.Call(node=nodes.Getattr(attr=block)) if block in self.blocks:
                return self.block(block)
            case nodes.Name(name=name) | nodes.Filter(node=nodes.Name(name=name), args=[]):
                return self.value(node, name)
            case nodes.Filter(node=nodes.Node() as inner, name="replace") if _is_no_longer(node):
                return self.printed(inner)
            case nodes.CondExpr(expr1=yes, expr2=no) if no is not None:
                return max(self.printed(yes), self.printed(no))
        return inf

    def value(self, node: nodes.Expr, name: str) -> float:
        varied = self.cast.get(name)
        if varied is None or varied.others or varied.long is None:
            return inf
        values = {varied.long, varied.example}
        shown = [self.aloud.shown(node, {name: value}) for value in values if value is not None]
        return max((self.weight(each) if each is not None else inf for each in shown), default=inf)


def _is_no_longer(node: nodes.Filter) -> bool:
    match node.args:
        case [nodes.Const(value=str() as old), nodes.Const(value=str() as new)]:
            return len(new) <= len(old) and new.isascii()
    return False


def _speaks(blocks: Mapping[str, nodes.Block], name: str) -> bool:
    return name in blocks and any(_says(blocks, part) for part in blocks[name].body)


def _says(blocks: Mapping[str, nodes.Block], node: nodes.Node) -> bool:
    match node:
        case nodes.Output(nodes=parts):
            return any(_says(blocks, part) for part in parts)
        case nodes.TemplateData(data=data):
            return bool(data.strip())
        case nodes.If(body=body, elif_=others, else_=otherwise):
            branches = [body, otherwise, *(other.body for other in others)]
            return all(any(_says(blocks, part) for part in branch) for branch in branches)
        case nodes.Call(node=nodes.Getattr(attr=block)) | nodes.Block(name=block):
            return _speaks(blocks, block)
        case nodes.Name() | nodes.Filter(node=nodes.Name(), name="clock" | "moment" | "day"):
            return True  # no answer is empty
    return False
