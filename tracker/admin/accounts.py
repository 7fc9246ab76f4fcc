"""Staff accounts: who they are, and what an administrator does of each. An account is closed, never deleted.

Only a superuser sees superusers; one is made in the shell. Everything goes through ``tracker.actions``.
"""

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from tracker.actions import people, signing_in
from tracker.actions.errors import REFUSED, NotAllowed, sentences
from tracker.models import StaffAccount, TrailEntry
from tracker.models.roles import CHECKER, COMPILER, role_of
from tracker.people import mail
from tracker.people.account import LATELY, facts_of
from tracker.people.forms import ROLES, DetailsForm, InvitationForm, RoleForm

from .saving import ToRead, Undeletable

User = get_user_model()
# The pages of the packages show secrets, and change them without a word in the trail.
for model in (User, Group, StaticDevice, TOTPDevice):
    admin.site.unregister(model)


@admin.register(User)
class StaffAdmin(Undeletable, admin.ModelAdmin):
    """The list of accounts; each has a page of its own, on which things are done to it one by one."""

    list_display = ["name", "username", "role", "last_login", "factor", "state"]
    list_display_links = ["name", "username"]
    list_filter = ["groups", "is_active"]
    search_fields = ["username", "first_name", "email"]
    ordering = ["username"]
    actions = None
    change_list_template = "people/change_list.html"

    def get_queryset(self, request):
        factors = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        users = super().get_queryset(request).exclude(username__in=[COMPILER, CHECKER]).prefetch_related("groups")
        users = users.annotate(has_factor=Exists(factors))
        return users if request.user.is_superuser else users.filter(is_superuser=False)

    def changelist_view(self, request, extra_context=None):
        self.locked = {lock.username for lock in signing_in.locks()}
        return super().changelist_view(request, {"title": _("Accounts"), **(extra_context or {})})

    def get_urls(self):
        locks = path("locks/", self.admin_site.admin_view(self.locks_view), name="auth_user_locks")
        return [locks, *super().get_urls()]

    @admin.display(description=gettext_lazy("name"), ordering="first_name")
    def name(self, obj):
        return obj.first_name or "–"

    @admin.display(description=gettext_lazy("role"))
    def role(self, obj):
        if obj.is_superuser:
            return _("Superuser")
        return ", ".join(str(ROLES[group.name][0]) for group in obj.groups.all() if group.name in ROLES) or _("none")

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def factor(self, obj):
        return obj.has_factor

    @admin.display(description=gettext_lazy("state"))
    def state(self, obj):
        if not obj.is_active:
            return _("closed")
        if obj.username in self.locked:
            return _("locked")
        return _("open") if obj.has_usable_password() else _("invited")

    def add_view(self, request, form_url="", extra_context=None):
        """Invite somebody: the account is made, and the link to it mailed or handed over."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = InvitationForm(request.POST or None)
        if form.is_valid():
            try:
                return self._linked(request, people.invite(**form.cleaned_data, by=request.user))
            except REFUSED as refusal:
                _explain(form, refusal)
        context = {"title": _("Invite somebody"), "form": form, "mail": settings.MAIL}
        return render(request, "people/invite.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The page of a person."""
        user = self.get_object(request, object_id)
        if user is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, user):
            raise PermissionDenied
        deed = request.POST.get("what")
        forms = self._forms(user, {deed: request.POST})
        if request.method == "POST":
            if not people.may_manage(user=user, by=request.user):
                raise PermissionDenied
            form = forms.get(deed)
            try:
                if form is None or form.is_valid():
                    return self._done(request, user, deed, form.cleaned_data if form else {})
            except REFUSED as refusal:
                if form is None:
                    messages.error(request, str(refusal))
                    return redirect("admin:auth_user_change", user.pk)
                _explain(form, refusal)
        return render(request, "people/person.html", self._shown(request, user, forms))

    def _forms(self, user, sent):
        """The forms on the page of a person, by name; ``sent`` has what was sent to one of them."""
        return {
            "details": DetailsForm(sent.get("details"), initial={"name": user.first_name, "email": user.email}),
            "role": RoleForm(sent.get("role"), initial={"role": role_of(user)}),
        }

    def _done(self, request, user, deed, values):
        """Do one thing to an account; the answer."""
        if deed == "link":
            return self._linked(request, user)
        deeds = {
            "details": (people.change_details, _("The name and the address are saved.")),
            "role": (people.change_role, _("The role is changed.")),
            "close": (people.close, _("The account is closed, and its sessions have ended.")),
            "reopen": (people.reopen, _("The account is open again.")),
            "sessions": (people.end_sessions, _("All sessions have ended.")),
            "met": (people.confirm_person, _("That you met this person is noted in the trail.")),
            "factor": (
                signing_in.reset_factor,
                _("The second factor is taken away; another is set up at the next sign-in."),
            ),
            "unlock": (signing_in.unlock, _("The lock is open.")),
        }
        if deed not in deeds:
            raise NotAllowed(_("This is nothing that can be done to an account."))
        action, sentence = deeds[deed]
        action(user=user, by=request.user, **values)
        messages.success(request, sentence)
        return redirect("admin:auth_user_change", user.pk)

    def _linked(self, request, user):
        """The page of a person with a link to hand over, which is shown this once; one is mailed where that is set."""
        token = people.make_link(user=user, by=request.user, mailed=False)
        mailed = settings.MAIL and bool(user.email)
        if mailed:
            mail.send_link.enqueue(user.pk, request.user.pk)
        link = {"link": mail.address_of(token), "mailed": mailed}
        return render(request, "people/person.html", self._shown(request, user, self._forms(user, {})) | link)

    def _shown(self, request, user, forms):
        """What the page of a person shows."""
        facts = facts_of(user)
        return facts | {
            "title": user.first_name or user.get_username(),
            "person": user,
            "account": StaffAccount.objects.select_related("made_by").filter(user=user).first(),
            "address": reverse("admin:auth_user_change", args=[user.pk]),
            "forms": forms,
            "may_change": people.may_manage(user=user, by=request.user),
            "own": user == request.user,
            "waiting": not user.has_usable_password(),
            "may_meet": bool(facts["vouched"]) and request.user.pk not in people.stand_in_for(user),
            "locks": signing_in.locks(user.get_username()),
            "trail": TrailEntry.objects.filter(kind="user", row=user.pk).select_related("by")[: 2 * LATELY],
        }

    def locks_view(self, request):
        """Every name that is locked now, and for whom."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        visible = dict(self.get_queryset(request).values_list("username", "pk"))
        hidden = set(User.objects.exclude(pk__in=visible.values()).values_list("username", flat=True))
        rows = [(lock, visible.get(lock.username)) for lock in signing_in.locks() if lock.username not in hidden]
        return render(request, "people/locks.html", {"title": _("Locked names"), "rows": rows})


def _explain(form, refusal):
    """Say in the form why an action refused, beside the field where there is one."""
    by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {None: sentences(refusal)}
    for field, words in by_field.items():
        name = "name" if field == "first_name" else field
        form.add_error(name if name in form.fields else None, words)


@admin.register(Group)
class RoleAdmin(ToRead, admin.ModelAdmin):
    """The roles and what each may do, to read: they are set by migration."""

    list_display = ["name"]
    fields = ["name", "permissions"]
