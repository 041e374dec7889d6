"""Whether a text is fair: no money for reviews, no threats, no silence for sale.

Sources: 16 CFR 465.4 (nothing given for a review of a certain kind) and 465.7
(threats, intimidation and public false accusations to stop or remove one), the
rules of Google, Amazon, Trustpilot and Apple for businesses, GDPR Art. 82 and
consumer law for what a remedy may not replace. None of this is legal advice.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from crisisctl.messages.proof.match import Match, fold
from crisisctl.messages.proof.phrases import Cut, Needs, cut, joined, needs, places
from crisisctl.messages.proof.remark import Remark
from crisisctl.messages.proof.words import load_words
from crisisctl.playbook.model import Model
from crisisctl.workspace import Workspace

LOCALES = ("en", "fr", "es", "tr", "ru")
OFFER = "\ue000"
"""Stands in a text where a fact such as a voucher's value will be printed."""

Phrases = tuple[str, ...]

_AMOUNT = re.compile(
    r"\d[\d.,]{0,9}\s?(?:%|€|\$|£|₺|₽|(?:eur|usd|gbp|tl|percent|pour cent|por ciento)\b|руб)"
    r"|[€$£₺₽]\s?\d|%\s?\d|\byüzde \d|" + OFFER
)


class Fairness(Model, frozen=True, kw_only=True):
    """The words of one language; what each list is for stands in the English file."""

    verb_last: bool = False
    """Negations stand at the end of a sentence."""
    rewards: Phrases
    ratings: Phrases
    posts: Phrases
    yours: Phrases
    change: Phrases
    changed: Phrases
    write: Phrases
    written: Phrases
    stars: Phrases
    exchange: Phrases
    exchanged: Phrases
    price: Phrases
    priced: Phrases
    thanks: Phrases
    trade: Phrases
    asks: Phrases
    persuade: Phrases
    ours: Phrases
    honest: Phrases
    negations: Phrases
    lacking: Phrases
    endings: Phrases
    feigned: Phrases
    conditions: Phrases
    unless: Phrases
    unless_endings: Phrases
    but: Phrases
    joins: Phrases
    threats: Phrases
    law: Phrases
    about: Phrases
    rights: Phrases
    waivers: Phrases
    complained: Phrases
    fakes: Phrases
    happy: Phrases
    gates: Phrases


def fairness_words(workspace: Workspace, locale: str) -> Fairness | None:
    """The words of a language; None where there are none."""
    return load_words(workspace, "fairness", locale, Fairness)


def telling(text: str, locale: str, words: Fairness) -> Needs:
    """The words in a text without which nothing below can be found; none: there is nothing."""
    return needs(_anchors(locale, words), text, locale)


_known_anchors: dict[tuple[str, Phrases, Phrases], Phrases] = {}


def _anchors(locale: str, words: Fairness) -> Phrases:
    """The phrases without one of which nothing below can be found."""
    key = (locale, words.ratings, words.threats)
    if key not in _known_anchors:
        reviews = (*words.ratings, *words.posts, *words.stars, *words.asks, *words.gates)
        others = (*words.threats, *words.law, *words.waivers, *words.fakes, *words.complained)
        _known_anchors[key] = tuple(dict.fromkeys((*reviews, *others)))
    return _known_anchors[key]


@dataclass(frozen=True, slots=True)
class _Action:
    """Something done to a review, at text[start:end]."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause, and what in it denies or forbids what it speaks of."""

    start: int
    end: int
    honest: bool
    """It says outright that nothing depends on it."""
    undone: bool
    """A word such as "unless" turns a denial into a condition."""
    negations: tuple[Match, ...]
    lacking: tuple[Match, ...]
    conditions: tuple[Match, ...]

    def denies(self, start: int, end: int, *, anywhere: bool) -> bool:
        """Whether what stands here is denied; outside of customers' texts also from behind."""
        return self.honest or (not self.undone and self._negated(start, end, anywhere))

    def lacks(self, start: int, end: int, *, anywhere: bool) -> bool:
        """The same, where "without" denies as well."""
        before = any(0 <= start - match.end <= 40 for match in self.lacking)
        return before or self._negated(start, end, anywhere)

    def _negated(self, start: int, end: int, anywhere: bool) -> bool:
        found = self.negations
        if not found:
            return False
        first = found[0]
        last = found[bisect_left(found, start, key=lambda match: match.start) - 1]
        if first.end > start:
            return anywhere and found[-1].start >= end
        if anywhere:
            last = found[-1]
        return not any(
            condition.start < first.start or first.start < condition.start < last.start
            for condition in self.conditions
        )


