"""The post-mortem as data: everything the record knows, nothing it does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

from crisisctl.deadlines.enisa import Score
from crisisctl.deadlines.notices import Notice, notices, severity, uncovered
from crisisctl.deadlines.owed import Due, deadlines
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Decision, Incident, Known, Sent
from crisisctl.incident.lessons import Action
from crisisctl.incident.outgoing import Approval
from crisisctl.playbook.model import Fact
from crisisctl.report.heard import Heard, heard
from crisisctl.report.history import Held, Spell, Version, roles_held, spells, versions
from crisisctl.report.impact import Stakes, stakes
from crisisctl.report.made_good import MadeGood, made_good
from crisisctl.report.metrics import Metric, metrics
from crisisctl.report.timeline import Line, timeline, value_in_words
from crisisctl.report.words import Words

LESSONS = {
    "went_well": "What went well",
    "went_badly": "What went badly",
    "got_lucky": "Where we were lucky",
}
"""Facts, and note topics, that are the lessons."""
CAUSES = "contributing"
PLAYBOOK = "playbook"
"""The topic of notes on the playbook itself."""


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact in words."""

    name: str
    question: str
    words: str
    known: Known


@dataclass(frozen=True, slots=True)
class SkippedStep:
    """A step that was passed over, and why."""

    title: str
    because: str


@dataclass(frozen=True, slots=True)
class Told:
    """A message that went out, and who let it out."""

    sent: Sent
    approvers: list[str]
    broken_glass: list[str]
    """Why it went out without the approvals asked for."""
    beforehand: list[str]
    """Who had approved its templates before the crisis."""
    overruled: list[ev.Overruled]
    edited: int
    """Texts that a person changed by hand."""
    waited: timedelta | None = None
    """Time since the message before it to the same audience."""
    texts: tuple[ev.DraftedText, ...] = ()
    """The exact words, where the record has them."""


@dataclass(frozen=True, slots=True)
class PostMortem:
    """The report before it is written in any format."""

    incident: Incident
    zone: tzinfo
    written_at: datetime
    head: str
    """The hash of the last event: what a later check of the journal must show."""
    metrics: list[Metric]
    impact: list[FactLine]
    facts: list[FactLine]
    stakes: Stakes
    spells: list[Spell]
    """The severities, from when to when."""
    held: list[Held]
    """Who held which role when."""
    versions: dict[str, list[Version]]
    """Everything that was ever recorded of each fact."""
    causes: list[str]
    """What answers and notes say of causes; `incident.causes` has those of the review."""
    decisions: list[Decision]
    sent: list[Told]
    longest_silence: timedelta | None
    """The longest time customers waited between two messages before it was resolved."""
    deadlines: list[Due]
    clocks: list[Notice]
    uncovered: list[str]
    """Countries for which no regulation is on file."""
    breach_severity: Score | None
    made_good: MadeGood | None
    """How customers were compensated."""
    heard: Heard | None
    """What customers wrote in reviews, and how it was answered."""
    lessons: dict[str, list[str]]
    notes: list[str]
    """What the playbook should say next time."""
    actions: list[Action]
    skipped: list[SkippedStep]
    open_items: list[str]
    timeline: list[Line]
    withheld: bool = False
    """Whether the words of a restricted incident were left out."""

    @property
    def open_promises(self) -> list[Due]:
        """What is still owed."""
        return [due for due in self.deadlines if due.open and due.kind != "review"]


