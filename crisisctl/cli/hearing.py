"""Reading exports of reviews: on their own, into an incident, or again and again."""

from __future__ import annotations

import csv
import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import msgspec

from crisisctl.cli import judging
from crisisctl.cli.answering import shelf_of
from crisisctl.cli.desk import desk, local_zone, refuse_closed, zone
from crisisctl.cli.mapping import pairs
from crisisctl.cli.printing import deliver, print_json
from crisisctl.cli.progress import Progress
from crisisctl.cli.walk import Walk
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.messages.bulk.seen import Seen
from crisisctl.playbook import values
from crisisctl.report.data import Json
from crisisctl.reviews import shared
from crisisctl.reviews.analysis import Analysis, Result
from crisisctl.reviews.intake import Export, Unreadable, open_export
from crisisctl.reviews.review import Review
from crisisctl.reviews.shelf import Heard, Put
from crisisctl.reviews.understanding import Understanding
from crisisctl.reviews.watch import Watch
from crisisctl.tables.helper import helper, worth_it
from crisisctl.text import cell, listed, zone_of

if TYPE_CHECKING:
    from crisisctl.cli.desk import Desk

_TOLD = 20
"""Unreadable rows that are named; the others are counted."""
_EVERY = 500
"""Reviews between two looks at the progress bar."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be read, and what its columns mean."""

    files: Sequence[Path]
    pairs: Sequence[str] = ()
    source: str = ""
    rejects: Path | None = None
    """Where every row is listed that could not be read."""


@dataclass(slots=True)
class Read:
    """What became of the rows of all files."""

    reviews: int = 0
    duplicates: int = 0
    unreadable: int = 0
    left_out: int = 0
    """Rows that their platform itself calls spam."""
    first: list[tuple[str, Unreadable]] = field(default_factory=list)
    """The first of those that could not be read, with their files."""
    remarks: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    """What each file was recognised as."""
    rejects: TextIO | None = None
    """Where all of them are listed."""

    def lost(self, file: str, row: Unreadable) -> None:
        """Keep a row that could not be read: the first ones to be told, all for the list."""
        if row.left_out:
            return
        if len(self.first) < _TOLD:
            self.first.append((file, row))
        if self.rejects is not None:
            csv.writer(self.rejects, lineterminator="\n").writerow(
                [cell(file), row.line, cell(row.reason)]
            )

    @property
    def data(self) -> Json:
        """The counts, with the rows that could not be read."""
        return {
            "reviews": self.reviews,
            "duplicates": self.duplicates,
            "unreadable": self.unreadable,
            "left_out": self.left_out,
            "unreadable_rows": [
                {"file": file, "line": row.line, "reason": row.reason} for file, row in self.first
            ],
            "files": [{"file": file, "kind": kind or None} for file, kind in self.kinds.items()],
            "remarks": self.remarks,
        }


def analyse(order: Order, *, each: Path | None, svg: Path | None, json: bool) -> None:
    """The whole analysis of files, with no incident."""
    here = desk()
    read = Read()
    exports = _opened(here, order)
    with _list_of(order, read):
        found = _analysed(here, order, exports, read, each)
    _refuse_empty(read, order)
    result = found.result(now=None)
    if svg is not None:
        deliver(here, judging.picture(result), svg)
    if json:
        zone = zone_of(local_zone(here.environment, here.workspace.get("time_zone")))
        print_json(here, {"read": read.data, **judging.data(result, zone)})
        return
    show_read(here, read)
    zone = zone_of(local_zone(here.environment, here.workspace.get("time_zone")))
    judging.show(here.out, result, zone)


def _analysed(
    here: Desk, order: Order, exports: Sequence[Export], read: Read, each: Path | None
) -> Analysis:
    if each is not None:
        found = Analysis()
        understood = map(Understanding(here.workspace).heard, _rows(here, exports, read))
        _write_each(understood, found, each)
        return found
    if not worth_it(sum(export.size for export in exports)):
        return _every_other(here, exports, read, 0, of=1)
    with helper(partial(_others, here, order)) as others:
        found = _every_other(here, exports, read, 0)
        found.merge(next(others))
    return found


def _others(here: Desk, order: Order) -> Iterator[Analysis]:
    """What the helper makes of the reviews that are left to it."""
    yield _every_other(here, _opened(here, order), Read(), 1, quiet=True)


