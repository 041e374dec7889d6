"""Who may let a message out: approvals are bound to the exact texts.

An approval names the fingerprints of what was read. One changed character,
another channel or another list of recipients is another fingerprint, so
nothing has to be taken back: what was not approved is simply not covered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

from crisisctl.incident.events import DraftedText
from crisisctl.incident.fold import Incident
from crisisctl.incident.outgoing import Approval, Draft
from crisisctl.playbook.model import Approvals, Playbook
from crisisctl.text import listed

OWN_WORD = Approvals()
"""Where nobody says otherwise one person is enough, and it may be the author: at three in the
morning there is often no second one."""


Holders = Mapping[str, Collection[str]]
"""By role, those who may act for it."""


class Standing(msgspec.Struct, frozen=True):
    """How far a draft has come on its way to be approved."""

    rule: Approvals
    covered: frozenset[str] = frozenset()
    """The fingerprints that may go out."""
    given: tuple[str, ...] = ()
    """Who has approved all of it."""
    wanted: str = ""
    """What is still missing, in words; empty when all of it may go out."""
    break_glass: bool = False
    """Whether it may go out only because somebody broke the glass."""

    @property
    def complete(self) -> bool:
        """Whether every text may go out."""
        return not self.wanted


def rule_for(plan: Playbook, to: str, own: Mapping[str, Approvals]) -> Approvals:
    """The rule for an audience: the workspace's own before the playbook's."""
    return own.get(to) or plan.approvals.get(to) or OWN_WORD


def current_draft(incident: Incident, message: str) -> Draft | None:
    """The newest draft of a message, unless it has gone out or no longer holds."""
    drafts = [draft for draft in incident.drafts if draft.event.message == message]
    if not drafts or not unsent(incident, drafts[-1]) or outdated(incident, drafts[-1]):
        return None
    return drafts[-1]


def unsent(incident: Incident, draft: Draft) -> tuple[DraftedText, ...]:
    """The texts of a draft that have not gone out."""
    gone = {
        text.sha256
        for sent in incident.sent
        if sent.seq > draft.seq and sent.event.message == draft.event.message
        for text in sent.event.texts
    }
    return tuple(text for text in draft.event.texts if text.sha256 not in gone)


def outdated(incident: Incident, draft: Draft) -> list[str]:
    """The facts that a draft states and that have changed since."""
    return [
        name
        for name in draft.event.uses
        if (known := incident.facts.get(name)) is not None and known.seq > draft.seq
    ]


def standing(
    draft: Draft, approvals: Iterable[Approval], rule: Approvals, holders: Holders
) -> Standing:
    """Whether a draft may go out, by the approvals that were given."""
    mine = [a for a in approvals if a.event.message == draft.event.message]
    wanted = {text.sha256 for text in draft.event.texts}
    free = {
        sha for a in mine if a.event.break_glass or a.event.beforehand for sha in _of(a) & wanted
    }
    counted = [a for a in mine if may_approve(a.by, draft, rule, holders)]
    by_text = {sha: {a.by for a in counted if sha in _of(a)} for sha in wanted}
    covered = {s for s, who in by_text.items() if len(who) >= rule.approvers or s in free}
    everyone = [by for by in dict.fromkeys(a.by for a in counted) if _all(by_text, by)]
    missing = len(wanted - covered)
    return Standing(
        rule=rule,
        covered=frozenset(covered),
        given=tuple(everyone),
        wanted=_wanted(rule, draft, missing, everyone) if missing else "",
        break_glass=any(a.event.break_glass for a in mine if wanted & _of(a)),
    )


def may_approve(person: str, draft: Draft, rule: Approvals, holders: Holders) -> bool:
    """Whether the rule counts this person's approval of the draft."""
    if rule.other_than_author and person == draft.by:
        return False
    return not rule.roles or any(person in holders.get(role, ()) for role in rule.roles)


def holders(incident: Incident, named: Mapping[str, Iterable[str]]) -> Holders:
    """Who holds each role: as the incident says, and whom the workspace names for it."""
    found = {role: {*people} for role, people in named.items()}
    for role, person in incident.roles.items():
        found.setdefault(role, set()).add(person)
    return found


def _of(approval: Approval) -> set[str]:
    return {text.sha256 for text in approval.event.texts}


def _all(by_text: Mapping[str, set[str]], person: str) -> bool:
    return all(person in people for people in by_text.values())


def _wanted(rule: Approvals, draft: Draft, missing: int, given: list[str]) -> str:
    left = max(rule.approvers - len(given), 1)
    who = f"{left} more {'person' if left == 1 else 'people'}" if given else f"{left}"
    if not given:
        who += " person" if left == 1 else " people"
    if rule.roles:
        who += f" ({listed(list(rule.roles), 'or')})"
    if rule.other_than_author:
        who += f" other than {draft.by}, who wrote it"
    texts = "text" if missing == 1 else "texts"
    return f"{missing} {texts} must be approved by {who}"
