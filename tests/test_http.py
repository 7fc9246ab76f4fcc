"""What holds for every public page: headers, headings, links, addresses, versions and the number of questions asked."""

import contextlib
import re
from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import Resolver404, get_resolver, resolve

from tests import registering
from tracker.models import Commitment
from tracker.serving.middleware import StaticFiles
from tracker.snapshot.cache import forget, read_snapshot

from . import factories
from .benchmarks.dear import one_of_each_route
from .examples import NIGHTLY

pytestmark = pytest.mark.django_db

PAGES = (
    "/",
    "/vellmark-2030/",
    "/vellmark-2030/rights/",
    "/vellmark-2030/rights/I/",
    "/vellmark-2030/rights/I.1/",
    "/vellmark-2030/provisions/I.1.1/",
    "/vellmark-2030/provisions/O.1/",
    "/vellmark-2030/commitments/",
    "/vellmark-2030/commitments/I.1.1d/",
    "/vellmark-2030/baseline/",
    "/vellmark-2030/baseline/cost-of-wells-2024/",
    "/plans/",
    "/metrics/",
    "/metrics/water-law/",
    "/norms/",
    "/norms/LAKES/",
    "/norms/LAKES/3/",
    "/bodies/",
    "/bodies/lake-council/",
    "/sources/",
    "/data/",
    "/method/",
    "/about/",
    "/api/",
)
FILES = (
    "/vellmark-2030/commitments.csv",
    "/vellmark-2030/commitments.json",
    "/vellmark-2030/baseline.csv",
    "/vellmark-2030/baseline.json",
    "/data/norm-links.csv",
    "/data/commitments.csv",
    "/data/updates.json",
    "/data/bodies.csv-metadata.json",
)
FAILURES = ("/atlantis/", "/vellmark-2030/?category=I", "/vellmark-2030/commitments.csv?colour=red")
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
AWAY = {"noreferrer", "nofollow", "external"}
KEPT = {"BACKEND": "tracker.caching.pages.PagesInMemory", "LOCATION": "crawl", "TIMEOUT": None}
TELLING = ("Content-Type", "Content-Disposition", "Content-Language", "Cache-Control", "ETag", "Link")
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls")


class Seen(HTMLParser):
    """What a page is made of."""

    def __init__(self, page):
        super().__init__()
        self.ids, self.references, self.links, self.levels, self.inline, self.title = [], set(), set(), [], [], ""
        self.away = {}
        self._within = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        self._within = tag
        self.ids += [names["id"]] if "id" in names else []
        for name in REFERENCES:
            self.references |= set((names.get(name) or "").split())
        if "href" in names:
            self.links.add(names["href"])
            if tag == "a" and (scheme := re.match(r"([a-z][a-z0-9+.-]*):|//", names["href"])):
                self.away[names["href"]] = scheme[1], set(names.get("rel", "").split())
        if re.fullmatch(r"h[1-6]", tag):
            self.levels.append(int(tag[1]))
        data = names.get("type") == "application/ld+json"  # which no browser runs
        if tag == "style" or (tag == "script" and "src" not in names and not data):
            self.inline.append(tag)
        self.inline += [name for name in names if name == "style" or name.startswith("on")]

    def handle_endtag(self, tag):
        self._within = ""

    def handle_data(self, data):
        if self._within == "title":
            self.title += data


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def kinds_of(address):
    """What is new in an address: its path, and each parameter at a route of the site map, whatever its value."""
    parts = urlsplit(address)
    with contextlib.suppress(Resolver404):  # a file that the server gives out by itself
        route = resolve(parts.path).route
        yield from ((route, name) for name, _value in parse_qsl(parts.query, keep_blank_values=True))
    yield parts.path


