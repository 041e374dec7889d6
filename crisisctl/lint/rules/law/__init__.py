"""What law and fairness forbid."""

from crisisctl.lint.rules.law import breach, data, reviews

__all__ = ["breach", "data", "reviews"]
