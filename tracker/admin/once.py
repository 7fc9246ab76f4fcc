"""How a form of the staff is opened and sent: with the text that was not saved, and saved once."""

from django.contrib.admin.utils import unquote
from django.db import DatabaseError, transaction
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from tracker.actions.errors import REFUSED, NotAllowed
from tracker.actions.unsaved import AlreadySaved, end
from tracker.serving.disk import AGAIN, no_room
from tracker.uploads import storage

from . import unsaved

# Buttons of a form that save nothing, however good it is, and what brings back a text that was not saved.
UNSAVING = {"_preview", "_more", "_restored"}


class SavedOnce:
    """An admin whose forms lose no text and are saved once, in one transaction; what is refused comes back in them."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        arguments = (object_id, form_url, extra_context)
        if request.method != "POST":  # to read, no transaction: on SQLite it takes the lock of whoever writes
            return self._opened(request, *arguments)
        try:
            with storage.all_or_none(), transaction.atomic():
                unsaved.refuse_a_second_press(request)
                response = super().changeform_view(request, *arguments)
                if hasattr(request, "begun") and response.status_code == 302:
                    end(request.begun, became=response.headers["Location"])
        except AlreadySaved as error:
            if error.same:
                self.message_user(request, _("It was saved already, and is there once."))
                return HttpResponseRedirect(error.became)
            request.refused = NotAllowed(
                _("This form was saved once already. Save again if this shall be another record.")
            )
            request.spent = True
            response = super().changeform_view(request, *arguments)
        except REFUSED as error:
            request.refused = error
            response = super().changeform_view(request, *arguments)
        except (OSError, DatabaseError) as error:
            if not (sentence := no_room(error)):
                raise
            request.refused = NotAllowed(sentence)
            response = super().changeform_view(request, *arguments)
            response.status_code, response.headers["Retry-After"] = 503, AGAIN
        if response.status_code == 200:
            unsaved.keep_as_sent(request)
        return response

    def _opened(self, request, object_id, form_url, extra_context):
        """The form as it is opened: with the text that its person typed and did not save, where there is such."""
        rows = unsaved.kept_for(request.user, request.get_full_path()) if "_fresh" not in request.GET else []
        if rows:
            obj = self.get_object(request, unquote(object_id)) if object_id else None
            may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
            unsaved.restore(request, rows, in_form=may)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        finally:
            request.method = "GET"

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """With the key under which the form is saved once; a text that came back is not blamed for what it lacks."""
        form = context["adminform"].form
        if form.is_bound and request.POST.keys() & {"_restored", "_more"}:
            for each in (form, *(f for i in context["inline_admin_formsets"] for f in i.formset.forms)):
                each.errors.clear()
            context["errors"] = ()
        context |= unsaved.context_of(request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        """The form is claimed. Record and relations are saved together in ``save_related``, with their log entry."""
        unsaved.begin(request)
