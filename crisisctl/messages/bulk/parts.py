"""The parts that a template's tree is made of: found, put together, told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from jinja2 import nodes

Body = list[nodes.Node]
_Kind = TypeVar("_Kind", bound=nodes.Node)


def call_of(block: nodes.Block) -> nodes.Call:
    """`self.name()`, as it could stand in place of a block inside another."""
    owner = nodes.Name("self", "load", lineno=block.lineno)
    attribute = nodes.Getattr(owner, block.name, "load", lineno=block.lineno)
    return nodes.Call(attribute, [], [], None, None, lineno=block.lineno)


def loop(node: nodes.For, body: Body, rest: Body) -> nodes.For:
    """The same loop around other statements."""
    return nodes.For(
        node.target, node.iter, body, rest, node.test, node.recursive, lineno=node.lineno
    )


def either(test: nodes.Node, body: Body, rest: Body) -> nodes.If:
    """A choice; a chain of them stays a chain, for Python indents code so deep and no deeper."""
    match rest:
        case [nodes.If() as other]:
            return nodes.If(test, body, [nodes.If(other.test, other.body, [], []), *other.elif_],
                            other.else_)  # fmt: skip
    return nodes.If(test, body, [], rest)


def text_node(text: str) -> nodes.Output:
    """A statement that says just this."""
    return nodes.Output([nodes.TemplateData(text)])


def joined(body: Body) -> Body:
    """The same statements, texts that follow each other made one."""
    parts: Body = []
    found: Body = []
    for node in body:
        if not isinstance(node, nodes.Output):
            found += [nodes.Output(_merged(parts)), node] if parts else [node]
            parts = []
        else:
            parts += node.nodes
    return [*found, nodes.Output(_merged(parts))] if parts else found


def _merged(parts: Sequence[nodes.Node]) -> Body:
    found: Body = []
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, nodes.TemplateData) and isinstance(last, nodes.TemplateData):
            found[-1] = nodes.TemplateData(last.data + part.data)
        else:
            found.append(part)
    return found


def within(body: Sequence[nodes.Node], kind: type[_Kind]) -> Iterator[_Kind]:
    """Every node of a kind, at any depth."""
    for node in body:
        if isinstance(node, kind):
            yield node
        yield from node.find_all(kind)


def calls(body: Sequence[nodes.Node]) -> Iterator[str]:
    """The blocks that are spoken of."""
    for node in within(body, nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == "self":
            yield node.attr


def called_block(node: nodes.Node) -> str:
    """The block that a bare `{{ self.name() }}` calls."""
    match node:
        case nodes.Call(node=nodes.Getattr(node=nodes.Name(name="self"), attr=name)):
            return str(name)
    return ""


def height(body: Sequence[nodes.Node]) -> int:
    """How deep statements stand in each other."""
    inner = (height(list(node.iter_child_nodes())) for node in body)
    return 1 + max(inner, default=0)


Piece = str | tuple[str]
"""A text, or the name of a customer's value in its place."""


def pieces(body: Sequence[nodes.Node], known: Mapping[str, bool]) -> list[Piece] | None:
    """What a folded body says of a person; `known` are all personal names, and which it has.

    None where it does more than print values and ask whether they are known.
    """
    found: list[Piece] = []
    for node in body:
        more = None
        if isinstance(node, nodes.Output):
            more = _printed(node.nodes, known)
        elif isinstance(node, nodes.If):
            more = _chosen(node, known)
        if more is None:
            return None
        found += more
    return found


def _printed(parts: Sequence[nodes.Node], known: Mapping[str, bool]) -> list[Piece] | None:
    found: list[Piece] = []
    for part in parts:
        match part:
            case nodes.TemplateData(data=text):
                found.append(text)
            case nodes.Name(name=name) if known.get(name):
                found.append((name,))
            case _:
                return None
    return found


def _chosen(node: nodes.If, known: Mapping[str, bool]) -> list[Piece] | None:
    for arm in (node, *node.elif_):
        verdict = _holds(arm.test, known)
        if verdict is None:
            return None
        if verdict:
            return pieces(arm.body, known)
    return pieces(node.else_, known)


def _holds(test: nodes.Node, known: Mapping[str, bool]) -> bool | None:
    match test:
        case nodes.Test(name="defined" | "undefined", node=nodes.Name(name=name)):
            # a name that is not personal may have got its meaning by `set`
            return known[name] == (test.name == "defined") if name in known else None
        case nodes.Not(node=node):
            verdict = _holds(node, known)
            return None if verdict is None else not verdict
        case nodes.And(left=left, right=right) | nodes.Or(left=left, right=right):
            sides = _holds(left, known), _holds(right, known)
            if None in sides:
                return None
            return all(sides) if isinstance(test, nodes.And) else any(sides)
    return None
