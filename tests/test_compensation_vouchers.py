"""Codes as files that shop systems import: what stands in them, and what must not."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hostile import HOSTILE, calm
from hypothesis import example, given
from hypothesis import strategies as st

from crisisctl.compensation.sheets import field, words
from crisisctl.compensation.vouchers import (
    BY_HAND,
    FORMATS,
    Terms,
    Voucher,
    header,
    parts,
    remarks,
    rows,
    takes,
)
from crisisctl.errors import CrisisError
from crisisctl.playbook.policy import Offer, Tier
from crisisctl.text import cell, zone_of

PARIS = zone_of("Europe/Paris")
NOW = datetime(2026, 11, 27, 19, 4, tzinfo=UTC)
END = datetime(2027, 1, 26, 23, 0, tzinfo=UTC)
"""Midnight in Paris, between 26 and 27 January."""
KINDS = ("percent", "amount", "credit", "free_delivery", "gift", "honour_price")
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\uff1d1+1", "\t=1", "a\n=1", '=HYPERLINK("x")')


def a_voucher(**changes: Any) -> Voucher:
    """20 percent for Ana, up to 50 EUR."""
    usual = {
        "code": "ABCDE-FGHJK-LMNPQ", "customer": "C-1", "email": "ana@mail.example",
        "tier": "lost-order", "title": "Lost order", "kind": "percent", "percent": Decimal(20),
        "value": Decimal("12.00"), "up_to": Decimal(50), "currency": "EUR", "starts": NOW,
        "ends": END,
    }  # fmt: skip
    said = {**usual, **changes}
    own = [said.pop(name) for name in ("code", "customer", "email")]
    return Voucher(*own, Terms(**said))


def sheet(format: str, *vouchers: Voucher, zone: Any = PARIS) -> list[dict[str, str]]:
    """What a program reads that knows nothing but CSV."""
    text = (header(format) + rows(format, vouchers, zone)).decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def one(format: str, **changes: Any) -> dict[str, str]:
    (row,) = sheet(format, a_voucher(**changes))
    assert None not in row
    assert None not in row.values()
    return row


GOLDEN = {
    "shopify": """\
Title,Command,Code,Type,Method,Value Type,Value,Limit Total Times,Limit One Use Per Customer,\
Starts At,Ends At,Eligibility: Customer Type,Eligibility: Customer Values
lost-order: 20% off up to 50.00 EUR (Lost order) ABCDE-FGHJK-LMNPQ,NEW,ABCDE-FGHJK-LMNPQ,\
Amount off Order,Code,Percentage,20,1,TRUE,2026-11-27 20:04:00 +0100,2027-01-27 00:00:00 +0100,\
Customers,ana@mail.example
waited: 5.00 EUR off (Lost order) 23456-FGHJK-LMNPQ,NEW,23456-FGHJK-LMNPQ,\
Amount off Order,Code,Fixed Amount,5.00,1,TRUE,2026-11-27 20:04:00 +0100,\
2027-01-27 00:00:00 +0100,Customers,jo@mail.example
late: free delivery (Lost order) 98765-FGHJK-LMNPQ,NEW,98765-FGHJK-LMNPQ,\
Free Shipping,Code,,,1,TRUE,2026-11-27 20:04:00 +0100,,,
""",
    "woocommerce": """\
post_title,post_excerpt,post_status,discount_type,coupon_amount,free_shipping,expiry_date,\
individual_use,usage_limit,usage_limit_per_user,customer_email,wc_sc_max_discount
ABCDE-FGHJK-LMNPQ,lost-order: 20% off up to 50.00 EUR (Lost order),publish,percent,20,no,\
2027-01-27,no,1,1,ana@mail.example,50.00
23456-FGHJK-LMNPQ,waited: 5.00 EUR off (Lost order),publish,fixed_cart,5.00,no,\
2027-01-27,no,1,1,jo@mail.example,
98765-FGHJK-LMNPQ,late: free delivery (Lost order),publish,fixed_cart,0,yes,,no,1,1,,
""",
    "magento": """\
