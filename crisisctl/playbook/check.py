"""What refers to what in a playbook: the errors that would stop a walk.

These are the findings without which an incident could not be run at all;
the linter adds what makes a playbook good.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

from msgspec.structs import fields

from crisisctl.errors import CrisisError
from crisisctl.playbook import conditions, fairness, values
from crisisctl.playbook.model import (
    HANDED_OUT,
    STAGES,
    Decide,
    Fact,
    FactType,
    FromReviews,
    Playbook,
    Step,
)
from crisisctl.playbook.reader import Document, Path, Problem
from crisisctl.text import did_you_mean, listed

_FACT = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")
BUILT_IN = ("now", "severity")
"""Names a condition may use that no step asks."""
_RESERVED = frozenset(
    {*BUILT_IN, "next_update", "sent_at", "self", "loop"}
    | {"and", "or", "not", "in", "is", "if", "else", "true", "false", "none"}
)
"""What conditions and templates mean by a name already."""
_FEW = 12
"""As many names as a hint can list and still be read."""
_ACTIONS = ("send", "decide", "run", "notify", "triage", "compensate")
_SUGGESTED: dict[FromReviews, FactType] = {"since": "time", "top-topic": "choice"}
"""The types of what reviews suggest; all else is a number."""
_ANSWERS: tuple[FactType, ...] = ("choice", "choices", "flag")
_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def references(plan: Playbook, document: Document) -> Iterator[Problem]:
    """Every broken reference, bad name, bad duration and bad expression."""
    seen = _Check(plan, document)
    yield from seen.names()
    yield from seen.facts()
    yield from seen.impact()
    yield from seen.deadlines()
    yield from seen.regulators()
    yield from seen.steps()
    yield from seen.freezes()
    yield from fairness.problems(plan, seen.problem)


class _Check:
    def __init__(self, plan: Playbook, document: Document) -> None:
        self.plan = plan
        self.document = document
        self.asked = set(plan.names())
        self.names_known = {*self.asked, *BUILT_IN}
        self.roles = set(plan.roles)
        self.messages = {s.send.message for _, s in plan.steps() if s.send}
        self.answers = {key for spec in plan.specs().values() for key in spec.choices}

    def problem(
        self, path: Path, rule: str, text: str, hint: str = "", *, key: bool = False
    ) -> Problem:
        mark = self.document.mark(path, key=key)
        return Problem(
            line=mark.line, column=mark.column, text=text, hint=hint, rule=rule, path=path
        )

    def unknown(self, path: Path, what: str, name: str, known: set[str]) -> Iterator[Problem]:
        if name not in known:
            guess = did_you_mean(name, known)
            few = f"there is {listed(sorted(known))}" if 0 < len(known) <= _FEW else ""
            hint = f'did you mean "{guess}"?' if guess else few
            yield self.problem(path, f"unknown-{what}", f'there is no {what} "{name}"', hint)

    def bad_id(self, path: Path, name: str, *, fact: bool, key: bool) -> Iterator[Problem]:
        if not (_FACT if fact else _ID).fullmatch(name):
            joint = "_" if fact else "-"
            hint = f'small letters, digits and "{joint}", beginning with a letter'
            yield self.problem(path, "bad-id", f'"{name}" is not a usable name', hint, key=key)

    def names(self) -> Iterator[Problem]:
        plan = self.plan
        yield from self.bad_id(("playbook",), plan.playbook, fact=False, key=False)
        if plan.reviewed and not _is_date(plan.reviewed):
            text = f'"{plan.reviewed}" is not a date'
            yield self.problem(("reviewed",), "bad-date", text, "write it as 2026-11-21")
        if plan.public:
            yield from self.unknown(("public",), "message", plan.public, self.messages)
        for section, names in (("facts", plan.facts), ("impact", plan.impact)):
            for name in names:
                yield from self.bad_id((section, name), name, fact=True, key=True)
                yield from self.reserved((section, name), name, key=True)
        for name in plan.impact.keys() & plan.facts.keys():
            text = f'"{name}" is already a fact'
            yield self.problem(("impact", name), "duplicate-name", text, key=True)
        if not plan.steps():
            yield self.problem(("stages",), "no-steps", "the playbook has no step", key=True)

    def facts(self) -> Iterator[Problem]:
        for name, fact in self.plan.facts.items():
            where: Path = ("facts", name)
            if not fact.ask and not fact.compute:
                hint = "add `ask:` or `compute:`"
                yield self.problem(where, "no-question", f'nothing asks "{name}"', hint, key=True)
            if fact.type in ("choice", "choices") and not fact.choices:
                text = f'"{name}" is a choice without choices'
                yield self.problem(where, "no-choices", text, "add `choices:`", key=True)
            if fact.compute:
                yield from self.expression((*where, "compute"), fact.compute)
            if fact.milestone and fact.type != "time":
                text = f'"{name}" is a milestone, so it must be of type time'
                yield self.problem((*where, "milestone"), "bad-milestone", text)
            if fact.reviews and fact.type != (wanted := _SUGGESTED.get(fact.reviews, "number")):
                text = f'"{name}" is suggested by reviews, so it must be of type {wanted}'
                yield self.problem((*where, "reviews"), "suggested-type", text)
            if fact.promise:
                path = (*where, "promise", "kept_by")
                yield from self.unknown(path, "message", fact.promise.kept_by, self.messages)
            yield from self.example(where, fact)

    def example(self, where: Path, fact: Fact) -> Iterator[Problem]:
        if fact.example is None or (fact.type in ("choice", "choices") and not fact.choices):
            return
        try:
            values.parse(fact, fact.example, now=_ANY_DAY, zone=UTC)
        except CrisisError as error:
            yield self.problem((*where, "example"), "bad-example", error.message, error.hint)

    def impact(self) -> Iterator[Problem]:
        for name, impact in self.plan.impact.items():
            if impact.example:
                path: Path = ("impact", name, "example")
                yield from self.unknown(path, "answer", impact.example, set(impact.answers))
            if not impact.answers:
                text = f'"{name}" has no answers'
                yield self.problem(("impact", name), "no-choices", text, key=True)

    def deadlines(self) -> Iterator[Problem]:
        for name, rule in self.plan.deadlines.items():
            where: Path = ("deadlines", name)
            yield from self.bad_id(where, name, fact=False, key=True)
            yield from self.unknown((*where, "met_by"), "message", rule.met_by, self.messages)
            for severity, within in rule.within.items():
                yield from self.duration((*where, "within", severity), within)

    def regulators(self) -> Iterator[Problem]:
        ours = self.plan.regulators
        if ours is None:
            return
        where: Path = ("regulators",)
        scale = ours.severity
        answers = {f.name: getattr(scale, f.name) for f in fields(scale)} if scale else {}
        named: list[tuple[Path, str, tuple[FactType, ...]]] = [
            ((*where, "countries"), ours.countries, ("choices",)),
            *(((*where, "starts", start), name, ("time",)) for start, name in ours.starts.items()),
            *(((*where, "severity", key), name, _ANSWERS) for key, name in answers.items()),
        ]
        if ours.establishment:
            named.append(((*where, "establishment"), ours.establishment, ("choice",)))
        for path, name, types in named:
            yield from self.unknown(path, "fact", name, self.asked)
            spec = self.plan.spec(name)
            if spec is not None and spec.type not in types:
                text = f'"{name}" is of type {spec.type}, not {listed(types, "or")}'
                yield self.problem(path, "wrong-fact", text, "name a fact of that type here")
        for rules, when in ours.also.items():
            yield from self.expression((*where, "also", rules), when)
        if ours.processor:
            yield from self.expression((*where, "processor"), ours.processor)

    def steps(self) -> Iterator[Problem]:
        first: dict[str, Path] = {}
        for stage in STAGES:
            for number, step in enumerate(self.plan.stages.get(stage, ())):
                where: Path = ("stages", stage, number)
                if step.id in first:
                    other = self.document.mark((*first[step.id], "id")).line
                    text = f'there are two steps "{step.id}"'
                    hint = f"the other one is on line {other}; give one of them another id"
                    yield self.problem((*where, "id"), "duplicate-step", text, hint)
                first.setdefault(step.id, where)
                yield from self.step(where, step)

    def step(self, where: Path, step: Step) -> Iterator[Problem]:
        yield from self.bad_id((*where, "id"), step.id, fact=False, key=False)
        roles = self.roles
        if step.role:
            yield from self.unknown((*where, "role"), "role", step.role, roles)
        for number, role in enumerate(step.assign):
            yield from self.unknown((*where, "assign", number), "role", role, roles)
        for number, name in enumerate(step.ask):
            yield from self.unknown((*where, "ask", number), "fact", name, self.asked)
            if name == HANDED_OUT:
                yield from self.reserved((*where, "ask", number), name, key=False)
        if step.when:
            yield from self.expression((*where, "when"), step.when)
        if step.timebox:
            yield from self.duration((*where, "timebox"), step.timebox)
        if step.run:
            yield from self.duration((*where, "run", "timeout"), step.run.timeout)
        yield from self.action(where, step)

    def action(self, where: Path, step: Step) -> Iterator[Problem]:
        actions = [name for name in _ACTIONS if getattr(step, name)]
        if len(actions) > 1:
            text = f'step "{step.id}" has {" and ".join(actions)}: one action is the most'
            yield self.problem((*where, actions[-1]), "two-actions", text, "split it", key=True)
        if step.notify and self.plan.regulators is None:
            text = f'step "{step.id}" decides on clocks, and the playbook has none'
            hint = "add `regulators:`, with the facts that the clocks run from"
            yield self.problem((*where, "notify"), "no-regulators", text, hint, key=True)
        if step.compensate and self.plan.compensation is None:
            text = f'step "{step.id}" makes good, and the playbook says not how'
            hint = "add `compensation:`, the policy"
            yield self.problem((*where, "compensate"), "no-policy", text, hint, key=True)
        if step.decide:
            yield from self.decided((*where, "decide", "fact"), step.decide)
            if not step.decide.options:
                text = f'the decision in "{step.id}" has no options'
                yield self.problem((*where, "decide"), "no-choices", text, key=True)
            elif step.decide.example:
                path = (*where, "decide", "example")
                known = set(step.decide.options)
                yield from self.unknown(path, "option", step.decide.example, known)
        if step.send and step.send.tiers and self.plan.compensation is None:
            text = f'step "{step.id}" sends to those who got something, and nothing is given'
            hint = "add `compensation:`, the policy, or leave out `tiers`"
            yield self.problem((*where, "send", "tiers"), "no-policy", text, hint, key=True)
        if step.send:
            path = (*where, "send", "message")
            yield from self.bad_id(path, step.send.message, fact=False, key=False)
            if not step.send.channels:
                text = f'the message of "{step.id}" has no channel'
                yield self.problem((*where, "send", "channels"), "no-choices", text)

    def freezes(self) -> Iterator[Problem]:
        """What is frozen and never lifted would keep the incident from being closed."""
        frozen: dict[str, Path] = {}
        for stage in STAGES:
            for number, step in enumerate(self.plan.stages.get(stage, ())):
                where: Path = ("stages", stage, number)
                if step.lifts and step.lifts not in frozen:
                    text = f'nothing freezes "{step.lifts}" before step "{step.id}"'
                    hint = "lift what an earlier step `freezes`, under the same name"
                    yield self.problem((*where, "lifts"), "freeze", text, hint)
                frozen.pop(step.lifts, None)
                if step.freezes:
                    frozen[step.freezes] = (*where, "freezes")
        for name, path in frozen.items():
            text = f'"{name}" is frozen and no later step lifts it'
            hint = f"add `lifts: {name}` to the step after which it goes on"
            yield self.problem(path, "freeze", text, hint)

    def decided(self, path: Path, decide: Decide) -> Iterator[Problem]:
        yield from self.bad_id(path, decide.fact, fact=True, key=False)
        yield from self.reserved(path, decide.fact, key=False)
        first = self.plan.spec(decide.fact)
        if first is not None and (
            decide.fact in self.plan.facts or first.choices.keys() != decide.options.keys()
        ):
            text = f'"{decide.fact}" is already something else'
            hint = "name what is decided here differently"
            yield self.problem(path, "duplicate-name", text, hint)

    def reserved(self, path: Path, name: str, *, key: bool) -> Iterator[Problem]:
        if name in _RESERVED or (name == HANDED_OUT and self.plan.compensation is not None):
            text = f'"{name}" means something already in conditions and messages'
            yield self.problem(path, "reserved-name", text, "choose another name", key=key)

    def duration(self, path: Path, text: str) -> Iterator[Problem]:
        try:
            values.parse_duration(text)
        except CrisisError as error:
            yield self.problem(path, "bad-duration", error.message, error.hint)

    def expression(self, path: Path, text: str) -> Iterator[Problem]:
        wrong = conditions.check(text)
        if wrong:
            yield self.problem(path, "bad-condition", wrong)
            return
        for name in sorted(conditions.names_in(text)):
            if name not in self.names_known and name in self.answers:
                hint = f"if the answer is meant, put it in quotes: '{name}'"
                yield self.problem(path, "unknown-fact", f'there is no fact "{name}"', hint)
            else:
                yield from self.unknown(path, "fact", name, self.names_known)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
