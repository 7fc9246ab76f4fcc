"""Publishing many at once: rows ticked on the desk or on the registry's lists, one page that shows what each does."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.actions.doubts import doubts
from tracker.actions.errors import REFUSED, Conflict, NotAllowed, sentences
from tracker.actions.progress import publish, submit, why_not
from tracker.models import Assessment, State, Update
from tracker.models.roles import may_publish, may_write
from tracker.serving.staff import FORM, staff_page
from tracker.text import typed

from .preview import brought, effects, shown
from .saving import as_shown, mark_of, named, step_address

MOST = 20  # rows that are published at once: each is shown with what it does
NAMED = 10  # rows that the sentence on what happened names
MOVED = gettext_lazy("It has changed since the list was shown: read it again.")
MODELS = {model._meta.model_name: model for model in (Update, Assessment)}


@staff_page(FORM)
def publish_view(request):
    """Show what each row says and does, and once that is confirmed publish exactly what was shown."""
    if not may_publish(request.user):
        raise PermissionDenied
    if request.method != "POST":  # somebody came back to the address
        return HttpResponseRedirect(reverse("desk-review"))
    if "all" in request.POST:
        marks = [name.removeprefix("seen-") for name in request.POST if name.startswith("seen-")]
    else:
        marks = request.POST.getlist("row")
    rows = _rows(request, marks)
    if not marks:
        messages.warning(request, _("Nothing was ticked."))
        return HttpResponseRedirect(reverse("desk-review"))
    if "confirmed" in request.POST:
        return _publish(request, rows)
    return page_of_many(request, rows, gone=len(set(marks)) - len(rows))


@staff_page(FORM)
def hand_in_view(request):
    """Hand in the drafts that were ticked, each as the list showed it; say of each that was refused what it lacks."""
    if not may_write(request.user):
        raise PermissionDenied
    rows = _rows(request, request.POST.getlist("row"))
    if count := len(done_to_each(request, rows, partial(submit, meant=()), _("Not handed in:"))):
        words = ngettext("%(n)s record is with the reviewers.", "%(n)s records are with the reviewers.", count)
        messages.success(request, words % {"n": count})
    elif not rows and request.method == "POST":
        messages.warning(request, _("Nothing was ticked."))
    return HttpResponseRedirect(reverse("desk-drafts"))


def done_to_each(request, rows, action, refused, step="change"):
    """Do something to each of some rows, as a list showed it, and say of those that refuse it why; the others.

    ``rows`` has with each the version that was seen; ``refused`` begins the sentence, whose link leads to ``step``.
    """
    done = []
    for row, seen in rows:
        name, address = named(row), step_address(row, step)  # while it is there
        try:
            if seen is None:
                raise NotAllowed(_("It was not on the page that you saw."))
            done.append(action(record=row, by=request.user, version=seen) or row)
        except REFUSED as error:
            why = MOVED if isinstance(error, Conflict) else " ".join(sentences(error, row))
            messages.error(request, format_html('{} <a href="{}">{}</a>. {}', refused, address, name, why))
    return done


def _rows(request, marks):
    """The rows that a form names, in its order, each with the version that it showed; what is gone is left out."""
    pairs = [mark.partition("-")[::2] for mark in dict.fromkeys(marks)]
    pairs = [(kind, typed.whole(pk, longest=15)) for kind, pk in pairs]
    rows = {}
    for kind, model in MODELS.items():
        numbers = [pk for each, pk in pairs if each == kind and pk is not None]
        by_number = model.objects.select_related("author", "origin").in_bulk(numbers)
        rows |= {(kind, pk): row for pk, row in by_number.items()}
    return as_shown(request, [rows[pair] for pair in pairs if pair in rows])


def page_of_many(request, rows, gone=0):
    """Rows, each with the version that a list showed, as the page on which they are published; who may not is told."""
    lines, refused = [], []
    for row, seen in rows[:MOST]:
        why = "" if row.state == State.SUBMITTED else _("It was not handed in.")
        why = why or ("" if row.version == seen else MOVED)
        if why := why or why_not(record=row, by=request.user):
            refused.append({"name": named(row), "address": step_address(row, "review"), "why": why})
        else:
            lines.append(_line(row))
    context = {
        "title": ngettext("Publish %(n)s record", "Publish %(n)s records", len(lines)) % {"n": len(lines)},
        "lines": lines,
        "refused": refused,
        "gone": gone,
        "left": max(0, len(rows) - MOST),
        "most": MOST,
    }
    return TemplateResponse(request, "admin/tracker/publish_many.html", context)


def _line(row):
    return {
        "row": row,
        "mark": mark_of(row),
        "name": named(row),
        "address": step_address(row, "review"),
        "rows": [each for each in shown(row) if each["differs"]],
        "evidence": row.evidence.select_related("source__publisher"),
        "brought": brought(row),
        "effects": effects(row),
        "doubts": doubts(row),
    }


def _publish(request, rows):
    """Publish each row by itself; say on the desk what became of them."""
    if published := done_to_each(request, rows[:MOST], publish, _("Not published:"), "review"):
        sentence = ngettext("%(n)s record published:", "%(n)s records published:", len(published))
        links = [format_html('<a href="{}">{}</a>', _public(row), named(row)) for row in published[:NAMED]]
        more = len(published) - NAMED
        remainder = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more} if more > 0 else ""
        names = format_html("; ".join(["{}"] * len(links)), *links)
        messages.success(request, format_html("{} {} {}", sentence % {"n": len(published)}, names, remainder))
    return HttpResponseRedirect(reverse("desk"))


def _public(row):
    about = row.about
    return about.get_absolute_url() if hasattr(about, "get_absolute_url") else step_address(row, "review")
