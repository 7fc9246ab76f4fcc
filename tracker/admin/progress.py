"""Updates and assessments in the admin: drafts are written here, a second person publishes, the public is to read."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.actions.errors import Conflict
from tracker.actions.progress import draft, submit
from tracker.models import Assessment, Shape, State, Update, What
from tracker.models.progress import OBSERVED
from tracker.uploads import storage

from .drafts import ASSESSMENT_FIELDS, UPDATE_FIELDS, AssessmentForm, EvidenceInline, UpdateForm, cited, fieldsets_of
from .importing import ImportsUpdates
from .preview import difference, effects, on_record
from .saving import ActionAdmin
from .workflow import StepsMixin


class DraftAdmin(StepsMixin, ActionAdmin):
    """A row can change as long as it is a draft; afterwards it is to read, and the steps say what can be done."""

    change_form_template = "admin/tracker/draft_form.html"
    inlines = [EvidenceInline]
    ordering = ["-pk"]
    list_select_related = ["author", "commitment__plan", "origin"]

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
            draft(record=record, by=request.user, evidence=evidence, version=seen)
        except Conflict:
            request.theirs = type(record).objects.get(pk=record.pk)
            raise
        if "_submit" in request.POST:
            submit(record=record, by=request.user, version=record.version)
        for upload in (each.upload for each in evidence if hasattr(each, "upload") and each.upload.taken_out):
            self.message_user(request, storage.taken_out(upload))

    def construct_change_message(self, request, form, formsets, add=False):
        """Without the evidence: it is saved by the action, not by its formset."""
        return super().construct_change_message(request, form, [], add)

    def response_change(self, request, obj, post_url_continue=None):
        handed_in = "_submit" in request.POST
        sentence = _("Handed in for review.") if handed_in else _("The draft is saved.")
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(reverse("desk") if handed_in else self.address("change", obj))

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
        formsets = [each.formset for each in context["inline_admin_formsets"]]
        open_ = obj is None or obj.state in (State.DRAFT, State.RETURNED)
        if whole and (obj is None or obj.state != State.PUBLISHED):
            context["effects"] = effects(record, cited(formsets) if form.is_bound else None)
            context["previewed"] = form.is_bound
        if obj is not None and (obj.replaces_id or obj.is_amendment):
            context["rows"] = difference(obj)
        context |= {
            "last": on_record(record),
            "record": record,
            "draft_open": open_ and not (obj and not self.has_change_permission(request, obj)),
            "steps": self._steps(request, obj),
            "kinds": self.kinds(record) if add else (),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _steps(self, request, obj):
        """Addresses of what can be done with a row as it stands."""
        if obj is None:
            return {}
        published = obj.state == State.PUBLISHED
        replaceable = published and self.has_add_permission(request) and not (obj.is_amendment or obj.is_withdrawal)
        names = {
            "review": obj.state == State.SUBMITTED,
            "correct": replaceable,
            "withdraw": replaceable,
            "redact": published and not obj.redacted_by_id and self.has_publish_permission(request),
        }
        return {step: self.address(step, obj) for step, can in names.items() if can}

    def kinds(self, record):
        """Other kinds of record that a new one could be."""
        return ()

    @admin.display(description=gettext_lazy("about"))
    def about(self, obj):
        return str(obj.about or "–")


@admin.register(Update)
class UpdateAdmin(ImportsUpdates, DraftAdmin):
    """Updates, one form for each kind, and many from a file."""

    form = UpdateForm
    list_display = ["summary", "what", "about", "as_of", "state", "author"]
    list_filter = ["state", "what", "fits", "origin__side", ("returned_note", admin.EmptyFieldListFilter)]
    list_select_related = ["author", "commitment__plan", "metric", "body", "source"]
    search_fields = ["summary", "metric__name", "metric__code", "commitment__code", "commitment__title"]

    def add_view(self, request, form_url="", extra_context=None):
        """Without its kind in the address, the form follows from what it is about; failing that, one chooses."""
        if self._what(request) is None and self.has_add_permission(request):
            context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Record an update")}
            return TemplateResponse(request, "admin/tracker/choose.html", {**context, "kinds": self.kinds(None)})
        return super().add_view(request, form_url, extra_context)

    def _what(self, request):
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
        measured = request.GET.get("what") in (None, What.VALUE, What.RUNG)
        if commitment is not None and commitment.metric_id and measured:
            initial.setdefault("metric", commitment.metric_id)
        if metric := self._named("metric", initial):
            initial.setdefault("origin", metric.producer_id)
        return {"bound": "exact", "fits": "same", "how": "reported", **initial}

    def get_fieldsets(self, request, obj=None):
        what = obj.what if obj is not None else self._what(request)
        return fieldsets_of(UPDATE_FIELDS[what or What.VALUE], obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"what": None if obj is not None else self._what(request)})

    def get_inlines(self, request, obj):
        """An amendment or a withdrawal cites nothing: its reason stands in it."""
        return [] if obj is not None and obj.what in (What.AMENDMENT, What.WITHDRAWAL) else self.inlines

    def kinds(self, record):
        """Addresses that add each kind of record, about the same thing where it is known."""
        address, about = reverse("admin:tracker_update_add"), ""
        names = {"value": _("a value"), "rung": _("a stage reached")}
        names |= {"judgement": _("a judgement against the test"), "search": _("a search in vain")}
        if record is not None and record.commitment_id:
            about = f"&commitment={record.commitment_id}"
            if record.commitment.rule != "judge":
                del names["judgement"]
            if not record.commitment.metric_id:
                del names["value"], names["rung"]
        elif record is not None and record.metric_id:
            names = {name: names[name] for name in [What.VALUE if record.metric.shape == Shape.NUMBER else What.RUNG]}
            about = f"&metric={record.metric_id}"
        return [{"address": f"{address}?what={name}{about}", "words": words} for name, words in names.items()]


@admin.register(Assessment)
class AssessmentAdmin(DraftAdmin):
    """Others' findings and claims."""

    form = AssessmentForm
    list_display = ["summary", "says", "about", "origin", "as_of", "state", "author"]
    list_filter = ["state", "says", "origin__side", "finds_harm"]
    list_select_related = ["author", "commitment__plan", "category", "origin"]
    search_fields = ["summary", "document", "commitment__code", "commitment__title", "category__title", "origin__name"]

    def get_fieldsets(self, request, obj=None):
        return fieldsets_of(ASSESSMENT_FIELDS, obj)
