"""All walks through a playbook at once, asked whether there is one on which something happens.

A question such as "can the step `update` be walked while nothing has asked
`rollback`?" is answered by splitting cases only on the facts that decide it.
Forty choices that have nothing to do with the question cost nothing; a
question that needs more work than it is worth is told apart from one that is
answered with no.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from crisisctl.lint.prover.formula import (
    TRUE,
    All,
    Either,
    Fixed,
    Formula,
    Holds,
    Known,
    Not,
    OneOf,
    Opaque,
    Truthy,
    condition,
    leaves,
)
from crisisctl.lint.prover.questions import (
    OPEN,
    Answer,
    Case,
    Clause,
    LeftOut,
    Open,
    Says,
    Statement,
    Sure,
    Suspected,
    Tri,
    Unasked,
    Unknown,
    Value,
    Walked,
)
from crisisctl.playbook import conditions
from crisisctl.playbook.conditions import BadExpression
from crisisctl.playbook.model import HANDED_OUT, SEVERITIES, STAGES, Fact, Playbook, Step
from crisisctl.text import did_you_mean

MOST_WORK = 40_000
"""Statements that are looked at for one question: a fraction of a second."""
ALL_WORK = 200_000
"""Statements that are looked at for all questions about one playbook."""

_ALWAYS = frozenset({"now", "sent_at", "severity"})


class Walks:
    """Every walk through one playbook."""

    def __init__(self, plan: Playbook) -> None:
        self.plan = plan
        self.steps: list[Step] = [step for stage in STAGES for step in plan.stages.get(stage, ())]
        self._when = [self._condition(step) for step in self.steps]
        self._askers: dict[str, list[int]] = {}
        for number, step in enumerate(self.steps):
            decided = (step.decide.fact,) if step.decide else ()
            handed = (HANDED_OUT,) if step.compensate == "issue" else ()
            for name in dict.fromkeys((*map(self._meant, step.ask), *decided, *handed)):
                self._askers.setdefault(name, []).append(number)
        self._known: dict[tuple[Clause, ...], Answer] = {}
        self._inputs: dict[str, list[str]] = {}
        self.work = 0
        """Statements looked at so far."""

    def _meant(self, name: str) -> str:
        """The fact that a step asks; a misspelt one is told of where it is misspelt."""
        return name if name in self.specs else did_you_mean(name, self.specs) or name

    @staticmethod
    def _condition(step: Step) -> Formula:
        found = condition(step.when) if step.when else TRUE
        return TRUE if found is None else found

    @cached_property
    def specs(self) -> dict[str, Fact]:
        """How each name is asked."""
        return self.plan.specs()

    @cached_property
    def _spoken_of(self) -> dict[str, frozenset[object]]:
        """The values that conditions compare each name with."""
        found: dict[str, set[object]] = {}
        for formula in self._when:
            for leaf in leaves(formula):
                if isinstance(leaf, OneOf):
                    found.setdefault(leaf.name, set()).update(leaf.values)
        return {name: frozenset(values) for name, values in found.items()}

    def askers(self, name: str) -> list[int]:
        """The steps that ask it, in order; what was handed out is known by handing it out."""
        return self._askers.get(name, [])

    def always_asked(self, name: str, before: int) -> bool:
        """Whether a step that every walk comes through has asked it."""
        return any(self._when[n] == TRUE for n in self.askers(name) if n < before)

    def inputs(self, name: str) -> list[str]:
        """The asked facts that a computed one is made of; a fact that is asked is its own."""
        if name not in self._inputs:
            found: list[str] = []
            left, seen = [name], {name}
            while left:
                current = left.pop()
                parts = self._parts(current)
                if parts is None:
                    found.append(current)
                else:
                    left += [part for part in parts if part not in seen]
                    seen.update(parts)
            self._inputs[name] = found
        return self._inputs[name]

    def _parts(self, name: str) -> list[str] | None:
        spec = self.specs.get(name)
        if spec is None or not spec.compute:
            return None
        try:
            return sorted(conditions.names_in(spec.compute) - _ALWAYS, reverse=True)
        except BadExpression:
            return []

    def ask(self, *clauses: Clause) -> Answer:
        """Whether some walk fulfils all of these."""
        if clauses not in self._known:
            self._known[clauses] = _Search(self, clauses).run()
        return self._known[clauses]

    def words(self, case: Case) -> str:
        """A case as a person tells it: "checkout is "all" and eta is left open"."""
        told = [self._told(unknown, value) for unknown, value in case.items()]
        return ", ".join(dict.fromkeys(filter(None, told)))

    def _told(self, unknown: Unknown, value: object) -> str:
        match unknown, value:
            case Value(name), _ if name == HANDED_OUT:
                return "nothing was handed out" if value == OPEN else ""
            case Value(name), _ if value == OPEN:
                return f'"{name}" is left open'
            case Value(name), bool():
                return f'"{name}" is {"yes" if value else "no"}'
            case Value(name), str():
                return f'"{name}" is "{value}"'
            case Sure(name), False:
                return f'"{name}" is only suspected'
            case Statement(text), bool() if "\0" not in text:
                return text if value else f"not {text}"
        return ""

    def domain(self, unknown: Unknown, spoken_of: set[object]) -> Iterable[object]:
        """The values that make a difference: those that are spoken of, and one other."""
        if not isinstance(unknown, Value):
            return (True, False)
        spec = self.specs.get(unknown.name)
        if unknown.name == "severity":
            return SEVERITIES
        if spec is None:
            return (True,)
        values: tuple[object, ...] = ("something",)
        if spec.type == "flag":
            values = (True, False)
        elif spec.type == "choice":
            spoken = spoken_of | self._spoken_of.get(unknown.name, frozenset())
            others = [choice for choice in spec.choices if choice not in spoken]
            values = tuple(c for c in spec.choices if c in spoken or c in others[:1])
        return (*values, *((OPEN,) if spec.optional else ()))


class _Search:
    """One question, case by case."""

    def __init__(self, walks: Walks, clauses: tuple[Clause, ...]) -> None:
        self.walks = walks
        self.clauses = clauses
        self.cone = self._cone()
        self.case: Case = {}
        self.walked: dict[int, Tri] = {}
        self.work = 0

    def run(self) -> Answer:
        """Look at one case after the other, splitting on what is still unknown."""
        try:
            return self._looked_through()
        finally:
            self.walks.work += self.work

    def _looked_through(self) -> Answer:
        left: list[Case] = [{}]
        most = min(MOST_WORK, ALL_WORK - self.walks.work)
        while left:
            if self.work > most:
                return Answer(False, bounded=True)
            self.case = left.pop()
            verdict = self._verdict()
            if verdict is True:
                return Answer(True, case=self.case)
            if not isinstance(verdict, bool):
                values = list(self.walks.domain(verdict, self.spoken_of(verdict)))
                left += [{**self.case, verdict: value} for value in reversed(values)]
        return Answer(False)

    def spoken_of(self, unknown: Unknown) -> set[object]:
        """The values that the question itself compares a fact with."""
        said = [leaf for c in self.clauses if isinstance(c, Says) for leaf in leaves(c.formula)]
        return {
            value
            for leaf in said
            if isinstance(leaf, OneOf) and leaf.name == getattr(unknown, "name", "")
            for value in leaf.values
        }

    def _verdict(self) -> Tri:
        self.walked = {}
        for number in self.cone:  # in the order of the steps: each looks at those before it
            self.walked[number] = self._says(self.walks._when[number], number, message=False)
        return _every(self._clause(clause) for clause in self.clauses)

    def _clause(self, clause: Clause) -> Tri:
        match clause:
            case Walked(step):
                return self._is_walked(step)
            case LeftOut(step):
                return _opposite(self._is_walked(step))
            case Says(formula, step, message):
                return self._says(formula, step, message=message)
            case Unasked(name, before):
                return _opposite(self._is_asked(name, before))
            case Open(name):
                value = self._value(Value(name))
                return value if isinstance(value, Value) else value == OPEN
            case Suspected(name):
                return _opposite(self._truth(Sure(name)))

    def _cone(self) -> list[int]:
        """The conditional steps that can bear on the question."""
        names: list[tuple[str, int]] = []
        steps: set[int] = set()
        for clause in self.clauses:
            match clause:
                case Walked(step) | LeftOut(step):
                    names += self._join(step, steps)
                case Says(formula, step, message):
                    limit = step + 1 if message else step
                    names += [(n, limit) for n in _names(formula)]
                case Unasked(name, before):
                    names.append((name, before))
        seen: set[tuple[str, int]] = set()
        while names:
            name, limit = names.pop()
            if (name, limit) in seen:
                continue
            seen.add((name, limit))
            for base in self.walks.inputs(name):
                for number in self.walks.askers(base):
                    if number < limit and number not in steps:
                        names += self._join(number, steps)
        return sorted(steps)

    def _join(self, step: int, steps: set[int]) -> list[tuple[str, int]]:
        when = self.walks._when[step]
        if when == TRUE or step in steps:
            return []
        steps.add(step)
        return [(name, step) for name in _names(when)]

    def _is_walked(self, step: int) -> Tri:
        return self.walked.get(step, True)

    def _is_asked(self, name: str, before: int) -> Tri:
        unknown: Tri = False
        for number in self.walks.askers(name):  # in the order of the steps
            if number >= before:
                break
            walked = self._is_walked(number)
            if walked is True:
                return True
            if unknown is False:
                unknown = walked
        return unknown

    def _is_known(self, name: str, step: int, *, message: bool) -> Tri:
        if name in _ALWAYS:
            return True
        spec = self.walks.specs.get(name)
        if spec is None:  # a name of the message itself, or a mistake that others report
            return self._truth(Statement(f"\0{name}")) if message else False
        if spec.compute:
            return _every(
                self._is_known(base, step, message=message)
                for base in self.walks.inputs(name)
                if base != name
            )
        parts: list[Tri] = [self._is_asked(name, step + 1 if message else step)]
        if spec.optional:
            value = self._value(Value(name))
            parts.append(value if isinstance(value, Value) else value != OPEN)
        if message and spec.certainty == "ask":
            parts.append(self._truth(Sure(name)))
        return _every(parts)

    def _value(self, unknown: Value) -> object:
        return self.case.get(unknown, unknown)

    def _truth(self, unknown: Sure | Statement) -> Tri:
        return bool(self.case[unknown]) if unknown in self.case else unknown

    def _says(self, formula: Formula, step: int, *, message: bool) -> Tri:
        self.work += 1
        match formula:
            case Fixed(value):
                return value
            case Not(of):
                return _opposite(self._says(of, step, message=message))
            case All(parts):
                return _every(self._says(part, step, message=message) for part in parts)
            case Either(parts):
                return _some(self._says(part, step, message=message) for part in parts)
            case Known(name):
                return self._is_known(name, step, message=message)
            case Opaque(text, names, ordered):
                return self._opaque(text, names, ordered, step, message=message)
        known = self._is_known(formula.name, step, message=message)
        return False if known is False else _every((known, self._leaf(formula)))

    def _opaque(
        self, text: str, names: frozenset[str], ordered: bool, step: int, *, message: bool
    ) -> Tri:
        known = _every(self._is_known(name, step, message=message) for name in sorted(names))
        if known is True or message:
            return self._truth(Statement(text))
        # an undecidable condition counts as true: see `incident.knowledge.holds`
        return known if not isinstance(known, bool) else ordered

    def _leaf(self, leaf: Truthy | OneOf | Holds) -> Tri:
        spec = self.walks.specs.get(leaf.name)
        kind = spec.type if spec else "choice" if leaf.name == "severity" else "text"
        match leaf:
            case Holds(name, value):
                return self._truth(Statement(f"{value!r} in {name}"))
            case OneOf(name, values) if kind in ("choice", "flag"):
                found = self._value(Value(name))
                return found if isinstance(found, Value) else found in values
            case OneOf(name, values):
                shown = " or ".join(sorted(repr(one) for one in values))
                return self._truth(Statement(f"{name} == {shown}"))
            case Truthy(name) if kind == "flag":
                found = self._value(Value(name))
                return found if isinstance(found, Value) else found is True
            case Truthy(name) if kind in ("number", "duration"):
                return self._truth(Statement(f"{name} != 0"))
        return True


def _names(formula: Formula) -> list[str]:
    found: list[str] = []
    for leaf in leaves(formula):
        match leaf:
            case Opaque(names=names):
                found += sorted(names)
            case Known(name) | Truthy(name) | OneOf(name=name) | Holds(name=name):
                found.append(name)
    return found


def _opposite(value: Tri) -> Tri:
    return not value if isinstance(value, bool) else value


def _every(values: Iterable[Tri]) -> Tri:
    unknown: Tri = True
    for value in values:
        if value is False:
            return False
        if unknown is True and value is not True:
            unknown = value
    return unknown


def _some(values: Iterable[Tri]) -> Tri:
    unknown: Tri = False
    for value in values:
        if value is True:
            return True
        if unknown is False and value is not False:
            unknown = value
    return unknown
