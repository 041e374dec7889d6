"""The `compensate` commands: plan, approve, issue, read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Crisis
from refunded import (
    PLAYBOOK,
    SOME,
    a_customer,
    a_shop,
    an_export,
    declared,
    flat,
    issued,
    planned,
    read,
)


@pytest.fixture
def shop(crisis: Crisis, folder: Path) -> Path:
    """A declared incident, and an export of six customers."""
    declared(crisis, folder)
    an_export(folder / "c.csv", SOME)
    return folder


def lines(plan: dict[str, object]) -> dict[tuple[str, str], tuple[int, str, str]]:
    rows = plan["lines"]
    assert isinstance(rows, list)
    return {
        (row["id"], row["currency"]): (row["customers"], row["face"], row["expected"])
        for row in rows
    }


def codes(folder: Path, plan: int = 1) -> dict[str, str]:
    """The code of each customer."""
    (path,) = (folder / "home" / "outbox").glob(f"*/compensation-{plan}/codes-plain.csv")
    return {row["customer"]: row["code"] for row in read(path)}


# Plan


def test_a_plan_says_who_gets_what_and_what_it_will_probably_cost(
    crisis: Crisis, shop: Path
) -> None:
    plan = planned(crisis)

    assert lines(plan) == {
        ("double", "EUR"): (2, "19.75", "19.75"),
        ("lost", "EUR"): (2, "12.00", "4.80"),  # 2 x 6.00, of which 40 % are used
        ("held-up", "TRY"): (1, "200.00", "1.00"),  # 200 x 0.02 x 25 %
        ("staff", "EUR"): (1, "0", "0"),
    }
    assert (plan["customers"], plan["expected"]) == (4, "25.55")
    assert plan["rows"]["unaffected"] == 1
    assert [each["customer"] for each in plan["largest"]][:2] == ["c4", "c2"]


def test_a_plan_hands_nothing_out(crisis: Crisis, shop: Path) -> None:
    planned(crisis)

    assert not (shop / "home" / "compensation" / "ledger.db").exists()
    assert not list((shop / "home").glob("outbox/**/codes*"))


def test_a_plan_fits_a_screen_of_eighty_columns(crisis: Crisis, shop: Path) -> None:
    told = crisis("compensate", "plan", "c.csv").stdout

    assert max(map(len, told.splitlines())) <= 80
    assert "Owed, paid back first" in told
    assert "Employees are not customers" in told


def test_what_if_shows_both_and_records_nothing(crisis: Crisis, shop: Path) -> None:
    told = flat(
        crisis("compensate", "plan", "c.csv", "--what-if", "tiers.lost.offer.percent=20").stdout
    )

    assert "4.80 → 9.60" in told
    assert "25.55 → 30.35" in told
    assert flat(crisis("compensate", "show").stderr).startswith("error: nothing is planned yet")


def test_a_change_needs_a_reason_and_then_two_people(crisis: Crisis, shop: Path) -> None:
    change = ("compensate", "plan", "c.csv", "--change", "tiers.held-up.when=minutes >= 120")
    refused = crisis(*change)
    assert (refused.exit, "needs a reason" in refused.stderr) == (2, True)

    told = crisis(*change, "--because", "An hour is little", "--json")

    plan = json.loads(told.stdout)
    assert ("held-up", "TRY") not in lines(plan)
    assert plan["approvals_needed"] == 2


def test_the_window_can_be_moved(crisis: Crisis, folder: Path) -> None:
    declared(crisis, folder)
    (folder / "c.csv").write_text(
        "customer,order,at,status\n"
        "a,1,2026-11-27T09:59:00+01:00,failed\n"
        "b,2,2026-11-27T10:00:00+01:00,failed\n"
        "c,3,2026-11-27T11:00:00+01:00,failed\n"
        "d,4,2026-11-27T11:00:00+01:00,paid\n"
    )

    assert lines(planned(crisis)) == {("lost", "EUR"): (2, "12.00", "4.80")}
    moved = ("--change", "window.until=2026-11-27T10:30+01:00", "--because", "It was over")
    plan = planned(crisis, *moved)
    assert lines(plan) == {("lost", "EUR"): (1, "6.00", "2.40")}
    assert plan["rows"]["outside_window"] == 3


def test_rows_left_to_a_person_are_listed(crisis: Crisis, shop: Path) -> None:
    an_export(
        shop / "c.csv",
        [*SOME, a_customer("bad", double_charge="-5"), a_customer("odd", double_charge="NaN")],
    )

    plan = planned(crisis, "--unreadable", "look.csv")

    assert plan["rows"]["unreadable"] == 2
    assert [row["line"] for row in read(shop / "look.csv")] == ["8", "9"]
    assert "less than nothing" in plan["unreadable_rows"][0]["reason"]


def test_the_list_can_be_read_in_a_spreadsheet_and_holds_no_formula(
    crisis: Crisis, shop: Path
) -> None:
    an_export(shop / "c.csv", [a_customer("=1+1", failed_orders=1)])

    planned(crisis, "--list", "who.csv")

    (row,) = read(shop / "who.csv")
    assert (row["customer"], row["tier"], row["value"]) == ("'=1+1", "lost", "6.00")


def test_a_playbook_without_a_policy_says_what_to_add(crisis: Crisis, folder: Path) -> None:
    without = PLAYBOOK[: PLAYBOOK.index("compensation:")]
    without = "\n".join(row for row in without.splitlines() if "compensate: " not in row)
    start, _, rest = without.partition("    - id: tell-lost")
    declared(crisis, folder, start.replace("  compensate:\n", "") + rest[rest.index("  post") :])

    ran = crisis("compensate", "plan", "c.csv")

    assert (ran.exit, "no policy says how to make good" in ran.stderr) == (2, True)


def test_a_window_that_nobody_has_answered_is_asked_for(crisis: Crisis, folder: Path) -> None:
    a_shop(folder)
    crisis("start", "small", "--no-input")
    an_export(folder / "c.csv", SOME)

    ran = crisis("compensate", "plan", "c.csv")

    assert ran.exit == 2
    assert "crisisctl fact began TIME" in ran.stderr


def test_a_time_of_day_is_of_the_night_of_the_incident(crisis: Crisis, shop: Path) -> None:
    told = crisis(
        "compensate", "plan", "c.csv", "--what-if", "window.until=12:30",
        "--what-if", "window.from=08:00",
    ).stdout  # fmt: skip

    assert "until 2026-11-27 12:30 CET" in flat(told)
    assert "from 2026-11-27 08:00 CET" in flat(told)


def test_a_window_that_ends_before_it_begins_is_refused(crisis: Crisis, shop: Path) -> None:
    ran = crisis("compensate", "plan", "c.csv", "--what-if", "window.until=2026-11-27T09:00+01:00")

    assert (ran.exit, "the window ends before it begins" in ran.stderr) == (2, True)


def test_what_if_tells_what_becomes_of_budget_and_signatures(crisis: Crisis, shop: Path) -> None:
    told = flat(
        crisis(
            "compensate",
            "plan",
            "c.csv",
            "--what-if",
            "budget=5 EUR",
            "--what-if",
            "approval.two_over=1 EUR",
        ).stdout
    )

    assert "With it: 0.80 EUR over the budget, nobody could approve it" in told
    assert "two people must approve it" in told


def test_a_plan_that_replaces_an_approved_one_says_so(crisis: Crisis, shop: Path) -> None:
    planned(crisis)
    crisis("compensate", "approve")

    ran = crisis("compensate", "plan", "c.csv")

    assert "it replaces plan 1, which ana had approved" in ran.stderr


# Approve


def test_what_is_approved_is_said_and_by_whom(crisis: Crisis, shop: Path) -> None:
    planned(crisis)

    ran = crisis("compensate", "approve")

    assert "plan 1 approved by ana: c.csv, 4 customers, probably 25.55 EUR" in flat(ran.stderr)
    assert "approved by ana, who planned it" in ran.stdout


def test_a_plan_that_gives_nothing_to_anybody_is_not_approved(crisis: Crisis, shop: Path) -> None:
    an_export(shop / "c.csv", [a_customer("c6")])
    planned(crisis)

    ran = crisis("compensate", "approve")

    assert (ran.exit, "gives nothing to anybody" in ran.stderr) == (1, True)


def test_a_plan_that_nobody_approved_is_not_handed_out(crisis: Crisis, shop: Path) -> None:
    planned(crisis)

    ran = crisis("compensate", "issue", "c.csv")

    assert ran.exit == 1
    assert "1 person (commander or legal) must approve plan 1" in flat(ran.stderr)


def test_over_the_limit_two_different_people_must_approve(
    crisis: Crisis, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_export(shop / "c.csv", [a_customer("c1", double_charge="100.01")])
    planned(crisis)
    assert crisis("compensate", "approve").exit == 0

    again = crisis("compensate", "approve")
    assert (again.exit, "has approved plan 1 already" in again.stderr) == (1, True)
    assert crisis("compensate", "issue").exit == 1

    monkeypatch.setenv("CRISISCTL_OPERATOR", "li")
    assert crisis("compensate", "approve").exit == 0
    assert crisis("compensate", "issue").exit == 0


def test_who_holds_no_role_of_the_policy_cannot_approve(
    crisis: Crisis, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(crisis)
    monkeypatch.setenv("CRISISCTL_OPERATOR", "somebody")

    ran = crisis("compensate", "approve")

    assert (ran.exit, "that is for commander or legal" in flat(ran.stderr)) == (1, True)


def test_over_the_budget_nobody_can_approve(crisis: Crisis, shop: Path) -> None:
    many = [a_customer(f"c{n}", failed_orders=1) for n in range(417)]  # 417 x 6 x 40 % = 1000.80
    an_export(shop / "c.csv", many)
    planned(crisis)

    ran = crisis("compensate", "approve")

    assert ran.exit == 1
    assert "1,000.80 EUR, and the budget is 1,000.00 EUR" in flat(ran.stderr)


def test_an_approval_holds_for_one_plan_only(crisis: Crisis, shop: Path) -> None:
    planned(crisis)
    crisis("compensate", "approve")
    an_export(shop / "c.csv", SOME[:3])
    planned(crisis)

    assert crisis("compensate", "issue").exit == 1
    assert "was replaced by plan 2" in crisis("compensate", "approve", "1").stderr


# Issue


def test_a_changed_export_is_refused(crisis: Crisis, shop: Path) -> None:
    planned(crisis)
    crisis("compensate", "approve")
    an_export(shop / "c.csv", [*SOME, a_customer("late", failed_orders=1)])

    ran = crisis("compensate", "issue", "c.csv")

    assert ran.exit == 1
    assert "is not the file that plan 1 was reckoned from" in flat(ran.stderr)
    assert not list((shop / "home").glob("outbox/**/codes*"))


def test_a_changed_list_is_refused(crisis: Crisis, shop: Path) -> None:
    planned(crisis)
    crisis("compensate", "approve")
    (kept,) = (shop / "home" / "compensation").glob("*/plan-*.jsonl")
    kept.write_bytes(kept.read_bytes().replace(b"6.00", b"9.00"))

    ran = crisis("compensate", "issue", "c.csv")

    assert (ran.exit, "was changed since" in ran.stderr) == (1, True)


def test_facts_of_the_policy_that_changed_void_the_plan(crisis: Crisis, folder: Path) -> None:
    declared(crisis, folder, PLAYBOOK.replace("percent: 10,", "percent: rate,"))
    an_export(folder / "c.csv", SOME)
    crisis("fact", "rate", "10")
    planned(crisis)
    crisis("compensate", "approve")
    crisis("fact", "rate", "20")

    ran = crisis("compensate", "issue")

    assert (ran.exit, "were changed since plan 1" in flat(ran.stderr)) == (1, True)


def test_everybody_gets_one_code_and_their_money_once(crisis: Crisis, shop: Path) -> None:
    planned(crisis)

    found = issued(crisis, "c.csv")

    folder = Path(found["folder"])
    given = codes(shop)
    assert sorted(given) == ["c1", "c3", "c4"]
    assert len(set(given.values())) == 3
    back = {row["customer"]: row["sum"] for row in read(folder / "refunds.csv")}
    assert back == {"c2": "12.50", "c4": "7.25"}
    assert found["codes"] == 3
    books = {row["id"]: row["book"] for row in read(folder / "accounting.csv")}
    assert (books["double"], books["lost"]) == ("refund", "discount")


def test_handed_out_twice_it_is_the_same_and_recorded_once(crisis: Crisis, shop: Path) -> None:
    planned(crisis)
    issued(crisis)
    folder = next((shop / "home" / "outbox").glob("*/compensation-1"))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    assert crisis("compensate", "issue", "c.csv").exit == 0

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert crisis("timeline").stdout.count("Handed out compensation plan 1") == 1


def test_a_longer_export_gives_to_those_who_are_new(crisis: Crisis, shop: Path) -> None:
    planned(crisis)
    issued(crisis)
    first = codes(shop)
    an_export(shop / "c.csv", [*SOME, a_customer("c7", failed_orders=1)])

    plan = planned(crisis)
    issued(crisis)

    assert codes(shop, 2).keys() == {"c7"}
    assert codes(shop, 2)["c7"] not in first.values()
    assert (plan["customers"], plan["expected"]) == (1, "2.40")  # what is signed is what is new
    assert lines(plan)["has-it", "EUR"] == (4, "0", "0")


def test_more_owed_than_was_paid_before_is_left_to_a_person(crisis: Crisis, shop: Path) -> None:
    planned(crisis)
    issued(crisis)
    an_export(shop / "c.csv", [a_customer("c2", double_charge="20.00")])
    planned(crisis)

    found = issued(crisis)

    assert found["by_hand"] == 1
    assert not (Path(found["folder"]) / "refunds.csv").exists()
    (row,) = read(Path(found["folder"]) / "look-at.csv")
    assert (row["customer"], row["sum"]) == ("c2", "7.50")


def test_another_incident_gives_other_codes_and_shows_who_had_one(
    crisis: Crisis, shop: Path
) -> None:
    planned(crisis)
    issued(crisis)
    first = codes(shop)
    began = ("--set", "began=2026-11-27T10:00+01:00")
    other = crisis("start", "small", "--no-input", *began).stdout.split()[0]

    plan = planned(crisis, "--incident", other)

    assert "3 customers had a gesture in" in plan["remarks"][-1]
    assert lines(plan)["paid-before", "EUR"] == (2, "0", "0")  # it may be the same money
    assert "was paid back in small-" in plan["unreadable_rows"][0]["reason"]
    assert crisis("compensate", "approve", "--incident", other).exit == 0
    crisis("compensate", "issue", "--incident", other)
    (path,) = (shop / "home" / "outbox").glob(f"{other}/compensation-1/codes-plain.csv")
    second = {row["customer"]: row["code"] for row in read(path)}
    assert second.keys() == first.keys()
    assert not set(second.values()) & set(first.values())


def test_within_the_period_nobody_gets_a_second_gesture_but_their_money(
    crisis: Crisis, folder: Path
) -> None:
    declared(crisis, folder, PLAYBOOK.replace("  window:", "  once_in: 90d\n  window:"))
    an_export(folder / "c.csv", SOME)
    planned(crisis)
    issued(crisis)
    began = ("--set", "began=2026-11-27T10:00+01:00")
    other = crisis("start", "small", "--no-input", *began).stdout.split()[0]

    plan = planned(crisis, "--incident", other)

    assert lines(plan) == {
        ("staff", "EUR"): (1, "0", "0"),
        ("had-one", "EUR"): (2, "0", "0"),
        ("paid-before", "EUR"): (2, "0", "0"),  # one of them had a gesture as well
    }
    assert "get no second one" in plan["remarks"][-1]


@pytest.mark.parametrize("shop_system", ["shopify", "woocommerce", "magento"])
def test_codes_are_written_for_the_shop_as_well(
    crisis: Crisis, shop: Path, shop_system: str
) -> None:
    planned(crisis)

    found = issued(crisis, "--shop", shop_system)

    assert any(name.startswith(f"codes-{shop_system}") for name in found["files"])
    assert "codes-plain.csv" in found["files"]


def test_files_for_another_shop_stay(crisis: Crisis, shop: Path) -> None:
    planned(crisis)
    found = issued(crisis, "--shop", "shopify")
    before = sorted(path.name for path in Path(found["folder"]).iterdir())

    crisis("compensate", "issue")

    assert sorted(path.name for path in Path(found["folder"]).iterdir()) == before


def test_a_shop_that_nobody_knows_is_refused(crisis: Crisis, shop: Path) -> None:
    planned(crisis)
    crisis("compensate", "approve")

    ran = crisis("compensate", "issue", "--shop", "shopfy")

    assert (ran.exit, 'did you mean "shopify"?' in ran.stderr) == (2, True)


def test_files_are_for_their_owner_only(crisis: Crisis, shop: Path) -> None:
    planned(crisis)
    found = issued(crisis)

    kept = [*Path(found["folder"]).iterdir(), *(shop / "home" / "compensation").rglob("*.*")]

    assert {path.stat().st_mode & 0o077 for path in kept if path.is_file()} == {0}


# Messages


def test_the_message_goes_to_those_who_were_given_something_each_with_their_own(
    crisis: Crisis, shop: Path
) -> None:
    planned(crisis)
    issued(crisis)

    ran = crisis("message", "render", "made-good", "-o", "out.jsonl")

    assert ran.exit == 0, ran.stderr
    rows = map(json.loads, (shop / "out.jsonl").read_text().splitlines())
    texts = {row["address"]: row["body"] for row in rows}
    assert texts.keys() == {"c1@mail.example", "c2@mail.example", "c4@mail.example"}
    given = codes(shop)
    assert given["c1"] in texts["c1@mail.example"]
    assert "10% off, €50.00 at most" in flat(texts["c1@mail.example"])
    assert "12,50\u00a0€ back" in texts["c2@mail.example"].replace("\u202f", "\u00a0")
    assert "code" not in texts["c2@mail.example"]
    assert given["c4"] in texts["c4@mail.example"]
    assert "€7.25 back" in texts["c4@mail.example"]


def test_before_anything_was_handed_out_there_is_nobody_to_write_to(
    crisis: Crisis, shop: Path
) -> None:
    ran = crisis("message", "render", "made-good", "-o", "out.jsonl")

    assert (ran.exit, "nobody was given lost or double yet" in flat(ran.stderr)) == (1, True)


# Walk


def test_an_answers_file_walks_from_the_export_to_the_letters(crisis: Crisis, folder: Path) -> None:
    a_shop(folder)
    an_export(folder / "c.csv", SOME)
    (folder / "a.yaml").write_text(
        'facts: {began: "2026-11-27T10:00+01:00"}\n'
        "compensation: {file: c.csv, shop: [shopify]}\n"
        "approve: true\n"
    )

    ran = crisis("start", "small", "--answers", "a.yaml", "--no-input")

    assert ran.exit == 0, ran.stderr
    told = flat(ran.stderr)
    assert "Plan 1 is handed out" in told
    assert '✓ "made-good": 2 texts, ready to copy from' in told
    (people,) = (folder / "home").glob("outbox/*/lists/made-good.csv")
    assert [row["email"][:2] for row in read(people)] == ["c1", "c2", "c4"]


def test_without_an_export_the_walk_goes_on_and_says_so(crisis: Crisis, folder: Path) -> None:
    a_shop(folder)
    (folder / "a.yaml").write_text('facts: {began: "2026-11-27T10:00+01:00"}\napprove: true\n')

    ran = crisis("start", "small", "--answers", "a.yaml", "--no-input")

    assert ran.exit == 0, ran.stderr
    assert flat(ran.stderr).count("nothing is planned") == 2
    assert "made-good" not in ran.stderr


# Redemptions


def test_used_codes_are_read_back_against_the_plan(crisis: Crisis, shop: Path) -> None:
    planned(crisis)
    issued(crisis)
    code = codes(shop)["c1"]
    (shop / "used.csv").write_text(
        f"code,used_at,discount,currency\n{code.lower()},2099-11-29,5.50,EUR\n"
    )

    ran = crisis("compensate", "redeemed", "used.csv", "--json")

    assert ran.exit == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["used"][0]["given"] == "5.50"
    assert found["cost_so_far"] == "25.25"  # 19.75 paid back, 5.50 taken off
    assert "25.25 EUR of 25.55 EUR expected" in crisis("report").stdout
    kept = json.loads(crisis("report", "--format", "json").stdout)["compensation"]
    assert (kept["so_far"], kept["handed_out"][1]["used"]) == ("25.25", 1)


def used(folder: Path, *rows: str) -> None:
    """The shop's list of used codes."""
    (folder / "used.csv").write_text("\n".join(["code,used_at,discount,order", *rows]) + "\n")


