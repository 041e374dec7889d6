"""Answers given beforehand: an answers file, `--set`, or the playbook's own examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from pathlib import Path

from crisisctl.errors import CrisisError
from crisisctl.incident.events import Decided, Status
from crisisctl.playbook import values
from crisisctl.playbook.load import BadFile, in_order, validated
from crisisctl.playbook.model import Fact, Playbook
from crisisctl.playbook.reader import Document, Problem, read_file
from crisisctl.playbook.values import Value
from crisisctl.runner.answersfile import (
    ActionLine,
    AnswersFile,
    CauseLine,
    Choice,
    CompensationLine,
    FactLine,
    NoteLine,
    NoticeLine,
    ReviewLine,
    ReviewsLine,
    StepLine,
)
from crisisctl.runner.lessons import WHYS
from crisisctl.runner.notices import Decision
from crisisctl.text import did_you_mean, listed

_TIME = Fact(type="time")
BEFOREHAND = "approved beforehand in an answers file"
EXAMPLE = "the playbook's own example"


@dataclass(frozen=True, slots=True)
class FactAnswer:
    """A fact answered beforehand, read against how it is asked."""

    value: Value
    status: Status = "confirmed"
    source: str = ""


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """What happens at a step, with its own time in a replay."""

    skip: str = ""
    at: datetime | None = None
    note: str = ""
    open_items: tuple[str, ...] = ()
    run: bool = False


@dataclass(frozen=True, slots=True)
class NoteAnswer:
    """A line for the timeline at its own time."""

    text: str
    at: datetime | None
    topic: str


@dataclass(frozen=True, slots=True)
class CauseAnswer:
    """One of the things that came together, with its own time."""

    line: CauseLine
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewAnswer:
    """How far the post-mortem is, with its own time."""

    line: ReviewLine
    at: datetime | None


@dataclass(frozen=True, slots=True)
class MessageAnswer:
    """A message sent out of turn."""

    send: str
    at: datetime
    facts: Mapping[str, FactAnswer]


@dataclass(frozen=True, slots=True)
class NoticeAnswer:
    """A decision about a clock, with its own time."""

    decision: Decision
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewsAnswer:
    """What is done about reviews: the exports, and the rest as the file says it."""

    files: tuple[Path, ...]
    line: ReviewsLine


@dataclass(frozen=True, slots=True)
class CompensationAnswer:
    """How customers are compensated: the export, and the rest as the file says it."""

    file: Path | None
    line: CompensationLine


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything answered beforehand. `at` sets the story's clock for a replay."""

    facts: Mapping[str, FactAnswer] = field(default_factory=dict)
    decisions: Mapping[str, Choice] = field(default_factory=dict)
    steps: Mapping[str, StepAnswer] = field(default_factory=dict)
    approve: bool = False
    let_stand: str = ""
    """Why what proofreading finds does not stop an approval given beforehand; empty: it does."""
    at: datetime | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    messages: tuple[MessageAnswer, ...] = ()
    notes: tuple[NoteAnswer, ...] = ()
    actions: tuple[ActionLine, ...] = ()
    causes: tuple[CauseAnswer, ...] = ()
    review: ReviewAnswer | None = None
    notices: Mapping[str, NoticeAnswer] = field(default_factory=dict)
    reviews: ReviewsAnswer | None = None
    compensation: CompensationAnswer | None = None
    example: bool = False
    """The playbook's own example: updates are sent as they come due."""

    def with_facts(self, more: Mapping[str, FactAnswer]) -> Answers:
        """The same answers with some facts set over them."""
        return replace(self, facts={**self.facts, **more})


def read_answers(path: Path, plan: Playbook, *, now: datetime, zone: tzinfo) -> Answers:
    """Read an answers file for this playbook. Raises `BadFile` with every problem."""
    document = read_file(path)
    problems = tuple(p for p in document.problems if p.rule != "yaml-empty")
    file: AnswersFile | None = None
    if not problems:
        file, problems = validated(AnswersFile, _long_form(document.value), document)
    if file is None:
        raise BadFile(str(path), problems)
    reading = _Reading(document, plan, now, zone, path.parent)
    answers = reading.answers(file)
    if reading.problems:
        raise BadFile(str(path), in_order(reading.problems))
    return answers


def settings(
    pairs: list[str], plan: Playbook, *, now: datetime, zone: tzinfo
) -> dict[str, FactAnswer]:
    """The facts of `--set FACT=VALUE`; `FACT?=VALUE` is only suspected."""
    found: dict[str, FactAnswer] = {}
    for pair in pairs:
        left, equals, raw = pair.partition("=")
        if not equals:
            raise CrisisError(f'--set "{pair}": write it as FACT=VALUE')
        name = left.removesuffix("?").strip()
        status: Status = "suspected" if left.endswith("?") else "confirmed"
        spec = askable(plan, name)
        try:
            value = values.parse(spec, raw, now=now, zone=zone)
        except CrisisError as error:
            raise CrisisError(f"{name}: {error.message}", hint=error.hint) from None
        found[name] = FactAnswer(value, status, "--set")
    return found


