"""The walk: one step at a time, every answer recorded before it is shown as saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from crisisctl.cli import cards, retelling
from crisisctl.cli.desk import Desk, zone
from crisisctl.cli.keyboard import Back, InputNeeded, Keyboard, Woken
from crisisctl.deadlines.notices import regulators, severity
from crisisctl.deadlines.owed import SOON, Due, deadlines
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident, fold
from crisisctl.incident.knowledge import holds
from crisisctl.incident.store import Stamp, entries, record
from crisisctl.journal import Conflict, Journal
from crisisctl.playbook.model import Step
from crisisctl.report.timeline import timeline
from crisisctl.runner import commands
from crisisctl.runner.answers import Answers
from crisisctl.runner.place import Place, asked_anew, next_place

RETRIES = 5
"""Times an answer is offered again when somebody else keeps recording first."""

EARLY = timedelta(minutes=2)
"""How long before a deadline an example sends what is due."""

Make = Callable[[Incident], Sequence[ev.Event]]


class Moved(Exception):
    """Somebody else changed what this step was about: look at the record again."""


@dataclass
class Walk:
    """One operator walking one incident."""

    desk: Desk
    journal: Journal
    incident: Incident
    keyboard: Keyboard | None
    answers: Answers | None = None
    at: datetime | None = None
    """The story's clock in a replay: events happen then, not now."""
    put_off: dict[tuple[str, datetime], datetime] = field(default_factory=dict)
    wakes: bool = False
    """Whether a deadline may cut in: only while steps are walked."""
    typed: dict[str, str] = field(default_factory=dict)
    """What was being typed at a question when a deadline cut in."""

    def __post_init__(self) -> None:
        if self.at is None and self.answers is not None and self.answers.at is not None:
            self.at = max([self.answers.at, *_told(self.incident)])

    @property
    def zone(self) -> tzinfo:
        """The incident's time zone."""
        return zone(self.incident)

    @property
    def guided(self) -> bool:
        """A person is walked through; with answers given, only gaps are asked."""
        return self.answers is None and self.keyboard is not None

    def now(self) -> datetime:
        """The moment the story has reached: the real one, unless this is a replay."""
        return self.at or self.desk.now()

    def run(self) -> None:
        """Walk to the end. Raises `Paused` or `InputNeeded` before it."""
        self.wakes = True
        while (place := next_place(self.incident, now=self.now())) is not None:
            try:
                self.step(place)
            except (Moved, Back):
                continue
            except Woken:
                self.offer()
        retelling.bring_along(self)

    def step(self, place: Place) -> None:
        """Everything one step asks for."""
        script = self.answers.steps.get(place.step.id) if self.answers else None
        if script and script.at:
            self.tell_until(script.at)
            self.at = script.at
        self.come_to(place)
        self.show(place)
        if script and script.skip:
            self.record(lambda _: commands.skip(place, because=script.skip), place)
            return
        if self.guided and not self.menu(place):
            return
        self.do(place)

    def come_to(self, place: Place) -> None:
        """Record that the step came up, unless it is the one at hand already."""
        state = self.incident.steps.get(place.key)
        here = self.incident.current
        doing = state is not None and state.status == "doing"
        if not doing or here is None or (here.playbook, here.step) != place.key:
            self.record(lambda _: [place.started()], place)

    def do(self, place: Place) -> None:
        """Answer, act, tick off."""
        from crisisctl.cli import acting, asking, sending

        asking.roles(self, place)
        send, anew = place.step.send, None
        if send and self.guided and not sending.sent_since_start(self, place, send):
            anew = asked_anew(self.incident, send.message)
        asking.facts(self, place, anew=anew)
        self.tell_severity(place)
        left_open = asking.checklist(self, place)
        acting.act(self, place)
        script = self.answers.steps.get(place.step.id) if self.answers else None
        note = [ev.NoteAdded(script.note)] if script and script.note else []

        def ended(incident: Incident) -> list[ev.Event]:
            done = commands.complete(incident, place, open_items=left_open, at=self.now())
            return [*done, *note]

        self.record(ended, place)

    def tell_severity(self, place: Place) -> None:
        """ENISA's severity of a breach, after the step that asks for it."""
        ours = regulators(self.incident)
        if ours is None or ours.severity is None or ours.severity.malice not in place.step.ask:
            return
        score = severity(self.incident, now=self.now())
        words = (
            f"Severity by ENISA's method: {score}" if score else "The severity is not known yet."
        )
        self.desk.talk.block(words, "bold")

    def show(self, place: Place) -> None:
        """The step on the screen; one line where nobody is reading along."""
        screen = self.desk.talk
        if not self.guided:
            screen.block(f"{place.stage} {place.number}/{place.of} · {place.step.title}")
            return
        from crisisctl.cli.menu import options

        below = len(options(self, place)) + 1
        cards.page(screen, self.incident, place, self.now(), below=below)

    def menu(self, place: Place) -> bool:
        """What now? True goes on with the step."""
        from crisisctl.cli.menu import menu

        return menu(self, place)

    def record(self, make: Make, place: Place | None = None, *, at: datetime | None = None) -> None:
        """Decide and record; when somebody was quicker, show what they did and decide again.

        Raises `Moved` when what they did concerns this very step or fact.
        """
        for _ in range(RETRIES):
            events = list(make(self.incident))
            try:
                self.incident = record(self.journal, self.incident, events, self.stamp(at))
            except Conflict:
                self.catch_up(events, place)
            else:
                self.follow(events)
                return
        raise CrisisError(
            "others keep recording at the same moment: nothing was saved of this answer",
            hint=f"go on with `crisisctl resume {self.incident.id}`",
            code=1,
        )

    def stamp(self, at: datetime | None = None) -> Stamp:
        """Who and when; in a replay, when the story says."""
        return self.desk.stamp(at or self.at)

    def follow(self, events: Sequence[ev.Event]) -> None:
        """In a replay the story's clock moves on with each milestone."""
        if self.at is None:
            return
        times = [event.at for event in events if isinstance(event, ev.MilestoneReached)]
        self.at = max([self.at, *times])

    def catch_up(self, mine: Sequence[ev.Event], place: Place | None) -> None:
        """Load what others recorded, and say it."""
        everything = entries(self.journal, self.incident.id)
        theirs = everything[self.incident.seq :]
        self.incident = fold(self.incident.id, everything)
        self.desk.admit(self.incident)  # it may have been restricted meanwhile
        screen, now = self.desk.talk, self.desk.now()
        screen.block("Meanwhile, on this incident:", "warn")
        for line in timeline(self.incident, theirs, self.zone):
            cards.happened(screen, line.text, line.by, line.recorded_at, now)
        if self.incident.status == "closed":
            raise CrisisError(
                f"{self.incident.id} was closed meanwhile: your last answer was not recorded",
                hint=f'`crisisctl reopen {self.incident.id} --because "…"` opens it again',
                code=1,
            )
        if place is not None and not holds(place.step.when, self.incident, now=self.now()):
            raise Moved
        if _touches(mine, theirs, place):
            if not all(isinstance(event, ev.StepStarted) for event in mine):
                screen.block("Your last answer was not recorded: theirs stands.", "warn")
            raise Moved

    def keep_up(self, mine: Sequence[ev.Event], place: Place) -> None:
        """Before something that cannot be taken back: look first at what others recorded."""
        head = self.journal.head(self.incident.id)
        if head is not None and head.seq != self.incident.seq:
            self.catch_up(mine, place)

    def asked(self) -> Keyboard:
        """The keyboard, ready to give way to a deadline."""
        if self.keyboard is None:
            raise InputNeeded("there is nobody to ask")
        self.keyboard.wake = self.wake_at()
        return self.keyboard

    def wake_at(self) -> datetime | None:
        """When a waiting prompt must give way to the next deadline."""
        if not (self.wakes and self.guided):
            return None
        return min((moment for moment, _ in self.alarms()), default=None)

    def alarms(self) -> Iterator[tuple[datetime, Due]]:
        """When each open deadline calls: shortly before it is due, or when it was put off to."""
        for due in deadlines(self.incident, now=self.now()):
            if due.open and not self.is_at(self.message_step(due)):
                yield self.put_off.get((due.name, due.due), due.due - SOON), due

    def is_at(self, step: Step | None) -> bool:
        """Whether that step is the one at hand, or there is none to go to."""
        here = self.incident.current
        return step is None or (here is not None and here.step == step.id)

    def offer(self) -> None:
        """Ask, when a deadline is close, whether to write its message now."""
        calling = [due for moment, due in self.alarms() if moment <= self.now()]
        step = self.message_step(calling[0]) if calling else None
        if step is None:
            return
        due = calling[0]
        with suppress(Back, Moved):
            if self.wanted(due):
                self.write(due.playbook, step)
        key = (due.name, due.due)
        if any((other.name, other.due) == key for _, other in self.alarms()):
            self.put_off[key] = due.due if self.now() < due.due else self.now() + SOON
            self.record(lambda _: [ev.NoteAdded(f"Put off: {due.title}", "deadline")])

    def wanted(self, due: Due) -> bool:
        """Whether the operator writes the message of a deadline now."""
        asked = self.asked()
        asked.wake = None
        self.desk.talk.bell()
        return asked.confirm(f"{due.title}: {cards.due_in_short(due, self.now())}. Write it now?")

    def message_step(self, due: Due) -> Step | None:
        """The step that says how the message of a deadline is sent."""
        for plan in self.incident.plans.values():
            step = plan.sends(due.message)
            if step is not None:
                return step
        return None

    def write(self, playbook: str, step: Step) -> None:
        """Send a step's message out of turn; where the walk stands does not change."""
        from crisisctl.cli import asking, sending

        plan = playbook or self.incident.playbook.playbook
        place = Place(plan, "communicate", step, 1, 1)
        woke, self.wakes = self.wakes, False
        try:
            if self.guided and step.send:
                asking.facts(self, place, anew=asked_anew(self.incident, step.send.message))
            sending.send(self, place, sending.Wish(out_of_turn=True))
        finally:
            self.wakes = woke

    def tell_until(self, moment: datetime) -> None:
        """In a replay, send what went out between two steps, each at its own time."""
        from crisisctl.cli.asking import record_fact

        for message in self.answers.messages if self.answers else ():
            playbook, step = self.sender(message.send)
            sent = any(s.at == message.at for s in self.incident.sent)
            if step is None or sent or message.at > moment:
                continue
            self.at = message.at
            for name, fact in message.facts.items():
                record_fact(self, name, fact.value, fact.status, fact.source)
            self.write(playbook, step)

    def sender(self, message: str) -> tuple[str, Step | None]:
        """The plan and the step that send a message; of several plans, the first."""
        for plan in self.incident.plans.values():
            if (step := plan.sends(message)) is not None:
                return plan.playbook, step
        return "", None

    def keep_rhythm(self, until: datetime) -> None:
        """In the playbook's own example, send each update that comes due before a moment."""
        if self.answers is None or not self.answers.example:
            return
        while (due := self.next_message()) and due.due < until:
            step = self.message_step(due)
            if self.is_at(step) or step is None:
                return
            self.at = max(self.now(), due.due - EARLY)
            self.write(due.playbook, step)

    def next_message(self) -> Due | None:
        """The open obligation that a message meets and that is due first."""
        still = deadlines(self.incident, now=self.now())
        return next((due for due in still if due.open and due.message), None)


