"""A plan from its text: the file, its cut and what is put right in it, and what a paragraph may promise."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import tasks
from tracker.actions import fromtext, plantext
from tracker.actions.errors import REFUSED, Conflict, noted, sentences
from tracker.models import Commitment, Plan, PlanText, Preparation, Provision
from tracker.models.plan import text_code
from tracker.models.roles import may_write
from tracker.planbook import sent_file
from tracker.plantext import progress
from tracker.plantext.read import Unread, read
from tracker.plantext.shapes import AS_HEADING, BEGINS, INTRO, JOINS, OBJECTIVE, OUT, Correction, Cut
from tracker.text.typed import whole
from tracker.wording import labels

from .pages import form_page, press, require_writer, version_seen

Context = dict[str, Any]
SOON = 300_000  # bytes of plain text that are read while somebody waits; all else takes a process of its own
ON_A_PAGE = 60  # lines
LONGEST_CODE = 40
TAKEN = ("make", "lines")  # addresses beside those of paragraphs
IS = {"": gettext_lazy("as it was cut"), BEGINS: gettext_lazy("begins a paragraph")}
IS |= {f"{BEGINS}-{INTRO}": gettext_lazy("begins an introduction")}
IS |= {f"{BEGINS}-{OBJECTIVE}": gettext_lazy("begins an objective")}
IS |= {JOINS: gettext_lazy("belongs to the paragraph before"), OUT: gettext_lazy("no part of the text")}
IS |= {f"{AS_HEADING}{n}": gettext_lazy("heading of level %(n)s") for n in (1, 2, 3)}
ROLES = {"heading": gettext_lazy("heading"), "begins": gettext_lazy("paragraph"), "joins": gettext_lazy("goes on")}


class FileForm(forms.Form):
    """The text of a plan as a file."""

    file = forms.FileField(label=gettext_lazy("Text of the plan (TXT, HTML, DOCX or PDF)"))

    def clean_file(self) -> Any:
        """The file. What is too large is not read at all."""
        file = self.cleaned_data["file"]
        if file.size > settings.FILE_LIMIT:  # of which no more is taken in
            raise ValidationError(_("The file is larger than %(limit)s MB.") % {"limit": settings.FILE_LIMIT // 2**20})
        return file


def take_in(pk: int) -> str:
    """Read the file that was sent for a preparation and keep its text; the sentence why not, or nothing."""
    key, plan = sent_file.of_text(pk), Plan.everything.get(preparation=pk)
    if (file := sent_file.get(key)) is None:
        return ""
    try:
        reading = read(sent_file.content(key), file.name)
        plantext.store(plan=plan, reading=reading, file_name=file.name, by=User.objects.get(pk=file.by))
    except (Unread, *REFUSED) as error:
        file.result = {"refused": " ".join(sentences(error))}
    sent_file.write(key, file)
    sent_file.forget(key, all_of_it=False)
    return _refused(file)


def read_sent(pk: int, tell: Callable[[int, int], None]) -> None:
    """``take_in`` for a task."""
    take_in(pk)
    tell(1, 1)


def _refused(file: sent_file.SentFile | None) -> str:
    """Why a file was not read; nothing where it was."""
    return str(file.result.get("refused", "")) if file else ""


def _of(pk: int) -> tuple[Preparation, Plan | None, PlanText | None]:
    preparation = get_object_or_404(Preparation, pk=pk, of_plan=True)
    plan = Plan.everything.filter(preparation=preparation).first()
    return preparation, plan, PlanText.objects.select_related("plan").filter(plan=plan).first() if plan else None


def text_of(pk: int) -> tuple[Preparation, PlanText]:
    """A preparation and its text. Raises ``Http404``."""
    preparation, _plan, text = _of(pk)
    if text is None:
        raise Http404(_("There is no text here yet."))
    return preparation, text


def left_of(preparation: Preparation, text: PlanText, result: Cut) -> progress.Left:
    """What is still to be done in the text of a preparation."""
    promises: dict[str, list[Any]] = {}
    rows = Commitment.everything.filter(preparation=preparation)
    for code, target in rows.values_list("provision__code", "target_value"):
        promises.setdefault(code, []).append(target)
    return progress.left(result, promises, text.aside, text.plan.language, nothing=text.nothing)


def summary(preparation: Preparation) -> Context | None:
    """What is left to do in the text of a preparation; ``None`` where it has none."""
    text = PlanText.objects.select_related("plan").filter(plan__preparation=preparation).first()
    if text is None:
        return None
    return _to_do(preparation, text, fromtext.cut_of(text))


def _to_do(preparation: Preparation, text: PlanText, result: Cut) -> Context:
    left = left_of(preparation, text, result)
    figures = sum(map(len, left.figures.values()))
    misquoted = list(fromtext.misquoted(preparation, result))
    return {"left": left, "figures_left": figures, "misquoted": misquoted, "count": left.count + len(misquoted)}


@form_page
def text_page(request: Any, pk: int) -> HttpResponse:
    """The text of a plan in preparation: the file, how it was cut, what could not be, and what is left to do."""
    preparation, plan, text = _of(pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        require_writer(request, preparation)
        if plan is not None and form.is_valid():
            return _store(request, pk, form.cleaned_data["file"])
    context = {
        "title": _("From the text: %(subject)s") % {"subject": preparation.subject},
        "preparation": preparation,
        "plan": plan,
        "text": text,
        "form": form,
        "refused": _refused(sent_file.get(sent_file.of_text(pk))),
        "writes": may_write(request.user) and not preparation.is_open,
        "megabytes": settings.FILE_LIMIT // 2**20,
    }
    if text is not None:
        context |= _outlined(preparation, text)
    return render(request, "desk/text.html", context, status=400 if form.errors else 200)


def _store(request: Any, pk: int, file: Any) -> HttpResponse:
    content, address = file.read(), reverse("desk-text", args=[pk])
    sent = sent_file.put(sent_file.of_text(pk), content, name=file.name or "", by=request.user)
    if len(content) <= SOON and sent.name.lower().endswith(".txt"):
        if not take_in(pk):
            messages.success(request, _("The text is read. Look at how it is cut before you make anything of it."))
        return redirect(address)
    return redirect(tasks.start(kind="plantext_read", subject=pk, by=request.user, address=address))


def _outlined(preparation: Preparation, text: PlanText) -> Context:
    result = fromtext.cut_of(text)
    to_do = _to_do(preparation, text, result)
    left = to_do["left"]
    by_right: dict[str, list[Context]] = {}
    for each in result.paragraphs:
        row = {"cut": each, "without": each.code in left.paragraphs, "figures": left.figures.get(each.code, ())}
        by_right.setdefault(each.category, []).append(row)
    steps = fromtext.steps(preparation=preparation, text=text, result=result)
    names = {"chapters": _("chapters"), "sections": _("sections"), "intro": _("introductions")}
    names |= {"dash": _("paragraphs"), "objective": _("objectives")}
    return to_do | {
        "counts": [(names[name], n) for name, n in result.counts().items()],
        "remarks": [*((None, sentence) for sentence in text.said), *result.remarks],
        "outline": [{"node": None, "paragraphs": by_right.get("", [])}]
        + [{"node": node, "paragraphs": by_right.get(node.code, [])} for node in result.nodes],
        "made": set(Provision.everything.filter(preparation=preparation).values_list("code", flat=True)),
        "steps": [step for step in steps if step.deed != fromtext.STAYS],
        "stays": [step for step in steps if step.deed == fromtext.STAYS],
    }


@press
def make(request: Any, pk: int) -> HttpResponse:
    """Make the rights and paragraphs of the cut, as the page showed it."""
    preparation, text = text_of(pk)
    require_writer(request, preparation)
    try:
        if request.POST.get("text-version") != str(text.version):
            raise Conflict(_("A colleague changed this text meanwhile: look at it again."))
        steps = fromtext.make(preparation=preparation, text=text, by=request.user)
    except REFUSED as error:
        messages.error(request, " ".join(sentences(error)))
    else:
        messages.success(request, _("Rights and paragraphs put right: %(n)s.") % {"n": labels.number(len(steps))})
    return redirect("desk-text", pk=pk)


@form_page
def lines(request: Any, pk: int) -> HttpResponse:
    """The lines of a text, some a page, with what became of each and what it is by hand."""
    preparation, text = text_of(pk)
    every = plantext.lines_of(text)
    first = min(whole(request.GET.get("from")) or 0, len(every))
    numbers = range(first, min(first + ON_A_PAGE, len(every)))
    corrections = {each.line: each for each in plantext.corrections_of(text)}
    refused: list[str] = []
    if request.method == "POST":
        require_writer(request, preparation)
        with noted(refused):
            new = [each for n, each in corrections.items() if n not in numbers]
            new += filter(None, (_correction(request.POST, every, n) for n in numbers))
            new.sort(key=lambda each: each.line)
            cut_at = {n: words for n in numbers if (words := request.POST.get(f"at-{n}", "").strip())}
            plantext.correct(text=text, corrections=new, by=request.user, version=version_seen(request), splits=cut_at)
            messages.success(request, _("The cut is put right. See what became of it."))
            return redirect(f"{request.path}?from={first}")
    result = fromtext.cut_of(text)
    rows = [
        {
            "n": n,
            "text": every[n].text,
            "role": ROLES.get(result.roles[n].split(":")[0], _("left out")),
            "out": result.roles[n].startswith(OUT),
            "is": request.POST.get(f"is-{n}", "") if refused else _is(corrections.get(n)),
            "code": request.POST.get(f"code-{n}", "") if refused else corrections[n].code if n in corrections else "",
            "at": request.POST.get(f"at-{n}", ""),
        }
        for n in numbers
        if every[n].text.strip()
    ]
    context = {
        "title": _("Put the cut right: %(subject)s") % {"subject": preparation.subject},
        "preparation": preparation,
        "text": text,
        "rows": rows,
        "choices": [(value, label % {"n": value[-1:]}) for value, label in IS.items()],
        "refused": refused,
        "writes": may_write(request.user) and not preparation.is_open,
        "before": max(0, first - ON_A_PAGE) if first else None,
        "after": numbers.stop if numbers.stop < len(every) else None,
        "first": first + 1,
        "last": numbers.stop,
        "of": len(every),
    }
    return render(request, "desk/text_lines.html", context, status=409 if refused else 200)


def _is(correction: Correction | None) -> str:
    if correction is None:
        return ""
    if correction.is_ == AS_HEADING:
        return f"{AS_HEADING}{correction.level}"
    form = f"{correction.is_}-{correction.form}"
    return form if form in IS else correction.is_


def _correction(post: Any, every: list[Any], n: int) -> Correction | None:
    """What somebody said of a line; nothing where it stays as it was cut. Raises ``ValidationError`` for its code."""
    form_of_line, code = post.get(f"is-{n}", ""), post.get(f"code-{n}", "").strip()
    line = {"line": n + 1}
    if code and (form_of_line not in IS or not form_of_line):
        raise ValidationError(_("Line %(line)s has a code of its own: say what the line is, too.") % line)
    if form_of_line not in IS or not form_of_line:
        return None
    if code:
        try:
            text_code(code)
        except ValidationError as error:
            raise ValidationError(_("Line %(line)s: %(why)s") % (line | {"why": error.messages[0]})) from error
        if len(code) > LONGEST_CODE or code in TAKEN:
            raise ValidationError(_("Line %(line)s: take another code, of at most 40 characters.") % line)
    if form_of_line.startswith(AS_HEADING):
        return Correction.of(every, n, AS_HEADING, level=int(form_of_line[-1]), code=code)
    is_, _dash, form = form_of_line.partition("-")
    return Correction.of(every, n, is_, code=code, form=form)
