"""The trail of the staff, for administrators: who did what to what, and when; to search, to filter and to take away."""

from django.contrib import admin
from django.http import HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.exports.answers import CSV
from tracker.exports.text import csv_lines
from tracker.models import TrailEntry

from .saving import ToRead

COLUMNS = ("at", "by", "deed", "kind", "row", "subject", "detail")


@admin.register(TrailEntry)
class TrailAdmin(ToRead, admin.ModelAdmin):
    """To read: actions alone write it, and nothing changes it afterwards."""

    change_list_template = "admin/tracker/trail_list.html"
    list_display = ["at", "by", "deed", "what", "detail"]
    list_display_links = None
    list_filter = ["deed", "kind", "at", ("by", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["by"]
    list_per_page = 100
    date_hierarchy = "at"
    search_fields = ["by__username", "subject", "=row", "detail"]
    search_help_text = _("A person, a code, or the number of an update or finding.")

    def get_urls(self):
        """What the list shows, as a file."""
        own = path("export/", self.admin_site.admin_view(self.export), name="tracker_trailentry_export")
        return [own, *super().get_urls()]

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def changelist_view(self, request, extra_context=None):
        address = reverse("admin:tracker_trailentry_export") + (f"?{request.GET.urlencode()}" if request.GET else "")
        return super().changelist_view(request, {"export": address, **(extra_context or {})})

    @admin.display(description=_("to what"))
    def what(self, obj):
        return obj.subject or (f"{obj.kind} {obj.row}" if obj.kind else "–")

    def export(self, request):
        """All entries that the list's filters let through, newest first, as CSV in UTF-8."""
        if not self.has_view_permission(request):
            return self.changelist_view(request)  # which refuses
        rows = self.get_changelist_instance(request).get_queryset(request)
        cells = rows.values_list("at", "by__username", *COLUMNS[2:]).iterator(chunk_size=1000)
        lines = ([at.isoformat(), *columns] for at, *columns in cells)
        headers = {"Content-Disposition": f'attachment; filename="trail-{timezone.localdate()}.csv"'}
        return HttpResponse(csv_lines(COLUMNS, lines), content_type=CSV, headers=headers)