def _told(incident: Incident) -> Iterator[datetime]:
    """How far a replay has come, for one that was cut short."""
    if incident.declared_at is not None:
        yield incident.declared_at
    yield from incident.milestones.values()
    yield from (state.at for state in incident.steps.values())
    yield from (sent.at for sent in incident.sent)


def _touches(mine: Sequence[ev.Event], theirs: Sequence[ev.Entry], place: Place | None) -> bool:
    """Whether somebody answered the very question that was being answered, or ended the step."""
    about = {_subject(event) for event in mine} - {""}
    # a text must not state what was corrected while it was read
    about |= {f"fact {name}" for e in mine if isinstance(e, ev.MessageSent) for name in e.uses}
    if place is not None:
        about.add(f"step {place.playbook} {place.step.id}")
    return any(_subject(entry.event) in about for entry in theirs)


def _subject(event: ev.Event) -> str:
    """What an event settles, so that two operators do not settle it twice."""
    match event:
        case ev.FactRecorded() | ev.FactRetracted() | ev.DecisionTaken():
            return f"fact {event.fact}"
        case ev.MessageSent():
            return f"message {event.message}"
        case ev.NoticeDecided():
            return f"clock {event.clock}"
        case ev.ReviewAnswered() | ev.ReviewMarked():
            return f"review {event.review}"
        case ev.StrategyChosen():
            return f"topic {event.topic}"
        case ev.RoleAssigned() | ev.RoleHandedOver():
            return f"role {event.role}"
        case ev.StepCompleted() | ev.StepSkipped():
            return f"step {event.playbook} {event.step}"
    return ""
