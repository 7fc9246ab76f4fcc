"""The steps of a row on its way to the public, as object actions and in bulk: each asks for its reason, and says no."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tracker.actions.changes import correct, open_successor, withdraw
from tracker.actions.drafts import discard, may_discard, take_back
from tracker.actions.errors import REFUSED, NotAllowed, noted, sentences
from tracker.actions.progress import submit
from tracker.actions.redaction import ask_redaction, waiting_request, what_goes
from tracker.models import State
from tracker.models.roles import may_publish

from .publishing import done_to_each
from .review import ReviewMixin
from .saving import as_shown, named, seen_of, step_address, version_read

# For each step that replaces or empties a published row: its title, what it does, and the words of its button.
REASONED = {
    "correct": (
        gettext_lazy("Correct a published record"),
        gettext_lazy("A draft is made that replaces what is public. Both stay readable, with your reason."),
        gettext_lazy("Draft the correction"),
    ),
    "withdraw": (
        gettext_lazy("Withdraw a published record"),
        gettext_lazy(
            "A draft of a withdrawal is made. Once it is published the row stays readable and no longer counts."
        ),
        gettext_lazy("Draft the withdrawal"),
    ),
    "redact": (
        gettext_lazy("Ask for a redaction"),
        gettext_lazy(
            "For people's safety only. Nothing changes in public until a second reviewer has looked at what goes and "
            "confirms it: where somebody is in danger, tell one now. The reason is public then: it must not repeat "
            "what is taken away."
        ),
        gettext_lazy("Ask a second reviewer"),
    ),
}


class StepsMixin(ReviewMixin):
    """Submit, take back, discard, correct, withdraw and ask for a redaction, for an admin of drafts."""

    actions = ["submit_selected", "publish_selected", "discard_selected"]

    def get_urls(self):
        """One address for each step of a row."""
        name = f"tracker_{self.model._meta.model_name}"
        steps = {"submit": require_POST(self.submit_view), "take_back": require_POST(self.take_back_view)}
        steps |= {"review": self.review_view, "discard": self.discard_view}
        steps |= {step: self._reasoned_view(step) for step in REASONED}
        wrap = self.admin_site.admin_view
        own = [path(f"<int:pk>/{step}/", wrap(view), name=f"{name}_{step}") for step, view in steps.items()]
        return own + super().get_urls()

    def has_publish_permission(self, request, obj=None):
        return may_publish(request.user)

    def steps_of(self, request, record):
        """Addresses of what this person can do with a row as it stands."""
        published, user = record.state == State.PUBLISHED, request.user
        replacing = record.is_amendment or record.is_withdrawal
        replaceable = published and not replacing and self.has_add_permission(request)
        theirs = user.pk in (record.author_id, record.submitted_by_id)
        newer = type(record).objects.published().filter(replaces=record).first() if published else None
        replaceable = replaceable and newer is None
        names = {
            "review": record.state == State.SUBMITTED,
            "take_back": record.state == State.SUBMITTED and theirs,
            "discard": may_discard(record=record, by=user),
            "correct": replaceable,
            "withdraw": replaceable,
            "redact": published and not record.redacted_by_id and self.has_publish_permission(request),
            "history": True,
        }
        steps = {step: step_address(record, step) for step, can in names.items() if can}
        return steps | ({"newer": step_address(newer)} if newer is not None else {})

    def action_checkbox(self, obj):
        """The box that chooses a row, and beside it, unseen, which version of the row the list shows."""
        version = format_html('<input type="hidden" name="{}" value="{}">', seen_of(obj), obj.version)
        return super().action_checkbox(obj) + version

    def _record(self, request, pk, allowed):
        if not allowed:
            raise PermissionDenied
        record = self.get_queryset(request).filter(pk=pk).first()
        if record is None:
            raise Http404(_("There is no such record."))
        return record

    def _step_page(self, request, name, record, title, **more):
        context = {"record": record, "title": title, "name": named(record), **more}
        return TemplateResponse(request, f"admin/tracker/{name}.html", context)

    def submit_view(self, request, pk):
        """Hand a draft to review; where it lacks something the page says so, and it stays a draft."""
        action = partial(submit, meant=request.POST.getlist("meant"))
        return self._step(request, pk, action, _("Handed in for review."))

    def take_back_view(self, request, pk):
        """Make a draft again of what was handed in, for its author or whoever did that."""
        return self._step(request, pk, take_back, _("It is a draft again."))

    def _step(self, request, pk, action, done):
        record = self._record(request, pk, self.has_change_permission(request))
        try:
            action(record=record, by=request.user, version=version_read(request))
        except REFUSED as error:
            for sentence in sentences(error, record):
                self.message_user(request, sentence, messages.ERROR)
        else:
            self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(step_address(record))

    def discard_view(self, request, pk):
        """Ask once, then take a draft away for good."""
        record = self._record(request, pk, self.has_change_permission(request))
        problems = []
        if request.method == "POST":
            with noted(problems):
                discard(record=record, by=request.user, version=version_read(request))
                self.message_user(request, _("Discarded."), messages.SUCCESS)
                return HttpResponseRedirect(reverse("desk"))
        lines = [{"row": record, "name": named(record), "seen": "seen_version"}]
        return self._step_page(request, "discard", record, _("Discard a draft"), lines=lines, problems=problems)

    def _reasoned_view(self, step):
        title, explanation, button = REASONED[step]

        def view(request, pk):
            may = self.has_publish_permission(request) if step == "redact" else self.has_add_permission(request)
            record = self._record(request, pk, may)
            problems, reason = [], request.POST.get("reason", "")
            if request.method == "POST":
                with noted(problems):
                    return self._replace(request, step, record, reason)
            more = {"what": explanation, "button": button, "problems": problems, "reason": reason}
            if step == "redact" and record.state == State.PUBLISHED:
                more |= {"goes": what_goes(record), "redaction": waiting_request(record)}
            elif begun := open_successor(record):
                more["begun"] = step_address(begun)
            return self._step_page(request, "reason", record, title, **more)

        return view

    def _replace(self, request, step, record, reason):
        if record.state != State.PUBLISHED:
            raise NotAllowed(_("Only what is published is corrected, withdrawn or redacted; edit the draft."))
        if step == "redact":
            redaction = ask_redaction(record=record, reason=reason, by=request.user)
            self.message_user(request, _("Asked for. Nothing is taken away until a second reviewer confirms it."))
            return HttpResponseRedirect(reverse("admin:tracker_redactionrequest_change", args=[redaction.pk]))
        if step == "correct":
            new = correct(published=record, changes={}, reason=reason, by=request.user)
            self.message_user(request, _("This is the draft of the correction: change what was wrong."))
        else:
            new = withdraw(published=record, reason=reason, by=request.user)
            self.message_user(request, _("The withdrawal is drafted: hand it in for review."))
        return HttpResponseRedirect(step_address(new))

    @admin.action(description=gettext_lazy("Hand in for review"), permissions=["change"])
    def submit_selected(self, request, queryset):
        """Submit each row by itself, as the list showed it; name those that were refused, with what they lack, and
        those that have open doubts.
        """
        self._each(request, queryset, partial(submit, meant=()), _("handed in for review"))

    @admin.action(description=gettext_lazy("Discard drafts"), permissions=["change"])
    def discard_selected(self, request, queryset):
        """Ask once for all, then discard each row by itself, as the list showed it."""
        if "confirmed" in request.POST:
            return self._each(request, queryset, discard, _("discarded"))
        rows = as_shown(request, queryset.select_related("author").order_by("pk"))
        theirs = [row for row, seen in rows if seen == row.version and may_discard(record=row, by=request.user)]
        context = {
            "title": ngettext("Discard %(n)s draft", "Discard %(n)s drafts", len(theirs)) % {"n": len(theirs)},
            "lines": [{"row": row, "name": named(row), "seen": seen_of(row)} for row in theirs],
            "bulk": True,
            "left": len(rows) - len(theirs),
        }
        return TemplateResponse(request, "admin/tracker/discard.html", context)

    def _each(self, request, queryset, action, done):
        everything = as_shown(request, queryset.order_by("pk"))
        rows = [(row, seen) for row, seen in everything if seen is not None]
        if unseen := len(everything) - len(rows):
            sentence = ngettext(
                "%(n)s record was not on the page that you saw, and is not %(done)s.",
                "%(n)s records were not on the page that you saw, and are not %(done)s.",
                unseen,
            )
            self.message_user(request, sentence % {"n": unseen, "done": done}, messages.ERROR)
        if count := len(done_to_each(request, rows, action, _("Refused:"))):
            sentence = ngettext("%(n)s record %(done)s.", "%(n)s records %(done)s.", count)
            self.message_user(request, sentence % {"n": count, "done": done}, messages.SUCCESS)
