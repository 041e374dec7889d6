"""Exports of reviews as the platforms write them, each with a complaint and with praise."""

from __future__ import annotations

import json

GOOGLE_PLAY = (
    "Package Name,App Version Code,App Version Name,Reviewer Language,Device,"
    "Review Submit Date and Time,Review Submit Millis Since Epoch,"
    "Review Last Update Date and Time,Review Last Update Millis Since Epoch,Star Rating,"
    "Review Title,Review Text,Developer Reply Date and Time,Developer Reply Millis Since Epoch,"
    "Developer Reply Text,Review Link\r\n"
    "com.example.bank,10,1.0,fr,oriole,2025-05-02T10:12:00Z,1746180720123,"
    "2025-05-02T10:12:00Z,1746180720123,1,,Ça plante à la connexion,2025-05-03T10:12:00Z,"
    "1746267120000,Merci,https://play.google.com/x?reviewId=a1\r\n"
    "com.example.bank,10,1.0,en,oriole,2025-05-02T11:00:00Z,1746183600000,"
    "2025-05-02T11:00:00Z,1746183600000,5,,,,,,\r\n"
).encode("utf-16")

SCRAPER = """\
reviewId,userName,userImage,content,score,thumbsUpCount,reviewCreatedVersion,at,replyContent,repliedAt
r-1,Ana,https://img.example/1,"Crashes
every time",1,12,4.2,2025-03-02 10:12:00,Sorry,2025-03-02 12:00:00
r-2,Jo,https://img.example/2,Great,5,0,4.2,2025-03-03 10:12:00,,
"""

TRUSTPILOT = """\
Review Id,Domain Url,Webshop Name,Business Unit Id,Review Created (UTC),Review Consumer User Id,\
Review Username,Review User Email,Review Title,Review Content,Review Stars,Source Of Review,\
Reference Id,Company Response,Company Reply Date (UTC),Review Language
t-1,shop.example,Kestrel,u,2025-03-02 10:12:00,c1,Ana,ana@mail.example,Never again,Never came,1,\
Organic,ORDER-77,Sorry,2025-03-02 11:12:00,en
t-2,shop.example,Kestrel,u,2025-03-03 10:12:00,c2,Jo,jo@mail.example,Top,Very fast,5,AFSv2,,,,en
"""

TRUSTPILOT_PRODUCT = """\
review_id,stars,product_name,product_sku,content,consumer_name,created_at
p-1,1,Cup,SKU-1,Broken on arrival,Ana,2025-03-02T10:12:00Z
p-2,5,Cup,SKU-1,Lovely,Jo,2025-03-03T10:12:00Z
"""

TRUSTPILOT_PAGE = json.dumps(
    [
        {
            "id": f"tp-{stars}",
            "text": text,
            "rating": stars,
            "title": "Title",
            "language": "en",
            "likes": likes,
            "dates": {
                "publishedDate": "2025-03-02T10:12:00.000Z",
                "experiencedDate": "2025-02-01T00:00:00.000Z",
            },
            "labels": {"verification": {"reviewSourceName": how, "isVerified": True}},
            "consumer": {"displayName": "Ana", "countryCode": "FR", "numberOfReviews": written},
            "reply": reply,
        }
        for stars, text, likes, how, written, reply in (
            (1, "Never came", 4, "Organic", 1, None),
            (
                *(5, "Very fast", 0, "InvitationLinkApi", 9),
                {"message": "Thanks", "publishedDate": "2025-03-03T10:12:00Z"},
            ),
        )
    ]
)

APP_STORE = json.dumps(
    {
        "data": [
            {
                "type": "customerReviews",
                "id": f"as-{stars}",
                "attributes": {
                    "rating": stars,
                    "title": "Login",
                    "body": text,
                    "reviewerNickname": "Ana",
                    "createdDate": "2025-03-02T03:12:00-07:00",
                    "territory": "FRA",
                },
                "relationships": {"response": {"links": {"self": "https://a.example"}}},
            }
            for stars, text in ((1, "Cannot log in"), (5, "Works"))
        ],
        "included": [{"id": "x", "type": "customerReviewResponses"}],
        "links": {"self": "https://a.example"},
    }
)

