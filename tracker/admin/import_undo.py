"""How an import is undone: as a whole, or what is left of it once something of it is public."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tracker.actions.drafts import discard_rest, may_discard
from tracker.actions.imports import drafts_of, undo
from tracker.text import typed

from .once import REFUSED
from .publishing import mark_of
from .saving import named, sentences, version_of


class UndoesImports:
    """The two ways, for the admin that imports."""

    @method_decorator(require_POST)
    def undo_view(self, request, code):
        """Throw all drafts of an import away, as long as nothing of it is public."""
        batch = self._batch(request, code)
        try:
            count = undo(batch=batch, by=request.user)
        except REFUSED as error:
            return self._rows_page(request, batch, sentences(error))
        sentence = ngettext("%(n)s draft is thrown away.", "%(n)s drafts are thrown away.", count)
        self.message_user(request, sentence % {"n": count}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:tracker_update_import"))

    def rest_view(self, request, code):
        """Show the drafts of an import that are not public, and throw them away once that is confirmed."""
        batch = self._batch(request, code)
        if request.method == "POST":
            seen = {}
            for name in request.POST:
                mark, kind, number = (*name.split("-"), "", "")[:3]
                if mark == "seen" and (pk := typed.whole(number, longest=15)) is not None:
                    seen[kind, pk] = version_of(request, name)
            count = discard_rest(batch=batch.code, by=request.user, seen=seen)
            sentence = ngettext("%(n)s draft is thrown away.", "%(n)s drafts are thrown away.", count)
            self.message_user(request, sentence % {"n": count}, messages.SUCCESS if count else messages.WARNING)
            return self._to(batch)
        drafts = [row for row in drafts_of(batch) if may_discard(record=row, by=request.user)]
        title = ngettext("Discard the other %(n)s draft", "Discard the other %(n)s drafts", len(drafts))
        lines = [{"row": row, "name": named(row), "seen": f"seen-{mark_of(row)}"} for row in drafts]
        return self._render(request, "discard", {"title": title % {"n": len(drafts)}, "lines": lines})
