"""Forms of records that are in preparation: what they may name, and where somebody goes on after saving one."""

from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteMixin, RelatedFieldWidgetWrapper
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tracker.actions.errors import NotAllowed
from tracker.actions.opening import named_by
from tracker.actions.preparation import change, prepare, prepare_by_itself
from tracker.models import Commitment, Metric, Plan, PlanText, Preparation, Provision, Registered
from tracker.models.roles import may_write
from tracker.text import typed

KEY = "preparation"  # in the address of a form
AUTOCOMPLETE = "/autocomplete/"


def preparation_of(request, obj=None):
    """The preparation of a record, or the one that the address of a form names, as long as it is not open."""
    if obj is not None:
        return obj.preparation
    if (number := typed.whole(request.GET.get(KEY))) is None:
        return None
    preparation = Preparation.objects.filter(pk=number).first()
    return None if preparation is None or preparation.is_open else preparation


class Among(admin.RelatedFieldListFilter):
    """A filter of a list by another record, which names nothing that this person does not see."""

    def field_choices(self, field, request, model_admin):
        if request.user.has_perm("tracker.view_update"):
            return super().field_choices(field, request, model_admin)
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to={"preparation": None})


def _leads_to_registered(field):
    return field.is_relation and field.related_model is not None and issubclass(field.related_model, Registered)


class FilteredOnce(ChangeList):
    """A list whose filters are made once. Django makes all of them anew to count the choices of each."""

    _made = None

    def get_filters(self, request):
        self._made = self._made or super().get_filters(request)
        return self._made


admin.FieldListFilter.register(_leads_to_registered, Among, take_priority=True)


