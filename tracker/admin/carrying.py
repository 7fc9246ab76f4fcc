"""What comes between a form of the staff and its view: the session is gone, the token is old, the text cannot be read.

Text of somebody who is signed in is kept for that person. Text that comes without a session is not stored: it travels
in the page of the sign-in, signed, and is kept once its person has signed in.
"""

import contextlib
import secrets
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import Error
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tracker.actions import unsaved
from tracker.models import UnsavedForm
from tracker.people.forms import SignInForm
from tracker.people.sign_in import WAITING
from tracker.serving.disk import AGAIN, no_room
from tracker.serving.middleware import has_null, is_away, staff_paths

from .unsaved import (
    CARRIED,
    FORM_KEY,
    address_of,
    back_to,
    clock,
    covers,
    forget_sent,
    form_of,
    keep_sent,
    new_form,
    restores_itself,
    typed_in,
)

MOST_CARRIED = 400_000  # characters that a page of the sign-in carries


def _is_of_staff(request):
    """Whether an address is one that staff work at."""
    return request.path.startswith(staff_paths())


class KeepsText:
    """Between a form and its view: the session is gone, the text cannot be read, something fails."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        sent = request.method == "POST" and _is_of_staff(request)  # elsewhere what is sent is not read
        response = self.get_response(request)
        if hasattr(request, "opens_a_form"):
            # Not stored for others, but the browser may bring the form back as it was when one goes back to it.
            response.headers["Cache-Control"] = "private, no-cache, max-age=0"
        if sent:
            if CARRIED in request.POST or request.path == reverse("sign-in-code"):
                carry_on(request)
            elif response.status_code >= 500 and covers(request.path) and is_staff(request):
                with contextlib.suppress(Error):  # the database takes nothing at all now
                    keep_sent(request)
            elif response.status_code == 302 and covers(request.path):
                forget_sent(request)
        return response

    def process_view(self, request, _view, _args, _kwargs):
        if request.method != "POST" or not _is_of_staff(request):
            return None
        staff = is_staff(request)
        if has_null(request.POST):
            row = keep_sent(request) if staff and covers(request.path) else None
            if row is not None and restores_itself(row.address):
                sentence = _("A null character, which nobody sees, is taken out. Nothing was saved yet.")
                messages.warning(request, sentence)
                return HttpResponseRedirect(back_to(row))
            raise BadRequest(_("A field has a null character in it; take it out and try again."))
        if not staff and not request.user.is_authenticated and covers(request.path) and _is_text(request):
            return sign_in_page(request, _("You are signed out, and nothing was saved yet."))
        return None

    def process_exception(self, request, exception):
        """Where a disk is full or the database goes away, what was sent comes back in the page that says so.

        So it does, later, where a right went while its person was typing.
        """
        if isinstance(exception, PermissionDenied) and self._keeps_what_was_sent(request):
            sentence = _("This page is for staff with another role. What you typed is kept until you may again.")
            return render(request, "403.html", {"sentence": sentence}, status=403)
        sentence = no_room(exception)
        if is_away(exception) and not sentence:
            sentence = _("The record of this site does not answer just now. Nothing was lost.")
        if request.method != "POST" or not _is_of_staff(request) or not sentence:
            return None
        context = {"sentence": sentence, "form_key": request.POST.get(FORM_KEY, ""), "files": bool(request.FILES)}
        if covers(request.path):
            context |= _typed_and_pressed(typed_in(request.POST))
        response = render(request, "admin/tracker/not_saved.html", context, status=503)
        response.headers["Retry-After"] = AGAIN
        patch_cache_control(response, private=True, no_store=True)
        return response

    def _keeps_what_was_sent(self, request):
        ours = request.method == "POST" and restores_itself(request.path) and is_staff(request)
        return ours and covers(request.path) and keep_sent(request)


def _typed_and_pressed(fields):
    """What was typed into a form and which of its buttons was pressed, for a page from which both are sent again."""
    pairs = [(name, each) for name, values in fields.items() for each in values]
    pressed = [pair for pair in pairs if pair[0].startswith("_")]
    return {"shown": [pair for pair in pairs if pair not in pressed], "pressed": pressed}


def is_staff(request):
    """Whether somebody of the staff is signed in."""
    return request.user.is_active and request.user.is_staff


def _is_text(request):
    """Whether a page of this site sent text: only such a one has its token or the key of a form."""
    ours = form_of(request)[1] or "csrfmiddlewaretoken" in request.POST
    typed = typed_in(request.POST) if ours else {}
    return any(each.strip() for name, values in typed.items() if not name.startswith("_") for each in values)


def sign_in_page(request, sentence):
    """The sign-in in the place of an answer: it says why, and carries the text to the form."""
    carried = request.POST.get(CARRIED) or _packed(request)
    context = {"title": _("Sign in"), "form": SignInForm(request), "carried": carried, "why": sentence}
    context["next"] = request.POST.get("next") or _following(carried)
    response = render(request, "people/sign_in.html", context, status=403)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _following(carried):
    """Where somebody goes on who signs in on a page that carries a text."""
    address = _unpacked(carried).get("address")
    if not address:
        return reverse("admin:index")
    return address if restores_itself(address) else reverse("unsaved")


def _packed(request):
    owner, key = form_of(request)
    address = address_of(request.get_full_path())
    content = {"by": owner, "key": key, "address": address, "typed": typed_in(request.POST)}
    packed = signing.dumps(content, salt=CARRIED, compress=True)
    return packed if len(packed) <= MOST_CARRIED else ""


def _unpacked(carried):
    """What a page of the sign-in carried; nothing for what is not ours."""
    try:
        return signing.loads(carried, salt=CARRIED)
    except (signing.BadSignature, ValueError):
        return {}


def carry_on(request):
    """Take what a page carried through the sign-in: to its person, or over the step of the second factor."""
    if request.user.is_authenticated:
        take_over(request, request.POST.get(CARRIED) or request.session.pop(CARRIED, ""))
    elif CARRIED in request.POST and WAITING in request.session:
        request.session[CARRIED] = request.POST[CARRIED]


def take_over(request, text):
    """Keep the text that came with a sign-in for the person who typed it, and say so."""
    if not (carried := _unpacked(text)):
        return
    owner = carried["by"] or request.user.pk
    person = get_user_model().objects.filter(pk=owner).first()
    if person is None:
        return
    key = carried["key"] or secrets.token_hex(16)
    row = unsaved.keep(by=person, key=key, address=carried["address"], typed=carried["typed"])
    if row is None:
        return
    if person.pk != request.user.pk:
        messages.warning(request, _("A colleague's text was on this page: it is kept for that person alone."))
    else:
        messages.warning(request, _("You were signed out before your text was saved. Here it is: send it again."))


def csrf_failure(request, reason=""):
    """A form whose token is of another session: its text comes back, and nothing is done that was not asked for.

    What does not come from a page of this site is refused without being read.
    """
    if not _of_this_site(request, reason):
        sentence = _("This form did not come from a page of this site: nothing of it was read.")
        return render(request, "403.html", {"sentence": sentence}, status=403)
    if request.path == reverse("unsaved"):
        return _keep(request)
    if request.path == reverse("admin:login"):
        if not request.user.is_authenticated:
            return sign_in_page(request, _("That page was open for too long: sign in once more."))
        following = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(following, {request.get_host()}, request.is_secure())
        return HttpResponseRedirect(following if safe else reverse("admin:index"))  # ``take_over`` keeps the text
    if covers(request.path) and not request.user.is_authenticated:
        return sign_in_page(request, _("You are signed out, and nothing was saved yet."))
    if covers(request.path) and is_staff(request) and (row := keep_sent(request)):
        sentence = _("You signed in anew since this form was opened, so nothing was saved yet. Your text is here.")
        messages.warning(request, sentence)
        return HttpResponseRedirect(back_to(row))
    sentence = _("This page was open for too long: open it again. Nothing was changed.")
    return render(request, "403.html", {"sentence": sentence}, status=403)


def _of_this_site(request, reason):
    """Whether a browser says that a form comes from a page of this site."""
    if reason.startswith(("Origin checking", "Referer checking")):
        return False
    if origin := request.headers.get("Origin"):
        return origin == f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


@never_cache
def keep_view(request):
    """A draft keeps itself while it is written: theirs alone, and no row of anything. Asked for, the newest of them."""
    if request.method == "POST":
        return _keep(request)
    rows = UnsavedForm.objects.filter(person=request.user.pk, became="").order_by("-at")
    row = rows.first() if is_staff(request) else None
    return HttpResponseRedirect(back_to(row) if row else reverse("desk"))


def _keep(request):
    if not is_staff(request):
        return JsonResponse({"signed_out": True}, status=403)
    owner, key = form_of(request)
    address = address_of(request.POST.get("_address", ""))
    if owner != request.user.pk or not covers(urlsplit(address).path):
        return JsonResponse({"sentence": _("This form was opened by somebody else.")}, status=409)
    row = unsaved.keep(by=request.user, key=key, address=address, typed=typed_in(request.POST))
    token = get_token(request)
    if row is None:
        saved = UnsavedForm.objects.filter(key=key, person=request.user).exclude(became="").first()
        sentence = _("This form was saved already.") if saved else _("This is too much to keep: save it.")
        return JsonResponse({"sentence": sentence, "became": saved.became if saved else "", "token": token})
    return JsonResponse({"sentence": _("Kept at %(time)s.") % {"time": clock(row.at)}, "token": token})


def _own(request, pk):
    row = UnsavedForm.objects.filter(pk=pk, person=request.user, became="").first() if is_staff(request) else None
    if row is None:
        raise Http404(_("There is no such text of yours."))
    return row


@never_cache
@require_GET
def show_view(request, pk):
    """A text that was not sent, in a form of its own: to send again as it is, or to forget."""
    row = _own(request, pk)
    if restores_itself(row.address):
        return HttpResponseRedirect(row.address)
    context = {"title": _("Text that was not sent"), "row": row, "form_key": new_form(request.user, row.key)}
    context |= _typed_and_pressed(row.fields)
    return TemplateResponse(request, "admin/tracker/unsaved.html", context)


@require_POST
def discard_view(request, pk):
    """Forget a text."""
    row = _own(request, pk)
    unsaved.discard(row)
    messages.info(request, _("Your unsaved text was discarded."))
    path = urlsplit(row.address).path
    return HttpResponseRedirect(row.address if restores_itself(row.address) or path == "" else reverse("desk"))