def crawl(client):
    """Every page that can be reached from the first by links, by address without its fragment.

    Nearest first, and an address only where something in it is new; at night all of them. Which rows a value leaves,
    and what parameters do together, is asked by the tests of filters. What is asked for again is the same, whether it
    was kept or is made anew.
    """
    seen, waiting, known = {}, deque(["/"]), set()
    while waiting:
        address = waiting.popleft()
        if address in seen or (known.issuperset(kinds_of(address)) and not NIGHTLY):
            continue
        known.update(kinds_of(address))
        response = client.get(address)
        assert response.status_code == 200, address
        body = body_of(response)
        if "ETag" in response:  # a form is of the moment at which it was asked for
            again = client.get(address)
            assert body_of(again) == body, address
            assert [again.get(name) for name in TELLING] == [response.get(name) for name in TELLING], address
        if not response["Content-Type"].startswith("text/html"):
            seen[address] = None
            continue
        seen[address] = Seen(body.decode())
        for link in sorted(seen[address].links):
            there = urlsplit(urljoin("http://127.0.0.1:8000" + address, link))
            if there.netloc == "127.0.0.1:8000" and not there.path.startswith("/admin/"):  # what is for staff
                waiting.append(there.path + (f"?{there.query}" if there.query else ""))
    return seen


def rows_of_all():
    """How many rows each table has."""
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


_crawled, _changed = {}, {}


@pytest.fixture
def pages(vellmark):
    """What a crawl found. Each test begins with the same plan, so that one crawl a process serves them all.

    Pages are kept meanwhile, as they are in production.
    """
    if not _crawled:
        before = rows_of_all()
        with override_settings(CACHES=settings.CACHES | {"pages": KEPT}):
            _crawled.update(crawl(Client()))
        _changed.update({name: rows for name, rows in rows_of_all().items() if rows != before[name]})
    return _crawled


@pytest.mark.slow
def test_every_internal_link_of_every_page_answers_and_its_fragment_exists(pages):
    seen = pages
    paths = {urlsplit(address).path for address in seen}
    assert (set(PAGES) | set(FILES)) <= paths
    assert len([path for path in paths if re.fullmatch(r"/vellmark-2030/commitments/I+\..*/", path)]) == 14
    for address, page in seen.items():
        for link in page.links if page else ():
            there, fragment = urldefrag(urljoin(address, link))
            if fragment and there in seen:
                assert fragment in seen[there].ids, (address, link)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite answers the crawl, and each test of a page")
@pytest.mark.both_databases
def test_every_type_of_page_answers_on_postgresql(client, admin_client, accounts, edith):
    """Each route for anybody once, each list searched and sorted, each form, and a record of each kind for staff."""
    registering.link(registering.recommend(edith), "I.1.1a", edith)  # the invented plan has none
    public = [*one_of_each_route(read_snapshot()), *(f"{page}?q=สิทธิ" for page in ("/search/", PAGES[7]))]
    staff = []
    for route in addresses(get_resolver()):
        of_a_row = re.fullmatch(r"/admin/(\w+)/(\w+)/<path:object_id>/change/", route)
        if of_a_row and (row := apps.get_model(*of_a_row.groups())._default_manager.first()):
            staff.append(route.replace("<path:object_id>", str(row.pk)))
        elif route.startswith(("/admin/", "/desk/")) and "<" not in route:
            staff.append(f"{route}?q=water&o=1" if re.fullmatch(r"/admin/(auth|tracker)/\w+/", route) else route)
    for browser, asked in ((client, public), (admin_client, staff)):
        statuses = Counter(browser.get(address).status_code for address in asked)
        assert max(statuses) < 500, statuses
        assert statuses[200] > 0.8 * len(asked), statuses


@pytest.mark.slow
def test_each_page_has_one_first_heading_and_skips_no_level(pages):
    for address, page in pages.items():
        if page:
            assert page.levels.count(1) == 1, address
            assert page.levels[0] == 1, address
            assert all(b <= a + 1 for a, b in zip(page.levels, page.levels[1:], strict=False)), (address, page.levels)


@pytest.mark.slow
def test_each_page_has_a_title_of_its_own(pages):
    titles = {}
    for address, page in pages.items():
        if page and "?" not in address and address != "/":
            assert page.title.strip().endswith("Promise by promise"), address
            assert page.title not in titles, (address, titles.get(page.title))
            titles[page.title] = address


