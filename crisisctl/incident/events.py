"""The events of an incident: past-tense facts, written once and never edited.

Each kind is a small frozen struct; `Entry` is the envelope that stands in the
journal. A kind that this version does not know (a newer crisisctl wrote it)
is kept as `Unknown`, so that the timeline still shows that something happened.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

import msgspec

from crisisctl.errors import CrisisError
from crisisctl.incident.compensated import CompensationApproved as CompensationApproved
from crisisctl.incident.compensated import CompensationIssued as CompensationIssued
from crisisctl.incident.compensated import CompensationPlanned as CompensationPlanned
from crisisctl.incident.compensated import CompensationSettled as CompensationSettled
from crisisctl.incident.compensated import RedemptionLine as RedemptionLine
from crisisctl.incident.compensated import RedemptionsRead as RedemptionsRead
from crisisctl.incident.heard import KpiMeasured as KpiMeasured
from crisisctl.incident.heard import ReviewAnswered as ReviewAnswered
from crisisctl.incident.heard import ReviewMarked as ReviewMarked
from crisisctl.incident.heard import ReviewsImported as ReviewsImported
from crisisctl.incident.heard import StrategyChosen as StrategyChosen
from crisisctl.incident.learned import ActionAdded as ActionAdded
from crisisctl.incident.learned import ActionChanged as ActionChanged
from crisisctl.incident.learned import ActionDeclined as ActionDeclined
from crisisctl.incident.learned import ActionDone as ActionDone
from crisisctl.incident.learned import CauseFound as CauseFound
from crisisctl.incident.learned import EventCorrected as EventCorrected
from crisisctl.incident.learned import NoteAdded as NoteAdded
from crisisctl.incident.learned import PostMortemMoved as PostMortemMoved
from crisisctl.incident.learned import TimelineRead as TimelineRead
from crisisctl.incident.said import DeliveryFailed as DeliveryFailed
from crisisctl.incident.said import DeliveryIntended as DeliveryIntended
from crisisctl.incident.said import DraftedText as DraftedText
from crisisctl.incident.said import MessageApproved as MessageApproved
from crisisctl.incident.said import MessageDrafted as MessageDrafted
from crisisctl.incident.said import MessageSent as MessageSent
from crisisctl.incident.said import Overruled as Overruled
from crisisctl.incident.said import PromiseKept as PromiseKept
from crisisctl.incident.said import PromiseMade as PromiseMade
from crisisctl.incident.said import SentText as SentText
from crisisctl.incident.said import TextDelivered as TextDelivered
from crisisctl.playbook.model import Milestone, Playbook, Severity
from crisisctl.playbook.regulation import Regulation, Within

Status = Literal["suspected", "confirmed"]
Decided = Literal["notified", "not-notified", "delayed", "reopened"]
Plain = str | int | float | bool | list[str]


class IncidentDeclared(msgspec.Struct, frozen=True, tag="incident-declared"):
    """The crisis is acknowledged; the clocks that run from `declared` start."""

    title: str
    time_zone: str
    drill: bool = False
    review_within: dict[str, Within] = {}
    """How soon the post-mortem must be reviewed, where the workspace set it otherwise."""


class PlaybookAdded(msgspec.Struct, frozen=True, tag="playbook-added"):
    """The plan as it stood when the incident began to follow it.

    `source` is the YAML text; `plan` is the same, checked. Editing the file
    later never changes a running incident.
    """

    name: str
    source: str
    plan: Playbook
    because: str = ""
    """Why it was added to an incident that was running already."""


class RegulationsKept(msgspec.Struct, frozen=True, tag="regulations-kept"):
    """The law's clocks as they were known when the incident began to follow them."""

    regulations: tuple[Regulation, ...]


class NoticeDecided(msgspec.Struct, frozen=True, tag="notice-decided"):
    """What was decided about one clock: told, not told and why, or told late and why.

    It happened when the entry says. `due` and `as_of` are what the decision
    rested on: the moment that was shown, and the day on which the law was read.
    """

    clock: str
    decision: Decided
    due: datetime | None = None
    because: str = ""
    reference: str = ""
    """The number that the authority gave."""
    person: str = ""
    """Who told them, if not the one who recorded it."""
    as_of: str = ""


class SeverityChanged(msgspec.Struct, frozen=True, tag="severity-changed"):
    """Raised by an answer, or set by a person with a reason."""

    severity: Severity
    because: str


class RoleAssigned(msgspec.Struct, frozen=True, tag="role-assigned"):
    """A person holds a role from now on."""

    role: str
    person: str


class RoleHandedOver(msgspec.Struct, frozen=True, tag="role-handed-over"):
    """A role passed from one person to another."""

    role: str
    person: str
    previous: str


class StepStarted(msgspec.Struct, frozen=True, tag="step-started"):
    """A step came up; where it stands among those that apply is kept for `status`."""

    playbook: str
    step: str
    stage: str
    number: int
    """1-based position among the stage's steps that apply."""
    of: int


class StepCompleted(msgspec.Struct, frozen=True, tag="step-completed"):
    """A step was done; `open_items` are checklist lines left unticked."""

    playbook: str
    step: str
    open_items: tuple[str, ...] = ()


