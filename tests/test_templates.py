"""Messages: templates that can do no harm, and exact texts for every channel and locale."""

from __future__ import annotations

import html
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hostile import HTML
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2.sandbox import ImmutableSandboxedEnvironment
from makers import BEGAN, a_send, an_incident
from markup import seen

from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.knowledge import confirmed
from crisisctl.messages import outbox
from crisisctl.messages.channels import load_channels
from crisisctl.messages.layouts import Page, render_page
from crisisctl.messages.pack import Pack, Setting, Text, render_pack
from crisisctl.messages.sandbox import DEEPEST, LONGEST, BadTemplate
from crisisctl.messages.templates import LARGEST, MissingFact, find_template
from crisisctl.playbook.load import BadFile
from crisisctl.workspace import Workspace

PARIS = ZoneInfo("Europe/Paris")
LOCALES = ("en", "fr", "es", "tr", "ru")
DATA: dict[str, object] = {
    "shop_name": "Kestrel",
    "parts": ("cart", "checkout"),
    "many": 1234,
    "share": Decimal("2.50"),
    "flag": True,
    "nothing": None,
    "sum": "12.50 EUR",
    "when": datetime(2026, 11, 27, 19, 4, tzinfo=UTC),
    "long": timedelta(minutes=95),
    "essay": "a" * 4000,
}
Write = Callable[..., Path]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write `templates/outage/news.en.j2`, or another file below `templates`."""

    def write(text: str, name: str = "outage/news.en.j2") -> Path:
        file = tmp_path / "templates" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write


def a_body(text: str) -> str:
    """A template that says this on its second line."""
    return f"{{% block body %}}\n{text}\n{{% endblock %}}\n"


def rendered(workspace: Workspace, block: str = "body", data: dict[str, object] = DATA) -> str:
    return find_template(workspace, "outage", "news", "en", PARIS).render(block, data).strip()


def refused(workspace: Workspace, block: str = "body") -> str:
    with pytest.raises(BadTemplate) as error:
        rendered(workspace, block)
    return error.value.message


# What a template may not do

ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''|attr('__class__') }}",
    r"{{ ''|attr('\x5f\x5fclass\x5f\x5f') }}",
    "{{ ''['__cl'~'ass__'] }}",
    "{{ ()|attr('__class__')|attr('__base__')|attr('__subclasses__')() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner.__init__ }}",
    "{{ namespace.__init__ }}",
    "{{ lipsum.__globals__['os'] }}",
    "{{ lipsum|attr('__globals__') }}",
    "{{ dict.__base__ }}",
    "{{ config.items() }}",
    "{{ request.application.__globals__ }}",
    "{{ url_for.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ '{0.__class__.__init__.__globals__}'.format(shop_name) }}",
    "{% set f = '{0.__class__}'.format %}{{ f(shop_name) }}",
    "{{ ['{0.__class__}']|map('format', shop_name)|join }}",
    "{{ parts|map(attribute='__class__')|join }}",
    "{{ parts|groupby('__class__') }}",
    "{{ parts|sum(attribute='__class__') }}",
    "{{ ''.join.__self__ }}",
    "{{ parts.append('x') }}",
    "{{ shop_name.upper() }}",
    "{{ shop_name.upper }}",
    "{{ parts[0] }}",
    "{{ shop_name|safe }}",
    "{{ shop_name|e }}",
    "{% if false %}{{ shop_name|nothing_known }}{% endif %}",
    "{% if shop_name is sameas parts %}x{% endif %}",
    "{% include '/etc/passwd' %}",
    "{% include '../../crisisctl.yaml' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import path %}",
    "{% extends 'base' %}",
    "{% macro m() %}x{% endmacro %}{{ m() }}",
    "{% call self.body() %}x{% endcall %}",
    "{% filter upper %}x{% endfilter %}",
    "{% with x = 1 %}{{ x }}{% endwith %}",
    "{% autoescape true %}x{% endautoescape %}",
    "{% set x %}y{% endset %}",
    "{% do parts %}",
    "{{ super() }}",
    "{{ self.body('x') }}",
    "{{ self.nowhere() }}",
]
EXHAUSTING = [
    "{% for i in range(10**9) %}x{% endfor %}",
    "{{ 'a'*10**10 }}",
    "{{ 'a'*10**8 }}",
    "{{ 9**9**9 }}",
    "{{ '%1000000000d'|format(1) }}",
    "{{ '{:1000000000}'.format(1) }}",
    "{{ 'a'|center(10**9) }}",
    "{{ 'a'|center(1000000000) }}",
    "{{ 'a'|ljust(1000000000) }}",
    "{{ 'a'|indent(1000000000, true) }}",
    "{{ lipsum(n=100000) }}",
    "{% for a in essay %}" * 3 + "{% endfor %}" * 3,
    "{% for a in essay %}{{ self.body() }}{% endfor %}",
    "{% for a in parts recursive %}{{ loop(parts) }}{% endfor %}",
    "{{ self.body() }}",
    "{% set ns = namespace(x='x') %}{% set ns.x = ns.x ~ ns.x %}",
    "{{ essay ~ essay }}",
    "{% set y = [essay, essay] %}{% set y = [y, y] %}{{ y }}",
    "{% set y = (essay, essay) %}{% set y = (y, y) %}{{ y }}",
    "{% if many < 1e400 %}x{% endif %}",
    "{{ " + "not " * 300 + "flag }}",
    "{{ " + "(" * 400 + "flag" + ")" * 400 + " }}",
    "{% if " + "flag or " * 200 + "flag %}x{% endif %}",
    "{% if flag %}" * 120 + "{% endif %}" * 120,
]


@pytest.mark.parametrize("text", [*ESCAPES, *EXHAUSTING])
def test_what_a_template_may_not_do_is_refused_with_its_line_before_it_is_compiled(
    workspace: Workspace, write: Write, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compiling(*_: object, **__: object) -> None:
        pytest.fail("it was compiled")

    file = write(a_body(text))
    monkeypatch.setattr(ImmutableSandboxedEnvironment, "compile", compiling)

    message = refused(workspace)

    # what a block calls is told where the block begins, a flood of brackets nowhere better
    assert message.startswith((f"{file}:2: ", f"{file}:1: "))
    assert len(message) < len(str(file)) + 250
    assert message.isprintable()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{{ parts.pop }}", '".pop" is not allowed: a template sees plain values only'),
        ("{{ shop_name|safe }}", 'the filter "safe" is not known'),
        ("{% if many is even %}{% endif %}", 'the test "even" is not known'),
        ("{% include 'x' %}", "include is not allowed in a template"),
        ("{{ parts() }}", "only blocks of this file can be called, as {{ self.name() }}"),
        ("{{ self.nowhere() }}", 'there is no block "nowhere"'),
        ("{{ [shop_name] }}", "a list can hold fixed words only"),
        ("{{ 1e999 }}", "the number is too large"),
        ("{% set a %}b{% endset %}", "assignblock is not allowed in a template"),
        ("{{ " + "not " * DEEPEST + "flag }}", "nested too deep"),
        (
            "{% for a in parts %}{% for b in parts %}{% endfor %}{% endfor %}",
            "a loop cannot stand inside a loop",
        ),
        (
            "{% for a in parts %}{{ self.body() }}{% endfor %}",
            "a block cannot be called inside a loop",
        ),
    ],
)
def test_a_refusal_says_what_and_where(
    workspace: Workspace, write: Write, text: str, what: str
) -> None:
    file = write("{% block body %}\n\n" + text + "{% endblock %}")

    assert refused(workspace) == f"{file}:3: {what}"


def test_a_block_cannot_call_itself_by_way_of_another(workspace: Workspace, write: Write) -> None:
    file = write(
        "{% block body %}{{ self.a_line() }}{% endblock %}\n"
        "{% block a_line %}{{ self.body() }}{% endblock %}"
    )

    assert refused(workspace) == f'{file}:1: the block "body" calls itself, or too many others'


def test_blocks_that_double_each_other_are_refused(workspace: Workspace, write: Write) -> None:
    doubled = (
        f"{{% block b{n}_line %}}{{{{ self.b{n + 1}_line() }}}}{{{{ self.b{n + 1}_line() }}}}"
        "{% endblock %}\n"
        for n in range(40)
    )
    end = "{% block b40_line %}x{% endblock %}{% block body %}{{ self.b0_line() }}{% endblock %}"
    write("".join(doubled) + end)

    assert "too many others" in refused(workspace)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("{% if flag %}", 3, "unknown tag 'endblock'"),
        ("{{ shop_name", 3, "expected token"),
        ("{{ }}", 2, "Expected an expression"),
        ("{% block a %}x{% endblock %}{% block a %}y{% endblock %}", 2, "block 'a' defined twice"),
        ("{% nonsense %}", 2, "unknown tag 'nonsense'"),
    ],
)
def test_a_template_that_is_not_one_is_refused_with_its_line(
    workspace: Workspace, write: Write, text: str, line: int, what: str
) -> None:
    file = write(a_body(text))
    message = refused(workspace)

    assert message.startswith(f"{file}:{line}: ")
    assert what in message
    assert "\n" not in message


# What a template may say


def test_the_plain_values_are_printed_in_the_words_of_the_locale(
    workspace: Workspace, write: Write
) -> None:
    text = a_body("{{ shop_name }}: {{ many }}, {{ share }}, {{ when }}, {{ long }}")
    write(text)
    write(text, "outage/news.fr.j2")
    french = find_template(workspace, "outage", "news", "fr", PARIS).render("body", DATA).strip()

    assert rendered(workspace) == (
        "Kestrel: 1,234, 2.5, 27 November 2026, 20:04 (UTC+1), 1 hour 35 minutes"
    )
    assert french.replace("\u202f", " ").replace("\xa0", " ") == (
        "Kestrel: 1 234, 2,5, 27 novembre 2026 à 20 h 04 (UTC+1), 1 heure 35 minutes"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ shop_name | upper }}{{ shop_name | lower }}", "KESTRELkestrel"),
        ("{{ parts | join(', ') }}", "cart, checkout"),
        ("{{ parts | join }}", "cartcheckout"),
        ("{{ parts | length }}{{ parts | first }}{{ parts | last }}", "2cartcheckout"),
        ("{{ shop_name | replace('K', 'C') | trim }}", "Cestrel"),
        ("{{ absent | default('none') }}", "none"),
        ("{{ sum | money }}", "€12.50"),
        ("{{ 'yes' if flag else 'no' }}", "yes"),
        ("{% if 'cart' in parts and absent is not defined %}x{% endif %}", "x"),
        (
            "{% for part in parts %}{{ part }}{% if not loop.last %}+{% endif %}{% endfor %}",
            "cart+checkout",
        ),
        ("{% set name = shop_name %}{{ name }}", "Kestrel"),
        ("{% if shop_name in ['Kestrel', 'Falcon'] %}x{% endif %}", "x"),
        ("{# nobody reads this #}x", "x"),
        ("{% raw %}{{ shop_name }}{% endraw %}", "{{ shop_name }}"),
    ],
)
def test_what_a_template_may_say(workspace: Workspace, write: Write, text: str, shown: str) -> None:
    write(a_body(text))

    assert rendered(workspace) == shown


def test_a_block_may_be_used_in_others(workspace: Workspace, write: Write) -> None:
    write(
        "{% block a_line %}{{ shop_name }} is down{% endblock %}\n"
        "{% block body %}{{ self.a_line() }}. {{ self.a_line() }}!{% endblock %}"
    )

    assert rendered(workspace) == "Kestrel is down. Kestrel is down!"


def test_data_is_never_rendered_as_a_template(workspace: Workspace, write: Write) -> None:
    write(a_body("{{ shop_name }} {{ shop_name | upper }}"))
    hostile = "{{ 7*7 }}{% endblock %}{# "

    shown = rendered(workspace, data={"shop_name": hostile})

    assert shown == f"{hostile} {hostile.upper()}".strip()


# What it may not print


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{{ nothing }}", '"None" cannot be printed: it is nothing'),
        ("{{ flag }}", '"True" cannot be printed: it is a yes or no'),
        ("{{ not flag }}", '"False" cannot be printed: it is a yes or no'),
        ("{{ parts }}", "\"('cart', 'checkout')\" cannot be printed: it is a list"),
        ("{{ ['a'] }}", "\"['a']\" cannot be printed: it is a list"),
        ("{{ 1.5 }}", '"1.5" cannot be printed: it is not a plain value'),
        ("{{ self.body }}", "cannot be printed: it is not a plain value"),
        ("{{ self }}", "cannot be printed: it is not a plain value"),
        ("{{ nothing | upper }}", '"None" is not text: the filter upper cannot change it'),
        ("{{ flag | lower }}", '"True" is not text: the filter lower cannot change it'),
        ("{{ parts | trim }}", "is not text: the filter trim cannot change it"),
        ("{{ when | upper }}", "is not text: the filter upper cannot change it"),
        ("{{ many | replace('1', '2') }}", '"1234" is not text: the filter replace cannot'),
        ("{{ shop_name | join('-') }}", '"Kestrel" is not a list: the filter join cannot join it'),
        ("{{ shop_name | moment }}", '"Kestrel" is not a time: the filter moment cannot show it'),
        ("{{ shop_name | money }}", '"Kestrel" is not a sum of money: write 12.50 EUR'),
        ("{{ many | length }}", "has no len()"),
        ("{{ parts | join(', ', 'upper') }}", "positional arguments"),
        ("{{ shop_name if many < 5 }}", "cannot be printed"),
        ("{% for a, b in parts %}{{ a }}{% endfor %}", "too many values to unpack"),
        ("{% for a in many %}{{ a }}{% endfor %}", "'int' object is not iterable"),
        ("{{ essay | replace('a', essay) }}", f"more than {LONGEST} characters"),
        ("{{ essay | replace('a', essay) | length }}", f"more than {LONGEST} characters"),
        ("{{ essay | replace('a', 'bb') | replace('b', essay) }}", f"more than {LONGEST}"),
        ("{% for c in essay %}{{ essay }}{% endfor %}", f"more than {LONGEST} characters"),
        ("{{ '" + "a" * 999 + "'|replace('a','" + "b" * 999 + "') }}", f"more than {LONGEST}"),
        (r"{{ 'x\x1b[2J' }}", r"it holds the control character \x1b"),
        (r"{{ '\ud800' }}", r"it holds the control character \ud800"),
        ("a\u2028b", r"it holds the control character \u2028"),
        ("a\x07b", r"it holds the control character \x07"),
    ],
)
def test_what_customers_cannot_read_is_never_printed(
    workspace: Workspace, write: Write, text: str, what: str
) -> None:
    file = write(a_body(text))
    message = refused(workspace)

    assert what in message
    assert message.startswith((f'{file}:2: the block "body"', f'{file}: the block "body"'))
    assert message.isprintable()


def test_a_called_block_is_bounded_too(workspace: Workspace, write: Write) -> None:
    write(
        "{% block flood_list %}{% for c in essay %}{{ essay }}{% endfor %}{% endblock %}"
        "{% block body %}{% if self.flood_list() %}x{% endif %}{% endblock %}"
    )

    assert f"more than {LONGEST} characters" in refused(workspace)


def test_an_error_is_told_on_the_line_where_it_came_up(workspace: Workspace, write: Write) -> None:
    file = write(
        "{% block body %}\nfine\n{{ self.part_line() }}\n{% endblock %}\n\n"
        "{% block part_line %}\nfine\n{{ parts }}\n{% endblock %}\n"
    )

    assert refused(workspace).startswith(f'{file}:8: the block "body" cannot be rendered')


# What is not known


@pytest.mark.parametrize(
    "text",
    [
        "{{ absent }}",
        "{{ absent | upper }}",
        "{{ absent | moment }}",
        "{{ absent | join }}",
        "{{ shop_name | replace('K', absent) }}",
        "{% if absent %}x{% endif %}",
        "{% if absent == 'x' %}x{% endif %}",
        "{% if 'x' in absent %}x{% endif %}",
        "{% for x in absent %}x{% endfor %}",
        "{% if shop_name == absent %}x{% endif %}",
    ],
)
def test_a_fact_that_is_not_confirmed_stops_the_message_and_is_named(
    workspace: Workspace, write: Write, text: str
) -> None:
    file = write(a_body(text))

    with pytest.raises(MissingFact) as error:
        rendered(workspace)

    assert error.value.fact == "absent"
    assert error.value.message == (
        f'the message needs the fact "absent", which is not confirmed ({file}:2, block "body")'
    )
    assert error.value.hint == "`crisisctl fact absent VALUE` records it"


def test_a_suspected_fact_cannot_be_stated(workspace: Workspace, write: Write) -> None:
    suspected = an_incident(ev.FactRecorded("cause", "overload", "suspected"))
    certain = an_incident(ev.FactRecorded("cause", "overload"))
    write(
        "{% block body %}It was {{ cause }}.{% endblock %}"
        "{% block short %}{% if cause is defined %}It was {{ cause }}.{% else %}"
        "We do not know yet.{% endif %}{% endblock %}"
    )

    guess: dict[str, object] = {**confirmed(suspected, now=BEGAN)}
    known: dict[str, object] = {**confirmed(certain, now=BEGAN)}

    assert rendered(workspace, "short", guess) == "We do not know yet."
    assert rendered(workspace, "short", known) == "It was overload."
    with pytest.raises(MissingFact):
        rendered(workspace, "body", guess)


# Where templates are found


def test_a_missing_locale_is_an_error_that_names_those_there_are(
    workspace: Workspace, write: Write
) -> None:
    write(a_body("x"))
    write(a_body("x"), "outage/news.fr.j2")

    with pytest.raises(CrisisError) as error:
        find_template(workspace, "outage", "news", "es", PARIS)

    assert error.value.message == 'the message "outage/news" has no text in "es"'
    assert error.value.hint == "it exists in: en, fr"


@pytest.mark.parametrize(
    ("playbook", "message", "locale"),
    [
        ("outage", "../outage/news", "en"),
        ("..", "news", "en"),
        ("outage", "/etc/passwd", "en"),
        ("outage", "News", "en"),
        ("outage", "", "en"),
        ("outage", "news", "../en"),
        ("outage", "news", "english"),
        ("outage", "news", ""),
    ],
)
def test_a_name_cannot_lead_elsewhere(
    workspace: Workspace, write: Write, playbook: str, message: str, locale: str
) -> None:
    write(a_body("x"))

    with pytest.raises(CrisisError):
        find_template(workspace, playbook, message, locale, PARIS)


def test_a_link_that_leads_out_of_the_folder_is_not_followed(
    workspace: Workspace, write: Write, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.j2"
    secret.write_text(a_body("the secret"))
    write("x").unlink()
    (tmp_path / "templates/outage/news.en.j2").symlink_to(secret)

    with pytest.raises(CrisisError, match="has no text"):
        find_template(workspace, "outage", "news", "en", PARIS)


def test_a_template_of_the_workspace_stands_over_the_shipped_one(
    workspace: Workspace, write: Write
) -> None:
    write("{% block short %}Ours{% endblock %}", "outage/holding.en.j2")

    own = find_template(workspace, "outage", "holding", "en", PARIS)
    shipped = find_template(workspace, "outage", "holding", "fr", PARIS)

    assert own.render("short", {}) == "Ours"
    assert "headline" in shipped.blocks


def test_a_changed_template_is_read_anew(workspace: Workspace, write: Write) -> None:
    write(a_body("before"))
    assert rendered(workspace) == "before"

    write(a_body("after"))

    assert rendered(workspace) == "after"


def test_a_file_that_is_too_large_or_not_text_is_refused(
    workspace: Workspace, write: Write
) -> None:
    file = write("x" * (LARGEST + 1))
    assert refused(workspace) == f"{file}: larger than 256 KiB"

    file.write_bytes(b"{% block body %}caf\xe9{% endblock %}")
    assert refused(workspace) == f"{file}: not UTF-8 text (byte 19)"


# Packs: forms and channels

NEWS = """\
{% block headline %}
  News  of
  {{ shop_name }}
{% endblock %}
{% block short %}We are
   sorry.{% endblock %}
{% block body %}

