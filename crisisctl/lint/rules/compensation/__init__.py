"""What a compensation policy owes to customers, and to whoever pays for it."""

from crisisctl.lint.rules.compensation import bill, fair, told

__all__ = ["bill", "fair", "told"]
