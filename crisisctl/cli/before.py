"""Before a crisis: the playbooks, and what is in them."""

from __future__ import annotations

from crisisctl.cli.desk import desk
from crisisctl.cli.printing import print_json
from crisisctl.errors import CrisisError
from crisisctl.playbook.load import load
from crisisctl.report import plan as plan_view
from crisisctl.text import listed, safe
from crisisctl.workspace import locales_of, playbook_file, playbook_names

FORMATS = ("text", "md", "json")


def playbooks(*, json: bool) -> None:
    """The playbooks that can be started."""
    at = desk()
    rows, broken = [], []
    for name in playbook_names(at.workspace):
        try:
            plan = load(playbook_file(at.workspace, name)).plan
        except CrisisError as error:
            broken.append(error.message)
            continue
        rows.append(plan)
    if json:
        found = [
            {"playbook": p.playbook, "title": p.title, "summary": p.summary, "owner": p.owner}
            for p in rows
        ]
        print_json(at, {"playbooks": found, "broken": broken})
        return
    at.out.table(([p.playbook, p.title, p.summary] for p in rows), ["playbook", "title", "summary"])
    for wrong in broken:
        for line in wrong.split("\n"):
            at.talk.line(line, "bad")


def show(name: str, *, format: str) -> None:
    """A playbook from end to end."""
    if format not in FORMATS:
        raise CrisisError(
            f'there is no format "{format}"', hint=f"formats: {listed(FORMATS, 'or')}"
        )
    at = desk()
    plan = load(playbook_file(at.workspace, name)).plan
    if format == "md":
        at.out.stream.write(safe(plan_view.markdown(plan), lines=True))
    elif format == "json":
        written = {message: locales_of(at.workspace, name, message) for message in plan.messages()}
        print_json(at, plan_view.model(plan, written))
    else:
        for line in plan_view.outline(plan):
            at.out.block(line.text, line.style, line.indent)