def examples(plan: Playbook, *, now: datetime, zone: tzinfo) -> Answers:
    """The playbook's own example facts and decisions, to walk it without a prompt."""
    facts: dict[str, FactAnswer] = {}
    for name in plan.names():
        spec = plan.spec(name)
        if spec is not None and spec.example is not None and not spec.compute:
            value = values.parse(spec, spec.example, now=now, zone=zone)
            facts[name] = FactAnswer(value, "confirmed", "example")
    decisions = {
        step.id: Choice(choose=str(facts[step.decide.fact].value), because="The example's choice")
        for _, step in plan.steps()
        if step.decide
    }
    began = _beginning(plan, facts) or now
    return Answers(
        facts=facts, decisions=decisions, approve=True, let_stand=EXAMPLE, at=began, example=True
    )


def askable(plan: Playbook, name: str) -> Fact:
    """How a name is asked. Raises for one that is unknown or computed."""
    spec = plan.spec(name)
    if spec is not None and not spec.compute:
        return spec
    if spec is not None:
        raise CrisisError(f'"{name}" is computed, it cannot be set')
    raise CrisisError(f'there is no fact "{name}"', hint=_nearest(name, plan.names(), "facts"))


def _beginning(plan: Playbook, facts: Mapping[str, FactAnswer]) -> datetime | None:
    """An example is declared when its own story was noticed."""
    for milestone in ("declared", "detected", "started"):
        for name, answer in facts.items():
            fact = plan.facts.get(name)
            if fact and fact.milestone == milestone and isinstance(answer.value, datetime):
                return answer.value
    return None


def _nearest(word: str, known: list[str], what: str) -> str:
    guess = did_you_mean(word, known)
    return f'did you mean "{guess}"?' if guess else f"{what}: {listed(sorted(known))}"


def _long_form(value: object) -> object:
    """`cause: overload` is short for `cause: {value: overload}`; so with decisions and steps."""
    if not isinstance(value, dict):
        return {} if value is None else value
    long = dict(value)
    for section, key in (("facts", "value"), ("decisions", "choose")):
        if section in long:
            long[section] = _spelled_out(long[section], key)
    reviews = long.get("reviews")
    if isinstance(reviews, dict) and "strategies" in reviews:
        spelled = _spelled_out(reviews["strategies"], "choose")
        long["reviews"] = {**reviews, "strategies": spelled}
    messages = long.get("messages")
    if isinstance(messages, list):
        long["messages"] = [
            {**row, "facts": _spelled_out(row["facts"], "value")}
            if isinstance(row, dict) and "facts" in row
            else row
            for row in messages
        ]
    if isinstance(long.get("review"), str):
        long["review"] = {"to": long["review"]}
    steps = long.get("steps")
    if isinstance(steps, dict):
        long["steps"] = {k: {} if row in (None, "done") else row for k, row in steps.items()}
    return long


def _spelled_out(rows: object, key: str) -> object:
    if not isinstance(rows, dict):
        return rows
    return {name: row if isinstance(row, dict) else {key: row} for name, row in rows.items()}