def _again(here: Desk, order: Order) -> Iterator[Review]:
    """All reviews once more, from exports that nobody has read: an export knows what it gave."""
    return _rows(here, _opened(here, order), Read(), quiet=True)


@contextmanager
def _list_of(order: Order, read: Read) -> Iterator[None]:
    """Every row that cannot be read goes to the list that was asked for."""
    if order.rejects is None:
        yield
        return
    try:
        with order.rejects.open("w", encoding="utf-8", newline="") as file:
            file.write("file,line,reason\n")
            read.rejects = file
            yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CrisisError(f"{order.rejects} cannot be written: {reason}", code=1) from error
    finally:
        read.rejects = None


def _every_other(
    here: Desk,
    exports: Sequence[Export],
    read: Read,
    first: int,
    *,
    of: int = 2,
    quiet: bool = False,
) -> Analysis:
    """The analysis of every second review, or of all; all are read, so that none counts twice."""
    found, understanding = Analysis(), Understanding(here.workspace)
    add, heard = found.add, understanding.heard
    for review in islice(_rows(here, exports, read, quiet=quiet), first, None, of):
        add(heard(review))
    return found


def import_(order: Order, id: str | None, *, json: bool) -> None:
    """Read files into an incident."""
    here = desk()
    journal, incident = here.open(id)
    refuse_closed(incident)
    walk = Walk(here, journal, incident, None)
    read, result = read_in(walk, order, quiet=json)
    if json:
        view = {"incident": incident.id, "read": read.data}
        print_json(here, {**view, **judging.data(result, walk.zone)})


def read_in(walk: Walk, order: Order, *, quiet: bool = False) -> tuple[Read, Result]:
    """Put the reviews of files on the incident's shelf, judge all that are there, record it."""
    here, read, answered = walk.desk, Read(), walk.incident.answered
    understanding = Understanding(here.workspace)
    exports = _opened(here, order)  # a file that cannot be read leaves nothing behind
    with shelf_of(here, walk.incident, create=True) as shelf:
        if shelf.empty and worth_it(sum(export.size for export in exports)):
            # nothing else is there, so what is read is what is judged
            found = Analysis()
            again = partial(_again, here, order)
            theirs = partial(shared.theirs, again, understanding.heard, answered)
            with helper(theirs) as parts, _list_of(order, read):
                ours = _rows(here, exports, read)
                both = shared.ours(ours, understanding.heard, answered, parts, found)
                put = shelf.put_rows(both)
        else:
            heard = map(understanding.heard, _rows(here, exports, read))
            with _list_of(order, read):
                put = shelf.put(heard)
            found = Analysis()
            for one in shelf.all():
                found.add(one, answered)
        _refuse_empty(read, order)
        result = found.result(now=None)
        shelf.suspect({each.key: each.reasons for each in result.alike.suspected})
    event = _event(order, read, put, result)
    walk.record(partial(_this, event))
    if not quiet:
        show_read(here, read, put)
        judging.show(here.talk, result, walk.zone)
    return read, result


def _this(event: ev.Event, _: Incident) -> list[ev.Event]:
    return [event]


def _event(order: Order, read: Read, put: Put, result: Result) -> ev.ReviewsImported:
    return ev.ReviewsImported(
        files=tuple(path.name for path in order.files),
        digest=_digest(order.files),
        read=read.reviews,
        new=put.new,
        changed=put.changed,
        unreadable=read.unreadable,
        verdict=result.verdict.level,
        since=result.since,
        until=result.until,
        words=result.verdict.words,
        complaints=result.complaints,
        waiting=result.tally.waiting,
        topics=result.topics,
        before=dict(result.figures.before),
        now=dict(result.figures.now),
        days=result.days,
    )


def _digest(files: Sequence[Path]) -> str:
    made = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                made.update(block)
    return made.hexdigest()


# Files


def _opened(here: Desk, order: Order) -> list[Export]:
    columns = pairs(order.pairs, "FIELD", "rating=Note")
    zone = zone_of(local_zone(here.environment, here.workspace.get("time_zone")))
    seen = Seen()
    return [
        open_export(path, columns=columns, source=order.source, time_zone=zone).once(seen)
        for path in order.files
    ]


