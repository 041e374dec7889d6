"""What a template may do: its tree is checked before it is compiled, its filters are bounded.

Jinja's sandbox stops escapes, not resource use: constant folding runs while a
template is compiled, `replace` multiplies lengths, and so do loops in loops
and blocks that call blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from math import isfinite
from pathlib import Path

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.messages.formats import NotPlain
from crisisctl.text import quoted

LONGEST = 64 * 1024
"""Characters of one rendered block: what no channel takes is a mistake."""
DEEPEST = 50
"""Levels of nesting; compiling takes far longer with each one."""
MOST_CALLS = 200
"""Blocks that are rendered for one, all that they call included."""

_TESTS = frozenset({"defined", "undefined", "in"})
_LOOP = frozenset({"index", "first", "last"})


class BadTemplate(CrisisError):
    """A template that cannot be used: what is wrong, in which file and line (0: unknown)."""

    def __init__(
        self, what: str, path: Path, line: int = 0, *, hint: str = "", code: int = 2
    ) -> None:
        place = f"{path}:{line}" if line else str(path)
        super().__init__(f"{place}: {what}", hint=hint, code=code)
        self.what = what
        self.line = line


class Refusal(Struct, frozen=True):
    """Something in a template that may not stand there."""

    line: int
    text: str
    syntax: bool = False
    """Whether Jinja itself cannot read it."""


class Language(Struct, frozen=True):
    """What one kind of template may be made of."""

    nodes: frozenset[str]
    loops: int = 1
    """How deep loops may be nested."""


def environment(*, escape: bool, longest: int = LONGEST) -> ImmutableSandboxedEnvironment:
    """Jinja without globals, with none but bounded filters; `longest` bounds what it renders."""
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=escape, trim_blocks=True, lstrip_blocks=True
    )
    made.globals.clear()
    plain = ("default", "first", "last", "length")
    made.filters = {**{name: made.filters[name] for name in plain}, **_FILTERS}
    # every block passes here, called ones too
    made.concat = partial(concat, longest=longest)  # type: ignore[method-assign]
    return made


def examined(
    made: ImmutableSandboxedEnvironment, text: str, language: Language
) -> tuple[nodes.Template | None, tuple[Refusal, ...]]:
    """The tree of a template and all that is not allowed in it. Nothing is compiled or run."""
    try:
        tree = made.parse(text)
    except RecursionError:
        return None, (Refusal(1, "nested too deep"),)
    except TemplateSyntaxError as error:
        return None, (Refusal(error.lineno, error.message or "cannot be read", syntax=True),)
    except (ValueError, OverflowError):  # thousands of digits
        return None, (Refusal(1, "it holds a number that is too large", syntax=True),)
    found = [*_refusals(tree, language, frozenset(made.filters)), *_refused_calls(tree)]
    return tree, tuple(found)


def compiled(
    made: ImmutableSandboxedEnvironment, text: str, path: Path, language: Language
) -> tuple[Template, nodes.Template]:
    """The template and its tree. Raises `BadTemplate` with the line of what is not allowed."""
    tree, refusals = examined(made, text, language)
    if tree is None or refusals:
        raise BadTemplate(refusals[0].text, path, refusals[0].line)
    try:
        code = made.compile(tree, name=path.name, filename=str(path))
    except RecursionError as error:
        raise BadTemplate("nested too deep", path, 1) from error
    except TemplateSyntaxError as error:
        raise BadTemplate(error.message or "cannot be read", path, error.lineno) from error
    except UndefinedError as error:  # Jinja works out what is constant while it compiles
        raise BadTemplate(f"something in it can never be rendered: {error}", path) from error
    return Template.from_code(made, code, made.make_globals(None)), tree


def line_of(error: BaseException, template: Template, path: Path) -> int:
    """The line of the template in which the error came up; 0 if that is not known."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line


def concat(parts: Iterable[str], longest: int = LONGEST) -> str:
    """Join the parts of a block, as far as a block may go."""
    found: list[str] = []
    size = 0
    for part in parts:
        found.append(part)
        size += len(part)
        _bounded(size, longest)
    return "".join(found)


def _bounded(size: int, longest: int = LONGEST) -> None:
    if size > longest:
        raise NotPlain(f"more than {longest} characters")


def _text(value: object, name: str) -> str:
    if isinstance(value, str):
        return value
    # Showing an undefined name here raises Jinja's own error, which says which name it was.
    raise NotPlain(f"{quoted(value)} is not text: the filter {name} cannot change it")