rule,code,usage_limit,usage_per_customer,expiration_date,type
lost-order: 20% off up to 50.00 EUR,ABCDE-FGHJK-LMNPQ,1,1,2027-01-26 23:59:59,1
waited: 5.00 EUR off,23456-FGHJK-LMNPQ,1,1,2027-01-26 23:59:59,1
late: free delivery,98765-FGHJK-LMNPQ,1,1,,1
""",
    "plain": """\
code,customer,email,tier,title,kind,percent,value,up_to,currency,starts,ends
ABCDE-FGHJK-LMNPQ,C-1,ana@mail.example,lost-order,Lost order,percent,20,12.00,50.00,EUR,\
2026-11-27T20:04:00+01:00,2027-01-27T00:00:00+01:00
23456-FGHJK-LMNPQ,C-2,jo@mail.example,waited,Lost order,amount,,5.00,,EUR,\
2026-11-27T20:04:00+01:00,2027-01-27T00:00:00+01:00
98765-FGHJK-LMNPQ,C-3,,late,Lost order,free_delivery,,4.90,,EUR,2026-11-27T20:04:00+01:00,
""",
}


@pytest.mark.parametrize("format", FORMATS)
def test_three_vouchers_are_written_as_their_shop_wants_them(format: str) -> None:
    three = [
        a_voucher(),
        a_voucher(code="23456-FGHJK-LMNPQ", customer="C-2", email="jo@mail.example", tier="waited",
                  kind="amount", percent=None, value=Decimal(5), up_to=None),
        a_voucher(code="98765-FGHJK-LMNPQ", customer="C-3", email="", tier="late",
                  kind="free_delivery", percent=None, value=Decimal("4.90"), up_to=None, ends=None),
    ]  # fmt: skip
    assert (header(format) + rows(format, three, PARIS)).decode() == GOLDEN[format]


def test_a_format_that_nobody_knows_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(CrisisError, match='no format "xls"') as caught:
        header("xls")
    assert "shopify" in str(caught.value.hint)


# What each shop takes


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_written_where_the_import_can_say_it_and_left_out_elsewhere(
    format: str, kind: str
) -> None:
    assert bool(sheet(format, a_voucher(kind=kind))) is takes(format, kind)


def test_nothing_is_lost_between_the_files_of_a_shop_and_the_one_by_hand() -> None:
    every = [a_voucher(code=f"{n:05}-FGHJK-LMNPQ", kind=kind) for n, kind in enumerate(KINDS)]
    for format in FORMATS:
        told = [v.code for part in parts(format, every).values() for v in part]
        assert sorted(told) == sorted(v.code for v in every)
        assert all(not takes(format, v.terms.kind) for v in parts(format, every).get(BY_HAND, ()))


def test_currencies_go_into_different_files_because_a_shop_takes_each_sum_for_its_own() -> None:
    both = [a_voucher(), a_voucher(currency="TRY", value=Decimal(600)), a_voucher(kind="gift")]
    assert {name: len(part) for name, part in parts("shopify", both).items()} == {
        "EUR": 1, "TRY": 1, BY_HAND: 1,
    }  # fmt: skip
    assert list(parts("plain", both)) == [""]


def test_store_credit_in_woocommerce_may_be_spent_in_parts() -> None:
    row = one("woocommerce", kind="credit", value=Decimal(10))
    assert row["discount_type"] == "smart_coupon"
    assert row["coupon_amount"] == "10.00"
    assert row["usage_limit"] == row["usage_limit_per_user"] == ""


def test_two_vouchers_of_one_tier_are_two_discounts_in_shopify() -> None:
    both = sheet("shopify", a_voucher(), a_voucher(code="23456-FGHJK-LMNPQ"))
    assert len({row["Title"] for row in both}) == 2


@pytest.mark.parametrize("format", FORMATS)
def test_a_maximum_stands_in_each_row_that_gives_a_percentage(format: str) -> None:
    assert any("50.00" in cell for cell in one(format).values())
    assert not any("50.00" in cell for cell in one(format, up_to=None).values())


@pytest.mark.parametrize("format", ["shopify", "magento"])
def test_a_maximum_that_the_shop_cannot_keep_is_told_with_its_tier(format: str) -> None:
    tier = Tier(id="lost", when="x", offer=Offer(percent=20, up_to=("50 EUR", "900 TRY")))
    assert any("lost (50.00 EUR or 900.00 TRY)" in text for text in remarks(format, [tier]))
    plain = Tier(id="lost", when="x", offer=Offer(percent=20))
    assert not any("lost" in text for text in remarks(format, [plain]))


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_left_to_a_person_is_told_with_its_tier(format: str) -> None:
    tier = Tier(id="held", when="x", offer=Offer(honour_price="48h"))
    assert any("held" in text for text in remarks(format, [tier])) is not takes(
        format, "honour_price"
    )


@pytest.mark.parametrize("format", ["shopify", "woocommerce", "magento"])
def test_sums_in_two_currencies_are_told(format: str) -> None:
    tier = Tier(id="waited", when="x", offer=Offer(amount=("5 EUR", "100 TRY")))
    assert any("EUR, TRY" in text for text in remarks(format, [tier]))


def a_tier(id: str, **gives: Any) -> Tier:
    return Tier(id=id, when="x", offer=Offer(**gives))


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_is_said_of_offers_that_nobody_got(format: str) -> None:
    assert remarks(format, []) == []
    told = " ".join(remarks(format, [a_tier("five", amount="5 EUR")])).lower()
    for other in ("shipping in every", "free shipping", "credit", "gift", "honoured", "maximum"):
        assert other not in told
    assert "percentage" not in told


@pytest.mark.parametrize("format", ["shopify", "magento"])
def test_where_all_is_done_by_hand_nothing_is_said_of_an_import(format: str) -> None:
    told = remarks(format, [a_tier("kept", honour_price="48h")])
    assert len(told) == 1
    assert "the one by hand: kept. An honoured price" in told[0]
    assert "redit" not in told[0]


def test_sums_that_no_file_of_the_shop_has_ask_for_no_file_of_a_currency() -> None:
    owed = a_tier("owed", credit=("5 EUR", "100 TRY"))
    assert not any("EUR, TRY" in text for text in remarks("magento", [owed]))


@pytest.mark.parametrize("format", ["woocommerce", "plain"])
def test_credit_is_not_told_to_work_once(format: str) -> None:
    both = [a_tier("five", amount="5 EUR"), a_tier("stay", credit="5 EUR")]
    once = [text for text in remarks(format, both) if "works once" in text or "one use" in text]
    assert len(once) == 1
    assert "each code but that of stay" in once[0] or "a code of five is" in once[0]


# Moments


ENDS = [
    # what ends, the first day without it, the last day with it
    ("2027-01-26T23:00:00+00:00", "2027-01-27", "2027-01-26"),  # midnight in Paris
    ("2027-01-26T22:59:59+00:00", "2027-01-27", "2027-01-26"),
    ("2027-01-26T23:00:01+00:00", "2027-01-28", "2027-01-27"),
    ("2026-10-24T22:00:00+00:00", "2026-10-25", "2026-10-24"),  # before the day of 25 hours
    ("2026-10-25T22:30:00+00:00", "2026-10-26", "2026-10-25"),  # in the last hour of it
    ("2026-10-25T23:00:00+00:00", "2026-10-26", "2026-10-25"),
    ("2027-03-28T21:30:00+00:00", "2027-03-29", "2027-03-28"),  # the day of 23 hours
]


@pytest.mark.parametrize(("ends", "first_without", "last_with"), ENDS)
def test_a_voucher_never_ends_before_the_moment_that_was_promised(
    ends: str, first_without: str, last_with: str
) -> None:
    when = datetime.fromisoformat(ends)
    assert one("woocommerce", ends=when)["expiry_date"] == first_without
    assert one("magento", ends=when)["expiration_date"] == f"{last_with} 23:59:59"


@given(st.integers(1_600_000_000, 2_200_000_000))
def test_the_days_that_a_shop_counts_hold_the_promise_and_at_most_a_day_more(
    seconds: int,
) -> None:
    ends = datetime.fromtimestamp(seconds, UTC)
    first = datetime.fromisoformat(one("woocommerce", ends=ends)["expiry_date"])
    assert timedelta() <= first.replace(tzinfo=PARIS) - ends < timedelta(hours=25, seconds=1)
    last = datetime.fromisoformat(one("magento", ends=ends)["expiration_date"])
    assert last.replace(tzinfo=PARIS) + timedelta(seconds=1) >= ends


def test_two_ends_in_the_hour_that_comes_twice_are_not_mixed_up() -> None:
    early = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS)
    both = sheet("plain", a_voucher(ends=early), a_voucher(ends=early.replace(fold=1)))
    assert [row["ends"][-6:] for row in both] == ["+02:00", "+01:00"]


# Sums


SUMS = [("JPY", "1200", "1200"), ("EUR", "12.5", "12.50"), ("KWD", "1.25", "1.250")]


@pytest.mark.parametrize(("currency", "value", "written"), SUMS)
def test_a_sum_has_the_digits_of_its_currency(currency: str, value: str, written: str) -> None:
    changes = {"kind": "amount", "currency": currency, "value": Decimal(value), "up_to": None}
    assert one("shopify", **changes)["Value"] == written
    assert one("woocommerce", **changes)["coupon_amount"] == written
    assert one("plain", **changes)["value"] == written


def test_numbers_are_plain_whatever_their_exponent() -> None:
    row = one("plain", value=Decimal("1E+3"), percent=Decimal("1E+1"), up_to=Decimal("2E+2"))
    assert (row["value"], row["percent"], row["up_to"]) == ("1000.00", "10", "200.00")
    assert one("shopify", percent=Decimal("12.50"))["Value"] == "12.5"


def test_a_percentage_that_nobody_said_is_refused() -> None:
    for format in ("shopify", "woocommerce", "magento", "plain"):
        with pytest.raises(ValueError, match="lost-order"):
            rows(format, [a_voucher(percent=None)], PARIS)


# Words of others


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("text", [*FORMULAS, *HOSTILE.values(), 'a,"b",c', "50% off %s %d %(x)s"])
def test_no_words_of_others_become_a_formula_a_row_or_a_cell(format: str, text: str) -> None:
    changes = {"customer": text, "email": text, "title": text}
    both = sheet(format, a_voucher(**changes), a_voucher())
    assert len(both) == 2
    assert both[1] == one(format)
    for told in both[0].values():
        assert calm(told)
        assert not told.startswith(("=", "+", "-", "@", "\uff1d"))


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), min_size=1, max_size=4))
def test_any_words_come_back_from_a_csv_reader_as_they_were_guarded(
    texts: list[tuple[str, str, str]],
) -> None:
    many = [a_voucher(customer=c, email=e, title=t) for c, e, t in texts]
    for format in FORMATS:
        found = sheet(format, *many)
        assert len(found) == len(many)
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(row.values() for row in found)
        assert out.getvalue().encode() == rows(format, many, PARIS)


ADDRESSES = [
    ("ana@mail.example", True), ("o'neil+shop@mail.example", True), ("İrem@posta.example", True),
    ("_x@mail.example", True),
    ("*@mail.example", False), ("ana@mail.example,jo@mail.example", False), ("", False),
    ("+49170@sms.example", False), ("=x@mail.example", False), ("ana@localhost", False),
    ("ana@mail.example\n", False), ("a b@mail.example", False), ("@mail.example", False),
]  # fmt: skip


@pytest.mark.parametrize(("address", "plain"), ADDRESSES)
def test_a_code_is_tied_to_an_address_only_where_no_shop_could_read_more_into_it(
    address: str, plain: bool
) -> None:
    expected = address if plain else ""
    assert one("woocommerce", email=address)["customer_email"] == expected
    row = one("shopify", email=address)
    assert row["Eligibility: Customer Values"] == expected
    assert row["Eligibility: Customer Type"] == ("Customers" if plain else "")


def test_blocks_one_after_the_other_are_the_same_as_all_at_once() -> None:
    many = [a_voucher(code=f"{n:05}-FGHJK-LMNPQ", customer=f"C-{n}") for n in range(100)]
    for format in FORMATS:
        blocks = b"".join(rows(format, many[at : at + 7], PARIS) for at in range(0, 100, 7))
        assert blocks == rows(format, many, PARIS)
    assert rows("plain", [], PARIS) == b""


@given(st.text() | st.text(st.characters(categories=("L", "M", "N", "Pc", "Pd", "Cf"))))
@example("a\u3164b")
@example("a  b")
@example("\u115f")
def test_what_needs_no_guard_is_what_the_guard_leaves_as_it_is(text: str) -> None:
    assert words(text) == field(cell(text))
