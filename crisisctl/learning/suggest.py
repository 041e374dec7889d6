"""What the record suggests about a playbook: what was seen, in which incidents, what to change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import ceil
from typing import Literal

from msgspec import Struct

from crisisctl.learning.edits import DropOption, DropStep, Edit, Tick, Timebox, When
from crisisctl.learning.habits import Stepped, Walk, first_asked
from crisisctl.learning.traits import words as words_of
from crisisctl.playbook.model import Playbook, Step
from crisisctl.playbook.values import parse_duration
from crisisctl.text import in_words, listed, safe

Kind = Literal[
    "always-skipped",
    "skipped-when",
    "always-late",
    "added-by-hand",
    "never-answered",
    "never-chosen",
    "same-reason",
    "deadline-missed",
]
NEARLY_ALWAYS = 0.9
_OFTEN_MISSED = 0.8
_LONGEST_TICK = 80
_LENGTHS = (
    *("5m", "10m", "15m", "20m", "30m", "45m", "1h", "90m", "2h", "3h", "4h", "6h", "8h", "12h"),
    *("1d", "2d", "3d", "5d", "7d", "14d", "21d", "30d", "60d", "90d"),
)


class Suggestion(Struct, frozen=True):
    """One thing that the record shows, with the incidents that show it."""

    kind: Kind
    about: str
    """The step, fact or deadline."""
    words: str
    seen: int
    of: int
    incidents: tuple[str, ...]
    edit: Edit | None = None
    """A change that would answer it, where there is an honest one."""
    advice: str = ""
    """What to think about, where a change cannot be written for people."""


def suggestions(
    plan: Playbook, walks: Sequence[Walk], *, least: int, mentioned: Callable[[str], bool]
) -> list[Suggestion]:
    """Everything that at least so many incidents show, in the order of the plan.

    `mentioned` tells whether a text or condition speaks of an option by its name.
    """
    found: list[Suggestion] = []
    for place, (_, step) in enumerate(plan.steps()):
        found += _skipped(plan, place, step, walks, least)
        found += _late(step, walks, least)
        found += _by_hand(step, walks, least)
        found += _decisions(step, walks, least, mentioned)
    found += _unanswered(plan, walks, least)
    found += _missed(plan, walks, least)
    return found


def _often(seen: int, of: int, least: int, share: float = NEARLY_ALWAYS) -> bool:
    return of >= least and seen >= max(ceil(share * of), 1)


def _skipped(
    plan: Playbook, place: int, step: Step, walks: Sequence[Walk], least: int
) -> Iterator[Suggestion]:
    met = [(walk, walk.steps[step.id]) for walk in walks if step.id in walk.steps]
    passed = [(walk, how) for walk, how in met if how.status == "skipped"]
    if len(passed) < least:
        return
    ids = tuple(walk.incident for walk, _ in passed)
    why = _reasons(passed)
    if _often(len(passed), len(met), least):
        drop = DropStep(step.id) if _is_plain(step) and _not_alone(plan, step) else None
        yield Suggestion(
            "always-skipped",
            step.id,
            f'"{step.title}" was skipped{why}',
            len(passed),
            len(met),
            ids,
            drop if len(passed) == len(met) else None,
            "" if drop else "leave it out, or give it a `when` that says where it is needed",
        )
        return
    walked = [walk for walk, how in met if how.status != "skipped"]
    condition = _telling(plan, place, [walk for walk, _ in passed], walked)
    if condition:
        yield Suggestion(
            "skipped-when",
            step.id,
            f'"{step.title}" was skipped wherever {condition}, and nowhere else{why}',
            len(passed),
            len(met),
            ids,
            When(step.id, _turned(condition)) if _is_plain(step) and not step.when else None,
            f"walk it only `when: {_turned(condition)}`",
        )


def _late(step: Step, walks: Sequence[Walk], least: int) -> Iterator[Suggestion]:
    if not step.timebox:
        return
    box = parse_duration(step.timebox)
    took = [
        (walk, how.took)
        for walk in walks
        if (how := walk.steps.get(step.id)) is not None and how.took is not None
    ]
    late = [walk.incident for walk, span in took if span > box]
    if not _often(len(late), len(took), least):
        return
    spans = sorted(span for _, span in took)
    most = spans[ceil(0.75 * len(spans)) - 1]
    fits = next((length for length in _LENGTHS if parse_duration(length) >= most), "")
    median = in_words(spans[(len(spans) - 1) // 2])
    yield Suggestion(
        "always-late",
        step.id,
        f'"{step.title}" took longer than its timebox of {step.timebox}; '
        f"half took {median} or less",
        len(late),
        len(took),
        tuple(late),
        Timebox(step.id, fits) if fits and parse_duration(fits) > box else None,
        "or split it: what of it is needed first?",
    )


def _by_hand(step: Step, walks: Sequence[Walk], least: int) -> Iterator[Suggestion]:
    """Notes with like words during the same step, incident after incident."""
    heaps: list[tuple[set[str], list[tuple[str, str]]]] = []
    of = sum(step.id in walk.steps for walk in walks)
    for walk in walks:
        for where, text in walk.notes:
            said = set(words_of(text))
            if where != step.id or len(said) < 2:
                continue
            heap = next((heap for heap in heaps if _like(heap[0], said)), None)
            if heap is None:
                heaps.append((said, [(walk.incident, text)]))
            else:
                heap[1].append((walk.incident, text))
    for _, notes in heaps:
        ids = tuple(dict.fromkeys(id for id, _ in notes))
        if len(ids) < least:
            continue
        shortest = min((text for _, text in notes), key=lambda text: (len(text), text))
        line = safe(" ".join(shortest.split()))
        known = any(_like(set(words_of(item)), set(words_of(line))) for item in step.checklist)
        if known:
            continue
        yield Suggestion(
            "added-by-hand",
            step.id,
            f'during "{step.title}" people noted something like "{line[:_LONGEST_TICK]}"',
            len(ids),
            max(of, len(ids)),
            ids,
            Tick(step.id, line) if len(line) <= _LONGEST_TICK else None,
            "" if len(line) <= _LONGEST_TICK else "a line of its checklist, or a step of its own",
        )


def _decisions(
    step: Step, walks: Sequence[Walk], least: int, mentioned: Callable[[str], bool]
) -> Iterator[Suggestion]:
    if step.decide is None:
        return
    taken = [
        (walk, option, why) for walk in walks for id, option, why in walk.chosen if id == step.id
    ]
    ids = tuple(dict.fromkeys(walk.incident for walk, _, _ in taken))
    if len(ids) < least:
        return
    used = Counter(option for _, option, _ in taken)
    never = [option for option in step.decide.options if option not in used]
    for option in never:
        free = len(step.decide.options) - len(never) >= 2 and step.decide.example != option
        yield Suggestion(
            "never-chosen",
            step.id,
            f'"{step.title}": nobody ever chose {option}',
            len(ids),
            len(ids),
            ids,
            DropOption(step.id, option) if free and not mentioned(option) else None,
            "keep what is there for rarer cases; texts or conditions may speak of it",
        )
    told = [(option, " ".join(why.casefold().split())) for _, option, why in taken]
    if len(told) >= least and len(set(told)) == 1 and told[0][1]:
        yield Suggestion(
            "same-reason",
            step.id,
            f'"{step.title}": always {told[0][0]}, always because "{taken[0][2]}"',
            len(ids),
            len(ids),
            ids,
            advice="decide it beforehand and say so in the guide",
        )


def _unanswered(plan: Playbook, walks: Sequence[Walk], least: int) -> Iterator[Suggestion]:
    asked: dict[str, list[Walk]] = {}
    for _, step in plan.steps():
        for fact in step.ask:
            spec = plan.facts.get(fact)
            if spec is not None and spec.optional:
                through = [w for w in walks if w.speaks and _done(w, step.id)]
                asked.setdefault(fact, []).extend(
                    w for w in through if w not in asked.get(fact, [])
                )
    for fact, through in asked.items():
        silent = tuple(walk.incident for walk in through if fact not in walk.answered)
        if len(silent) == len(through) >= least:
            yield Suggestion(
                "never-answered",
                fact,
                f'"{plan.facts[fact].ask or fact}" was asked and never answered',
                len(silent),
                len(through),
                silent,
                advice="ask it later, or of somebody who knows; or no longer, if no text needs it",
            )


def _missed(plan: Playbook, walks: Sequence[Walk], least: int) -> Iterator[Suggestion]:
    for name in plan.deadlines:
        found = [(walk.incident, met) for walk in walks for due, met in walk.due if due == name]
        late = [id for id, met in found if not met]
        ids = tuple(dict.fromkeys(late))
        if len(ids) >= least and _often(len(late), len(found), least, _OFTEN_MISSED):
            yield Suggestion(
                "deadline-missed",
                name,
                f'the deadline "{plan.deadlines[name].title or name}" was missed '
                f"{len(late)} of {len(found)} times",
                len(ids),
                len({id for id, _ in found}),
                ids,
                advice="make the message quicker to send, or promise a time that you keep",
            )


def _done(walk: Walk, step: str) -> bool:
    return step in walk.steps and walk.steps[step].status == "done"


def _reasons(passed: Sequence[tuple[Walk, Stepped]]) -> str:
    given = Counter(how.because for walk, how in passed if walk.speaks and how.because)
    few = [f'"{reason}"' for reason, _ in given.most_common(2)]
    return f", because {listed(few, 'or')}" if few else ""


def _is_plain(step: Step) -> bool:
    """Whether nothing else in the plan can lean on what the step does."""
    return not (
        step.send
        or step.decide
        or step.run
        or step.notify
        or step.triage
        or step.compensate
        or step.milestone
        or step.ask
        or step.assign
        or step.freezes
        or step.lifts
    )


def _not_alone(plan: Playbook, step: Step) -> bool:
    return all(len(steps) > 1 for steps in plan.stages.values() if step in steps)


def _telling(plan: Playbook, place: int, passed: Sequence[Walk], walked: Sequence[Walk]) -> str:
    """The answer, known before the step, that tells those who skipped it from those who did not."""
    for fact, asked in first_asked(plan).items():
        spec = plan.spec(fact)
        if asked >= place or spec is None or spec.type != "choice" or spec.optional:
            continue
        values = {walk.values.get(fact) for walk in passed}
        value = next(iter(values))
        known = value is not None and value in spec.choices and len(values) == 1
        if known and all(walk.values.get(fact) not in (value, None) for walk in walked):
            return f"{fact} == '{value}'"
    return ""


def _turned(condition: str) -> str:
    return condition.replace(" == ", " != ", 1)


def _like(one: set[str], other: set[str]) -> bool:
    """Whether two notes say much the same: most of the words of the shorter one."""
    fewer = min(len(one), len(other))
    return fewer >= 2 and len(one & other) >= max(2, ceil(0.6 * fewer))
