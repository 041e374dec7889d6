"""A message to each person on the list of its audience: once, whatever happens in between."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl.cli import delivering, lists
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.knowledge import confirmed
from crisisctl.messages.bulk import render
from crisisctl.messages.bulk.recipients import Recipients
from crisisctl.messages.bulk.render import Letters
from crisisctl.messages.bulk.rows import Rejected
from crisisctl.messages.delivery.envelope import Envelope, Recipient
from crisisctl.messages.delivery.ledger import Ledger
from crisisctl.messages.delivery.mailing import Ended, Progress, send_all
from crisisctl.messages.delivery.targets import Ladder, Target
from crisisctl.messages.drafting import words_of
from crisisctl.messages.pack import Text, Words, finished
from crisisctl.playbook.reader import file_bytes
from crisisctl.text import listed, quoted

if TYPE_CHECKING:
    from crisisctl.cli.desk import Desk
    from crisisctl.cli.drafts import Sheet
    from crisisctl.cli.walk import Walk
    from crisisctl.incident.fold import Incident
    from crisisctl.incident.outgoing import Delivery
    from crisisctl.playbook.model import Send

LARGEST_LIST = 1 << 30
_FEW = 10
_TICK = timedelta(milliseconds=200)


def by_name(ladder: Ladder) -> Target | None:
    """The way that writes to each person: only the first may, so that nobody gets it twice."""
    return ladder[0] if ladder and ladder[0].via == "smtp" else None


def fingerprints(
    desk: Desk, incident: Incident, send: Send, ways: Mapping[str, Ladder]
) -> dict[str, str]:
    """By channel that writes to people by name: the fingerprint of their list."""
    channels = [channel for channel, ladder in ways.items() if by_name(ladder)]
    path = lists.list_of(desk, incident, send) if channels else None
    if path is None:
        return {}
    digest = hashlib.sha256(file_bytes(path, LARGEST_LIST)).hexdigest()
    return dict.fromkeys(channels, f"{path.name} {digest}")


class Posting:
    """The texts of one channel, posted to everybody on a list."""

    def __init__(
        self, walk: Walk, sheet: Sheet, send: Send, texts: Sequence[Text], path: Path
    ) -> None:
        self.walk, self.sheet, self.send = walk, sheet, send
        self.texts = {text.locale: text for text in texts}
        self.channel = texts[0].channel
        locales = list(self.texts)
        self.people = Recipients(path, locales=locales, default=locales[0])
        self.letters = _letters(walk, sheet, self.texts, self.people)
        self.rejected: list[Rejected] = []

    def post(self, target: Target, folder: Path) -> Ended:
        """Write to everybody who has not been written to; the ledger is beside the texts."""
        subject = hashlib.sha256(
            "\0".join(text.sha256 for text in self.texts.values()).encode()
        ).hexdigest()
        with Ledger(self.ledger(folder), subject) as ledger:
            return send_all(
                ledger,
                self._accepted(),
                self._compose,
                target,
                delivering.around(self.walk.desk, folder),
                _shown(self.walk.desk),
            )

    def ledger(self, folder: Path) -> Path:
        """Where it stands who has been written to."""
        seq = self.sheet.draft.seq if self.sheet.draft else 0
        return folder.parent / f"{seq}-{self.sheet.pack.message}.{self.channel}.ledger"

    def _accepted(self) -> Iterator[Recipient]:
        for row in self.people:
            if isinstance(row, Rejected):
                self.rejected.append(row)
                continue
            self.current = row
            yield Recipient(row.address, row.locale, row.name)

    def _compose(self, recipient: Recipient) -> Envelope:
        text = self.texts[recipient.locale]
        envelope = delivering.envelope_of(self.walk.incident, self.sheet, self.send, text)
        key = hashlib.sha256(f"{envelope.key}\0{recipient.address}".encode()).hexdigest()[:32]
        envelope = replace(envelope, key=key)
        letter = self.letters.get(recipient.locale) if self.letters else None
        if letter is None:
            return envelope
        said = render.rendered({recipient.locale: letter}, self.current)
        if isinstance(said, Rejected):
            raise CrisisError(said.reason)
        before = words_of(text)
        words = Words(said.heading, said.body, before.preheader, before.title)
        cell = (text.channel, text.locale)
        own = finished(
            self.sheet.setting, text.message, cell, words, shop_name=self.sheet.shop_name
        )
        return replace(envelope, heading=said.heading, body=said.body, html=own.html)


def _letters(
    walk: Walk, sheet: Sheet, texts: Mapping[str, Text], people: Recipients
) -> Letters | None:
    """What makes each person's text; None where everybody gets the same.

    A text that a person edited, or that its template does not give any more,
    goes out as it was approved.
    """
    personal = people.columns.personal
    if not personal or any(text.edited for text in texts.values()) or sheet.corrects:
        return None
    at = sheet.draft.at if sheet.draft else walk.now()
    names: dict[str, object] = {**confirmed(walk.incident, now=at), "sent_at": at}
    if sheet.next_update is not None:
        names["next_update"] = sheet.next_update
    found = render.letters(
        sheet.setting,
        sheet.pack.message,
        next(iter(texts.values())).channel,
        names,
        list(texts),
        personal,
    )
    same = all(
        (letter.heading({}), letter.body({})) == (words_of(text).heading, text.words)
        for locale, text in texts.items()
        for letter in (found[locale],)
    )
    return found if same else None


def _shown(desk: Desk) -> Callable[[Progress], None]:
    """How far it is, on one line of a terminal."""
    began = last = desk.now()

    def show(progress: Progress) -> None:
        nonlocal last
        now = desk.now()
        if not desk.talk.terminal or desk.talk.dumb or now - last < _TICK:
            return
        last = now
        rate = progress.done / max((now - began).total_seconds(), 0.001)
        words = f"{progress.done:,} written to · {rate:,.0f} a second"
        desk.talk.stream.write(f"\r{desk.talk.glyphs(words)}\x1b[K")
        desk.talk.stream.flush()

    return show


def post(
    walk: Walk,
    sheet: Sheet,
    send: Send,
    texts: Sequence[Text],
    target: Target,
    folder: Path,
    path: Path,
) -> delivering.Outcome:
    """Post one channel's texts to everybody on the list, each text with its intent and result."""
    posting, outcome = Posting(walk, sheet, send, texts, path), delivering.Outcome()
    keys: dict[str, str] = {}
    for text in texts:
        key = delivering.envelope_of(walk.incident, sheet, send, text).key
        keys[text.locale] = f"{key}{delivering.LIST}"
    known = walk.incident.deliveries
    intents = [
        ev.DeliveryIntended(
            keys[text.locale],
            text.message,
            sheet.pack.to,
            text.channel,
            text.locale,
            text.sha256,
            f"{target.via} to {path.name}",
        )
        for text in texts
        if keys[text.locale] not in known
    ]
    if intents:
        walk.record(lambda _: intents)
    ended = posting.post(target, folder)
    _tell(walk.desk, posting, ended)
    standing = ended.standing
    what = f"{standing.delivered} of {standing.total + len(posting.rejected)} on {path.name}"
    cell = f"{posting.channel} ({what})"
    if ended.stopped or standing.unreached:
        reason = ended.stopped or "some could not be reached"
        outcome.failed.append(f"{cell}: {reason}")
        return outcome
    if standing.unknown:
        with Ledger(posting.ledger(folder)) as ledger:
            people = _few([entry.recipient.address for entry in ledger.entries("unknown")])
        outcome.unknown.append(f"{posting.channel} to {people}")
        outcome.doubtful = next(iter(keys.values()))
        return outcome
    results = [ev.TextDelivered(key, what) for key in keys.values()]
    walk.record(lambda _: results)
    outcome.sent.extend(texts)
    if standing.refused or posting.rejected:
        lost = standing.refused + len(posting.rejected)
        outcome.failed.append(f"{posting.channel} for {lost} people, listed in the outbox")
    return outcome


