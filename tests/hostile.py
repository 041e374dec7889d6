"""Words that a terminal would obey, hide or reorder, and how to see that none came through."""

from __future__ import annotations

import re

HOSTILE = {
    "clear screen": "\x1b[2J",
    "forged approval": "\x1b[1A\x1b[2K ok: approved",
    "clipboard": "\x1b]52;c;ZXZpbA==\x07",
    "link": "\x1b]8;;http://evil.example\x1b\\shop\x1b]8;;\x1b\\",
    "title": "\x1b]0;owned\x07",
    "terminal settings": "\x1bP$q q\x1b\\",
    "typed back": "\x1b[6n",
    "C1": "\x9b31m",
    "charset": "\x1b(0lqqk",
    "carriage return": "unpaid\rPAID",
    "backspaces": "no\x08\x08yes",
    "right to left": "txt.\u202egnp.exe",
    "isolates": "\u2066a\u2069",
    "invisible": "a\u200bb\ufeff",
    "tag letters": "a\U000e0041",
    "bell": "\x07\x07",
    "line separators": "a\u2028b\u2029c\x85d",
    "too many marks": "z" + "\u0335" * 500,
    "markup": "[red]x[/red] [link=http://evil.example]y[/link]",
    "closing tag": "[/]",
    "action": "[@click=app.quit]x",
    "long": "x" * 100_000,
    "workflow command": "::error::x",
}
TYPEABLE = {k: v for k, v in HOSTILE.items() if k != "long"}
MARKS = re.compile("[\u0300-\u036f]{5}")


def calm(*shown: str) -> bool:
    """Whether nothing of it would move a cursor, hide, reorder or colour text."""
    text = "".join(shown)
    plain = all(char == "\n" or char.isprintable() or char in "\u00a0\u202f" for char in text)
    return plain and not MARKS.search(text)


