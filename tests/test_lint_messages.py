"""The rules about messages: what they read, how long it gets, and what they say about it."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisctl.lint import choose, gather, read, run, samples
from crisisctl.lint.aloud import MOST
from crisisctl.lint.bound import most, surely_speaks
from crisisctl.lint.finding import Finding
from crisisctl.lint.outline import outline
from crisisctl.lint.samples import Varied, compiled_text
from crisisctl.lint.subject import Book, anatomy
from crisisctl.lint.trials import actors, usual, varied
from crisisctl.messages.sandbox import BadTemplate
from crisisctl.messages.templates import MissingFact, template_of
from crisisctl.workspace import shipped

TODAY = date(2026, 11, 27)
FAMILIES = ("messages",)
PLAYBOOK = """\
playbook: shop
title: Something happened
facts:
  shop_name: {type: text, ask: "Which name?", example: Kestrel}
  started_at: {type: time, ask: "Since when?", example: "2026-11-27T20:04+01:00"}
  cause:
    type: choice
    ask: "Why?"
    choices: {overload: Traffic, deployment: A change, attack: Break-in}
    example: deployment
stages:
  communicate:
    - id: tell
      title: Tell customers
      ask: [shop_name, started_at, cause]
      send: {message: word, channels: [CHANNELS]}