def _rows(
    here: Desk, exports: Sequence[Export], read: Read, *, quiet: bool = False
) -> Iterator[Review]:
    """The reviews of all files; what is none is counted and kept for telling."""
    for export in exports:
        progress = Progress(here.talk, export.path.name, quiet=quiet)
        for number, row in enumerate(export):
            if number % _EVERY == 0:
                progress.at(export.position / max(export.size, 1), number)
            if isinstance(row, Review):
                yield row
            else:
                read.lost(export.path.name, row)
        progress.done()
        read.reviews += export.reviews
        read.duplicates += export.duplicates
        read.unreadable += export.unreadable
        read.left_out += export.left_out
        read.remarks += [f"{export.path.name}: {words}" for words in export.remarks]
        read.kinds[export.path.name] = export.kind


def _refuse_empty(read: Read, order: Order) -> None:
    if not read.reviews:
        names = listed(path.name for path in order.files)
        first = f": line {read.first[0][1].line}: {read.first[0][1].reason}" if read.first else ""
        raise CrisisError(f"there is no review in {names}{first}", code=1)


def show_read(here: Desk, read: Read, put: Put | None = None) -> None:
    """What was read, and every row that was not."""
    screen = here.talk
    for file, kind in read.kinds.items():
        screen.block(f"{file}: {kind or 'an export that we do not know by name'}", "dim")
    parts = [f"{read.reviews:,} reviews read"]
    parts += [f"{read.duplicates:,} that came twice left out"] if read.duplicates else []
    parts += [f"{read.left_out:,} that the platform calls spam left out"] if read.left_out else []
    if put is not None:
        parts.append(f"{put.new:,} new here")
        parts += [f"{put.changed:,} written anew by their authors"] if put.changed else []
    screen.block(f"✓ {'; '.join(parts)}", "good")
    for remark in read.remarks:
        screen.block(remark, "dim")
    if read.unreadable:
        screen.block(f"{read.unreadable:,} rows could not be read:", "warn")
        for file, row in read.first:
            screen.block(f"{file}:{row.line}: {row.reason}", "warn", "  ")
        if read.unreadable > len(read.first):
            screen.block(f"… and {read.unreadable - len(read.first):,} more", "warn", "  ")


def _write_each(heard: Iterator[Heard], found: Analysis, path: Path) -> None:
    """What was understood of each review, a line of JSON for each."""
    whole = path.resolve()
    partial_ = whole.with_name(f".{whole.name}.part")
    try:
        with partial_.open("wb") as out:
            for one in heard:
                found.add(one)
                review = one.review
                row = {
                    "key": review.key,
                    "at": review.at,
                    "rating": review.rating,
                    "mood": one.mood,
                    "language": one.language or None,
                    "topic": one.topic,
                    "aspect": one.aspect or None,
                    "safety": one.safety,
                    "source": review.source or None,
                    "product": review.product or None,
                }
                out.write(msgspec.json.encode(row) + b"\n")
        partial_.replace(whole)
    except OSError as error:
        partial_.unlink(missing_ok=True)
        reason = (error.strerror or str(error)).lower()
        raise CrisisError(f"{path} cannot be written: {reason}", code=1) from error


# Again and again


def watch(order: Order, id: str | None, *, every: str) -> None:
    """Read the files again whenever they change, and tell when the verdict does."""
    pause = values.parse_duration(every).total_seconds()
    here = desk()
    before: tuple[float, ...] = ()
    watched = Watch()
    here.talk.block(f"Looking every {every}; Ctrl-C ends it.", "dim")
    while True:
        journal, incident = here.open(id)
        refuse_closed(incident)
        changed = tuple(path.stat().st_mtime for path in order.files)
        if changed != before:
            before = changed
            walk = Walk(here, journal, incident, None)
            read, result = read_in(walk, order, quiet=True)
            watched.counts = result.counts
            here.talk.block(f"{read.reviews:,} reviews: {result.verdict.level}", "dim")
        change = watched.look(here.now())
        if change is not None:
            here.talk.bell()
            here.talk.block(f"It was {change.before}, now it is {change.after}.", "bold")
            judging.show_verdict(here.talk, result, zone(incident))
        time.sleep(max(pause, 0.1))
