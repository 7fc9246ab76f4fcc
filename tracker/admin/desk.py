"""What the desk shows to staff: rows on their way, figures that should have appeared, and where accounts disagree."""

import datetime
from dataclasses import dataclass

from django.urls import reverse

from tracker.models import Assessment, State, Update
from tracker.standalone.assess import add_months

KEPT, NOT_KEPT = {"kept"}, {"not_kept"}
MOST = 60  # rows of a list


@dataclass(frozen=True)
class Overdue:
    """A number whose figure for a period should have appeared: which period, since when, and what is on record."""

    metric: object
    commitments: tuple
    period: datetime.date
    since: datetime.date
    last: object


def _rows(condition):
    """Updates and assessments that meet a condition, newest change first."""
    found = [
        *condition(Update.objects.select_related("metric", "commitment", "author")),
        *condition(Assessment.objects.select_related("commitment", "category", "author", "origin")),
    ]
    return [_with_address(row) for row in sorted(found, key=lambda row: (row._meta.model_name, -row.pk))]


def _with_address(row):
    """A row with what it is about and the page on which it goes on."""
    step = "review" if row.state == State.SUBMITTED else "change"
    about = row.commitment or getattr(row, "metric", None) or getattr(row, "category", None) or ""
    return {
        "row": row,
        "about": about,
        "address": reverse(f"admin:tracker_{row._meta.model_name}_{step}", args=[row.pk]),
    }


def drafts_of(user):
    """Drafts that somebody began."""
    return _rows(lambda rows: rows.filter(state=State.DRAFT, author=user))


def returned_to(user):
    """What reviewers gave back to somebody, with their notes."""
    return _rows(lambda rows: rows.filter(state=State.RETURNED, author=user))


def waiting_for(user):
    """What others handed in for review."""
    return _rows(lambda rows: rows.filter(state=State.SUBMITTED).exclude(author=user).exclude(edited_by=user))


def _expected(metric, commitments, plan_starts, on):
    """The newest period's end for which a figure should have appeared by a day; ``None`` where none should."""
    lag = metric.lag_months or 0
    latest = max(c.deadline for c in commitments)
    for year in range(min(on.year, latest.year), plan_starts.year - 1, -1):
        end = min(datetime.date(year, 12, 31), latest)
        if end.year == year and add_months(end, lag) < on:
            return end
    return None


def overdue(snapshot):
    """Numbers that somebody promised and whose newest figure is older than its usual lag allows, longest first."""
    starts = {plan.code: plan.starts_on for plan in snapshot.plans.values()}
    found = []
    for code, metric in snapshot.metrics.items():
        commitments = tuple(snapshot.by_metric[code])
        if metric.shape != "number" or not commitments:
            continue
        end = _expected(metric, commitments, min(starts[c.plan] for c in commitments), snapshot.on)
        values = [u for u in snapshot.updates.get(code, ()) if u.what == "value" and u.fits in ("same", "near")]
        last = max(values, key=lambda u: u.as_of, default=None)
        if end is not None and (last is None or last.as_of.year < end.year):
            found.append(Overdue(metric, commitments, end, add_months(end, metric.lag_months or 0), last))
    return sorted(found, key=lambda each: (each.since, each.metric.name))


def disagreements(snapshot):
    """Commitments on which this site and others say the opposite, or whose sources differ."""
    found = []
    for plan in snapshot.plans.values():
        for c in plan.commitments.values():
            others = {c.un_says, c.independent_says}
            against = (c.group == "kept" and others & NOT_KEPT) or (c.group == "not_kept" and others & KEPT)
            if against or c.missing == "sources_disagree" or "sources_differ" in c.flags:
                found.append(c)
    return found
