"""Message templates: found, held against what they may do, rendered block by block."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, tzinfo
from functools import lru_cache
from pathlib import Path

from jinja2 import Template, meta, nodes
from jinja2.exceptions import TemplateError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.messages import formats
from crisisctl.messages.sandbox import (
    BadTemplate,
    Language,
    Refusal,
    compiled,
    environment,
    examined,
    line_of,
)
from crisisctl.playbook.values import BadValue
from crisisctl.text import escaped
from crisisctl.workspace import Workspace, locales_of

LARGEST = 256 * 1024
"""Bytes of a template file."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")
UNDEFINED = re.compile(r"'(\w+)' is undefined")
"""How Jinja's error names what is not known."""
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What a text to copy from cannot hold: it would travel unseen to whoever pastes it."""
_MESSAGE = Language(
    frozenset(
        {
            *("Template", "Output", "TemplateData", "Name", "Const", "Block", "If", "For"),
            *("Compare", "Operand", "And", "Or", "Not", "Test", "Filter", "Getattr", "Call"),
            *("CondExpr", "List", "Tuple", "Assign"),
        }
    )
)


_ANNOUNCED = ("next_update", "sent_at")
"""Names that come from deadlines and the clock; nobody can record them."""


class MissingFact(BadTemplate):
    """A message states a fact that is not confirmed; `fact` is its name."""

    def __init__(self, fact: str, block: str, path: Path, line: int) -> None:
        hint = f"`crisisctl fact {fact} VALUE` records it"
        if fact in _ANNOUNCED:
            hint = f"no deadline announces one here: write {{% if {fact} is defined %}} in the text"
        super().__init__(f'the fact "{fact}" is not confirmed', path, line, hint=hint)
        place = f'{path}:{line}, block "{block}"' if line else f'{path}, block "{block}"'
        self.message = f'the message needs the fact "{fact}", which is not confirmed ({place})'
        self.fact = fact


class MessageTemplate(Struct, frozen=True):
    """One message in one locale."""

    path: Path
    locale: str
    template: Template
    names: frozenset[str]
    """The facts it speaks of."""
    source: str = ""
    """The text of its file."""

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
            raise self._bad(block, str(error), self._line(error)) from error
        except (formats.NotPlain, BadValue) as error:
            raise self._bad(block, error.message, self._line(error)) from error
        if hidden := CONTROL.search(text):
            what = f"it holds the control character {escaped(hidden[0])}"
            raise self._bad(block, what)
        return text

    def _line(self, error: BaseException) -> int:
        return line_of(error, self.template, self.path)

    def _unknown(self, block: str, error: UndefinedError) -> BadTemplate:
        name = UNDEFINED.search(str(error))
        if name is None or name[1] not in self.names:
            return self._bad(block, str(error), self._line(error))
        return MissingFact(name[1], block, self.path, self._line(error))

    def _bad(self, block: str, what: str, line: int = 0) -> BadTemplate:
        words = f'the block "{block}" cannot be rendered: {what}'
        return BadTemplate(words, self.path, line, code=1)


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
        raise BadTemplate(f"larger than {LARGEST // 1024} KiB", path)
    return _read(path, path.read_bytes(), locale, zone)


@lru_cache(maxsize=256)
def _read(path: Path, source: bytes, locale: str, zone: tzinfo) -> MessageTemplate:
    try:
        text = source.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadTemplate(f"not UTF-8 text (byte {error.start})", path) from error
    return template_of(text, path, locale, zone)


def template_of(text: str, path: Path, locale: str, zone: tzinfo) -> MessageTemplate:
    """The template that a text makes. Raises `BadTemplate` if it is not harmless."""
    made = _environment(locale, zone)
    made.finalize = lambda value: formats.plain(value, locale, zone)
    template, tree = compiled(made, text, path, _MESSAGE)
    names = frozenset(meta.find_undeclared_variables(tree) - {"self", "loop"})
    return MessageTemplate(path, locale, template, names, text)


class Sentence(Struct, frozen=True):
    """A sentence with names in it, as safe as a whole message."""

    text: str
    names: frozenset[str]
    """What it speaks of."""
    template: Template | None = None
    """None where it has nothing but names."""

    def filled(self, values: Mapping[str, str]) -> str:
        """The sentence on one line, with its names filled in."""
        if self.template is not None:
            made = self.template.render(dict(values))
        else:
            made = _NAMED.sub(lambda found: values[found[1]], self.text)
        return _SPACES.sub(" ", made).strip()


_NAMED = re.compile(r"\{\{ *([a-z_]+) *\}\}")
_ONLY_NAMES = re.compile(r"(?:[^{}]|\{\{ *[a-z_]+ *\}\})*")
"""Nearly all sentences of drafts: nothing that Jinja would have to run."""


_SPACES = re.compile(r"[ \t\r\n]+")
"""Not the no-break spaces, which French has before its colons."""


def sentence(text: str, path: Path, locale: str, zone: tzinfo) -> Sentence:
    """A single sentence ready to be filled in. Raises `BadTemplate` if it is not harmless."""
    if _ONLY_NAMES.fullmatch(text):
        return Sentence(text, frozenset(_NAMED.findall(text)))
    made = _environment(locale, zone)
    made.finalize = lambda value: formats.plain(value, locale, zone)
    template, tree = compiled(made, text, path, _MESSAGE)
    return Sentence(text, frozenset(meta.find_undeclared_variables(tree)), template)


@lru_cache(maxsize=128)
def examined_text(text: str) -> tuple[nodes.Template | None, tuple[Refusal, ...]]:
    """The tree of a message template and all that may not stand in it; nothing is run."""
    return examined(_environment("en", UTC), text, _MESSAGE)


def _environment(locale: str, zone: tzinfo) -> ImmutableSandboxedEnvironment:
    made = environment(escape=False)
    made.filters |= formats.filters(locale, zone)
    return made
