"""A playbook to read: as an outline, as Markdown for paper, as a model for machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from msgspec.structs import asdict

from crisisctl.playbook.model import STAGES, Fact, Playbook, Send, Step
from crisisctl.playbook.policy import Policy
from crisisctl.report import policy
from crisisctl.report.data import Json
from crisisctl.report.marks import table
from crisisctl.text import listed


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """One paragraph of the outline."""

    text: str
    style: Literal["", "bold", "dim", "title"] = ""
    indent: str = ""


def outline(plan: Playbook) -> Iterator[OutlineLine]:
    """The playbook as a person reads it on a screen."""
    yield OutlineLine(f"{plan.title} ({plan.playbook})", "title")
    if plan.summary:
        yield OutlineLine(plan.summary)
    for number, stage in enumerate(STAGES, 1):
        yield OutlineLine("")
        yield OutlineLine(f"{number}. {stage}", "title")
        for count, step in enumerate(plan.stages.get(stage, ()), 1):
            yield OutlineLine(f"{number}.{count} {step.title}", "bold", "  ")
            for words in _about(plan, step):
                yield OutlineLine(words, "dim", "      ")
            for item in step.checklist:
                yield OutlineLine(f"- {item}", "", "      ")
    if plan.compensation is not None:
        yield from _policy(plan.compensation)


def _policy(found: Policy) -> Iterator[OutlineLine]:
    yield OutlineLine("")
    yield OutlineLine("Compensation policy", "title")
    for sentence in policy.bounds(found):
        yield OutlineLine(sentence, "", "  ")
    for part in policy.parts(found):
        yield OutlineLine(part.title, "bold", "  ")
        for text, indent in policy.lines(part):
            yield OutlineLine(text, "", f"      {indent}")


def markdown(plan: Playbook) -> str:
    """The playbook to print on paper: boxes to tick, lines to fill in."""
    return "\n".join(_markdown(plan)).rstrip() + "\n"


def model(plan: Playbook, written: Mapping[str, list[str]]) -> Json:
    """The playbook's model: everything a walk may ask, decide or send."""
    return {
        "playbook": plan.playbook,
        "title": plan.title,
        "summary": plan.summary,
        "owner": plan.owner,
        "reviewed": plan.reviewed,
        "roles": plan.roles,
        "facts": {name: _fact(fact) for name, fact in plan.facts.items()},
        "impact": {
            name: {
                "ask": impact.ask,
                "answers": {
                    key: {"title": answer.title, "severity": answer.severity}
                    for key, answer in impact.answers.items()
                },
                "example": impact.example or None,
            }
            for name, impact in plan.impact.items()
        },
        "deadlines": {
            name: {
                "title": rule.title,
                "from": rule.from_,
                "within": dict(rule.within),
                "until": rule.until,
                "met_by": rule.met_by,
            }
            for name, rule in plan.deadlines.items()
        },
        "approvals": {
            audience: {
                "approvers": rule.approvers,
                "roles": list(rule.roles),
                "other_than_author": rule.other_than_author,
            }
            for audience, rule in plan.approvals.items()
        },
        "regulators": _regulators(plan),
        "compensation": policy.model(plan.compensation),
        "close_needs": list(plan.close_needs),
        "public": public.message if (public := plan.public_report()) else None,
        "stages": {stage: [_step(step) for step in plan.stages.get(stage, ())] for stage in STAGES},
        "messages": {
            message: {"channels": _channels(plan, message), "locales": written.get(message, [])}
            for message in plan.messages()
        },
    }


_TRIAGE = {
    "import": "read the exports, look at the verdict and the table of problems",
    "strategy": "choose for each topic how it is answered",
    "answer": "answer one after the other",
}


_COMPENSATE = {
    "plan": "reckon from an export who gets what, look at the bill, have it approved",
    "issue": "hand out what was approved",
}


def _about(plan: Playbook, step: Step) -> Iterator[str]:
    if step.role:
        yield f"role: {step.role}"
    if step.when:
        yield f"when: {step.when}"
    if step.guide:
        yield step.guide.strip()
    for name in step.ask:
        spec = plan.spec(name)
        if spec is not None:
            yield f"asks {name}: {spec.ask}"
    yield from _acts(step)


def _acts(step: Step) -> Iterator[str]:
    if step.decide:
        for option in step.decide.options.values():
            yield f"option: {option.title} (for: {option.for_}; against: {option.against})"
    if step.send:
        channels = ", ".join(step.send.channels)
        yield f'sends "{step.send.message}" to {_readers(step.send)} on {channels}'
    if step.run:
        yield f"runs: {step.run.command}"
    if step.notify:
        yield f"decides on each clock for: {listed(step.notify)}"
    if step.triage:
        yield f"reviews: {_TRIAGE[step.triage]}"
    if step.compensate:
        yield f"compensation: {_COMPENSATE[step.compensate]}"
    if step.freezes:
        yield f"freezes: {step.freezes}, until a later step lifts it"
    if step.lifts:
        yield f"lifts: {step.lifts}"


