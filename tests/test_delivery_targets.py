"""Where channels go: read from crisisctl.yaml, secrets filled in at sending and never shown."""

from __future__ import annotations

import base64
import json
import pickle
import re
import traceback
from pathlib import Path
from typing import get_args
from urllib.parse import quote

import pytest
from receivers import NOW, Around

from crisisctl.errors import CrisisError
from crisisctl.messages.delivery.envelope import Envelope, check
from crisisctl.messages.delivery.papers import aloud
from crisisctl.messages.delivery.secret import MASK, Sealed, fill, masked, one_line
from crisisctl.messages.delivery.smtp import server
from crisisctl.messages.delivery.targets import Target, Via, ladders, variables
from crisisctl.messages.delivery.wire import wire
from crisisctl.playbook.load import BadFile
from crisisctl.workspace import find_workspace

SECRET = "p@ss:/ \"w'ord\\100%"
LADDER = """
delivery:
  email: {via: smtp, url: "smtp://shop:${SMTP_PASSWORD}@mail.kestrel.example", from: a@b.example}
  internal:
    - {via: apprise, url: "slack://${SLACK_TOKEN}"}
    - {via: phone, call: [Ana +33 1]}
"""


def read(folder: Path, text: str) -> dict[str, tuple[Target, ...]]:
    (folder / "crisisctl.yaml").write_text(text, encoding="utf-8")
    return dict(ladders(find_workspace(folder)))


def test_one_target_is_a_ladder_of_one_and_a_list_is_tried_in_order(tmp_path: Path) -> None:
    found = read(tmp_path, LADDER)

    assert [rung.via for rung in found["email"]] == ["smtp"]
    assert [rung.via for rung in found["internal"]] == ["apprise", "phone"]
    assert variables(found["email"] + found["internal"]) == ["SMTP_PASSWORD", "SLACK_TOKEN"]


def test_the_deliveries_of_the_readme_are_understood(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```yaml\n(delivery:.*?)```", readme, re.DOTALL)
    (table,) = re.findall(r"\| `via` .*?\n\n", readme, re.DOTALL)

    assert {rung.via for ladder in read(tmp_path, shown).values() for rung in ladder} == {
        *("smtp", "apprise", "phone", "statuspage", "webhook"),
    }
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == {"via", *get_args(Via)}


def test_without_a_workspace_or_a_delivery_there_is_no_target(tmp_path: Path) -> None:
    assert dict(ladders(find_workspace(tmp_path))) == {}
    assert read(tmp_path, "locales: [en]\n") == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("delivery: {email: {via: smpt}}", ':1:25: error[unknown-value]: "smpt" is not known'),
        ("delivery: {email: [{via: files, too: 1}]}", "key of delivery.email.0 (known keys"),
        ("delivery: {email: {via: smtp}}", ":1:12: error[delivery-target]: via smtp needs `url:`"),
        (
            "delivery: {email: {via: smtp, url: 'smtp://${P}@b.example', from: a@b.example}}",
            "it has a name and no password",
        ),
        ("delivery: {email: []}", "the list is empty"),
        ("delivery: [email]", '"delivery" must be a mapping'),
        ("delivery: {email: }", '"email" must be a mapping of keys to values or a list'),
        (
            "delivery: {x: {via: webhook, url: 'https://a.example', secret: hunter2hunter2}}",
            '"secret" is written out here',
        ),
        (
            "delivery: {email: {via: smtp, url: 'smtp://a:hunter2hunter2@b.example', from: a@b.c}}",
            "a password or key is written out here",
        ),
        (
            "delivery: {x: {via: apprise, url: 'tgram://123456789/AAHdqTcvCH1vGWJx'}}",
            "a password or key is written out here",
        ),
    ],
)
def test_a_mistake_is_told_at_its_place_and_no_secret_with_it(
    text: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(BadFile) as refused:
        read(tmp_path, text)

    assert words in refused.value.message
    assert "hunter2" not in refused.value.message
    assert "AAHdqTcv" not in refused.value.message


def test_a_sealed_value_shows_its_reference_wherever_it_is_looked_at() -> None:
    sealed = fill("https://h/${KEY}?x", {"KEY": SECRET}, "x")
    shown = [repr(sealed), str(sealed), f"{sealed}", f"{sealed!r:>40}", repr(sealed.secrets)]
    shown += [repr([sealed + "/more"]), "%s" % (sealed,)]  # noqa: UP031

    assert sealed.reveal() == f"https://h/{SECRET}?x"
    assert not [words for words in shown if SECRET in words or "p@ss" in words]
    with pytest.raises(TypeError):
        pickle.dumps(sealed)


@pytest.mark.parametrize(
    "spelling",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote(SECRET),
        json.dumps(SECRET),
        repr(SECRET),
        base64.b64encode(SECRET.encode()).decode(),
    ],
)
def test_a_secret_is_masked_in_every_spelling(spelling: str) -> None:
    found = masked(f"before {spelling} after", [SECRET])

    assert MASK in found
    assert "p@ss" not in found
    assert "cEBzczov" not in found
    assert found.startswith("before ")