def post_mortem(
    incident: Incident,
    entries: Sequence[ev.Entry],
    *,
    head: str,
    zone: tzinfo,
    now: datetime,
    words: Words | None = None,
    asked: bool = False,
) -> PostMortem:
    """Gather the report from the record as it stands at `now`.

    With `asked` its timeline puts facts behind their questions, for people who read it.
    """
    impact = {name for plan in incident.plans.values() for name in plan.impact}
    lines = facts_in_words(incident, zone, words)
    return PostMortem(
        incident=incident,
        zone=zone,
        written_at=now,
        head=head,
        metrics=metrics(incident),
        impact=[line for line in lines if line.name in impact],
        facts=[line for line in lines if line.name not in impact and not _is_lesson(line.name)],
        stakes=stakes(incident),
        spells=spells(incident, now),
        held=roles_held(entries),
        versions=versions(entries),
        causes=_topic(incident, lines, CAUSES),
        decisions=incident.decisions,
        sent=list(_told(incident)),
        longest_silence=_longest_silence(incident),
        deadlines=deadlines(incident, now=now),
        clocks=notices(incident, now=now),
        uncovered=uncovered(incident),
        breach_severity=severity(incident, now=now),
        made_good=made_good(incident),
        heard=heard(incident),
        lessons={name: _topic(incident, lines, name) for name in LESSONS},
        notes=_topic(incident, lines, PLAYBOOK),
        actions=list(incident.actions.values()),
        skipped=_skipped(incident),
        open_items=[item for state in incident.steps.values() for item in state.open_items],
        timeline=timeline(incident, entries, zone, words, asked=asked),
    )


def facts_in_words(incident: Incident, zone: tzinfo, say: Words | None = None) -> list[FactLine]:
    """Every recorded fact that a plan explains."""
    found = []
    for name, known in incident.facts.items():
        spec = incident.spec(name)
        if spec is not None:
            words = value_in_words(spec, known.value, zone, say)
            found.append(FactLine(name, _question(name, spec), words, known))
    return found


def _question(name: str, spec: Fact) -> str:
    return spec.ask or name.replace("_", " ")


def _is_lesson(name: str) -> bool:
    return name in LESSONS or name == CAUSES


def _topic(incident: Incident, lines: list[FactLine], name: str) -> list[str]:
    """What was answered for a lesson, and every note on it."""
    answered = [line.words for line in lines if line.name == name and _stands(line.known)]
    noted = [n.text for n in incident.notes if n.topic.replace("-", "_") == name]
    return answered + noted


def _stands(known: Known) -> bool:
    return known.status != "retracted"


def _told(incident: Incident) -> Iterator[Told]:
    """Every message in the order in which they went out, with who let it out."""
    words = {text.sha256: text for draft in incident.drafts for text in draft.event.texts}
    given: dict[str, list[Approval]] = {}
    for approval in incident.approvals:
        for text in approval.event.texts:
            given.setdefault(text.sha256, []).append(approval)
    last: dict[str, datetime] = {}
    for sent in sorted(incident.sent, key=lambda sent: sent.at):
        before = last.get(sent.event.to)
        last[sent.event.to] = sent.at
        hashes = dict.fromkeys(text.sha256 for text in sent.event.texts)
        found = {a.seq: a for sha in hashes for a in given.get(sha, ()) if a.seq <= sent.seq}
        mine = [found[seq] for seq in sorted(found)]
        own = [a for a in mine if not a.event.break_glass and not a.event.beforehand]
        yield Told(
            sent=sent,
            approvers=list(dict.fromkeys(approval.by for approval in own)),
            broken_glass=[a.event.because for a in mine if a.event.break_glass],
            beforehand=list(dict.fromkeys(filter(None, (a.event.beforehand for a in mine)))),
            overruled=[one for approval in mine for one in approval.event.overruled],
            edited=sum(words[sha].edited for sha in hashes if sha in words),
            waited=sent.at - before if before is not None else None,
            texts=tuple(words[sha] for sha in hashes if sha in words),
        )


def _longest_silence(incident: Incident) -> timedelta | None:
    end = incident.milestones.get("resolved")
    said = sorted(s.at for s in incident.sent if s.event.to == "customers")
    times = [at for at in said if end is None or at <= end]
    if end is not None and times:
        times.append(end)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    return max(gaps, default=None)


def _skipped(incident: Incident) -> list[SkippedStep]:
    found = []
    for (playbook, id), state in incident.steps.items():
        if state.status == "skipped":
            plan = incident.plans.get(playbook)
            step = plan.step(id) if plan else None
            found.append(SkippedStep(step.title if step else id, state.because))
    return found
