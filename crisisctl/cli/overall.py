"""What `stats` does: the figures over all incidents, as tables, a picture or JSON."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from crisisctl.cli.desk import Desk, desk
from crisisctl.cli.printing import deliver, print_json
from crisisctl.cli.progress import Progress
from crisisctl.errors import CrisisError
from crisisctl.learning import as_data
from crisisctl.learning.figures import SPANS, Cost
from crisisctl.learning.gather import Gathered, gathered
from crisisctl.learning.kept import NAME, Kept
from crisisctl.learning.spread import Spread
from crisisctl.learning.stats import BY, DEFINITIONS, Actions, By, Group, Stats, Tally, Wanted
from crisisctl.learning.stats import stats as reckoned
from crisisctl.report.metrics import Definition
from crisisctl.text import in_words, listed, quoted

if TYPE_CHECKING:
    from crisisctl.cli.screen import Screen
    from crisisctl.journal import Journal

_MANY_MONTHS = 12
_FROM_TO = "From started; the time to acknowledge from detected to declared."


def stats(
    *,
    since: str,
    until: str,
    playbook: str,
    by: str,
    drill: bool,
    svg: Path | None,
    json: bool,
) -> None:
    """Count, and show; exit code 1 when an incident could not be read."""
    wanted = Wanted(_day(since), _day(until), playbook)
    if wanted.since and wanted.until and wanted.since > wanted.until:
        raise CrisisError("--since is after --until: no day is meant")
    grouping = _by(by)
    at = desk()
    found = gather(at, at.journal(drill=drill), drill=drill)
    now, every = at.now(), [past.figures for past in found.past]
    known = sorted({name for one in every for name in one.playbooks})
    if playbook and playbook not in known:
        hint = f"playbooks on record: {listed(known) or 'none yet'}"
        raise CrisisError(f"no incident followed the playbook {quoted(playbook)}", hint=hint)
    result = reckoned(every, wanted, grouping, now=now)
    if svg is not None:
        from crisisctl.learning.chart import chart

        deliver(at, chart(reckoned(every, wanted, "month", now=now).groups), svg)
    if svg is None or str(svg) != "-":
        if json:
            print_json(at, as_data.stats(result, wanted, found.unread))
        else:
            _show(at.out, result)
    tell_unread(at, found)


def gather(at: Desk, journal: Journal, *, drill: bool) -> Gathered:
    """The figures of all incidents, remembered beside the journal."""
    progress = Progress(at.talk, "reading")
    with Kept(at.folder(drill=drill) / NAME) as memory:
        found = gathered(
            journal,
            memory,
            now=at.now(),
            told=lambda count, many: progress.at(count / many, count),
        )
    progress.done()
    return found


def tell_unread(at: Desk, found: Gathered) -> None:
    """Name the incidents that no figure holds, and why."""
    for id, because in found.unread.items():
        at.talk.block(f"left out: {id}: {because}", "bad")
    if found.unread:
        at.talk.line("`crisisctl verify` says more.", "bad")
        raise typer.Exit(1)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CrisisError(f"{quoted(text)} is not a date", hint="write it as 2026-12-11") from None


def _by(text: str) -> By | None:
    if text and text not in BY:
        raise CrisisError(f"nothing is grouped by {quoted(text)}", hint=f"--by {listed(BY, 'or')}")
    return next((each for each in BY if each == text), None)


def _show(out: Screen, found: Stats) -> None:
    total = found.total
    if not total.incidents:
        out.line("No incident.")
        return
    words = f"{_many(total.incidents, 'incident')}, {found.first_day} to {found.last_day}"
    if total.restricted:
        words += f"; of {total.restricted} restricted only the figures"
    out.block(words, "title")
    out.line()
    if found.by is None:
        _counts(out, total)
        out.line()
    out.table(
        [_row(span, total.spans[span.name]) for span in SPANS],
        ["how long", "n", "p50", "p90", "counted apart"],
    )
    out.block(_FROM_TO, "dim")
    if found.groups:
        out.line()
        _groups(out, found)
    out.line()
    _outcomes(out, total)
    out.line()
    for name in ("p50", "p90"):
        out.block(f"{name}: {DEFINITIONS[name]}.", "dim")
    if found.leaping:
        some = listed(list(found.leaping)[:5])
        more = f" and {len(found.leaping) - 5} more" if len(found.leaping) > 5 else ""
        out.block(
            f"Times that end before they begin, left out: {some}{more}. "
            "Correct them with `crisisctl fact`.",
            "warn",
        )


def _counts(out: Screen, total: Group) -> None:
    months = list(total.months.items())
    shown = dict(months[-_MANY_MONTHS:])
    rows = [
        ["status", _pairs(total.statuses)],
        ["severity", _pairs(total.severities)],
        ["playbook", _pairs(total.playbooks)],
        ["month" if len(shown) == len(months) else f"newest {_MANY_MONTHS} months", _pairs(shown)],
    ]
    out.table(rows)


def _pairs(counts: dict[str, int]) -> str:
    return " · ".join(f"{name or 'none'} {many:,}" for name, many in counts.items() if many)


def _row(span: Definition, spread: Spread) -> list[str]:
    apart = [
        f"{many:,} {what}"
        for many, what in ((spread.missing, "missing"), (spread.negative, "negative"))
        if many
    ]
    return [
        span.title,
        f"{spread.n:,}",
        _span(spread.p50),
        _span(spread.p90),
        ", ".join(apart) or "-",
    ]


def _span(seconds: float | None) -> str:
    return in_words(timedelta(seconds=seconds)) if seconds is not None else "-"


def _groups(out: Screen, found: Stats) -> None:
    spans = [span for span in SPANS if span.name != "time_to_acknowledge"]
    rows = [
        [
            one.key or "none",
            f"{one.incidents:,}",
            *(_median(one.spans[span.name]) for span in spans),
        ]
        for one in found.groups
    ]
    out.table(rows, [found.by or "", "n", *(f"{span.short} p50" for span in spans)])
    out.block(f"p50 (n). {', '.join(f'{s.short}: {s.title.lower()}' for s in spans)}.", "dim")


def _median(spread: Spread) -> str:
    return f"{_span(spread.p50)} ({spread.n:,})" if spread.n else "-"


def _outcomes(out: Screen, total: Group) -> None:
    rows = [
        ["messages", f"{total.messages:,} sent, {total.texts:,} texts", ""],
        ["promises", _told(total.promises, "kept", "broken"), "broken: late, or past their time"],
        ["deadlines", _told(total.deadlines, "met", "missed"), "missed: late, or past their time"],
        ["regulators' clocks", _told(total.clocks, "met", "missed"), "waived: decided not to tell"],
        ["action items", _actions(total), "overdue: open after their day"],
        ["compensation", _sums(total.compensation), "expected of what was handed out; cost so far"],
        ["revenue at risk", _risks(total.at_risk), "an hour's revenue x time to mitigate"],
        ["causes", _causes(total), "found in review, else confirmed"],
        ["customers first", _of(total.customers_first, total.noticed), "they noticed before us"],
        ["opened again", f"{total.reopened:,}", ""],
    ]
    for name, figure, definition in rows:
        out.table([[f"{name:18}", f"{figure}{f' ({definition})' * bool(definition)}"]])


def _told(tally: Tally, good: str, bad: str) -> str:
    if tally == Tally():
        return "none"
    words = f"{tally.met:,} {good}, {tally.missed:,} {bad}"
    words += f", {tally.waived:,} waived" * bool(tally.waived)
    return words + f", {tally.open:,} open" * bool(tally.open)


def _actions(total: Group) -> str:
    found = total.actions
    if found == Actions(0, 0, 0, 0):
        return "none"
    words = f"{found.done:,} done, {found.open:,} open, {found.overdue:,} of them overdue"
    return words + f", {found.declined:,} declined" * bool(found.declined)


def _sums(costs: tuple[Cost, ...]) -> str:
    every = [f"{c.expected:,} {c.currency}, {c.so_far:,} so far" for c in costs]
    return "; ".join(every) or "none"


def _risks(costs: tuple[Cost, ...]) -> str:
    return "; ".join(f"{cost.expected:,} {cost.currency}" for cost in costs) or "not known"


def _causes(total: Group) -> str:
    more = {"only suspected": total.cause_suspected, "not known": total.cause_unknown}
    return _pairs({**total.causes, **more})


def _of(many: int, whole: int) -> str:
    return f"{many:,} of {whole:,}" if whole else "not known"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
