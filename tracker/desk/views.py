"""The pages of the desk: the first one, lists of promises and rows, who works on what, the calendar."""

import hashlib

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from tracker.actions.assignments import assign, close, may_close
from tracker.actions.calendar import end_address, make_address, person_of
from tracker.actions.errors import noted
from tracker.filters.parameters import Choices, Query
from tracker.models import CalendarAddress, RedactionRequest, SeedProblem
from tracker.models.roles import may_publish
from tracker.paging import paged
from tracker.schema import plain_row, record_of
from tracker.serving import limits
from tracker.serving.middleware import client_address
from tracker.serving.staff import FORM, READ, staff_page
from tracker.snapshot.cache import read_snapshot
from tracker.snapshot.plan import NotInRegistry

from . import rows
from .calendar import as_icalendar, calendar_of, together
from .figures import figures
from .forms import AssignForm, CloseForm
from .pages import LOOKS, change_address, form_page, read_page
from .people import ME, Work, may_see
from .reports import count_waiting
from .todo import TODO, WorkFilter, lacks, presses

FIRST = 5  # rows of each list on the first page


@staff_page(READ, LOOKS)
def desk(request):
    """What waits for the person, what came back and why, what is due, what is theirs: counts, and the first of each."""
    user, snapshot = request.user, read_snapshot()
    work = Work.read(user)
    plans = [WorkFilter(QueryDict(), snapshot=snapshot, plan=p, user=user, work=work) for p in snapshot.plans.values()]
    context = {"title": _("Desk"), "snapshot": snapshot, "first": FIRST}
    if user.has_perm("tracker.view_trailentry"):
        context["unloaded"] = _unloaded()
    if may_see(user):
        ways = rows.ways_of(user)
        context["ways"] = [
            {"way": way, "label": label, "path": reverse(f"desk-{way}")}
            | rows.OnTheWay(QueryDict(), snapshot=snapshot, user=user, way=way).page(FIRST)
            for way, label in ways.items()
            if way != "all"
        ]
        context["mine"] = work.of_person(user)
        context["reports"] = request.reports_waiting = count_waiting(user)
    if may_publish(user):
        context["redactions"] = (
            RedactionRequest.objects.filter(entry=None).select_related("asked_by").order_by("asked_at")
        )
    due = [figure for figure in figures(snapshot) if figure.is_due(snapshot.on)]
    context["due"] = together(snapshot, due, work, user)
    context["plans"] = [
        {"plan": f.plan, "path": f.path, "todo": [(name, label, f.count(name)) for name, label in TODO.items()]}
        | {"mine": f.bits_by_value["assigned"][ME].bit_count(), "of": len(f.rows)}
        for f in plans
    ]
    return render(request, "desk/desk.html", context)


def _unloaded():
    """Each problem of seed files; of a row that was changed on both sides with each field, and where to amend it."""
    return [{"problem": problem, **_in_conflict(problem)} for problem in SeedProblem.objects.all()]


def _in_conflict(problem):
    try:
        record = record_of(problem.subject) if problem.subject else None
    except (LookupError, ObjectDoesNotExist):
        record = None
    if record is None:
        return {}
    now = plain_row(record)
    fields = [
        {"label": record._meta.get_field(name).verbose_name, "here": now.get(name), "file": new}
        for name, (_was, new) in problem.differences.items()
    ]
    return {
        "record": record,
        "path": change_address(record),
        "fields": fields,
        "agrees": all(each["here"] == each["file"] for each in fields),
    }


@read_page
def rows_list(request, way):
    """One list of rows on their way: filters with counts, and the rows a page at a time."""
    if way not in rows.ways_of(request.user):
        raise PermissionDenied
    listed = rows.OnTheWay(request.GET, snapshot=read_snapshot(), user=request.user, way=way)
    context = {"title": rows.WAYS[way], "listed": listed, "facets": listed.facets, "ways": rows.ways_of(request.user)}
    return render(request, "desk/rows.html", context | {"snapshot": listed.snapshot} | listed.page())


@staff_page(READ, LOOKS)
def todo(_request, what=""):
    """To the promises of the plan shown first, or to what is due of them; where there is no plan, to the desk."""
    plan = read_snapshot().default_plan
    query = f"?todo={what}" if what else ""
    return HttpResponseRedirect(reverse("desk-promises", args=[plan.code]) + query if plan else reverse("desk"))


SHOWN = ("todo", "assigned", "category", "kind", "group", "missing", "beneficiary")


