"""Mutants of what stands around the playbooks: channels, layouts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mutation.mutant import Edit, Files, Mutant, misspelt
from mutation.outline import Path, outline

CHANNELS = "templates/channels.yaml"


def channel_mutants(files: Files) -> Iterator[Mutant]:
    """Every mutant of the channels file."""
    text = files[CHANNELS]
    parts = outline(text)
    stems = [file.split("/")[1] for file in files if file.startswith("playbooks/")]
    plans = "".join(files[f"playbooks/{stem}"] for stem in stems)
    sent_to = set(re.findall(r"[a-z0-9-]+", " ".join(re.findall(r"channels: \[(.*?)\]", plans))))

    def of(family: str, words: str, edit: tuple[int, int, str], **more: object) -> Mutant:
        change = Edit(CHANNELS, *edit)
        return Mutant(family, f"{CHANNELS}: {words}", (change,), **more)  # type: ignore[arg-type]

    def put(family: str, path: Path, new: str, harmless: str = "") -> Mutant:
        words = f"{'.'.join(map(str, path))}: write {new}"
        names = (str(path[1]), new)
        return of(family, words, parts.instead(path, new), names=names, harmless=harmless)

    for path in parts.parts:
        told = ".".join(map(str, path))
        match path:
            case (top,):
                yield of(
                    "delete", f"delete {told}", parts.without(path), names=(str(top), "channel")
                )
            case ("drill", locale):
                yield of(
                    "drop a locale",
                    f"delete {told}",
                    parts.without(path),
                    names=(str(locale), "drill"),
                )
                yield of(
                    "rename",
                    f"rename {told}",
                    parts.called(path, misspelt(str(locale))),
                    names=(str(locale), "drill"),
                )
                yield put("delete", path, '""')
            case ("channels", name):
                used = str(name) in sent_to
                why = "" if used else "no playbook uses this channel"
                yield of(
                    "drop a channel",
                    f"delete {told}",
                    parts.without(path),
                    names=(str(name),),
                    harmless=why,
                )
                new = misspelt(str(name))
                yield of(
                    "rename",
                    f"rename {told}",
                    parts.called(path, new),
                    names=(str(name), new),
                    harmless=why,
                )
                yield of("duplicate", f"{told} twice", parts.again(path), names=(str(name),))
            case ("channels", name, key):
                yield of(
                    "rename",
                    f"rename {told}",
                    parts.called(path, misspelt(str(key))),
                    names=(str(name), str(key)),
                )
                yield of(
                    "delete",
                    f"delete {told}",
                    parts.without(path),
                    names=(str(name),),
                    harmless=_less(str(key)),
                )
                yield from _value(put, path, parts.value(path), used=str(name) in sent_to)


def _less(key: str) -> str:
    return {
        "heading": "a channel without a headline can be meant",
        "heading_limit": "a headline without a limit can be meant",
        "limit": "a channel without a limit can be meant",
        "shown": "how much readers see may be nobody's care",
        "heading_shown": "how much readers see of a headline may be nobody's care",
        "heading_unit": "the shipped headlines fit when they are counted in characters too",
        "preheader_block": "without it inboxes show how the text begins",
        "preheader_shown": "how much readers see may be nobody's care",
        "also": "a channel with fewer limits can be meant",
        "unit": "the shipped texts fit when they are counted in characters too",
        "format": "plain text can be meant",
        "layout": "a text without a page around it can be meant",
        "heading_block": "the usual headline is taken, and it fits or is found to be too long",
    }.get(key, "")


def _value(put: object, path: Path, value: str, *, used: bool) -> Iterator[Mutant]:
    assert callable(put)
    key = path[-1]
    if key in ("form", "unit", "heading_unit", "format", "layout"):
        yield put("misspell", path, misspelt(value))
    if key == "heading_block":
        yield put(
            "misspell", path, misspelt(value), "without such a block the usual headline is taken"
        )
    if key in ("limit", "heading_limit", "shown", "heading_shown", "preheader_shown"):
        why = "no playbook uses this channel" if not used else ""
        why = "no shipped text has a preheader" if key == "preheader_shown" else why
        yield put("overflow a channel", path, "5" if value != "6" else "1", why)
        yield put("retype", path, "many")
        yield put("retype", path, "-1")
    if key == "form":
        yield put("retype", path, "12")
    if key == "heading":
        yield put("retype", path, "perhaps")


def layout_mutants(files: Files) -> Iterator[Mutant]:
    """Every mutant of the layouts."""
    for file in files:
        if "/layouts/" in file:
            text = files[file]
            yield Mutant(
                "rename",
                f"{file}: rename it",
                removed=(file,),
                added=((f"{file[:-3]}.jx.j2", text),),
                names=(file.rpartition("/")[2],),
                harmless="the shipped layout of that name is taken",
            )
            at = text.index("{{")
            yield Mutant(
                "jinja", f"{file}: braces never closed", (Edit(file, at, at, "{{ "),), names=("{{",)
            )
            yield Mutant(
                "jinja",
                f"{file}: include",
                (Edit(file, at, at, "{% include 'x' %}"),),
                names=("include",),
            )
            yield Mutant(
                "misspell",
                f"{file}: print nothing",
                (Edit(file, at, at, "{{ hedline }}"),),
                names=("hedline",),
            )
