"""One text for each person: as the pack would say it, whole or not at all, twice the same."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path

import pytest
from conftest import Crisis
from makers import a_send
from terminal import Terminal

from crisisctl.errors import CrisisError
from crisisctl.messages.bulk import batches
from crisisctl.messages.bulk.recipients import Recipient, Recipients
from crisisctl.messages.bulk.render import Letters, Rendered, letters, personal, unknown_names
from crisisctl.messages.bulk.rows import Rejected
from crisisctl.messages.bulk.writing import Outcome, write
from crisisctl.messages.pack import Setting, render_pack
from crisisctl.messages.templates import MissingFact, find_template
from crisisctl.text import zone_of
from crisisctl.workspace import Workspace

PARIS = zone_of("Europe/Paris")
COMMON: dict[str, object] = {"shop_name": "Kestrel", "many": 1234}
NAMED = frozenset({"customer_name", "customer_email", "customer_city"})
NEWS = """\
{% block headline %}{{ shop_name }}: news{% if customer_name is defined %}
  for {{ customer_name }}{% endif %}{% endblock %}
{% block short %}{{ customer_name }}, we are sorry.{% endblock %}
{% block body %}
{% if customer_name is defined %}Dear {{ customer_name }},{% else %}Good day,{% endif %}


it is {{ many }} of you.
{% if customer_city is defined %}

