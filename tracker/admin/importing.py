"""Many drafts from one file: upload, questions row by row that can be left and come back to, drafts, and undoing it."""

import hashlib
from functools import wraps

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from tracker import tasks
from tracker.actions.drafts import discard_rest, may_discard
from tracker.actions.errors import noted
from tracker.actions.imports import KEPT_FOR, allow_sources, answer, begin_import, choose, drafts_of, undo
from tracker.exports.answers import CSV, XLSX
from tracker.exports.text import csv_lines
from tracker.imports import blanks, files
from tracker.imports.drafting import draft_rows, examine, refused, stored_cells
from tracker.imports.layouts import LAYOUTS, QUESTIONS, Layout, choices_of, layout_of
from tracker.models import Fate, ImportBatch, Plan, State
from tracker.paging import paged
from tracker.text import typed

from . import import_rows
from .saving import named, seen_of, version_of

SOON = 50  # rows that are examined or drafted while the browser waits
NEEDED = ["tracker.add_update", "tracker.add_assessment", "tracker.add_evidence"]
TYPES = {"csv": CSV, "xlsx": XLSX}


class ImportFileForm(forms.Form):
    """The file, whose paragraphs its references name, and whether new sources may be registered."""

    file = forms.FileField(label=gettext_lazy("File (CSV in UTF-8, or XLSX)"))
    plan = forms.ModelChoiceField(
        Plan.objects.order_by("code"),
        label=gettext_lazy("Plan"),
        empty_label=None,
        to_field_name="code",
        help_text=gettext_lazy("Whose paragraphs, promises and rights the file names."),
    )
    new_sources = forms.BooleanField(
        label=gettext_lazy("Take in sources that are not known yet"),
        required=False,
        help_text=gettext_lazy(
            "Under publishers that are known. Each becomes public with the first row that cites it."
        ),
    )
    layout: Layout

    def clean_file(self):
        """The file's bytes; ``table`` is what is in them. What is too large is not read at all."""
        content = self.cleaned_data["file"].read(files.MOST_BYTES + 1)
        self.table = files.read(content)
        self.layout = layout_of(self.table.columns)
        return content


def _step(view):
    """A step of an import of this person's own; what an action refuses is said with its rows."""

    @wraps(view)
    def step(self, request, code):
        batch, problems = self._batch(request, code), []
        with noted(problems):
            return view(self, request, batch)
        return self._rows_page(request, batch, problems)

    return step


