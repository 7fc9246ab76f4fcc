"""A paragraph of a plan's text: what it may promise, and its figures that are no target."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.actions import fromtext, plantext
from tracker.actions.errors import noted
from tracker.models import Commitment, Kind, Level, Plan, PlanText, Preparation, Provision, Rule
from tracker.models.commitments import validate_quote
from tracker.models.roles import may_write
from tracker.plantext.figures import Figure
from tracker.plantext.suggest import Period, Suggestion, suggest, suggest_run
from tracker.text.plain import span_of_quote, spans_of_quote
from tracker.text.typed import whole
from tracker.wording import labels

from .pages import form_page, require_writer, version_seen
from .texts import Context, left_of, text_of

# How deep a promise of a kind goes, where the kind says it.
LEVELS = {Kind.LAW: Level.STRUCTURE, Kind.INSTITUTION: Level.STRUCTURE, Kind.PROGRAMME: Level.PROCESS}
LEVELS |= {Kind.REPORTING: Level.PROCESS}


@form_page
def paragraph(request: Any, pk: int, code: str) -> HttpResponse:
    """One paragraph: what it may promise, what it does, and its figures that are no target yet."""
    preparation, text = text_of(pk)
    result = fromtext.cut_of(text)
    each = result.by_code().get(code)
    if each is None:
        raise Http404(_("The text has no such paragraph."))
    open_ones = left_of(preparation, text, result).figures.get(code, ())
    refused: list[str] = []
    if request.method == "POST":
        require_writer(request, preparation)
        with noted(refused):
            messages.success(request, _decided(request, preparation, text, code, open_ones))
            return redirect(request.path)
    provision = Provision.everything.filter(preparation=preparation, code=code).first()
    promises = list(Commitment.everything.filter(preparation=preparation, provision__code=code).order_by("order"))
    words = " ".join(request.GET.get("words", "").split())
    suggestions, remark = _suggested(text.plan, each.text, words)
    codes = [one.code for one in result.paragraphs]
    place = codes.index(code)
    metric = whole(request.GET.get("metric")) or 0
    context = {
        "title": f"{code} {provision.title if provision else ''}".strip(),
        "preparation": preparation,
        "text": text,
        "pieces": _marked(each.text, [one.quote for one in promises], suggestions),
        "provision": provision,
        "promises": promises,
        "suggestions": [_shown(one, preparation, provision, metric) for one in suggestions],
        "words": words,
        "remark": remark,
        "figures": [{"value": figure.value, "words": each.text[figure.start : figure.end]} for figure in open_ones],
        "aside": text.aside.get(code, ()),
        "nothing": text.nothing.get(code, ""),
        "sent": request.POST if refused else {},
        "refused": refused,
        "writes": may_write(request.user) and not preparation.is_open,
        "before": codes[place - 1] if place else "",
        "after": codes[place + 1] if place + 1 < len(codes) else "",
    }
    return render(request, "desk/text_paragraph.html", context, status=409 if refused else 200)


def _suggested(plan: Plan, text: str, words: str) -> tuple[list[Suggestion], str]:
    """What a paragraph may promise, or the words that somebody selected; and what is to be said of these words."""
    period = Period(plan.starts_on, plan.ends_on, plan.published_on)
    if not words:
        return suggest(text, period, plan.language), ""
    spans = list(spans_of_quote(words, text))
    if not spans:
        return [], _("These words do not stand in the paragraph to the letter.")
    try:
        validate_quote(words)
    except ValidationError as error:
        return [], " ".join(error.messages)
    if len(spans) > 1:
        sentence = _("These words stand in the paragraph %(n)s times: select a word more, so that they stand once.")
        return [], sentence % {"n": labels.number(len(spans))}
    return [suggest_run(text, *spans[0], period, plan.language)], ""


def _marked(text: str, quotes: Iterable[str], suggestions: Iterable[Suggestion]) -> list[Context]:
    """The text in pieces, each with whether a promise or a suggestion quotes it, and which of these begin there."""
    quoted = [span for quote in quotes if (span := span_of_quote(quote, text))]
    free = [(n, (each.start, each.end)) for n, each in enumerate(suggestions, 1)]
    edges = sorted({0, len(text), *(edge for span in quoted for edge in span), *(e for _n, span in free for e in span)})
    return [
        {
            "text": text[start:end],
            "taken": any(a <= start < b for a, b in quoted),
            "free": any(a <= start < b for _n, (a, b) in free),
            "begins": [n for n, (a, _b) in free if a == start],
        }
        for start, end in pairwise(edges)
    ]


def _shown(each: Suggestion, preparation: Preparation, provision: Provision | None, chosen: int) -> Context:
    """A suggestion in words, and the addresses of the forms that it fills in; ``chosen`` is a metric made for it."""
    value = each.value
    target = f"{each.comparator} {labels.number(value)} {each.unit}".strip() if value is not None else each.stage
    fields: Context = {
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
    metric: Context = {"preparation": preparation.pk, "unit": each.unit}
    metric |= {"shape": "ladder" if each.rule == Rule.MILESTONE else "number"}
    if provision:
        metric |= {"paragraph": provision.code, "words": each.quote}
    measured = value is not None or each.rule in (Rule.MILESTONE, Rule.DIRECTION)
    if measured and chosen:
        fields["metric"] = chosen
    return {
        "quote": each.quote,
        "kind": Kind(each.kind).label,
        "rule": Rule(each.rule).label,
        "target": target,
        "deadline": each.deadline,
        "why": each.why,
        "address": _form("commitment", fields) if provision else "",
        "metric": _form("metric", metric) if measured else "",
    }


def _form(model: str, fields: Context) -> str:
    return reverse(f"admin:tracker_{model}_add", query={name: value for name, value in fields.items() if value != ""})


def _decided(request: Any, preparation: Preparation, text: PlanText, code: str, open_ones: Iterable[Figure]) -> str:
    """Keep why a figure is no target or why the paragraph promises nothing, or take that back; what was done."""
    typed = {name: " ".join(request.POST.get(name, "").split()) for name in ("figure", "reason", "step", "line")}
    arguments: Context = {"text": text, "code": code, "by": request.user, "version": version_seen(request)}
    aside = list(text.aside.get(code, ()))
    if typed["step"] == "nothing":
        if not typed["reason"]:
            raise ValidationError(_("Say why the paragraph promises nothing."))
        plantext.promises_nothing(reason=typed["reason"], **arguments)
        return _("It is noted that the paragraph promises nothing, with the reason.")
    if typed["step"] == "something":
        plantext.promises_nothing(reason="", **arguments)
        return _("The paragraph is asked about again.")
    if typed["step"] == "ask":
        if typed["line"] not in aside:
            raise ValidationError(_("This figure is not set aside."))
        aside.remove(typed["line"])
        fromtext.set_aside(preparation=preparation, lines=aside, **arguments)
        return _("The figure is asked about again.")
    if not typed["figure"] or not typed["reason"]:
        raise ValidationError(_("Say why the figure is no target."))
    if typed["figure"] not in {str(each.value) for each in open_ones}:
        raise ValidationError(_("The paragraph has no such figure that is still open."))
    fromtext.set_aside(preparation=preparation, lines=[*aside, f"{typed['figure']}: {typed['reason']}"], **arguments)
    return _("The figure is set aside, with its reason.")
