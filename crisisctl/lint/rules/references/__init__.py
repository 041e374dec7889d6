"""What refers to what, in a playbook and beyond it."""

from crisisctl.lint.rules.references import beyond, checking, policy, unused

__all__ = ["beyond", "checking", "policy", "unused"]
