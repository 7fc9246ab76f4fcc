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


def once_for_a_page(ask):
    """A tag for what is asked of the person who looks, once for a page however often it shows the answer."""

    def tag(context):
        request = context["request"]
        if not hasattr(request, ask.__name__):
            setattr(request, ask.__name__, ask(request.user))
        return getattr(request, ask.__name__)

    return register.simple_tag(tag, takes_context=True, name=ask.__name__)


@once_for_a_page
def waiting(user):
    """How many rows wait for whoever looks, and how many came back: two questions. ``None``: sees no rows."""
    ways = [way for way in rows.ways_of(user) if way in ("review", "returned")]
    return rows.counts(user, ways) if may_see(user) else None


@once_for_a_page
def preparing(user):
    """How many preparations wait for whoever looks; ``None``: sees none of it."""
    return waiting_for(user).count() if may_see(user) else None


@once_for_a_page
def unread(user):
    """How many messages the person has not read."""
    return unread_of(user).count()


@once_for_a_page
def reports_waiting(user):
    """How many reports of readers nobody has looked at."""
    return count_waiting(user)


@register.simple_tag(takes_context=True)
def assignment_of(context, about):
    """Who has a promise, a metric or a right, given as a record of the models or a public one; ``None`` for nobody.

    All assignments are read once for a page.
    """
    request = context["request"]
    if not hasattr(request, "work"):
        request.work = SimpleLazyObject(lambda: Work.read(request.user))
    return request.work.of_record(read_snapshot(), about)
