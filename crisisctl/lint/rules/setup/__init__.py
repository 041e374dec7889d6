"""The files around playbooks: stray texts, channels, laws, answers, crisisctl.yaml."""

from crisisctl.lint.rules.setup import (
    approvals,
    channels,
    delivery,
    layouts,
    limits,
    regulations,
    replies,
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
    "replies",
    "texts",
    "workspace",
]
