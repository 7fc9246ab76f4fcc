"""How a form of the registry is saved: what is new in preparation, changes of what is public as an amendment."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.db import models
from django.db.models import Count
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.actions.changes import amend
from tracker.actions.doubts import NEAR_STATE, Doubtful, doubts
from tracker.actions.registry import require_own_metrics
from tracker.models import Category, Commitment, DeadlineBasis, Plan, TrailEntry, Update
from tracker.schema import plain_row
from tracker.text import typed
from tracker.wording.labels import dated_in_words

from .codes import code_for, order_for
from .fields import ReadsWhatIsTyped, TypedForm
from .finding import record_named
from .once import UNSAVING, SavedOnce
from .prepared import FilteredOnce, InPreparation
from .problems import field_of_constraint, problems_of

ASK_FIRST = gettext_lazy("Not sent yet: look at the questions, change what is wrong, and tick what you mean.")


def named(record):
    """A row by its kind and what it is about, for messages: they are kept, and must hold no words of it.

    What it is about is named as the public site has it: by title, a promise and a right with their code, and the time.
    """
    about, of_update = record.about, isinstance(record, Update)
    kind = str(record.get_what_display() if of_update else _("finding of others"))
    code = about.code if isinstance(about, Commitment | Category) else ""
    name = getattr(about, "title", "") or getattr(about, "name", "") or str(about or _("not said yet"))
    changes = record.is_amendment or (of_update and record.is_withdrawal)
    day = dated_in_words(record.as_of, record.precision, "M") if record.as_of and not changes else ""
    return f"{kind[:1].upper()}{kind[1:]}: {' '.join(filter(None, (code, name)))}{', ' * bool(day)}{day}"


def step_address(record, step="change"):
    """The address of a step of a row, such as its review."""
    return reverse(f"admin:tracker_{record._meta.model_name}_{step}", args=[record.pk])


def mark_of(record):
    """A row as a form names it among others: its kind and number."""
    return f"{record._meta.model_name}-{record.pk}"


def seen_of(record):
    """The field of a list that says which version of a row it shows."""
    return f"seen-{mark_of(record)}"


def version_of(request, field="seen_version"):
    """The version that a form says the person had before them; ``None`` for what is none."""
    return typed.whole(request.POST.get(field))


def version_read(request):
    """The version that the person had before them. Raises ``ValidationError`` where the form does not say it."""
    if (seen := version_of(request)) is None:
        raise ValidationError(_("The form does not say which version you read: open the page again."))
    return seen


def as_shown(request, rows):
    """Rows, each with the version that a list showed; ``None`` where it did not show it."""
    return [(row, version_of(request, seen_of(row))) for row in rows]


class ActionForm(TypedForm):
    """A form whose save may still be refused by an action: the words come back with the reason."""

    request = None  # set on the subclass that the admin makes for each request

    def add_error(self, field, error):
        """Beside the field where the form has it, else above: a record may object to what the form does not show."""
        if field is None and hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                for each in errors:
                    at = name if name in self.fields else field_of_constraint(self, each)
                    super().add_error(at, each)
        else:
            super().add_error(field, error)

    def is_valid(self):
        """What is not to be saved is never saved, however good the form is."""
        return super().is_valid() and not UNSAVING & self.request.POST.keys()

    def _post_clean(self):
        super()._post_clean()
        refused = getattr(self.request, "refused", None)
        if isinstance(refused, Doubtful):
            self.add_error(None, ValidationError(ASK_FIRST, code="doubts"))
        elif refused:
            self.add_error(None, refused if isinstance(refused, ValidationError) else str(refused))


class Undeletable:
    """An admin in which nothing is deleted, and lists say how many rows each choice of a filter has."""

    show_facets = admin.ShowFacets.ALWAYS

    def get_changelist(self, request, **kwargs):
        return FilteredOnce

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


class ActionAdmin(SavedOnce, ReadsWhatIsTyped, Undeletable, admin.ModelAdmin):
    """Saving goes through actions, what they refuse is shown on the form, and nothing is deleted."""

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

    def save_form(self, request, form, change):
        """Say how a day was read that was typed otherwise than the field names it."""
        for sentence in form.read_as():
            self.message_user(request, sentence)
        return super().save_form(request, form, change)

    def log_addition(self, request, obj, message):
        """Nothing: the trail notes it, without the words of a record that the admin's own history would keep."""

    log_change = log_addition

    def history_view(self, request, object_id, extra_context=None):
        """What was done to a record and by whom, from the trail of the staff; amendments of it too."""
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404(_("There is no such record."))
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        amended = record.amendments.all() if hasattr(record, "amendments") else ()
        rows = TrailEntry.objects.of(record, *amended).select_related("by")
        name = named(record) if hasattr(record, "about") else str(record)
        context = {"title": _("History"), "name": name, "rows": rows}
        return TemplateResponse(request, "admin/tracker/history.html", context)


def contradictions(record):
    """Raise ``ValidationError`` by field for what other records say against these values.

    Asked at the form alone: a seed folder changes many records in a row, and may pass through such a state on its way.
    """
    if isinstance(record, Plan) and record.pk and record.preparation_id is None:
        implied = record.commitments.exclude(deadline_basis=DeadlineBasis.STATED)
        if implied.exclude(deadline=record.ends_on).exists():
            raise ValidationError({"ends_on": _("Commitments without a stated deadline end on the plan's last day.")})


