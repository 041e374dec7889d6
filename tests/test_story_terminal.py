"""A whole outage by the shipped playbook, typed into a real terminal."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest
from sessions import MENU
from terminal import PROGRAM, Terminal, world

from crisisctl.playbook.load import load
from crisisctl.playbook.model import Playbook
from crisisctl.workspace import shipped

ALWAYS = {
    MENU: ("enter",),
    "Who is": ("enter",),
    "What is done?": ("a", "enter"),
    "How sure is that?": ("down", "enter"),
    "The message": ("enter",),
    "Which export": ("enter",),
    "Because?": ("It is the quickest way back", "enter"),
}


def keys(question: str, plan: Playbook) -> tuple[str, ...]:
    """What somebody who follows the playbook's examples presses."""
    for asked, pressed in ALWAYS.items():
        if question.startswith(f"? {asked}"):
            return pressed
    for name in plan.names():
        spec = plan.spec(name)
        if spec is None or not spec.ask or squeezed(spec.ask) not in squeezed(question):
            continue
        if spec.type in ("choice", "flag"):
            return ("enter",)
        if spec.type == "choices":
            return ("a", "enter")
        if spec.type == "time":
            return ("now" if spec.milestone else "+7d", "enter")
        return (str(spec.example), "enter")
    raise AssertionError(f"nobody knows what to answer: {question}")


def squeezed(text: str) -> str:
    """The text however it was wrapped."""
    return "".join(text.split())


def steer(terminal: Terminal, plan: Playbook, *, most: int = 400) -> int:
    """Answer every question until the walk ends, or so many of them."""
    for number in range(most):
        if not terminal.next_prompt(number):
            return number
        terminal.press(*keys(terminal.waiting_at(), plan))
    terminal.next_prompt(most)
    return most


def crisisctl(folder: Path, *words: str) -> str:
    """The output of a command that ends well."""
    done = subprocess.run(
        [str(PROGRAM), *words],
        cwd=folder,
        env=world(folder / "home"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def of_tiers(plan: Playbook) -> set[str]:
    """The messages to those to whom something was handed out: here nobody."""
    steps = (step for _, step in plan.steps() if step.send and step.send.tiers)
    return {step.send.message for step in steps if step.send}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_outage_is_walked_to_its_report_though_the_terminal_is_killed_on_the_way(
    tmp_path: Path,
) -> None:
    plan = load(shipped("playbooks") / "outage.yaml").plan
    first = ("start", "outage", "--locale", "en", "--locale", "es")
    with Terminal(*first, home=tmp_path / "home", folder=tmp_path) as terminal:
        steer(terminal, plan, most=60)
        terminal.hang_up(signal.SIGKILL)

    with Terminal("resume", home=tmp_path / "home", folder=tmp_path) as terminal:
        steer(terminal, plan)
        assert terminal.wait() == 0
        terminal.expect_on_screen("✓ Every step is done or skipped.")

    status = json.loads(crisisctl(tmp_path, "status", "--json"))
    sent = json.loads(crisisctl(tmp_path, "message", "list", "--json"))["messages"]
    report = crisisctl(tmp_path, "report")
    assert status["status"] == "resolved"
    assert {m["message"] for m in sent if len(m["sent"]) != 1} == of_tiers(plan)
    assert "It is the quickest way back" in report
    assert "intact" in crisisctl(tmp_path, "verify")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_outage_is_walked_on_a_dumb_terminal_without_one_control_sequence(tmp_path: Path) -> None:
    plan = load(shipped("playbooks") / "outage.yaml").plan
    dumb = {"TERM": "dumb"}
    with Terminal(
        "start", "outage", "-l", "en", home=tmp_path / "home", folder=tmp_path, environment=dumb
    ) as terminal:
        answered = 0
        while terminal.next_prompt(answered):
            answered += 1
            terminal.press(by_numbers(terminal.waiting_at(), plan), "enter")
        assert terminal.wait() == 0

    assert set(terminal.raw) & {*range(32), 127} <= {*b"\r\n"}
    sent = json.loads(crisisctl(tmp_path, "message", "list", "--json"))["messages"]
    assert {m["message"] for m in sent if not m["sent"]} == of_tiers(plan)


def by_numbers(question: str, plan: Playbook) -> str:
    """What is typed on a terminal that draws nothing: Enter where a number is asked."""
    if question.startswith(("? Number [", "? Who is")):
        return ""
    if question.startswith("? Numbers"):
        return "1"
    return keys(question, plan)[0]
