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
            f"{len(self.suspected):,} of {self.looked_at:,} {are} suspected to be written together. "
            f"That is a suspicion and no proof: answer them like the others, and report only what "
            f"breaks a rule of the platform.{left}"
        )


def alike(reviews: Iterable[Review]) -> Alike:
    """Look through complaints (best: those of a wave) for such that belong together."""
    every = iter(reviews)
    taken = list(islice(every, MOST))
    left_out = sum(1 for _ in every)
    texts = [_plain(review.words) for review in taken]
    groups = _groups([text if _tells(text) else "" for text in texts])
    bursts = _bursts(taken)
    suspected = []
    for nth, review in enumerate(taken):
        others = _strangers(taken, groups.get(nth, ()), nth)
        reasons = [
            *_same_words(taken, others, review, len(texts[nth].split())),
            *bursts.get(nth, ()),
        ]
        if reasons:
            if review.fresh and others:
                reasons.append("its author had hardly written anything before")
            like = [taken[other].key for other in islice(others, 10)]
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


def _groups(texts: Sequence[str]) -> dict[int, list[int]]:
    """For each text that has some: all texts that say nearly the same, itself among them."""
    from rapidfuzz.distance.Indel import normalized_similarity

    parent = list(range(len(texts)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    first_of: dict[str, int] = {}
    by_run: dict[int, list[int]] = defaultdict(list)
    for nth, text in enumerate(texts):
        if not text:
            continue
        if text in first_of:
            parent[nth] = root(first_of[text])
            continue
        first_of[text] = nth
        for run in _sketch(text):
            crowd = by_run[run]
            for other in crowd:
                near, mine = root(other), root(nth)
                if near != mine and normalized_similarity(text, texts[other], score_cutoff=NEARLY):
                    parent[mine] = near
            if len(crowd) < _CROWD:
                crowd.append(nth)
    members: dict[int, list[int]] = defaultdict(list)
    for nth, text in enumerate(texts):
        if text:
            members[root(nth)].append(nth)
    return {nth: group for group in members.values() if len(group) > 1 for nth in group}


def _sketch(text: str) -> list[int]:
    """A few runs of words that nearly the same texts have in common."""
    words = text.split()
    if len(words) >= _RUN:
        runs = (" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
    else:
        long = 3 * _RUN
        runs = (text[at : at + long] for at in range(max(1, len(text) - long + 1)))
    return nsmallest(_SKETCH, {crc32(run.encode()) for run in runs})


def _strangers(taken: Sequence[Review], group: Sequence[int], nth: int) -> list[int]:
    """Those of a group that somebody else wrote: whoever posts twice is only one person."""
    author = taken[nth].author
    seen, others = {author} if author else set(), []
    for other in group:
        name = taken[other].author
        if other == nth or (name and name in seen):
            continue
        seen.add(name)
        others.append(other)
    return others


def _same_words(
    taken: Sequence[Review], others: Sequence[int], review: Review, words: int
) -> Iterator[str]:
    if not others or (len(others) == 1 and words < LONG):
        return
    count = "another one says" if len(others) == 1 else f"{len(others)} others say"
    text = f"{count} nearly the same"
    near = [
        abs(at - review.at)
        for other in others
        if (at := taken[other].at) is not None and review.at is not None
    ]
    if len(near) < len(others) or not near:
        yield text
    elif max(near) < DAY and any(near):
        yield f"{text} within {in_words(timedelta(seconds=max(60, max(near))))}"
    elif max(near) < DAY:
        yield f"{text} on the same day" if not (review.at or 0) % DAY else f"{text} in one minute"
    else:
        yield f"{text} within {max(near) // DAY + 1} days"


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
