"""What the accountants need: what a plan comes to in each currency, and in whose books it stands.

How each part is booked follows IFRS 15 and ASC 606; the note on VAT follows Directive (EU)
2016/1065. Notes for a conversation, no advice: a shop's own auditors decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from crisisctl.compensation import sheets
from crisisctl.compensation.bill import Line, Part
from crisisctl.compensation.cells import NONE, rounded
from crisisctl.compensation.offers import Book
from crisisctl.compensation.sheets import number, sum_of, words
from crisisctl.playbook.policy import Policy

_COLUMNS = (
    "row", "book", "part", "id", "title", "currency", "customers", "face", "expected", "rate",
    "policy_currency", "face_in_policy_currency", "expected_in_policy_currency",
)  # fmt: skip
BOOKS: dict[Book, str] = {
    "refund": "Refunds: revenue that is reversed",
    "liability": "Store credit: owed until it is used or ends",
    "discount": "Discounts on later sales",
    "cost": "Costs paid to others",
    "nothing": "No money",
}
"""What each book is called."""


class Entry(Struct, frozen=True):
    """One tier, or one kind of money that is owed, in one currency."""

    book: Book
    part: Part
    id: str
    title: str
    currency: str
    customers: int
    face: Decimal
    """What it is worth if everybody uses it."""
    expected: Decimal
    """What it will probably cost, in its own currency."""
    rate: Decimal
    """What one unit of its currency is worth in that of the policy."""
    face_there: Decimal
    """Both of them in the currency of the policy; the cost is that of the bill."""
    expected_there: Decimal


class Total(Struct, frozen=True):
    """A book in one currency; or in all, reckoned in the currency of the policy."""

    book: Book
    currency: str
    customers: int
    face: Decimal
    expected: Decimal
    all: bool = False
    """Whether other currencies were reckoned in, at the rates of the policy."""


class Note(Struct, frozen=True):
    """What to keep in mind, and where it is laid down."""

    about: str
    text: str
    source: str


class Summary(Struct, frozen=True):
    """All of it."""

    currency: str
    """The currency of the policy."""
    entries: tuple[Entry, ...]
    totals: tuple[Total, ...]
    notes: tuple[Note, ...]


_NOTES: dict[Book, Note] = {
    "refund": Note(
        "refund",
        "Money back lowers the revenue of the sale that it belongs to, at the time it is owed, "
        "not when it is paid. VAT on that sale is corrected with it.",
        "IFRS 15 / ASC 606",
    ),
    "liability": Note(
        "liability",
        "Store credit is owed from the day it is given until it is used or ends; what will "
        "probably never be used is an estimate of its own, and local law may forbid an end.",
        "IFRS 15 / ASC 606",
    ),
    "discount": Note(
        "discount",
        "A discount on a later sale usually lowers the revenue of that sale when it is used. No "
        "liability stands before that, unless the right is material: more than what the same "
        "customers are offered anyway, and given with a sale.",
        "IFRS 15 / ASC 606",
    ),
    "cost": Note(
        "cost",
        "What is paid to others, such as gifts and help after a breach, is an expense once the "
        "shop is bound to it.",
        "IAS 37 / ASC 450",
    ),
}
_VAT = Note(
    "vat",
    "In the EU a discount lowers the taxable amount of the sale that it is used on. Coupons that "
    "give a discount and nothing else are not vouchers in the sense of the directive; store "
    "credit and gifts need a look of their own.",
    "Directive 2006/112/EC, as amended by Directive (EU) 2016/1065",
)
_ADVICE = Note("advice", "This is not tax or legal advice.", "")


def summary(policy: Policy, lines: Iterable[Line]) -> Summary:
    """The summary of a bill, or of what the ledger says was handed out."""
    entries = tuple(_entry(policy, line) for line in lines if line.part != "excluded")
    used = {entry.book for entry in entries}
    notes = [note for name, note in _NOTES.items() if name in used]
    totals = tuple(_totals(policy.currency, entries))
    return Summary(policy.currency, entries, totals, (*notes, _VAT, _ADVICE))


def _entry(policy: Policy, line: Line) -> Entry:
    rate = Decimal(1) if line.currency == policy.currency else Decimal(policy.rates[line.currency])
    there = rounded(line.face * rate, policy.currency)
    return Entry(
        line.book, line.part, line.id, line.title, line.currency, line.customers, line.face,
        _expected(policy, line), rate, there, line.expected,
    )  # fmt: skip


def _expected(policy: Policy, line: Line) -> Decimal:
    if line.part == "owed":
        return line.face
    tier = next(each for each in policy.tiers if each.id == line.id)
    cost = line.face * tier.redemption * tier.margin_effect / 10_000
    return rounded(cost, line.currency)


def _totals(currency: str, entries: Sequence[Entry]) -> Iterator[Total]:
    """For each book its currencies one by one, then all of them together."""
    for book in BOOKS:
        own = [entry for entry in entries if entry.book == book]
        codes = sorted({entry.currency for entry in own}, key=lambda code: (code != currency, code))
        for code in codes:
            some = [entry for entry in own if entry.currency == code]
            face, expected = _sum(e.face for e in some), _sum(e.expected for e in some)
            yield Total(book, code, _people(some), face, expected)
        if own:
            face = _sum(e.face_there for e in own)
            expected = _sum(e.expected_there for e in own)
            yield Total(book, currency, _people(own), face, expected, all=True)


def _people(entries: Iterable[Entry]) -> int:
    return sum(entry.customers for entry in entries)


def _sum(sums: Iterable[Decimal]) -> Decimal:
    return sum(sums, start=NONE)


def header() -> bytes:
    """The first line of the CSV file."""
    return sheets.header(_COLUMNS)


def rows(found: Summary) -> bytes:
    """The CSV file: every entry, then the totals of each book, then the notes."""
    lines = [sheets.line(_row(entry, found.currency)) for entry in found.entries]
    lines += [sheets.line(_total(total, found.currency)) for total in found.totals]
    for note in found.notes:
        source = f" ({note.source})" if note.source else ""
        cells = ("note", note.about, "", "", words(f"{note.text}{source}"))
        lines.append(sheets.line((*cells, *[""] * (len(_COLUMNS) - len(cells)))))
    return "".join(lines).encode()


def _row(entry: Entry, currency: str) -> tuple[str, ...]:
    code = entry.currency
    return (
        "entry", entry.book, entry.part, words(entry.id), words(entry.title), code,
        str(entry.customers), sum_of(entry.face, code), sum_of(entry.expected, code),
        number(entry.rate), currency, sum_of(entry.face_there, currency),
        sum_of(entry.expected_there, currency),
    )  # fmt: skip


def _total(total: Total, currency: str) -> tuple[str, ...]:
    face, expected = sum_of(total.face, total.currency), sum_of(total.expected, total.currency)
    title, many = words(BOOKS[total.book]), str(total.customers)
    if total.all:
        return ("total", total.book, "", "", title, "", many, "", "", "", currency, face, expected)
    code = total.currency
    return ("sum", total.book, "", "", title, code, many, face, expected, "", "", "", "")


def data(found: Summary) -> dict[str, Any]:
    """The same as JSON: sums as text, so that no program rounds them."""
    return {
        "currency": found.currency,
        "entries": [_entry_data(entry, found.currency) for entry in found.entries],
        "totals": [
            {
                "book": total.book,
                "currency": total.currency,
                "all_currencies": total.all,
                "customers": total.customers,
                "face": sum_of(total.face, total.currency),
                "expected": sum_of(total.expected, total.currency),
            }
            for total in found.totals
        ],
        "notes": [
            {"about": note.about, "text": note.text, "source": note.source or None}
            for note in found.notes
        ],
    }


def _entry_data(entry: Entry, currency: str) -> dict[str, Any]:
    return {
        "book": entry.book,
        "part": entry.part,
        "id": entry.id,
        "title": entry.title,
        "currency": entry.currency,
        "customers": entry.customers,
        "face": sum_of(entry.face, entry.currency),
        "expected": sum_of(entry.expected, entry.currency),
        "rate": number(entry.rate),
        "face_in_policy_currency": sum_of(entry.face_there, currency),
        "expected_in_policy_currency": sum_of(entry.expected_there, currency),
    }
