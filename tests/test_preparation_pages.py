"""Preparing a plan in the browser: begun, typed, handed in, sent back, opened; and seen by nobody before."""

import io
import re
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.db.models import CharField, TextField

from tests.preparing import prepare_folder
from tracker.actions.ledger import append
from tracker.actions.preparation import prepare, prepare_by_itself
from tracker.actions.progress import draft
from tracker.desk import preparations
from tracker.models import Body, Commitment, Job, LedgerEntry, Metric, Plan, Preparation, Source, State, Update
from tracker.schema import TABLES, plain_row, subject_of

from . import factories
from .databases import VELLMARK
from .test_admin import Fields
from .test_desk import links
from .test_review import page

pytestmark = pytest.mark.django_db
MARK = "zyxq"
ALONE = {"code": "quiet-report", "title": "A quiet report of nobody", "reason_withheld": "Not seen.", "language": "en"}


@pytest.fixture
def editor(edith, signed_in):
    """The browser of the editor."""
    return signed_in(edith)


def sent(browser, address, **typed):
    """What comes of a form of the registry, opened and sent with what is typed; the page of the preparation."""
    opened = browser.get(address)
    assert opened.status_code == 200, address
    response = browser.post(address, Fields(opened).sent | typed)
    assert response.status_code == 302, page(response)
    return response


def add(browser, model, preparation, **typed):
    """A record of a kind typed into a preparation."""
    query = "&".join(
        f"{name}={value}" for name, value in {"preparation": preparation, **typed.pop("given", {})}.items()
    )
    return sent(browser, f"/admin/tracker/{model}/add/?{query}", **typed)


@pytest.mark.slow
def test_a_plan_is_typed_handed_in_sent_back_and_opened(editor, rana, signed_in, client, monkeypatch):
    assert editor.post("/desk/preparations/", {"code": "Osmarra 2030"}).status_code == 400
    here = editor.post("/desk/preparations/", {"code": "osmarra-2030"})["Location"]
    bundle = Preparation.objects.get()
    words = page(editor.get(here))
    assert "Nothing is in it yet." in words
    add(
        editor,
        "body",
        bundle.pk,
        name="Government of Osmarra",
        kind="government",
        side="official",
        state="Osmarra",
        why="It made it.",
    )
    body = Body.everything.get()
    assert (body.code, body.preparation) == ("government-of-osmarra", bundle)
    days = {"published_on": "2025-12-01", "starts_on": "2026-01-01", "ends_on": "2030-12-31"}
    names = {"title": "Rights plan of Osmarra", "short_title": "Osmarra 2030", "publisher": body.pk}
    add(editor, "plan", bundle.pk, code="osmarra-2030", state="Osmarra", language="en", **names, **days)
    plan = Plan.everything.get()
    add(editor, "category", bundle.pk, title="Economic rights", short_title="Economic")
    right = plan.categories.get()
    assert (right.code, right.order, right.plan) == ("I", 1, plan)
    add(editor, "provision", bundle.pk, given={"category": right.pk}, form="dash", title="Safe water")
    water = plan.provisions.get()
    assert water.code == "I.1"
    metric = {
        "name": "Homes with piped water",
        "definition": "Homes with a tap.",
        "shape": "number",
        "statistic": "Census",
    }
    wrong = editor.post(
        f"/admin/tracker/metric/add/?preparation={bundle.pk}",
        Fields(editor.get(f"/admin/tracker/metric/add/?preparation={bundle.pk}")).sent | metric,
    )
    assert page(wrong).count("A number needs this.") == 6
    add(editor, "metric", bundle.pk, **metric, nature="stock", unit="percent", decimals="1")
    promise = {
        "title": "Piped water",
        "quote": "water in ninety percent of homes",
        "kind": "quantity",
        "level": "outcome",
    }
    promise |= {"rule": "reach", "comparator": "≥", "target_value": "90", "deadline_basis": "period_end"}
    measured = {"metric": Metric.everything.get().pk}
    add(editor, "commitment", bundle.pk, given={"provision": water.pk}, **promise, **measured)
    tap = Commitment.everything.get()
    assert (tap.code, tap.order, str(tap.deadline), tap.test) == ("I.1a", 1001, "2030-12-31", "")
    words = page(editor.get(here))
    assert "Piped water : Test" in words
    assert "No test yet." in words
    refused = editor.post(here, {"step": "hand_in", "version": bundle_now().version})
    assert (refused.status_code, "Piped water : Test" in page(refused)) == (409, True)
    sent(editor, f"/admin/tracker/commitment/{tap.pk}/change/", test="Kept if 90 percent have piped water in 2030.")
    assert editor.post(here, {"step": "hand_in", "version": bundle_now().version}).status_code == 302
    reviewer = signed_in(rana)
    assert "osmarra-2030" in page(reviewer.get("/desk/preparations/"))
    assert "In preparation, and waiting for me" in page(reviewer.get("/desk/"))
    assert reviewer.post(here, {"step": "send_back", "version": bundle_now().version}).status_code == 409
    back = {"step": "send_back", "reason": "Name the census.", "version": bundle_now().version}
    assert reviewer.post(here, back).status_code == 302
    assert "Name the census." in page(editor.get(here))
    assert editor.post(here, {"step": "hand_in", "version": bundle_now().version}).status_code == 302
    assert editor.post(f"{here}open/", {"version": bundle_now().version}).status_code == 409
    assert LedgerEntry.objects.count() == 0
    assert client.get("/osmarra-2030/").status_code == 404
    assert "It cannot be taken back." in page(reviewer.get(f"{here}open/"))
    assert reviewer.post(f"{here}open/", {"version": 1}).status_code == 409
    monkeypatch.setattr(preparations, "MOST_AT_ONCE", 2)  # so that the task does it
    job = reviewer.post(f"{here}open/", {"version": bundle_now().version})
    assert job["Location"] == f"/desk/jobs/{Job.objects.get().pk}/"
    assert bundle_now().state == State.PUBLISHED
    assert client.get("/osmarra-2030/commitments/I.1a/").status_code == 200
    assert "What is public changes by amendment." in page(editor.get(here))


