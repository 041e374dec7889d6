"""Who must let messages out: rules that somebody can keep, and approvals that still hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from crisisctl.errors import CrisisError
from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book, SettingsFile
from crisisctl.messages import preapproval
from crisisctl.playbook.model import Approvals
from crisisctl.playbook.reader import Path
from crisisctl.text import did_you_mean, listed, quoted
from crisisctl.workspace import locales_of


@rule("unknown-approver", Book)
def unknown_approver(book: Book) -> Iterator[Hit]:
    """Messages must be approved by a role that the playbook does not have.

    Nobody is ever given that role, so on the night nobody may approve.

    Bad:
        roles: {commander: Decides}
        approvals: {customers: {roles: [comander]}}
    Good:
        approvals: {customers: {roles: [commander]}}
    """
    for audience, wanted in book.plan.approvals.items():
        for number, role in enumerate(wanted.roles):
            if role not in book.plan.roles:
                guess = did_you_mean(role, book.plan.roles)
                known = f"roles: {listed(list(book.plan.roles)) or 'none'}"
                hint = f'did you mean "{guess}"?' if guess else known
                at = ("approvals", audience, "roles", number)
                yield book.at(at, f'no role is called "{role}"', hint)


@rule("unheard-audience", Book)
def unheard_audience(book: Book) -> Iterator[Hit]:
    """A rule of approval is for an audience that no message goes to.

    Mostly a slip: the messages that were meant go out without the approval.

    Bad:
        approvals: {costumers: {approvers: 2}}
    Good:
        approvals: {customers: {approvers: 2}}
    """
    told = dict.fromkeys(sending.send.to for sending in book.sendings)
    for audience in book.plan.approvals:
        if audience not in told:
            guess = did_you_mean(audience, told)
            hint = f'did you mean "{guess}"?' if guess else f"audiences: {listed(told) or 'none'}"
            what = f'no message goes to "{audience}"'
            yield book.at(("approvals", audience), what, hint, key=True)


@rule("impossible-approval", Book, also=(SettingsFile,))
def impossible_approval(subject: Book | SettingsFile) -> Iterator[Hit]:
    """A rule of approval that cannot be kept, or that asks for nothing.

    It needs at least one person. Where roles may approve, and the workspace
    names who holds them, there must be as many people as must approve, beside
    the author where the author does not count.

    Bad:
        approvals: {customers: {approvers: 0}}
    Good:
        approvals: {customers: {approvers: 1, other_than_author: true}}
    """
    for audience, wanted in _rules(subject):
        at: Path = ("approvals", audience, "approvers")
        if wanted.approvers < 1:
            yield _at(subject, at, "at least one person must approve", "write 1, or more")
            continue
        people = _people(subject, wanted)
        needed = wanted.approvers + wanted.other_than_author
        if people is not None and len(people) < needed:
            beside = ", one of them for the draft" if wanted.other_than_author else ""
            what = f"it takes {needed} people{beside}, and crisisctl.yaml names "
            what += listed(sorted(people)) or "nobody"
            at = at if wanted.approvers > 1 else ("approvals", audience)
            yield _at(subject, at, what, "name more people under `roles:`, or ask for fewer")


@rule("void-pre-approval", SettingsFile)
def void_pre_approval(file: SettingsFile) -> Iterator[Hit]:
    """A message counts as approved beforehand, and does not hold any more.

    The approval is bound to the templates as they were read. When they change,
    somebody must read them again; until then the message waits, as others do.

    Bad:
        pre_approved: [{message: outage/holding, by: Li, on: "2026-11-01", templates: old}]
    Good:
        pre_approved: [{message: outage/holding, by: Li, on: "2026-11-01", templates: 9f2c…}]
    """
    try:
        found = preapproval.pre_approved(file.workspace)
    except CrisisError:  # of another shape: told where the file is read
        return
    for number, one in enumerate(found):
        playbook, _, message = one.message.partition("/")
        at: Path = ("pre_approved", number, "message")
        if not message or not locales_of(file.workspace, playbook, message):
            what = f"there is no message {quoted(one.message)}"
            yield file.file.at(at, what, "write it as PLAYBOOK/MESSAGE, such as outage/holding")
            continue
        now = preapproval.fingerprint(file.workspace, playbook, message)
        if now != one.templates:
            what = f"the templates of {one.message} are not those that {one.by} approved"
            hint = f'read them again; once they are approved, write templates: "{now}"'
            yield file.file.at(("pre_approved", number, "templates"), what, hint)


def _rules(subject: Book | SettingsFile) -> Iterable[tuple[str, Approvals]]:
    if isinstance(subject, Book):
        return subject.plan.approvals.items()
    try:
        return preapproval.own_rules(subject.workspace).items()
    except CrisisError:  # of another shape: told where the file is read
        return ()


def _people(subject: Book | SettingsFile, wanted: Approvals) -> set[str] | None:
    """Who may approve, as far as the workspace says; None where it leaves that open."""
    try:
        named: Mapping[str, tuple[str, ...]] = preapproval.holders(subject.workspace)
    except CrisisError:
        return None
    if not wanted.roles or not all(named.get(role) for role in wanted.roles):
        return None
    return {person for role in wanted.roles for person in named[role]}


def _at(subject: Book | SettingsFile, path: Path, text: str, hint: str) -> Hit:
    return subject.file.at(path, text, hint)
