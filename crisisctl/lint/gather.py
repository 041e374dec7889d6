"""Which files are linted: what the paths mean, and what belongs to each file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from crisisctl.deadlines.regulations import FOLDER as REGULATIONS
from crisisctl.errors import CrisisError
from crisisctl.playbook.reader import Document, TooLarge, file_bytes, read_bytes
from crisisctl.workspace import FILE, Workspace, playbook_names, shipped, stays_inside

CHANNELS = "channels.yaml"
LAYOUTS = "layouts"
REPLIES = "replies"
_PASSED_OVER = {"node_modules", "__pycache__", "site-packages"}
_PLAYBOOK = re.compile(
    rb"""(?m)^(?:\{[ \t]*)?["']?playbook["']?[ \t]*:"""
    rb"""|(?:^|[{,\s])["']?(?:assess|communicate|post-mortem)["']?[ \t]*:"""
)
"""Other tools' files have a `stages:` or an indented `playbook:` too."""

Kind = Literal["playbook", "regulation", "channels", "settings", "layout", "stray", "replies"]


class Job(Struct, frozen=True):
    """One thing to lint, with all that belongs to it."""

    kind: Kind
    path: Path
    root: Path | None
    """The workspace it belongs to; None: what is shipped."""
    base: Path | None
    """File names are shown relative to this folder; None: whole."""
    only: frozenset[Path] | None = None
    """The files whose findings are wanted; None: of everything that belongs to it."""

    def shown(self, path: Path) -> str:
        """A file's name as people and CI read it."""
        if self.base is None:
            return str(path)
        name, above = str(path), f"{self.base}{os.sep}"
        return name[len(above) :] if name.startswith(above) else os.path.relpath(name, self.base)


class Unread(Struct, frozen=True, order=True):
    """Something that could not be linted, and why."""

    file: str
    """As it was named."""
    text: str
    hint: str = ""


def gathered(paths: Sequence[Path], cwd: Path) -> tuple[list[Job], list[Unread]]:
    """What to lint, in the order of the file names; and what of it cannot be."""
    if not paths:
        return _everything(cwd), []
    found: list[Job] = []
    unread: list[Unread] = []
    for path in paths:
        whole = Path(os.path.normpath(cwd / path))
        try:
            found += _of_path(path, whole, None if path.is_absolute() else cwd, unread)
        except CrisisError as error:
            text = error.message.replace(str(whole), str(path), 1)
            unread.append(Unread(str(path), text, error.hint))
        except OSError as error:  # a name too long, or a folder above that may not be entered
            reason = (error.strerror or "unknown reason").lower()
            unread.append(Unread(str(path), f"{path} cannot be read: {reason}"))
    return _merged(found), unread


def _of_path(path: Path, whole: Path, base: Path | None, unread: list[Unread]) -> list[Job]:
    if not whole.is_dir():
        with suppress(TooLarge):  # that is a finding
            file_bytes(whole)  # says why it cannot be read
        return [_of_file(whole, base, named=True)]
    closed = len(unread)
    inside = list(_in_folder(whole, base, unread))
    if not inside and len(unread) == closed:
        hint = "a playbook is a YAML file with `playbook:`, a message text ends in .j2"
        raise CrisisError(f"{path}: nothing to lint in this folder", hint=hint)
    return inside


def workspace_at(root: Path | None) -> Workspace:
    """The workspace whose folder that is; a settings file that cannot be read counts as empty."""
    if root is None:
        return Workspace()
    document = settings_document(root)
    value = document.value if document is not None else None
    return Workspace(root, value if isinstance(value, dict) else {})


def settings_document(root: Path) -> Document | None:
    """The workspace file of a folder, as far as it can be read; None where there is none."""
    path = _settings_file(root)
    try:
        changed = os.stat(path).st_mtime_ns  # noqa: PTH116 - for thousands of playbooks
    except (OSError, ValueError):
        return None
    return _settings_document(path, changed)


@lru_cache(maxsize=256)
def _settings_file(root: Path) -> str:
    return str(root / FILE)


@lru_cache(maxsize=64)
def _settings_document(path: str, changed: int) -> Document | None:  # noqa: ARG001 - a new key
    try:
        return read_bytes(file_bytes(Path(path)))
    except CrisisError:
        return None


def _everything(cwd: Path) -> list[Job]:
    root = _workspace_root(cwd)
    if root is None:
        base = cwd if shipped("playbooks").is_relative_to(cwd) else None
        return _of_workspace(None, base)
    return _of_workspace(root, cwd if root.is_relative_to(cwd) else None)


def _of_workspace(root: Path | None, base: Path | None) -> list[Job]:
    workspace = workspace_at(root)
    found = [Job("settings", root / FILE, root, base)] if root is not None else []
    for name in playbook_names(workspace):
        if path := workspace.find("playbooks", f"{name}.yaml"):
            found.append(Job("playbook", path, root, base))
    regulations = workspace.folders("playbooks")[0] / REGULATIONS
    for folder in (regulations, workspace.folders("templates")[0]):
        if folder.is_dir():
            found += _in_folder(folder, base, [])
    return _merged(found)


def _workspace_root(path: Path) -> Path | None:
    for folder in (path, *path.parents):
        try:
            if (folder / FILE).is_file():
                return folder
        except OSError:
            continue
    return None


@lru_cache(maxsize=256)
def _root_of(holder: Path) -> Path | None:
    """The workspace of a folder: by its `crisisctl.yaml`, else where its kind of file stands."""
    if found := _workspace_root(holder):
        return found
    for folder in (holder, *holder.parents):
        if folder.name in ("playbooks", "templates"):
            return None if folder == shipped(folder.name) else folder.parent
    return None


def _in_folder(folder: Path, base: Path | None, unread: list[Unread]) -> Iterator[Job]:
    def closed(error: OSError) -> None:
        name = str(error.filename) if base is None else os.path.relpath(error.filename, base)
        reason = (error.strerror or "unknown reason").lower()
        unread.append(Unread(name, f"{name} cannot be read: {reason}"))

    for holder, folders, names in os.walk(folder, onerror=closed):
        folders[:] = sorted(f for f in folders if f[0] != "." and f not in _PASSED_OVER)
        for name in sorted(names):
            path = Path(holder, name)
            if path.suffix in (".yaml", ".yml", ".j2") and _ours(path, folder):
                yield _of_file(path, base, named=False)


def _ours(path: Path, folder: Path) -> bool:
    if os.path.islink(path) and not stays_inside(path, folder):  # noqa: PTH114 - for thousands
        return False
    if path.suffix == ".j2":
        return _of_a_team(path.parent)
    if path.name in (FILE, CHANNELS) or path.parent.name == "playbooks" or _are_laws(path.parent):
        return True
    if _are_replies(path.parent):
        return _of_a_team(path.parent)
    try:
        return bool(_PLAYBOOK.search(file_bytes(path)))
    except TooLarge:
        return False
    except CrisisError:
        return False


def _are_laws(holder: Path) -> bool:
    """Whether the YAML files of a folder are regulations, as `crisisctl clocks` finds them."""
    return holder.name == REGULATIONS and holder.parent.name == "playbooks"


def _are_replies(holder: Path) -> bool:
    """Whether the YAML files of a folder are drafts of answers to reviews."""
    return holder.name == REPLIES and holder.parent.name == "templates"


@lru_cache(maxsize=256)
def _of_a_team(holder: Path) -> bool:
    """Whether a template is a text of ours; other tools have folders called templates, too."""
    homes = (folder for folder in (holder, *holder.parents) if folder.name == "templates")
    return any(
        home == shipped("templates")
        or (home / CHANNELS).is_file()
        or (home.parent / "playbooks").is_dir()
        or (home.parent / FILE).is_file()
        for home in homes
    )


def _of_file(path: Path, base: Path | None, *, named: bool) -> Job:
    holder = path.parent
    root = _root_of(holder)
    if path.name == FILE:
        return Job("settings", path, holder, base)
    if path.suffix == ".j2":
        return _of_template(path, root, base)
    if _are_laws(holder) and path.suffix in (".yaml", ".yml", ".json"):
        return Job("regulation", path, root, base)
    if _are_replies(holder) and path.suffix in (".yaml", ".yml"):
        return Job("replies", path, root, base)
    if path.name == CHANNELS and holder.name != "playbooks":
        return Job("channels", path, root, base)
    if path.suffix not in (".yaml", ".yml", ".json") and named:
        hint = "playbooks are .yaml files, message texts are .j2 files"
        raise CrisisError(f"{path}: not a file that can be linted", hint=hint)
    return Job("playbook", path, root, base)


@lru_cache(maxsize=256)
def _owner(root: Path | None, name: str) -> Path | None:
    return workspace_at(root).find("playbooks", f"{name}.yaml")


def _of_template(path: Path, root: Path | None, base: Path | None) -> Job:
    if path.parent.name == LAYOUTS:
        return Job("layout", path, root, base)
    owner = _owner(root, path.parent.name)
    if owner is None:
        return Job("stray", path, root, base)
    return Job("playbook", owner, root, base, frozenset([path]))


def _merged(found: Iterable[Job]) -> list[Job]:
    """Each file once; one that is wanted whole is not wanted in parts."""
    kept: dict[tuple[Kind, Path], Job] = {}
    for job in found:
        before = kept.setdefault((job.kind, job.path), job)
        if before is job or before.only is None:
            continue
        only = None if job.only is None else before.only | job.only
        kept[job.kind, job.path] = replace(before, only=only)
    return sorted(kept.values(), key=lambda job: (job.kind != "settings", str(job.path)))
