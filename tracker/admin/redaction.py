"""Redactions that wait for a second reviewer: what goes, shown in full, and the decision."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.actions.errors import noted
from tracker.actions.redaction import (
    ENTRY,
    ask_redaction,
    confirm_redaction,
    decline_redaction,
    subject_of_request,
    waiting_request,
    what_goes,
    why_not_confirm,
)
from tracker.models import LedgerEntry, RedactionRequest
from tracker.models.roles import may_publish

from .saving import ToRead, named


@admin.register(RedactionRequest)
class RedactionAdmin(ToRead, admin.ModelAdmin):
    """Asked for by one reviewer, confirmed or declined by another; what was confirmed stays, with both names."""

    list_display = ["what", "asked_by", "asked_at", "confirmed_by", "entry"]
    list_display_links = ["what"]
    list_filter = [("entry", admin.EmptyFieldListFilter)]
    list_select_related = ["asked_by", "confirmed_by", "entry"]
    ordering = ["-asked_at"]

    def has_module_permission(self, request):
        return may_publish(request.user)

    def has_view_permission(self, request, obj=None):
        return may_publish(request.user)

    @admin.display(description=gettext_lazy("what"))
    def what(self, obj):
        return str(obj)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show exactly what goes, and let a second reviewer confirm or decline it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        redaction = self.get_object(request, object_id)
        if redaction is None:
            raise Http404(_("It was declined, or nobody asked for it."))
        problems = []
        if request.method == "POST":
            with noted(problems):
                return self._decide(request, redaction)
            redaction = self.get_object(request, object_id) or redaction
        record = subject_of_request(redaction)
        context = {
            "title": _("Redaction"),
            "redaction": redaction,
            "name": str(record) if redaction.kind == ENTRY else named(record),
            "goes": () if redaction.entry_id else what_goes(record),
            "public": None if redaction.kind == ENTRY else record.about,
            "problems": problems,
            "why_not": why_not_confirm(request=redaction, by=request.user),
        }
        return TemplateResponse(request, "admin/tracker/redaction.html", context)

    def _decide(self, request, redaction):
        if "_decline" in request.POST:
            decline_redaction(request=redaction, by=request.user)
            self.message_user(request, _("Nothing was taken away."), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:tracker_redactionrequest_changelist"))
        entry = confirm_redaction(request=redaction, by=request.user)
        self.message_user(request, _("Redacted by log entry %(entry)s.") % {"entry": entry.pk}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:tracker_redactionrequest_change", args=[redaction.pk]))


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ToRead, admin.ModelAdmin):
    """The log, to read: entries are written by actions alone. The text of a registration can be redacted."""

    list_display = ["seq", "at", "action", "subject", "role"]
    list_filter = ["action", "role"]
    search_fields = ["subject"]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The entry; a reviewer can ask here that the text with which a record was registered be taken away."""
        entry = self.get_object(request, object_id)
        if entry is not None and "redact" in request.GET and may_publish(request.user):
            return self._ask(request, entry)
        return super().change_view(request, object_id, form_url, extra_context)

    def _ask(self, request, entry):
        problems, reason = [], request.POST.get("reason", "")
        if request.method == "POST":
            with noted(problems):
                redaction = ask_redaction(record=entry, reason=reason, by=request.user)
                return HttpResponseRedirect(reverse("admin:tracker_redactionrequest_change", args=[redaction.pk]))
        words = {
            "title": _("Ask for a redaction"),
            "name": str(entry),
            "what": _(
                "The text of this entry goes for good, its salted hash and its place stay. What the record says today "
                "changes by amendment: amend it first. Nothing changes until a second reviewer confirms it."
            ),
            "button": _("Ask a second reviewer"),
        }
        more = {"goes": what_goes(entry), "redaction": waiting_request(entry), "problems": problems, "reason": reason}
        return TemplateResponse(request, "admin/tracker/reason.html", words | more)
