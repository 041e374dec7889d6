"""The post-mortem as JSON: what its sections show, with the same names in every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crisisctl.report import clocks
from crisisctl.report.data import Json, View, metric, seconds
from crisisctl.report.follow_up import as_json, items
from crisisctl.report.history import Version, by_severity
from crisisctl.report.impact import Stakes
from crisisctl.report.post_mortem import PostMortem, Told


def looked_back(view: View, report: PostMortem) -> Json:
    """The whole post-mortem."""
    incident, at = report.incident, view.at
    return {
        **view.head(incident),
        "written_at": at(report.written_at),
        "events": incident.seq,
        "head": report.head,
        "post_mortem": incident.reviewed[-1].status if incident.reviewed else "draft",
        "reviewed": [
            {
                "status": each.status,
                "at": at(each.at),
                "by": each.by,
                "because": each.because or None,
            }
            for each in incident.reviewed
        ],
        "milestones": view.milestones(incident),
        "metrics": {m.name: metric(m) for m in report.metrics},
        "longest_silence": {
            "seconds": seconds(report.longest_silence),
            "definition": "between two messages to customers until resolved",
        },
        "impact": [{"question": line.question, "answer": line.words} for line in report.impact],
        "stakes": _stakes(report.stakes),
        "severities": [
            {"at": at(moment), "severity": severity, "because": because or None}
            for moment, severity, because in incident.severities
        ],
        "severity_seconds": {
            severity: seconds(span) for severity, span in by_severity(report.spells)
        },
        "roles": incident.roles,
        "roles_held": [
            {
                "role": held.role,
                "person": held.person,
                "since": at(held.since),
                "until": at(held.until),
            }
            for held in report.held
        ],
        "timeline": [view.line(line) for line in report.timeline],
        "decisions": [
            {
                "step": d.step,
                "fact": d.fact,
                "choose": d.option,
                "because": d.because,
                "at": at(d.at),
                "by": d.by,
            }
            for d in report.decisions
        ],
        "messages": [_told(view, told) for told in report.sent],
        "deadlines": [view.due(due) for due in report.deadlines],
        "clocks": [clocks.notice(view, notice) for notice in report.clocks],
        "uncovered": report.uncovered,
        "breach_severity": clocks.severity(report.breach_severity),
        "reviews": view.heard(report.heard) if report.heard else None,
        "compensation": view.made_good(report.made_good) if report.made_good else None,
        "open_promises": [view.due(due) for due in report.open_promises],
        "causes": report.causes,
        "contributing_factors": [
            {"text": each.event.text, "cause": each.event.cause or None, "whys": each.event.whys}
            for each in ([] if report.withheld else incident.causes)
        ],
        "lessons": report.lessons,
        "actions": [
            as_json(item)
            for item in (items(incident, report.written_at.date()) if report.actions else ())
        ],
        "playbook_notes": report.notes,
        "skipped": [{"step": s.title, "because": s.because} for s in report.skipped],
        "not_ticked": report.open_items,
        "facts": {line.name: view.fact(line.known) for line in report.facts},
        "facts_before": _before(view, report.versions),
    }


def _stakes(found: Stakes) -> Json:
    return {
        "customers": found.customers,
        "support_contacts": found.support,
        "orders_at_risk": found.orders_at_risk,
        "money_at_risk": str(found.at_risk) if found.at_risk is not None else None,
        "currency": found.currency or None,
        "customers_knew_first": found.customers_first,
    }


def _told(view: View, told: Told) -> Json:
    """A message that went out, with who let it out, and its exact words."""
    sent = view.sent(told.sent)
    words = {text.sha256: text for text in told.texts}
    for text in sent["texts"]:
        exact = words.get(text["sha256"])
        text["heading"] = exact.heading or None if exact else None
        text["body"] = exact.body if exact else None
    return {
        **sent,
        "since_previous_seconds": seconds(told.waited),
        "approved_by": told.approvers,
        "approved_beforehand_by": told.beforehand,
        "broken_glass": told.broken_glass,
        "overruled": [
            {"rule": one.rule, "because": one.because, "words": one.words or None}
            for one in told.overruled
        ],
        "edited": told.edited,
        "corrects": told.sent.event.corrects or None,
    }


def _before(view: View, versions: Mapping[str, Sequence[Version]]) -> Json:
    """What was recorded of each fact that changed, the oldest first."""
    return {
        name: [
            {
                "value": each.value,
                "status": each.status,
                "source": each.source or None,
                "at": view.at(each.at),
                "by": each.by,
            }
            for each in found
        ]
        for name, found in versions.items()
        if len(found) > 1
    }
