"""Look-alikes: what is suspected, what is not, and why."""

from __future__ import annotations

import time
from random import Random

import pytest

from crisisctl.reviews.alike import MOST, alike
from crisisctl.reviews.review import Review

NOON = 1_700_049_600
LONG = "This shop took my money three weeks ago and nobody has ever answered any of my messages"
WORDS = [
    "parcel",
    "money",
    "refund",
    "late",
    "broken",
    "never",
    "week",
    "answer",
    "phone店",
    "order",
    "box",
    "screen",
    "battery",
    "colour",
    "size",
    "wrong",
    "again",
    "people",
    "waiting",
    "closed",
    "email",
    "door",
    "neighbour",
    "label",
    "cheap",
    "thin",
    "shirt",
    "sleeve",
    "zip",
    "seam",
    "smell",
    "taste",
    "burnt",
    "cold",
    "empty",
    "torn",
    "lid",
    "glass",
    "bottle",
    "cable",
    "plug",
    "lamp",
    "chair",
    "table",
    "leg",
    "screw",
    "hole",
]


def made(key: str, text: str, *, after: int = 0, **more: object) -> Review:
    return Review(key=key, at=NOON + after, rating=1.0, text=text, author=f"author {key}", **more)  # type: ignore[arg-type]


def strangers(number: int, seed: int = 1, words: int = 20) -> list[Review]:
    rng = Random(seed)
    return [
        made(f"s{n}", " ".join(rng.choices(WORDS, k=words)), after=rng.randrange(86_000))
        for n in range(number)
    ]


def test_nearly_the_same_text_by_several_people_is_suspected_and_says_why() -> None:
    copies = [
        made(f"c{n}", f"{LONG}{'!' * n} {word}", after=n * 240)
        for n, word in enumerate(("Avoid", "avoid them", "Beware.", "scam", "SCAM"))
    ]

    found = alike([*strangers(200), *copies])

    assert [each.key for each in found.suspected] == ["c0", "c1", "c2", "c3", "c4"]
    assert found.suspected[0].reasons == ["4 others say nearly the same within 16 min"]
    assert found.suspected[0].like == ["c1", "c2", "c3", "c4"]
    assert "5 of 205 are suspected to be written together" in found.words
    assert "no proof" in found.words


def test_strangers_who_complain_of_the_same_are_not_suspected() -> None:
    honest = [
        made("a", "My parcel was three weeks late and the support never answered, so annoying"),
        made("b", "Parcel came late, after three weeks. Support does not answer. I am annoyed."),
        made("c", "Three weeks late! And when I asked where my parcel is, support was silent."),
    ]

    assert alike([*strangers(100), *honest]).suspected == []


@pytest.mark.parametrize("text", ["bad app", "Worst app ever!!!", "does not work", "👎👎👎", ""])
def test_short_texts_prove_nothing(text: str) -> None:
    found = alike([made(str(n), text, after=n) for n in range(50)])

    assert found.suspected == []
    assert found.too_short == 50
    assert "Nothing suggests" in found.words


def test_who_posts_twice_is_one_person() -> None:
    twice = [Review(key=str(n), at=NOON + n, rating=1.0, text=LONG, author="Kim") for n in range(4)]

    assert alike(twice).suspected == []


def test_one_stranger_with_the_same_short_sentence_is_chance() -> None:
    text = "the app crashes every time i open it"

    assert alike([made("a", text), made("b", text, after=60)]).suspected == []


def test_one_stranger_with_the_same_long_text_is_suspected() -> None:
    found = alike([made("a", LONG), made("b", LONG, after=60)])

    assert [each.reasons for each in found.suspected] == [
        ["another one says nearly the same within 1 min"]
    ] * 2


def test_a_burst_alone_is_no_suspicion() -> None:
    burst = [made(f"b{n}", text.text, after=n) for n, text in enumerate(strangers(40, seed=9))]

    assert alike([*strangers(200), *burst]).suspected == []


def test_a_burst_of_new_accounts_is_suspected() -> None:
    old = [
        made(f"o{n}", each.text, after=n * 800, fresh=False)
        for n, each in enumerate(strangers(100))
    ]
    new = [
        made(f"n{n}", each.text, after=40_000 + n * 20, fresh=True)
        for n, each in enumerate(strangers(12, seed=5))
    ]

    found = alike([*old, *new])

    assert {each.key for each in found.suspected} == {each.key for each in new}
    assert (
        "complaints within 10 min come from accounts that had hardly"
        in (found.suspected[0].reasons[0])
    )


def test_new_accounts_over_a_day_are_no_suspicion() -> None:
    new = [
        made(f"n{n}", each.text, after=n * 2000, fresh=True) for n, each in enumerate(strangers(40))
    ]

    assert alike(new).suspected == []


def test_days_without_hours_are_told_as_days() -> None:
    midnight = NOON // 86_400 * 86_400
    copies = [
        Review(key=str(n), at=midnight, rating=1.0, text=LONG, author=str(n)) for n in range(3)
    ]

    assert alike(copies).suspected[0].reasons == ["2 others say nearly the same on the same day"]


def test_reviews_without_a_date_are_told_without_a_time() -> None:
    copies = [Review(key=str(n), text=LONG, author=str(n)) for n in range(3)]

    assert alike(copies).suspected[0].reasons == ["2 others say nearly the same"]


def test_languages_without_spaces_are_compared_too() -> None:
    text = (
        "このアプリは本当にひどいです。お金を払ったのに商品が届かず、問い合わせにも返事がありません"
    )
    copies = [made(str(n), f"{text}{tail}", after=n) for n, tail in enumerate(("。", "!", "！！"))]

    assert len(alike([*strangers(50), *copies]).suspected) == 3


def test_the_work_stays_bounded_where_everybody_writes_alike() -> None:
    rng = Random(3)
    many = [
        made(str(n), f"{LONG} {rng.choice(WORDS)} {rng.choice(WORDS)} {n}") for n in range(8000)
    ]

    started = time.process_time()
    found = alike(many)

    assert time.process_time() - started < 5
    assert len(found.suspected) > 7900


def test_only_so_many_are_looked_at_and_the_rest_is_counted() -> None:
    found = alike(made(str(n), "bad app", after=n) for n in range(MOST + 5))

    assert (found.looked_at, found.left_out) == (MOST, 5)


def test_a_text_of_megabytes_does_not_hold_it_up() -> None:
    started = time.process_time()
    alike([made(str(n), "word another " * 400_000 + str(n)) for n in range(4)])

    assert time.process_time() - started < 3
