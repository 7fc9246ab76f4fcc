"""What pages of staff show everywhere: how much waits, and who works on what stands beside a form."""

from django import template
from django.utils.functional import SimpleLazyObject

from tracker.desk import rows
from tracker.desk.messages import unread_of
from tracker.desk.people import Work, may_see
from tracker.desk.preparations import waiting_for
from tracker.desk.reports import count_waiting
from tracker.snapshot.cache import read_snapshot

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting(context):
    """How many rows wait for whoever looks, and how many came back: two questions, asked once for a page.

    ``None`` for those who see no rows.
    """
    request = context["request"]
    if not hasattr(request, "rows_waiting"):
        user = request.user
        ways = [way for way in rows.ways_of(user) if way in ("review", "returned")]
        request.rows_waiting = rows.counts(user, ways) if may_see(user) else None
    return request.rows_waiting


@register.simple_tag(takes_context=True)
def preparing(context):
    """How many preparations wait for whoever looks: one question, asked once for a page; ``None``: sees none of it."""
    request = context["request"]
    if not hasattr(request, "preparations_waiting"):
        request.preparations_waiting = waiting_for(request.user).count() if may_see(request.user) else None
    return request.preparations_waiting


@register.simple_tag(takes_context=True)
def unread(context):
    """How many messages the person has not read: one question, asked once for a page."""
    request = context["request"]
    if not hasattr(request, "messages_unread"):
        request.messages_unread = unread_of(request.user).count()
    return request.messages_unread


@register.simple_tag(takes_context=True)
def reports_waiting(context):
    """How many reports of readers nobody has looked at: one question, asked once for a page."""
    request = context["request"]
    if not hasattr(request, "reports_waiting"):
        request.reports_waiting = count_waiting(request.user)
    return request.reports_waiting


@register.simple_tag(takes_context=True)
def assignment_of(context, about):
    """Who has a promise, a metric or a right, given as a record of the models or a public one; ``None`` for nobody.

    All assignments are read once for a page.
    """
    request = context["request"]
    if not hasattr(request, "work"):
        request.work = SimpleLazyObject(lambda: Work.read(request.user))
    return request.work.of_record(read_snapshot(), about)
