"""A past that nobody can rewrite: every table of the registry changes by amendment, and ``known`` lays it back."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, models, transaction

from tracker.actions.changes import amend, amend_at_once
from tracker.actions.errors import NotAllowed
from tracker.actions.ledger import append
from tracker.actions.progress import publish, submit
from tracker.actions.registry import reorder
from tracker.admin.preview import effects
from tracker.models import (
    Adherence,
    BaselineFigure,
    BaselinePassage,
    BeneficiaryGroup,
    Body,
    Category,
    Commitment,
    Instrument,
    LedgerEntry,
    Metric,
    Norm,
    NormLink,
    Plan,
    Provision,
    Update,
)
from tracker.models.progress import AMENDED
from tracker.schema import TABLES, plain_row, subject_of
from tracker.snapshot.cache import forget, read_snapshot

from . import drafts
from .backdated import move_the_log_back
from .drafts import redact
from .reading import source_of
from .test_snapshot_moves import differences

pytestmark = pytest.mark.django_db

PLAN = "/vellmark-2030/"
CHANGES = [
    (Plan, "vellmark-2030", "title", "Programme", PLAN),
    (Category, "I.1", "title", "Springs", f"{PLAN}rights/I.1/"),
    (Provision, "I.1.1", "heading", "Springs", f"{PLAN}provisions/I.1.1/"),
    (BeneficiaryGroup, "villagers", "name", "People in villages", f"{PLAN}people/villagers/"),
    (Instrument, "LAKES", "title", "Pact of the Lakes", "/norms/LAKES/"),
    (Norm, "LAKES-3", "title", "Springs", "/norms/LAKES/3/"),
    (NormLink, "I.1.1a-LAKES-3", "rationale", "The article names pipes.", f"{PLAN}commitments/I.1.1a/"),
    (Adherence, "LAKES", "note", "Without a reservation.", "/norms/LAKES/"),
    # A number, and a list as JSON.
    pytest.param(
        *(BaselineFigure, "wells-in-use-2025", "value", "1037", f"{PLAN}baseline/wells-in-use-2025/"),
        marks=pytest.mark.both_databases,
    ),
    pytest.param(
        *(BaselinePassage, "P.0", "other_figures", ["2025: A year."], f"{PLAN}baseline/"),
        marks=pytest.mark.both_databases,
    ),
]


def changed(record, edith, rana, **changes):
    """Amend a record the whole way to the public."""
    row = amend(record=record, changes=changes, reason="Seen in print.", by=edith)
    return publish(record=submit(record=row, by=edith), by=rana)


def rewritten(record, by, **values):
    """Change a record as one person could before every table was amended, with the entry that this left."""
    type(record)._default_manager.filter(pk=record.pk).update(**values)
    record = type(record)._default_manager.get(pk=record.pk)
    append(changes=[("rearrange", subject_of(record), plain_row(record))], by=by)
    return record


def test_an_amendment_can_name_a_record_of_every_table():
    assert {name: Update._meta.get_field(name).related_model for name in AMENDED} == {
        table.name: table.model for table in TABLES
    }


@pytest.mark.slow
@pytest.mark.parametrize(("model", "code", "field", "new", "address"), CHANGES)
def test_a_change_takes_two_people_and_the_past_stays(client, vellmark, edith, rana, model, code, field, new, address):
    record, then = model.objects.get(code=code), read_snapshot()
    old, entries = plain_row(record)[field], LedgerEntry.objects.count()
    row = amend(record=record, changes={field: new}, reason="Seen in print.", by=edith)
    assert read_snapshot() is then
    assert LedgerEntry.objects.count() == entries
    with pytest.raises(NotAllowed):
        publish(record=submit(record=row, by=edith), by=edith)
    row = publish(record=row, by=rana)
    assert plain_row(model.objects.get(pk=record.pk))[field] == new
    assert row.changes == {field: [old, new]}
    assert (row.author, row.reviewer, row.entry.action, row.entry.role) == (edith, rana, "amend", "reviewer")
    assert LedgerEntry.objects.count() == entries + 1
    assert differences(read_snapshot(), then)
    forget()
    assert differences(read_snapshot(known=then.head), then) == []
    page = source_of(client, address)
    assert "Amended since it was first published" in page
    assert "Seen in print." in page
    call_command("verify_ledger", verbosity=0)


def test_a_baseline_of_37_shows_37_before_it_was_amended(client, vellmark, edith, rana):
    changed(BaselineFigure.objects.get(code="wells-in-use-2025"), edith, rana, value="37", as_published="37")
    move_the_log_back(datetime.date(2026, 10, 1))
    changed(BaselineFigure.objects.get(code="wells-in-use-2025"), edith, rana, value="1037", as_published="1037")

    def value(address):
        rows = json.loads(client.get(address).getvalue())["results"]
        return next(row["value"] for row in rows if row["code"] == "wells-in-use-2025")

    for then, number in (("", "1037"), ("?known=2026-10-01", "37")):
        assert value(f"{PLAN}baseline.json{then}") == value(f"/api/v1/baseline/{then}") == number
        assert ("1,037" in source_of(client, f"{PLAN}baseline/{then}")) == (number == "1037")
        page = source_of(client, f"{PLAN}baseline/wells-in-use-2025/{then}")
        assert ("1,037" in page) == ("Amended since it was first published" in page and "<ins>1037" in page)


def test_an_amendment_stands_in_the_file_of_amendments_with_its_table(client, vellmark, edith, rana):
    changed(Category.objects.get(code="I.1"), edith, rana, title="Springs")
    changed(Plan.objects.get(), edith, rana, title="Programme")
    rows = json.loads(client.get("/data/amendments.json").getvalue())["results"]
    named = [(row["plan"], row["table"], row["code"]) for row in rows]
    assert named == [("vellmark-2030", "categories", "I.1"), (None, "plans", "vellmark-2030")]


def test_what_depends_on_the_day_of_publication_stays_as_it_was_shown(vellmark, edith, rana):
    drafts.published(drafts.value(95, "2026-03-31"), edith, rana)
    then = read_snapshot()
    was = then.plan(vellmark).assessed["I.1.1a"]
    changed(Plan.objects.get(code=vellmark), edith, rana, published_on="2026-06-01")
    assert read_snapshot().plan(vellmark).published_on == datetime.date(2026, 6, 1)
    assert read_snapshot().plan(vellmark).assessed["I.1.1a"] != was
    forget()
    assert read_snapshot(known=then.head).plan(vellmark).assessed["I.1.1a"] == was


def test_what_depends_on_how_a_metric_is_read_stays_as_it_was_shown(vellmark, edith, rana):
    on = datetime.date(2031, 12, 15)
    then = read_snapshot(on=on)
    assert then.plan(vellmark).commitments["I.1.1a"].missing == "nobody_looked"
    changed(Metric.objects.get(code=drafts.PIPED), edith, rana, lag_months=24)
    assert read_snapshot(on=on).plan(vellmark).commitments["I.1.1a"].missing == "not_published_yet"
    forget()
    assert differences(read_snapshot(on=on, known=then.head), then) == []


def test_a_reviewer_sees_which_promises_an_amended_plan_would_change(vellmark, edith, rana):
    drafts.published(drafts.value(95, "2026-03-31"), edith, rana)
    plan = Plan.objects.get(code=vellmark)
    row = amend(record=plan, changes={"starts_on": "2026-04-01"}, reason="Misread.", by=edith)
    assert [effect.commitment.code for effect in effects(row)] == ["I.1.1a"]
    row = amend(record=plan, changes={"title": "Programme"}, reason="Misread.", by=edith)
    assert effects(row) == []


@pytest.mark.both_databases
def test_the_order_of_a_text_is_laid_back(vellmark, edith):
    then = read_snapshot()
    first, second = Provision.objects.filter(code__startswith="O.").order_by("order")
    reorder(places={first: second.order, second: first.order}, by=edith)
    assert list(read_snapshot().plan(vellmark).provisions)[:2] == ["O.2", "O.1"]
    forget()
    then_again = read_snapshot(known=then.head)
    assert differences(then_again, then) == []
    assert list(then_again.plan(vellmark).provisions)[:2] == ["O.1", "O.2"]
    call_command("verify_ledger", verbosity=0)


@pytest.mark.slow
def test_what_one_person_changed_before_everything_was_amended_is_laid_back_from_the_log(vellmark, edith, rana):
    shown = [read_snapshot()]
    figure = BaselineFigure.objects.get(code="wells-in-use-2025")
    for value in (37, 1037):
        rewritten(figure, edith, value=value, note="")
        shown.append(read_snapshot())
    rewritten(Plan.objects.get(), edith, published_on="2026-06-01", findings_read=4, findings_used=2)
    shown.append(read_snapshot())
    rewritten(Provision.objects.get(code="I.1.1"), edith, category=Category.objects.get(code="II"))
    shown.append(read_snapshot())
    changed(BaselineFigure.objects.get(code="wells-in-use-2025"), edith, rana, value="5", commitments=["I.1.1a"])
    shown.append(read_snapshot())
    forget()
    for then in shown:
        assert differences(read_snapshot(known=then.head), then) == []
    call_command("verify_ledger", verbosity=0)


@pytest.mark.both_databases
def test_what_was_taken_out_of_such_an_entry_is_not_laid_back(vellmark, edith, rana):
    group, then = BeneficiaryGroup.objects.get(code="villagers"), LedgerEntry.objects.head()
    rewritten(group, edith, name="Kin of Miriam")
    between = LedgerEntry.objects.head()
    rewritten(group, edith, name="Families")
    redact(record=LedgerEntry.objects.get(pk=between), reason="A family could be found.", by=rana)
    forget()
    names = [read_snapshot(known=known).groups["villagers"].name for known in (then, between, None)]
    assert names == ["Villagers", "Families", "Families"]
    call_command("verify_ledger", verbosity=0)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "named",
    [
        {"what": "amendment"},
        {"what": "amendment", "plan": Plan, "category": Category},
        {"what": "amendment", "metric": Metric, "baseline": BaselineFigure},
        {"what": "search", "commitment": Commitment, "provision": Provision},
        {"what": "search", "commitment": Commitment, "body": Body},
    ],
)
def test_the_database_refuses_an_amendment_of_nothing_or_of_two_records(vellmark, edith, named):
    what, records = named["what"], {name: each.objects.first() for name, each in named.items() if name != "what"}
    update = Update(what=what, as_of="2026-11-01", changes={"title": ["a", "b"]} if what == "amendment" else None)
    for name, value in (records | {"summary": "x", "author": edith, "edited_by": edith}).items():
        setattr(update, name, value)
    with pytest.raises(IntegrityError), transaction.atomic():
        update.save()
    with pytest.raises(ValidationError, match="An amendment changes one record"):
        update.full_clean()


def test_an_amended_record_is_not_deleted(vellmark, edith, rana):
    link = NormLink.objects.get(code="I.1.1a-LAKES-3")
    changed(link, edith, rana, rationale="The article names pipes.")
    with pytest.raises(models.ProtectedError):
        link.delete()


def test_codes_of_another_plan_are_not_laid_back(vellmark, edith, rana):
    figure = BaselineFigure.objects.get(code="wells-in-use-2025")
    other = Commitment.objects.get(code="I.1.1b")
    elsewhere = Commitment.objects.get(pk=other.pk)
    plan = Plan.objects.get()
    twin = Plan.objects.create(**{
        **{f.name: getattr(plan, f.name) for f in Plan._meta.concrete_fields if f.name != "id"}, "code": "twin"
    })  # fmt: skip
    place = Provision.objects.create(plan=twin, code="I.1.1", form="objective", title="x", order=1)
    elsewhere.pk, elsewhere.plan, elsewhere.provision, elsewhere.order = None, twin, place, 1
    elsewhere._state.adding = True
    elsewhere.save()
    then = LedgerEntry.objects.head()
    changed(figure, edith, rana, commitments=["I.1.1a"])
    forget()
    assert read_snapshot(known=then).plan(vellmark).baseline[figure.code].commitments == ("I.1.1b",)


def test_a_flag_is_set_or_blank(vellmark, edith, rana):
    figure = BaselineFigure.objects.get(code="wells-in-use-2025")
    row = amend_at_once(record=figure, changes={"undated": True}, reason="No date.", by=edith, reviewer=rana)
    assert row.changes == {"undated": [None, True]}
    with pytest.raises(ValidationError, match="Nothing would change"):
        amend(record=BaselineFigure.objects.get(pk=figure.pk), changes={"same_series": False}, reason="x", by=edith)
