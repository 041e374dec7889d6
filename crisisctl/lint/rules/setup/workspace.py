"""The team's own settings: `crisisctl.yaml`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from crisisctl.errors import CrisisError
from crisisctl.lint.asked import facts_that_ask, never_named
from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import RULES, rule
from crisisctl.lint.rules.references.beyond import AUDIENCES
from crisisctl.lint.subject import Book, SettingsFile
from crisisctl.messages.formats import LOCALES, known_currency
from crisisctl.playbook import values
from crisisctl.playbook.values import parse_duration
from crisisctl.text import did_you_mean, listed, quoted, zone_of

_ANY_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def _section(file: SettingsFile, name: str) -> Mapping[str, object]:
    found = file.settings.get(name)
    return found if isinstance(found, dict) else {}


def _words(rows: object) -> Iterator[tuple[int, str]]:
    """The texts of a list, each with its place."""
    for number, word in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(word, str):
            yield number, word


def _meant(word: str, known: Iterable[str], otherwise: str) -> str:
    guess = did_you_mean(word, known)
    return f'did you mean "{guess}"?' if guess else otherwise


@rule("bad-locale", SettingsFile)
def bad_locale(file: SettingsFile) -> Iterator[Hit]:
    """The workspace promises a language that crisisctl cannot write in.

    Every incident would stop at its first message: moments and numbers cannot
    be written in that language.

    Bad:
        locales: [en, eng]
    Good:
        locales: [en, fr]
    """
    seen: set[str] = set()
    for number, locale in _words(file.settings.get("locales")):
        at = ("locales", number)
        if locale not in LOCALES:
            hint = _meant(locale, LOCALES, f"it can be {listed(LOCALES, 'or')}")
            yield file.file.at(at, f"crisisctl cannot write in {quoted(locale)}", hint)
        elif locale in seen:
            yield file.file.at(at, f'"{locale}" stands in the list twice', "remove one of them")
        seen.add(locale)


@rule("uncovered-locale", Book)
def uncovered_locale(book: Book) -> Iterator[Hit]:
    """The workspace promises a language that this playbook does not offer.

    The fact that is answered by `locales` in crisisctl.yaml must have each of
    them among its choices. Else `crisisctl start` refuses to begin.

    Bad:
        # crisisctl.yaml: locales: [en, fr]
        locales: {type: choices, workspace: locales, choices: {en: English}}
    Good:
        locales: {type: choices, workspace: locales, choices: {en: English, fr: Français}}
    """
    promised = [word for _, word in _words(book.workspace.get("locales")) if word in LOCALES]
    for name, fact in book.plan.facts.items():
        if fact.workspace == "locales" and fact.choices:
            missing = [locale for locale in dict.fromkeys(promised) if locale not in fact.choices]
            if missing:
                what = f"crisisctl.yaml promises {listed(missing)}, which is no choice here"
                hint = f"add {listed(f'`{locale}:`' for locale in missing)} to the choices"
                yield book.at(("facts", name, "choices"), what, hint, key=True)


@rule("bad-time-zone", SettingsFile)
def bad_time_zone(file: SettingsFile) -> Iterator[Hit]:
    """The time zone of the workspace does not exist.

    No incident can be declared: nobody knows in which zone to read and show
    its times.

    Bad:
        time_zone: Paris
    Good:
        time_zone: Europe/Paris
    """
    zone = file.settings.get("time_zone")
    if not isinstance(zone, str):
        return
    try:
        zone_of(zone)
    except CrisisError as error:
        yield file.file.at(("time_zone",), error.message, error.hint)


@rule("bad-currency", SettingsFile)
def bad_currency(file: SettingsFile) -> Iterator[Hit]:
    """The currency of the workspace does not exist.

    Refunds and vouchers are written in it. ISO 4217 has three capital letters
    for each.

    Bad:
        currency: Euro
    Good:
        currency: EUR
    """
    code = file.settings.get("currency")
    if isinstance(code, str) and not known_currency(code):
        signs = {"€": "EUR", "£": "GBP", "₺": "TRY", "TL": "TRY", "₽": "RUB", "EURO": "EUR"}
        meant = signs.get(code.strip().upper(), code.strip().upper())
        known = known_currency(meant)
        hint = f'did you mean "{meant}"?' if known else "three capital letters, such as EUR"
        yield file.file.at(("currency",), f"{quoted(code)} is not a currency", hint)


@rule("unused-setting", SettingsFile, severity="warning")
def unused_setting(file: SettingsFile) -> Iterator[Hit]:
    """A setting that no playbook asks for.

    Mostly a slip: the real one is left out, and the operator is asked for it
    in the middle of the night.

    Bad:
        brand: {name: Kestrel, suport_email: help@kestrel.shop}
    Good:
        brand: {name: Kestrel, support_email: help@kestrel.shop}
    """
    asked = {path.removeprefix("brand.") for path in file.asked if path.startswith("brand.")}
    for key in _section(file, "brand"):
        if key not in asked:
            hint = _meant(key, asked, f"playbooks ask for {listed(sorted(asked))}")
            yield file.file.at(
                ("brand", key), f"no playbook asks for {quoted(key)}", hint, key=True
            )
    for section, kind, usual in (("roles", "role", ()), ("audiences", "audience", AUDIENCES)):
        named = [name for name in _section(file, section) if name not in usual]
        for name in sorted(never_named(file.workspace, named)):
            what = f"no playbook has the {kind} {quoted(name)}"
            hint = "compare it with the playbooks, or remove it"
            yield file.file.at((section, name), what, hint, key=True)


@rule("refused-setting", SettingsFile)
def refused_setting(file: SettingsFile) -> Iterator[Hit]:
    """A setting answers a question with something that the question refuses.

    `crisisctl start` would stop there, at the moment when nobody has time to
    look for the right phone number.

    Bad:
        brand: {support_email: help at kestrel}
    Good:
        brand: {support_email: help@kestrel.shop}
    """
    given = {
        f"brand.{key}": value
        for key, value in _section(file, "brand").items()
        if value is not None and f"brand.{key}" in file.asked
    }
    for setting, fact in facts_that_ask(file.workspace, given).items():
        try:
            values.parse(fact, given[setting], now=_ANY_DAY, zone=UTC)
        except CrisisError as error:
            yield file.file.at(tuple(setting.split(".")), error.message, error.hint)


@rule("delivery-channel", SettingsFile)
def delivery_channel(file: SettingsFile) -> Iterator[Hit]:
    """Delivery is set for a channel that does not exist.

    Messages to the channel that was meant are written to files, and somebody
    waits for them to arrive.

    Bad:
        delivery: {e-mail: {via: smtp, url: "smtp://mail.kestrel.shop"}}
    Good:
        delivery: {email: {via: smtp, url: "smtp://mail.kestrel.shop"}}
    """
    channels = file.channels.channels if file.channels is not None else {}
    for name in _section(file, "delivery") if channels else ():
        if name not in channels:
            hint = _meant(name, channels, f"channels: {listed(channels)}")
            what = f"there is no channel {quoted(name)}"
            yield file.file.at(("delivery", name), what, hint, key=True)


@rule("bad-lint-setting", SettingsFile)
def bad_lint_setting(file: SettingsFile) -> Iterator[Hit]:
    """The linter is set in a way that cannot be.

    A rule that does not exist is never found, and never left out either.

    Bad:
        lint: {ignore: [no-ownr], review_every: half a year}
    Good:
        lint: {ignore: [no-owner], review_every: 180d}
    """
    lint = _section(file, "lint")
    known = [*RULES, *dict.fromkeys(rule.family for rule in RULES.values())]
    for key in ("select", "ignore"):
        for number, words in _words(lint.get(key)):
            for word in filter(None, (part.strip() for part in words.split(","))):
                if word not in known:
                    hint = _meant(word, known, "`crisisctl lint --rules` lists them")
                    what = f"there is no rule {quoted(word)}"
                    yield file.file.at(("lint", key, number), what, hint)
    every = lint.get("review_every")
    if isinstance(every, str):
        yield from _review_every(file, every)


def _review_every(file: SettingsFile, every: str) -> Iterator[Hit]:
    at = ("lint", "review_every")
    try:
        length = parse_duration(every)
    except CrisisError as error:
        yield file.file.at(at, error.message, error.hint or "write it as 180d")
        return
    if length < timedelta(days=1):
        yield file.file.at(at, "every playbook would always be too old", "write it as 180d")
