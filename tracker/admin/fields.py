"""Fields of the forms of staff: what is typed is read by ``tracker.text.typed``, and choices have a meaning.

No field has a wheel, a limit that cuts what is pasted, or a browser's own idea of a number or a date.
"""

import datetime
from decimal import Decimal

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget, AdminURLFieldWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Source
from tracker.models.progress import PUBLISHED_WITH
from tracker.schema import PARTS, REPEATED
from tracker.text import languages, typed
from tracker.wording import labels
from tracker.wording.meanings import meanings_of

from .widgets import DescribedChoices, LanguageSelect, StateInput

# The field that says how exactly a day is known follows from what was typed, and is in no form.
PRECISION_OF = {
    "as_of": "precision",
    "published": "published_precision",
    "published_on": "published_precision",
    "since": "precision",
}
FROM_FIRST_DAY = {"starts_on", "published", "published_on", "since"}  # “2025” means its first day, else its last
LINES = {  # lists of texts, written one a line
    "rungs": gettext_lazy("The stages, lowest first, one on each line."),
    "other_figures": gettext_lazy("One on each line, with the reason: “2020: year in the name of a law”."),
    "citations": gettext_lazy(
        "One on each line, as “code of the source | place”. Where it says otherwise there: “code | place | its words | "
        "in what it differs”, which is wording, rounding, currency or value."
    ),
    "texts": gettext_lazy("One on each line, as “language: address”, such as “en: https://…”."),
    "recommended_by": gettext_lazy("In a review by States: who recommends it, one on each line."),
    "themes": gettext_lazy("One on each line."),
}
# Needed where another field says so, which the sentence of the record explains: neither required nor optional.
WHERE_IT_APPLIES = {
    *("nature", "unit", "decimals", "rungs", "comparator", "target_value", "tolerance", "metric", "target_rung"),
    *("base_date", "address", "reason_withheld", "arithmetic", "starts_on", "places", "words", "languages", "reason"),
    *("commitment", "category", "value", "bound", "how", "as_published", "period_because", "rung", "verdict"),
}
NOT_SAID = gettext_lazy("not said")
LONG_LINE = 80  # characters from which on a field says how many it takes
DAY_HELP = gettext_lazy("Such as 2025-12-31, 2025-12 or 2025.")


class _Read:
    """A field that cuts nothing of what is pasted into it, but characters that nobody sees."""

    def to_python(self, value):
        return super().to_python(typed.text(value) if isinstance(value, str) else value)

    def widget_attrs(self, widget):
        """Without the length at which a browser cuts off what is pasted; the server says how much is too much."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class LineField(_Read, forms.CharField):
    """A text."""


class AddressField(_Read, forms.URLField):
    """An address."""

    default_error_messages = {
        "invalid": gettext_lazy(
            "This is no web address: write all of it, such as https://example.org/page, without blanks."
        ),
    }


class NumberField(forms.DecimalField):
    """A number as people write it. Whether a percent sign may stand behind it, its form knows."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "vNumberField"})

    def to_python(self, value):
        return typed.number(value, percent=True) if isinstance(value, str) else super().to_python(value)

    def prepare_value(self, value):
        return typed.written_number(value) if isinstance(value, Decimal | int) else value


