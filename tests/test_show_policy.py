"""The compensation policy in `show`: on a screen, on paper, for machines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis

from crisisctl.playbook.policy import Column, Offer, Owed, Policy, Tier
from crisisctl.report import policy as shown

PLAYBOOK = """\
playbook: shop
title: Site outage
roles: {commander: Decides, finance: Pays}
facts:
  started_at: {type: time, ask: Since when?, example: "2026-11-27T20:04+01:00"}
compensation:
  currency: EUR
  rates: {TRY: "0.021"}
  budget: 20000 EUR
  cap: [50 EUR, 2000 TRY]
  approval: {roles: [commander, finance], two_over: 5000 EUR}
  once_in: 90d
  window: {from: started_at}
  harm:
    failed_orders: {title: Orders | that failed, count: status == 'failed', most: 40}
    charged_twice: {title: Taken twice, type: money, sum: paid - total, when: paid > total}
  about: {status: {type: text}, paid: {type: money}, total: {type: money}, staff: {type: flag}}
  exclude: [{id: staff, when: staff, because: Employees are not customers, owed: false}]
  owed: [{id: double-charge, title: Charged twice, when: charged_twice > 0, refund: charged_twice}]
  tiers:
    - id: lost-order
      title: An order was lost
      when: failed_orders > 0
      offer: {percent: 20, up_to: [50 EUR, 2000 TRY]}
      valid: 60d
      redemption: 40
      margin_effect: 70
    - {id: sorry, when: failed_orders == 0, offer: {apology: true}}
stages:
  compensate:
    - {id: reckon, title: Reckon who gets what, compensate: plan}
    - {id: hand-out, title: Hand it out, compensate: issue}
    - id: tell
      title: Tell those who lost an order
      send: {message: voucher, channels: [email], tiers: [lost-order, double-charge]}
    - {id: all, title: Tell everybody, send: {message: news, channels: [email]}}
