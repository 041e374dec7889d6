"""What a message is for, where the playbook does not say: its name tells."""

from __future__ import annotations

from crisisctl.messages.proof.readers import AUTHORITY
from crisisctl.playbook.model import MessageKind, Playbook, Send

_BY_NAME: tuple[tuple[str, MessageKind], ...] = (
    ("holding", "holding"),
    ("update", "update"),
    ("resol", "resolution"),
    ("apolog", "apology"),
    ("offer", "apology"),
    ("notice", "notice"),
    ("brief", "brief"),
    ("report", "report"),
    ("reply", "reply"),
    ("answer", "reply"),
)


def kind_of(send: Send, plan: Playbook | None = None) -> MessageKind | None:
    """What a message is for; None where neither the playbook nor its name says.

    With its playbook at hand, the deadline that a message meets tells too: the
    one at the beginning is met by a holding statement, the recurring one by an
    update.
    """
    if send.kind is not None:
        return send.kind
    if AUTHORITY.search(send.to.lower()):  # no crisis message: the law says what must be in it
        return None
    named = next((kind for word, kind in _BY_NAME if word in send.message), None)
    if named is not None or plan is None:
        return named
    starts = {d.from_ for d in plan.deadlines.values() if d.met_by == send.message}
    if starts & {"started", "detected", "declared"}:
        return "holding"
    return "update" if "last-message" in starts else None


def is_offer(kind: str | None) -> bool:
    """Whether an e-mail of this kind may be unsubscribed from: List-Unsubscribe belongs on it.

    What customers must know (that it is broken, that it works again, that
    their data got out) reaches everyone, whoever wants no offers.
    """
    return kind == "apology"
