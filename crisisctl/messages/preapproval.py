"""Emergency templates that somebody approved before the crisis.

Whoever sits at the shop's accounts at night needs no one's leave for them. The
approval is bound to the templates as they were read: a changed character makes
it void, and says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from crisisctl.errors import CrisisError
from crisisctl.playbook.form import Day, Id, Model
from crisisctl.playbook.model import Approvals
from crisisctl.workspace import FILE, Workspace, locales_of

T = TypeVar("T")

_SHOWN = 16
"""Hexadecimal digits of the fingerprint: a person copies them into a file."""


class PreApproved(Model, frozen=True, kw_only=True):
    """A message whose templates were approved before the crisis."""

    message: str
    """Playbook and message, such as outage/holding."""
    by: str
    """Who approved it: a name, and for whom they speak."""
    on: Day
    """The day they read the templates."""
    templates: str
    """The fingerprint of the templates they read; `crisisctl doctor` prints it."""


class Beforehand(msgspec.Struct, frozen=True):
    """What was approved before, as it holds today."""

    who: str = ""
    """Who approved it and when; empty where it was not approved, or no longer holds."""
    void: str = ""
    """Why an approval no longer holds."""


def fingerprint(workspace: Workspace, playbook: str, message: str) -> str:
    """The fingerprint of a message's templates in all its languages."""
    found = hashlib.sha256()
    for locale in locales_of(workspace, playbook, message):
        path = workspace.find("templates", f"{playbook}/{message}.{locale}.j2")
        if path is not None:
            found.update(f"{locale}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()[:_SHOWN]


def beforehand(workspace: Workspace, playbook: str, message: str) -> Beforehand:
    """Whether the workspace lets a message out without another approval."""
    for one in pre_approved(workspace):
        if one.message == f"{playbook}/{message}":
            now = fingerprint(workspace, playbook, message)
            if one.templates == now:
                return Beforehand(who=f"{one.by}, on {one.on}")
            void = f"its templates have changed since {one.by} approved them on {one.on}"
            return Beforehand(void=f"{void} (they are {now} now)")
    return Beforehand()


def pre_approved(workspace: Workspace) -> tuple[PreApproved, ...]:
    """The messages that the workspace lets out."""
    return _read(workspace, "pre_approved", tuple[PreApproved, ...]) or ()


def own_rules(workspace: Workspace) -> Mapping[str, Approvals]:
    """The workspace's own rules of approval, by audience."""
    return _read(workspace, "approvals", dict[Id, Approvals]) or {}


def holders(workspace: Workspace) -> Mapping[str, tuple[str, ...]]:
    """Whom the workspace names for each role."""
    return _read(workspace, "roles", dict[str, tuple[str, ...]]) or {}


def _read(workspace: Workspace, key: str, shape: type[T]) -> T | None:
    found = workspace.get(key)
    if found is None:
        return None
    try:
        return msgspec.convert(found, shape)
    except msgspec.ValidationError as error:
        hint = f"`crisisctl lint {FILE}` says where"
        raise CrisisError(f"{FILE}: {key}: {error}", hint=hint) from None
