"""The form in which a reader says what is wrong or missing."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.models import Wrong
from tracker.text import typed
from tracker.uploads import storage

MOST_TEXT, MOST_LINK = typed.LONGEST_TEXT, 500


class TypedText(forms.CharField):
    """What a reader types: stored as it was typed, or refused with a sentence on what nobody can see in it."""

    def to_python(self, value: Any) -> str:
        """The text as it is stored."""
        return typed.text(super().to_python(value) or "")


class ReportForm(forms.Form):
    """What is wrong, where that can be read, and if they like, who says so."""

    use_required_attribute = False  # a sentence beside the field says more than a browser's bubble, in any browser
    wrong = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        choices=Wrong,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what comes nearest.")},
    )
    text = TypedText(
        label=gettext_lazy("What is wrong or missing, and what would be right?"),
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Say what is wrong or missing.")},
    )
    link = TypedText(
        label=gettext_lazy("Where can that be read?"),
        required=False,
        max_length=MOST_LINK,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("An address that begins with https:// or http://, or the symbol of a UN document."),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": storage.ACCEPT}),
    )
    name = TypedText(label=gettext_lazy("Who you are"), required=False, max_length=120)
    contact = TypedText(
        label=gettext_lazy("Where we can reach you"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("A mail address or telephone number, if we may ask you something."),
    )
    homepage = forms.CharField(required=False)  # nobody sees it; programs fill it in

    def __init__(self, data: Any = None, files: Any = None, *, busy: bool = False) -> None:
        super().__init__(data, files, label_suffix="")
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["contact"].widget.attrs["autocomplete"] = "email"
        limit = {"limit": filesizeformat(settings.FILE_LIMIT)}
        sentence = _(
            "PDF, PNG, JPEG, WebP, DOCX, XLSX, ODT or ODS, %(limit)s at most. What it says of its author, place and "
            "device is taken out before it is kept."
        )
        self.fields["file"].help_text = sentence % limit
        if busy:  # each file costs seconds
            del self.fields["file"]

    def clean_link(self) -> str:
        """An address of the web as it was typed, or something that is none, such as a symbol."""
        link: str = self.cleaned_data["link"]
        if link.casefold().startswith(("http:", "https:")):
            URLValidator(
                schemes=["http", "https"], message=_("This address cannot be read: copy it once more, as a whole.")
            )(link)
        if "\n" in link:
            raise ValidationError(_("One address goes here: put others into the text above."))
        return link

    def clean(self) -> dict[str, Any]:
        """A file is looked at last, once nothing else is to be mended: that takes a while."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("homepage"):
            raise ValidationError(_("A field that stays blank was filled in: empty it, and send again."))
        if not self.errors and cleaned.get("file"):
            try:
                cleaned["file"] = storage.checked(cleaned["file"])
            except ValidationError as error:
                self.add_error("file", error)
        return cleaned

    @property
    def problems(self) -> str:
        """How many things are to be mended, in a sentence."""
        n = len([name for name in self.errors if name != "__all__"])
        words = ngettext("%(n)s thing is to be mended.", "%(n)s things are to be mended.", n)
        return words % {"n": n} if n else ""
