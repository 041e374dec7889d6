"""Secrets and personal data: what counts as one, and that a finding never repeats it."""

from __future__ import annotations

import pytest

from crisisctl.messages.proof.personal import Own, names_a_person, personal
from crisisctl.messages.proof.secrets import is_secret, secrets

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
# Put together here so that scanners of this repository do not take them for real ones.
SECRETS = [
    ("an AWS access key", "AKIA" + "IOSFODNN7EXAMPLE"),
    ("a GitHub token", "ghp" + "_" + LETTERS),
    ("a Stripe key", "sk" + "_live_" + LETTERS),
    ("a Slack token", "xoxb" + "-1234567890-" + LETTERS),
    ("a Google key", "AIza" + "SyA1234567890abcdefghijklmnopqrstuv"),
    ("a private key", "-----BEGIN RSA " + "PRIVATE KEY-----"),
    ("a Telegram bot token", "1234567890:AA" + "F_abcdefghijklmnopqrstuvwxyz12345"),
    ("a signed token", "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0In0.c2lnbmF0dXJl"),
]


@pytest.mark.parametrize(("what", "value"), SECRETS)
def test_a_key_is_known_by_its_form_and_not_repeated(what: str, value: str) -> None:
    [remark] = secrets(f"see {value} here")

    assert what in remark.text
    assert remark.start == 4
    assert value not in remark.text + remark.hint
    assert value[5:] not in remark.text


@pytest.mark.parametrize(
    "text",
    [
        "password: hunter2!",
        'token = "4f9a8b7c6d5e4f3a2b1c"',
        "The Wi-Fi password is Kestrel-2024",
        "mot de passe : Azerty123",
        "contraseña: Verano2026",
        "şifre: Kestrel34",
        "пароль: Kestrel34",
        "API key: 9aF3kd02LqpX",
        "smtp://shop:s3cr3t@mail.kestrel.example:587",
        "Authorization: Bearer a8F3k29dLq0zX7",
    ],
)
def test_a_password_written_out_is_found(text: str) -> None:
    assert len(secrets(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        'token: "${STATUSPAGE_TOKEN}"',
        "smtp://shop:${SMTP_PASSWORD}@mail.kestrel.example:587",
        "token: <from the vault>",
        "Password: ask the duty officer",
        "password: Passwords",
        "Change your password: it takes a minute.",
        "secret: $HOOK_SECRET",
        "password: ********",
        "Passwords and keys: never in chat",
        "https://kestrel.example/a:b",
        "Authorization: Bearer $TOKEN",
        "a token of thanks",
        "the password is never written down",
        "password: {{ nothing }}",
    ],
)
def test_words_about_passwords_are_not_secrets(text: str) -> None:
    assert secrets(text) == ()


def test_a_plain_word_is_no_secret() -> None:
    assert not is_secret("correct-horse")
    assert is_secret("c0rrect-horse")


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a private e-mail address", "ana.lopez@kestrel.com"),
        ("a private e-mail address", "jo1984@gmail.com"),
        ("a mobile number", "+33 6 12 34 56 78"),
        ("a mobile number", "06.12.34.56.78"),
        ("a mobile number", "+34 612 345 678"),
        ("a mobile number", "0532 123 45 67"),
        ("a mobile number", "+7 (912) 345-67-89"),
        ("a mobile number", "8 912 345-67-89"),
        ("a mobile number", "+44 7911 123456"),
        ("a bank account number", "FR14 2004 1010 0505 0001 3M02 606"),
        ("a bank account number", "DE89370400440532013000"),
        ("a card number", "4111 1111 1111 1111"),
        ("a card number", "2200-7000-0000-0009"),
    ],
)
def test_what_leads_to_a_person_is_found(what: str, text: str) -> None:
    [found] = personal(f"Use {text}, please.", Own())

    assert found.what == what
    assert (found.start, found.end) == (4, 4 + len(text))


@pytest.mark.parametrize(
    "text",
    [
        "help@kestrel.com",
        "press-office@kestrel.com",
        "first.last@kestrel.example",
        "ana.lopez@kestrel.test",
        "someone@example.com",
        "kestrel.shop@gmail.com",
        "+33 1 23 45 67 89",
        "+33 6 39 98 12 34",
        "+44 7700 900123",
        "2026-11-27T20:04+01:00",
        "4111 1111 1111 1112",
        "DE88 3704 0044 0532 0130 00",
        "ticket 202611270001",
        "0000 0000 0000 0000",
        "10.20.30.40",
        "200000000 orders",
    ],
)
def test_what_leads_to_nobody_is_left_alone(text: str) -> None:
    assert personal(f"Use {text}, please.", Own(name="kestrel")) == ()


def test_what_the_shop_gives_as_its_own_is_left_alone() -> None:
    own = Own(
        frozenset({"ana.lopez@kestrel.com"}), frozenset({"kestrel.com"}), frozenset({"612345678"})
    )

    assert personal("ana.lopez@kestrel.com, +33 6 12 34 56 78", own) == ()


def test_in_public_orders_and_parcels_are_personal_too() -> None:
    text = "Order 100482913, commande n° 48213377, parcel RR123456785GB, 1Z999AA10123456784"

    assert [f.what for f in personal(text, Own(), public=True)] == [
        "an order number",
        "an order number",
        "a tracking number",
        "a tracking number",
    ]
    assert personal("RR123456785GB", Own()) == ()
    assert personal("We take 10000 orders; order by 2026.", Own(), public=True) == ()


@pytest.mark.parametrize(
    ("fact", "wanted"),
    [
        ("customer_name", True),
        ("order_number", True),
        ("buyer_email", True),
        ("delivery_address", True),
        ("tracking_number", True),
        ("shop_name", False),
        ("support_email", False),
        ("customer_service_phone", False),
        ("orders_per_hour", False),
        ("customers_affected", False),
        ("product_name", False),
    ],
)
def test_a_fact_names_a_person_by_its_own_name(fact: str, wanted: bool) -> None:
    assert names_a_person(fact) is wanted


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece",
    [
        "password: ",
        "a.",
        "a@",
        "a.a@a.",
        "://a:",
        "eyJ",
        "1",
        "1 ",
        "4 4",
        "DE89 ",
        "+33 ",
        "order #",
        "Bearer ",
        "A1 ",
        "-----BEGIN A ",
        "ghp_",
        "\0",
        "token is ",
    ],
)
def test_a_hostile_text_is_read_to_its_end(piece: str) -> None:
    text = piece * (100_000 // len(piece))

    secrets(text)
    personal(text, Own(), public=True)