def test_of_two_secrets_the_longer_is_masked_first() -> None:
    assert masked("abc abcdef", ["abc", "abcdef", ""]) == f"{MASK} {MASK}"


def test_a_server_cannot_paint_on_our_terminal_or_fill_it() -> None:
    line = one_line("\x1b[2J550\r\nno\n" + "x" * 10_000 + SECRET, [SECRET])

    assert line.startswith("\\x1b[2J550")
    assert len(line) == 240


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "email: KEY is not set in the environment"),
        ({"KEY": ""}, "email: KEY is not set in the environment"),
        ({"KEY": "a\r\nBcc: b"}, "email: KEY holds a line break"),
        ({"KEY": "a\u2028"}, "email: KEY holds a line break"),
        ({"KEY": "a\udcff"}, "email: KEY holds a line break"),
    ],
)
def test_a_variable_that_cannot_be_used_is_one_clear_line(
    environment: dict[str, str], words: str
) -> None:
    with pytest.raises(CrisisError, match=words) as refused:
        fill("${KEY}", environment, "email")

    assert "Bcc" not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize("name", ["", "A B", "1A", "A-B", "é"])
def test_a_reference_that_names_no_variable_is_refused(name: str) -> None:
    with pytest.raises(CrisisError, match="is not the name of a variable"):
        fill(f"${{{name}}}", {name: "x"}, "email")


def test_a_password_may_hold_any_sign_of_an_address(tmp_path: Path) -> None:
    target = Target(via="smtp", url="smtps://shop%40b:${P}@mail.b.example", from_="a@b.example")
    found = server(target, Around(tmp_path, {"P": SECRET}).surroundings, "email")

    assert (found.host.reveal(), found.port, found.tls) == ("mail.b.example", 465, True)
    assert found.user is not None
    assert found.password is not None
    assert (found.user.reveal(), found.password.reveal()) == ("shop@b", SECRET)
    assert "p@ss" not in repr(found)


def test_a_whole_address_may_come_from_the_environment(tmp_path: Path) -> None:
    target = Target(via="smtp", url="${MAIL}", from_="a@b.example")
    around = Around(tmp_path, {"MAIL": "smtp://shop:p%40ss@[::1]:2525/"})
    found = server(target, around.surroundings, "email")

    assert found.password is not None
    assert (found.host.reveal(), found.port, found.password.reveal()) == ("[::1]", 2525, "p@ss")
    assert isinstance(found.host, Sealed)
    assert "::1" not in repr(found)


def test_a_name_without_a_password_is_not_left_out_in_silence(tmp_path: Path) -> None:
    around = Around(tmp_path, {"MAIL": "smtp://shop@b.example"})

    with pytest.raises(CrisisError, match="has a name and no password"):
        server(Target(via="smtp", url="${MAIL}", from_="a@b.example"), around.surroundings, "email")


@pytest.mark.parametrize("url", ["${MAIL}", "smtp://", "smtp:host", "smtp://h:99999999"])
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str, tmp_path: Path) -> None:
    around = Around(tmp_path, {"MAIL": "mail.b.example hunter2"})

    with pytest.raises(CrisisError) as refused:
        server(Target(via="smtp", url=url, from_="a@b.example"), around.surroundings, "email")

    assert refused.value.message == "email: the url of the mail server cannot be read"
    assert "hunter2" not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize("text", ["a\0", "a\x1b[2J", "a\ud800", " \n "])
def test_a_text_that_cannot_be_sent_is_refused_at_the_door(text: str) -> None:
    with pytest.raises(CrisisError, match=r"x: the text (holds|is empty)"):
        check(Envelope(channel="x", locale="en", key="k", body=text))


def test_the_dry_run_of_a_mail_is_the_mail_without_a_server() -> None:
    target = Target(
        via="smtp",
        url="smtp://shop:${P}@mail.b.example",
        from_="K <a@b.example>",
        starttls="required",
    )
    sent = Envelope(
        channel="email",
        locale="ru",
        key="k",
        heading="Сбой",
        body=".Сайт\n",
        recipients=("c@d.example",),
    )
    shown = wire(sent, target, NOW)

    assert shown.startswith("# to smtp://shop:${P}@mail.b.example, only with STARTTLS\n")
    assert "MAIL FROM:<a@b.example>\nRCPT TO:<c@d.example>\nDATA\nFrom: K <a@b.example>\n" in shown
    assert shown.endswith("\n\n.Сайт\n.")


def test_the_page_for_the_phone_has_a_sentence_a_line() -> None:
    said = Envelope(
        channel="internal",
        locale="en",
        key="k",
        heading="Shop down",
        body="We know. At 20.04 it failed.\n\nIt will take until 21:00 e.g. longer.",
    )
    shown = aloud(said, ("Ana +33 1", "Jo +33 2"))

    assert shown.splitlines()[2:4] == ["[ ] 1. Ana +33 1", "[ ] 2. Jo +33 2"]
    assert [line.strip() for line in shown.splitlines() if line.startswith("    ")] == [
        "Shop down",
        "We know.",
        "At 20.04 it failed.",
        "It will take until 21:00 e.g. longer.",
    ]
