"""By when a post-mortem must be reviewed, as a workspace sets it in `crisisctl.yaml`."""

from __future__ import annotations

from crisisctl.playbook.form import Model
from crisisctl.playbook.model import Severity
from crisisctl.playbook.regulation import Within


class PostMortemSettings(Model, frozen=True, kw_only=True):
    """How this team looks back."""

    within: dict[Severity, Within] = {}
    """How soon after it was resolved the post-mortem is reviewed, by the worst severity.

    What is left out stays as it is shipped; `{}` sets no day.
    """
