"""How a form of the registry is saved: additions at once, changes as a rearrangement or as a drafted amendment."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models, transaction
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.actions.changes import amend
from tracker.actions.errors import Conflict, NotAllowed
from tracker.actions.registry import rearrange, register
from tracker.models import Category, DeadlineBasis, Plan
from tracker.schema import plain_row, table_of
from tracker.uploads import storage

REFUSED = (Conflict, NotAllowed, ValidationError)


def sentences(error):
    """What an action refused, as sentences for people."""
    return error.messages if isinstance(error, ValidationError) else [str(error)]


class ActionForm(forms.ModelForm):
    """A form whose save may still be refused by an action: the words come back with the reason."""

    request = None  # set on the subclass that the admin makes for each request

    def add_error(self, field, error):
        """Beside the field where the form has it, else above: a record may object to what the form does not show."""
        if field is None and hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                super().add_error(name if name in self.fields else None, errors)
        else:
            super().add_error(field, error)

    def _post_clean(self):
        super()._post_clean()
        if refused := getattr(self.request, "refused", None):
            self.add_error(None, refused if isinstance(refused, ValidationError) else str(refused))


class Undeletable:
    """An admin in which nothing is deleted."""

    def has_delete_permission(self, request, obj=None):
        return False


class ToRead(Undeletable):
    """An admin in which everything is to read."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


def counted(path, description):
    """A column of a list that counts what leads to each row, such as its promises."""

    @admin.display(description=description, ordering="n")
    def column(_admin, obj):
        return obj.n

    column.counts = path
    return column


class ActionAdmin(Undeletable, admin.ModelAdmin):
    """Saving goes through actions, what they refuse is shown on the form, and nothing is deleted."""

    show_facets = admin.ShowFacets.ALWAYS
    list_per_page = 50

    def get_ordering(self, request):
        """Named outright, because counting beside a list drops the model's own."""
        return self.ordering or self.model._meta.ordering

    def get_queryset(self, request):
        """With the number that the list shows, if it shows one."""
        rows = super().get_queryset(request)
        paths = [getattr(getattr(self, str(name), None), "counts", None) for name in self.list_display]
        return rows.annotate(n=Count(*filter(None, paths))) if any(paths) else rows

    def get_autocomplete_fields(self, request):
        return [f.name for f in self.model._meta.get_fields() if f.is_relation and not f.auto_created]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"request": request})

    def get_changeform_initial_data(self, request):
        """What the address fills in; a reference that leads nowhere is left out."""
        initial = {}
        for name, value in super().get_changeform_initial_data(request).items():
            try:
                field = self.model._meta.get_field(name)
            except FieldDoesNotExist:
                continue
            if isinstance(field, models.ForeignKey | models.ManyToManyField):
                record = record_named(field.related_model, value if isinstance(value, str) else ",".join(value))
                value = record.pk if record is not None and isinstance(field, models.ForeignKey) else None
            if value is not None:
                initial[name] = value
        return initial

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST":  # to read, no transaction: on SQLite it takes the lock of whoever writes
            try:
                with storage.all_or_none(), transaction.atomic():
                    return super().changeform_view(request, object_id, form_url, extra_context)
            except REFUSED as error:
                request.refused = error
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        """Nothing yet: record and relations are saved together in ``save_related``, with their log entry."""


def record_named(model, text):
    """The record that an address names by its number, its code, or the codes of plan and record; ``None`` for none."""
    rows, names = model._default_manager.all(), {field.name for field in model._meta.fields}
    if text.isascii() and text.isdigit() and len(text) < 18:
        return rows.filter(pk=int(text)).first()
    if "/" in text and "plan" in names:
        plan, code = text.split("/", 1)
        return rows.filter(plan__code=plan, code=code).first()
    matches = rows.filter(code=text)[:2] if "code" in names else ()
    return matches[0] if len(matches) == 1 else None


def contradictions(record):
    """Raise ``ValidationError`` by field for what other records say against these values.

    Asked at the form alone: a seed folder changes many records in a row, and may pass through such a state on its way.
    """
    if isinstance(record, Plan) and record.pk:
        implied = record.commitments.exclude(deadline_basis=DeadlineBasis.STATED)
        if implied.exclude(deadline=record.ends_on).exists():
            raise ValidationError({"ends_on": _("Commitments without a stated deadline end on the plan's last day.")})
    if isinstance(record, Category) and record.pk and record.children.filter(order__lte=record.order).exists():
        raise ValidationError({"order": _("A category stands before its sections in the plan.")})


