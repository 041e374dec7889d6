"""The word lists of a language: data in `templates/words/`, which a workspace may shadow."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from crisisctl.playbook.load import BadFile, validated
from crisisctl.playbook.model import Model
from crisisctl.playbook.reader import read_file
from crisisctl.workspace import Workspace

M = TypeVar("M", bound=Model)


def load_words(workspace: Workspace, topic: str, locale: str, shape: type[M]) -> M | None:
    """The list of that topic in that language; None for a language without one."""
    path = _path(workspace.root, topic, locale)
    return None if path is None else _read(path, os.stat(path).st_mtime_ns, shape)  # noqa: PTH116 - asked often


@lru_cache(maxsize=512)
def _path(root: Path | None, topic: str, locale: str) -> Path | None:
    return Workspace(root).find("templates", f"words/{topic}.{locale}.yaml")


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int, shape: type[M]) -> M:
    document = read_file(path)
    found, problems = validated(shape, document.value, document)
    if found is None or document.problems:
        raise BadFile(str(path), document.problems or problems)
    return found