class InPreparation:
    """What is added is in preparation, and changes there without an amendment until it is opened."""

    def has_add_permission(self, request):
        """Whoever may write: nothing is public before a second person opens it."""
        return super().has_add_permission(request) or may_write(request.user)

    def has_change_permission(self, request, obj=None):
        if obj is not None and obj.preparation_id is not None:
            return may_write(request.user)
        return super().has_change_permission(request, obj)

    def get_queryset(self, request):
        """Without what is in preparation for those who see no drafts either."""
        rows = super().get_queryset(request)
        return rows if request.user.has_perm("tracker.view_update") else rows.public()

    def get_search_results(self, request, queryset, search_term):
        """A box of a form offers what its record may name, and nothing of another preparation."""
        if request.path.endswith(AUTOCOMPLETE):
            queryset = offered(queryset, preparation_of(request), by_itself="by-itself" in request.GET)
        return super().get_search_results(request, queryset, search_term)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        obj = self.get_object(request, object_id) if object_id else None
        request.preparation = preparation_of(request, obj)
        request.by_itself = obj is None and request.preparation is None
        return super().changeform_view(request, object_id, form_url, extra_context)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """A reference leads to public records and to those of the same preparation."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and _leads_to_registered(db_field):
            preparation, by_itself = getattr(request, "preparation", None), getattr(request, "by_itself", False)
            field.queryset = offered(field.queryset, preparation, by_itself=by_itself)
            query = {KEY: preparation.pk} if preparation is not None else {"by-itself": 1} if by_itself else {}
            widget = field.widget
            if query and isinstance(widget, RelatedFieldWidgetWrapper):
                field.widget = _Within(widget, query)
                widget = widget.widget
            if query and isinstance(widget, AutocompleteMixin):
                ask_for(widget, query)
        return field

    def get_changeform_initial_data(self, request):
        """In a plan's preparation a new record belongs to that plan, and its deadline is the plan's end."""
        initial = super().get_changeform_initial_data(request)
        preparation = getattr(request, "preparation", None)
        for field in self.model._meta.concrete_fields if preparation is not None else ():
            number = typed.whole(request.GET.get(field.name), longest=17)
            if field.many_to_one and field.name != KEY and number is not None:
                row = field.related_model.objects.offered(preparation).filter(pk=number).first()
                initial |= {field.name: row.pk} if row is not None else {}
        if preparation is not None and preparation.of_plan:
            plan = Plan.everything.filter(preparation=preparation).first()
            if plan is not None:
                initial.setdefault("plan", plan.pk)
                if self.model is Commitment:
                    initial.setdefault("deadline", plan.ends_on)
        return initial

    def write(self, request, form, change_):
        """Add or change what a form says of a record that is not public. False where the record is."""
        record, relations, by = form.instance, form.relations(), request.user
        if change_:
            if record.preparation_id is None:
                return False
            change(record=record, by=by, relations=relations)
            return True
        preparation = request.preparation or _joined(record, relations)
        if preparation is None:
            prepare_by_itself(record=record, by=by, relations=relations)
        else:
            prepare(preparation=preparation, record=record, by=by, relations=relations)
        return True

    def response_add(self, request, obj, post_url_continue=None):
        """Back to what is in preparation, or on with the next record of it."""
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        query = f"?{KEY}={obj.preparation_id}"
        if "_addanother" in request.POST:
            self.message_user(request, _("“%(named)s” is added.") % {"named": obj}, messages.SUCCESS)
            return HttpResponseRedirect(request.path + query)
        return self.back(request, obj, _("“%(named)s” is added. It is public once a second person has opened it."))

    def back(self, request, obj, sentence):
        """To the preparation of a record, with a sentence."""
        self.message_user(request, sentence % {"named": obj}, messages.SUCCESS)
        if "_continue" in request.POST:
            return HttpResponseRedirect(reverse(f"admin:tracker_{obj._meta.model_name}_change", args=[obj.pk]))
        if isinstance(obj, Commitment) and PlanText.objects.filter(plan=obj.plan_id).exists():  # on with its paragraph
            address = reverse("desk-text-paragraph", args=[obj.preparation_id, obj.provision.code])
            return HttpResponseRedirect(address)
        if address := self._paragraph_that_asked(request, obj):
            return HttpResponseRedirect(address)
        return HttpResponseRedirect(reverse("desk-preparation", args=[obj.preparation_id]))

    def _paragraph_that_asked(self, request, obj):
        """Where words of a text wait for a metric that was made for them; nothing for what was begun elsewhere."""
        code, query = request.GET.get("paragraph", ""), {"words": request.GET.get("words", ""), "metric": obj.pk}
        if not isinstance(obj, Metric) or not Provision.everything.filter(preparation=obj.preparation_id, code=code):
            return ""
        return reverse("desk-text-paragraph", args=[obj.preparation_id, code], query=query)


def ask_for(widget, query):
    """Let the box of a field ask for what belongs to this, too."""
    widget = getattr(widget, "widget", widget)  # within what stands around it
    address = widget.get_url()
    widget.get_url = partial(str, f"{address}{'&' if '?' in address else '?'}{urlencode(query)}")


def offered(queryset, preparation, *, by_itself):
    """Of a set, what a record may name: by itself also what is in preparation by itself, which it then joins."""
    if preparation is None and by_itself:
        return queryset.citable()
    return queryset.offered(preparation)


def _joined(record, relations):
    """The preparation that a new record joins, because it names something of it; ``None`` for one of its own."""
    named = {each.preparation_id: each.preparation for _name, each in named_by(record, relations)}
    named.pop(None, None)
    if len(named) > 1:
        raise NotAllowed(_("It names records of several preparations: one of those is opened first."))
    return next(iter(named.values()), None)


class _Within(RelatedFieldWidgetWrapper):
    """A box whose link for a new record leads to a form in the same preparation."""

    def __init__(self, wrapper, query):
        may = {
            f"can_{verb}_related": getattr(wrapper, f"can_{verb}_related")
            for verb in ("add", "change", "delete", "view")
        }
        super().__init__(wrapper.widget, wrapper.rel, wrapper.admin_site, **may)
        self.query = query

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["url_params"] += f"&{urlencode(self.query)}"
        return context
