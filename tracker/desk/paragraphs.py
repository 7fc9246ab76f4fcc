"""A paragraph of a plan's text: what it may promise, and its figures that are no target."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tracker import labels
from tracker.actions import fromtext, plantext
from tracker.actions.preparation import change
from tracker.models import Commitment, Kind, Level, Plan, PlanText, Preparation, Provision, Rule
from tracker.plantext.figures import Figure
from tracker.plantext.suggest import Period, Suggestion, suggest, suggest_run
from tracker.roles import may_write
from tracker.text import span_of_quote

from .pages import REFUSED, number, require_writer, sentences, staff
from .texts import Context, left_of, text_of

# How deep a promise of a kind goes, where the kind says it.
LEVELS = {Kind.LAW: Level.STRUCTURE, Kind.INSTITUTION: Level.STRUCTURE, Kind.PROGRAMME: Level.PROCESS}
LEVELS |= {Kind.REPORTING: Level.PROCESS}


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def paragraph(request: Any, pk: int, code: str) -> HttpResponse:
    """One paragraph: what it may promise, what it does, and its figures that are no target yet."""
    preparation, text = text_of(pk)
    result = fromtext.cut_of(text)
    each = result.by_code().get(code)
    if each is None:
        raise Http404(_("The text has no such paragraph."))
    provision = Provision.everything.filter(preparation=preparation, code=code).first()
    open_ones = left_of(preparation, text, result).figures.get(code, ())
    refused: list[str] = []
    if request.method == "POST":
        require_writer(request, preparation)
        try:
            _set_aside(request, text, code, provision, open_ones)
        except REFUSED as error:
            refused = sentences(error)
        else:
            messages.success(request, _("The figure is set aside, with its reason."))
            return redirect(request.path)
    words = " ".join(request.GET.get("words", "").split())
    suggestions, missing = _suggested(text.plan, each.text, words)
    codes = [one.code for one in result.paragraphs]
    place = codes.index(code)
    context = {
        "title": f"{code} {provision.title if provision else ''}".strip(),
        "preparation": preparation,
        "text": text,
        "cut": each,
        "provision": provision,
        "promises": Commitment.everything.filter(preparation=preparation, provision__code=code).order_by("order"),
        "suggestions": [_shown(one, preparation, provision) for one in suggestions],
        "words": words,
        "missing": missing,
        "figures": [{"value": figure.value, "words": each.text[figure.start : figure.end]} for figure in open_ones],
        "aside": text.aside.get(code, ()),
        "refused": refused,
        "writes": may_write(request.user) and not preparation.is_open,
        "before": codes[place - 1] if place else "",
        "after": codes[place + 1] if place + 1 < len(codes) else "",
    }
    return render(request, "desk/text_paragraph.html", context, status=409 if refused else 200)


def _suggested(plan: Plan, text: str, words: str) -> tuple[list[Suggestion], bool]:
    """What a paragraph may promise, or the words that somebody selected; and whether these stand nowhere in it."""
    period = Period(plan.starts_on, plan.ends_on, plan.published_on)
    if not words:
        return suggest(text, period, plan.language), False
    span = span_of_quote(words, text)
    return ([suggest_run(text, *span, period, plan.language)], False) if span else ([], True)


def _shown(each: Suggestion, preparation: Preparation, provision: Provision | None) -> Context:
    """A suggestion in words, and the address of the form that it fills in."""
    value = each.value
    target = f"{each.comparator} {labels.number(value)} {each.unit}".strip() if value is not None else each.stage
    given: Context = {
        "preparation": preparation.pk,
        "provision": provision.pk if provision else "",
        "quote": each.quote,
        "qualifier": each.qualifier,
        "kind": each.kind,
        "rule": each.rule,
        "level": LEVELS.get(Kind(each.kind), ""),
        "deadline": each.deadline.isoformat(),
        "deadline_basis": each.basis,
        "comparator": each.comparator,
        "target_value": "" if value is None else str(value),
        "tolerance": str(abs(value) / 10) if each.about and value is not None else "",
        "target_rung": each.stage,
        "base_date": f"{each.base_year}-12-31" if each.base_year else "",
    }
    metric = {"preparation": preparation.pk, "shape": "ladder" if each.stage else "number", "unit": each.unit}
    measured = value is not None or each.rule == Rule.MILESTONE
    return {
        "quote": each.quote,
        "kind": Kind(each.kind).label,
        "rule": Rule(each.rule).label,
        "target": target,
        "deadline": each.deadline,
        "why": each.why,
        "address": _form("commitment", given) if provision else "",
        "metric": _form("metric", metric) if measured else "",
    }


def _form(model: str, given: Context) -> str:
    return reverse(f"admin:tracker_{model}_add", query={name: value for name, value in given.items() if value != ""})


def _set_aside(
    request: Any, text: PlanText, code: str, provision: Provision | None, open_ones: Iterable[Figure]
) -> None:
    """Keep with a figure why it is no target, in the text and, once it is a record, in the paragraph."""
    figure, reason = request.POST.get("figure", "").strip(), " ".join(request.POST.get("reason", "").split())
    if not figure or not reason:
        raise ValidationError(_("Say why the figure is no target."))
    if figure not in {str(each.value) for each in open_ones}:
        raise ValidationError(_("The paragraph has no such figure that is still open."))
    rows = [*text.aside.get(code, []), f"{figure}: {reason}"]
    seen = number(request.POST.get("version"), 10**9)
    plantext.set_aside(text=text, code=code, lines=rows, by=request.user, version=seen)
    if provision is not None:
        provision.other_figures = rows
        change(record=provision, by=request.user)