YAML: dict[str, tuple[str | bytes, str]] = {
    "laughs": ("a: &a [x]\n" + "b: [*a, *a, *a]\n" * 9, "yaml-anchor"),
    "contains itself": ("a: &a [*a]\n", "yaml-anchor"),
    "100k brackets": ("[" * 100_000, "yaml-depth"),
    "900 brackets": ("[" * 900 + "]" * 900, "yaml-depth"),
    "a million brackets": ("[" * 1_000_000, "yaml-depth"),
    "100k dashes": ("- " * 100_000, "yaml-depth"),
    "100k question marks": ("? " * 100_000, "yaml-depth"),
    "5000 digits": (f"playbook: {'9' * 5000}\n", "yaml-number"),
    "80k bits": (f"playbook: 0x{'f' * 20_000}\n", "yaml-number"),
    "key twice": ("playbook: a\nplaybook: b\n", "yaml-duplicate-key"),
    "two merge keys": ("<<: {a: 1}\n<<: {b: 1}\n", "yaml-merge"),
    "raw NUL": ("playbook: a\0b\n", "yaml-encoding"),
    "coded NUL": ('playbook: "a\\0b"\n', "yaml-control"),
    "half an emoji": ('playbook: "\\ud800"\n', "yaml-control"),
    "no as text": ("playbook: no\n", "missing-key"),
    "on as a key": ("on: push\nplaybook: a\n", "unknown-key"),
    "sexagesimal": ("playbook: 22:22:22\n", "bad-id"),
    "octal": ("playbook: 0777\n", "bad-id"),
    "no such day": ("playbook: a\ntitle: b\nreviewed: 2024-02-30\nstages: {}\n", "bad-date"),
    "offset of 99 hours": (
        "playbook: a\ntitle: b\nstages: {}\n"
        'facts: {since: {type: time, ask: "?", example: "2026-11-27T20:04+99:00"}}\n',
        "bad-example",
    ),
    "not a number": (
        "playbook: a\ntitle: b\nstages: {}\nfacts: {m: {type: money, ask: m, example: .nan}}\n",
        "yaml-number",
    ),
    "infinite": (
        "playbook: a\ntitle: b\nstages: {}\nfacts: {m: {type: number, ask: m, example: .inf}}\n",
        "yaml-number",
    ),
    "power of ten": ("playbook: 1e3\n", "wrong-type"),
    "Python object": ("playbook: !!python/object/apply:os.system [touch canary]\n", "yaml-tag"),
    "binary": ("playbook: !!binary aGk=\n", "yaml-tag"),
    "set": ("playbook: !!set {a, b}\n", "yaml-tag"),
    "equals sign": ("playbook: =\n", "bad-id"),
    "list as key": ("? [a, b]\n: c\n", "yaml-key"),
    "null as key": ("~: a\nplaybook: b\n", "yaml-key"),
    "number as key": ("12: a\n1.5: b\n", "yaml-key"),
    "two documents": ("playbook: a\n---\nplaybook: b\n", "yaml-documents"),
    "empty": ("", "yaml-empty"),
    "only comments": ("# soon\n# later\n", "yaml-empty"),
    "a list": ("- playbook: a\n", "wrong-type"),
    "tab": ("playbook: a\n\ttitle: b\n", "yaml-syntax"),
    "UTF-16": ("playbook: a\n".encode("utf-16"), "yaml-encoding"),
    "Latin-1": ("playbook: café\n".encode("latin-1"), "yaml-encoding"),
    "other line breaks": ("playbook: a\u2028title: b\n", "yaml-encoding"),
    "12 MB": ("#" * 12_000_000, "yaml-size"),
    "homoglyph": ("playbook: оutage\ntitle: b\nstages: {}\n", "bad-id"),
    "right to left": ('playbook: "a\u202eb"\ntitle: b\nstages: {}\n', "bad-id"),
    "many tag directives": ("%TAG !a! b\n" * 60_000 + "---\na", "yaml-tag"),
    "many values": ("- 1\n" * 200_000, "yaml-size"),
    "100k keys": ("".join(f"k{n}: 1\n" for n in range(80_000)), "yaml-size"),
    "an endless condition": (
        "playbook: a\ntitle: b\nstages: {assess: [{id: a, title: b, when: '"
        + "not " * 100_000
        + "now'}]}\n",
        "bad-condition",
    ),
    "a condition that would fill the memory": (
        "playbook: a\ntitle: b\nstages: {assess: [{id: a, title: b, when: \"'a'*10**10\"}]}\n",
        "bad-condition",
    ),
    "a path for a name": ("playbook: ../../../etc\ntitle: b\nstages: {}\n", "bad-id"),
    "a name of 300 letters": (f"playbook: {'a' * 300}\ntitle: b\nstages: {{}}\n", "bad-id"),
    "a path for a message": (
        "playbook: a\ntitle: b\nstages: {assess: [{id: a, title: b, "
        "send: {message: ../../etc/passwd, channels: [email]}}]}\n",
        "bad-id",
    ),
}
"""YAML that hurts a careless reader, each with the rule that must find something in it."""

HARMLESS_YAML: dict[str, tuple[str, str]] = {
    "byte order mark": ("", "\ufeff"),
    "line breaks of Windows": ("\n", "\r\n"),
    "line breaks of old Macs": ("\n", "\r"),
    "a document's frame": ("", "---\n"),
    "its version": ("", "%YAML 1.2\n---\n"),
}
"""Changes to a good file that leave it good: replace the first by the second, or put that first."""

