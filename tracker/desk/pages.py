"""What all pages of the desk have in common: who may open them, and that no cache keeps them."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tracker.actions.people import stand_in_for
from tracker.models import Preparation
from tracker.models.roles import may_write
from tracker.text.typed import whole


def staff(view: Callable[..., Any], permission: str = "tracker.view_update") -> Any:
    """For those on the staff who have a permission, by default to see what is not public yet; kept by no cache."""
    view = permission_required(permission, raise_exception=True)(view)
    return never_cache(staff_member_required(view, login_url="admin:login"))


def form_page(view: Callable[..., Any]) -> Any:
    """A page with a form for those on the staff who see what is not public yet."""
    return require_http_methods(["GET", "HEAD", "POST"])(staff(view))


def page(view: Callable[..., Any], *, permission: str = "tracker.view_commitment", writes: bool = False) -> Any:
    """A page for those on the staff who have a permission."""
    view = staff(view, permission)
    return require_http_methods(["GET", "HEAD", "POST"])(view) if writes else require_safe(view)


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
