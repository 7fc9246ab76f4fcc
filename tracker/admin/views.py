"""Pages for staff beside the admin."""

from django.contrib import admin
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.snapshot.cache import read_snapshot

from . import desk as asked


@require_safe
@never_cache
@staff_member_required(login_url="admin:login")
@permission_required("tracker.view_commitment", raise_exception=True)
def desk(request):
    """What waits for somebody on the staff, and what is missing from the record."""
    user, snapshot = request.user, read_snapshot()
    context = {**admin.site.each_context(request), "title": _("Desk"), "most": asked.MOST}
    context |= {"overdue": asked.overdue(snapshot), "disagreements": asked.disagreements(snapshot)}
    if user.has_perm("tracker.view_update"):
        lists = {"drafts": asked.drafts_of, "returned": asked.returned_to, "waiting": asked.waiting_for}
        context["lists"] = {name: rows(user) for name, rows in lists.items()}
    return render(request, "tracker/desk.html", context)
