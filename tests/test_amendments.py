"""Changes of the registry in the admin: amendments that a second person publishes, contradictions."""

import pytest

from tracker.actions import progress
from tracker.actions.progress import publish
from tracker.models import Body, Category, LedgerEntry, Provision, Source, Update

from .factories import CategoryFactory
from .reading import source_of
from .test_admin import Fields, change_page, counts, gazette, model_of, promise, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(vellmark, adam, signed_in):
    """The browser of an administrator by role, with the invented plan loaded."""
    return signed_in(adam)


def published(update, rana):
    """Hand an amendment in and publish it as a second person."""
    progress.submit(record=update, by=update.author)
    return publish(record=update, by=rana)


@pytest.mark.both_databases
def test_a_change_of_a_commitment_drafts_an_amendment_and_nothing_is_public_yet(admin):
    c, before = promise(), LedgerEntry.objects.count()
    bodies = [str(Body.objects.get(code=code).pk) for code in ("chancery", "lake-council")]
    changes = {"title": "Water in most village homes", "groups": [], "bodies": bodies, "reason": "A slip of ours."}
    response = submit(admin, change_page(c), **changes)
    update = Update.objects.get()
    assert response.headers["Location"] == f"/admin/tracker/update/{update.pk}/change/"
    assert (update.what, update.state, update.reason, update.commitment) == ("amendment", "draft", "A slip of ours.", c)
    assert sorted(update.changes) == ["bodies", "groups", "title"]
    assert update.changes["title"] == ["Piped water in 88 percent or more of village homes", changes["title"]]
    assert promise().title == update.changes["title"][0]
    assert LedgerEntry.objects.count() == before
    assert changes["title"] in admin.get(response.headers["Location"]).content.decode()


def test_an_amendment_that_a_second_person_publishes_is_in_force_and_logged_by_role(admin, client, rana):
    address = "/vellmark-2030/commitments/I.1.1a/"
    bodies = [str(Body.objects.get(code=code).pk) for code in ("chancery", "lake-council")]
    submit(admin, change_page(promise()), title="Water in <em>most</em> homes", bodies=bodies, reason="A slip.")
    assert "most&lt;/em&gt;" not in source_of(client, address)
    published(Update.objects.get(), rana)
    assert {body.code for body in promise().bodies.all()} == {"chancery", "lake-council"}
    assert "Water in &lt;em&gt;most&lt;/em&gt; homes" in source_of(client, address)
    assert "Water in &lt;em&gt;most&lt;/em&gt; homes" in admin.get("/admin/tracker/commitment/").content.decode()
    entry = LedgerEntry.objects.first()
    assert (entry.action, entry.role) == ("amend", "reviewer")
    assert entry.subject.startswith("amendment vellmark-2030/I.1.1a ")


