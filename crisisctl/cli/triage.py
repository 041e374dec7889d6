"""What a step does with customers' reviews: read exports, choose strategies, answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl.cli import hearing, replying, tables
from crisisctl.cli.answering import Bench, shelf_of
from crisisctl.cli.asking import text
from crisisctl.cli.keyboard import Option
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.reviews.strategy import STRATEGIES, WAYS, Proposal
from crisisctl.runner import reviews as deciding
from crisisctl.runner.answersfile import StrategyLine
from crisisctl.runner.place import Place
from crisisctl.runner.reviews import Answer

if TYPE_CHECKING:
    from crisisctl.cli.walk import Walk
    from crisisctl.incident.fold import Incident

NONE = "no reviews were imported: `crisisctl reviews import FILE` does it at any time"


def triage(walk: Walk, place: Place) -> None:
    """Do what the step says; what nobody answers stays as it is, and is said."""
    match place.step.triage:
        case "import":
            _import(walk)
        case "strategy":
            _strategies(walk)
        case _:
            _answer(walk)


def _import(walk: Walk) -> None:
    if walk.answers is not None:
        given = walk.answers.reviews
        if given is not None and given.files:
            line = given.line
            pairs = [f"{field}={column}" for field, column in line.map.items()]
            hearing.read_in(walk, hearing.Order(list(given.files), pairs, line.source))
    elif walk.guided:
        _ask_files(walk)
    if not walk.incident.imports:
        walk.desk.talk.block(NONE, "warn")


def _ask_files(walk: Walk) -> None:
    """Exports one after the other, until Enter alone."""
    while True:
        more = "another" if walk.incident.imports else "the first"
        typed = text(walk, f"Which export of reviews? ({more} file; Enter: no more)")
        if not typed.strip():
            return
        try:
            path = Path(typed.strip().strip("'\"")).expanduser()
            hearing.read_in(walk, hearing.Order([path]))
        except CrisisError as error:
            walk.desk.talk.block(error.message, "bad")
            if error.hint:
                walk.desk.talk.block(error.hint)


def _strategies(walk: Walk) -> None:
    if not walk.incident.imports:
        walk.desk.talk.block(NONE, "warn")
        return
    for topic, proposal in tables.proposals(walk.desk, walk.incident).items():
        chosen = walk.incident.strategies.get(topic)
        if chosen is not None:
            continue
        line = _beforehand(walk, topic)
        strategy: str
        if line is not None:
            strategy, because = line.choose, line.because
        elif walk.guided:
            strategy, because = _choose(walk, topic, proposal)
        else:
            strategy, because = proposal.strategy, "; ".join(proposal.because)
        tables.refuse_ignored_harm(walk.desk, walk.incident, topic, strategy)
        events = deciding.choose(topic, strategy, because=because, proposed=proposal.strategy)
        walk.record(partial(_these, events))


def _these(events: Sequence[ev.Event], _: Incident) -> Sequence[ev.Event]:
    return events


def _beforehand(walk: Walk, topic: str) -> StrategyLine | None:
    given = walk.answers.reviews if walk.answers is not None else None
    lines = given.line.strategies.items() if given is not None else ()
    return next((line for name, line in lines if name == topic), None)


def _choose(walk: Walk, topic: str, proposal: Proposal) -> tuple[str, str]:
    screen = walk.desk.talk
    tables.show_proposal(screen, topic, proposal)
    options = [Option(key, WAYS[key].title) for key in STRATEGIES]
    options.sort(key=lambda option: option.key != proposal.strategy)
    strategy = walk.asked().choose(f"How are reviews about {topic} answered?", options)
    because = text(
        walk,
        "Because? (for the record)",
        default="; ".join(proposal.because) if strategy == proposal.strategy else "",
        check=_some_words,
    )
    return strategy, because


def _answer(walk: Walk) -> None:
    if not walk.incident.imports:
        walk.desk.talk.block(NONE, "warn")
        return
    with shelf_of(walk.desk, walk.incident) as shelf:
        bench = Bench(walk, shelf)
        if walk.answers is not None:
            given = walk.answers.reviews
            if given is not None and given.line.drafts:
                _with_drafts(bench)
            left = sum(1 for _ in bench.waiting())
            if left:
                walk.desk.talk.block(f"{left} complaints still wait for an answer", "warn")
        elif walk.guided:
            replying.work_through(bench)


def _with_drafts(bench: Bench) -> None:
    """Answer with each draft in which nothing is wrong; the others stay for a person."""
    for heard in list(bench.waiting()):
        if heard.mixed:
            continue  # praise with one star: a person must read it
        try:
            draft = bench.draft(heard)
            given = Answer(
                draft.text, bench.channel(heard)[0], draft.locale, heard.topic, unread=True
            )
            bench.answer(heard, given)
        except CrisisError:
            bench.passed.add(heard.review.key)


def _some_words(typed: str) -> str | None:
    return None if typed.strip() else "the reason is what the post-mortem needs most"
