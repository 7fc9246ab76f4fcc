"""What the desk shows to staff: rows on their way, figures that should have appeared, and where accounts disagree."""

import datetime
from dataclasses import dataclass

from django.contrib import admin
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.models import Assessment, State, Update
from tracker.pages.disagreements import differences
from tracker.records.registry import CommitmentRecord, MetricRecord, UpdateRecord
from tracker.snapshot.cache import read_snapshot
from tracker.standalone.assess import add_months

MOST = 60  # rows of a list


@require_safe
@never_cache
@staff_member_required(login_url="admin:login")
@permission_required("tracker.view_commitment", raise_exception=True)
def desk(request):
    """What waits for somebody on the staff, and what is missing from the record."""
    user, snapshot = request.user, read_snapshot()
    context = {**admin.site.each_context(request), "title": _("Desk"), "most": MOST}
    context |= {"overdue": overdue(snapshot), "disagreements": disagreements(snapshot)}
    if user.has_perm("tracker.view_update"):
        context["lists"] = {
            "drafts": _rows(Q(state=State.DRAFT, author=user)),
            "returned": _rows(Q(state=State.RETURNED, author=user)),
            "waiting": _rows(Q(state=State.SUBMITTED) & ~Q(author=user) & ~Q(edited_by=user)),
        }
    return render(request, "tracker/desk.html", context)


def _rows(condition):
    """Updates and assessments that meet a condition, newest first, each with the page on which it goes on."""
    findings = Assessment.objects.select_related("commitment", "category", "author", "origin")
    updates = Update.objects.select_related("metric", "commitment", "author")
    rows = [*findings.filter(condition).order_by("-pk"), *updates.filter(condition).order_by("-pk")]
    return [{"row": row, "about": row.about or "", "address": _address(row)} for row in rows]


def _address(row):
    step = "review" if row.state == State.SUBMITTED else "change"
    return reverse(f"admin:tracker_{row._meta.model_name}_{step}", args=[row.pk])


@dataclass(frozen=True)
class Overdue:
    """A number whose figure for a period should have appeared: which period, since when, and what is on record."""

    metric: MetricRecord
    commitments: tuple[CommitmentRecord, ...]
    period: datetime.date
    since: datetime.date
    last: UpdateRecord | None


def overdue(snapshot):
    """Numbers that somebody promised and whose newest figure is older than its usual lag allows, longest first."""
    starts = {plan.code: plan.starts_on for plan in snapshot.plans.values()}
    late = []
    for code, metric in snapshot.metrics.items():
        commitments = tuple(snapshot.by_metric[code])
        if metric.shape != "number" or not commitments:
            continue
        end = _expected(metric, commitments, min(starts[c.plan] for c in commitments), snapshot.on)
        values = [u for u in snapshot.updates.get(code, ()) if u.what == "value" and u.fits in ("same", "near")]
        last = max(values, key=lambda u: u.as_of, default=None)
        if end is not None and (last is None or last.as_of.year < end.year):
            late.append(Overdue(metric, commitments, end, add_months(end, metric.lag_months or 0), last))
    return sorted(late, key=lambda each: (each.since, each.metric.name))


def _expected(metric, commitments, plan_starts, on):
    """The newest period's end for which a figure should have appeared by a day; ``None`` where none should."""
    lag = metric.lag_months or 0
    latest = max(c.deadline for c in commitments)
    for year in range(min(on.year, latest.year), plan_starts.year - 1, -1):
        end = min(datetime.date(year, 12, 31), latest)
        if end.year == year and add_months(end, lag) < on:
            return end
    return None


def disagreements(snapshot):
    """The commitments of all plans whose accounts differ, as each plan's public page has them."""
    plans = snapshot.plans.values()
    return [c for plan in plans for c in plan.commitments.values() if differences(plan, c, snapshot.on)]
