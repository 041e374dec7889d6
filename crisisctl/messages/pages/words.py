"""The words of the status site around the messages, in each language."""

from __future__ import annotations

from crisisctl.errors import CrisisError
from crisisctl.messages.formats import LOCALES
from crisisctl.messages.proof.words import load_words
from crisisctl.playbook.form import Model
from crisisctl.text import listed, quoted
from crisisctl.workspace import Workspace


class Verdicts(Model, frozen=True, kw_only=True):
    """The state of the shop in one line, by Statuspage's indicator."""

    none: str
    minor: str
    major: str
    critical: str


class Statuses(Model, frozen=True, kw_only=True):
    """Where an incident stands, by Statuspage's names."""

    investigating: str
    identified: str
    monitoring: str
    resolved: str
    postmortem: str


class ComponentStatuses(Model, frozen=True, kw_only=True):
    """Whether a part of the shop works, by Statuspage's names."""

    operational: str
    degraded_performance: str
    partial_outage: str
    major_outage: str
    under_maintenance: str


class PageWords(Model, frozen=True, kw_only=True):
    """A file `templates/words/page.<locale>.yaml`."""

    language: str
    """How the language is called by those who speak it."""
    title: str
    history: str
    back: str
    feed: str
    languages: str
    contact: str
    as_of: str
    reload: str
    now: str
    since: str
    earlier: str
    all: str
    recent: str
    nothing_recent: str
    nothing_ever: str
    text_in: str
    parts: str
    verdicts: Verdicts
    statuses: Statuses
    components: ComponentStatuses


def page_words(workspace: Workspace, locale: str) -> PageWords:
    """The words of a locale. Raises when there are none: no other language stands in."""
    found = load_words(workspace, "page", locale, PageWords) if locale in LOCALES else None
    if found is None:
        raise CrisisError(
            f"the status page has no words in {quoted(locale)}",
            hint=f"it speaks {listed(LOCALES)}; its words are templates/words/page.LOCALE.yaml",
        )
    return found
