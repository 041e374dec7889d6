"""What can be saved of a playbook whose shape is wrong, so that all its mistakes show at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Any, Final, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from crisisctl.playbook.form import Model
from crisisctl.playbook.load import validated
from crisisctl.playbook.model import Playbook
from crisisctl.playbook.reader import Document, Path, Problem

_STAND_IN = "lost-{}-in-reading"
_IS_STAND_IN = re.compile(r"\blost-\d+-in-reading\b")


class Salvaged(Struct, frozen=True):
    """What could be saved of a playbook, what is wrong with its shape, and what was lost."""

    plan: Playbook
    problems: tuple[Problem, ...] = ()
    lost: frozenset[Path] = frozenset()
    """Where something was taken out, or filled in because it was missing."""
    words: frozenset[str] = frozenset()
    """The names and texts in what was taken out: each may be what another part speaks of."""

    def lost_in(self, path: Path) -> bool:
        """Whether something was lost at this place or below it."""
        return any(lost[: len(path)] == path[: len(lost)] for lost in self.lost)


def salvage(document: Document) -> Salvaged:
    """The playbook without what is wrong in it, and what that is."""
    if document.value is None:
        return _saved(None, ())
    plan, problems = validated(Playbook, document.value, document)
    return Salvaged(plan) if plan is not None else _saved(document.value, problems)


def speaks_of_loss(text: str) -> bool:
    """Whether a sentence names something that stands in for what was lost."""
    return bool(_IS_STAND_IN.search(text))


def _saved(value: object, problems: tuple[Problem, ...]) -> Salvaged:
    work = _Salvage()
    saved = work.of(Playbook, value, ())
    if saved is LOST:
        work.lose((), value)
        saved = work.filled(Playbook)
    plan = msgspec.convert(saved, Playbook)
    return Salvaged(plan, problems, frozenset(work.lost), frozenset(work.words))


class _Lost:
    """Marks a value that cannot be kept."""


LOST: Final = _Lost()
_Shape: TypeAlias = Any


class _Salvage:
    """One pass over a document: what fits the model is kept in its place."""

    def __init__(self) -> None:
        self.lost: list[Path] = []
        self.words: set[str] = set()
        self._stand_ins = 0

    def of(self, shape: _Shape, value: object, path: Path) -> object:
        """The value as far as it has this shape; `LOST` where nothing of it has."""
        origin: _Shape = get_origin(shape)
        if origin is Literal:
            return value if isinstance(value, str) and value in get_args(shape) else LOST
        if origin in (Union, UnionType):
            return self._arm(get_args(shape), value, path)
        if isinstance(shape, type) and issubclass(shape, Model):
            return self._model(shape, value, path) if isinstance(value, dict) else LOST
        if origin is dict:
            return self._mapping(shape, value, path) if isinstance(value, dict) else LOST
        if origin in (tuple, list):
            item = get_args(shape)[0]
            return self._items(item, value, path) if isinstance(value, list) else LOST
        return value if type(value) is shape else LOST

    def lose(self, path: Path, value: object) -> None:
        """Note what cannot be kept, and all that it speaks of."""
        self.lost.append(path)
        self.words.update(_words(value))

    def filled(self, shape: _Shape) -> object:
        """Something of this shape that stands in for what is missing."""
        origin: _Shape = get_origin(shape)
        if origin is Literal:
            return get_args(shape)[0]
        if origin in (Union, UnionType):
            return self.filled(get_args(shape)[0])
        if isinstance(shape, type) and issubclass(shape, Model):
            needed = {key: hint for key, (hint, required) in _keys(shape).items() if required}
            return {key: self.filled(hint) for key, hint in needed.items()}
        if origin is dict:
            return {}
        if origin in (tuple, list):
            return []
        self._stand_ins += 1
        return _STAND_IN.format(self._stand_ins) if shape is str else shape()

    def _arm(self, arms: tuple[_Shape, ...], value: object, path: Path) -> object:
        for arm in arms:
            inner = _Salvage()
            found = None if arm is type(None) and value is None else inner.of(arm, value, path)
            if found is not LOST and not inner.lost:
                return found
        if isinstance(value, dict):  # a model that may also be absent
            for arm in arms:
                if isinstance(arm, type) and issubclass(arm, Model):
                    return self.of(arm, value, path)
        return LOST

    def _model(self, shape: type[Model], value: dict[str, Any], path: Path) -> object:
        found: dict[str, object] = {}
        keys = _keys(shape)
        for key in value.keys() - keys.keys():
            self.lose((*path, key), {key: value[key]})
        for key, (hint, required) in keys.items():
            kept = self.of(hint, value[key], (*path, key)) if key in value else LOST
            if kept is LOST and (required or key in value):
                self.lose((*path, key), value.get(key))
            if kept is not LOST or required:
                found[key] = self.filled(hint) if kept is LOST else kept
        return found

    def _mapping(self, shape: _Shape, value: dict[str, Any], path: Path) -> dict[str, object]:
        names, inner = get_args(shape)
        found: dict[str, object] = {}
        for key, raw in value.items():
            kept = self.of(inner, raw, (*path, key))
            if kept is LOST or self.of(names, key, path) is LOST:
                self.lose((*path, key), {key: raw})
            else:
                found[key] = kept
        return found

    def _items(self, inner: _Shape, value: list[Any], path: Path) -> list[object]:
        """What is lost in a list leaves something behind: the items after it keep their places."""
        found: list[object] = []
        for number, raw in enumerate(value):
            kept = self.of(inner, raw, (*path, number))
            if kept is LOST:
                self.lose((*path, number), raw)
                kept = self.filled(inner)
            found.append(kept)
        return found


@cache
def _keys(shape: type[Model]) -> dict[str, tuple[_Shape, bool]]:
    """Each key of a model with its type, and whether it must be there."""
    hints = get_type_hints(shape)
    fields = msgspec.structs.fields(shape)
    return {field.encode_name: (hints[field.name], field.required) for field in fields}


def _words(value: object) -> Iterator[str]:
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            yield from one
            left += one.values()
        elif isinstance(one, list):
            left += one
        elif isinstance(one, str):
            yield one
