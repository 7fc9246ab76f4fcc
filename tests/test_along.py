"""What goes along to other sites: cards, embeds, oEmbed, and what programs read of a page."""

import dataclasses
import html
import json
import re
from io import BytesIO

import pytest
from django.conf import settings as configured
from django.urls import URLPattern, get_resolver
from PIL import Image

from tracker.charts import cards
from tracker.explain import titles
from tracker.snapshot.cache import read_snapshot

from .costs import cost_of
from .test_http import PAGES, Seen
from .test_sitemap import addresses_of

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
PLAN = "/vellmark-2030"
PROMISES = ("I.1.1a", "I.1.1d", "I.1.1e")
EMBEDS = (f"/embed{PLAN}/commitments/I.1.1d/", f"/embed{PLAN}/rights/I.1/", f"/embed{PLAN}/commitments/?category=I.1")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    """Cards of one test are nobody else's."""
    settings.VAR = tmp_path


def meta_of(page):
    """The meta elements of a page by name or property."""
    pairs = re.findall(r'<meta (?:name|property)="([^"]+)"\s+content="([^"]*)">', page, re.S)
    return {name: " ".join(html.unescape(content).split()) for name, content in pairs}


def page_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, (address, response.content)
    return response.content.decode()


def linked_of(page):
    """The documents for programs within a page."""
    return [json.loads(each) for each in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]


def picture_of(client, address):
    response = client.get(address.removeprefix(SITE))
    assert (response.status_code, response["Content-Type"]) == (200, "image/png"), address
    return Image.open(BytesIO(response.content))


# Of every page


@pytest.mark.slow
def test_every_public_page_says_what_it_is_and_has_a_picture(client, vellmark_progress, monkeypatch):
    monkeypatch.setattr(cards, "draw", lambda _context: b"drawn")
    pictures = set()
    for address in {*PAGES, *(each.removeprefix(SITE) for each in addresses_of(client))}:
        says = meta_of(page_of(client, address))
        assert says["description"] == says["og:description"] == says["twitter:description"] != "", address
        assert says["og:title"] == says["twitter:title"] == says["og:image:alt"] != "", address
        assert says["og:url"].startswith(SITE), address
        assert says["twitter:card"] == "summary_large_image"
        pictures.add(says["og:image"])
    for address in pictures:
        response = client.get(address.removeprefix(SITE))
        assert (response.status_code, response["Content-Type"]) == (200, "image/png"), address


def test_a_page_of_staff_says_nothing_to_other_sites(signed_in, edith, vellmark):
    assert "og:" not in page_of(signed_in(edith), "/desk/")


def test_the_title_and_description_of_a_promise_carry_the_verdict(client, vellmark_progress):
    for code in PROMISES:
        promise = read_snapshot().plan("vellmark-2030").commitment(code)
        page = page_of(client, promise.path)
        says = meta_of(page)
        assert html.unescape(Seen(page).title).startswith(titles.headline(promise))
        assert says["og:title"].startswith(titles.headline(promise))
        assert says["description"].startswith(says["og:title"].split(":")[0] + ", as of ")
        assert promise.test in says["description"]


def test_a_filtered_list_has_a_title_in_words(client, vellmark_progress):
    for query, title in {
        "": "All promises",
        "?category=I.1&group=kept": "Promises on Water, kept",
        "?kind=law&kind=aim": "Promises, law or policy document or aim",
        "?q=water&page_size=25": "Promises, words: water",
    }.items():
        page = page_of(client, f"{PLAN}/commitments/{query}")
        assert " ".join(Seen(page).title.split()) == f"{title} · Vellmark 2026-2030 · Promise by promise"


def test_a_past_day_goes_along(client, vellmark_progress):
    page = page_of(client, f"{PLAN}/commitments/I.1.1d/?on=2026-05-01")
    says = meta_of(page)
    assert says["og:url"].endswith("?on=2026-05-01")
    assert "?on=2026-05-01&v=" in says["og:image"]
    code = html.unescape(re.search(r'<textarea[^>]*id="along-code"[^>]*>(.*?)</textarea>', page, re.S)[1])
    assert f'src="{SITE}/embed{PLAN}/commitments/I.1.1d/?on=2026-05-01"' in code


