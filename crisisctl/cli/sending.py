"""Sending a message: drafted, read, approved, handed over; each on record before it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl.cli import delivering, drafts, reviewing
from crisisctl.cli.asking import confirm
from crisisctl.cli.drafts import Sheet
from crisisctl.cli.keyboard import Back, InputNeeded
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.outgoing import Approval
from crisisctl.messages import approval, outbox, preapproval, promised
from crisisctl.messages.pack import Pack
from crisisctl.messages.templates import MissingFact
from crisisctl.runner import commands
from crisisctl.text import listed, moment

if TYPE_CHECKING:
    from crisisctl.cli.walk import Walk
    from crisisctl.playbook.model import Send
    from crisisctl.runner.place import Place


@dataclass(frozen=True, slots=True)
class Wish:
    """How a message is to be sent, beyond what its step says."""

    out_of_turn: bool = False
    """Whether it is sent on its own, not because its step came up."""
    locales: Sequence[str] = ()
    overrule: Mapping[str, str] = field(default_factory=dict)
    """By rule: why what proofreading found may stand."""
    anew: bool = False
    """Render it again, whatever draft is on record."""
    break_glass: str = ""
    """Why it goes out without the approvals that the rules ask for."""


IN_TURN = Wish()


class Waiting(CrisisError):
    """The texts are on record, and wait for others to approve them."""


def send(walk: Walk, place: Place, wish: Wish = IN_TURN) -> None:
    """Show the texts, have them approved, hand them over, record it."""
    wanted = place.step.send
    if wanted is None or (not wish.out_of_turn and sent_since_start(walk, place, wanted)):
        return
    if not wish.out_of_turn and walk.guided and not _once_more(walk, wanted):
        return
    delivering.settle(walk, wanted.message)
    found = _sheet(walk, place, wanted, wish)
    if wanted.tiers and walk.guided:
        from crisisctl.cli.lists import show_example

        show_example(walk, found, wanted)
    found = _read(walk, found, wish)
    release(walk, place, found, wish)


def release(walk: Walk, place: Place, sheet: Sheet, wish: Wish) -> None:
    """Let texts out that an operator has approved, if the rules let them."""
    pack, send = sheet.pack, place.step.send
    if pack.too_long:
        raise too_long(pack)
    walk.keep_up([ev.MessageSent(pack.message, pack.to, (), pack.uses)], place)
    on_record = let_out(walk, sheet, wish)
    found = delivering.ways(walk.desk, walk.incident)
    carried = [text for text in pack.texts if delivering.carried(found, text)]
    folder = _folder(walk, pack)
    written = outbox.write(pack, folder)
    if not carried or send is None:
        _sent(walk, place, sheet, on_record, written)
        screen = walk.desk.talk
        screen.block(f'✓ "{pack.message}": {_texts(len(written))}, ready to copy from', "good")
        screen.line(f"  {folder}", "good")
        _tell_list(walk, send)
        return
    walk.record(lambda _: on_record)
    sheet = replace(sheet, draft=sheet.draft or walk.incident.drafts[-1])
    outcome = delivering.deliver(walk, sheet, send, carried, folder)
    gone = {(text.channel, text.locale) for text in outcome.sent}
    gone |= {(t.channel, t.locale) for t in pack.texts if t not in carried}
    texts = tuple(text for text in written if (text.channel, text.locale) in gone)
    if texts:
        _sent(walk, place, sheet, [], texts)
    _tell(walk, pack, len(outcome.sent), len(texts) - len(outcome.sent), folder)
    if outcome.well:
        return
    error = delivering.failure(pack.message, outcome)
    if not walk.guided:
        raise error
    screen = walk.desk.talk
    screen.block(error.message, "bad")
    screen.block(error.hint)
    raise Back


def _tell_list(walk: Walk, send: Send | None) -> None:
    """Where the people stand that a text about compensation goes to, each with their own code."""
    if send is None or not send.tiers:
        return
    from crisisctl.cli.lists import list_of

    path, screen = list_of(walk.desk, walk.incident, send), walk.desk.talk
    screen.block("Each person's code and sum are in this list, for whatever sends it:", indent="  ")
    screen.line(f"  {path}", "good")
    words = f"`crisisctl message render {send.message}` writes the text for each of them"
    screen.block(words, "dim", "  ")


def _sent(
    walk: Walk,
    place: Place,
    sheet: Sheet,
    first: Sequence[ev.Event],
    texts: tuple[ev.SentText, ...],
) -> None:
    pack, cells = sheet.pack, {(text.channel, text.locale) for text in texts}
    gone = [text for text in pack.texts if (text.channel, text.locale) in cells]
    told = promised.promised(walk.desk.workspace, gone, now=walk.now(), zone=walk.zone)
    until = promised.next_word(told, sheet.next_update)
    stated = promised.made(told, pack.message)
    sent = ev.MessageSent(pack.message, pack.to, texts, pack.uses, until, sheet.corrects)
    walk.record(lambda i: [*first, *commands.sent(i, sent, at=walk.now(), stated=stated)], place)


def _tell(walk: Walk, pack: Pack, delivered: int, written: int, folder: Path) -> None:
    screen = walk.desk.talk
    if delivered:
        screen.block(f'✓ "{pack.message}": {_texts(delivered)} delivered', "good")
    if written:
        screen.block(f'✓ "{pack.message}": {_texts(written)}, ready to copy from', "good")
        screen.line(f"  {folder}", "good")


def _texts(number: int) -> str:
    return f"{number} text{'' if number == 1 else 's'}"


def let_out(walk: Walk, sheet: Sheet, wish: Wish) -> list[ev.Event]:
    """What must stand on record before the texts go: the draft, and what lets it out.

    Raises `Waiting` when more people must approve; then the draft and this
    operator's own approval are recorded, so that the others can read them.
    """
    mine, counted = _own_word(walk, sheet)
    events: list[ev.Event] = [] if sheet.draft else [sheet.drafted()]
    verdict = _standing(walk, sheet, [mine] if counted else [])
    if verdict.complete:
        return [*events, mine] if counted else events
    known = preapproval.beforehand(walk.desk.workspace, sheet.setting.playbook, sheet.pack.message)
    edited = any(text.edited for text in sheet.pack.texts)
    if known.who and not edited:
        return [*events, _approved(sheet, beforehand=known.who)]
    if wish.break_glass:
        return [*events, _approved(sheet, because=wish.break_glass, break_glass=True)]
    if counted:
        events.append(mine)
    if events:
        walk.record(lambda _: events)
    void = f" {known.void}." if known.void else ""
    raise Waiting(
        f'"{sheet.pack.message}" is not sent: {verdict.wanted}.{void}',
        hint=f"they read and approve it: `crisisctl message approve {sheet.pack.message}`; "
        'in an emergency: --break-glass "why"',
        code=1,
    )


def own_approval(walk: Walk, sheet: Sheet) -> list[ev.Event]:
    """The draft and this operator's approval of it. Raises where the rule does not count it."""
    mine, counted = _own_word(walk, sheet)
    if not counted:
        stands = _standing(walk, sheet, [])
        raise CrisisError(f"your approval does not count: {stands.wanted}", code=1)
    return [mine] if sheet.draft else [sheet.drafted(), mine]


