"""What something else rests on keeps its measure: metrics that commitments name, plans that hold deadlines."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from .factories import CommitmentFactory, MetricFactory, UpdateFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def refusal(record, **values):
    """What ``full_clean`` says by field once these values are set."""
    for name, value in values.items():
        setattr(record, name, value)
    with pytest.raises(ValidationError) as error:
        record.full_clean()
    return error.value.message_dict


def test_a_metric_in_use_keeps_its_shape_and_the_rungs_that_are_named():
    metric = MetricFactory(ladder=True)
    bare = {"comparator": "", "target_value": None, "target_rung": "adopted"}
    CommitmentFactory(kind="law", rule="milestone", metric=metric, **bare)
    metric.rungs = ["drafted", "adopted"]
    metric.full_clean()
    assert refusal(metric, rungs=["drafted", "in force"])["rungs"] == ["The stage “adopted” is in use and stays."]
    number = CommitmentFactory().metric
    into_ladder = {"shape": "ladder", "nature": "", "unit": "", "decimals": None, "lag_months": None, "rungs": ["a"]}
    assert refusal(number, **into_ladder)["shape"] == ["The metric is in use: its shape stays."]
    unused = MetricFactory()
    for name, value in into_ladder.items():
        setattr(unused, name, value)
    unused.full_clean()


def test_the_period_of_a_plan_is_not_cut_past_a_deadline():
    plan = CommitmentFactory(code="C.1a").plan
    cut = "The deadline of C.1a would lie outside the plan's period."
    assert refusal(plan, ends_on=datetime.date(2030, 12, 30))["ends_on"] == [cut]
    later = {"starts_on": datetime.date(2031, 1, 1), "ends_on": datetime.date(2032, 1, 1)}
    assert refusal(plan, **later)["starts_on"] == [cut]
    plan.starts_on, plan.ends_on = datetime.date(2026, 1, 1), datetime.date(2031, 12, 31)
    plan.full_clean()


def test_a_rung_that_somebody_recorded_stays_too():
    metric = MetricFactory(ladder=True)
    bare = {"value": None, "bound": "", "fits": "", "how": ""}
    UpdateFactory(what="rung", metric=metric, rung="drafted", **bare)
    assert refusal(metric, rungs=["adopted"])["rungs"] == ["The stage “drafted” is in use and stays."]
