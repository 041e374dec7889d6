"""How channels are delivered, in `crisisctl.yaml`."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import SettingsFile
from crisisctl.messages.delivery.targets import Mistake, Target, mistakes
from crisisctl.messages.proof.secrets import secrets
from crisisctl.playbook.document import Path


@rule("delivery-target", SettingsFile)
def delivery_target(file: SettingsFile) -> Iterator[Hit]:
    """A way to deliver that lacks something, or holds what it has no use for.

    It is found out at the first message, when everybody waits for it. Each
    kind has its own keys: a mail server needs `url` and `from`, a webhook `url`
    and `secret`, Statuspage `page` and `token`.

    Bad:
        delivery: {email: {via: smtp, url: "smtp://mail.kestrel.shop"}}
    Good:
        delivery: {email: {via: smtp, url: "smtp://mail.kestrel.shop", from: help@kestrel.shop}}
    """
    for place, written in _rungs(file):
        if written is None:
            hint = "name a way to deliver, or remove the channel"
            yield file.file.at(place, "the list is empty", hint, key=True)
            continue
        try:
            target = msgspec.convert(written, Target, strict=True)
        except msgspec.ValidationError:  # what is wrong with its form is said already
            continue
        for wrong in mistakes(target):
            if not _said_elsewhere(wrong, target):
                path = (*place, wrong.key) if wrong.key else place
                yield file.file.at(path, wrong.text, wrong.hint, key=not wrong.key)


def _rungs(file: SettingsFile) -> Iterator[tuple[Path, object]]:
    """Every target with its place; None for a ladder without a rung."""
    found = file.settings.get("delivery")
    for channel, written in found.items() if isinstance(found, dict) else ():
        if isinstance(written, list):
            for number, one in enumerate(written):
                yield ("delivery", channel, number), one
            if not written:
                yield ("delivery", channel), None
        elif isinstance(written, dict):
            yield ("delivery", channel), written


def _said_elsewhere(wrong: Mistake, target: Target) -> bool:
    """Whether the rule `secret` finds it too."""
    return wrong.rule == "secret" and (wrong.key != "url" or bool(secrets(target.url)))
