"""Answers to reviews on their way: a file for each platform, or the targets of `delivery:`."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl.cli import delivering
from crisisctl.cli.answering import Bench
from crisisctl.cli.complaints import bench
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.heard import ReviewAnswered
from crisisctl.messages.delivery.climb import climb
from crisisctl.messages.delivery.envelope import Envelope
from crisisctl.messages.outbox import write_private
from crisisctl.report.data import SCHEMA, Json, View
from crisisctl.reviews.review import platform
from crisisctl.reviews.shelf import Heard
from crisisctl.runner.reviews import moment_of
from crisisctl.text import cell, listed

if TYPE_CHECKING:
    from crisisctl.messages.delivery.result import Result
    from crisisctl.messages.delivery.targets import Ladder, Target

FORMATS = ("csv", "json")
COLUMNS = (
    "review", "reviewed_at", "rating", "author", "words", "language", "topic", "product", "link",
    "answer", "locale", "answered_at", "answered_by",
)  # fmt: skip


def export(id: str | None, *, format: str, output: Path, deliver: bool) -> None:
    """Write the answers for each platform, or hand them to its target."""
    if format not in FORMATS:
        raise CrisisError(
            f'there is no format "{format}"', hint=f"formats: {listed(FORMATS, 'or')}"
        )
    with bench(id, ask=False, closed=True) as here:
        if deliver:
            _deliver(here)
        else:
            _write(here, format, output)


def _answers(here: Bench) -> Iterator[tuple[Heard, ReviewAnswered]]:
    """Every review that was answered here, in the order of the answers."""
    for key, state in here.walk.incident.answered.items():
        heard = here.shelf.get(key) if state.answer is not None else None
        if heard is not None and state.answer is not None:
            yield heard, state.answer


def _write(here: Bench, format: str, output: Path) -> None:
    by_platform: dict[str, list[Json]] = {}
    for heard, answer in _answers(here):
        name = platform(heard.review.source) or "reviews"
        by_platform.setdefault(name, []).append(_row(here, heard, answer))
    if not by_platform:
        raise CrisisError(
            "no review was answered yet", hint="`crisisctl reviews next` walks the queue", code=1
        )
    try:
        output.mkdir(parents=True, exist_ok=True)
        for name, rows in by_platform.items():
            stamp = "DRILL-" if here.walk.incident.drill else ""  # never over the real ones
            path = output / f"{stamp}{_plain(name)}.{format}"
            write_private(path, _csv(rows) if format == "csv" else _json(name, rows))
            here.walk.desk.talk.line(f"✓ {path}: {len(rows)} answers", "good")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CrisisError(f"{output} cannot be written: {reason}", code=1) from error


def _row(here: Bench, heard: Heard, answer: ReviewAnswered) -> Json:
    review, view = heard.review, View(here.walk.zone)
    state = here.walk.incident.answered[review.key]
    return {
        "review": review.key,
        "reviewed_at": view.at(moment_of(review.at)),
        "rating": review.rating,
        "author": review.author or None,
        "words": review.words,
        "language": heard.language or None,
        "topic": heard.topic,
        "product": review.product or None,
        "link": review.link or None,
        "answer": answer.text,
        "locale": answer.locale,
        "answered_at": view.at(state.answered_at),
        "answered_by": state.by,
    }


def _csv(rows: list[Json]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        texts = ("" if row[name] is None else str(row[name]) for name in COLUMNS)
        writer.writerow(
            cell(text, lines=name == "answer") for name, text in zip(COLUMNS, texts, strict=True)
        )
    return out.getvalue()


def _json(name: str, rows: list[Json]) -> str:
    data = {"schema": SCHEMA, "platform": name, "answers": rows}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _plain(name: str) -> str:
    """A platform's name as the name of a file."""
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower()).strip("-")
    return kept[:60] or "reviews"


# Delivery


def _deliver(here: Bench) -> None:
    found = delivering.ways(here.walk.desk, here.walk.incident)
    if here.walk.incident.drill:
        raise CrisisError("this is a drill: nothing of it is delivered to anyone")
    went, failed, without = 0, [], set()
    for heard, answer in list(_answers(here)):
        ladder = found.get(answer.channel, ())
        if not any(rung.takes(answer.locale) for rung in ladder):
            without.add(answer.channel)
        elif not _is_out(here, heard, answer):
            result = _hand_over(here, heard, answer, ladder)
            if result.state == "delivered":
                went += 1
            else:
                failed.append(f"{heard.review.key} ({result.detail})")
    screen = here.walk.desk.talk
    screen.block(f"✓ {went} answer{'' if went == 1 else 's'} delivered", "good")
    if without:
        names = listed(sorted(without))
        screen.block(f"no delivery is set for {names}: export them without --deliver", "warn")
    if failed:
        raise CrisisError(
            f"not delivered for sure: {listed(failed[:10])}",
            hint="where nobody knows: `crisisctl message settle KEY --arrived` (or --lost)",
            code=1,
        )


def _key(here: Bench, heard: Heard, answer: ReviewAnswered) -> str:
    """The same for the same answer to the same review, in every run."""
    parts = (here.walk.incident.id, heard.review.key, answer.channel, answer.locale, answer.text)
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()[:32]


def _is_out(here: Bench, heard: Heard, answer: ReviewAnswered) -> bool:
    stem = _key(here, heard, answer)
    tried = [d for k, d in here.walk.incident.deliveries.items() if k.rpartition("-")[0] == stem]
    for each in tried:
        if each.state == "intended":  # a crash came between, or the line was lost
            raise CrisisError(
                f"nobody knows whether the answer to {heard.review.key} arrived",
                hint=f"look there, then: crisisctl message settle {each.event.key} --arrived "
                "(or --lost, to send it again)",
                code=1,
            )
    return any(each.state == "delivered" for each in tried)


def _hand_over(here: Bench, heard: Heard, answer: ReviewAnswered, ladder: Ladder) -> Result:
    walk, stem = here.walk, _key(here, heard, answer)
    digest = hashlib.sha256(answer.text.encode()).hexdigest()
    envelope = Envelope(
        channel=answer.channel,
        locale=answer.locale,
        key=stem,
        body=answer.text,
        kind="reply",
        thread=heard.review.key,
    )
    number = sum(k.rpartition("-")[0] == stem for k in walk.incident.deliveries)
    current = ""

    def intended(_rung: int, target: Target, _: Envelope) -> None:
        nonlocal current, number
        number += 1
        current = f"{stem}-{number}"
        intent = ev.DeliveryIntended(
            current, "review-answer", "reviewer", answer.channel, answer.locale, digest, target.via
        )
        walk.record(lambda _: [intent])

    def resulted(_rung: int, _target: Target, _: Envelope, result: Result) -> None:
        if result.state == "delivered":
            walk.record(lambda _: [ev.TextDelivered(current, result.receipt)])
        elif result.state != "unknown":
            walk.record(lambda _: [ev.DeliveryFailed(current, result.detail)])

    around = delivering.around(walk.desk, walk.desk.folder(drill=False) / "outbox")
    tried, _ = climb(envelope, ladder, around, intended=intended, resulted=resulted)
    return tried[-1].result
