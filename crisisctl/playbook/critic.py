"""Pydantic's view of our models: it finds every error of a file at once.

msgspec stops at the first error and cattrs misses some; pydantic costs too
much start-up to be what a running incident is made of. So the structs of
`model` stay the single source, and pydantic's models are derived from them.
"""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic_core import ErrorDetails

from crisisctl.playbook.form import Model


def complaints(shape: type[Model], value: object) -> list[ErrorDetails]:
    """Everything that keeps this value from being such a model."""
    try:
        # JSON is pydantic's strict mode that still builds models from mappings
        twin(shape).model_validate_json(msgspec.json.encode(value), strict=True)
    except ValidationError as error:
        found = (_placed(detail, value) for detail in error.errors(include_url=False))
        return [detail for detail in found if detail is not None]
    return []


def _placed(detail: ErrorDetails, value: object) -> ErrorDetails | None:
    """A finding with its place in the file, where one thing or a list of them may stand.

    Pydantic tries both and names the form in the place; what it says of the
    form that was not written is left out.
    """
    place: list[int | str] = []
    here: Any = value
    for part in detail["loc"]:
        if not _inside(here, part) and _is_form(part):
            if isinstance(here, list | dict) and isinstance(here, list) is not _is_list(part):
                return None
            continue
        here = here[part] if _inside(here, part) else None
        place.append(part)
    return {**detail, "loc": tuple(place)}


def _inside(here: Any, part: int | str) -> bool:
    if isinstance(here, list):
        return isinstance(part, int) and part < len(here)
    return isinstance(here, dict) and part in here


def _is_form(part: int | str) -> bool:
    """Whether pydantic means a form, a model or a list of them; keys of ours begin small."""
    return isinstance(part, str) and (_is_list(part) or part[:1].isupper())


def _is_list(part: int | str) -> bool:
    return str(part).startswith("tuple[")


@cache
def twin(shape: type[Model]) -> type[BaseModel]:
    """The pydantic model with the same fields, descriptions included."""
    hints, notes = get_type_hints(shape, include_extras=True), _field_notes(shape)
    fields: dict[str, Any] = {}
    for field in msgspec.structs.fields(shape):
        told = Field(
            default=... if field.required else _default(field),
            alias=field.encode_name,
            description=notes.get(field.name),
        )
        fields[field.name] = (_translated(hints[field.name]), told)
    config = ConfigDict(extra="forbid", title=shape.__name__)
    return create_model(shape.__name__, __config__=config, __doc__=shape.__doc__, **fields)


def _default(field: msgspec.structs.FieldInfo) -> object:
    factory = field.default_factory
    default = factory() if factory is not msgspec.NODEFAULT else field.default
    return {} if isinstance(default, Model) else default  # of which every key is left out


def _translated(hint: Any) -> Any:
    """The hint with every model replaced by its twin."""
    if isinstance(hint, type) and issubclass(hint, Model):
        return twin(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if not arguments or origin is Literal:
        return hint
    if origin is Annotated:
        return _annotated(*arguments)
    inside = tuple(_translated(argument) for argument in arguments)
    if origin in (Union, UnionType):
        return Union[inside]  # noqa: UP007 - built from values, not written
    return origin[inside] if origin is not None else hint


def _annotated(hint: Any, *notes: msgspec.Meta) -> Any:
    """What msgspec's notes say for editors, said in pydantic's way; nothing is judged by it."""
    more = {key: word for note in notes for key, word in (note.extra_json_schema or {}).items()}
    return Annotated[_translated(hint), Field(json_schema_extra=more)]


def _field_notes(shape: type[Model]) -> dict[str, str]:
    """The words under each field, as they stand in the source."""
    tree = ast.parse(inspect.getsource(sys.modules[shape.__module__]))
    body = next(n.body for n in ast.walk(tree) if _is_class(n, shape.__name__))  # type: ignore[attr-defined]
    notes = {}
    for field, words in pairwise(body):
        match field, words:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(
                value=ast.Constant(value=str(text))
            ):
                notes[name] = inspect.cleandoc(text)
    return notes


def _is_class(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.ClassDef) and node.name == name
