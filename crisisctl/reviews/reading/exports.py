"""The exports that we know by their columns: what each calls its fields, and how it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from crisisctl.tables.names import fold


class Kind(Struct, frozen=True):
    """One export of one platform."""

    name: str
    source: str
    needs: tuple[str, ...]
    """The columns that tell it, folded."""
    columns: Mapping[str, tuple[str, ...]]
    """The columns of its fields, folded; the second stands in where the first is empty."""
    without: frozenset[str] = frozenset()
    """Fields that it does not have, although a column is called like that elsewhere."""
    best: int = 5
    """The highest number that a rating can be."""


def _kind(
    name: str, source: str, needs: str, *, best: int = 5, without: str = "", **columns: str
) -> Kind:
    found = {field: tuple(map(fold, names.split())) for field, names in columns.items()}
    return Kind(
        name, source, tuple(map(fold, needs.split())), found, frozenset(without.split()), best
    )


KINDS = (
    _kind(
        "Google Play Console",
        "google-play",
        "package_name star_rating review_text",
        key="review_link",
        link="review_link",
        rating="star_rating",
        text="review_text",
        title="review_title",
        date="review_submit_millis_since_epoch review_submit_date_and_time"
        " review_last_update_millis_since_epoch review_last_update_date_and_time",
        product="package_name",
        replied="developer_reply_millis_since_epoch developer_reply_date_and_time",
    ),
    _kind(
        "google-play-scraper",
        "google-play",
        "review_id user_name content score at",
        text="content",
        rating="score",
        date="at",
        author="user_name",
        reply="reply_content",
    ),
    _kind(
        "Trustpilot Business",
        "trustpilot",
        "review_content review_stars source_of_review",
        without="source",
        invited="source_of_review",
        author="review_username",
    ),
    _kind(
        "Trustpilot product reviews",
        "trustpilot",
        "stars content consumer_name product_sku",
        rating="stars",
        text="content",
    ),
    _kind(
        "Trustpilot page",
        "trustpilot",
        "text rating dates_published_date",
        without="source",
        date="dates_published_date",
        invited="labels_verification_review_source_name source",
        author="consumer_display_name",
        country="consumer_country_code",
        written="consumer_number_of_reviews",
        reply="reply_message",
        replied="reply_published_date",
    ),
    _kind(
        "App Store Connect",
        "app-store",
        "rating body reviewer_nickname territory",
        key="id",
        text="body",
        without="source product",
    ),
    _kind(
        "Google Business Profile",
        "google-business",
        "star_rating create_time",
        key="review_id name",
        rating="star_rating",
        text="comment",
        date="create_time",
        author="reviewer_display_name",
        reply="review_reply_comment",
        replied="review_reply_update_time",
        without="product title",
    ),
    _kind(
        "Judge.me",
        "judge-me",
        "title body rating review_date reviewer_name product_handle",
        text="body",
        date="review_date",
        product="product_handle product_id",
        invited="source",
        without="source",
    ),
    _kind(
        "Loox",
        "loox",
        "nickname full_name review rating img verified_purchase",
        text="review",
        author="full_name nickname",
        product="handle product_id",
        without="source title",
    ),
    _kind(
        "Yotpo",
        "yotpo",
        "review_content review_score",
        product="product_name product_title product_id",
        without="source",
    ),
    _kind(
        "Okendo",
        "okendo",
        "review_id product_id rating title body date_created",
        product="product_name product_id",
        without="source",
    ),
    _kind(
        "Shopify Product Reviews",
        "shopify",
        "product_handle state rating author body created_at",
        text="body",
        author="author",
        product="product_handle",
        without="source",
    ),
    _kind(
        "survey",
        "",
        "survey_id comment overall_score",
        key="survey_id",
        rating="overall_score",
        text="comment",
        author="customer_name",
        best=10,
    ),
    _kind(
        "Amazon seller feedback",
        "amazon",
        "date rating comments order_id",
        text="comments",
        reply="your_response",
        without="source key product",
    ),
    _kind(
        "Steam",
        "steam",
        "recommendation_id voted_up review timestamp_created",
        key="recommendation_id",
        rating="voted_up",
        text="review",
        date="timestamp_created",
        author="author_steamid",
        written="author_num_reviews",
        reach="votes_up",
        reply="developer_response",
        replied="timestamp_dev_responded",
        without="source product title",
    ),
)


def recognised(header: Sequence[str]) -> Kind | None:
    """The export whose columns these are; that which needs most of them."""
    folded = {fold(cell) for cell in header}
    fitting = [kind for kind in KINDS if folded.issuperset(kind.needs)]
    return max(fitting, key=lambda kind: len(kind.needs), default=None)