def _replace(value: object, old: object, new: object) -> str:
    text, this, that = (_text(part, "replace") for part in (value, old, new))
    _bounded(len(text) + text.count(this) * len(that))
    return text.replace(this, that)


def _join(value: object, mark: object = "") -> str:
    if not isinstance(value, list | tuple):
        raise NotPlain(f"{quoted(value)} is not a list: the filter join cannot join it")
    words, between = [_text(word, "join") for word in value], _text(mark, "join")
    _bounded(sum(map(len, words)) + len(words) * len(between))
    return between.join(words)


_FILTERS: dict[str, Callable[..., str]] = {
    "join": _join,
    "lower": lambda value: _text(value, "lower").lower(),
    "replace": _replace,
    "trim": lambda value: _text(value, "trim").strip(),
    "upper": lambda value: _text(value, "upper").upper(),
}


def _refusals(
    tree: nodes.Template, language: Language, filters: frozenset[str]
) -> Iterator[Refusal]:
    left: list[tuple[nodes.Node, int, int]] = [(tree, 0, 0)]
    while left:
        node, depth, loops = left.pop()
        if depth > DEEPEST:
            yield Refusal(node.lineno or 1, "nested too deep")
            return
        refused = _refused(node, language, loops)
        if isinstance(node, nodes.Filter) and node.name not in filters:
            refused = f'the filter "{node.name}" is not known'
        if refused:
            yield Refusal(node.lineno or 1, refused)
        inside = loops + isinstance(node, nodes.For)
        left += reversed([(child, depth + 1, inside) for child in node.iter_child_nodes()])


def _refused(node: nodes.Node, language: Language, loops: int) -> str:
    name = type(node).__name__
    if name not in language.nodes:
        return f"{name.lower()} is not allowed in a template"
    match node:
        case nodes.For() if loops >= language.loops:
            return "a loop cannot stand inside a loop"
        case nodes.Call() if loops:
            return "a block cannot be called inside a loop"
        case nodes.Call():
            return _refused_call(node)
        case nodes.Getattr():
            return _refused_attribute(node)
        case nodes.Getitem() if not _is_plain_key(node.arg):
            return "only a fixed name can stand in [ ]"
        case nodes.Test() if node.name not in _TESTS:
            return f'the test "{node.name}" is not known'
        case nodes.List(items=items) | nodes.Tuple(items=items, ctx="load") if any(
            not isinstance(item, nodes.Const) for item in items
        ):
            return "a list can hold fixed words only"
        case nodes.Const(value=float()) if not isfinite(node.value):
            return "the number is too large"
    return ""


def _is_plain_key(key: nodes.Node) -> bool:
    return isinstance(key, nodes.Const) and isinstance(key.value, str) and key.value[:1] != "_"


def _refused_attribute(node: nodes.Getattr) -> str:
    owner = node.node.name if isinstance(node.node, nodes.Name) else ""
    if owner == "self" and not node.attr.startswith("_"):
        return ""
    if owner == "loop" and node.attr in _LOOP:
        return ""
    return f'".{node.attr}" is not allowed: a template sees plain values only'


def _refused_call(node: nodes.Call) -> str:
    bare = not (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)
    match node.node:
        case nodes.Getattr(node=nodes.Name(name="self")) if bare:
            return ""
    return "only blocks of this file can be called, as {{ self.name() }}"


def _refused_calls(tree: nodes.Template) -> Iterator[Refusal]:
    blocks = {block.name: block for block in tree.find_all(nodes.Block)}
    calls = {name: list(_called(block)) for name, block in blocks.items()}
    known: dict[str, int] = {}
    for name, block in blocks.items():
        for called, line in calls[name]:
            if called not in blocks:
                yield Refusal(line, f'there is no block "{called}"')
        if _rendered(name, calls, known) > MOST_CALLS:
            yield Refusal(block.lineno, f'the block "{name}" calls itself, or too many others')


def _called(block: nodes.Block) -> Iterator[tuple[str, int]]:
    for call in block.find_all(nodes.Call):
        if isinstance(call.node, nodes.Getattr):
            yield call.node.attr, call.lineno


def _rendered(name: str, calls: dict[str, list[tuple[str, int]]], known: dict[str, int]) -> int:
    """How many blocks are rendered for this one."""
    if name not in known:
        known[name] = MOST_CALLS + 1  # until it is counted: one that calls itself is too many
        known[name] = 1 + sum(_rendered(called, calls, known) for called, _ in calls.get(name, ()))
    return known[name]
