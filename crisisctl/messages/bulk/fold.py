"""Folding: what is the same for everybody is rendered once, on the template's own tree.

Every part without a customer's value in it is rendered by the very engine that
renders it otherwise, and its text put in its place. What cannot be proved the
same, or fails, stays as it is; `MessageTemplate.render` is what all must equal.
"""

from __future__ import annotations

from collections.abc import Mapping

from jinja2 import Template, nodes
from jinja2.exceptions import TemplateError
from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.messages.bulk.parts import (
    Body,
    call_of,
    called_block,
    calls,
    either,
    height,
    joined,
    loop,
    text_node,
    within,
)
from crisisctl.messages.templates import CONTROL, MessageTemplate

DEEPEST = 40
"""Levels of nesting up to which a called block is put in place of its call."""
LARGEST = 5_000
"""Statements of a template up to which that is done: blocks that call blocks multiply."""
FAILURES = (CrisisError, TemplateError, TypeError, ValueError, ArithmeticError, RecursionError)
"""What rendering may raise."""

_PART = "0part"  # no name of a template's own begins with a digit


class Folded(Struct, frozen=True):
    """One block of a template for one incident; what is left to do for each person."""

    plain: MessageTemplate
    block: str
    common: Mapping[str, object]
    """What is known for everybody."""
    body: tuple[nodes.Node, ...] = ()
    template: Template | None = None
    """What is left, compiled; None where nothing could be folded."""
    kept: Mapping[str, object] = {}
    """What is left of `common` to be known for each person."""
    names: frozenset[str] = frozenset()
    """What the rest still speaks of."""

    def render(self, values: Mapping[str, object]) -> str:
        """The text for one person, or the error: both as the plain template gives them."""
        text = self._quickly(values)
        if text is None or CONTROL.search(text):
            return self.plain.render(self.block, {**self.common, **values})
        return text

    def _quickly(self, values: Mapping[str, object]) -> str | None:
        if self.template is None:
            return None
        context = self.template.new_context({**self.kept, **values}, shared=True)
        try:
            return self.template.environment.concat(self.template.blocks[self.block](context))
        except FAILURES:
            return None


def fold(
    template: MessageTemplate, block: str, common: Mapping[str, object], personal: frozenset[str]
) -> Folded:
    """Fold a block; `personal` are the names that each person may have a value for."""
    plain = Folded(template, block, common)
    tree = template.template.environment.parse(template.source)
    if block not in template.blocks or not _foldable(tree):
        return plain
    try:
        work = _Folding(template, _hoisted(tree), common, personal)
        blocks = work.reachable(block)
        made = work.compiled(nodes.Template([nodes.Block(n, b, False, False) for n, b in blocks]))
    except (*FAILURES, SyntaxError):  # Python's own limits on how deep code may be nested
        return plain
    body = dict(blocks)[block]
    names = {name.name for _, part in blocks for name in within(part, nodes.Name)}
    kept = {name: common[name] for name in sorted(names & common.keys())}
    return Folded(template, block, common, tuple(body), made, kept, frozenset(names))


def _foldable(tree: nodes.Template) -> bool:
    """Whether it has nothing that changes what names mean in ways not followed here."""
    strange = any(block.scoped or block.required for block in tree.find_all(nodes.Block))
    stored = {name.name for name in tree.find_all(nodes.Name) if name.ctx != "load"}
    return not strange and not stored & {"self", "loop"}


def _hoisted(tree: nodes.Template) -> dict[str, Body]:
    """Every block by itself; one that stands inside another is called from there."""
    blocks = {block.name: block for block in tree.find_all(nodes.Block)}
    return {name: _called(block.body) for name, block in blocks.items()}


def _called(body: Body) -> Body:
    found: Body = []
    for node in body:
        match node:
            case nodes.Block():
                node = nodes.Output([call_of(node)], lineno=node.lineno)
            case nodes.If():
                arms = [arm for arm in _called(list(node.elif_)) if isinstance(arm, nodes.If)]
                body, rest = _called(node.body), _called(node.else_)
                node = nodes.If(node.test, body, arms, rest, lineno=node.lineno)
            case nodes.For():
                node = loop(node, _called(node.body), _called(node.else_))
        found.append(node)
    return found


