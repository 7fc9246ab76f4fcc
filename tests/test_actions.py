"""Changes to the registry: the record and its log entry are written together, or neither is."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tracker import models
from tracker.actions.changes import amend
from tracker.actions.registry import InvalidRecords, register_all, reorder
from tracker.ledger.log import lines
from tracker.models.roles import CHECKER, COMPILER
from tracker.schema import subject_of
from tracker.standalone.verify import verify

from .factories import (
    AdherenceFactory,
    BaselineFigureFactory,
    BeneficiaryGroupFactory,
    BodyFactory,
    CategoryFactory,
    CommitmentFactory,
    InstrumentFactory,
    MetricFactory,
    NormFactory,
    NormLinkFactory,
    PlanFactory,
    ProvisionFactory,
    SourceFactory,
    StaffFactory,
)
from .registering import register

pytestmark = pytest.mark.django_db


def log():
    """The whole log, oldest first."""
    return list(models.LedgerEntry.objects.order_by("seq").values_list("action", "subject", "role"))


def texts():
    """What each entry of the log says, oldest first."""
    return [json.loads(entry.body.text) for entry in models.LedgerEntry.objects.order_by("seq")]


def body(code="mill-watch", **values):
    """A body that is not in the registry yet."""
    return BodyFactory.build(code=code, name="Mill Watch", **values)


def test_a_new_record_is_written_with_one_log_entry(rana):
    record = register(record=body(), by=rana)
    assert models.Body.objects.get().pk == record.pk
    assert log() == [("register", "body mill-watch", "reviewer")]
    assert texts() == [
        {
            "code": "mill-watch",
            "name": "Mill Watch",
            "kind": "government",
            "side": "official",
            "state": "Vellmark",
            "why": "Part of the State that made the plan.",
        }
    ]


@pytest.mark.both_databases
def test_a_record_that_is_there_is_not_registered_again(rana):
    register(record=body(), by=rana)
    with pytest.raises(ValidationError, match=r"already exists"):
        register(record=body(), by=rana)
    assert models.Body.objects.get().name == "Mill Watch"
    assert len(log()) == 1


@pytest.mark.both_databases
def test_places_in_the_order_of_a_text_move_with_one_log_entry(adam):
    one, two = ProvisionFactory(code="C.1"), None
    two = ProvisionFactory(category=one.category, code="C.2")
    was = one.order, two.order
    reorder(places={one: 8, two: 7}, by=adam)
    assert list(models.Provision.objects.order_by("order")) == [two, one]
    plan = one.plan.code
    assert log() == [("reorder", f"plan {plan}", "administrator")]
    moved = {f"provision {plan}/C.1": [was[0], 8], f"provision {plan}/C.2": [was[1], 7]}
    assert texts() == [{"order": moved}]


def test_what_did_not_move_leaves_no_entry(adam):
    reorder(places={}, by=adam)
    assert log() == []


def test_the_end_of_a_log_is_linked_to_what_stands_before_it(rana):
    for number in range(3):
        register(record=body(f"body-{number}"), by=rana)
    first, second, third = models.LedgerEntry.objects.order_by("seq")
    assert (first.seq, first.prev) == (1, "0" * 64)
    assert (second.prev, third.prev) == (first.hash, second.hash)
    assert verify(lines())[::3] == (3, None)


def test_the_log_names_what_belongs_to_a_plan_behind_the_code_of_the_plan(rana):
    commitment = CommitmentFactory(code="I.1a", provision__category__plan__code="vellmark-2030")
    right = commitment.provision.category
    assert subject_of(right) == f"category vellmark-2030/{right.code}"
    assert subject_of(commitment) == "commitment vellmark-2030/I.1a"
    assert subject_of(commitment.metric) == f"metric {commitment.metric.code}"
    assert subject_of(commitment.plan) == "plan vellmark-2030"


@pytest.mark.both_databases
def test_the_log_has_the_role_and_nowhere_the_name(edith, rana, anna, adam):
    chief = StaffFactory(username="chief", is_superuser=True)
    nobody = StaffFactory(username="nobody")
    both = StaffFactory(username="both", role="editor")
    both.groups.add(Group.objects.get(name="administrator"))
    compiler, checker = (get_user_model().objects.get(username=name) for name in (COMPILER, CHECKER))
    people = [edith, rana, anna, adam, chief, nobody, both, compiler, checker]
    for number, person in enumerate(people):
        register(record=body(f"body-{number}"), by=person)
    assert [role for _action, _subject, role in log()] == [
        "editor", "reviewer", "analyst", "administrator", "administrator", "staff", "administrator", "seed-compiler",
        "seed-checker",
    ]  # fmt: skip
    written = " ".join(str(value) for entry in models.LedgerEntry.objects.values() for value in entry.values())
    assert not any(person.username in written for person in people[:7] if person.username != "nobody")


@pytest.mark.both_databases
def test_relations_are_written_with_the_record(rana):
    provision, group = ProvisionFactory(), BeneficiaryGroupFactory(code="children")
    record = CommitmentFactory.build(provision=provision, plan=provision.plan, metric=MetricFactory())
    register(record=record, by=rana, relations={"groups": [group]})
    assert list(models.Commitment.objects.get().groups.all()) == [group]
    assert texts()[0]["groups"] == ["children"]


def test_a_record_that_is_not_valid_is_refused_by_field_and_nothing_is_written(rana):
    with pytest.raises(ValidationError) as error:
        register(record=body("Mill Watch", why="", side="left"), by=rana)
    assert error.value.message_dict == {
        "code": ["Use small letters, digits and single hyphens, such as rural-tap-water."],
        "why": ["This field cannot be blank."],
        "side": ["“left” is none of the words here: official, un, independent, unknown."],
    }
    assert not models.Body.objects.exists()
    assert log() == []


def test_a_code_that_another_record_has_is_refused(rana):
    register(record=body(), by=rana)
    with pytest.raises(ValidationError, match="Body with this Code already exists"):
        register(record=body(), by=rana)
    assert models.Body.objects.count() == 1
    assert len(log()) == 1


@pytest.mark.parametrize(
    "factory",
    [
        *(AdherenceFactory, BaselineFigureFactory, BeneficiaryGroupFactory, BodyFactory, CategoryFactory),
        *(CommitmentFactory, InstrumentFactory, MetricFactory, NormFactory, NormLinkFactory, PlanFactory),
        *(ProvisionFactory, SourceFactory),
    ],
)
def test_no_amendment_changes_a_code(edith, factory):
    with pytest.raises(ValidationError, match=r"A code is permanent\."):
        amend(record=factory(), changes={"code": "other"}, reason="Shorter.", by=edith)
    assert not models.Update.objects.exists()


@pytest.mark.both_databases
def test_when_the_log_entry_cannot_be_written_the_record_is_not_written_either():
    with pytest.raises(AttributeError):
        register(record=body(), by=None)
    assert not models.Body.objects.exists()
    assert log() == []


@pytest.mark.both_databases
def test_when_a_relation_cannot_be_written_neither_record_nor_log_entry_is(rana):
    provision = ProvisionFactory()
    record = CommitmentFactory.build(provision=provision, plan=provision.plan, metric=MetricFactory())
    with pytest.raises(InvalidRecords):
        register(record=record, by=rana, relations={"beside": [MetricFactory(state="Osmarra")]})
    assert not models.Commitment.objects.exists()
    assert log() == []


@pytest.mark.both_databases
def test_when_what_surrounds_it_fails_the_record_and_its_log_entry_go_together(rana):
    @transaction.atomic
    def act_and_fail():
        register(record=body(), by=rana)
        assert len(log()) == 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        act_and_fail()
    assert not models.Body.objects.exists()
    assert log() == []


@pytest.mark.both_databases
def test_many_records_are_written_in_order_with_one_log_entry_each(rana):
    group, lake = BeneficiaryGroupFactory(), BodyFactory()
    provision, metric = ProvisionFactory(code="I.1", category__plan__code="vellmark"), MetricFactory()
    build = {"provision": provision, "plan": provision.plan, "metric": metric}
    records = [
        (CommitmentFactory.build(code="I.1b", **build), {"groups": [group]}),
        (CommitmentFactory.build(code="I.1a", **build), {"groups": [group], "bodies": [lake]}),
        (CommitmentFactory.build(code="I.1c", **build), {}),
    ]
    register_all(records=records, by=rana)
    assert log() == [("register", f"commitment vellmark/I.1{letter}", "reviewer") for letter in "bac"]
    found = {c.code: (c.groups.count(), c.bodies.count()) for c in models.Commitment.objects.all()}
    assert found == {"I.1b": (1, 0), "I.1a": (1, 1), "I.1c": (0, 0)}


def test_many_records_and_one_are_checked_alike(rana):
    wrong = {"level": "top", "rule": "judge", "title": "t" * 91, "deadline_basis": "standing"}
    with pytest.raises(ValidationError) as one:
        register(record=_commitment(**wrong), by=rana)
    with pytest.raises(InvalidRecords) as many:
        register_all(records=[(_commitment(**wrong), {})], by=rana)
    ((_record, error),) = many.value.problems
    assert error.message_dict.keys() == one.value.message_dict.keys() == {"__all__", "level", "title"}
    assert set(error.message_dict["__all__"]) >= set(one.value.message_dict["__all__"])


def _commitment(**values):
    provision = ProvisionFactory()
    return CommitmentFactory.build(provision=provision, plan=provision.plan, metric=MetricFactory(), **values)


def test_of_many_records_all_that_are_wrong_are_named_and_nothing_is_written(rana):
    good, blank, wrong = body("good"), body("blank", why=""), body("Not good", kind="club")
    with pytest.raises(InvalidRecords, match="2 records are not valid") as error:
        register_all(records=[(good, {}), (blank, {}), (wrong, {})], by=rana)
    assert [(record, set(problem.message_dict)) for record, problem in error.value.problems] == [
        (blank, {"why"}),
        (wrong, {"code", "kind", "__all__"}),
    ]
    assert not models.Body.objects.exists()
    assert log() == []


@pytest.mark.both_databases
def test_when_one_of_many_is_there_already_none_is_written(rana):
    register(record=body(), by=rana)
    with pytest.raises(IntegrityError), transaction.atomic():
        register_all(records=[(body("other"), {}), (body(), {})], by=rana)
    assert [b.code for b in models.Body.objects.all()] == ["mill-watch"]
    assert len(log()) == 1


@pytest.mark.both_databases
def test_when_the_log_entries_of_many_cannot_be_written_no_record_is():
    with pytest.raises(AttributeError):
        register_all(records=[(body(), {})], by=None)
    assert not models.Body.objects.exists()


def test_no_records_make_no_log_entry(rana):
    register_all(records=[], by=rana)
    assert log() == []


def test_actions_take_no_positional_arguments(rana):
    with pytest.raises(TypeError):
        register(body(), rana)
    with pytest.raises(TypeError):
        register_all([(body(), {})], rana)
    assert not models.Body.objects.exists()


def test_nobody_signed_in_changes_nothing():
    with pytest.raises((ValidationError, PermissionError, ValueError, TypeError)):
        register(record=body(), by=AnonymousUser())
    assert not models.Body.objects.exists()


@pytest.mark.parametrize("factory", [CategoryFactory, ProvisionFactory])
def test_the_plan_and_the_place_of_a_record_are_no_matter_of_amendments(edith, factory):
    for name in ("plan", "order"):
        with pytest.raises(ValidationError, match=f"This record has no {name}."):
            amend(record=factory(), changes={name: PlanFactory().code}, reason="Moved.", by=edith)
    assert log() == []
