"""The word lists of a language: data in `templates/words/`, which a workspace may shadow."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from crisisctl.playbook.form import Model
from crisisctl.playbook.load import BadFile, validated
from crisisctl.playbook.reader import read_file
from crisisctl.workspace import Workspace

M = TypeVar("M", bound=Model)


def load_words(workspace: Workspace, topic: str, locale: str, shape: type[M]) -> M | None:
    """The list of that topic in that language; None for a language without one."""
    return load_data(workspace, f"words/{topic}.{locale}.yaml", shape)


def load_data(workspace: Workspace, name: str, shape: type[M]) -> M | None:
    """A file of words among the templates; None where there is none."""
    path = _path(workspace.root, name)
    return None if path is None else _read(path, os.stat(path).st_mtime_ns, shape)  # noqa: PTH116 - asked often


@lru_cache(maxsize=512)
def _path(root: Path | None, name: str) -> Path | None:
    return Workspace(root).find("templates", name)


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int, shape: type[M]) -> M:
    document = read_file(path)
    found, problems = validated(shape, document.value, document)
    if found is None or document.problems:
        raise BadFile(str(path), document.problems or problems)
    return found
