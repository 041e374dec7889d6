"""The files around playbooks: texts that belong to nothing, channels, layouts, crisisctl.yaml."""

from crisisctl.lint.rules.setup import (
    approvals,
    channels,
    delivery,
    layouts,
    limits,
    texts,
    workspace,
)

__all__ = ["approvals", "channels", "delivery", "layouts", "limits", "texts", "workspace"]
