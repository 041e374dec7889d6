"""The one door to proofreading: everything there is to say about one finished text.

No template, no incident, no clock: a text as people will read it, whoever wrote it.
The rules have the names that the linter knows them by.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from crisisctl.messages.channels import load_channels
from crisisctl.messages.proof import breach, cues, language, promises
from crisisctl.messages.proof.accusations import Accusations
from crisisctl.messages.proof.breach import Breach
from crisisctl.messages.proof.checks import (
    ANYWHERE,
    IN_ITS_LANGUAGE,
    Lists,
    View,
    in_another_language,
)
from crisisctl.messages.proof.elements import Form
from crisisctl.messages.proof.personal import Own
from crisisctl.messages.proof.reading import Fairness, fairness_words
from crisisctl.messages.proof.remark import Remark
from crisisctl.messages.proof.sentences import Sentence, sentences
from crisisctl.messages.proof.severity import Severity, severity_of
from crisisctl.messages.proof.tone import Tone
from crisisctl.messages.proof.words import load_words
from crisisctl.playbook.model import MessageKind
from crisisctl.workspace import Workspace

MOST = 100
"""As many of one rule are told of one text; a hostile one may hold thousands."""
_NO_TIME = "promise-without-time"
_SAME: tuple[tuple[str, str], ...] = (
    ("secret", "personal-data"),
    ("secret", "public-personal-data"),
    ("secret", "placeholder-left"),
    ("contact-placeholder", "placeholder-left"),
    ("contact-placeholder", "personal-data"),
    ("contact-placeholder", "public-personal-data"),
    ("breach-soothing", "tone-overpromise"),
    ("breach-soothing", "tone-minimise"),
    ("conditional-apology", "tone-blame"),
    ("conditional-apology", "tone-minimise"),
    ("conditional-apology", "tone-evasive"),
    (_NO_TIME, "tone-overpromise"),
)
"""The second says about the same words what the first one says better."""


class Setting(Struct, frozen=True):
    """What a text is for and who reads it."""

    workspace: Workspace
    locale: str
    kind: MessageKind | None = None
    """What it is for; without it nobody can say what it must say."""
    form: Form = "body"
    public: bool = False
    """Whether everyone can read it."""
    staff: bool = False
    """Whether only colleagues read it, who know our own words for things."""
    authority: bool = False
    """Whether an authority reads it: the law says what a notice to it must hold."""
    plain: bool = False
    """Whether it has plain spaces and marks on purpose, as an SMS."""
    heading: str = ""
    """What stands above a short text: it may say a part of what must be said."""
    own: Own = Own()
    """The shop's own addresses and numbers, which may stand anywhere."""


class Flaw(Struct, frozen=True, order=True):
    """Something that is wrong at text[start:end]; line and column from 1, in characters."""

    start: int
    end: int
    rule: str
    severity: Severity
    text: str
    hint: str
    line: int
    column: int


def proofread(text: str, setting: Setting) -> tuple[Flaw, ...]:
    """Everything wrong with a finished text, in its order; no place says the same thing twice."""
    locale = setting.locale.partition("-")[0]
    view = View(
        locale=locale,
        kind=setting.kind,
        form=setting.form,
        public=setting.public,
        staff=setting.staff or setting.kind == "brief",
        authority=setting.authority,
        plain=setting.plain,
        heading=setting.heading,
        own=setting.own,
        lists=_lists_of(setting.workspace, locale),
    )
    return _proofread(text, view)


def _lists_of(workspace: Workspace, locale: str) -> Lists:
    return _lists(
        load_words(workspace, "tone", locale, Tone),
        cues.words_of(workspace, locale),
        fairness_words(workspace, locale),
        breach.breach_words(workspace, locale),
        promises.lists_of(workspace, locale),
        language.words_of(workspace),
        load_words(workspace, "accusations", locale, Accusations),
        frozenset(load_channels(workspace).drill.values()),
    )


@lru_cache(maxsize=32)
def _lists(
    tone: Tone | None,
    elements: cues.Words | None,
    fairness: Fairness | None,
    breach: Breach | None,
    promised: promises.Lists | None,
    languages: language.Lists,
    accusations: Accusations | None,
    stamps: frozenset[str],
) -> Lists:
    return Lists(tone, elements, fairness, breach, promised, languages, accusations, stamps)


@lru_cache(maxsize=1024)
def _proofread(text: str, view: View) -> tuple[Flaw, ...]:
    found = in_another_language(text, view)
    checks = ANYWHERE if found else (*ANYWHERE, *IN_ITS_LANGUAGE)
    found += [remark for check in checks for remark in check(text, view)]
    starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
    kept = _few(_untold(_apart(sorted(set(found))), text))
    return tuple(_flaw(remark, starts) for remark in kept)


def _flaw(remark: Remark, starts: Sequence[int]) -> Flaw:
    line = bisect_right(starts, remark.start)
    column = remark.start - starts[line - 1] + 1
    severity = severity_of(remark.rule)
    return Flaw(
        remark.start, remark.end, remark.rule, severity, remark.text, remark.hint, line, column
    )


def _apart(found: list[Remark]) -> list[Remark]:
    """Without what another rule says of the same words."""
    spans: dict[str, list[Remark]] = {}
    for remark in found:
        spans.setdefault(remark.rule, []).append(remark)
    gone = {
        weaker
        for better, worse in _SAME
        for weaker in spans.get(worse, ())
        if any(_overlap(one, weaker) for one in _around(spans.get(better, []), weaker))
    }
    return [remark for remark in found if remark not in gone]


def _around(ordered: list[Remark], other: Remark) -> list[Remark]:
    """Those beside it in the text: of one rule they hardly overlap."""
    at = bisect_right(ordered, other)
    return ordered[max(at - 2, 0) : at + 1]


def _overlap(one: Remark, other: Remark) -> bool:
    return one.start < other.end and other.start < one.end


def _untold(found: list[Remark], text: str) -> list[Remark]:
    """Without "soon" where the sentence is told of already as news without a time."""
    untimed = [remark.start for remark in found if remark.rule == "untimed-next-update"]
    if not untimed or not any(remark.rule == _NO_TIME for remark in found):
        return found
    told = {_number(sentences(text), start) for start in untimed}
    return [
        remark
        for remark in found
        if remark.rule != _NO_TIME or _number(sentences(text), remark.start) not in told
    ]


def _number(of: Sequence[Sentence], place: int) -> int:
    return bisect_right(of, place, key=lambda sentence: sentence.start)


def _few(found: Iterable[Remark]) -> Iterator[Remark]:
    counted: Counter[str] = Counter()
    for remark in found:
        counted[remark.rule] += 1
        if counted[remark.rule] <= MOST:
            yield remark
