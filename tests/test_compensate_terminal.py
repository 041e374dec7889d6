"""Planning and handing out on a real terminal, step by step."""

from __future__ import annotations

from pathlib import Path

from conftest import Crisis
from refunded import SOME, a_customer, an_export, declared, flat, planned
from sessions import MENU
from terminal import Terminal


def test_an_operator_is_led_from_the_export_to_the_letters(crisis: Crisis, folder: Path) -> None:
    id = declared(crisis, folder)
    an_export(folder / "c.csv", SOME)
    crisis("fact", "shop_name", "Kestrel")

    with Terminal("resume", id, home=folder / "home", folder=folder) as terminal:
        terminal.answer(MENU, "enter")
        terminal.answer("? Until when?", "enter")
        terminal.answer("? How many per cent?", "enter")
        terminal.answer(MENU, "enter")
        terminal.answer("? Which export of customers", "nowhere.csv", "enter")
        terminal.expect_on_screen("nowhere.csv cannot be read")
        terminal.answer("? Which export of customers", "c.csv", "enter")
        terminal.answer("? Approve this plan?", "y")
        terminal.answer("? Another export", "enter")
        terminal.answer(MENU, "enter")
        terminal.answer("? Hand out plan 1 to 4 customers now?", "n")
        terminal.answer(MENU, "enter")  # the step is not done
        terminal.answer("? Hand out plan 1 to 4 customers now?", "y")
        terminal.expect_on_screen("Now tell them: made-good")
        terminal.answer(MENU, "enter")
        terminal.expect_on_screen("As c1@mail.example will read it")
        terminal.answer("? The message", "enter")
        terminal.press("ctrl-c")
        terminal.wait()
        told = flat("\n".join(terminal.story()))

    assert "10% off" in told
    (code,) = {row[:5] for row in told.split("Your code is ")[1:2]}
    assert f"{code}-…" in told  # whoever looks over a shoulder cannot use it


def test_where_a_second_person_must_approve_the_step_stays_open(
    crisis: Crisis, folder: Path
) -> None:
    id = declared(crisis, folder)
    an_export(folder / "c.csv", [a_customer("c1", double_charge="100.01")])
    for fact, value in (("shop_name", "Kestrel"), ("ended", "2026-11-27T12:00+01:00")):
        crisis("fact", fact, value)
    planned(crisis)
    crisis("compensate", "approve")

    with Terminal("resume", id, home=folder / "home", folder=folder) as terminal:
        terminal.answer(MENU, "enter")
        terminal.answer("? How many per cent?", "enter")
        terminal.answer(MENU, "enter")
        terminal.answer("? Another export", "enter")
        terminal.answer(MENU, "enter")
        terminal.expect_on_screen("1 more person (commander or legal) must approve plan 1")
        terminal.expect_prompt(MENU)
        terminal.press("ctrl-c")
        terminal.wait()

    assert not list((folder / "home").glob("outbox/**/refunds.csv"))
