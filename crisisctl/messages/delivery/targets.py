"""Where each channel's texts go: `delivery:` in crisisctl.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, NamedTuple
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from crisisctl.errors import CrisisError
from crisisctl.messages.delivery.address import mailbox
from crisisctl.messages.delivery.secret import names_in
from crisisctl.messages.formats import LOCALES
from crisisctl.messages.proof.secrets import HINT, is_secret, secrets
from crisisctl.playbook.form import Id, Length, Model
from crisisctl.playbook.reader import Document, Path, Problem
from crisisctl.playbook.values import parse_duration
from crisisctl.text import did_you_mean, listed, quoted
from crisisctl.workspace import FILE, Workspace

Via = Literal["smtp", "webhook", "statuspage", "apprise", "files", "phone"]
Condition = Literal[
    "operational", "degraded_performance", "partial_outage", "major_outage", "under_maintenance"
]
_Locale = Annotated[str, Meta(extra_json_schema={"enum": list(LOCALES)})]
LOOPBACK = ("localhost", "127.0.0.1", "[::1]", "::1")


class Target(Model, frozen=True, kw_only=True):
    """One way to deliver the texts of a channel; secrets come from the environment."""

    via: Via
    """What carries them."""
    url: str = ""
    """Where to: a mail server, an Apprise address, a webhook. `${NAME}` is read at sending."""
    from_: str = ""
    """For e-mail: the sender, such as `Kestrel <help@kestrel.example>`."""
    starttls: Literal["if-offered", "required"] = "if-offered"
    """For e-mail through `smtp://`: whether a connection without encryption is refused."""
    unsubscribe: str = ""
    """For e-mail that is no service mail: the address that List-Unsubscribe names."""
    page: str = ""
    """For Statuspage: the page's id."""
    token: str = ""
    """For Statuspage: the key to it, as `${NAME}`: the value itself stays in the environment."""
    components: dict[str, Condition] = {}
    """For Statuspage: the components that are hit, by id, and how badly until it is resolved."""
    notify: bool = True
    """For Statuspage: whether its subscribers are written to."""
    secret: str = ""
    """For a webhook: what signs the request, as `${NAME}`."""
    call: tuple[str, ...] = ()
    """For phone: whom to call, in this order, each with the number."""
    locales: tuple[_Locale, ...] = ()
    """The languages that go this way; left out, all of them."""
    timeout: Length = "20s"
    """How long to wait for the other side."""

    @property
    def seconds(self) -> float:
        """How long to wait for the other side."""
        return parse_duration(self.timeout).total_seconds()

    def takes(self, locale: str) -> bool:
        """Whether texts in this language go this way."""
        return not self.locales or locale in self.locales


Ladder = tuple[Target, ...]
"""The ways to deliver a channel's texts; each is tried where the one before it failed."""


class Deliveries(Model, frozen=True, kw_only=True):
    """The part of `crisisctl.yaml` that says how channels are delivered."""

    delivery: dict[Id, Target | tuple[Target, ...]] = {}
    """How each channel is delivered; a list is a ladder, tried from the top."""


class Mistake(NamedTuple):
    """What is wrong with a target, at which of its keys, by which rule."""

    key: str
    text: str
    hint: str
    rule: str = "delivery-target"


_COMMON = ("via", "locales", "timeout")
_NEEDED: dict[Via, tuple[str, ...]] = {
    "smtp": ("url", "from"),
    "webhook": ("url", "secret"),
    "statuspage": ("page", "token"),
    "apprise": ("url",),
    "files": (),
    "phone": (),
}
_POSSIBLE: dict[Via, tuple[str, ...]] = {
    "smtp": ("starttls", "unsubscribe"),
    "webhook": (),
    "statuspage": ("url", "components", "notify"),
    "apprise": (),
    "files": (),
    "phone": ("call",),
}
_SCHEMES: dict[Via, tuple[str, ...]] = {
    "smtp": ("smtp", "smtps"),
    "webhook": ("https", "http"),
    "statuspage": ("https", "http"),
}
_UNSUBSCRIBE = re.compile(r"(?:https://|mailto:)[!-;=?-~]+")
_PAGE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def ladders(workspace: Workspace) -> Mapping[str, Ladder]:
    """The ladder of each channel. Raises `BadFile` with all that is wrong in the file."""
    found = workspace.settings.get("delivery")
    if found is None or workspace.root is None:
        return {}
    from crisisctl.playbook.load import BadFile, validated
    from crisisctl.playbook.reader import read_file

    path = workspace.root / FILE
    document = read_file(path)
    read, problems = validated(Deliveries, {"delivery": found}, document)
    if read is not None:
        problems = tuple(_problems(read, document))
    if read is None or problems:
        raise BadFile(str(path), problems)
    return {channel: rungs(one) for channel, one in read.delivery.items()}


def rungs(written: Target | Ladder) -> Ladder:
    """A ladder, where one target alone is written for a ladder of one."""
    return (written,) if isinstance(written, Target) else written