GOOGLE_BUSINESS = json.dumps(
    {
        "reviews": [
            {
                "name": "accounts/1/locations/2/reviews/g-1",
                "reviewId": "g-1",
                "reviewer": {"displayName": "Ana", "isAnonymous": False},
                "starRating": "ONE",
                "comment": "Rude staff",
                "createTime": "2025-03-02T10:12:00.123456789Z",
                "updateTime": "2025-03-02T10:12:00.123456789Z",
                "reviewReply": {"comment": "Sorry", "updateTime": "2025-03-02T11:12:00Z"},
            },
            {
                "name": "accounts/1/locations/2/reviews/g-2",
                "reviewId": "g-2",
                "reviewer": {"displayName": "Jo"},
                "starRating": "FIVE",
                "createTime": "2025-03-03T10:12:00Z",
            },
        ],
        "averageRating": 3.0,
        "totalReviewCount": 2,
    }
)

JUDGE_ME = """\
title,body,rating,review_date,source,curated,reviewer_name,reviewer_email,product_id,\
product_handle,reply,reply_date,picture_urls,ip_address,location,metaobject_handle
Bad,It broke,1,2025-03-02 10:12:00 UTC,email,ok,Ana,ana@mail.example,77,blue-cup,Sorry,\
2025-03-02 11:12:00 UTC,,1.2.3.4,France,x
Casino,Buy now,5,2025-03-02 10:13:00 UTC,web,spam,Bot,bot@mail.example,77,blue-cup,,,,1.2.3.4,,
Good,Nice,5,2025-03-03 10:12:00 UTC,web,ok,Jo,jo@mail.example,77,blue-cup,,,,,,
"""

JUDGE_ME_TEMPLATE = """\
title,body,rating,review_date,reviewer_name,reviewer_email,product_id,product_handle,reply,picture_urls
Bad,It broke,1,02/03/2025,Ana,ana@mail.example,77,blue-cup,Sorry,
Good,Nice,5,23/03/2025,Jo,jo@mail.example,77,blue-cup,,
"""

LOOX = """\
id,status,rating,email,nickname,full_name,review,date,productId,handle,img,variant,verified_purchase
l-1,Active,1,ana@mail.example,Ana,Ana M.,It broke,2025-03-02T10:12:00.000Z,77,blue-cup,,,true
l-2,Hidden,5,jo@mail.example,Jo,Jo N.,Nice,2025-03-03T10:12:00.000Z,77,blue-cup,,,true
"""

YOTPO = """\
Review Title,Review Content,Review Score,Date,Product ID,Product Name,Display Name,Email
Bad,It broke,1,2025-03-02,77,Cup,Ana,ana@mail.example
Good,Nice,5,2025-03-03,77,Cup,Jo,jo@mail.example
"""

YOTPO_SEMICOLON = (
    "Review Title;Review Content;Review Score;Date;Product ID;Product Title;Product URL;"
    "Display Name;Email;Verified Purchase\r\n"
    "Bad;It broke, twice;1;02/03/2025;77;Cup;https://shop.example/cup;Ana;ana@mail.example;true\r\n"
    "Good;Nice;5;03/03/2025;77;Cup;https://shop.example/cup;Jo;jo@mail.example;true\r\n"
)

OKENDO_A = """\
Review ID,Product ID,Product Name,Rating,Title,Body,Reviewer Name,Is Verified Buyer,Date Created,\
Status
o-1,77,Cup,1,Bad,It broke,Ana,TRUE,2025-03-02T10:12:00.000Z,approved
o-2,77,Cup,5,Good,Nice,Jo,TRUE,2025-03-03T10:12:00.000Z,approved
"""

OKENDO_B = """\
reviewId,productId,rating,title,body,reviewer.name,reviewer.email,dateCreated
o-1,77,1,Bad,It broke,Ana,ana@mail.example,2025-03-02T10:12:00.000Z
o-2,77,5,Good,Nice,Jo,jo@mail.example,2025-03-03T10:12:00.000Z
"""

SHOPIFY = """\
product_handle,state,rating,title,author,email,location,body,reply,created_at,replied_at
blue-cup,published,1,Bad,Ana,ana@mail.example,Paris,It broke,Sorry,2025-03-02 10:12:00 +0000,\
2025-03-02 11:12:00 +0000
blue-cup,unpublished,5,Good,Jo,jo@mail.example,Lyon,Nice,,2025-03-03 10:12:00 +0000,
"""

