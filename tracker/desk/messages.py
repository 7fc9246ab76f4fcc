"""What somebody is told, how they want to hear of it, and what is due within a week."""

import datetime

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.actions.messages import choose, mark_read, remind
from tracker.filters.parameters import Query, WholeNumber
from tracker.models import (
    Assessment,
    Assignment,
    By,
    Message,
    MessageChoice,
    Notice,
    Preparation,
    ReaderReport,
    RedactionRequest,
    Update,
)
from tracker.models.progress import AMENDED
from tracker.paging import paged
from tracker.serving.staff import FORM, staff_page
from tracker.snapshot.snapshot import Snapshot

from .figures import figures
from .pages import LOOKS
from .people import Work

ON_A_PAGE = 50
WEEK = datetime.timedelta(days=7)


class MessagesQuery(Query):
    """What the list may be asked for."""

    page = WholeNumber(gettext_lazy("Page"), most=40)


class ChoiceForm(forms.Form):
    """Of what somebody wants to hear, and how."""

    notices = forms.MultipleChoiceField(
        label=gettext_lazy("Tell me when"), choices=Notice, required=False, widget=forms.CheckboxSelectMultiple
    )
    by = forms.ChoiceField(label=gettext_lazy("By mail"), choices=By, widget=forms.RadioSelect)


@staff_page(FORM, LOOKS)
def message_list(request):
    """The person's own messages, newest first, and the choice of how to hear."""
    if request.method == "POST" and "_choose" in request.POST:
        form = ChoiceForm(request.POST)
        if form.is_valid():
            unwanted = [each for each in Notice if each not in form.cleaned_data["notices"]]
            choose(by=request.user, mail=By(form.cleaned_data["by"]), not_of=unwanted)
            messages.success(request, _("Your choice is kept."))
            return HttpResponseRedirect(request.path)
    elif request.method == "POST":
        n = mark_read(by=request.user)
        words = ngettext("%(n)s message is marked as read.", "%(n)s messages are marked as read.", n)
        messages.success(request, words % {"n": n})
        return HttpResponseRedirect(request.path)
    else:
        choice = MessageChoice.objects.filter(person=request.user).first() or MessageChoice()
        notices = [each for each in Notice if each not in choice.not_of]
        form = ChoiceForm(initial={"notices": notices, "by": choice.by})
    rows = Message.objects.filter(to=request.user)
    page_number = MessagesQuery(request.GET).get("page") or 1
    page = paged(list(rows[: ON_A_PAGE * 40]), page_number, ON_A_PAGE, lambda number: f"?page={number}")
    context = page | {
        "title": _("Messages"),
        "form": form,
        "lines": [(message, address_of(message), title) for message, title in _titled(page["rows"])],
        "unread": unread_of(request.user).count(),
    }
    return render(request, "desk/messages.html", context, status=400 if form.is_bound else 200)


def unread_of(user: User) -> QuerySet[Message]:
    """The messages that somebody has not read."""
    return Message.objects.filter(to=user, read_at__isnull=True)


def _titled(rows: list[Message]) -> list[tuple[Message, str]]:
    """Messages, each with the name of the promise, metric or right that its row is about: two questions for a page."""
    names: dict[tuple[str, int | None], str] = {}
    for model, about in ((Update, AMENDED), (Assessment, ("commitment", "category"))):
        kind = str(model._meta.model_name)
        numbers = [row.row for row in rows if row.kind == kind]
        for record in model._default_manager.filter(pk__in=numbers).select_related(*about) if numbers else ():
            names[kind, record.pk] = str(record.about or "")
    return [(row, names.get((row.kind, row.row), "")) for row in rows]


def address_of(message: Message) -> str:
    """Where the person goes on with what a message is about."""
    if message.kind in ("update", "assessment"):
        step = "review" if message.notice == Notice.REVIEW else "change"
        return reverse(f"admin:tracker_{message.kind}_{step}", args=[message.row])
    if message.kind == Preparation._meta.model_name:
        return reverse("desk-preparation", args=[message.row])
    if message.kind == RedactionRequest._meta.model_name:
        return reverse("admin:tracker_redactionrequest_change", args=[message.row])
    if message.kind == ReaderReport._meta.model_name:
        return reverse("desk-report", args=[message.row])
    return reverse("desk-assignments") if message.kind == Assignment._meta.model_name else reverse("desk-calendar")


def remind_of_next_week(snapshot: Snapshot) -> int:
    """Tell everyone of what is theirs and due within a week: their own days, and figures that are expected.

    How many messages that made; none is made twice.
    """
    until, count = snapshot.on + WEEK, 0
    work = Work(tuple(Assignment.objects.open()))
    for row in work.rows:
        if row.due_on is not None and snapshot.on <= row.due_on <= until:
            kind = str(row._meta.model_name)
            count += remind(person=row.person, kind=kind, subject=row.subject, due_on=row.due_on)
    for figure in figures(snapshot):
        if snapshot.on <= figure.by <= until:
            for row in work.of_figure(snapshot, figure):
                subject = f"metric {figure.metric.code} {figure.period.year}"
                count += remind(person=row.person, kind="figure", subject=subject, due_on=figure.by)
    return count
