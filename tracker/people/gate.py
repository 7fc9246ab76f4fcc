"""Staff pages are closed to whoever has signed in without the second factor that the account needs."""

import logging

from axes.models import AccessAttempt
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_login_failed
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from tracker.models.roles import needs_factor
from tracker.serving.middleware import client_address, staff_paths

FACTOR = "factor"  # in a session: the sign-in took the second factor
logger = logging.getLogger("tracker.signin")


def is_half(request, user):
    """Whether somebody has signed in, but without the second factor that the account needs."""
    return user.is_authenticated and FACTOR not in request.session and needs_factor(user)


def with_second_factor(get_response):
    """Lead whoever still needs a factor to where it is set up; to every other page she is a stranger until then."""

    def middleware(request):
        if request.path.startswith(staff_paths()):
            open_to_her = (reverse("factor-setup"), reverse("admin:logout"), reverse("admin:login"))
            if is_half(request, request.user) and request.path not in open_to_her:
                return HttpResponseRedirect(reverse("factor-setup"))
        else:
            # Asked when a page asks for it, and not before: public pages read no session.
            whole = request.user
            request.user = SimpleLazyObject(lambda: AnonymousUser() if is_half(request, whole) else whole)
        return get_response(request)

    return middleware


@receiver(pre_save, sender=AccessAttempt, dispatch_uid="tracker.attempt")
def keep_no_words_of_an_attempt(instance, **_more):
    """What was sent with a failed sign-in is not kept, and would grow with each: name, address and number suffice."""
    instance.get_data = instance.post_data = ""


@receiver(user_login_failed, dispatch_uid="tracker.signin")
def say_who_was_refused(sender, credentials, request=None, **_more):
    """One line for each refusal, which names no password: what fail2ban and its like read."""
    address = client_address(request) if request is not None else "-"
    name = str(credentials.get("username", ""))[:150]
    logger.warning("refused from %s as %r", address, name)
