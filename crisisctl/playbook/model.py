"""What a playbook is made of.

These structs are the single source. `playbook.load` derives pydantic's models
from them, to check a YAML file with all its errors at once and to make the
editors' JSON Schema; msgspec alone brings a running incident's plan back from
the journal, so that commands typed in the heat stay quick.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec.structs import replace

from crisisctl.playbook.form import Day, FactName, Id, Length, Model
from crisisctl.playbook.policy import Policy

Severity = Literal["sev1", "sev2", "sev3", "sev4"]
SEVERITIES: tuple[Severity, ...] = ("sev1", "sev2", "sev3", "sev4")
"""Worst first."""

StageName = Literal["assess", "communicate", "resolve", "compensate", "post-mortem"]
STAGES: tuple[StageName, ...] = ("assess", "communicate", "resolve", "compensate", "post-mortem")

Milestone = Literal["started", "detected", "declared", "first-message", "mitigated", "resolved"]
MILESTONES: tuple[Milestone, ...] = (
    "started",
    "detected",
    "declared",
    "first-message",
    "mitigated",
    "resolved",
)

PUBLIC_REPORT = "public-report"
"""The message that customers get as the report, where a playbook names no other."""
HANDED_OUT = "handed_out"
"""The fact that a step with `compensate: issue` records: which parts of the policy were."""

MessageKind = Literal[
    "holding", "update", "resolution", "apology", "notice", "brief", "report", "reply"
]
"""What a message is for; it decides what the message must say."""

Start = Literal["aware", "detected", "occurred", "suspected", "material"]
"""What starts a regulator's clock: reasonable certainty, the first sign, the event itself, a
reasonable suspicion, or the decision that it is material."""
Recipient = Literal["authority", "people", "controller", "register", "card-brands", "market"]
"""Whom a notice of a breach is for."""

Triage = Literal["import", "strategy", "answer"]
"""What a step does with customers' reviews: read an export, choose how each topic is answered,
answer one after the other."""

Compensate = Literal["plan", "issue"]
"""What a step does with the compensation policy: reckon who gets what, or hand it out."""

FromReviews = Literal[
    "since",
    "complaints-per-day",
    "usual-per-day",
    "read",
    "negative-share",
    "usual-share",
    "top-topic",
    "answered",
]
"""What imported reviews suggest as the answer to a question."""

FactType = Literal[
    "text",
    "url",
    "email",
    "phone",
    "time",
    "duration",
    "number",
    "money",
    "choice",
    "choices",
    "flag",
]

Example = str | int | float | bool | list[str] | None


class Promise(Model, frozen=True, kw_only=True):
    """An obligation that begins when a sent message states the fact's time."""

    title: str
    """What was promised, in the words of the report."""
    kept_by: Id
    """The message whose sending keeps the promise."""


class Fact(Model, frozen=True, kw_only=True):
    """Something a step may ask and a message may say."""

    type: FactType = "text"
    """What kind of value it is; `choices` allows several."""
    ask: str = ""
    """The question put to the operator."""
    hint: str = ""
    """One line under the question: where to look, what counts."""
    choices: dict[str, str] = {}
    """For `choice` and `choices`: the key that is recorded and the words shown."""
    example: Example = None
    """A plausible value, used by previews, drills and lint."""
    optional: bool = False
    """May be left open: Enter goes on without it."""
    certainty: Literal["ask", "confirmed"] = "confirmed"
    """`ask`: the operator says whether the answer is confirmed or only suspected."""
    compute: str = ""
    """An expression over other facts instead of a question."""
    workspace: str = ""
    """Where `crisisctl.yaml` answers it, such as `brand.name`."""
    least: int | None = None
    """For `number`: the smallest that can be right, such as 0 for a count."""
    ahead: bool = False
    """A time still to come: a time of day means its next occurrence, the past is refused."""
    milestone: Milestone | None = None
    """The milestone whose time this fact is."""
    reviews: FromReviews | None = None
    """What imported reviews suggest as the answer; a person confirms it."""
    promise: Promise | None = None
    """The promise made by stating this time in a message."""


class Answer(Model, frozen=True, kw_only=True):
    """One answer to an impact question, and how bad it is."""

    title: str
    """The answer in words."""
    severity: Severity
    """How bad it is if this is the answer."""


class Impact(Model, frozen=True, kw_only=True):
    """A question about harm; the worst answer of all is the severity."""

    ask: str
    """The question put to the operator."""
    answers: dict[str, Answer]
    """The answers to choose from: the key that is recorded, its words and its severity."""
    hint: str = ""
    """One line under the question: how to find out, what to take if unsure."""
    example: str = ""
    """The key of a plausible answer, used by previews, drills and lint; else the first."""


class Deadline(Model, frozen=True, kw_only=True):
    """When something must have been said."""

    from_: Milestone | Literal["last-message"]
    """The moment the clock starts; `last-message` starts it anew at each one."""
    within: dict[Severity, Length]
    """How long, by severity, such as `{sev1: 10m}`; one left out has no such deadline."""
    met_by: Id
    """The message that meets it."""
    until: Milestone | None = None
    """The milestone that stops the clock."""
    title: str = ""
    """What the operator reads beside the clock."""


