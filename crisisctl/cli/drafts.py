"""The texts of a message as they stand: the draft on record, or rendered just now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from crisisctl.cli.desk import zone
from crisisctl.deadlines.owed import next_update_at
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.knowledge import confirmed
from crisisctl.incident.outgoing import Approval, Draft
from crisisctl.messages import approval, preapproval
from crisisctl.messages.approval import Standing
from crisisctl.messages.drafting import drafted, pack_of
from crisisctl.messages.kinds import kind_of
from crisisctl.messages.pack import Pack, Setting, Text, render_pack
from crisisctl.messages.review import Readers, readers_of
from crisisctl.text import listed

if TYPE_CHECKING:
    from crisisctl.cli.desk import Desk
    from crisisctl.incident.fold import Incident
    from crisisctl.playbook.model import Approvals, Send

LOCALES = "locales"
NEXT_UPDATE = "next_update"
"""The fact that says in which languages messages are written."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The texts of a message that are still to go out, and what lets them out."""

    setting: Setting
    pack: Pack
    draft: Draft | None
    """None where the texts were rendered just now, and nobody has recorded them."""
    rule: Approvals
    next_update: datetime | None
    shop_name: str
    readers: Readers
    corrects: str = ""
    overruled: tuple[ev.Overruled, ...] = ()
    """What proofreading found and the operator lets stand."""

    def with_text(self, text: Text) -> Sheet:
        """The same sheet with one text in the place of the one before; no longer on record."""
        cell = (text.channel, text.locale)
        texts = tuple(text if (old.channel, old.locale) == cell else old for old in self.pack.texts)
        return replace(self, pack=replace(self.pack, texts=texts), draft=None)

    def only(self, texts: Sequence[Text]) -> Sheet:
        """The same sheet with some of its texts."""
        return replace(self, pack=replace(self.pack, texts=tuple(texts)))

    def drafted(self) -> ev.MessageDrafted:
        """The event that keeps the texts."""
        pack = self.pack
        return ev.MessageDrafted(
            pack.message, pack.to, drafted(pack), pack.uses, self.next_update, self.corrects
        )

    def recorded(self, seq: int, by: str, at: datetime) -> Draft:
        """The draft that is on record, or would be once it is recorded."""
        return self.draft or Draft(self.drafted(), at, seq, by)


def sheet(
    desk: Desk,
    incident: Incident,
    playbook: str,
    send: Send,
    *,
    now: datetime,
    only: Sequence[str] = (),
    anew: bool = False,
) -> Sheet:
    """The draft on record as far as it has not gone out; else what the templates give now."""
    names: dict[str, object] = {**confirmed(incident, now=now), "sent_at": now}
    urgent = kind_of(send) == "notice"
    lists = _lists(desk, incident, send)
    setting = Setting(desk.workspace, playbook, zone(incident), incident.drill, urgent, lists)
    plan = incident.plans[playbook]
    rule = approval.rule_for(plan, send.to, preapproval.own_rules(desk.workspace))
    shop_name = str(names.get("shop_name", ""))
    readers = readers_of(desk.workspace, incident, playbook, send)
    draft = None if anew else approval.current_draft(incident, send.message)
    if draft is not None and not _is_late(draft, now):
        left = approval.unsent(incident, draft)
        wanted = [t for t in left if t.channel in send.channels and (not only or t.locale in only)]
        if wanted:
            pack = pack_of(setting, draft.event, wanted, shop_name=shop_name)
            event = draft.event
            return Sheet(
                setting,
                pack,
                draft,
                rule,
                event.next_update,
                shop_name,
                readers,
                corrects=event.corrects,
            )
    promised = next_update_at(incident, now=now, to=send.to)
    if promised is not None:
        names[NEXT_UPDATE] = promised
    found = only or locales(desk, incident, playbook, send)
    pack = render_pack(setting, send, names, found)
    if NEXT_UPDATE not in pack.uses:
        promised = None  # a notice that names no time has promised none
    facts = tuple(name for name in pack.uses if incident.spec(name) is not None)
    return Sheet(setting, replace(pack, uses=facts), None, rule, promised, shop_name, readers)


def _lists(desk: Desk, incident: Incident, send: Send) -> Mapping[str, str]:
    """The fingerprints of the lists of people that some channels write to by name."""
    if not desk.workspace.get("delivery") or not (desk.workspace.get("audiences") or send.tiers):
        return {}
    from crisisctl.cli import delivering, posting

    return posting.fingerprints(desk, incident, send, delivering.ways(desk, incident))


def _is_late(draft: Draft, now: datetime) -> bool:
    """Whether a draft promises the next word for a time that is past."""
    promised = draft.event.next_update
    return promised is not None and promised <= now


def locales(desk: Desk, incident: Incident, playbook: str, send: Send) -> Sequence[str]:
    """The languages of a message: as recorded, as the workspace says, else all it is written in."""
    from crisisctl.workspace import locales_of

    known = incident.known(LOCALES)
    if known is not None and isinstance(known.value, list):
        return known.value
    setting = desk.workspace.get(LOCALES)
    if isinstance(setting, list) and setting:
        return [str(locale) for locale in setting]
    return locales_of(desk.workspace, playbook, send.message)


def standing(
    desk: Desk, incident: Incident, sheet: Sheet, more: Sequence[Approval] = (), *, now: datetime
) -> Standing:
    """Whether the texts of a sheet may go out, by the approvals on record and some more."""
    draft = sheet.recorded(incident.seq + 1, desk.operator, now)
    event = ev.MessageDrafted(sheet.pack.message, sheet.pack.to, drafted(sheet.pack))
    shown = Draft(event, draft.at, draft.seq, draft.by)
    who = approval.holders(incident, preapproval.holders(desk.workspace))
    return approval.standing(shown, [*incident.approvals, *more], sheet.rule, who)


def the_one(sheet: Sheet) -> Text:
    """The only text of a sheet. Raises where there are more, saying how to choose."""
    if len(sheet.pack.texts) == 1:
        return sheet.pack.texts[0]
    cells = [f"{text.channel}.{text.locale}" for text in sheet.pack.texts]
    raise CrisisError(
        f'"{sheet.pack.message}" has {len(cells)} texts: say which one',
        hint=f"--channel and --locale choose one of: {listed(cells[:8])}"
        + (f" and {len(cells) - 8} more" if len(cells) > 8 else ""),
    )
