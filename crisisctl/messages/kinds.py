"""What a message is for, where the playbook does not say: its name tells."""

from __future__ import annotations

from crisisctl.playbook.model import MessageKind, Send

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


def kind_of(send: Send) -> MessageKind | None:
    """What a message is for; None where neither the playbook nor its name says."""
    if send.kind is not None:
        return send.kind
    return next((kind for word, kind in _BY_NAME if word in send.message), None)
