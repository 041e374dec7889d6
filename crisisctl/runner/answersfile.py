"""What an answers file is made of: the shape of the YAML, before it is read against a plan."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from crisisctl.incident.events import Status
from crisisctl.incident.heard import Strategy
from crisisctl.playbook.form import Model


def _short(*forms: object) -> Meta:
    """What may be written in place of the whole mapping, for editors."""
    return Meta(extra_json_schema={"short": list(forms)})


class FactLine(Model, frozen=True, kw_only=True):
    """A fact as the file states it; the value alone is short for a confirmed one."""

    value: Any
    """Its value, as its type is written; nothing leaves an optional fact open."""
    status: Status = "confirmed"
    """How sure it is."""
    source: str = ""
    """Where it is known from."""


_VALUE = {"type": ["string", "number", "boolean", "array", "null"]}
_Facts = dict[str, Annotated[FactLine, _short(_VALUE)]]


class Choice(Model, frozen=True, kw_only=True):
    """A decision taken beforehand; the option alone is short for one without a reason."""

    choose: str
    """The key of the option."""
    because: str = ""
    """Why, for the record."""


class StepLine(Model, frozen=True, kw_only=True):
    """What happens at a step: it is done, unless `skip` says why not."""

    skip: str = ""
    """Why it is skipped."""
    at: str = ""
    """When it was done, in a replay."""
    note: str = ""
    """A line for the timeline."""
    open: tuple[str, ...] = ()
    """Checklist lines that were left undone."""
    run: bool = False
    """Whether the step's command may run without a person confirming it."""


class NoteLine(Model, frozen=True, kw_only=True):
    """A line for the timeline at its own time."""

    text: str
    """What happened."""
    at: str = ""
    """When it happened."""
    topic: str = ""
    """Sorts it into the report: went-well, went-badly, got-lucky, playbook."""


class ActionLine(Model, frozen=True, kw_only=True):
    """Follow-up work agreed beforehand."""

    title: str
    """What is to be done: a verb first, an end to check."""
    owner: str = ""
    """Who does it."""
    due: Annotated[str, Meta(extra_json_schema={"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})] = ""
    """By when, as "2026-12-11"."""
    type: Literal["prevent", "detect", "respond", "communicate"] | None = None
    """What it is good for: it happens less, is seen, ended or told sooner."""
    link: str = ""
    """Where it is tracked."""
    declined: str = ""
    """Why it is not done, where that was decided."""


class CauseLine(Model, frozen=True, kw_only=True):
    """One of the things that came together."""

    text: str
    """What it was."""
    class_: str = ""
    """Its class: a choice of the fact `cause`, such as deployment."""
    whys: Annotated[tuple[str, ...], Meta(extra_json_schema={"maxItems": 5})] = ()
    """What made it possible, and what made that possible: each answers the one before."""
    at: str = ""
    """When it was found, in a replay."""


class ReviewLine(Model, frozen=True, kw_only=True):
    """How far the post-mortem is; the state alone is short for one without times."""

    to: Literal["draft", "in-review", "reviewed"]
    """Its state."""
    at: str = ""
    """When, in a replay."""
    by: str = ""
    """Who read it, if not the one who replays."""
    because: str = ""
    """Why it counts as reviewed although something is missing."""


class MessageLine(Model, frozen=True, kw_only=True):
    """A message sent out of turn in a replay, with the facts learned just before."""

    send: str
    """The message's name."""
    at: str
    """When it went out."""
    facts: _Facts = {}
    """What was learned just before, by the fact's name."""


class NoticeLine(Model, frozen=True, kw_only=True):
    """What is decided about a regulator's clock: told, unless one of the others is given."""

    at: str = ""
    """When they were told, or it was decided."""
    reference: str = ""
    """The number that they gave."""
    by: str = ""
    """Who told them."""
    because: str = ""
    """Why it was late."""
    not_: str = ""
    """Why they are not told."""
    delayed: str = ""
    """Why they will be told late."""


class StrategyLine(Model, frozen=True, kw_only=True):
    """How a topic's reviews are answered; the strategy alone is short for one without a reason."""

    choose: Strategy
    """The strategy."""
    because: str = ""
    """Why, for the record."""


class ReviewsLine(Model, frozen=True, kw_only=True):
    """What is done about customers' reviews."""

    import_: tuple[str, ...] = ()
    """Exports to read; a path that is not absolute starts at the folder of this file."""
    map: dict[str, str] = {}
    """What the columns hold, where the files do not tell: `{rating: Note}`."""
    source: str = ""
    """The platform, where the files do not tell."""
    strategies: dict[
        Literal["product", "delivery", "support", "price", "website", "other"],
        Annotated[StrategyLine, _short({"type": "string"})],
    ] = {}
    """How the reviews about a topic are answered; as proposed where nothing stands here."""
    drafts: bool = False
    """Whether each draft in which nothing is wrong answers its review without being read."""


class CompensationLine(Model, frozen=True, kw_only=True):
    """How customers are compensated; with `approve: true` the plan is approved and handed out."""

    file: str = ""
    """The export; a path that is not absolute starts at the folder of this file."""
    map: dict[str, str] = {}
    """What the columns hold, where the file does not tell: `{customer: Kundennummer}`."""
    shop: tuple[Literal["shopify", "woocommerce", "magento", "plain"], ...] = ()
    """The shop systems that codes are written for."""


class AnswersFile(Model, frozen=True, kw_only=True):
    """The file of `--answers`; the same works in drills, tests and CI."""

    facts: _Facts = {}
    """What is known, by the name of the fact or impact question."""
    decisions: dict[str, Annotated[Choice, _short({"type": "string"})]] = {}
    """What is decided, by the step's id."""
    steps: dict[str, Annotated[StepLine, _short({"type": "null"}, {"const": "done"})]] = {}
    """What happens at a step, by its id; steps that are not named are done."""
    approve: bool = False
    """Whether messages may be written out without a person approving them."""
    at: str = ""
    """When the incident was declared, in a replay."""
    roles: dict[str, str] = {}
    """Who holds each role."""
    messages: tuple[MessageLine, ...] = ()
    """Messages sent out of turn, in a replay."""
    notes: tuple[NoteLine, ...] = ()
    """Lines for the timeline."""
    actions: tuple[ActionLine, ...] = ()
    """Follow-up work."""
    causes: tuple[CauseLine, ...] = ()
    """What came together."""
    review: Annotated[ReviewLine, _short({"type": "string"})] | None = None
    """How far the post-mortem is, once every step is done."""
    notices: dict[str, NoticeLine] = {}
    """What is decided about the regulators' clocks, by their names, such as `fr.authority`."""
    reviews: ReviewsLine | None = None
    """What is done about customers' reviews."""
    compensation: CompensationLine | None = None
    """How customers are compensated."""
