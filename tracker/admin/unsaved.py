"""Nothing typed is lost: whatever comes between a form of the staff and its saving, the text is there again.

Text of somebody who is signed in is kept for that person (``actions.unsaved``). Text that comes without a session is
not stored: it travels in the page of the sign-in, signed, and is kept once its person has signed in.
"""

import re
import secrets
from urllib.parse import urlencode, urlsplit

from django.core import signing
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from tracker.actions import unsaved
from tracker.actions.errors import NotAllowed
from tracker.models import UnsavedForm
from tracker.serving.middleware import staff_paths

FORM_KEY, CARRIED = "_form", "carried"
OWN = (FORM_KEY, CARRIED, "csrfmiddlewaretoken", "_address", "_restored")  # fields that are nobody's text
SECRET = re.compile(r"passw|token|otp|secret|recovery", re.IGNORECASE)
# Parameters of an address that say how a form is opened, and not which one it is.
OF_OPENING = ("_fresh", "_changelist_filters", "_popup", "_to_field")
SALT = "form of the staff"


def new_form(person, key=""):
    """What a form sends with it when it is opened: whose it is, and a key under which it is saved once."""
    return signing.dumps([person.pk, key or secrets.token_hex(16)], salt=SALT)


def form_of(request):
    """Whose form was sent and its key; ``(None, "")`` where it does not say."""
    try:
        owner, key = signing.loads(request.POST.get(FORM_KEY, ""), salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None, ""
    return owner, key


def typed_in(fields):
    """What was typed into a form: all but what is not text, and what is secret. Without null characters."""
    return {
        name.replace("\0", ""): [each.replace("\0", "") for each in values]
        for name, values in fields.lists()
        if name not in OWN and not SECRET.search(name) and "__prefix__" not in name
    }


def address_of(address):
    """The address of a form without what only says how it is opened."""
    path, _mark, query = address.partition("?")
    pairs = [(name, each) for name, values in QueryDict(query).lists() for each in values if name not in OF_OPENING]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def covers(path):
    """Whether what is sent to a path is text of the staff: not who they are, and not these addresses themselves."""
    ours = path.startswith(staff_paths())
    without = ("login", "logout", "password_change", "auth/", "unsaved/", "find/", "jsi18n")
    elsewhere = (*(reverse("admin:index") + each for each in without), reverse("account"), reverse("forgotten"))
    return ours and not path.startswith((*elsewhere, reverse("staff-link", args=["-"]).removesuffix("-/")))


def restores_itself(address):
    """Whether a form shows a kept text itself when it is opened again."""
    try:
        name = resolve(urlsplit(address).path).view_name
    except Resolver404:
        return False
    return bool(re.fullmatch(r"admin:tracker_\w+_(add|change)", name))


def back_to(row):
    """Where a kept text can be read and sent again."""
    return row.address if restores_itself(row.address) else reverse("unsaved-form", args=[row.pk])


def keep_sent(request):
    """Keep what a request has sent for whoever typed it. The kept row, or ``None``."""
    owner, key = form_of(request)
    if owner not in (None, request.user.pk):
        return None
    typed, address = typed_in(request.POST), address_of(request.get_full_path())
    if not any(each.strip() for values in typed.values() for each in values):
        return None
    request.unsaved = unsaved.keep(by=request.user, key=key or secrets.token_hex(16), address=address, typed=typed)
    return request.unsaved


def forget_sent(request):
    """Forget the kept text of a form that was sent and carried out, where the form is not one that is saved once."""
    owner, key = form_of(request)
    if key and owner == request.user.pk and not hasattr(request, "unsaved"):
        for row in UnsavedForm.objects.filter(key=key, became=""):
            unsaved.discard(row)


def kept_for(person, address):
    """Texts of a person for a form that were not saved, newest first."""
    return list(UnsavedForm.objects.filter(person=person, address=address_of(address), became="").order_by("-at"))


def keep_as_sent(request):
    """Keep what was sent to a form that was not saved by it: refused, or shown as a preview."""
    if form_of(request)[1] and not hasattr(request, "spent"):
        keep_sent(request)


def refuse_a_second_press(request):
    """Raise ``AlreadySaved`` for a form that was saved as it was sent: asked first, since it may not fit any more."""
    owner, key = form_of(request)
    row = UnsavedForm.objects.filter(key=key).exclude(became="").first() if owner == request.user.pk else None
    if row is not None and row.digest == unsaved.sealed(key, typed_in(request.POST)):
        raise unsaved.AlreadySaved(row.became, same=True)


def begin(request):
    """Claim the form that was sent, if it says which. Raises ``AlreadySaved``, and ``NotAllowed`` for a colleague's."""
    owner, key = form_of(request)
    if not key:
        return
    if owner != request.user.pk:
        request.spent = True
        sentence = _("A colleague opened this form. You are signed in as %(name)s now: save again if that is meant.")
        raise NotAllowed(sentence % {"name": request.user.get_username()})
    address, typed = address_of(request.get_full_path()), typed_in(request.POST)
    request.begun = unsaved.begin(by=request.user, key=key, address=address, typed=typed)


def restore(request, rows, *, in_form):
    """Let a form be opened with the newest of the texts that were not saved; where it is only to read, beside it."""
    request.unsaved_rows, request.in_form = rows, in_form
    if not in_form:
        return
    fields = request.POST.copy()  # read while it is still a GET, so that nothing is looked for in it later
    request.FILES  # noqa: B018 (the same)
    for name, values in rows[0].fields.items():
        if not name.startswith("_"):
            fields.setlist(name, values)
    fields["_restored"] = "1"
    request.POST, request.method = fields, "POST"


def context_of(request):
    """What a page with a form says of texts that were not saved, and the key of the form that it opens."""
    rows = getattr(request, "unsaved_rows", ())
    owner, key = form_of(request)
    again = key and owner == request.user.pk and not hasattr(request, "spent")
    request.opens_a_form = True
    return {
        "form_key": request.POST[FORM_KEY] if again else new_form(request.user, rows[0].key if rows else ""),
        "unsaved_rows": rows,
        "unsaved_in_form": getattr(request, "in_form", False),
    }


def clock(moment):
    """A moment as 14:03."""
    return time_format(timezone.localtime(moment), "H:i")
