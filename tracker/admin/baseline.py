"""What promises rest on, in the admin: where things stood before, and the norms that they are linked to."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from tracker.models import Adherence, BaselineFigure, BaselinePassage, Instrument, Norm, NormLink

from .registry import OrderedAdmin
from .saving import RegistryAdmin, counted


@admin.register(BaselineFigure)
class BaselineFigureAdmin(OrderedAdmin):
    """Figures and acts that an earlier document reported."""

    list_display = ["code", "title", "form", "as_published", "place", "category", "public"]
    list_display_links = ["code", "title"]
    list_filter = ["plan", "form", "same_series", "undated", ("category", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["plan", "category"]
    search_fields = ["code", "title", "quote", "note"]
    autocomplete_fields = ["plan", "source", "category", "commitments", "metrics"]
    fieldsets = [
        (None, {"fields": ["plan", "code", "form", "title", "order"]}),
        (_("Where it stands"), {"fields": ["source", "place", "quote", "citations"]}),
        (_("The number"), {"fields": [("value", "bound", "unit"), "as_published", ("nature", "how"), "scope"]}),
        (_("When"), {"fields": [("starts_on", "as_of", "precision"), "undated"]}),
        (_("What it is context for"), {"fields": ["category", "commitments", "metrics", "same_series", "note"]}),
    ]


@admin.register(BaselinePassage)
class BaselinePassageAdmin(OrderedAdmin):
    """Figures of that document that are no records, with the reason."""

    list_display = ["code", "source", "other_figures"]
    list_filter = ["plan"]
    list_select_related = ["source"]
    search_fields = ["code"]
    autocomplete_fields = ["plan", "source"]
    fields = ["plan", "code", "source", "other_figures", "order"]
    view_on_site = False


@admin.register(Instrument)
class InstrumentAdmin(RegistryAdmin):
    """Treaties, sets of goals and review mechanisms."""

    list_display = ["code", "title", "kind", "symbol", "body", "public"]
    list_filter = ["kind"]
    list_select_related = ["body"]
    search_fields = ["code", "title"]
    autocomplete_fields = ["body"]
    fields = ["code", "kind", "title", "symbol", "body", "address"]


@admin.register(Adherence)
class AdherenceAdmin(OrderedAdmin):
    """Whether and since when a State takes part in an instrument."""

    list_display = ["code", "instrument", "participation", "since", "source"]
    list_filter = ["plan", "participation"]
    list_select_related = ["instrument", "source"]
    search_fields = ["code"]
    autocomplete_fields = ["plan", "instrument", "source"]
    fields = ["plan", "code", "instrument", "participation", ("since", "precision"), "source", "note", "order"]
    view_on_site = False


@admin.register(Norm)
class NormAdmin(RegistryAdmin):
    """Articles, targets and cycles."""

    list_display = ["code", "title", "instrument", "promises", "public"]
    list_filter = ["instrument"]
    list_select_related = ["instrument"]
    search_fields = ["code", "title"]
    autocomplete_fields = ["instrument"]
    fields = ["instrument", "number", "code", "title"]
    promises = counted("links", _("promises"))


@admin.register(NormLink)
class NormLinkAdmin(OrderedAdmin):
    """This site's own links from promises to norms."""

    list_display = ["code", "commitment", "norm", "rationale"]
    list_filter = ["plan", "norm__instrument"]
    list_select_related = ["commitment", "norm"]
    search_fields = ["code", "rationale", "commitment__title"]
    autocomplete_fields = ["plan", "commitment", "norm"]
    fields = ["plan", "commitment", "norm", "code", "rationale", "order"]
    view_on_site = False
