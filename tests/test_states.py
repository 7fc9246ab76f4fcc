"""Several States in one installation: each plan's State speaks for itself, and is foreign to the others."""

import csv
import datetime
import io
import re
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from tests.registering import register
from tracker.actions import names_of_states
from tracker.actions.changes import amend
from tracker.actions.filling import fill
from tracker.actions.preparation import hand_in, open_preparation
from tracker.actions.progress import draft, publish, submit
from tracker.admin.preview import effects
from tracker.imports.known import Known
from tracker.models import Assessment, Body, Commitment, Evidence, Metric, Plan, Preparation, Update
from tracker.planbook.examine import examine
from tracker.snapshot.cache import read_snapshot
from tracker.standalone.assess import side_of

from . import databases, drafts, factories
from .reading import page_of, source_of, words_of
from .test_recompute import run as recompute
from .test_sitemap import SITE, addresses_of

pytestmark = pytest.mark.django_db

FIRST, SECOND = "vellmark-2030", "brumas-2021"
NAMESAKE = "real-wages-brumas"
THEIRS, OURS = "The Islands said that the wells were dug.", "The Chancery said that the law came late."


@pytest.mark.parametrize(
    ("kind", "side", "state", "own", "other", "unsaid"),
    [
        ("government", "official", "A", "official", "independent", "official"),
        ("academic", "official", "A", "official", "independent", "official"),
        ("foreign_government", "independent", "A", "official", "independent", "independent"),
        ("foreign_government", "independent", "", "independent", "independent", "independent"),
        ("national_institution", "independent", "A", "independent", "independent", "independent"),
        ("intergovernmental", "un", "", "un", "un", "un"),
        ("state_media", "unknown", "", "unknown", "unknown", "unknown"),
    ],
)
def test_a_side_follows_from_the_body_and_the_plan(kind, side, state, own, other, unsaid):
    """To a plan whose State is not on record, as before States were, a body stands as it is recorded."""
    assert [side_of(kind, side, state, plan) for plan in ("A", "B", "")] == [own, other, unsaid]


@pytest.fixture
def both(vellmark_progress):
    """Both plans with what was recorded about them."""
    assert databases.holds("both")


@pytest.fixture
def naming(both, edith, rana):
    """Both plans; the government of each speaks of a promise of the other, and each has a metric of the same name."""
    wages = Metric.objects.get(code="real-wages")
    fields = {
        f.attname: getattr(wages, f.attname) for f in Metric._meta.concrete_fields if f.name not in ("id", "code")
    }
    register(record=Metric(**fields | {"code": NAMESAKE, "state": "Islas Brumas"}), by=edith)
    for origin, plan, code, summary in (
        ("gobierno-brumas", FIRST, "I.1.1e", THEIRS),
        ("chancery", SECOND, "M06a", OURS),
    ):
        about = Commitment.objects.get(plan__code=plan, code=code)
        row = Assessment(commitment=about, origin=Body.objects.get(code=origin), says="kept", summary=summary)
        row.as_of, row.document = datetime.date(2026, 5, 2), "Note 7"
        drafts.published(row, edith, rana)
    return read_snapshot()


def test_another_states_government_is_no_official_voice_and_is_named(client, naming, tmp_path):
    for plan, code, summary, name in (
        (FIRST, "I.1.1e", THEIRS, "Gobierno de las Islas Brumas"),
        (SECOND, "M06a", OURS, "Chancery of Vellmark"),
    ):
        finding = next(f for f in naming.plans[plan].findings[code] if f.summary == summary)
        assert finding.side == "independent"
        page = page_of(client, f"/{plan}/commitments/{code}/")
        column = page[page.index('id="side-independent"') :]
        assert summary in column
        assert f"{name} (foreign government, or what it funds)" in column
        said_officially = page[page.index('id="side-official"') : page.index('id="side-un"')]
        assert summary not in said_officially
        assert naming.plans[plan].bodies[finding.origin].kind == "foreign_government"
        assert naming.bodies[finding.origin].side == "official"
    assert (
        naming.plans[FIRST].bodies["chancery"].side == naming.plans[SECOND].bodies["gobierno-brumas"].side == "official"
    )
    assert {plan.bodies["lake-council"].side for plan in naming.plans.values()} == {"un"}
    # A figure of one State's office on what both plans share.
    assert "independent" in naming.plans[SECOND].sides_of_updates["M02a"]
    assert "official" in naming.plans[FIRST].sides_of_updates["I.1.1a"]
    for plan, side, codes in ((FIRST, "independent", {"I.1.1e"}), (SECOND, "independent", {"M06a", "M02a"})):
        listed = source_of(client, f"/{plan}/commitments/?origin_side={side}")
        assert codes <= set(re.findall(r'<td class="num">([\w.]+)</td>', listed))
    answer = client.get(f"/api/v1/assessments/?plan={SECOND}&side=independent").json()["results"]
    assert OURS in [row["summary"] for row in answer]
    folder = tmp_path / "public"
    call_command("export_public", folder, stdout=io.StringIO())
    status, output = recompute(folder)
    assert (status, output[-1]) == (0, "All agree with the site.")


