"""A small crisis for tests of the walk: a workspace with one playbook and its templates."""

from __future__ import annotations

import textwrap
from pathlib import Path

PLAYBOOK = """\
playbook: small
title: Small crisis
roles: {commander: Decides}
facts:
  shop: {type: text, ask: What is the shop called?, example: Kestrel}
  since: {type: time, ask: Since when?, milestone: started, example: "2026-11-27T20:04+01:00"}
  parts:
    type: choices
    ask: What does not work?
    choices: {cart: The cart, search: The search}
    example: [cart]
  cause:
    type: choice
    ask: What is the cause?
    certainty: ask
    choices: {load: Too many visitors, change: A change we made}
    example: change
  eta: {type: time, ask: When will it work?, optional: true, certainty: ask, example: "21:00"}
impact:
  pay:
    ask: Can customers pay?
    answers: {none: {title: Nobody can, severity: sev1}, all: {title: All can, severity: sev4}}
deadlines: DEADLINES
close_needs: [started]
stages:
  assess:
    - id: look
      title: Look at it
      role: commander
      timebox: 3m
      guide: Open the site from a phone, as a customer would.
      checklist: [Seen from outside, Monitoring read]
      assign: [commander]
      ask: [shop, since]
    - {id: gauge, title: Gauge it, ask: [pay, parts, cause, eta]}
  communicate:
    - id: tell
      title: Tell customers
      send: {message: hello, to: customers, channels: [status-page, x]}
    - id: way
      title: Another way to order?
      decide:
        fact: workaround
        options:
          phone: {title: Take orders by phone, for: Works at once, against: Needs people}
          none: {title: Say that there is none, for: Nobody is misled, against: Lost orders}
  resolve:
    - {id: phones, title: Open the phones, when: workaround == 'phone', checklist: [People there]}
    - id: again
      title: Tell customers again
      send: {message: update, to: customers, channels: [status-page]}
    - {id: fix, title: Repair it, milestone: mitigated}
  post-mortem:
    - {id: learn, title: Learn from it}
"""

HELLO = """\
{% block headline %}HEADLINE {{ shop }}{% endblock %}
{% block short %}{{ shop }}: SORRY {{ since | clock }}.EXTRA{% endblock %}
{% block body %}{{ shop }}: SORRY {{ since | clock }}.
MORE
{% if cause is defined %}
CAUSE {{ cause }}
{% endif %}{% endblock %}
"""

ANSWERS = """\
facts:
  shop: Kestrel
  since: "2026-11-20T20:04+01:00"
  pay: none
  parts: [cart, search]
  cause: {value: change, status: suspected}
decisions: {way: {choose: phone, because: Two people are ready}}
roles: {commander: ana}
approve: true
"""


def small(
    folder: Path,
    *,
    deadlines: str = "{}",
    extra: str = "",
    playbook: str = PLAYBOOK,
    settings: str = "locales: [en, fr]",
) -> Path:
    """A workspace in this folder with the playbook `small`; `extra` lengthens its short text."""
    write(folder / "crisisctl.yaml", settings + "\n")
    write(folder / "playbooks" / "small.yaml", playbook.replace("DEADLINES", deadlines))
    words = {
        "en": (
            "Down:",
            "we are sorry, since",
            "Next update by {{ since | clock }}. Write to help@kestrel.example. Thank you.",
        ),
        "fr": (
            "Panne :",
            "toutes nos excuses, depuis",
            "Prochain point avant le {{ since | clock }}. Écrivez à help@kestrel.example. Merci.",
        ),
    }
    for locale, (headline, sorry, more) in words.items():
        text = HELLO.replace("HEADLINE", headline).replace("SORRY", sorry).replace("EXTRA", extra)
        text = text.replace("MORE", more)
        for message in ("hello", "update"):
            write(folder / "templates" / "small" / f"{message}.{locale}.j2", text)
    return folder


def answers(folder: Path, text: str = ANSWERS) -> Path:
    """The answers file that walks the small playbook to its end."""
    return write(folder / "answers.yaml", textwrap.dedent(text))


def write(path: Path, text: str) -> Path:
    """A file with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
