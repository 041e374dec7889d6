"""Answering reviews: the one at hand, a draft for it, what is wrong with it, its record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.incident.heard import Strategy
from crisisctl.incident.incoming import Answered
from crisisctl.messages.channels import Channel, load_channels
from crisisctl.messages.formats import filters
from crisisctl.messages.proof.own import own_of
from crisisctl.messages.proof.proofread import Setting
from crisisctl.reviews.kpi import BY_NAME
from crisisctl.reviews.replies import Draft, Occasion, draft, given_name, load_replies
from crisisctl.reviews.review import SAID, platform
from crisisctl.reviews.shelf import Heard, Shelf
from crisisctl.runner import reviews as deciding
from crisisctl.runner.reviews import Answer, Checked, moment_of

if TYPE_CHECKING:
    from crisisctl.cli.desk import Desk
    from crisisctl.cli.walk import Walk
    from crisisctl.incident.fold import Incident

ELSEWHERE = "review"
"""The channel of a platform whose limits nobody has written down."""
AUTHORITY = "authority"
"""The decision of a playbook on what the team may do without asking."""
OWNER = "review-owner"
"""The role that answers reviews."""


def shelf_of(desk: Desk, incident: Incident, *, create: bool = False) -> Shelf:
    """The reviews of an incident. Raises where none were imported yet."""
    path = desk.folder(drill=incident.drill) / "reviews" / f"{incident.id}.db"
    if not create and not path.is_file():
        raise CrisisError(
            f"no reviews were imported into {incident.id} yet",
            hint="`crisisctl reviews import FILE` reads the export of a platform",
        )
    return Shelf(path, create=create)


class Waiting(Struct, frozen=True):
    """A review that wants an answer, with what the operator should know of it."""

    heard: Heard
    due: datetime | None
    place: int
    """1-based, among those that wait."""
    of: int
    same: int
    """Others that wait about the same aspect of the same topic."""


@dataclass
class Bench:
    """Where one operator answers the reviews of one incident."""

    walk: Walk
    shelf: Shelf
    passed: set[str] = field(default_factory=set)
    """Left for later in this sitting."""

    @cached_property
    def target(self) -> timedelta:
        """Within which a complaint should have its answer."""
        target = targets(self.walk.desk, self.walk.incident).get("reply_minutes")
        return timedelta(minutes=target or BY_NAME["reply_minutes"].target or 60)

    def waiting(self) -> Iterator[Heard]:
        """Those that still want an answer, the most urgent first."""
        done, since = self.walk.incident.answered, since_of(self.walk.incident)
        every = self.shelf.waiting(since or 0)
        return (h for h in every if (state := done.get(h.review.key)) is None or state.open)

    def next(self) -> Waiting | None:
        """The one to answer now; None when the queue is empty, but for what was passed over."""
        first, place, of = None, 0, 0
        alike: Counter[tuple[str, str]] = Counter()
        for heard in self.waiting():
            of += 1
            alike[heard.topic, heard.aspect] += 1
            if first is None and heard.review.key not in self.passed:
                first, place = heard, of
        if first is None:
            return None
        same = alike[first.topic, first.aspect] - 1
        return Waiting(first, self.due(first), place, of, same)

    def due(self, heard: Heard) -> datetime | None:
        """When a review should have its answer."""
        at = moment_of(heard.review.at)
        return at + self.target if at is not None else None

    @property
    def may_give(self) -> bool:
        """Whether somebody has decided what those who answer may give; else drafts go too far."""
        asked = any(AUTHORITY in plan.names() for plan in self.walk.incident.plans.values())
        return not asked or self.walk.incident.known(AUTHORITY) is not None

    def strategy(self, heard: Heard) -> Strategy:
        """How its topic is answered; one by one where nobody has chosen."""
        chosen = self.walk.incident.strategies.get(heard.topic)
        return chosen.event.strategy if chosen is not None else "individual"

    def channel(self, heard: Heard) -> tuple[str, Channel]:
        """The channel whose limits its answer must keep."""
        known = load_channels(self.walk.desk.workspace)
        name = platform(heard.review.source)
        return (
            (name, known.channels[name])
            if name in known.channels
            else (
                ELSEWHERE,
                known.get(ELSEWHERE),
            )
        )

    def locale(self, heard: Heard) -> str:
        """The language of its answer: its own; where nobody can tell it, the shop's first."""
        if load_replies(self.walk.desk.workspace, heard.language) is not None:
            return heard.language
        ours = self.walk.desk.workspace.get("locales")
        first = str(ours[0]) if isinstance(ours, list) and ours else "en"
        return first if load_replies(self.walk.desk.workspace, first) is not None else "en"

    def draft(self, heard: Heard, *, instead: tuple[str, ...] = ()) -> Draft:
        """A draft for it; with `instead`, as unlike these as can be."""
        desk, locale = self.walk.desk, self.locale(heard)
        replies = load_replies(desk.workspace, locale)
        if replies is None:
            raise CrisisError(f'there are no drafts in "{locale}"', hint="write templates/replies")
        strategy = self.strategy(heard)
        before = (*deciding.recent(self.walk.incident, locale), *instead)
        occasion = Occasion(
            locale, self.channel(heard)[1], self.values(heard, locale), strategy, before
        )
        return draft(replies, heard, occasion)

    def values(self, heard: Heard, locale: str) -> dict[str, str]:
        """What the sentences of a draft may speak of."""
        incident, workspace = self.walk.incident, self.walk.desk.workspace
        at = moment_of(heard.review.at)
        owner = incident.roles.get(OWNER, "")
        known = {
            "name": given_name(heard.review.author),
            "product": _named(heard.review.product),
            "day": filters(locale, self.walk.zone)["day"](at) if at is not None else "",
            "brand": self._fact("brand.name") or str(workspace.get("brand.name") or ""),
            "contact": self._fact("brand.support_email")
            or self._fact("brand.phone")
            or str(workspace.get("brand.support_email") or workspace.get("brand.phone") or ""),
            "signer": given_name(owner.capitalize()),
            "platform": SAID.get(platform(heard.review.source), ""),
        }
        return {name: value for name, value in known.items() if value}

    def _fact(self, setting: str) -> str:
        """What the incident knows of a setting of the workspace."""
        for plan in self.walk.incident.plans.values():
            for name, spec in plan.facts.items():
                known = self.walk.incident.known(name) if spec.workspace == setting else None
                if known is not None and known.status == "confirmed":
                    return str(known.value)
        return ""

    def check(self, heard: Heard, text: str, locale: str) -> Checked:
        """Everything wrong with an answer."""
        channel = self.channel(heard)[1]
        workspace = self.walk.desk.workspace
        told = [self._fact("brand.support_email"), self._fact("brand.phone")]
        setting = Setting(
            workspace,
            locale,
            kind="reply",
            form="body" if channel.form == "body" else "short",
            public=True,
            own=own_of(workspace, told),
        )
        return deciding.checked(text, channel, setting, deciding.recent(self.walk.incident, locale))

    def answer(self, heard: Heard, given: Answer) -> None:
        """Record an answer. Raises where something is wrong with it."""
        found = self.check(heard, given.text, given.locale)
        events = deciding.answer(heard, given, found)
        self.walk.record(lambda _: events)

    def mark(self, heard: Heard, status: str, *, because: str) -> None:
        """Give it another status."""
        key = heard.review.key
        self.walk.record(lambda i: deciding.mark(i, key, status, because=because))


