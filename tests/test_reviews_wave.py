"""Is this a wave: on labelled reviews, on traps, on clear waves; and what it says."""

from __future__ import annotations

import pickle
import re
import time
from datetime import UTC, datetime, timedelta
from random import Random

import labelled_reviews
import pytest
import review_shops as shops

from crisisctl.reviews.counts import DAY, INVITED, Counts
from crisisctl.reviews.review import Review
from crisisctl.reviews.watch import Watch
from crisisctl.reviews.wave import judge

SEEDS = 3


def at(day: int, hour: int = 0) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=shops.FIRST + day, hours=hour)


def shop(title: str, name: str, seed: int) -> Counts:
    kinds = {"traps": shops.TRAPS, "waves": shops.WAVES}[title]
    return kinds[name](Random(f"{title}/{name}/{seed}"))


# --- real reviews -----------------------------------------------------------------------------


def test_the_labelled_wave_is_found_with_its_days_and_numbers() -> None:
    verdict = judge(Counts().add_all(labelled_reviews.wave()))

    assert verdict.level == "wave"
    assert verdict.wave is not None
    assert verdict.wave.start == datetime(2022, 3, 3, tzinfo=UTC)
    assert verdict.wave.until == datetime(2022, 3, 6, tzinfo=UTC)
    assert round(verdict.wave.a_day) == 22
    assert round(verdict.wave.share, 2) == 0.61
    assert round(verdict.wave.usual_a_day, 1) == 0.8
    assert round(verdict.wave.usual_share, 2) == 0.14
    assert verdict.wave.peak == datetime(2022, 3, 4, tzinfo=UTC)
    assert verdict.wave.peak_complaints == 31
    assert len(verdict.waves) == 1  # its long tail is no second one


def test_the_labelled_wave_is_told_in_words() -> None:
    words = judge(Counts().add_all(labelled_reviews.wave())).words

    assert words.startswith("A wave of complaints; it is over.")
    assert "From 3 to 5 March 2022, 22 complaints a day instead of about 0.9" in words
    assert "61 % of all reviews are negative instead of 14 %" in words


def test_the_steady_control_is_no_wave() -> None:
    verdict = judge(Counts().add_all(labelled_reviews.steady()))

    assert verdict.level == "none"
    assert verdict.waves == []
    assert verdict.words.startswith("No wave:")


def test_a_burst_of_praise_alone_is_no_wave_even_without_days_before() -> None:
    reviews = [Review(key=str(n), at=1555372800 + n * 4000, rating=5.0) for n in range(300)]

    verdict = judge(Counts().add_all(reviews))

    assert verdict.level == "none"
    assert "none of the 300 reviews is a complaint" in verdict.words


# --- many shops -------------------------------------------------------------------------------

SWAYING = {"drifting bank", "wild app"}
"""Their complaints and their share do double for days; here a rare `wave` is no mistake."""


@pytest.mark.parametrize("name", sorted(set(shops.TRAPS) - SWAYING))
def test_a_trap_is_no_wave(name: str) -> None:
    levels = [judge(shop("traps", name, seed)).level for seed in range(SEEDS)]

    assert "wave" not in levels


@pytest.mark.parametrize("name", sorted(shops.WAVES))
def test_a_clear_wave_is_seen(name: str) -> None:
    levels = [judge(shop("waves", name, seed)).level for seed in range(SEEDS)]

    assert levels.count("wave") >= SEEDS - 1
    assert "too-little" not in levels


def test_a_wave_begins_when_it_begins() -> None:
    for name, day in (("bank, three days", 60), ("days only", 60), ("happy shop", 60)):
        wave = judge(shop("waves", name, 1)).wave

        assert wave is not None
        assert abs(wave.start - at(day)) <= timedelta(hours=14), name


def test_hours_are_told_as_hours() -> None:
    verdict = judge(shop("waves", "bank, three hours", 0))

    assert verdict.wave is not None
    assert verdict.wave.hours <= 12
    assert at(60, 11) <= verdict.wave.start <= at(60, 15)
    assert "complaints came within" in verdict.words


