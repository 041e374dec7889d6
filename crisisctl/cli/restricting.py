"""The command that keeps an incident to a small circle, and lets everybody in again."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from crisisctl.cli.options import At, Circle, Id, Incident


def restrict(
    id: Id = None,
    incident: Incident = None,
    to: Circle = None,
    because: Annotated[str, Option("--because", metavar="WORDS", help="Why; it is required.")] = "",
    lift: Annotated[bool, Option("--lift", help="Let everybody read it again.")] = False,
    at: At = None,
) -> None:
    """Keep an incident's words to a few people, until it is public.

    Others see its id (which holds the playbook's name), severity, status, stage and
    times, so that nobody falls over a running crisis; what would show them words is
    refused, and says whom to ask. Reports leave the words out unless one of the circle
    asks for them: report --restricted. You are always in the circle. Who somebody is,
    CRISISCTL_OPERATOR or the login says.

    This keeps words off screens and out of reports that are passed on. It is no
    encryption: whoever can read the journal's file, or the texts in the outbox, can
    read all of it.

    \b
    Example:
      crisisctl restrict --to ana,li --because "Personal data, not public yet"
      crisisctl restrict --lift --because "Customers were told"
    """  # noqa: D301 - click ends its wrapping at a real \b
    from crisisctl.cli import secluding

    secluding.restrict(id or incident, to=to, because=because, lift=lift, at=at)
