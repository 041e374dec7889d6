"""How the reviews about a topic are answered: five ways, and a proposal with its reasons.

The ways are those of Russian practice for reviews (one of the documents that this product answers
to); which one fits follows Situational Crisis Communication Theory (W. T. Coombs): the more people
hold a shop responsible, the more its answer must take on. A history of such crises, or a bad
reputation before, raises what people hold it responsible for by one step.
"""

from __future__ import annotations

from typing import Literal, get_args

from msgspec import Struct

from crisisctl.incident.heard import Strategy

STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)
Responsibility = Literal["victim", "accidental", "preventable"]
LEVELS: tuple[Responsibility, ...] = get_args(Responsibility)


class Way(Struct, frozen=True):
    """One way to answer, with what speaks for and against it."""

    title: str
    for_: str
    against: str
    use: str


WAYS: dict[Strategy, Way] = {
    "individual": Way(
        "Answer each one personally",
        "shows care, solves the customer's problem, wins trust back",
        "takes time and people",
        "most cases, and always the serious ones",
    ),
    "apology-offer": Way(
        "Apologise in public and offer to make good",
        "takes responsibility, repairs quickly",
        "may draw more attention to it",
        "a serious mistake of ours that did customers real damage",
    ),
    "private": Way(
        "Answer in public, then go on in private",
        "confidential, made to measure",
        "not everybody agrees to it; never to hide the complaint",
        "personal matters, or when we must know more to help",
    ),
    "standard": Way(
        "A short answer from the template",
        "quick, one tone",
        "impersonal; may look insincere and solve nothing",
        "only very small problems",
    ),
    "ignore": Way(
        "Do not answer",
        "costs nothing now",
        "costs trust, and the complaint spreads",
        "never, unless there is nobody to answer: it needs a reason, and the report lists it",
    ),
}


class Situation(Struct, frozen=True):
    """What the proposal rests on."""

    topic: str
    mentions: int = 0
    """Complaints about it."""
    share: float = 0.0
    """Of all complaints, 0 to 1."""
    safety: bool = False
    """Whether somebody was hurt, or could be."""
    responsibility: Responsibility | None = None
    """How far people hold the shop responsible; None: nobody has judged yet."""
    history: bool = False
    """Whether the shop had such a crisis before."""
    reputation: bool = False
    """Whether its reputation was bad before."""
    private: bool = False
    """Whether an answer needs what only the customer may tell, such as an order or an account."""


class Proposal(Struct, frozen=True):
    """What the theory says, and why; a person decides."""

    strategy: Strategy
    because: tuple[str, ...]
    response: str
    """What the answers should do, in the theory's terms."""


_RESPONSE: dict[Responsibility, str] = {
    "victim": "inform and show care: what happened, what people can do, what you do",
    "accidental": "explain without excuse: what happened, what is put right, since when",
    "preventable": "rebuild: take responsibility, apologise, make good; never deny or play down",
}
_SMALL = (3, 0.05)
"""Fewer mentions than this, and less than this of all complaints, are a very small problem."""


def propose(case: Situation) -> Proposal:
    """The way that fits, with the reasons in sentences. Never to ignore."""
    level, why = _level(case)
    response = f"first what people can do now, then: {_RESPONSE[level]}"
    if case.safety:
        return Proposal("apology-offer", ("somebody was hurt, or could be", *why), response)
    if case.mentions < _SMALL[0] and case.share < _SMALL[1] and level != "preventable":
        few = "nobody" if not case.mentions else f"only {case.mentions}"
        return Proposal("standard", (f"{few} of the complaints is about it", *why), response)
    if level == "preventable":
        return Proposal("apology-offer", why, response)
    if case.private:
        needs = "helping needs an order or account, which nobody should write in public"
        return Proposal("private", (needs, *why), response)
    return Proposal("individual", why, response)


def _level(case: Situation) -> tuple[Responsibility, tuple[str, ...]]:
    if case.responsibility is None:
        unsure = "nobody has judged yet how far people hold us responsible: taken as an accident"
        level: Responsibility = "accidental"
        why = [unsure]
    else:
        level = case.responsibility
        why = [_HELD[level]]
    for holds, words in (
        (case.history, "it is not the first time"),
        (case.reputation, "our reputation was bad before"),
    ):
        if holds and level != "preventable":
            level = LEVELS[LEVELS.index(level) + 1]
            why.append(f"{words}: people hold us more responsible")
    return level, tuple(why)


_HELD: dict[Responsibility, str] = {
    "victim": "people see us as hit by it ourselves",
    "accidental": "people see it as a mistake that can happen",
    "preventable": "people see it as something we could have prevented",
}

PRIVATE = frozenset({("price", "charged"), ("support", "refund"), ("support", "account")})
"""Topics and aspects where an answer needs what only the customer may tell."""
