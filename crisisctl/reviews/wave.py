"""Is this a wave of complaints, against what is usual for this very shop?

A wave has more complaints than usual *and* a larger share of complaints than usual, both clearly
beyond chance and both large enough to matter. So happy crowds, campaigns of invitations and
their end, and a shop that is always bad are none: each moves only one of the two.

Stretches of 3 hours to 14 days, each ending at every moment of the past in turn, are held against
the six weeks before them without the days of earlier waves. Nothing looks ahead: what the
judgement says of a Tuesday it would have said on that Tuesday. How the usual and chance are
reckoned stands in `usual`, and every threshold stands below.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

from msgspec import Struct, structs

from crisisctl.reviews.counts import COMPLAINT, DAY, HOUR, INVITED, UNKNOWN, Cells, Counts
from crisisctl.reviews.stretches import Episode, Found, scan
from crisisctl.reviews.usual import Days, days_of

Level = Literal["wave", "weak", "none", "too-little"]

_ORDER: dict[Level, int] = {"too-little": 0, "none": 0, "weak": 1, "wave": 2}
_FEW = 10
"""With fewer reviews than this, nothing can be said."""
_MOST_GROUPS = 40
"""Groups of each kind that are judged on their own: those with the most complaints."""
_GROUP_COMPLAINTS = 8
_GROUP_DAYS, _GROUP_BEFORE, _GROUP_AFTER = 200, 90, 5
"""Days that groups are judged over: the last ones, or those around the wave of the whole shop."""
_GROUP_STRENGTH = 5.0
"""A weak wave of one group alone is told from so many standard deviations on."""
_NEWCOMER = 0.6
"""From this part of the excess on, a wave out of a source that had no reviews before is no more
than weak: new is then the source, perhaps not the anger."""


class Wave(Struct, frozen=True):
    """One wave, and the numbers behind it."""

    level: Literal["wave", "weak"]
    start: datetime
    until: datetime | None
    """When it ended; None while it runs."""
    peak: datetime
    """The day, or the hour of a wave of hours, with the most complaints."""
    peak_complaints: int
    hours: float
    """How long the numbers below cover: its core, from the start to the end of the worst."""
    complaints: int
    reviews: int
    expected: float
    """Complaints that as long a time usually brings."""
    usual_a_day: float
    usual_share: float
    usual_days: int
    usual_reviews: int
    strength: float
    """Standard deviations beyond what chance does, by the count; never above 40."""
    strength_share: float
    by_count_alone: bool = False
    """Whether (nearly) all reviews are complaints anyway, so the share tells nothing."""
    only_complaints: bool = False
    newcomer: str = ""
    """A source most of it comes from that had no reviews before."""

    @property
    def a_day(self) -> float:
        """Complaints a day."""
        return self.complaints * 24 / self.hours

    @property
    def share(self) -> float:
        """Complaints of all reviews with a mood."""
        return self.complaints / self.reviews if self.reviews else 0.0

    @property
    def excess(self) -> float:
        """Complaints more than usual."""
        return self.complaints - self.expected

    @property
    def times(self) -> float:
        """How many times as many complaints as usual."""
        return self.complaints / self.expected


class Group(Struct, frozen=True):
    """A source, product, language or country that a wave stands out in."""

    kind: str
    name: str
    wave: Wave


class Verdict(Struct, frozen=True):
    """What the counts say, and why."""

    level: Level
    wave: Wave | None
    """The one that the level is about: one that runs before one that ended, else the strongest."""
    waves: list[Wave]
    """All of them in the order of time, weak ones too."""
    groups: list[Group]
    """Where it stands out, the strongest first."""
    scope: Group | None
    """The only group that has it, where the whole shop has none."""
    why_little: str
    """What is missing where the level is `too-little`."""
    reviews: int
    complaints: int
    first: datetime | None
    last: datetime | None
    no_mood: int
    """Reviews without stars and without a word that tells: they are not judged."""
    undated: int
    invited_left_out: bool
    """Whether reviews that the shop asked for were left out of the decisive numbers."""

    @property
    def running(self) -> bool:
        """Whether a wave runs at the end of what was judged."""
        return self.wave is not None and self.wave.until is None

    @property
    def words(self) -> str:
        """The verdict as two or three sentences."""
        from crisisctl.reviews.wave_words import words

        return words(self)


def judge(
    counts: Counts,
    *,
    now: datetime | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Verdict:
    """Say whether there is a wave.

    What comes after `now` (or `until`) is not looked at; days up to then without reviews count as
    days without reviews. Waves that were over before `since` are not told, though the usual is
    taken from before as well.
    """
    ends = [each for each in (now, until) if each is not None]
    last_hour = int(min(ends).timestamp()) // HOUR if ends else None
    from_day = int(since.timestamp()) // DAY if since is not None else None
    whole, organic = _views(counts.cells, last_hour)
    found = _best(whole, organic, from_day)
    found = Found(
        [_questioned(each, counts, last_hour) for each in found.episodes], found.why_little
    )
    groups = _groups(counts, found, last_hour, from_day)
    waves = [_told(each) for each in found.episodes]
    main = _main(waves)
    scope = None
    if groups:
        alone = groups[0]
        if main is None or (main.level == "weak" and alone.wave.level == "wave"):
            scope, main = alone, alone.wave
    hours = [key >> 4 for key in counts.cells if last_hour is None or key >> 4 <= last_hour]
    quiet: Level = "too-little" if found.why_little else "none"
    return Verdict(
        level=main.level if main is not None else quiet,
        wave=main,
        waves=waves,
        groups=groups,
        scope=scope,
        why_little=found.why_little if main is None else "",
        reviews=sum(whole.everything) if whole else 0,
        complaints=sum(whole.complaints) if whole else 0,
        first=_moment(min(hours)) if hours else None,
        last=_moment(max(hours)) if hours else None,
        no_mood=sum(count for key, count in counts.cells.items() if key & 3 == UNKNOWN),
        undated=counts.undated,
        invited_left_out=organic is not None,
    )


def _views(cells: Cells, until: int | None) -> tuple[Days | None, Days | None]:
    """All reviews, and those that nobody asked for where the two differ."""
    whole = days_of(cells, organic=False, until=until)
    if not any(key & INVITED for key in cells):
        return whole, None
    return whole, days_of(cells, organic=True, until=until)


def _best(whole: Days | None, organic: Days | None, since: int | None, looks: int = 1) -> Found:
    """What stands out: in what nobody asked for, and in all of it."""
    if whole is None or sum(whole.everything) < _FEW:
        return Found([], "there are fewer than 10 reviews with stars and a date")
    found = scan(whole, since=since, looks=looks)
    if organic is None or sum(organic.everything) < _FEW:
        return found
    own = scan(organic, since=since, looks=looks)
    apart = [
        each for each in found.episodes if not any(_overlap(each, one) for one in own.episodes)
    ]
    raised = [
        max([one, *(each for each in found.episodes if _overlap(each, one))], key=_weight)
        for one in own.episodes
    ]
    both = sorted({id(each): each for each in [*apart, *raised]}.values(), key=lambda e: e.start)
    return Found(both, own.why_little and found.why_little)


def _overlap(one: Episode, other: Episode) -> bool:
    return one.start <= other.end and other.start <= one.end


def _weight(episode: Episode) -> tuple[int, float]:
    return _ORDER[episode.level], episode.strength


def _questioned(episode: Episode, counts: Counts, until: int | None) -> Episode:
    """The same, no more than weak where it is only there because a source is new.

    New is a source whose reviews began with the wave, or in the four weeks before. Without it, the others must stand out too.
    """
    sources = counts.groups.get("source", {})
    if episode.level != "wave" or len(sources) < 2:
        return episode
    began, ended = episode.start // 24, (episode.end - 1) // 24
    for name, cells in sources.items():
        days = days_of(cells, organic=False, until=until)
        if days is None or not max(episode.opened + 1, began - 28) <= days.first <= ended:
            continue
        own = sum(days.complaints[max(0, began - days.first) : ended + 1 - days.first])
        if own < _NEWCOMER * episode.excess:
            continue
        rest = {key: count - cells.get(key, 0) for key, count in counts.cells.items()}
        others = days_of(rest, organic=False, until=until)
        episodes = scan(others).episodes if others is not None else []
        if not any(_overlap(each, episode) and _clear(each) for each in episodes):
            return structs.replace(episode, level="weak", newcomer=name)
    return episode


def _clear(episode: Episode) -> bool:
    return episode.level == "wave" or episode.strength >= _GROUP_STRENGTH


def _groups(counts: Counts, found: Found, until: int | None, since: int | None) -> list[Group]:
    """The groups with a wave of their own, the strongest first.

    Many are looked at, so each must stand out the more clearly the more there are.
    """
    main = _main_episode(found.episodes) if found.episodes else None
    newest = max((key >> 4 for key in counts.cells), default=0)
    last = newest if until is None else min(until, newest)
    if main is None:
        first = last - _GROUP_DAYS * 24
    else:
        first = main.start - _GROUP_BEFORE * 24
        if not main.running and main.end + _GROUP_AFTER * 24 < last:
            until = main.end + _GROUP_AFTER * 24
    candidates = list(_candidates(counts))
    told = []
    for kind, name, cells in candidates:
        late = {key: count for key, count in cells.items() if key >> 4 >= first}
        own = _best(*_views(late, until), since, looks=len(candidates))
        told += [(each, Group(kind, name, _told(each))) for each in own.episodes]
    if main is not None:
        told = [pair for pair in told if _overlap(pair[0], main)]
    else:
        told = [pair for pair in told if _clear(pair[0])]
    best: dict[tuple[str, str], tuple[Episode, Group]] = {}
    for pair in told:
        key = pair[1].kind, pair[1].name
        if key not in best or _rank(pair[1].wave) > _rank(best[key][1].wave):
            best[key] = pair
    return sorted((group for _, group in best.values()), key=lambda g: _rank(g.wave), reverse=True)


def _candidates(counts: Counts) -> Iterator[tuple[str, str, Cells]]:
    for kind, by_name in counts.groups.items():
        if len(by_name) < 2:
            continue  # one group of a kind is the whole
        sized = [
            (sum(count for key, count in cells.items() if key & 3 == COMPLAINT), name, cells)
            for name, cells in by_name.items()
        ]
        sized.sort(key=lambda each: (-each[0], each[1]))
        for bad, name, cells in sized[:_MOST_GROUPS]:
            if bad >= _GROUP_COMPLAINTS:
                yield kind, name, cells


def _rank(wave: Wave) -> tuple[bool, int, float, datetime]:
    return wave.until is None, _ORDER[wave.level], wave.strength, wave.start


def _main(waves: list[Wave]) -> Wave | None:
    """The one to speak of: a clear one before a weak one, one that runs before one that ended."""
    return max(waves, key=lambda w: (_ORDER[w.level], *_rank(w)), default=None)


def _main_episode(episodes: list[Episode]) -> Episode:
    return max(episodes, key=lambda e: (_ORDER[e.level], e.running, e.strength, e.start))


def _told(episode: Episode) -> Wave:
    usual = episode.usual
    return Wave(
        level=episode.level,
        start=_moment(episode.start),
        until=None if episode.running else _moment(episode.end),
        peak=_moment(episode.peak),
        peak_complaints=episode.peak_complaints,
        hours=episode.hours,
        complaints=episode.complaints,
        reviews=episode.reviews,
        expected=round(episode.expected, 2),
        usual_a_day=round(usual.a_day, 2),
        usual_share=round(usual.share, 4),
        usual_days=usual.days,
        usual_reviews=round(usual.everything),
        strength=round(min(40.0, episode.strength), 1),
        strength_share=round(min(40.0, episode.strength_share), 1),
        by_count_alone=episode.saturated,
        only_complaints=usual.share >= 0.995,
        newcomer=episode.newcomer,
    )


def _moment(hour: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
