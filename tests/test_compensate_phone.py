"""What support is told of a code, and of a customer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from conftest import Crisis
from refunded import PLAYBOOK, SOME, a_customer, an_export, declared, flat, issued, planned, read

from crisisctl.cli import looking_up

LATE = """\
    - id: late
      title: Held up for hours
      when: minutes >= 60
      offer: {refund: double_charge}
"""


def handed(
    crisis: Crisis, folder: Path, playbook: str = PLAYBOOK, rows: tuple[dict[str, str], ...] = SOME
) -> dict[str, str]:
    """The codes of a plan that was handed out, by customer."""
    declared(crisis, folder, playbook)
    an_export(folder / "c.csv", rows)
    planned(crisis)
    issued(crisis)
    (path,) = (folder / "home" / "outbox").glob("*/compensation-1/codes-plain.csv")
    return {row["customer"]: row["code"] for row in read(path)}


def test_a_code_tells_what_it_gives_in_its_currency_and_until_when(
    crisis: Crisis, folder: Path
) -> None:
    found = handed(crisis, folder)

    told = flat(crisis("compensate", "code", found["c3"]).stdout)
    assert f"{found['c3']}: Held up for an hour (held-up)" in told
    assert "It gives 200 TRY off the next order, until 20" in told
    model = json.loads(crisis("compensate", "code", found["c1"], "--json").stdout)
    assert model["gives"] == "10 % off the next order, 50 EUR at most"
    assert (model["tier"], model["value"], model["currency"]) == ("lost", "6.00", "EUR")
    assert model["ends"].endswith(("T00:00:00+01:00", "T00:00:00+02:00"))


def test_nothing_typed_is_told_in_one_line(crisis: Crisis, folder: Path) -> None:
    ran = crisis("compensate", "code")

    assert ran.exit == 2
    assert "give a code, or --customer ID" in ran.stderr


@pytest.mark.parametrize("typed", ["c2", "C2@Mail.Example"])
def test_a_customer_is_found_by_number_and_by_address(
    crisis: Crisis, folder: Path, typed: str
) -> None:
    handed(crisis, folder)

    told = flat(crisis("compensate", "code", "--customer", typed).stdout)
    assert "12.50 EUR go back to them: Charged twice" in told
    model = json.loads(crisis("compensate", "code", "--customer", typed, "--json").stdout)
    assert model["customer"] == "c2"
    assert model["refunds"] == [{"id": "double", "for": "Charged twice", "sum": "12.50"}]


def test_every_refund_is_told_and_what_they_come_to(crisis: Crisis, folder: Path) -> None:
    head, tier, rest = PLAYBOOK.partition("    - id: held-up\n")
    rows = (a_customer("c1", double_charge="7.25", minutes=90),)
    declared(crisis, folder, head + LATE + tier + rest)
    an_export(folder / "c.csv", rows)
    planned(crisis)
    issued(crisis)

    told = flat(crisis("compensate", "code", "--customer", "c1").stdout)
    assert "7.25 EUR go back to them: Charged twice" in told
    assert "7.25 EUR go back to them: Held up for hours" in told
    assert "14.50 EUR in all" in told


def test_who_was_left_out_is_told_with_the_reason_of_the_policy(
    crisis: Crisis, folder: Path
) -> None:
    handed(crisis, folder)

    ran = crisis("compensate", "code", "--customer", "c5")
    assert ran.exit == 1
    assert "Employees are not customers" in ran.stderr


def test_who_is_owed_money_and_gets_no_offer_is_told_both(crisis: Crisis, folder: Path) -> None:
    rows = (*SOME, a_customer("c7", double_charge="3.00", failed_orders=1, staff="yes"))
    handed(crisis, folder, rows=rows)

    told = flat(crisis("compensate", "code", "--customer", "c7").stdout)
    assert "3.00 EUR go back to them: Charged twice" in told
    assert "No offer: Employees are not customers" in told


def test_an_address_of_two_customers_is_asked_back(crisis: Crisis, folder: Path) -> None:
    twin = a_customer("c8", failed_orders=1) | {"email": "c1@mail.example"}
    handed(crisis, folder, rows=(*SOME, twin))

    ran = crisis("compensate", "code", "--customer", "c1@mail.example")
    assert ran.exit == 1
    assert "is the address of 2 customers" in flat(ran.stderr)
    assert "give the number: c1 or c8" in flat(ran.stderr)


def test_without_its_list_a_customer_is_still_told_what_the_ledger_holds(
    crisis: Crisis, folder: Path
) -> None:
    found = handed(crisis, folder)
    for path in (folder / "home" / "compensation").glob("*/*.jsonl"):
        path.unlink()

    told = flat(crisis("compensate", "code", "--customer", "c4").stdout)
    assert found["c4"] in told
    assert "7.25 EUR go back to them: what was owed to them" in told
    lost = crisis("compensate", "code", "--customer", "c6")
    assert (lost.exit, "is not there any more" in flat(lost.stderr)) == (1, True)


def test_a_code_with_a_customer_is_told_to_be_theirs_or_not(
    crisis: Crisis, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = handed(crisis, folder)

    looking_up.tell(found["c1"].lower(), "c1@mail.example", None, json=False)
    assert f"{found['c1']} is the code of c1" in capsys.readouterr().out
    with pytest.raises(typer.Exit) as left:
        looking_up.tell(found["c1"], "c4", None, json=False)
    assert left.value.exit_code == 1
    assert f"{found['c1']} is not the code of c4" in capsys.readouterr().out