@pytest.mark.slow
def test_a_test_that_changed_is_not_said_to_be_older_than_the_evidence(admin, client, rana):
    address, before = "/vellmark-2030/commitments/I.1.1a/", "before any evidence was read"
    assert before in source_of(client, address)
    counted = "It was written or changed later for {} of 14 promises."
    assert counted.format(0) in source_of(client, "/method/")
    submit(admin, change_page(promise()), test="Kept if 88 percent have it.", reason="The old one left out a word.")
    published(Update.objects.get(), rana)
    page = source_of(client, address)
    assert before not in page
    assert "Changed since it was first published:" in page
    assert 'id="amended"' in page
    for other in ("/method/", "/vellmark-2030/report/"):
        assert counted.format(1) in source_of(client, other)
    why = "It asked for taps, and the text for water."
    submit(admin, change_page(promise()), test_changed_because=why, reason="Say why.")
    published(Update.objects.order_by("-pk").first(), rana)
    assert f"Changed after evidence had been read:</strong> {why}" in source_of(client, address)
    assert counted.format(1) in source_of(client, "/method/")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "code", "field"),
    [
        ("commitment", "I.1.1a", "title"),
        ("metric", "real-wages", "problems"),
        ("body", "lake-council", "why"),
        ("source", "gazette-1", "title"),
        ("plan", "vellmark-2030", "short_title"),
        ("category", "I.1", "title"),
        ("provision", "I.1.1", "heading"),
        ("beneficiarygroup", "villagers", "name"),
        ("instrument", "LAKES", "title"),
        ("norm", "LAKES-3", "title"),
        ("normlink", "I.1.1a-LAKES-3", "rationale"),
        ("adherence", "LAKES", "note"),
        ("baselinefigure", "wells-in-use-2025", "note"),
        ("baselinepassage", "P.0", "source"),
    ],
)
def test_an_amendment_without_a_reason_is_refused(admin, model, code, field):
    gazette()
    record, before = model_of(model).objects.get(code=code), counts()
    other, new = ("Other words", "Other words") if field != "source" else (Source.objects.first().pk, "gazette-1")
    response = submit(admin, change_page(record), **{field: other})
    assert response.status_code == 200
    assert "Say why it changes." in response.content.decode()
    assert (counts(), Update.objects.count()) == (before, 0)
    response = admin.post(change_page(record), Fields(response).sent | {field: other, "reason": "A slip."})
    assert response.status_code == 302
    update = Update.objects.get()
    assert (update.changes[field][1], update.about) == (new, record)
    assert counts()[0] == before[0]
    assert admin.get(response.headers["Location"]).status_code == 200
    assert admin.get("/desk/").status_code == admin.get("/admin/tracker/update/").status_code == 200


NUMBER = {"shape": "number", "rungs": "", "nature": "stock", "unit": "x", "decimals": 0}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "code", "changes", "sentence"),
    [
        (
            "category",
            "I",
            lambda: {"parent": Category.objects.get(code="I.1").pk},
            "The parents would run in a circle.",
        ),
        ("category", "I.1", lambda: {"parent": CategoryFactory(code="Q").pk}, "The parent belongs to another plan."),
        (
            "category",
            "I.1",
            lambda: {"parent": Category.objects.get(code="II").pk},
            "The parent stands before its sections in the plan.",
        ),
        (
            "provision",
            "I.1.1",
            lambda: {"category": CategoryFactory(code="Q").pk},
            "The right belongs to another plan.",
        ),
        ("metric", "water-law", lambda: {"rungs": '["announced"]'}, "is in use and stays."),
        ("metric", "water-law", lambda: NUMBER, "The metric is in use: its shape stays."),
        ("plan", "vellmark-2030", lambda: {"ends_on": "2027-01-01"}, "would lie outside the plan&#x27;s period."),
        ("plan", "vellmark-2030", lambda: {"ends_on": "2031-01-01"}, "end on the plan&#x27;s last day."),
        (
            "commitment",
            "I.1.1a",
            lambda: {"provision": Provision.objects.get(code="II.1").pk},
            "The code is that of its paragraph, II.1, and a letter.",
        ),
    ],
    ids=["circle", "elsewhere", "first", "right", "rung", "shape", "shorter", "longer", "moved"],
)
def test_it_refuses_a_change_that_contradicts_other_records(admin, client, model, code, changes, sentence):
    record, before = model_of(model).objects.get(code=code), counts()
    sent = changes() | {"reason": "Because."}
    response = submit(admin, change_page(record), **sent)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert (counts(), Update.objects.count()) == (before, 0)
    assert client.get("/vellmark-2030/").status_code == 200


@pytest.mark.slow
def test_it_refuses_a_plan_whose_address_is_taken(admin):
    days = {"published_on": "2026-01-01", "starts_on": "2026-01-01", "ends_on": "2027-01-01"}
    for code in ("metrics", "admin", "about", "desk"):
        named = {"code": code, "title": "A plan", "short_title": "A plan", "publisher": Body.objects.first().pk}
        response = submit(admin, "/admin/tracker/plan/add/", **named, **days)
        assert response.status_code == 200
        assert "is an address of this site; take another code." in response.content.decode()
