"""`# crisisctl: ignore[rule-id]`: what it silences, where it counts, and when it is told off."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Crisis
from small import small, write

from crisisctl.lint.comments import Ignored
from crisisctl.lint.finding import Source
from crisisctl.playbook.document import lines_of

OWNERLESS = "playbook: shop\ntitle: Something happened\nstages: {}\n"
RULES = "no-owner,unknown-rule,unneeded-ignore"


def found(crisis: Crisis, folder: Path, text: str, select: str = RULES) -> list[tuple[int, str]]:
    """Line and rule of what is found in a playbook."""
    file = write(folder / "playbooks" / "shop.yaml", text)
    ran = crisis("lint", str(file), "--json", "--select", select)
    assert ran.exit in (0, 1), ran.stderr
    return [(f["line"], f["rule"]) for f in json.loads(ran.stdout)["findings"]]


def source(text: str, name: str = "shop.yaml") -> Source:
    lines = text.split("\n") if name.endswith(".j2") else lines_of(text)
    return Source(name, text, tuple(lines))


def covered(text: str, line: int, *, name: str = "shop.yaml", rule: str = "no-owner") -> bool:
    file = source(text, name)
    return Ignored([file]).covers(rule, file.hit(line, 1, "wrong"))


def told_off(text: str, name: str = "shop.yaml") -> list[tuple[str, int, int, str]]:
    chosen = frozenset({"no-owner", "no-steps"})
    mistakes = Ignored([source(text, name)]).mistakes(chosen, frozenset())
    return [(rule, hit.line, hit.column, hit.text) for rule, hit in mistakes]


# What is silenced


@pytest.mark.parametrize(
    "text",
    [
        "playbook: shop  # crisisctl: ignore[no-owner]",
        "playbook: shop #crisisctl:ignore [no-owner]",
        "playbook: shop  # CrisisCtl: Ignore[no-owner]  because nobody is on call yet",
        "playbook: shop  # crisisctl: ignore[no-steps, no-owner]",
        "playbook: shop  # crisisctl: ignore[no-steps] # crisisctl: ignore[no-owner]",
        "# crisisctl: ignore[no-owner]\nplaybook: shop",
        "  # crisisctl: ignore[no-owner]\n\n# more words\nplaybook: shop",
        "# crisisctl: ignore[no-owner]\r\nplaybook: shop\r\n",
    ],
)
def test_a_comment_silences_its_rule_on_its_line(text: str) -> None:
    rows = text.split("\n")
    (line,) = (number for number, row in enumerate(rows, 1) if row.startswith("playbook"))

    assert covered(text, line)


def test_a_comment_speaks_of_no_other_line_and_no_other_rule() -> None:
    text = "a: 1\nplaybook: shop  # crisisctl: ignore[no-owner]\nb: 2\n"

    assert [line for line in (1, 2, 3) if covered(text, line)] == [2]
    assert not covered(text, 2, rule="no-steps")


def test_a_comment_of_its_own_line_speaks_of_the_next_line_only() -> None:
    text = "a: 1\n# crisisctl: ignore[no-owner]\nplaybook: shop\nb: 2\n"

    assert [line for line in (1, 2, 3, 4) if covered(text, line)] == [3]


@pytest.mark.parametrize(
    "text",
    [
        'playbook: "shop # crisisctl: ignore[no-owner]"',
        "playbook: 'it''s # crisisctl: ignore[no-owner]'",
        "playbook: shop# crisisctl: ignore[no-owner]",
        'playbook: "shop\n  # crisisctl: ignore[no-owner]"',
        "playbook: |\n  # crisisctl: ignore[no-owner]\n  shop",
        "playbook: >-\n  shop # crisisctl: ignore[no-owner]\n",
        "{playbook: 'é # crisisctl: ignore[no-owner]'}",
    ],
)
def test_what_only_looks_like_a_comment_in_a_text_counts_for_nothing(text: str) -> None:
    assert not any(covered(text, line) for line in (1, 2, 3))
    assert not told_off(text)


def test_a_comment_after_such_a_text_counts() -> None:
    text = "guide: |\n  # a heading\n\n# crisisctl: ignore[no-owner]\nplaybook: 'a # b' # x\n"

    assert covered(text, 5)


def test_a_comment_counts_where_the_file_cannot_be_read_to_its_end() -> None:
    assert covered("a: 'never closed\nplaybook: shop # crisisctl: ignore[no-owner]", 2)


# In message texts


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Words {# crisisctl: ignore[no-owner] #}", 1),
        ("{# crisisctl: ignore[no-owner] #} words", 1),
        ("{#- crisisctl: ignore[no-owner] -#}\nwords", 2),
        ("{# crisisctl: ignore[no-owner] #}\n{# more #}\n\nwords", 4),
        ("{# crisisctl: ignore[no-owner]\n   agreed with legal #}\nwords", 3),
        ("{# crisisctl: ignore[no-owner] #}\r\nwords\r\n", 2),
    ],
)
def test_in_a_message_text_the_comment_is_jinjas(text: str, line: int) -> None:
    lines = range(1, text.count("\n") + 2)

    assert [n for n in lines if covered(text, n, name="hold.en.j2")] == [line]


@pytest.mark.parametrize(
    "text",
    [
        "Words # crisisctl: ignore[no-owner]",
        "# crisisctl: ignore[no-owner]\nWords",
        "{{ '{# crisisctl: ignore[no-owner] #}' }}",
    ],
)
def test_in_a_message_text_words_that_customers_read_are_no_comment(text: str) -> None:
    assert not any(covered(text, line, name="hold.en.j2") for line in (1, 2))


def test_a_comment_in_a_message_text_is_heeded_by_the_whole_linter(
    crisis: Crisis, folder: Path
) -> None:
    text = small(folder) / "templates" / "small" / "hello.en.j2"
    write(text, "{# crisisctl: ignore[no-owner] #}\n" + text.read_text())

    ran = crisis("lint", "playbooks", "--json", "--select", "no-owner,unneeded-ignore")

    rows = json.loads(ran.stdout)["findings"]
    (only,) = [row for row in rows if row["rule"] == "unneeded-ignore"]
    assert (only["file"], only["line"], only["column"]) == ("templates/small/hello.en.j2", 1, 22)
    assert "line 2" in only["text"]


# Comments that are wrong themselves


def test_a_needed_comment_is_not_told_off(crisis: Crisis, folder: Path) -> None:
    text = OWNERLESS.replace("shop", "shop  # crisisctl: ignore[no-owner]", 1)

    assert found(crisis, folder, OWNERLESS) == [(1, "no-owner")]
    assert found(crisis, folder, text) == []


def test_a_comment_that_nothing_needs_is_found(crisis: Crisis, folder: Path) -> None:
    text = f"{OWNERLESS}owner: ana  # crisisctl: ignore[no-owner]\n"

    assert found(crisis, folder, text) == [(4, "unneeded-ignore")]


def test_a_comment_for_a_rule_that_was_not_asked_for_may_be_needed(
    crisis: Crisis, folder: Path
) -> None:
    text = f"{OWNERLESS}owner: ana  # crisisctl: ignore[no-owner]\n"

    assert found(crisis, folder, text, "unneeded-ignore") == []


def test_in_a_broken_file_no_comment_is_called_unneeded(crisis: Crisis, folder: Path) -> None:
    text = f"{OWNERLESS}ownr: ana  # crisisctl: ignore[no-owner, no-ownr]\n"

    assert found(crisis, folder, text, "unneeded-ignore,unknown-rule") == [(4, "unknown-rule")]


def test_each_rule_of_a_comment_stands_for_itself() -> None:
    text = "a: 1  # crisisctl: ignore[no-owner,  no-steps]"
    file = source(text)
    ignored = Ignored([file])
    assert ignored.covers("no-owner", file.hit(1, 1, "wrong"))

    ((rule, hit),) = ignored.mistakes(frozenset({"no-owner", "no-steps"}), frozenset())

    assert (rule, hit.line, hit.column) == ("unneeded-ignore", 1, text.index("no-steps") + 1)


def test_a_misspelt_rule_gets_a_suggestion_at_its_own_place() -> None:
    text = "a: 1  # crisisctl: ignore[no-ownr]"

    ((rule, line, column, told),) = told_off(text)

    assert (rule, line, column) == ("unknown-rule", 1, text.index("no-ownr") + 1)
    assert told == 'there is no rule "no-ownr"'
    ((_, hit),) = Ignored([source(text)]).mistakes(frozenset(), frozenset())
    assert hit.hint == 'did you mean "no-owner"?'


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a: 1  # crisisctl: ignore", "shop.yaml"),
        ("a: 1  # crisisctl: ignore[]", "shop.yaml"),
        ("a: 1  # crisisctl: ignore[ , ]", "shop.yaml"),
        ("a: 1  # crisisctl: ignore no-owner", "shop.yaml"),
        ("{# crisisctl: ignore #}", "hold.en.j2"),
    ],
)
def test_a_comment_without_a_rule_is_found(text: str, name: str) -> None:
    ((rule, line, column, told),) = told_off(text, name)

    assert (rule, line, column) == ("unknown-rule", 1, text.index("ignore") + 1)
    assert told == "this comment names no rule"


def test_other_comments_are_nobodys_business() -> None:
    text = "# crisisctl: see the README\n# crisisctl ignores this\na: 1 # ignore[no-owner]\n"

    assert not told_off(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("# crisisctl: ignore[no-such]\n" * 30_000, "shop.yaml"),
        ("".join(f"# crisisctl: ignore[no-{n}]\n" for n in range(30_000)), "shop.yaml"),
        ("# crisisctl: ignore[" + "no-such," * 100_000 + "]", "shop.yaml"),
        ("a: [" + "[1]," * 150_000 + "# crisisctl: ignore[no-owner]\n]", "shop.yaml"),
        ("{# crisisctl: ignore[no-owner] #}\n" * 20_000, "hold.en.j2"),
        ("{# crisisctl: ignore[no-owner] #}" + "{#" * 200_000, "hold.en.j2"),
        ("#}" + "{#" * 200_000 + "\ncrisisctl:", "hold.en.j2"),
        ("# \t" * 200_000 + "crisisctl:", "shop.yaml"),
    ],
    ids=["same", "different", "in-one", "flow", "texts", "unclosed", "closed-first", "blanks"],
)
@pytest.mark.timeout(20)
def test_a_flood_of_comments_is_read_in_time(text: str, name: str) -> None:
    assert len(told_off(text, name)) >= 0