# Cards


@pytest.mark.slow
def test_a_card_is_a_picture_that_shows_the_colour_of_the_verdict(client, vellmark_progress):
    for code in PROMISES:
        promise = read_snapshot().plan("vellmark-2030").commitment(code)
        picture = picture_of(client, f"/cards{PLAN}/commitments/{code}.png").convert("RGB")
        assert picture.size == (1200, 630)
        colour = tuple(bytes.fromhex(cards.COLOURS[promise.group][1:]))
        assert picture.getpixel((600, 5)) == colour, code
        assert len(picture.getcolors(100_000)) > 20  # and words are on it
    for address in ("site.png", f"{PLAN[1:]}/plan.png", f"{PLAN[1:]}/rights/I.1.png"):
        assert picture_of(client, f"/cards/{address}").size == (1200, 630)
    assert client.get(f"/cards{PLAN}/commitments/X.png").status_code == 404
    assert client.get(f"/cards{PLAN}/plan.png?colour=red").status_code == 400


def test_a_card_is_drawn_once_for_a_state_of_the_site_and_few_are_kept(client, vellmark_progress, monkeypatch):
    drawn = []
    monkeypatch.setattr(cards, "draw", lambda context: drawn.append(context) or b"png")
    monkeypatch.setattr(cards, "MOST_CARDS", 3)
    monkeypatch.setattr(cards, "FEWER", 2)
    address = f"/cards{PLAN}/commitments/I.1.1a.png"
    first = client.get(address)
    assert client.get(f"{address}?v=1-2").content == first.content == b"png"
    assert len(drawn) == 1
    assert client.get(address, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    client.get(f"{address}?on=2026-05-01")
    assert len(drawn) == 2
    for code in ("I.1.1b", "I.1.1c", "I.1.1d", "I.1.1e"):
        client.get(f"/cards{PLAN}/commitments/{code}.png")
    assert 2 <= len(list((configured.VAR / "cards").iterdir())) <= 3


@pytest.mark.slow
def test_a_card_costs_less_than_300_ms(vellmark_progress):
    snapshot = read_snapshot()
    context = cards.commitment(snapshot, snapshot.plan("vellmark-2030"), "I.1.1d")
    cards.draw(context)  # fonts are on their way from the disk the first time
    assert cost_of(lambda: cards.draw(context)).seconds < 0.3


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Water", ["Water"]),
        ("word " * 60, ["word word word word word word"] * 2 + ["word word word word word word …"]),
        ("人权行动" * 30, ["人权行动" * 5, "人权行动" * 5, "人权行动" * 4 + "人权 …"]),
        ("x" * 500, None),
    ],
)
def test_a_text_that_does_not_fit_is_cut_at_a_word(text, lines):
    made = cards.lines_of(text, 50, width=1000, most=3)
    assert lines is None or made == lines
    assert all(cards.width_of(each, 50) <= 1000 for each in made)


# Embeds


def test_what_is_shown_elsewhere_paints_no_kept_promise_as_a_right(client, china):
    sentence, snapshot = "A promise kept is not a right protected.", read_snapshot()
    plan = snapshot.plans["hrap-2021-2025"]
    kept = next(c for c in plan.rows if c.group == "kept")
    for c, said in ((kept, True), (next(c for c in plan.rows if c.group != "kept"), False)):
        lines = [line for _y, line in cards.commitment(snapshot, plan, c.code)["facts"]]
        assert (sentence in lines) is said
        assert (sentence in page_of(client, f"/embed/{plan.code}/commitments/{c.code}/")) is said
    flagged = dataclasses.replace(kept, flags=("year_not_stated",))
    assert titles.facts_of(flagged, plan.assessed[kept.code])[-1] == "Year not stated by the source"


