"""Where files live: the workspace, the shipped content, and the state directory."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from crisisctl.errors import CrisisError
from crisisctl.text import did_you_mean, listed

FILE = "crisisctl.yaml"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,59}")


class Workspace(msgspec.Struct, frozen=True):
    """A team's own folder: brand, languages, roles, playbooks and templates."""

    root: Path | None = None
    settings: Mapping[str, object] = {}

    def get(self, path: str) -> object:
        """The setting at a dotted path such as `brand.name`, or None."""
        found: object = self.settings
        for part in path.split("."):
            if not isinstance(found, Mapping):
                return None
            found = found.get(part)
        return found

    def folders(self, kind: str) -> list[Path]:
        """Where `playbooks` or `templates` are looked for, nearest first."""
        own = [self.root / kind] if self.root is not None else []
        return [*own, shipped(kind)]

    def find(self, kind: str, name: str) -> Path | None:
        """The file of that relative name: the workspace's shadows the shipped one.

        A link that leads out of its folder is not followed.
        """
        for folder in self.folders(kind):
            path = folder / name
            if path.is_file() and stays_inside(path, folder):
                return path
        return None


def stays_inside(path: Path, folder: Path) -> bool:
    """Whether a path below a folder leads nowhere else by a link or by `..`."""
    at = str(folder)
    for part in path.parts[len(folder.parts) :]:
        at = f"{at}{os.sep}{part}"
        if part == ".." or os.path.islink(at):  # noqa: PTH114 - for thousands of files
            return path.resolve().is_relative_to(folder.resolve())
    return True


def find_workspace(start: Path) -> Workspace:
    """The nearest parent folder with a `crisisctl.yaml`; none is fine."""
    for folder in (start, *start.parents):
        if _is_file(folder / FILE):
            return Workspace(folder, _settings(folder / FILE))
    return Workspace()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # another user's folder above ours, which we may not look into
        return False


@cache
def shipped(kind: str) -> Path:
    """The folder of playbooks or templates that came with crisisctl."""
    package = Path(__file__).resolve().parent
    inside = package / "shipped" / kind
    return inside if inside.is_dir() else package.parent / kind


def home(environment: Mapping[str, str]) -> Path:
    """Where the journal, the outbox and the drills are kept."""
    chosen = environment.get("CRISISCTL_HOME", "")
    try:
        if chosen:
            return Path(chosen).expanduser()
        from platformdirs import user_state_path

        return user_state_path("crisisctl", appauthor=False)
    except RuntimeError:
        hint = "set CRISISCTL_HOME to a folder of your own"
        raise CrisisError("there is no home folder to keep the journal in", hint=hint) from None


def operator(environment: Mapping[str, str]) -> str:
    """Who is typing: `CRISISCTL_OPERATOR`, else the login name."""
    named = environment.get("CRISISCTL_OPERATOR") or environment.get("USER")
    if named:
        return named.encode(errors="replace").decode()
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container without a passwd entry
        return f"uid-{os.getuid()}" if hasattr(os, "getuid") else "operator"


def playbook_file(workspace: Workspace, name: str) -> Path:
    """The file of a playbook. Raises when there is none, saying what there is."""
    path = workspace.find("playbooks", f"{name}.yaml") if _NAME.fullmatch(name) else None
    if path is not None:
        return path
    known = playbook_names(workspace)
    guess = did_you_mean(name, known)
    hint = f'did you mean "{guess}"? ' if guess else ""
    raise CrisisError(
        f'there is no playbook "{name}"', hint=f"{hint}playbooks: {listed(known) or 'none'}"
    )


def playbook_names(workspace: Workspace) -> list[str]:
    """The playbooks that can be started, by name."""
    files = (file for folder in workspace.folders("playbooks") for file in folder.glob("*.yaml"))
    names = {file.stem for file in files if _NAME.fullmatch(file.stem)}
    return sorted(name for name in names if workspace.find("playbooks", f"{name}.yaml"))


def locales_of(workspace: Workspace, playbook: str, message: str) -> list[str]:
    """The locales in which a message is written."""
    files = (
        file
        for folder in workspace.folders("templates")
        for file in (folder / playbook).glob(f"{message}.*.j2")
    )
    return sorted({file.name[len(message) + 1 : -3] for file in files})


def _settings(path: Path) -> Mapping[str, object]:
    from crisisctl.playbook.reader import read_file

    document = read_file(path)
    problems = [p for p in document.problems if p.rule != "yaml-empty"]
    if problems:
        first = problems[0]
        where = f"{path}:{first.line}:{first.column}"
        raise CrisisError(f"{where}: {first.text}", hint=first.hint)
    value = {} if document.problems else document.value
    if not isinstance(value, Mapping):
        raise CrisisError(f"{path}: a workspace file is a mapping of settings")
    return value
