"""Signing in: name and password, then the second factor; a link that sets a password; a new one by mail."""

import time
from datetime import timedelta

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tracker.actions.errors import NotAllowed
from tracker.actions.people import asking, has_factor, link_of, use_link
from tracker.actions.signing_in import signed_in, verify
from tracker.serving import limits
from tracker.serving.middleware import client_address

from . import mail
from .forms import AddressForm, CodeForm, OwnPasswordForm, SignInForm
from .gate import FACTOR

WAITING, PATIENCE = "waiting", 10 * 60  # seconds between the password and the code
either = require_http_methods(["GET", "HEAD", "POST"])


class SignIn(LoginView):
    """The first page of staff: name and password."""

    template_name = "people/sign_in.html"
    authentication_form = SignInForm
    extra_context = {"title": gettext_lazy("Sign in")}

    def get(self, request, *arguments, **more):
        if request.user.is_active and request.user.is_staff:
            return HttpResponseRedirect(self.get_success_url())
        return super().get(request, *arguments, **more)

    def get_redirect_url(self):
        """Where the person wanted to go; the list of tables is nobody's aim, and the desk is where a day begins."""
        address = super().get_redirect_url()
        return "" if address == reverse("admin:index") else address

    def form_valid(self, form):
        return go_on(self.request, form.get_user(), self.get_success_url())


def go_on(request, user, address):
    """After the password: ask for the second factor where there is one, else open the door."""
    if not has_factor(user):
        return enter(request, user, address)
    about = {"user": user.pk, "password": user.get_session_auth_hash(), "at": int(time.time()), "next": address}
    request.session[WAITING] = about
    return redirect("sign-in-code")


def enter(request, user, address, *, by_factor=False):
    """Sign somebody in, for as long as the settings say and no longer, however busy she is."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    now = timezone.now()
    request.session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    request.session.pop(WAITING, None)
    agent = request.META.get("HTTP_USER_AGENT", "")[:200]
    request.session["entered"] = {"at": now.isoformat(), "address": client_address(request), "agent": agent}
    if by_factor:
        request.session[FACTOR] = True
    signed_in(user=user)
    return HttpResponseRedirect(address)


def _who_waits(request):
    """Whoever has given the right password some minutes ago, and where she wanted to go."""
    waiting = request.session.get(WAITING) or {}
    user = get_user_model().objects.filter(pk=waiting.get("user"), is_active=True, is_staff=True).first()
    late = not 0 <= time.time() - waiting.get("at", 0) <= PATIENCE
    if user is None or late or not constant_time_compare(waiting["password"], user.get_session_auth_hash()):
        return None, ""
    return user, waiting["next"]


@either
@never_cache
@sensitive_post_parameters()
def code(request):
    """The second factor, after the password: a code of the authenticator or one of the recovery codes."""
    user, address = _who_waits(request)
    if user is None:
        messages.info(request, _("It took too long, or your password has changed: sign in once more."))
        return redirect("admin:login")
    credentials = {"username": user.get_username()}
    if not AxesProxyHandler.is_allowed(request, credentials):
        return get_lockout_response(request, credentials=credentials)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            if verify(user=user, code=form.cleaned_data["code"]):
                return enter(request, user, address, by_factor=True)
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            sentence = _("This code is not right, or was used already. The authenticator gives another in 30 seconds.")
            form.add_error("code", sentence)
        except NotAllowed as refusal:
            form.add_error("code", str(refusal))
    return render(request, "people/code.html", {"title": _("Second factor"), "form": form})


@either
@never_cache
@sensitive_post_parameters()
def link(request, token):
    """Somebody who was invited, or has forgotten her password, sets her own."""
    opened = link_of(token)
    if opened is None:
        return render(request, "people/link_over.html", {"title": _("This link opens nothing")}, status=410)
    form = OwnPasswordForm(opened.user, request.POST or None)
    if form.is_valid():
        try:
            user = use_link(token=token, password=form.cleaned_data["new_password1"])
        except NotAllowed:
            return render(request, "people/link_over.html", {"title": _("This link opens nothing")}, status=410)
        return go_on(request, user, resolve_url("desk"))
    return render(request, "people/link.html", {"title": _("Set your password"), "form": form, "link": opened})


@either
@never_cache
def forgotten(request):
    """A link to a new password, by mail: the answer is the same whether or not the address is one of ours."""
    form, sent = AddressForm(request.POST or None), False
    if settings.MAIL and form.is_valid():
        if not limits.spend("MAIL", client_address(request)):
            for user in asking(form.cleaned_data["email"]):
                mail.send_link.enqueue(user.pk)
        sent = True
    context = {"title": _("Forgotten password"), "form": form, "sent": sent, "mail": settings.MAIL}
    return render(request, "people/forgotten.html", context)
