"""Records of an invented country, each valid by itself."""

import datetime

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from tracker import models


class StaffFactory(factory.django.DjangoModelFactory):
    """A member of staff with one role."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"staff-{n}")
    is_staff = True

    @factory.post_generation
    def role(self, create, extracted, **kwargs):
        if extracted:
            self.groups.add(Group.objects.get(name=extracted))


class BodyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Body

    code = factory.Sequence(lambda n: f"body-{n}")
    name = factory.Sequence(lambda n: f"Body {n} of Vellmark")
    kind = models.BodyKind.GOVERNMENT
    side = models.Side.OFFICIAL
    why = "Part of the State that made the plan."


class PlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Plan

    code = factory.Sequence(lambda n: f"plan-{n}")
    title = factory.Sequence(lambda n: f"Plan {n} of Vellmark")
    short_title = factory.Sequence(lambda n: f"Plan {n}")
    publisher = factory.SubFactory(BodyFactory)
    published_on = datetime.date(2026, 2, 3)
    starts_on = datetime.date(2026, 1, 1)
    ends_on = datetime.date(2030, 12, 31)


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Category

    plan = factory.SubFactory(PlanFactory)
    code = factory.Sequence(lambda n: f"C{n}")
    title = "Water"
    short_title = "Water"
    order = factory.Sequence(lambda n: n)


class ProvisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Provision

    category = factory.SubFactory(CategoryFactory)
    plan = factory.SelfAttribute("category.plan")
    code = factory.Sequence(lambda n: f"C.{n}")
    form = models.Form.DASH
    title = "Water supply"
    order = factory.Sequence(lambda n: n)


class MetricFactory(factory.django.DjangoModelFactory):
    """A number; ``ladder=True`` makes it a ladder."""

    class Meta:
        model = models.Metric

    class Params:
        ladder = factory.Trait(
            shape=models.Shape.LADDER,
            nature="",
            unit="",
            decimals=None,
            lag_months=None,
            rungs=["announced", "drafted", "adopted", "in force"],
        )

    code = factory.Sequence(lambda n: f"metric-{n}")
    name = factory.Sequence(lambda n: f"Metric {n}")
    definition = "Homes with a tap, as a share of all homes, at the end of a year."
    shape = models.Shape.NUMBER
    nature = models.Nature.STOCK
    unit = "percent"
    decimals = 1
    statistic = "Village census"
    lag_months = 3


class BeneficiaryGroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.BeneficiaryGroup

    code = factory.Sequence(lambda n: f"group-{n}")
    name = factory.Sequence(lambda n: f"Group {n}")


class CommitmentFactory(factory.django.DjangoModelFactory):
    """A promise to reach a level; ``rule=…`` with its fields makes another."""

    class Meta:
        model = models.Commitment

    provision = factory.SubFactory(ProvisionFactory)
    plan = factory.SelfAttribute("provision.plan")
    code = factory.Sequence(lambda n: f"C.{n}a")
    order = factory.Sequence(lambda n: n)
    title = "Piped water in 88 percent or more of homes"
    quote = "bring piped water to 88 percent or more of village homes"
    test = "Kept if at least 88 percent of homes have piped water at the end of 2030."
    kind = models.Kind.QUANTITY
    level = models.Level.OUTCOME
    rule = models.Rule.REACH
    metric = factory.SubFactory(MetricFactory)
    comparator = models.Comparator.AT_LEAST
    target_value = 88
    deadline = datetime.date(2030, 12, 31)
    deadline_basis = models.DeadlineBasis.PERIOD_END