@pytest.mark.slow
def test_neither_plan_knows_of_the_other_but_on_the_list_of_plans_and_what_they_share(client, naming):
    named = {FIRST: "Rights Programme of Vellmark", SECOND: "Plan de Derechos de las Islas Brumas"}
    for path in (address.removeprefix(SITE) for address in addresses_of(client)):
        for plan, other in ((FIRST, SECOND), (SECOND, FIRST)):
            if path.startswith(f"/{plan}/"):
                page = source_of(client, path)
                assert f"/{other}/" not in page, path
                assert named[other] not in page, path
                assert f"/metrics/{NAMESAKE}/" not in page, path
    for name in named.values():
        assert name in source_of(client, "/plans/")
    for page in ("bodies", "metrics"):
        everything, of_one = source_of(client, f"/{page}/"), source_of(client, f"/{page}/?state=Islas+Brumas")
        assert '<option value="Islas Brumas">Islas Brumas (' in everything
        assert '<td data-label="State">Vellmark</td>' in everything
        assert '<td data-label="State">Vellmark</td>' not in of_one
        assert '<td data-label="State">Islas Brumas</td>' in of_one
    assert "government · Islas Brumas" in words_of(source_of(client, "/sources/"))


@pytest.mark.slow
@pytest.mark.both_databases
def test_a_promise_takes_no_metric_of_another_state(naming, edith, rana, signed_in):
    promise = Commitment.objects.get(plan__code=FIRST, metric__code="real-wages")
    theirs = Metric.objects.get(code=NAMESAKE)
    sentence = "This metric is one of Islas Brumas; the promise is one of Vellmark."
    row = amend(record=promise, changes={"metric": NAMESAKE}, reason="Tried.", by=edith)
    with pytest.raises(ValidationError, match=sentence):
        publish(record=submit(record=row, by=edith), by=rana)
    beside = amend(record=promise, changes={"beside": [NAMESAKE]}, reason="Tried.", by=edith)
    with pytest.raises(ValidationError, match="“Real wages” is a metric of Islas Brumas; the plan is one of Vellmark"):
        publish(record=submit(record=beside, by=edith), by=rana)
    used = Metric.objects.get(code="real-wages")
    used.state = "Islas Brumas"
    with pytest.raises(ValidationError, match=r"It measures .*, a promise of Vellmark"):
        used.full_clean()
    plan = Plan.objects.get(code=FIRST)
    plan.state = "Islas Brumas"
    with pytest.raises(ValidationError, match="is measured by a metric of Vellmark"):
        plan.full_clean()
    # Nor is it offered where one is chosen.
    editor = signed_in(edith)
    form = editor.get(f"/admin/tracker/commitment/{promise.pk}/change/").content.decode()
    address = re.search(r'data-ajax--url="([^"]*of_plan[^"]*)"', form)[1]
    where = {"app_label": "tracker", "model_name": "commitment", "field_name": "metric", "term": "wages"}
    offered = editor.get(f"{address}&{urlencode(where)}").json()["results"]
    assert [each["id"] for each in offered] == [str(used.pk)]
    matches = editor.get("/admin/find/", {"kind": "metric", "q": "real wages", "of_plan": FIRST})
    assert [each["code"] for each in matches.json()["results"]] == ["real-wages"]
    assert theirs.code not in Known(plan=Plan.objects.get(code=FIRST)).metrics.by_code
    assert theirs.code in Known(plan=Plan.objects.get(code=SECOND)).metrics.by_code


def test_a_preview_takes_a_foreign_government_for_what_it_is(naming, edith):
    promise = Commitment.objects.get(plan__code=SECOND, code="M06a")
    row = Assessment(
        commitment=promise, origin=Body.objects.get(code="chancery"), says="not_kept", summary="It said no."
    )
    row.as_of = datetime.date(2026, 6, 2)
    (effect,) = effects(drafts.drafted(row, edith))
    assert read_snapshot().plans[SECOND].commitments["M06a"].official_says == effect.commitment.official_says
    assert "The State" not in " ".join(effect.explanation)


