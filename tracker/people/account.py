"""One's own account: name and address, password, second factor, recovery codes, and where one is signed in."""

import datetime

import segno
from axes.models import AccessLog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.forms import Form
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from tracker.actions import people, signing_in
from tracker.actions.errors import REFUSED, NotAllowed, sentences
from tracker.models.roles import needs_factor, role_of
from tracker.serving.staff import FORM, staff_page

from .forms import ROLES, CodeForm, DetailsForm, OwnPasswordForm, proof
from .gate import FACTOR

LATELY = 10  # sign-ins that are listed


BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")


def browser_of(agent):
    """A browser and its system as their owner calls them; what says neither, as it stands."""
    name = next((name for sign, name in BROWSERS.items() if sign in agent), "")
    system = next((system for system in SYSTEMS if system in agent), "")
    return ", ".join(filter(None, [name, system])) or agent[:60]


def signed_in_at(user, session_key):
    """Where somebody is signed in now, the newest first: since when, from where, by which browser."""
    rows = []
    for session, content in people.sessions_of(user):
        entered = content.get("entered") or {}
        since = datetime.datetime.fromisoformat(entered["at"]) if "at" in entered else None
        row = {"since": since, "until": session.expire_date, "own": session.session_key == session_key}
        rows.append(row | {"address": entered.get("address"), "browser": browser_of(entered.get("agent", ""))})
    return sorted(rows, key=lambda row: row["until"], reverse=True)


def sign_ins(user):
    """When and from where somebody signed in last."""
    rows = AccessLog.objects.filter(username=user.get_username()).order_by("-attempt_time")[:LATELY]
    return [{"at": row.attempt_time, "address": row.ip_address, "browser": browser_of(row.user_agent)} for row in rows]


def facts_of(user, session_key=None):
    """What an account's own page and that of an administrator say of it."""
    return {
        "role": ROLES.get(role_of(user), (role_of(user), ""))[0],
        "factor": people.has_factor(user),
        "needed": needs_factor(user),
        "sessions": signed_in_at(user, session_key),
        "sign_ins": sign_ins(user),
        "days": settings.SIGNIN_DAYS,
        "vouched": people.vouched_by(user),
    }


@staff_page(FORM)
@sensitive_post_parameters()
def account(request):
    """What somebody sees and changes of her own account."""
    user, deed = request.user, request.POST.get("what")
    post_by_deed = {deed: request.POST}
    known = {"name": user.first_name, "email": user.email}
    forms = {
        "details": DetailsForm(post_by_deed.get("details"), initial=known, auto_id="details_%s"),
        "password": OwnPasswordForm(user, post_by_deed.get("password"), auto_id="password_%s"),
        "codes": Form(post_by_deed.get("codes"), auto_id="codes_%s"),
    }
    forms = {name: proof(form, user) for name, form in forms.items()}
    form = forms.get(deed)
    if deed == "sessions":
        people.end_sessions(user=user, by=user, but=request.session.session_key)
        messages.success(request, _("You are signed out everywhere but here."))
        return redirect("account")
    if form is not None and form.is_valid():
        try:
            return _changed(request, deed, form.cleaned_data)
        except REFUSED as refusal:
            form.add_error(None, sentences(refusal))
    return render(request, "people/account.html", _shown(request, forms))


def _changed(request, deed, values):
    """Carry out what a form of the page asks for; the answer."""
    user = request.user
    if deed == "codes":
        return _codes(request, signing_in.renew_codes(user=user))
    if deed == "password":
        key = request.session.session_key
        people.change_password(user=user, password=values["new_password1"], session_key=key)
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed, and every other session has ended."))
    else:
        people.change_details(user=user, name=values["name"], email=values["email"], by=user)
        messages.success(request, _("Your name and address are saved."))
    return redirect("account")


def _shown(request, forms):
    """What the page of one's account shows."""
    user = request.user
    facts = facts_of(user, request.session.session_key)
    codes_left = signing_in.codes_left(user) if facts["factor"] else 0
    return facts | {"title": _("My account"), "forms": forms, "codes_left": codes_left}


def _codes(request, codes):
    """The recovery codes, shown this once."""
    return render(request, "people/codes.html", {"title": _("Recovery codes"), "codes": codes})


@staff_page(FORM)
@sensitive_post_parameters()
def factor(request):
    """Set the second factor up, or another in its place: then the password is asked for too."""
    user, other = request.user, people.has_factor(request.user)
    if other and FACTOR not in request.session:
        logout(request)  # set up elsewhere in the meantime: it is asked for
        return redirect("admin:login")
    device = signing_in.begin_factor(user=user)
    form = CodeForm(request.POST or None)
    if other:
        proof(form, user)
    if form.is_valid():
        try:
            code, key = "".join(form.cleaned_data["code"].split()), request.session.session_key
            if codes := signing_in.confirm_factor(user=user, code=code, session_key=key):
                request.session[FACTOR] = True
                return _codes(request, codes)
            sentence = _(
                "The authenticator would have given another code: check the clock of your phone, and try its next."
            )
            form.add_error("code", sentence)
        except NotAllowed as refusal:
            form.add_error("code", str(refusal))
    secret = device.config_url.partition("secret=")[2].partition("&")[0]
    context = {
        "title": _("Set up the second factor"),
        "form": form,
        "other": other,
        "needed": needs_factor(user) and not other,
        "picture": segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff"),
        "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        "address": device.config_url,
    }
    return render(request, "people/factor.html", context)