def test_two_waves_are_two() -> None:
    verdict = judge(shop("waves", "two waves", 0))

    assert [round((wave.start - at(0)) / timedelta(days=1)) for wave in verdict.waves] == [45, 70]
    assert "There was another: from " in verdict.words


def test_a_shop_that_grew_worse_for_good_is_usual_again_after_a_while() -> None:
    counts = shops.made(
        Random(4), shops.Part(days=150, rate=40, share=lambda d: 0.6 if d > 60 else 0.2)
    )

    verdict = judge(counts)

    assert [wave.until is None for wave in verdict.waves] == [False]
    assert judge(counts, since=at(120)).level == "none"


def test_a_running_wave_says_so() -> None:
    verdict = judge(shop("waves", "still running", 0))

    assert verdict.running
    assert "still going on. Since " in verdict.words


def test_what_comes_after_now_is_not_looked_at() -> None:
    counts = shop("waves", "bank, three days", 0)

    assert judge(counts, now=at(59, 23)).level != "wave"
    assert judge(counts, now=at(61, 23)).running
    assert judge(counts, now=at(89, 23)).level == "wave"


def test_waves_over_before_since_are_not_told() -> None:
    counts = shop("waves", "bank, three days", 0)

    assert judge(counts, since=at(75)).level != "wave"
    assert judge(counts, since=at(61)).level == "wave"


def test_a_wave_of_one_product_drowned_in_the_whole_is_named() -> None:
    verdict = judge(shop("waves", "one product of twenty", 1))

    assert verdict.level == "wave"
    assert verdict.groups[0].kind == "product"
    assert verdict.groups[0].name == "p7"
    assert "A wave of complaints about p7, while the shop as a whole" in verdict.words


def test_invited_reviews_do_not_drown_what_nobody_asked_for() -> None:
    verdict = judge(shop("waves", "in a campaign, marked", 0))

    assert verdict.level == "wave"
    assert verdict.invited_left_out


def test_a_file_of_complaints_only_is_judged_by_their_number_and_says_so() -> None:
    verdict = judge(shop("waves", "complaints only", 0))

    assert verdict.wave is not None
    assert verdict.wave.only_complaints
    assert "holds only complaints" in verdict.words
    assert "instead of 100 %" not in verdict.words


def test_a_source_that_is_new_makes_no_wave() -> None:
    verdict = judge(shop("traps", "a new source with worse reviews", 0))

    assert verdict.level == "weak"
    assert "perhaps only the source is new" in verdict.words


@pytest.mark.parametrize("name", ["begins in the middle of a wave", "nothing but a wave"])
def test_a_wave_without_days_before_is_too_little_to_say(name: str) -> None:
    verdict = judge(shop("traps", name, 0))

    assert verdict.level == "too-little"
    assert verdict.why_little
    assert "further back" in verdict.words


def test_nothing_is_too_little_to_say() -> None:
    assert judge(Counts()).level == "too-little"
    assert judge(Counts(), now=at(0)).first is None


def test_hostile_names_do_not_reach_the_words() -> None:
    counts = shop("waves", "one product of twenty", 1)
    counts.groups["product"]["\x1b[31mred"] = counts.groups["product"].pop("p7")

    words = judge(counts).words

    assert "\x1b" not in words
    assert "\\x1b[31mred" in words


def test_every_verdict_has_words_without_holes() -> None:
    for title, kinds in (("traps", shops.TRAPS), ("waves", shops.WAVES)):
        for name in [*kinds][::4]:
            words = judge(shop(title, name, 0)).words

            assert words.endswith(".")
            assert not re.search(r"None|nan|  |\.\.|\b-\d", words), words


# --- counting ---------------------------------------------------------------------------------


def review(when: int, **more: object) -> Review:
    return Review(key=str(when), at=when, **more)  # type: ignore[arg-type]


def test_counts_keep_mood_invitation_and_missing_hours_apart() -> None:
    counts = Counts()
    counts.add(review(1_700_000_000, rating=1.0, source="a"))
    counts.add(review(1_700_000_000, rating=5.0, invited=True))
    counts.add(review(1_700_006_400, rating=2.0))  # midnight: a date without an hour
    counts.add(review(1_700_000_000))
    counts.add(review(1_700_000_000), "negative")
    counts.add(Review(key="x", rating=1.0))
    counts.add(review(-5, rating=1.0))
    counts.add(review(2**60, rating=1.0))

    hour = 1_700_000_000 // 3600
    midnight = 1_700_006_400 // 3600
    assert counts.cells == {
        hour * 16: 2,
        hour * 16 + 1 + INVITED: 1,
        midnight * 16 + 8: 1,
        hour * 16 + 2: 1,
    }
    assert counts.groups["source"] == {"a": {hour * 16: 1}}
    assert counts.undated == 3


