"""Read a message text aloud: rendered straight from its tree, without compiling it.

Compiling one template takes Jinja longer than rendering it a thousand times,
and a linter meets thousands. What is read here is, letter for letter, what
`MessageTemplate.render` says; a test holds the two against each other.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.exceptions import TemplateError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crisisctl.errors import CrisisError
from crisisctl.messages import formats
from crisisctl.messages.sandbox import BadTemplate, concat, environment
from crisisctl.messages.templates import CONTROL, UNDEFINED, MissingFact
from crisisctl.playbook.values import BadValue

MOST = 100_000
"""Steps of one reading: a text that needs more never ends on the night."""
_NOWHERE = Path("message")
_SELF = object()
"""Only its blocks can be printed, not the template as such."""

Expression = Callable[["_Frame"], Any]
Statement = Callable[["_Frame", list[str]], None]


class _Frame:
    """What is known while one block is read."""

    __slots__ = ("line", "local", "names", "work")

    def __init__(self, names: Mapping[str, object]) -> None:
        self.names = names
        self.local: dict[str, object] = {}
        self.line = 0
        self.work = 0

    def count(self, steps: int) -> None:
        self.work += steps
        if self.work > MOST:
            raise formats.NotPlain("it takes too many steps to read")


class Aloud:
    """One message in one locale, as far as it was needed: blocks are prepared when first read."""

    def __init__(self, blocks: Mapping[str, nodes.Block], locale: str, zone: tzinfo) -> None:
        self._nodes = blocks
        self._voice = _voice(locale, zone)
        self._ready: dict[str, Statement] = {}
        self.work = 0
        """Steps of all readings so far."""

    @property
    def blocks(self) -> frozenset[str]:
        """The forms, channel overrides and helper blocks it has."""
        return frozenset(self._nodes)

    def render(self, block: str, names: Mapping[str, object]) -> str:
        """One block over plain values. Raises `BadTemplate` with the line, or `MissingFact`."""
        frame = _Frame(names)
        try:
            text = self._said(block, frame)
        except UndefinedError as error:
            found = UNDEFINED.search(str(error))
            if found is None or found[1] in ("self", "loop"):
                raise BadTemplate(str(error), _NOWHERE, frame.line, code=1) from error
            raise MissingFact(found[1], block, _NOWHERE, frame.line) from error
        except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
            raise BadTemplate(str(error), _NOWHERE, frame.line, code=1) from error
        except (formats.NotPlain, BadValue) as error:
            raise BadTemplate(error.message, _NOWHERE, frame.line, code=1) from error
        finally:
            self.work += frame.work
        if hidden := CONTROL.search(text):
            what = f"it holds the control character U+{ord(hidden[0]):04X}"
            raise BadTemplate(what, _NOWHERE, code=1)
        return text

    def shown(self, node: nodes.Node, names: Mapping[str, object]) -> str | None:
        """What one printed expression shows; None where it cannot be shown."""
        frame = _Frame(names)
        try:
            value = self._expression(node)(frame)
            return value if type(value) is str else self._voice.plain(value)
        except (TemplateError, TypeError, ValueError, ArithmeticError, CrisisError):
            return None

    def _said(self, block: str, frame: _Frame) -> str:
        out: list[str] = []
        self._block(block)(frame, out)
        return concat(out)

    def _block(self, name: str) -> Statement:
        if name not in self._ready:
            self._ready[name] = self._body(self._nodes[name].body)
        return self._ready[name]

    def _body(self, parts: Iterable[nodes.Node]) -> Statement:
        prepared = [self._statement(part) for part in parts]

        def read(frame: _Frame, out: list[str]) -> None:
            frame.count(len(prepared))
            for statement in prepared:
                statement(frame, out)

        return read

    def _statement(self, node: nodes.Node) -> Statement:
        match node:
            case nodes.Output():
                return self._output(node)
            case nodes.If():
                return self._if(node)
            case nodes.For():
                return self._for(node)
            case nodes.Assign(target=target, node=value):
                return _assigned(target, self._expression(value), node.lineno)
            case nodes.Block(name=name, scoped=scoped):
                return self._inner(name, scoped=scoped)
        raise NotImplementedError(type(node).__name__)

    def _inner(self, name: str, *, scoped: bool) -> Statement:
        def read(frame: _Frame, out: list[str]) -> None:
            outer = frame.local
            frame.local = dict(outer) if scoped else {}
            self._block(name)(frame, out)
            frame.local = outer

        return read

    def _output(self, node: nodes.Output) -> Statement:
        parts: list[tuple[int, str, Expression | None]] = []
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                parts.append((0, child.data, None))
            else:
                parts.append((child.lineno, "", self._expression(child)))
        plain = self._voice.plain

        def read(frame: _Frame, out: list[str]) -> None:
            for line, data, expression in parts:
                if expression is None:
                    out.append(data)
                else:
                    frame.line = line
                    value = expression(frame)
                    out.append(value if type(value) is str else plain(value))

        return read

    def _if(self, node: nodes.If) -> Statement:
        branches = [(node.test, node.body), *((each.test, each.body) for each in node.elif_)]
        prepared = [(t.lineno, self._expression(t), self._body(body)) for t, body in branches]
        otherwise = self._body(node.else_)

        def read(frame: _Frame, out: list[str]) -> None:
            for line, test, body in prepared:
                frame.line = line
                if test(frame):
                    body(frame, out)
                    return
            otherwise(frame, out)

        return read

    def _for(self, node: nodes.For) -> Statement:
        items, body = self._expression(node.iter), self._body(node.body)
        otherwise = self._body(node.else_)
        test = self._expression(node.test) if node.test is not None else None

        def read(frame: _Frame, out: list[str]) -> None:
            frame.line = node.lineno
            outer = frame.local
            kept = []
            for item in items(frame):
                frame.local = _bound(node.target, item, outer)
                if test is None or test(frame):
                    kept.append(item)
            for number, item in enumerate(kept, 1):
                loop = {"index": number, "first": number == 1, "last": number == len(kept)}
                frame.local = _bound(node.target, item, {**outer, "loop": loop})
                frame.count(1)
                body(frame, out)
            frame.local = outer
            if not kept:
                otherwise(frame, out)

        return read

    def _expression(self, node: nodes.Node) -> Expression:
        match node:
            case nodes.Const(value=value) | nodes.TemplateData(data=value):
                return lambda _: value
            case nodes.Call(node=nodes.Getattr(attr=block)):
                return self._call(block)
            case nodes.Getattr(node=nodes.Name(name="self")) | nodes.Name(name="self"):
                return lambda _: _SELF
            case nodes.Getattr(node=owner, attr=attribute):
                of = self._expression(owner)
                return lambda frame: of(frame)[attribute]
            case nodes.Name(name=name):
                return _name(name)
            case nodes.Filter():
                return self._filter(node)
            case nodes.Test():
                return self._test(node)
            case nodes.Compare():
                return self._compare(node)
            case nodes.List(items=items) | nodes.Tuple(items=items):
                parts = [self._expression(item) for item in items]
                make = list if isinstance(node, nodes.List) else tuple
                return lambda frame: make(part(frame) for part in parts)
        return self._logic(node)

    def _logic(self, node: nodes.Node) -> Expression:
        match node:
            case nodes.And(left=left, right=right):
                one, two = self._expression(left), self._expression(right)
                return lambda frame: one(frame) and two(frame)
            case nodes.Or(left=left, right=right):
                one, two = self._expression(left), self._expression(right)
                return lambda frame: one(frame) or two(frame)
            case nodes.Not(node=inner):
                turned = self._expression(inner)
                return lambda frame: not turned(frame)
            case nodes.CondExpr(test=test, expr1=yes, expr2=no):
                asked, then = self._expression(test), self._expression(yes)
                other = self._expression(no) if no is not None else _neither
                return lambda frame: then(frame) if asked(frame) else other(frame)
        raise NotImplementedError(type(node).__name__)

    def _call(self, block: str) -> Expression:
        def said(frame: _Frame) -> str:
            line, local = frame.line, frame.local
            frame.local = {}
            text = self._said(block, frame)
            frame.line, frame.local = line, local
            return text

        return said

    def _filter(self, node: nodes.Filter) -> Expression:
        value = self._expression(node.node) if node.node is not None else _neither
        arguments = [self._expression(each) for each in node.args]
        named = {str(each.key): self._expression(each.value) for each in node.kwargs}
        quick = self._voice.filters.get(node.name)
        if quick is not None and not arguments and not named:
            return lambda frame: quick(value(frame))
        call, name = self._voice.environment.call_filter, node.name

        def filtered(frame: _Frame) -> object:
            given = value(frame)
            extra = [each(frame) for each in arguments]
            return call(name, given, extra, {key: each(frame) for key, each in named.items()})

        return filtered

    def _test(self, node: nodes.Test) -> Expression:
        value = self._expression(node.node)
        match node.name:
            case "defined":
                return lambda frame: not isinstance(value(frame), Undefined)
            case "undefined":
                return lambda frame: isinstance(value(frame), Undefined)
        among = [self._expression(each) for each in node.args]
        call = self._voice.environment.call_test
        return lambda frame: call(node.name, value(frame), [each(frame) for each in among])

    def _compare(self, node: nodes.Compare) -> Expression:
        first = self._expression(node.expr)
        others = [(_OPERATORS[each.op], self._expression(each.expr)) for each in node.ops]
        if len(others) == 1:
            holds, second = others[0]
            return lambda frame: holds(first(frame), second(frame))

        def compared(frame: _Frame) -> bool:
            values = [first(frame), *(each(frame) for _, each in others)]
            return all(
                holds(*pair) for (holds, _), pair in zip(others, pairwise(values), strict=True)
            )

        return compared


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
    "in": lambda part, whole: part in whole,
    "notin": lambda part, whole: part not in whole,
}


class _Voice:
    """How one locale prints values; what it has printed once it remembers."""

    def __init__(self, locale: str, zone: tzinfo) -> None:
        own = formats.filters(locale, zone)
        self.filters = {name: _remembering(shown) for name, shown in own.items()}
        self.plain = _remembering(lambda value: formats.plain(value, locale, zone))
        self.environment: ImmutableSandboxedEnvironment = environment(escape=False)
        self.environment.filters |= own


@lru_cache(maxsize=16)
def _voice(locale: str, zone: tzinfo) -> _Voice:
    return _Voice(locale, zone)


def _remembering(shown: Callable[[object], str]) -> Callable[[object], str]:
    known = lru_cache(maxsize=512, typed=True)(shown)

    def remembered(value: object) -> str:
        plain = isinstance(value, str | int | Decimal | datetime | timedelta)
        return known(value) if plain else shown(value)

    return remembered


def _name(name: str) -> Expression:
    def looked_up(frame: _Frame) -> object:
        if name in frame.local:
            return frame.local[name]
        if name in frame.names:
            return frame.names[name]
        return StrictUndefined(name=name)

    return looked_up


def _neither(_: _Frame) -> object:
    return Undefined("no else was written")


def _assigned(target: nodes.Node, value: Expression, line: int) -> Statement:
    def assign(frame: _Frame, _: list[str]) -> None:
        frame.line = line
        frame.local = _bound(target, value(frame), frame.local)

    return assign


def _bound(target: nodes.Node, value: Any, local: Mapping[str, object]) -> dict[str, object]:
    match target:
        case nodes.Name(name=name):
            return {**local, name: value}
        case nodes.Tuple(items=items):
            found = dict(local)
            for inner, part in zip(items, list(value), strict=True):
                found = _bound(inner, part, found)
            return found
    raise NotImplementedError(type(target).__name__)