def _own_word(walk: Walk, sheet: Sheet) -> tuple[ev.MessageApproved, bool]:
    """The approval of this operator, and whether the rule counts it."""
    desk, incident = walk.desk, walk.incident
    draft = sheet.recorded(incident.seq + 1, desk.operator, walk.now())
    who = approval.holders(incident, preapproval.holders(desk.workspace))
    return _approved(sheet), approval.may_approve(desk.operator, draft, sheet.rule, who)


def _standing(walk: Walk, sheet: Sheet, more: Sequence[ev.MessageApproved]) -> approval.Standing:
    now, by = walk.now(), walk.desk.operator
    given = [Approval(event, now, walk.incident.seq + 1, by) for event in more]
    return drafts.standing(walk.desk, walk.incident, sheet, given, now=now)


def _approved(
    sheet: Sheet, *, because: str = "", break_glass: bool = False, beforehand: str = ""
) -> ev.MessageApproved:
    pack = sheet.pack
    texts = tuple(ev.SentText(text.channel, text.locale, text.sha256) for text in pack.texts)
    return ev.MessageApproved(
        pack.message,
        pack.to,
        texts,
        because=because,
        overruled=sheet.overruled,
        break_glass=break_glass,
        beforehand=beforehand,
    )


def _sheet(walk: Walk, place: Place, send: Send, wish: Wish) -> Sheet:
    """The texts to be sent; a fact that they lack is asked for."""
    desk, now = walk.desk, walk.now()
    while True:
        try:
            return drafts.sheet(
                desk,
                walk.incident,
                place.playbook,
                send,
                now=now,
                only=wish.locales,
                anew=wish.anew,
            )
        except MissingFact as error:
            if not walk.guided or not confirm(walk, error.fact):
                raise _told(walk, error) from None
        except CrisisError as error:
            raise _told(walk, error) from None


