"""A shop whose playbook has a compensation policy, its exports, and what is done with them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from conftest import Crisis

WORKSPACE = """\
brand: {name: Kestrel, support_email: help@kestrel.example}
locales: [en, fr]
time_zone: Europe/Paris
currency: EUR
roles: {commander: [ana, jo], legal: [li]}
"""
PLAYBOOK = """\
playbook: small
title: Small crisis
roles: {commander: Decides, legal: Minds the law}
facts:
  shop_name: {type: text, ask: What is the shop called?, workspace: brand.name, example: Kestrel}
  began: {type: time, ask: Since when?, milestone: started, example: "2026-11-27T10:00+01:00"}
  ended: {type: time, ask: Until when?, optional: true, example: "2026-11-27T12:00+01:00"}
  rate: {type: number, ask: How many per cent?, optional: true, example: 10}
close_needs: [started]
stages:
  assess:
    - {id: look, title: Look at it, ask: [shop_name, began, ended, rate]}
  compensate:
    - {id: reckon, title: Reckon who gets what, compensate: plan}
    - {id: give, title: Hand it out, compensate: issue}
    - id: tell-lost
      title: Tell those who lost an order
      when: "'lost' in handed_out"
      send: {message: made-good, to: customers, channels: [email], kind: reply,
             tiers: [lost, double]}
  post-mortem:
    - {id: learn, title: Learn from it}
compensation:
  currency: EUR
  rates: {TRY: "0.02"}
  budget: 1000 EUR
  approval: {roles: [commander, legal], two_over: 100 EUR}
  window: {from: began, until: ended}
  harm:
    double_charge: {type: money, title: Charged twice, most: 5000}
    failed_orders: {title: Orders that failed, count: "status == 'failed'", names: [failed]}
    minutes: {title: Minutes held up, together: most}
  about:
    status: {type: text}
    staff: {type: flag}
  exclude:
    - {id: staff, when: staff, because: Employees are not customers}
  owed:
    - {id: double, title: Charged twice, when: double_charge > 0, refund: double_charge}
  tiers:
    - id: lost
      title: An order was lost
      when: failed_orders > 0
      offer: {percent: 10, up_to: [50 EUR, 2000 TRY], order: [60 EUR, 2500 TRY]}
      valid: 60d
      redemption: 40
    - id: held-up
      title: Held up for an hour
      when: minutes >= 60
      offer: {amount: [5 EUR, 200 TRY]}
      valid: 60d
      redemption: 25
"""
LETTER = """\
{% block headline %}We are sorry{% endblock %}
{% block body %}We are sorry that our shop failed you.
{% if customer_refund is defined %}You get {{ customer_refund }} back.{% endif %}
{% if customer_code is defined %}Your code is {{ customer_code }}, {{ customer_percent }} off,
{{ customer_up_to }} at most, until {{ customer_until }}.{% endif %}
It does not replace your legal rights. Questions: help@kestrel.example.{% endblock %}
"""
COLUMNS = (
    *("customer_id", "email", "name", "locale", "country", "segment", "currency"),
    *("failed_orders", "double_charge", "minutes", "staff"),
)
_ANSWERS = """\
facts: {began: "2026-11-27T10:00+01:00"}
"""


def a_shop(folder: Path, playbook: str = PLAYBOOK) -> None:
    """The workspace, with its playbook and letter."""
    (folder / "crisisctl.yaml").write_text(WORKSPACE)
    (folder / "playbooks").mkdir(exist_ok=True)
    (folder / "playbooks" / "small.yaml").write_text(playbook)
    letters = folder / "templates" / "small"
    letters.mkdir(parents=True, exist_ok=True)
    for locale in ("en", "fr"):
        (letters / f"made-good.{locale}.j2").write_text(LETTER)


def declared(crisis: Crisis, folder: Path, playbook: str = PLAYBOOK) -> str:
    """The id of an incident that began on 27 November at ten."""
    a_shop(folder, playbook)
    ran = crisis("start", "small", "--no-input", "--set", "began=2026-11-27T10:00+01:00")
    return ran.stdout.split()[0]


def a_customer(id: str, **said: object) -> dict[str, str]:
    """One row of an export."""
    row: dict[str, object] = dict.fromkeys(COLUMNS, "")
    row |= {"customer_id": id, "email": f"{id}@mail.example", "name": f"Name {id}", "locale": "en"}
    row |= {"country": "FR", "currency": "EUR", **said}
    return {name: str(value) for name, value in row.items()}


def an_export(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """A file with these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


SOME = (
    a_customer("c1", failed_orders=1),
    a_customer("c2", double_charge="12.50", locale="fr"),
    a_customer("c3", minutes=90, country="TR", currency="TRY"),
    a_customer("c4", failed_orders=2, double_charge="7.25"),
    a_customer("c5", failed_orders=1, staff="yes"),
    a_customer("c6"),
)
"""An order lost, charged twice, held up, both, an employee, and nothing at all."""


def planned(crisis: Crisis, *words: str, file: str = "c.csv") -> dict[str, Any]:
    """A plan of this file."""
    ran = crisis("compensate", "plan", file, "--json", *words)
    assert ran.exit == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def issued(crisis: Crisis, *words: str) -> dict[str, Any]:
    """The newest plan, approved by ana and handed out."""
    assert crisis("compensate", "approve").exit == 0
    ran = crisis("compensate", "issue", *words, "--json")
    assert ran.exit == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def read(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def flat(text: str) -> str:
    """What was printed, on one line."""
    return re.sub(r"\s+", " ", text)
