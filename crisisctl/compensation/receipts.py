"""An export of a shop that tells which codes were used: orders, coupons, or a list by hand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from crisisctl.compensation import cells
from crisisctl.compensation.cells import NONE, BadCell, Memory
from crisisctl.compensation.codes import ALPHABET, tidy
from crisisctl.compensation.headings import IDENTITY
from crisisctl.compensation.places import as_said, by_name, shown
from crisisctl.errors import CrisisError
from crisisctl.playbook.amounts import SIGNS
from crisisctl.tables import decoding
from crisisctl.tables.dates import Dates, order
from crisisctl.tables.decoding import Text
from crisisctl.tables.names import fold, folded
from crisisctl.tables.rows import Table
from crisisctl.tables.unreadable import Row, Unreadable
from crisisctl.text import quoted

BLOCK = 1000
"""Rows that are read at a time."""
_PEEK = 2_000
"""Rows that tell whether the day or the month comes first."""
_LONGEST = 300
"""Characters of the cell with the codes; an order has few of them."""
COLUMNS = {
    "code": folded(
        """code coupon_code discount_code discount_codes voucher_code promo_code promotion_code
        coupon coupons voucher coupon_items applied_coupons gift_card_code post_title
        code_promo code_promotionnel code_de_réduction code_de_remise code_du_bon bon_d_achat
        código código_de_descuento código_de_cupón código_promocional cupón vale
        kod kupon_kodu indirim_kodu promosyon_kodu kupon
        код промокод код_купона код_скидки купон gutscheincode rabattcode gutschein"""
    ),
    "at": folded(
        """used_at redeemed_at used_on redeemed_on date_used date_redeemed redemption_date
        utilisé_le date_utilisation date_d_utilisation fecha_de_uso fecha_de_canje usado_el
        kullanım_tarihi kullanıldı дата_использования использован eingelöst_am"""
    )
    + IDENTITY["at"],
    "discount": folded(
        """discount discount_amount discount_total total_discount total_discounts discount_given
        amount_discounted discount_value coupon_discount amount_used amount
        remise montant_de_la_remise montant_remise réduction montant
        descuento importe_del_descuento importe_descuento total_descuento importe
        indirim indirim_tutarı tutar скидка сумма_скидки сумма rabatt rabattbetrag"""
    ),
    "total": folded(
        """order_total grand_total total order_amount order_value total_price
        total_commande montant_commande total_ttc total_del_pedido importe_del_pedido
        sipariş_toplamı sipariş_tutarı toplam сумма_заказа итого всего bestellwert gesamtsumme"""
    ),
    "currency": IDENTITY["currency"],
    "order": IDENTITY["order"],
}
"""For each thing that is read its names, the surest first."""
_SHOPIFY = frozenset(folded("financial_status lineitem_name"))
"""Where one of these stands, "Name" is the number of the order; elsewhere it is a person's."""
_ALL = frozenset(name for names in COLUMNS.values() for name in names)
_BETWEEN = re.compile(r"[,;|\n]+")
_OURS = re.compile(rf"[{ALPHABET}]{{5}}(?:-[{ALPHABET}]{{5}}){{2}}").fullmatch
"""A code as it was given out: most shops give it back so."""
_SEVERAL = re.compile(r"[,;|:\n]").search
_KEYED = re.compile(r"([a-z_]+):(?!//)")
"""Some exports write each code as `code:X|amount:5`."""
_ALIKE = str.maketrans("АВЕКМНРСТУХЅЈΑΒΕΖΗΚΜΝΡΤΥΧ", "ABEKMHPCTYXSJABEZHKMNPTYX")
"""Letters of Cyrillic and Greek that look like those of a code."""
_MINUS = "'-\u2212\u2013+ "
"""What may stand before a discount: some shops write it as a negative number."""


class Receipt(Struct, frozen=True, gc=False):
    """A row that tells of codes."""

    line: int
    codes: tuple[str, ...]
    """As they are written, tidied; all that are in the row, of whoever."""
    at: datetime | None
    """When they were used; None where the file does not say."""
    discount: Decimal
    total: Decimal
    """What the order came to; nought where the file does not say."""
    currency: str
    order: str
    said: bool = True
    """Whether the file says what the discount was."""


class Receipts:
    """A file that was understood."""

    def __init__(
        self,
        path: Path,
        *,
        currencies: Sequence[str],
        zone: tzinfo = UTC,
        said: Mapping[str, str] | None = None,
    ) -> None:
        """The first of `currencies` holds where a row names none; others are not taken.

        `said` is what the operator says of the header. Raises `CrisisError` where no column has
        the codes.
        """
        self.path = path
        self._zone, self._currencies = zone, tuple(currencies)
        with Text(path) as text:
            table = Table(text, _knows)
            first = table.take(_PEEK) or []
            try:
                self.places = _places(table.header, said or {})
            except CrisisError as error:
                what = f"{decoding.shown(path)}: {error.message}"
                raise CrisisError(what, hint=error.hint) from error
            self._day_first, doubtful = self._order(first)
            self.named = {name: table.header[place] for name, place in self.places.items()}
            """For each thing that is read the column that holds it."""
            self.remarks = [*text.remarks, *self._remarks(doubtful)]
        self.without = 0
        """Rows without any code."""

    def blocks(self) -> Iterator[list[Receipt | Unreadable]]:
        """Every row with a code, in blocks; and each that cannot be read, with the reason."""
        self.without = 0
        read = _Reader(self.places, self._currencies, self._zone, self._day_first)
        with Text(self.path) as text:
            table = Table(text, _knows)
            while (rows := table.take(BLOCK)) is not None:
                found = [read.row(row) for row in rows]
                receipts = [one for one in found if one is not None]
                self.without += len(found) - len(receipts)
                yield receipts

    def _order(self, rows: Iterable[Row | Unreadable]) -> tuple[bool, bool]:
        """Whether the day comes before the month, and whether that is only a guess."""
        at = self.places.get("at", -1)
        if at < 0:
            return True, False
        told, matters = order(row[1][at] for row in rows if not isinstance(row, Unreadable))
        return told is not False, told is None and matters

    def _remarks(self, doubtful: bool) -> Iterator[str]:
        if doubtful:
            yield "nothing tells whether the day or the month comes first: the day was taken"
        if "discount" not in self.places:
            yield "no column tells the discount: uses are counted, what they cost is not known"
        if "at" not in self.places:
            yield "no column tells when a code was used"
        if "currency" not in self.places and len(self._currencies) > 1:
            yield f"no column names a currency: every sum is taken as {self._currencies[0]}"