def test_an_embed_is_for_frames_without_script_or_cookie(client, vellmark_progress):
    for address in EMBEDS:
        response = client.get(address)
        page = response.content.decode()
        policy = dict(each.split(" ", 1) for each in response["Content-Security-Policy"].split("; "))
        assert policy["frame-ancestors"] == "*"
        assert policy["default-src"] == "'none'"
        assert "script-src" not in policy
        assert "X-Frame-Options" not in response
        assert not response.cookies
        assert "cookie" not in response.get("Vary", "").lower()
        assert "<script" not in page
        assert "log entry" in page
        assert f'<link rel="canonical" href="{SITE}{PLAN}/' in page
        assert '<html lang="en-gb" class="dark">' in page_of(
            client, address + ("&" if "?" in address else "?") + "theme=dark"
        )
        assert client.get(address + ("&" if "?" in address else "?") + "theme=pink").status_code == 400
    assert (
        client.get(EMBEDS[0], HTTP_IF_NONE_MATCH=client.get(EMBEDS[0])["ETag"])["Content-Security-Policy"].count("*")
        == 1
    )


@pytest.mark.slow
def test_nothing_but_embeds_may_be_framed(client, vellmark):
    """Every address of the site map, whatever it answers."""

    def routes(patterns, before=""):
        for each in patterns:
            route = before + str(each.pattern)
            yield from [route] if isinstance(each, URLPattern) else routes(each.url_patterns, route)

    codes = {"plan": "vellmark-2030", "code": "I.1", "table": "commitments", "instrument": "LAKES", "number": "3"}
    tried = 0
    for route in routes(get_resolver().url_patterns):
        if "^" in route or "(?P" in route:
            continue
        address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda name: codes.get(name[1], "1"), route)
        response = client.get(address)
        if not address.startswith("/embed/"):
            assert response["X-Frame-Options"] == "DENY", address
            policy = response["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in policy or "sandbox" in policy, address
            tried += 1
    assert tried > 80


def test_an_embedded_list_is_the_set_and_leads_to_all_of_it(client, vellmark_progress):
    page = page_of(client, f"/embed{PLAN}/commitments/?on=2026-05-01&kind=quantity")
    assert page.count('<li>\n        <span class="sq') <= 10
    assert f'href="{PLAN}/commitments/?kind=quantity&amp;on=2026-05-01"' in page
    assert f"{PLAN}/commitments/I.1.1a/?on=2026-05-01" in page
    assert client.get(f"/embed{PLAN}/commitments/?colour=red").status_code == 400
    assert client.get("/embed/atlantis/commitments/").status_code == 404


# oEmbed


@pytest.mark.slow
def test_a_page_that_can_be_embedded_says_how(client, vellmark_progress):
    for path in (f"{PLAN}/commitments/I.1.1d/?on=2026-05-01", f"{PLAN}/rights/I.1/", f"{PLAN}/commitments/?kind=law"):
        page = page_of(client, path)
        (link,) = re.findall(r'<link rel="alternate" type="application/json\+oembed" href="([^"]*)"', page)
        response = client.get(html.unescape(link).removeprefix(SITE))
        answer = response.json()
        assert response["Access-Control-Allow-Origin"] == "*"
        assert (answer["version"], answer["type"]) == ("1.0", "rich")
        assert (answer["width"], answer["provider_url"]) == (600, SITE + "/")
        frame = re.fullmatch(
            r'<iframe src="([^"]+)" title="[^"]+" width="600" height="(\d+)" [^>]*></iframe>', answer["html"]
        )
        assert int(frame[2]) == answer["height"]
        assert client.get(html.unescape(frame[1]).removeprefix(SITE)).status_code == 200
        assert picture_of(client, answer["thumbnail_url"]).size == (
            answer["thumbnail_width"],
            answer["thumbnail_height"],
        )


def test_what_cannot_be_embedded_is_refused_as_the_standard_has_it(client, vellmark):
    here = f"{SITE}{PLAN}/commitments/I.1.1d/"
    small = client.get("/oembed", {"url": here, "maxwidth": "320", "maxheight": "200", "dnt": "1"}).json()
    assert (small["width"], small["height"]) == (320, 200)
    assert "thumbnail_url" not in small
    for query, status in (
        ({"url": here, "format": "xml"}, 501),
        ({}, 400),
        ({"url": here, "maxwidth": "wide"}, 400),
        ({"url": f"{SITE}{PLAN}/gaps/"}, 404),
        ({"url": f"{SITE}{PLAN}/commitments/X/"}, 404),
        ({"url": f"{SITE}{PLAN}/commitments/?colour=red"}, 400),
        ({"url": "https://elsewhere.example/vellmark-2030/commitments/I.1.1d/"}, 404),
        ({"url": "http://[broken"}, 404),
    ):
        response = client.get("/oembed", query)
        assert response.status_code == status, query
        assert response.json()["error"]


# For programs


def test_a_promise_with_a_final_answer_is_a_claim_that_was_reviewed_and_no_other(client, accounts):
    plan = read_snapshot().plan("vellmark-2030")
    reviewed = 0
    for promise in plan.rows:
        documents = linked_of(page_of(client, promise.path))
        final = promise.group in ("kept", "in_part", "not_kept") and promise.rule != "uphold"
        assert len(documents) == final, promise.code
        for review in documents:
            reviewed += 1
            assert (review["@context"], review["@type"]) == ("https://schema.org", "ClaimReview")
            assert review["url"] == SITE + promise.path
            assert promise.title in review["claimReviewed"]
            assert promise.quote in review["claimReviewed"]
            rating = review["reviewRating"]
            assert rating["@type"] == "Rating"
            assert rating["alternateName"]
            assert "ratingValue" not in rating  # there is no score
            assert review["author"]["@type"] == "Organization"
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", review["datePublished"])
            claim = review["itemReviewed"]
            assert (claim["@type"], claim["author"]["name"]) == ("Claim", plan.state)
            assert claim["author"]["subOrganization"]["name"] == plan.publisher.name
            assert claim["appearance"]["name"] == plan.title
    assert reviewed


def test_what_stands_in_a_page_for_programs_cannot_end_its_script():
    from tracker.templatetags.sharing import json_ld

    text = json_ld({"name": "</script><script>alert(1)</script>&"})
    assert text.count("<") == 2
    assert linked_of(text) == [{"name": "</script><script>alert(1)</script>&"}]
    assert json_ld(None) == ""


def test_the_page_of_data_is_a_data_set(client, vellmark):
    (document,) = linked_of(page_of(client, "/data/"))
    assert document["@type"] == "Dataset"
    assert all(document[name] for name in ("name", "description", "license", "distribution"))


def test_quotes_are_web_annotations_on_the_text_of_the_plan(client, vellmark):
    response = client.get(f"{PLAN}/commitments/I.1.1d/annotation.jsonld")
    assert response["Content-Type"] == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    one, promise = response.json(), read_snapshot().plan("vellmark-2030").commitment("I.1.1d")
    assert (one["@context"], one["type"]) == ("http://www.w3.org/ns/anno.jsonld", "Annotation")
    assert one["id"].endswith(response.wsgi_request.path)
    selector = one["target"]["selector"]
    assert (selector["type"], selector["exact"]) == ("TextQuoteSelector", promise.quote)
    assert one["target"]["source"].startswith("http")
    every = client.get(f"{PLAN}/annotations.jsonld").json()
    assert (every["type"], every["first"]["type"]) == ("AnnotationCollection", "AnnotationPage")
    assert every["total"] == len(every["first"]["items"]) == 14
    del one["@context"]
    assert one in every["first"]["items"]


def test_the_catalogue_has_every_table_with_its_files(client, vellmark):
    document = client.get("/data/catalog.jsonld").json()
    assert document["@type"] == "dcat:Catalog"
    assert all(document[name] for name in ("dct:title", "dct:description", "dct:publisher", "dct:license"))
    for each in document["dcat:dataset"]:
        assert each["@type"] == "dcat:Dataset"
        assert all(each[name] for name in ("dct:title", "dct:description", "dct:identifier"))
        for file in each["dcat:distribution"]:
            address = file["dcat:downloadURL"]["@id"].removeprefix(SITE)
            assert client.head(address).status_code == 200, address