class Option(Model, frozen=True, kw_only=True):
    """One way to decide, with what speaks for and against it."""

    title: str
    """What would be done, in words."""
    for_: str = ""
    """What speaks for it."""
    against: str = ""
    """What speaks against it."""


class Decide(Model, frozen=True, kw_only=True):
    """A point where the commander chooses; the choice becomes a confirmed fact."""

    fact: FactName
    """The fact that the choice becomes: conditions and messages speak of it by this name."""
    options: dict[str, Option]
    """The ways to decide: the key that is recorded, and what speaks for and against it."""
    example: str = ""
    """The key of a plausible choice, used by previews, drills and lint; else the first."""


class Send(Model, frozen=True, kw_only=True):
    """A message for one audience on several channels, in every locale."""

    message: Id
    """Its name: the texts are `templates/PLAYBOOK/MESSAGE.LOCALE.j2`."""
    channels: tuple[str, ...]
    """Where it goes, by the names in `templates/channels.yaml`."""
    to: str = "customers"
    """The audience: `customers`, or another that must be told, such as `staff`."""
    kind: MessageKind | None = None
    """What it is for, which decides what it must say; left out, its name tells."""
    tiers: tuple[Id, ...] = ()
    """Only to those to whom these parts of the compensation policy were handed out: its tiers,
    or what is owed. The text may say customer_code, customer_amount, customer_percent,
    customer_up_to, customer_refund and customer_until."""


class Approvals(Model, frozen=True, kw_only=True):
    """Who must approve what goes to an audience, before it goes."""

    approvers: Annotated[int, msgspec.Meta(extra_json_schema={"minimum": 1})] = 1
    """How many people must approve each exact text."""
    roles: tuple[str, ...] = ()
    """Roles whose holders may approve; none means anybody."""
    other_than_author: bool = False
    """Whoever wrote the draft cannot approve it."""


class Run(Model, frozen=True, kw_only=True):
    """A shell command: shown, confirmed by a person, captured, bounded."""

    command: str
    """What the shell runs, once a person has read and confirmed it."""
    timeout: Length = "60s"
    """After how long it is stopped, such as 60s or 5m."""


class Scale(Model, frozen=True, kw_only=True):
    """The facts from which ENISA's severity of a breach is worked out: DPC x EI + CB.

    Their answers are the method's own words, see `deadlines.enisa`.
    """

    data: FactName
    """The kinds of data: simple, behavioural, financial, sensitive; the worst counts."""
    context: FactName
    """Whether the context makes it lower, as-it-is or higher."""
    identification: FactName
    """How easily people are recognised: negligible, limited, significant, maximum."""
    confidentiality: FactName
    """Who has it: none, known, unknown."""
    integrity: FactName
    """Whether data was changed: none, recoverable, lost."""
    availability: FactName
    """Whether data is gone: none, temporary, lost."""
    malice: FactName
    """A yes or no: was it done on purpose?"""


class Regulators(Model, frozen=True, kw_only=True):
    """Where the regulators' clocks find what they need among the facts."""

    countries: FactName
    """The fact that says where the people live: choices by ISO 3166 code, such as FR or US-CA."""
    starts: dict[Start, FactName]
    """The facts whose times start the clocks: aware, detected, occurred, suspected, material."""
    also: dict[Id, str] = {}
    """Rules that hold by a condition, whatever the country, such as `{pci: cards != 'none'}`."""
    establishment: FactName = ""
    """The fact that says in which EU country the main establishment is, by ISO code."""
    processor: str = ""
    """A condition under which the data is another firm's, who must be told."""
    severity: Scale | None = None
    """The answers that ENISA's method is worked out from."""


class Step(Model, frozen=True, kw_only=True):
    """One thing one role does."""

    id: Id
    """Its name, unique in the playbook: answers files and the journal speak of it by this name."""
    title: str
    """What is to be done, in a few words that begin with a verb."""
    role: str = ""
    """Who does it: one of `roles`."""
    when: str = ""
    """A condition over facts, such as `offer != 'none'`; the step is walked where it holds."""
    timebox: Length = ""
    """How long it may take, such as 5m, 2h or 1d."""
    guide: str = ""
    """Two to six lines, read at three in the morning: short, concrete, imperative."""
    checklist: tuple[str, ...] = ()
    """Lines to tick off."""
    ask: tuple[str, ...] = ()
    """Names of facts and impact questions, in the order they are asked."""
    assign: tuple[str, ...] = ()
    """Roles to fill in this step."""
    milestone: Milestone | None = None
    """Reached when the step is done."""
    send: Send | None = None
    """The step's action: a message for one audience on several channels, in every locale."""
    decide: Decide | None = None
    """The step's action: a choice that the commander takes, with its reason on record."""
    run: Run | None = None
    """The step's action: a shell command, shown, confirmed by a person, recorded."""
    notify: tuple[Recipient, ...] = ()
    """The step's action: a decision on each clock that runs for these, notified or why not."""
    triage: Triage | None = None
    """The step's action on customers' reviews: `import`, `strategy` or `answer`."""
    compensate: Compensate | None = None
    """The step's action on the compensation policy: `plan` or `issue`."""
    freezes: str = ""
    """What stands still once the step is done, such as `promotion`: it must be lifted again."""
    lifts: str = ""
    """What goes on again once the step is done: something that another step `freezes`."""


