"""The linter over what surrounds playbooks: the workspace file, layouts, other tools' files."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Crisis

from crisisctl.lint.asked import asked_settings, facts_that_ask, never_named
from crisisctl.messages.proof.leftovers import any_leftover, leftovers
from crisisctl.workspace import Workspace

WHOLE = """\
brand: {name: Kestrel, support_email: help@kestrel.example, phone: "+33 1 23 45 67 89"}
locales: [en, fr, es, tr, ru]
time_zone: Europe/Paris
currency: EUR
roles: {commander: [ana, jo], legal: [li]}
audiences: {customers: {recipients: customers.csv}}
delivery:
  email: {via: smtp, url: "smtp://shop:${SMTP}@mail.kestrel.example", from: a@kestrel.example}
  status-page: {via: statuspage, page: abc123, token: "${STATUSPAGE_TOKEN}"}
lint: {review_every: 90d}
"""
BROKEN = """\
playbook: shop
titel: A slip
facts:
  hotline: {type: phone, ask: Which?, workspace: brand.hotline}
stages: {}
"""
HELD_PLACES = {
    "TODO": "TODO",
    "TBD, ask ana": "TBD",
    "Call +00 000": "+00 000",
    "Call +33 X XX XX XX XX now": "+33 X XX XX XX XX",
    "Call +1 202 555 0123": "+1 202 555 0123",
    "0123456789": "0123456789",
    "Write to xxx@kestrel.shop.": "xxx@kestrel.shop",
    "https://status.example.com/now, then": "https://status.example.com/now",
    "votre-boutique.fr": "votre-boutique.fr",
    "Call <your host>": "<your host>",
    "[insert date] or later": "[insert date]",
    "<ваш телефон>": "<ваш телефон>",
    "lorem ipsum dolor": "lorem ipsum",
    "Téléphone : à compléter": "à compléter",
    "(por completar)": "(por completar)",
    "doldurulacak": "doldurulacak",
    "Телефон: заполнить": "заполнить",
    "to be confirmed": "to be confirmed",
    "fill in": "fill in",
    "...": "...",
    "???": "???",
}
ORDINARY = (
    "Fill in the roles with names",
    "Le formulaire à compléter est en ligne",
    "Нужно заполнить форму",
    "TODO EL SITIO ESTÁ CAÍDO",
    "1 000 000 customers, 100000 orders, 0.00 EUR",
    "+33 1 23 45 67 89 or 0800 123 456",
    "help@kestrel.example, https://kestrel.example/checkout",
    "2026-11-27T00:00+00:00",
    "Sizes XXL and XXX-Large",
    "[name](https://kestrel.shop/name)",
    "Wait... then look",
    "a < b and c > d",
)


@pytest.mark.parametrize(("text", "word"), HELD_PLACES.items())
def test_what_holds_a_place_is_found_where_it_stands(text: str, word: str) -> None:
    assert [text[left.start : left.end] for left in leftovers(text)] == [word]
    assert any_leftover(f"guide: ok\n{text}\n")


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_hold_no_place(text: str) -> None:
    assert list(leftovers(text)) == []


@pytest.mark.parametrize(
    "piece",
    ["a.", "x", "+0 ", "XX ", "[", "<your ", " ", ".-", "your-", ": ", "fill ", "\n", "…", "(\n"],
)
def test_a_long_row_of_near_matches_comes_to_an_end(piece: str) -> None:
    assert len(list(leftovers(piece * (100_000 // len(piece))))) < 5000


def test_a_whole_workspace_file_is_clean(crisis: Crisis, folder: Path) -> None:
    (folder / "crisisctl.yaml").write_text(WHOLE, encoding="utf-8")

    done = crisis("lint", "--strict", "crisisctl.yaml")

    assert (done.exit, done.stdout) == (0, "nothing found in 1 file\n")


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        ("time_zone:", "timezone:", "3:1: error[unknown-key]"),
        ("from:", "form:", "8:71: error[unknown-key]"),
        ("via: smtp", "via: smpt", "8:16: error[unknown-value]"),
        ("review_every:", "review_evry:", "10:8: error[unknown-key]"),
        ("recipients:", "recipient:", "6:25: error[unknown-key]"),
        ("[ana, jo]", "ana", "5:20: error[wrong-type]"),
    ],
)
def test_a_slip_in_the_workspace_file_is_found_at_its_place(
    crisis: Crisis, folder: Path, right: str, wrong: str, place: str
) -> None:
    text = WHOLE.replace(right, wrong)
    (folder / "crisisctl.yaml").write_text(text, encoding="utf-8")

    done = crisis("lint", "--select", "form", "crisisctl.yaml")

    assert done.exit == 1
    assert done.stdout.startswith(f"crisisctl.yaml:{place}")


def test_an_unknown_rule_in_the_workspace_file_is_a_finding(crisis: Crisis, folder: Path) -> None:
    (folder / "crisisctl.yaml").write_text("lint: {ignore: [no-ownr]}\n", encoding="utf-8")

    done = crisis("lint", "crisisctl.yaml")

    assert done.exit == 1
    assert 'crisisctl.yaml:1:17: error[bad-lint-setting]: there is no rule "no-ownr"' in done.stdout


def test_a_broken_playbook_still_says_what_it_asks_for(folder: Path) -> None:
    (folder / "playbooks").mkdir()
    (folder / "playbooks" / "shop.yaml").write_text(BROKEN, encoding="utf-8")
    workspace = Workspace(folder)

    assert {"brand.hotline", "brand.name"} <= asked_settings(workspace)
    assert never_named(workspace, ["hotline", "hot", "commander"]) == {"hot"}
    assert set(facts_that_ask(workspace, ["brand.hotline", "brand.name"])) == {"brand.name"}


def test_files_of_other_tools_are_passed_over(crisis: Crisis, folder: Path) -> None:
    foreign = {
        ".gitlab-ci.yml": "stages: [build, test]\n",
        "azure-pipelines.yml": "stages:\n- stage: Build\n",
        "workflow.yml": "jobs:\n  deploy:\n    with:\n      playbook: deploy.yml\n",
        "roles/proxy/templates/nginx.conf.j2": "listen {{ port }};\n",
    }
    ours = {"team/crisis.yaml": "playbook: crisis\ntitle: A crisis\nowner: sre\nstages: {}\n"}
    for name, text in {**foreign, **ours}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    done = crisis("lint", "--select", "no-owner", ".")

    assert (done.exit, done.stdout) == (0, "nothing found in 1 file\n")