@dataclass(frozen=True)
class _Reading:
    """A text with its sentences and the words of its language."""

    text: str
    locale: str
    words: Fairness
    guide: bool
    """Whether it tells colleagues what to do, instead of speaking to customers."""
    cut: Cut
    _known: dict[Phrases, list[Match]] = field(default_factory=dict)
    _clauses: dict[int, list[_Clause]] = field(default_factory=dict)

    def find(self, phrases: Phrases) -> list[Match]:
        if phrases not in self._known:
            self._known[phrases] = places(phrases, self.text, self.locale)
        return self._known[phrases]

    def rewards(self) -> list[Match]:
        """What is given; "no discount" gives nothing."""
        amounts = [Match(*found.span()) for found in _AMOUNT.finditer(self.cut.folded)]
        found = sorted([*self.find(self.words.rewards), *amounts], key=lambda match: match.start)
        return [match for match in found if not self._withheld(match)]

    def _withheld(self, reward: Match) -> bool:
        clause = self.clause(reward.start)
        if clause.undone or clause.conditions:
            return False
        number = bisect_left(clause.negations, reward.end, key=lambda match: match.start) - 1
        return number >= 0 and reward.start - clause.negations[number].end <= 1

    def within(self, phrases: Phrases, offset: int) -> bool:
        """Whether one of the phrases stands in the sentence at this place."""
        start, end = self.cut.span(self.cut.at(offset))
        return bool(_between(self.find(phrases), start, end))

    def honest(self, start: int, end: int) -> bool:
        """Whether what stands here is denied or forbidden: "never in return for a review"."""
        anywhere = self.guide or self.words.verb_last
        return self.clause(start).denies(start, end, anywhere=anywhere)

    def lacks(self, start: int, end: int) -> bool:
        """The same, where "without" denies as well."""
        anywhere = self.guide or self.words.verb_last
        return self.clause(start).lacks(start, end, anywhere=anywhere)

    def clause(self, offset: int) -> _Clause:
        """What is said in one breath at this place."""
        number = self.cut.at(offset)
        if number not in self._clauses:
            self._clauses[number] = list(self._split(number))
        clauses = self._clauses[number]
        return clauses[bisect_right(clauses, offset, key=lambda clause: clause.start) - 1]

    def _split(self, number: int) -> Iterator[_Clause]:
        start, end = self.cut.span(number)
        folded = self.cut.folded
        turns = {match.start for match in _between(self.find(self.words.but), start, end)}
        for match in _between(self.find(self.words.joins), start, end):
            if folded[max(match.start - 3, start) : match.start].rstrip().endswith((",", ";")):
                turns.add(match.start)
        turns |= {start + found.end() for found in re.finditer(";", folded[start:end])}
        borders = [start, *sorted(turns - {start}), end]
        for begin, stop in pairwise(borders):
            yield self._clause(begin, stop)

    def _clause(self, start: int, end: int) -> _Clause:
        words = self.words
        honest = _between(self.find(words.honest), start, end)
        feigned = _between(self.find(words.feigned), start, end)
        unless = [
            match
            for match in _between(self.find(words.unless), start, end)
            if not _inside(match, honest)
        ]
        negations = _between(self.find(words.negations), start, end)
        negations += self._ended(words.endings, start, end)
        kept = sorted(
            (match for match in negations if not _inside(match, feigned)),
            key=lambda match: match.start,
        )
        undone = bool(unless) or bool(self._ended(words.unless_endings, start, end))
        return _Clause(
            start=start,
            end=end,
            honest=bool(honest) and not undone,
            undone=undone,
            negations=tuple(kept),
            lacking=tuple(_between(self.find(words.lacking), start, end)),
            conditions=tuple(_between(self.find(words.conditions), start, end)),
        )

    def _ended(self, endings: Phrases, start: int, end: int) -> list[Match]:
        if not endings:
            return []
        return [
            Match(*found.span())
            for found in endings_in(endings, self.locale).finditer(self.cut.folded, start, end)
        ]


def _between(matches: list[Match], start: int, end: int) -> list[Match]:
    """Those that begin there; the matches stand in the order of the text."""
    first = bisect_left(matches, start, key=lambda match: match.start)
    last = bisect_left(matches, end, key=lambda match: match.start)
    return matches[first:last]


