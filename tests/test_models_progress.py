"""The rules of sources, updates, findings and evidence: refused by the database, and told in a sentence."""

import datetime

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from tracker.actions import registry
from tracker.models import Assessment, Evidence, LedgerBody, Source, Update

from .factories import (
    AssessmentFactory,
    BodyFactory,
    CategoryFactory,
    CommitmentFactory,
    EvidenceFactory,
    MetricFactory,
    PlanFactory,
    SourceFactory,
    UpdateFactory,
)

pytestmark = pytest.mark.django_db

EYES = "It is published by somebody who wrote nothing of it, changed nothing of it and did not hand it in."
WHY = "What replaces something published says why."
CONTENT = "A value or a stage belongs to a metric, a judgement or a search to a commitment"
WHOLE = "A published value has a number, bound, fit, making and origin."
ADDRESS = "A source has an address, or the reason why none is shown, and not both."
DATED = "A date of publication has a precision: day, month or year."
ABOUT_ONE = "A finding is about one promise or about one right, not both."
ONE_RECORD = "An amendment changes one record, and nothing else names one that is only amended."


def judged():
    """A draft of a judgement."""
    commitment = CommitmentFactory(kind="programme", rule="judge", metric=None, comparator="", target_value=None)
    bare = {"metric": None, "value": None, "bound": "", "fits": "", "how": "", "origin": None}
    return UpdateFactory(what="judgement", commitment=commitment, verdict="done", **bare)


def ladder():
    """A metric that is a ladder."""
    return MetricFactory(ladder=True)


# constraint, a valid record, what to spoil, the sentence for people
WHOLE_FILE = "A file has a hash, a type, a size and a place"
A_FILE = {
    "file_hash": "a" * 64,
    "file_name": "report.pdf",
    "file_type": "application/pdf",
    "file_size": 9,
    "stored": "b",
}
BROKEN = [
    ("source_address_or_reason", SourceFactory, {"address": ""}, ADDRESS),
    ("source_address_or_reason", SourceFactory, {"reason_withheld": "Not confirmed."}, ADDRESS),
    ("source_date_has_precision", SourceFactory, {"published": datetime.date(2026, 1, 1)}, DATED),
    ("source_date_has_precision", SourceFactory, {"published_precision": "day"}, DATED),
    ("update_published_with_four_eyes", UpdateFactory, {"state": "published"}, EYES),
    ("assessment_published_with_four_eyes", AssessmentFactory, {"state": "published"}, EYES),
    ("update_replaces_with_reason", UpdateFactory, {"replaces": UpdateFactory}, WHY),
    ("assessment_replaces_with_reason", AssessmentFactory, {"replaces": AssessmentFactory}, WHY),
    ("update_content_by_what", UpdateFactory, {"commitment": CommitmentFactory}, CONTENT),
    ("update_content_by_what", UpdateFactory, {"rung": "adopted"}, CONTENT),
    ("update_content_by_what", UpdateFactory, {"verdict": "done"}, CONTENT),
    ("update_content_by_what", UpdateFactory, {"what": "rung", "metric": ladder, "rung": "adopted"}, CONTENT),
    ("update_content_by_what", UpdateFactory, {"what": "search"}, CONTENT),
    ("update_content_by_what", UpdateFactory, {"what": "amendment"}, CONTENT),
    ("update_content_by_what", UpdateFactory, {"what": "withdrawal"}, CONTENT),
    ("update_content_by_what", judged, {"metric": MetricFactory}, CONTENT),
    ("update_content_by_what", judged, {"value": 1}, CONTENT),
    ("update_amends_one_record", UpdateFactory, {"plan": PlanFactory}, ONE_RECORD),
    ("update_amends_one_record", UpdateFactory, {"body": BodyFactory}, ONE_RECORD),
    ("update_period_runs_forward", UpdateFactory, {"starts_on": datetime.date(2026, 7, 1)}, "A period ends after it"),
    ("assessment_of_promise_or_right", AssessmentFactory, {"category": CategoryFactory}, ABOUT_ONE),
    (
        "assessment_says_known",
        AssessmentFactory,
        {"says": "maybe"},
        "is none of the words here: kept, partly",
    ),
    ("evidence_of_update_or_assessment", EvidenceFactory, {"update_record": None}, "Evidence supports one update or"),
    ("evidence_of_update_or_assessment", EvidenceFactory, {"assessment": AssessmentFactory}, "Evidence supports one"),
    ("evidence_file_is_whole", EvidenceFactory, {"file_name": "report.pdf"}, WHOLE_FILE),
    ("evidence_file_is_whole", EvidenceFactory, {"file_hash": "a" * 64}, WHOLE_FILE),
    ("evidence_file_is_whole", EvidenceFactory, A_FILE | {"file_size": 0}, WHOLE_FILE),
    ("evidence_file_is_whole", EvidenceFactory, A_FILE | {"stored": ""}, WHOLE_FILE),
]
# need a log entry, so they are tried where rows are published and redacted
ELSEWHERE = {
    *("update_published_value_is_whole", "assessment_published_with_origin", "ledger_body_gone_only_with_reason")
}
cases = pytest.mark.parametrize(
    ("constraint", "make", "spoil", "sentence"),
    BROKEN,
    ids=[f"{number} {case[0]}" for number, case in enumerate(BROKEN)],
)


