"""The figures that tell whether a reputation heals: target, now, trend, what to do when worse.

The seven and their example targets are those of Russian practice (one of the documents that this
product answers to); a shop sets its own. Reviews give three of them; the others are asked for,
or read from a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from crisisctl.incident.incoming import Measured

Better = Literal["lower", "higher"]


class Kpi(Struct, frozen=True):
    """One figure, and what is good."""

    name: str
    title: str
    unit: str
    """`%`, `min` or nothing."""
    better: Better
    target: float | None
    """The example target; None where only the shop can know."""
    measure: str
    """Where it comes from."""
    worse: str
    """What to do when it is missed."""


KPIS: tuple[Kpi, ...] = (
    Kpi(
        "negative_share",
        "Negative reviews",
        "%",
        "lower",
        5,
        "the reviews of this incident",
        "analyse the causes, correct them, improve the service",
    ),
    Kpi(
        "reply_minutes",
        "Time to answer a complaint (median)",
        "min",
        "lower",
        60,
        "the answers of this incident and of the export",
        "name who answers, prepare answers to what is asked often",
    ),
    Kpi(
        "engagement",
        "Engagement (likes, comments, saves)",
        "%",
        "higher",
        5,
        "the analytics of the network",
        "better content, more conversation",
    ),
    Kpi(
        "sentiment",
        "Positive mentions",
        "%",
        "higher",
        70,
        "the reviews of this incident; a monitoring service for posts",
        "improve product and service, tell what has improved",
    ),
    Kpi(
        "nps",
        "Net promoter score",
        "",
        "higher",
        70,
        "customer surveys",
        "improve the service, care for regular customers",
    ),
    Kpi(
        "reach",
        "Reach of posts (people)",
        "",
        "higher",
        None,
        "the analytics of the network",
        "look at whom the posts are for, and at what they say",
    ),
    Kpi(
        "followers",
        "Followers",
        "",
        "higher",
        None,
        "the account's figures",
        "find the causes, change what is posted",
    ),
)
BY_NAME: Mapping[str, Kpi] = {kpi.name: kpi for kpi in KPIS}


class Figures(Struct, frozen=True):
    """What the reviews themselves give, before and now; None where they do not."""

    before: Mapping[str, float] = {}
    now: Mapping[str, float] = {}


class Row(Struct, frozen=True):
    """A line of the table."""

    kpi: Kpi
    target: float | None
    before: float | None
    now: float | None
    history: tuple[tuple[datetime, float], ...] = ()
    """What was recorded by hand, oldest first."""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is no target or no figure."""
        if self.target is None or self.now is None:
            return None
        return self.now <= self.target if self.kpi.better == "lower" else self.now >= self.target

    @property
    def trend(self) -> Literal["better", "worse", "same"] | None:
        """Against before; None where one of both is missing."""
        if self.before is None or self.now is None:
            return None
        if abs(self.now - self.before) < 0.005 * max(abs(self.before), 1):
            return "same"
        fell = self.now < self.before
        return "better" if fell == (self.kpi.better == "lower") else "worse"


def table(
    figures: Figures, measured: Iterable[Measured], targets: Mapping[str, float]
) -> tuple[Row, ...]:
    """All seven. What a person recorded counts more than what was worked out from reviews.

    `targets` are the workspace's; one that was set in the incident counts more.
    """
    rows = []
    given = sorted(measured, key=lambda each: each.at)
    for kpi in KPIS:
        mine = [each for each in given if each.event.kpi == kpi.name]
        set_here = [each.event.value for each in mine if each.event.target]
        history = tuple((each.at, each.event.value) for each in mine if not each.event.target)
        target = set_here[-1] if set_here else targets.get(kpi.name, kpi.target)
        before = history[0][1] if len(history) > 1 else figures.before.get(kpi.name)
        now = history[-1][1] if history else figures.now.get(kpi.name)
        rows.append(Row(kpi, target, before, now, history))
    return tuple(rows)


def in_words(kpi: Kpi, value: float | None) -> str:
    """A figure with its unit; a dash where there is none."""
    if value is None:
        return "-"
    shown = f"{value:,.1f}".removesuffix(".0")
    if kpi.unit == "min" and value >= 120:
        return f"{value / 60:,.1f} h".replace(".0 h", " h")
    return f"{shown} {kpi.unit}".strip() if kpi.unit != "%" else f"{shown} %"
