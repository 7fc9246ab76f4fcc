"""Staff accounts. Only a superuser sees superusers or makes one; an account is closed, never deleted."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from tracker.roles import CHECKER, COMPILER

from .saving import ToRead, Undeletable

User = get_user_model()
admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class StaffAdmin(Undeletable, UserAdmin):
    """An administrator gives roles by group; single permissions and superuser rights are not theirs to give."""

    list_display = ["username", "roles", "is_active", "is_staff", "last_login"]
    list_filter = ["groups", "is_active", "is_staff"]
    show_facets = admin.ShowFacets.ALWAYS
    filter_horizontal = ["groups"]
    readonly_fields = ["last_login", "date_joined"]

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        rights = ["is_active", "is_staff", "groups"]
        if request.user.is_superuser:
            rights.insert(2, "is_superuser")
        return [
            (None, {"fields": ["username", "password"]}),
            (_("Rights"), {"fields": rights}),
            (_("Dates"), {"fields": ["last_login", "date_joined"]}),
        ]

    def get_queryset(self, request):
        users = super().get_queryset(request).exclude(username__in=[COMPILER, CHECKER]).prefetch_related("groups")
        return users if request.user.is_superuser else users.filter(is_superuser=False)

    @admin.display(description=_("roles"))
    def roles(self, obj):
        return ", ".join(group.name for group in obj.groups.all())


@admin.register(Group)
class RoleAdmin(ToRead, admin.ModelAdmin):
    """The roles and what each may do, to read: they are set by migration."""

    list_display = ["name"]
    fields = ["name", "permissions"]
