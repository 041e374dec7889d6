"""What the playbooks of a workspace ask `crisisctl.yaml` for, without reading each of them whole.

A thousand playbooks are searched in the time that three take to be understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crisisctl.errors import CrisisError
from crisisctl.playbook.load import load
from crisisctl.playbook.model import Fact
from crisisctl.playbook.reader import file_bytes
from crisisctl.workspace import Workspace, playbook_file, playbook_names

_SETTING = re.compile(rb"""workspace["']?[ \t]*:[ \t]*["']?([A-Za-z_][\w.]*)""")
_FEW = 5
"""Broken playbooks are passed over, so many times at most."""


def asked_settings(workspace: Workspace) -> frozenset[str]:
    """The settings that any fact reads, such as `brand.name`; also in playbooks that are broken."""
    found = {setting for _, data in _playbooks(workspace) for setting in _SETTING.findall(data)}
    return frozenset(setting.decode() for setting in found)


def never_named(workspace: Workspace, names: Iterable[str]) -> set[str]:
    """Which of these names stand in no playbook at all."""
    left = {
        name: re.compile(rb"(?<![\w-])%b(?![\w-])" % re.escape(name).encode()) for name in names
    }
    for _, data in _playbooks(workspace):
        if not left:
            break
        left = {name: pattern for name, pattern in left.items() if not pattern.search(data)}
    return set(left)


def facts_that_ask(workspace: Workspace, settings: Iterable[str]) -> dict[str, Fact]:
    """How each of these settings is asked, in the first playbook that does."""
    left, found = set(settings), dict[str, Fact]()
    broken = 0
    for name, data in _playbooks(workspace):
        if broken >= _FEW or not left:
            break
        if not left.isdisjoint(setting.decode() for setting in _SETTING.findall(data)):
            try:
                facts = load(playbook_file(workspace, name)).plan.facts.values()
            except CrisisError:
                broken += 1
                continue
            mine = {fact.workspace: fact for fact in facts if fact.workspace in left}
            found |= mine
            left -= mine.keys()
    return found


def _playbooks(workspace: Workspace) -> Iterator[tuple[str, bytes]]:
    for name in playbook_names(workspace):
        try:
            yield name, file_bytes(playbook_file(workspace, name))
        except CrisisError:
            continue
