"""Who reads a text: staff who know our own words for things, or everyone."""

from __future__ import annotations

import re

STAFF = frozenset(
    {"staff", "team", "internal", "colleagues", "employees", "management", "press", "partners"}
)
"""Audiences that are no customers."""
PUBLIC = frozenset(
    {"homepage", "error-page", "status-page", "blog", "website", "banner", "forum", "press"}
    | {"x", "twitter", "instagram", "facebook", "telegram", "linkedin", "tiktok", "youtube"}
    | {"threads", "mastodon", "bluesky", "vk", "pinterest", "reddit", "trustpilot", "google"}
    | {"google-review", "google-reviews", "google-play", "google-business", "reviews", "app-store"}
    | {"review"}
)
"""Channels that everyone can read."""
AUTHORITY = re.compile(
    r"authorit|regulator|supervis|(?:^|-)(?:dpa|cnil|aepd|ico|kvkk|edpb|roskomnadzor|rkn)(?:-|$)"
)
"""Audiences that supervise us: the law says what they must be told."""
