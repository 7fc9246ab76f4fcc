"""Forms of drafts: each shows what its kind of record needs, with the version that its editor saw and its evidence."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.actions.reports import of_draft
from tracker.models import Assessment, Evidence, State, Update, What
from tracker.text import typed
from tracker.uploads import storage

from . import suggest
from .fields import DAY_HELP, ReadsWhatIsTyped, at_most, joined
from .finding import PickField
from .newsource import GIVEN, NewSourceForm
from .saving import ActionForm

# Groups of fields: their name, the fields, and what else is so of the group: the evidence comes before it, or it is
# folded, because it is preset and seldom changed.
AFTER_EVIDENCE, FOLDED = "after-evidence", "folded"
IN_WORDS = (gettext_lazy("In words"), ["summary", "caveat"], AFTER_EVIDENCE)
SENTENCE = (gettext_lazy("In words"), ["summary"], AFTER_EVIDENCE)
UPDATE_FIELDS = {
    What.VALUE: [
        (gettext_lazy("The figure"), ["metric", ("as_published", "value")]),
        (gettext_lazy("Which period it speaks of"), [("starts_on", "as_of")]),
        (gettext_lazy("Whose figure it is"), ["origin"]),
        SENTENCE,
        (
            gettext_lazy("How exactly, how it fits, what is weak"),
            [("bound", "fits", "how"), "arithmetic", "scope", "year_not_stated", "caveat"],
            FOLDED,
        ),
    ],
    What.RUNG: [
        (gettext_lazy("The stage"), ["metric", "rung"]),
        (gettext_lazy("When, and whose act"), ["as_of", "origin"]),
        IN_WORDS,
    ],
    What.JUDGEMENT: [(gettext_lazy("The judgement"), ["commitment", "verdict", "as_of"]), IN_WORDS],
    What.SEARCH: [
        (gettext_lazy("The search"), ["commitment", "as_of", "reach", "places", "words", "languages"]),
        IN_WORDS,
        (gettext_lazy("What the State keeps back"), ["withheld"]),
    ],
    What.AMENDMENT: [(None, ["summary", "reason"])],
    What.WITHDRAWAL: [(None, ["summary", "reason"])],
}
ASSESSMENT_FIELDS = [
    (gettext_lazy("What it is about"), ["commitment", "category"]),
    (gettext_lazy("Who finds what"), ["origin", "says", "finds_harm"]),
    (gettext_lazy("When and where"), ["as_of", "document", ("starts_on", "ends_on"), "replies_to"]),
    IN_WORDS,
]
MADE_OF_FIELDS = (What.VALUE, What.RUNG, What.SEARCH)  # kinds whose summary a form can write
SUMMARY_HELP = {
    What.JUDGEMENT: gettext_lazy("Why the written test is met, met in part or not met; public."),
    **dict.fromkeys(MADE_OF_FIELDS, gettext_lazy("Our own words, public. Left blank, it is made of the fields.")),
}
# What the day of each kind of update is: its name and its help.
DAY_OF = {
    What.VALUE: (
        gettext_lazy("Until, or as of"),
        gettext_lazy("The period's end, or the moment; never the press conference."),
    ),
    What.RUNG: (
        gettext_lazy("Day of the stage"),
        gettext_lazy("When it was reached: adopted, in force, handed in. Not when the news came out."),
    ),
    What.JUDGEMENT: (gettext_lazy("As of"), gettext_lazy("The day on which it stood so.")),
    What.SEARCH: (gettext_lazy("Day of the search"), gettext_lazy("When somebody looked.")),
}


def fieldsets_of(groups, record):
    """Fieldsets for a kind of record; what replaces another also gives the reason."""
    sets = [(name, {"fields": list(fields), "classes": how}) for name, fields, *how in groups]
    sets[0][1]["fields"].append("seen_version")
    if record is not None and record.replaces_id and "reason" not in sets[0][1]["fields"]:
        sets.append((gettext_lazy("Why it replaces what was published"), {"fields": ["reason"]}))
    return sets


class DraftForm(ActionForm):
    """What updates and assessments have in common: the version that was seen, and a preview that saves nothing."""

    what = None  # set on the subclass that the admin makes for each request
    use_required_attribute = False  # a form that is not whole is a draft; what hands it in says what it lacks
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = None if self.instance._state.adding else self.instance.version
        for name in self.fields.keys() & {"summary", "caveat", "reason", "places", "words"}:
            self.fields[name].widget.attrs["rows"] = 2


class UpdateForm(DraftForm):
    """A draft of one kind of update."""

    class Meta:
        model = Update
        exclude = ()
        labels = {
            "as_published": gettext_lazy("The number as published"),
            "value": gettext_lazy("The value as a number"),
            "starts_on": gettext_lazy("From"),
        }
        help_texts = {
            "as_published": gettext_lazy("In the source's own words, with its unit."),
            "value": gettext_lazy("In the metric's unit. Blank: read from the words beside, where they are plain."),
            "starts_on": gettext_lazy("Blank for a moment, and for a whole year."),
        }

    def __init__(self, *args, **kwargs):
        instance = kwargs.get("instance")
        self.what = instance.what if instance is not None else self.what
        super().__init__(*args, **kwargs)
        self.instance.what = self.what or self.instance.what
        self.filled = self._made_before()
        if self.what in SUMMARY_HELP and "summary" in self.fields:
            self.fields["summary"].help_text = joined(SUMMARY_HELP[self.what], at_most(typed.LONGEST_TEXT))
        for name in self.fields.keys() & {"metric", "commitment", "rung", "verdict"}:
            self.fields[name].required = True
        if self.what in MADE_OF_FIELDS and "summary" in self.fields:
            self.fields["summary"].required = False
        if self.what in DAY_OF and "as_of" in self.fields:
            words, help_text = DAY_OF[self.what]
            self.entitle("as_of", words)
            self.fields["as_of"].help_text = joined(help_text, DAY_HELP)
        if "rung" in self.fields:
            self.offer_stages()

    def clean(self):
        """What is blank and follows from the rest is filled in, and shown as if it had been typed."""
        data = super().clean()
        metric = data.get("metric")
        if self.what == What.VALUE and metric is not None:
            if data.get("value") is None and "value" not in self.errors:
                self._fill("value", suggest.number_in(data.get("as_published") or "", metric.unit))
            if not data.get("starts_on") and "as_of" in self.fields:
                precision = getattr(self.fields["as_of"], "precision", "")
                self._fill("starts_on", suggest.first_day(data.get("as_of"), precision, metric))
        return data

    def _made_before(self):
        """What this form filled in by itself and nobody changed, which follows the fields that it was made of.

        Of a form that was sent it is taken out, to be made anew.
        """
        if self.is_bound:
            names = [
                name for name in self.fields if (was := self.data.get(f"made-{name}")) and was == self.data.get(name)
            ]
            self.data = self.data.copy()
            for name in names:
                self.data[name] = ""
            return {}
        row, filled = self.instance, {"summary": suggest.sentence(self.instance)}
        if (
            row.what == What.VALUE
            and row.metric_id
            and (first := suggest.first_day(row.as_of, row.precision, row.metric))
        ):
            filled["starts_on"] = first
        return {name: str(value) for name, value in filled.items() if value and value == getattr(row, name)}

    def _fill(self, name, value):
        if value is not None and name in self.fields and name not in self.errors:
            self.cleaned_data[name] = value
            self.data = self.data.copy()
            self.data[self.add_prefix(name)] = self.filled[name] = str(value)

    def _post_clean(self):
        super()._post_clean()
        if "summary" in self.fields and not self.fields["summary"].required and not self.cleaned_data.get("summary"):
            if sentence := suggest.sentence(self.instance):
                self._fill("summary", sentence)
                self.instance.summary = sentence
            elif self.cleaned_data.get("as_published") and self.cleaned_data.get("value") is None:
                unit = self.instance.metric.unit if self.instance.metric_id else ""
                sentence = _("It was not read from “%(words)s”: write it as a number, in %(unit)s.")
                values = {"words": self.cleaned_data["as_published"], "unit": unit or _("the unit of the metric")}
                self.add_error(None if "value" in self.errors else "value", sentence % values)
            elif not self.errors:
                self.add_error("summary", _("The fields do not say enough yet to make it: write it, or fill them in."))


class AssessmentForm(DraftForm):
    """A draft of somebody else's finding."""

    class Meta:
        model = Assessment
        exclude = ()

    def needed(self):
        """Whose finding it is; what it is about is one of two fields."""
        return ("origin",)

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