def test_a_use_that_cannot_be_right_is_told_with_exit_code_one(crisis: Crisis, shop: Path) -> None:
    planned(crisis)
    issued(crisis)
    one, other = codes(shop)["c1"], codes(shop)["c4"]
    used(shop, f"{one},2020-11-27,50.01,1", f"{other},2099-12-01,,2")

    ran = crisis("compensate", "redeemed", "used.csv")

    assert ran.exit == 1
    assert "More than the code is worth: 1" in ran.stdout
    assert "Used before the codes were handed out: 1" in ran.stdout
    assert "Sum not said, so it is missing in the cost: 1" in ran.stdout
    assert "over the plan by 44.21 EUR" in ran.stdout  # 19.75 + 50.01 - 25.55
    found = json.loads(crisis("compensate", "redeemed", "used.csv", "--json").stdout)
    assert found["over_the_plan"] == "44.21"
    look = {name: odd["many"] for name, odd in found["to_look_at"].items() if odd["many"]}
    assert look == {"sum_not_said": 1, "more_than_worth": 1, "before_handed_out": 1}


def test_a_list_that_tells_of_fewer_uses_than_the_last_one_is_doubted(
    crisis: Crisis, shop: Path
) -> None:
    planned(crisis)
    issued(crisis)
    one, other = codes(shop)["c1"], codes(shop)["c4"]
    used(shop, f"{one},2099-12-01,1,1", f"{other},2099-12-01,1,2")
    assert crisis("compensate", "redeemed", "used.csv").exit == 0
    used(shop, f"{one},2099-12-01,1,1")

    ran = crisis("compensate", "redeemed", "used.csv")

    assert ran.exit == 1
    assert "The last reading knew 2 uses, this one 1: is it the whole list?" in ran.stdout


