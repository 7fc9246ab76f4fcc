"""Records found by code and by words: for the boxes in which staff name one, with a script and without."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models.functions import Length
from django.http import JsonResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from tracker.models import Assessment, Body, Category, Commitment, Metric, Plan, Source
from tracker.serving.staff import READ, staff_page
from tracker.text import typed
from tracker.text.plain import folded
from tracker.wording import labels

MOST = 12  # records that are offered
BETWEEN = " · "  # what stands between the code and the words of a record in a box


@dataclass(frozen=True)
class Match:
    """A record as it is offered: its code, what it is called, what tells it from others, and all that finds it."""

    pk: int
    code: str
    label: str
    detail: str = ""
    codes: tuple[str, ...] = ()
    words: str = ""
    state: str = ""  # where it belongs to one

    def __str__(self):
        return f"{self.code}{BETWEEN}{self.label}"


def _metrics():
    answered = {}
    promises = Commitment.objects.exclude(metric=None).values_list("metric", "plan__code", "code", "title")
    for metric, plan, code, title in promises.order_by("plan", "order"):
        answered.setdefault(metric, []).append((plan, code, title))
    for each in Metric.objects.select_related("producer"):
        promised = answered.get(each.pk, [])
        codes = [code for _plan, code, _title in promised]
        answers = _("answers %(codes)s") % {"codes": ", ".join(codes[:4])} if codes else ""
        detail = ", ".join(filter(None, [each.unit or ", ".join(each.rungs), each.scope, each.state, answers]))
        titles = " ".join(title for _plan, _code, title in promised)
        words = f"{each.code} {each.name} {each.unit} {each.statistic} {each.producer or ''} {titles}"
        whole = [f"{plan}/{code}" for plan, code, _title in promised]
        yield Match(each.pk, each.code, each.name, detail, (*codes, *whole), words, each.state)


def _commitments():
    for each in Commitment.objects.select_related("plan", "provision__category", "metric"):
        detail = each.provision.category.title
        words = f"{each.code} {each.title} {each.quote} {detail} {each.metric or ''}"
        yield Match(each.pk, f"{each.plan.code}/{each.code}", each.title, detail, (each.code,), words)


def _categories():
    for each in Category.objects.select_related("plan"):
        code = f"{each.plan.code}/{each.code}"
        yield Match(each.pk, code, each.title, each.plan.short_title, (each.code,), f"{each.code} {each.title}")


def _waiting(record):
    """That a record is not public yet, behind what tells it from others."""
    return ", " + _("not public yet") if record.preparation_id is not None else ""


def _bodies():
    for each in Body.everything.citable().order_by(Length("name"), "code"):  # a committee before a member of it
        words = filter(None, [each.get_kind_display(), each.get_side_display(), each.state])
        detail = ", ".join(words) + _waiting(each)
        yield Match(each.pk, each.code, each.name, detail, (), f"{each.code} {each.name}")


def _sources():
    for each in Source.everything.citable().select_related("publisher").order_by("-published", "code"):
        on = labels.dated_in_words(each.published, each.published_precision) or _("no date")
        words = f"{each.code} {each.title} {each.address} {each.un_symbol} {each.publisher} {each.published or ''}"
        yield Match(each.pk, each.code, each.title, f"{each.publisher}, {on}{_waiting(each)}", (each.un_symbol,), words)


def _findings():
    for each in Assessment.objects.published().select_related("origin", "commitment__plan", "category__plan"):
        on = labels.dated_in_words(each.as_of, each.precision)
        label = f"{each.origin}: {each.summary[:80]}"
        detail = f"{each.about.code}, {each.get_says_display()}, {on}"
        yield Match(each.pk, str(each.pk), label, detail, (each.about.code,), f"{label} {each.document} {detail}")


KINDS = {
    "metric": (Metric, _metrics),
    "commitment": (Commitment, _commitments),
    "category": (Category, _categories),
    "body": (Body, _bodies),
    "source": (Source, _sources),
    "assessment": (Assessment, _findings),
}


def _joined(words):
    """Words folded, and those with a hyphen as one: “pre-school” finds “preschool”, and the reverse."""
    return folded(words).replace("-", "")


def find(kind, words):
    """Records of a kind that have a code, or all of some words in their names; the nearest first."""
    parts, joined = folded(words).split(), _joined(words).split()
    if not parts:
        return []
    matches = list(KINDS[kind][1]())
    code = parts[0] if len(parts) == 1 else None
    exact = [each for each in matches if code and code in map(folded, (each.code, *each.codes))]
    if exact:
        return exact
    hits = [each for each in matches if all(word in _joined(each.words) for word in joined)]
    return sorted(hits, key=lambda each: _distance(each, parts))


def _distance(match, parts):
    """How far a match is from some words: those whose code or name begin with them come first."""
    texts = [folded(each) for each in (*match.codes, match.code, match.label) if each]
    return (
        not any(text.startswith(parts[0]) for text in texts),
        not all(word in folded(match.label) for word in parts),
    )


def nameable(model):
    """What a row may name: public records, and sources and bodies in preparation by themselves."""
    return model.everything.citable() if model in (Body, Source) else model.objects.all()


def record_named(model, text):
    """The record that an address names by its number, its code, or the codes of plan and record; ``None`` for none."""
    rows, names = nameable(model), {field.name for field in model._meta.fields}
    if (number := typed.whole(text, longest=17)) is not None:
        return rows.filter(pk=number).first()
    if "/" in text and "plan" in names:
        plan, code = text.split("/", 1)
        return rows.filter(plan__code=plan, code=code).first()
    matches = rows.filter(code=text)[:2] if "code" in names else ()
    return matches[0] if len(matches) == 1 else None


@staff_page(READ)
def find_view(request):
    """What a box offers while somebody types into it."""
    kind = request.GET.get("kind", "")
    if kind not in KINDS or not request.user.has_perm(f"tracker.view_{kind}"):
        raise PermissionDenied
    matches = find(kind, request.GET.get("q", "")[:200])
    if kind == "metric" and (plan := record_named(Plan, request.GET.get("of_plan", ""))):
        matches = [each for each in matches if each.state in ("", plan.state)]
    results = [{"text": str(each), "code": each.code, "label": each.label, "detail": each.detail} for each in matches]
    return JsonResponse({"results": results[:MOST], "more": max(len(results) - MOST, 0)})


class PickInput(forms.TextInput):
    """A box that takes a code or words; the script offers what fits while one types."""

    def __init__(self, kind, **attrs):
        attributes = {"data-find": kind, "data-find-at": reverse_lazy("find"), "autocomplete": "off", "class": "pick"}
        super().__init__(attrs=attributes | {"spellcheck": "false"} | attrs)


class PickField(forms.ModelChoiceField):
    """One record, named by its number, its code, or words that fit it alone."""

    def __init__(self, kind, **options):
        self.kind = kind
        super().__init__(nameable(KINDS[kind][0]), widget=PickInput(kind), **options)

    def prepare_value(self, value):
        """The record as its code and its name; what somebody typed stays as it is."""
        if isinstance(value, str) and typed.whole(value, longest=17) is None:
            return value
        pk = getattr(value, "pk", value)
        if pk in (None, ""):
            return ""
        match = next((each for each in KINDS[self.kind][1]() if each.pk == int(pk)), None)
        return str(match) if match else str(pk)

    def to_python(self, value):
        if isinstance(value, self.queryset.model):
            return value
        written = str(value or "").strip()
        if not written:
            return None
        record = record_named(self.queryset.model, written.partition(BETWEEN)[0].strip())
        return record if record is not None else self._by_words(written)

    def _by_words(self, written):
        matches = find(self.kind, written)
        if len(matches) == 1:
            return self.queryset.get(pk=matches[0].pk)
        if not matches:
            sentence = _("Nothing on record fits “%(words)s”: write its code, or words of its name.")
            raise ValidationError(sentence % {"words": written[:80]})
        offered = "; ".join(map(str, matches[:6]))
        sentence = _("%(n)s fit “%(words)s”: write the code of one, such as %(offered)s.")
        raise ValidationError(sentence % {"n": len(matches), "words": written[:80], "offered": offered})

    def has_changed(self, initial, data):
        return str(self.prepare_value(initial) or "") != str(self.prepare_value(data) or "")
