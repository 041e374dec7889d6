"""What is done about reviews: answered, marked, a strategy for each topic, a figure recorded."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.incident.heard import Marked, Strategy
from crisisctl.messages.channels import Channel
from crisisctl.messages.limits import Measured, Parts, measured
from crisisctl.messages.proof.proofread import Flaw, Setting, proofread
from crisisctl.playbook.model import FromReviews
from crisisctl.reviews.analysis import PER_DAY
from crisisctl.reviews.kpi import BY_NAME
from crisisctl.reviews.language import told, voices_of
from crisisctl.reviews.replies import MOST_ALIKE, likeness
from crisisctl.reviews.shelf import Heard
from crisisctl.reviews.strategy import STRATEGIES
from crisisctl.text import did_you_mean, listed

MARKS: tuple[Marked, ...] = get_args(Marked)
COPIED = "reply-copied"
"""The rule that two answers in a row may not be copies."""
LANGUAGE = "wrong-language"
THIN = "reply-thin"
_FEWEST = 6
"""Words of an answer: with fewer nobody is answered."""
_BEFORE = 5
"""Answers that a new one must differ from."""


class Answer(Struct, frozen=True):
    """A text that is to answer a review, and where it goes."""

    text: str
    channel: str
    locale: str
    topic: str = ""
    edited: bool = False
    unread: bool = False
    overruled: tuple[tuple[str, str], ...] = ()
    """By rule: why what was found may stand."""


class Checked(Struct, frozen=True):
    """What is wrong with an answer."""

    measures: tuple[Measured, ...]
    flaws: tuple[Flaw, ...]

    @property
    def too_long(self) -> tuple[Measured, ...]:
        """The limits of its channel that it does not keep."""
        return tuple(each for each in self.measures if each.over and each.hard)

    @property
    def errors(self) -> tuple[Flaw, ...]:
        """What holds it up."""
        return tuple(flaw for flaw in self.flaws if flaw.severity == "error")


def recent(incident: Incident, locale: str) -> tuple[str, ...]:
    """The answers given so far in a language, the newest last."""
    given = [
        (state.answered_at, state.answer)
        for state in incident.answered.values()
        if state.answer is not None and state.answer.locale == locale and state.answered_at
    ]
    return tuple(answer.text for _, answer in sorted(given, key=lambda row: row[0]))


def checked(text: str, channel: Channel, setting: Setting, before: tuple[str, ...]) -> Checked:
    """Everything wrong with an answer: its length, words and language, whether it is a copy."""
    flaws = proofread(text, setting)
    spoken = told(text, voices_of(setting.workspace))
    if spoken and spoken != setting.locale and not any(f.rule == LANGUAGE for f in flaws):
        words = f'it is written in "{spoken}", the review in "{setting.locale}"'
        hint = "answer in the language of the review"
        flaws = (*flaws, Flaw(0, len(text), LANGUAGE, "error", words, hint, 1, 1))
    if len(text.split()) < _FEWEST:
        words, hint = "it says next to nothing", "say what went wrong, and what you do about it"
        flaws = (*flaws, Flaw(0, len(text), THIN, "error", words, hint, 1, 1))
    alike = likeness(text, before[-_BEFORE:])
    if alike >= MOST_ALIKE:
        words = f"it reads like one of the last {_BEFORE} answers ({alike:.0f} % the same)"
        hint = "say what is particular to this review"
        flaws = (*flaws, Flaw(0, len(text), COPIED, "error", words, hint, 1, 1))
    return Checked(measured(channel, Parts(text)), flaws)


def answer(heard: Heard, given: Answer, found: Checked) -> list[ev.Event]:
    """Record an answer. Raises where it is too long, or where an error has no reason to stand."""
    if not given.text.strip():
        raise CrisisError("an answer needs words")
    if found.too_long:
        raise CrisisError(
            f"the answer is too long for {given.channel}: {found.too_long[0]}",
            hint="shorten it; nothing is ever cut",
            code=1,
        )
    reasons = dict(given.overruled)
    rules = {flaw.rule for flaw in found.flaws}
    for rule in reasons.keys() - rules:
        raise CrisisError(
            f'nothing of "{rule}" is to be overruled',
            hint=f"it finds: {listed(rules) or 'nothing'}",
        )
    for flaw in found.errors:
        if not reasons.get(flaw.rule, "").strip():
            raise CrisisError(
                f"{flaw.line}:{flaw.column}: {flaw.text} [{flaw.rule}]",
                hint=f'change the answer, or let it stand: --overrule {flaw.rule}="why"',
                code=1,
            )
    review = heard.review
    return [
        ev.ReviewAnswered(
            review=review.key,
            text=given.text.strip(),
            channel=given.channel,
            locale=given.locale,
            topic=given.topic,
            written_at=moment_of(review.at),
            edited=given.edited,
            unread=given.unread,
            overruled=tuple(f"{rule}: {why}" for rule, why in sorted(reasons.items())),
        )
    ]


def moment_of(seconds: int | None) -> datetime | None:
    """The moment of a review; None where it says none."""
    from datetime import UTC

    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def mark(incident: Incident, key: str, status: str, *, because: str) -> list[ev.Event]:
    """Give a review another status. To ignore, flag or reopen one needs a reason."""
    found = next((mark for mark in MARKS if mark == status), None)
    if found is None:
        guess = did_you_mean(status, MARKS)
        hint = f'did you mean "{guess}"?' if guess else f"statuses: {listed(MARKS, 'or')}"
        raise CrisisError(f'there is no status "{status}" to set', hint=hint)
    if found != "resolved" and not because.strip():
        raise CrisisError(_WHY[found], hint='add --because "…"')
    state = incident.answered.get(key)
    if found == "new" and state is None:
        raise CrisisError("that review is new already")
    if state is not None and state.status == found and state.because == because.strip():
        return []
    return [ev.ReviewMarked(key, found, because.strip())]


_WHY: dict[Marked, str] = {
    "ignored": "leaving a review without an answer needs a reason: the report lists it",
    "flagged": "reporting a review to its platform needs the evidence",
    "new": "taking an answer or a mark back needs a reason",
}


def choose(topic: str, strategy: str, *, because: str, proposed: str) -> list[ev.Event]:
    """Decide how a topic is answered. Not to answer needs a reason."""
    found: Strategy | None = next((each for each in STRATEGIES if each == strategy), None)
    if found is None:
        guess = did_you_mean(strategy, STRATEGIES)
        hint = f'did you mean "{guess}"?' if guess else f"strategies: {listed(STRATEGIES, 'or')}"
        raise CrisisError(f'there is no strategy "{strategy}"', hint=hint)
    if found == "ignore" and not because.strip():
        raise CrisisError(
            "not answering a topic needs a reason: the report lists it", hint='add --because "…"'
        )
    return [ev.StrategyChosen(topic, found, because.strip(), proposed)]


def measure(
    kpi: str, value: float, *, of: datetime | None = None, source: str = "", target: bool = False
) -> list[ev.Event]:
    """Record a figure, or the target that the shop sets for it."""
    if kpi not in BY_NAME:
        guess = did_you_mean(kpi, BY_NAME)
        hint = f'did you mean "{guess}"?' if guess else f"figures: {listed(list(BY_NAME))}"
        raise CrisisError(f'there is no figure "{kpi}"', hint=hint)
    unit = BY_NAME[kpi].unit
    least = -100 if kpi == "nps" else 0
    most = 100 if unit == "%" or kpi == "nps" else 1e15
    if not least <= value <= most:
        raise CrisisError(f"{kpi}: {value:g} cannot be right", hint=f"from {least} to {most:g}")
    return [ev.KpiMeasured(kpi, value, of, source, target)]


def suggested(incident: Incident, figure: FromReviews) -> ev.Plain | None:
    """What the imported reviews suggest as the answer to a question; None where they do not."""
    if figure == "answered":
        return sum(state.answer is not None for state in incident.answered.values()) or None
    if not incident.imports:
        return None
    last = incident.imports[-1][1]
    match figure:
        case "since":
            return last.since.isoformat() if last.since is not None else None
        case "read":
            first = last.since.date().isoformat() if last.since is not None else ""
            return sum(every for day, (every, _) in last.days.items() if day >= first) or None
        case "top-topic":
            topics = {name: many for name, many in last.topics.items() if "." not in name}
            return max(topics, key=lambda topic: topics[topic]) if topics else None
        case "complaints-per-day":
            found = last.now.get(PER_DAY)
        case "usual-per-day":
            found = last.before.get(PER_DAY)
        case "negative-share":
            found = last.now.get("negative_share")
        case "usual-share":
            found = last.before.get("negative_share")
    return round(found) if found is not None else None
