"""Forms of drafts: each shows what its kind of record needs, with the version that its editor saw and its evidence."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Assessment, Evidence, Shape, State, Update, What
from tracker.uploads import storage

from .saving import ActionForm

IN_WORDS = (gettext_lazy("In words"), ["summary", "caveat"])
UPDATE_FIELDS = {
    What.VALUE: [
        (None, ["metric", ("value", "bound"), "as_published"]),
        (gettext_lazy("Period"), [("starts_on", "as_of", "precision")]),
        (gettext_lazy("Whose, and how it fits"), ["origin", ("fits", "how"), "arithmetic", "scope"]),
        IN_WORDS,
    ],
    What.RUNG: [(None, ["metric", "rung", ("as_of", "precision"), "origin"]), IN_WORDS],
    What.JUDGEMENT: [(None, ["commitment", "verdict", ("as_of", "precision")]), IN_WORDS],
    What.SEARCH: [(None, ["commitment", "as_of", "withheld"]), IN_WORDS],
    What.AMENDMENT: [(None, ["summary", "reason"])],
    What.WITHDRAWAL: [(None, ["summary", "reason"])],
}
ASSESSMENT_FIELDS = [
    (None, ["commitment", "category", "origin", "says", "finds_harm"]),
    (gettext_lazy("When and where"), [("starts_on", "as_of", "precision"), "document", "replies_to"]),
    IN_WORDS,
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
        for name in self.fields.keys() & {"summary", "caveat", "reason"}:
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
        for name in self.fields.keys() & {"metric", "commitment", "rung", "verdict"}:
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


def _accepted_files():
    sentence = _(
        "PDF, PNG, JPEG, WebP, DOCX, XLSX, ODT or ODS, %(limit)s at most; public once the row is published. What it "
        "says of its author, place, device and time is taken out, and so are notes in a PDF; the original is not kept. "
        "Look yourself for names and faces, and for comments and tracked changes in an office document."
    )
    return sentence % {"limit": filesizeformat(settings.FILE_LIMIT)}


class EvidenceForm(forms.ModelForm):
    """A source, where in it, and the file that was seen."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": storage.ACCEPT}),
        help_text=lazy(_accepted_files, str)(),
    )
    keep = forms.MultipleChoiceField(
        label=gettext_lazy("Keep"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )

    class Meta:
        model = Evidence
        fields = ("source", "locator", "note")

    def clean_file(self):
        """The file as its content shows it."""
        upload = self.cleaned_data["file"]
        return storage.checked(upload) if upload else None

    def clean(self):
        """One file a row: a new one takes the place of the one before."""
        data = super().clean()
        if data.get("file") and Evidence.objects.taken_away([data["file"].hash]):
            self.add_error("file", _("This file was taken away for somebody's safety and is not published again."))
        return data


class EvidenceFormSet(forms.BaseInlineFormSet):
    """Rows are sent anew each time, so a file that they had is named by its hash, and taken only if it is theirs."""

    def add_fields(self, form, index):
        """Offer each row its own file to keep; what is sent is looked for among all files of the draft."""
        super().add_fields(form, index)
        if "keep" not in form.fields:
            return
        if not hasattr(self, "theirs"):
            rows = self.instance.evidence.exclude(file_hash="") if self.instance.pk else ()
            self.theirs = {each.file_hash: each for each in rows}
        sent = form.data.getlist(form.add_prefix("keep")) if form.is_bound else [form.instance.file_hash]
        offered = [self.theirs[each] for each in sent if each in self.theirs]
        form.fields["keep"].choices = [(each.file_hash, file_link(each)) for each in offered]
        form.fields["keep"].initial = [each.file_hash for each in offered]
        form.fields["keep"].error_messages["invalid_choice"] = _("This file is not with the draft: choose it again.")
        form.theirs = self.theirs


def file_link(evidence):
    """A link to the download, by the file's name."""
    return format_html('<a href="{}">{}</a>', evidence.file_path(), evidence.file_name)


class EvidenceInline(admin.TabularInline):
    """The sources that a draft cites; open as long as the draft is."""

    model = Evidence
    form = EvidenceForm
    formset = EvidenceFormSet
    autocomplete_fields = ["source"]
    extra = 1
    verbose_name_plural = gettext_lazy("Evidence")

    def get_fields(self, request, obj=None):
        """While the row can change a file is chosen or kept; afterwards it can be downloaded."""
        files = ["file", "keep"] if self.has_add_permission(request, obj) else ["download"]
        return ["source", "locator", "note", *files]

    def get_readonly_fields(self, request, obj=None):
        return () if self.has_add_permission(request, obj) else ("download",)

    @admin.display(description=gettext_lazy("File"))
    def download(self, obj):
        return file_link(obj) if obj.file_hash else "–"

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("tracker.view_evidence")

    def has_add_permission(self, request, obj=None):
        """As long as the draft that it belongs to can still change."""
        open_ = obj is None or request.method == "POST" or obj.state in (State.DRAFT, State.RETURNED)
        return open_ and request.user.has_perm("tracker.add_evidence")

    has_change_permission = has_delete_permission = has_add_permission


def cited(formsets):
    """The whole new list of evidence that was sent, unsaved, each with the file that was sent or is kept."""
    bound = [form for formset in formsets for form in formset.forms if form.is_bound and hasattr(form, "cleaned_data")]
    return [_evidence(f) for f in bound if f.cleaned_data.get("source") and not f.cleaned_data.get("DELETE")]


def _evidence(form):
    data = form.cleaned_data
    evidence = Evidence(source=data["source"], locator=data.get("locator") or "", note=data.get("note") or "")
    if data.get("file"):
        evidence.upload = data["file"]
    elif hashes := data.get("keep"):
        for name, value in form.theirs[hashes[0]].file_fields().items():
            setattr(evidence, name, value)
    return evidence
