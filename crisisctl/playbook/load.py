"""From a playbook file to a checked `Playbook`, with every problem at its place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from crisisctl.errors import CrisisError
from crisisctl.playbook.model import Playbook
from crisisctl.playbook.reader import Document, Problem, read_text

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

T = TypeVar("T")
_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


@dataclass(frozen=True, slots=True)
class Loaded:
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
        problems = tuple(references(plan, document))
    return plan, tuple(sorted(problems, key=lambda p: (p.line, p.column)))


def adapter(shape: type[T]) -> TypeAdapter[T]:
    """Pydantic's view of a model: validation and JSON Schema. Built once, it is not cheap."""
    from pydantic import TypeAdapter

    if shape not in _ADAPTERS:
        _ADAPTERS[shape] = TypeAdapter(shape)
    return _ADAPTERS[shape]


def validated(
    shape: type[T], value: object, document: Document
) -> tuple[T | None, tuple[Problem, ...]]:
    """A document's value as that model, or every way in which it is not one."""
    import msgspec
    from pydantic import ValidationError

    try:
        # JSON is pydantic's strict mode that still builds objects from mappings
        return adapter(shape).validate_json(msgspec.json.encode(value), strict=True), ()
    except ValidationError as error:
        found = error.errors(include_url=False)
        return None, tuple({_problem(shape, document, detail) for detail in found})


def _problem(shape: type, document: Document, detail: ErrorDetails) -> Problem:
    from crisisctl.playbook import wording

    mark = document.mark(wording.place(detail, document), key=wording.at_key(detail))
    text, hint = wording.explain(shape, detail)
    rule = wording.rule(detail["type"])
    return Problem(line=mark.line, column=mark.column, text=text, hint=hint, rule=rule)


def problem_line(file: str, problem: Problem) -> str:
    """One problem as people and editors read it: file, line, column, rule, words."""
    line = f"{file}:{problem.line}:{problem.column}: error[{problem.rule}]: {problem.text}"
    return f"{line} ({problem.hint})" if problem.hint else line
