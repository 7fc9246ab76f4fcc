"""The rules of what promises rest on: the database refuses what breaks one, and people are told in a sentence."""

import datetime

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from .factories import (
    AdherenceFactory,
    BaselineFigureFactory,
    CategoryFactory,
    CommitmentFactory,
    InstrumentFactory,
    NormFactory,
    NormLinkFactory,
    PlanFactory,
    RecommendationFactory,
    RecommendationLinkFactory,
)

pytestmark = pytest.mark.django_db

NUMBER = "A figure has a number, bound, unit, nature and making; an act has none."
CHOICE = "is none of the words here"
DATE = "A date has a precision: day, month or year."


def act(**values):
    """Something done, as an earlier document reported it."""
    return BaselineFigureFactory(act=True, **values)


BROKEN = [
    ("baseline_number_by_form", BaselineFigureFactory, {"value": None}, NUMBER),
    ("baseline_number_by_form", BaselineFigureFactory, {"unit": ""}, NUMBER),
    ("baseline_number_by_form", BaselineFigureFactory, {"bound": ""}, NUMBER),
    ("baseline_number_by_form", BaselineFigureFactory, {"as_published": ""}, NUMBER),
    ("baseline_number_by_form", BaselineFigureFactory, {"nature": ""}, NUMBER),
    ("baseline_number_by_form", BaselineFigureFactory, {"how": ""}, NUMBER),
    ("baseline_number_by_form", BaselineFigureFactory, {"form": "rumour"}, CHOICE),
    ("baseline_number_by_form", act, {"value": 4}, NUMBER),
    ("baseline_number_by_form", act, {"unit": "wells"}, NUMBER),
    ("baseline_precision_known", act, {"precision": "hour"}, CHOICE),
    ("baseline_period_runs_forward", act, {"starts_on": datetime.date(2026, 1, 1)}, "A period ends after it starts."),
    ("baseline_same_series_has_note", BaselineFigureFactory, {"same_series": True}, "says why it is one"),
    ("instrument_kind_known", InstrumentFactory, {"kind": "poem"}, CHOICE),
    ("adherence_known", AdherenceFactory, {"participation": "friend"}, CHOICE),
    ("adherence_date_has_precision", AdherenceFactory, {"precision": "day"}, DATE),
    ("adherence_date_has_precision", AdherenceFactory, {"since": datetime.date(1992, 3, 2)}, DATE),
    ("recommendation_mechanism_known", RecommendationFactory, {"mechanism": "rumour"}, CHOICE),
    ("recommendation_reply_known", RecommendationFactory, {"reply": "refused"}, CHOICE),
    ("recommendation_reply_known", RecommendationFactory, {"reply_words": "Accepted"}, "Without one, nothing is said"),
    (
        "recommendation_reply_known",
        RecommendationFactory,
        {"reply_symbol": "A/HRC/99/6"},
        "Without one, nothing is said",
    ),
]
cases = pytest.mark.parametrize(("constraint", "make", "spoil", "sentence"), BROKEN)


@pytest.mark.both_databases
@cases
def test_the_database_refuses(constraint, make, spoil, sentence):
    record = make()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        type(record).objects.filter(pk=record.pk).update(**spoil)


@cases
def test_people_are_told_in_a_sentence(constraint, make, spoil, sentence):
    record = make()
    record.full_clean()
    for name, value in spoil.items():
        setattr(record, name, value)
    with pytest.raises(ValidationError) as refused:
        record.full_clean()
    assert sentence in " ".join(refused.value.messages)


def test_every_check_is_tried_here():
    found = {
        check.name
        for model in apps.get_app_config("tracker").get_models()
        for check in model._meta.constraints
        if isinstance(check, models.CheckConstraint)
        and check.name.startswith(("baseline_", "instrument_", "adherence_", "recommendation_"))
    }
    assert found == {case[0] for case in BROKEN}


@pytest.mark.both_databases
def test_0_is_a_value():
    BaselineFigureFactory(value=0, as_published="no").full_clean()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"category": lambda: CategoryFactory()}, "category"),
        ({"quote": lambda: "one " * 26}, "quote"),
        ({"citations": lambda: [{"source": "x", "differs": "smell", "said": "many"}]}, "citations"),
        ({"citations": lambda: [{"source": "x", "said": "many wells"}]}, "citations"),
        ({"citations": lambda: [{"source": "x", "differs": "rounding"}]}, "citations"),
        ({"citations": lambda: [{"source": "x", "differs": "wording", "said": "one " * 26}]}, "citations"),
    ],
)
def test_what_no_constraint_can_see_is_refused_by_field(change, field):
    record = BaselineFigureFactory()
    for name, value in change.items():
        setattr(record, name, value())
    with pytest.raises(ValidationError) as refused:
        record.full_clean()
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (lambda: NormFactory(code="ELSEWHERE-1"), "code"),
        (lambda: NormLinkFactory(code="I.1.1a"), "code"),
        (lambda: NormLinkFactory(plan=PlanFactory(), commitment=CommitmentFactory()), "commitment"),
        (lambda: RecommendationFactory(code="A-HRC-99-6"), "code"),
        (lambda: RecommendationFactory(recommended_by="Osmarra"), "recommended_by"),
        (lambda: RecommendationFactory(themes=[""]), "themes"),
        (lambda: RecommendationLinkFactory(code="I.1.1a"), "code"),
        (lambda: RecommendationLinkFactory(plan=PlanFactory(), commitment=CommitmentFactory()), "commitment"),
        (lambda: RecommendationLinkFactory(recommendation__state="Osmarra"), "recommendation"),
    ],
)
def test_codes_and_plans_fit_one_another(record, field):
    with pytest.raises(ValidationError) as refused:
        record().full_clean()
    assert field in refused.value.message_dict
