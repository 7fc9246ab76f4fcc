"""What readers reported, at the desk: what waits, one report with its words, and what becomes of it."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.actions import reports
from tracker.actions.errors import REFUSED, sentences
from tracker.corrections.forms import TypedText
from tracker.corrections.listing import entries_of, named
from tracker.filters.parameters import Choices, Query, WholeNumber
from tracker.models import Assessment, Became, Because, Body, Commitment, ReaderReport, Source, Wrong
from tracker.models.roles import may_write
from tracker.paging import paged
from tracker.serving.staff import FORM, READ, staff_page
from tracker.snapshot.cache import read_snapshot
from tracker.text import typed
from tracker.uploads import storage

from .pages import change_address

ON_A_PAGE, MOST = 50, 2000
DECIDES = "tracker.change_update"
DRAFTED_BY_PRESS = {f"_{kind}": kind for kind in (reports.UPDATE, reports.FINDING, reports.REPLY)}
# What can be chosen on the form; a draft is begun by a press of its own.
CHOICES = [(value, label) for value, label in Became.choices if value not in (Became.WAITING, Became.DRAFTED)]
CHOICES.append((Became.WAITING, gettext_lazy("put back among those that wait")))
DOWNLOAD = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


class ReportsQuery(Query):
    """What the list may be asked for."""

    became = Choices(gettext_lazy("What became of it"), [("open", gettext_lazy("Still open")), *Became.choices])
    page = WholeNumber(gettext_lazy("Page"), most=MOST // ON_A_PAGE)


class DecisionForm(forms.Form):
    """What becomes of a report: the public part of a closed list, and an answer for its sender alone."""

    became = forms.ChoiceField(
        label=gettext_lazy("What becomes of it"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what becomes of it.")},
    )
    because = forms.ChoiceField(
        label=gettext_lazy("Where it is not followed: why"), choices=[("", "–"), *Because.choices], required=False
    )
    same_as = forms.ModelChoiceField(
        ReaderReport.objects.all(),
        label=gettext_lazy("Where somebody else reported it: number of that report"),
        required=False,
        widget=forms.NumberInput(attrs={"min": 1}),
        error_messages={"invalid_choice": gettext_lazy("There is no report %(value)s.")},
    )
    entries = forms.CharField(
        label=gettext_lazy("Where something was changed: numbers of the log's entries"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "As the log gives them, commas between several; one that was drafted of it need not be named."
        ),
    )
    answer = TypedText(
        label=gettext_lazy("Answer to the reader"),
        required=False,
        max_length=typed.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Seen by whoever sent the report, at the address that they were given; never public."),
    )

    def clean_entries(self) -> list[int]:
        """Numbers of the log."""
        parts = re.split(r"[,;\s]+", self.cleaned_data["entries"].strip())
        numbers = [part for part in parts if part]
        if odd := next((part for part in numbers if not re.fullmatch("[0-9]{1,15}", part, re.ASCII)), None):
            raise ValidationError(_("“%(part)s” is no number of the log.") % {"part": typed.short(odd)})
        return [int(part) for part in numbers]


def count_waiting(user: User) -> int | None:
    """How many reports nobody has looked at; ``None`` for those who do not decide on them."""
    return reports.waiting() if may_write(user) else None


@staff_page(READ, DECIDES)
def report_list(request: Any) -> Any:
    """What readers reported: what is still open first, or by what became of it."""
    query = ReportsQuery(request.GET)
    values = query.get("became") or ["open"]
    values = values if isinstance(values, list) else [values]
    states = {value for value in values if value != "open"}
    states |= {Became.WAITING, Became.NEEDS_SOURCE, Became.DRAFTED} if "open" in values else set()
    rows = ReaderReport.objects.whole().filter(became__in=states)
    counts = dict(ReaderReport.objects.order_by().values_list("became").annotate(n=Count("pk")))
    pairs = "".join(f"became={value}&" for value in values)
    page = paged(list(rows[:MOST]), query.get("page") or 1, ON_A_PAGE, lambda number: f"?{pairs}page={number}")
    snapshot = read_snapshot()
    context = page | {
        "title": _("Reports of readers"),
        "snapshot": snapshot,
        "lines": [(report, named(snapshot, report.about)) for report in page["rows"]],
        "ways": [(value, label, counts.get(value, 0), value in values) for value, label in Became.choices],
        "all_open": "open" in values,
    }
    return render(request, "desk/reports.html", context)


def _report_of(pk: int) -> ReaderReport:
    report = ReaderReport.objects.whole().filter(pk=pk).first()
    if report is None:
        raise Http404(_("There is no report with this number."))
    return report


@staff_page(FORM, DECIDES)
def report_detail(request: Any, pk: int) -> Any:
    """One report: its words, what stands beside it, and what becomes of it, with one press or by the form."""
    report, problems, form = _report_of(pk), [], None
    if request.method == "POST":
        form, seen = DecisionForm(request.POST, label_suffix=""), typed.whole(request.POST.get("seen_version"))
        seen = -1 if seen is None else seen
        try:
            for name, kind in DRAFTED_BY_PRESS.items():
                if name in request.POST:
                    return _drafted(request, report, kind, seen)
            if form.is_valid():
                decision = form.cleaned_data
                reports.decide(
                    report=report, by=request.user, version=seen, **decision | {"became": Became(decision["became"])}
                )
                words = {"n": pk, "became": _report_of(pk).get_became_display()}
                messages.success(request, _("Report %(n)s: %(became)s.") % words)
                return HttpResponseRedirect(reverse("desk-reports"))
        except REFUSED as error:
            by_field = getattr(error, "error_dict", None)
            if isinstance(error, ValidationError) and by_field and by_field.keys() <= form.fields.keys():
                form.add_error(None, error)
            else:
                problems = sentences(error)
    return _shown(request, report, form, problems)


def _drafted(request: Any, report: ReaderReport, kind: str, seen: int) -> Any:
    origin, code = None, request.POST.get("origin", "").partition(" · ")[0].strip()
    if kind == reports.REPLY and code:
        origin = Body.objects.filter(code=code).first()
        if origin is None:
            raise ValidationError(_("There is no body with the code “%(code)s”.") % {"code": typed.short(code)})
    draft = reports.take_up(report=report, kind=kind, by=request.user, version=seen, origin=origin)
    messages.success(request, _("A draft is begun. Write what it records; the report stands beside the form."))
    return HttpResponseRedirect(change_address(draft))


def _shown(request: Any, report: ReaderReport, form: DecisionForm | None, problems: list[str]) -> Any:
    snapshot, status = read_snapshot(), 200 if form is None else 400
    if form is None:
        names = ("became", "because", "answer")
        initial = {name: getattr(report, name) for name in names} | {"same_as": report.same_as_id}
        if report.is_open and report.became != Became.NEEDS_SOURCE:
            del initial["became"]  # what was not chosen yet is chosen by nobody's default
        initial["entries"] = ", ".join(map(str, report.entries.values_list("pk", flat=True)))
        form = DecisionForm(initial=initial, label_suffix="")
    others = ReaderReport.objects.filter(
        **{name: getattr(report, f"{name}_id") for name in ("commitment", "assessment", "source")}
    )
    draft, about = report.draft, report.about
    context = {
        "title": _("Report %(n)s") % {"n": report.pk},
        "snapshot": snapshot,
        "report": report,
        "about": named(snapshot, about),
        "form": form,
        "problems": problems,
        "others": others.exclude(pk=report.pk)[:20],
        "draft_path": change_address(draft) if draft else "",
        "entries": entries_of([report])[report.pk],
        "is_reply": report.wrong == Wrong.REPLY,
        "body_path": reverse_lazy("find"),
    }
    context |= _ways_on(about)
    return render(request, "desk/report.html", context, status=status)


def _ways_on(about: Commitment | Assessment | Source) -> dict[str, Any]:
    """What a report on this can become, and the form that corrects what it is about."""
    if isinstance(about, Source):
        return {"own_form": reverse("admin:tracker_source_change", args=[about.pk])}
    if isinstance(about, Assessment):
        own_form = reverse("admin:tracker_assessment_correct", args=[about.pk])
        return {"own_form": own_form, "updates": about.commitment_id is not None, "findings": True, "answers": about}
    own_form = reverse("admin:tracker_commitment_change", args=[about.pk])
    return {"own_form": own_form, "updates": True, "findings": True}


@staff_page(READ, DECIDES)
def report_file(request: Any, pk: int) -> Any:
    """The file that came with a report, for those who decide on it: to be saved, and never shown as a page."""
    del request
    report = _report_of(pk)
    try:
        file = storage.opened(report.stored)
    except (OSError, ValueError) as error:
        raise Http404(_("There is no file with this report any more.")) from error
    headers = DOWNLOAD | {"Content-Type": report.file_type, "Cache-Control": "private, no-store"}
    return FileResponse(file, as_attachment=True, filename=report.file_name, headers=headers)
