"""The commands that show where an incident stands, or stood, with their arguments.

Nothing heavy is imported here: a command brings what it needs when it runs.
"""

from __future__ import annotations

from crisisctl.cli.options import AsOf, Id, Incident, Json


def status(
    id: Id = None, incident: Incident = None, as_of: AsOf = None, json: Json = False
) -> None:
    """Where it stands: stage, step, clock, deadlines, facts."""
    from crisisctl.cli import during

    during.status(id or incident, json=json, as_of=as_of)


def timeline(
    id: Id = None, incident: Incident = None, as_of: AsOf = None, json: Json = False
) -> None:
    """Everything that happened, in order, with date and zone."""
    from crisisctl.cli import looking_back

    looking_back.timeline(id or incident, json=json, as_of=as_of)


def handover(id: Id = None, incident: Incident = None, json: Json = False) -> None:
    """Everything for whoever takes over now, on one screen.

    What is known, what is due, who holds which role, what was said last, what waits
    for somebody, and the next three steps.
    """
    from crisisctl.cli import taking_over

    taking_over.handover(id or incident, json=json)