@pytest.mark.slow
def test_every_id_that_a_label_or_a_region_points_to_is_there_once(pages):
    for address, page in pages.items():
        if page:
            assert page.references <= set(page.ids), address
            assert len(page.ids) == len(set(page.ids)), address


@pytest.mark.slow
def test_links_out_are_of_the_web_and_say_what_they_are(pages):
    away = {link: (address, *given) for address, page in pages.items() if page for link, given in page.away.items()}
    assert len(away) > 3
    for link, (address, scheme, relations) in away.items():
        ours = link.startswith(("http://testserver/", "http://127.0.0.1"))
        assert scheme in ("https", "http", "mailto"), (address, link)
        assert ours or scheme == "mailto" or relations in ({"license"}, AWAY), (address, link)


@pytest.mark.slow
def test_no_page_has_script_or_style_inside_it(client, pages):
    for address, page in pages.items():
        assert not page or page.inline == [], address
    for address in FAILURES[:2]:
        assert Seen(client.get(address).content.decode()).inline == []


@pytest.mark.slow
def test_no_address_takes_what_it_does_not_know(client, vellmark):
    """A file refuses it by name, a page leads to itself without it."""
    public = [
        each for each in addresses(get_resolver()) if not each.startswith(("/admin/", "/desk/")) and "<" not in each
    ]
    assert len(public) > 40
    for address in (*public, *PAGES, *FILES):
        response = client.get(address, {"nosuch": "1"})
        assert response.status_code in (302, 400), address
        if response.status_code == 302:
            assert "nosuch" not in response["Location"], address


def addresses(resolver, before="/"):
    """Every address of a resolver, and of those below it, as it is written in the site map."""
    for each in resolver.url_patterns:
        whole = before + str(each.pattern)
        yield from addresses(each, whole) if hasattr(each, "url_patterns") else [whole]


@pytest.mark.slow
def test_every_page_comes_with_strict_headers_and_without_a_cookie(client, vellmark):
    for address in (*PAGES, *FILES, *FAILURES, "/healthz", "/robots.txt", "/sitemap.xml"):
        response = client.get(address)
        assert set(response["Content-Security-Policy"].split("; ")) == POLICY, address
        assert response["X-Content-Type-Options"] == "nosniff", address
        assert response["X-Frame-Options"] == "DENY", address
        assert response["Referrer-Policy"] == "same-origin", address
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert not response.cookies, address
        assert "cookie" not in response.get("Vary", "").lower(), address


@pytest.mark.slow
def test_staff_who_are_signed_in_get_what_a_stranger_gets(client, vellmark, edith, signed_in):
    staff = signed_in(edith)
    for address in (*PAGES, *FILES):
        response = staff.get(address)
        assert body_of(response) == body_of(client.get(address)), address
        assert "cookie" not in response.get("Vary", "").lower(), address
        assert not response.cookies, address


@pytest.mark.slow
def test_the_canonical_address_of_a_page_is_under_the_sites_own_name(client, vellmark):
    for address in PAGES:
        page = client.get(address, HTTP_HOST="localhost").content.decode()
        (canonical,) = re.findall(r'<link rel="canonical" href="([^"]*)">', page)
        assert canonical == "http://127.0.0.1:8000" + (address if address != "/" else "/vellmark-2030/")
        assert client.get(canonical.removeprefix("http://127.0.0.1:8000")).status_code == 200


@pytest.mark.slow
def test_every_page_answers_head_with_the_headers_of_get_and_no_body(client, vellmark):
    for address in (*PAGES, *FILES):
        response, full = client.head(address), client.get(address)
        assert response.status_code == 200, address
        assert body_of(response) == b"", address
        assert (response["ETag"], response["Content-Type"]) == (full["ETag"], full["Content-Type"]), address


def refuses_writing(client, address):
    for method in (client.post, client.put, client.patch, client.delete):
        response = method(address)
        assert response.status_code == 405, address
        assert set(response["Allow"].split(", ")) == {"GET", "HEAD"}, address


@pytest.mark.slow
def test_no_page_can_be_written_to(client, vellmark):
    for address in (*PAGES, *FILES, "/healthz", "/robots.txt"):
        refuses_writing(client, address)


