"""What a playbook is made of.

These structs are the single source. `playbook.load` derives pydantic's models
from them, to check a YAML file with all its errors at once and to make the
editors' JSON Schema; msgspec alone brings a running incident's plan back from
the journal, so that commands typed in the heat stay quick. A trailing
underscore keeps a field clear of a Python keyword: `from_` is `from` in YAML.
"""

from __future__ import annotations

from typing import Literal

import msgspec

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

MessageKind = Literal[
    "holding", "update", "resolution", "apology", "notice", "brief", "report", "reply"
]
"""What a message is for; it decides what the message must say."""

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


def yaml_name(field: str) -> str:
    """The key in a file for a field of a model."""
    return field.rstrip("_")


class Model(msgspec.Struct, frozen=True, kw_only=True, rename=yaml_name):
    """What a person writes in a file: frozen, every field named."""


class Promise(Model, frozen=True, kw_only=True):
    """An obligation that begins when a sent message states the fact's time."""

    title: str
    """What was promised, in the words of the report."""
    kept_by: str
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
    ahead: bool = False
    """A time still to come: a time of day means its next occurrence, the past is refused."""
    milestone: Milestone | None = None
    """The milestone whose time this fact is."""
    promise: Promise | None = None
    """The promise made by stating this time in a message."""


class Answer(Model, frozen=True, kw_only=True):
    """One answer to an impact question, and how bad it is."""

    title: str
    severity: Severity


class Impact(Model, frozen=True, kw_only=True):
    """A question about harm; the worst answer of all is the severity."""

    ask: str
    answers: dict[str, Answer]
    hint: str = ""
    example: str = ""


class Deadline(Model, frozen=True, kw_only=True):
    """When something must have been said."""

    from_: Milestone | Literal["last-message"]
    """The moment the clock starts; `last-message` starts it anew at each one."""
    within: dict[Severity, str]
    """How long, by severity; a severity left out has no such deadline."""
    met_by: str
    """The message that meets it."""
    until: Milestone | None = None
    """The milestone that stops the clock."""
    title: str = ""


class Option(Model, frozen=True, kw_only=True):
    """One way to decide, with what speaks for and against it."""

    title: str
    for_: str = ""
    against: str = ""


class Decide(Model, frozen=True, kw_only=True):
    """A point where the commander chooses; the choice becomes a confirmed fact."""

    fact: str
    options: dict[str, Option]
    example: str = ""


class Send(Model, frozen=True, kw_only=True):
    """A message for one audience on several channels, in every locale."""

    message: str
    channels: tuple[str, ...]
    to: str = "customers"
    kind: MessageKind | None = None
    """What it is for, which decides what it must say; left out, its name tells."""


class Run(Model, frozen=True, kw_only=True):
    """A shell command: shown, confirmed by a person, captured, bounded."""

    command: str
    timeout: str = "60s"


class Step(Model, frozen=True, kw_only=True):
    """One thing one role does."""

    id: str
    title: str
    role: str = ""
    when: str = ""
    """A condition over facts; the step is walked where it holds."""
    timebox: str = ""
    guide: str = ""
    checklist: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    """Names of facts and impact questions, in the order they are asked."""
    assign: tuple[str, ...] = ()
    """Roles to fill in this step."""
    milestone: Milestone | None = None
    """Reached when the step is done."""
    send: Send | None = None
    decide: Decide | None = None
    run: Run | None = None


class Playbook(Model, frozen=True, kw_only=True):
    """The prepared plan for one kind of crisis."""

    playbook: str
    """Its name: what is typed after `crisisctl start`."""
    title: str
    stages: dict[StageName, tuple[Step, ...]]
    summary: str = ""
    owner: str = ""
    reviewed: str = ""
    """The day somebody last read it whole, as YYYY-MM-DD."""
    roles: dict[str, str] = {}
    facts: dict[str, Fact] = {}
    impact: dict[str, Impact] = {}
    deadlines: dict[str, Deadline] = {}
    close_needs: tuple[Milestone, ...] = MILESTONES
    """The milestones without which the incident cannot be closed."""

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

    def spec(self, name: str) -> Fact | None:
        """How a name is asked: a fact, an impact question or a decision, as a fact."""
        if name in self.facts:
            return self.facts[name]
        if name in self.impact:
            return _impact_as_fact(self.impact[name])
        for _, step in self.steps():
            if step.decide and step.decide.fact == name:
                return _decision_as_fact(step, step.decide)
        return None

    def names(self) -> list[str]:
        """Every name that `spec` knows."""
        decided = [step.decide.fact for _, step in self.steps() if step.decide]
        return list(dict.fromkeys([*self.facts, *self.impact, *decided]))


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
