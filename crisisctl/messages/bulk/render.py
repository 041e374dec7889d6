"""One text for each person: a message on one channel, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.messages.bulk.columns import PREFIX
from crisisctl.messages.bulk.fold import fold
from crisisctl.messages.bulk.letter import Form, Letter, finisher
from crisisctl.messages.bulk.recipients import Recipient
from crisisctl.messages.bulk.rows import Rejected
from crisisctl.messages.channels import load_channels
from crisisctl.messages.measure.sms import plain_spaces
from crisisctl.messages.pack import Setting
from crisisctl.messages.sandbox import BadTemplate
from crisisctl.messages.templates import MessageTemplate, MissingFact, find_template
from crisisctl.text import listed

Letters = Mapping[str, Letter]
"""One letter for each locale."""


class Rendered(Struct, frozen=True, gc=False):
    """The exact text for one person."""

    address: str
    locale: str
    heading: str
    body: str


def letters(
    setting: Setting,
    message: str,
    channel: str,
    common: Mapping[str, object],
    locales: Sequence[str],
    personal: frozenset[str],
) -> Letters:
    """The letters of a message; `personal` are the names that each person may have a value for.

    Raises `CrisisError` where there is no such text, or a fact is called like a column.
    """
    both = sorted(personal & common.keys())
    if both:
        raise CrisisError(
            f'the list has a column for "{both[0]}", and the incident has a fact of that name',
            hint="rename the column: nobody could tell which of them a text means",
        )
    templates = {
        locale: find_template(setting.workspace, setting.playbook, message, locale, setting.zone)
        for locale in locales
    }
    return {
        locale: letter(setting, template, channel, common, personal)
        for locale, template in templates.items()
    }


def letter(
    setting: Setting,
    template: MessageTemplate,
    name: str,
    common: Mapping[str, object],
    personal: frozenset[str],
) -> Letter:
    """The letter that a template makes on a channel."""
    channels = load_channels(setting.workspace)
    channel = channels.get(name)
    change = plain_spaces if channel.sms else None

    def form(block: str) -> Form:
        if block not in template.blocks:
            raise BadTemplate(f'there is no block "{block}"', template.path, hint="add it")
        folded = fold(template, block, common, personal)
        return Form(folded, personal, finisher(block, change))

    body = form(channel.block_for(name, template.blocks))
    heading = form(channel.heading_for(template.blocks)) if channel.heading else None
    stamp = channels.stamp(template.locale) if setting.drill else ""
    return Letter(template.locale, channel, body, heading, stamp, personal)


def personal(
    letters: Letters, people: Iterable[Recipient | Rejected]
) -> Iterator[Rendered | Rejected]:
    """The text for each person, or why there is none; what is rejected already is passed on."""
    for person in people:
        yield person if isinstance(person, Rejected) else rendered(letters, person)


def rendered(letters: Letters, person: Recipient) -> Rendered | Rejected:
    """The text for one person, or why there is none.

    Raises `CrisisError` for what is no matter of this person: a fact of the incident is missing.
    """
    letter, values, quiet = letters[person.locale], person.values, person.quiet
    try:
        heading, body = letter.heading(values, quiet), letter.body(values, quiet)
    except BadTemplate as error:
        return Rejected(person.line, _reason(error, letter.personal))
    return Rendered(person.address, person.locale, heading, body)


def _reason(error: BadTemplate, personal: frozenset[str]) -> str:
    if not isinstance(error, MissingFact):
        return error.what
    name = error.fact
    if name in personal:
        return f'the text needs "{name}", and the cell is empty'
    if not name.startswith(PREFIX):
        raise error
    raise CrisisError(
        f'the text needs "{name}", and the list has no such column',
        hint=f"its columns give {listed(sorted(personal))}; what some may lack stands in "
        f"{{% if {name} is defined %}}",
    )


def unknown_names(
    templates: Iterable[MessageTemplate], common: Iterable[str], personal: frozenset[str]
) -> list[str]:
    """What the texts say of a person and the list has no column for."""
    known = personal.union(common)
    spoken = {name for template in templates for name in template.names}
    return sorted(name for name in spoken - known if name.startswith(PREFIX))
