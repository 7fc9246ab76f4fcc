"""What is drawn in forms of staff where Django's own says too little, or takes too long."""

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join

from tracker.actions.names_of_states import offered
from tracker.wording.meanings import meanings_of


class DescribedChoices(forms.RadioSelect):
    """A list to choose from in which each choice has a line that says what it means (``tracker.wording.meanings``)."""

    def optgroups(self, name, value, attrs=None):
        """Nothing said is no choice where one must be made."""
        groups = super().optgroups(name, value, attrs)
        return [group for group in groups if group[1][0]["value"]] if attrs and attrs.get("required") else groups

    def create_option(self, name, value, label, *args, **kwargs):
        meanings = meanings_of(value for value, _label in self.choices)
        if meaning := meanings.get(str(value)):
            label = format_html('{} <span class="help">{}</span>', label, meaning)
        return super().create_option(name, value, label, *args, **kwargs)


class StateInput(AdminTextInputWidget):
    """A line that offers the names of States; another one may be typed."""

    def render(self, name, value, attrs=None, renderer=None):
        box = super().render(name, value, {"list": f"states-{name}", **(attrs or {})}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((state,) for state in offered()))
        return format_html('{}<datalist id="states-{}">{}</datalist>', box, name, options)


class LanguageSelect(forms.Select):
    """A list of 188 languages, written at once: a template for each option took a third of the time of a form."""

    def render(self, name, value, attrs=None, renderer=None):
        """The element of HTML, with the language of ``value`` chosen."""
        chosen = self.format_value(value)
        options = ((tag, flatatt({"selected": True}) if tag in chosen else "", label) for tag, label in self.choices)
        written = format_html_join("", '<option value="{}"{}>{}</option>', options)
        return format_html(
            "<select{}>{}</select>", flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})})), written
        )
