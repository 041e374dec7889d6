"""How the files that people write are formed: one base for all models, and forms of words.

A trailing underscore keeps a field clear of a Python keyword: `from_` is `from` in YAML.
"""

from __future__ import annotations

from typing import Annotated

import msgspec


def written(pattern: str) -> msgspec.Meta:
    """How such a text is written, for editors; what is wrong is told by `playbook.check`."""
    return msgspec.Meta(extra_json_schema={"pattern": pattern})


Id = Annotated[str, written(r"^[a-z][a-z0-9-]{0,59}$")]
FactName = Annotated[str, written(r"^[a-z][a-z0-9_]{0,59}$")]
Length = Annotated[
    str, written(r"^\s*([Pp][0-9A-Za-z.]+|([0-9]+(\.[0-9]+)?\s*[WwDdHhMmSs][A-Za-z]*\s*)+)$")
]
"""A duration: 90m, 1h30m, 2 h, 3d, PT1H30M."""
Day = Annotated[str, written(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


Sum = Annotated[str, written(r"[0-9]")]
"""A sum of money with its currency: 12.50 EUR."""


def yaml_name(field: str) -> str:
    """The key in a file for a field of a model."""
    return field.rstrip("_")


class Model(
    msgspec.Struct, frozen=True, kw_only=True, rename=yaml_name, forbid_unknown_fields=True
):
    """What a person writes in a file: frozen, every field named, nothing else in it."""
