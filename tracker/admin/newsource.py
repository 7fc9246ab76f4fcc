"""A source that is not on record yet, given in the row that cites it: registered together with the draft."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Source

from .codes import suggested_code
from .fields import DAY_HELP, AddressField, DayField, LanguageField, LineField
from .finding import PickField

# Fields of a source by the name that each has in the row.
GIVEN = {name: f"new_{name}" for name in ("title", "publisher", "address", "published", "language", "code")}


class NewSourceForm(forms.ModelForm):
    """The fields of a new source, all of them blank where one on record is cited."""

    new_title = LineField(label=gettext_lazy("Title"), max_length=400, required=False)
    new_publisher = PickField(
        "body",
        label=gettext_lazy("Publisher"),
        required=False,
        help_text=gettext_lazy("Whoever carried it: its code, or words of its name."),
    )
    new_address = AddressField(
        label=gettext_lazy("Address"),
        max_length=800,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("Where it can be read; blank where no address was confirmed."),
    )
    new_published = DayField(label=gettext_lazy("Published"), required=False, help_text=DAY_HELP)
    new_language = LanguageField(label=gettext_lazy("Language"), required=False)
    new_code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Permanent, part of its address; blank: made of publisher, year and title."),
    )
    fresh = None  # the source that the row registers, unsaved

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["new_published"].last = False  # of a year or month that a source is of, its first day stands for it

    def clean(self):
        data = super().clean()
        filled = [name for name in GIVEN.values() if name != "new_language" and self.data.get(self.add_prefix(name))]
        if filled and data.get("source"):
            raise ValidationError(_("A row cites a source on record or a new one, not both: leave one of them blank."))
        if filled and not self.errors:
            self._take(data)
        return data

    def _take(self, data):
        for name in ("new_title", "new_publisher"):
            if not data[name]:
                self.add_error(name, _("A new source needs this."))
        if self.errors:
            return
        published, precision = data["new_published"], self.fields["new_published"].precision
        source = Source(
            title=data["new_title"],
            publisher=data["new_publisher"],
            address=data["new_address"],
            reason_withheld="" if data["new_address"] else _("No address was given when it was recorded."),
            published=published,
            published_precision=precision,
            language=data["new_language"],
            code=data["new_code"] or suggested_code(data["new_publisher"], published, data["new_title"]),
        )
        try:
            source.full_clean()
        except ValidationError as error:
            for name, errors in error.error_dict.items():
                self.add_error(GIVEN.get(name), errors)
        else:
            self.fresh = source
