"""JSON Schema for editors, from the models that crisisctl itself reads files with.

What it refuses, the linter finds too. The linter knows more than a schema can
say: what refers to what, which example fits which type.
"""

from __future__ import annotations

from typing import Any

from crisisctl.playbook.form import Model
from crisisctl.playbook.meanings import meanings

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(shape: type[Model], name: str, title: str) -> Schema:
    """The schema of a file, in the draft of 2020-12, with a description on every key."""
    from crisisctl.playbook.critic import twin

    raw = twin(shape).model_json_schema()
    parts = {part: _tidied(inner) for part, inner in raw.pop("$defs", {}).items()}
    head = {"$schema": DRAFT, "$id": f"urn:crisisctl:{name}", "title": title}
    return {**head, **_tidied(raw), **({"$defs": parts} if parts else {})}


def _tidied(node: Schema) -> Schema:
    """One schema inside of another as editors show it best."""
    made = {key: word for key, word in node.items() if key not in _PASSED_OVER}
    if not made.get("default", True):
        del made["default"]
    for key in ("items", "additionalProperties", "propertyNames"):
        if isinstance(made.get(key), dict):
            made[key] = _tidied(made[key])
    if "properties" in made:
        made["properties"] = {key: _tidied(word) for key, word in made["properties"].items()}
    for pattern, inner in made.pop("patternProperties", {}).items():
        made |= {"propertyNames": {"pattern": pattern}, "additionalProperties": _tidied(inner)}
    if "anyOf" in made:
        arms = _one_list([_tidied(arm) for arm in made.pop("anyOf")])
        made |= {"anyOf": arms} if len(arms) > 1 else arms[0]
    if node.get("short"):  # what may also be written in place of a mapping
        made = {"anyOf": [made, *node["short"]]}
    return _explained(_named_words(made))


_PASSED_OVER = {"title", "short"}
"""Pydantic's titles only repeat the keys; `short` is our own, and is spelled out."""


def _one_list(arms: list[Schema]) -> list[Schema]:
    """Several lists of fixed words as one."""
    fixed = [word for arm in arms for word in arm.get("enum", [arm.get("const")]) if word]
    rest = [arm for arm in arms if not ("enum" in arm or "const" in arm)]
    return [{"enum": fixed, "type": "string"}, *rest] if fixed else rest


def _named_words(node: Schema) -> Schema:
    """A mapping whose keys are fixed words: each becomes a key with its own description."""
    words = node.get("propertyNames", {}).get("enum")
    if not words:
        return node
    inner, told = node["additionalProperties"], meanings(words)
    keys = {word: {**inner, "description": _sentence(told.get(word, word))} for word in words}
    rest = {key: word for key, word in node.items() if key != "propertyNames"}
    return {**rest, "properties": keys, "additionalProperties": False}


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _explained(node: Schema) -> Schema:
    """A description that also says what each of the fixed words means."""
    words = _words(node)
    told = meanings(words)
    if "description" not in node or not told:
        return node
    lines = [f"- {word}: {told[word]}" for word in words]
    return {**node, "description": "\n".join([node["description"], *lines])}


def _words(node: Schema) -> list[str]:
    """The fixed words that may be written at a place, or in a list there."""
    inside = [*node.get("anyOf", []), node.get("items", {})]
    own = node.get("enum", [])
    return [*own, *(word for part in inside for word in part.get("enum", []))]