def test_a_state_has_one_spelling_and_others_are_asked_about(vellmark, edith, signed_in):
    assert len(names_of_states.MEMBERS) == 195
    near = {
        "P.R. China": "China",
        "USA": "United States of America",
        "Russia": "Russian Federation",
        "Velmark": "Vellmark",
    }
    assert {name: names_of_states.near(name) for name in near} == {name: [state] for name, state in near.items()}
    assert [names_of_states.near(name) for name in ("China", "Vellmark", "", "Republic of Osmarra")] == [[], [], [], []]
    editor = signed_in(edith)
    page = source_of(editor, "/admin/tracker/body/add/")
    assert re.search(r'<input[^>]* name="state"[^>]* list="states-state"', page)
    assert '<option value="Viet Nam"></option>' in page

    def refused(sent):
        return words_of(editor.post("/admin/tracker/body/add/", sent).content.decode())

    sent = {"code": "lantern", "name": "Lantern", "kind": "government", "side": "official", "why": "It is."}
    assert "What is official belongs to a State." in refused(sent)
    page = refused(sent | {"state": "Velmark"})
    assert "No State is called “Velmark” here or by the United Nations. Is it one of these: Vellmark?" in page
    assert not Body.everything.filter(code="lantern").exists()
    assert editor.post("/admin/tracker/body/add/", sent | {"state": "Vellmark"}).status_code == 302
    assert Body.everything.get(code="lantern").state == "Vellmark"


def test_before_states_were_recorded_a_body_stands_as_it_is_recorded(vellmark):
    """A database of an earlier release, whose seed files could not be loaded yet."""
    plan = factories.PlanFactory(state="", publisher=factories.BodyFactory(code="old-office", state=""))
    assert read_snapshot().plans[plan.code].bodies["old-office"].side == "official"


PLACES = ("", "rights/", "commitments/", "baseline/", "disagreements/", "gaps/", "changes/", "coverage/", "people/")
PLACES += ("report/", "commitments.csv", "commitments.json", "annotations.jsonld", "commitments/?q=water")
OSMARRA = "osmarra-2027"


def promises_of(client, plan):
    """The rows of a plan's file, without the entry of the log as of which they were written."""
    text = client.get(f"/{plan}/commitments.csv").getvalue().decode()
    return [
        {name: value for name, value in row.items() if not name.startswith("about_ledger")}
        for row in csv.DictReader(io.StringIO(text))
    ]


@pytest.fixture
def beside_china(china, edith, rana, signed_in, client):
    """What was counted of China's plan before another was opened beside it and a figure of that one published."""

    def counted(plan):
        tables = ("commitments", "provisions", "categories", "updates", "assessments")
        return {table: client.get(f"/api/v1/{table}/?plan={plan}").json()["count"] for table in tables}

    before = counted(china), promises_of(client, china)
    editor = signed_in(edith)
    editor.post("/desk/preparations/", {"code": OSMARRA})
    bundle = Preparation.objects.get()
    example = editor.get("/desk/spreadsheets/example.xlsx").content
    bundle = fill(preparation=bundle, records=examine(example, bundle).built, by=edith)
    open_preparation(preparation=hand_in(preparation=bundle, by=edith), by=rana)
    office, water = (
        Body.objects.get(code="osmarra-statistics"),
        Metric.objects.get(code="osmarra-farms-with-safe-water"),
    )
    figure = Update(what="value", metric=water, value=61, as_of=datetime.date(2026, 6, 30), origin=office)
    figure.bound, figure.fits, figure.how, figure.summary = (
        "exact",
        "same",
        "reported",
        "Counted: 61 percent.",
    )
    source = register(
        record=factories.SourceFactory.build(
            code="farm-census", publisher=office, published=datetime.date(2026, 9, 1), published_precision="day"
        ),
        by=edith,
    )
    row = draft(record=figure, by=edith, evidence=[Evidence(source=source, locator="p. 1")])
    publish(record=submit(record=row, by=edith), by=rana)
    return before, counted


@pytest.mark.slow
def test_a_plan_beside_the_real_one_changes_nothing_of_it_and_neither_knows_of_the_other(
    client, china, beside_china, edith, signed_in
):
    (counts, rows), counted = beside_china
    assert counted(china) == counts
    assert promises_of(client, china) == rows
    now = counted(OSMARRA)
    assert now == {"commitments": 8, "provisions": 3, "categories": 3, "updates": 1, "assessments": 0}
    assert "61" in words_of(source_of(client, f"/{OSMARRA}/commitments/I.1.1a/"))
    for plan, foreign in ((china, ("smarra",)), (OSMARRA, (china, "Human Rights Action Plan of China"))):
        places = [f"/{plan}/{place}" for place in PLACES] + [f"/feeds/{plan}/changes.atom"]
        for place in places:
            text = client.get(place).getvalue().decode()
            assert [name for name in foreign if name in text] == [], place
    listed = source_of(client, "/plans/")
    assert "Rights Plan of Osmarra (2027-2031)" in listed
    assert china in listed
    editor = signed_in(edith)
    for plan, theirs in ((china, "osmarra"), (OSMARRA, "")):
        offered = editor.get("/admin/find/", {"kind": "metric", "q": "water", "of_plan": plan}).json()["results"]
        codes = [each["code"] for each in offered]
        assert all(code.startswith("osmarra") == (plan == OSMARRA) for code in codes), codes
        assert codes or not theirs