class Playbook(Model, frozen=True, kw_only=True):
    """The prepared plan for one kind of crisis."""

    playbook: Id
    """Its name: what is typed after `crisisctl start`, and the name of its file."""
    title: str
    """The crisis in a few words."""
    stages: dict[StageName, tuple[Step, ...]]
    """The steps, stage by stage, in the order they are walked."""
    summary: str = ""
    """One sentence in the list of playbooks: when is this the right one?"""
    owner: str = ""
    """Who keeps it true: a team or a role."""
    reviewed: Day = ""
    """The day somebody last read it whole, as "2026-11-21"."""
    roles: dict[str, str] = {}
    """The roles of this crisis, each with a line on what it does."""
    facts: dict[FactName, Fact] = {}
    """All that a step may ask and a message may say, by name in snake_case."""
    impact: dict[FactName, Impact] = {}
    """Questions about harm; the worst of the answers is the severity."""
    deadlines: dict[Id, Deadline] = {}
    """What must have been said by when, by severity."""
    regulators: Regulators | None = None
    """Which facts the regulators' clocks run from; left out, the plan has none of them."""
    approvals: dict[Id, Approvals] = {}
    """Who must approve messages, by audience; left out, whoever sends them."""
    compensation: Policy | None = None
    """Who gets what to make good, and what it may cost; left out, nothing is handed out."""
    close_needs: tuple[Milestone, ...] = MILESTONES
    """The milestones without which the incident cannot be closed."""
    public: Id = ""
    """The message that is the report for customers; left out, it is the one named public-report."""

    def steps(self) -> list[tuple[StageName, Step]]:
        """Every step with its stage, in the order they are walked."""
        return [(stage, step) for stage in STAGES for step in self.stages.get(stage, ())]

    def step(self, id: str) -> Step | None:
        """The step of that id."""
        return next((step for _, step in self.steps() if step.id == id), None)

    def sends(self, message: str) -> Step | None:
        """The step that sends this message: it knows the audience and channels."""
        return next((s for _, s in self.steps() if s.send and s.send.message == message), None)

    def messages(self) -> list[str]:
        """Every message that a step sends, in the order of the steps."""
        return list(dict.fromkeys(step.send.message for _, step in self.steps() if step.send))

    def public_report(self) -> Send | None:
        """The message that is the report for customers, if there is one."""
        step = self.sends(self.public or PUBLIC_REPORT)
        return step.send if step else None

    def spec(self, name: str) -> Fact | None:
        """How a name is asked: a fact, an impact question or a decision, as a fact."""
        if name in self.facts:
            return self.facts[name]
        if name in self.impact:
            return _impact_as_fact(self.impact[name])
        for _, step in self.steps():
            if step.decide and step.decide.fact == name:
                return _decision_as_fact(step, step.decide)
        if name == HANDED_OUT and self.compensation is not None:
            return _handed_out(self.compensation)
        return None

    def specs(self) -> dict[str, Fact]:
        """How every name is asked."""
        asked = {name: _impact_as_fact(impact) for name, impact in self.impact.items()}
        found = self.facts | {name: asked[name] for name in asked if name not in self.facts}
        for _, step in self.steps():
            if step.decide and step.decide.fact not in found:
                found[step.decide.fact] = _decision_as_fact(step, step.decide)
        if self.compensation is not None:
            found.setdefault(HANDED_OUT, _handed_out(self.compensation))
        return found

    def names(self) -> list[str]:
        """Every name that `spec` knows."""
        decided = [step.decide.fact for _, step in self.steps() if step.decide]
        given = [HANDED_OUT] if self.compensation is not None else []
        return list(dict.fromkeys([*self.facts, *self.impact, *decided, *given]))


def _impact_as_fact(impact: Impact) -> Fact:
    return Fact(
        type="choice",
        ask=impact.ask,
        hint=impact.hint,
        choices={key: answer.title for key, answer in impact.answers.items()},
        example=impact.example or next(iter(impact.answers), None),
    )


def _decision_as_fact(step: Step, decide: Decide) -> Fact:
    return Fact(
        type="choice",
        ask=step.title,
        choices={key: option.title for key, option in decide.options.items()},
        example=decide.example or next(iter(decide.options), None),
    )


def _handed_out(policy: Policy) -> Fact:
    ask = "What was handed out?"
    return Fact(type="choices", ask=ask, choices=policy.titles, optional=True)


def together(plans: Iterable[Playbook]) -> Playbook:
    """Several plans of one incident as the one that its answers are read against."""
    first, *more = plans
    for plan in more:
        stages = {s: (*first.stages.get(s, ()), *plan.stages.get(s, ())) for s in STAGES}
        first = replace(
            first,
            facts={**plan.facts, **first.facts},
            impact={**plan.impact, **first.impact},
            roles={**plan.roles, **first.roles},
            stages=stages,
        )
    return first
