"""The files around playbooks: texts that belong to nothing, channels, layouts, crisisctl.yaml."""

from crisisctl.lint.rules.setup import channels, layouts, limits, texts, workspace

__all__ = ["channels", "layouts", "limits", "texts", "workspace"]