First.


- one
- two

{{ shop_name }} {% endblock %}
{% block sms %}{{ shop_name }}:\u202fsorry{% endblock %}
{% block push_title %}Short news{% endblock %}
{% block error_page %}Closed.{% endblock %}
"""


def a_pack(
    workspace: Workspace, *channels: str, locales: tuple[str, ...] = ("en",), **setting: object
) -> Pack:
    fields = {"workspace": workspace, "playbook": "outage", "zone": PARIS, **setting}
    send = a_send("news", channels=channels)
    return render_pack(Setting(**fields), send, DATA, locales)  # type: ignore[arg-type]


def the_text(workspace: Workspace, channel: str, **setting: object) -> Text:
    (text,) = a_pack(workspace, channel, **setting).texts
    return text


@pytest.mark.parametrize(
    ("channel", "heading", "body"),
    [
        ("x", "", "We are sorry."),
        ("homepage", "", "We are sorry."),
        ("sms", "", "Kestrel: sorry"),
        ("push", "Short news", "We are sorry."),
        ("status-page", "News of Kestrel", "First.\n\n- one\n- two\n\nKestrel"),
        ("email", "News of Kestrel", "First.\n\n- one\n- two\n\nKestrel"),
        ("blog", "News of Kestrel", "First.\n\n- one\n- two\n\nKestrel"),
        ("facebook", "", "First.\n\n- one\n- two\n\nKestrel"),
        ("error-page", "News of Kestrel", "Closed."),
    ],
)
def test_a_channel_takes_its_form_unless_the_template_has_one_for_it(
    workspace: Workspace, write: Write, channel: str, heading: str, body: str
) -> None:
    write(NEWS)
    text = the_text(workspace, channel)

    assert (text.heading, text.body) == (heading, body)


def test_a_pack_holds_every_channel_in_every_locale_and_names_the_facts_it_states(
    workspace: Workspace, write: Write
) -> None:
    write(NEWS)
    write(NEWS.replace("We are", "{{ many }} fois désolés,"), "outage/news.fr.j2")

    pack = a_pack(workspace, "x", "email", locales=("en", "fr"))

    assert [(text.channel, text.locale) for text in pack.texts] == [
        ("x", "en"),
        ("email", "en"),
        ("x", "fr"),
        ("email", "fr"),
    ]
    assert (pack.message, pack.to, pack.uses) == ("news", "customers", ("many", "shop_name"))


def test_a_form_that_the_template_lacks_is_an_error(workspace: Workspace, write: Write) -> None:
    file = write("{% block headline %}x{% endblock %}")

    with pytest.raises(BadTemplate) as error:
        a_pack(workspace, "email")

    assert error.value.message == f'{file}: there is no block "body"'


@pytest.mark.parametrize("text", ["", "  \n ", "{% if not flag %}x{% endif %}"])
def test_a_message_that_says_nothing_is_an_error(
    workspace: Workspace, write: Write, text: str
) -> None:
    file = write("{% block short %}" + text + "{% endblock %}")

    with pytest.raises(BadTemplate) as error:
        a_pack(workspace, "x")

    assert error.value.message == f'{file}: the block "short" says nothing'


@pytest.mark.parametrize(
    ("unit", "limit", "fits", "too_long", "overflow"),
    [
        (
            "x",
            280,
            "a" * 280,
            "a" * 281,
            "281 characters as X counts, the limit is 280: 1 too many",
        ),
        ("characters", 200, "é" * 200, "é" * 201, "201 characters, the limit is 200: 1 too many"),
        ("bytes", 200, "é" * 100, "é" * 101, "202 bytes, the limit is 200: 2 too many"),
        ("segments", 3, "a" * 459, "a" * 460, "4 SMS parts, the limit is 3: 1 too many"),
        ("segments", 3, "ş" * 201, "ş" * 202, "4 SMS parts, the limit is 3: 1 too many"),
        (
            "utf16",
            4096,
            "🙂" * 2048,
            "🙂" * 2049,
            "4098 UTF-16 units, the limit is 4096: 2 too many",
        ),
    ],
)
def test_a_text_is_held_against_the_limit_of_its_channel_and_never_cut(
    workspace: Workspace,
    write: Write,
    unit: str,
    limit: int,
    fits: str,
    too_long: str,
    overflow: str,
) -> None:
    channel = f"{{title: P, form: short, unit: {unit}, limit: {limit}}}"
    write(f"drill: {{}}\nchannels: {{pager: {channel}}}\n", "channels.yaml")

    write("{% block short %}" + fits + "{% endblock %}")
    good = the_text(workspace, "pager")
    write("{% block short %}" + too_long + "{% endblock %}")
    bad = the_text(workspace, "pager")

    assert (good.fits, good.overflow, good.body) == (True, "", fits)
    assert (bad.fits, bad.overflow, bad.body) == (False, overflow, too_long)


def test_a_headline_has_a_limit_of_its_own(workspace: Workspace, write: Write) -> None:
    write("{% block headline %}" + "h" * 256 + "{% endblock %}{% block body %}b{% endblock %}")

    text = the_text(workspace, "status-page")

    assert not text.fits
    assert text.overflow == "headline of 256 characters, the limit is 255: 1 too many"


def test_what_readers_do_not_see_at_once_is_told_and_fits_all_the_same(
    workspace: Workspace, write: Write
) -> None:
    write("{% block headline %}" + "h" * 71 + "{% endblock %}{% block body %}b{% endblock %}")

    text = the_text(workspace, "email")

    assert (text.fits, text.overflow) == (True, "")
    assert text.unseen == "headline of 71 characters, readers see 70"
    assert a_pack(workspace, "email").too_long == []


def test_a_post_on_bluesky_must_keep_both_of_its_limits(workspace: Workspace, write: Write) -> None:
    family = "👨\u200d👩\u200d👧\u200d👦"
    write("{% block short %}" + family * 120 + "{% endblock %}")
    good = the_text(workspace, "bluesky")
    write("{% block short %}" + family * 121 + "{% endblock %}")
    bad = the_text(workspace, "bluesky")

    assert [(m.length, m.limit, m.unit, m.hard) for m in good.measures] == [
        (120, 300, "graphemes", True),
        (3000, 3000, "bytes", True),
    ]
    assert good.fits
    assert bad.overflow == "3025 bytes, the limit is 3000: 25 too many"


def test_a_notification_is_measured_as_it_is_seen_and_as_it_is_sent(
    workspace: Workspace, write: Write
) -> None:
    write(
        "{% block headline %}Ж{% endblock %}{% block push %}" + "я" * 2100 + "{% endblock %}",
    )
    text = the_text(workspace, "push")

    assert [(m.of, m.length, m.limit, m.hard) for m in text.measures] == [
        ("text", 2100, 150, False),
        ("payload", 4200 + len('{"aps":{"alert":{"title":"Ж","body":""}}}') + 1, 4096, True),
        ("heading", 1, 50, False),
    ]
    assert text.overflow == "payload of 4242 bytes, the limit is 4096: 146 too many"
    assert text.unseen == "2100 characters, readers see 150"


def test_an_answer_to_a_google_review_is_counted_in_bytes(
    workspace: Workspace, write: Write
) -> None:
    write("{% block body %}" + "я" * 2048 + "{% endblock %}")
    good = the_text(workspace, "google-review")
    write("{% block body %}" + "я" * 2049 + "{% endblock %}")
    bad = the_text(workspace, "google-review")

    assert good.fits
    assert bad.overflow == "4098 bytes, the limit is 4096: 2 too many"


def test_a_preheader_is_measured_and_stands_hidden_at_the_top_of_the_page(
    workspace: Workspace, write: Write
) -> None:
    write(NEWS + "{% block preheader %}What we know,\n and what <you> can do{% endblock %}")

    text = the_text(workspace, "email")

    assert text.preheader == "What we know, and what <you> can do"
    assert [(m.of, m.length, m.limit) for m in text.measures][-1] == ("preheader", 35, 100)
    before, _, after = text.html.partition("What we know, and what &lt;you&gt; can do")
    assert before.rstrip().endswith('<div style="display:none;max-height:0;overflow:hidden">')
    assert "First." in after
    assert the_text(workspace, "status-page").preheader == ""


def test_a_channel_without_a_limit_is_measured_too(workspace: Workspace, write: Write) -> None:
    write(NEWS)

    assert [(m.of, m.length, m.limit) for m in the_text(workspace, "blog").measures] == [
        ("text", 28, 0),
        ("heading", 15, 70),
    ]


def test_what_is_too_long_can_be_left_out(workspace: Workspace, write: Write) -> None:
    write(NEWS.replace("We are", "a" * 290))
    pack = a_pack(workspace, "x", "mastodon")

    (long,) = pack.too_long
    rest = pack.without(pack.too_long)

    assert long.channel == "x"
    assert [text.channel for text in rest.texts] == ["mastodon"]
    assert (rest.message, rest.to, rest.uses) == (pack.message, pack.to, pack.uses)


def test_a_fingerprint_changes_with_every_character_channel_and_locale(
    workspace: Workspace, write: Write
) -> None:
    write(NEWS)
    text = the_text(workspace, "email")
    others = [
        replace(text, body=text.body + "."),
        replace(text, heading=text.heading + "."),
        replace(text, html=text.html + " "),
        replace(text, channel="x"),
        replace(text, locale="fr"),
        replace(text, heading="", body=text.heading + "\0" + text.body),
    ]

    assert text.sha256 == the_text(workspace, "email").sha256
    assert len({text.sha256, *(other.sha256 for other in others)}) == 7


# Drills

STAMPS = {
    "en": "DRILL, not a real message",
    "fr": "EXERCICE, message fictif",
    "es": "SIMULACRO, mensaje ficticio",
    "tr": "TATBİKAT, gerçek mesaj değil",
    "ru": "УЧЕНИЯ, сообщение не настоящее",
}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_of_a_drill_is_stamped_in_its_own_language(
    workspace: Workspace, write: Write, locale: str
) -> None:
    write(NEWS, f"outage/news.{locale}.j2")
    channels = tuple(load_channels(workspace).channels)
    stamp = STAMPS[locale]

    real = a_pack(workspace, *channels, locales=(locale,))
    drill = a_pack(workspace, *channels, locales=(locale,), drill=True)

    assert len(drill.texts) == len(channels) == 29
    for shown, plain in zip(drill.texts, real.texts, strict=True):
        assert shown.body.startswith(f"[{stamp}]")
        assert shown.body.endswith(plain.body)
        assert stamp not in plain.body + plain.heading + plain.html
        assert shown.heading == (f"[{stamp}] {plain.heading}" if plain.heading else "")
        assert html.unescape(shown.html).count(stamp) == (1 if plain.html else 0)
        assert (shown.measures, shown.words) == (plain.measures, plain.words)
        assert shown.sha256 != plain.sha256


def test_a_locale_without_a_stamp_cannot_be_drilled(workspace: Workspace, write: Write) -> None:
    write("drill: {en: DRILL}\nchannels: {x: {title: X, form: short}}\n", "channels.yaml")
    write(NEWS, "outage/news.fr.j2")

    with pytest.raises(CrisisError) as error:
        a_pack(workspace, "x", locales=("fr",), drill=True)

    assert error.value.message == 'channels.yaml has no drill stamp for the locale "fr"'


# Channels


def test_a_workspace_has_its_own_channels(workspace: Workspace, write: Write) -> None:
    write(
        "drill: {en: DRILL}\n"
        "channels:\n"
        "  pager: {title: Pager, form: short, limit: 20, unit: bytes, block: beep}\n",
        "channels.yaml",
    )
    write("{% block beep %}Désolé{% endblock %}{% block short %}x{% endblock %}")

    text = the_text(workspace, "pager")

    found = text.main
    assert (text.body, found.length, found.limit, found.unit) == ("Désolé", 8, 20, "bytes")


def test_an_unknown_channel_is_refused_with_the_nearest_one(
    workspace: Workspace, write: Write
) -> None:
    write(NEWS)

    with pytest.raises(CrisisError) as error:
        a_pack(workspace, "e-mail")

    assert error.value.message == 'there is no channel "e-mail"'
    assert error.value.hint.startswith('did you mean "email"? channels: homepage, error-page,')


def test_a_channels_file_with_mistakes_is_refused_with_every_line(
    workspace: Workspace, write: Write
) -> None:
    file = write(
        "drill: {en: DRILL}\n"
        "channels:\n"
        "  pager: {form: long, title: Pager}\n"
        "  fax: {titel: Fax, form: body}\n",
        "channels.yaml",
    )

    with pytest.raises(BadFile) as error:
        load_channels(workspace)

    assert error.value.message.splitlines() == [
        f'{file}:3:17: error[unknown-value]: "long" is not known here'
        " (it can be headline, short or body)",
        f'{file}:4:8: error[missing-key]: the key "title" is missing in channels.fax'
        " (add `title:`)",
        f'{file}:4:9: error[unknown-key]: "titel" is not a key of channels.fax'
        ' (did you mean "title"?)',
    ]


# Pages


@pytest.mark.parametrize("layout", ["503.html.j2", "banner.html.j2", "email.html.j2"])
@pytest.mark.parametrize("data", HTML)
def test_whatever_a_page_shows_is_text_and_nothing_else(layout: str, data: str) -> None:
    plain = seen(render_page(Workspace(), layout, Page("en", "H", "T\n\n- I", "S", "D")))

    page = seen(
        render_page(Workspace(), layout, Page("en", data, f"{data}\n\n- {data}", data, data))
    )

    assert [tag for tag in page.tags if tag != "a"] == plain.tags
    assert page.comments == plain.comments
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    links = [value for name, value in page.attributes if name in ("href", "src", "action")]
    assert all(link.startswith(("https://", "http://")) for link in links)
    assert " ".join(data.split()) in " ".join("".join(page.texts).split())


@settings(max_examples=60)
@given(data=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_any_heading_stands_on_the_page_as_it_was_written(data: str) -> None:
    page = seen(render_page(Workspace(), "503.html.j2", Page("en", data, "text", "")))

    assert page.texts.count(data) >= 2  # in the title and above the text


def test_addresses_on_a_page_can_be_clicked_and_lists_are_lists() -> None:
    text = "Follow us:\nhttps://status.kestrel.example/a?b=1&c=2\n\nDo this:\n- write\n- call"

    page = seen(render_page(Workspace(), "email.html.j2", Page("fr", "H", text, "Kestrel")))

    assert ("href", "https://status.kestrel.example/a?b=1&c=2") in page.attributes
    assert ("rel", "noopener") in page.attributes
    assert ("lang", "fr") in page.attributes
    assert page.tags.count("li") == 2


def test_the_error_page_lets_nothing_in_from_elsewhere() -> None:
    page = seen(render_page(Workspace(), "503.html.j2", Page("en", "H", "T", "S")))

    policies = [value for name, value in page.attributes if name == "content"]
    assert any(value.startswith("default-src 'none'") for value in policies)
    assert not {"script", "img", "link", "iframe"} & set(page.tags)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{{ text|safe }}", 'the filter "safe" is not known'),
        ("{{ 'a'*10**10 }}", "mul is not allowed in a template"),
        ("{{ heading.__class__ }}", '".__class__" is not allowed'),
        ("{{ heading['__class__'] }}", "only a fixed name can stand in [ ]"),
        ("{{ paragraphs[0] }}", "only a fixed name can stand in [ ]"),
        ("{{ heading['upper'] }}", "cannot be printed: it is not text"),
        ("{{ paragraphs }}", "cannot be printed: it is not text"),
        ("{{ unknown }}", "'unknown' is undefined"),
        ("{% include 'x' %}", "include is not allowed in a template"),
        ("{% if %}", "Expected an expression"),
    ],
)
def test_a_layout_may_do_no_more_than_a_message(
    workspace: Workspace, write: Write, text: str, what: str
) -> None:
    file = write("\n" + text, "layouts/own.html.j2")

    with pytest.raises(BadTemplate) as error:
        render_page(workspace, "own.html.j2", Page("en", "H", "T", "S"))

    assert error.value.message.startswith(f"{file}:2: ")
    assert what in error.value.message


@pytest.mark.parametrize("layout", ["none.html.j2", "../503.html.j2", "/etc/passwd", ""])
def test_a_layout_that_is_not_there_is_refused(layout: str) -> None:
    with pytest.raises(CrisisError, match="there is no layout"):
        render_page(Workspace(), layout, Page("en", "H", "T", "S"))


# The outbox


def test_every_text_is_written_as_it_stands_with_its_title_and_page(
    workspace: Workspace, write: Write, tmp_path: Path
) -> None:
    write(NEWS)
    pack = a_pack(workspace, "x", "homepage", "email", "blog", "error-page")
    folder = tmp_path / "out" / "01-news"

    written = outbox.write(pack, folder)

    texts = {text.channel: text for text in pack.texts}
    assert {file.name for file in folder.iterdir()} == {
        *("x.en.txt", "homepage.en.html", "error-page.en.html"),
        *("email.en.txt", "email.en.title.txt", "email.en.html", "blog.en.md", "blog.en.title.txt"),
    }
    assert (folder / "x.en.txt").read_text() == "We are sorry.\n"
    assert (folder / "email.en.title.txt").read_text() == "News of Kestrel\n"
    assert (folder / "email.en.html").read_text() == texts["email"].html
    assert (folder / "homepage.en.html").read_text() == texts["homepage"].html
    assert [(w.channel, w.locale, w.sha256, w.file) for w in written] == [
        ("x", "en", texts["x"].sha256, str(folder / "x.en.txt")),
        ("homepage", "en", texts["homepage"].sha256, str(folder / "homepage.en.html")),
        ("email", "en", texts["email"].sha256, str(folder / "email.en.txt")),
        ("blog", "en", texts["blog"].sha256, str(folder / "blog.en.md")),
        ("error-page", "en", texts["error-page"].sha256, str(folder / "error-page.en.html")),
    ]


def test_writing_again_after_a_crash_leaves_the_same_files(
    workspace: Workspace, write: Write, tmp_path: Path
) -> None:
    write(NEWS)
    pack, folder = a_pack(workspace, "x", "email"), tmp_path / "out"
    outbox.write(pack, folder)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    (folder / "x.en.txt").write_text("half a te")
    (folder / ".email.en.html.part").write_text("half a pa" * 10000)

    outbox.write(pack, folder)

    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_the_texts_are_nobody_else_s_to_read_before_they_are_published(
    workspace: Workspace, write: Write, tmp_path: Path
) -> None:
    write(NEWS)
    folder = tmp_path / "home" / "outbox" / "01-news"

    outbox.write(a_pack(workspace, "email"), folder)

    for path in (folder, folder.parent, folder.parent.parent):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_texts_that_cannot_be_written_are_not_claimed(
    workspace: Workspace, write: Write, tmp_path: Path
) -> None:
    write(NEWS)
    (tmp_path / "out").write_text("a file where the folder should be")

    with pytest.raises(CrisisError) as error:
        outbox.write(a_pack(workspace, "x"), tmp_path / "out" / "01-news")

    assert error.value.code == 1
    assert error.value.message.startswith(f"the texts could not be written to {tmp_path}/out/")
    assert "message show" in error.value.hint


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=60))
def test_a_name_is_written_out_as_it_was_typed(
    workspace: Workspace, write: Write, tmp_path: Path, data: str
) -> None:
    write("{% block short %}<{{ shop_name }}>{% endblock %}")
    send = a_send("news", channels=("x",))
    setting = Setting(workspace, "outage", PARIS)

    pack = render_pack(setting, send, {"shop_name": data}, ("en",))
    outbox.write(pack, tmp_path / "out")

    written = (tmp_path / "out" / "x.en.txt").read_text(encoding="utf-8")
    assert written == re.sub(" +", " ", f"<{data}>\n")


def test_a_time_that_no_deadline_announces_cannot_be_recorded_so_the_hint_says_what_can(
    workspace: Workspace, write: Write
) -> None:
    write("{% block body %}{{ next_update | clock }}{% endblock %}")

    with pytest.raises(MissingFact) as error:
        find_template(workspace, "outage", "news", "en", UTC).render("body", {})

    assert "is defined" in error.value.hint
    assert "crisisctl fact" not in error.value.hint


@pytest.mark.parametrize(
    "text", ["{{ 1 if '' | first else 2 }}", "{{ '' | last and 1 }}", "{{ not ('' | first) }}"]
)
def test_what_fails_while_jinja_compiles_it_is_a_bad_template(
    workspace: Workspace, write: Write, text: str
) -> None:
    write(a_body(text))

    assert "No first item" in refused(workspace) or "No last item" in refused(workspace)
