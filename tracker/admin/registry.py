"""The registry in the admin: plans and what they promise, what promises rest on, and the log."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from tracker import models
from tracker.wording import labels

from .finding import record_named
from .prepared import ask_for
from .saving import RegistryAdmin, counted

admin.site.site_header = _("Promise by promise: staff")
admin.site.site_title = _("Staff")
admin.site.index_title = _("Registry")


class OffersMetricsAdmin(RegistryAdmin):
    """A record of a plan is offered metrics of the plan's State or of none."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        plan = obj.plan if obj else record_named(models.Plan, request.GET.get("plan", ""))
        for field in form.base_fields.values() if plan else ():
            if getattr(field, "queryset", None) is not None and field.queryset.model is models.Metric:
                ask_for(field.widget, {"of_plan": plan.code})
        return form


@admin.register(models.Plan)
class PlanAdmin(RegistryAdmin):
    """Plans."""

    list_display = ["title", "code", "state", "publisher", "published_on", "starts_on", "ends_on", "public"]
    fieldsets = [
        (None, {"fields": ["code", "title", "short_title", "language", "texts"]}),
        (_("Who and when"), {"fields": ["state", "publisher", "published_on", ("starts_on", "ends_on")]}),
        (_("Findings"), {"fields": [("findings_read", "findings_used")]}),
    ]


