"""What the report rests on: the facts and their history, the exact texts, the fingerprints."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from crisisctl.incident.said import DraftedText
from crisisctl.report.blocks import Block, Entry, Exact, Heading, Items, Table, Text
from crisisctl.report.post_mortem import PostMortem
from crisisctl.report.timeline import value_in_words
from crisisctl.report.words import Words


def facts(report: PostMortem, say: Words) -> Iterator[Block]:
    """What was known in the end, and what of it was believed otherwise before."""
    if report.facts:
        heads = tuple(say(f"facts.{name}") for name in ("fact", "value", "status", "at", "source"))
        rows = [
            (
                line.name,
                line.words,
                say(f"fact.{line.known.status}"),
                say.moment(line.known.at, report.zone),
                _source(line.known.source, line.known.by, say),
            )
            for line in report.facts
        ]
        yield Table(heads, tuple(rows))
    changed = {name: found for name, found in report.versions.items() if len(found) > 1}
    if not changed:
        return
    yield Heading(say("facts.history"))
    rows = []
    for name, found in changed.items():
        spec = report.incident.spec(name)
        for version in found:
            value = version.value
            words = say("dash") if value is None else value_in_words(spec, value, report.zone, say)
            rows.append(
                (
                    name,
                    words,
                    say(f"fact.{version.status}"),
                    say.moment(version.at, report.zone),
                    _source(version.source, version.by, say),
                )
            )
    heads = tuple(say(f"facts.{name}") for name in ("fact", "value", "status", "at", "source"))
    yield Table(heads, tuple(rows))


def _source(source: str, by: str, say: Words) -> str:
    return say("facts.source-by", source=source, by=by) if source else by


def texts(report: PostMortem, say: Words) -> Iterator[Block]:
    """Every text that went out, to the last character; what channels share stands once."""
    for told in report.sent:
        same: dict[tuple[str, str, str], list[DraftedText]] = {}
        for text in told.texts:
            same.setdefault((text.locale, text.heading, text.body), []).append(text)
        if not same:
            continue
        yield Heading(f"{told.sent.event.message}, {say.moment(told.sent.at, report.zone)}")
        for (locale, heading, body), found in same.items():
            channels = say.listed(dict.fromkeys(text.channel for text in found))
            title = say("texts.title", channels=channels, locale=locale)
            whole = f"{heading}\n\n{body}" if heading else body
            yield Exact(title, whole, locale, say("texts.edited") if found[0].edited else "")


def evidence(report: PostMortem, say: Words) -> Iterator[Block]:
    """Fingerprints, by which it can be checked that nothing was changed afterwards."""
    incident = report.incident
    found = [Entry(report.head, say("evidence.head"))]
    found += [
        Entry(hashlib.sha256(source.encode()).hexdigest(), say("evidence.playbook", name=name))
        for name, source in incident.sources.items()
    ]
    for made in incident.plans_made:
        label = say("evidence.list", plan=str(made.event.plan), file=made.event.file)
        found.append(Entry(made.event.result, label))
    yield Text(say("evidence.what"), "quiet")
    yield Items(tuple(found))
    rows = tuple(
        (told.sent.event.message, f"{text.channel}.{text.locale}", text.sha256)
        for told in report.sent
        for text in told.sent.event.texts
    )
    if rows:
        heads = (say("message.message"), say("message.channels"), say("evidence.sha"))
        yield Table(heads, rows)
    ran = tuple(
        (each.command, str(each.exit_code), hashlib.sha256(each.output.encode()).hexdigest())
        for each in incident.commands
    )
    if ran:
        heads = (say("evidence.command"), say("evidence.code"), say("evidence.output"))
        yield Table(heads, ran)
