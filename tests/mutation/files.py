"""The shipped files as a workspace of their own."""

from __future__ import annotations

import re
from functools import cache

from crisisctl.workspace import shipped
from mutation.mutant import Files

OTHER = "-twin"
"""What the playbooks are called here besides: a file that is missing in a workspace would
be found among the shipped ones, if it had the same name there."""


@cache
def originals() -> Files:
    """The shipped files as a workspace, by their path in it."""
    found: dict[str, str] = {}
    for file in sorted(shipped("playbooks").glob("*.yaml")):
        name = re.compile(rf"^playbook: {file.stem}$", re.MULTILINE)
        text = file.read_text(encoding="utf-8")
        assert name.search(text), file
        renamed = name.sub(f"playbook: {file.stem}{OTHER}", text)
        found[f"playbooks/{file.stem}{OTHER}.yaml"] = renamed
        for message in sorted((shipped("templates") / file.stem).glob("*.j2")):
            where = f"templates/{file.stem}{OTHER}/{message.name}"
            found[where] = message.read_text(encoding="utf-8")
    for file in ("channels.yaml", *_layouts()):
        found[f"templates/{file}"] = (shipped("templates") / file).read_text(encoding="utf-8")
    return found


def _layouts() -> list[str]:
    return [f"layouts/{file.name}" for file in sorted(shipped("templates").glob("layouts/*.j2"))]
