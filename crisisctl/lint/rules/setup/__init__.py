"""The files around playbooks: texts that belong to nothing, channels, laws, crisisctl.yaml."""

from crisisctl.lint.rules.setup import (
    approvals,
    channels,
    delivery,
    layouts,
    limits,
    regulations,
    texts,
    workspace,
)

__all__ = [
    "approvals",
    "channels",
    "delivery",
    "layouts",
    "limits",
    "regulations",
    "texts",
    "workspace",
]
