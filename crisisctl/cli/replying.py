"""The queue of reviews on the screen: read one, look at the draft, change it, answer, go on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from crisisctl.cli import editing
from crisisctl.cli.answering import Bench, Waiting
from crisisctl.cli.asking import text as ask_text
from crisisctl.cli.keyboard import Back, Option, Paused
from crisisctl.cli.walk import Moved
from crisisctl.errors import CrisisError
from crisisctl.messages.measure import in_words
from crisisctl.messages.proof.language import NAMES
from crisisctl.reviews.shelf import Heard
from crisisctl.reviews.strategy import WAYS
from crisisctl.runner.reviews import Answer, Checked, moment_of
from crisisctl.text import ago, moment, safe, wrap
from crisisctl.text import in_words as span

if TYPE_CHECKING:
    from crisisctl.cli.screen import Screen, Style

_ROWS = 6
"""Lines of a long review that are shown at first."""


def work_through(bench: Bench) -> None:
    """One review after the other, until the queue is empty or the operator leaves it."""
    screen = bench.walk.desk.talk
    while (waiting := bench.next()) is not None:
        try:
            _one(bench, waiting)
        except Moved:  # somebody else has just answered it
            continue
        except Back:
            bench.passed.add(waiting.heard.review.key)
    left = sum(1 for _ in bench.waiting())
    if left:
        screen.block(f"{left} left for later: `crisisctl reviews next` shows them again.", "warn")
    else:
        screen.block("✓ Every complaint has an answer, or a reason why not.", "good")


def _one(bench: Bench, waiting: Waiting) -> None:
    screen, heard = bench.walk.desk.talk, waiting.heard
    show(screen, bench, waiting)
    shown: list[str] = []
    words = drafted(bench, heard, shown)
    locale, edited = bench.locale(heard), False
    while True:
        found = bench.check(heard, words, locale) if words else None
        _proposal(screen, bench, heard, words, found)
        asked = bench.walk.asked()
        chosen = asked.choose("What now?", _options(found), default=_first(bench, heard))
        match chosen:
            case "answer":
                try:
                    _answer(bench, heard, Answer(words, "", locale, heard.topic, edited), found)
                except Back:  # from the question why it may stand: the text is still there
                    continue
                return
            case "edit":
                changed = _edit(bench, heard, words)
                edited, words = edited or changed != words, changed
            case "another":
                shown.append(words)
                words, edited = drafted(bench, heard, shown) or words, False
            case "later":
                bench.passed.add(heard.review.key)
                return
            case _ if _more(bench, heard):
                return


def _more(bench: Bench, heard: Heard) -> bool:
    """The rarer ways; whether this review is done with."""
    screen = bench.walk.desk.talk
    while True:
        chosen = bench.walk.asked().choose("What else?", _RARER)
        if chosen == "pause":
            raise Paused
        if chosen == "whole":
            screen.block(safe(heard.review.words, lines=True), indent="  │ ")
            continue
        if chosen == "back":
            return False
        try:
            _mark(bench, heard, chosen)
        except Back:
            continue
        return chosen != "flagged"  # others read along: one that is reported gets its answer too


_RARER = [
    Option("back", "Back to the draft"),
    Option("whole", "Show the whole review"),
    Option("resolved", "It is resolved already"),
    Option("flagged", "Report it to the platform, with evidence; then answer it all the same"),
    Option("ignored", "Do not answer it, for a reason"),
    Option("pause", "Pause (everything is saved)"),
]


def drafted(bench: Bench, heard: Heard, instead: Sequence[str]) -> str:
    """A draft, as unlike these as can be; empty where there is none, which is said."""
    try:
        return bench.draft(heard, instead=tuple(instead)).text
    except CrisisError as error:
        bench.walk.desk.talk.block(error.message, "warn")
        if error.hint:
            bench.walk.desk.talk.block(error.hint)
        return ""


def show(screen: Screen, bench: Bench, waiting: Waiting) -> None:
    """One review with what was understood of it."""
    heard, review = waiting.heard, waiting.heard.review
    now = bench.walk.now()
    screen.rule()
    left = f"Review {waiting.place} of {waiting.of} · {stars(review.rating)}"
    screen.ends(left, about(heard), "bold")
    where = [review.source or "source unknown", review.product, review.author]
    at = moment_of(review.at)
    when = moment(at, bench.walk.zone) if at is not None else "no date"
    screen.block(" · ".join(filter(None, [when, *where])), "dim")
    words, style = due_words(waiting.due, now)
    screen.block(words, style)
    if heard.safety:
        screen.block("! Somebody was hurt, or could be: answer this one first, and call.", "bad")
    for why in heard.suspected:
        screen.block(f"suspected: {why}; answer politely, accuse nobody", "warn")
    for doubt in doubts(heard):
        screen.block(f"! {doubt}", "warn")
    rows = wrap(safe(review.words, lines=True).strip(), screen.width, "  │ ").split("\n")
    for row in rows[:_ROWS]:
        screen.line(row)
    if len(rows) > _ROWS:
        screen.line(f"  │ … {len(rows) - _ROWS} more lines")
    if waiting.same:
        others = "one other waits" if waiting.same == 1 else f"{waiting.same} others wait"
        what = f"about {_topic(heard)}" if heard.topic != "other" else "whose topic is not clear"
        screen.block(f"{others} {what}", "dim")


def doubts(heard: Heard) -> Iterator[str]:
    """Why a person should read the draft with care."""
    if heard.mixed:
        yield "the stars and the words disagree: read it yourself before you use the draft"
    if heard.topic == "other":
        yield "no topic was recognised: the draft is a general one"
    elif heard.other_topic:
        yield f"it may as well be about {heard.other_topic}"


def about(heard: Heard) -> str:
    """Language, topic and aspect."""
    language = NAMES.get(heard.language, heard.language or "language unknown")
    return f"{language} · {_topic(heard)}"


def _topic(heard: Heard) -> str:
    return f"{heard.topic}: {heard.aspect}" if heard.aspect else heard.topic


def stars(rating: float | None) -> str:
    """A rating as people read it."""
    if rating is None:
        return "no stars"
    whole = f"{rating:.1f}".removesuffix(".0")
    return f"{whole} of 5 stars"


def due_words(due: datetime | None, now: datetime) -> tuple[str, Style]:
    """When the answer is due, and the style to show it in."""
    if due is None:
        return "its age is unknown", "dim"
    left = due - now
    if left.total_seconds() >= 0:
        return f"answer due in {span(left)}", "warn" if left.total_seconds() < 900 else ""
    return f"answer was due {ago(-left)}", "bad"


def _proposal(
    screen: Screen, bench: Bench, heard: Heard, words: str, found: Checked | None
) -> None:
    if found is None:
        screen.block("There is no draft: write the answer yourself.", "warn")
        return
    channel = bench.channel(heard)[1]
    first = found.measures[0]
    of = f" of {first.limit}" if first.limit and first.hard else ""
    strategy = WAYS[bench.strategy(heard)].title.lower()
    size = f"{first.length}{of} {in_words(first.unit)}"
    screen.block(f"{channel.title} ({size}; {strategy})", "bold")
    if not bench.may_give:
        open_ = "nobody has decided yet what may be given (step `authority`): mind what it offers"
        screen.block(open_, "warn")
    for row in wrap(safe(words, lines=True), screen.width, "  ").split("\n"):
        screen.line(row)
    for each in found.too_long:
        screen.block(f"too long: {each}", "bad")
    for flaw in found.flaws:
        style: Style = "bad" if flaw.severity == "error" else "warn"
        screen.block(f"{flaw.line}:{flaw.column} {flaw.text} [{flaw.rule}]", style)
        if flaw.hint:
            screen.block(flaw.hint, "dim", "  ")


def _options(found: Checked | None) -> list[Option]:
    ready = [Option("answer", "Answer with this text")] if found and not found.too_long else []
    return [
        *ready,
        Option("edit", "Change it"),
        Option("another", "Another draft"),
        Option("later", "Leave it for later"),
        Option("more", "More: the whole review, resolved, report it, do not answer, pause"),
    ]


def _first(bench: Bench, heard: Heard) -> str:
    return "more" if bench.strategy(heard) == "ignore" else "answer"


def _answer(bench: Bench, heard: Heard, given: Answer, found: Checked | None) -> None:
    walk = bench.walk
    reasons: list[tuple[str, str]] = []
    for flaw in found.errors if found else ():
        if flaw.rule not in dict(reasons):
            asked = f"Why may this stand: {flaw.text}? (for the report; Esc goes back)"
            reasons.append((flaw.rule, ask_text(walk, asked, check=_some_words)))
    channel = bench.channel(heard)[0]
    bench.answer(heard, _with(given, channel, tuple(reasons)))
    walk.desk.talk.block("✓ answered; `crisisctl reviews export` hands the texts over", "good")


def _with(given: Answer, channel: str, reasons: tuple[tuple[str, str], ...]) -> Answer:
    return Answer(
        given.text, channel, given.locale, given.topic, given.edited, given.unread, reasons
    )


def _mark(bench: Bench, heard: Heard, mark: str) -> None:
    chosen = bench.walk.incident.strategies.get(heard.topic)
    standing = chosen.event.because if chosen and mark == "ignored" else ""
    asked = {
        "ignored": "Why is it not answered? (for the report)",
        "flagged": "What is the evidence? (for the platform and the report; no accusation)",
        "resolved": "How was it resolved?",
    }[mark]
    because = ask_text(bench.walk, asked, default=standing, check=_some_words)
    bench.mark(heard, mark, because=because)
    bench.walk.desk.talk.block(f"✓ {mark}", "good")


def _edit(bench: Bench, heard: Heard, words: str) -> str:
    walk = bench.walk
    try:
        data = editing.edited(walk.desk, words, f"answer.{bench.locale(heard)}.txt")
        return "\n".join(editing.typed_rows(data, "the answer")).strip()
    except CrisisError as error:
        walk.desk.talk.block(error.message, "bad")
        if error.hint:
            walk.desk.talk.block(error.hint)
        return words


def _some_words(typed: str) -> str | None:
    return None if typed.strip() else "a few words, please"