def bundle_now():
    return Preparation.objects.get()


def with_recommendation(preparation, by):
    """What the invented plan has none of: a recommendation, and a link from its first promise to it."""
    of = {model: model.everything.filter(preparation=preparation).first() for model in (Body, Source, Commitment)}
    record = factories.RecommendationFactory.build(body=of[Body], source=of[Source])
    prepare(preparation=preparation, record=record, by=by)
    some = of[Commitment]
    link = factories.RecommendationLinkFactory.build(plan=some.plan, commitment=some, recommendation=record)
    prepare(preparation=preparation, record=link, by=by)


def mark(preparation):
    """Put a mark into every text of every record of a preparation, however it came there."""
    marked = 0
    for table in TABLES:
        for record in table.model.everything.filter(preparation=preparation):
            for field in record._meta.concrete_fields:
                value = getattr(record, field.attname)
                if (
                    isinstance(field, CharField | TextField)
                    and not field.choices
                    and value
                    and field.name != "language"
                ):
                    limit = field.max_length or 1000
                    setattr(record, field.attname, f"{value[: limit - len(MARK)]}{MARK}")
                    marked += 1
            record.save()
    return marked


def text_in(response):
    """What an answer says, that of files within an archive too."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            body = b"".join(book.read(name) for name in book.namelist())
    return body.decode(errors="replace")


@pytest.fixture
def public_plan(edith, settings):
    """A small public plan, for which no other record is there than what it names."""
    plan = factories.CommitmentFactory().plan
    rows = [row for table in TABLES for row in table.records()]
    append(changes=[("register", subject_of(row), plain_row(row)) for row in rows], by=edith)
    settings.PLAN = plan.code
    return plan


@pytest.mark.slow
def test_nothing_of_a_preparation_is_at_any_public_address(public_plan, edith, client):
    preparation = prepare_folder(VELLMARK, edith)
    assert mark(preparation) > 150
    alone = prepare_by_itself(record=Source(**ALONE, publisher=Body.objects.first()), by=edith)
    waiting, seen = (
        ["/", "/robots.txt", "/sitemap.xml", "/ledger.jsonl", f"/search/?q={MARK}", "/plans/", "/data/"],
        set(),
    )
    waiting += [f"/{preparation.subject.removeprefix('plan ')}{MARK}/", alone.get_absolute_url()]
    for resource in ("plans", "categories", "provisions", "commitments", "metrics", "sources", "bodies", "baseline"):
        waiting.append(f"/api/v1/{resource}/")
    waiting += ["/feeds/changes.atom", "/data/all.zip", f"/{public_plan.code}/commitments.json"]
    while waiting:
        place = waiting.pop()
        kind = re.sub(r"[?].*", "?", place)
        again = "?" in place and sum(each.startswith(kind) for each in seen) > 4
        if place in seen or again or place.startswith(("/static/", "/admin/")) or len(seen) > 500:
            continue
        seen.add(place)
        response = client.get(place)
        words = text_in(response).replace(f"q={MARK}", "").replace(f'value="{MARK}"', "").replace(f"“{MARK}”", "")
        if response.status_code != 404:  # which may repeat the address
            assert MARK not in words, place
            assert ALONE["title"] not in words, place
        if response.headers.get("Content-Type", "").startswith("text/html"):
            waiting += sorted(links(response) - seen)
    assert len(seen) > 50


@pytest.mark.slow
def test_staff_see_it_and_no_other_plan_offers_it(public_plan, edith, anna, signed_in, client):
    preparation = prepare_folder(VELLMARK, edith)
    with_recommendation(preparation, edith)
    mark(preparation)
    analyst, editor = signed_in(anna), signed_in(edith)
    for address in ("/desk/preparations/", f"/desk/preparations/{preparation.pk}/"):
        assert client.get(address).status_code == 302
        assert analyst.get(address).status_code == 403
    for table in TABLES:
        model = table.model._meta.model_name
        assert MARK not in page(analyst.get(f"/admin/tracker/{model}/")), model
        assert MARK in page(editor.get(f"/admin/tracker/{model}/")), model
    for kind in ("metric", "commitment", "category", "body", "source"):
        assert editor.get("/admin/find/", {"kind": kind, "q": MARK}).json()["results"] == [], kind
    query = {"app_label": "tracker", "model_name": "commitment", "field_name": "metric", "term": MARK}
    assert editor.get("/admin/autocomplete/", query).json()["results"] == []
    within = editor.get("/admin/autocomplete/", query | {"preparation": preparation.pk}).json()["results"]
    assert len(within) == Metric.everything.filter(preparation=preparation).count() > 0
    promise = Commitment.everything.filter(preparation=preparation).first()
    form = editor.get(f"/admin/tracker/commitment/{promise.pk}/change/").content.decode()
    assert f"/autocomplete/?preparation={preparation.pk}&amp;of_plan={promise.plan.code}" in form  # both, for metrics
    metric = Metric.everything.filter(preparation=preparation).first()
    row = Update(what="value", metric=metric, value=1, as_of="2025-12-31", summary="One.")
    with pytest.raises(ValidationError, match="once it is public"):
        draft(record=row, by=edith)