"""


@pytest.fixture(scope="module")
def outage() -> Book:
    job = gather.gathered([shipped("playbooks") / "outage.yaml"], Path.cwd())[0][0]
    return read.book(job, TODAY)[0]


def findings(folder: Path, *rules: str, channels: str = "email", **texts: str) -> list[Finding]:
    (folder / "playbooks").mkdir(exist_ok=True)
    (folder / "templates" / "shop").mkdir(parents=True, exist_ok=True)
    plan = PLAYBOOK.replace("CHANNELS", channels)
    (folder / "playbooks" / "shop.yaml").write_text(plan, encoding="utf-8")
    for locale, text in texts.items():
        file = folder / "templates" / "shop" / f"word.{locale}.j2"
        file.write_text(text, encoding="utf-8")
    choice = run.Choice(choose.chosen(rules or FAMILIES, []), TODAY)
    result = run.lint(gather.gathered([folder], folder)[0], choice, processes=1)
    assert not result.unread
    return list(result.findings)


# Read aloud


def both(text: str, names: dict[str, object], locale: str = "en") -> tuple[str, str]:
    """What Jinja says and what is read aloud; an error in words."""
    found = []
    template = template_of(text, Path("word"), locale, samples.FAR)
    for reader in (template, compiled_text(text, locale)):
        try:
            found.append(reader.render("body", names))
        except MissingFact as error:
            found.append(f"missing {error.fact}")
        except BadTemplate as error:
            found.append(f"fails at {error.line}")
    return found[0], found[1]


def test_every_shipped_block_is_read_as_jinja_renders_it(outage: Book) -> None:
    different = []
    for text in outage.every_text:
        template = template_of(text.source.text, Path("word"), text.locale, samples.FAR)
        aloud = compiled_text(text.source.text, text.locale)
        for names in (samples.story(outage), samples.long_story(outage)):
            for block in text.anatomy.blocks:
                if template.render(block, names) != aloud.render(block, names):
                    different.append((text.source.shown, block))

    assert different == []


NAMES: dict[str, object] = {
    "word": "Kestrel",
    "number": 1234,
    "share": Decimal("12.5"),
    "when": samples.STORY,
    "long": timedelta(hours=3, minutes=20),
    "flag": True,
    "none_of_it": False,
    "parts": ("cart", "app", "search"),
    "price": "12.50 EUR",
}
CONSTRUCTS = [
    "{{ word }}", "{{ number }}", "{{ share | percent }}", "{{ when | clock }}", "{{ long }}",
    "{{ missing }}", "{{ missing | default('x') }}", "{{ word | upper | replace('K', 'C') }}",
    "{{ flag }}", "{{ parts }}", "{{ parts | join(', ') }}", "{{ parts | first }}",
    "{{ parts | length }}", "{{ word | moment }}", "{{ price | money }}", "{{ none }}",
    "{{ 'a' if flag else 'b' }}", "{{ 'a' if none_of_it }}", "{{ 5 }}", "{{ word == 'Kestrel' }}",
    "{% if flag %}A{% elif number > 3 %}B{% else %}C{% endif %}",
    "{% if none_of_it or missing is not defined %}A{% endif %}",
    "{% if missing is undefined and flag %}A{% endif %}", "{% if missing %}A{% endif %}",
    "{% if missing == 'a' %}A{% endif %}", "{% if 'cart' in parts %}A{% endif %}",
    "{% if 'cart' not in parts %}A{% else %}B{% endif %}",
    "{% if word in ['Kestrel', 'b'] %}A{% endif %}",
    "{% if word is in ('a', 'b') %}A{% endif %}", "{% if 1 < number < 9 %}A{% endif %}",
    "{% if number < word %}A{% endif %}", "{% if not flag %}A{% endif %}",
    "{% for part in parts %}{{ loop.index }}{{ part }}{% if loop.last %}.{% endif %}{% endfor %}",
    "{% for part in parts if part != 'app' %}{{ part }}{{ loop.first }}{% endfor %}",
    "{% for part in parts if part == 'x' %}A{% else %}B{% endfor %}", "{{ part }}",
    "{% for part in missing %}A{% endfor %}", "{% for part in number %}A{% endfor %}",
    "{% for a, b in parts %}{{ a }}{% endfor %}", "{% set word = 'other' %}{{ word }}",
    "{% set a, b = ('x', 'y') %}{{ a }}{{ b }}",
    "{% if flag %}{% set a = word %}{% endif %}{{ a }}",
    "{% for part in parts %}{% set a = part %}{% endfor %}{{ a }}",
    "{{ self.line() }}", "{{ self.line() | upper }}", "{{ self.line }}", "{{ self }}",
    "{% block inner %}{{ word }}{% endblock %}",
    "{{ word }}\n\n   {%- if flag %}  A{% endif %}  \n",
    "{% raw %}{{ word }}{% endraw %}", "{# not said #}", "{{ number | day }}", "{{ loop }}",
]  # fmt: skip
LINE = "{% block line %}{{ word }}{% set word = 'x' %}{{ part }}{% endblock %}"


@pytest.mark.parametrize("construct", CONSTRUCTS)
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_every_construct_is_read_as_jinja_renders_it(construct: str, locale: str) -> None:
    text = f"{{% block body %}}\n{construct}{{% endblock %}}\n{LINE}"

    jinja, aloud = both(text, NAMES, locale)

    assert aloud == jinja


@given(st.lists(st.sampled_from(CONSTRUCTS), min_size=1, max_size=6), st.integers(0, 3))
def test_any_mixture_is_read_as_jinja_renders_it(constructs: list[str], wrapped: int) -> None:
    inside = "\n".join(dict.fromkeys(constructs))
    inside = ["", "{% if flag %}", "{% if none_of_it %}A{% else %}"][wrapped % 3] + inside
    inside += "{% endif %}" if wrapped % 3 else ""
    text = f"{{% block body %}}{inside}{{% endblock %}}\n{LINE}"

    jinja, aloud = both(text, NAMES)

    assert aloud == jinja


def test_a_text_that_never_ends_is_given_up() -> None:
    letters = "{% if letters %}{% endif %}" * 400
    text = "{% block body %}{% for c in letters %}" + letters + "{% endfor %}{% endblock %}"

    with pytest.raises(BadTemplate, match="too many steps"):
        compiled_text(text, "en").render("body", {"letters": "x" * MOST})


def test_a_text_with_refusals_is_never_read() -> None:
    with pytest.raises(ValueError, match="refusals"):
        compiled_text("{% block body %}{{ ().__class__ }}{% endblock %}", "en")


# How long and how short it gets


def test_the_bound_is_never_below_what_is_read(outage: Book) -> None:
    below = []
    for text in outage.every_text:
        for block in text.anatomy.blocks:
            facts = actors(text, block)
            bound = most(text.source.text, text.locale, block, len, facts)
            for reading in (*usual(text, block), *varied(text, block)):
                if len(reading.text) > bound:
                    below.append((text.source.shown, block, reading.changes))

    assert below == []


def test_the_bound_looks_at_the_longest_branch_and_every_item_of_a_loop() -> None:
    text = (
        "{% block body %}{% if a == 'x' %}12345{% else %}1{% endif %}"
        "{% for p in parts %}{% if p == 'x' %}12{% endif %}{% endfor %}"
        "{{ self.line() }}{% endblock %}"
        "{% block line %}{{ name }}{% endblock %}"
    )
    parts = Varied("parts", ("x",), ("x", "y", "z"), (("x",), ("y",), ("z",)))
    facts = (Varied("name", "ab", "abcd"), parts)

    assert most(text, "en", "body", len, facts) == 5 + 3 * 2 + 4


@pytest.mark.parametrize(
    ("words", "speaks"),
    [
        ("Down.", True),
        (" \n ", False),
        ("{% if a %}A{% endif %}", False),
        ("{% if a %}A{% else %}B{% endif %}", True),
        ("{% if a %}A{% else %} {% endif %}", False),
        ("{{ self.line() }}", True),
        ("{{ name }}", True),
        ("{% for a in parts %}A{% endfor %}", False),
    ],
)
def test_a_block_that_surely_speaks(words: str, speaks: bool) -> None:
    text = f"{{% block body %}}{words}{{% endblock %}}{{% block line %}}A{{% endblock %}}"

    assert surely_speaks(text, "body") is speaks


def test_the_longest_reading_is_told_with_what_made_it_long(tmp_path: Path) -> None:
    words = "We are sorry that our shop does not work as you expect it. " * 3
    text = (
        "{% block push %}{% if cause == 'attack' %}" + words + "{% else %}Down.{% endif %}"
        "{% endblock %}{% block headline %}Down{% endblock %}"
    )

    (finding,) = findings(tmp_path, "unseen-long", channels="push", en=text)

    assert finding.text == (
        'the text takes 176 characters on "push" with long values and "cause" "attack"; '
        "readers see 150 at once"
    )


def test_an_sms_says_which_letters_double_its_price(tmp_path: Path) -> None:
    words = "We repair it… " * 40
    text = "{% block short %}" + words + "{% endblock %}"

    (finding,) = findings(tmp_path, "overflow-example", channels="sms", en=text)

    assert finding.hint == '"…" forces UCS-2: 9 parts instead of 4'


PAGER = """\
drill: {en: DRILL}
channels:
  pager:
    title: Pager
    form: short
    heading: true
    limit: 200
    also: [{limit: 200, unit: bytes, of: payload}, {limit: 90, unit: UNIT}]