class StepSkipped(msgspec.Struct, frozen=True, tag="step-skipped"):
    """A step was passed over on purpose."""

    playbook: str
    step: str
    because: str


class DecisionTaken(msgspec.Struct, frozen=True, tag="decision-taken"):
    """The commander chose; what was chosen becomes a confirmed fact."""

    playbook: str
    step: str
    fact: str
    option: str
    because: str


class FactRecorded(msgspec.Struct, frozen=True, tag="fact-recorded"):
    """Something was learned. `value` is in the form of `values.encode`."""

    fact: str
    value: Plain
    status: Status = "confirmed"
    source: str = ""


class FactRetracted(msgspec.Struct, frozen=True, tag="fact-retracted"):
    """What was recorded turned out to be wrong."""

    fact: str
    because: str


class MilestoneReached(msgspec.Struct, frozen=True, tag="milestone-reached"):
    """One of the times that the metrics are made of; a later one corrects it."""

    milestone: Milestone
    at: datetime


class DeadlineWaived(msgspec.Struct, frozen=True, tag="deadline-waived"):
    """Somebody decided that a deadline or promise will not be met, and said why."""

    deadline: str
    due: datetime
    because: str


class CommandRan(msgspec.Struct, frozen=True, tag="command-ran"):
    """A shell command of a step ran; its output is bounded."""

    playbook: str
    step: str
    command: str
    exit_code: int
    output: str


class AccessRestricted(msgspec.Struct, frozen=True, tag="access-restricted"):
    """From now on its words are for these people only."""

    circle: tuple[str, ...]
    because: str


class RestrictionLifted(msgspec.Struct, frozen=True, tag="restriction-lifted"):
    """Everybody may read it again."""

    because: str


class IncidentClosed(msgspec.Struct, frozen=True, tag="incident-closed"):
    """The post-mortem is accepted."""

    because: str = ""


class IncidentReopened(msgspec.Struct, frozen=True, tag="incident-reopened"):
    """It was not over."""

    because: str


class Unknown(msgspec.Struct, frozen=True, tag="unknown"):
    """An event kind of a newer crisisctl."""

    kind: str


Event = (
    IncidentDeclared
    | PlaybookAdded
    | RegulationsKept
    | NoticeDecided
    | SeverityChanged
    | RoleAssigned
    | RoleHandedOver
    | StepStarted
    | StepCompleted
    | StepSkipped
    | DecisionTaken
    | FactRecorded
    | FactRetracted
    | MilestoneReached
    | MessageDrafted
    | MessageApproved
    | DeliveryIntended
    | TextDelivered
    | DeliveryFailed
    | MessageSent
    | PromiseMade
    | PromiseKept
    | DeadlineWaived
    | CommandRan
    | ReviewsImported
    | StrategyChosen
    | ReviewAnswered
    | ReviewMarked
    | KpiMeasured
    | CompensationPlanned
    | CompensationApproved
    | CompensationIssued
    | CompensationSettled
    | RedemptionsRead
    | NoteAdded
    | TimelineRead
    | EventCorrected
    | CauseFound
    | PostMortemMoved
    | ActionAdded
    | ActionChanged
    | ActionDone
    | ActionDeclined
    | AccessRestricted
    | RestrictionLifted
    | IncidentClosed
    | IncidentReopened
    | Unknown
)


class Entry(msgspec.Struct, frozen=True):
    """An event as it stands in the journal."""

    seq: int
    occurred_at: datetime
    """When it happened."""
    recorded_at: datetime
    """When it was written down."""
    by: str
    """The operator who recorded it."""
    event: Event


class _Loose(msgspec.Struct, frozen=True):
    seq: int
    occurred_at: datetime
    recorded_at: datetime
    by: str
    event: dict[str, msgspec.Raw]


_KINDS = {str(kind.__struct_config__.tag) for kind in get_args(Event)}
_decoder = msgspec.json.Decoder(Entry)
_encoder = msgspec.json.Encoder()


def kind(event: Event) -> str:
    """The event's name as it stands in the journal, such as `fact-recorded`."""
    return event.kind if isinstance(event, Unknown) else str(event.__struct_config__.tag)


def encode(entry: Entry) -> bytes:
    """The entry as one line of JSON."""
    try:
        return _encoder.encode(entry)
    except UnicodeEncodeError:  # bytes of a command line in another encoding
        raise CrisisError(
            "not saved: the text is not UTF-8", hint="type it again; nothing was recorded"
        ) from None


def decode(body: bytes) -> Entry:
    """The entry from its JSON; a kind this version does not know becomes `Unknown`."""
    try:
        return _decoder.decode(body)
    except msgspec.ValidationError:
        loose = msgspec.json.decode(body, type=_Loose)
        tag = msgspec.json.decode(loose.event["type"], type=str)
        if tag in _KINDS:  # leaving out what it says would change what the incident is
            raise CrisisError(
                f"event {loose.seq} ({tag}) is written in a form that this version does not know",
                hint="a newer crisisctl wrote it: use that one",
                code=1,
            ) from None
        return Entry(loose.seq, loose.occurred_at, loose.recorded_at, loose.by, Unknown(tag))
