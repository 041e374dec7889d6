"""Where the reviews of an incident are kept, beside the journal: one SQLite file each.

The journal records that reviews were read, and what was done about each; the words
of customers stand here, so that deleting the file forgets them and the record stays whole.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.reviews.review import Mood, Review

_VERSION = 1
_TABLE = """
CREATE TABLE IF NOT EXISTS reviews (
    key TEXT NOT NULL PRIMARY KEY, at INTEGER, mood TEXT NOT NULL, safety INTEGER NOT NULL,
    reach INTEGER NOT NULL, waits INTEGER NOT NULL, body BLOB NOT NULL,
    suspected TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS queue ON reviews (waits) WHERE waits;
"""
_PUT = """
INSERT INTO reviews VALUES (?, ?, ?, ?, ?, ?, ?, '')
ON CONFLICT (key) DO UPDATE SET at = excluded.at, mood = excluded.mood, safety = excluded.safety,
    reach = excluded.reach, waits = excluded.waits, body = excluded.body
WHERE body != excluded.body
"""
# Keys are hashes, so each falls on another page: kept apart from the words, and in memory (KiB),
# a million of them are put down in a third of the time.
_MEMORY = "PRAGMA cache_size=-32768"
_ORDER = "ORDER BY safety DESC, coalesce(at >= ?, 0) DESC, reach DESC, at, key"
_MANY = 1000


class Heard(Struct, frozen=True, gc=False, omit_defaults=True):
    """A review with what was understood of it."""

    review: Review
    language: str = ""
    """What it is written in; empty where that is not clear."""
    mood: Mood = "unknown"
    topic: str = "other"
    aspect: str = ""
    safety: bool = False
    """Whether somebody was hurt, or could be."""
    mixed: bool = False
    """Whether its words praise and its stars do not: somebody must read it."""
    other_topic: str = ""
    """Another topic that weighs nearly as much."""
    suspected: tuple[str, ...] = ()
    """Why it may be one of a coordinated lot: a reason to look, not a verdict."""

    @property
    def waits(self) -> bool:
        """Whether somebody must answer it."""
        return (self.mood == "negative" or self.safety) and not self.review.reply


class Put(Struct, frozen=True):
    """What became of reviews that were put on the shelf."""

    new: int = 0
    changed: int = 0


Row = tuple[str, int | None, Mood, bool, int, bool, bytes]

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Heard)


class Shelf:
    """The reviews of one incident. Close it, or use it with `with`."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self.path = path
        if create:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.touch(mode=0o600)
        try:
            self._db = sqlite3.connect(path, timeout=10, isolation_level=None)
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, _VERSION):
                hint = "a newer crisisctl wrote it: use that one"
                what = f"{path} is written in a form that this version does not know"
                raise CrisisError(what, hint=hint)
            if create:
                self._db.executescript(
                    f"PRAGMA journal_mode=WAL; PRAGMA user_version={_VERSION};{_MEMORY};{_TABLE}"
                )
        except sqlite3.Error as error:
            raise _broken(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    @property
    def empty(self) -> bool:
        """Whether nothing was put here yet."""
        return not self._count("SELECT EXISTS (SELECT 1 FROM reviews)")

    def put(self, reviews: Iterable[Heard]) -> Put:
        """Keep reviews, all or none of them; one that is there in other words is replaced."""
        return self.put_rows(map(as_row, reviews))

    def put_rows(self, rows: Iterable[Row]) -> Put:
        """Keep reviews that another process has made ready."""
        try:
            before = self._count("SELECT count(*) FROM reviews")
            touched = self._db.total_changes
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._db.executemany(_PUT, rows)
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
            new = self._count("SELECT count(*) FROM reviews") - before
            return Put(new, self._db.total_changes - touched - new)
        except sqlite3.Error as error:
            raise _broken(self.path, error) from error

    def suspect(self, reasons: Mapping[str, Sequence[str]]) -> None:
        """Mark reviews that may be of a coordinated lot, each with the reasons; no others."""
        rows = [("\n".join(why), key) for key, why in reasons.items()]
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("UPDATE reviews SET suspected = '' WHERE suspected != ''")
            self._db.executemany("UPDATE reviews SET suspected = ? WHERE key = ?", rows)
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise _broken(self.path, error) from error

    def all(self) -> Iterator[Heard]:
        """Every review, one after the other."""
        return self._heard("SELECT body, suspected FROM reviews")

    def waiting(self, since: int = 0) -> Iterator[Heard]:
        """Those that want an answer, the most urgent first.

        Harm to people comes first, then what is of the wave (since that second), then what many
        have seen, then age.
        """
        return self._heard(f"SELECT body, suspected FROM reviews WHERE waits {_ORDER}", since)

    def complaints(self, since: int = 0) -> Iterator[Heard]:
        """Everything that somebody must see to, answered or not, in the same order."""
        return self._heard(
            f"SELECT body, suspected FROM reviews WHERE (mood = 'negative' OR safety) {_ORDER}",
            since,
        )

    def get(self, key: str) -> Heard | None:
        """The review of that key."""
        return next(self._heard("SELECT body, suspected FROM reviews WHERE key = ?", key), None)

    def keys(self, like: str) -> list[str]:
        """The first keys that begin so; a whole key need not be typed."""
        query = "SELECT key FROM reviews WHERE key >= ? AND key < ? ORDER BY key LIMIT 3"
        return [row[0] for row in self._db.execute(query, (like, like + "\U0010ffff"))]

    def _heard(self, query: str, *values: object) -> Iterator[Heard]:
        try:
            rows = self._db.execute(query, values)
            while some := rows.fetchmany(_MANY):
                for body, suspected in some:
                    heard = _decoder.decode(body)
                    yield _with(heard, suspected) if suspected else heard
        except (sqlite3.Error, msgspec.DecodeError) as error:
            raise _broken(self.path, error) from error

    def _count(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])


def _with(heard: Heard, suspected: str) -> Heard:
    return msgspec.structs.replace(heard, suspected=tuple(suspected.split("\n")))


def as_row(heard: Heard) -> Row:
    """A review as it lies on the shelf."""
    review = heard.review
    return (
        review.key,
        review.at,
        heard.mood,
        heard.safety,
        min(review.reach, 2**62),
        heard.waits,
        _encoder.encode(heard),
    )


def _broken(path: Path, error: Exception) -> CrisisError:
    return CrisisError(
        f"the reviews in {path} cannot be read or written: {error}",
        hint="if it is damaged, move it away and import the exports again: answers are kept apart",
        code=1,
    )