SURVEY = """\
Customer Name,SurveyID,Club's Name,Social Media Source,Creation Date,Comment,Overall Score
Ana,s-1,Riverside,Google,2025-03-02 10:12:00,Dirty showers,0
Jo,s-2,Riverside,Google,2025-03-03 10:12:00,Friendly,5
"""

AMAZON = (
    "Date\tRating\tComments\tYour Response\tOrder ID\tRater Email\n"
    '2025/03/02\t1\tNever came, "not at all"\tSorry\t111-222\tana@mail.example\n'
    "2025/03/03\t5\tFast\t\t111-223\tjo@mail.example\n"
)

STEAM_JSON = json.dumps(
    {
        "success": 1,
        "query_summary": {"num_reviews": 2, "review_score": 5},
        "reviews": [
            {
                "recommendationid": f"s-{n}",
                "author": {"steamid": f"7656{n}", "num_games_owned": 3, "num_reviews": n},
                "language": language,
                "review": text,
                "timestamp_created": 1740910320 + n,
                "timestamp_updated": 1740910390,
                "voted_up": up,
                "votes_up": 3,
                "votes_funny": 0,
            }
            for n, language, text, up in (
                (1, "schinese", "不好", False),
                (2, "english", "Good", True),
            )
        ],
        "cursor": "AoJ4",
    }
)

STEAM = """\
recommendationid,language,review,timestamp_created,timestamp_updated,voted_up,votes_up,votes_funny,\
weighted_vote_score,comment_count,steam_purchase,received_for_free,author.steamid,author.num_reviews
s-1,turkish,"bozuk
",1740910320,1740910320,False,3,0,0,0,True,False,user_1,1
s-2,english,good,1740910321,1740910321,True,0,0,0,0,True,False,user_2,7
"""

LABELLED = """\
project,id,game_name_display,review,review_date,combined_rating,is-review-bombing,source,rating
War,91,Cup Simulator,"Broken, all of it",03.03.2022 03:38:21,Nicht empfohlen,Ja,Steam,
War,92,Cup Simulator,Fine,16.04.2019,Empfohlen,Nein,Steam,
War,93,Cup Simulator,Worst ever,04.03.2022,Nicht empfohlen,Ja,Metacritic,0.0
War,94,Cup Simulator,Perfect,04.03.2022,Empfohlen,Nein,Metacritic,10.0
War,95,Cup Simulator,So so,04.03.2022,Empfohlen,Nein,Metacritic,5.0
"""

EXPORTS: dict[str, tuple[str, str, str | bytes]] = {
    "google play": ("Google Play Console", "x.csv", GOOGLE_PLAY),
    "google-play-scraper": ("google-play-scraper", "x.csv", SCRAPER),
    "trustpilot business": ("Trustpilot Business", "x.csv", TRUSTPILOT),
    "trustpilot product": ("Trustpilot product reviews", "x.csv", TRUSTPILOT_PRODUCT),
    "trustpilot page": ("Trustpilot page", "x.json", TRUSTPILOT_PAGE),
    "app store": ("App Store Connect", "x.json", APP_STORE),
    "google business": ("Google Business Profile", "x.json", GOOGLE_BUSINESS),
    "judge.me": ("Judge.me", "x.csv", JUDGE_ME),
    "judge.me template": ("Judge.me", "x.csv", JUDGE_ME_TEMPLATE),
    "loox": ("Loox", "x.csv", LOOX),
    "yotpo": ("Yotpo", "x.csv", YOTPO),
    "yotpo with semicolons": ("Yotpo", "x.csv", YOTPO_SEMICOLON),
    "okendo": ("Okendo", "x.csv", OKENDO_A),
    "okendo with dots": ("Okendo", "x.csv", OKENDO_B),
    "shopify": ("Shopify Product Reviews", "x.csv", SHOPIFY),
    "survey": ("survey", "x.csv", SURVEY),
    "amazon": ("Amazon seller feedback", "x.tsv", AMAZON),
    "steam interface": ("Steam", "x.json", STEAM_JSON),
    "steam table": ("Steam", "x.csv", STEAM),
}
"""The name that we give it, a file name, and the file; two reviews that count each."""
