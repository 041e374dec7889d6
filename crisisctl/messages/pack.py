"""The message pack: one set of facts, every channel and locale side by side."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo

from crisisctl.messages.channels import Channel, load_channels
from crisisctl.messages.kinds import kind_of
from crisisctl.messages.limits import Measured, Parts, measured
from crisisctl.messages.measure.sms import plain_spaces
from crisisctl.messages.sandbox import BadTemplate
from crisisctl.messages.templates import MessageTemplate, find_template
from crisisctl.playbook.model import Send
from crisisctl.workspace import Workspace

ONE_LINE = ("headline", "short", "preheader", "sms", "push", "push_title", "homepage", "x")


def fingerprint(
    channel: str, locale: str, heading: str, body: str, html: str, recipients: str = ""
) -> str:
    """The SHA-256 that an approval holds on to: one changed character gives another."""
    parts = [channel, locale, heading, body, html, *([recipients] if recipients else [])]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Text:
    """One exact text: what people on a channel will read in their language."""

    message: str
    channel: str
    locale: str
    heading: str
    body: str
    html: str
    format: str
    measures: tuple[Measured, ...]
    preheader: str = ""
    mark: str = ""
    """What stamps it in a drill; limits are for the words behind it."""
    title: str = ""
    """The headline of its page, where the channel itself has none."""
    recipients: str = ""
    """Whom it goes to by name, as a fingerprint of the list; empty where it is published."""
    edited: bool = False
    """Whether a person changed what its template gave."""

    @property
    def words(self) -> str:
        """The text without the mark of a drill."""
        return self.body.removeprefix(self.mark)

    @property
    def main(self) -> Measured:
        """The measure that tells most about the text itself."""
        return self.measures[0]

    @property
    def fits(self) -> bool:
        """Whether the channel takes it whole."""
        return not self.overflow

    @property
    def overflow(self) -> str:
        """What the channel would refuse, in words; empty when it takes everything."""
        return "; ".join(str(each) for each in self.measures if each.hard and each.over)

    @property
    def unseen(self) -> str:
        """What readers do not see at once, in words; empty when they see everything."""
        return "; ".join(str(each) for each in self.measures if not each.hard and each.over)

    @property
    def sha256(self) -> str:
        """The fingerprint of channel, locale, recipients and every character."""
        words = (self.heading, self.body, self.html)
        return fingerprint(self.channel, self.locale, *words, self.recipients)


@dataclass(frozen=True, slots=True)
class Pack:
    """All texts of one message, and the facts they may speak of."""

    message: str
    to: str
    texts: tuple[Text, ...]
    uses: tuple[str, ...]

    @property
    def too_long(self) -> list[Text]:
        """The texts that their channel would refuse."""
        return [text for text in self.texts if not text.fits]

    def without(self, left_out: Iterable[Text]) -> Pack:
        """The same pack less some texts."""
        gone = set(left_out)
        kept = tuple(text for text in self.texts if text not in gone)
        return Pack(self.message, self.to, kept, self.uses)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and for whom a message is rendered."""

    workspace: Workspace
    playbook: str
    zone: tzinfo
    drill: bool = False
    urgent: bool = False
    """Whether its pages interrupt whoever has them read aloud: a breach notice does."""
    recipients: Mapping[str, str] = field(default_factory=dict)
    """By channel: the fingerprint of the list of those who get it by name."""


@dataclass(frozen=True, slots=True)
class Words:
    """What people read in one text, before it is stamped, measured and wrapped."""

    heading: str
    body: str
    preheader: str = ""
    title: str = ""
    """The headline of its page, where the channel itself has none."""


def render_pack(
    setting: Setting, send: Send, names: Mapping[str, object], locales: Sequence[str]
) -> Pack:
    """Render a message for each of its channels in each locale."""
    setting = replace(setting, urgent=kind_of(send) == "notice")
    texts: list[Text] = []
    spoken: set[str] = set()
    for locale in locales:
        template = find_template(
            setting.workspace, setting.playbook, send.message, locale, setting.zone
        )
        spoken |= template.names
        texts += [_text(setting, template, send.message, name, names) for name in send.channels]
    uses = tuple(sorted(spoken & names.keys()))
    return Pack(send.message, send.to, tuple(texts), uses)


def _text(
    setting: Setting,
    template: MessageTemplate,
    message: str,
    name: str,
    names: Mapping[str, object],
) -> Text:
    channel = load_channels(setting.workspace).get(name)
    body = _form(template, channel.block_for(name, template.blocks), names)
    heading = channel.heading_for(template.blocks) if channel.heading else ""
    preheader = channel.preheader_for(template.blocks)
    words = Words(
        heading=_form(template, heading, names) if heading else "",
        body=plain_spaces(body) if channel.sms else body,  # one no-break space halves an SMS
        preheader=_form(template, preheader, names) if preheader else "",
        title=_form(template, "headline", names) if channel.layout and not heading else "",
    )
    shop = str(names.get("shop_name", ""))
    return finished(setting, message, (name, template.locale), words, shop_name=shop)


def finished(
    setting: Setting, message: str, cell: tuple[str, str], words: Words, *, shop_name: str
) -> Text:
    """A text as it goes out: stamped in a drill, measured, wrapped in its page."""
    name, locale = cell
    channels = load_channels(setting.workspace)
    channel = channels.get(name)
    stamp = channels.stamp(locale) if setting.drill else ""
    mark = f"[{stamp}]{' ' if channel.form == 'short' else chr(10) * 2}" if stamp else ""
    return Text(
        message=message,
        channel=name,
        locale=locale,
        heading=f"[{stamp}] {words.heading}" if stamp and words.heading else words.heading,
        body=mark + words.body,
        html=_html(setting, channel, locale, words, stamp, shop_name),
        format=channel.format,
        measures=measured(channel, Parts(words.body, words.heading, words.preheader)),
        preheader=words.preheader,
        mark=mark,
        title=words.title,
        recipients=setting.recipients.get(name, ""),
    )


def _form(template: MessageTemplate, block: str, names: Mapping[str, object]) -> str:
    if block not in template.blocks:
        raise BadTemplate(f'there is no block "{block}"', template.path, hint="add it")
    text = tidied(block, template.render(block, names))
    if not text:
        raise BadTemplate(f'the block "{block}" says nothing', template.path, code=1)
    return text


def tidied(block: str, text: str) -> str:
    """A rendered block without the white space that its tags leave behind."""
    if block in ONE_LINE:
        return re.sub(r"[ \t\r\n]+", " ", text).strip()
    lines = "\n".join(line.rstrip(" \t") for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def _html(
    setting: Setting, channel: Channel, locale: str, words: Words, stamp: str, shop_name: str
) -> str:
    if not channel.layout:
        return ""
    from crisisctl.messages.layouts import Page, render_page

    page = Page(
        locale=locale,
        heading=words.heading or words.title,
        text=words.body,
        shop_name=shop_name,
        drill_stamp=stamp,
        preheader=words.preheader,
        urgent=setting.urgent,
    )
    return render_page(setting.workspace, channel.layout, page)