class WholeField(forms.IntegerField):
    """A whole number."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "vIntegerField"})

    def to_python(self, value):
        number = typed.number(value) if isinstance(value, str) else value
        if number is not None and number != int(number):
            raise ValidationError(_("“%(typed)s” is not a whole number.") % {"typed": typed.short(str(value))})
        return super().to_python(number)


class DayField(forms.DateField):
    """A day, month or year as people write it; ``precision`` says which it was, ``read_as`` how it was understood."""

    widget = forms.TextInput(attrs={"inputmode": "text", "class": "vDateField", "size": 16})
    last = True
    precision = read_as = ""

    def to_python(self, value):
        if not isinstance(value, str):
            return super().to_python(value)
        day, self.precision = typed.day(value, last=self.last)
        values = {"typed": typed.short(value.strip()), "read": labels.dated_in_words(day, self.precision)}
        if day and not typed.is_written_plainly(value) and values["typed"] != values["read"]:
            self.read_as = _("“%(typed)s” was read as %(read)s.") % values
        return day

    def prepare_value(self, value):
        return typed.written_day(value) if isinstance(value, datetime.date) else value

    def has_changed(self, initial, data):
        initial = typed.written_day(initial) if isinstance(initial, datetime.date) else initial or ""
        try:
            return typed.day(initial, last=self.last) != typed.day(data or "", last=self.last)
        except ValidationError:
            return True


class LinesField(LineField):
    """A list of texts, one on each line."""

    def to_python(self, value):
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]

    def prepare_value(self, value):
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def has_changed(self, initial, data):
        try:
            return (initial or []) != self.to_python(data or "")
        except ValidationError:
            return True


class CitationsField(LinesField):
    """Places that give a figure, one on each line: source, place, and what is said otherwise there and in what."""

    def to_python(self, value):
        return [self._citation(line) for line in super().to_python(value)]

    def _citation(self, line):
        parts = [part.strip() for part in line.split("|")]
        if not 2 <= len(parts) <= len(PARTS[REPEATED]):
            raise ValidationError(_("“%(line)s” is not “source | place”.") % {"line": typed.short(line)})
        if not Source.objects.filter(code=parts[0]).exists():
            raise ValidationError(_("No source has the code “%(code)s”.") % {"code": typed.short(parts[0])})
        return {name: part for name, part in zip(PARTS[REPEATED], parts, strict=False) if part}

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        lines = [[each.get(name, "") for name in PARTS[REPEATED]] for each in value]
        return "\n".join(" | ".join(parts).rstrip(" |") for parts in lines)


class ReadsWhatIsTyped:
    """An admin, or what stands inside one, whose forms read what is typed by ``tracker.text.typed``."""

    formfield_overrides = {
        models.DecimalField: {"form_class": NumberField, "widget": NumberField.widget},
        models.IntegerField: {"form_class": WholeField, "widget": WholeField.widget},
        models.DateField: {"form_class": DayField, "widget": DayField.widget},
        models.CharField: {"form_class": LineField, "widget": AdminTextInputWidget},
        models.TextField: {"form_class": LineField, "widget": AdminTextareaWidget(attrs={"rows": 3})},
        models.URLField: {"form_class": AddressField, "widget": AdminURLFieldWidget, "assume_scheme": "https"},
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """The field of a form for a field of the model, with its form and its limit in the help."""
        if db_field.name in LINES:
            form_class = CitationsField if db_field.name == "citations" else LinesField
            kwargs = {"form_class": form_class, "widget": AdminTextareaWidget(attrs={"rows": 4})} | kwargs
            kwargs |= {"help_text": LINES[db_field.name], "show_hidden_initial": False}
            return models.Field.formfield(db_field, **kwargs)
        if db_field.name == "state":
            kwargs |= {"widget": StateInput}
        if db_field.name == "language":
            return models.Field.formfield(db_field, form_class=LanguageField, **kwargs)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, DayField):
            field.last = db_field.name not in FROM_FIRST_DAY
            field.help_text = joined(field.help_text, DAY_HELP)
        limit = typed.LONGEST_TEXT if isinstance(db_field, models.TextField) else db_field.max_length
        if isinstance(field, LineField) and limit and limit >= LONG_LINE:
            field.help_text = joined(field.help_text, at_most(limit))
            field.widget.attrs["data-most"] = limit
        return field

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """A closed list of words is shown with what each of them means."""
        field = super().formfield_for_choice_field(db_field, request, **kwargs)
        if meanings_of(value for value, _label in field.choices):
            choices = [(value, label if value else NOT_SAID) for value, label in field.choices]
            blank = db_field.blank and not db_field.has_default()
            field.widget = DescribedChoices(choices=[pair for pair in choices if pair[0] or blank])
        return field


# Each call of lazy() makes a class, which takes longer than the words: once for all forms.
# The sentence that says how long a text may be.
at_most = lazy(lambda limit: _("%(limit)s characters at most.") % {"limit": f"{limit:,}"}, str)
# Those of some sentences that are not blank, one behind the other.
joined = lazy(lambda *sentences: " ".join(str(each) for each in sentences if each), str)
# The name of a field of a form.
_label_of = lazy(lambda form, *of: form._label(*of), str)


class LanguageField(forms.ChoiceField):
    """A language by its name; what is stored is its tag."""

    widget = LanguageSelect

    def __init__(self, *, max_length=None, **kwargs):
        super().__init__(choices=[("", NOT_SAID), *languages.choices()], **kwargs)

    def valid_value(self, value):
        """Tags with parts behind, such as pt-BR, are none of the list and stay what they are."""
        try:
            languages.language_tag(value)
        except ValidationError:
            return False
        return True


class TypedForm(forms.ModelForm):
    """A form that shows days as exactly as they are known, says what is needed, and reads what was typed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            precision = getattr(self.instance, PRECISION_OF.get(name, ""), "")
            if isinstance(field, DayField) and isinstance(value := self.initial.get(name), datetime.date):
                self.initial[name] = typed.written_day(value, precision)
            if isinstance(field, LanguageField) and (tag := self.initial.get(name)):
                field.choices = [("", NOT_SAID), *languages.choices(tag)]
            if not field.widget.is_hidden:
                self.entitle(name, field.label)

    def entitle(self, name, words):
        """Call a field by these words, and say behind them whether it must be given."""
        field = self.fields[name]
        field.called, field.label = capfirst(str(words)), _label_of(self, name, field, words)

    def _label(self, name, field, label):
        """The name of a field with whether it must be given: at once, before it is handed in, or not at all."""
        words = "%(label)s"
        if field.required:
            words = _("%(label)s (required)")
        elif name in self.needed():
            words = _("%(label)s (required to hand in)")
        elif name not in WHERE_IT_APPLIES and not isinstance(field.widget, forms.CheckboxInput):
            words = _("%(label)s (optional)")
        return words % {"label": capfirst(str(label))}

    def needed(self):
        """Names of the fields that a draft may lack, and a public row may not."""
        return PUBLISHED_WITH.get(getattr(self.instance, "what", ""), ())

    def offer_stages(self):
        """The stages of the metric's own ladder to choose from, once it is known which metric."""
        metric = self.instance.metric if self.instance.metric_id else None
        if "metric" in self.fields and (chosen := self["metric"].data if self.is_bound else self.initial.get("metric")):
            try:
                metric = self.fields["metric"].to_python(chosen)
            except ValidationError:
                metric = None
        rungs = metric.rungs if metric is not None else []
        label, chosen = self.fields["rung"].label, self.initial.get("rung")
        choices = [(rung, rung) for rung in dict.fromkeys([*rungs, *filter(None, [chosen])])]
        self.fields["rung"] = forms.ChoiceField(
            label=label,
            choices=choices,
            widget=forms.RadioSelect if rungs else forms.Select,
            help_text="" if rungs else _("Choose a metric that is read in stages, then “Preview”: they come."),
        )

    def unit(self):
        """The unit of the numbers of this form; ``None`` where it is not known."""
        metric = self.cleaned_data.get("metric") or getattr(self.instance, "metric", None)
        return metric.unit if metric is not None else self.cleaned_data.get("unit")

    def clean(self):
        """A percent sign stands where the unit is percent, and the precision of a day is that of what was typed."""
        data = super().clean()
        for name, field in self.fields.items():
            if type(field) is NumberField and "%" in str(self[name].data).translate(typed.ALIKE):
                self._require_percent(name)
        return data

    def _require_percent(self, name):
        change = self.cleaned_data.get("rule") == "change"
        if not change and str(self.unit() or "").casefold() not in ("percent", "%"):
            sentence = _("A percent sign, and the unit here is %(unit)s.")
            self.add_error(name, sentence % {"unit": self.unit() or _("not known to be percent")})

    def _post_clean(self):
        for name, field in self.fields.items():
            precision = PRECISION_OF.get(name)
            if isinstance(field, DayField) and precision and precision not in self.fields and name in self.cleaned_data:
                setattr(self.instance, precision, field.precision or ("day" if self.cleaned_data[name] else ""))
        super()._post_clean()

    def read_as(self):
        """Sentences on days that were typed otherwise than fields name them: how each was read."""
        fields = (field for field in self.fields.values() if isinstance(field, DayField))
        return [field.read_as for field in fields if field.read_as and not self.errors]