@staff_page(READ, LOOKS)
def promises(request, plan):
    """Promises on which something is to be done: the explorer's filters with two more, and what each wants."""
    snapshot, user = read_snapshot(), request.user
    try:
        view = snapshot.plan(plan)
    except NotInRegistry as error:
        raise Http404(str(error)) from error
    work = Work.read(user)
    filters = WorkFilter(request.GET, snapshot=snapshot, plan=view, user=user, work=work)
    commitments, facets = filters.answer()
    page_number, size = filters.parameters.get("page", 1), filters.rows_on_a_page
    page = paged(commitments, page_number, size, lambda number: filters.canonical(page=number))
    by_name = {facet.name: facet for facet in facets}
    names = [name for name in SHOWN if name != "assigned" or may_see(user)]
    context = page | {
        "title": _("Promises to work on"),
        "snapshot": snapshot,
        "plan": view,
        "filters": filters,
        "facets": [by_name[name] for name in names],
        "sort": filters.sorts[0] if filters.sorts else "",
        "chips": list(filters.chips()),
        "lines": [(c, lacks(filters, c), presses(snapshot, c), work.of(view, c)) for c in page["rows"]],
        "here": filters.canonical(),
        "form": AssignForm(user=user) if may_see(user) else None,
    }
    return render(request, "desk/promises.html", context)


@form_page
def assignments(request):
    """Who works on what, one's own first; a form that gives work, and boxes that give it back."""
    snapshot, user = read_snapshot(), request.user
    form, problems = AssignForm(user=user), []
    if request.method == "POST":
        with noted(problems):
            if "_close" in request.POST:
                return _close(request)
            form = AssignForm(request.POST, user=user, plans=snapshot.plans)
            if form.is_valid():
                return _assign(request, form)
    work = Work.read(user)
    mine = work.of_person(user)
    others = [row for row in work.rows if row.person_id != user.pk]
    context = {"title": _("Who works on what"), "snapshot": snapshot, "form": form, "problems": problems}
    context |= {"groups": [(_("Mine"), mine), (_("Others"), sorted(others, key=_by_person))]}
    context |= {"closable": {row.pk for row in work.rows if may_close(user, row)}}
    return render(request, "desk/assignments.html", context, status=400 if request.method == "POST" else 200)


def _by_person(row):
    return row.person.get_username(), row.subject


def _assign(request, form):
    values = {name: form.cleaned_data[name] for name in ("things", "due_on", "note")}
    n = len(assign(to=form.cleaned_data["person"], by=request.user, **values))
    words = ngettext("%(n)s thing is now with %(person)s.", "%(n)s things are now with %(person)s.", n)
    messages.success(request, words % {"n": n, "person": form.cleaned_data["person"].get_username()})
    return _back(request)


def _close(request):
    form = CloseForm(request.POST)
    if not form.is_valid():
        raise ValidationError(_("Choose what is done or given back; what was closed meanwhile is gone from the list."))
    n = close(assignments=form.cleaned_data["closing"], by=request.user)
    words = ngettext("%(n)s assignment is closed.", "%(n)s assignments are closed.", n)
    messages.success(request, words % {"n": n})
    return _back(request)


def _back(request):
    """To the list from which something was sent, if that is on this site."""
    then = request.POST.get("then", "")
    local = then.startswith("/") and url_has_allowed_host_and_scheme(then, allowed_hosts=None)
    return HttpResponseRedirect(then if local else reverse("desk-assignments"))


class CalendarQuery(Query):
    """What the calendar may be asked for."""

    assigned = Choices(gettext_lazy("Who has it"), [(ME, gettext_lazy("Me"))])


@staff_page(FORM, LOOKS)
def calendar(request):
    """Expected figures by month, and the person's own address of the same for a calendar program."""
    user, token = request.user, ""
    if request.method == "POST" and "_end" in request.POST:
        end_address(by=user)
        messages.success(request, _("Your calendar's address leads nowhere any more."))
        return HttpResponseRedirect(reverse("desk-calendar"))
    if request.method == "POST":
        token = make_address(by=user)
    snapshot, mine = read_snapshot(), bool(CalendarQuery(request.GET).get("assigned"))
    context = {"title": _("Expected figures"), "snapshot": snapshot, "only_mine": mine, "sees": may_see(user)}
    context |= calendar_of(snapshot, Work.read(user), user, mine=mine)
    context |= {"made": CalendarAddress.objects.filter(person=user).first()}
    context |= {"address": reverse("desk-calendar-file", args=[token]) if token else ""}
    return render(request, "desk/calendar.html", context)


@require_safe
def calendar_file(request, token):
    """The calendar of whoever has this token, for a program that has no session. All other tokens lead nowhere.

    What is secret in the address is taken out of the request first, so that no error says it.
    """
    hidden = reverse("desk-calendar-file", args=["token"])
    request.path = request.path_info = request.META["PATH_INFO"] = hidden
    if seconds := limits.spend("CALENDAR", client_address(request)):
        return HttpResponse(status=429, headers={"Retry-After": str(seconds)})
    if (person := person_of(token)) is None:
        raise Http404(_("There is no such calendar."))
    content = as_icalendar(read_snapshot(), Work.read(person), person)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="expected-figures.ics"'
    response["Cache-Control"] = "private, max-age=3600"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    etag = response["ETag"] = quote_etag(hashlib.sha256(content).hexdigest())
    return get_conditional_response(request, etag, response=response)