class RegistryForm(ActionForm):
    """A record of the registry. Where it changes by amendment, a change has a reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Why it changes; public, with the old and the new value. Needed for any change."),
    )

    def clean(self):
        for name in ("rungs", "other_figures"):
            if name in self.fields and self.cleaned_data.get(name, "") is None:
                self.cleaned_data[name] = []
        return super().clean()

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        try:
            contradictions(self.instance)
        except ValidationError as error:
            self.add_error(None, error)
        if self.instance.pk and table_of(self.instance).amended and self.changes() and not self.cleaned_data["reason"]:
            self.add_error("reason", _("Say why it changes."))

    def relations(self):
        """The set of each many-to-many field by name."""
        return {f.name: self.cleaned_data[f.name] for f in self._meta.model._meta.many_to_many if f.name in self.fields}

    def changes(self):
        """New values by field, as a seed row has them; ``order`` is added where the table does not carry it."""
        old = type(self.instance).objects.get(pk=self.instance.pk)
        was, now = plain_row(old), plain_row(self.instance, relations=self.relations())
        changed = {name: value for name, value in now.items() if was[name] != value}
        if not table_of(self.instance).amended and getattr(old, "order", 0) != getattr(self.instance, "order", 0):
            changed["order"] = self.instance.order
        return changed


class RegistryAdmin(ActionAdmin):
    """Codes stay what they were; adding registers, changing amends or rearranges."""

    form = RegistryForm
    save_on_top = True
    list_select_related = ()
    search_fields = ["code", "title"]

    @property
    def amended(self):
        return table_of(self.model()).amended

    def get_list_select_related(self, request):
        """What the list names, and the plan, with which a row is named and found."""
        fields = [f for f in self.model._meta.concrete_fields if f.name in ("plan", *self.list_display)]
        return [*self.list_select_related, *(f.name for f in fields if f.is_relation)]

    def get_readonly_fields(self, request, obj=None):
        """A code is part of addresses and citations: it is given once. So is a place among amended records."""
        fields = super().get_readonly_fields(request, obj)
        permanent = ["code", "plan", "order"] if self.amended else ["code", "plan"]
        return [*fields, *(name for name in permanent if hasattr(obj, name))] if obj else fields

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        reasoned = obj is not None and self.amended and self.has_change_permission(request, obj)
        return [*fieldsets, (_("Why it changes"), {"fields": ["reason"]})] if reasoned else fieldsets

    def view_on_site(self, obj):
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def save_related(self, request, form, formsets, change):
        record, relations, by = form.instance, form.relations(), request.user
        if not change:
            register(record=record, by=by, relations=relations)
        elif not (changes := form.changes()):
            request.unchanged = True
        elif self.amended:
            old = type(record).objects.get(pk=record.pk)
            request.amendment = amend(record=old, changes=changes, reason=form.cleaned_data["reason"], by=by)
        else:
            rearrange(record=record, by=by, relations=relations)

    def log_change(self, request, obj, message):
        return None if hasattr(request, "unchanged") else super().log_change(request, obj, message)

    def response_change(self, request, obj):
        if hasattr(request, "unchanged"):
            self.message_user(request, _("Nothing was changed."))
            return HttpResponseRedirect(reverse(f"admin:tracker_{obj._meta.model_name}_changelist"))
        if self.amended:
            address = reverse("admin:tracker_update_change", args=[request.amendment.pk])
            sentence = _("The change is drafted as an amendment; nothing is public until a second person publishes it.")
            link = format_html('<a href="{}">{}</a>', address, _("Open the amendment"))
            self.message_user(request, format_html("{} {}", sentence, link), messages.SUCCESS)
            return HttpResponseRedirect(address)
        return super().response_change(request, obj)

    @admin.display(description=gettext_lazy("public page"))
    def public(self, obj):
        return format_html('<a href="{}">{}</a>', obj.get_absolute_url(), _("open"))
