"""`report --public`: the report for customers, or why it must not be published yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from crisisctl.cli.desk import Desk, desk
from crisisctl.cli.drafts import locales as locales_of_message
from crisisctl.cli.printing import as_json, deliver
from crisisctl.cli.reading import flaws as show_flaws
from crisisctl.cli.telling import finding_json, sections
from crisisctl.errors import CrisisError
from crisisctl.incident.fold import Incident
from crisisctl.incident.store import entries
from crisisctl.playbook.model import Send
from crisisctl.report import public_page
from crisisctl.report.data import SCHEMA, Json
from crisisctl.report.guard import Leak
from crisisctl.report.public import FORMS, Asked, Form, Written, reports, written
from crisisctl.text import did_you_mean, listed
from crisisctl.workspace import locales_of

FORMATS = ("md", "html", "text", "json")
ALL = "all"


class Order(Struct, frozen=True):
    """What was typed."""

    form: str = FORMS[0]
    format: str = FORMATS[0]
    locales: Sequence[str] = ()
    playbook: str = ""
    output: Path | None = None
    restricted: bool = False


def publish(id: str | None, order: Order) -> None:
    """Write the report for customers; nothing at all where something is wrong with it."""
    form = next((form for form in FORMS if form == order.form), None)
    if form is None:
        raise _unknown("form", order.form, FORMS)
    if order.format not in FORMATS:
        raise _unknown("format", order.format, FORMATS)
    at = desk()
    journal, incident = at.open(id)
    _restricted(incident, asked_for=order.restricted)
    asked = Asked(at.workspace, incident, entries(journal, incident.id), at.now(), form)
    found = list(_written(at, asked, order))
    _refuse(at, incident, found)
    if order.format == "json":
        deliver(at, as_json(at, _data(incident, form, found, at)), order.output)
        return
    if len(found) > 1 and order.output is None and order.format == "html":
        hint = "-o report.html writes one file each; --locale and --playbook choose one"
        raise CrisisError(f"these are {len(found)} pages", hint=hint)
    for one in found:
        deliver(at, _formatted(at, incident, one, order.format), _file(order.output, one, found))
        if order.output is None and one is not found[-1]:
            at.out.stream.write("\n")


def _unknown(what: str, typed: str, known: Sequence[str]) -> CrisisError:
    guess = did_you_mean(typed, known)
    hint = f'did you mean "{guess}"? ' if guess else ""
    return CrisisError(f'there is no {what} "{typed}"', hint=f"{hint}{what}s: {listed(known)}")


def _restricted(incident: Incident, *, asked_for: bool) -> None:
    """One of the circle publishes what is restricted, and must say so: it is public then."""
    if incident.circle is not None and not asked_for:
        raise CrisisError(
            f"{incident.id} is restricted: its report is not for the public yet",
            hint="one of its circle writes it with --restricted",
        )


def _written(at: Desk, asked: Asked, order: Order) -> Iterator[Written]:
    sends, others = reports(asked.incident, now=asked.now)
    if order.playbook:
        if order.playbook not in asked.incident.plans:
            raise _unknown("playbook", order.playbook, list(asked.incident.plans))
        sends = {name: send for name, send in sends.items() if name == order.playbook}
    if not sends:
        hint = "a playbook names it by `public:`, or sends a message public-report"
        raise CrisisError(listed(others) or "there is no public report", hint=hint, code=1)
    for why in others:
        at.talk.block(f"{why}.", "dim")
    for playbook, send in sends.items():
        yield from written(asked, playbook, send, _locales(at, asked, playbook, send, order))


def _locales(at: Desk, asked: Asked, playbook: str, send: Send, order: Order) -> Sequence[str]:
    """Those asked for; else the first that the incident or the workspace has."""
    if ALL in order.locales:
        return locales_of(at.workspace, playbook, send.message)
    if order.locales:
        return list(dict.fromkeys(order.locales))
    known = list(locales_of_message(at, asked.incident, playbook, send))
    setting = at.workspace.get("locales")
    # an incident keeps its languages in the playbook's order: which is first, the workspace says
    first = [each for each in setting if each in known] if isinstance(setting, list) else []
    return (first or known)[:1]


# What is wrong


def _refuse(at: Desk, incident: Incident, found: Sequence[Written]) -> None:
    """Show all findings; end here if one of them must not be published."""
    leaked = [(one, leak) for one in found for leak in one.leaks]
    show = at.talk.block if at.talk.terminal else at.talk.line  # a script reads line by line
    for one, leak in leaked:
        show(_told(one, leak, incident), "bad")
    for one in found:
        show_flaws(at.talk, one.flaws)
    too_long = [one for one in found if not one.text.fits]
    for one in too_long:
        at.talk.block(f"{one.cell} is too long: {one.text.overflow}", "bad")
    wrong = any(flaw.flaw.severity == "error" for one in found for flaw in one.flaws)
    if leaked:
        hint = (
            "correct each of them; what is public anyway belongs under `brand:` in crisisctl.yaml"
        )
        raise CrisisError(_counted(len(leaked)), hint=hint, code=1)
    if wrong or too_long:
        name = found[0].text.message
        hint = f"read it with `crisisctl message show {name} -c {found[0].text.channel}`"
        raise CrisisError("the text has mistakes: nothing was written", hint=hint, code=1)


def _counted(number: int) -> str:
    things = "one thing" if number == 1 else f"{number} things"
    return f"{things} in it must not get out: nothing was written"


def _told(one: Written, leak: Leak, incident: Incident) -> str:
    part = "" if leak.part == "text" else f" ({leak.part})"
    if leak.fact and leak.fact != "?":
        how = f"crisisctl fact {leak.fact} VALUE --incident {incident.id}"
    else:
        how = f"its template {one.playbook}/{one.text.message}.{one.text.locale}.j2"
    return f"{one.cell}{part}:{leak.line}:{leak.column}: {leak.what}; correct: {how}"


# What is written


def _formatted(at: Desk, incident: Incident, one: Written, format: str) -> str:
    if format == "html":
        return public_page.as_html(one.text, at.workspace, incident)
    if format == "text":
        return public_page.as_text(one.text)
    return public_page.as_markdown(one.text)


def _file(output: Path | None, one: Written, found: Sequence[Written]) -> Path | None:
    """The file as named; with several reports, each has its playbook and language in its name."""
    if output is None or str(output) == "-" or len(found) == 1:
        return output
    several = len({each.playbook for each in found}) > 1
    more = f".{one.playbook}" if several else ""
    return output.with_name(f"{output.stem}{more}.{one.text.locale}{output.suffix}")


def _data(incident: Incident, form: Form, found: Sequence[Written], at: Desk) -> Json:
    """Only what may be published: an incident's own title is for those inside."""
    return {
        "schema": SCHEMA,
        "incident": incident.id,
        "drill": incident.drill,
        "form": form,
        "reports": [
            {
                "playbook": one.playbook,
                "message": one.text.message,
                "locale": one.text.locale,
                "heading": one.text.heading or None,
                "text": one.text.body,
                "sections": sections(public_page.as_markdown(one.text)) or None,
                "html": public_page.as_html(one.text, at.workspace, incident),
                "sha256": one.text.sha256,
                "findings": [finding_json(each) for each in one.flaws],
            }
            for one in found
        ],
    }
