"""The form of a reader, the address that tells its sender what became of it, and the public list of corrections.

Nothing here sets a cookie or asks who somebody is. What is sent holds no token of a session, because there is none to
be misused: whoever can send the form could send it anyway.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tracker.actions import reports
from tracker.filters.dates import NumberedQuery, PageQuery
from tracker.models import Assessment, Commitment, Source
from tracker.serving.disk import AGAIN, no_room
from tracker.serving.middleware import client_address
from tracker.snapshot.cache import read_snapshot
from tracker.views.page import forgiving, versioned

from . import files, listing, stamp
from .forms import ReportForm

FORM = "tracker/reader_report.html"
# A form is of one reader, and comes back as it was when they go back to it; an outcome is read by one alone.
OF_FORM = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
TO_ONE = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


@forgiving
@require_http_methods(["GET", "HEAD", "POST"])
def report_commitment(request, plan, code):
    """Something is wrong or missing on a promise."""
    rows = Commitment.objects.select_related("plan").filter(plan__code=plan, code=code)
    return _report(request, rows, _("There is no commitment with the code %s.") % code)


@forgiving
@require_http_methods(["GET", "HEAD", "POST"])
def report_finding(request, entry):
    """Something is wrong with a finding, or is answered; it is named by the entry of the log that published it."""
    rows = Assessment.objects.published().filter(entry=entry)
    rows = rows.select_related("origin", "commitment__plan", "category__plan")
    return _report(request, rows, _("The log has no finding with the number %s.") % entry)


@forgiving
@require_http_methods(["GET", "HEAD", "POST"])
def report_source(request, code):
    """Something is wrong with a source."""
    return _report(request, Source.objects.filter(code=code), _("There is no source with the code %s.") % code)


def _report(request, rows, missing):
    """The form, and what was sent in it: taken in, or shown again with what is to be mended and every word of it."""
    PageQuery(request.GET)
    snapshot, about, now = read_snapshot(), rows.first(), timezone.now()
    if about is None or _plan_of(about) not in (None, *snapshot.plans):
        raise Http404(missing)
    crowd = reports.sendings(now)
    context = {"snapshot": snapshot, "about": listing.named(snapshot, about), "busy": crowd > stamp.BUSY}
    context |= {"days": settings.REPORT_DAYS, "bits": stamp.BITS}
    if request.method != "POST":
        context |= {"form": ReportForm(busy=context["busy"]), "stamp": stamp.new(request.path)}
        return TemplateResponse(request, FORM, context, headers=OF_FORM)
    form_stamp = stamp.read(request.POST.get("stamp", ""), request.path)
    context["stamp"] = form_stamp.text if form_stamp else stamp.new(request.path)
    try:
        problem, status = _not_yet(request, form_stamp, crowd, now)
        form = ReportForm(request.POST, {} if problem else request.FILES, busy=context["busy"])
        form.full_clean()  # the file is looked at, for which there may be no room
    except (OSError, DatabaseError) as error:
        problem, status = _full(error)
        form = ReportForm(request.POST, {}, busy=context["busy"])
    if not problem and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("wrong", "text", "link", "name", "contact")}
        try:
            reports.send(about=about, token=form_stamp.token, upload=form.cleaned_data.get("file") or None, **values)
            return HttpResponseRedirect(reverse("report-outcome", args=[form_stamp.token]), headers=TO_ONE)
        except ValidationError as error:
            form.add_error(None, error.messages)
        except (OSError, DatabaseError) as error:
            problem, status = _full(error)
    lost = bool(request.FILES)
    context |= {"form": form, "problem": problem, "lost": lost}
    later = {429: "3600", 503: str(AGAIN)}.get(status)
    headers = OF_FORM | ({"Retry-After": later} if later else {})
    return TemplateResponse(request, FORM, context, status=status, headers=headers)


def _full(error):
    """That a disk is full, and the status of that; any other error is raised again."""
    if not (sentence := no_room(error)):
        raise error
    return sentence, 503


def _plan_of(about):
    plan = getattr(about if isinstance(about, Commitment) else getattr(about, "about", None), "plan", None)
    return plan.code if plan is not None else None


def _not_yet(request, form_stamp, crowd, now):
    """Why nothing that was sent is looked at, in a sentence, and the status of that; ("", 400) where it may be."""
    if form_stamp is None:
        return _("This form was open for more than a day, or did not come from this page: send it again."), 400
    if crowd > stamp.FULL:
        return _("More reports come in than anybody can read: send it again in an hour."), 429
    try:
        stamp.require_patience(form_stamp, request.POST.get("proof", ""), busy=crowd > stamp.BUSY)
    except ValidationError as error:
        return error.message, 400
    if not reports.count_sending(address=str(client_address(request)), now=now):
        return _("From your address this form was sent often within an hour: send it again in an hour."), 429
    return "", 400


@require_safe
def report_outcome(request, token):
    """What became of a report, for whoever has its address. No error and no log of ours says the token."""
    request.path = request.path_info = request.META["PATH_INFO"] = reverse("report-outcome", args=["token"])
    report = reports.of_token(token)
    if report is None:
        raise Http404(_("There is no report at this address."))
    snapshot = read_snapshot()
    context = {"snapshot": snapshot, "report": report, "about": listing.named(snapshot, report.about)}
    context |= {"days": settings.REPORT_DAYS, "entries": listing.entries_of([report])[report.pk]}
    context |= {"here": settings.SITE_URL + reverse("report-outcome", args=[token]), "contact": settings.CONTACT}
    return TemplateResponse(request, "tracker/reader_report_outcome.html", context, headers=TO_ONE)


@forgiving
@require_safe
def corrections(request):
    """What readers reported and what became of it, with what was corrected without a report, newest first."""
    number = NumberedQuery(request.GET).get("page")

    def make(snapshot):
        return render(request, "tracker/corrections.html", listing.page(snapshot, number))

    return versioned(request, make, more=listing.version())


def _file(make, query_class=PageQuery):
    """An address under which the list is taken along: what ``make`` makes of the snapshot, and of what is asked."""

    @require_safe
    def answer(request):
        arguments = query_class(request.GET).arguments(None)
        return versioned(request, lambda snapshot: make(snapshot, *arguments.values()), more=listing.version())

    return answer


corrections_csv = _file(files.as_csv)
corrections_csv_metadata = _file(files.as_csv_metadata)
corrections_json = _file(files.as_json)
corrections_feed = _file(files.as_feed, NumberedQuery)
