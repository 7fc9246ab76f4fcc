"""Links by mail: written outside the request, so that nobody waits for a mail server or learns from its time."""

import logging
import smtplib

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tasks import task

from tracker.actions.people import make_link

logger = logging.getLogger(__name__)


def address_of(token):
    """The whole address of a link: at the site as the settings name it, whatever a request calls it."""
    return settings.SITE_URL + reverse("staff-link", args=[token])


@task
def send_link(user_pk, by_pk=None):
    """Mail somebody a link by which she sets her password. Drawn here, so that no queue holds what it says."""
    users = get_user_model().objects
    user, by = users.get(pk=user_pk), users.filter(pk=by_pk).first()
    invited = not user.has_usable_password()
    token = make_link(user=user, by=by, mailed=True)
    context = {"user": user, "by": by, "invited": invited, "link": address_of(token), "site": settings.SITE_URL}
    subject = _("Your account at %(site)s") if invited else _("A new password for %(site)s")
    subject %= {"site": settings.SITE_URL.split("://", 1)[1]}
    try:
        send_mail(subject, render_to_string("people/link_mail.txt", context), None, [user.email])
    except (smtplib.SMTPException, OSError) as error:  # its words name her address, and a task keeps them in a table
        logger.error("A link could not be mailed (%s).", type(error).__name__)
