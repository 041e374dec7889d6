"""One row to one review: the cells read in the same terms for every platform."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import tzinfo
from hashlib import blake2b

from crisisctl.reviews.reading.columns import Columns
from crisisctl.reviews.reading.headers import ENGLISH_DATES, NAMES
from crisisctl.reviews.reading.stars import Stars, scale
from crisisctl.reviews.reading.tongues import Tongues
from crisisctl.reviews.review import Review
from crisisctl.tables.dates import Dates, order
from crisisctl.tables.names import fold, folded
from crisisctl.tables.unreadable import LONGEST_TEXT, Unreadable
from crisisctl.text import quoted

_SHORT = 200
"""Characters that are kept of a name, a title, a link."""
_LONGEST_TITLE = 1_000
_LONGEST_LINK = 2_000
_MEMORY = 10_000
_TALKATIVE = 20
"""Letters from which on two people hardly write the very same."""
_COUNT = re.compile(r"\d{1,9}")
_INVITED = frozenset(
    folded(
        """invitation invited invitation_link invitation_link_api invitation_api afs afs_v1 afs_v2
        automatic_feedback_service basic_link basic_invitation business_generator_link
        business_generated_link kickstart manual_upload invite email e-mail sms review_request
        request true yes oui sí evet да 1 verified_invitation"""
    )
)
_UNASKED = frozenset(folded("organic web website direct false no non hayır нет 0 widget on_site"))
_SPAM = frozenset(("spam",))
_DAY = 86_400


class Cells:
    """Reads the rows of one file."""

    def __init__(
        self,
        columns: Columns,
        rows: Sequence[Sequence[str]],
        *,
        source: str,
        zone: tzinfo,
        semicolons: bool,
    ) -> None:
        """`rows` are some to tell scales and the order of dates from."""
        self._columns = columns
        self.remarks: list[str] = []
        """What was assumed, in words."""
        self.cut = 0
        """Texts that were too long."""
        first, places, kind = columns.first, columns.places, columns.kind
        self._stars = [(at, Stars(self._scale(at, rows))) for at in places.get("rating", ())]
        self._dates = [
            (at, Dates(zone, day_first=self._day_first(at, rows, semicolons)))
            for at in places.get("date", ())
        ]
        self._replied = [
            (at, Dates(zone, day_first=self._day_first(at, rows, semicolons)))
            for at in places.get("replied", ())
        ]
        self.remarks = [*dict.fromkeys(self.remarks)]
        self._tongues = Tongues()
        self._invited: dict[str, bool | None] = {"": None}
        self._sources: dict[str, str] = {}
        self._again: dict[bytes, int] = {}
        self._fixed = source or (kind.source if kind else "")
        self._key, self._invitation = places.get("key", ()), places.get("invited", ())
        self._product, self._author = places.get("product", ()), places.get("author", ())
        self._text, self._title = first("text"), first("title")
        self._language, self._source = first("language"), -1 if self._fixed else first("source")
        self._country, self._link, self._reach = first("country"), first("link"), first("reach")
        self._reply, self._written, self._status = first("reply"), first("written"), first("status")

    def read(self, line: int, cells: list[str]) -> Review | Unreadable | None:
        """The review that a row holds; None where it is empty.

        `cells` gets one more: the empty one that is read where there is no column.
        """
        cells.append("")
        text, title = cells[self._text].strip(), cells[self._title].strip()
        rating = at = None
        try:
            for place, stars in self._stars:
                if (cell := cells[place]) and (rating := stars.read(cell)) is not None:
                    break
            for place, dates in self._dates:
                if (cell := cells[place]) and (at := dates.read(cell)) is not None:
                    break
        except (ValueError, OverflowError):
            return Unreadable(line, self._why(cells))
        if rating is None and not text and not title:
            if not any(cell.strip() for cell in cells):
                return None
            return Unreadable(line, "it has neither a rating nor a text")
        if cells[self._status].strip().casefold() in _SPAM:
            return Unreadable(line, "the platform says that it is spam", left_out=True)
        if len(text) > LONGEST_TEXT:
            self.cut += 1
            text = text[:LONGEST_TEXT]
        author, key = self._one(self._author, cells)[:_SHORT], self._one(self._key, cells)[:_SHORT]
        reply, written = cells[self._reply].strip(), cells[self._written]
        return Review(
            key or self._made(cells, at, author, text),
            at,
            rating,
            text,
            title[:_LONGEST_TITLE],
            self._tongues.read(cells[self._language]),
            self._fixed or self._platform(cells[self._source]),
            self._asked(cells),
            self._one(self._product, cells)[:_SHORT],
            author,
            cells[self._country].strip()[:_SHORT],
            cells[self._link].strip()[:_LONGEST_LINK],
            self._count(cells[self._reach]),
            self._count(written) <= 1 if written else None,
            reply[:LONGEST_TEXT],
            self._answered(cells) if reply or self._reply < 0 else None,
        )

    @property
    def late_remarks(self) -> list[str]:
        """What was found only on the way."""
        said = []
        if self.cut:
            texts = "1 text was" if self.cut == 1 else f"{self.cut} texts were"
            said.append(f"{texts} cut after {LONGEST_TEXT:,} characters")
        if any(dates.against for _, dates in self._dates):
            said.append("some dates make sense only with day and month the other way round")
        return said

    def _scale(self, at: int, rows: Sequence[Sequence[str]]) -> int:
        columns = self._columns
        name = columns.header[at]
        kind = columns.kind
        if kind is not None and fold(name) in kind.columns.get("rating", NAMES["rating"]):
            best = scale((), name)
            return 1 if best == 1 else kind.best
        best = scale((row[at] for row in rows if at < len(row)), name)
        if best > 5:
            self.remarks.append(f"the ratings in {quoted(name, 30)} were read as 0 to {best}")
        return best

    def _day_first(self, at: int, rows: Sequence[Sequence[str]], semicolons: bool) -> bool:
        first, matters = order(row[at] for row in rows if at < len(row))
        if first is not None:
            return first
        header = self._columns.header
        english = fold(header[at]) in ENGLISH_DATES
        day_first = semicolons or not english
        if matters:
            what = "day/month/year" if day_first else "month/day/year"
            self.remarks.append(
                f"the dates in {quoted(header[at], 30)} do not tell day from month:"
                f" they were read as {what}"
            )
        return day_first

    def _why(self, cells: Sequence[str]) -> str:
        """What is wrong with a row whose rating or date cannot be read."""
        for place, stars in self._stars:
            if (cell := cells[place].strip()) and not stars.can_read(cell):
                lowest = 0 if stars.best > 5 else 1
                return f"{quoted(cell, 30)} is not a rating from {lowest} to {max(stars.best, 5)}"
        for place, dates in self._dates:
            if (cell := cells[place].strip()) and not dates.can_read(cell):
                return f"{quoted(cell, 40)} is not a date"
        return "its rating or date cannot be read"

    @staticmethod
    def _one(places: Sequence[int], cells: Sequence[str]) -> str:
        for place in places:
            if cell := cells[place].strip():
                return cell
        return ""

    def _platform(self, cell: str) -> str:
        cell = cell[:60]
        known = self._sources.get(cell)
        if known is None:
            known = re.sub(r"[\W_]+", "-", cell.strip().casefold()).strip("-")
            if len(self._sources) < _MEMORY:
                self._sources[cell] = known
        return known

    def _asked(self, cells: Sequence[str]) -> bool | None:
        cell = self._one(self._invitation, cells)[:60]
        if cell in self._invited:
            return self._invited[cell]
        word = fold(cell)
        asked = True if word in _INVITED else False if word in _UNASKED else None
        if len(self._invited) < _MEMORY:
            self._invited[cell] = asked
        return asked

    def _answered(self, cells: Sequence[str]) -> int | None:
        for place, dates in self._replied:
            if cell := cells[place]:
                try:
                    return dates.read(cell)
                except (ValueError, OverflowError):
                    return None  # the review counts all the same
        return None

    @staticmethod
    def _count(cell: str) -> int:
        if cell == "0" or not cell:
            return 0
        found = _COUNT.match(cell.strip())
        return int(found[0]) if found else 0

    def _made(self, cells: Sequence[str], at: int | None, author: str, text: str) -> str:
        """A key from what the row says; of rows that tell nobody apart, each has its own."""
        places = [places[0] for field, places in self._columns.places.items() if field in _TELLING]
        said = "\0".join([str(at), author, *[cells[place] for place in places]])
        digest = blake2b(said.encode("utf-8", "replace"), digest_size=9)
        exact = at is not None and at % _DAY != 0
        if not (author or exact or len(text) >= _TALKATIVE):
            nth = self._again.get(digest.digest(), 0)
            if nth or len(self._again) < _MEMORY:
                self._again[digest.digest()] = nth + 1
            digest.update(b"%d" % nth)
        return digest.hexdigest()


_TELLING = frozenset(("rating", "text", "title", "product"))
