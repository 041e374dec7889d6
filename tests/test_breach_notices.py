"""Notices to an authority: held against the law before they are approved, and split for a form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Crisis
from regulated import PLAYBOOK, leak
from small import write

SEND = """\
    - id: authorities
      title: Write to the authority
      ask: [people_affected]
      send: {message: authority-notice, to: authority, channels: [authority]}
"""
WHOLE = """\
{% block headline %}Notice of a personal data breach{% endblock %}
{% block short %}Notice of a personal data breach{% endblock %}
{% block body %}
## 1. What happened

Someone copied personal data from our systems. Categories of data: names, addresses.

## 2. Whom it is about

{% if people_affected is defined %}Number of people: {{ people_affected }}.
{% else %}The number of people is not known yet; it follows.{% endif %}

The number of records is not known yet; it follows.

## 3. What may follow

Others could write in our name. We have closed the way in.
Contact: privacy@kestrel.example
{% endblock %}
"""


def a_notice(crisis: Crisis, folder: Path, text: str = WHOLE) -> None:
    """A breach whose notice to the authority has these words."""
    line = "    - {id: authorities, title: Tell the authorities, notify: [authority]}\n"
    leak(folder, playbook=PLAYBOOK.replace(line, SEND))
    write(folder / "crisisctl.yaml", "brand: {name: Kestrel}\nlocales: [en]\n")
    write(folder / "templates" / "leak" / "authority-notice.en.j2", text)
    crisis("start", "leak", "--set", "countries=FR", "--set", "aware_at=-1h", "--no-input")


def test_a_notice_that_says_what_follows_is_approved(crisis: Crisis, folder: Path) -> None:
    a_notice(crisis, folder)

    ran = crisis("message", "approve", "authority-notice", "--yes")

    assert ran.exit == 0, ran.stderr


@pytest.mark.parametrize(
    ("gone", "lacks"),
    [
        ("Others could write in our name. ", "what it may lead to"),
        ("Contact: privacy@kestrel.example\n", "whom to ask"),
        ("The number of records is not known yet; it follows.\n", "how many records"),
        ("We have closed the way in.", "what you have done about it"),
    ],
)
def test_a_notice_that_lacks_an_element_is_not_approved_without_a_reason(
    crisis: Crisis, folder: Path, gone: str, lacks: str
) -> None:
    assert gone in WHOLE
    a_notice(crisis, folder, WHOLE.replace(gone, ""))
    approve = ("message", "approve", "authority-notice", "--yes")

    refused = crisis(*approve)
    allowed = crisis(*approve, "--overrule", "breach-notice-elements=It goes by phone")

    assert refused.exit != 0
    assert lacks in " ".join(refused.stderr.split())
    assert "GDPR Art. 33(3)" in " ".join(refused.stderr.split())
    assert allowed.exit == 0
    told = [line["text"] for line in json.loads(crisis("timeline", "--json").stdout)["timeline"]]
    assert any("breach-notice-elements (It goes by phone)" in line for line in told)


def test_the_parts_of_a_notice_are_there_as_fields_of_a_form(crisis: Crisis, folder: Path) -> None:
    a_notice(crisis, folder)

    (text,) = json.loads(crisis("message", "show", "authority-notice", "--json").stdout)["texts"]

    assert [part["heading"] for part in text["sections"]] == [
        *("1. What happened", "2. Whom it is about", "3. What may follow"),
    ]
    assert text["sections"][1]["text"].startswith("The number of people is not known yet")