ESCAPES: dict[str, str] = {
    "T1": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "T2": "{{ ''|attr('__class__') }}",
    "T3": r"{{ ''|attr('\x5f\x5fclass\x5f\x5f') }}",
    "T4": "{{ ''['__cl'~'ass__'] }}",
    "T5": "{{ ()|attr('__class__')|attr('__base__')|attr('__subclasses__')() }}",
    "T6": "{{ self.__init__.__globals__ }}",
    "T7": "{{ self._TemplateReference__context }}",
    "T8": "{{ cycler.__init__.__globals__.os.popen('touch canary').read() }}",
    "T9": "{{ joiner.__init__.__globals__.os.popen('touch canary').read() }}",
    "T10": "{{ namespace.__init__.__globals__.os.popen('touch canary').read() }}",
    "T11": "{{ lipsum.__globals__['os'].popen('touch canary').read() }}",
    "T12": "{{ (lipsum|attr('__globals__'))['os'].system('touch canary') }}",
    "T13": "{{ dict.__base__ }}",
    "T14": "{{ config.items() }}",
    "T15": "{{ request.application.__globals__.__builtins__ }}",
    "T16": "{{ url_for.__globals__ }}",
    "T17": "{{ get_flashed_messages.__globals__ }}",
    "T18": "{{ '{0.__class__.__init__.__globals__}'.format(incident) }}",
    "T19": "{% set f = '{0.__class__}'.format %}{{ f(incident) }}",
    "T20": "{{ ['{0.__class__}']|map('format', incident)|join }}",
    "T21": "{{ parts|map(attribute='__class__')|join }}",
    "T22": "{{ parts|groupby('__class__') }}",
    "T23": "{{ parts|sum(attribute='__class__') }}",
    "T24": "{{ ''.join.__self__ }}",
    "T25": "{{ d.update() }}",
    "T26": "{{ items.append('x') }}",
    "T27": "{% include '/etc/passwd' %}",
    "T28": "{% include '../../crisisctl.yaml' %}",
    "T29": "{% import 'os' as os %}",
    "T30": "{% extends '/etc/passwd' %}",
    "T31": "{{ incident.close() }}",
}
"""Ways out of a template: Jinja's sandbox stops most, the linter must tell of each."""

EXHAUSTING: dict[str, str] = {
    "long loop": "{% for i in range(10**9) %}x{% endfor %}",
    "long text, folded": "{{ 'a'*10**10 }}",
    "long text": "{{ 'a'*10**8 }}",
    "tower": "{{ 9**9**9 }}",
    "percent": "{{ '%1000000000d'|format(1) }}",
    "format": "{{ '{:1000000000}'.format(1) }}",
    "center": "{{ 'a'|center(10**9) }}",
    "ljust": "{{ 'a'|ljust(1000000000) }}",
    "indent": "{{ 'a'|indent(10**9, true) }}",
    "lipsum": "{{ lipsum(n=100000) }}",
    "loops in loops": "{% for a in 'aaaa' %}" * 30 + "{% endfor %}" * 30,
    "recursion": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "doubling": "{% set ns = namespace(x='x') %}" + "{% set ns.x = ns.x ~ ns.x %}" * 40,
    "brackets": "{{ " + "(" * 20_000 + "shop" + ")" * 20_000 + " }}",
    "negations": "{{ " + "not " * 20_000 + "shop }}",
    "conditions in conditions": "{% if shop %}" * 2000 + "{% endif %}" * 2000,
    "open tags": "{% if " * 30_000,
    "open braces": "{{ " * 60_000,
    "open comments": "{# " * 60_000,
    "closing tags": "%}" * 100_000,
    "blocks": "".join(f"{{% block b{n} %}}{{% endblock %}}" for n in range(5000)),
}
"""Templates that would eat time or memory, most of them while they are compiled."""


HTML = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "JaVa\tScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</script><!--",
    "<!-- -->",
    "{{7*7}}{% raw %}",
    "[click](javascript:alert(1))",
    '![x](https://evil.example/beacon.png)<img src="https://evil.example/b.png">',
    "<svg onload=alert(1)>",
    "a\u2028b",
    "&#x3C;script&#x3E;alert(1)",
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    'https://evil.example/"onmouseover="alert(1)',
    "https://evil.example/<script>",
    "javascript://www.evil.example/%0aalert(1)",
]
"""Words that would break out of a page."""
