"""From a playbook file to a checked `Playbook`, with every problem at its place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from crisisctl.errors import CrisisError
from crisisctl.playbook.form import Model
from crisisctl.playbook.model import Playbook
from crisisctl.playbook.reader import Document, Problem, read_text

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

M = TypeVar("M", bound=Model)


class Loaded(msgspec.Struct, frozen=True):
    """A playbook with the text it was read from."""

    plan: Playbook
    source: str


class BadFile(CrisisError):
    """A file that cannot be used; the message lists every problem with its line."""

    def __init__(self, file: str, problems: tuple[Problem, ...]) -> None:
        lines = [problem_line(file, problem) for problem in problems]
        hint = f"{len(lines)} problem{'s' if len(lines) > 1 else ''}: mend the file and try again"
        super().__init__("\n".join(lines), hint=hint)
        self.problems = problems


def load(path: Path) -> Loaded:
    """Read and check one playbook file. Raises `BadFile` with all its problems."""
    from crisisctl.playbook.reader import read_file

    document = read_file(path)
    plan, problems = examine(document)
    if plan is None or problems:
        raise BadFile(str(path), problems)
    return Loaded(plan, path.read_text(encoding="utf-8-sig"))


def loads(text: str) -> tuple[Playbook | None, tuple[Problem, ...]]:
    """The playbook in a text, and everything wrong with it."""
    return examine(read_text(text))


def examine(document: Document) -> tuple[Playbook | None, tuple[Problem, ...]]:
    """Validate a read document: its shape first, then what refers to what."""
    from crisisctl.playbook.check import references

    if document.value is None or document.problems:
        return None, document.problems
    plan, problems = validated(Playbook, document.value, document)
    if plan is not None:
        problems = in_order(references(plan, document))
    return plan, problems


def validated(
    shape: type[M], value: object, document: Document
) -> tuple[M | None, tuple[Problem, ...]]:
    """A document's value as that model, or every way in which it is not one.

    A good file never meets pydantic: it takes longer to import than to start.
    """
    try:
        return msgspec.convert(value, shape, strict=True), ()
    except msgspec.ValidationError as error:
        doubt = str(error)
    from crisisctl.playbook.critic import complaints

    details = complaints(shape, value)
    problems = {_problem(shape, document, detail) for detail in details}
    mark = document.mark(())
    unexplained = Problem(line=mark.line, column=mark.column, text=doubt, rule="wrong-type")
    return None, in_order(problems or {unexplained})


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems as they stand in the file; the same ones always in the same order."""
    return tuple(sorted(problems, key=lambda p: (p.line, p.column, p.rule, p.text)))


def _problem(shape: type[Model], document: Document, detail: ErrorDetails) -> Problem:
    from crisisctl.playbook import wording

    path = wording.place(detail, document)
    mark = document.mark(path, key=wording.at_key(detail))
    text, hint = wording.explain(shape, detail, path)
    rule = wording.rule(detail["type"])
    named = tuple(part for part in detail["loc"] if part != "[key]")
    return Problem(line=mark.line, column=mark.column, text=text, hint=hint, rule=rule, path=named)


def problem_line(file: str, problem: Problem) -> str:
    """One problem as people and editors read it: file, line, column, rule, words."""
    line = f"{file}:{problem.line}:{problem.column}: error[{problem.rule}]: {problem.text}"
    return f"{line} ({problem.hint})" if problem.hint else line
