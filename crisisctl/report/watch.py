"""What the guard is given to look for in one incident, and which words came from which fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.incident.knowledge import Names
from crisisctl.messages import formats
from crisisctl.messages.drafting import words_of
from crisisctl.messages.pack import Text
from crisisctl.messages.proof.own import own_of
from crisisctl.messages.templates import find_template
from crisisctl.playbook.model import Fact
from crisisctl.playbook.values import Value
from crisisctl.report.guard import Leak, Part, PartName, Passage, Watch, leaks
from crisisctl.report.inside import WORDY, Held, held_back, kept_inside
from crisisctl.text import zone_of
from crisisctl.workspace import Workspace, shipped

_OPEN, _MIDDLE, _CLOSE = "\ue000", "\ue001", "\ue002"
"""Letters for private use: they mark, in a second rendering, which words came from which fact."""


class Guard:
    """What is watched for in one incident; each language writes dates and sums in its own way."""

    def __init__(
        self,
        workspace: Workspace,
        incident: Incident,
        entries: Sequence[ev.Entry],
        known: Names,
        spoken: Sequence[str],
    ) -> None:
        self.workspace, self.incident, self.known = workspace, incident, known
        self.zone = zone_of(incident.time_zone)
        self.kept = kept_inside(incident, entries, workspace, spoken=spoken)
        self.held = held_back(incident, entries)
        ours = [found.value for name in _own(incident) if (found := incident.known(name))]
        self.own = own_of(workspace, ours)
        self.ours = [each for each in (*ours, *_said(workspace.get("brand"))) if each]

    def leaks(self, text: Text, twin: Text, playbook: str) -> Iterator[Leak]:
        """What the guard finds in the headline, the preheader and the text."""
        watch = self._watch(text.locale)
        template = find_template(self.workspace, playbook, text.message, text.locale, self.zone)
        shipped_template = template.path.is_relative_to(shipped("templates"))
        words, marked = words_of(text), words_of(twin)
        pairs: tuple[tuple[PartName, str, str], ...] = (
            ("heading", words.heading, marked.heading),
            ("preheader", words.preheader, marked.preheader),
            ("text", words.body, marked.body),
        )
        for name, plainly, with_marks in pairs:
            passages = _passages(plainly, with_marks, self.incident, shipped_template)
            yield from leaks(Part(name, passages), watch)

    def _watch(self, locale: str) -> Watch:
        stand = {
            shown
            for name, value in self.known.items()
            if (spec := self.incident.spec(name)) is not None
            for shown in _shown(spec, value, locale, self.zone)
        }
        held = [(each, self._forms(each, locale, stand)) for each in self.held]
        dates = [
            shown
            for value in self.known.values()
            if isinstance(value, datetime)
            for shown in _dates(value, locale, self.zone)
        ]
        return Watch(
            kept=self.kept,
            held=[(each, forms) for each, forms in held if forms],
            own=self.own,
            ours=[each for each in self.ours if isinstance(each, str)],
            dates=dates,
        )

    def _forms(self, held: Held, locale: str, stand: set[str]) -> list[str]:
        shown = _shown(held.spec, held.value, locale, self.zone)
        return [each for each in shown if each not in stand]


def _passages(words: str, marked: str, incident: Incident, ours: bool) -> tuple[Passage, ...]:
    """The words with what they came from; all from nowhere where the marks were lost."""
    found = tuple(_parted(marked, incident, ours))
    if "".join(passage.words for passage in found) != words:
        return (Passage(words, fact="?"),)
    return found


def _parted(marked: str, incident: Incident, ours: bool) -> Iterator[Passage]:
    for number, piece in enumerate(marked.split(_OPEN)):
        rest = piece
        if number:
            fact, _, tail = piece.partition(_MIDDLE)
            value, _, rest = tail.partition(_CLOSE)
            spec = incident.spec(fact)
            own = spec is not None and bool(spec.workspace)
            link = spec is not None and spec.type == "url"
            yield Passage(value, fact=fact, own=own, link=link)
        if rest:
            yield Passage(rest, shipped=ours)


def marked(incident: Incident, names: Mapping[str, object]) -> dict[str, object]:
    """The same names, with marks around what people typed."""
    found = dict(names)
    for name, value in names.items():
        spec = incident.spec(name)
        if spec is not None and spec.type in WORDY and isinstance(value, str):
            found[name] = f"{_OPEN}{name}{_MIDDLE}{value}{_CLOSE}"
    return found


def _own(incident: Incident) -> list[str]:
    plans = incident.plans.values()
    return [name for plan in plans for name, fact in plan.facts.items() if fact.workspace]


def _said(value: object) -> Iterator[str]:
    """Every text of a setting."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _said(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _said(inner)


def _shown(spec: Fact, value: Value, locale: str, zone: tzinfo) -> list[str]:
    """How a text of this language would say a value so that it could be told from chance."""
    match value:
        case datetime():
            return [formats.filters(locale, zone)["moment"](value)]
        case str() if spec.type == "money":
            return [formats.filters(locale, zone)["money"](value)]
        case str() if spec.type in WORDY:
            return [value] if len(value) > 3 else []
        case str() | tuple():
            keys = (value,) if isinstance(value, str) else value
            titles = [spec.choices.get(key, "") for key in keys]
            return [title for title in titles if len(title.split()) > 2]
        case bool():
            return []
        case int() if value > 999:
            return [formats.filters(locale, zone)["number"](value)]
    return []


def _dates(value: datetime, locale: str, zone: tzinfo) -> list[str]:
    made = formats.filters(locale, zone)
    return [made[name](value) for name in ("moment", "clock", "day")]
