"""Complaints that look as if they were written together. Suspected, never accused.

Three things are looked at: texts that say nearly the same under different names, many complaints
within minutes, and accounts that had hardly written before. None of them proves anything alone:
an outage makes hundreds of strangers write within the hour, and angry people are often new. So a
review is suspected only where its words recur, or where a burst consists of new accounts.

Texts are compared only where they share a rare run of words, so the work grows with their number
and not with its square. Short texts say nothing: "bad app" is written by honest people all day.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from heapq import nsmallest
from itertools import islice
from zlib import crc32

from msgspec import Struct

from crisisctl.reviews.counts import DAY
from crisisctl.reviews.review import Review
from crisisctl.text import in_words

MOST = 20_000
"""Reviews that are looked at: the complaints of a wave, not a history."""
LONGEST = 1000
"""Characters of a text that are compared."""
FEWEST_WORDS, FEWEST_LETTERS = 6, 30
"""A text below either is too short to say anything."""
NEARLY = 0.82
"""From this part on, two texts are nearly the same."""
LONG = 15
"""From this many words on, even a single stranger with the same text is suspicious."""

_RUN = 4
"""Words of a run; letters of one in languages without spaces are three times as many."""
_SKETCH = 12
"""Runs that are kept of a text: those that come first in an order that is the same for all."""
_CROWD = 40
"""Texts of one run that a new one is compared with."""
_MINUTES = 600
"""Seconds that a burst takes."""
_BURST = 8
_BURST_TIMES = 5.0
_FRESH = 0.6


class Suspicion(Struct, frozen=True):
    """Why one review is suspected to be written together with others."""

    key: str
    reasons: list[str]
    """In words: "4 others say nearly the same within 20 min"."""
    like: list[str]
    """Keys of reviews that say nearly the same, at most ten."""


class Alike(Struct, frozen=True):
    """What was found among the reviews that were looked at."""

    suspected: list[Suspicion]
    looked_at: int
    too_short: int
    """Texts of which equal words prove nothing; only their burst counted."""
    left_out: int
    """Reviews beyond the first 20,000."""

    @property
    def words(self) -> str:
        """The finding as one or two careful sentences."""
        if not self.suspected:
            return f"Nothing suggests that any of the {self.looked_at:,} were written together."
        are = "is" if len(self.suspected) == 1 else "are"
        left = f" {self.left_out:,} more were not looked at." if self.left_out else ""
        return (
            f"{len(self.suspected):,} of {self.looked_at:,} {are} suspected to be written "
            f"together. That is a suspicion and no proof: answer them like the others, and "
            f"report only what breaks a rule of the platform.{left}"
        )


def alike(reviews: Iterable[Review]) -> Alike:
    """Look through complaints (best: those of a wave) for such that belong together."""
    every = iter(reviews)
    taken = list(islice(every, MOST))
    left_out = sum(1 for _ in every)
    texts = [_plain(review.words) for review in taken]
    groups = {
        nth: crowd
        for group in _groups([text if _tells(text) else "" for text in texts])
        for crowd in [_Crowd(taken, group)]
        for nth in group
    }
    bursts = _bursts(taken)
    suspected = []
    for nth, review in enumerate(taken):
        crowd = groups.get(nth)
        others = crowd.others() if crowd else 0
        reasons = [
            *(_same_words(crowd, others, review, len(texts[nth].split())) if crowd else ()),
            *bursts.get(nth, ()),
        ]
        if reasons:
            if review.fresh and others:
                reasons.append("its author had hardly written anything before")
            like = crowd.like(review) if crowd else []
            suspected.append(Suspicion(review.key, reasons, like))
    too_short = sum(1 for text in texts if not _tells(text))
    return Alike(suspected, len(taken), too_short, left_out)


def _plain(text: str) -> str:
    """Words only, so that dots, dashes and capitals make no difference."""
    text = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    return " ".join(re.findall(r"\w+", text))


def _tells(text: str) -> bool:
    if len(text) < FEWEST_LETTERS and text.isascii():
        return False
    spaceless = text.count(" ") * 12 < len(text)
    return len(text) >= FEWEST_LETTERS // 2 if spaceless else text.count(" ") >= FEWEST_WORDS - 1


class _Sets:
    """Which texts belong together, as far as is known."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def of(self, at: int) -> int:
        parent = self._parent
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    def join(self, one: int, other: int) -> None:
        self._parent[self.of(one)] = self.of(other)


