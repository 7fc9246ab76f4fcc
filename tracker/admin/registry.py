"""The registry in the admin: plans, categories, provisions, metrics, commitments, bodies, groups, sources, the log."""

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from tracker import labels
from tracker.models import BeneficiaryGroup, Body, Category, Commitment, LedgerEntry, Metric, Plan, Provision, Source

from .saving import RegistryAdmin, ToRead, counted

admin.site.site_header = _("Promise by promise: staff")
admin.site.site_title = _("Staff")
admin.site.index_title = _("Registry")
admin.site.enable_nav_sidebar = True


class OrderedAdmin(RegistryAdmin):
    """A record with a place in the plan: a new one goes behind the last."""

    def get_changeform_initial_data(self, request):
        last = self.model.objects.order_by("-order").values_list("order", flat=True).first() or 0
        return {"order": last + 1, **super().get_changeform_initial_data(request)}


@admin.register(Plan)
class PlanAdmin(RegistryAdmin):
    """Plans."""

    list_display = ["title", "code", "publisher", "published_on", "starts_on", "ends_on", "public"]
    search_fields = ["code", "title"]
    autocomplete_fields = ["publisher"]
    fieldsets = [
        (None, {"fields": ["code", "title", "short_title", "language"]}),
        (
            _("Who and when"),
            {"fields": ["publisher", ("published_on", "published_precision"), ("starts_on", "ends_on")]},
        ),
    ]


@admin.register(Category)
class CategoryAdmin(OrderedAdmin):
    """Chapters and sections."""

    list_display = ["code", "title", "short_title", "parent", "promises", "public"]
    list_display_links = ["code", "title"]
    list_filter = ["plan", ("parent", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["plan", "parent"]
    search_fields = ["=code", "title", "short_title"]
    autocomplete_fields = ["plan", "parent"]
    fieldsets = [
        (None, {"fields": ["plan", "code", "parent"]}),
        (_("Names"), {"fields": ["title", "short_title", "order"]}),
    ]
    promises = counted("provisions__commitments", _("promises directly under it"))


@admin.register(Provision)
class ProvisionAdmin(OrderedAdmin):
    """Paragraphs."""

    list_display = ["code", "title", "form", "category", "promises", "public"]
    list_display_links = ["code", "title"]
    list_filter = ["plan", "form", ("category", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["plan", "category"]
    search_fields = ["code", "title", "heading"]
    autocomplete_fields = ["plan", "category"]
    fieldsets = [
        (None, {"fields": ["plan", "code", "category", "form", "order"]}),
        (_("Names"), {"fields": ["title", "heading"]}),
        (_("Figures"), {"fields": ["other_figures"]}),
    ]
    promises = counted("commitments", _("promises"))


@admin.register(Commitment)
class CommitmentAdmin(OrderedAdmin):
    """Commitments; what is there changes by amendment."""

    amended = True
    list_display = ["code", "title", "kind", "level", "target", "deadline", "public"]
    list_display_links = ["code", "title"]
    list_filter = [
        "plan",
        "kind",
        "level",
        "rule",
        "deadline_basis",
        "provision__category",
        "groups",
        ("bodies", admin.RelatedOnlyFieldListFilter),
        ("metric", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["plan", "metric"]
    search_fields = ["code", "title", "quote", "test", "metric__name"]
    search_help_text = _("Code, title, quote, test or metric.")
    autocomplete_fields = ["plan", "provision", "metric", "beside", "bodies", "groups"]
    fieldsets = [
        (_("Where it stands"), {"fields": ["plan", "provision", "code", "order"]}),
        (_("What is promised"), {"fields": ["title", "quote", "qualifier"]}),
        (_("What counts as kept"), {"fields": ["test", "other_reading", ("kind", "level", "rule")]}),
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


@admin.register(Metric)
class MetricAdmin(RegistryAdmin):
    """Metrics; what is there changes by amendment."""

    amended = True
    list_display = ["name", "shape", "unit", "producer", "scope", "lag_months", "answers", "public"]
    list_filter = [
        "shape",
        "nature",
        ("producer", admin.RelatedOnlyFieldListFilter),
        ("problems", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["producer"]
    search_fields = ["code", "name", "definition", "statistic"]
    autocomplete_fields = ["producer"]
    fieldsets = [
        (None, {"fields": ["code", "name", "definition", "scope"]}),
        (_("A number"), {"fields": [("nature", "unit", "decimals"), "lag_months"]}),
        (_("Or a ladder"), {"fields": ["shape", "rungs"]}),
        (_("Where it is published"), {"fields": ["statistic", "producer", "problems"]}),
        (_("How the method reads it"), {"fields": [("period", "period_ends", "term_years"), "period_because"]}),
        (None, {"fields": ["only_grows_because", "no_statistic_because"]}),
    ]
    answers = counted("commitments", _("promises that it answers"))


@admin.register(Body)
class BodyAdmin(RegistryAdmin):
    """Bodies; what is there changes by amendment."""

    amended = True
    list_display = ["name", "code", "kind", "side", "why", "public"]
    list_filter = ["side", "kind"]
    search_fields = ["code", "name", "why"]
    fieldsets = [(None, {"fields": ["code", "name"]}), (_("Side"), {"fields": [("kind", "side"), "why"]})]


@admin.register(Source)
class SourceAdmin(RegistryAdmin):
    """Publications; what is there changes by amendment."""

    amended = True
    list_display = ["title", "publisher", "published", "language", "shown", "public"]
    list_filter = ["publisher__side", "publisher__kind", "language", ("address", admin.EmptyFieldListFilter)]
    list_select_related = ["publisher"]
    search_fields = ["code", "title", "address", "publisher__name"]
    autocomplete_fields = ["publisher"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = [
        (None, {"fields": ["code", "title", "publisher"]}),
        (_("Where it is"), {"fields": ["address", "reason_withheld", "archived", "sha256"]}),
        (_("When, and in which language"), {"fields": [("published", "published_precision"), "language"]}),
    ]

    @admin.display(description=_("address shown"), boolean=True)
    def shown(self, obj):
        return bool(obj.address)


@admin.register(BeneficiaryGroup)
class BeneficiaryGroupAdmin(RegistryAdmin):
    """Groups of people."""

    list_display = ["name", "code", "promises"]
    search_fields = ["code", "name"]
    fields = ["code", "name"]
    view_on_site = False
    promises = counted("commitments", _("promises"))


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ToRead, admin.ModelAdmin):
    """The log, to read: entries are written by actions alone."""

    show_facets = admin.ShowFacets.ALWAYS
    list_display = ["seq", "at", "action", "subject", "role"]
    list_filter = ["action", "role"]
    search_fields = ["subject"]
