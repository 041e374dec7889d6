"""Read a text from left to right, and every time, length, amount and address in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from crisisctl.messages.agreement.addresses import addresses
from crisisctl.messages.agreement.amounts import amount_at, length_at
from crisisctl.messages.agreement.clocks import clock, general_zone
from crisisctl.messages.agreement.days import date_at, month_at, named_day
from crisisctl.messages.agreement.lexicon import Lexicon
from crisisctl.messages.agreement.moments import Moment
from crisisctl.messages.agreement.tokens import Address, Amount, Length, Time, Token

_NOT_ALONE = re.compile(r"\d[.,:]\Z|[^\W_]\Z")
_GAP = re.compile(r"[^\W_]+")
_TWICE = (" (", "(", " / ", "/", " = ")
"""What stands between one moment and the same in another zone: "21:00 (20:00 UTC)"."""
_MOST = 6
"""Parts of one moment."""
_WIDEST = 20
"""Characters between the parts of one moment."""


class _Piece(Struct, frozen=True):
    """A clock time or a day by itself."""

    start: int
    end: int
    part: Moment


def scan(plain: str, written: str, lexicon: Lexicon) -> list[Token]:
    """Every token of a folded text, in order; `written` is the text before it was folded."""
    found = sorted(addresses(plain), key=lambda one: (one.start, -one.end))
    taken = _apart(found)
    pieces: list[_Piece] = []
    others: list[Token] = []
    for one in _pieces(plain, written, taken, lexicon):
        if isinstance(one, _Piece):
            pieces.append(one)
        else:
            others.append(one)
    times = _moments(plain, pieces, lexicon)
    return sorted([*taken, *times, *others], key=lambda token: (token.start, token.end))


def _apart(found: list[Address]) -> list[Address]:
    kept: list[Address] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _pieces(
    plain: str, written: str, taken: list[Address], lexicon: Lexicon
) -> Iterator[_Piece | Length | Amount]:
    done, number, last_day = 0, 0, -_WIDEST
    for found in lexicon.pieces.finditer(plain):
        at = found.start()
        while number < len(taken) and taken[number].end <= at:
            number += 1
        if at < done or (number < len(taken) and taken[number].start <= at):
            continue
        one = _piece(plain, written, found, last_day, lexicon)
        if one is not None:
            done = one.end
            if isinstance(one, _Piece) and one.part.has_date:
                last_day = one.end
            yield one


def _piece(
    plain: str, written: str, found: re.Match[str], last_day: int, lexicon: Lexicon
) -> _Piece | Length | Amount | None:
    if not found[0][0].isdigit():
        return _word(plain, written, found, lexicon)
    at = found.start()
    alone = not _NOT_ALONE.search(plain, max(0, at - 2), at)
    day = date_at(plain, at, lexicon) if alone else None
    if day:
        return _Piece(day.start, day.end, day.day)
    if not alone and plain[at - 1] != "t":  # "2026-11-27T15:30"
        return None
    beside = last_day >= 0 and _joined(plain[last_day:at], lexicon)
    time = clock(plain, at, lexicon, after_date=beside)
    if time:
        return _Piece(time.start, time.end, Moment(minute=time.minute, zone=time.zone))
    return (length_at(plain, at, lexicon) or amount_at(plain, at, lexicon)) if alone else None


def _word(plain: str, written: str, found: re.Match[str], lexicon: Lexicon) -> _Piece | None:
    word, at = found[0], found.start()
    if word in lexicon.instants:
        return _Piece(at, found.end(), Moment(minute=lexicon.instants[word]))
    if word in lexicon.months:
        day = month_at(plain, at, lexicon) if written[at].isupper() else None
        return _Piece(day.start, day.end, day.day) if day else None
    named = named_day(word, lexicon)
    return _Piece(at, found.end(), named) if named else None


def _joined(gap: str, lexicon: Lexicon) -> bool:
    """Whether what stands between two parts lets them be one moment."""
    if len(gap) > _WIDEST or "\n\n" in gap or any(mark in gap for mark in ".;:!?"):
        return False
    return all(word in lexicon.joins for word in _GAP.findall(gap))


def _moments(plain: str, pieces: list[_Piece], lexicon: Lexicon) -> Iterator[Time]:
    zone = general_zone(plain, [(one.start, one.end) for one in pieces], lexicon)
    gathered: list[_Piece] = []
    for piece in pieces:
        if gathered and not _fits(plain, gathered, piece, lexicon):
            yield from _closed(gathered, zone)
            gathered = []
        gathered.append(piece)
    yield from _closed(gathered, zone)


def _fits(plain: str, gathered: list[_Piece], piece: _Piece, lexicon: Lexicon) -> bool:
    gap = plain[gathered[-1].end : piece.start]
    parts = [one.part for one in gathered]
    if piece.part.minute is not None and any(part.minute is not None for part in parts):
        zones = {part.zone for part in parts}
        return gap in _TWICE and len(parts) < _MOST and piece.part.zone not in {"", *zones}
    if piece.part.has_date and any(part.has_date for part in parts):
        return False
    named = piece.part.weekday is not None or piece.part.ahead is not None
    if named and any(p.weekday is not None or p.ahead is not None for p in parts):
        return False
    return _joined(gap, lexicon)


def _with(day: Moment, more: Moment) -> Moment:
    names = ("year", "month", "day", "weekday", "ahead")
    told = {name: value for name in names if (value := getattr(more, name)) is not None}
    return replace(day, **told)


def _closed(pieces: list[_Piece], zone: str) -> Iterator[Time]:
    if not pieces:
        return
    day = Moment()
    for piece in pieces:
        if piece.part.minute is None:
            day = _with(day, piece.part)
    clocks = [piece.part for piece in pieces if piece.part.minute is not None]
    values = tuple(replace(day, minute=c.minute, zone=c.zone or zone) for c in clocks) or (day,)
    if len(values) > 1:
        values = tuple(replace(v, zone=c.zone) for v, c in zip(values, clocks, strict=True))
    yield Time(pieces[0].start, pieces[-1].end, values)
