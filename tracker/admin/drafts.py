"""Forms of drafts: each shows only what the kind of record needs, and carries the version that its editor saw."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Assessment, Evidence, Shape, State, Update, What

from .attachments import EvidenceForm, EvidenceFormSet, file_link, file_of
from .saving import ActionForm

WHAT_IT_IS = (gettext_lazy("What it is about"), "about")
UPDATE_FIELDS = {
    What.VALUE: [
        (None, ["metric", ("value", "bound"), "as_published"]),
        (gettext_lazy("Period"), [("starts_on", "as_of", "precision"), "year_not_stated"]),
        (gettext_lazy("Whose, and how it fits"), ["origin", ("fits", "how"), "arithmetic", "scope"]),
        (gettext_lazy("In words"), ["summary", "caveat"]),
    ],
    What.RUNG: [
        (None, ["metric", "rung", ("as_of", "precision"), "origin"]),
        (gettext_lazy("In words"), ["summary", "caveat"]),
    ],
    What.JUDGEMENT: [
        (None, ["commitment", "verdict", ("as_of", "precision")]),
        (gettext_lazy("In words"), ["summary", "caveat"]),
    ],
    What.SEARCH: [
        (None, ["commitment", "as_of", "reach", "places", "words", "languages", "withheld"]),
        (gettext_lazy("In words"), ["summary", "caveat"]),
    ],
    What.AMENDMENT: [(None, ["summary", "reason"])],
    What.WITHDRAWAL: [(None, ["summary", "reason"])],
}
ASSESSMENT_FIELDS = [
    (None, ["commitment", "category", "origin", "says", "finds_harm"]),
    (gettext_lazy("When and where"), [("starts_on", "ends_on"), ("as_of", "precision"), "document", "replies_to"]),
    (gettext_lazy("In words"), ["summary", "caveat"]),
]
SUMMARY_HELP = {
    What.SEARCH: gettext_lazy("Who looked, where and when, and that nothing was found; public."),
    What.JUDGEMENT: gettext_lazy("Why the written test is met, met in part or not met; public."),
}


def fieldsets_of(groups, record):
    """Fieldsets for a kind of record; what replaces another also gives the reason."""
    sets = [(name, {"fields": list(fields)}) for name, fields in groups]
    sets[0][1]["fields"].append("seen_version")
    if record is not None and record.replaces_id and "reason" not in sets[0][1]["fields"]:
        sets.append((gettext_lazy("Why it replaces another row"), {"fields": ["reason"]}))
    return sets


class DraftForm(ActionForm):
    """What updates and assessments have in common: the version that was seen, and a preview that saves nothing."""

    what = None  # set on the subclass that the admin makes for each request
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = None if self.instance._state.adding else self.instance.version
        for name in ("summary", "caveat", "reason"):
            if name in self.fields:
                self.fields[name].widget.attrs["rows"] = 2

    def is_valid(self):
        """A preview is never saved, however good the form is."""
        return super().is_valid() and "_preview" not in self.request.POST


class UpdateForm(DraftForm):
    """A draft of one kind of update."""

    class Meta:
        model = Update
        exclude = ()
        help_texts = {"as_published": gettext_lazy("The number in the source's own words, with its unit.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.instance.what = self.what
        if self.instance.what in SUMMARY_HELP and "summary" in self.fields:
            self.fields["summary"].help_text = SUMMARY_HELP[self.instance.what]
        for name in ("metric", "commitment", "rung", "verdict"):
            if name in self.fields:
                self.fields[name].required = True
        if "rung" in self.fields:
            self._offer_stages()

    def _offer_stages(self):
        """The stages of the metric's ladder, where it is known which metric."""
        metric = self.instance.metric
        if metric is None and (pk := self.initial.get("metric")):
            metric = self.fields["metric"].queryset.filter(pk=pk).first()
        if metric is not None and metric.shape == Shape.LADDER:
            choices = [("", "---------"), *((rung, rung) for rung in metric.rungs)]
            self.fields["rung"].widget = forms.Select(choices=choices)


class AssessmentForm(DraftForm):
    """A draft of somebody else's finding."""

    class Meta:
        model = Assessment
        exclude = ()

    def clean_replies_to(self):
        answered = self.cleaned_data["replies_to"]
        if answered is not None and answered.state != State.PUBLISHED:
            raise forms.ValidationError(_("It answers a finding that is not public."))
        return answered


class EvidenceInline(admin.TabularInline):
    """The sources that a draft cites; open as long as the draft is."""

    model = Evidence
    form = EvidenceForm
    formset = EvidenceFormSet
    autocomplete_fields = ["source"]
    extra = 1
    verbose_name_plural = gettext_lazy("Evidence")

    def get_fields(self, request, obj=None):
        """While the row can change a file is chosen or kept; afterwards it is there to be downloaded."""
        return ["source", "locator", "note", *(("file", "keep") if self._writes(request, obj) else ("download",))]

    def get_readonly_fields(self, request, obj=None):
        return () if self._writes(request, obj) else ("download",)

    def _writes(self, request, obj):
        return self.has_add_permission(request, obj)

    @admin.display(description=gettext_lazy("File"))
    def download(self, obj):
        return file_link(obj) if obj.file_hash else "–"

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("tracker.view_evidence")

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("tracker.add_evidence") and self.open(request, obj)

    has_change_permission = has_delete_permission = has_add_permission

    def open(self, request, obj):
        """Whether the draft that it belongs to can still change."""
        return obj is None or request.method == "POST" or obj.state in (State.DRAFT, State.RETURNED)


class UpdateEvidence(EvidenceInline):
    """Evidence of an update."""

    fk_name = "update_record"


class AssessmentEvidence(EvidenceInline):
    """Evidence of an assessment."""

    fk_name = "assessment"


def cited(formsets):
    """The whole new list of evidence that was sent, unsaved."""
    return [
        file_of(
            form,
            Evidence(
                **{name: form.cleaned_data.get(name) or "" for name in ("locator", "note")},
                source=form.cleaned_data["source"],
            ),
        )
        for formset in formsets
        for form in formset.forms
        if form.is_bound
        and getattr(form, "cleaned_data", None)
        and form.cleaned_data.get("source")
        and not form.cleaned_data.get("DELETE")
    ]
