"""Many updates from one file: upload, a preview that saves nothing, and drafts once it is confirmed."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from import_export.admin import ImportMixin

from tracker.imports import files, layouts, stash
from tracker.imports.resource import DRAFT, PERSON, THERE, TWICE, WRONG, UpdateResource
from tracker.models import Plan, Update

from .preview import effects

SALT = "tracker.admin.importing"
WORDS = {
    DRAFT: gettext_lazy("would be drafted"),
    THERE: gettext_lazy("there already"),
    TWICE: gettext_lazy("twice in the file"),
    PERSON: gettext_lazy("needs a person"),
    WRONG: gettext_lazy("cannot be imported"),
}
SHOWN = ("value", "bound", "rung", "verdict", "withheld", "as_of", "fits", "summary")  # of a draft, in the preview


class ImportFileForm(forms.Form):
    """The file, whose paragraphs its references name, and whether new sources may be registered."""

    file = forms.FileField(label=gettext_lazy("File (CSV in UTF-8, or XLSX)"))
    plan = forms.ModelChoiceField(
        Plan.objects.order_by("code"),
        label=gettext_lazy("Plan"),
        empty_label=None,
        to_field_name="code",
        help_text=gettext_lazy("For findings, whose references name a paragraph."),
    )
    new_sources = forms.BooleanField(
        label=gettext_lazy("Register sources that are not known yet"),
        required=False,
        help_text=gettext_lazy("Under publishers that are known. A registered source is public at once."),
    )

    def clean_file(self):
        """The file's bytes; ``table`` is what is in them. What is too large is not read at all."""
        file = self.cleaned_data["file"]
        content = file.read(files.MOST_BYTES + 1)
        self.table = files.read(content)
        layouts.layout_of(self.table)
        return content


class ImportsUpdates(ImportMixin):
    """The two steps of an import for the admin of updates: for those who may add updates and their evidence.

    The package itself is not among the installed apps: its commands would write past the actions, and its pages carry
    scripts that the site's policy refuses.
    """

    import_export_change_list_template = "admin/tracker/update_list.html"
    resource_classes = [UpdateResource]

    def has_import_permission(self, request):
        """Editors, reviewers and administrators: an import does what the form of a draft does, many times."""
        return request.user.has_perms(["tracker.add_update", "tracker.add_evidence"])

    def changelist_view(self, request, extra_context=None):
        """The list, with a way to the import for those who may."""
        more = {"may_import": self.has_import_permission(request)}
        return super().changelist_view(request, (extra_context or {}) | more)

    def import_action(self, request, **kwargs):
        """Ask for a file, and show what importing it would do."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, ImportFileForm(initial={"plan": settings.PLAN}))
        form = ImportFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, form)
        if form.cleaned_data["new_sources"] and not request.user.has_perm("tracker.add_source"):
            raise PermissionDenied
        resource = self._resource(request, form.cleaned_data["plan"], form.cleaned_data["new_sources"])
        well = resource.run(form.table, dry_run=True)
        self._look_ahead(resource)
        token = None
        if well and resource.drafted():
            token = signing.dumps(
                {
                    "name": stash.keep(form.cleaned_data["file"]),
                    "plan": form.cleaned_data["plan"].code,
                    "new_sources": form.cleaned_data["new_sources"],
                    "by": request.user.pk,
                },
                salt=SALT,
            )
        return self._page(request, form, resource, token=token)

    @method_decorator(require_POST)
    def process_import(self, request, **kwargs):
        """Draft every row of the file that was previewed, or none."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        said = self._said(request)
        content = stash.fetch(said["name"]) if said else None
        plan = Plan.objects.filter(code=said["plan"]).first() if said else None
        if content is None or plan is None:
            self.message_user(request, _("The preview is no longer there: send the file again."), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:tracker_update_import"))
        resource = self._resource(request, plan, said["new_sources"])
        with transaction.atomic():
            well = resource.run(files.read(content), dry_run=False)
            drafted = resource.drafted() if well else []
            self._note(request, drafted)
        if not well:
            self.message_user(request, _("Nothing was imported: see the rows below."), messages.ERROR)
            return self._page(request, ImportFileForm(initial={"plan": plan.code}), resource)
        stash.forget(said["name"])
        sentence = ngettext("%(n)s update is drafted.", "%(n)s updates are drafted.", len(drafted))
        self.message_user(request, sentence % {"n": len(drafted)}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:tracker_update_changelist") + "?state__exact=draft")

    def _resource(self, request, plan, new_sources):
        return self.resource_classes[0](by=request.user, plan=plan, new_sources=new_sources)

    def _said(self, request):
        """What the signed form says, if this person signed it within the time that a file is kept."""
        try:
            said = signing.loads(request.POST.get("preview", ""), salt=SALT, max_age=stash.KEPT_SECONDS)
        except signing.BadSignature:
            return None
        return said if said["by"] == request.user.pk else None

    def _note(self, request, drafted):
        """Django's own history of each draft."""
        if drafted:
            rows = Update.objects.filter(pk__in=[record.pk for record in drafted])
            LogEntry.objects.log_actions(request.user.pk, rows, ADDITION, _("Imported from a file."))

    def _look_ahead(self, resource):
        """What each draft would make of a status, by itself; asked after the trial, when nothing of it is stored."""
        for line in resource.lines:
            if line.word == DRAFT:
                line.effects = effects(line.record, line.evidence)

    def _page(self, request, form, resource=None, token=None):
        lines = resource.lines if resource else []
        counts = [(word, label, sum(line.word == word for line in lines)) for word, label in WORDS.items()]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Import updates"),
            "form": form,
            "lines": [{"line": line, "word": WORDS[line.word], "draft": self._draft(line)} for line in lines],
            "counts": [(label, count) for _word, label, count in counts if count],
            "wrong": any(line.word == WRONG for line in lines),
            "layout": resource.layout if resource else None,
            "layouts": (layouts.OURS, layouts.FINDINGS),
            "most": {"rows": files.MOST_ROWS, "megabytes": files.MOST_BYTES // 1024 // 1024},
            "preview": token,
        }
        return TemplateResponse(request, "admin/tracker/import.html", context)

    def _draft(self, line):
        """What a line's draft holds, as pairs of label and words."""
        if line.record is None:
            return []
        about = line.record.metric or line.record.commitment
        pairs = [(line.record.get_what_display(), str(about or "–"))]
        for name in SHOWN:
            value = getattr(line.record, name)
            if value is not False and value not in (None, ""):
                plain = _("yes") if value is True else value
                shown = getattr(line.record, f"get_{name}_display", lambda plain=plain: plain)()
                pairs.append((line.record._meta.get_field(name).verbose_name, shown))
        return pairs + [(_("Evidence"), str(each.source)) for each in line.evidence]
