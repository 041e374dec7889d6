"""Codes read back from what a shop exports: each use counted, everything odd told."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crisisctl.compensation.codes import Mint
from crisisctl.compensation.receipts import Receipts, written
from crisisctl.compensation.redemptions import LISTED, Redeemed, Use, redeemed
from crisisctl.errors import CrisisError
from crisisctl.tables.unreadable import Unreadable
from crisisctl.text import zone_of

MINT = Mint(b"k" * 32, "outage-2026-11-27")
A, B, C, STRANGE = (MINT.code(name)[0] for name in ("ana", "jo", "kim", "nobody"))
TIERS = {A: "lost-order", B: "lost-order", C: "credit"}
CURRENCIES = ("EUR", "TRY", "JPY", "KWD")


def reckon(
    folder: Path, text: str | bytes, *, often: tuple[str, ...] = (), **more: Any
) -> Redeemed:
    path = folder / "used.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    receipts = Receipts(path, **{"currencies": CURRENCIES, **more})
    return redeemed(receipts, TIERS.get, often)


def lines(*rows: str, header: str = "code,used_at,discount,order total,currency,order") -> str:
    return "\n".join([header, *rows]) + "\n"


def test_uses_are_summed_by_tier_and_currency(tmp_path: Path) -> None:
    found = reckon(
        tmp_path,
        lines(
            f"{A},2026-12-01T10:00:00Z,12.00,60.00,EUR,1001",
            f"{B},2026-12-03T10:00:00Z,300,1500,TRY,1002",
            f"{C},2026-12-02T10:00:00Z,10.00,20.00,EUR,1003",
        ),
    )
    assert {key: (used.count, used.discount, used.orders) for key, used in found.sums.items()} == {
        ("lost-order", "EUR"): (1, Decimal(12), Decimal(60)),
        ("lost-order", "TRY"): (1, Decimal(300), Decimal(1500)),
        ("credit", "EUR"): (1, Decimal(10), Decimal(20)),
    }
    assert found.count == 3
    assert found.first == datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert found.last == datetime(2026, 12, 3, 10, tzinfo=UTC)


def test_the_first_and_the_last_use_are_told_whatever_the_order_of_the_rows(
    tmp_path: Path,
) -> None:
    days = ("2026-12-02", "2026-12-03", "2026-12-01", "2026-12-02")
    rows = [f"{A},{day},1.00,,EUR,{number}" for number, day in enumerate(days)]
    used = reckon(tmp_path, lines(*rows)).sums["lost-order", "EUR"]
    assert used.first == datetime(2026, 12, 1, tzinfo=UTC)
    assert used.last == datetime(2026, 12, 3, tzinfo=UTC)


SHOPS = {
    "shopify": (
        "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,"
        "Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name\n"
        f"#1001,ana@m.example,paid,2026-12-01 10:00:00 +0100,EUR,48,0,8,48.00,{A},12.00,DHL,"
        "2026-12-01 10:00:00 +0100,1,Cup\n"
        "#1001,ana@m.example,,,,,,,,,,,2026-12-01 10:00:00 +0100,2,Plate\n"
    ),
    "woocommerce": (
        "order_id,order_number,order_date,currency,order_total,discount_total,coupon_items\n"
        f"77,77,2026-12-01 10:00:00,EUR,48.00,12.00,code:{A.lower()}|amount:12.00\n"
    ),
    "magento": (
        "increment_id,created_at,order_currency_code,grand_total,coupon_code,discount_amount\n"
        f"000000012,2026-12-01 10:00:00,EUR,48.0000,{A},-12.0000\n"
    ),
    "french": (
        "code_promo;date_commande;remise;total_commande;devise;numéro_de_commande\n"
        f"{A};01/12/2026 10:00;12,00 €;48,00 €;EUR;1001\n"
    ),
    "spanish": (
        "código de descuento;fecha de uso;descuento;total del pedido;moneda;pedido\n"
        f"{A};01/12/2026 10:00;12,00;48,00;EUR;1001\n"
    ),
    "turkish": (
        "kupon kodu;kullanım tarihi;indirim tutarı;sipariş toplamı;para birimi;sipariş no\n"
        f"{A};01.12.2026 10:00;12,00;48,00;EUR;1001\n"
    ),
    "russian": (
        "промокод;дата использования;скидка;сумма заказа;валюта;номер заказа\n"
        f"{A};01.12.2026 10:00;12,00;48,00;EUR;1001\n"
    ),
    "german": (
        "Gutscheincode;eingelöst am;Rabatt;Bestellwert;Währung;Bestellnummer\n"
        f"{A};01.12.2026 10:00;12,00;48,00;EUR;1001\n"
    ),
}


@pytest.mark.parametrize("shop", SHOPS)
def test_the_export_of_each_shop_is_understood(tmp_path: Path, shop: str) -> None:
    found = reckon(tmp_path, SHOPS[shop], zone=zone_of("Europe/Paris"))
    used = found.sums["lost-order", "EUR"]
    assert (used.count, used.discount, used.orders) == (1, Decimal(12), Decimal(48))
    assert used.first == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert not found.unreadable.many
    assert not found.twice.many
    assert not found.foreign


TYPED = [
    A.lower(), A.replace("-", " "), A.replace("-", ""), f"  {A}  ", A.replace("-", "\u2013"),
    f"'{A}", A.replace("-", "_").lower(), "".join(chr(ord(c) + 0xFEE0) for c in A),
    A.translate(str.maketrans("ABEKMHPCTYX", "АВЕКМНРСТУХ")),
    A.translate(str.maketrans("ABEZHKMNPTYX", "ΑΒΕΖΗΚΜΝΡΤΥΧ")).lower(),
]  # fmt: skip


@pytest.mark.parametrize("typed", TYPED)
def test_a_code_is_known_however_somebody_typed_it(tmp_path: Path, typed: str) -> None:
    assert reckon(tmp_path, lines(f'"{typed}",2026-12-01,1.00,,EUR,1')).count == 1


def test_a_single_wrong_letter_is_told_as_a_code_that_was_mistyped(tmp_path: Path) -> None:
    wrong = ("3" if A[0] != "3" else "4") + A[1:]
    found = reckon(tmp_path, lines(f"{wrong},2026-12-01,1.00,,EUR,77"))
    assert found.count == 0
    assert found.wrong.some == [Use(2, wrong, "77", datetime(2026, 12, 1, tzinfo=UTC))]


def test_a_code_that_was_never_given_out_is_told_apart_from_other_codes_of_the_shop(
    tmp_path: Path,
) -> None:
    rows = [f"{code},2026-12-01,1.00,,EUR,1" for code in (STRANGE, "SUMMER20", "BLACKFRIDAY2026")]
    found = reckon(tmp_path, lines(*rows))
    assert [use.code for use in found.unknown.some if isinstance(use, Use)] == [STRANGE]
    assert (found.foreign, found.wrong.many, found.count) == (2, 0, 0)


def test_a_second_use_is_counted_and_told(tmp_path: Path) -> None:
    found = reckon(
        tmp_path,
        lines(f"{A},2026-12-01,12.00,,EUR,1", f"{A},2026-12-02,12.00,,EUR,2"),
    )
    assert found.sums["lost-order", "EUR"].discount == 24
    assert found.twice.some == [Use(3, A, "2", datetime(2026, 12, 2, tzinfo=UTC))]


def test_rows_of_one_order_are_one_use(tmp_path: Path) -> None:
    rows = (f"{A},2026-12-01,12.00,,EUR,1", f"{A},2026-12-01,12.00,,EUR,1")
    found = reckon(tmp_path, lines(*rows))
    assert (found.count, found.repeated, found.twice.many) == (1, 1, 0)


def test_without_numbers_of_orders_two_rows_are_two_uses(tmp_path: Path) -> None:
    rows = (f"{A},2026-12-01,12.00,,EUR,", f"{A},2026-12-01,12.00,,EUR,")
    found = reckon(tmp_path, lines(*rows))
    assert (found.count, found.repeated, found.twice.many) == (2, 0, 1)


def test_a_name_is_a_number_of_an_order_only_in_an_export_of_shopify(tmp_path: Path) -> None:
    text = f"code,name,discount\n{A},Ana,12.00\n{A},Ana,12.00\n"
    assert reckon(tmp_path, text).twice.many == 1


def test_credit_may_be_used_in_parts(tmp_path: Path) -> None:
    rows = (f"{C},2026-12-01,4.00,,EUR,1", f"{C},2026-12-02,6.00,,EUR,2")
    found = reckon(tmp_path, lines(*rows), often=("credit",))
    assert (found.sums["credit", "EUR"].discount, found.twice.many) == (10, 0)


def test_a_discount_that_other_codes_share_is_counted_once_and_told(tmp_path: Path) -> None:
    rows = (f'"SUMMER20, {A}",2026-12-01,12.00,48,EUR,1', f'"{B};{C}",2026-12-01,9.00,30,EUR,2')
    found = reckon(tmp_path, lines(*rows))
    assert sum(used.discount for used in found.sums.values()) == 21
    assert found.count == 3
    assert [use.line for use in found.shared.some] == [2, 3]


BAD = [
    (f"{A},soon,1.00,,EUR,1", "not a time"),
    (f"{A},2026-12-01,NaN,,EUR,1", "not a sum of money"),
    (f"{A},2026-12-01,1.00,many,EUR,1", "order total"),
    (f'{A},2026-12-01,"1,234",,EUR,1', "two ways"),
    (f"{A},2026-12-01,1.00 USD,,EUR,1", "not in EUR"),
    (f"{A},2026-12-01,1.00,,XXX,1", "no voucher was given in the currency"),
    (f"{A},2026-12-01,1.00", "it has 3 cells"),
    (f"{'X,' * 200}".join('""') + ",2026-12-01,1.00,,EUR,1", "longer than 300"),
]


@pytest.mark.parametrize(("row", "reason"), BAD)
def test_a_row_that_cannot_be_read_is_told_and_takes_no_other_along(
    tmp_path: Path, row: str, reason: str
) -> None:
    good = f"{B},2026-12-02,12.00,,EUR,2"
    found = reckon(tmp_path, lines(row, good))
    (bad,) = found.unreadable.some
    assert isinstance(bad, Unreadable)
    assert bad.line == 2
    assert reason in bad.reason
    assert found.sums["lost-order", "EUR"].discount == 12


def test_a_quotation_mark_that_is_not_closed_takes_no_other_row_along(tmp_path: Path) -> None:
    rows = (f'"{A},2026-12-01,1.00,,EUR,1', f"{B},2026-12-02,12.00,,EUR,2")
    found = reckon(tmp_path, lines(*rows))
    assert (found.unreadable.many, found.count) == (1, 1)


def test_rows_without_a_code_are_only_counted(tmp_path: Path) -> None:
    found = reckon(tmp_path, lines(",2026-12-01,,20.00,EUR,1", f"{A},2026-12-01,12,,EUR,2"))
    assert (found.without, found.count, found.unreadable.many) == (1, 1, 0)


SUMS = [("JPY", "1200", "1200"), ("KWD", "1.255", "1.255"), ("EUR", "-12.0050", "12.01"),
        ("EUR", "\u221212.00", "12"), ("EUR", "'-12.00", "12"), ("EUR", "", "0")]  # fmt: skip


@pytest.mark.parametrize(("currency", "cell", "sum_"), SUMS)
def test_a_discount_is_read_in_the_digits_of_its_currency(
    tmp_path: Path, currency: str, cell: str, sum_: str
) -> None:
    found = reckon(tmp_path, lines(f"{A},2026-12-01,{cell},,{currency},1"))
    assert found.sums["lost-order", currency].discount == Decimal(sum_)


def test_what_the_operator_says_of_the_columns_counts(tmp_path: Path) -> None:
    text = f"wert,code,bon\n12.00,SUMMER20,{A}\n"
    found = reckon(tmp_path, text, said={"code": "bon", "discount": "#1"})
    assert found.sums["lost-order", "EUR"].discount == 12


def test_a_column_that_is_not_there_is_refused_with_the_one_that_was_meant(tmp_path: Path) -> None:
    with pytest.raises(CrisisError, match="no column") as caught:
        reckon(tmp_path, lines(), said={"code": "codes"})
    assert '"code"' in str(caught.value.hint)
    with pytest.raises(CrisisError, match='a list of used codes has nothing called "coed"'):
        reckon(tmp_path, lines(), said={"coed": "code"})


def test_a_file_without_codes_is_refused_and_says_how_to_name_the_column(tmp_path: Path) -> None:
    with pytest.raises(CrisisError, match="no column has the codes") as caught:
        reckon(tmp_path, "a,b\n1,2\n")
    assert "--map code=COLUMN" in str(caught.value.hint)


def test_what_the_file_does_not_say_is_told(tmp_path: Path) -> None:
    path = tmp_path / "used.csv"
    path.write_text(f"code\n{A}\n")
    receipts = Receipts(path, currencies=("EUR", "TRY"))
    assert len(receipts.remarks) == 3
    assert redeemed(receipts, TIERS.get).sums["lost-order", "EUR"].first is None


def test_a_day_that_could_be_a_month_is_told(tmp_path: Path) -> None:
    path = tmp_path / "used.csv"
    path.write_text(lines(f"{A},03/02/2027,1.00,,EUR,1"))
    assert any("day or the month" in text for text in Receipts(path, currencies=("EUR",)).remarks)
    path.write_text(lines(f"{A},12/31/2026,1.00,,EUR,1", f"{B},02/03/2027,1.00,,EUR,2"))
    found = redeemed(Receipts(path, currencies=("EUR",)), TIERS.get)
    assert found.last == datetime(2027, 2, 3, tzinfo=UTC)


def test_a_list_of_utf_16_is_read_as_well(tmp_path: Path) -> None:
    text = lines(f"{A}\t2026-12-01\t12.00").replace(",", "\t")
    assert reckon(tmp_path, text.encode("utf-16")).unreadable.many == 1  # three cells of six
    text = f"code\tdiscount\n{A}\t12.00\n"
    assert reckon(tmp_path, text.encode("utf-16")).count == 1


def test_a_flood_of_oddities_is_counted_and_only_some_are_kept(tmp_path: Path) -> None:
    rows = [f"{STRANGE},2026-12-01,1.00,,EUR,{n}" for n in range(3 * LISTED)]
    found = reckon(tmp_path, lines(*rows))
    assert (found.unknown.many, len(found.unknown.some)) == (3 * LISTED, LISTED)


def test_a_file_read_twice_comes_to_the_same(tmp_path: Path) -> None:
    path = tmp_path / "used.csv"
    path.write_text(lines(f"{A},2026-12-01,12.00,,EUR,1", ",2026-12-01,,,EUR,2"))
    receipts = Receipts(path, currencies=("EUR",))
    assert redeemed(receipts, TIERS.get) == redeemed(receipts, TIERS.get)


def test_codes_in_one_cell_are_told_apart() -> None:
    assert written(f"{A}; {B}|{A},,") == (A, B)
    assert written(f"code:{A}|amount:5.00;code:SUMMER20|amount:1") == (A, "SUMMER20")
    assert written(" , ") == ()


def test_a_use_whose_sum_the_file_does_not_say_is_told_and_not_taken_as_nothing(
    tmp_path: Path,
) -> None:
    rows = (f"{A},2026-12-01,,60.00,EUR,1", f"{B},2026-12-01,0.00,60.00,EUR,2")
    found = reckon(tmp_path, lines(*rows))
    assert found.count == 2
    assert [use.line for use in found.unsaid.some] == [2]
    assert reckon(tmp_path, f"code\n{A}\n").unsaid.many == 1


def worth(tier: str, currency: str) -> Decimal | None:
    return {("lost-order", "EUR"): Decimal(20), ("credit", "EUR"): Decimal(10)}.get(
        (tier, currency)
    )


def test_a_use_that_took_off_more_than_the_code_is_worth_is_told(tmp_path: Path) -> None:
    rows = (f"{A},2026-12-01,20.00,,EUR,1", f"{B},2026-12-01,20.01,,EUR,2")
    path = tmp_path / "used.csv"
    path.write_text(lines(*rows, f"{B},2026-12-01,900,,TRY,3"))
    found = redeemed(Receipts(path, currencies=CURRENCIES), TIERS.get, worth=worth)
    assert [use.line for use in found.dear.some] == [3]
    assert found.sums["lost-order", "EUR"].discount == Decimal("40.01")


def test_credit_that_is_used_in_parts_is_too_much_when_all_of_them_are(tmp_path: Path) -> None:
    path = tmp_path / "used.csv"
    path.write_text(lines(*(f"{C},2026-12-01,4.00,,EUR,{number}" for number in (1, 2, 3))))
    receipts = Receipts(path, currencies=CURRENCIES)
    found = redeemed(receipts, TIERS.get, ("credit",), worth=worth)
    assert [use.line for use in found.dear.some] == [4]


def test_what_other_codes_took_off_in_the_same_order_is_not_held_against_ours(
    tmp_path: Path,
) -> None:
    path = tmp_path / "used.csv"
    path.write_text(lines(f'"SUMMER20, {A}",2026-12-01,90.00,,EUR,1'))
    found = redeemed(Receipts(path, currencies=CURRENCIES), TIERS.get, worth=worth)
    assert (found.shared.many, found.dear.many) == (1, 0)


EARLY = [
    ("2026-11-28 11:59", True),
    ("2026-11-28 12:00", False),  # the file tells no seconds
    ("2026-11-28", False),  # nor always the time
    ("2026-11-27", True),
    ("", False),
]


@pytest.mark.parametrize(("at", "odd"), EARLY)
def test_a_use_before_the_codes_were_handed_out_is_told(tmp_path: Path, at: str, odd: bool) -> None:
    path = tmp_path / "used.csv"
    path.write_text(lines(f"{A},{at},1.00,,EUR,1"))
    receipts = Receipts(path, currencies=CURRENCIES, zone=zone_of("Europe/Paris"))
    since = datetime(2026, 11, 28, 11, 0, 40, tzinfo=UTC)
    assert redeemed(receipts, TIERS.get, since=since).early.many == odd
