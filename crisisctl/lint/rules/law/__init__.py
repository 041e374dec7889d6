"""What law and fairness forbid."""

from crisisctl.lint.rules.law import advertising, breach, data, reviews

__all__ = ["advertising", "breach", "data", "reviews"]
