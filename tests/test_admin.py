"""Staff pages: every list and form opens, what is saved goes through the actions, and nothing is deleted."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tracker.actions.preparation import hand_in, open_preparation
from tracker.models import Body, Category, Commitment, LedgerEntry, Metric, Plan, Provision, Source, Update

from .examples import NIGHTLY, some
from .factories import CommitmentFactory, MetricFactory, ProvisionFactory

pytestmark = pytest.mark.django_db

MODELS = ("plan", "category", "provision", "beneficiarygroup", "metric", "commitment", "body", "source")


class Fields(HTMLParser):
    """What a browser would send if the form of a change page were submitted as it stands."""

    def __init__(self, response):
        super().__init__()
        self.sent, self._select, self._area, self._inside = {}, None, None, False
        self.feed(response.content.decode())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self._inside = attrs.get("id", "").endswith("_form")
        if not self._inside or (tag != "option" and not attrs.get("name")):
            return
        if tag == "input" and attrs["type"] not in ("submit", "button"):
            if attrs["type"] not in ("checkbox", "radio"):
                self.sent[attrs["name"]] = attrs.get("value", "")
            elif "checked" in attrs:
                self.sent[attrs["name"]] = attrs.get("value", "on")
        elif tag == "select":
            self._select = attrs["name"]
            self.sent.setdefault(self._select, [] if "multiple" in attrs else "")
        elif tag == "option" and "selected" in attrs:
            if isinstance(self.sent[self._select], list):
                self.sent[self._select].append(attrs["value"])
            else:
                self.sent[self._select] = attrs["value"]
        elif tag == "textarea":
            self._area = attrs["name"]
            self.sent[self._area] = ""

    def handle_data(self, data):
        if self._area:
            self.sent[self._area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.sent[self._area] = self.sent[self._area].removeprefix("\n")  # HTML drops the first line break
            self._area = None
        elif tag == "form":
            self._inside = False


def submit(client, address, **changes):
    """Open a form, change some of its fields, and send it."""
    page = client.get(address)
    assert page.status_code == 200
    return client.post(address, Fields(page).sent | changes)


def page_of(response):
    """The words of a page, blanks made single."""
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()))


def model_of(name):
    return apps.get_model("tracker", name)


def promise(code="I.1.1a"):
    return Commitment.objects.get(plan__code="vellmark-2030", code=code)


def change_page(record):
    return f"/admin/tracker/{record._meta.model_name}/{record.pk}/change/"


def counts():
    return LedgerEntry.objects.count(), LogEntry.objects.count()


def gazette():
    """A publication of the invented country."""
    values = {"title": "Gazette of Vellmark, no. 1", "address": "https://gazette.example/1", "language": "en"}
    return Source.objects.get_or_create(code="gazette-1", defaults=values | {"publisher": Body.objects.first()})[0]


@pytest.fixture
def admin(vellmark, adam, signed_in):
    """The browser of an administrator by role, with the invented plan loaded."""
    return signed_in(adam)


@pytest.mark.slow
@pytest.mark.parametrize("model", [*MODELS, "ledgerentry"])
def test_every_list_opens_searches_and_sorts(admin, model):
    queries = ("", "?q=water", "?q=%25%27%22%3C", "?o=1", "?o=-1", "?all=", "?p=2", "?o=zebra")
    for query in queries if model == "commitment" else some(queries):
        response = admin.get(f"/admin/tracker/{model}/{query}", follow=True)
        assert response.status_code == 200, query


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_every_add_page_and_every_change_page_opens(admin, model):
    gazette()
    assert admin.get(f"/admin/tracker/{model}/add/").status_code == 200
    rows = {(getattr(each, "rule", ""), getattr(each, "shape", "")): each for each in model_of(model).objects.all()}
    for each in model_of(model).objects.all() if NIGHTLY else rows.values():
        assert admin.get(change_page(each)).status_code == 200
    assert admin.get(change_page(each).replace("change", "history")).status_code == 200


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("I.2.1b", ["I.2.1b"]),
        ("real WAGES", ["I.2.1d"]),
        ("northern", ["I.1.1c"]),
        ("lake council", ["II.1a"]),
        ("submitting", ["II.1a"]),
        ("atlantis", []),
    ],
)
def test_a_search_finds_by_code_title_quote_test_and_metric(admin, words, codes):
    response = admin.get("/admin/tracker/commitment/", {"q": words})
    assert [c.code for c in response.context["cl"].result_list] == codes


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("model", "query", "rows"),
    [
        ("commitment", "kind__exact=quantity", 6),
        ("commitment", "rule__exact=uphold", 1),
        ("commitment", "metric__isempty=1", 4),
        ("commitment", "provision__isnull=1", 0),
        ("provision", "form__exact=objective", 2),
        ("metric", "shape__exact=ladder", 3),
        ("metric", "problems__isempty=0", 1),
        ("body", "side__exact=un", 1),
        ("ledgerentry", "action__exact=change", 0),
    ],
)
def test_a_filter_leaves_what_it_says(admin, model, query, rows):
    response = admin.get(f"/admin/tracker/{model}/?{query}")
    assert response.status_code == 200
    assert response.context["cl"].result_count == rows


@pytest.mark.both_databases
def test_a_filter_says_how_many_it_would_leave(admin):
    page = admin.get("/admin/tracker/commitment/").content.decode()
    assert re.search(r"\?kind__exact=quantity[^>]*>\s*Quantity \(6\)", page)
    assert re.search(r"\?rule__exact=judge[^>]*>\s*Judged against a written test \(3\)", page)
    assert re.search(r"\?metric__isempty=1[^>]*>\s*Empty \(4\)", page)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("field", "term", "found"),
    [
        ("plan", "vellmark", ["Rights Programme of Vellmark (2026-2030)"]),
        ("bodies", "lake", ["Lake Council"]),
        ("provision", "supply", ["I.1.1 Water supply"]),
        ("metric", "labour report", ["Accidents at work", "People trained for work"]),
        ("groups", "villagers", ["Villagers"]),
    ],
)
def test_autocomplete_offers_records_by_a_word(admin, field, term, found):
    where = {"app_label": "tracker", "model_name": "commitment", "field_name": field, "term": term}
    assert [each["text"] for each in admin.get("/admin/autocomplete/", where).json()["results"]] == found


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rule": "uphold"}, "This kind of commitment does not allow this rule."),
        (
            {"metric": ""},
            "A rule about a number, a stage or a direction has a metric; a judged or standing one has none.",
        ),
        ({"target_value": ""}, "A rule about a number has a target and a comparator"),
        ({"comparator": "≈"}, "“About” has a tolerance above 0, and only a rule with a number has one."),
        ({"target_rung": "adopted"}, "A milestone has a target stage, and nothing else has one."),
        ({"deadline": "2031-01-01"}, "The deadline lies outside the plan&#x27;s period."),
        ({"deadline": "2029-12-31"}, "A deadline that the text does not state is the last day of the plan."),
        ({"quote": "word " * 26}, "The quote has 26 words; 25 are the most."),
        ({"title": ""}, "This field is required."),
        ({"target_value": "NaN"}, "“NaN” is not a number."),
    ],
)
def test_an_invalid_change_says_why_and_saves_and_logs_nothing(admin, changes, sentence):
    c, before = promise(), counts()
    stored = Commitment.objects.filter(pk=c.pk).values().get()
    response = submit(admin, change_page(c), **changes)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert Commitment.objects.filter(pk=c.pk).values().get() == stored
    assert counts() == before


@pytest.mark.slow
@pytest.mark.parametrize("model", MODELS)
def test_saving_a_form_as_it_stands_changes_and_logs_nothing(admin, model):
    for record in model_of(model).objects.all()[:3]:
        before = counts()
        assert submit(admin, change_page(record)).status_code == 302
        assert (counts(), Update.objects.count()) == (before, 0)


def test_a_null_character_is_refused_with_a_sentence(admin):
    before = counts()
    response = submit(admin, change_page(promise()), title="a\x00b")
    assert response.headers["Location"] == change_page(promise())
    words = admin.get(change_page(promise())).content.decode()
    assert "A null character, which nobody sees, is taken out. Nothing was saved yet." in words
    assert 'value="ab"' in words
    assert counts() == before


@pytest.mark.both_databases
def test_a_list_that_is_left_blank_is_an_empty_list(admin):
    provision = Provision.objects.get(code="I.1.1")
    assert submit(admin, change_page(provision), other_figures="", reason="None is left.").status_code == 302
    assert Update.objects.get().changes == {"other_figures": [["1998: year in the name of a charter"], None]}


def test_a_form_with_numbers_above_a_thousand_can_be_saved(admin):
    assert (c := promise("II.1a")).order > 1000
    assert submit(admin, change_page(c), qualifier="in full", reason="Left out by us.").status_code == 302
    assert Update.objects.get().changes == {"qualifier": [None, "in full"]}
    assert promise("II.1a").order == c.order


@pytest.mark.slow
def test_code_and_plan_are_given_once(admin):
    other = CommitmentFactory(code="Z.1a")
    for record in (promise(), Provision.objects.get(code="I.1.1"), Category.objects.get(code="I.1")):
        sent = Fields(admin.get(change_page(record))).sent
        assert not {"code", "plan"} & sent.keys()
        assert admin.post(change_page(record), sent | {"code": "X.9", "plan": other.plan.pk}).status_code == 302
        again = type(record).objects.get(pk=record.pk)
        assert (again.code, again.plan_id) == (record.code, record.plan_id)
    for record in (Metric.objects.first(), Body.objects.first(), Plan.objects.get(code="vellmark-2030")):
        sent = Fields(admin.get(change_page(record))).sent
        assert admin.post(change_page(record), sent | {"code": "other"}).status_code == 302
        assert type(record).objects.get(pk=record.pk).code == record.code


@pytest.mark.parametrize(
    ("model", "code", "public"),
    [
        ("plan", "vellmark-2030", "/vellmark-2030/"),
        ("category", "I.1", "/vellmark-2030/rights/I.1/"),
        ("provision", "I.1.1", "/vellmark-2030/provisions/I.1.1/"),
        ("commitment", "I.1.1a", "/vellmark-2030/commitments/I.1.1a/"),
        ("metric", "real-wages", "/metrics/real-wages/"),
        ("body", "valley-watch", "/bodies/valley-watch/"),
    ],
)
def test_list_and_form_lead_to_the_public_page(admin, client, model, code, public):
    record = model_of(model).objects.get(code=code)
    assert f'<a href="{public}">open</a>' in admin.get(f"/admin/tracker/{model}/?all=").content.decode()
    assert f'<a href="{public}" class="viewsitelink">' in admin.get(change_page(record)).content.decode()
    assert client.get(public).status_code == 200


@pytest.mark.slow
def test_a_new_commitment_gets_code_and_place_and_is_opened_by_another(admin, rana, client):
    old = promise()
    metric = MetricFactory(ladder=True, name="Charter of wells")
    fields = {
        "plan": old.plan.pk,
        "provision": old.provision.pk,
        "title": "A charter of wells adopted",
        "quote": "adopt a charter of wells",
        "test": "Kept if the charter is adopted by the end of 2030.",
        "kind": "law",
        "level": "structure",
        "rule": "milestone",
        "metric": metric.pk,
        "target_rung": "adopted",
        "deadline": "2030-12-31",
        "deadline_basis": "period_end",
    }
    assert submit(admin, "/admin/tracker/commitment/add/", **fields).status_code == 302
    added = Commitment.everything.get(code="I.1.1f")
    assert added.order == old.provision.order * 1000 + 6
    assert client.get("/vellmark-2030/commitments/I.1.1f/").status_code == 404
    author = added.preparation.author
    open_preparation(preparation=hand_in(preparation=added.preparation, by=author), by=rana)
    entry = LedgerEntry.objects.first()
    assert (entry.action, entry.role) == ("register", "reviewer")
    assert entry.subject == "commitment vellmark-2030/I.1.1f"
    assert client.get("/vellmark-2030/commitments/I.1.1f/").status_code == 200


def test_a_code_that_is_taken_is_refused(admin):
    before, sent = counts(), Fields(admin.get(change_page(promise()))).sent
    sent |= {"plan": promise().plan.pk, "code": "I.1.1a"}
    response = admin.post("/admin/tracker/commitment/add/", sent)
    assert response.status_code == 200
    assert "Commitment with this Plan and Code already exists." in response.content.decode()
    assert counts() == before


def test_the_list_asks_as_often_for_many_as_for_few(admin):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert admin.get("/admin/tracker/commitment/").status_code == 200
        return len(queries)

    admin.get("/admin/tracker/commitment/")
    few, old = asked(), promise()
    for n in range(30):
        CommitmentFactory(provision=ProvisionFactory(plan=old.plan, category=old.provision.category), code=f"N.{n}")
    assert asked() == few
