"""What each fixed word of a file means: the editors' schema tells it where the word is written."""

from __future__ import annotations

from collections.abc import Iterable

_MILESTONES = {
    "started": "when it began for customers",
    "detected": "when one of us first noticed",
    "declared": "when the incident was declared",
    "first-message": "when the first message reached customers",
    "mitigated": "since when customers can go on",
    "resolved": "when it was sure that it holds",
}
_ALL: tuple[dict[str, str], ...] = (
    {
        "sev1": "the worst, such as nobody can order or customers' data is out",
        "sev2": "bad: many customers are hit, or something important fails",
        "sev3": "some customers are hit, or there is another way to order",
        "sev4": "little harm, still worth a record",
    },
    {
        "assess": "what has happened, and how bad it is",
        "communicate": "tell customers and colleagues, and keep telling them",
        "resolve": "find the cause, repair, test, reopen",
        "compensate": "refund and make good, the same for the same harm",
        "post-mortem": "learn, prevent, publish what happened",
    },
    _MILESTONES,
    {**_MILESTONES, "last-message": "each message to customers starts the clock anew"},
    {
        "holding": "the first word: what is known, sorry, when the next word comes",
        "update": "how far it is, and when the next word comes",
        "resolution": "it is over: since when, why, what customers should check",
        "apology": "sorry, with what is offered to make good",
        "notice": "what the law asks to tell people, such as after a data breach",
        "brief": "for colleagues: what to know, what to say",
        "report": "the public account: causes, measures, commitments",
        "reply": "an answer to one customer or review",
    },
    {
        "prevent": "it happens less often, or not at all",
        "detect": "it is seen sooner",
        "respond": "it ends sooner",
        "communicate": "people are told sooner and better",
    },
    {
        "draft": "being written",
        "in-review": "handed in: another person reads it",
        "reviewed": "read by another person, and good to close",
    },
    {
        "since": "when the wave began, for a time",
        "complaints-per-day": "complaints a day since it began",
        "usual-per-day": "complaints a day before",
        "read": "all reviews since it began",
        "negative-share": "per cent of them that are negative",
        "usual-share": "per cent that were negative before",
        "top-topic": "what most complaints are about, for a choice",
        "answered": "reviews that were answered so far",
    },
    {
        "negative_share": "negative reviews, in per cent of all",
        "reply_minutes": "minutes until a complaint has its answer (median)",
        "engagement": "likes, comments and saves, in per cent of those reached",
        "sentiment": "positive mentions, in per cent of all",
        "nps": "net promoter score, from -100 to 100",
        "reach": "people who saw the posts",
        "followers": "followers of the account",
    },
    {
        "individual": "answer each one personally: most cases",
        "apology-offer": "apologise in public and offer to make good: serious mistakes of ours",
        "private": "a word in public, then go on in private: where more must be known",
        "standard": "a short answer from the template: very small problems only",
        "ignore": "no answer: never, but for a reason that the report shows",
    },
    {
        "shopify": "codes for Shopify",
        "woocommerce": "codes for WooCommerce",
        "magento": "codes for Magento, or Adobe Commerce",
        "plain": "codes for any other shop; always written as well",
    },
    {
        "import": "read exports of reviews: is it a wave, what is it about",
        "strategy": "choose for each topic how its reviews are answered",
        "answer": "answer the reviews one after the other",
    },
    {
        "plan": "reckon from an export who gets what, and what it costs; nothing is handed out",
        "issue": "hand out what was planned and approved: codes, refunds, the list for messages",
    },
    {
        "number": "how many, or how long",
        "money": "a sum in the currency of its row",
        "flag": "yes or no",
        "text": "a word, such as the state of an order",
    },
    {
        "sum": "the values of several rows are added up",
        "most": "the largest of several rows counts",
    },
    {
        "card-replacement": "the shop pays for a new card",
        "monitoring": "accounts or identity are watched over for a time",
    },
    {
        "text": "words, as they are typed",
        "url": "a web address, https://shop.example/checkout",
        "email": "an e-mail address",
        "phone": "a phone number",
        "time": "a moment: 2026-11-27T20:04+01:00, 20:04, -15m",
        "duration": "how long: 90m, 1h30m, 3d",
        "number": "a number, 1234.5",
        "money": "a sum with its currency, 12.50 EUR",
        "choice": "one of `choices`",
        "choices": "several of `choices`",
        "flag": "yes or no",
    },
    {
        "ask": "the operator says with the answer whether it is confirmed or only suspected",
        "confirmed": "whatever is answered counts as confirmed",
    },
    {
        "headline": "a subject or title, one line",
        "short": "one or two sentences, for banner, SMS, push and X",
        "body": "the whole text, for e-mail, status page and posts",
    },
    {
        "text": "plain text",
        "markdown": "Markdown, copied as it is",
        "html": "the page that `layout` makes of it",
    },
    {
        "characters": "letters, signs and spaces",
        "bytes": "bytes of UTF-8",
        "utf16": "UTF-16 units: an emoji counts two",
        "graphemes": "what people call letters: an emoji counts one",
        "x": "X's own count: any link is 23, an emoji 2",
        "mastodon": "Mastodon's own count: any link is 23, a mention goes without its server",
        "threads": "Threads' own count: an emoji counts its bytes of UTF-8",
        "line": "bytes of UTF-8 in the longest line",
        "hashtags": "words behind a #",
        "mentions": "people who are named by @",
        "septets": "as an SMS counts: septets, or UTF-16 units if one letter is foreign to it",
        "segments": "the parts that an SMS is sent in",
        "segments-turkish": "the same through a gateway that knows the Turkish shift tables",
    },
    {
        "text": "the text itself",
        "heading": "the headline",
        "preheader": "the words that an inbox shows after the subject",
        "payload": "headline and text as the JSON that is sent",
    },
    {
        "confirmed": "known for sure: messages may say it",
        "suspected": "a guess so far: no message says it",
    },
    {"en": "English", "fr": "French", "es": "Spanish", "tr": "Turkish", "ru": "Russian"},
    {
        "smtp": "e-mail through a mail server",
        "apprise": "chat, SMS or push through an Apprise address",
        "statuspage": "an incident on Atlassian Statuspage",
        "webhook": "a signed request to an address of your own",
        "files": "files to copy from",
        "phone": "a page to read aloud on the phone",
    },
    {
        "if-offered": "encrypted where the server can; a password is never sent without",
        "required": "nothing is sent without encryption",
    },
    {
        "operational": "it works",
        "degraded_performance": "it is slow",
        "partial_outage": "it fails for some",
        "major_outage": "it fails for all",
        "under_maintenance": "it is being worked on as planned",
    },
    {
        "aware": "we are reasonably certain",
        "detected": "the first sign was noticed",
        "occurred": "the breach itself",
        "suspected": "there is a reasonable suspicion",
        "material": "the decision that it is material to investors",
    },
    {
        "authority": "the supervisor, such as a data protection authority",
        "people": "those whose data it is",
        "controller": "the firm for which we process the data",
        "register": "our own record of breaches",
        "card-brands": "the card brands and the bank that takes card payments for us",
        "market": "the investors, in public",
    },
    {
        "verified": "read at the source",
        "partly": "read in part",
        "known": "from general reading, and not verified",
    },
)
_BY_WORDS = {frozenset(words): words for words in _ALL}


def meanings(words: Iterable[str]) -> dict[str, str]:
    """What each of these words means, where exactly these may be written; else nothing."""
    return _BY_WORDS.get(frozenset(words), {})