def spoilt(make, spoil):
    """A valid record with values that break one rule of it."""
    record = make()
    record.full_clean()
    values = {name: value() if callable(value) else value for name, value in spoil.items()}
    for name, value in values.items():
        setattr(record, name, value)
    return record, values


@pytest.mark.both_databases
@cases
def test_the_database_refuses_what_goes_round_the_checks(constraint, make, spoil, sentence):
    record, values = spoilt(make, spoil)
    if constraint.endswith("four_eyes"):  # a trigger sees to that too, where a check can be switched off
        constraint += "|published rows are final and take two people"
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        models.QuerySet(type(record)).filter(pk=record.pk).update(**values)
    record.pk, record._state.adding = None, True
    if hasattr(record, "code"):
        record.code = "x"
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        type(record).objects.bulk_create([record])


@cases
def test_people_are_told_in_a_sentence_by_either_check(constraint, make, spoil, sentence):
    record, _values = spoilt(make, spoil)
    with pytest.raises(ValidationError) as refused:
        record.full_clean()
    assert any(sentence in message for message in refused.value.messages), refused.value.messages
    with pytest.raises(ValidationError) as quick:
        registry.check(record=record, known_references=True)
    assert any(sentence in message for message in quick.value.messages), quick.value.messages


def test_every_check_of_these_models_is_tried_and_has_a_sentence_of_its_own():
    mine = [m for m in apps.get_app_config("tracker").get_models() if m in HERE]
    checks = [c for m in mine for c in m._meta.constraints if isinstance(c, models.CheckConstraint)]
    assert {check.name for check in checks} == {case[0] for case in BROKEN} | ELSEWHERE
    assert all(check.violation_error_message != check.default_violation_error_message for check in checks)


HERE = (Source, Update, Assessment, Evidence, LedgerBody)


@pytest.mark.parametrize(
    ("make", "values", "field", "sentence"),
    [
        (UpdateFactory, {"metric": ladder}, "metric", "This metric is read off as a stage"),
        (UpdateFactory, {"how": "derived"}, "arithmetic", "A derived or converted value shows its arithmetic."),
        (UpdateFactory, {"scope": "a\nb"}, "scope", "Write this on one line, without blanks before or after it."),
        (UpdateFactory, {"value": "1234567890.123456"}, "value", "A number has 15 digits at most."),
        (judged, {"commitment": CommitmentFactory}, "commitment", "This commitment's rule is not judged by staff."),
        (SourceFactory, {"title": "a\rb"}, "title", "Write this on one line, without blanks before or after it."),
        (BodyFactory, {"why": " a"}, "why", "Write this on one line, without blanks before or after it."),
    ],
)
def test_what_no_constraint_can_see_is_refused_with_a_sentence_at_its_field(make, values, field, sentence):
    record, _values = spoilt(make, values)
    with pytest.raises(ValidationError) as error:
        record.full_clean()
    assert error.value.message_dict[field][0].startswith(sentence)


@pytest.mark.parametrize(("precision", "refused"), [("day", True), ("month", False), ("year", False)])
def test_only_a_date_that_lies_in_the_future_as_a_whole_is_refused(precision, refused):
    row = Update(what="search", as_of=datetime.date(2026, 11, 30), precision=precision, reach="limited")
    assert ("as_of" in row.what_it_lacks(on=datetime.date(2026, 11, 29), evidence=())) is refused
    assert "as_of" in row.what_it_lacks(on=datetime.date(2025, 12, 31), evidence=())
