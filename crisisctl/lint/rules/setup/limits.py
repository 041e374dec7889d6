"""How long a text may be: the limits in `templates/channels.yaml`."""

from __future__ import annotations

from collections.abc import Iterator

from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.rules.setup.channels import channels_of
from crisisctl.lint.subject import ChannelsFile
from crisisctl.messages.channels import Channel
from crisisctl.messages.measure import UNITS
from crisisctl.playbook.document import Path
from crisisctl.text import did_you_mean, listed, quoted


@rule("unknown-unit", ChannelsFile)
def unknown_unit(file: ChannelsFile) -> Iterator[Hit]:
    """A limit counts in a unit that does not exist.

    Nothing can be measured for this channel, so nothing can be sent there.

    Bad:
        sms: {title: SMS, form: short, limit: 6, unit: parts}
    Good:
        sms: {title: SMS, form: short, limit: 6, unit: segments}
    """
    for name, channel in channels_of(file):
        for key, unit in _units(channel):
            if unit not in UNITS:
                guess = did_you_mean(unit, UNITS)
                hint = f'did you mean "{guess}"?' if guess else f"it can be {listed(UNITS, 'or')}"
                what = f"{quoted(unit)} is not a unit of length"
                yield file.file.at(("channels", name, *key), what, hint)


def _units(channel: Channel) -> Iterator[tuple[Path, str]]:
    yield ("unit",), channel.unit
    yield ("heading_unit",), channel.heading_unit
    for number, also in enumerate(channel.also):
        yield ("also", number, "unit"), also.unit


@rule("channel-limits", ChannelsFile)
def channel_limits(file: ChannelsFile) -> Iterator[Hit]:
    """A limit of a channel can never be kept, or means nothing.

    Each text is held against every limit of its channel before it is sent. A
    limit below zero refuses every text; one of a headline that is never sent
    protects nobody.

    Bad:
        push: {title: Push, form: short, heading_limit: 50, limit: -1}
    Good:
        push: {title: Push, form: short, heading: true, heading_limit: 50, limit: 150}
    """
    for name, channel in channels_of(file):
        at = ("channels", name)
        yield from _never_kept(file, at, channel)
        yield from _without_heading(file, at, channel)
        yield from _without_limit(file, at, channel)
        yield from _without_preheader(file, at, channel)


_LIMITS = ("limit", "shown", "heading_limit", "heading_shown", "preheader_shown")
_OF_HEADING = ("heading_block", "heading_limit", "heading_unit", "heading_shown")


def _never_kept(file: ChannelsFile, at: Path, channel: Channel) -> Iterator[Hit]:
    for key in _LIMITS:
        limit = getattr(channel, key)
        if limit < 0:
            what = f'"{key}" is {limit}: every text is too long'
            hint = "write how much the channel takes, or 0 for no limit"
            yield file.file.at((*at, key), what, hint)
    for number, also in enumerate(channel.also):
        if also.limit < 1:
            what = f'"limit" is {also.limit}: every text is too long'
            hint = "write how much the channel takes, or take the entry out"
            yield file.file.at((*at, "also", number, "limit"), what, hint)


def _without_heading(file: ChannelsFile, at: Path, channel: Channel) -> Iterator[Hit]:
    if channel.heading:
        return
    found: list[Path] = [(key,) for key in _OF_HEADING if getattr(channel, key)]
    found += [("also", n, "of") for n, also in enumerate(channel.also) if also.of == "heading"]
    for key in found:
        if (*at, *key) in file.file.document.keys:
            what = f'"{key[-1]}" means nothing: no headline goes to {quoted(at[1])}'
            yield file.file.at((*at, *key), what, "add `heading: true`", key=True)


def _without_limit(file: ChannelsFile, at: Path, channel: Channel) -> Iterator[Hit]:
    units = {"limit": ("unit", channel.unit)}
    if channel.heading:
        units["heading_limit"] = ("heading_unit", channel.heading_unit)
    for limit, (key, unit) in units.items():
        written = (*at, key) in file.file.document.keys
        if written and unit in UNITS and not getattr(channel, limit):
            what = f'"{key}" means nothing: {quoted(at[1])} has no "{limit}"'
            yield file.file.at((*at, key), what, f"add `{limit}:`", key=True)


def _without_preheader(file: ChannelsFile, at: Path, channel: Channel) -> Iterator[Hit]:
    if channel.preheader_block and not channel.layout:
        what = '"preheader_block" means nothing: only a layout can carry it'
        yield file.file.at((*at, "preheader_block"), what, "add `layout:`", key=True)
    if channel.preheader_block:
        return
    found: list[Path] = [("preheader_shown",)] if channel.preheader_shown else []
    found += [("also", n, "of") for n, also in enumerate(channel.also) if also.of == "preheader"]
    for key in found:
        what = f'"{key[-1]}" means nothing: {quoted(at[1])} has no preheader'
        hint = "add `preheader_block:` with the name of a block"
        yield file.file.at((*at, *key), what, hint, key=True)
