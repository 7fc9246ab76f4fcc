"""A plan from a spreadsheet and to one: files to start from, a file sent, what it would change, and the load."""

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import tasks
from tracker.exports.answers import XLSX
from tracker.imports.files import MOST_BYTES
from tracker.models import Plan, Preparation
from tracker.models.roles import may_write
from tracker.planbook import rows, sent_file, work, writing
from tracker.planbook.reading import require_xlsx
from tracker.planbook.sheets import IN_ORDER, explained

from .pages import form_page, press, read_page, require_writer

TYPES = {"xlsx": XLSX, "zip": "application/zip"}


class StaffRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


class FileForm(forms.Form):
    """The spreadsheet."""

    file = forms.FileField(label=gettext_lazy("Spreadsheet (XLSX)"))

    def clean_file(self) -> bytes:
        """Its bytes. What is too large is not read at all."""
        content: bytes = self.cleaned_data["file"].read(MOST_BYTES + 1)
        require_xlsx(content)
        return content


@form_page
def spreadsheet(request: StaffRequest, pk: int) -> HttpResponse:
    """What the last file would make of a preparation, and a form that takes the next one."""
    preparation = get_object_or_404(Preparation, pk=pk, of_plan=True)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        require_writer(request, preparation)
        if form.is_valid():
            content = form.cleaned_data["file"]
            sent_file.put(pk, content, name=getattr(request.FILES["file"], "name", ""), by=request.user)
            return _begin(request, "planbook_examine", preparation, soon=len(content) <= work.SOON)
    file = sent_file.get(pk)
    plan = Plan.everything.filter(preparation=preparation).first()
    context = {
        "title": _("From a spreadsheet: %(subject)s") % {"subject": preparation.subject},
        "preparation": preparation,
        "form": form,
        "writes": may_write(request.user) and not preparation.is_open,
        "sent_file": file,
        "stale": file is not None and file.version not in (None, preparation.version) and "loaded" not in file.result,
        **_to_fill(),
        "megabytes": MOST_BYTES // 1024 // 1024,
        "plans": [_files_of(plan)] if plan else [],
    }
    return render(request, "desk/spreadsheet.html", context, status=400 if form.errors else 200)


@press
def step(request: StaffRequest, pk: int) -> HttpResponse:
    """Load the file that was sent, look at it again, or forget it."""
    preparation = get_object_or_404(Preparation, pk=pk, of_plan=True)
    require_writer(request, preparation)
    file, action = sent_file.get(pk), request.POST.get("step")
    if file is None or not sent_file.content(pk):
        messages.error(request, _("No file is kept here any more: send it again."))
        return redirect("desk-spreadsheet", pk=pk)
    if action == "forget":
        sent_file.forget(pk)
        messages.success(request, _("The file is forgotten; the plan is as it was."))
        return redirect("desk-spreadsheet", pk=pk)
    if request.POST.get("file") != file.sha256:
        messages.error(request, _("Another file was sent since you opened the page. Look at it first."))
        return redirect("desk-spreadsheet", pk=pk)
    soon = len(sent_file.content(pk)) <= work.SOON
    if action == "again":
        file.version = None
        sent_file.write(pk, file)
        return _begin(request, "planbook_examine", preparation, soon=soon)
    if action != "load":
        raise Http404(_("There is no such step."))
    file.loaded_by = request.user.pk
    sent_file.write(pk, file)
    return _begin(request, "planbook_load", preparation, soon=soon)


def _begin(request: StaffRequest, kind: str, preparation: Preparation, *, soon: bool) -> HttpResponse:
    """Do a step at once, or have it done where it takes longer than a request may."""
    address = reverse("desk-spreadsheet", args=[preparation.pk])
    if soon:
        {"planbook_examine": work.examine_file, "planbook_load": work.load_file}[kind](preparation.pk)
        return redirect(address)
    return redirect(tasks.start(kind=kind, subject=preparation.pk, by=request.user, address=address))


def _to_fill() -> dict[str, Any]:
    """The sheets that every plan has and those that few have, and what a person has to know before she fills them."""
    extra = [sheet for sheet in IN_ORDER if sheet.extra]
    return {"sheets": [each for each in IN_ORDER if each not in extra], "extra": extra, "explained": list(explained())}


@read_page
def spreadsheets(request: StaffRequest) -> HttpResponse:
    """Files to start from, and every public plan as a spreadsheet and as seed files."""
    context = {
        "title": _("Plans as spreadsheets"),
        "plans": [_files_of(plan) for plan in Plan.objects.all()],
        **_to_fill(),
    }
    return render(request, "desk/spreadsheets.html", context)


def _files_of(plan: Plan) -> dict[str, Any]:
    """A plan with its files: at once where it is small, and else those that were made of it."""
    path = sent_file.path_of_plan(plan.pk, "zip")
    made_at = path.stat().st_mtime if path.exists() else None
    return {
        "plan": plan,
        "small": work.is_small(plan),
        "made": made_at and datetime.datetime.fromtimestamp(made_at, tz=timezone.get_current_timezone()),
    }


@read_page
def start_file(_request: StaffRequest, which: str) -> HttpResponse:
    """A file to start from: blank, with the sheets that few plans have, or the plan of an invented country."""
    plan_rows = {"template": {}, "template-all": {}, "example": rows.of_example()}.get(which)
    if plan_rows is None:
        raise Http404(_("There is no such file."))
    content = writing.workbook(plan_rows, all_sheets=which == "template-all")
    return _answer(content, f"plan-{which}", "xlsx")


@read_page
def plan_file(_request: StaffRequest, pk: int, ending: str) -> HttpResponse:
    """A plan, public or in preparation, as a spreadsheet or as seed files."""
    plan = get_object_or_404(Plan.everything.select_related("preparation"), pk=pk)
    if ending not in TYPES:
        raise Http404(_("There is no such file."))
    if work.is_small(plan):
        return _answer(work.MAKE[ending](plan), plan.code, ending)
    try:
        return _answer(sent_file.path_of_plan(pk, ending).read_bytes(), plan.code, ending)
    except OSError as error:
        raise Http404(_("The files of this plan are not made yet.")) from error


@press
def make_files(request: StaffRequest, pk: int) -> HttpResponse:
    """Have the files of a large plan made."""
    plan = get_object_or_404(Plan.everything, pk=pk)
    back = (
        reverse("desk-spreadsheet", args=[plan.preparation_id]) if plan.preparation_id else reverse("desk-spreadsheets")
    )
    return redirect(tasks.start(kind="planbook_files", subject=plan.pk, by=request.user, address=back))


def _answer(content: bytes, name: str, ending: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return HttpResponse(content, content_type=TYPES[ending], headers=headers)
