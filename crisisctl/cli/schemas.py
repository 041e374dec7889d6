"""`schema`: the JSON Schemas that editors complete and check files with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from crisisctl.cli.desk import desk
from crisisctl.cli.printing import deliver
from crisisctl.errors import CrisisError
from crisisctl.playbook.form import Model
from crisisctl.playbook.schema import json_schema
from crisisctl.report.data import SCHEMA
from crisisctl.text import did_you_mean, listed, quoted


def schema(of: str, *, output: Path | None, json: bool) -> None:
    """The schema of one kind of file, to stdout or into a file."""
    found: dict[str, Any] = schema_of(of)
    if json:
        found = {"schema": SCHEMA, "of": of, "json_schema": found}
    deliver(desk(), as_file(found), output)


def schema_of(name: str) -> dict[str, Any]:
    """The schema of that name. Raises, saying what there is."""
    if name not in SCHEMAS:
        guess = did_you_mean(name, SCHEMAS)
        hint = f'did you mean "{guess}"? ' if guess else ""
        raise CrisisError(
            f"there is no schema of {quoted(name)}", hint=f"{hint}schemas: {listed(SCHEMAS)}"
        )
    return json_schema(SCHEMAS[name](), name, f"crisisctl: {_TITLES[name]}")


def as_file(found: dict[str, Any]) -> str:
    """The bytes of the shipped files: ASCII, the same on every terminal and system."""
    import json

    return json.dumps(found, indent=2) + "\n"


def _playbook() -> type[Model]:
    from crisisctl.playbook.model import Playbook

    return Playbook


def _workspace() -> type[Model]:
    from crisisctl.lint.settings import WorkspaceFile

    return WorkspaceFile


def _channels() -> type[Model]:
    from crisisctl.messages.channels import Channels

    return Channels


def _regulation() -> type[Model]:
    from crisisctl.playbook.regulation import Regulation

    return Regulation


def _answers() -> type[Model]:
    from crisisctl.runner.answersfile import AnswersFile

    return AnswersFile


SCHEMAS: dict[str, Callable[[], type[Model]]] = {
    "playbook": _playbook,
    "workspace": _workspace,
    "channels": _channels,
    "regulation": _regulation,
    "answers": _answers,
}
"""What can be described, and the model of each, imported when it is asked for."""
_TITLES = {
    "playbook": "a playbook",
    "workspace": "the workspace file crisisctl.yaml",
    "channels": "templates/channels.yaml",
    "regulation": "a law's clocks in playbooks/regulations",
    "answers": "an answers file",
}
