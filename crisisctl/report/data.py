"""Views as JSON: stable keys, ISO times with offset, durations in seconds."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisctl.deadlines.owed import Due
    from crisisctl.incident.fold import Incident, Known, Sent
    from crisisctl.report.heard import Heard
    from crisisctl.report.made_good import MadeGood
    from crisisctl.report.metrics import Metric
    from crisisctl.report.status import Status
    from crisisctl.report.timeline import Line
    from crisisctl.reviews.kpi import Row

Json = dict[str, Any]
SCHEMA = 1


class View:
    """Writes moments in the incident's own zone."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone

    def at(self, when: datetime | None) -> str | None:
        """A moment as ISO 8601 with its offset."""
        return when.astimezone(self.zone).isoformat(timespec="seconds") if when else None

    def due(self, due: Due) -> Json:
        """One deadline or promise."""
        return {
            "name": due.name or None,
            "title": due.title,
            "kind": due.kind,
            "state": due.state,
            "since": self.at(due.since),
            "due": self.at(due.due),
            "met_at": self.at(due.met_at),
            "met_by": due.message,
            "because": due.because or None,
        }

    def line(self, line: Line) -> Json:
        """One line of the timeline."""
        return {
            "seq": line.seq,
            "occurred_at": self.at(line.occurred_at),
            "recorded_at": self.at(line.recorded_at),
            "by": line.by,
            "kind": line.kind,
            "text": line.text,
            "corrected": self.correction(line),
        }

    def correction(self, line: Line) -> Json | None:
        """What a line said before it was put right; None for one that stands as recorded."""
        if line.correction is None:
            return None
        return {
            "text": line.corrected,
            "occurred_at": self.at(line.corrected_from),
            "withdrawn": line.withdrawn,
            "because": line.correction.event.because,
            "by": line.correction.by,
            "at": self.at(line.correction.at),
        }

    def sent(self, sent: Sent) -> Json:
        """One message that went out."""
        return {
            "message": sent.event.message,
            "to": sent.event.to,
            "at": self.at(sent.at),
            "by": sent.by,
            "next_update": self.at(sent.event.next_update),
            "uses": list(sent.event.uses),
            "texts": [
                {"channel": t.channel, "locale": t.locale, "sha256": t.sha256, "file": t.file}
                for t in sent.event.texts
            ],
        }

    def fact(self, known: Known) -> Json:
        """What is known of a fact."""
        return {
            "value": known.value,
            "status": known.status,
            "source": known.source or None,
            "at": self.at(known.at),
            "by": known.by,
        }

    def head(self, incident: Incident) -> Json:
        """What every view of an incident begins with."""
        return {
            "schema": SCHEMA,
            "incident": incident.id,
            "title": incident.title,
            "drill": incident.drill,
            "status": incident.status,
            "severity": incident.severity,
            "playbooks": list(incident.plans),
            "restricted": incident.circle is not None,
        }

    def milestones(self, incident: Incident) -> Json:
        """The times that the metrics are made of."""
        return {name: self.at(at) for name, at in incident.milestones.items()}

    def waiting(self, incident: Incident) -> Json | None:
        """How many complaints wait for an answer; None where no reviews were read."""
        if not incident.imports:
            return None
        last = incident.imports[-1][1]
        return {
            "verdict": last.verdict,
            "since": self.at(last.since),
            "complaints": last.complaints,
            "seen_to": len(incident.answered),
            "waiting": incident.waiting,
        }

    def status(self, status: Status) -> Json:
        """Where an incident stands."""
        incident, where = status.incident, status.where
        return {
            **self.head(incident),
            "declared_at": self.at(incident.declared_at),
            "elapsed_seconds": seconds(status.elapsed),
            "stage": where.stage if where else None,
            "stage_number": where.stage_number if where else None,
            "stages": where.stages if where else None,
            "step": where.step or None if where else None,
            "step_title": where.title if where else None,
            "step_number": where.number if where else None,
            "steps": where.of if where else None,
            "step_done": where.done if where else None,
            "next_deadline": self.due(status.next_deadline) if status.next_deadline else None,
            "open_deadlines": [self.due(due) for due in status.open_deadlines],
            "milestones": self.milestones(incident),
            "roles": incident.roles,
            "facts": {name: self.fact(known) for name, known in incident.facts.items()},
            "reviews": self.waiting(incident),
            "frozen": incident.frozen,
            "next_command": status.next_command or None,
        }

    def made_good(self, found: MadeGood) -> Json:
        """How customers were compensated; sums are text, so that no cent is lost."""
        return {
            "currency": found.currency,
            "plans": [
                {
                    "plan": made.event.plan,
                    "at": self.at(made.at),
                    "by": made.by,
                    "customers": made.event.customers,
                    "expected": str(made.event.expected),
                    "changes": list(made.event.changes),
                    "because": made.event.because or None,
                    "approved_by": [s.by for s in made.signed if s.event.bound == made.bound],
                    "handed_out_at": self.at(made.out.at) if made.out else None,
                }
                for made in found.plans
            ],
            "handed_out": [
                {
                    "part": part.line.part,
                    "id": part.line.id,
                    "title": part.line.title,
                    "currency": part.line.currency,
                    "customers": part.line.customers,
                    "face": str(part.line.face),
                    "expected": str(part.line.expected),
                    "book": part.line.book,
                    "used": part.used,
                    "given": str(part.given),
                }
                for part in found.parts
            ],
            "left_to_a_person": [
                {
                    "plan": left.plan,
                    "of": left.of,
                    "many": left.many,
                    "settled": left.settled,
                    "open": left.open,
                    "paid": {code: str(sum_) for code, sum_ in left.paid.items()},
                }
                for left in found.left
            ],
            "expected": str(found.expected),
            "so_far": str(found.so_far),
            "codes_read_at": self.at(found.read_at) if found.read_at else None,
        }

    def heard(self, heard: Heard) -> Json:
        """Reviews: the verdict, how each was answered, the figures."""
        last = heard.last
        return {
            "verdict": last.verdict,
            "since": self.at(last.since),
            "words": last.words or None,
            "complaints": last.complaints,
            "topics": last.topics,
            "days": {day: {"all": n, "negative": bad} for day, (n, bad) in last.days.items()},
            "status": heard.counted,
            "answered_within": dict(heard.waits),
            "median_wait_seconds": seconds(heard.median),
            "not_read_by_a_person": heard.unread,
            "strategies": [
                {
                    "topic": topic,
                    "strategy": chosen.event.strategy,
                    "proposed": chosen.event.proposed or None,
                    "because": chosen.event.because or None,
                    "by": chosen.by,
                }
                for topic, chosen in heard.strategies
            ],
            "left": [
                {"review": one.review, "status": one.status, "because": one.because, "by": one.by}
                for one in heard.left
            ],
            "kpis": self.kpis(heard.kpis),
        }

    def kpis(self, rows: Sequence[Row]) -> list[Json]:
        """The table of figures."""
        return [
            {
                "kpi": row.kpi.name,
                "title": row.kpi.title,
                "unit": row.kpi.unit or None,
                "better": row.kpi.better,
                "target": row.target,
                "before": row.before,
                "now": row.now,
                "trend": row.trend,
                "met": row.met,
                "measured_by": row.kpi.measure,
                "when_worse": row.kpi.worse,
                "history": [{"at": self.at(at), "value": value} for at, value in row.history],
            }
            for row in rows
        ]


def metric(metric: Metric) -> Json:
    """A metric with its definition."""
    return {"seconds": seconds(metric.span), "from": metric.from_, "to": metric.to}


def seconds(span: timedelta | None) -> int | None:
    """A span in whole seconds."""
    return round(span.total_seconds()) if span is not None else None