def test_the_sitemap_cannot_be_written_to(client, vellmark):
    refuses_writing(client, "/sitemap.xml")


@pytest.mark.slow
def test_an_unchanged_page_is_a_304_and_a_changed_one_is_not(client, vellmark, edith):
    etags = {}
    for address in (*PAGES, *FILES):
        first = client.get(address)
        unchanged = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
        assert unchanged.status_code == 304, address
        assert (unchanged.content, unchanged["ETag"]) == (b"", first["ETag"]), address
        assert unchanged["Cache-Control"] == first["Cache-Control"] == "public, no-cache", address
        etags[address] = first["ETag"]
    registering.register(record=factories.BodyFactory.build(), by=edith)
    for address, etag in etags.items():
        changed = client.get(address, HTTP_IF_NONE_MATCH=etag)
        assert changed.status_code == 200, address
        assert changed["ETag"] != etag, address


def test_a_version_of_long_ago_gets_the_page(client, vellmark):
    assert client.get("/vellmark-2030/", HTTP_IF_NONE_MATCH='W/"1-0-en-gb"').status_code == 200


def test_a_failure_has_no_version(client, vellmark):
    """A stored 404 of a promise that is added tomorrow would hide it."""
    etag = client.get("/vellmark-2030/")["ETag"]
    for address in (*FAILURES, "/vellmark-2030/commitments/?page=0"):
        response = client.get(address, HTTP_IF_NONE_MATCH=etag)
        assert response.status_code in (400, 404), address
        assert "ETag" not in response, address


def test_a_page_without_parameters_refuses_one_by_name(client, vellmark):
    for address in set(PAGES) - {"/vellmark-2030/commitments/", "/vellmark-2030/baseline/"}:
        response = client.get(address + "?level=outcome")
        assert response.status_code == 400, address
        assert "This page takes no parameter “level”." in response.content.decode(), address


def test_it_goes_on_to_the_address_without_what_other_sites_append(client, vellmark):
    for address in (*PAGES, *FILES):
        for query in ("utm_source=x", "fbclid=1&gclid=2", "utm_medium=%FF&mtm_cid=", "_ga=1&_gl=2&mc_eid=3"):
            response = client.get(f"{address}?{query}")
            assert (response.status_code, response["Location"]) == (302, address)


def test_what_else_an_address_asks_for_survives_the_redirect(client, vellmark):
    response = client.get("/vellmark-2030/commitments/?utm_source=a&kind=law&kind=aim&q=a%26b")
    assert response["Location"] == "/vellmark-2030/commitments/?kind=law&kind=aim&q=a%26b"


def test_no_address_leads_to_another_host(client, db):
    for path in (
        "//evil.example/",
        "///evil.example",
        "/\\evil.example/",
        "/\t/evil.example/",
        "//",
        "//a@evil.example/",
    ):
        response = client.get("/", PATH_INFO=path, QUERY_STRING="utm_source=x")
        assert response.status_code == 302, path
        assert re.match(r"/(?![/\\])", response["Location"]), path
        assert urlsplit(response["Location"]).netloc == "", path
        assert client.get("/", PATH_INFO=path, QUERY_STRING="").status_code == 404, path


def test_the_redirect_keeps_a_question_mark_that_stands_in_the_path(client, db):
    assert client.get("/atlantis%3Fa/?utm_source=x")["Location"] == "/atlantis%3Fa/"


def test_a_code_that_cannot_be_one_is_a_404(client, vellmark):
    for address in (
        "/vellmark-2030/commitments/%FF%FE/",
        "/metrics/" + "9" * 5000 + "/",
        "/vellmark-2030/commitments/I.1.1a'--/",
        "/vellmark-2030/commitments/../../admin/",
    ):
        assert client.get(address).status_code == 404, address


@pytest.mark.both_databases
def test_a_null_character_is_refused_with_a_sentence(client, vellmark):
    for address in ("/%00/", "/vellmark-2030%00/", "/vellmark-2030/rights/I%00/", "/metrics/water-law%00/"):
        response = client.get(address)
        assert response.status_code == 400, address
        assert "null character" in response.content.decode(), address