def test_codes_used_twice_or_made_up_are_told_with_exit_code_one(
    crisis: Crisis, shop: Path
) -> None:
    planned(crisis)
    issued(crisis)
    code = codes(shop)["c1"]
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    rows = "".join(f"{each},5,{order}\n" for each, order in ((code, 1), (code, 2), (wrong, 3)))
    (shop / "used.csv").write_text(f"code,discount,order\n{rows}")

    ran = crisis("compensate", "redeemed", "used.csv")

    assert ran.exit == 1
    assert "Used more than once: 1" in ran.stdout
    assert "With a wrong letter: 1" in ran.stdout


def test_a_code_read_out_over_the_phone_is_told(crisis: Crisis, shop: Path) -> None:
    planned(crisis)
    issued(crisis)
    code = codes(shop)["c1"].replace("-", " ").lower()

    assert "An order was lost" in crisis("compensate", "code", code).stdout
    wrong = crisis("compensate", "code", code[::-1])
    assert wrong.exit == 1


def test_what_a_customer_was_given_is_told_to_support(crisis: Crisis, shop: Path) -> None:
    planned(crisis)
    issued(crisis)

    told = crisis("compensate", "code", "--customer", "c4").stdout

    assert f"An order was lost (lost), code {codes(shop)['c4']}" in told
    assert "7.25 EUR go back to them" in told
    nobody = crisis("compensate", "code", "--customer", "c6")
    assert nobody.exit == 1
    assert "was given nothing" in nobody.stderr
    assert "nothing happened to them that the policy makes good" in flat(nobody.stderr)


