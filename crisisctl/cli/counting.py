"""What `clocks` does: when each notice of a breach is due, from when you were aware of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import cast

import typer

from crisisctl.cli.desk import Desk, desk, local_zone
from crisisctl.cli.printing import print_json
from crisisctl.cli.screen import Style
from crisisctl.deadlines.clocks import Moments, Running, applying, completed, running, without
from crisisctl.deadlines.regulations import load_regulations
from crisisctl.errors import CrisisError
from crisisctl.playbook.model import Start
from crisisctl.playbook.regulation import COUNTRY, Regulation
from crisisctl.playbook.times import parse_time
from crisisctl.report.clocks import ADVICE, UNVERIFIED, no_regulation
from crisisctl.report.data import Json
from crisisctl.text import ago, did_you_mean, in_words, listed, moment, quoted, zone_of

_MEANT = {"UK": "GB", "EL": "GR"}
"""What people and the EU write, and ISO 3166 does not know."""
_WORDS: dict[Start, str] = {
    "aware": "you are reasonably certain",
    "detected": "the first sign is seen",
    "occurred": "it happens",
    "suspected": "there is reason to suspect it",
    "material": "it is found material",
}


def clocks(countries: str, given: Mapping[str, str | None], also: str, *, json: bool) -> None:
    """Every clock of the countries, the most urgent first."""
    at = desk()
    zone = zone_of(local_zone(at.environment, at.workspace.get("time_zone")))
    moments = _moments(at, given, zone)
    wanted = _countries(countries)
    every = load_regulations(at.workspace)
    held = [*applying(every, wanted), *_named(every, also)]
    unknown = without(every, wanted)
    found = running(held, moments, zone)
    if json:
        print_json(at, _as_json(at, found, unknown, zone))
    else:
        _show(at, found, unknown, zone)
    if unknown:
        raise typer.Exit(1)


def _countries(typed: str) -> list[str]:
    found = [word.strip().upper() for word in typed.split(",") if word.strip()]
    found = [_MEANT.get(word, word) for word in found]
    for word in found:
        if not COUNTRY.fullmatch(word):
            hint = "ISO codes of two letters, with a state where it has its own law: FR,TR,US-CA"
            raise CrisisError(f"{quoted(word)} is not the code of a country", hint=hint)
    if not found:
        raise CrisisError("no country is named", hint="--countries FR,TR,US-CA")
    return list(dict.fromkeys(found))


def _named(every: Sequence[Regulation], typed: str) -> list[Regulation]:
    """The rules that hold by what a shop is, as they were named."""
    by_name = {each.regulation: each for each in every if not each.countries}
    found = []
    for word in dict.fromkeys(part.strip().lower() for part in typed.split(",") if part.strip()):
        if word not in by_name:
            guess = did_you_mean(word, by_name)
            hint = f'did you mean "{guess}"?' if guess else f"there is {listed(by_name)}"
            raise CrisisError(f"there are no rules called {quoted(word)}", hint=hint)
        found.append(by_name[word])
    return found


def _moments(at: Desk, given: Mapping[str, str | None], zone: tzinfo) -> Moments:
    now = at.now()
    found = {
        cast("Start", name): parse_time(text, now=now, zone=zone)
        for name, text in given.items()
        if text is not None
    }
    if not found:
        raise CrisisError("no moment is given", hint="--aware 2026-10-24T12:00+02:00, or -3h")
    found = completed(found)
    for name, when in found.items():
        if when > now:
            raise CrisisError(f"--{name} is still to come: {moment(when, zone)}")
    occurred = found.get("occurred")
    for name, when in found.items():
        if occurred is not None and when < occurred:
            what = f"--{name} lies before --occurred"
            raise CrisisError(what, hint="nobody knows of it before it happens")
    return found


def _show(at: Desk, found: Sequence[Running], unknown: Sequence[str], zone: tzinfo) -> None:
    screen, now = at.out, at.now()
    screen.block(ADVICE, "dim")
    screen.line()
    for each in found:
        style = due_style(each, now)
        screen.block(f"{each.regulation.title}: {each.clock.who}", "bold")
        screen.block(due_words(each, now, zone), style, "  ")
        if each.clock.when:
            screen.block(f"condition: {each.clock.when}", indent="  ")
        if each.regulation.applies:
            screen.block(f"applies to: {each.regulation.applies}", indent="  ")
        if each.clock.phased:
            screen.block("what is not known yet may follow", "dim", "  ")
        if each.regulation.confidence != "verified":
            what = UNVERIFIED[each.regulation.confidence]
            screen.block(f"! {what}: have it checked", "warn", "  ")
    screen.line()
    for country in unknown:
        screen.block(no_regulation(country), "bad")
    screen.block(
        "A clock that begins with the first sign counts from --aware unless --detected is given.",
        "dim",
    )
    read = sorted({each.regulation.as_of for each in found})
    if read:
        screen.block(f"Read on {listed(read)}. The content of each notice: --json", "dim")


def due_words(each: Running, now: datetime, zone: tzinfo) -> str:
    """When a clock ends, or how long it has been running."""
    if each.since is None:
        after = each.clock.after
        if after:
            return f"begins once {each.regulation.regulation}.{after} is told"
        return f"begins when {_WORDS[each.clock.starts]}"
    if each.due is None:
        return f"without undue delay: {in_words(now - each.since)} since it began"
    when = moment(each.due, zone)
    if each.due < now:
        late = f"; a late notice says why: {each.clock.late}" if each.clock.late else ""
        return f"OVERDUE by {in_words(now - each.due)}, was due {when}{late}"
    return f"due {when}, {ago(now - each.due)}"


def due_style(each: Running, now: datetime) -> Style:
    """Its colour."""
    if each.since is None:
        return "dim"
    return "bad" if each.due is not None and each.due < now else "warn"


def _as_json(at: Desk, found: Sequence[Running], unknown: Sequence[str], zone: tzinfo) -> Json:
    return {
        "advice": ADVICE,
        "clocks": [
            {
                "id": each.id,
                "regulation": each.regulation.title,
                "to": each.clock.to,
                "who": each.clock.who,
                "starts": each.clock.after or each.clock.starts,
                "since": _iso(each.since, zone),
                "due": _iso(each.due, zone),
                "overdue": each.due is not None and each.due < at.now(),
                "when": each.clock.when or None,
                "content": list(each.clock.content),
                "phased": each.clock.phased,
                "late": each.clock.late or None,
                "basis": each.regulation.basis,
                "exempt": each.regulation.exempt or None,
                "delay": each.regulation.delay or None,
                "applies": each.regulation.applies or None,
                "note": each.regulation.note or None,
                "as_of": each.regulation.as_of,
                "source": list(each.regulation.source),
                "confidence": each.regulation.confidence,
            }
            for each in found
        ],
        "unknown": list(unknown),
    }


def _iso(when: datetime | None, zone: tzinfo) -> str | None:
    return when.astimezone(zone).isoformat(timespec="seconds") if when is not None else None