def _groups(texts: Sequence[str]) -> list[list[int]]:
    """The texts that say nearly the same, several in each group."""
    sets = _Sets(len(texts))
    first_of: dict[str, int] = {}
    by_run: dict[int, list[int]] = defaultdict(list)
    for nth, text in enumerate(texts):
        if text in first_of:
            sets.join(nth, first_of[text])
        elif text:
            first_of[text] = nth
            for run in _sketch(text):
                _compared(texts, nth, by_run[run], sets)
    members: dict[int, list[int]] = defaultdict(list)
    for nth, text in enumerate(texts):
        if text:
            members[sets.of(nth)].append(nth)
    return [group for group in members.values() if len(group) > 1]


def _compared(texts: Sequence[str], nth: int, crowd: list[int], sets: _Sets) -> None:
    """Hold a text against those that share a run of words with it, and put it to them."""
    from rapidfuzz.distance.Indel import normalized_similarity

    for other in crowd:
        if sets.of(other) != sets.of(nth) and normalized_similarity(
            texts[nth], texts[other], score_cutoff=NEARLY
        ):
            sets.join(nth, other)
    if len(crowd) < _CROWD:
        crowd.append(nth)


def _sketch(text: str) -> list[int]:
    """A few runs of words that nearly the same texts have in common."""
    words = text.split()
    if len(words) >= _RUN:
        runs = (" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
    else:
        long = 3 * _RUN
        runs = (text[at : at + long] for at in range(max(1, len(text) - long + 1)))
    return nsmallest(_SKETCH, {crc32(run.encode()) for run in runs})


class _Crowd:
    """Reviews that say nearly the same, summed up once for all of them."""

    def __init__(self, taken: Sequence[Review], group: Sequence[int]) -> None:
        reviews = [taken[nth] for nth in group]
        named = {review.author: review for review in reversed(reviews) if review.author}
        nameless = [review for review in reviews if not review.author]
        self._people = len(named) + len(nameless)
        wanted = {id(review) for review in [*named.values(), *nameless]}
        self._first = [each for each in reviews if id(each) in wanted][:11]
        times = [review.at for review in reviews if review.at is not None]
        self.dated = len(times) == len(reviews)
        self.first, self.last = min(times, default=0), max(times, default=0)

    def others(self) -> int:
        """How many other people wrote it: whoever posts twice is only one person."""
        return self._people - 1

    def like(self, review: Review) -> list[str]:
        """Keys of what others wrote."""
        author = review.author
        return [
            each.key
            for each in self._first
            if each is not review and not (author and each.author == author)
        ][:10]


def _same_words(crowd: _Crowd, others: int, review: Review, words: int) -> Iterator[str]:
    if not others or (others == 1 and words < LONG):
        return
    text = f"{'another one says' if others == 1 else f'{others} others say'} nearly the same"
    if not crowd.dated or review.at is None:
        yield text
        return
    apart = max(review.at - crowd.first, crowd.last - review.at)
    if apart >= DAY:
        yield f"{text} within {apart // DAY + 1} days"
    elif apart:
        yield f"{text} within {in_words(timedelta(seconds=max(60, apart)))}"
    else:
        yield f"{text} on the same day" if not review.at % DAY else f"{text} in one minute"


def _bursts(taken: Sequence[Review]) -> dict[int, list[str]]:
    """Reviews of new accounts that came in a burst of new accounts."""
    timed = sorted(
        (review.at, nth)
        for nth, review in enumerate(taken)
        if review.at is not None and review.at % DAY
    )
    if len(timed) < _BURST:
        return {}
    times = [at for at, _ in timed]
    span = max(_MINUTES, times[-1] - times[0])
    usual = len(times) / span * _MINUTES
    known = [review.fresh for review in taken if review.fresh is not None]
    fresh_share = sum(known) / len(known) if known else 1.0
    found: dict[int, list[str]] = {}
    for at, nth in timed:
        if not taken[nth].fresh:
            continue
        first, last = (
            bisect_left(times, at - _MINUTES // 2),
            bisect_right(times, at + _MINUTES // 2),
        )
        size = last - first
        if size < _BURST or (size < _BURST_TIMES * usual and size < len(times)):
            continue
        fresh = sum(taken[other].fresh is True for _, other in timed[first:last])
        if fresh >= _FRESH * size and (fresh > 1.3 * fresh_share * size or size == len(times)):
            text = f"{fresh} of {size} complaints within 10 min come from accounts that had hardly"
            found[nth] = [f"{text} written anything before"]
    return found
