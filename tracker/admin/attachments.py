"""The file in a row of evidence: chosen, kept or taken out with the draft."""

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Evidence
from tracker.uploads import storage


def _what_is_taken():
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
        help_text=lazy(_what_is_taken, str)(),
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
        """One file a row: a new one takes the place of the one that was there."""
        data = super().clean()
        if data.get("file") and Evidence.objects.taken_away([data["file"].hash]):
            self.add_error("file", _("This file was taken away for somebody's safety and is not published again."))
        return data


class EvidenceFormSet(forms.BaseInlineFormSet):
    """Rows are sent anew each time, so a file that is there already is named by its hash, and only if it is theirs."""

    def add_fields(self, form, index):
        """Offer each row its own file to keep; what is sent is looked for among all files of the draft."""
        super().add_fields(form, index)
        if "keep" not in form.fields:
            return
        if not hasattr(self, "theirs"):
            self.theirs = self._files()
        sent = form.data.getlist(form.add_prefix("keep")) if form.is_bound else [form.instance.file_hash]
        offered = [self.theirs[each] for each in sent if each in self.theirs]
        form.fields["keep"].choices = [(each.file_hash, file_link(each)) for each in offered]
        form.fields["keep"].initial = [each.file_hash for each in offered]
        form.fields["keep"].error_messages["invalid_choice"] = _("This file is not with the draft: choose it again.")
        form.theirs = self.theirs

    def _files(self):
        if self.instance.pk is None:
            return {}
        return {each.file_hash: each for each in self.instance.evidence.exclude(file_hash="")}


def file_link(evidence):
    """A link to the download, by the file's name."""
    return format_html('<a href="{}">{}</a>', evidence.file_path(), evidence.file_name)


def file_of(form, evidence):
    """Give a piece of evidence the file that was sent, or the one that is kept."""
    upload, hashes = form.cleaned_data.get("file"), form.cleaned_data.get("keep")
    if upload:
        evidence.upload = upload
    elif hashes:
        for name, value in form.theirs[hashes[0]].file_fields().items():
            setattr(evidence, name, value)
    return evidence