def _read(walk: Walk, sheet: Sheet, wish: Wish) -> Sheet:
    """The texts that this operator approves. Raises `Back` when they are left for later."""
    if walk.answers is not None and walk.answers.approve:
        return reviewing.overruled(sheet, wish.overrule, otherwise=walk.answers.let_stand)
    if walk.keyboard is None:
        raise InputNeeded(
            f'the message "{sheet.pack.message}" needs an approval',
            hint="set `approve: true` in the --answers file, or approve it on a terminal with "
            f"`crisisctl resume {walk.incident.id}`",
        )
    found = reviewing.review(walk, sheet)
    if found is None:
        raise Back  # not sent is not done: the step can be skipped, with a reason
    return found


def _folder(walk: Walk, pack: Pack) -> Path:
    """Where the files go that people copy from, and that keep what was delivered."""
    number = len(walk.incident.sent) + 1
    folder = walk.desk.folder(drill=walk.incident.drill) / "outbox" / walk.incident.id
    return folder / f"{number:02}-{pack.message}"


def _once_more(walk: Walk, send: Send) -> bool:
    """Whether to send what went out already, perhaps before its step came up."""
    before = [sent.at for sent in walk.incident.sent if sent.event.message == send.message]
    if not before:
        return True
    told = f'"{send.message}" went out {moment(before[-1], walk.zone)}. Send it again?'
    return walk.asked().confirm(told, default=False)


def _told(walk: Walk, error: CrisisError) -> Exception:
    """A person can mend a text that cannot be rendered, or skip the step: the walk goes on."""
    if not walk.guided:
        return error
    walk.desk.talk.block(f"The message cannot be written yet: {error.message}", "bad")
    if error.hint:
        walk.desk.talk.block(error.hint)
    return Back()


def too_long(pack: Pack) -> CrisisError:
    """The error of texts that their channels would refuse; nothing is ever cut."""
    named = [f"{t.channel}.{t.locale} ({t.overflow})" for t in pack.too_long]
    return CrisisError(
        f'"{pack.message}" is too long for {listed(named)}',
        hint="shorten it with `crisisctl message edit`, or leave those channels out with --channel",
        code=1,
    )


def sent_since_start(walk: Walk, place: Place, send: Send) -> bool:
    """Whether the step's message went out since it came up: then only a crash came between."""
    started = walk.incident.steps.get(place.key)
    since = started.seq if started else 0
    return any(s.event.message == send.message and s.seq > since for s in walk.incident.sent)
