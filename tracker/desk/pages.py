"""What all pages of the desk have in common: who may open them, and that no cache keeps them."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tracker.actions.people import stand_in_for
from tracker.models import Preparation
from tracker.models.roles import may_write
from tracker.serving.staff import FORM, PRESS, READ, staff_page
from tracker.text.typed import whole

LOOKS = "tracker.view_commitment"  # for those who see what is public
# For those who see what is not public yet.
read_page, form_page, press = (staff_page(methods, "tracker.view_update") for methods in (READ, FORM, PRESS))


def require_writer(request: Any, preparation: Preparation) -> None:
    """Refuse whoever may not write, and what is open already."""
    if not may_write(request.user) or preparation.is_open:
        raise PermissionDenied


def accounts_of(user: User) -> tuple[int, ...]:
    """The accounts that somebody acts as: her own and those that she stands in for. Asked once a request."""
    accounts: tuple[int, ...] = getattr(user, "acts_as", None) or (user.pk, *stand_in_for(user))
    user.acts_as = accounts  # type: ignore[attr-defined] # several lists need it
    return accounts


def change_address(record: Any) -> str:
    """The address of the form in which a record is changed."""
    return reverse(f"admin:tracker_{record._meta.model_name}_change", args=[record.pk])


def version_seen(request: Any) -> int:
    """The version that the person had before them; none that there is, where the form does not say it."""
    return whole(request.POST.get("version")) or 0