{{ customer_city | upper }}
{% endif %}
{% endblock %}
"""
MANY = 9_000


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    """A workspace with one message in two locales."""
    say(tmp_path, NEWS)
    say(tmp_path, NEWS.replace("Dear", "Bonjour"), "fr")
    return Setting(Workspace(tmp_path), "outage", PARIS)


def say(folder: Path, text: str, locale: str = "en") -> None:
    file = folder / "templates" / "outage" / f"news.{locale}.j2"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def a_person(locale: str = "en", line: int = 2, **values: str) -> Recipient:
    told = {f"customer_{name}": value for name, value in values.items()}
    return Recipient("ana@a.example", locale, values.get("name", ""), told, line)


def ready(setting: Setting, channel: str = "email") -> Letters:
    return letters(setting, "news", channel, COMMON, ["en", "fr"], NAMED)


def one(setting: Setting, channel: str = "email", **values: str) -> Rendered | Rejected:
    (found,) = personal(ready(setting, channel), [a_person(**values)])
    return found


def a_list(folder: Path, rows: Iterable[str], header: str = "email,locale,name,city") -> Recipients:
    path = folder / "people.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return Recipients(path, locales=["en", "fr"], default="en")


def written(
    setting: Setting,
    people: Recipients,
    output: Path,
    processes: int = 1,
    channel: str = "email",
) -> Outcome:
    letters_ = letters(setting, "news", channel, COMMON, ["en", "fr"], people.columns.personal)
    return write(letters_, people, output, processes=processes)


def lines(output: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]


# The texts


@pytest.mark.parametrize("drill", [False, True])
@pytest.mark.parametrize("channel", ["email", "sms", "push", "internal", "blog"])
@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize(
    "values",
    [
        {"name": "Ana"},
        {"name": "Ana\u00a0Lí", "city": "Paris"},
        {"name": "Ana", "city": "one\n\n\n\ntwo  \nthree"},
        {"name": "100 % {{ shop_name }}"},
    ],
)
def test_a_person_reads_what_the_pack_would_say_with_their_name_in_it(
    setting: Setting, drill: bool, channel: str, locale: str, values: dict[str, str]
) -> None:
    setting = Setting(setting.workspace, "outage", PARIS, drill)
    person = a_person(locale, **values)
    send = a_send("news", channels=(channel,))
    pack = render_pack(setting, send, {**COMMON, **person.values}, (locale,))

    (text,) = personal(ready(setting, channel), [person])

    assert isinstance(text, Rendered)
    assert (text.heading, text.body) == (pack.texts[0].heading, pack.texts[0].body)
    assert (text.address, text.locale) == (person.address, locale)


def test_who_has_no_name_in_the_list_is_greeted_without_one(setting: Setting) -> None:
    text = one(setting)

    assert isinstance(text, Rendered)
    assert text.heading == "Kestrel: news"
    assert text.body == "Good day,\n\nit is 1,234 of you."


def test_a_name_is_never_read_as_a_template(setting: Setting) -> None:
    text = one(setting, name="{{ shop_name }}{% endif %}")

    assert isinstance(text, Rendered)
    assert "{{ shop_name }}{% endif %}" in text.heading
    assert text.body.startswith("Dear {{ shop_name }}{% endif %},")


@pytest.mark.parametrize(
    ("channel", "name", "reason"),
    [
        ("whatsapp", "x" * 43, "headline of 61 characters, the limit is 60: 1 too many"),
        ("sms", "ş" * 500, "8 SMS parts, the limit is 6: 2 too many"),
    ],
)
def test_what_is_too_long_for_one_person_is_rejected_and_never_cut(
    setting: Setting, channel: str, name: str, reason: str
) -> None:
    say(setting.workspace.root or Path(), NEWS.replace("{% block short %}", PUSH_TITLE))
    too_long = one(setting, channel, name=name)
    fits = one(setting, channel, name=name[1:] if channel != "sms" else "ş" * 300)

    assert too_long == Rejected(2, reason)
    assert isinstance(fits, Rendered)
    assert name[1:20] in fits.heading + fits.body


PUSH_TITLE = "{% block push_title %}News{% endblock %}{% block short %}"


def test_a_text_that_needs_what_a_person_lacks_rejects_that_person_only(
    setting: Setting,
) -> None:
    people = [a_person(name="Ana"), a_person(line=3), Rejected(4, "x"), a_person(name="Jo")]

    found = list(personal(ready(setting, "internal"), people))
    short = list(personal(ready(setting, "sms"), people))

    assert [type(each) for each in found] == [Rendered, Rendered, Rejected, Rendered]
    assert [type(each) for each in short] == [Rendered, Rejected, Rejected, Rendered]
    assert short[1] == Rejected(3, 'the text needs "customer_name", and the cell is empty')


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{{ customer_name | money }}", "cannot be rendered"),
        ("{% if customer_name == 'x' %}y{% endif %}", 'the block "body" says nothing'),
        ("{{ customer_name | replace('A', '\\x07') }}", "the control character"),
        ("{{ 'a' | replace('a', customer_name) }}" * 17, "more than 65536 characters"),
    ],
)
def test_a_text_that_fails_for_one_person_rejects_that_person(
    setting: Setting, body: str, reason: str
) -> None:
    say(setting.workspace.root or Path(), "{% block body %}" + body + "{% endblock %}")

    found = one(setting, "telegram", name="A" * 4_000)

    assert isinstance(found, Rejected)
    assert reason in found.reason


def test_a_fact_of_the_incident_that_is_missing_stops_everything(setting: Setting) -> None:
    say(setting.workspace.root or Path(), "{% block body %}{{ cause }}{% endblock %}")

    with pytest.raises(MissingFact) as error:
        one(setting, "telegram", name="Ana")

    assert error.value.fact == "cause"


def test_a_column_that_the_list_lacks_stops_everything(setting: Setting) -> None:
    say(setting.workspace.root or Path(), "{% block body %}{{ customer_nmae }}{% endblock %}")

    with pytest.raises(CrisisError, match='needs "customer_nmae", and the list has no') as error:
        one(setting, "telegram", name="Ana")

    assert "customer_city, customer_email and customer_name" in error.value.hint


def test_a_fact_and_a_column_of_one_name_are_refused(setting: Setting) -> None:
    with pytest.raises(CrisisError, match='the list has a column for "customer_name"'):
        letters(setting, "news", "email", {"customer_name": "x"}, ["en"], NAMED)


def test_names_that_only_a_text_knows_can_be_told_beforehand(setting: Setting) -> None:
    template = find_template(setting.workspace, "outage", "news", "en", PARIS)

    assert unknown_names([template], COMMON, frozenset({"customer_name"})) == ["customer_city"]
    assert unknown_names([template], COMMON, NAMED) == []


@pytest.mark.parametrize(
    ("channel", "locale"), [("pigeon", "en"), ("email", "tr"), ("telegram", "es")]
)
def test_what_there_is_no_text_for_is_refused_at_the_start(
    setting: Setting, channel: str, locale: str
) -> None:
    say(setting.workspace.root or Path(), "{% block short %}x{% endblock %}", "es")

    with pytest.raises(CrisisError, match=r"there is no |has no text in "):
        letters(setting, "news", channel, COMMON, [locale], NAMED)


# The file


def test_a_list_becomes_lines_of_json_in_its_own_order(setting: Setting, tmp_path: Path) -> None:
    rows = ["ana@a.example,en,Ana,Paris", "jo@b.example,fr,Jo,", "li@c.example,,Li,"]
    output = tmp_path / "out.jsonl"

    outcome = written(setting, a_list(tmp_path, rows), output)

    assert [(line["address"], line["locale"]) for line in lines(output)] == [
        ("ana@a.example", "en"),
        ("jo@b.example", "fr"),
        ("li@c.example", "en"),
    ]
    assert lines(output)[1]["body"] == "Bonjour Jo,\n\nit is 1,234 of you.".replace(
        "1,234", "1\u202f234"
    )
    assert list(lines(output)[0]) == ["address", "locale", "heading", "body"]
    assert (outcome.counts.people, outcome.counts.without_locale) == (3, 1)
    assert outcome.rejected is None
    assert {file.name for file in tmp_path.iterdir()} == {"templates", "people.csv", "out.jsonl"}


def test_nobody_else_may_read_it(setting: Setting, tmp_path: Path) -> None:
    written(setting, a_list(tmp_path, ["a@a.example,en,A,", "x"]), tmp_path / "out.jsonl")

    for name in ("out.jsonl", "out.rejected.txt"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_every_row_that_was_left_out_is_listed_beside_it(setting: Setting, tmp_path: Path) -> None:
    rows = ["a@a.example,en,A,", "A@a.example,en,B,", "bad,en,C,", f"c@c.example,en,{'x' * 61},"]
    people = a_list(tmp_path, [*rows, *["bad"] * 20])

    outcome = written(setting, people, tmp_path / "out.jsonl", channel="whatsapp")

    assert outcome.rejected == tmp_path / "out.rejected.txt"
    listed = outcome.rejected.read_text(encoding="utf-8").splitlines()
    assert listed[:4] == [
        "line 3: the same address stands in an earlier line",
        'line 4: "bad": an address has one @',
        "line 5: headline of 79 characters, the limit is 60: 19 too many",
        "line 6: it has 1 cell, the first line names 4",
    ]
    assert len(listed) == 23
    assert len(outcome.first) == 10
    assert (outcome.counts.people, outcome.counts.rejected, outcome.counts.repeated) == (1, 22, 1)


def test_a_list_without_a_mistake_takes_the_old_rejections_away(
    setting: Setting, tmp_path: Path
) -> None:
    written(setting, a_list(tmp_path, ["bad"]), tmp_path / "out.jsonl")
    assert (tmp_path / "out.rejected.txt").exists()

    written(setting, a_list(tmp_path, ["a@a.example,en,A,"]), tmp_path / "out.jsonl")

    assert not (tmp_path / "out.rejected.txt").exists()


def a_mixed_list(folder: Path) -> Recipients:
    """Rows of every kind, over several blocks; some addresses come again much later."""
    rows = []
    for n in range(MANY):
        name = ["Ana", "", "Ömer  Şahin", "x" * 80, '"Jo ""N"""', "=1"][n % 17 % 6]
        rows.append(f"p{n % (MANY - 500)}@a.example,{['en', 'fr', '', 'de'][n % 7 % 4]},{name},")
    rows[3000] = 'x@x.example,en,"never closed,'
    rows[4000] = "short"
    return a_list(folder, rows)


