"""Finding the law's clocks: the files in `playbooks/regulations/`, read and checked."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from crisisctl.errors import CrisisError
from crisisctl.playbook.regulation import Regulation
from crisisctl.workspace import Workspace

FOLDER = "regulations"


def load_regulations(workspace: Workspace) -> tuple[Regulation, ...]:
    """Every regulation, by name; a workspace's own file goes before the shipped one."""
    found: dict[str, Path] = {}
    for folder in reversed(workspace.folders("playbooks")):
        for path in sorted((folder / FOLDER).glob("*.yaml")):
            found[path.stem] = path
    return tuple(_read(path, path.stat().st_mtime_ns) for _, path in sorted(found.items()))


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int) -> Regulation:
    from crisisctl.playbook.load import BadFile, validated
    from crisisctl.playbook.reader import read_file

    document = read_file(path)
    found, problems = validated(Regulation, document.value, document)
    if found is None or document.problems:
        raise BadFile(str(path), document.problems or problems)
    if found.regulation != path.stem:
        raise CrisisError(f"{path}: it is called {found.regulation}, its file {path.stem}")
    for name, clock in found.clocks.items():
        if clock.within.business_days is not None and not clock.within.holidays:
            raise CrisisError(f'{path}: clock "{name}" counts working days: name their `holidays`')
        if clock.after and (clock.after == name or clock.after not in found.clocks):
            raise CrisisError(f'{path}: clock "{name}" runs after "{clock.after}", which is none')
    return found
