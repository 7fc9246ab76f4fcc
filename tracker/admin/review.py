"""Review: one row with all that a second person needs to decide on it, or many with what each of them does."""

from bisect import bisect

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.actions.doubts import doubts
from tracker.actions.errors import noted
from tracker.actions.people import stand_in_for
from tracker.actions.progress import give_back, publish, why_not
from tracker.charts.picture import picture
from tracker.models import Assessment, Deed, State, TrailEntry, Update
from tracker.snapshot.cache import read_snapshot

from .beside import bears_on
from .preview import brought, effects, mended, on_record, shown
from .publishing import page_of_many
from .saving import as_shown, version_read

PROMISES = 4  # that a review shows beside a row about a metric that more of them share


def waiting_for(user):
    """Kind and number of what waits for review and this person may decide on, oldest first."""
    accounts = (user.pk, *stand_in_for(user))
    waiting = (model.objects.open_to(*accounts).order_by("pk") for model in (Update, Assessment))
    return [(row._meta.model_name, row.pk) for rows in waiting for row in rows.only("pk")]


def _in_turn(each):
    """By what the queue is in order: updates before findings, the oldest first."""
    kind, pk = each
    return kind != Update._meta.model_name, pk


def around(queue, record):
    """Addresses of the rows before and after one in the queue, and its place there."""
    own = (record._meta.model_name, record.pk)
    others = [each for each in queue if each != own]
    at = bisect(others, _in_turn(own), key=_in_turn)
    before, after = others[at - 1] if at else None, others[at] if at < len(others) else None
    places = {"place": at + 1 if own in queue else None, "waiting": len(queue)}
    beside = {"before": before, "after": after}
    return places | {
        name: each and reverse(f"admin:tracker_{each[0]}_review", args=[each[1]]) for name, each in beside.items()
    }


def about_it(record):
    """The promises that a row bears on, its metric, the picture of its series, and what is on record."""
    snapshot = read_snapshot()
    metric, promises = bears_on(snapshot, record)
    first = promises[0] if promises else None
    plan = snapshot.plans[first.plan] if first else None
    return {
        "snapshot": snapshot,
        "promises": promises[:PROMISES],
        "more_promises": len(promises) - PROMISES,
        "metric": metric,
        "series": picture(snapshot, plan, first.code) if plan and metric and metric.shape == "number" else None,
        "commitment": first,
        "plan": plan,
        "last": on_record(record),
    }


def people_of(record):
    """Who wrote, changed and handed in a row, and when, for its reviewers."""
    deeds = {each.deed: each for each in TrailEntry.objects.of(record).order_by("at", "pk")}
    names = get_user_model().objects.in_bulk(record.contributor_ids - {record.author_id})
    return {
        "author": record.author,
        "others": sorted(person.username for person in names.values()),
        "handed_in": deeds.get(Deed.SUBMITTED),
        "drafted": deeds.get(Deed.DRAFTED),
        "edited": deeds.get(Deed.EDITED),
    }


class ReviewMixin:
    """The review page of a row, and the way from a list to the page on which many are published."""

    def review_view(self, request, pk):
        """Read a submitted row beside what is public now, and publish or return it."""
        record = self._record(request, pk, self.has_view_permission(request))
        note, problems = request.POST.get("note", ""), []
        if request.method == "POST":
            if not self.has_publish_permission(request):
                raise PermissionDenied
            with noted(problems):
                return self._decide(request, record, note)
            record.refresh_from_db()
        reviews = self.has_publish_permission(request)
        return self._step_page(
            *(request, "review", record, _("Review")),
            kind=str(getattr(record, "get_what_display", lambda: record._meta.verbose_name)()),
            about_what=getattr(record.about, "name", None) or getattr(record.about, "title", None) or str(record.about),
            rows=shown(record),
            mended=mended(record),
            effects=() if record.state == State.PUBLISHED else effects(record),
            evidence=record.evidence.select_related("source__publisher"),
            brought=brought(record),
            people=people_of(record),
            doubts=doubts(record) if record.state != State.PUBLISHED else (),
            note=note,
            problems=problems,
            open=record.state == State.SUBMITTED and reviews,
            why_not=why_not(record=record, by=request.user),
            steps=self.steps_of(request, record),
            queue=around(waiting_for(request.user), record) if reviews else None,
            **about_it(record),
        )

    def _decide(self, request, record, note):
        """Decide on what was read: where the row has changed since it was shown, nothing happens but a sentence."""
        seen, after = version_read(request), around(waiting_for(request.user), record)["after"]
        if "_return" in request.POST:
            give_back(record=record, by=request.user, note=note, version=seen)
            self.message_user(request, _("Returned to its author with your note."), messages.SUCCESS)
        else:
            entry = publish(record=record, by=request.user, version=seen).entry_id
            self.message_user(request, _("Published as log entry %(entry)s.") % {"entry": entry}, messages.SUCCESS)
        return HttpResponseRedirect(after or reverse("desk"))

    @admin.action(description=gettext_lazy("Publish what was handed in"), permissions=["publish"])
    def publish_selected(self, request, queryset):
        """Show what each of the rows ticked says and does; the page that shows it publishes."""
        rows = queryset.select_related("author", "origin").order_by("pk")
        return page_of_many(request, as_shown(request, rows))