def _markdown(plan: Playbook) -> Iterator[str]:
    yield f"# {plan.title}"
    yield ""
    yield f"{plan.summary} Owner: {plan.owner or 'nobody'}. Reviewed: {plan.reviewed or 'never'}."
    yield ""
    yield "Incident: ______________________  Declared at: ____________  By: ____________"
    yield ""
    for name, rule in plan.deadlines.items():
        times = ", ".join(f"{severity} {within}" for severity, within in rule.within.items())
        yield f"- {rule.title or name}: {times} from {rule.from_} (message: {rule.met_by})"
    yield ""
    for number, stage in enumerate(STAGES, 1):
        yield f"## {number}. {stage.capitalize()}"
        yield ""
        for count, step in enumerate(plan.stages.get(stage, ()), 1):
            yield from _step_on_paper(plan, step, f"{number}.{count}")
    if plan.compensation is not None:
        yield from _policy_on_paper(plan.compensation)


def _policy_on_paper(found: Policy) -> Iterator[str]:
    yield "## Compensation policy"
    yield ""
    yield from (f"- {sentence}" for sentence in policy.bounds(found))
    yield ""
    for part in policy.parts(found):
        yield f"### {part.title}"
        yield ""
        yield from table(part.heads, part.rows)
        yield ""


def _readers(send: Send) -> str:
    """Who reads a message."""
    return f"{send.to} who got {listed(send.tiers, 'or')}" if send.tiers else send.to


def _step_on_paper(plan: Playbook, step: Step, number: str) -> Iterator[str]:
    role = f" ({step.role})" if step.role else ""
    yield f"### ☐ {number} {step.title}{role}"
    yield ""
    if step.when:
        yield f"Only when `{step.when}`."
        yield ""
    if step.guide:
        yield step.guide.strip()
        yield ""
    yield from (f"- [ ] {item}" for item in step.checklist)
    for name in step.ask:
        spec = plan.spec(name)
        if spec is not None and not spec.compute:
            choices = f" ({' / '.join(spec.choices.values())})" if spec.choices else ""
            yield f"- {spec.ask}{choices} ____________"
    yield from _acts_on_paper(step)
    yield ""


def _acts_on_paper(step: Step) -> Iterator[str]:
    if step.decide:
        for option in step.decide.options.values():
            yield f"- [ ] {option.title}: for: {option.for_}; against: {option.against}"
        yield "- Because: ____________"
    if step.send:
        channels = ", ".join(step.send.channels)
        to = _readers(step.send)
        yield f"- [ ] Send **{step.send.message}** to {to}: {channels}. At: ________"
    if step.run:
        yield f"- [ ] Run `{step.run.command}`"
    if step.notify:
        yield f"- [ ] For each clock ({listed(step.notify)}): told at ________, number ________"
        yield "- Not told, or late, because: ____________"
    if step.triage:
        yield f"- [ ] Reviews: {_TRIAGE[step.triage]}"
    if step.compensate:
        yield f"- [ ] Compensation: {_COMPENSATE[step.compensate]}. By: ____________"
    if step.freezes:
        yield f"- [ ] Frozen: {step.freezes}. At: ________"
    if step.lifts:
        yield f"- [ ] Lifted: {step.lifts}. At: ________"


def _fact(fact: Fact) -> Json:
    return {
        "type": fact.type,
        "ask": fact.ask,
        "hint": fact.hint or None,
        "choices": dict(fact.choices),
        "example": fact.example,
        "optional": fact.optional,
        "certainty": fact.certainty,
        "compute": fact.compute or None,
        "workspace": fact.workspace or None,
        "milestone": fact.milestone,
        "reviews": fact.reviews,
        "promise": {"title": fact.promise.title, "kept_by": fact.promise.kept_by}
        if fact.promise
        else None,
    }


def _step(step: Step) -> Json:
    return {
        "id": step.id,
        "title": step.title,
        "role": step.role or None,
        "when": step.when or None,
        "timebox": step.timebox or None,
        "guide": step.guide or None,
        "checklist": list(step.checklist),
        "ask": list(step.ask),
        "assign": list(step.assign),
        "milestone": step.milestone,
        "send": {
            "message": step.send.message,
            "to": step.send.to,
            "channels": list(step.send.channels),
            "tiers": list(step.send.tiers),
        }
        if step.send
        else None,
        "decide": {
            "fact": step.decide.fact,
            "example": step.decide.example or None,
            "options": {
                key: {"title": o.title, "for": o.for_, "against": o.against}
                for key, o in step.decide.options.items()
            },
        }
        if step.decide
        else None,
        "run": {"command": step.run.command, "timeout": step.run.timeout} if step.run else None,
        "notify": list(step.notify) or None,
        "triage": step.triage,
        "compensate": step.compensate,
        "freezes": step.freezes or None,
        "lifts": step.lifts or None,
    }


def _regulators(plan: Playbook) -> Json | None:
    ours = plan.regulators
    if ours is None:
        return None
    return {
        "countries": ours.countries,
        "starts": dict(ours.starts),
        "also": ours.also,
        "establishment": ours.establishment or None,
        "processor": ours.processor or None,
        "severity": asdict(ours.severity) if ours.severity else None,
    }


def _channels(plan: Playbook, message: str) -> list[str]:
    step = plan.sends(message)
    return list(step.send.channels) if step and step.send else []
