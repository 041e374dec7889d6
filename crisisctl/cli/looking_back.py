"""The timeline: everything that happened, or what was known of it at a moment."""

from __future__ import annotations

from crisisctl.cli.desk import desk, zone
from crisisctl.cli.printing import print_json
from crisisctl.incident.store import as_known, entries
from crisisctl.report import timeline as timeline_of
from crisisctl.report.data import View
from crisisctl.text import moment


def timeline(id: str | None, *, json: bool, as_of: str | None = None) -> None:
    """Everything that happened, in order; only what was recorded by then."""
    at = desk()
    journal, incident = at.open(id)
    happened, where, then = entries(journal, incident.id), zone(incident), None
    if as_of:
        then = at.then(incident, as_of)
        incident, happened = as_known(incident.id, happened, then)
    lines = timeline_of.timeline(incident, happened, where)
    if json:
        view = View(where)
        data = {"timeline": [view.line(line) for line in lines]}
        asked = {"as_of": view.at(then)} if then else {}
        print_json(at, {**view.head(incident), **data, **asked})
        return
    if then:
        at.out.block(f"As it was known at {moment(then, where)}:", "bold")
    for line in lines:
        at.out.table([[moment(line.occurred_at, where), timeline_of.in_full(line, where)]])
