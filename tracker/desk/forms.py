"""What is sent to the desk: who is to work on what, and by when."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.models import ASSIGNABLE, Assignment, Category, Commitment, Metric
from tracker.models.roles import may_publish

MODELS: dict[str, Any] = dict(zip(ASSIGNABLE, (Commitment, Metric, Category), strict=True))
MOST = 500  # things given in one go


def people_for(user: User) -> Any:
    """Those to whom somebody may give work: a reviewer to all who record, an editor to herself."""
    people = User.objects.with_perm("tracker.change_update", backend="django.contrib.auth.backends.ModelBackend")
    people = people.filter(is_staff=True).order_by("username")
    return people if may_publish(user) else people.filter(pk=user.pk)


class AssignForm(forms.Form):
    """Things chosen on a list, or one named by its code, for a person, by a day."""

    code = forms.CharField(
        label=_("Code of a promise, a right or a metric"),
        required=False,
        max_length=200,
        help_text=_("Such as I.5.4a for a promise or I.5 for all promises of a right; commas between several."),
    )
    person = forms.ModelChoiceField(
        label=_("To whom"), queryset=User.objects.none(), error_messages={"required": _("Say who is to do it.")}
    )
    due_on = forms.DateField(
        label=_("By the day"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give a day such as 2026-12-31, or none.")},
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, help_text=_("Seen by staff alone; one line.")
    )

    def __init__(self, data: Any = None, *, user: User, plans: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        self.plans = list(plans)
        person: Any = self.fields["person"]
        person.queryset = people_for(user)
        person.initial = user.pk
        self.chosen = data.getlist("what")[: MOST + 1] if data is not None else []

    def clean_due_on(self) -> datetime.date | None:
        """A day to come."""
        day: datetime.date | None = self.cleaned_data["due_on"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("That day is over."))
        return day

    def clean(self) -> dict[str, Any]:
        """Find what is named. Whatever is not there is named in a sentence."""
        cleaned: dict[str, Any] = super().clean() or {}
        things = {str(thing): thing for thing in self._chosen()}
        for code in filter(None, (part.strip() for part in cleaned.get("code", "").split(","))):
            if (thing := self._by_code(code)) is None:
                self.add_error("code", _("There is no promise, right or metric with the code “%s”.") % code)
            else:
                things[f"{thing._meta.model_name} {thing.pk}"] = thing
        if not things and not self.errors:
            self.add_error("code", _("Choose something on a list, or give its code."))
        if len(things) > MOST:
            self.add_error(None, _("At most %s in one go.") % MOST)
        return cleaned | {"things": list(things.values())}

    def _chosen(self) -> Iterable[Any]:
        """What the boxes of a list name: “commitment hrap-2021-2025/I.5.4a”."""
        by_model: dict[str, list[str]] = {}
        for each in self.chosen:
            model, _blank, code = each.partition(" ")
            if model in MODELS:
                by_model.setdefault(f"{model} {code.partition('/')[0]}", []).append(code.rpartition("/")[2])
        for key, codes in by_model.items():
            model, plan = key.split(" ")
            of_plan = {} if model == "metric" else {"plan__code": plan}
            yield from MODELS[model].objects.filter(code__in=codes, **of_plan)

    def _by_code(self, code: str) -> Any:
        plan, _slash, own = code.rpartition("/")
        for name in ("commitment", "category"):
            for each in [plan] if plan else self.plans:
                if (row := MODELS[name].objects.filter(plan__code=each, code__iexact=own).first()) is not None:
                    return row
        return None if plan else Metric.objects.filter(code__iexact=own).first()


class CloseForm(forms.Form):
    """Assignments that are done or given back."""

    closing = forms.ModelMultipleChoiceField(queryset=Assignment.objects.filter(closed_at__isnull=True))
