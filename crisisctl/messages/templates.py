"""Message templates: found, held against what a template may do, rendered block by block.

Jinja's sandbox stops escapes, not resource use, and constant folding runs
while a template is compiled; so the tree is checked before it is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache
from pathlib import Path

from jinja2 import StrictUndefined, Template, meta, nodes
from jinja2.exceptions import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crisisctl.errors import CrisisError
from crisisctl.messages import formats
from crisisctl.workspace import Workspace, locales_of

LARGEST = 256 * 1024
"""Bytes of a template file."""
LONGEST = 64 * 1024
"""Characters of one rendered block: what no channel takes is a mistake."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
_UNDEFINED = re.compile(r"'(\w+)' is undefined")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_ALLOWED = {
    "Template", "Output", "TemplateData", "Name", "Const", "Block", "If", "For", "Compare",
    "Operand", "And", "Or", "Not", "Test", "Filter", "Getattr", "Call", "CondExpr", "List",
    "Tuple", "Assign",
}  # fmt: skip
_PLAIN_FILTERS = {"upper", "lower", "length", "join", "default", "first", "last", "trim", "replace"}
_TESTS = {"defined", "undefined", "in"}
_LOOP = {"index", "first", "last"}


class BadTemplate(CrisisError):
    """A template that cannot be used, with its file and line."""


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """One message in one locale."""

    path: Path
    locale: str
    template: Template
    names: frozenset[str]
    """The facts it speaks of."""

    @property
    def blocks(self) -> frozenset[str]:
        """The forms, channel overrides and helper blocks it has."""
        return frozenset(self.template.blocks)

    def render(self, block: str, values: Mapping[str, object]) -> str:
        """One block over plain values. Raises `BadTemplate` with file and line."""
        context = self.template.new_context(dict(values))
        parts: list[str] = []
        size = 0
        try:
            for part in self.template.blocks[block](context):
                parts.append(part)
                size += len(part)
                if size > LONGEST:
                    raise self._bad(block, f"more than {LONGEST} characters")
        except UndefinedError as error:
            raise self._unknown(block, error) from error
        except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
            raise self._bad(block, str(error), _line_of(error, self.path)) from error
        except formats.NotPlain as error:
            raise self._bad(block, error.message, _line_of(error, self.path)) from error
        return "".join(parts)

    def _unknown(self, block: str, error: UndefinedError) -> BadTemplate:
        name = _UNDEFINED.search(str(error))
        if name is None or name[1] not in self.names:
            return self._bad(block, str(error), _line_of(error, self.path))
        line = _line_of(error, self.path)
        return BadTemplate(
            f'the message needs the fact "{name[1]}", which is not confirmed '
            f'({self.path}:{line}, block "{block}")',
            hint=f"`crisisctl fact {name[1]} VALUE` records it",
        )

    def _bad(self, block: str, what: str, line: int = 0) -> BadTemplate:
        where = f"{self.path}:{line}" if line else str(self.path)
        return BadTemplate(f'{where}: the block "{block}" cannot be rendered: {what}', code=1)


def find_template(
    workspace: Workspace, playbook: str, message: str, locale: str, zone: tzinfo
) -> MessageTemplate:
    """The template of a message in a locale; a missing one is an error, never a fallback."""
    if not _NAME.fullmatch(playbook) or not _NAME.fullmatch(message):
        raise CrisisError(f'"{playbook}/{message}" is not the name of a message')
    if not _LOCALE.fullmatch(locale):
        raise CrisisError(f'"{locale}" is not a locale', hint="write it as en, fr, es, tr or ru")
    path = workspace.find("templates", f"{playbook}/{message}.{locale}.j2")
    if path is None:
        have = ", ".join(locales_of(workspace, playbook, message)) or "none"
        raise CrisisError(
            f'the message "{playbook}/{message}" has no text in "{locale}"',
            hint=f"it exists in: {have}",
        )
    if path.stat().st_size > LARGEST:
        raise BadTemplate(f"{path}: larger than {LARGEST // 1024} KiB")
    return _compiled(path, path.read_bytes(), locale, zone)


@lru_cache(maxsize=256)
def _compiled(path: Path, source: bytes, locale: str, zone: tzinfo) -> MessageTemplate:
    environment = _environment(locale, zone)
    try:
        text = source.decode("utf-8")
        tree = environment.parse(text, filename=str(path))
    except UnicodeDecodeError as error:
        raise BadTemplate(f"{path}: not UTF-8 text (byte {error.start})") from error
    except (TemplateSyntaxError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise BadTemplate(f"{path}:{line}: {error}") from error
    for node in tree.find_all(nodes.Node):
        refused = _refused(node)
        if refused:
            raise BadTemplate(f"{path}:{node.lineno}: {refused}")
    code = environment.compile(text, name=path.name, filename=str(path))
    template = Template.from_code(environment, code, environment.make_globals(None))
    names = frozenset(meta.find_undeclared_variables(tree) - {"self", "loop"})
    return MessageTemplate(path, locale, template, names)


def _environment(locale: str, zone: tzinfo) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=lambda value: formats.plain(value, locale, zone),
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    plain = {name: environment.filters[name] for name in _PLAIN_FILTERS}
    environment.filters = {**plain, **formats.filters(locale, zone)}
    return environment


def _refused(node: nodes.Node) -> str:
    name = type(node).__name__
    if name not in _ALLOWED:
        return f"{name.lower()} is not allowed in a message template"
    if isinstance(node, nodes.Test) and node.name not in _TESTS:
        return f'the test "{node.name}" is not known'
    if isinstance(node, nodes.Getattr):
        return _refused_attribute(node)
    if isinstance(node, nodes.Call):
        return _refused_call(node)
    return ""


def _refused_attribute(node: nodes.Getattr) -> str:
    owner = node.node.name if isinstance(node.node, nodes.Name) else ""
    if owner == "self" and not node.attr.startswith("_"):
        return ""
    if owner == "loop" and node.attr in _LOOP:
        return ""
    return f'".{node.attr}" is not allowed: a template sees plain values only'


def _refused_call(node: nodes.Call) -> str:
    target = node.node
    calls_block = isinstance(target, nodes.Getattr) and isinstance(target.node, nodes.Name)
    bare = not (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)
    if calls_block and bare and target.node.name == "self":  # type: ignore[attr-defined]
        return ""
    return "only blocks of this file can be called, as {{ self.name() }}"


def _line_of(error: BaseException, path: Path) -> int:
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
