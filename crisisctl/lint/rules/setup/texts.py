"""Texts in `templates/` that no message uses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book, MessageText, Stray
from crisisctl.messages.formats import LOCALES
from crisisctl.text import did_you_mean, listed, quoted

_TEXT_LIKE = re.compile(r"\.(?:j2|jinja2?|tmpl|tpl)\b", re.IGNORECASE)


@rule("stray-template", Book)
def stray_template(book: Book) -> Iterator[Hit]:
    """A text in the playbook's folder is never used.

    No step sends the message of that name, or the name is not
    MESSAGE.LOCALE.j2. Somebody will correct that copy one day and believe that
    customers read it.

    Bad:
        templates/outage/holdin.en.j2
        templates/outage/holding.en.old.j2
    Good:
        templates/outage/holding.en.j2
    """
    meant = {text for texts in book.misnamed.values() if _is_whole(book, texts) for text in texts}
    for text in book.strays:
        found = _stray(book, text)
        if found and text not in meant:  # the step is told of that misspells their name
            yield text.hit(0, *found)
    for text in book.every_text:
        if text.locale not in LOCALES:
            what = f"crisisctl cannot write in {quoted(text.locale)}"
            yield text.hit(0, what, f"the locale before .j2 is {listed(LOCALES, 'or')}")


def _is_whole(book: Book, texts: list[MessageText]) -> bool:
    """Whether all languages are there: then it is not the files whose name is wrong."""
    return len(texts) > 1 and {text.locale for text in texts} >= set(book.locales)


def _stray(book: Book, text: MessageText) -> tuple[str, str] | None:
    name = text.source.shown.replace("\\", "/").rpartition("/")[2]
    sent = book.plan.messages()
    if text.message in sent:
        return f"{quoted(name)} is not used", f"a text is called {text.message}.LOCALE.j2"
    if not _TEXT_LIKE.search(name):  # notes for ourselves
        return None
    guess = did_you_mean(text.message, sent)
    hint = f'did you mean "{guess}"?' if guess else "send it in a step, or remove the file"
    return f"no step sends the message {quoted(text.message)}", hint


@rule("shipped-text", Book, severity="warning")
def shipped_text(book: Book) -> Iterator[Hit]:
    """A message is your own in one language, and the shipped text in another.

    Where a workspace has no text of its own, the one that comes with crisisctl
    goes out. In one language it may then say what you decided not to say in
    the others.

    Bad:
        templates/outage/update.en.j2 of your own, and no update.fr.j2
    Good:
        templates/outage/update.en.j2 and update.fr.j2, or neither
    """
    for message, texts in book.texts.items():
        used = {locale: texts[locale] for locale in book.locales if locale in texts}
        own = [locale for locale, text in used.items() if not text.borrowed]
        theirs = [locale for locale, text in used.items() if text.borrowed]
        if own and theirs:
            what = f"{quoted(message)} is your own in {listed(own)}, the shipped text in"
            names = [f"{message}.{locale}.j2" for locale in theirs]
            hint = f"write {listed(names)} too, or remove your own"
            yield used[own[0]].hit(0, f"{what} {listed(theirs)}", hint)


@rule("stray-folder", Stray)
def stray_folder(stray: Stray) -> Iterator[Hit]:
    """A text stands in a folder that no playbook has the name of.

    Texts are looked for in `templates/PLAYBOOK/`. What stands elsewhere is
    never found.

    Bad:
        templates/outtage/holding.en.j2
    Good:
        templates/outage/holding.en.j2
    """
    if stray.playbook == "templates":
        what = "this text stands in no playbook's folder"
        yield stray.source.hit(1, 1, what, "move it to templates/PLAYBOOK/")
        return
    guess = did_you_mean(stray.playbook, stray.known)
    hint = f'did you mean "{guess}"?' if guess else f"playbooks: {listed(stray.known)}"
    yield stray.source.hit(1, 1, f"there is no playbook {quoted(stray.playbook)}", hint)
