"""Whether the plan makes sense."""

from crisisctl.lint.rules.logic import (
    audiences,
    conditions,
    deadlines,
    decisions,
    stages,
    steps,
)

__all__ = ["audiences", "conditions", "deadlines", "decisions", "stages", "steps"]
