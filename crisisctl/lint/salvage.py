"""What can be saved of a playbook whose shape is wrong, so that all its mistakes show at once."""

from __future__ import annotations

import copy
from typing import Any

import msgspec

from crisisctl.playbook.load import validated
from crisisctl.playbook.model import Playbook
from crisisctl.playbook.reader import Document, Path, Problem

_ROUNDS = 200
"""As many mistakes as are taken out one by one."""
_STEP = ("stages", "stage", "number")
"""The path to a step: the only place where an item of a list is worth keeping in its place."""
_NAMELESS: dict[str, Any] = {"playbook": "unnamed", "title": "untitled", "stages": {}}


def salvage(document: Document) -> tuple[Playbook, tuple[Problem, ...]]:
    """The playbook without what is wrong in it, and what that is."""
    plan, problems = validated(Playbook, document.value, document)
    if plan is not None:
        return plan, ()
    kept = copy.deepcopy(document.value)
    value: dict[str, Any] = kept if isinstance(kept, dict) else {}
    for key, default in _NAMELESS.items():
        value.setdefault(key, default)
    for _ in range(_ROUNDS):
        try:
            return msgspec.convert(value, Playbook, strict=True), problems
        except msgspec.ValidationError:
            wrong = _first_wrong(value)
            if not wrong:
                break
            _take_out(value, wrong)
    return msgspec.convert(_NAMELESS, Playbook), problems


def _first_wrong(value: dict[str, Any]) -> Path:
    from crisisctl.playbook.critic import complaints

    for detail in complaints(Playbook, value):
        loc = tuple(part for part in detail["loc"] if part != "[key]")
        return loc[:-1] if detail["type"] == "missing" else loc
    return ()


def _take_out(value: Any, path: Path) -> None:
    """Remove the innermost thing that a path names and that is there.

    A step leaves an empty one behind, so that the steps after it keep their places.
    """
    holder, key = value, path[0]
    for depth, part in enumerate(path[1:], 1):
        inner = holder[key]
        if isinstance(inner, list) and depth == len(_STEP) - 1 and path[0] == _STEP[0]:
            if len(path) <= depth + 1 or not isinstance(inner[int(part)], dict):
                inner[int(part)] = {"id": f"lost-{part}", "title": "lost"}
                return
        elif not isinstance(inner, dict) or part not in inner:
            break
        holder, key = inner, part
    if holder is value and key in _NAMELESS:
        value[str(key)] = _NAMELESS[str(key)]
    elif isinstance(holder, list):
        holder[int(key)] = {"id": f"lost-{key}", "title": "lost"}
    else:
        del holder[key]