class _Reader:
    """Reads single rows."""

    def __init__(
        self, places: Mapping[str, int], currencies: Sequence[str], zone: tzinfo, day_first: bool
    ) -> None:
        at = places.get
        self._code, self._at = places["code"], at("at", -1)
        self._discount, self._total = at("discount", -1), at("total", -1)
        self._currency, self._order = at("currency", -1), at("order", -1)
        self._zone = zone
        self._dates = Dates(zone, day_first=day_first)
        self._codes = {"": currencies[0]} | {code: code for code in currencies}
        self._discounts = {code: _discounts(code) for code in currencies}
        self._totals = {code: cells.money("order total", None, code) for code in currencies}

    def row(self, row: Row | Unreadable) -> Receipt | Unreadable | None:
        """A row; None where it has no code."""
        if isinstance(row, Unreadable):
            return row
        line, told = row
        cell = told[self._code]
        if len(cell) > _LONGEST:
            return Unreadable(line, f"the codes are longer than {_LONGEST} characters")
        if not cell or not (codes := written(cell)):
            return None
        try:
            return self._receipt(line, told, codes)
        except BadCell as error:
            return Unreadable(line, error.message)

    def _receipt(self, line: int, told: Sequence[str], codes: tuple[str, ...]) -> Receipt:
        currency = self._money(told[self._currency]) if self._currency >= 0 else self._codes[""]
        discount = total = NONE
        said = False
        if self._discount >= 0:
            cell = told[self._discount]
            sum_ = self._discounts[currency][cell]
            discount = sum_ if isinstance(sum_, Decimal) else NONE
            said = bool(discount) or cell.strip().lstrip(_MINUS).casefold() not in cells.NOTHING
        if self._total >= 0:
            sum_ = self._totals[currency][told[self._total]]
            total = sum_ if isinstance(sum_, Decimal) else NONE
        number = told[self._order].strip() if self._order >= 0 else ""
        return Receipt(line, codes, self._when(told), discount, total, currency, number, said)

    def _money(self, cell: str) -> str:
        word = cell.strip().upper()
        found = self._codes.get(SIGNS.get(word, word))
        if found is None:
            raise BadCell(f"no voucher was given in the currency {quoted(cell, 20)}")
        return found

    def _when(self, told: Sequence[str]) -> datetime | None:
        if self._at < 0:
            return None
        cell = told[self._at]
        try:
            seconds = self._dates.read(cell)
        except (ValueError, OverflowError):
            raise BadCell(f"{quoted(cell, 40)} is not a time") from None
        return None if seconds is None else datetime.fromtimestamp(seconds, self._zone)


def _discounts(currency: str) -> Memory:
    """Reads a column of discounts, whatever stands before them."""
    plain = cells.money("discount", None, currency)
    return Memory(lambda cell: plain[cell.strip().lstrip(_MINUS)])


def written(cell: str) -> tuple[str, ...]:
    """The codes in a cell, in the form in which they were given out."""
    if _OURS(cell):
        return (cell,)
    if not _SEVERAL(cell):
        return (code,) if (code := tidy(_latin(cell))) else ()
    found = []
    for part in _BETWEEN.split(cell):
        if keyed := _KEYED.match(part.strip().lower()):
            if keyed[1] not in ("code", "coupon"):
                continue
            part = part.partition(":")[2]
        code = tidy(_latin(part))
        if code and code not in found:
            found.append(code)
    return tuple(found)


def _latin(text: str) -> str:
    """A code typed on another keyboard, or with an apostrophe that kept a formula away."""
    text = text.strip().lstrip("'")
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text).upper().translate(_ALIKE)


def _places(header: Sequence[str], said: Mapping[str, str]) -> dict[str, int]:
    names = dict(COLUMNS)
    cells_folded = [fold(cell) for cell in header]
    if _SHOPIFY.intersection(cells_folded):
        names["order"] = (fold("name"), *names["order"])
    found = {
        name: as_said(name, cell, header, names, "a list of used codes has")
        for name, cell in said.items()
    }
    for name, called in names.items():
        place = None if name in found else by_name(name, called, cells_folded, header)
        if place is not None and place not in found.values():
            found[name] = place
    if "code" not in found:
        what = f"no column has the codes; the columns are {shown(header)}"
        raise CrisisError(what, hint="say which one: --map code=COLUMN")
    return found


def _knows(header: Sequence[str]) -> int:
    return sum(fold(cell) in _ALL for cell in header)
