"""Records of an invented country, each valid by itself."""

import datetime
import itertools
import string

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from tracker import models

NUMBERS = itertools.count(1)


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
    state = "Vellmark"
    why = "Part of the State that made the plan."


class PlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Plan

    code = factory.Sequence(lambda n: f"plan-{n}")
    title = factory.Sequence(lambda n: f"Plan {n} of Vellmark")
    short_title = factory.Sequence(lambda n: f"Plan {n}")
    state = "Vellmark"
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


def _code_of_paragraph(provision):
    """The paragraph that a commitment's code names, where the test gives one."""
    code = provision.factory_parent.code
    return code.rstrip(string.ascii_lowercase) if code else f"P.{next(NUMBERS)}"


def _letters(number):
    """a, b, … z, aa, ab, …: the letters of the commitments of a paragraph."""
    return (_letters(number // 26 - 1) if number >= 26 else "") + string.ascii_lowercase[number % 26]


class CommitmentFactory(factory.django.DjangoModelFactory):
    """A promise to reach a level; ``rule=…`` with its fields makes another.

    Paragraph and code fit one another; a code of its own making ends in two letters or more, so that it is new in a
    paragraph of a loaded plan too.
    """

    class Meta:
        model = models.Commitment

    code = None
    provision = factory.SubFactory(ProvisionFactory, code=factory.LazyAttribute(_code_of_paragraph))
    plan = factory.SelfAttribute("provision.plan")
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

    @classmethod
    def _adjust_kwargs(cls, **kwargs):
        kwargs["code"] = kwargs["code"] or f"{kwargs['provision'].code}{_letters(25 + next(NUMBERS))}"
        return kwargs


class SourceFactory(factory.django.DjangoModelFactory):
    """A publication of a body of its own."""

    class Meta:
        model = models.Source

    code = factory.Sequence(lambda n: f"source-{n}")
    publisher = factory.SubFactory(BodyFactory)
    title = factory.Sequence(lambda n: f"Yearbook {n} of Vellmark")
    address = factory.Sequence(lambda n: f"https://vellmark.example/yearbook/{n}")
    language = "en"


class UpdateFactory(factory.django.DjangoModelFactory):
    """A draft of a value."""

    class Meta:
        model = models.Update

    author = factory.SubFactory(StaffFactory)
    edited_by = factory.SelfAttribute("author")
    what = models.What.VALUE
    metric = factory.SubFactory(MetricFactory)
    value = 71
    bound = models.Bound.EXACT
    as_of = datetime.date(2026, 6, 30)
    precision = models.Precision.DAY
    fits = models.Fits.SAME
    how = models.How.REPORTED
    origin = factory.SubFactory(BodyFactory)
    summary = "71 percent of homes had a tap in the middle of 2026."


class AssessmentFactory(factory.django.DjangoModelFactory):
    """A draft of somebody's finding on a promise."""

    class Meta:
        model = models.Assessment

    author = factory.SubFactory(StaffFactory)
    edited_by = factory.SelfAttribute("author")
    commitment = factory.SubFactory(CommitmentFactory)
    origin = factory.SubFactory(BodyFactory)
    says = models.Says.NOTES
    as_of = datetime.date(2026, 6, 30)
    precision = models.Precision.DAY
    summary = "Pipes were laid in some villages."


class EvidenceFactory(factory.django.DjangoModelFactory):
    """A source cited for an update; ``assessment=…, update_record=None`` cites it for a finding."""

    class Meta:
        model = models.Evidence

    update_record = factory.SubFactory(UpdateFactory)
    source = factory.SubFactory(SourceFactory)


class BaselineFigureFactory(factory.django.DjangoModelFactory):
    """A figure of an earlier document; ``act=True`` makes it something done."""

    class Meta:
        model = models.BaselineFigure

    class Params:
        act = factory.Trait(
            form=models.BaselineForm.ACT, value=None, as_published="", bound="", unit="", nature="", how=""
        )

    plan = factory.SubFactory(PlanFactory)
    code = factory.Sequence(lambda n: f"wells-{n}")
    order = factory.Sequence(lambda n: n)
    form = models.BaselineForm.FIGURE
    title = "Wells in use"
    source = factory.SubFactory(SourceFactory)
    place = "II.3"
    quote = "more than 400 wells were in use"
    value = 400
    as_published = "more than 400"
    bound = models.Bound.MORE_THAN
    unit = "wells"
    nature = models.Nature.STOCK
    as_of = datetime.date(2025, 12, 31)
    precision = models.Precision.YEAR
    how = models.How.REPORTED
    citations = factory.LazyAttribute(lambda figure: [{"source": figure.source.code, "place": figure.place}])


class InstrumentFactory(factory.django.DjangoModelFactory):
    """A treaty."""

    class Meta:
        model = models.Instrument

    code = factory.Sequence(lambda n: f"TREATY{n}")
    kind = models.InstrumentKind.TREATY
    title = factory.Sequence(lambda n: f"Treaty {n} of the Lakes")


class NormFactory(factory.django.DjangoModelFactory):
    """An article of a treaty."""

    class Meta:
        model = models.Norm

    instrument = factory.SubFactory(InstrumentFactory)
    number = factory.Sequence(lambda n: f"{n}")
    code = factory.LazyAttribute(lambda norm: f"{norm.instrument.code}-{norm.number}")
    title = "Water for everyone"


class AdherenceFactory(factory.django.DjangoModelFactory):
    """How a State stands to a treaty."""

    class Meta:
        model = models.Adherence

    plan = factory.SubFactory(PlanFactory)
    instrument = factory.SubFactory(InstrumentFactory)
    code = factory.SelfAttribute("instrument.code")
    order = factory.Sequence(lambda n: n)
    participation = models.Participation.PARTY


class NormLinkFactory(factory.django.DjangoModelFactory):
    """A link from a promise to an article."""

    class Meta:
        model = models.NormLink

    commitment = factory.SubFactory(CommitmentFactory)
    plan = factory.SelfAttribute("commitment.plan")
    norm = factory.SubFactory(NormFactory)
    code = factory.LazyAttribute(lambda link: f"{link.commitment.code}-{link.norm.code}")
    order = factory.Sequence(lambda n: n)
    rationale = "The article names a supply of clean water."


class RecommendationFactory(factory.django.DjangoModelFactory):
    """What a review by States recommended, without a reply on record."""

    class Meta:
        model = models.Recommendation

    state = "Vellmark"
    mechanism = models.Mechanism.UPR
    body = factory.SubFactory(BodyFactory)
    symbol = "A/HRC/99/6"
    paragraph = factory.Sequence(lambda n: f"28.{n}")
    code = factory.LazyAttribute(lambda each: models.recommendation_code(each.symbol, each.paragraph))
    published = datetime.date(2027, 3, 2)
    published_precision = models.Precision.DAY
    text = "Bring piped water to every village home."
    recommended_by = factory.LazyFunction(lambda: ["Osmarra"])
    source = factory.SubFactory(SourceFactory)


class RecommendationLinkFactory(factory.django.DjangoModelFactory):
    """A link from a promise to a recommendation."""

    class Meta:
        model = models.RecommendationLink

    commitment = factory.SubFactory(CommitmentFactory)
    plan = factory.SelfAttribute("commitment.plan")
    recommendation = factory.SubFactory(RecommendationFactory, state=factory.SelfAttribute("..plan.state"))
    code = factory.LazyAttribute(lambda link: f"{link.commitment.code}-{link.recommendation.code}")
    order = factory.Sequence(lambda n: n)
    rationale = "Both are about water in village homes."