def _inside(match: Match, others: list[Match]) -> bool:
    """Whether it overlaps one of the others, which stand in order and apart."""
    number = bisect_left(others, match.end, key=lambda other: other.start)
    return number > 0 and others[number - 1].end > match.start


@lru_cache(maxsize=32)
def endings_in(endings: Phrases, locale: str) -> re.Pattern[str]:
    """What finds a word that ends so in a folded text."""
    ends = "|".join(re.escape(fold(ending, locale)) for ending in endings)
    return re.compile(rf"\w(?:{ends})(?!\w)")


def _reading(text: str, locale: str, words: Fairness, guide: bool) -> _Reading:
    return _Reading(text, locale, words, guide, cut(text, locale))


def shown(text: str, start: int, end: int) -> str:
    """The words at a place, fit for a message; what a template prints there is left out."""
    told = re.sub(r"[\0\ue000]+", " … ", text[start:end])
    return " ".join(told.split())[:80]


def review_reward(
    text: str, locale: str, words: Fairness, *, guide: bool = False
) -> Iterator[Remark]:
    """Money, gifts or discounts that are tied to a review."""
    said: set[int] = set()
    reading = _reading(text, locale, words, guide)
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


def _tied(reading: _Reading, action: _Action, rewards: list[Match]) -> Match | None:
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


def _nearest(rewards: list[Match], action: _Action, fits: Callable[[Match], bool]) -> Match | None:
    """The reward closest to an action; only the two on either side can be in its sentence."""
    place = bisect_left(rewards, action.start, key=lambda match: match.start)
    around = [m for m in rewards[max(place - 2, 0) : place + 2] if fits(m)]
    outside = [m for m in around if m.end <= action.start or m.start >= action.end]
    return min(outside, key=lambda m: abs(m.start - action.start), default=None)


def _actions(reading: _Reading) -> list[_Action]:
    """What is done to reviews, in the order of the text."""
    words, folded = reading.words, reading.cut.folded
    ratings, posts = reading.find(words.ratings), reading.find(words.posts)
    stars = reading.find(words.stars)
    if not ratings and not posts and not stars:
        return []
    every = sorted([*ratings, *posts], key=lambda match: match.start)
    found = [_Action(match.start, match.end, "stars") for match in stars]
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


def _paired(pairs: list[tuple[Match, Match]], kind: str) -> list[_Action]:
    return [_Action(first.start, second.end, kind) for first, second in pairs]


def _by_us(reading: _Reading, match: Match) -> bool:
    """Whether the shop or the platform does it: "we removed your comment by mistake"."""
    before = reading.cut.folded[max(match.start - 40, 0) : match.start].rstrip()
    return any(m.end == len(before) for m in places(reading.words.ours, before, reading.locale))


def review_request(
    text: str, locale: str, words: Fairness, *, guide: bool = False
) -> Iterator[Remark]:
    """Asking for a review to be changed or removed, with nothing offered for it."""
    reading = _reading(text, locale, words, guide)
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


def _requests(reading: _Reading) -> list[_Action]:
    words, folded = reading.words, reading.cut.folded
    found = [_Action(match.start, match.end, "asked") for match in reading.find(words.asks)]
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


def _persuades(reading: _Reading, action: _Action) -> bool:
    start, end = reading.cut.span(reading.cut.at(action.start))
    near = reading.cut.folded[max(start, action.start - 60) : min(end, action.end + 60)]
    return bool(places(reading.words.persuade, near, reading.locale))


def review_gating(text: str, locale: str, words: Fairness) -> Iterator[Remark]:
    """Sending only the happy to the review page, the unhappy elsewhere."""
    reading = _reading(text, locale, words, guide=True)
    found = [_Action(match.start, match.end, "gate") for match in reading.find(words.gates)]
    happy = reading.find(words.happy)
    if happy:
        inviting = {
            reading.cut.at(action.start)
            for action in _actions(reading)
            if action.kind in {"write", "stars"}
        }
        found += [
            _Action(m.start, m.end, "gate") for m in happy if reading.cut.at(m.start) in inviting
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
    reading = _reading(text, locale, words, guide)
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
    reading = _reading(text, locale, words, guide)
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
    reading = _reading(text, locale, words, guide)
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
    reading = _reading(text, locale, words, guide=False)
    for match in reading.find(words.fakes):
        if not reading.honest(match.start, match.end):
            yield Remark(
                match.start,
                match.end,
                "public-accusation",
                f'"{shown(text, match.start, match.end)}" accuses people in public',
                "report it to the platform with evidence; in public, answer with facts",
            )