class EvidenceForm(NewSourceForm):
    """A source, where in it, and the file that was seen."""

    source = PickField(
        "source",
        label=gettext_lazy("Source"),
        required=False,
        help_text=gettext_lazy("On record: words of its title, its publisher, year, address or code."),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": storage.ACCEPT}),
        help_text=lazy(_accepted_files, str)(),
    )
    kept_files = forms.MultipleChoiceField(
        label=gettext_lazy("Keep"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )

    class Meta:
        model = Evidence
        fields = ("source", "locator", "note")

    def clean_file(self):
        upload = self.cleaned_data["file"]
        return storage.checked(upload) if upload else None

    def clean(self):
        """One file a row: a new one takes the place of the one before."""
        data = super().clean()
        if data.get("file") and Evidence.objects.taken_away([data["file"].hash]):
            self.add_error("file", _("This file was taken away for somebody's safety and is not published again."))
        if not data.get("source") and self.fresh is None and not self.errors:
            self.add_error("source", self.fields["source"].error_messages["required"])
        return data


class EvidenceFormSet(forms.BaseInlineFormSet):
    """Rows are sent anew each time, so a file that they had is named by its hash, and taken only if it is theirs."""

    def add_fields(self, form, index):
        """Offer each row its own file to keep; what is sent is looked for among all files of the draft."""
        super().add_fields(form, index)
        if "kept_files" not in form.fields:
            return
        if not hasattr(self, "theirs"):
            rows = self.instance.evidence.exclude(file_hash="") if self.instance.pk else ()
            report = of_draft(self.instance)
            brought = [report] if report is not None and report.stored else []
            self.theirs = {each.file_hash: each for each in (*brought, *rows)}
            # What a reader sent stands with the first row that is still blank, to be cited from a source or left out.
            self.brought = [each.file_hash for each in brought if each.file_hash not in {row.file_hash for row in rows}]
        hashes = form.data.getlist(form.add_prefix("kept_files")) if form.is_bound else [form.instance.file_hash]
        if not form.is_bound and not form.instance.pk and index is not None:
            hashes, self.brought = self.brought, []
        offered = [self.theirs[each] for each in hashes if each in self.theirs]
        form.fields["kept_files"].choices = [(each.file_hash, file_link(each)) for each in offered]
        form.fields["kept_files"].initial = [each.file_hash for each in offered]
        form.fields["kept_files"].error_messages["invalid_choice"] = _(
            "This file is not with the draft: choose it again."
        )
        form.theirs = self.theirs


def file_link(evidence):
    """A link to the download, by the file's name."""
    return format_html('<a href="{}">{}</a>', evidence.file_path(), evidence.file_name)


class EvidenceInline(ReadsWhatIsTyped, admin.TabularInline):
    """The sources that a draft cites; open as long as the draft is."""

    model = Evidence
    form = EvidenceForm
    formset = EvidenceFormSet
    extra = 1
    verbose_name_plural = gettext_lazy("Evidence")

    def get_fields(self, request, obj=None):
        """While the row can change a file is chosen or kept; afterwards it can be downloaded."""
        if not self.has_add_permission(request, obj):
            return ["source", "locator", "note", "download"]
        return ["source", *GIVEN.values(), "locator", "note", "file", "kept_files"]

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
    named = [form for form in bound if form.cleaned_data.get("source") or form.fresh is not None]
    return [_evidence(form) for form in named if not form.cleaned_data.get("DELETE")]


def _evidence(form):
    data = form.cleaned_data
    source = data.get("source") or form.fresh
    evidence = Evidence(source=source, locator=data.get("locator") or "", note=data.get("note") or "")
    if data.get("file"):
        evidence.upload = data["file"]
    elif hashes := data.get("kept_files"):
        for name, value in form.theirs[hashes[0]].file_fields().items():
            setattr(evidence, name, value)
    return evidence
