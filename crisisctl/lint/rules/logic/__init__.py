"""Whether the plan makes sense."""

from crisisctl.lint.rules.logic import conditions, deadlines, decisions, stages, steps

__all__ = ["conditions", "deadlines", "decisions", "stages", "steps"]
