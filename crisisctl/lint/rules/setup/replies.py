"""Drafts of answers to reviews."""

from __future__ import annotations

from crisisctl.lint.rule import described

described(
    "reply-few",
    "setup",
    """A topic has no answers, or none that fits every review.

    A review may come without a name, a product or a date. Each part needs a
    sentence that speaks of none of them, or there is no draft for such a review.

    Bad:
        apology: ["We are sorry about your {{ product }}."]
    Good:
        apology: ["We are sorry about your {{ product }}.", "We are sorry."]
    """,
)
described(
    "reply-sentence",
    "setup",
    """A sentence of an answer cannot be filled in.

    It may speak of `name`, `product`, `day`, `brand`, `contact`, `signer` and
    `platform`. Anything else is known of no review, and the draft would fail when
    somebody waits for an answer.

    Bad:
        apology: ["We are sorry about order {{ order_number }}."]
    Good:
        apology: ["We are sorry about your order."]
    """,
)
described(
    "reply-long",
    "setup",
    """A short answer is too long for stores that take few characters.

    Google Play refuses answers of more than about 350 characters. A short answer is
    one text in itself, and nothing is ever cut.

    Bad:
        short: {any: ["(six hundred characters)"]}
    Good:
        short: {any: ["We are sorry that it is late. Write to {{ contact }}, today if you can."]}
    """,
)
