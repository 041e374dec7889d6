"""What may stand in `crisisctl.yaml`, and how the linter is set there."""

from __future__ import annotations

from typing import Any

import msgspec

from crisisctl.playbook.model import Model
from crisisctl.workspace import Workspace


class LintSettings(Model, frozen=True, kw_only=True):
    """How this workspace is linted."""

    select: tuple[str, ...] = ()
    """Rules or families: only these."""
    ignore: tuple[str, ...] = ()
    """Rules or families that are left out."""
    strict: bool = False
    """Whether warnings make the linter fail too."""
    baseline: str = ""
    """A file of findings that are known already, relative to this file."""
    review_every: str = "180d"
    """The age at which a playbook must be read whole again."""


class Audience(Model, frozen=True, kw_only=True):
    """People who must be told."""

    recipients: str = ""
    """A CSV file with their addresses, relative to this file."""


class WorkspaceFile(Model, frozen=True, kw_only=True):
    """A team's `crisisctl.yaml`: who we are, and how messages are delivered."""

    brand: dict[str, Any] = {}
    """What facts with `workspace: brand.…` are answered with: `name`, `support_email`, `phone`."""
    locales: tuple[str, ...] = ()
    """The languages customers read: en, fr, es, tr, ru."""
    time_zone: str = ""
    """The zone in which times are shown, such as Europe/Paris."""
    currency: str = ""
    """Three letters, such as EUR."""
    roles: dict[str, tuple[str, ...]] = {}
    """Who may hold each role."""
    audiences: dict[str, Audience] = {}
    """Who must be told, and where their addresses are."""
    delivery: dict[str, dict[str, Any]] = {}
    """How each channel is delivered; without it, messages become files."""
    lint: LintSettings | None = None
    """How this workspace is linted."""


def lint_settings(workspace: Workspace) -> LintSettings:
    """The workspace's settings for the linter; those that cannot be understood count as absent."""
    try:
        return msgspec.convert(workspace.get("lint") or {}, LintSettings)
    except msgspec.ValidationError:
        return LintSettings()