def settle(outbox: Path, found: Delivery, to: str, *, arrived: bool, by: str, at: str) -> list[str]:
    """Put on record what became of one person of a mailing, or of all in doubt: who they are."""
    event = found.event
    ledgers = sorted(outbox.glob(f"*-{event.message}.{event.channel}.ledger"), key=_number)
    if not ledgers:
        raise CrisisError(f"the record of this mailing is not in {outbox}")
    with Ledger(ledgers[-1]) as ledger:
        doubtful = [entry.recipient.address for entry in ledger.entries("unknown")]
        if not doubtful:
            hint = f"go on: `crisisctl message send {event.message}`"
            raise CrisisError("nobody of this mailing is in doubt", hint=hint)
        if to and to.strip().casefold() not in {address.casefold() for address in doubtful}:
            raise CrisisError(f"{quoted(to)} is not in doubt", hint=f"in doubt: {_few(doubtful)}")
        for address in [to] if to else doubtful:
            ledger.settle(address, arrived=arrived, by=by, at=at)
    return [to] if to else doubtful


def _number(ledger: Path) -> int:
    return int(ledger.name.partition("-")[0])


def _few(people: Sequence[str]) -> str:
    more = len(people) - _FEW
    return listed([*people[:_FEW], *([f"{more} more"] if more > 0 else [])])


def _tell(desk: Desk, posting: Posting, ended: Ended) -> None:
    standing, screen = ended.standing, desk.talk
    if screen.terminal and not screen.dumb:
        screen.stream.write("\r\x1b[K")
    words = f"{posting.channel}: {standing.delivered:,} people written to"
    if ended.passed_over:
        words += f", {ended.passed_over:,} of an earlier run passed over"
    screen.block(words, "good", "  ")
    for row in posting.rejected[:_FEW]:
        screen.block(f"line {row.line}: {row.reason}", "warn", "    ")
    if len(posting.rejected) > _FEW:
        screen.block(f"and {len(posting.rejected) - _FEW} more lines", "warn", "    ")
