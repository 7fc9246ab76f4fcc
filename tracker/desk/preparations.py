"""What is in preparation: the list, one of them with all that it holds and lacks, and its way to the public."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import tasks
from tracker.actions import preparation as steps
from tracker.actions.errors import REFUSED, noted, sentences
from tracker.actions.opening import contents, problems
from tracker.actions.progress import why_not
from tracker.models import Category, Plan, Preparation, State
from tracker.models.publishable import open_to
from tracker.models.roles import may_publish, may_write
from tracker.models.sources import slug_code
from tracker.schema import CATEGORIES, COMMITMENTS, PLAN, PROVISIONS, TABLES, Table
from tracker.wording import labels

from .pages import accounts_of, change_address, form_page, version_seen
from .texts import summary

Context = dict[str, Any]
OF_TREE = (PLAN, CATEGORIES, PROVISIONS, COMMITMENTS)
MOST_PROBLEMS = 50  # that are listed at once
MOST_AT_ONCE = 400  # records that are opened while somebody waits for the page; more take a process of their own


def open_ones() -> Any:
    """Preparations that are on their way by themselves, not with a row."""
    return Preparation.objects.exclude(state=State.PUBLISHED).filter(of_row=False)


def waiting_for(user: User) -> Any:
    """Preparations that wait for review and that this person may open."""
    if not may_publish(user):
        return Preparation.objects.none()
    return open_ones().filter(open_to(*accounts_of(user)))


class BeginForm(forms.Form):
    """The code of a new plan, from which its addresses are made."""

    code = forms.CharField(
        label=gettext_lazy("Code of the plan"),
        max_length=80,
        validators=[slug_code],
        help_text=gettext_lazy("Part of its addresses, such as osmarra-2030. It can change until the plan is opened."),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Plan.everything.filter(code=code).exists():
            raise ValidationError(_("A plan has this code already, here or in preparation."))
        return code


@form_page
def preparations(request: Any) -> HttpResponse:
    """What is in preparation, and a plan begun."""
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            subject = f"plan {form.cleaned_data['code']}"
            return redirect("desk-preparation", pk=steps.begin(by=request.user, subject=subject, of_plan=True).pk)
        except REFUSED as error:
            form.add_error(None, sentences(error)[0])
    user = request.user
    people = ("author", "submitted_by", "edited_by")
    rows = list(open_ones().select_related(*people))
    mine = set(waiting_for(user).values_list("pk", flat=True))
    context = {
        "title": _("In preparation"),
        "form": form,
        "writes": may_write(user),
        "waiting": [row for row in rows if row.pk in mine],
        "rows": [row for row in rows if row.pk not in mine],
        "with_rows": Preparation.objects.filter(of_row=True).exclude(state=State.PUBLISHED).count(),
        "opened": Preparation.objects.filter(state=State.PUBLISHED, of_row=False).order_by("-opened_at")[:10],
    }
    return render(request, "desk/preparations.html", context, status=400 if form.errors else 200)


STEPS: dict[str, tuple[Callable[..., Any], Any]] = {
    "hand_in": (steps.hand_in, gettext_lazy("Handed in: a reviewer who wrote nothing of it opens it.")),
    "take_back": (steps.take_back, gettext_lazy("It is a draft again.")),
    "send_back": (steps.send_back, gettext_lazy("Sent back with your note.")),
}


@form_page
def preparation(request: Any, pk: int) -> HttpResponse:
    """One preparation: what it holds, what it lacks, and the steps on its way."""
    record = get_object_or_404(Preparation, pk=pk)
    refused: list[str] = []
    step = request.POST.get("step", "")
    if request.method == "POST":
        if step not in STEPS:
            raise Http404(_("There is no such step."))
        more = {"reason": request.POST.get("reason", "")} if step == "send_back" else {}
        with noted(refused):
            STEPS[step][0](preparation=record, by=request.user, version=version_seen(request), **more)
            messages.success(request, STEPS[step][1])
            return redirect("desk-preparation", pk=pk)
        record.refresh_from_db()
    everything = {} if record.is_open else contents(record)
    still_open = [] if record.is_open else problems(record, everything)
    user = request.user
    context = _about(record, user) | {
        "refused": refused,
        "reason": request.POST.get("reason", ""),
        "counts": [(table.model._meta.verbose_name_plural, len(rows)) for table, rows in everything.items()],
        "problems": [_linked(*each) for each in still_open[:MOST_PROBLEMS]],
        "more_problems": max(0, len(still_open) - MOST_PROBLEMS),
        "plan": next(iter(everything.get(PLAN, ())), None),
        "tree": _tree(everything) if record.of_plan else (),
        "others": [_listed(table, rows) for table, rows in everything.items() if table not in OF_TREE[1:]],
        "adds": _adds(record),
        "from_text": None if record.is_open or not record.of_plan else summary(record),
    }
    return render(request, "desk/preparation.html", context, status=409 if refused else 200)


def _about(record: Preparation, user: User) -> Context:
    """What every page of a preparation says of it, and what this person may do with it."""
    return {
        "title": record.subject,
        "record": record,
        "writes": may_write(user) and not record.is_open,
        "reviews": record.state == State.SUBMITTED and may_publish(user),
        "why_not": why_not(record=record, by=user) if record.state == State.SUBMITTED else "",
        "takes_back": record.state == State.SUBMITTED and user.pk in {*record.contributor_ids, record.submitted_by_id},
        "discards": steps.may_discard(preparation=record, by=user),
        "others_of_it": User.objects.filter(pk__in=record.contributor_ids - {record.author_id}).order_by("username"),
    }


@form_page
def open_it(request: Any, pk: int) -> HttpResponse:
    """Ask once more, with what becomes public, and then open it."""
    record = get_object_or_404(Preparation, pk=pk)

    def act() -> HttpResponse:
        if sum(table.model.everything.filter(preparation=record).count() for table in TABLES) > MOST_AT_ONCE:
            steps.openable(preparation=record, by=request.user, version=version_seen(request))
            address = reverse("desk-preparation", args=[pk])
            return redirect("desk-job", pk=tasks.start(kind="open", subject=pk, by=request.user, address=address).pk)
        opened = steps.open_preparation(preparation=record, by=request.user, version=version_seen(request))
        sentence = _("It is public: %(n)s records, log entries from %(entry)s on.")
        messages.success(request, sentence % {"n": opened.count, "entry": opened.entry_id})
        return redirect("desk-preparation", pk=pk)

    left = summary(record) if record.of_plan and not record.is_open else None
    return _confirmed(request, record, act, "desk/preparation_open.html", from_text=left)


@form_page
def discard(request: Any, pk: int) -> HttpResponse:
    """Ask once more, and then throw it away."""
    record = get_object_or_404(Preparation, pk=pk)

    def act() -> HttpResponse:
        steps.discard(preparation=record, by=request.user, version=version_seen(request))
        messages.success(request, _("%(subject)s was discarded.") % {"subject": record.subject})
        return redirect("desk-preparations")

    return _confirmed(request, record, act, "desk/preparation_discard.html")


@form_page
def remove(request: Any, pk: int, kind: str, row: int) -> HttpResponse:
    """Ask once more, and then take one record out."""
    record = get_object_or_404(Preparation, pk=pk)
    table = next((table for table in TABLES if table.name == kind), None)
    if table is None:
        raise Http404(_("There is no such record."))
    each = get_object_or_404(table.model.everything, pk=row, preparation=record)

    def act() -> HttpResponse:
        name = str(each)
        steps.remove(record=each, by=request.user)
        messages.success(request, _("“%(named)s” was removed.") % {"named": name})
        return redirect("desk-preparation", pk=pk)

    return _confirmed(request, record, act, "desk/preparation_remove.html", each=each)


def _confirmed(
    request: Any, record: Preparation, act: Callable[[], HttpResponse], page: str, **more: Any
) -> HttpResponse:
    """What a step does once it is confirmed; before that, or where it is refused, the page that asks."""
    refused: list[str] = []
    if request.method == "POST":
        with noted(refused):
            return act()
        record.refresh_from_db()
    rows = [(t.model._meta.verbose_name_plural, t.model.everything.filter(preparation=record).count()) for t in TABLES]
    context = _about(record, request.user) | {"refused": refused, "counts": [pair for pair in rows if pair[1]]} | more
    return render(request, page, context, status=409 if refused else 200)


def _linked(record: Any, sentence: str) -> Context:
    """A problem with the record that it is with, and where that is mended."""
    return {"record": record, "sentence": sentence, "address": change_address(record) if record is not None else ""}


def _add(model: Any, **query: Any) -> str:
    return reverse(f"admin:tracker_{model._meta.model_name}_add", query=query)


def _listed(table: Table, rows: list[Any]) -> Context:
    """Records of a table as lines: what each is, and where it is changed or removed."""
    name = table.model._meta.verbose_name_plural
    return {"name": name, "table": table.name, "lines": [(each, change_address(each)) for each in rows]}


def _adds(record: Preparation) -> list[tuple[str, str]]:
    """Forms for new records of a preparation, in the order in which they name one another; the tree has its own."""
    tables = [table for table in TABLES if table not in OF_TREE[2:] and (record.of_plan or table not in OF_TREE)]
    if record.of_plan and Plan.everything.filter(preparation=record).exists():
        tables.remove(PLAN)
    elif record.of_plan:
        tables = [table for table in tables if not table.of_plan]
    return [(table.model._meta.verbose_name, _add(table.model, preparation=record.pk)) for table in tables]


def _tree(everything: dict[Table, list[Any]]) -> list[Context]:
    """The rights of a plan in order, with their paragraphs and promises, and the forms that add to each."""
    promises: dict[int, list[Context]] = {}
    for each in everything.get(COMMITMENTS, ()):
        promises.setdefault(each.provision_id, []).append(_promise(each))
    paragraphs: dict[int | None, list[Context]] = {}
    for each in everything.get(PROVISIONS, ()):
        add = _add(COMMITMENTS.model, preparation=each.preparation_id, provision=each.pk)
        line = {"record": each, "address": change_address(each), "promises": promises.get(each.pk, ()), "add": add}
        paragraphs.setdefault(each.category_id, []).append(line)
    tree = [_right(each, paragraphs.pop(each.pk, [])) for each in everything.get(CATEGORIES, ())]
    if loose := [line for lines in paragraphs.values() for line in lines]:
        tree.insert(0, {"record": None, "paragraphs": loose})
    return tree


def _right(category: Category, paragraphs: list[Context]) -> Context:
    bundle = category.preparation_id
    return {
        "record": category,
        "level": 4 if category.parent_id else 3,
        "address": change_address(category),
        "paragraphs": paragraphs,
        "add": _add(PROVISIONS.model, preparation=bundle, category=category.pk),
        "add_within": _add(CATEGORIES.model, preparation=bundle, parent=category.pk),
    }


def _promise(commitment: Any) -> Context:
    """A promise as readers would have it: its words, its test, and by which rule it is found kept."""
    target = labels.target(commitment)
    return {"record": commitment, "address": change_address(commitment), "target": target}
