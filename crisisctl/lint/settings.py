"""What may stand in `crisisctl.yaml`, and how the linter is set there."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from crisisctl.messages.delivery.targets import Target
from crisisctl.messages.formats import LOCALES
from crisisctl.messages.preapproval import PreApproved
from crisisctl.playbook.form import Id, Length, Model
from crisisctl.playbook.model import Approvals
from crisisctl.playbook.review import PostMortemSettings

_WELL_KNOWN = {
    "name": "What customers call the shop.",
    "support_email": "The e-mail address that customers write to.",
    "phone": "The phone number that customers call.",
    "status_url": "The status page, which does not run on the machines that may be down.",
}
_Brand = Annotated[
    dict[str, Any],
    Meta(
        extra_json_schema={
            "properties": {
                name: {"type": ["string", "null"], "description": words}
                for name, words in _WELL_KNOWN.items()
            }
        }
    ),
]
_Locale = Annotated[str, Meta(extra_json_schema={"enum": list(LOCALES)})]


_Kpi = Literal[
    "negative_share", "reply_minutes", "engagement", "sentiment", "nps", "reach", "followers"
]


class LintSettings(Model, frozen=True, kw_only=True):
    """How this workspace is linted."""

    select: tuple[str, ...] = ()
    """Rules or families: only these. `crisisctl lint --rules` lists them."""
    ignore: tuple[str, ...] = ()
    """Rules or families that are left out."""
    strict: bool = False
    """Whether warnings make the linter fail too."""
    baseline: str = ""
    """A file of findings that are known already, relative to this file."""
    review_every: Length = "180d"
    """The age at which a playbook must be read whole again, such as 90d."""


class Audience(Model, frozen=True, kw_only=True):
    """People who must be told."""

    recipients: str = ""
    """A CSV file with their addresses, relative to this file."""


class ReviewSettings(Model, frozen=True, kw_only=True):
    """How this shop measures itself by its reviews."""

    targets: dict[_Kpi, float] = {}
    """The shop's own targets: per cent, minutes for `reply_minutes`, else a number."""


class WorkspaceFile(Model, frozen=True, kw_only=True):
    """A team's `crisisctl.yaml`: who we are, and how messages are delivered."""

    brand: _Brand = {}
    """What facts with `workspace: brand.NAME` are answered with."""
    locales: tuple[_Locale, ...] = ()
    """The languages customers read; every message must be written in each."""
    time_zone: str = ""
    """The zone in which times are shown, such as Europe/Paris."""
    currency: Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z]{3}$"})] = ""
    """The currency of refunds and vouchers, three letters such as EUR."""
    roles: dict[Id, tuple[str, ...]] = {}
    """Who may hold each role of the playbooks, the first one first."""
    audiences: dict[Id, Audience] = {}
    """Who must be told, and where their addresses are."""
    delivery: dict[Id, Target | tuple[Target, ...]] = {}
    """How each channel is delivered: one way, or a list of ways, tried from the top.

    A channel left out is written to files.
    """
    approvals: dict[Id, Approvals] = {}
    """Who must approve messages, by audience; goes before what a playbook says."""
    pre_approved: tuple[PreApproved, ...] = ()
    """Messages that may go out without another approval, as long as their templates stay."""
    reviews: ReviewSettings | None = None
    """How this shop measures itself by its reviews."""
    post_mortem: PostMortemSettings | None = None
    """How this team looks back."""
    lint: LintSettings | None = None
    """How this workspace is linted."""
