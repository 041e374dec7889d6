"""The JSON Schemas for editors: complete, valid, in step with the files that are shipped."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from jsonschema import Draft202012Validator

from crisisctl.cli.schemas import SCHEMAS, schema_of
from crisisctl.playbook.load import validated
from crisisctl.playbook.reader import read_file, read_text
from crisisctl.runner.answers import _long_form
from crisisctl.runner.answersfile import AnswersFile
from crisisctl.workspace import shipped

ROOT = Path(__file__).parents[1]
SHIPPED = {
    "playbook": shipped("playbooks") / "playbook.schema.json",
    "channels": shipped("templates") / "channels.schema.json",
    "regulation": shipped("playbooks") / "regulations" / "regulation.schema.json",
}
"""The schema files that stand beside what they describe."""
MODELINE = "# yaml-language-server: $schema=./{}.schema.json"
DESCRIBED = [
    *(("playbook", path) for path in sorted(shipped("playbooks").glob("*.yaml"))),
    ("channels", shipped("templates") / "channels.yaml"),
    *(("regulation", path) for path in sorted(shipped("playbooks").glob("regulations/*.yaml"))),
    *(("answers", path) for path in sorted((ROOT / "tests" / "incidents").glob("*.yaml"))),
]
WORKSPACE = """
brand: {name: Kestrel, support_email: help@kestrel.example, phone: "+33 1 23 45 67 89"}
locales: [en, fr, es, tr, ru]
time_zone: Europe/Paris
currency: EUR
roles: {commander: [ana, jo], legal: [li]}
audiences: {customers: {recipients: customers.csv}}
delivery:
  email: {via: smtp, url: "smtp://shop:${SMTP_PASSWORD}@mail.kestrel.example", from: a@b.example}
  internal: [{via: apprise, url: "slack://${SLACK_TOKEN}"}, {via: phone, call: [Ana +33 1]}]
  status-page: {via: statuspage, page: abc123, token: "${STATUSPAGE_TOKEN}"}
  x: {via: webhook, url: "https://hooks.kestrel.example/x", secret: "${HOOK_SECRET}"}
lint: {select: [form], ignore: [no-owner], strict: true, baseline: known.json, review_every: 90d}
"""


def mistakes(name: str, value: object) -> list[str]:
    found = Draft202012Validator(schema_of(name)).iter_errors(value)
    return sorted("/".join(map(str, error.absolute_path)) for error in found)


def keys(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key that a person may write, with its schema."""
    for name, inner in schema.get("properties", {}).items():
        yield f"{path}/{name}", inner
        yield from keys(inner, f"{path}/{name}")
    for part, inner in schema.get("$defs", {}).items():
        yield from keys(inner, f"{path}#{part}")


def fixed_words(schema: dict[str, Any]) -> list[str]:
    inside = [schema, *schema.get("anyOf", []), schema.get("items", {})]
    return [word for part in inside for word in part.get("enum", [])]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_of_the_draft_of_2020_12(crisis: Crisis, name: str) -> None:
    done = crisis("schema", "--of", name)
    schema = json.loads(done.stdout)

    Draft202012Validator.check_schema(schema)
    assert (done.exit, done.stderr) == (0, "")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:crisisctl:{name}"
    assert schema["title"]
    assert done.stdout.isascii()


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_is_described(name: str) -> None:
    bare = [key for key, inner in keys(schema_of(name)) if not inner.get("description", "").strip()]

    assert bare == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_fixed_word_is_explained_where_it_is_written(name: str) -> None:
    silent = [
        (key, word)
        for key, inner in keys(schema_of(name))
        for word in fixed_words(inner)
        if f"\n- {word}: " not in inner["description"]
    ]

    assert silent == []


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_file_is_what_the_command_prints(crisis: Crisis, name: str) -> None:
    assert SHIPPED[name].read_text(encoding="utf-8") == crisis("schema", "--of", name).stdout


def test_the_playbook_is_described_if_nothing_else_is_said(crisis: Crisis) -> None:
    assert crisis("schema").stdout == crisis("schema", "--of", "playbook").stdout


def test_it_can_be_written_into_a_file(crisis: Crisis, folder: Path) -> None:
    done = crisis("schema", "-o", "playbook.schema.json")

    assert (done.exit, done.stdout) == (0, "")
    assert (folder / "playbook.schema.json").read_bytes() == SHIPPED["playbook"].read_bytes()


def test_with_json_it_stands_inside_an_object_with_a_version(crisis: Crisis) -> None:
    found = json.loads(crisis("schema", "--of", "channels", "--json").stdout)

    assert found == {"schema": 1, "of": "channels", "json_schema": schema_of("channels")}


