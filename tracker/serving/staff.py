"""Pages of the staff: who may open them, by which methods, and that no cache keeps them."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

READ, PRESS = ("GET", "HEAD"), ("POST",)
FORM = READ + PRESS


def staff_page(methods: tuple[str, ...], permission: str = "") -> Callable[[Callable[..., Any]], Any]:
    """A view for those on the staff, or for those of them who have a permission; kept by no cache."""

    def decorated(view: Callable[..., Any]) -> Any:
        if permission:
            view = permission_required(permission, raise_exception=True)(view)
        return require_http_methods(methods)(never_cache(staff_member_required(view, login_url="admin:login")))

    return decorated
