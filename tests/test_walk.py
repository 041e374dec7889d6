"""The walk with a scripted operator: what is asked, offered, recorded and shown."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fakes import ENTER, FakeOperator, Unasked, Waits, World
from small import PLAYBOOK, small, write

from crisisctl.cli.keyboard import Back, Paused
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.store import Stamp, load, record

Script = list[tuple[str, Any]]

PAUSE: Script = [("What now?", "pause")]
APPROVE = ('The message "hello"', "approve")
RINGS = ("What now?", Waits(minutes=6))

GO: Script = [("What now?", ENTER)]
LOOK: Script = [
    *GO,
    ("Who is commander?", ENTER),
    ("What is the shop called?", "Kestrel"),
    ("Since when?", "-10m"),
    ("What is done?", ["0", "1"]),
]
CAUSE: Script = [("What is the cause?", "change"), ("How sure is that?", "confirmed")]
ETA_OPEN: Script = [("When will it work?", "")]
GAUGE: Script = [
    *GO,
    ("Can customers pay?", "none"),
    ("What does not work?", ["cart"]),
    *CAUSE,
    *ETA_OPEN,
]
TELL: Script = [*GO, APPROVE]
WAY: Script = [*GO, ("Another way to order?", "phone"), ("Because?", "Two people are ready")]
REST: Script = [
    *GO,
    ("What is done?", ["0"]),
    *GO,
    ('The message "update"', "approve"),
    *GO,
    *GO,
]
FIRST_WORD = (
    "{first-word: {title: First word, from: declared, within: {sev1: 10m, sev4: 2h}, "
    "met_by: hello}}"
)


def a_world(folder: Path, **changes: Any) -> World:
    """The small crisis, declared a moment ago."""
    world = World(small(folder / "shop", **changes))
    world.declare()
    return world


def paused(world: World, script: Script) -> FakeOperator:
    """Walk by this script, which ends by pausing."""
    operator = FakeOperator([*script, *PAUSE])
    with pytest.raises(Paused):
        world.walk(operator)
    operator.done()
    return operator


def test_walk_asks_each_question_once_and_ends_with_the_last_step(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    operator = FakeOperator([*LOOK, *GAUGE, *TELL, *WAY, *REST])

    incident = world.walk(operator)

    operator.done()
    assert {step: state.status for (_, step), state in incident.steps.items()} == {
        "look": "done",
        "gauge": "done",
        "tell": "done",
        "way": "done",
        "phones": "done",
        "again": "done",
        "fix": "done",
        "learn": "done",
    }
    assert incident.facts["workaround"].value == "phone"
    assert [sent.event.message for sent in incident.sent] == ["hello", "update"]
    assert world.incident() == incident


def test_header_says_where_how_long_and_what_is_due(tmp_path: Path) -> None:
    world = a_world(tmp_path, deadlines=FIRST_WORD)
    world.clock.tick(minutes=2, seconds=5)

    paused(world, [])

    assert "small-2026-11-27 · SEVERITY NOT JUDGED YET" in world.said
    assert "00:02:05 since declared" in world.said
    assert "assess (stage 1/5) · step 1/2" in world.said
    assert "first-word due in 7 min" in world.said
    assert "First word: 2026-11-27 20:14 CET (UTC+1)" in world.said


def test_card_shows_role_timebox_guide_and_checklist(tmp_path: Path) -> None:
    world = a_world(tmp_path)

    paused(world, [])

    assert "role: commander (nobody yet) · timebox: 3m" in world.said
    assert "  Open the site from a phone, as a customer would." in world.said
    assert "  - Seen from outside\n  - Monitoring read" in world.said


def test_resumed_walk_comes_to_the_same_step_and_asks_only_what_is_open(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    first = FakeOperator([*LOOK[:3], ("Since when?", KeyboardInterrupt)])
    with pytest.raises(KeyboardInterrupt):
        world.walk(first)

    second = paused(world, [*GO, *LOOK[3:], *GAUGE])

    assert second.seen[1][0].startswith("Since when?")
    assert world.incident().facts["shop"].value == "Kestrel"


def test_answer_that_is_already_known_is_shown_instead_of_asked(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    paused(world, [*LOOK[:3], ("Since when?", Back)])

    paused(world, [])

    assert "✓ What is the shop called? Kestrel" in world.said


def test_step_is_skipped_with_a_reason(tmp_path: Path) -> None:
    world = a_world(tmp_path)

    operator = paused(
        world, [("What now?", "skip"), ("Why is it skipped?", ""), ("", "Done by phone")]
    )

    state = world.incident().steps["small", "look"]
    assert (state.status, state.because) == ("skipped", "Done by phone")
    assert operator.refused == ["a few words, please"]


def test_note_is_kept_and_the_step_stays_at_hand(tmp_path: Path) -> None:
    world = a_world(tmp_path)

    paused(world, [("What now?", "note"), ("Note:", "The host called")])

    incident = world.incident()
    assert [note.text for note in incident.notes] == ["The host called"]
    assert incident.steps["small", "look"].status == "doing"


def test_leaving_a_note_goes_back_to_the_menu(tmp_path: Path) -> None:
    world = a_world(tmp_path)

    paused(world, [("What now?", "note"), ("Note:", Back)])

    assert world.incident().notes == []


def test_first_step_offers_no_way_back(tmp_path: Path) -> None:
    world = a_world(tmp_path)

    with pytest.raises(Unasked, match="back is not among"):
        world.walk(FakeOperator([("What now?", "back")]))


def test_going_back_offers_every_answer_as_it_stands(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    back: Script = [
        ("What now?", "back"),
        *GO,
        ("Who is commander?", "jo"),
        ("What is the shop called?", "Kestrel & Sons"),
        ("Since when?", ENTER),
        ("What is done?", ENTER),
    ]
    looked = [*LOOK[:-1], ("What is done?", ["1"])]

    operator = paused(world, [*looked, *back])

    offered = dict(operator.seen[6:11])
    assert offered["Who is commander?"] == "ana"
    assert offered["What is the shop called?"] == "Kestrel"
    assert offered["Since when? (20:04, -15m or now)"] == "2026-11-27T19:54+01:00"
    assert offered["What is done?"] == ["1"]
    incident = world.incident()
    assert incident.facts["shop"].value == "Kestrel & Sons"
    assert incident.roles == {"commander": "jo"}
    assert incident.steps["small", "look"].open_items == ("Seen from outside",)


def test_going_back_survives_a_crash(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        world.walk(
            FakeOperator(
                [*LOOK, ("What now?", "back"), *GO, ("Who is commander", KeyboardInterrupt)]
            )
        )

    again: Script = [("What is the shop", "New"), ("Since when?", ENTER), ("What is done?", ENTER)]
    operator = paused(world, [*GO, ("Who is commander?", ENTER), *again])

    assert dict(operator.seen)["What is the shop called?"] == "Kestrel"
    assert world.incident().facts["shop"].value == "New"


def test_step_that_was_gone_back_to_and_skipped_asks_nothing_twice_afterwards(
    tmp_path: Path,
) -> None:
    world = a_world(tmp_path)
    script = [*LOOK, ("What now?", "back"), ("What now?", "skip"), ("Why", "It is right")]

    paused(world, [*script, *GAUGE])


def test_going_back_to_a_decision_offers_what_was_chosen(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    decided = [*GO, ("Another way to order?", "none"), ("Because?", "Nobody is free")]

    again: Script = [
        ("What now?", "back"),
        *GO,
        ("Another way", ENTER),
        ("Because?", "Still nobody"),
    ]

    operator = paused(world, [*LOOK, *GAUGE, *TELL, *decided, *again])

    assert ("Another way to order?", "none") in operator.seen[-4:]
    assert [decision.because for decision in world.incident().decisions] == [
        "Nobody is free",
        "Still nobody",
    ]


def test_esc_at_a_question_leads_back_to_the_menu_and_keeps_what_was_saved(tmp_path: Path) -> None:
    world = a_world(tmp_path)

    paused(world, [*LOOK[:3], ("Since when?", Back), *GO, *LOOK[3:]])

    assert world.incident().facts["shop"].value == "Kestrel"


def test_typed_garbage_is_refused_in_one_line_and_asked_again(tmp_path: Path) -> None:
    world = a_world(tmp_path)

    operator = paused(world, [*LOOK[:3], ("Since when?", "soonish"), *LOOK[3:]])

    assert len(operator.refused) == 1
    assert "\n" not in operator.refused[0]
    assert '"soonish" is not a time' in operator.refused[0]


def test_choices_must_not_be_left_empty(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    script = [*LOOK, *GAUGE[:2], ("What does not work?", []), ("What does not work?", ["search"])]

    paused(world, [*script, *CAUSE, *ETA_OPEN])

    assert world.incident().facts["parts"].value == ["search"]
    assert "Tick at least one." in world.said


def test_optional_question_is_left_open_by_enter(tmp_path: Path) -> None:
    world = a_world(tmp_path)

    paused(world, [*LOOK, *GAUGE])

    assert "eta" not in world.incident().facts


def test_certainty_is_asked_and_defaults_to_suspected(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    unsure: Script = [("What is the cause?", "load"), ("How sure is that?", ENTER)]

    paused(world, [*LOOK, *GAUGE[:3], *unsure, *ETA_OPEN])

    assert world.incident().facts["cause"].status == "suspected"


def test_time_that_was_understood_is_shown_with_the_word_saved(tmp_path: Path) -> None:
    world = a_world(tmp_path)

    paused(world, LOOK)

    assert "✓ saved: 2026-11-27 19:54 CET (UTC+1)" in world.said


def test_decision_shows_what_speaks_for_and_against_and_needs_a_reason(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    way = [*GO, ("Another way to order?", "none"), ("Because?", " "), ("Because?", "Nobody free")]

    operator = paused(world, [*LOOK, *GAUGE, *TELL, *way])

    assert "for: Works at once" in world.said
    assert "against: Needs people" in world.said
    assert operator.refused == ["the reason is what the post-mortem needs most"]
    decision = world.incident().decisions[0]
    assert (decision.option, decision.because) == ("none", "Nobody free")


def test_option_that_was_not_chosen_leaves_its_steps_out(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    way = [*GO, ("Another way to order?", "none"), ("Because?", "Nobody free")]

    paused(world, [*LOOK, *GAUGE, *TELL, *way])

    assert "Tell customers again" in world.said
    assert ("small", "phones") not in world.incident().steps


def test_message_review_shows_lengths_and_a_text_before_anything_is_sent(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    review = [*GO, ('The message "hello"', "later")]

    paused(world, [*LOOK, *GAUGE, *review])

    assert "channel      en" in world.said
    assert "/280" in world.said
    assert "Down: Kestrel" in world.said
    assert world.incident().sent == []
    assert world.incident().steps["small", "tell"].status == "doing"
    assert not (tmp_path / "shop" / "home" / "outbox").exists()


def test_texts_can_be_read_in_another_language_before_they_are_approved(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    review = [*GO, ('The message "hello"', "read"), ("In which language?", "fr")]

    paused(world, [*LOOK, *GAUGE, *review, ('The message "hello"', "approve")])

    assert "x · fr" in world.said
    assert "toutes nos excuses" in world.said
    assert len(world.incident().sent) == 1


def test_approved_texts_are_files_to_copy_from(tmp_path: Path) -> None:
    world = a_world(tmp_path)

    paused(world, [*LOOK, *GAUGE, *TELL])

    [sent] = world.incident().sent
    outbox = tmp_path / "shop" / "home" / "outbox" / world.id / "01-hello"
    assert str(outbox) in world.said
    assert {text.file for text in sent.event.texts} == {
        str(outbox / f"{channel}.{locale}.txt")
        for channel in ("status-page", "x")
        for locale in ("en", "fr")
    }
    assert (outbox / "x.en.txt").read_text(encoding="utf-8").startswith("Kestrel: we are sorry")


def test_text_that_is_too_long_is_named_and_left_out(tmp_path: Path) -> None:
    world = a_world(tmp_path, extra=" word" * 60)

    paused(world, [*LOOK, *GAUGE, *TELL])

    assert "x.en is too long" in world.said
    [sent] = world.incident().sent
    assert {text.channel for text in sent.event.texts} == {"status-page"}


def test_message_without_a_confirmed_fact_asks_for_it(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    skipped: Script = [("What now?", "skip"), ("Why", "Later")]

    needed: Script = [("What is the shop called?", "Kestrel"), ("Since when?", "now")]

    paused(world, [*skipped, *skipped, *GO, *needed, APPROVE])

    assert world.incident().facts["shop"].value == "Kestrel"
    assert len(world.incident().sent) == 1


def test_message_that_cannot_be_rendered_does_not_end_the_walk(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    write(tmp_path / "shop/templates/small/hello.fr.j2", "{% block body %}{% endblock %}")

    paused(world, [*LOOK, *GAUGE, *GO])

    assert "The message cannot be written yet" in world.said
    assert world.incident().steps["small", "tell"].status == "doing"


def test_messages_can_be_read_at_any_step(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    read = [("What now?", "messages"), ("Which message?", "tell"), ("In which language?", "en")]

    paused(world, [*LOOK, *read])

    assert "x · en" in world.said
    assert world.incident().sent == []


def test_message_that_lacks_facts_cannot_be_shown_yet(tmp_path: Path) -> None:
    world = a_world(tmp_path)

    paused(world, [("What now?", "messages"), ("Which message?", "tell")])

    assert "It cannot be shown yet" in world.said


def test_action_items_are_added_in_the_last_stage(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    add: Script = [
        ("What now?", "action"),
        ("What is to be done?", "Practise the restore"),
        ("Who does it?", "jo"),
        ("By when?", "soon"),
        ("By when?", "2026-12-11"),
    ]

    operator = paused(world, [*LOOK, *GAUGE, *TELL, *WAY, *REST[:-1], *add, *add[:-2], ("By", "")])

    actions = world.incident().actions
    assert [(a.number, a.title, a.owner, a.due) for a in actions.values()] == [
        (1, "Practise the restore", "jo", "2026-12-11"),
        (2, "Practise the restore", "jo", ""),
    ]
    assert operator.refused == ["a date such as 2026-12-11"]


def test_deadline_that_comes_due_cuts_in_and_keeps_what_was_typed(tmp_path: Path) -> None:
    world = a_world(tmp_path, deadlines=FIRST_WORD)
    shop = "What is the shop called?"

    rings: Script = [(shop, Waits("Kes", minutes=6)), ("Write it now?", False)]

    operator = paused(world, [*LOOK[:2], *rings, *GO, (shop, ENTER), *LOOK[3:]])

    assert "First word: first-word due in 4 min. Write it now?" in [q for q, _ in operator.seen]
    assert (shop, "Kes") in operator.seen
    assert world.incident().facts["shop"].value == "Kes"


def test_putting_a_deadline_off_is_recorded_and_it_rings_again_when_due(tmp_path: Path) -> None:
    world = a_world(tmp_path, deadlines=FIRST_WORD)
    rings: Script = [
        ("What now?", Waits(minutes=6)),
        ("Write it now?", False),
        ("What now?", Waits(minutes=4)),
        ("Write it now?", False),
        ("What now?", Waits(minutes=5)),
        ("Write it now?", Back),
    ]

    operator = paused(world, rings)

    assert [note.text for note in world.incident().notes] == ["Put off: First word"] * 3
    assert "First word: first-word OVERDUE by 5 min. Write it now?" in [q for q, _ in operator.seen]


def test_deadline_that_was_put_off_does_not_silence_the_next_one(tmp_path: Path) -> None:
    second = (
        "second-word: {title: Second word, from: declared, within: {sev1: 12m}, met_by: update}"
    )
    world = a_world(tmp_path, deadlines=FIRST_WORD.replace("{first", f"{{{second}, first", 1))
    rings: Script = [
        RINGS,
        ("First word: first-word due in 4 min", False),
        ("What now?", Waits(minutes=1)),
        ("Second word: second-word due in 5 min", False),
        ("What now?", Waits(minutes=3)),
        ("First word: first-word due in 0 s", False),
    ]

    paused(world, rings)


def test_message_of_a_deadline_is_written_out_of_turn(tmp_path: Path) -> None:
    world = a_world(tmp_path, deadlines=FIRST_WORD)
    write_now: Script = [("Write it now?", True), ('The message "hello"', "approve")]

    paused(world, [*LOOK, ("What now?", Waits(minutes=6)), *write_now])

    incident = world.incident()
    assert [sent.event.message for sent in incident.sent] == ["hello"]
    assert incident.current is not None
    assert incident.current.step == "gauge"
    assert ("small", "tell") not in incident.steps
    assert incident.notes == []


def test_message_written_early_asks_for_the_facts_it_needs(tmp_path: Path) -> None:
    world = a_world(tmp_path, deadlines=FIRST_WORD)
    needed: Script = [("What is the shop called?", "Kestrel"), ("Since when?", "-5m")]

    paused(world, [RINGS, ("Write it now?", True), *needed, APPROVE])

    assert len(world.incident().sent) == 1


def test_deadline_does_not_cut_into_writing_its_own_message(tmp_path: Path) -> None:
    world = a_world(tmp_path, deadlines=FIRST_WORD)

    review: Script = [('The message "hello"', "read"), ("In which language?", "en")]
    later = ('The message "hello"', "later")

    paused(world, [*LOOK, RINGS, ("Write it now?", True), *review, later])

    assert [note.text for note in world.incident().notes] == ["Put off: First word"]


def test_write_now_stands_in_the_menu_while_something_is_due(tmp_path: Path) -> None:
    world = a_world(tmp_path, deadlines=FIRST_WORD)

    paused(world, [*LOOK, ("What now?", "write"), ('The message "hello"', "approve")])

    assert len(world.incident().sent) == 1


def test_deadline_is_quiet_at_the_step_that_meets_it(tmp_path: Path) -> None:
    world = a_world(tmp_path, deadlines=FIRST_WORD)
    paused(world, [*LOOK, *GAUGE])
    world.clock.tick(minutes=9)

    paused(world, TELL)

    assert len(world.incident().sent) == 1


def test_step_says_that_its_message_went_out_already(tmp_path: Path) -> None:
    world = a_world(tmp_path, deadlines=FIRST_WORD)

    paused(world, [*LOOK, ("What now?", "write"), ('The message "hello"', "approve"), *GAUGE])

    assert '✓ "hello" went out 2026-11-27 20:04 CET (UTC+1)' in world.said


def test_update_that_goes_out_once_more_asks_its_facts_anew(tmp_path: Path) -> None:
    rule = "{again: {title: Again, from: last-message, within: {sev1: 10m}, met_by: update}}"
    playbook = PLAYBOOK.replace("title: Tell customers again", "title: Again\n      ask: [eta]")
    world = a_world(tmp_path, deadlines=rule, playbook=playbook)
    sure: Script = [("How sure is that?", "confirmed")]
    eta: Script = [("When will it work?", "2026-11-27T21:00"), *sure]
    walked = [*LOOK, *GAUGE, *TELL, *WAY, *GO, ("What is done?", []), *GO, *eta]

    update = ('The message "update"', "approve")
    anew: Script = [("When will it work?", "2026-11-27T21:30"), *sure, update]

    operator = paused(world, [*walked, update, RINGS, ("Write it now?", True), *anew])

    assert operator.seen[-4][1] == "2026-11-27T21:00+01:00"
    assert world.incident().facts["eta"].value == "2026-11-27T20:30:00Z"


def test_typed_answer_survives_a_deadline_at_the_question_how_sure_it_is(tmp_path: Path) -> None:
    world = a_world(tmp_path, deadlines=FIRST_WORD)
    before = [*LOOK, *GAUGE[:3], *CAUSE]
    eta = "When will it work?"

    rings: Script = [(eta, "20:15"), ("How sure", Waits(minutes=6)), ("Write it now?", False)]

    operator = paused(world, [*before, *rings, *GO, (eta, ENTER), ("How sure", "confirmed")])

    assert "20:15" in [offered for question, offered in operator.seen if eta in question]
    assert world.incident().facts["eta"].status == "confirmed"


def test_severity_follows_the_worst_answer_and_is_said(tmp_path: Path) -> None:
    world = a_world(tmp_path)

    paused(world, [*LOOK, *GAUGE])

    assert world.incident().severity == "sev1"
    assert "✓ severity sev1: Can customers pay? Nobody can" in world.said


def test_milder_answer_leaves_the_severity_and_says_how_to_lower_it_once(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    milder: Script = [
        ("What now?", "back"),
        *GO,
        ("Can customers pay?", "all"),
        ("What does not work?", ENTER),
        *CAUSE,
        *ETA_OPEN,
    ]

    paused(world, [*LOOK, *GAUGE, *milder])

    assert world.incident().severity == "sev1"
    assert " ".join(world.said.split()).count("crisisctl severity sev4") == 1


class Meddling(FakeOperator):
    """An operator during whose first answer to `at` another one records something."""

    def __init__(self, script: Script, world: World, at: str, *theirs: ev.Event) -> None:
        super().__init__(script)
        self.world, self.at, self.theirs = world, at, theirs

    def _next(self, question: str, offered: Any) -> Any:
        if self.at in question and self.theirs:
            theirs, self.theirs = self.theirs, ()
            meddle(self.world, *theirs)
        return super()._next(question, offered)


def meddle(world: World, *theirs: ev.Event) -> None:
    """Record something as another operator, from another process."""
    with world.journal() as journal:
        record(journal, load(journal, world.id), list(theirs), Stamp("jo", world.clock.now))


def raced(world: World, at: str, *theirs: ev.Event, script: Script) -> None:
    """Walk by this script while jo records something during the question `at`."""
    operator = Meddling([*script, *PAUSE], world, at, *theirs)
    with pytest.raises(Paused):
        world.walk(operator)
    operator.done()


def test_decision_that_was_recorded_before_a_crash_is_not_asked_again(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    paused(world, [*LOOK, *GAUGE, *TELL])
    meddle(world, ev.DecisionTaken("small", "way", "workaround", "none", "Nobody is free"))

    paused(world, GO)

    assert len(world.incident().decisions) == 1
    assert world.incident().steps["small", "way"].status == "done"


def test_message_that_was_recorded_before_a_crash_is_neither_sent_nor_asked_for_again(
    tmp_path: Path,
) -> None:
    playbook = PLAYBOOK.replace("title: Tell customers\n", "title: Tell\n      ask: [shop]\n")
    world = a_world(tmp_path, playbook=playbook)
    paused(world, [*LOOK, *GAUGE])
    meddle(world, ev.MessageSent("hello", "customers", ()))

    paused(world, GO)

    assert len(world.incident().sent) == 1
    assert world.incident().steps["small", "tell"].status == "done"


def test_loser_of_a_race_sees_what_the_other_answered_and_goes_on_from_there(
    tmp_path: Path,
) -> None:
    world = a_world(tmp_path)
    theirs = ev.FactRecorded("shop", "Merlin", "confirmed", "jo")

    raced(world, "shop", theirs, script=[*LOOK[:3], *GO, *LOOK[3:]])

    assert "Meanwhile, on this incident:" in world.said
    assert "Merlin" in world.said
    assert "Your last answer was not recorded: theirs stands." in world.said
    assert world.incident().facts["shop"].value == "Merlin"


def test_note_of_another_operator_does_not_lose_my_answer(tmp_path: Path) -> None:
    world = a_world(tmp_path)

    raced(world, "shop", ev.NoteAdded("The host called"), script=LOOK)

    assert "The host called" in world.said
    assert "not recorded" not in world.said
    assert world.incident().facts["shop"].value == "Kestrel"


def test_step_that_the_other_finished_is_not_opened_again(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    theirs = ev.StepCompleted("small", "look")

    raced(world, "What is done?", theirs, script=[*LOOK, *GAUGE])

    assert world.kinds().count("step-completed") == 2
    assert world.incident().steps["small", "look"].open_items == ()


def test_role_that_the_other_took_is_not_taken_away(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    theirs = ev.RoleAssigned("commander", "jo")

    raced(world, "Who is commander?", theirs, script=[*LOOK[:2], *GO, *LOOK[2:]])

    assert world.incident().roles == {"commander": "jo"}


def test_message_that_the_other_sent_is_not_written_over(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    folder = tmp_path / "shop/home/outbox" / world.id / "01-hello"
    file = write(folder / "x.en.txt", "What jo sent")
    theirs = ev.MessageSent("hello", "customers", (ev.SentText("x", "en", "0" * 64, str(file)),))

    raced(world, 'The message "hello"', theirs, script=[*LOOK, *GAUGE, *TELL, *GO])

    assert file.read_text(encoding="utf-8") == "What jo sent"
    assert len(world.incident().sent) == 1


def test_text_whose_fact_was_taken_back_meanwhile_is_not_sent(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    theirs = ev.FactRetracted("cause", "It was something else")
    again: Script = [*GO, ('The message "hello"', "approve")]

    raced(world, 'The message "hello"', theirs, script=[*LOOK, *GAUGE, *TELL, *again])

    [sent] = world.incident().sent
    assert "cause" not in sent.event.uses
    body = Path(sent.event.texts[0].file).read_text(encoding="utf-8")
    assert "CAUSE" not in body


def test_action_items_of_two_operators_get_numbers_of_their_own(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    theirs = ev.ActionAdded(1, "Theirs", "jo")
    mine: Script = [
        ("What now?", "action"),
        ("What is to be done?", "Mine"),
        ("Who", ""),
        ("By", ""),
    ]

    raced(world, "By when?", theirs, script=[*LOOK, *GAUGE, *TELL, *WAY, *REST[:-1], *mine])

    actions = world.incident().actions
    assert {number: action.title for number, action in actions.items()} == {1: "Theirs", 2: "Mine"}


def test_walk_stops_when_the_other_closes_the_incident(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    operator = Meddling(list(LOOK), world, "shop", ev.IncidentClosed("Done"))

    with pytest.raises(CrisisError, match="was closed meanwhile"):
        world.walk(operator)

    assert world.kinds()[-1] == "incident-closed"


def test_elapsed_clock_counts_from_the_declaration(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    world.clock.tick(hours=26)

    paused(world, [])

    assert "26:00:00 since declared" in world.said
    assert world.incident().declared_at == world.clock.now - timedelta(hours=26)
