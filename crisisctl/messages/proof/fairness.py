"""Whether a text is fair: no money for reviews, no threats, no silence for sale.

Sources: 16 CFR 465.4 (nothing given for a review of a certain kind) and 465.7
(threats, intimidation and public false accusations to stop or remove one), the
rules of Google, Amazon, Trustpilot and Apple for businesses, GDPR Art. 82 and
consumer law for what a remedy may not replace. None of this is legal advice.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator

from crisisctl.messages.proof.match import Match
from crisisctl.messages.proof.phrases import joined, places
from crisisctl.messages.proof.reading import (
    Action,
    Fairness,
    Reading,
    reading_of,
    shown,
)
from crisisctl.messages.proof.remark import Remark


def review_reward(
    text: str, locale: str, words: Fairness, *, guide: bool = False
) -> Iterator[Remark]:
    """Money, gifts or discounts that are tied to a review."""
    said: set[int] = set()
    reading = reading_of(text, locale, words, guide)
    actions = _actions(reading)
    rewards = reading.rewards() if actions else []
    for action in actions:
        number = reading.cut.at(action.start)
        if number in said:
            continue
        reward = _tied(reading, action, rewards)
        if reward is None or reading.honest(action.start, action.end):
            continue
        said.add(number)
        given = shown(text, reward.start, reward.end).strip(" …") if reward.end else ""
        what = f'"{given}"' if given else "an offer"
        yield Remark(
            action.start,
            action.end,
            "review-reward",
            f'{what} is tied to "{shown(text, action.start, action.end)}": '
            "nothing may be given for a review or for changing one",
            "make the offer to everyone who was harmed, without a word about reviews",
        )


_TRADE = Match(0, 0)
"""The words themselves say that something is given in return."""


def _tied(reading: Reading, action: Action, rewards: list[Match]) -> Match | None:
    words, cut = reading.words, reading.cut
    number = cut.at(action.start)
    near = _nearest(rewards, action, lambda match: cut.at(match.start) == number)
    if action.kind == "trade":
        return near or _TRADE
    thanked = reading.within(words.thanks, action.start)
    if action.kind == "price":
        return near if not thanked else None
    if action.kind == "stars" and thanked:
        return None
    if reading.guide:
        needs_trade = action.kind != "change"
        return near if not needs_trade or reading.within(words.trade, action.start) else None
    if near or (action.kind == "write" and thanked):
        return near
    return _nearest(rewards, action, lambda match: abs(cut.at(match.start) - number) <= 1)


def _nearest(rewards: list[Match], action: Action, fits: Callable[[Match], bool]) -> Match | None:
    """The reward closest to an action; only the two on either side can be in its sentence."""
    place = bisect_left(rewards, action.start, key=lambda match: match.start)
    around = [m for m in rewards[max(place - 2, 0) : place + 2] if fits(m)]
    outside = [m for m in around if m.end <= action.start or m.start >= action.end]
    return min(outside, key=lambda m: abs(m.start - action.start), default=None)


def _actions(reading: Reading) -> list[Action]:
    """What is done to reviews, in the order of the text."""
    words, folded = reading.words, reading.cut.folded
    ratings, posts = reading.find(words.ratings), reading.find(words.posts)
    stars = reading.find(words.stars)
    if not ratings and not posts and not stars:
        return []
    every = sorted([*ratings, *posts], key=lambda match: match.start)
    found = [Action(match.start, match.end, "stars") for match in stars]
    changing = [m for m in reading.find(words.change) if not _by_us(reading, m)]
    found += _paired(joined(changing, every, folded, 40), "change")
    changed = [m for m in reading.find(words.changed) if not _by_us(reading, m)]
    found += _paired(joined(every, changed, folded, 40), "change")
    found += _paired(joined(reading.find(words.write), ratings, folded, 30), "write")
    found += _paired(joined(ratings, reading.find(words.written), folded, 30), "write")
    found += _paired(joined(reading.find(words.exchange), every, folded, 40), "trade")
    found += _paired(joined(every, reading.find(words.exchanged), folded, 16), "trade")
    found += _paired(joined(reading.find(words.price), every, folded, 16), "price")
    found += _paired(joined(every, reading.find(words.priced), folded, 4), "price")
    return sorted(found, key=lambda action: action.start)


def _paired(pairs: list[tuple[Match, Match]], kind: str) -> list[Action]:
    return [Action(first.start, second.end, kind) for first, second in pairs]


def _by_us(reading: Reading, match: Match) -> bool:
    """Whether the shop or the platform does it: "we removed your comment by mistake"."""
    before = reading.cut.folded[max(match.start - 40, 0) : match.start].rstrip()
    return any(m.end == len(before) for m in places(reading.words.ours, before, reading.locale))


def review_request(
    text: str, locale: str, words: Fairness, *, guide: bool = False
) -> Iterator[Remark]:
    """Asking for a review to be changed or removed, with nothing offered for it."""
    reading = reading_of(text, locale, words, guide)
    rewarded = {reading.cut.at(r.start) for r in review_reward(text, locale, words, guide=guide)}
    said: set[int] = set()
    for action in _requests(reading):
        number = reading.cut.at(action.start)
        if number in rewarded | said or reading.honest(action.start, action.end):
            continue
        said.add(number)
        yield Remark(
            action.start,
            action.end,
            "review-request",
            f'"{shown(text, action.start, action.end)}" asks for a review to be changed or removed',
            "say what you have put right, and leave the review to its author",
        )


def _requests(reading: Reading) -> list[Action]:
    words, folded = reading.words, reading.cut.folded
    found = [Action(match.start, match.end, "asked") for match in reading.find(words.asks)]
    if reading.guide:
        changes = [action for action in _actions(reading) if action.kind == "change"]
        found = [action for action in [*found, *changes] if _persuades(reading, action)]
        return sorted(found, key=lambda action: action.start)
    yours = reading.find(words.yours)
    if yours:
        changing = [m for m in reading.find(words.change) if not _by_us(reading, m)]
        found += _paired(joined(changing, yours, folded, 25), "change")
        if words.verb_last:
            found += _paired(joined(yours, reading.find(words.changed), folded, 40), "change")
    return sorted(found, key=lambda action: action.start)


def _persuades(reading: Reading, action: Action) -> bool:
    start, end = reading.cut.span(reading.cut.at(action.start))
    near = reading.cut.folded[max(start, action.start - 60) : min(end, action.end + 60)]
    return bool(places(reading.words.persuade, near, reading.locale))


def review_gating(text: str, locale: str, words: Fairness) -> Iterator[Remark]:
    """Sending only the happy to the review page, the unhappy elsewhere."""
    reading = reading_of(text, locale, words, guide=True)
    found = [Action(match.start, match.end, "gate") for match in reading.find(words.gates)]
    happy = reading.find(words.happy)
    if happy:
        inviting = {
            reading.cut.at(action.start)
            for action in _actions(reading)
            if action.kind in {"write", "stars"}
        }
        found += [
            Action(m.start, m.end, "gate") for m in happy if reading.cut.at(m.start) in inviting
        ]
    for action in sorted(found, key=lambda action: action.start):
        if not reading.honest(action.start, action.end):
            yield Remark(
                action.start,
                action.end,
                "review-gating",
                f'"{shown(text, action.start, action.end)}" sends only some customers to '
                "the reviews",
                "invite everyone with the same words, or nobody",
            )


def legal_threat(
    text: str, locale: str, words: Fairness, *, guide: bool = False
) -> Iterator[Remark]:
    """Lawyers, courts or police held out to somebody because of what they wrote."""
    reading = reading_of(text, locale, words, guide)
    cut = reading.cut
    found = reading.find(words.threats)
    law = reading.find(words.law)
    if law:
        named = [*reading.find(words.ratings), *reading.find(words.posts)]
        about = {cut.at(match.start) for match in [*named, *reading.find(words.about)]}
        reach = 0 if guide else 1
        for match in law:
            number = cut.at(match.start)
            spoken = any(other in about for other in range(number - reach, number + reach + 1))
            if spoken and not reading.within(words.rights, match.start):
                found.append(match)
    said: set[int] = set()
    for match in sorted(found, key=lambda match: (match.start, -match.end)):
        number = cut.at(match.start)
        if number in said or reading.honest(match.start, match.end):
            continue
        said.add(number)
        yield Remark(
            match.start,
            match.end,
            "legal-threat",
            f'"{shown(text, match.start, match.end)}" threatens somebody because of what they '
            "wrote",
            "answer with facts and help; report what breaks the platform's rules to the platform",
        )


def waiver(text: str, locale: str, words: Fairness, *, guide: bool = False) -> Iterator[Remark]:
    """A remedy that costs the customer a right or their voice."""
    reading = reading_of(text, locale, words, guide)
    for match in reading.find(words.waivers):
        if not reading.lacks(match.start, match.end):
            yield Remark(
                match.start,
                match.end,
                "waiver",
                f'"{shown(text, match.start, match.end)}" asks customers to give up a right or '
                "to keep silent",
                'make good without conditions, and say "your legal rights stay as they are"',
            )


def unequal_remedy(
    text: str, locale: str, words: Fairness, *, guide: bool = False
) -> Iterator[Remark]:
    """A remedy for those who complained, not for all who were harmed."""
    reading = reading_of(text, locale, words, guide)
    complained = reading.find(words.complained)
    given = {reading.cut.at(m.start) for m in reading.rewards()} if complained else set()
    for match in complained:
        if reading.cut.at(match.start) in given and not reading.honest(match.start, match.end):
            yield Remark(
                match.start,
                match.end,
                "unequal-remedy",
                f'the remedy goes to those "{shown(text, match.start, match.end)}", not to all '
                "who were harmed",
                "take the list from logs and payments: same harm, same remedy",
            )


def public_accusation(text: str, locale: str, words: Fairness) -> Iterator[Remark]:
    """Calling reviews fake, or their authors liars, in front of everybody."""
    reading = reading_of(text, locale, words, guide=False)
    for match in reading.find(words.fakes):
        if not reading.honest(match.start, match.end):
            yield Remark(
                match.start,
                match.end,
                "public-accusation",
                f'"{shown(text, match.start, match.end)}" accuses people in public',
                "report it to the platform with evidence; in public, answer with facts",
            )
