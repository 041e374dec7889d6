"""Message templates: found, held against what they may do, rendered block by block."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache
from pathlib import Path

from jinja2 import Template, meta
from jinja2.exceptions import TemplateError, UndefinedError

from crisisctl.errors import CrisisError
from crisisctl.messages import formats
from crisisctl.messages.sandbox import BadTemplate, Language, compiled, environment, where
from crisisctl.playbook.values import BadValue
from crisisctl.text import escaped
from crisisctl.workspace import Workspace, locales_of

LARGEST = 256 * 1024
"""Bytes of a template file."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
_UNDEFINED = re.compile(r"'(\w+)' is undefined")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
# What a text to copy from cannot hold: it would travel unseen to whoever pastes it.
_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_MESSAGE = Language(
    frozenset(
        {
            *("Template", "Output", "TemplateData", "Name", "Const", "Block", "If", "For"),
            *("Compare", "Operand", "And", "Or", "Not", "Test", "Filter", "Getattr", "Call"),
            *("CondExpr", "List", "Tuple", "Assign"),
        }
    )
)


class MissingFact(BadTemplate):
    """A message states a fact that is not confirmed; `fact` is its name."""

    def __init__(self, fact: str, where: str) -> None:
        text = f'the message needs the fact "{fact}", which is not confirmed ({where})'
        super().__init__(text, hint=f"`crisisctl fact {fact} VALUE` records it")
        self.fact = fact


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
        try:
            text = self.template.environment.concat(self.template.blocks[block](context))
        except UndefinedError as error:
            raise self._unknown(block, error) from error
        except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
            raise self._bad(block, str(error), self._where(error)) from error
        except (formats.NotPlain, BadValue) as error:
            raise self._bad(block, error.message, self._where(error)) from error
        if hidden := _CONTROL.search(text):
            what = f"it holds the control character {escaped(hidden[0])}"
            raise self._bad(block, what, str(self.path))
        return text

    def _where(self, error: BaseException) -> str:
        return where(error, self.template, self.path)

    def _unknown(self, block: str, error: UndefinedError) -> BadTemplate:
        name = _UNDEFINED.search(str(error))
        if name is None or name[1] not in self.names:
            return self._bad(block, str(error), self._where(error))
        return MissingFact(name[1], f'{self._where(error)}, block "{block}"')

    def _bad(self, block: str, what: str, place: str) -> BadTemplate:
        return BadTemplate(f'{place}: the block "{block}" cannot be rendered: {what}', code=1)


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
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadTemplate(f"{path}: not UTF-8 text (byte {error.start})") from error
    made = environment(escape=False)
    made.finalize = lambda value: formats.plain(value, locale, zone)
    made.filters |= formats.filters(locale, zone)
    template, tree = compiled(made, text, path, _MESSAGE)
    names = frozenset(meta.find_undeclared_variables(tree) - {"self", "loop"})
    return MessageTemplate(path, locale, template, names)
