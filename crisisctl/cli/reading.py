"""Messages on the screen: how long each text is, the exact words, what they cost."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from crisisctl.cli.screen import Screen, Style
from crisisctl.messages.measure.sms import UCS_2
from crisisctl.messages.pack import Pack, Text
from crisisctl.messages.price import Price, price
from crisisctl.messages.review import Found, by_rule
from crisisctl.text import columns, safe


def matrix(
    screen: Screen,
    pack: Pack,
    approved: Collection[str] = (),
    sent: Collection[str] = (),
    flaws: Sequence[Found] = (),
) -> None:
    """Channel by locale: how long each text is, whether it fits, may go out (✓), or went out."""
    locales = list(dict.fromkeys(text.locale for text in pack.texts))
    channels = list(dict.fromkeys(text.channel for text in pack.texts))
    cells = {(text.channel, text.locale): _cell(text, approved, sent, flaws) for text in pack.texts}
    for part in _beside(locales, channels, cells, screen.width):
        rows = [[channel, *(cells.get((channel, loc), "") for loc in part)] for channel in channels]
        screen.table(rows, ["channel", *part])
        screen.line()
    if any(each.flaw.severity == "error" for each in flaws):
        screen.line("!1: one mistake in this text, told below", "dim")
        screen.line()
    for text in pack.texts:
        if text.overflow:
            screen.block(f"{text.channel}.{text.locale} is too long: {text.overflow}", "bad")
        if text.unseen:
            screen.block(f"{text.channel}.{text.locale} is seen in part: {text.unseen}", "warn")
    if any(text.overflow or text.unseen for text in pack.texts):
        screen.line()


def _beside(
    locales: Sequence[str],
    channels: Sequence[str],
    cells: Mapping[tuple[str, str], str],
    width: int,
) -> Iterator[list[str]]:
    """The languages, as many at a time as fit side by side."""
    first = max(map(columns, ("channel", *channels)))
    part: list[str] = []
    taken = first
    for locale in locales:
        own = 2 + max(columns(cells.get((channel, locale), locale)) for channel in channels)
        if part and taken + own > width:
            yield part
            part, taken = [], first
        part.append(locale)
        taken += own
    yield part


def _cell(
    text: Text, approved: Collection[str], sent: Collection[str], flaws: Sequence[Found]
) -> str:
    found = text.main
    limit = f"/{found.limit}" if found.limit and found.limit < 5000 else ""
    verdict = " TOO LONG" if not text.fits else " seen in part" if text.unseen else ""
    marks = " sent" if text.sha256 in sent else " ✓" if text.sha256 in approved else ""
    marks += " edited" * text.edited
    errors = sum(each.text is text and each.flaw.severity == "error" for each in flaws)
    marks += f" !{errors}" if errors else ""
    return f"{found.length}{limit}{verdict}{marks}"


def text(screen: Screen, shown: Text) -> None:
    """One exact text, without borders, to be copied."""
    screen.line(f"{shown.channel} · {shown.locale}", "title")
    for row in filter(None, (shown.heading, shown.preheader)):
        screen.line(row, "bold" if row == shown.heading else "dim")
        screen.line()
    for row in safe(shown.body, lines=True).split("\n"):
        screen.line(row)  # not wrapped: a line break put in here would be copied along
    screen.line()
    measures(screen, shown)


def flaws(screen: Screen, found: Sequence[Found]) -> None:
    """What proofreading found, rule by rule, with the first place and a better wording."""
    for rule, rows in by_rule(found).items():
        first, more = rows[0], len(rows) - 1
        style: Style = "bad" if first.flaw.severity == "error" else "warn"
        others = f" (and {more} more)" if more else ""
        screen.block(f"{first.where}: {first.flaw.text} [{rule}]{others}", style)
        if first.flaw.hint:
            screen.block(first.flaw.hint, "dim", "    ")
    if found:
        screen.line()


def to_read(screen: Screen, shown: Text) -> None:
    """One text wrapped, to be read before it is approved."""
    screen.line(f"{shown.channel} · {shown.locale}", "title")
    for row in filter(None, (shown.heading, shown.preheader)):
        screen.block(row, "bold" if row == shown.heading else "dim")
        screen.line()
    screen.block(shown.body)
    screen.line()
    measures(screen, shown)


def measures(screen: Screen, shown: Text) -> None:
    """What is too long in a text, and what it costs as an SMS."""
    if shown.overflow:
        screen.block(f"Too long: {shown.overflow}", "bad")
    if shown.unseen:
        screen.block(f"Seen in part: {shown.unseen}", "warn")
    found = price(shown)
    if found is not None:
        sms(screen, found)
    if shown.overflow or shown.unseen or found:
        screen.line()


def sms(screen: Screen, found: Price) -> None:
    """The parts of an SMS, what makes them many, and a cheaper spelling for a person to judge."""
    parts, counted = "part" if found.counted.segments == 1 else "parts", found.counted
    units = "UTF-16 units" if counted.encoding == UCS_2 else "septets"
    told = f"{counted.segments} {parts}: {counted.units} {units} in {counted.encoding}"
    screen.block(told, "dim")
    if found.culprits:
        screen.block(f"{found.culprits}.", "warn")
    if found.offer is None:
        return
    less = "1 part" if found.respelt == 1 else f"{found.respelt} parts"
    changes = ", ".join(f"{old} → {new}" for old, new in found.offer.changes)
    screen.block(f"Spelt so it takes {less} ({safe(changes)}):", "dim")
    screen.block(found.offer.text, indent="  ")
    warning = "Read it aloud first: without its marks a word may mean another."
    screen.block(f"{warning} To send it, write it so in the template.", "dim")