class _Folding:
    """The blocks of one template on their way."""

    def __init__(
        self,
        template: MessageTemplate,
        blocks: Mapping[str, Body],
        common: Mapping[str, object],
        personal: frozenset[str],
    ) -> None:
        self.environment = template.template.environment
        self.whole = template.template
        self.blocks = blocks
        self.common = dict(common)
        self.open = {name: self._opened(name, personal, set()) for name in blocks}
        """Whether a block, with all that it calls, has a customer's value in it."""
        self.personal = personal
        self.done: dict[str, Body] = {}
        self.room = LARGEST

    def _opened(self, name: str, personal: frozenset[str], above: set[str]) -> bool:
        body = self.blocks.get(name, [])
        if name in above or any(n.name in personal for n in within(body, nodes.Name)):
            return True
        return any(self._opened(each, personal, above | {name}) for each in calls(body))

    def reachable(self, block: str) -> list[tuple[str, Body]]:
        """The folded block, and those that it still calls."""
        found: dict[str, Body] = {}
        left = [block]
        while left:
            name = left.pop()
            if name not in found:
                found[name] = self.block(name)
                left += calls(found[name])
        return list(found.items())

    def block(self, name: str) -> Body:
        """One block, folded."""
        if name not in self.done:
            body = self.blocks[name]
            assigned = {
                n.name for a in within(body, nodes.Assign) for n in within([a.target], nodes.Name)
            }
            self.done[name] = self.fold(body, frozenset(assigned))
        return self.done[name]

    def fold(self, body: Body, own: frozenset[str]) -> Body:
        """Statements without what is known; `own` are names that the template gives a meaning."""
        found: Body = []
        for node in body:
            match node:
                case nodes.Output():
                    found += self._output(node, own)
                case nodes.If() | nodes.For() if self._pure(node, own):
                    text = self.rendered(node)
                    found += [node] if text is None else [text_node(text)]
                case nodes.If():
                    found += self._choice(node, [*node.elif_], own)
                case nodes.For():
                    targets = {name.name for name in within([node.target], nodes.Name)}
                    inside = own | targets | {"loop"}
                    rest = self.fold(node.else_, inside)
                    found.append(loop(node, self.fold(node.body, inside), rest))
                case _:
                    found.append(node)
        return joined(found)

    def _output(self, node: nodes.Output, own: frozenset[str]) -> Body:
        found: Body = []
        for child in node.nodes:
            text, called = self._said(child, own), called_block(child)
            if text is not None:
                found.append(text_node(text))
            elif called and self._fits_in(called, own):
                found += self.block(called)
            else:
                found.append(nodes.Output([child], lineno=node.lineno))
        return found

    def _said(self, child: nodes.Node, own: frozenset[str]) -> str | None:
        if isinstance(child, nodes.TemplateData):
            return child.data
        return self.rendered(nodes.Output([child])) if self._pure(child, own) else None

    def _choice(self, node: nodes.If, more: list[nodes.If], own: frozenset[str]) -> Body:
        verdict = self._verdict(node.test, own)
        if verdict:
            return self.fold(node.body, own)
        if more:
            first, *others = more
            second = nodes.If(first.test, first.body, [], node.else_, lineno=first.lineno)
            rest = self._choice(second, others, own)
        else:
            rest = self.fold(node.else_, own)
        if verdict is False:
            return rest
        return [either(node.test, self.fold(node.body, own), rest)]

    def _verdict(self, test: nodes.Node, own: frozenset[str]) -> bool | None:
        """Whether a condition holds for everybody, or None where that cannot be said."""
        if not self._pure(test, own):
            return None
        text = self.rendered(nodes.If(test, [text_node("1")], [], []))
        return None if text is None else bool(text)

    def _pure(self, node: nodes.Node, own: frozenset[str]) -> bool:
        """Whether it says the same for everybody, and changes nothing for what follows."""
        names = {name.name for name in within([node], nodes.Name)}
        return not names & (own | self.personal) and not any(
            self.open.get(c, True) for c in calls([node])
        )

    def _fits_in(self, name: str, own: frozenset[str]) -> bool:
        """Whether a called block can stand in place of its call.

        It sees no names of its caller, nor the caller any of its own.
        """
        body = self.block(name)
        names = {each.name for each in within(body, nodes.Name)}
        if names & own or any(within(self.blocks[name], nodes.Assign)):
            return False
        size = sum(1 for _ in within(body, nodes.Stmt))
        if height(body) > DEEPEST // 2 or size > self.room:
            return False
        self.room -= size
        return True

    def rendered(self, node: nodes.Node) -> str | None:
        """The text of a part that says the same for everybody; None where it fails."""
        part = nodes.Block(_PART, [node], False, False)
        try:
            made = self.compiled(nodes.Template([part]))
            context = self.whole.new_context(self.common)
            return self.environment.concat(made.blocks[_PART](context))
        except FAILURES:
            return None

    def compiled(self, tree: nodes.Template) -> Template:
        """A template of parts of a tree that was examined before."""
        tree.set_environment(self.environment)
        tree.set_lineno(1)
        code = self.environment.compile(tree, name=self.whole.name, filename="<folded>")
        return Template.from_code(self.environment, code, {})