@admin.register(models.Category)
class CategoryAdmin(RegistryAdmin):
    """Chapters and sections."""

    list_display = ["code", "title", "short_title", "parent", "promises", "public"]
    list_display_links = ["code", "title"]
    list_filter = ["plan", ("parent", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["=code", "title", "short_title"]
    fieldsets = [
        (None, {"fields": ["plan", "code", "parent"]}),
        (_("Names"), {"fields": ["title", "short_title", "order"]}),
    ]
    promises = counted("provisions__commitments", _("promises directly under it"))


@admin.register(models.Provision)
class ProvisionAdmin(RegistryAdmin):
    """Paragraphs."""

    list_display = ["code", "title", "form", "category", "promises", "public"]
    list_display_links = ["code", "title"]
    list_filter = ["plan", "form", ("category", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["code", "title", "heading"]
    fieldsets = [
        (None, {"fields": ["plan", "code", "category", "form", "order"]}),
        (_("Names"), {"fields": ["title", "heading"]}),
        (_("Figures"), {"fields": ["other_figures"]}),
    ]
    promises = counted("commitments", _("promises"))


@admin.register(models.Commitment)
class CommitmentAdmin(OffersMetricsAdmin):
    """Commitments."""

    list_display = ["code", "title", "kind", "level", "target", "deadline", "public"]
    list_display_links = ["code", "title"]
    list_filter = [
        *("plan", "kind", "level", "rule", "deadline_basis", "provision__category", "groups"),
        *(("bodies", admin.RelatedOnlyFieldListFilter), ("metric", admin.EmptyFieldListFilter)),
    ]
    list_select_related = ["metric"]
    search_fields = ["code", "title", "quote", "test", "metric__name"]
    search_help_text = _("Code, title, quote, test or metric.")
    fieldsets = [
        (_("Where it stands"), {"fields": ["plan", "provision", "code", "order"]}),
        (_("What is promised"), {"fields": ["title", "quote", "qualifier"]}),
        (
            _("What counts as kept"),
            {"fields": ["test", "test_changed_because", "other_reading", ("kind", "level", "rule")]},
        ),
        (
            _("What would show it"),
            {
                "fields": ["metric", "beside", ("comparator", "target_value", "tolerance"), "target_rung", "base_date"],
                "description": _(
                    "A rule about a number has a metric, a comparator and a target; a milestone a metric and a rung; "
                    "a direction a metric and > or <; a judged or standing promise none of these."
                ),
            },
        ),
        (_("By when"), {"fields": [("deadline", "deadline_basis")]}),
        (_("For whom, by whom"), {"fields": ["groups", "bodies", "carried_from", "settled_by"]}),
    ]

    @admin.display(description=_("target"))
    def target(self, obj):
        return labels.target(obj)


@admin.register(models.Metric)
class MetricAdmin(RegistryAdmin):
    """Metrics."""

    list_display = ["name", "shape", "unit", "producer", "state", "lag_months", "answers", "public"]
    list_filter = ["state", "shape", "nature", ("producer", admin.RelatedOnlyFieldListFilter)]
    list_filter += [("problems", admin.EmptyFieldListFilter)]
    search_fields = ["code", "name", "definition", "statistic", "commitments__code", "commitments__title"]
    fieldsets = [
        (None, {"fields": ["code", "name", "definition", "state", "scope"]}),
        (_("A number"), {"fields": [("nature", "unit", "decimals"), "lag_months"]}),
        (_("Or a ladder"), {"fields": ["shape", "rungs"]}),
        (_("Where it is published"), {"fields": ["statistic", "producer", "problems"]}),
        (_("How the method reads it"), {"fields": [("period", "period_ends", "term_years"), "period_because"]}),
        (None, {"fields": ["only_grows_because", "no_statistic_because"]}),
    ]
    answers = counted("commitments", _("promises that it answers"))

    def get_search_results(self, request, queryset, search_term):
        """For the box of a plan's form, those of the plan's State and of none."""
        rows, duplicates = super().get_search_results(request, queryset, search_term)
        plan = models.Plan.everything.filter(code=request.GET.get("of_plan", "")).first()
        return (rows.filter(state__in=("", plan.state)) if plan else rows), duplicates


@admin.register(models.Body)
class BodyAdmin(RegistryAdmin):
    """Bodies."""

    list_display = ["name", "code", "kind", "side", "state", "why", "public"]
    list_filter = ["side", "kind", "state"]
    search_fields = ["code", "name", "why"]
    fieldsets = [(None, {"fields": ["code", "name"]}), (_("Side"), {"fields": [("kind", "side"), "state", "why"]})]


@admin.register(models.Source)
class SourceAdmin(RegistryAdmin):
    """Publications."""

    list_display = ["title", "publisher", "published", "language", "shown", "public"]
    list_filter = ["publisher__side", "publisher__kind", "language", ("address", admin.EmptyFieldListFilter)]
    search_fields = ["code", "title", "address", "un_symbol", "publisher__name"]
    fieldsets = [
        (None, {"fields": ["code", "title", "publisher"]}),
        (_("Where it is"), {"fields": ["address", "reason_withheld", "un_symbol", "archived", "sha256"]}),
        (_("When, and in which language"), {"fields": ["published", "language"]}),
    ]

    @admin.display(description=_("address shown"), boolean=True)
    def shown(self, obj):
        return bool(obj.address)


@admin.register(models.BeneficiaryGroup)
class BeneficiaryGroupAdmin(RegistryAdmin):
    """Groups of people."""

    list_display = ["name", "code", "promises"]
    search_fields = ["code", "name"]
    fields = ["code", "name"]
    promises = counted("commitments", _("promises"))


@admin.register(models.BaselineFigure)
class BaselineFigureAdmin(OffersMetricsAdmin):
    """Figures and acts that an earlier document reported."""

    list_display = ["code", "title", "form", "as_published", "place", "category", "public"]
    list_display_links = ["code", "title"]
    list_filter = ["plan", "form", "same_series", "undated", ("category", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["code", "title", "quote", "note"]
    fieldsets = [
        (None, {"fields": ["plan", "code", "form", "title", "order"]}),
        (_("Where it stands"), {"fields": ["source", "place", "quote", "citations"]}),
        (_("The number"), {"fields": [("value", "bound", "unit"), "as_published", ("nature", "how"), "scope"]}),
        (_("When"), {"fields": [("starts_on", "as_of"), "undated"]}),
        (_("What it is context for"), {"fields": ["category", "commitments", "metrics", "same_series", "note"]}),
    ]


@admin.register(models.BaselinePassage)
class BaselinePassageAdmin(RegistryAdmin):
    """Figures of that document that are no records, with the reason."""

    list_display = ["code", "source", "other_figures"]
    list_filter = ["plan"]
    search_fields = ["code"]
    fields = ["plan", "code", "source", "other_figures", "order"]


@admin.register(models.Instrument)
class InstrumentAdmin(RegistryAdmin):
    """Treaties, sets of goals and review mechanisms."""

    list_display = ["code", "title", "kind", "symbol", "body", "public"]
    list_filter = ["kind"]
    fields = ["code", "kind", "title", "symbol", "body", "address"]


@admin.register(models.Adherence)
class AdherenceAdmin(RegistryAdmin):
    """Whether and since when a State takes part in an instrument."""

    list_display = ["code", "instrument", "participation", "since", "source"]
    list_filter = ["plan", "participation"]
    search_fields = ["code"]
    fields = ["plan", "code", "instrument", "participation", "since", "source", "note", "order"]


@admin.register(models.Norm)
class NormAdmin(RegistryAdmin):
    """Articles, targets and cycles."""

    list_display = ["code", "title", "instrument", "promises", "public"]
    list_filter = ["instrument"]
    fields = ["instrument", "number", "code", "title"]
    promises = counted("links", _("promises"))


@admin.register(models.NormLink)
class NormLinkAdmin(RegistryAdmin):
    """This site's own links from promises to norms."""

    list_display = ["code", "commitment", "norm", "rationale"]
    list_filter = ["plan", "norm__instrument"]
    search_fields = ["code", "rationale", "commitment__title"]
    fields = ["plan", "commitment", "norm", "code", "rationale", "order"]


@admin.register(models.Recommendation)
class RecommendationAdmin(RegistryAdmin):
    """What United Nations mechanisms recommended to States."""

    list_display = ["symbol", "paragraph", "text", "state", "mechanism", "reply", "promises", "public"]
    list_display_links = ["symbol", "paragraph"]
    list_filter = ["state", "mechanism", "reply", "verbatim", ("body", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["code", "symbol", "paragraph", "text"]
    fieldsets = [
        (_("To whom, by whom"), {"fields": ["state", "mechanism", "body", "recommended_by"]}),
        (_("Where it stands"), {"fields": [("symbol", "paragraph"), "published", "source", "code"]}),
        (_("What is recommended"), {"fields": ["text", "verbatim", "themes", "norms"]}),
        (_("The State's reply"), {"fields": ["reply", "reply_words", ("reply_symbol", "reply_paragraph")]}),
        (_("Where it was loaded from"), {"fields": ["index_id"]}),
    ]
    promises = counted("links", _("promises"))


@admin.register(models.RecommendationLink)
class RecommendationLinkAdmin(RegistryAdmin):
    """This site's own links from promises to recommendations."""

    list_display = ["code", "commitment", "recommendation", "rationale"]
    list_filter = ["plan", "recommendation__mechanism"]
    search_fields = ["code", "rationale", "commitment__title"]
    fields = ["plan", "commitment", "recommendation", "code", "rationale", "order"]