def test_an_unknown_schema_is_an_error_that_says_what_there_is(crisis: Crisis) -> None:
    done = crisis("schema", "--of", "playbok")

    assert (done.exit, done.stdout) == (2, "")
    assert 'did you mean "playbook"?' in done.stderr


@pytest.mark.parametrize(("name", "path"), DESCRIBED, ids=lambda part: getattr(part, "name", part))
def test_shipped_files_hold_to_their_schema(name: str, path: Path) -> None:
    document = read_file(path)

    assert not document.problems
    assert mistakes(name, document.value) == []


@pytest.mark.parametrize(
    ("name", "path"), [row for row in DESCRIBED if row[0] in SHIPPED], ids=lambda part: str(part)
)
def test_the_first_line_of_a_shipped_file_names_its_schema(name: str, path: Path) -> None:
    first = path.read_text(encoding="utf-8").partition("\n")[0]

    assert first == MODELINE.format(name)
    assert (path.parent / f"{name}.schema.json").is_file()


def test_the_workspace_file_of_the_manual_holds_to_its_schema() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"```yaml\n(brand:.*?)```", readme, re.DOTALL)

    assert shown
    for text in (*shown, WORKSPACE):
        assert mistakes("workspace", read_text(text).value) == []


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("playbook", ("titel",), "A slip"),
        ("playbook", ("stages", "asess"), []),
        ("playbook", ("stages", "assess", 0, "id"), "Open Up"),
        ("playbook", ("stages", "assess", 0, "timebox"), "5 years"),
        ("playbook", ("facts", "Site-URL"), {}),
        ("playbook", ("facts", "site_url", "type"), "link"),
        ("playbook", ("reviewed",), "21.11.2026"),
        ("playbook", ("deadlines", "first-word", "within", "sev5"), "10m"),
        ("playbook", ("deadlines", "first-word", "within", "sev1"), "soon"),
        ("playbook", ("deadlines", "first-word", "from"), "yesterday"),
        ("playbook", ("impact", "checkout", "answers", "all", "severity"), "bad"),
        ("regulation", ("clocks", "authority", "to"), "autority"),
        ("regulation", ("clocks", "authority", "within", "hours"), "72"),
        ("regulation", ("as_of",), "21.11.2026"),
        ("channels", ("channels", "sms", "limit"), -1),
        ("channels", ("channels", "sms", "unit"), "parts"),
        ("channels", ("channels", "SMS"), {"title": "SMS", "form": "short"}),
    ],
)
def test_a_mistake_is_found_in_an_editor_too(
    name: str, path: tuple[str | int, ...], value: object
) -> None:
    home = {
        "playbook": "playbooks/outage.yaml",
        "channels": "templates/channels.yaml",
        "regulation": "playbooks/regulations/fr.yaml",
    }[name]
    kind, _, file = home.partition("/")
    plan: Any = copy.deepcopy(read_file(shipped(kind) / file).value)
    inside = plan
    for part in path[:-1]:
        inside = inside[part]
    inside[path[-1]] = value

    assert len(mistakes(name, plan)) == 1


ANSWERS = {
    "a fact in short": "facts: {checkout: none, parts: [cart], orders: 3, change: true, eta: }",
    "a fact at length": "facts: {cause: {value: overload, status: suspected, source: graphs}}",
    "a decision in short": "decisions: {workaround: phone}",
    "a decision at length": "decisions: {workaround: {choose: phone, because: Two are ready}}",
    "steps in short": "steps: {hold: , fix: done}",
    "steps at length": "steps: {hold: {at: now, note: Read aloud}, fix: {skip: No need}}",
    "facts of a message": 'messages: [{send: update, at: "20:30", facts: {progress: fixing}}]',
    "a fact without a value": "facts: {cause: {status: suspected}}",
    "an unknown status": "facts: {cause: {value: overload, status: sure}}",
    "an option that is no text": "decisions: {workaround: 3}",
    "a step that is a word": "steps: {hold: skipped}",
    "an unknown section": "fact: {cause: overload}",
    "an approval in words": 'approve: "true"',
    "a note without words": 'notes: [{at: "20:30"}]',
}


@pytest.mark.parametrize("text", ANSWERS.values(), ids=ANSWERS)
def test_an_answers_file_is_taken_by_the_schema_as_by_the_reader(text: str) -> None:
    document = read_text(text)
    taken = validated(AnswersFile, _long_form(document.value), document)[0] is not None

    assert (mistakes("answers", document.value) == []) is taken
