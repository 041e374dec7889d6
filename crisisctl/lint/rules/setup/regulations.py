"""The laws' clocks in `playbooks/regulations/`: whether they can be counted, and trusted."""

from __future__ import annotations

from collections.abc import Iterator

from crisisctl.deadlines.holidays import are_known
from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import described, rule
from crisisctl.lint.rules.upkeep import EAST, day_of
from crisisctl.lint.subject import RegulationFile
from crisisctl.text import quoted

described(
    "clock-length",
    "setup",
    """How long a clock runs cannot be counted, or in more than one way.

    It is at least an hour or a day, or 0 hours for "at once", and at most two
    years. `hours`, `days`, `business_days` and `months` exclude each other; with two of
    them, one would count and the other be passed over. Working days need the
    country whose holidays they skip, and nothing else skips them.
    `crisisctl clocks` refuses such a file.

    Bad:
        within: {hours: 72, business_days: 3}
    Good:
        within: {business_days: 3, holidays: BR}
    """,
)
described(
    "bad-country",
    "setup",
    """A country or part of one that is not written as its code.

    `crisisctl clocks --countries FR` looks for exactly that word. Where another
    stands, people are told that there is no regulation for the country.

    Bad:
        countries: [France, us-ca]
    Good:
        countries: [FR, US-CA]
    """,
)
described(
    "two-starts",
    "setup",
    """A clock names two things that start it.

    `after` begins with the notice of another clock, `starts` with a moment of
    the breach. Nobody can tell which of them counts, so `crisisctl clocks` refuses
    the file.

    Bad:
        final: {to: authority, who: CSIRT, starts: aware, after: notification}
    Good:
        final: {to: authority, who: CSIRT, after: notification}
    """,
)
described(
    "unknown-clock",
    "setup",
    """A clock runs after the notice of a clock that the file does not have.

    It would never begin, and nobody would hear of its end.

    Bad:
        complement: {to: authority, who: CNIL, after: autority}
    Good:
        complement: {to: authority, who: CNIL, after: authority}
    """,
)
described(
    "clock-loop",
    "setup",
    """Clocks wait for each other's notices in a circle.

    None of them would ever begin.

    Bad:
        early: {to: authority, who: CSIRT, after: final}
        final: {to: authority, who: CSIRT, after: early}
    Good:
        early: {to: authority, who: CSIRT}
        final: {to: authority, who: CSIRT, after: early}
    """,
)


@rule("unknown-holidays", RegulationFile)
def unknown_holidays(file: RegulationFile) -> Iterator[Hit]:
    """Working days are counted by the holidays of a place whose holidays are not known.

    `crisisctl clocks` stops there, on the night. Countries and their parts are
    written as in ISO 3166.

    Bad:
        within: {business_days: 3, holidays: XX}
    Good:
        within: {business_days: 3, holidays: BR}
    """
    for name, clock in file.regulation.clocks.items() if file.regulation else ():
        where = clock.within.holidays
        if where and not are_known(where):
            what = f"the holidays of {quoted(where)} are not known"
            country, _, part = where.partition("-")
            whole = part and are_known(country)
            hint = f"those of {country} are" if whole else "write a code of ISO 3166, such as US"
            yield file.file.at(("clocks", name, "within", "holidays"), what, hint)


@rule("no-source", RegulationFile)
def no_source(file: RegulationFile) -> Iterator[Hit]:
    """The regulation does not say where it was read.

    Whoever must decide by it at night, or correct it in a year, cannot look it
    up.

    Bad:
        source: []
    Good:
        source: ["cnil.fr/notifier-une-violation"]
    """
    if file.regulation and not any(each.strip() for each in file.regulation.source):
        what = "nothing says where this was read"
        yield file.file.at(("source",), what, "name the law's text, or who told you")


@rule("duplicate-country", RegulationFile, severity="warning")
def duplicate_country(file: RegulationFile) -> Iterator[Hit]:
    """A country stands twice in the list.

    Mostly it hides the one that was meant, and people who live there are told
    that no regulation is on file.

    Bad:
        countries: [IS, LI, IS]
    Good:
        countries: [IS, LI, "NO"]
    """
    seen: set[str] = set()
    for number, country in enumerate(file.regulation.countries if file.regulation else ()):
        if country in seen:
            what = f"{quoted(country)} stands in the list twice"
            hint = "remove one, or write what was meant"
            yield file.file.at(("countries", number), what, hint)
        seen.add(country)


@rule("stale-regulation", RegulationFile, severity="warning")
def stale_regulation(file: RegulationFile) -> Iterator[Hit]:
    """The law was read a long time ago, or on a day that is still to come.

    Laws change, and an authority moves its form. A clock that was right last
    year may have become shorter. `lint: {review_every: 90d}` in crisisctl.yaml
    sets another age than 180 days. A day still to come is mostly a slip in the
    year: until then nobody would be told that the file has become old.

    Bad:
        as_of: "2024-01-31"
    Good:
        as_of: "2026-11-21"
    """
    day = day_of(file.regulation.as_of) if file.regulation else None
    if day is None:
        return
    if day - file.today > EAST:
        hint = "write the day on which somebody last read the law"
        yield file.file.at(("as_of",), f"{day} is still to come", hint)
    elif file.today - day > file.review_every:
        age, allowed = (file.today - day).days, file.review_every.days
        what = f"the law was last read {age} days ago: {allowed} are allowed"
        hint = f'read it again at its source, then write "{file.today}"'
        yield file.file.at(("as_of",), what, hint)


@rule("unverified-regulation", RegulationFile, severity="warning")
def unverified_regulation(file: RegulationFile) -> Iterator[Hit]:
    """Nobody has checked this regulation at its source, or not all of it.

    A clock that is wrong costs a fine, or a night's work for a notice that
    nobody asked for. Only a team's own files are told of: the shipped ones say
    openly how sure we are, and `crisisctl clocks` marks those that are not
    verified. Whoever accepts that writes `# crisisctl: ignore[unverified-regulation]`
    on the line.

    Bad:
        confidence: partly
    Good:
        confidence: verified
    """
    if file.regulation and not file.shipped and file.regulation.confidence != "verified":
        what = "not all of this was checked at its source"
        if file.regulation.confidence == "known":
            what = "nobody has checked this at its source"
        hint = "have a lawyer check it, then write `confidence: verified`"
        yield file.file.at(("confidence",), what, hint)