def test_two_processes_write_the_same_bytes_as_one(
    setting: Setting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MANY", 0)
    people = a_mixed_list(tmp_path)
    found = {}
    for processes in (1, 2, 3):
        output = tmp_path / f"out{processes}.jsonl"
        outcome = written(setting, people, output, processes)
        assert outcome.rejected is not None
        found[processes] = (output.read_bytes(), outcome.rejected.read_bytes(), outcome.counts)

    assert found[1] == found[2] == found[3]
    assert found[1][2].repeated > 300


def test_the_file_says_what_the_people_get_one_by_one(setting: Setting, tmp_path: Path) -> None:
    people = a_mixed_list(tmp_path)
    outcome = written(setting, people, tmp_path / "out.jsonl", 1)

    found = list(personal(ready(setting), people))

    texts = [text for text in found if isinstance(text, Rendered)]
    assert lines(tmp_path / "out.jsonl") == [
        {
            "address": text.address,
            "locale": text.locale,
            "heading": text.heading,
            "body": text.body,
        }
        for text in texts
    ]
    assert outcome.rejected is not None
    told = [f"line {r.line}: {r.reason}" for r in found if isinstance(r, Rejected)]
    assert outcome.rejected.read_text(encoding="utf-8").splitlines() == told


def test_what_stops_a_helping_process_stops_the_whole_and_leaves_the_old_file(
    setting: Setting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MANY", 0)
    say(tmp_path, "{% block headline %}h{% endblock %}{% block body %}{{ cause }}{% endblock %}")
    (tmp_path / "out.jsonl").write_text("old\n")

    for processes in (1, 2):
        with pytest.raises(CrisisError) as error:
            written(setting, a_mixed_list(tmp_path), tmp_path / "out.jsonl", processes)
        assert 'needs the fact "cause"' in error.value.message
        assert error.value.hint == "`crisisctl fact cause VALUE` records it"

    assert (tmp_path / "out.jsonl").read_text() == "old\n"
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize("where", ["missing/out.jsonl", ".", "people.csv", "x" * 300])
def test_an_output_that_cannot_be_is_refused(setting: Setting, tmp_path: Path, where: str) -> None:
    people = a_list(tmp_path, ["a@a.example,en,A,"])
    before = people.path.read_bytes()

    with pytest.raises(CrisisError):
        written(setting, people, tmp_path / where)

    assert people.path.read_bytes() == before


def test_a_device_is_written_to_and_never_replaced(setting: Setting, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        written(setting, a_list(tmp_path, ["a@a.example,en,A,", "bad"]), pipe)
        out = reader.communicate(timeout=30)[0]

    assert json.loads(out)["address"] == "a@a.example"
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert not (tmp_path / "pipe.rejected.txt").exists()


def test_a_link_leads_to_the_file_and_stays(setting: Setting, tmp_path: Path) -> None:
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")

    written(setting, a_list(tmp_path, ["a@a.example,en,A,"]), tmp_path / "link.jsonl")

    assert (tmp_path / "link.jsonl").is_symlink()
    assert len(lines(tmp_path / "real.jsonl")) == 1


KILLED = """
    import sys
    from pathlib import Path
    from crisisctl.messages.bulk import batches
    from crisisctl.messages.bulk.recipients import Recipients
    from crisisctl.messages.bulk.render import letters
    from crisisctl.messages.bulk.writing import write
    from crisisctl.messages.pack import Setting
    from crisisctl.text import zone_of
    from crisisctl.workspace import Workspace

    batches.MANY = 0
    folder = Path(sys.argv[1])
    people = Recipients(folder / "people.csv", locales=["en", "fr"], default="en")
    setting = Setting(Workspace(folder), "outage", zone_of("Europe/Paris"))
    ready = letters(setting, "news", "email", {"shop_name": "K", "many": 1}, ["en", "fr"],
                    people.columns.personal)

    def told(counts):
        print(counts.people, flush=True)
        sys.stdin.readline()

    write(ready, people, folder / "out.jsonl", told=told)
"""


def test_killed_in_the_middle_it_leaves_the_old_file_and_is_simply_done_again(
    setting: Setting, tmp_path: Path
) -> None:
    people = a_mixed_list(tmp_path)
    (tmp_path / "out.jsonl").write_text("old\n")
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) > 0
        process.send_signal(signal.SIGKILL)
        process.stdout.read()  # ends when the helping processes are gone as well
    assert (tmp_path / "out.jsonl").read_text() == "old\n"

    written(setting, people, tmp_path / "out.jsonl")

    assert len(lines(tmp_path / "out.jsonl")) > 1_000
    assert not list(tmp_path.glob(".*.part"))


# At the front desk


@pytest.fixture
def list_(folder: Path) -> Path:
    path = folder / "people.csv"
    rows = ["E-mail;Langue;Nom", "ana@a.example;en;Ana", "jo@b.example;de;Jo", "bad;en;Bo"]
    path.write_text("\n".join([*rows, "ANA@a.example;en;Ana"]), encoding="utf-8")
    return path


def test_the_operator_reads_counts_and_reasons(crisis: Crisis, declared: str, list_: Path) -> None:
    ran = crisis(
        "message", "render", "holding", "--recipients", str(list_), "-o", "out.jsonl"
    )  # fmt: skip

    assert ran.exit == 1
    assert ran.stdout == (
        '✓ "holding" on email: 2 texts\n'
        "  1 rejected, nobody there gets a message\n"
        "  1 left out, because the address came before\n"
        "  1 in a language that this message lacks get en\n"
        "  out.jsonl\n"
        "  out.rejected.txt: every row that was left out, and why\n"
    )
    assert ran.stderr == (
        'line 4: "bad": an address has one @\nline 5: the same address stands in an earlier line\n'
    )


def test_the_same_as_json(crisis: Crisis, declared: str, list_: Path) -> None:
    words = ("message", "render", "holding", "--recipients", str(list_), "-o", "out.jsonl")
    ran = crisis(*words, "--json")
    told = json.loads(ran.stdout)

    assert ran.exit == 1
    assert (told["schema"], told["incident"]) == (1, declared)
    assert (told["people"], told["rejected"], told["repeated"]) == (2, 1, 1)
    assert (told["without_locale"], told["unknown_locale"], told["default_locale"]) == (0, 1, "en")
    assert told["first_rejected"][0] == {"line": 4, "reason": '"bad": an address has one @'}
    assert told["output"] == "out.jsonl"
    assert told["rejected_file"].endswith("out.rejected.txt")


def test_without_a_file_named_the_texts_go_to_the_outbox(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    (folder / "people.csv").write_text("email\nana@a.example\n")

    ran = crisis("message", "render", "holding", "--recipients", "people.csv")

    output = folder / "home" / "outbox" / declared / "personal" / "holding.email.jsonl"
    assert (ran.exit, ran.stderr) == (0, "")
    assert str(output) in ran.stdout
    assert stat.S_IMODE(output.parent.stat().st_mode) == 0o700
    assert [line["address"] for line in lines(output)] == ["ana@a.example"]


def test_the_texts_can_go_to_stdout_and_the_words_about_them_do_not(
    console: Crisis, declared: str, list_: Path
) -> None:
    ran = console("message", "render", "holding", "--recipients", str(list_), "-o", "-")

    assert ran.exit == 1
    assert [json.loads(line)["address"] for line in ran.stdout.splitlines()] == [
        "ana@a.example",
        "jo@b.example",
    ]
    assert '✓ "holding" on email: 2 texts' in ran.stderr


def test_a_drill_is_stamped_for_everybody(crisis: Crisis, folder: Path) -> None:
    known = "site_url=https://shop.example functions_down=cart started_at=-20m checkout=none"
    known += " reach=many data=none shop_name=Kestrel support_email=help@kestrel.example"
    given = [word for pair in known.split() for word in ("--set", pair)]
    crisis("start", "outage", "--drill", "-l", "en", *given, "--no-input")
    (folder / "people.csv").write_text("email\nana@a.example\n")

    ran = crisis("message", "render", "holding", "--recipients", "people.csv", "-o", "o.jsonl")

    assert ran.exit == 0
    (line,) = lines(folder / "o.jsonl")
    assert line["heading"].startswith("[DRILL, not a real message] ")
    assert line["body"].startswith("[DRILL, not a real message]\n\n")


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--recipients", "none.csv"), "none.csv is not there"),
        (("--recipients", "/dev/zero"), "/dev/zero is not a file"),
        (("--recipients", "people.csv", "-c", "x"), 'everyone reads "x"'),
        (("--recipients", "people.csv", "-c", "pigeon"), 'there is no channel "pigeon"'),
        (("--recipients", "people.csv", "-l", "de"), 'has no text in "de"'),
        (("--recipients", "people.csv", "-o", "people.csv"), "is the list itself"),
        (("--recipients", "people.csv", "-o", "no/out.jsonl"), "cannot be written"),
        (("--recipients", "people.csv", "-o", "-", "--json"), "--json tells about a file"),
        ((), "recipients"),
    ],
)
def test_what_cannot_run_says_why_and_what_to_do(
    crisis: Crisis, declared: str, list_: Path, words: tuple[str, ...], what: str
) -> None:
    ran = crisis("message", "render", "holding", *words)

    assert ran.exit == 2
    assert what in ran.stderr
    assert ran.stdout == ""
    assert "Traceback" not in ran.stderr


def test_a_text_that_speaks_of_a_column_nobody_has_is_warned_about(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    (folder / "crisisctl.yaml").write_text("brand: {name: Kestrel}\n")
    say(folder, "", "en")
    text = "{% block headline %}h{% endblock %}{% block body %}b{% if customer_nmae is defined %}"
    (folder / "templates" / "outage" / "holding.en.j2").write_text(
        text + "{{ customer_nmae }}{% endif %}{% endblock %}"
    )
    (folder / "people.csv").write_text("email,name\nana@a.example,Ana\n")

    ran = crisis("message", "render", "holding", "--recipients", "people.csv", "-o", "o.jsonl")

    assert ran.exit == 0
    assert 'the text speaks of "customer_nmae", and the list has no such column' in ran.stderr


def test_on_a_terminal_the_count_goes_up_and_leaves_no_trace(declared: str, folder: Path) -> None:
    rows = "".join(f"p{n}@a.example,P\n" for n in range(60_000))
    (folder / "people.csv").write_text(f"email,name\n{rows}")
    words = ("message", "render", "holding", "--recipients", "people.csv", "-o", "o.jsonl")

    with Terminal(*words, home=folder / "home", folder=folder) as terminal:
        terminal.expect_on_screen("60,000 texts")

        assert b" a second" in terminal.raw
        assert "a second" not in "\n".join(terminal.story())
