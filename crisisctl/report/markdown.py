"""The post-mortem in Markdown: a page that reads well printed, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from crisisctl.deadlines.notices import Notice
from crisisctl.deadlines.owed import Due
from crisisctl.report import clocks, made_good, reviews
from crisisctl.report.marks import plain, table
from crisisctl.report.post_mortem import LESSONS, PostMortem, Told
from crisisctl.report.timeline import value_in_words
from crisisctl.text import in_words, listed, moment


def markdown(report: PostMortem) -> str:
    """The whole report; without its words, only what is left makes a section."""
    if report.withheld:
        few = (_title, _summary, _metrics, _deadlines, _footer)
        return _joined(part(report) for part in few)
    parts = (
        _title(report),
        _summary(report),
        _impact(report),
        _metrics(report),
        _timeline(report),
        _decisions(report),
        _messages(report),
        _deadlines(report),
        _clocks(report),
        _reviews(report),
        _made_good(report),
        _causes(report),
        _lessons(report),
        _actions(report),
        _owed(report),
        _gaps(report),
        _facts(report),
        _footer(report),
    )
    return _joined(parts)


def _joined(parts: Iterable[Iterable[str]]) -> str:
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _title(report: PostMortem) -> Iterator[str]:
    incident = report.incident
    yield f"# Post-mortem: {plain(incident.title)}"
    yield ""
    if incident.drill:
        yield "**DRILL: nothing in this report happened to customers.**"
        yield ""
    if incident.circle is not None:
        circle = plain(", ".join(incident.circle))
        kept = "the words are left out" if report.withheld else "do not pass this on"
        yield f"**RESTRICTED to {circle}: {kept}.**"
        yield ""
    yield f"Incident `{incident.id}`, {incident.status}, written {_at(report, report.written_at)}."
    yield ""


def _summary(report: PostMortem) -> Iterator[str]:
    incident = report.incident
    yield "## Summary"
    yield ""
    yield from _in_short(report)
    if incident.plans:
        yield f"- Playbook: {plain(listed(plan.title for plan in incident.plans.values()))}"
    yield f"- Severity: {incident.severity or 'never judged'}"
    for milestone, at in sorted(incident.milestones.items(), key=lambda row: row[1]):
        yield f"- {milestone.replace('-', ' ').capitalize()}: {_at(report, at)}"
    for role, person in incident.roles.items():
        yield f"- {plain(role.replace('-', ' ').capitalize())}: {plain(person)}"
    yield ""


def _in_short(report: PostMortem) -> Iterator[str]:
    """What a reader asks first: for how long, and how soon we noticed and told people."""
    spans = {m.name: in_words(m.span) for m in report.metrics if m.span is not None}
    told = {
        "time_to_mitigate": "Customers were affected for {}.",
        "time_to_detect": "It was noticed after {}.",
        "time_to_first_message": "They were told after {}.",
    }
    sentences = [words.format(spans[name]) for name, words in told.items() if name in spans]
    if sentences:
        yield " ".join(sentences)
        yield ""


def _impact(report: PostMortem) -> Iterator[str]:
    yield "## Impact"
    yield ""
    for line in report.impact:
        yield f"- {plain(line.question)} {plain(line.words)}{_status(line.known.status)}"
    for at, severity, because in report.incident.severities:
        yield f"- {_at(report, at)}: severity {severity} ({plain(because)})"
    if not report.impact and not report.incident.severities:
        yield "No impact was recorded."
    yield ""


def _metrics(report: PostMortem) -> Iterator[str]:
    yield "## Metrics"
    yield ""
    rows = [
        (m.title, in_words(m.span) if m.span is not None else "-", f"{m.to} minus {m.from_}")
        for m in report.metrics
    ]
    silence = report.longest_silence
    rows.append(
        (
            "Longest silence",
            in_words(silence) if silence is not None else "-",
            "the longest time between two messages to customers until resolved",
        )
    )
    yield from table(("Metric", "Value", "Definition"), rows)
    yield ""


def _timeline(report: PostMortem) -> Iterator[str]:
    yield "## Timeline"
    yield ""
    rows = [
        (moment(line.occurred_at, report.zone), line.text, line.by)
        for line in report.timeline
        if not line.routine
    ]
    yield from table(("When", "What", "Recorded by"), rows)
    yield ""


def _decisions(report: PostMortem) -> Iterator[str]:
    yield "## Decisions"
    yield ""
    for taken in report.decisions:
        plan = report.incident.plans.get(taken.playbook)
        step = plan.step(taken.step) if plan else None
        option = step.decide.options.get(taken.option) if step and step.decide else None
        yield f"### {plain(step.title if step else taken.step)}"
        yield ""
        yield f"- Chosen: {plain(option.title if option else taken.option)}"
        yield f"- Because: {plain(taken.because) or 'no reason was given'}"
        yield f"- By {plain(taken.by)}, {_at(report, taken.at)}"
        for later in report.decisions:
            if later.fact == taken.fact and later.at > taken.at:
                yield f"- **Replaced** {_at(report, later.at)}"
                break
        others = step.decide.options if step and step.decide else {}
        for key, other in others.items():
            if key != taken.option:
                against = f" (against: {other.against})" if other.against else ""
                yield f"- Not chosen: {plain(other.title + against)}"
        yield ""
    if not report.decisions:
        yield "No decision was recorded."
        yield ""


def _messages(report: PostMortem) -> Iterator[str]:
    yield "## Messages sent"
    yield ""
    if not report.sent:
        yield "No message was sent."
        yield ""
        return
    rows = [
        (
            moment(told.sent.at, report.zone),
            f"{'correction of ' * bool(told.sent.event.corrects)}{told.sent.event.message}",
            told.sent.event.to,
            listed(dict.fromkeys(text.channel for text in told.sent.event.texts)),
            ", ".join(dict.fromkeys(text.locale for text in told.sent.event.texts)),
            _approvers(told),
        )
        for told in report.sent
    ]
    heads = ("When", "Message", "To", "Channels", "Languages", "Approved by")
    yield from table(heads, rows)
    yield ""
    yield from _let_stand(report)


def _approvers(told: Told) -> str:
    if told.broken_glass:
        return "nobody: the glass was broken"
    before = [f"{who} (beforehand)" for who in told.beforehand]
    return listed([*told.approvers, *before]) or "-"


def _let_stand(report: PostMortem) -> Iterator[str]:
    """What went out although something or somebody spoke against it, and why."""
    lines: list[str] = []
    for told in report.sent:
        what = f"{told.sent.event.message}, {moment(told.sent.at, report.zone)}"
        lines += [
            f"- **Break-glass**: {plain(what)}, because {plain(because)}"
            for because in told.broken_glass
        ]
        lines += [
            f"- Let stand: {plain(one.rule)} in {plain(what)}, because {plain(one.because)}"
            for one in told.overruled
        ]
        if told.edited:
            texts = "text" if told.edited == 1 else "texts"
            lines.append(f"- Edited by hand: {told.edited} {texts} of {plain(what)}")
    if lines:
        yield from lines
        yield ""


def _deadlines(report: PostMortem) -> Iterator[str]:
    yield "## Deadlines and promises"
    yield ""
    ours = [due for due in report.deadlines if due.kind != "notice"]
    if not ours:
        yield "None came up."
        yield ""
        return
    met = sum(due.state == "met" for due in ours)
    yield f"{met} of {len(ours)} met."
    yield ""
    rows = [(moment(due.due, report.zone), due.title, _verdict(due)) for due in ours]
    yield from table(("Due", "What", "Outcome"), rows)
    yield ""


def _clocks(report: PostMortem) -> Iterator[str]:
    if not (report.clocks or report.uncovered or report.breach_severity):
        return
    yield "## Regulators' clocks"
    yield ""
    yield clocks.ADVICE
    yield ""
    if report.breach_severity is not None:
        yield f"Severity by ENISA's method: {report.breach_severity}"
        yield ""
    timed = [left for notice in report.clocks if (left := clocks.spare(notice)) is not None]
    if timed:
        met = sum(left >= timedelta() for left in timed)
        yield f"{met} of {len(timed)} notices with a time went out within it."
        yield ""
    yield from notices_table(report.clocks, report.zone, report.written_at)
    for country in report.uncovered:
        yield f"- {plain(country)}: no regulation on file; whom to tell was not worked out here"
    if report.uncovered:
        yield ""


def _made_good(report: PostMortem) -> Iterator[str]:
    if report.made_good is not None:
        yield from made_good.section(report.made_good, report.zone)


def _reviews(report: PostMortem) -> Iterator[str]:
    if report.heard is not None:
        yield from reviews.section(report.heard, report.zone)


def notices_table(every: Sequence[Notice], zone: tzinfo, now: datetime) -> Iterator[str]:
    """The clocks with what came of each."""
    if not every:
        yield "No clock ran."
        yield ""
        return
    rows = [
        (
            notice.id,
            notice.running.clock.who,
            moment(notice.running.since, zone) if notice.running.since else "-",
            moment(notice.running.due, zone) if notice.running.due else "-",
            clocks.outcome(notice, zone, now),
        )
        for notice in every
    ]
    yield from table(("Clock", "Who", "Since", "Due", "Outcome"), rows)
    yield ""
    unsure = {n.running.regulation.regulation: n.running.regulation.confidence for n in every}
    for name, confidence in unsure.items():
        if confidence in clocks.UNVERIFIED:
            yield f"- {plain(name)}: {clocks.UNVERIFIED[confidence]}; have it checked"
    if any(confidence in clocks.UNVERIFIED for confidence in unsure.values()):
        yield ""


def _verdict(due: Due) -> str:
    if due.met_at is not None and due.state == "missed":
        return f"missed by {in_words(due.met_at - due.due)}"
    if due.state == "met" and due.met_at is not None:
        return f"met, {in_words(due.due - due.met_at)} to spare"
    return f"{due.state}: {due.because}" if due.because else due.state


def _causes(report: PostMortem) -> Iterator[str]:
    yield "## Contributing causes"
    yield ""
    cause = report.incident.known("cause")
    spec = report.incident.spec("cause")
    if cause is not None and spec is not None:
        words = value_in_words(spec, cause.value, report.zone)
        yield f"- {plain(words)} ({cause.status})"
    for text in report.causes:
        yield f"- {plain(text)}"
    if not report.causes and cause is None:
        yield "Not recorded yet."
    yield ""


def _lessons(report: PostMortem) -> Iterator[str]:
    yield "## Lessons"
    yield ""
    for name, texts in report.lessons.items():
        yield f"### {LESSONS[name]}"
        yield ""
        yield from (f"- {plain(text)}" for text in texts or ["Nothing recorded."])
        yield ""


def _actions(report: PostMortem) -> Iterator[str]:
    yield "## Action items"
    yield ""
    if not report.actions:
        yield "None yet: add one with `crisisctl action add`."
        yield ""
        return
    rows = [
        (str(a.number), a.title, a.owner or "nobody", a.due or "-", a.outcome or "open")
        for a in report.actions
    ]
    yield from table(("No.", "What", "Owner", "Due", "Outcome"), rows)
    yield ""


def _owed(report: PostMortem) -> Iterator[str]:
    yield "## Open promises"
    yield ""
    for due in report.open_promises:
        yield f"- {plain(due.title)}: {due.state}, {_at(report, due.due)}"
    if not report.open_promises:
        yield "Nothing is owed."
    yield ""


def _gaps(report: PostMortem) -> Iterator[str]:
    if not report.skipped and not report.open_items:
        return
    yield "## Left out"
    yield ""
    for step in report.skipped:
        yield f"- Skipped: {plain(step.title)}, because {plain(step.because)}"
    for item in report.open_items:
        yield f"- Not ticked: {plain(item)}"
    yield ""


def _facts(report: PostMortem) -> Iterator[str]:
    yield "## Facts"
    yield ""
    rows = [
        (line.name, line.words, line.known.status, moment(line.known.at, report.zone))
        for line in report.facts
    ]
    yield from table(("Fact", "Value", "Status", "As of"), rows)
    yield ""


def _footer(report: PostMortem) -> Iterator[str]:
    yield (
        f"Written from {report.incident.seq} events. "
        f"Last event's hash: `{report.head}`; `crisisctl verify {report.incident.id}` checks it."
    )


def _at(report: PostMortem, at: datetime) -> str:
    return moment(at, report.zone)


def _status(status: str) -> str:
    return "" if status == "confirmed" else f" ({status})"
