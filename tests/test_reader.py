"""The YAML reader: what it reads, where it says things stand, what it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisctl.errors import CrisisError
from crisisctl.playbook.construct import MAX_DEPTH, MAX_NODES
from crisisctl.playbook.document import Document, Mark
from crisisctl.playbook.reader import MAX_BYTES, read_bytes, read_file, read_text


def found(document: Document) -> list[str]:
    """Every problem as line:column rule."""
    return [f"{p.line}:{p.column} {p.rule}" for p in document.problems]


def one(text: str) -> str:
    """The sentence of the only problem."""
    (problem,) = read_text(text).problems
    return f"{problem.text}; {problem.hint}"


# What plain words and quoted texts become


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("NULL", None),
        ("true", True),
        ("FALSE", False),
        ("0", 0),
        ("-12", -12),
        ("+33123456789", "+33123456789"),  # a phone number keeps its plus
        ("0o17", 15),
        ("0x1F", 31),
        ("999999999999999999", 10**18 - 1),
        ("1.5", 1.5),
        (".5", 0.5),
        ("-2.", -2.0),
        ("1e3", 1000.0),
        ("1.5E-2", 0.015),
    ],
)
def test_core_words_become_values(word: str, value: object) -> None:
    document = read_text(f"a: {word}\n")

    assert document.value == {"a": value}
    assert type(document.value["a"]) is type(value)
    assert document.problems == ()


@pytest.mark.parametrize(
    "word",
    [
        "no",
        "yes",
        "on",
        "off",
        "Y",
        "tRUE",
        "=",
        "4:30",
        "22:22:22",
        "+99:00",
        "2026-11-21",
        "2024-02-30",
        "012",
        "0777",
        "00",
        "-012",
        "01.5",
        "1_000",
        "1,000",
        "0b11",
        "0X1F",
        "1.2.3",
        ".",
        "-",
        "e3",
        "\u0663",
        "https://shop.example/a#b",
    ],
)
def test_all_other_words_stay_text(word: str) -> None:
    expected = None if word == "-" else {"a": word}

    assert read_text(f"a: {word}\n").value == expected


@pytest.mark.parametrize("quoted", ["'12'", '"12"', '"\\x31\\x32"', "|-\n  12", ">-\n  12"])
def test_quoted_texts_and_blocks_are_never_numbers(quoted: str) -> None:
    assert read_text(f"a: {quoted}\n").value == {"a": "12"}


def test_an_empty_quoted_text_is_a_text() -> None:
    assert read_text("''").value == ""


def test_a_list_at_the_top_is_read() -> None:
    document = read_text("- a\n- [b, {c: d}]\n")

    assert document.value == ["a", ["b", {"c": "d"}]]
    assert document.mark((1, 1, "c"), key=True) == Mark(2, 8)


def test_homoglyphs_and_text_from_right_to_left_are_kept_as_they_are() -> None:
    assert read_text("id: p\u0430y\u202ement\n").value == {"id": "p\u0430y\u202ement"}


# Places


def test_lines_and_columns_count_characters_not_bytes() -> None:
    document = read_text("é: ü\n😀ключ: {я: b, 漢: [c, d]}\n")

    assert document.keys == {
        ("é",): Mark(1, 1),
        ("😀ключ",): Mark(2, 1),
        ("😀ключ", "я"): Mark(2, 9),
        ("😀ключ", "漢"): Mark(2, 15),
    }
    assert document.values == {
        (): Mark(1, 1),
        ("é",): Mark(1, 4),
        ("😀ключ",): Mark(2, 8),
        ("😀ключ", "я"): Mark(2, 12),
        ("😀ключ", "漢"): Mark(2, 18),
        ("😀ключ", "漢", 0): Mark(2, 19),
        ("😀ключ", "漢", 1): Mark(2, 22),
    }


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_every_line_break_of_yaml_counts_as_one_line(line_break: str) -> None:
    document = read_text(line_break.join(["a: |", "  x", "  y", "b: 1", ""]))

    assert document.value == {"a": "x\ny\n", "b": 1}
    assert document.mark(("b",)) == Mark(4, 4)


def test_a_byte_order_mark_moves_nothing() -> None:
    document = read_bytes(b"\xef\xbb\xbfa: b\n")

    assert document.value == {"a": "b"}
    assert document.keys == {("a",): Mark(1, 1)}


def test_mark_gives_the_value_the_key_or_the_nearest_ancestor() -> None:
    document = read_text("steps:\n  - id: a\n    ask: [x]\n")

    assert document.mark(("steps", 0, "ask")) == Mark(3, 10)
    assert document.mark(("steps", 0, "ask"), key=True) == Mark(3, 5)
    assert document.mark(("steps", 0, "ask", 7)) == Mark(3, 10)
    assert document.mark(("steps", 0), key=True) == Mark(2, 5)
    assert document.mark(("steps", 4, "title")) == Mark(2, 3)
    assert document.mark(("steps", 4, "title"), key=True) == Mark(1, 1)
    assert document.mark(("nothing",)) == Mark(1, 1)


def test_mark_has_an_answer_when_nothing_was_read() -> None:
    assert read_text("").mark(("a", 1)) == Mark(1, 1)


# Keys


def test_a_key_given_twice_names_the_first_line_and_the_first_value_wins() -> None:
    document = read_text("a: 1\nb: 2\n\na: {x: 3}\nc: 4\n")

    assert document.value == {"a": 1, "b": 2, "c": 4}
    assert found(document) == ["4:1 yaml-duplicate-key"]
    assert document.problems[0].text == "the key 'a' is already on line 1"
    assert ("a", "x") not in document.values
    assert document.singles == {("a",): 1, ("b",): 2, ("c",): 4}


def test_single_values_are_those_that_are_neither_lists_nor_mappings() -> None:
    document = read_text("a: {b: [1, x, {}]}\nc:\nd: ''\n")

    assert document.singles == {("a", "b", 0): 1, ("a", "b", 1): "x", ("c",): None, ("d",): ""}
    assert read_text("a: 1\nb: [\n").singles == {}


def test_the_same_key_in_another_mapping_is_no_duplicate() -> None:
    assert read_text("- {a: 1}\n- {a: 1}\n").problems == ()


def test_keys_that_are_not_text_are_reported_and_kept_as_written() -> None:
    document = read_text("404: a\ntrue: b\n~: c\n1.50: d\n0x1F: e\n'7': f\non: g\n012: h\n")

    assert document.value == {
        "404": "a",
        "true": "b",
        "~": "c",
        "1.50": "d",
        "0x1F": "e",
        "7": "f",
        "on": "g",
        "012": "h",
    }
    assert found(document) == [f"{line}:1 yaml-key" for line in range(1, 6)]


def test_a_number_and_its_text_are_the_same_key() -> None:
    assert found(read_text("7: a\n'7': b\n")) == ["1:1 yaml-key", "2:1 yaml-duplicate-key"]


def test_a_list_or_mapping_as_key_is_left_out_and_reading_goes_on() -> None:
    document = read_text("? [a, b]\n: c\nd: {{ name }}\ne: f\n")

    assert document.value == {"d": {}, "e": "f"}
    assert found(document) == ["1:3 yaml-key", "3:5 yaml-key"]
    assert set(document.values) == {(), ("d",), ("e",)}


def test_each_merge_key_is_refused_and_its_value_left_out() -> None:
    document = read_text("<<: {a: 1}\n<<: {b: 2, b: 3}\nc: 4\n'<<': 5\n")

    assert document.value == {"c": 4, "<<": 5}
    assert found(document) == ["1:1 yaml-merge", "2:1 yaml-merge", "2:12 yaml-duplicate-key"]


# Numbers and characters that nobody can use


@pytest.mark.parametrize(
    "word",
    [".nan", ".NaN", ".inf", "-.INF", "1e999", "1" * 19, "-" + "1" * 5000, "0x" + "f" * 20_000],
)
def test_a_number_that_cannot_be_kept_is_reported_and_stays_text(word: str) -> None:
    document = read_text(f"a: 1\nb: {word}\n")

    assert document.value == {"a": 1, "b": word}
    assert found(document) == ["2:4 yaml-number"]


def test_a_number_of_thousands_of_digits_as_key_is_reported_in_a_short_line() -> None:
    document = read_text(f"? {'9' * 900}\n: a\n")

    assert found(document) == ["1:3 yaml-key"]
    assert len(document.problems[0].text) < 100


@pytest.mark.parametrize("code", ["\\0", "\\ud800", "\\x1b", "\\e", "\\r", "\\x7f", "\\N", "\\x9b"])
def test_a_code_for_a_control_character_is_reported_at_the_value(code: str) -> None:
    document = read_text(f'a: 1\nb: [c, "d {code} e"]\n')

    assert document.value == {"a": 1, "b": ["c", "d \ufffd e"]}
    assert found(document) == ["2:8 yaml-control"]


def test_a_code_for_a_control_character_is_reported_in_a_key_too() -> None:
    assert found(read_text('"a\\0": b\n')) == ["1:1 yaml-control"]


@pytest.mark.parametrize("code", ["\\t", "\\n", "\\u00e9", "\\U0001F600", "\\_", "\\L"])
def test_other_codes_are_characters(code: str) -> None:
    assert read_text(f'a: "{code}"\n').problems == ()


def test_an_emoji_in_the_two_halves_of_json_is_one_character() -> None:
    assert read_text('{"a": "\\ud83d\\ude00"}').value == {"a": "😀"}


@pytest.mark.parametrize("halves", ["", "\\ud83d\\ude00"])
def test_a_code_beyond_unicode_is_reported_by_either_parser(halves: str) -> None:
    assert found(read_text(f'a: "\\UFFFFFFFF{halves}"\n'))[0].endswith("yaml-control")


# Encodings


@pytest.mark.parametrize(
    "bad", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\ud800", "\uffff"]
)
def test_a_raw_control_character_is_reported_where_it_stands(bad: str) -> None:
    document = read_text(f"é: b\r\nü: c{bad}d\n")

    assert document.value is None
    assert found(document) == ["2:5 yaml-encoding"]
    assert f"U+{ord(bad):04X}" in document.problems[0].text


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-be", "utf-16-le", "utf-32"])
def test_utf_16_is_reported_at_the_top(codec: str) -> None:
    (problem,) = read_bytes("a: b\n".encode(codec)).problems

    assert (problem.line, problem.rule) == (1, "yaml-encoding")
    assert "save" in problem.hint


@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_latin_1_is_reported_at_its_first_byte(start: str) -> None:
    data = f"{start}é: b\n".encode() + "ok: caf\xe9\n".encode("latin-1")

    assert found(read_bytes(data)) == ["2:8 yaml-encoding"]


# Refused constructions


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: &x b\n", "1:4 yaml-anchor"),
        ("&x a: b\n", "1:1 yaml-anchor"),
        ("&a [*a]\n", "1:1 yaml-anchor"),
        ("a: 1\nb: *a\n", "2:4 yaml-anchor"),
        ("? *a\n: b\n", "1:3 yaml-anchor"),
        ("a: *.example\n", "1:4 yaml-anchor"),
        ("a: & b\n", "1:4 yaml-anchor"),
        ("a: !!python/object/apply:os.system [ls]\n", "1:4 yaml-tag"),
        ("a: !!binary aGk=\n", "1:4 yaml-tag"),
        ("!!set {a}\n", "1:1 yaml-tag"),
        ("a: !b c\n", "1:4 yaml-tag"),
        ("a: ! c\n", "1:4 yaml-tag"),
        ("a: !h!x c\n", "1:4 yaml-tag"),
        ("a: !<b c\n", "1:4 yaml-tag"),
        ("# x\n%TAG ! y\n---\na: b\n", "2:1 yaml-tag"),
    ],
)
def test_anchors_aliases_and_tags_end_the_reading(text: str, place: str) -> None:
    document = read_text(text)

    assert document.value is None
    assert found(document) == [place]


def test_a_percent_sign_elsewhere_is_no_tag() -> None:
    assert read_text("a: 20%TAG\nb: |\n  %TAG\n").problems == ()


def test_problems_before_the_end_of_reading_are_kept() -> None:
    document = read_text("a: 1\na: 2\nb: *x\n")

    assert found(document) == ["2:1 yaml-duplicate-key", "3:4 yaml-anchor"]
    assert document.mark(("a",)) == Mark(1, 4)


def test_a_second_document_is_reported_and_the_first_is_read() -> None:
    document = read_text("a: 1\n---\nb: 2\n")

    assert document.value == {"a": 1}
    assert found(document) == ["2:1 yaml-documents"]


@pytest.mark.parametrize("frame", ["---\na: 1\n", "a: 1\n...\n", "%YAML 1.2\n---\na: 1\n"])
def test_the_marks_around_one_document_are_allowed(frame: str) -> None:
    assert read_text(frame).problems == ()


@pytest.mark.parametrize("text", ["", " \n\n", "# only\n# comments\n", "---\n", "\ufeff", "~\n"])
def test_nothing_to_read_is_a_problem(text: str) -> None:
    assert found(read_text(text)) == ["1:1 yaml-empty"]


# Bombs


BOMBS = {
    "brackets": ("[" * 100_000, "1:41 yaml-depth"),
    "braces": ("{" * 100_000, "1:41 yaml-depth"),
    "900 brackets": ("[" * 900 + "]" * 900, "1:41 yaml-depth"),
    "a million brackets": ("[" * 1_000_000, "1:41 yaml-depth"),
    "dashes": ("- " * 100_000, "1:81 yaml-depth"),
    "question marks": ("? " * 100_000, "1:81 yaml-depth"),
    "many values": ("- 1\n" * 60_000, f"{MAX_NODES}:3 yaml-size"),
    "many documents": ("---\n" * 100_000, "1:1 yaml-empty"),
    "many tag directives": ("%TAG !a! b\n" * 90_000 + "---\na", "1:1 yaml-tag"),
    "too long": ("#" * (MAX_BYTES + 1), "1:1 yaml-size"),
    "laughs": ("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "1:4 yaml-anchor"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_where_it_begins_to_hurt(name: str) -> None:
    text, place = BOMBS[name]

    assert place in found(read_text(text))


def test_forty_levels_are_read_and_one_more_is_not() -> None:
    assert read_text("[" * MAX_DEPTH + "]" * MAX_DEPTH).problems == ()
    assert found(read_text("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))) == ["1:41 yaml-depth"]


def test_a_hundred_thousand_brackets_leave_the_process_alive() -> None:
    code = (
        "from crisisctl.playbook.reader import read_text\n"
        "assert read_text('[' * 100_000).problems[0].rule == 'yaml-depth'\n"
        "print('alive')"
    )

    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert (child.returncode, child.stdout, child.stderr) == (0, "alive\n", "")


# Syntax errors


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a:\n\tb: c\n", "2:1", "tab"),
        ("\ta: b\n", "1:1", "tab"),
        ("a: b\n\tc: d\n", "2:1", "tab"),
        ("a: |\n  b\n\tc\n", "3:1", "tab"),
        ("a: 1\nb: 'x\nc: 2\n", "2:4", "quote that opens here is never closed"),
        ('a: "x\n---\n', "1:4", "quote that opens here is never closed"),
        ("a: [1, 2\nb: 3\n", "1:4", "bracket that opens here is not closed"),
        ("a: {b: c]\n", "1:4", "bracket that opens here is not closed"),
        ("a: {b: c\n", "1:4", "expected before the end"),
        ("a: [\n\n", "1:5", "before a bracket [ or { is closed"),
        ("a: ]\n", "1:4", "']' cannot stand here"),
        ("a: [b, , c]\n", "1:8", "',' cannot stand here"),
        ("a: @home\n", "1:4", "cannot begin with '@'; put the text in quotes"),
        ("a: `b`\n", "1:4", "cannot begin with '`'"),
        ("a: %b\n", "1:4", "cannot begin with '%'"),
        ("title: note: this\n", "1:12", "second ':'"),
        ("a:b\nc: d\n", "2:2", "this ':' cannot stand here"),
        ("- a: b\n   c: d\n", "2:5", "this ':' cannot stand here"),
        ("a: - b\n", "1:4", "list item cannot begin here"),
        ("a: ? b\n", "1:4", "cannot begin with '?'"),
        ('a: "C:\\qux"\n', "1:7", "backslash"),
        ('a: "\\xzz"\n', "1:7", "backslash"),
        ("a: |x\n", "1:5", "may follow '|' or '>'"),
        ("a: |0\n b\n", "1:5", "may follow '|' or '>'"),
        ("a: 1\nfoo\nb: 2\n", "2:1", "no ':'"),
        (": b\n", "1:1", "name is missing"),
        ("a: 'it's'\n", "1:8", "already ended"),
        ('"a" b\n', "1:5", "already ended"),
        ("- 'a' b\n", "1:7", "already ended"),
        ("x: 1\na:\n  b: 1\n c: 2\n", "4:2", "line up"),
        (" a: 1\nb: 2\n", "2:1", "line up"),
        ("a:\n  - b\n  c: d\n", "3:3", "neither an item of the list of line 2 nor a key"),
        ("%YAML 3.0\n---\na\n", "1:1", "'%'"),
    ],
)
def test_a_syntax_error_has_its_place_and_plain_words(text: str, place: str, words: str) -> None:
    document = read_text(text)

    assert document.value is None
    assert found(document) == [f"{place} yaml-syntax"]
    assert words in one(text)


def test_a_column_after_letters_of_several_bytes_is_right_in_a_syntax_error() -> None:
    assert found(read_text("ключ: @漢\n")) == ["1:7 yaml-syntax"]


# Both parsers


PARITY = [
    "a: [1, {b: 'c'}]\n😀: |\n  d\n",
    "a: 1\na: 2\n",
    "a: *b\n",
    "a: !b c\n",
    "a:\n\tb: c\n",
    "a: 'b\n",
    "a: [b\n",
    "a: [",
    "a: b: c\n",
    "a: @b\n",
    "a: - b\n",
    "a: ]\n",
    "a: |x\n",
    "a: 1\nfoo\nb: 2\n",
    "a: 'it's'\n",
    "x: 1\na:\n  b: 1\n c: 2\n",
    " a: 1\nb: 2\n",
    "a:\n  - b\n  c: d\n",
    'a: "\\0"\n',
    "[" * 100_000,
    "a: 1\n---\nb\n",
    "",
]


def test_without_libyaml_the_same_is_read_and_the_same_is_said() -> None:
    code = (
        "import json, sys\n"
        "sys.modules['yaml._yaml'] = None\n"
        "from crisisctl.playbook.reader import read_text\n"
        "read = [read_text(text) for text in json.load(sys.stdin)]\n"
        "said = [[[p.line, p.column, p.text, p.rule] for p in d.problems] for d in read]\n"
        "print(json.dumps([[d.value for d in read], said]))"
    )
    here = [read_text(text) for text in PARITY]

    child = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(PARITY),
        capture_output=True,
        text=True,
        check=True,
    )

    values, said = json.loads(child.stdout)
    assert values == [document.value for document in here]
    assert said == [[[p.line, p.column, p.text, p.rule] for p in d.problems] for d in here]


# Files


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "playbook.yaml"
    file.write_text("a: é\n", encoding="utf-8")

    assert read_file(file).value == {"a": "é"}


def test_a_file_of_exactly_one_mebibyte_is_read(tmp_path: Path) -> None:
    file = tmp_path / "playbook.yaml"
    file.write_bytes(b"a: b\n".ljust(MAX_BYTES, b"#"))

    assert read_file(file).value == {"a": "b"}


def test_a_missing_file_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(CrisisError) as caught:
        read_file(tmp_path / "none.yaml")

    assert caught.value.message == f"{tmp_path}/none.yaml does not exist"
    assert caught.value.code == 2


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CrisisError, match="is a folder"):
        read_file(tmp_path)


def test_a_named_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")

    with pytest.raises(CrisisError, match="not an ordinary file"):
        read_file(tmp_path / "pipe.yaml")


def test_a_link_to_an_endless_device_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "zero.yaml"
    link.symlink_to("/dev/zero")

    with pytest.raises(CrisisError, match="not an ordinary file"):
        read_file(link)


def test_a_file_of_twelve_megabytes_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    with file.open("wb") as handle:
        handle.truncate(12_000_000)

    with pytest.raises(CrisisError, match="larger than 1 MiB"):
        read_file(file)


def test_a_path_through_a_file_is_said_with_the_reason_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(CrisisError, match="cannot be read: not a directory"):
        read_file(tmp_path / "file" / "playbook.yaml")


def test_a_name_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(CrisisError, match="cannot be the name of a file"):
        read_file(Path("a\0b"))


def test_bytes_beyond_one_mebibyte_are_a_problem() -> None:
    assert found(read_bytes(b"#" * (MAX_BYTES + 1))) == ["1:1 yaml-size"]


# Anything at all


words = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), max_size=20)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18) + 1, 10**18 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | words
)
data = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=20,
)


@given(data, st.booleans(), st.sampled_from([None, 2]), st.sampled_from([":", ": "]))
def test_json_is_read_as_it_was_written(
    data: object, ascii_only: bool, indent: int | None, colon: str
) -> None:
    text = json.dumps(data, ensure_ascii=ascii_only, indent=indent, separators=(",", colon))
    document = read_text(text)

    assert json.dumps(document.value) == json.dumps(data)
    assert found(document) == ([] if data is not None else ["1:1 yaml-empty"])


yamlish = st.text(st.sampled_from("ab1:-?[]{},&*!|>%@`'\"\\ux0dU<=.~#é😀\ufeff \n\n\r\t  "))


@given(yamlish | st.text(), st.sampled_from(["", '"\\ud800"\n', 'a: "\\ud800"\n']))
def test_no_text_makes_the_reader_fail(text: str, start: str) -> None:
    document = read_text(start + text)

    lines = (start + text).count("\n") + (start + text).count("\r") + 1
    assert document.value is not None or document.problems
    assert all(1 <= problem.line <= lines and problem.column >= 1 for problem in document.problems)
    assert all(problem.text and "\n" not in problem.text for problem in document.problems)


@given(st.binary())
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    document = read_bytes(data)

    assert document.value is not None or document.problems