class _Reading:
    """One pass that reads every value against the playbook and keeps what is wrong."""

    def __init__(
        self, document: Document, plan: Playbook, now: datetime, zone: tzinfo, folder: Path
    ) -> None:
        self.document, self.plan, self.now, self.zone = document, plan, now, zone
        self.folder = folder
        self.problems: list[Problem] = []

    def answers(self, file: AnswersFile) -> Answers:
        steps = {step.id for _, step in self.plan.steps()}
        for section, names in (("steps", file.steps), ("decisions", file.decisions)):
            for name in names:
                if name not in steps:
                    hint = _nearest(name, sorted(steps), "steps")
                    self.wrong((section, name), f'there is no step "{name}"', hint, key=True)
        return Answers(
            facts=dict(self.facts(("facts",), file.facts)),
            decisions=dict(self.decisions(file)),
            steps={name: self.step(name, line) for name, line in file.steps.items()},
            approve=file.approve,
            let_stand=BEFOREHAND,
            at=self.time(("at",), file.at),
            roles=dict(self.roles(file)),
            messages=tuple(self.messages(file)),
            notes=tuple(self.note(number, line) for number, line in enumerate(file.notes)),
            actions=file.actions,
            causes=tuple(self.cause(number, line) for number, line in enumerate(file.causes)),
            review=self.review(file.review) if file.review is not None else None,
            notices={name: self.notice(name, line) for name, line in file.notices.items()},
            reviews=self.reviews(file.reviews) if file.reviews is not None else None,
            compensation=self.compensation(file.compensation) if file.compensation else None,
        )

    def facts(
        self, where: tuple[str | int, ...], lines: Mapping[str, FactLine]
    ) -> Iterator[tuple[str, FactAnswer]]:
        for name, line in lines.items():
            try:
                spec = askable(self.plan, name)
            except CrisisError as error:
                self.wrong((*where, name), error.message, error.hint, key=True)
                continue
            if line.value is None:
                if not spec.optional:
                    hint = "write its value, or leave the line out"
                    self.wrong((*where, name, "value"), f'"{name}" is left empty', hint)
                continue
            try:
                value = values.parse(spec, line.value, now=self.now, zone=self.zone)
            except CrisisError as error:
                self.wrong((*where, name, "value"), error.message, error.hint)
            else:
                yield name, FactAnswer(value, line.status, line.source)

    def decisions(self, file: AnswersFile) -> Iterator[tuple[str, Choice]]:
        for id, choice in file.decisions.items():
            step = self.plan.step(id)
            if step is None:
                continue
            if step.decide is None:
                self.wrong(("decisions", id), f'step "{id}" has nothing to decide', key=True)
            elif choice.choose not in step.decide.options:
                hint = _nearest(choice.choose, list(step.decide.options), "options")
                text = f'"{choice.choose}" is not an option of "{id}"'
                self.wrong(("decisions", id, "choose"), text, hint)
            else:
                yield id, choice

    def roles(self, file: AnswersFile) -> Iterator[tuple[str, str]]:
        for role, person in file.roles.items():
            if role in self.plan.roles:
                yield role, person
            else:
                hint = _nearest(role, list(self.plan.roles), "roles")
                self.wrong(("roles", role), f'there is no role "{role}"', hint, key=True)

    def step(self, name: str, line: StepLine) -> StepAnswer:
        at = self.time(("steps", name, "at"), line.at)
        return StepAnswer(line.skip, at, line.note, line.open, line.run)

    def messages(self, file: AnswersFile) -> Iterator[MessageAnswer]:
        known = self.plan.messages()
        for number, line in enumerate(file.messages):
            where: tuple[str | int, ...] = ("messages", number)
            if line.send not in known:
                hint = _nearest(line.send, known, "messages")
                self.wrong((*where, "send"), f'there is no message "{line.send}"', hint)
            at = self.time((*where, "at"), line.at)
            if not line.at:
                self.wrong((*where, "at"), "the message has no time", "write when it went out")
            facts = dict(self.facts((*where, "facts"), line.facts))
            if at is not None:
                yield MessageAnswer(line.send, at, facts)

    def notice(self, name: str, line: NoticeLine) -> NoticeAnswer:
        at = self.time(("notices", name, "at"), line.at)
        if line.not_ and line.delayed:
            hint = "keep one of them"
            self.wrong(("notices", name), "it is both not told and delayed", hint, key=True)
        elif line.because and (line.not_ or line.delayed):
            hint = "keep the one beside `not` or `delayed`"
            self.wrong(("notices", name, "because"), "it has two reasons", hint, key=True)
        decided: Decided = "notified"
        if line.not_ or line.delayed:
            decided = "not-notified" if line.not_ else "delayed"
        because = line.not_ or line.delayed or line.because
        return NoticeAnswer(Decision(decided, because, line.reference, line.by), at)

    def reviews(self, line: ReviewsLine) -> ReviewsAnswer:
        files = []
        for number, name in enumerate(line.import_):
            path = self.folder / name
            if not path.exists():
                self.wrong(("reviews", "import", number), f"{name} is not there")
            files.append(path)
        return ReviewsAnswer(tuple(files), line)

    def compensation(self, line: CompensationLine) -> CompensationAnswer:
        path = self.folder / line.file if line.file else None
        if path is not None and not path.is_file():
            self.wrong(("compensation", "file"), f"{line.file} is not there")
        return CompensationAnswer(path, line)

    def note(self, number: int, line: NoteLine) -> NoteAnswer:
        return NoteAnswer(line.text, self.time(("notes", number, "at"), line.at), line.topic)

    def cause(self, number: int, line: CauseLine) -> CauseAnswer:
        if len(line.whys) > WHYS:
            hint = "make the rest another cause"
            where = ("causes", number, "whys")
            self.wrong(where, f"{len(line.whys)} whys: {WHYS} at most", hint, key=True)
        return CauseAnswer(line, self.time(("causes", number, "at"), line.at))

    def review(self, line: ReviewLine) -> ReviewAnswer:
        return ReviewAnswer(line, self.time(("review", "at"), line.at))

    def time(self, where: tuple[str | int, ...], text: str) -> datetime | None:
        if not text:
            return None
        try:
            moment = values.parse(_TIME, text, now=self.now, zone=self.zone)
        except CrisisError as error:
            self.wrong(where, error.message, error.hint)
            return None
        return moment if isinstance(moment, datetime) else None

    def wrong(
        self, where: tuple[str | int, ...], text: str, hint: str = "", *, key: bool = False
    ) -> None:
        mark = self.document.mark(where, key=key)
        self.problems.append(
            Problem(line=mark.line, column=mark.column, text=text, hint=hint, rule="answers")
        )