def test_two_processes_add_up() -> None:
    reviews = labelled_reviews.wave()
    one, other = Counts().add_all(reviews[:100]), Counts().add_all(reviews[100:])

    one.merge(pickle.loads(pickle.dumps(other)))

    assert one == Counts().add_all(reviews)
    assert judge(one).level == "wave"


def test_counts_stay_small_whatever_comes() -> None:
    rng = Random(1)
    counts = Counts()
    for n in range(120_000):
        when = 1_400_000_000 + rng.randrange(315_000_000)
        counts.add(review(when, rating=1.0 + n % 5, product=f"p{n}", source="abc"[n % 3]))

    groups = [*counts.named()]
    assert len(groups) < 25_000
    assert counts.forgotten
    assert sum(counts.cells.values()) == 120_000
    assert {name for kind, name, _ in groups if kind == "source"} == {"a", "b", "c"}


def test_ten_years_of_hours_are_judged_at_once() -> None:
    rng = Random(2)
    counts = Counts()
    for hour in range(10 * 365 * 24):
        counts.cells[(400_000 + hour) * 16] = rng.randrange(4)
        counts.cells[(400_000 + hour) * 16 + 1] = rng.randrange(12)

    started = time.process_time()
    judge(counts)

    assert time.process_time() - started < 2  # a fifth of a second on a quiet machine


# --- hour by hour -----------------------------------------------------------------------------


def followed(reviews: list[Review], first: datetime, last: datetime) -> list[tuple[str, datetime]]:
    """What a watch tells that is fed hour by hour."""
    waiting = sorted(reviews, key=lambda each: -(each.at or 0))
    watch, told, now = Watch(), [], first
    while now <= last:
        while waiting and (waiting[-1].at or 0) < now.timestamp():
            watch.counts.add(waiting.pop())
        change = watch.look(now - timedelta(seconds=1))
        if change is not None:
            told.append((change.after, now))
        now += timedelta(hours=1)
    return told


def test_a_watch_tells_the_labelled_wave_within_hours_once_and_its_end() -> None:
    begin = datetime(2022, 3, 3, tzinfo=UTC)

    told = followed(labelled_reviews.wave(), begin - timedelta(days=6), begin + timedelta(days=27))

    assert [level for level, _ in told] == ["weak", "wave", "none"]
    assert told[0][1] - begin <= timedelta(hours=6)
    assert told[1][1] - begin <= timedelta(hours=36)
    assert timedelta(days=3) < told[2][1] - begin < timedelta(days=9)


def test_a_watch_says_nothing_of_a_steady_shop() -> None:
    reviews = labelled_reviews.steady()
    first = datetime.combine(labelled_reviews.STEADY_FROM, datetime.min.time(), UTC)

    assert followed(reviews, first, first + timedelta(days=26)) == []


def test_a_watch_sees_an_outage_of_three_hours_while_it_lasts() -> None:
    counts = shop("waves", "bank, three hours", 0)
    watch = Watch(counts)

    levels = {}
    for hour in range(24):
        change = watch.look(at(60, hour) + timedelta(minutes=59))
        if change is not None:
            levels[change.after] = hour

    assert 14 <= levels["wave"] <= 16


def test_a_quiet_hour_does_not_call_a_wave_off() -> None:
    counts = shop("waves", "bank, three days", 1)
    watch = Watch(counts)
    told = [
        change.after
        for hour in range(60 * 24, 70 * 24, 2)
        if (change := watch.look(at(0, hour) + timedelta(minutes=59))) is not None
    ]

    assert told in (["wave", "none"], ["weak", "wave", "none"])


def test_days_are_those_of_utc() -> None:
    assert at(0).timestamp() == shops.FIRST * DAY
