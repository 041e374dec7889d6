"""Killed at any moment, the incident goes on as if nothing had happened."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deadly import CHILD
from sessions import MENU, events, resumed, started
from small import ANSWERS, answers, small
from terminal import PROGRAM, Terminal, world

from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.incident.store import load
from crisisctl.journal import Journal, verify

STORY = (
    ANSWERS
    + """\
at: "2026-11-20T20:10+01:00"
steps:
  gauge: {at: "2026-11-20T20:20+01:00", note: The host called}
  phones: {open: [People there]}
  learn: {skip: It was a rehearsal}
notes: [{text: We were lucky, topic: got-lucky}]
actions: [{title: Practise the restore, owner: jo}]
"""
)
"""Answers that replay a past crisis at its own times."""


def start(folder: Path, *how: object, playbook: str = "small") -> int:
    """Start in a child that kills itself as told by `how`; its exit code."""
    walked = ["start", playbook, "--answers", str(folder / "answers.yaml"), "--no-input"]
    return subprocess.run(
        [sys.executable, CHILD, *map(str, how), *walked],
        cwd=folder / "shop",
        env=world(folder / "home"),
        capture_output=True,
        check=False,
    ).returncode


def crisisctl(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The installed program, with nobody at the keyboard."""
    return subprocess.run(
        [str(PROGRAM), *words],
        cwd=folder / "shop",
        env=world(folder / "home"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def go_on(folder: Path) -> None:
    """Resume with the same answers, to the end."""
    done = crisisctl(folder, "resume", "--answers", str(folder / "answers.yaml"), "--no-input")
    assert done.returncode == 0, done.stderr


def incident(folder: Path) -> Incident:
    """The one incident, as its journal tells it."""
    with Journal.open(folder / "home" / "journal.db") as journal:
        [head] = journal.heads()
        return load(journal, head.incident)


def outcome(found: Incident) -> dict[str, Any]:
    """What an incident came to, without when each thing was written down."""
    return {
        "status": found.status,
        "severity": found.severity,
        "facts": {name: (known.value, known.status) for name, known in found.facts.items()},
        "steps": {k: (s.status, s.because, s.open_items) for k, s in found.steps.items()},
        "decisions": [(d.step, d.option, d.because) for d in found.decisions],
        "milestones": sorted(found.milestones),
        "sent": [(s.event.message, s.event.uses, len(s.event.texts)) for s in found.sent],
        "roles": found.roles,
        "notes": [(note.text, note.topic) for note in found.notes],
        "actions": [(a.number, a.title, a.owner) for a in found.actions.values()],
        "promises": [p.event.promise for p in found.promises],
    }


def a_shop(folder: Path, text: str = ANSWERS, **changes: Any) -> Path:
    """A folder with the small playbook and an answers file for it."""
    small(folder / "shop", **changes)
    answers(folder, text)
    return folder


def is_whole(folder: Path) -> bool:
    """Whether the journal verifies clean, and every text that is recorded as sent is there."""
    files = [Path(text.file) for sent in incident(folder).sent for text in sent.event.texts]
    assert all(file.is_file() for file in files)
    assert not list((folder / "home").rglob("*.part"))
    return not list(verify(folder / "home" / "journal.db"))


def sweep(folder: Path, text: str, moment: str) -> Iterator[tuple[int, Path]]:
    """A folder for each journal write, in which the walk was killed around that write."""
    number = 1
    while True:
        here = a_shop(folder / str(number), text)
        code = start(here, "append", moment, number)
        if code == 0:
            assert number > 20, "the walk has fewer writes than it should"
            return
        assert code == -signal.SIGKILL
        yield number, here
        number += 1


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("text", [ANSWERS, STORY], ids=["now", "replay"])
def test_walk_killed_after_any_write_ends_as_one_that_was_not(tmp_path: Path, text: str) -> None:
    whole = a_shop(tmp_path / "whole", text)
    assert start(whole, "append", "never", 0) == 0
    expected = outcome(incident(whole))
    times = incident(whole).milestones if text == STORY else None

    for number, here in sweep(tmp_path, text, "after"):
        go_on(here)
        assert outcome(incident(here)) == expected, f"killed after write {number}"
        assert is_whole(here)
        if times is not None:
            assert incident(here).milestones == times, f"killed after write {number}"
        shutil.rmtree(here)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_walk_killed_before_any_write_ends_as_one_that_was_not(tmp_path: Path) -> None:
    whole = a_shop(tmp_path / "whole")
    assert start(whole, "append", "never", 0) == 0
    expected = outcome(incident(whole))

    for number, here in sweep(tmp_path, ANSWERS, "before"):
        if number == 1:  # nothing was declared yet
            assert crisisctl(here, "resume").returncode == 2
            continue
        go_on(here)
        assert outcome(incident(here)) == expected, f"killed before write {number}"
        assert is_whole(here)
        shutil.rmtree(here)


@pytest.mark.parametrize(("moment", "number"), [("after", 3), ("after", 9), ("before", 12)])
def test_killed_walk_goes_on_where_it_stopped(tmp_path: Path, moment: str, number: int) -> None:
    whole, here = a_shop(tmp_path / "whole"), a_shop(tmp_path / "killed")
    assert start(whole, "append", "never", 0) == 0

    assert start(here, "append", moment, number) == -signal.SIGKILL
    go_on(here)

    assert outcome(incident(here)) == outcome(incident(whole))
    assert is_whole(here)


def test_facts_of_the_workspace_are_not_lost_when_the_start_is_cut_short(tmp_path: Path) -> None:
    branded = "locales: [en, fr]\nbrand: {name: Merlin}"
    playbook = (tmp_path / "whole/shop/playbooks/small.yaml").name
    here = a_shop(tmp_path, ANSWERS.replace("  shop: Kestrel\n", ""), settings=branded)
    plan = here / "shop" / "playbooks" / playbook
    asked = "ask: What is the shop called?"
    plan.write_text(plan.read_text().replace(asked, f"{asked}, workspace: brand.name"))

    assert start(here, "append", "after", 1) == -signal.SIGKILL
    go_on(here)

    assert incident(here).facts["shop"].value == "Merlin"


@pytest.mark.parametrize(
    ("what", "moment", "number"),
    [("pack", "before", 1), ("pack", "after", 1), ("pack", "after", 2), ("text", "after", 3)],
    ids=["before the files", "before recording", "before recording the second", "among files"],
)
def test_message_whose_sending_was_cut_short_is_sent_once(
    tmp_path: Path, what: str, moment: str, number: int
) -> None:
    here = a_shop(tmp_path)

    assert start(here, what, moment, number) == -signal.SIGKILL
    already = len(incident(here).sent)
    go_on(here)

    found = incident(here)
    assert already < 2
    assert [sent.event.message for sent in found.sent] == ["hello", "update"]
    folders = sorted(path.name for path in (here / "home/outbox" / found.id).iterdir())
    assert folders == ["01-hello", "02-update"]
    assert is_whole(here)


def test_half_written_file_is_never_taken_for_a_text(tmp_path: Path) -> None:
    here = a_shop(tmp_path)

    assert start(here, "text", "before", 2) == -signal.SIGKILL

    [folder] = (here / "home/outbox").glob("*/*")
    assert [path.name for path in folder.iterdir()] == ["status-page.en.txt"]
    assert incident(here).sent == []


KEYS = {
    MENU: ("enter",),
    "Who is commander?": ("jo", "enter"),
    "What is the shop called?": ("Kestrel", "enter"),
    "Since when?": ("2026-11-20T20:04", "enter"),
    "What is done?": ("a", "enter"),
    "Can customers pay?": ("enter",),
    "What does not work?": ("a", "enter"),
    "What is the cause?": ("down", "enter"),
    "How sure is that?": ("enter",),
    "When will it work?": ("enter",),
    'The message "hello"': ("enter",),
    "Another way to order?": ("enter",),
    "Because?": ("Two people are ready", "enter"),
    'The message "update"': ("enter",),
}
"""What an operator presses at each question of the small playbook."""


def steer(terminal: Terminal, prompts: int) -> int:
    """Answer so many prompts as they come; how many there were when the walk ended."""
    for number in range(prompts):
        if not terminal.next_prompt(number):
            return number
        question = terminal.waiting_at()
        [keys] = [keys for asked, keys in KEYS.items() if asked in question]
        terminal.press(*keys)
    terminal.next_prompt(prompts)
    return prompts


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_terminal_killed_at_any_prompt_resumes_with_every_answer_it_showed_as_saved(
    tmp_path: Path,
) -> None:
    (tmp_path / "whole").mkdir()
    with started(tmp_path / "whole") as terminal:
        prompts = steer(terminal, 100)
        assert terminal.wait() == 0
    expected = outcome(incident(tmp_path / "whole"))
    assert prompts > 15

    for number in range(prompts):
        here = tmp_path / str(number)
        with started(here) as terminal:
            steer(terminal, number)
            told = "\n".join(terminal.story())
            terminal.hang_up(signal.SIGKILL)
            terminal.child.wait()
        kept = sum(isinstance(e, ev.FactRecorded) for e in events(here))
        assert kept == told.count("✓ saved") + told.count("✓ severity"), told

        with resumed(here) as terminal:
            steer(terminal, 100)
            assert terminal.wait() == 0
        assert outcome(incident(here)) == expected, f"killed at prompt {number}"
        assert is_whole(here)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("told", ["gitlab-2017-01-31", "cloudflare-2025-11-18"])
def test_real_outage_killed_now_and_then_ends_with_the_same_metrics(
    tmp_path: Path, told: str
) -> None:
    file = Path(__file__).parent / "incidents" / f"{told}.yaml"

    def an_outage(name: str) -> Path:
        (tmp_path / name / "shop").mkdir(parents=True)
        answers(tmp_path / name, file.read_text(encoding="utf-8"))
        return tmp_path / name

    whole = an_outage("whole")
    assert start(whole, "append", "never", 0, playbook="outage") == 0
    expected, metrics = outcome(incident(whole)), measured(whole)
    writes = len(events(whole)) // 2  # every second event is in a write of its own, at least

    for number in range(2, writes, max(1, writes // 6)):
        here = an_outage(str(number))
        assert start(here, "append", "after", number, playbook="outage") == -signal.SIGKILL
        go_on(here)
        assert outcome(incident(here)) == expected, f"killed after write {number}"
        assert measured(here) == metrics
        assert is_whole(here)


def measured(folder: Path) -> Any:
    """The metrics of the one incident's report."""
    done = crisisctl(folder, "report", "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["metrics"]
