"""The rules of the registry: the database itself refuses what breaks one, and people are told in a sentence."""

import datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from hrplan.urls import urlpatterns
from tracker.actions import registry
from tracker.models import NUMBER_RULES, RULES_BY_KIND, Commitment, Form, Kind, Rule

from .factories import (
    BodyFactory,
    CategoryFactory,
    CommitmentFactory,
    MetricFactory,
    PlanFactory,
    ProvisionFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db

END = datetime.date(2030, 12, 31)
CHOICE = "is none of the words here"
TARGET = "A rule about a number has a target and a comparator"
METRIC = "A rule about a number, a stage or a direction has a metric; a judged or standing one has none."
ABOUT = "“About” has a tolerance above 0, and only a rule with a number has one."
PERIOD = "A school or fiscal year has the month in which it ends, a term its years, and both say why."
STANDING = "A standing duty has a standing deadline, and nothing else has one."
RUNG = "A milestone has a target stage, and nothing else has one."
SHAPE = "A number has a nature, a unit and decimals, and no stages; what has stages has no others."
NUMBER = "A number needs this."


def judged(**values):
    """A commitment judged against its test."""
    bare = {"metric": None, "comparator": "", "target_value": None}
    return CommitmentFactory(kind="programme", rule="judge", **bare | values)


def duty(**values):
    """A standing duty."""
    bare = {"metric": None, "comparator": "", "target_value": None}
    return CommitmentFactory(kind="safeguard", rule="uphold", deadline_basis="standing", **bare | values)


def milestone(**values):
    """A commitment to reach a rung."""
    bare = {"comparator": "", "target_value": None, "target_rung": "adopted"}
    return CommitmentFactory(kind="law", rule="milestone", metric=MetricFactory(ladder=True), **bare | values)


def direction(**values):
    """A commitment to move upwards."""
    return CommitmentFactory(kind="aim", rule="direction", comparator=">", target_value=None, **values)


def ladder(**values):
    """A metric that is a ladder."""
    return MetricFactory(ladder=True, **values)


reach = CommitmentFactory
# constraint, a valid record, what to spoil, the sentence for people
BROKEN = [
    ("plan_period_runs_forward", PlanFactory, {"ends_on": datetime.date(2025, 12, 31)}, "A plan ends after it starts."),
    ("plan_period_runs_forward", PlanFactory, {"ends_on": datetime.date(2026, 1, 1)}, "A plan ends after it starts."),
    ("plan_precision_known", PlanFactory, {"published_precision": "hour"}, CHOICE),
    ("plan_findings_used_were_read", PlanFactory, {"findings_read": 4}, "Findings that are used were read"),
    ("plan_findings_used_were_read", PlanFactory, {"findings_used": 4}, "Findings that are used were read"),
    ("plan_findings_used_were_read", PlanFactory, {"findings_read": 4, "findings_used": 5}, "Findings that are used"),
    ("provision_form_known", ProvisionFactory, {"form": "footnote"}, CHOICE),
    ("provision_has_category", ProvisionFactory, {"category": None}, "Only an objective may stand outside the plan's"),
    ("body_kind_known", BodyFactory, {"kind": "club"}, CHOICE),
    ("body_side_known", BodyFactory, {"side": "left"}, CHOICE),
    # an unknown shape breaks both, and each database names another of them first
    ("metric_shape_known|metric_number_has_unit_and_nature", MetricFactory, {"shape": "circle"}, CHOICE),
    ("metric_number_has_unit_and_nature", MetricFactory, {"unit": ""}, NUMBER),
    ("metric_number_has_unit_and_nature", MetricFactory, {"nature": ""}, NUMBER),
    ("metric_number_has_unit_and_nature", MetricFactory, {"decimals": None}, NUMBER),
    ("metric_number_has_unit_and_nature", MetricFactory, {"rungs": ["drafted"]}, SHAPE),
    ("metric_number_has_unit_and_nature", ladder, {"rungs": []}, "A ladder needs its stages."),
    ("metric_number_has_unit_and_nature", ladder, {"unit": "percent"}, SHAPE),
    ("metric_number_has_unit_and_nature", ladder, {"nature": "flow"}, SHAPE),
    ("metric_number_has_unit_and_nature", ladder, {"decimals": 0}, SHAPE),
    ("metric_period_is_whole", MetricFactory, {"period": "moon"}, CHOICE),
    ("metric_period_is_whole", MetricFactory, {"period_ends": 8}, PERIOD),
    ("metric_period_is_whole", MetricFactory, {"period": "school_year", "period_because": "Schools say so."}, PERIOD),
    ("metric_period_is_whole", MetricFactory, {"period": "school_year", "period_ends": 8}, PERIOD),
    ("metric_period_is_whole", MetricFactory, {"period": "term", "period_because": "It is elected."}, PERIOD),
    ("metric_period_is_whole", MetricFactory, {"period": "term", "term_years": 5}, PERIOD),
    ("commitment_rule_fits_kind", reach, {"kind": "law"}, "This kind of commitment does not allow this rule."),
    ("commitment_rule_fits_kind", judged, {"kind": "aims"}, CHOICE),
    ("commitment_level_known", reach, {"level": "top"}, CHOICE),
    ("commitment_target_with_number_rule", reach, {"target_value": None}, TARGET),
    ("commitment_target_with_number_rule", reach, {"comparator": ""}, TARGET),
    ("commitment_target_with_number_rule", reach, {"comparator": "="}, CHOICE),
    ("commitment_target_with_number_rule", direction, {"target_value": Decimal(5)}, TARGET),
    ("commitment_target_with_number_rule", direction, {"comparator": "≥"}, TARGET),
    ("commitment_target_with_number_rule", direction, {"comparator": ""}, TARGET),
    ("commitment_target_with_number_rule", judged, {"target_value": Decimal(5)}, TARGET),
    ("commitment_target_with_number_rule", duty, {"comparator": "≥"}, TARGET),
    ("commitment_target_with_number_rule", milestone, {"target_value": Decimal(5)}, TARGET),
    ("commitment_metric_with_measured_rule", reach, {"metric": None}, METRIC),
    ("commitment_metric_with_measured_rule", milestone, {"metric": None}, METRIC),
    ("commitment_metric_with_measured_rule", direction, {"metric": None}, METRIC),
    ("commitment_metric_with_measured_rule", judged, {"metric": MetricFactory}, METRIC),
    ("commitment_metric_with_measured_rule", duty, {"metric": MetricFactory}, METRIC),
    ("commitment_rung_with_milestone", milestone, {"target_rung": ""}, RUNG),
    ("commitment_rung_with_milestone", reach, {"target_rung": "adopted"}, RUNG),
    ("commitment_rung_with_milestone", judged, {"target_rung": "adopted"}, RUNG),
    ("commitment_tolerance_with_about", reach, {"comparator": "≈"}, ABOUT),
    ("commitment_tolerance_with_about", reach, {"comparator": "≈", "tolerance": Decimal(0)}, ABOUT),
    ("commitment_tolerance_with_about", reach, {"comparator": "≈", "tolerance": Decimal(-1)}, ABOUT),
    ("commitment_tolerance_with_about", reach, {"tolerance": Decimal(-1)}, ABOUT),
    ("commitment_tolerance_with_about", judged, {"tolerance": Decimal(1)}, ABOUT),
    ("commitment_change_has_base_date", reach, {"rule": "change"}, "A change is counted from a base date."),
    ("commitment_standing_is_upheld", duty, {"deadline_basis": "period_end"}, STANDING),
    ("commitment_standing_is_upheld", reach, {"deadline_basis": "standing"}, STANDING),
    ("commitment_standing_is_upheld", reach, {"deadline_basis": "never"}, CHOICE),
]
OWN_PARENT = "category_not_its_own_parent"  # needs the key of the record, so it has a test of its own
ELSEWHERE = (
    *("source_", "update_", "assessment_", "evidence_", "ledger_"),  # tests/test_models_progress.py
    *("baseline_", "instrument_", "adherence_", "recommendation_"),  # tests/test_models_foundations.py
    *("assignment_", "redaction_"),  # tests/test_assignments.py, tests/test_redaction.py
    "report_",  # tests/test_reports_of_readers.py
    "preparation_",  # tests/test_preparation.py
)
cases = pytest.mark.parametrize(
    ("constraint", "make", "spoil", "sentence"),
    BROKEN,
    ids=[f"{number} {case[0]}" for number, case in enumerate(BROKEN)],
)


def spoilt(make, spoil):
    """A valid record, and the values that break one rule of it."""
    record = make()
    record.full_clean()
    return record, {name: value() if callable(value) else value for name, value in spoil.items()}


@pytest.mark.both_databases
@cases
def test_the_database_refuses_an_update_that_goes_round_the_checks(constraint, make, spoil, sentence):
    record, values = spoilt(make, spoil)
    rows = type(record).objects.filter(pk=record.pk)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        rows.update(**values)
    name = next(iter(values))
    assert getattr(rows.get(), name) == getattr(record, name)


@cases
def test_the_database_refuses_a_new_row_that_goes_round_the_checks(constraint, make, spoil, sentence):
    record, values = spoilt(make, spoil)
    record.pk, record.code = None, "x"
    record._state.adding = True
    for name, value in values.items():
        setattr(record, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        type(record).objects.bulk_create([record])
    assert not type(record).objects.filter(code="x").exists()


@cases
def test_people_are_told_in_a_sentence(constraint, make, spoil, sentence):
    record, values = spoilt(make, spoil)
    for name, value in values.items():
        setattr(record, name, value)
    with pytest.raises(ValidationError) as error:
        record.full_clean()
    assert any(sentence in message for message in error.value.messages), error.value.messages
    with pytest.raises(ValidationError) as quick:  # as the loader asks, without the database where it can
        registry.check(record=record, known_references=True)
    assert any(sentence in message for message in quick.value.messages), quick.value.messages


@pytest.mark.both_databases
def test_a_category_is_not_its_own_parent():
    category = CategoryFactory()
    with pytest.raises(IntegrityError, match=OWN_PARENT), transaction.atomic():
        type(category).objects.filter(pk=category.pk).update(parent=category.pk)
    new = CategoryFactory.build(pk=category.pk + 1000, plan=category.plan, parent_id=category.pk + 1000)
    with pytest.raises(IntegrityError, match=OWN_PARENT), transaction.atomic():
        type(category).objects.bulk_create([new])
    category.parent = category
    with pytest.raises(ValidationError, match="A category cannot be its own parent"):
        category.full_clean()


def constraints(kind):
    return [c for m in apps.get_app_config("tracker").get_models() for c in m._meta.constraints if isinstance(c, kind)]


def test_every_check_of_the_models_is_tried_here_and_has_a_sentence_of_its_own():
    checks = [check for check in constraints(models.CheckConstraint) if not check.name.startswith(ELSEWHERE)]
    assert {check.name for check in checks} == {name for case in BROKEN for name in case[0].split("|")} | {OWN_PARENT}
    assert all(check.violation_error_message != check.default_violation_error_message for check in checks)


@pytest.mark.parametrize("rule", Rule.values)
@pytest.mark.parametrize("kind", Kind.values)
def test_a_kind_allows_its_rules_and_no_others(kind, rule):
    make = {"judge": judged, "uphold": duty, "milestone": milestone, "direction": direction}.get(rule, reach)
    record = make(**{"base_date": datetime.date(2025, 12, 31), "rule": rule} if rule in NUMBER_RULES else {})
    rows = Commitment.objects.filter(pk=record.pk)
    if rule in RULES_BY_KIND[kind]:
        assert rows.update(kind=kind) == 1
        rows.get().full_clean()
    else:
        with pytest.raises(IntegrityError, match="commitment_rule_fits_kind"), transaction.atomic():
            rows.update(kind=kind)


@pytest.mark.both_databases
@pytest.mark.parametrize("factory", [CategoryFactory, ProvisionFactory, CommitmentFactory])
def test_a_code_stands_once_in_a_plan_and_may_stand_in_another(factory):
    record = factory(code="I1a")
    twin = factory(code="I1a")
    assert twin.plan != record.plan
    with pytest.raises(IntegrityError), transaction.atomic():
        type(record).objects.filter(pk=twin.pk).update(plan=record.plan)
    twin.plan = record.plan
    with pytest.raises(ValidationError, match="with this Plan and Code already exists"):
        twin.full_clean()


@pytest.mark.both_databases
@pytest.mark.parametrize("factory", [BodyFactory, PlanFactory, MetricFactory])
def test_a_shared_code_stands_once(factory):
    record = factory()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(record).objects.filter(pk=factory().pk).update(code=record.code)


def refusal(record, **values):
    """What ``full_clean`` says by field once these values are set."""
    for name, value in values.items():
        setattr(record, name, value)
    with pytest.raises(ValidationError) as error:
        record.full_clean()
    return error.value.message_dict


@pytest.mark.parametrize(
    ("make", "values", "field", "sentence"),
    [
        (reach, {"provision": ProvisionFactory}, "provision", "The provision belongs to another plan."),
        (reach, {"metric": ladder}, "metric", "A milestone is read off stages, and every other rule off a number."),
        (
            milestone,
            {"metric": MetricFactory},
            "metric",
            "A milestone is read off stages, and every other rule off a",
        ),
        (milestone, {"target_rung": "signed"}, "target_rung", "The metric has no such stage."),
        (reach, {"deadline": datetime.date(2031, 1, 1)}, "deadline", "The deadline lies outside the plan's period."),
        (reach, {"deadline": datetime.date(2025, 12, 31)}, "deadline", "The deadline lies outside the plan's period."),
        (reach, {"deadline": datetime.date(2030, 12, 30)}, "deadline", "A deadline that the text does not state is"),
        (reach, {"base_date": END}, "base_date", "The base date lies before the deadline."),
        (reach, {"quote": "word " * 25 + "word"}, "quote", "The quote has 26 words; 25 are the most."),
        (reach, {"quote": " . "}, "quote", "Write this on one line, without blanks before or after it."),
        (reach, {"quote": "…"}, "quote", "The quote has no words."),
        (reach, {"test": "Kept if\nso."}, "test", "Write this on one line, without blanks before or after it."),
        (reach, {"target_value": Decimal("1234567890.123456")}, "target_value", "A number has 15 digits at most."),
        (reach, {"code": "Z.9a"}, "code", "The code is that of its paragraph, P."),
        (MetricFactory, {"decimals": 7}, "decimals", "Ensure this value is less than or equal to 6."),
        (MetricFactory, {"lag_months": 121}, "lag_months", "Ensure this value is less than or equal to 120."),
        (PlanFactory, {"code": "data"}, "code", "“data” is an address of this site; take another code."),
        (ladder, {"rungs": ["adopted", "in\nforce"]}, "rungs", "Write this on one line, without blanks before"),
        (reach, {"title": "t" * 91}, "title", "Ensure this value has at most 90 characters (it has 91)."),
        (reach, {"code": "I/1"}, "code", "Use letters and digits, with single full stops between them."),
        (reach, {"code": "I.1a\n"}, "code", "Use letters and digits, with single full stops between them."),
        (BodyFactory, {"code": "a--b"}, "code", "Use small letters, digits and single hyphens"),
        (ladder, {"rungs": ["adopted", "adopted"]}, "rungs", "Each stage is named once."),
        (ladder, {"rungs": ["adopted", " "]}, "rungs", "Stages are a list of words."),
        (ladder, {"rungs": "adopted"}, "rungs", "Stages are a list of words."),
        (ladder, {"rungs": [1, 2]}, "rungs", "Stages are a list of words."),
        (PlanFactory, {"texts": ["https://a.example"]}, "texts", "Write each as “language: address”, such as"),
        (ProvisionFactory, {"other_figures": ["1998"]}, "other_figures", "Write each as “figure: reason”, such as"),
        (
            ProvisionFactory,
            {"other_figures": {"1998": "x"}},
            "other_figures",
            "Write each as “figure: reason”, such as",
        ),
    ],
)
def test_what_no_constraint_can_see_is_refused_with_a_sentence_at_its_field(make, values, field, sentence):
    values = {name: value() if callable(value) else value for name, value in values.items()}
    assert refusal(make(), **values)[field][0].startswith(sentence)


def test_what_is_just_allowed_is_allowed():
    CommitmentFactory(quote="word " * 24 + "word", title="t" * 90).full_clean()
    CommitmentFactory(deadline=datetime.date(2026, 1, 1), deadline_basis="stated").full_clean()
    CommitmentFactory(comparator="≈", tolerance=Decimal("0.000001")).full_clean()
    ProvisionFactory(form=Form.OBJECTIVE, category=None, plan=PlanFactory()).full_clean()
    ProvisionFactory(other_figures=["2020: year of a law", "3 × 16: name of a programme"]).full_clean()


@pytest.mark.parametrize("code", ["C.1", "C.1A", "C.11a", "C.1a1", "C.1.a"])
def test_the_code_of_a_promise_is_that_of_its_paragraph_and_letters(code):
    record = CommitmentFactory(code="C.1ab")
    record.full_clean()
    sentence = "The code is that of its paragraph, C.1, and a letter."
    assert refusal(record, code=code)["code"] == [sentence]


RESERVED = "about corrections plans metrics norms bodies sources method admin desk ledger api data healthz feeds files"
RESERVED += " static cards embed oembed glossary search recommendations livez readyz prometheus"


@pytest.mark.parametrize("code", RESERVED.split())
def test_a_plan_takes_no_address_of_the_site(code):
    assert "code" in refusal(PlanFactory(), code=code)


def test_every_first_part_of_an_address_of_the_site_is_reserved():
    first = {str(pattern.pattern).split("/")[0] for pattern in urlpatterns}
    assert {part for part in first if part.isalpha()} <= set(RESERVED.split())


def test_the_parents_of_a_right_above_its_parent_do_not_lead_back_to_it():
    top = CategoryFactory()
    middle = CategoryFactory(plan=top.plan, parent=top)
    low = CategoryFactory(plan=top.plan, parent=middle)
    assert refusal(top, parent=low, order=low.order + 1)["parent"] == ["The parents would run in a circle."]


def test_a_quote_has_one_word_at_least():
    assert "quote" in refusal(CommitmentFactory(), quote="   ")


def test_a_provision_stands_in_a_right_of_its_own_plan():
    assert "category" in refusal(ProvisionFactory(), category=CategoryFactory())


def test_a_right_stands_in_a_right_of_its_own_plan():
    assert "parent" in refusal(CategoryFactory(), parent=CategoryFactory())


def test_the_parents_of_a_right_do_not_run_in_a_circle():
    chapter = CategoryFactory()
    section = CategoryFactory(plan=chapter.plan, parent=chapter)
    assert "parent" in refusal(chapter, parent=section)


def test_the_parent_of_a_right_stands_before_it():
    chapter = CategoryFactory()
    later = CategoryFactory(plan=chapter.plan)
    assert "parent" in refusal(chapter, parent=later)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("ftp://files.vellmark.example/report.pdf", "This is no address of the web"),
        ("javascript:alert(1)", "This is no address of the web"),
        ("https://edith:secret@vellmark.example/", "This address has a name or a password before its host"),
        ("https://edith@vellmark.example/", "This address has a name or a password before its host"),
    ],
)
@pytest.mark.parametrize("field", ["address", "archived"])
def test_a_source_leads_to_the_web_and_holds_nobodys_password(db, field, address, sentence):
    source = SourceFactory.build(publisher=BodyFactory(), **{field: address})
    with pytest.raises(ValidationError) as refused:
        source.clean_fields()
    assert [sentence in words for words in refused.value.message_dict[field]] == [True]
    setattr(source, field, "https://vellmark.example/@edith?x=a@b")
    source.clean_fields()
