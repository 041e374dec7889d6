"""One review, whatever platform it comes from."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

TOPICS = ("product", "delivery", "support", "price", "website", "other")
"""What reviews are about, the same in every language."""
Mood = Literal["negative", "neutral", "positive", "unknown"]


class Review(Struct, frozen=True, gc=False, omit_defaults=True):
    """What somebody wrote about the shop, in the same terms for every platform.

    What only serves to reach a person (an e-mail address, an order number) is not kept.
    """

    key: str
    """The platform's own id; else made from its author, time and words."""
    at: int | None = None
    """When it was written: seconds since 1970 in UTC; None where the row does not say."""
    rating: float | None = None
    """From 1 (worst) to 5, whatever scale the platform has."""
    text: str = ""
    title: str = ""
    language: str = ""
    """As the platform names it, folded to `en`, `fr`, `pt`…; empty where it does not."""
    source: str = ""
    """The platform: `google-play`, `trustpilot`…; else as the row or the file says."""
    invited: bool | None = None
    """Whether the shop asked for it; None where nothing tells."""
    product: str = ""
    author: str = ""
    country: str = ""
    link: str = ""
    reach: int = 0
    """People who pressed a button for it: likes, helpful votes."""
    fresh: bool | None = None
    """Whether its author had hardly written anything before; None where nothing tells."""
    reply: str = ""
    """What the shop answered, as the platform says."""
    replied_at: int | None = None

    @property
    def words(self) -> str:
        """Title and text together."""
        return f"{self.title}\n{self.text}" if self.title and self.text else self.title or self.text


NEGATIVE = 2.5
"""Ratings up to here are complaints: one and two stars of five, 0 to 3 of ten."""
POSITIVE = 3.5
"""Ratings from here on are praise."""


def mood(review: Review) -> Mood:
    """What the stars say; `unknown` without any."""
    if review.rating is None:
        return "unknown"
    if review.rating <= NEGATIVE:
        return "negative"
    return "positive" if review.rating >= POSITIVE else "neutral"


_PLATFORMS = {
    "google": "google-review",
    "google-business": "google-review",
    "google-maps": "google-review",
    "apple": "app-store",
    "itunes": "app-store",
}


SAID = {
    "google-review": "Google",
    "google-play": "Google Play",
    "app-store": "App Store",
    "trustpilot": "Trustpilot",
}
"""How people call the platforms whose answers have a channel of their own."""


def platform(source: str) -> str:
    """The channel on which a review of this source is answered."""
    name = "-".join(source.casefold().replace("_", " ").split())
    return _PLATFORMS.get(name, name)