def test_what_an_export_says_of_people_never_reaches_the_terminal_uncleaned(
    crisis: Crisis, shop: Path
) -> None:
    an_export(
        shop / "c.csv",
        [a_customer("\x1b[2Jc1", failed_orders=1, segment="\x1b]0;x\x07", country="\u202ecc")],
    )

    ran = crisis("compensate", "plan", "c.csv")

    assert ran.exit == 0, ran.stderr
    assert not set("\x1b\x07\u202e") & set(ran.stdout + ran.stderr)


@pytest.mark.parametrize(
    "words",
    [
        ("compensate", "plan", "c.csv", "--map", "minutes=#10", "--map", "minutes=email"),
        ("compensate", "plan", "c.csv", "--map", "minutes=#10", "--map", " minutes =#10"),
        ("compensate", "redeemed", "c.csv", "--map", "code=#1", "--map", "code=name"),
        ("reviews", "analyse", "c.csv", "--map", "text=name", "--map", "text=email"),
    ],
)
def test_a_name_that_is_mapped_twice_is_refused(
    crisis: Crisis, shop: Path, words: tuple[str, ...]
) -> None:
    planned(crisis)
    issued(crisis)

    ran = crisis(*words)

    assert (ran.exit, ran.stdout) == (2, "")
    told = flat(ran.stderr)
    assert told.startswith("error: --map says twice which column is ")
    assert "hint: leave out one of them" in told


def test_whoever_approves_is_told_what_was_assumed_of_the_export(
    crisis: Crisis, shop: Path
) -> None:
    ran = crisis("compensate", "plan", "c.csv")
    shown = crisis("compensate", "show")

    told = "! every row of the file counts, whatever its date: no column tells when"
    assert told in flat(ran.stderr)
    assert told in flat(shown.stderr)
    at_the_end = flat("\n".join(ran.stdout.splitlines()[-4:]))  # where a small screen shows it
    assert "Mind what was assumed of the export: the remark above" in at_the_end
    remarks = json.loads(crisis("compensate", "show", "--json").stdout)["remarks"]
    assert [words[:31] for words in remarks] == ["every row of the file counts, w"]
    assert planned(crisis)["remarks"] == remarks
