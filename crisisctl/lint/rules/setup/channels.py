"""Where messages go: `templates/channels.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.rules.setup.layouts import LAYOUT
from crisisctl.lint.subject import ChannelsFile
from crisisctl.messages.channels import Channel
from crisisctl.messages.formats import LOCALES
from crisisctl.text import did_you_mean, listed, quoted

_BLOCK = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CHANNEL = re.compile(r"[a-z][a-z0-9-]{0,59}")
_FORMS = ("headline", "short", "body")


def channels_of(file: ChannelsFile) -> Iterator[tuple[str, Channel]]:
    """The channels by name; none where the file cannot be understood."""
    yield from file.channels.channels.items() if file.channels is not None else ()


@rule("unknown-layout", ChannelsFile)
def unknown_layout(file: ChannelsFile) -> Iterator[Hit]:
    """A channel's layout does not exist.

    Nothing can be rendered for this channel: the walk stops at the first
    message that goes there.

    Bad:
        email: {title: E-mail, form: body, layout: email.html}
    Good:
        email: {title: E-mail, form: body, layout: email.html.j2}
    """
    for name, channel in channels_of(file):
        wanted = channel.layout
        if not wanted:
            continue
        usable = LAYOUT.fullmatch(wanted) is not None
        if not usable or file.workspace.find("templates", f"layouts/{wanted}") is None:
            guess = did_you_mean(wanted, _layouts(file))
            hint = f'did you mean "{guess}"?' if guess else "it stands in templates/layouts/"
            what = f"there is no layout {quoted(wanted)}"
            yield file.file.at(("channels", name, "layout"), what, hint)


def _layouts(file: ChannelsFile) -> list[str]:
    folders = file.workspace.folders("templates")
    return sorted({path.name for folder in folders for path in (folder / "layouts").glob("*.j2")})


@rule("page-without-layout", ChannelsFile)
def page_without_layout(file: ChannelsFile) -> Iterator[Hit]:
    """A channel publishes HTML and has no layout to make it.

    What would be published is an empty file.

    Bad:
        error-page: {title: Error page, form: body, format: html}
    Good:
        error-page: {title: Error page, form: body, format: html, layout: 503.html.j2}
    """
    for name, channel in channels_of(file):
        if channel.format == "html" and not channel.layout:
            hint = "add `layout:` with a file in templates/layouts/"
            what = f"nothing makes the page of {quoted(name)}"
            yield file.file.at(("channels", name, "format"), what, hint)


@rule("missing-drill-stamp", ChannelsFile)
def missing_drill_stamp(file: ChannelsFile) -> Iterator[Hit]:
    """A drill has no stamp in one of the languages.

    Each text of a drill is stamped in its own language. Without the words the
    drill stops; with an empty one, the text could be taken for the real thing.

    Bad:
        drill: {en: "DRILL, not a real message"}    # and customers read French, too
    Good:
        drill: {en: "DRILL, not a real message", fr: "EXERCICE, message fictif"}
    """
    if file.channels is None:
        return
    drill = file.channels.drill
    missing = [locale for locale in file.locales if locale in LOCALES and locale not in drill]
    if missing:
        what = f"there are no words that stamp a drill in {listed(missing)}"
        yield file.file.at(("drill",), what, f"add `{missing[0]}:` with the words", key=True)
    for locale, words in drill.items():
        if locale not in LOCALES:
            guess = did_you_mean(locale, LOCALES)
            hint = f'did you mean "{guess}"?' if guess else f"locales: {listed(LOCALES)}"
            what = f"crisisctl cannot write in {quoted(locale)}"
            yield file.file.at(("drill", locale), what, hint, key=True)
        elif not words.strip():
            what = f"the stamp of a drill in {locale} says nothing"
            yield file.file.at(("drill", locale), what, "write that it is a drill")


@rule("channel-names", ChannelsFile)
def channel_names(file: ChannelsFile) -> Iterator[Hit]:
    """A channel or block has a name that cannot be used.

    The channel's name is part of the names of files, and a block in a text may
    be called like it. So it is small letters, digits and hyphens, and not the
    name of a form; a block is letters, digits and "_".

    Bad:
        "E-Mail!": {title: E-mail, form: body, block: e-mail}
    Good:
        email: {title: E-mail, form: body, block: e_mail}
    """
    for name, channel in channels_of(file):
        at = ("channels", name)
        if not _CHANNEL.fullmatch(name):
            hint = 'small letters, digits and "-", beginning with a letter'
            what = f"{quoted(name)} cannot be the name of a channel"
            yield file.file.at(at, what, hint, key=True)
        elif name in _FORMS and name != channel.form:
            what = f'the channel "{name}" would take the form "{name}", not "{channel.form}"'
            yield file.file.at(at, what, "give the channel another name", key=True)
        for key in ("block", "heading_block", "preheader_block"):
            block = getattr(channel, key)
            if block and not _BLOCK.fullmatch(block):
                what = f"{quoted(block)} cannot be the name of a block"
                yield file.file.at((*at, key), what, 'letters, digits and "_"')
