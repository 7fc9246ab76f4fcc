"""Updates and assessments in the admin: drafts are written here, a second person publishes, the public is to read."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.actions.doubts import doubts, links_to, require_meant
from tracker.actions.errors import Conflict, NotAllowed
from tracker.actions.preparation import prepare_by_itself
from tracker.actions.progress import draft, submit
from tracker.actions.reports import of_draft
from tracker.models import Assessment, Commitment, Shape, State, Update, What
from tracker.models.progress import AMENDED, OBSERVED
from tracker.text import typed
from tracker.uploads import storage

from .beside import also_on_its_way, beside
from .drafts import ASSESSMENT_FIELDS, UPDATE_FIELDS, AssessmentForm, EvidenceInline, UpdateForm, cited, fieldsets_of
from .finding import KINDS, MOST, PickField, find, record_named
from .importing import ImportsUpdates
from .kinds import KINDS_IN_WORDS, folded, kinds_of, needed_by
from .preview import difference, effects, on_record, shown
from .problems import lacks_of, problems_of
from .saving import ActionAdmin, step_address
from .workflow import StepsMixin


class DraftAdmin(StepsMixin, ActionAdmin):
    """A row can change as long as it is a draft; afterwards it is to read, and the steps say what can be done."""

    change_form_template = "admin/tracker/draft_form.html"
    inlines = [EvidenceInline]
    ordering = ["-pk"]
    list_select_related = ["author", "commitment__plan", "origin"]

    def add_view(self, request, form_url="", extra_context=None):
        """A code in the address that nothing has is said, and not passed over."""
        for name in self.form.base_fields.keys() & request.GET.keys() if request.method == "GET" else ():
            field, code = self.form.base_fields[name], request.GET[name]
            if code and hasattr(field, "queryset") and record_named(field.queryset.model, code) is None:
                sentence = _("Nothing on record has the code “%(code)s” of this address.")
                self.message_user(request, sentence % {"code": typed.short(code)}, messages.WARNING)
        return self.first_step(request) or super().add_view(request, form_url, extra_context)

    def first_step(self, request):
        """The page that comes before the form; ``None`` where none does."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """A record is named in a box that takes its code or its words."""
        kind = db_field.related_model._meta.model_name if db_field.is_relation else None
        if kind in KINDS:
            label, needed = capfirst(db_field.verbose_name), not db_field.blank
            help_text = kwargs.get("help_text", db_field.help_text)
            return PickField(kind, label=kwargs.get("label", label), required=needed, help_text=help_text)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        """Open as long as it is a draft. What was sent to a row that moved on comes back as words, not as a refusal."""
        if obj is not None and request.method == "GET" and obj.state not in (State.DRAFT, State.RETURNED):
            return False
        return super().has_change_permission(request, obj)

    def get_formset_kwargs(self, request, obj, inline, prefix):
        """Evidence is sent as a whole new list: rows that a colleague's save replaced meanwhile are no obstacle."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if "data" in kwargs:
            data = kwargs["data"] = kwargs["data"].copy()
            data[f"{prefix}-INITIAL_FORMS"] = "0"
            total = typed.whole(data.get(f"{prefix}-TOTAL_FORMS"))
            if "_more" in data and total is not None:
                data[f"{prefix}-TOTAL_FORMS"] = str(total + 1)
            for name in [n for n in data if n.startswith(f"{prefix}-") and n.endswith("-id")]:
                del data[name]
        return kwargs

    def save_related(self, request, form, formsets, change):
        """Save the draft with its evidence and, where that is wanted, hand it in: both or neither."""
        record = form.instance
        seen = form.cleaned_data.get("seen_version") if change else None
        if change and seen is None:
            raise ValidationError(_("The form does not say which version you saw: open the draft again."))
        try:
            evidence = cited(formsets)
            fresh = self._prepare(request, evidence)
            # Each answer is kept for as long as what it was given to is asked: its key is made of that.
            meant = set(request.POST.getlist("meant"))
            record.meant = " ".join(sorted(meant & {each.key for each in doubts(record, evidence)}))
            draft(record=record, by=request.user, evidence=evidence, version=seen)
        except Conflict:
            request.theirs = type(record).objects.get(pk=record.pk)
            raise
        if "_submit" in request.POST:
            submit(record=record, by=request.user, version=record.version, meant=request.POST.getlist("meant"))
        for source in fresh:  # said once nothing can be refused any more
            sentence = _("The source “%(title)s” is kept with the draft, and becomes public with it.")
            self.message_user(request, sentence % {"title": source.title})
        for upload in (each.upload for each in evidence if hasattr(each, "upload")):
            for sentence in filter(None, (storage.renamed(upload), storage.taken_out(upload))):
                self.message_user(request, sentence)

    def _prepare(self, request, evidence):
        """Put the sources that are new into preparation with the draft that cites them; which those are."""
        fresh = [each for each in evidence if each.source._state.adding]
        for each in fresh:
            if not request.user.has_perm("tracker.add_source"):
                raise NotAllowed(_("A new source is for those who may add sources."))
            require_meant(each.source, request.POST.getlist("meant"))
            each.source = prepare_by_itself(record=each.source, by=request.user, of_row=True)
        return [each.source for each in fresh]

    def construct_change_message(self, request, form, formsets, add=False):
        """Without the evidence: it is saved by the action, not by its formset."""
        return super().construct_change_message(request, form, [], add)

    def response_change(self, request, obj, post_url_continue=None):
        handed_in = "_submit" in request.POST
        sentence = _("Handed in for review.") if handed_in else _("The draft is saved.")
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(reverse("desk") if handed_in else step_address(obj))

    response_add = response_change

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Around the form: what is on record, what the draft would make of the status, and the reviewer's note."""
        form = context["adminform"].form
        record = form.instance if form.is_bound or add else obj
        for name in {"metric", "commitment", "category"} & form.fields.keys() if add and not form.is_bound else ():
            if pk := form.initial.get(name):
                setattr(record, f"{name}_id", pk)  # what the address filled in, so that its record can be shown beside
        theirs = getattr(request, "theirs", None)
        if theirs is not None:
            # Seen now: saving once more is a decision, not an accident.
            form.data = form.data.copy()
            form.data[form.add_prefix("seen_version")] = theirs.version
            context["theirs"] = [
                {"field": field.label, "value": getattr(theirs, name)}
                for name, field in form.fields.items()
                if hasattr(theirs, name) and name in form.changed_data and name != "seen_version"
            ]
        if request.FILES:
            sentence = _("Browsers send a file once: choose yours again before you save.")
            self.message_user(request, sentence, messages.WARNING)
        whole = not (form.is_bound and form.errors) and not (add and not form.is_bound)
        whole = whole and not request.POST.keys() & {"_restored", "_more"}
        formsets = [each.formset for each in context["inline_admin_formsets"]]
        open_ = obj is None or obj.state in (State.DRAFT, State.RETURNED)
        cites = cited(formsets) if form.is_bound else None
        if whole and (obj is None or obj.state != State.PUBLISHED):
            context["effects"] = effects(record, cites)
        if obj is not None and (obj.replaces_id or obj.is_amendment):
            context["rows"] = difference(obj)
        about = self._asked_about(request)
        if about is not None and "metric" in form.fields:  # what is offered is of the plan's State, or of none
            asked_at = f"{reverse('find')}?{urlencode({'of_plan': about.plan.code})}"
            form.fields["metric"].widget.attrs["data-find-at"] = asked_at
        if whole and open_:
            context["lacks"] = lacks_of(record, list(record.evidence.all()) if cites is None else cites, form)
        draft_open = open_ and not (obj and not self.has_change_permission(request, obj))
        shows = draft_open and (form.is_bound or not add)
        # What can only be read is told as a reader would be: a year as a year, a number without what it was not given.
        read = shown(record) if not draft_open and not form.is_bound else ()
        fresh = [each.source for each in cites or () if each.source._state.adding]
        context |= {
            "title": self.title_of(record, add),
            "beside": beside(record, about),
            "doubts": [*doubts(record, cites), *(doubt for each in fresh for doubt in doubts(each))] if shows else (),
            "meant": request.POST.getlist("meant") if form.is_bound else record.answers,
            "last": on_record(record),
            "record": record,
            "read": read,
            "fieldsets": () if read else context["adminform"],
            "also": links_to(also_on_its_way(record, request.user)) if draft_open else (),
            "unfit": self.unfit(record, about) if add else "",
            "problems": problems_of(form, formsets) if form.is_bound else (),
            "report": of_draft(record),
            "folded": folded(form),
            "draft_open": draft_open,
            "steps": self.steps_of(request, obj) if obj is not None else {},
            "kinds": self.kinds(record, about) if add else (),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _asked_about(self, request):
        """The commitment that the address names, also where the form is about its metric."""
        named = request.GET.get("commitment")
        return record_named(Commitment, named) if named else None

    def title_of(self, record, add):
        """What the form is for, in words."""
        return _("Record somebody else's finding") if add else _("Somebody else's finding")

    def kinds(self, record, about=None):
        """Other kinds of record that a new one could be."""
        return ()

    def unfit(self, record, about):
        """Why what the form records cannot be recorded of what it was opened for; blank where it can."""
        return ""

    @admin.display(description=gettext_lazy("about"))
    def about(self, obj):
        return str(obj.about or "–")


@admin.register(Update)
class UpdateAdmin(ImportsUpdates, DraftAdmin):
    """Updates, one form for each kind, and many from a file."""

    form = UpdateForm
    list_display = ["summary", "what", "about", "as_of", "state", "author"]
    list_filter = ["state", "what", "fits", "origin__side", ("returned_note", admin.EmptyFieldListFilter)]
    list_select_related = ["author", "commitment__plan", *AMENDED]
    search_fields = [
        *("summary", "as_published", "value", "metric__name", "metric__code", "commitment__code", "commitment__title"),
        *("metric__commitments__code", "origin__name", "evidence__source__code", "evidence__source__title"),
    ]
    search_help_text = gettext_lazy("Words, number, code of a promise or metric, whose it is, source.")

    def first_step(self, request):
        """Without its kind in the address, the form follows from what it is about; failing that, one chooses."""
        if self._kind_of_new(request) is None and self.has_add_permission(request):
            return TemplateResponse(request, "admin/tracker/choose.html", self._choice(request))
        return None

    def _choice(self, request):
        """The first step: which promise, found by its code or by words, and what there is to record of it."""
        words = request.GET.get("q", "").strip()[:200]
        matches = find("commitment", words)
        promises = Commitment.objects.select_related("plan", "metric").in_bulk([each.pk for each in matches[:MOST]])
        return {
            "title": _("What do you want to record?"),
            "words": words,
            "matches": [(m, self.kinds(None, promises[m.pk])) for m in matches[:MOST]],
            "more": max(len(matches) - MOST, 0),
            "kinds": self.kinds(None),
        }

    def title_of(self, record, add):
        kind = record.get_what_display()
        return _("Record: %(kind)s") % {"kind": kind} if add else capfirst(kind)

    def _kind_of_new(self, request):
        """The kind of a new record, from the address: as named, or as its metric or commitment needs it."""
        named = request.GET.get("what")
        if named in OBSERVED:
            return named
        initial = self.get_changeform_initial_data(request)
        if metric := self._named("metric", initial):
            return What.VALUE if metric.shape == Shape.NUMBER else What.RUNG
        if commitment := self._named("commitment", initial):
            return What.JUDGEMENT if commitment.rule == "judge" else What.SEARCH
        return None

    def _named(self, name, initial):
        model = Update._meta.get_field(name).related_model
        return model.objects.filter(pk=initial[name]).first() if initial.get(name) else None

    def get_changeform_initial_data(self, request):
        """A commitment that is measured leads to its metric; a figure is usually its producer's."""
        initial = super().get_changeform_initial_data(request)
        commitment = self._named("commitment", initial)
        measured = request.GET.get("what") not in (What.JUDGEMENT, What.SEARCH)
        if commitment is not None and commitment.metric_id and measured:
            initial.setdefault("metric", commitment.metric_id)
        if metric := self._named("metric", initial):
            initial.setdefault("origin", metric.producer_id)
        return {"bound": "exact", "fits": "same", "how": "reported", **initial}

    def get_fieldsets(self, request, obj=None):
        what = obj.what if obj is not None else self._kind_of_new(request)
        return fieldsets_of(UPDATE_FIELDS[what or What.VALUE], obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"what": None if obj is not None else self._kind_of_new(request)})

    def get_inlines(self, request, obj):
        """An amendment or a withdrawal cites nothing: its reason stands in it."""
        return [] if obj is not None and obj.what in (What.AMENDMENT, What.WITHDRAWAL) else self.inlines

    def unfit(self, record, about):
        """What has a number takes no stage, what has stages no number, and only what has neither is judged."""
        if about is None or record.what in needed_by(about):
            return ""
        words = {"promise": about.title, "kind": KINDS_IN_WORDS[record.what][0]}
        return _("“%(promise)s” is not answered by %(kind)s. What can be recorded of it:") % words

    def kinds(self, record, about=None):
        """Addresses that add each kind of record, with what it is for: about the same thing where it is known."""
        commitment = about or (record.commitment if record is not None and record.commitment_id else None)
        metric = record.metric if record is not None and record.metric_id and not commitment else None
        return kinds_of(commitment, metric)


@admin.register(Assessment)
class AssessmentAdmin(DraftAdmin):
    """Others' findings and claims."""

    form = AssessmentForm
    list_display = ["summary", "says", "about", "origin", "as_of", "state", "author"]
    list_filter = ["state", "says", "origin__side", "finds_harm"]
    list_select_related = ["author", "commitment__plan", "category", "origin"]
    search_fields = [
        *("summary", "document", "commitment__code", "commitment__title", "category__title", "origin__name"),
        *("evidence__source__code", "evidence__source__title"),
    ]

    def get_fieldsets(self, request, obj=None):
        return fieldsets_of(ASSESSMENT_FIELDS, obj)