def since_of(incident: Incident) -> int | None:
    """When the wave began, as the last import found it: seconds since 1970."""
    began = incident.imports[-1][1].since if incident.imports else None
    return int(began.timestamp()) if began is not None else None


def targets(desk: Desk, incident: Incident) -> Mapping[str, float]:
    """The shop's own targets: the workspace's, and over them those set in the incident."""
    found: dict[str, float] = {}
    own = desk.workspace.get("reviews.targets")
    if isinstance(own, Mapping):
        for name, value in own.items():
            if name not in BY_NAME or not isinstance(value, int | float):
                raise CrisisError(
                    f"crisisctl.yaml, reviews.targets.{name}: not a figure that has a target",
                    hint=f"write a number for one of: {', '.join(BY_NAME)}",
                )
            found[name] = float(value)
    for each in incident.measured:
        if each.event.target:
            found[each.event.kpi] = each.event.value
    return found


def status_of(heard: Heard, answered: Mapping[str, Answered]) -> str:
    """New, answered, resolved, flagged or ignored; `answered` where the platform shows a reply."""
    state = answered.get(heard.review.key)
    if state is not None:
        return state.status
    return "answered" if heard.review.reply else "new"


def _named(product: str) -> str:
    """A product's name as a sentence can hold it; codes and addresses are none."""
    words = " ".join(product.split())
    plain = words and len(words) <= 60 and not any(c.isdigit() for c in words[:1])
    return words if plain and "/" not in words and "_" not in words else ""
