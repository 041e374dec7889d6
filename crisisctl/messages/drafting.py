"""Drafts: what a pack says, kept to the last character, and brought back as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from crisisctl.incident.events import DraftedText, MessageDrafted
from crisisctl.messages.pack import Pack, Setting, Text, Words, finished


def drafted(pack: Pack) -> tuple[DraftedText, ...]:
    """The texts of a pack as the journal keeps them."""
    return tuple(
        DraftedText(
            channel=text.channel,
            locale=text.locale,
            heading=words.heading,
            body=words.body,
            sha256=text.sha256,
            preheader=words.preheader,
            title=words.title,
            edited=text.edited,
            recipients=text.recipients,
        )
        for text in pack.texts
        for words in (words_of(text),)
    )


def words_of(text: Text) -> Words:
    """What a person wrote of a text: without the stamp of a drill."""
    stamp = text.mark.strip()
    heading = text.heading.removeprefix(stamp).lstrip() if stamp else text.heading
    return Words(heading, text.words, text.preheader, text.title)


def pack_of(
    setting: Setting, event: MessageDrafted, texts: Iterable[DraftedText], *, shop_name: str
) -> Pack:
    """The pack that a draft was made of.

    A text whose page or list of recipients has changed since comes back with
    another fingerprint: what was approved does not cover it.
    """
    found = []
    for kept in texts:
        words = Words(kept.heading, kept.body, kept.preheader, kept.title)
        cell = (kept.channel, kept.locale)
        text = finished(setting, event.message, cell, words, shop_name=shop_name)
        found.append(replace(text, edited=kept.edited))
    return Pack(event.message, event.to, tuple(found), event.uses)


def rewritten(setting: Setting, text: Text, words: Words, *, shop_name: str) -> Text:
    """A text after a person changed its words; the same words are the same text."""
    if words == words_of(text):
        return text
    cell = (text.channel, text.locale)
    changed = finished(setting, text.message, cell, words, shop_name=shop_name)
    return replace(changed, edited=True)
