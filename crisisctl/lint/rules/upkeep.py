"""Whether somebody keeps the playbook true."""

from __future__ import annotations

from collections.abc import Iterator

from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book


@rule("no-owner", Book)
def no_owner(book: Book) -> Iterator[Hit]:
    """The playbook has no owner.

    What nobody owns, nobody corrects: phone numbers, channels and messages are
    wrong on the night they are needed.

    Bad:
        playbook: outage
        title: Site outage
    Good:
        playbook: outage
        title: Site outage
        owner: sre
    """
    if not book.plan.owner.strip():
        path = ("owner",) if ("owner",) in book.file.document.values else ("playbook",)
        yield book.at(path, "the playbook has no owner", "add `owner:` with a team or a role")
