"""The steps of a row on its way to the public, as object actions and in bulk: each asks for its reason, and says no."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tracker.actions.changes import correct, redact, withdraw
from tracker.actions.errors import Conflict, NotAllowed
from tracker.actions.progress import give_back, publish, submit
from tracker.models import State
from tracker.roles import may_publish

from .preview import difference, effects
from .saving import REFUSED, sentences

# For each step that replaces or empties a published row: its title, what it does, and whether reviewers alone may.
REASONED = {
    "correct": (
        gettext_lazy("Correct a published record"),
        gettext_lazy("A draft is made of a new row that replaces this one. Both stay readable, with your reason."),
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
        gettext_lazy("Redact a published record"),
        gettext_lazy(
            "For people's safety only. The text is taken away for good; numbers, place and hashes stay. "
            "The reason is public: it must not repeat what is taken away."
        ),
        gettext_lazy("Take the text away for good"),
    ),
}


def _seen(pk):
    """The field of a list that says which version of a row it shows."""
    return f"seen_version-{pk}"


def _version(request, field="seen_version"):
    """The version that a form says the person had before them; ``None`` for what is none."""
    sent = request.POST.get(field, "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else None


def _version_read(request):
    """The version that the person had before them. Raises ``ValidationError`` where the form does not say it."""
    if (seen := _version(request)) is None:
        raise ValidationError(_("The form does not say which version you read: open the page again."))
    return seen


class StepsMixin:
    """Submit, review, publish, return, correct, withdraw and redact for an admin of drafts."""

    actions = ["submit_selected", "publish_selected"]

    def get_urls(self):
        """One address for each step of a row."""
        name = f"tracker_{self.model._meta.model_name}"
        steps = {"submit": require_POST(self.submit_view), "review": self.review_view}
        steps |= {step: self._reasoned_view(step) for step in REASONED}
        wrap = self.admin_site.admin_view
        own = [path(f"<int:pk>/{step}/", wrap(view), name=f"{name}_{step}") for step, view in steps.items()]
        return own + super().get_urls()

    def has_publish_permission(self, request, obj=None):
        """Whether this person publishes, returns and redacts."""
        return may_publish(request.user)

    def address(self, step, record):
        """The address of a step of a row."""
        return reverse(f"admin:tracker_{self.model._meta.model_name}_{step}", args=[record.pk])

    def action_checkbox(self, obj):
        """The box that chooses a row, and beside it, unseen, which version of the row the list shows."""
        version = format_html('<input type="hidden" name="{}" value="{}">', _seen(obj.pk), obj.version)
        return super().action_checkbox(obj) + version

    def _record(self, request, pk, allowed):
        if not allowed:
            raise PermissionDenied
        record = self.get_queryset(request).filter(pk=pk).first()
        if record is None:
            raise Http404(_("There is no such record."))
        return record

    def _step_page(self, request, name, record, title, **more):
        about = {"opts": self.opts, "record": record, "original": record, "title": title, "subtitle": str(record)}
        context = {**self.admin_site.each_context(request), **about, **more}
        return TemplateResponse(request, f"admin/tracker/{name}.html", context)

    def submit_view(self, request, pk):
        """Hand a draft to review; where it lacks something the page says so, and it stays a draft."""
        record = self._record(request, pk, self.has_change_permission(request))
        try:
            submit(record=record, by=request.user, version=_version_read(request))
        except REFUSED as error:
            for sentence in sentences(error):
                self.message_user(request, sentence, messages.ERROR)
        else:
            self.message_user(request, _("Handed in for review."), messages.SUCCESS)
        return HttpResponseRedirect(self.address("change", record))

    def review_view(self, request, pk):
        """Read a submitted row beside what is public now, and publish or return it."""
        record = self._record(request, pk, self.has_view_permission(request))
        note, problems = request.POST.get("note", ""), []
        if request.method == "POST":
            if not self.has_publish_permission(request):
                raise PermissionDenied
            try:
                return self._decide(request, record, note)
            except REFUSED as error:
                problems = sentences(error)
                record.refresh_from_db()
        return self._step_page(
            *(request, "review", record, _("Review")),
            rows=difference(record),
            effects=() if record.state == State.PUBLISHED else effects(record),
            evidence=record.evidence.select_related("source__publisher"),
            note=note,
            problems=problems,
            open=record.state == State.SUBMITTED and self.has_publish_permission(request),
            own=request.user.pk in (record.author_id, record.edited_by_id),
        )

    def _decide(self, request, record, note):
        """Decide on what was read: where the row has changed since it was shown, nothing happens but a sentence."""
        seen = _version_read(request)
        if "_return" in request.POST:
            give_back(record=record, by=request.user, note=note, version=seen)
            self.message_user(request, _("Returned to its author with your note."), messages.SUCCESS)
        else:
            entry = publish(record=record, by=request.user, version=seen).entry_id
            self.message_user(request, _("Published as log entry %(entry)s.") % {"entry": entry}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("desk"))

    def _reasoned_view(self, step):
        title, what, button = REASONED[step]

        def view(request, pk):
            may = self.has_publish_permission(request) if step == "redact" else self.has_add_permission(request)
            record = self._record(request, pk, may)
            problems, reason = [], request.POST.get("reason", "")
            if request.method == "POST":
                try:
                    return self._replace(request, step, record, reason)
                except REFUSED as error:
                    problems = sentences(error)
            more = {"what": what, "button": button, "problems": problems, "reason": reason}
            return self._step_page(request, "reason", record, title, **more)

        return view

    def _replace(self, request, step, record, reason):
        if record.state != State.PUBLISHED:
            raise NotAllowed(_("Only what is published is corrected, withdrawn or redacted; edit the draft."))
        if step == "redact":
            entry = redact(record=record, reason=reason, by=request.user)
            self.message_user(request, _("Redacted by log entry %(entry)s.") % {"entry": entry.pk}, messages.SUCCESS)
            return HttpResponseRedirect(self.address("change", record))
        if step == "correct":
            new = correct(published=record, changes={}, reason=reason, by=request.user)
            self.message_user(request, _("This is the draft of the correction: change what was wrong."))
        else:
            new = withdraw(published=record, reason=reason, by=request.user)
            self.message_user(request, _("The withdrawal is drafted: hand it in for review."))
        return HttpResponseRedirect(self.address("change", new))

    @admin.action(description=gettext_lazy("Hand in for review"), permissions=["change"])
    def submit_selected(self, request, queryset):
        """Submit each row by itself, as the list showed it, and name those that were refused."""
        self._each(request, queryset, submit, _("handed in for review"))

    @admin.action(description=gettext_lazy("Publish what was handed in"), permissions=["publish"])
    def publish_selected(self, request, queryset):
        """Publish each row by itself, as the list showed it; four eyes hold for every one of them."""
        self._each(request, queryset, publish, _("published"))

    def _each(self, request, queryset, action, done):
        sent = {pk: _version(request, _seen(pk)) for pk in queryset.values_list("pk", flat=True)}
        seen = {pk: version for pk, version in sent.items() if version is not None}
        if unseen := len(sent) - len(seen):
            sentence = ngettext(
                "%(n)s record was not on the page that you saw, and is not %(done)s.",
                "%(n)s records were not on the page that you saw, and are not %(done)s.",
                unseen,
            )
            self.message_user(request, sentence % {"n": unseen, "done": done}, messages.ERROR)
        count = 0
        for record in queryset.filter(pk__in=seen).order_by("pk"):
            try:
                action(record=record, by=request.user, version=seen[record.pk])
                count += 1
            except REFUSED as error:
                moved = _("It has changed since the list was shown: read it again.")
                why = moved if isinstance(error, Conflict) else " ".join(sentences(error))
                sentence = _("Refused: %(record)s %(why)s") % {"record": str(record), "why": why}
                self.message_user(request, sentence, messages.ERROR)
        if count:
            sentence = ngettext("%(n)s record %(done)s.", "%(n)s records %(done)s.", count)
            self.message_user(request, sentence % {"n": count, "done": done}, messages.SUCCESS)