class RegistryForm(ActionForm):
    """A record of the registry: in preparation it is written at once, public it changes by amendment, with a reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Why it changes; public, with the old and the new value. Needed for any change."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & {"code", "order"}:
            self.fields[name].required = False
        if "code" in self.fields and self.instance.pk is None:
            sentence = _("Part of addresses, permanent once public; blank: it follows from the rest.")
            self.fields["code"].help_text = sentence
        if "test" in self.fields and (self.instance.pk is None or self.instance.preparation_id):
            self.fields["test"].required = False  # it may wait until the plan is handed in

    def clean(self):
        """A code and a place that are blank follow from the rest."""
        data = super().clean() or self.cleaned_data
        if "code" in self.fields and "code" not in self.errors and not data.get("code"):
            data["code"] = code_for(self._meta.model, data) or self.instance.code
            if not data["code"]:
                self.add_error("code", self.fields["code"].error_messages["required"])
        if "order" in self.fields and "order" not in self.errors and data.get("order") is None:
            data["order"] = self.instance.order if self.instance.pk else order_for(self._meta.model, data)
        return data

    def _get_validation_exclusions(self):
        """A test may wait, and then it is not asked for; everything else of a record is."""
        waits = "test" in self.fields and not self.fields["test"].required and not self.cleaned_data.get("test")
        return super()._get_validation_exclusions() | ({"test"} if waits else set())

    def _post_clean(self):
        self.instance.preparation = self.instance.preparation or getattr(self.request, "preparation", None)
        super()._post_clean()
        if self.errors:
            return
        try:
            contradictions(self.instance)
            require_own_metrics(self.instance, self.relations())
        except ValidationError as error:
            self.add_error(None, error)
        public = self.instance.pk and self.instance.preparation_id is None
        if public and self.changes() and not self.cleaned_data["reason"]:
            self.add_error("reason", _("Say why it changes."))
        self.doubts = doubts(self.instance)
        if self.instance.pk is not None:
            renamed = "state" in self.fields and "state" in self.changes()
            self.doubts = [doubt for doubt in self.doubts if renamed and doubt.key.startswith(NEAR_STATE)]
        if {doubt.key for doubt in self.doubts} - set(self.request.POST.getlist("meant")):
            self.add_error(None, ValidationError(ASK_FIRST, code="doubts"))

    def relations(self):
        """The set of each many-to-many field by name."""
        return {f.name: self.cleaned_data[f.name] for f in self._meta.model._meta.many_to_many if f.name in self.fields}

    def changes(self):
        """New values by field, as a seed row has them."""
        old = type(self.instance).everything.get(pk=self.instance.pk)
        was, now = plain_row(old), plain_row(self.instance, relations=self.relations())
        return {name: value for name, value in now.items() if was[name] != value}


class RegistryAdmin(InPreparation, ActionAdmin):
    """What is added is in preparation; codes of what is public stay what they were, and changing it amends."""

    form = RegistryForm
    change_form_template = "admin/tracker/registry_form.html"
    save_on_top = True
    list_select_related = ()
    search_fields = ["code", "title"]

    def get_list_select_related(self, request):
        """What the list names, and the plan, with which a row is named and found."""
        fields = [f for f in self.model._meta.concrete_fields if f.name in ("plan", *self.list_display)]
        return [*self.list_select_related, *(f.name for f in fields if f.is_relation)]

    def get_readonly_fields(self, request, obj=None):
        """A code is part of addresses and citations: it is given once. So is a place in the order of the text."""
        fields = super().get_readonly_fields(request, obj)
        if obj is None or obj.preparation_id is not None:
            return fields
        return [*fields, *(name for name in ("code", "plan", "order") if hasattr(obj, name))]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        reasoned = obj is not None and obj.preparation_id is None and self.has_change_permission(request, obj)
        return [*fieldsets, (_("Why it changes"), {"fields": ["reason"]})] if reasoned else fieldsets

    def view_on_site(self, obj):
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") and obj.preparation_id is None else None

    def render_change_form(self, request, context, *args, **kwargs):
        """With what is asked before a record is registered, and which of it was answered."""
        context["doubts"] = getattr(context["adminform"].form, "doubts", ())
        context["problems"] = [each for each in problems_of(context["adminform"].form) if each.at]
        context["meant"] = request.POST.getlist("meant")
        context["preparation"] = getattr(request, "preparation", None)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request, form, formsets, change):
        if self.write(request, form, change):
            return
        if changes := form.changes():
            old, reason = type(form.instance).everything.get(pk=form.instance.pk), form.cleaned_data["reason"]
            request.amendment = amend(record=old, changes=changes, reason=reason, by=request.user)
        else:
            request.unchanged = True

    def response_change(self, request, obj):
        if obj.preparation_id is not None:
            return self.back(request, obj, _("“%(named)s” is changed."))
        if hasattr(request, "unchanged"):
            self.message_user(request, _("Nothing was changed."))
            return HttpResponseRedirect(reverse(f"admin:tracker_{obj._meta.model_name}_changelist"))
        address = reverse("admin:tracker_update_change", args=[request.amendment.pk])
        sentence = _("The change is drafted as an amendment; nothing is public until a second person publishes it.")
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(address)

    @admin.display(description=gettext_lazy("public page"))
    def public(self, obj):
        waits = obj.preparation_id is not None
        address = reverse("desk-preparation", args=[obj.preparation_id]) if waits else obj.get_absolute_url()
        return format_html('<a href="{}">{}</a>', address, _("in preparation") if waits else _("open"))
