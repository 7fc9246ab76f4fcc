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
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tracker.imports import files, stash
from tracker.imports.drafting import DRAFT, PERSON, THERE, TWICE, WRONG, Drafting
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
        files.layout_of(self.table.columns)
        return content


class ImportsUpdates:
    """The two steps of an import for the admin of updates: for those who may add updates and their evidence."""

    change_list_template = "admin/tracker/update_list.html"

    def get_urls(self):
        """An address for each step."""
        steps = {"import": self.import_action, "process_import": self.process_import}
        wrap = self.admin_site.admin_view
        own = [path(f"{step}/", wrap(view), name=f"tracker_update_{step}") for step, view in steps.items()]
        return own + super().get_urls()

    def has_import_permission(self, request):
        """Editors, reviewers and administrators: an import does what the form of a draft does, many times."""
        return request.user.has_perms(["tracker.add_update", "tracker.add_evidence"])

    def changelist_view(self, request, extra_context=None):
        """The list, with a way to the import for those who may."""
        more = {"may_import": self.has_import_permission(request)}
        return super().changelist_view(request, (extra_context or {}) | more)

    def import_action(self, request):
        """Ask for a file, and show what importing it would do."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, ImportFileForm(initial={"plan": settings.PLAN}))
        form = ImportFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, form)
        plan, new_sources = form.cleaned_data["plan"], form.cleaned_data["new_sources"]
        if new_sources and not request.user.has_perm("tracker.add_source"):
            raise PermissionDenied
        trial = Drafting(form.table, by=request.user, plan=plan, new_sources=new_sources)
        well, token = trial.run(dry_run=True), None
        if well and trial.drafted():
            name = stash.keep(form.cleaned_data["file"])
            ticket = {"name": name, "plan": plan.code, "new_sources": new_sources, "by": request.user.pk}
            token = signing.dumps(ticket, salt=SALT)
        return self._page(request, form, trial, token=token)

    @method_decorator(require_POST)
    def process_import(self, request):
        """Draft every row of the file that was previewed, or none."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        ticket = self._ticket(request)
        content = stash.fetch(ticket["name"]) if ticket else None
        plan = Plan.objects.filter(code=ticket["plan"]).first() if ticket else None
        if content is None or plan is None:
            self.message_user(request, _("The preview is no longer there: send the file again."), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:tracker_update_import"))
        drafting = Drafting(files.read(content), by=request.user, plan=plan, new_sources=ticket["new_sources"])
        with transaction.atomic():
            well = drafting.run(dry_run=False)
            drafted = drafting.drafted() if well else []
            if drafted:
                rows = Update.objects.filter(pk__in=[record.pk for record in drafted])
                LogEntry.objects.log_actions(request.user.pk, rows, ADDITION, _("Imported from a file."))
        if not well:
            self.message_user(request, _("Nothing was imported: see the rows below."), messages.ERROR)
            return self._page(request, ImportFileForm(initial={"plan": plan.code}), drafting)
        stash.forget(ticket["name"])
        sentence = ngettext("%(n)s update is drafted.", "%(n)s updates are drafted.", len(drafted))
        self.message_user(request, sentence % {"n": len(drafted)}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:tracker_update_changelist") + "?state__exact=draft")

    def _ticket(self, request):
        """What the signed form says, if this person signed it within the time that a file is kept."""
        try:
            ticket = signing.loads(request.POST.get("preview", ""), salt=SALT, max_age=stash.KEPT_SECONDS)
        except signing.BadSignature:
            return None
        return ticket if ticket["by"] == request.user.pk else None

    def _page(self, request, form, drafting=None, token=None):
        lines = drafting.lines if drafting else []
        counts = [(label, sum(line.word == word for line in lines)) for word, label in WORDS.items()]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Import updates"),
            "form": form,
            "lines": [self._shown(line) for line in lines],
            "counts": [(label, count) for label, count in counts if count],
            "wrong": any(line.word == WRONG for line in lines),
            "layout": drafting.layout if drafting else None,
            "layouts": (files.OURS, files.FINDINGS),
            "most": {"rows": files.MOST_ROWS, "megabytes": files.MOST_BYTES // 1024 // 1024},
            "preview": token,
        }
        return TemplateResponse(request, "admin/tracker/import.html", context)

    def _shown(self, line):
        """A line with its draft in words, and what that would make of a status by itself; nothing of it is stored."""
        ahead = effects(line.record, line.evidence) if line.word == DRAFT else ()
        pairs = self._pairs(line.record, line.evidence) if line.record else []
        return {"line": line, "word": WORDS[line.word], "draft": pairs, "effects": ahead}

    def _pairs(self, record, evidence):
        """What a draft holds, as pairs of label and words."""
        pairs = [(record.get_what_display(), str(record.about or "–"))]
        values = {name: getattr(record, name) for name in SHOWN}
        for name in [name for name, value in values.items() if value is not False and value not in (None, "")]:
            plain = _("yes") if values[name] is True else values[name]
            shown = getattr(record, f"get_{name}_display", lambda plain=plain: plain)()
            pairs.append((record._meta.get_field(name).verbose_name, shown))
        return pairs + [(_("Evidence"), str(each.source)) for each in evidence]
