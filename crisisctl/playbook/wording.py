"""Pydantic's findings in words that a person who writes playbooks understands."""

from __future__ import annotations

from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from crisisctl.playbook.form import Model
from crisisctl.playbook.model import SEVERITIES
from crisisctl.text import did_you_mean, listed

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from crisisctl.playbook.reader import Document

Path = tuple[int | str, ...]

_RULES = {
    "missing": "missing-key",
    "extra_forbidden": "unknown-key",
    "literal_error": "unknown-value",
}
_LENGTHS = {"timebox", "timeout", *SEVERITIES}
"""Keys that hold a length of time."""
_KINDS = {
    "string_type": "text",
    "bool_type": "true or false",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "tuple_type": "a list",
    "list_type": "a list",
    "int_type": "a whole number",
    "float_type": "a number",
}


def rule(kind: str) -> str:
    """The rule id of a finding."""
    return _RULES.get(kind, "wrong-type")


def at_key(detail: ErrorDetails) -> bool:
    """Whether the key itself, not its value, is what is wrong."""
    return detail["type"] == "extra_forbidden" or "[key]" in detail["loc"]


def place(detail: ErrorDetails, document: Document) -> Path:
    """The path in the file: without pydantic's own parts and the absent key."""
    path = tuple(part for part in detail["loc"] if part != "[key]")
    while path and path not in document.values:
        path = path[:-1]
    return path


def explain(root: type[Model], detail: ErrorDetails, path: Path) -> tuple[str, str]:
    """The sentence and the hint for one finding; `path` is its place in the file."""
    kind, loc = detail["type"], detail["loc"]
    if kind == "missing":
        return f'the key "{loc[-1]}" is missing{_where("in", loc[:-1])}', f"add `{loc[-1]}:`"
    if kind == "extra_forbidden":
        return f'"{loc[-1]}" is not a key{_where("of", loc[:-1])}', _nearest_key(root, loc)
    if kind == "literal_error":
        return _unknown_value(root, detail, path)
    arms = _arms(root, path)
    wanted = listed(arms, "or") if len(arms) > 1 else _KINDS.get(kind)
    if wanted is None:
        return f"{_named(path)}: {detail['msg'][:1].lower()}{detail['msg'][1:]}", ""
    if wanted == "text" and path and path[-1] in _LENGTHS and isinstance(detail["input"], int):
        return f"{_named(path)} must be a length of time", f"write {detail['input']}m or 2h"
    return f"{_named(path)} must be {wanted}", _mend(wanted, detail["input"])


def _mend(wanted: str, given: object) -> str:
    """What to write instead of a value of the wrong kind."""
    if wanted == "text" and isinstance(given, bool | int | float):
        return "put it in quotes"
    if wanted == "text" and given is None:
        return "it is empty: write something, or remove the line"
    if wanted == "a list" and isinstance(given, str):
        lines = given.startswith("-")
        return "a space must stand behind each -" if lines else f"write it in brackets: [{given}]"
    return ""


def _named(path: Path) -> str:
    match path:
        case (*_, str(key), int(number)):
            return f'item {number + 1} of "{key}"'
        case (*_, last):
            return f'"{last}"'
    return "the file"


def _arms(root: type[Model], path: Path) -> list[str]:
    """In words, the kinds of value that a place takes when there are several."""
    shape: object = _inside(shape_at(root, path[:-1]), path[-1]) if path else root
    if get_origin(shape) not in (Union, UnionType):
        return []
    words = {"str": "text", "int": "a number", "float": "a number", "bool": "true or false"}
    words |= {"Model": "a mapping of keys to values", "tuple": "a list"}
    kinds = [_kind(arm) for arm in get_args(shape) if arm is not type(None)]
    return list(dict.fromkeys(words.get(kind, "a list of texts") for kind in kinds))


def _kind(arm: object) -> str:
    if isinstance(arm, type) and issubclass(arm, Model):
        return "Model"
    return str(getattr(arm, "__name__", ""))


def shape_at(root: object, loc: Path) -> object:
    """The type that the model has at a path, as far as the path is known."""
    shape: object = root
    for part in loc:
        shape = _inside(_bare(shape, part), part)
    return _bare(shape)


def _bare(shape: object, inside: int | str = "") -> object:
    """A type without its `| None`; several lists of words are one.

    Of one thing or a list of them it is the list where a position lies inside.
    """
    if get_origin(shape) not in (Union, UnionType):
        return shape
    arms = [arm for arm in get_args(shape) if arm is not type(None)]
    if all(get_origin(arm) is Literal for arm in arms):
        return Literal[tuple(word for arm in arms for word in get_args(arm))]
    lists = [arm for arm in arms if get_origin(arm) is tuple]
    return lists[0] if lists and isinstance(inside, int) else arms[0]


def _inside(shape: object, part: int | str) -> object:
    if isinstance(shape, type) and issubclass(shape, Model):
        hints = _hints(shape)
        return hints.get(str(part), hints.get(f"{part}_"))
    arguments = get_args(shape)
    if get_origin(shape) is dict:
        return arguments[0] if part == "[key]" else arguments[1]
    return arguments[0] if get_origin(shape) in (tuple, list) else None


@cache
def _hints(shape: type[Model]) -> dict[str, object]:
    return get_type_hints(shape)


@cache
def _keys(shape: type[Model]) -> list[str]:
    return [field.encode_name for field in msgspec.structs.fields(shape)]


def _where(word: str, loc: Path) -> str:
    return f" {word} {'.'.join(str(part) for part in loc)}" if loc else ""


def _unknown_value(root: type[Model], detail: ErrorDetails, path: Path) -> tuple[str, str]:
    loc = detail["loc"]
    shape = _inside(shape_at(root, loc[:-2]), "[key]") if "[key]" in loc else shape_at(root, path)
    known = [str(word) for word in get_args(shape)] if get_origin(shape) is Literal else []
    value = str(detail["input"])
    guess = did_you_mean(value, known)
    hint = f'did you mean "{guess}"? ' if guess else ""
    return f'"{value}" is not known here', f"{hint}it can be {listed(known, 'or')}"


def _nearest_key(root: type[Model], loc: Path) -> str:
    shape = shape_at(root, loc[:-1])
    if not (isinstance(shape, type) and issubclass(shape, Model)):
        return ""
    known = _keys(shape)
    guess = did_you_mean(str(loc[-1]), known)
    return f'did you mean "{guess}"?' if guess else f"known keys: {listed(known)}"