"""


@pytest.mark.parametrize(
    ("headline", "short", "unit", "told"),
    [
        ("D", "x" * 89, "x", ""),
        ("D", "x" * 91, "x", "the text takes 91 characters as X counts"),
        ("D", "sorry… " * 11, "x", ""),
        ("D", "x" * 159, "segments", ""),
        ("D", "x" * 160, "segments", "its payload takes 201 bytes"),
        ("D" * 100, "x" * 60, "x", ""),
        ("D" * 100, "x" * 61, "x", "its payload takes 201 bytes"),
        ("D", 'x"' * 54, "segments", "its payload takes 203 bytes"),
        ("D", "https://kestrel.shop/" + "a" * 99, "mastodon", ""),
        ("D", "👍" * 22, "threads", ""),
        ("D", "👍" * 23, "threads", "the text takes 92 characters as Threads counts"),
        ("D", "я" * 46, "bytes", "the text takes 92 bytes"),
        ("D", "ş" * 30 + " {{ shop_name }}", "segments-turkish", ""),
    ],
)
def test_every_limit_of_a_channel_is_held_against_its_texts(
    tmp_path: Path, headline: str, short: str, unit: str, told: str
) -> None:
    (tmp_path / "templates").mkdir()
    channels = PAGER.replace("UNIT", unit)
    (tmp_path / "templates" / "channels.yaml").write_text(channels, encoding="utf-8")
    blocks = {"headline": headline, "short": short}
    text = "".join(f"{{% block {name} %}}{said}{{% endblock %}}" for name, said in blocks.items())

    found = findings(tmp_path, "overflow-example", "overflow-long", channels="pager", en=text)

    assert [finding.text.partition(" on ")[0] for finding in found] == ([told] if told else [])


def test_an_answer_that_no_walk_can_give_is_no_reason(tmp_path: Path) -> None:
    words = "We are sorry that our shop does not work as you expect it. " * 3
    text = (
        "{% block push %}{% if cause == 'attack' %}" + words + "{% else %}Down.{% endif %}"
        "{% endblock %}{% block headline %}Down{% endblock %}"
    )
    findings(tmp_path, channels="push", en=text)
    plan = tmp_path / "playbooks" / "shop.yaml"
    never = plan.read_text(encoding="utf-8").replace(
        "      ask: [shop_name, started_at, cause]\n",
        "      ask: [shop_name, started_at, cause]\n"
        "    - id: again\n      title: Again\n      when: cause != 'attack'\n",
    )
    plan.write_text(never, encoding="utf-8")

    choice = run.Choice(choose.chosen(["unseen-example", "unseen-long"], []), TODAY)
    assert run.lint(gather.gathered([tmp_path], tmp_path)[0], choice).findings == ()


# Where it stands


def test_every_name_word_and_filter_of_the_shipped_texts_is_found_again(outage: Book) -> None:
    from jinja2 import nodes

    outline.cache_clear()  # what earlier tests left has trees of its own
    anatomy.cache_clear()
    lost = []
    for text in outage.every_text:
        tree, found = anatomy(text.source.text).tree, outline(text.source.text)
        assert tree is not None
        for node in tree.find_all((nodes.Name, nodes.Filter)):
            word = node.name
            if not text.source.text.startswith(word, found.at(node)):
                lost.append((text.source.shown, node))

    assert lost == []


# What it says


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("{% if shop_name %}A", '"endblock" comes before the "if" of line 1 is closed'),
        ("{% elsif shop_name %}", 'there is no tag "elsif"'),
        ("{% endif %}", '"endif" comes before the "block" of line 1 is closed'),
        ("{{ shop_name", "stand"),
        ("{% if cause = 'attack' %}A{% endif %}", "a comparison has two equals signs"),
        ("{# never closed", "the comment is not closed"),
    ],
)
def test_a_broken_tag_is_told_in_words(tmp_path: Path, words: str, what: str) -> None:
    text = "{% block headline %}Down{% endblock %}{% block body %}" + words + "{% endblock %}"

    found = findings(tmp_path, "template-syntax", en=text)

    assert any(what in f.text for f in found), found
    assert all("Jinja" not in f.text + f.hint for f in found)


@pytest.mark.parametrize(
    ("rule", "mention"),
    [
        ("unknown-name", "{{ shop_nam }}"),
        ("impossible-choice", "{% if cause == 'atack' %}A{% endif %}"),
    ],
)
def test_one_slip_in_many_places_of_a_text_is_told_once(
    tmp_path: Path, rule: str, mention: str
) -> None:
    text = "{% block body %}Down.\n" + f"{mention}\n" * 3 + "{% endblock %}"

    found = findings(tmp_path, rule, en=text, fr=text)

    assert [(Path(f.file).name, f.line) for f in found] == [("word.en.j2", 2), ("word.fr.j2", 2)]
    assert all(f.text.endswith("(and in 2 more places of this text)") for f in found)


def test_a_flood_of_refusals_is_cut(tmp_path: Path) -> None:
    text = "{% block body %}" + "{{ shop_name | safe }}" * 500 + "{% endblock %}"

    assert len(findings(tmp_path, "safe-filter", en=text)) == 20


def test_one_slip_is_not_told_by_every_rule(tmp_path: Path) -> None:
    """A misspelt choice is one finding, though the choice that was meant has no words now."""
    chain = (
        "{% block headline %}Down{% endblock %}{% block body %}{% if cause == 'overload' %}A"
        "{% elif cause == 'deployment' %}B{% elif cause == 'attack' %}C{% endif %}D{% endblock %}"
    )
    texts = dict.fromkeys(("en", "es", "ru", "tr"), chain)

    found = findings(tmp_path, *FAMILIES, **texts, fr=chain.replace("attack", "atack"))

    assert [f.rule for f in found] == ["impossible-choice"]
    assert found[0].hint == 'did you mean "attack"?'


def test_with_two_languages_the_first_is_right(tmp_path: Path) -> None:
    (tmp_path / "crisisctl.yaml").write_text("locales: [fr, en]\n", encoding="utf-8")
    with_name = "{% block body %}{{ shop_name }}{% endblock %}"

    found = findings(tmp_path, "names-differ", fr=with_name, en="{% block body %}A{% endblock %}")

    assert [Path(f.file).name for f in found] == ["word.en.j2"]


LINES = (
    "We are sorry that our shop does not work today.",
    "Please write to {{ shop_name }}, and we will trace your payment.",
    "You will hear from us as soon as we know more about the cause of it.",
    "Thank you.",
)


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_missing_line_is_told_where_it_should_stand(tmp_path: Path, gone: int) -> None:
    whole = "{% block body %}\n" + "\n".join(LINES) + "\n{% endblock %}"
    cut = whole.replace(f"{LINES[gone]}\n", "")

    found = findings(tmp_path, "sentences-differ", en=whole, es=whole, fr=cut, ru=whole)

    assert [(Path(f.file).name, f.line) for f in found] == [("word.fr.j2", gone + 2)]


def test_a_line_that_grew_does_not_make_the_others_look_short(tmp_path: Path) -> None:
    helper = "\n{% block note_line %}\n" + "\n".join(LINES * 3) + "\n{% endblock %}"
    whole = "{% block body %}\n" + "\n".join(LINES) + "\n{% endblock %}"
    grown = whole.replace("Thank you.", "Thank you. " + LINES[0] * 90)

    found = findings(
        tmp_path, "sentences-differ", en=grown + helper, es=whole + helper, fr=whole + helper
    )

    assert [(Path(f.file).name, f.line) for f in found] == [("word.en.j2", 5)]


@pytest.mark.parametrize("more", [0, 1, 2])
def test_a_line_more_is_told_where_it_stands(tmp_path: Path, more: int) -> None:
    whole = "{% block body %}\n" + "\n".join(LINES) + "\n{% endblock %}"
    cut = whole.replace(f"{LINES[more]}\n", "")

    found = findings(tmp_path, "sentences-differ", en=cut, es=cut, fr=whole, ru=cut)

    assert [(Path(f.file).name, f.line) for f in found] == [("word.fr.j2", more + 2)]


def test_a_name_in_a_helper_is_told_once(tmp_path: Path) -> None:
    whole = (
        "{% block body %}{{ self.a_line() }}{% endblock %}"
        "{% block a_line %}{{ shop_name }} and {{ shop_name }}{% endblock %}"
    )
    once = whole.replace(" and {{ shop_name }}", "")

    (finding,) = findings(tmp_path, "names-differ", en=whole, es=whole, fr=once)

    assert 'in the block "a_line" than in "en" and "es"' in finding.text


def test_moving_words_into_a_helper_changes_no_count(tmp_path: Path) -> None:
    whole = "{% block body %}{{ shop_name }} and {{ shop_name }}{% endblock %}"
    helped = (
        "{% block body %}{{ self.a_line() }} and {{ self.a_line() }}{% endblock %}"
        "{% block a_line %}{{ shop_name }}{% endblock %}"
    )

    assert findings(tmp_path, "names-differ", en=whole, es=whole, fr=helped) == []


def test_a_turned_guard_needs_no_other_language(tmp_path: Path) -> None:
    text = (
        "{% block body %}{% if next_update is defined %}We will write.{% else %}"
        "Next: {{ next_update | clock }}{% endif %}{% endblock %}"
    )

    found = findings(tmp_path, "undefined-here", en=text)

    assert [f.rule for f in found] == ["undefined-here"]


def test_an_unread_file_is_not_also_missing(tmp_path: Path) -> None:
    text = "{% block headline %}A{% endblock %}{% block body %}A{% endblock %}"
    findings(tmp_path, en=text, fr=text, es=text, tr=text)
    (tmp_path / "templates" / "shop" / "word.ru.j2").write_bytes(b"\xff\xfe")

    assert findings(tmp_path, "missing-locale", en=text) == []


# From outside


HOSTILE = [
    "{% block body %}" + "{" * 50_000 + "{% endblock %}",
    "{% block body %}" + "[" * 50_000 + "{% endblock %}",
    "{% block body %}" + "{ a" * 30_000 + "{% endblock %}",
    "{% block body %}" + "1 " * 50_000 + "{% endblock %}",
    "{% block body %}" + "+1 (" * 25_000 + "{% endblock %}",
    "{% block body %}" + "1.1." * 25_000 + "{% endblock %}",
    "{% block body %}" + "https://a" * 12_000 + "{% endblock %}",
    "{% block body %}" + "<a" * 50_000 + "__" * 50 + "{% endblock %}",
    "{% block body %}" + "{{ shop_name }}" * 6_000 + "{% endblock %}",
    "{% block body %}" + "{% if cause == 'x' %}" * 4_000,
    "{% block body %}{{ '" + "\\" * 50_001 + "' }}{% endblock %}",
    "{% block body %}\x00\x1b[31m\u202e{% endblock %}",
    "{% block " + "a" * 50_000 + " %}{% endblock %}",
    "{% block body %}{{ self.body() }}{{ self.short() }}{% endblock %}"
    "{% block short %}{{ self.body() }}{% endblock %}",
    "{% block body %}{% if cause == 'a' %}"
    + "".join(f"{{% elif cause != 'a{n}' %}}{{{{ n{n} }}}}" for n in range(3_000))
    + "{% endif %}{% endblock %}",
    "{% block body %}{% if shop_name == 'q' %}"
    + "".join(
        f"{{% elif shop_name == 'x{n}' %}}{{{{ shop_name }}}}{{{{ next_update }}}}"
        for n in range(900)
    )
    + "{% endif %}{% endblock %}",
    "{% block body %}"
    + "".join(f"{{% if a{n} %}}{{{{ n{n} }}}}{{% endif %}}" for n in range(3_000))
    + "{% endblock %}",
    "{% block body %}{% for c in shop_name %}" + "{{ c }}" * 5_000 + "{% endfor %}{% endblock %}",
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_gets_findings_and_nothing_worse(tmp_path: Path, text: str) -> None:
    found = findings(tmp_path, channels="email, sms, x, push", en=text, fr=text + " ")

    assert found
    assert all(len(f.text) < 1000 for f in found)


@given(st.text("{}%# |.'\"abci=self()ndblock\n\x00é", max_size=120))
def test_no_text_at_all_breaks_the_linter(
    tmp_path_factory: pytest.TempPathFactory, data: str
) -> None:
    folder = tmp_path_factory.mktemp("world")

    findings(
        folder, channels="email, sms", en="{% block body %}" + data + "{% endblock %}", fr=data
    )
    shutil.rmtree(folder)


# One mistake, one finding


def test_a_channel_that_no_step_takes_is_measured_where_the_text_has_words_for_it(
    tmp_path: Path,
) -> None:
    text = "{% block headline %}Down{% endblock %}{% block body %}Down.{% endblock %}"
    sms = "{% block sms %}" + "Our shop is down. " * 60 + "{% endblock %}"

    assert findings(tmp_path, "overflow-example", en=text) == []
    (found,) = findings(tmp_path, "overflow-example", en=text + sms)
    assert "SMS parts" in found.text


def test_a_question_that_a_step_misspells_is_told_of_there_only(tmp_path: Path) -> None:
    findings(
        tmp_path, en="{% block headline %}x{% endblock %}{% block body %}{{ cause }}{% endblock %}"
    )
    path = tmp_path / "playbooks" / "shop.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("started_at, cause]", "started_at, cuase]")
    )
    choice = run.Choice(choose.chosen(["form", "paths", "unknown-fact"], []), TODAY)

    result = run.lint(gather.gathered([tmp_path], tmp_path)[0], choice, processes=1)

    assert [(found.rule, found.hint) for found in result.findings] == [
        ("unknown-fact", 'did you mean "cause"?')
    ]


def test_a_block_that_is_called_is_not_taken_for_a_misspelt_form(tmp_path: Path) -> None:
    text = "{% block headlin %}A{% endblock %}{% block body %}B{% endblock %}"
    called = text.replace("B", "{{ self.headlin() }}")

    (found,) = findings(tmp_path, "missing-form", en=text)
    (other,) = findings(tmp_path, "missing-form", en=called)

    assert "did you mean" in found.hint
    assert other.hint.startswith("add ")


def test_a_broken_language_does_not_make_the_others_differ(tmp_path: Path) -> None:
    def text(more: str) -> str:
        return "{% block body %}Our shop has been down since noon. " + more + "{% endblock %}"

    says = "We are repairing it as fast as we can, and we are sorry for that."
    whole = {"fr": text(says), "es": text(says), "ru": text(says), "en": text("")}

    assert findings(tmp_path, "sentences-differ", **whole)
    assert findings(tmp_path, "sentences-differ", **whole, tr="{% if %}") == []


def test_a_locale_that_there_is_not_is_told_of_once(tmp_path: Path) -> None:
    body = "{% block body %}Our shop is down today.{% endblock %}"
    same = "{% block headline %}Down{% endblock %}" + body

    found = findings(tmp_path, "render-fails", "untranslated", "stray-template", en=same, sp=same)

    assert [(Path(each.file).name, each.rule) for each in found] == [
        ("word.sp.j2", "stray-template")
    ]


def test_a_telephone_number_of_one_language_alone_is_told_with_the_fact_to_print(
    tmp_path: Path,
) -> None:
    def text(more: str) -> str:
        return "{% block body %}Our shop is down." + more + "{% endblock %}"

    found = findings(tmp_path, "numbers-differ", en=text(""), fr=text(" +7 495 000-00-00."))

    assert [each.hint.partition(":")[0] for each in found] == [
        "print a fact, such as {{ support_phone }}"
    ]
    assert '"--"' not in found[0].text