def test_a_long_cookie_header_is_refused_before_anything_reads_it(client, vellmark, monkeypatch):
    read = []
    monkeypatch.setattr("http.cookies._unquote", lambda text: read.append(text) or text)
    response = client.get("/about/", HTTP_COOKIE='a="' + '\\"' * 4096 + '"')
    assert response.status_code == 400
    assert "The cookies of this request are too long" in response.content.decode()
    assert read == []
    assert client.get("/admin/login/", HTTP_COOKIE="a=" + "b" * 4000).status_code == 200
    assert read == ["b" * 4000]


def test_what_is_sent_to_a_page_that_takes_nothing_is_not_waited_for(vellmark):
    class Slow:
        def read(self, *_size):
            pytest.fail("it was waited for")

        readline = read

    for address in ("/", "/about/", "/api/v1/plans/", "/ledger.jsonl", "/nowhere/"):
        sent = {"wsgi.input": Slow(), "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": "100000"}
        response = Client(enforce_csrf_checks=True).post(address, **sent)
        assert response.status_code == 405, address


# /data/ also asks the log how large it is; its own tests count that.
ASKED = (
    *[page for page in PAGES if page not in ("/data/", "/about/")],  # which count once for a snapshot
    *FILES,
    "/atlantis/",
    "/vellmark-2030/commitments/?q=water&kind=law&category=I&sort=title",
)


@pytest.mark.slow
def test_a_page_asks_the_database_once_when_nothing_changed(client, vellmark, django_assert_num_queries):
    for address in ASKED:
        client.get(address)
        with django_assert_num_queries(1 + ("q=" in address)):  # words are one more question
            body_of(client.get(address))


@pytest.mark.slow
def test_ten_times_the_commitments_cost_no_more_questions(client, vellmark, django_assert_num_queries):
    client.get("/")
    some = Commitment.objects.get(code="I.1.1a")
    more = factories.CommitmentFactory.create_batch(140, provision=some.provision, metric=some.metric)
    for commitment in more[:40]:
        factories.NormLinkFactory(commitment=commitment, plan=some.plan)
        factories.AdherenceFactory(plan=some.plan)
        figure = factories.BaselineFigureFactory(plan=some.plan)
        figure.commitments.add(commitment)
        figure.metrics.add(some.metric)
    forget()
    with CaptureQueriesContext(connection) as cold:
        assert "What became of the 154 promises" in client.get("/").content.decode()
    assert len(cold) <= 35  # recommendations and the links to them are two of these
    for address in ASKED:
        with django_assert_num_queries(1 + ("q=" in address)):
            body_of(client.get(address))


def test_the_sitemap_asks_the_database_once(client, vellmark, django_assert_num_queries):
    client.get("/sitemap.xml")
    with django_assert_num_queries(1):
        client.get("/sitemap.xml")


def test_a_page_is_compressed_for_those_who_ask_and_keeps_its_version(client, vellmark):
    response = client.get("/vellmark-2030/", HTTP_ACCEPT_ENCODING="gzip")
    assert response["Content-Encoding"] == "gzip"
    assert response["ETag"] == client.get("/vellmark-2030/")["ETag"]


@pytest.mark.slow
def test_reading_changes_nothing(pages):
    assert _changed == {}


def test_the_address_without_its_last_slash_leads_to_the_page(client, vellmark):
    response = client.get("/vellmark-2030/commitments/I.1.1a")
    assert (response.status_code, response["Location"]) == (301, "/vellmark-2030/commitments/I.1.1a/")


def test_a_file_of_a_newer_release_is_given_by_a_host_that_began_before_it(tmp_path, settings, rf):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    (tmp_path / "secret-key").write_text("not for readers")
    host = StaticFiles(lambda _request: HttpResponse(status=404))
    for path in ("/static/new.css", "/static/../secret-key", "/static/%2e%2e/secret-key", "/static/", "/secret-key"):
        assert host(rf.get(path)).status_code == 404
    (settings.STATIC_ROOT / "new.css").write_text("body {}")
    response = host(rf.get("/static/new.css"))
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"body {}"