def variables(ladder: Ladder) -> list[str]:
    """The environment variables that a ladder refers to."""
    texts = (text for rung in ladder for text in (rung.url, rung.token, rung.secret))
    return list(dict.fromkeys(name for text in texts for name in names_in(text)))


def mistakes(target: Target) -> Iterator[Mistake]:
    """What a target cannot do without, what means nothing to it, what must not stand there."""
    known = (*_COMMON, *_NEEDED[target.via], *_POSSIBLE[target.via])
    given = _given(target)
    for key in _NEEDED[target.via]:
        if key not in given:
            yield Mistake("", f"via {target.via} needs `{key}:`", f"add `{key}:`")
    for key in given:
        if key not in known:
            guess = did_you_mean(key, [name for name in known if name not in given])
            hint = f"did you mean `{guess}:`?" if guess else f"known keys: {listed(known)}"
            yield Mistake(key, f'"{key}" means nothing to via {target.via}', hint)
    if not list(_secrets(target)):
        yield from _address(target)
    yield from _secrets(target)
    yield from _rest(target)


def _given(target: Target) -> list[str]:
    fields = msgspec.structs.fields(target)
    return [f.encode_name for f in fields if getattr(target, f.name) != _unset(f)]


def _unset(field: msgspec.structs.FieldInfo) -> object:
    factory = field.default_factory
    return factory() if factory is not msgspec.NODEFAULT else field.default


def _address(target: Target) -> Iterator[Mistake]:
    schemes = _SCHEMES.get(target.via)
    if not schemes or not target.url or target.url.startswith("${"):
        return
    try:
        parts = urlsplit(target.url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        yield Mistake("url", "this is no address", f"begin it with {schemes[0]}://")
        return
    if parts.scheme not in schemes or not host:
        yield Mistake("url", "this is no address", f"begin it with {schemes[0]}://")
    elif target.via == "smtp" and parts.username and not parts.password:
        hint = "write it as smtp://user:${SMTP_PASSWORD}@mail.kestrel.example:587"
        yield Mistake("url", "it has a name and no password", hint)
    elif target.via != "smtp" and "@" in parts.netloc:
        yield Mistake("url", "no name or password goes into a web address", "take it out")
    elif parts.scheme == "http" and host not in LOOPBACK:
        yield Mistake("url", "http would show the text to anyone on the way", "write https://")


def _secrets(target: Target) -> Iterator[Mistake]:
    for key, value in (("token", target.token), ("secret", target.secret)):
        if value and not value.startswith("${"):
            yield Mistake(key, f'"{key}" is written out here', HINT, "secret")
    if target.url and (secrets(target.url) or _holds_password(target)):
        yield Mistake("url", "a password or key is written out here", HINT, "secret")


def _holds_password(target: Target) -> bool:
    before, at, _ = target.url.rpartition("@")
    if at and ":" in before.partition("://")[2] and "${" not in before:
        return True
    if target.via != "apprise" or "${" in target.url:
        return False
    _, _, rest = target.url.partition("://")
    return any(is_secret(part) for part in re.split(r"[/:@?&=]", rest)[1:])


def _rest(target: Target) -> Iterator[Mistake]:
    try:
        if target.from_:
            mailbox(target.from_)
    except CrisisError as error:
        yield Mistake("from", error.message, error.hint)
    for locale in target.locales:
        if locale not in LOCALES:
            hint = f"it can be {listed(LOCALES, 'or')}"
            yield Mistake("locales", f"crisisctl cannot write in {quoted(locale)}", hint)
    if target.page and not _PAGE.fullmatch(target.page):
        hint = "it stands in the address of its pages: letters and digits"
        yield Mistake("page", "this is no page id", hint)
    if target.unsubscribe and not _UNSUBSCRIBE.fullmatch(target.unsubscribe):
        yield Mistake("unsubscribe", "this is no address", "begin with https:// or mailto:")
    try:
        if not 0 < target.seconds <= 300:
            yield Mistake("timeout", "nobody waits that long", "from 1s to 5m")
    except CrisisError as error:
        yield Mistake("timeout", error.message, error.hint or "write it as 20s")


def _problems(read: Deliveries, document: Document) -> Iterator[Problem]:
    for channel, written in read.delivery.items():
        if not rungs(written):
            empty = Mistake("", "the list is empty", "name a way to deliver")
            yield _problem(document, ("delivery", channel), empty)
        for number, target in enumerate(rungs(written)):
            at = (channel,) if isinstance(written, Target) else (channel, number)
            for wrong in mistakes(target):
                yield _problem(document, ("delivery", *at), wrong)


def _problem(document: Document, at: Path, wrong: Mistake) -> Problem:
    path = (*at, wrong.key) if wrong.key else at
    mark = document.mark(path, key=not wrong.key)
    return Problem(
        line=mark.line,
        column=mark.column,
        text=wrong.text,
        hint=wrong.hint,
        rule=wrong.rule,
        path=path,
    )