"""


@pytest.fixture
def shop(folder: Path) -> Path:
    """A workspace whose playbook has a policy."""
    (folder / "crisisctl.yaml").write_text("locales: [en]\n", encoding="utf-8")
    (folder / "playbooks").mkdir()
    (folder / "playbooks" / "shop.yaml").write_text(PLAYBOOK, encoding="utf-8")
    return folder


def model(crisis: Crisis) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(crisis("show", "shop", "--format", "json").stdout)
    return found


@pytest.mark.usefixtures("shop")
def test_a_screen_tells_the_bounds_and_each_part_in_the_order_in_which_they_count(
    crisis: Crisis,
) -> None:
    ran = crisis("show", "shop")
    told = " ".join(ran.stdout.split())

    assert (ran.exit, ran.stderr) == (0, "")
    places = [
        told.find(words)
        for words in (
            "Compensation policy",
            "Budget, what the gestures of one incident may probably cost, refunds that are owed "
            "left aside: 20000 EUR at most.",
            "One customer gets 50 EUR or 2000 TRY at most",
            "No customer gets a second offer within 90d",
            "Approved by: commander or finance.",
            "Where a plan will probably cost more than 5000 EUR, refunds included, two people must",
            "Counted in EUR: 1 TRY counts as 0.021.",
            "Rows of an export count from started_at.",
            "harm: Orders | that failed",
            'how it is told: number of rows where status is "failed"; above 40 a person',
            "because: Employees are not customers",
            "for: Charged twice",
            "harm: An order was lost",
            "when: Orders | that failed: more than 0",
            "offer: 20 % off",
            "expected use: 40 of 100",
            "costs the shop: 70 % of its face value",
        )
    ]
    assert -1 not in places
    assert places == sorted(places)


def test_a_sum_says_where_it_counts_only_what_some_exports_say(crisis: Crisis, shop: Path) -> None:
    less = PLAYBOOK.replace("sum: paid - total", "sum: paid - total - refunded").replace(
        "total: {type: money},", "total: {type: money}, refunded: {type: money, optional: true},"
    )
    (shop / "playbooks" / "shop.yaml").write_text(less, encoding="utf-8")

    told = " ".join(crisis("show", "shop").stdout.split())

    assert "paid less total less refunded (where the export says it), added up" in told
    assert model(crisis)["compensation"]["about"]["refunded"]["optional"] is True


@pytest.mark.usefixtures("shop")
def test_a_screen_tells_what_a_step_does_with_the_policy_and_who_reads_a_message(
    crisis: Crisis,
) -> None:
    told = " ".join(crisis("show", "shop").stdout.split())

    assert "compensation: reckon from an export who gets what" in told
    assert "compensation: hand out what was approved" in told
    assert 'sends "voucher" to customers who got lost-order or double-charge on email' in told
    assert 'sends "news" to customers on email' in told


@pytest.mark.usefixtures("shop")
def test_paper_has_a_table_for_each_part_with_foreign_signs_made_harmless(crisis: Crisis) -> None:
    lines = crisis("show", "shop", "--format", "md").stdout.splitlines()

    assert "## Compensation policy" in lines
    assert "| tier | harm | when | offer | valid | expected use | costs the shop |" in lines
    assert (
        "| lost-order | An order was lost | Orders \\| that failed: more than 0 |"
        " 20 % off the next order, 50 EUR or 2000 TRY at most | 60d | 40 of 100 |"
        " 70 % of its face value |"
    ) in lines
    assert "| sorry |  | Orders \\| that failed: 0 | an apology |  |  |  |" in lines
    assert any(line.startswith("| failed_orders | Orders \\| that failed |") for line in lines)
    assert sum(line.startswith("- [ ] Compensation: ") for line in lines) == 2


@pytest.mark.usefixtures("shop")
def test_machines_get_every_key_of_the_file_in_its_place(crisis: Crisis) -> None:
    found = model(crisis)["compensation"]

    assert list(found) == [field.rstrip("_") for field in Policy.__struct_fields__]
    assert (found["budget"], found["cap"]) == ("20000 EUR", ["50 EUR", "2000 TRY"])
    assert found["window"] == {"from": "started_at", "until": None}
    tier = found["tiers"][0]
    assert (tier["gives"], tier["valid"], tier["redemption"]) == ("percent", "60d", 40)
    assert set(tier["offer"]) == set(Offer.__struct_fields__)
    assert tier["offer"]["up_to"] == ["50 EUR", "2000 TRY"]
    assert tier["offer"]["gift"] is None


@pytest.mark.usefixtures("shop")
def test_machines_get_what_a_step_does_and_for_which_tiers_a_message_is(crisis: Crisis) -> None:
    steps = {step["id"]: step for step in model(crisis)["stages"]["compensate"]}

    assert [step["compensate"] for step in steps.values()] == ["plan", "issue", None, None]
    assert steps["tell"]["send"]["tiers"] == ["lost-order", "double-charge"]
    assert steps["all"]["send"]["tiers"] == []


def test_a_playbook_without_a_policy_shows_none(crisis: Crisis, folder: Path) -> None:
    plain = PLAYBOOK.partition("compensation:")[0]
    plain += "stages:\n  assess:\n    - {id: look, title: Look, guide: Look around.}\n"
    (folder / "crisisctl.yaml").write_text("locales: [en]\n", encoding="utf-8")
    (folder / "playbooks").mkdir()
    (folder / "playbooks" / "shop.yaml").write_text(plain, encoding="utf-8")

    assert model(crisis)["compensation"] is None
    assert "ompensation" not in crisis("show", "shop", "--format", "md").stdout


@pytest.mark.parametrize(
    ("offer", "words"),
    [
        (Offer(percent="offer_percent", order="60 EUR"), "offer_percent in % off the next order"),
        (Offer(percent=10, order="60 EUR"), "(an order is usually 60 EUR)"),
        (Offer(amount=("5 EUR", "200 TRY")), "5 EUR or 200 TRY off the next order"),
        (Offer(credit="5 EUR"), "5 EUR of store credit"),
        (Offer(free_delivery="4.90 EUR"), "the next delivery free (reckoned at 4.90 EUR each)"),
        (Offer(gift="A cap", worth="3 EUR"), "a gift: A cap (reckoned at 3 EUR each)"),
        (Offer(longer_returns="30d"), "30d more time to return goods"),
        (Offer(honour_price="48h"), "the price of that day is kept for 48h"),
        (Offer(refund="shipping"), "money back: shipping"),
        (Offer(help="monitoring", worth="30 EUR"), "help: monitoring (reckoned at 30 EUR each)"),
        (Offer(apology=True), "an apology"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_an_offer_is_told_in_words(offer: Offer, words: str) -> None:
    assert words in shown.words(offer)


STATUSES = "['failed', 'error', 'expired', 'payment failed']"
LADDER = Policy(
    currency="EUR",
    harm={
        "lost": Column(
            title="lost payment", type="money", sum="paid", when=f"status in {STATUSES}"
        ),
        "twice": Column(type="money", sum="paid - total", when=f"status not in {STATUSES}"),
        "minutes": Column(title="minutes held up", together="most"),
        "missed": Column(title="missed the sale", type="flag"),
    },
    about={"status": Column(type="text"), "paid": Column(type="money")},
    owed=(Owed(id="back", when="lost > 0", refund="lost + twice"),),
    tiers=(
        Tier(id="sale", when="missed and minutes < 5 or twice > 0", offer=Offer(refund="lost")),
        Tier(id="kept", when="not missed", offer=Offer(honour_price="48h", worth="10 EUR")),
        Tier(id="odd", when="(minutes | default(0)) > 5", offer=Offer(amount="5 EUR"), valid="60d"),
    ),
)


def cells(title: str) -> dict[str, tuple[str, ...]]:
    """The rows of a part, by what names them."""
    (part,) = (part for part in shown.parts(LADDER) if part.title.startswith(title))
    return {row[0]: row[1:] for row in part.rows}


def test_conditions_are_told_by_the_names_of_what_happened() -> None:
    assert [row[1] for row in cells("What is offered").values()] == [
        "(missed the sale and minutes held up: less than 5) or twice",
        "not missed the sale",
        "(minutes | default(0)) > 5",  # plainer as it is written
    ]
    assert cells("What goes back")["back"][1:] == ("lost payment", "lost payment plus twice")


def test_a_long_list_of_words_stands_once_and_is_named_where_it_is_asked() -> None:
    happened = cells("What can have happened")
    assert happened["lost"][1] == "paid, added up, of rows where status is one of list 1"
    assert happened["twice"][1].endswith("paid less total, added up, of rows where status is none"
                                         " of list 1")  # fmt: skip
    assert cells("Lists of words") == {"list 1": ("failed, error, expired, payment failed",)}
    assert "; of several rows the largest counts" in happened["minutes"][1]


def test_what_has_no_last_day_or_no_estimate_has_none_in_its_line() -> None:
    ladder = cells("What is offered")
    assert ladder["sale"][2:] == ("money back: lost payment", "", "everybody", "all of it")
    whole = ("everybody (the most it can cost)", "all of its face value")
    assert ladder["kept"][3:] == ("48h", *whole)
    assert ladder["odd"][3:] == ("60d", *whole)


def test_a_part_is_a_list_that_is_checked_line_by_line() -> None:
    (part,) = (each for each in shown.parts(LADDER) if each.title.startswith("What goes back"))
    assert list(shown.lines(part)) == [
        ("back", ""),
        ("when: lost payment", "    "),
        ("paid back: lost payment plus twice", "    "),
    ]