class ImportsUpdates:
    """An import's pages for the admin of updates: for those who may add updates, findings and their evidence."""

    change_list_template = "admin/tracker/update_list.html"

    def get_urls(self):
        """An address for the start, for each import and its steps, and for the files."""
        wrap = self.admin_site.admin_view
        steps = {
            ("import/", "import"): self.import_action,
            ("import/template/<slug:layout>.<slug:form>", "import_template"): self.template_file,
            ("import/<slug:code>/", "import_rows"): self.rows_view,
            ("import/<slug:code>/together/", "import_together"): self.together_view,
            ("import/<slug:code>/draft/", "import_draft"): self.draft_view,
            ("import/<slug:code>/undo/", "import_undo"): self.undo_view,
            ("import/<slug:code>/rest/", "import_rest"): self.rest_view,
            ("import/<slug:code>/<slug:which>.<slug:form>", "import_file"): self.rows_file,
        }
        own = [path(address, wrap(view), name=f"tracker_update_{name}") for (address, name), view in steps.items()]
        return own + super().get_urls()

    def has_import_permission(self, request):
        """Editors, reviewers and administrators: an import does what the form of a draft does, many times."""
        return request.user.has_perms(NEEDED)

    def changelist_view(self, request, extra_context=None):
        """The list, with a way to the import for those who may."""
        more = {"may_import": self.has_import_permission(request)}
        return super().changelist_view(request, (extra_context or {}) | more)

    def _require(self, request):
        if not self.has_import_permission(request):
            raise PermissionDenied

    def _batch(self, request, code):
        """An import of this person's own."""
        self._require(request)
        batch = ImportBatch.objects.select_related("plan").filter(code=code, by=request.user).first()
        if batch is None:
            raise Http404(_("There is no such import of yours."))
        return batch

    def _to(self, batch, query=""):
        return HttpResponseRedirect(reverse("admin:tracker_update_import_rows", args=[batch.code]) + query)

    def import_action(self, request):
        """Ask for a file, keep its rows, and say what becomes of each; below, the imports of before."""
        self._require(request)
        if request.method != "POST":
            return self._start(request, ImportFileForm(initial={"plan": settings.PLAN}))
        form = ImportFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._start(request, form, status=400)
        data = form.cleaned_data
        if data["new_sources"] and not request.user.has_perm("tracker.add_source"):
            raise PermissionDenied
        batch = begin_import(
            by=request.user,
            plan=data["plan"],
            layout=form.layout.code,
            columns=form.table.columns,
            rows=[(number, stored_cells(cells)) for number, cells in form.table.rows],
            file_name=request.FILES["file"].name,
            file_hash=hashlib.sha256(data["file"]).hexdigest(),
            new_sources=data["new_sources"],
        )
        for sentence in form.table.notes:
            self.message_user(request, sentence, messages.WARNING)
        return self._examined(request, batch)

    def _examined(self, request, batch):
        """Say what becomes of each row: at once for few, and otherwise beside the server, with a page that waits."""
        if batch.count > SOON:
            return self._long(request, "examine", batch)
        examine(batch)
        return self._to(batch)

    def _long(self, request, kind, batch):
        address = reverse("admin:tracker_update_import_rows", args=[batch.code])
        return redirect(tasks.start(kind=kind, subject=batch.pk, by=request.user, address=address))

    def _start(self, request, form, status=200):
        means = blanks.meanings()
        layouts = [
            {
                "layout": each,
                "columns": [
                    (name, name in each.needed, means.get(name, ""), choices_of(name)) for name in each.columns
                ],
            }
            for each in LAYOUTS.values()
        ]
        context = {
            "title": _("Import"),
            "form": form,
            "layouts": layouts,
            "plans": Plan.objects.order_by("code"),
            "imports": ImportBatch.objects.filter(by=request.user).select_related("plan")[: import_rows.ON_A_PAGE],
            "most": {"rows": files.MOST_ROWS, "megabytes": files.MOST_BYTES // 1024 // 1024},
        }
        return self._render(request, "import", context, status)

    def _render(self, request, name, context, status=200):
        return TemplateResponse(request, f"admin/tracker/{name}.html", context, status=status)

    @_step
    def rows_view(self, request, batch):
        """The rows of an import with their questions; answers are kept, and rows that are ticked are drafted."""
        if request.method != "POST":
            return self._rows_page(request, batch)
        answers = import_rows.sent_answers(request.POST, LAYOUTS[batch.layout].columns)
        ticked = import_rows.ticked_in(request.POST)
        answer(batch=batch, by=request.user, answers=import_rows.without_likely(batch, answers, ticked))
        examine(batch, numbers=set(answers))
        if "_draft" in request.POST:
            choose(batch=batch, by=request.user, numbers=ticked, likely=False)
            self._draft(request, batch)
        else:
            self.message_user(request, _("Your answers are kept."), messages.SUCCESS)
        return self._to(batch, f"?{request.GET.urlencode()}" if request.GET else "")

    def _rows_page(self, request, batch, problems=()):
        show = request.GET.get("show", "")
        rows = batch.lines.filter(fate=show) if show in Fate.values else batch.lines.all()
        number = typed.whole(request.GET.get("page"), longest=5) or 1
        page = paged(list(rows.order_by("number").values_list("number", flat=True)), number, import_rows.ON_A_PAGE)
        lines = list(batch.lines.filter(number__in=page.pop("rows")).order_by("number"))
        counts = dict(import_rows.counts_of(batch))
        drafts = drafts_of(batch)
        context = {
            "title": _("Import: %(file)s") % {"file": batch},
            "batch": batch,
            "show": show,
            "counts": [(fate, Fate(fate).label, n) for fate, n in counts.items()],
            "lines": import_rows.shown(lines),
            "names": import_rows.names_for(batch, lines),
            "together": import_rows.together(batch),
            "columns": [(name, words) for name, words in QUESTIONS.items() if name in LAYOUTS[batch.layout].columns],
            "drafting": import_rows.buttons(counts),
            "refused": counts.get(Fate.REFUSED, 0),
            "drafts": len(drafts),
            "public": sum(each.state == State.PUBLISHED for each in drafts),
            "rest": sum(each.state in (State.DRAFT, State.RETURNED) for each in drafts),
            "days": KEPT_FOR.days,
            "problems": problems,
            "pages_of": page,
        }
        return self._render(request, "import_rows", context, 409 if problems else 200)

    @method_decorator(require_POST)
    @_step
    def together_view(self, request, batch):
        """One answer for many rows, once it was shown which these are; or whether sources are registered."""
        column, value = request.POST.get("column", ""), request.POST.get("value", "").strip()
        if "_sources" in request.POST:
            if not request.user.has_perm("tracker.add_source"):
                raise PermissionDenied
            allow_sources(batch=batch, by=request.user, new_sources=not batch.new_sources)
        elif column not in QUESTIONS:
            raise ValidationError(_("Say what is answered."))
        elif "confirmed" not in request.POST:
            return self._which_rows(request, batch, column, value)
        else:
            ticked = import_rows.ticked_in(request.POST)
            numbers = [
                row.number for row in batch.lines.all() if row.number in ticked and import_rows.concerns(row, column)
            ]
            answer(batch=batch, by=request.user, answers={number: {column: value} for number in numbers})
        self.message_user(request, _("Your answers are kept."), messages.SUCCESS)
        return self._examined(request, batch)

    def _which_rows(self, request, batch, column, value):
        """The rows on which one answer would land: those that ask it, or that answered it before."""
        shared, _equals, text = request.POST.get("rows", "").partition("=")
        rows = batch.lines.filter(**{f"cells__{shared}": text}) if shared else batch.lines.all()
        rows = [row for row in rows if row.fate != Fate.DRAFTED]
        asking = [row for row in rows if import_rows.concerns(row, column)]
        context = {
            "title": _("One answer for many rows"),
            "batch": batch,
            "question": QUESTIONS[column],
            "column": column,
            "value": value,
            "rows": [(row, import_rows.words_of_row(row), import_rows.answered(row, column)) for row in asking],
            "others": len(rows) - len(asking),
        }
        return self._render(request, "import_together", context)

    @method_decorator(require_POST)
    @_step
    def draft_view(self, request, batch):
        """Draft what a button says: what is whole, what is with the likely answers, or all that can be drafted."""
        fates, likely = import_rows.DRAFTS.get(request.POST.get("which", ""), ([], False))
        numbers = list(batch.lines.filter(fate__in=fates).values_list("number", flat=True))
        choose(batch=batch, by=request.user, numbers=numbers, likely=likely)
        if len(numbers) > SOON:
            return self._long(request, "draft", batch)
        self._draft(request, batch)
        return self._to(batch)

    def _draft(self, request, batch):
        drafted = draft_rows(batch)
        sentence = ngettext("%(n)s row is drafted.", "%(n)s rows are drafted.", drafted)
        self.message_user(request, sentence % {"n": drafted}, messages.SUCCESS if drafted else messages.WARNING)

    @method_decorator(require_POST)
    @_step
    def undo_view(self, request, batch):
        """Throw all drafts of an import away, as long as nothing of it is public."""
        self._say_thrown_away(request, undo(batch=batch, by=request.user))
        return HttpResponseRedirect(reverse("admin:tracker_update_import"))

    @_step
    def rest_view(self, request, batch):
        """Show the drafts of an import that are not public, and throw them away once that is confirmed."""
        if request.method == "POST":
            seen = {}
            for name in request.POST:
                mark, kind, number = (*name.split("-"), "", "")[:3]
                if mark == "seen" and (pk := typed.whole(number, longest=15)) is not None:
                    seen[kind, pk] = version_of(request, name)
            self._say_thrown_away(request, discard_rest(batch=batch.code, by=request.user, seen=seen))
            return self._to(batch)
        drafts = [row for row in drafts_of(batch) if may_discard(record=row, by=request.user)]
        title = ngettext("Discard the other %(n)s draft", "Discard the other %(n)s drafts", len(drafts))
        lines = [{"row": row, "name": named(row), "seen": seen_of(row)} for row in drafts]
        return self._render(request, "discard", {"title": title % {"n": len(drafts)}, "lines": lines})

    def _say_thrown_away(self, request, count):
        sentence = ngettext("%(n)s draft is thrown away.", "%(n)s drafts are thrown away.", count)
        self.message_user(request, sentence % {"n": count}, messages.SUCCESS if count else messages.WARNING)

    @method_decorator(require_safe)
    def rows_file(self, request, code, which, form):
        """Rows that were refused, or all that are no drafts yet, with the reason, to be mended and sent again."""
        batch = self._batch(request, code)
        if which not in ("refused", "open"):
            raise Http404
        header, rows = refused(batch, everything=which == "open")
        return self._file(which, form, LAYOUTS[batch.layout], batch.plan, header, rows)

    @method_decorator(require_safe)
    def template_file(self, request, layout, form):
        """A file to start from, with lists of what cells may hold."""
        self._require(request)
        plan = Plan.objects.filter(code=request.GET.get("plan", settings.PLAN)).first()
        if layout not in LAYOUTS or plan is None:
            raise Http404
        return self._file(layout, form, LAYOUTS[layout], plan, LAYOUTS[layout].columns, ())

    def _file(self, name, form, layout, plan, header, rows):
        if form not in TYPES:
            raise Http404
        content = "".join(csv_lines(header, rows)) if form == "csv" else blanks.xlsx_file(layout, plan, header, rows)
        headers = {"Content-Disposition": f'attachment; filename="{plan.code}-{name}.{form}"'}
        return HttpResponse(content, content_type=TYPES[form], headers=headers)
